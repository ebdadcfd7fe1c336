#include "app/gestures.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fake_host.h"

namespace mifa::app {
namespace {

TEST(Gestures, OnePointerDrags) {
  Gestures gestures;
  EXPECT_FALSE(gestures.moved(1, 5, 5)) << "not down";
  gestures.down(1, 10, 10);
  const auto move = gestures.moved(1, 13, 6);
  ASSERT_TRUE(move);
  EXPECT_EQ(move->dx, 3);
  EXPECT_EQ(move->dy, -4);
  EXPECT_EQ(move->factor, 1);
  gestures.up(1);
  EXPECT_FALSE(gestures.moved(1, 20, 20));
  EXPECT_FALSE(gestures.active());
}

TEST(Gestures, FingersThatMeetDoNotZoomToInfinity) {
  Gestures gestures;
  gestures.down(1, 100, 100);
  gestures.down(2, 102, 100);
  const auto together = gestures.moved(2, 100, 100);
  ASSERT_TRUE(together);
  EXPECT_EQ(together->factor, 1);
  EXPECT_EQ(gestures.moved(2, 150, 100)->factor, 1);
}

// What is under each finger stays under it.
TEST(Gestures, PinchKeepsBothFingersOnTheirPlaces) {
  view::Camera camera;
  camera.resize(800, 600);
  camera.set_content({0, 0, 8000, 6000}, 1);
  camera.look_at(4000, 3000, 2);
  Gestures gestures;
  gestures.down(1, 300, 300);
  gestures.down(2, 500, 300);
  const auto first = camera.to_world(300, 300);
  const auto second = camera.to_world(500, 300);
  for (int i = 1; i <= 50; ++i) {
    for (const auto& [finger, x, y] : {std::tuple{1, 300 - 2.0 * i, 300 + 1.0 * i},
                                       std::tuple{2, 500 + 3.0 * i, 300 + 1.0 * i}}) {
      const auto move = gestures.moved(finger, x, y);
      ASSERT_TRUE(move);
      camera.pan(move->dx, move->dy);
      camera.zoom(move->x, move->y, move->factor);
    }
  }
  const auto now_first = camera.to_pixel(first[0], first[1]);
  const auto now_second = camera.to_pixel(second[0], second[1]);
  EXPECT_NEAR(now_first[0], 200, 5);
  EXPECT_NEAR(now_first[1], 350, 5);
  EXPECT_NEAR(now_second[0], 650, 5);
  EXPECT_NEAR(now_second[1], 350, 5);
}

TEST(Gestures, AThirdFingerChangesNothing) {
  Gestures gestures;
  gestures.down(1, 0, 0);
  gestures.down(2, 100, 0);
  gestures.down(3, 50, 80);
  EXPECT_NEAR(gestures.moved(2, 110, 0)->factor, 1.1, 1e-9);
  EXPECT_NEAR(gestures.moved(1, -11, 0)->factor, 1.1, 1e-9);
  const auto third = gestures.moved(3, 60, 300);
  if (third) {
    EXPECT_EQ(third->factor, 1);
    EXPECT_EQ(third->dx, 0);
  }
}

TEST(Gestures, LiftingOneFingerGoesOnAsADrag) {
  Gestures gestures;
  gestures.down(1, 0, 0);
  gestures.down(2, 100, 0);
  gestures.moved(2, 120, 0);
  gestures.up(1);
  const auto move = gestures.moved(2, 130, 5);
  ASSERT_TRUE(move);
  EXPECT_EQ(move->dx, 10);
  EXPECT_EQ(move->factor, 1);
}

}  // namespace
}  // namespace mifa::app
