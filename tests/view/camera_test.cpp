#include "view/camera.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mifa::view {
namespace {

Camera looking_at(const Rect& content, double width, double height, double texel = 1) {
  Camera camera;
  camera.resize(width, height);
  camera.set_content(content, texel);
  camera.fit();
  return camera;
}

TEST(Camera, FitShowsAllOfTheContentInTheMiddle) {
  const Camera camera = looking_at({10, 20, 410, 120}, 800, 600);
  EXPECT_DOUBLE_EQ(camera.world_per_pixel(), 0.5);
  const auto low = camera.to_pixel(10, 20);
  const auto high = camera.to_pixel(410, 120);
  EXPECT_NEAR(low[0], 0, 1e-9);
  EXPECT_NEAR(high[0], 800, 1e-9);
  EXPECT_NEAR(low[1], 200, 1e-9);
  EXPECT_NEAR(high[1], 400, 1e-9);
}

TEST(Camera, FitLeavesTheMarginsFree) {
  Camera camera = looking_at({0, 0, 100, 100}, 1000, 500);
  camera.fit({10, 20, 300, 30});
  const auto low = camera.to_pixel(0, 0);
  const auto high = camera.to_pixel(100, 100);
  EXPECT_GE(low[0], 10 - 1e-9);
  EXPECT_NEAR(low[1], 20, 1e-9);
  EXPECT_LE(high[0], 700 + 1e-9);
  EXPECT_NEAR(high[1], 470, 1e-9);
}

TEST(Camera, MarginsLargerThanTheCanvasStillShowSomething) {
  Camera camera = looking_at({0, 0, 100, 100}, 200, 200);
  camera.fit({150, 150, 150, 150});
  EXPECT_TRUE(std::isfinite(camera.world_per_pixel()));
  EXPECT_GT(camera.world_per_pixel(), 0);
}

TEST(Camera, ZoomKeepsThePointUnderThePointer) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> unit(0, 1);
  Camera camera = looking_at({0, 0, 4000, 3000}, 800, 600);
  camera.look_at(2000, 1500, 1);
  for (int i = 0; i < 2000; ++i) {
    const double x = unit(random) * 800;
    const double y = unit(random) * 600;
    const auto before = camera.to_world(x, y);
    Camera zoomed = camera;
    zoomed.zoom(x, y, std::exp(unit(random) - 0.5));
    const auto middle = zoomed.center();
    // Where the limits did not have to move the picture.
    if (middle[0] > 0 && middle[0] < 4000 && middle[1] > 0 && middle[1] < 3000) {
      const auto after = zoomed.to_world(x, y);
      EXPECT_NEAR(after[0], before[0], 1e-6);
      EXPECT_NEAR(after[1], before[1], 1e-6);
    }
    camera = zoomed;
  }
}

TEST(Camera, ZoomInEndsWhereATexelFills256Pixels) {
  Camera camera = looking_at({0, 0, 400, 300}, 800, 600, 0.5);
  for (int i = 0; i < 100; ++i) camera.zoom(400, 300, 1.5);
  EXPECT_NEAR(camera.world_per_pixel(), 0.5 / 256, 1e-12);
}

TEST(Camera, ZoomOutEndsWhereTheContentCoversAQuarterOfTheCanvas) {
  Camera camera = looking_at({0, 0, 800, 600}, 800, 600);
  for (int i = 0; i < 100; ++i) camera.zoom(3, 5, 1 / 1.5);
  EXPECT_NEAR(camera.world_per_pixel(), 4, 1e-12);
}

TEST(Camera, TheContentCannotBeLost) {
  Camera camera = looking_at({100, 100, 200, 150}, 800, 600);
  camera.pan(-1e7, 1e7);
  EXPECT_DOUBLE_EQ(camera.center()[0], 200);
  EXPECT_DOUBLE_EQ(camera.center()[1], 100);
  camera.look_at(-1e300, 1e300, 1e-300);
  EXPECT_DOUBLE_EQ(camera.center()[0], 100);
  EXPECT_DOUBLE_EQ(camera.center()[1], 150);
}

TEST(Camera, NonsenseLeavesItUsable) {
  Camera camera = looking_at({0, 0, 100, 100}, 100, 100);
  const double before = camera.world_per_pixel();
  camera.zoom(50, 50, 0);
  camera.zoom(50, 50, -1);
  camera.zoom(50, 50, std::nan(""));
  EXPECT_DOUBLE_EQ(camera.world_per_pixel(), before);
  camera.look_at(50, 50, -1);
  EXPECT_DOUBLE_EQ(camera.world_per_pixel(), before);
  camera.zoom(50, 50, INFINITY);
  EXPECT_TRUE(std::isfinite(camera.center()[0]));
  camera.pan(std::nan(""), 0);
  camera.look_at(std::nan(""), 50, 1);
  EXPECT_TRUE(std::isfinite(camera.center()[0])) << "NaN from a host must not stay";
  camera.resize(0, 0);
  EXPECT_TRUE(std::isfinite(camera.world_per_pixel()));
}

TEST(Camera, PixelsAndWorldAreInverse) {
  Camera camera = looking_at({-5, -5, 1000, 2000}, 1234, 567);
  camera.look_at(17, 1999, 0.3);
  const auto world = camera.to_world(12.5, 500.25);
  const auto pixel = camera.to_pixel(world[0], world[1]);
  EXPECT_NEAR(pixel[0], 12.5, 1e-9);
  EXPECT_NEAR(pixel[1], 500.25, 1e-9);
  const Rect visible = camera.visible();
  EXPECT_NEAR(visible.width(), 1234 * 0.3, 1e-9);
}

}  // namespace
}  // namespace mifa::view
