// Labels over an image of another resolution.
#include <gtest/gtest.h>

#include <cmath>

#include "viewer.h"

namespace mifa::view {
namespace {

// The place of an object in the label image and of the same thing in the image, on screen.
void expect_lined_up(const ome::Multiscale& image, const ome::Multiscale& label) {
  Viewer viewer;
  viewer.camera.resize(400, 300);
  viewer.show(image);
  viewer.add_label(label);
  const Plan& plan = viewer.load();
  ASSERT_EQ(plan.draw.groups.size(), 3U);
  ASSERT_EQ(plan.draw.groups[0].kind, DrawGroup::Kind::kBackdrop);
  ASSERT_EQ(plan.draw.groups[1].kind, DrawGroup::Kind::kIntensity) << "labels are on top";
  ASSERT_EQ(plan.draw.groups[2].kind, DrawGroup::Kind::kLabel);
  EXPECT_FALSE(plan.draw.groups[2].linear) << "there is no id between two ids";
  for (const DrawGroup& group : tile_groups(plan)) {
    const Source& source = viewer.scene.sources[group.label < 0 ? 0 : 1];
    for (int i = 0; i < group.count; ++i) {
      const TileInstance& instance = plan.draw.instances[static_cast<std::size_t>(group.first + i)];
      // The corner's texel in world units is where its pixel says.
      for (int corner : {0, 2}) {
        const auto c = static_cast<std::size_t>(corner);
        const auto world = viewer.camera.to_world(instance.rect[c], instance.rect[c + 1]);
        const Rect all = source.grid(0).world();
        EXPECT_GE(world[0], all.u0 - 0.5 * viewer.camera.world_per_pixel());
        EXPECT_LE(world[0], all.u1 + 0.5 * viewer.camera.world_per_pixel());
        EXPECT_GE(world[1], all.v0 - 0.5 * viewer.camera.world_per_pixel());
        EXPECT_LE(world[1], all.v1 + 0.5 * viewer.camera.world_per_pixel());
      }
    }
  }
  // Both cover the same pixels.
  const auto pixels = covering_instances(plan, 400, 300);
  int both = 0;
  int one = 0;
  for (const auto& pixel : pixels) (pixel.size() == 2 ? both : one) += pixel.empty() ? 0 : 1;
  EXPECT_GT(both, 1000);
  EXPECT_LE(one, 2 * (400 + 300)) << "more than the outermost half pixel differs";
}

TEST(PlannerLabel, OfTheSameResolution) {
  expect_lined_up(make_pyramid(200, 150, 64, 2, 2, true),
                  make_pyramid(200, 150, 32, 1, 2, true, zarr::DataType::kUInt32));
}

TEST(PlannerLabel, OfAQuarterOfTheResolution) {
  expect_lined_up(make_pyramid(200, 160, 64, 3, 2, true),
                  make_image("yx", {{{40, 50}, {64, 64}, {4, 4}, {1.5, 1.5}}},
                             zarr::DataType::kUInt64));
}

TEST(PlannerLabel, FinerThanTheImage) {
  expect_lined_up(make_image("yx", {{{40, 50}, {64, 64}, {4, 4}, {1.5, 1.5}}}),
                  make_image("yx", {{{160, 200}, {64, 64}, {1, 1}, {0, 0}}}, zarr::DataType::kUInt8));
}

TEST(PlannerLabel, HiddenOnesAreNotRead) {
  Viewer viewer;
  viewer.camera.resize(100, 100);
  viewer.show(make_pyramid(100, 100, 64, 1, 2, true));
  viewer.add_label(make_pyramid(100, 100, 64, 1, 2, true, zarr::DataType::kInt32));
  viewer.scene.labels[0].visible = false;
  viewer.load();
  for (const Want& want : viewer.plan.wants) EXPECT_EQ(want.key.source, 0);
  EXPECT_EQ(tile_groups(viewer.plan).size(), 1U);
}

TEST(PlannerLabel, AloneWithoutChannels) {
  Viewer viewer;
  viewer.camera.resize(100, 100);
  const ome::Multiscale label = make_pyramid(100, 100, 64, 1, 2, true, zarr::DataType::kInt64);
  viewer.show(label);
  viewer.scene.channels.clear();
  viewer.add_label(label);
  const Plan& plan = viewer.load();
  const auto groups = tile_groups(plan);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].kind, DrawGroup::Kind::kLabel);
  EXPECT_EQ(groups[0].format, TexelFormat::kI64);
  EXPECT_EQ(plan.missing_tiles, 0);
}

}  // namespace
}  // namespace mifa::view
