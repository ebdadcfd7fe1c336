// Sources placed in a scene's world by a map.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "viewer.h"

namespace mifa::view {
namespace {

ome::Multiscale plain(std::int64_t width, std::int64_t height, std::int64_t chunk = 64) {
  return make_pyramid(width, height, chunk, 1, 2, true);
}

Source placed(const ome::Multiscale& image, const PlaneMap& map) {
  auto source = Source::make(image, 0, image.x_axis, image.y_axis, {}, map);
  EXPECT_TRUE(source.ok());
  return *std::move(source);
}

TEST(Placement, NoMapIsTheIdentity) {
  const Source source = make_source(plain(100, 50));
  EXPECT_TRUE(source.map().upright());
  EXPECT_EQ(source.own_per_world(), 1);
  EXPECT_EQ(source.to_own(3, 4), (std::array<double, 2>{3, 4}));
  const Rect world = source.grid(0).world();
  EXPECT_EQ(source.bounds().u0, world.u0);
  EXPECT_EQ(source.bounds().v1, world.v1);
}

TEST(Placement, ToOwnIsTheInverseOfTheMap) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> any(-3, 3);
  for (int i = 0; i < 500; ++i) {
    const PlaneMap map{any(random), any(random), any(random) * 1e4,
                       any(random), any(random), any(random) * 1e4};
    const double determinant = map.uu * map.vv - map.uv * map.vu;
    if (std::fabs(determinant) < 0.05) continue;
    const Source source = placed(plain(64, 64), map);
    const double u = any(random) * 100;
    const double v = any(random) * 100;
    const auto world = map.apply(u, v);
    const auto own = source.to_own(world[0], world[1]);
    EXPECT_NEAR(own[0], u, 1e-6);
    EXPECT_NEAR(own[1], v, 1e-6);
    EXPECT_NEAR(source.own_per_world(), 1 / std::sqrt(std::fabs(determinant)), 1e-9);
  }
}

TEST(Placement, BoundsAndContainsOfATurnedImage) {
  // A square of 100 by 100 texels, turned by 45 degrees about its first texel's edge.
  const double s = std::sqrt(0.5);
  const Source source = placed(plain(100, 100), {s, -s, 0, s, s, 0});
  const double half = 0.5 * std::sqrt(2);  // the edge is half a texel before the centre
  EXPECT_NEAR(source.bounds().u0, -100 * s, 1e-9);
  EXPECT_NEAR(source.bounds().u1, 100 * s, 1e-9);
  EXPECT_NEAR(source.bounds().v0, -half, 1e-9);
  EXPECT_NEAR(source.bounds().v1, 200 * s - half, 1e-9);
  EXPECT_TRUE(source.contains(0, 70));
  EXPECT_TRUE(source.contains(-69, 70));
  EXPECT_FALSE(source.contains(-69, 10)) << "in the corner of its bounds, beside it";
  EXPECT_FALSE(source.contains(69, 130));
}

TEST(Placement, MapsThatCannotBeInvertedAreRefused) {
  const ome::Multiscale image = plain(64, 64);
  const double nan = std::nan("");
  for (const PlaneMap& map :
       {PlaneMap{1, 2, 0, 2, 4, 0}, PlaneMap{0, 0, 0, 0, 0, 0}, PlaneMap{1, 0, nan, 0, 1, 0},
        PlaneMap{1, 0, INFINITY, 0, 1, 0}, PlaneMap{nan, 0, 0, 0, 1, 0},
        PlaneMap{1e-300, 0, 0, 0, 1e-300, 0}, PlaneMap{1e200, 0, 0, 0, 1e200, 0}}) {
    const auto source = Source::make(image, 0, image.x_axis, image.y_axis, {}, map);
    ASSERT_FALSE(source.ok()) << map.uu << " " << map.uv;
    EXPECT_EQ(source.error().code, ErrorCode::kFixData);
    EXPECT_NE(source.error().message.find("expected a placement that can be turned back"),
              std::string::npos);
  }
}

TEST(Placement, SceneBoundsHoldImagesAndLabels) {
  Viewer viewer;
  viewer.show(plain(100, 100));
  viewer.add_image(plain(100, 100), {1, 0, 300, 0, 1, -50});
  viewer.add_label(make_image("yx", {{{10, 10}, {10, 10}, {30, 30}, {15, 15}}}));
  const Rect bounds = viewer.scene.bounds();
  EXPECT_DOUBLE_EQ(bounds.u0, -0.5);
  EXPECT_DOUBLE_EQ(bounds.u1, 399.5);
  EXPECT_DOUBLE_EQ(bounds.v0, -50.5);
  EXPECT_DOUBLE_EQ(bounds.v1, 300);
  EXPECT_DOUBLE_EQ(viewer.scene.finest_texel(), 1);
  viewer.add_image(plain(10, 10), {0, -0.25, 0, 0.25, 0, 0});
  EXPECT_DOUBLE_EQ(viewer.scene.finest_texel(), 0.25);
}

// Each pixel of a turned image shows the texel that lies there.
void expect_texels(const Viewer& viewer, const Plan& plan, int source_index, int width, int height) {
  const Source& source = viewer.scene.sources[static_cast<std::size_t>(source_index)];
  const auto pixels = covering_instances(plan, width, height);
  const TileGrid& grid = source.grid(0);
  int covered = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto world = viewer.camera.to_world(x + 0.5, y + 0.5);
      const auto own = source.to_own(world[0], world[1]);
      const double u = (own[0] - grid.edge[0]) / grid.scale[0];
      const double v = (own[1] - grid.edge[1]) / grid.scale[1];
      const double margin = 1e-3;
      const auto near_tile_edge = [&](double texel, std::size_t i) {
        const double tile = texel / static_cast<double>(grid.tile[i]);
        return std::fabs(tile - std::round(tile)) * static_cast<double>(grid.tile[i]) < margin;
      };
      if (near_tile_edge(u, 0) || near_tile_edge(v, 1)) continue;
      if (std::fabs(u - static_cast<double>(grid.size[0])) < margin) continue;
      if (std::fabs(v - static_cast<double>(grid.size[1])) < margin) continue;
      const auto& found = pixels[static_cast<std::size_t>(y * width + x)];
      ASSERT_EQ(found.size(), source.contains(world[0], world[1]) ? 1U : 0U) << x << ", " << y;
      if (found.empty()) continue;
      ++covered;
      const auto& instance = plan.draw.instances[static_cast<std::size_t>(found.front())];
      const auto p = to_frame(plan, group_of(plan, found.front()), x + 0.5, y + 0.5);
      const auto along = [&](std::size_t i) {
        const double share = (p[i] - instance.rect[i]) / (instance.rect[i + 2] - instance.rect[i]);
        return instance.texel[i] + share * (instance.texel[i + 2] - instance.texel[i]);
      };
      const auto tile = grid.tile_at(static_cast<std::int64_t>(u) / grid.tile[0],
                                     static_cast<std::int64_t>(v) / grid.tile[1]);
      ASSERT_NEAR(along(0) + static_cast<double>(tile.origin[0]), u, 0.01);
      ASSERT_NEAR(along(1) + static_cast<double>(tile.origin[1]), v, 0.01);
    }
  }
  EXPECT_GT(covered, width * height / 20);
}

// One placed image looked at, source 0 far away from it.
void expect_placed(const PlaneMap& map, double world_per_pixel) {
  Viewer viewer;
  viewer.camera.resize(120, 90);
  viewer.show(plain(16, 16));
  const Source& source = viewer.add_image(plain(300, 200, 32), map);
  const auto middle = map.apply(150, 100);
  viewer.camera.set_content({-1e8, -1e8, 1e8, 1e8}, 1e-3);
  viewer.camera.look_at(middle[0], middle[1], world_per_pixel);
  ASSERT_TRUE(source.contains(middle[0], middle[1]));
  const Plan& plan = viewer.load();
  expect_texels(viewer, plan, 1, 120, 90);
}

TEST(Placement, ImagesShowTheTexelThatLiesThere) {
  const double c = std::cos(0.6);
  const double s = std::sin(0.6);
  const PlaneMap maps[] = {
      {1, 0, 1e4, 0, 1, 1e4},                      // moved
      {0.5, 0, 1e4, 0, 2, 1e4},                    // scaled
      {-1, 0, 1e4, 0, 1, 1e4},                     // mirrored
      {0, 1, 1e4, 1, 0, 1e4},                      // transposed
      {0, -1, 1e4, 1, 0, 1e4},                     // turned by 90 degrees
      {c, -s, 1e4, s, c, 1e4},                     // turned
      {2 * c, -0.5 * s, 1e4, 2 * s, 0.5 * c, 1e4},  // and stretched
      {1, 0.7, 1e4, 0, 1, 1e4},                    // sheared
  };
  for (const PlaneMap& map : maps) {
    for (const double zoom : {2.0, 0.9, 0.15}) {
      SCOPED_TRACE(std::to_string(map.uu) + " " + std::to_string(map.uv) + " at " +
                   std::to_string(zoom));
      expect_placed(map, zoom);
      if (HasFatalFailure()) return;
    }
  }
}

// 256 pixels a texel, a million units away from the world's origin: the corners do not shake.
TEST(Placement, FarFromTheOriginNothingShakes) {
  const double c = std::cos(0.3);
  const double s = std::sin(0.3);
  for (const PlaneMap& map : {PlaneMap{c, -s, 1e6, s, c, -1e6}, PlaneMap{1, 0, 1e6, 0, 1, -1e6}}) {
    Viewer viewer;
    viewer.camera.resize(1200, 900);
    viewer.show(plain(16, 16));
    viewer.add_image(plain(3000, 3000, 512), map);
    const auto middle = map.apply(1535.5, 1023.5);  // where four tiles meet
    for (int step = 0; step < 50; ++step) {
      // By a hundredth of a pixel.
      viewer.camera.look_at(middle[0] + step * 0.01 / 256, middle[1] - step * 0.007 / 256, 1.0 / 256);
      ASSERT_NEAR(viewer.camera.world_per_pixel(), 1.0 / 256, 1e-12);
      const Plan& plan = viewer.load();
      int corners = 0;
      for (const DrawGroup& group : tile_groups(plan)) {
        const DrawFrame& frame = plan.draw.frames[static_cast<std::size_t>(group.frame)];
        for (int i = group.first; i < group.first + group.count; ++i) {
          const TileInstance& instance = plan.draw.instances[static_cast<std::size_t>(i)];
          for (int corner = 0; corner < 4; ++corner) {
            const float u = instance.rect[(corner & 1) != 0 ? 2 : 0];
            const float v = instance.rect[corner > 1 ? 3 : 1];
            // In floats, as the GPU does.
            const float x = frame.turn[0] * u + frame.turn[1] * v + frame.shift[0];
            const float y = frame.turn[2] * u + frame.turn[3] * v + frame.shift[1];
            // The corner where the four tiles meet is on the screen once a tile.
            const long double exact_x = 600.0L - static_cast<long double>(step) * 0.01L;
            const long double exact_y = 450.0L + static_cast<long double>(step) * 0.007L;
            if (std::hypot(static_cast<double>(x - exact_x), static_cast<double>(y - exact_y)) > 1) {
              continue;
            }
            ++corners;
            ASSERT_NEAR(x, static_cast<double>(exact_x), 0.005) << "step " << step;
            ASSERT_NEAR(y, static_cast<double>(exact_y), 0.005) << "step " << step;
          }
        }
      }
      ASSERT_EQ(corners, 4);
    }
  }
}

// Interpolation reaches into the tiles beside, in the image's own directions.
TEST(Placement, NeighboursAreThoseOfTheImageItself) {
  Viewer viewer;
  viewer.camera.resize(100, 100);
  viewer.show(plain(8, 8));
  const Source& source = viewer.add_image(plain(96, 96, 32), {0, -1, 1000, 1, 0, 1000});
  viewer.scene.smooth = true;
  const auto middle = source.map().apply(47.5, 47.5);
  viewer.camera.look_at(middle[0], middle[1], 1);
  const Plan& plan = viewer.load();
  const auto layer_at = [&](std::int64_t u, std::int64_t v) {
    const auto slot = viewer.tiles.find(source.tile_key(0, source.grid(0).tile_at(u, v), {0, 0}));
    return slot ? slot->layer : -9;
  };
  const auto groups = tile_groups(plan);
  int seen = 0;
  for (const DrawGroup& group : groups) {
    EXPECT_TRUE(group.linear);
    for (int i = group.first; i < group.first + group.count; ++i) {
      const TileInstance& instance = plan.draw.instances[static_cast<std::size_t>(i)];
      const auto in_block = [&](std::int64_t u, std::int64_t v) {
        const auto slot = viewer.tiles.find(source.tile_key(0, source.grid(0).tile_at(u, v), {0, 0}));
        return slot && slot->block == group.block;
      };
      if (instance.layer != layer_at(1, 1) || !in_block(1, 1)) continue;
      ++seen;
      EXPECT_EQ(instance.neighbours[3], in_block(0, 1) ? layer_at(0, 1) : -1) << "its own left";
      EXPECT_EQ(instance.neighbours[6], in_block(1, 2) ? layer_at(1, 2) : -1) << "its own below";
    }
  }
  EXPECT_EQ(seen, 1);
}

// A turned image does not ask for what lies in the corners of the rectangle around the screen.
TEST(Placement, ATurnedImageAsksOnlyForWhatIsOnTheScreen) {
  const double s = std::sqrt(0.5);
  Viewer viewer;
  viewer.limits.fetches = 10000;
  viewer.chunks = Scheduler(viewer.limits);
  viewer.camera.resize(640, 640);
  viewer.show(plain(8, 8));
  const Source& source = viewer.add_image(plain(4096, 4096, 32), {s, -s, 1e5, s, s, 1e5});
  const auto middle = source.map().apply(2048, 2048);
  viewer.camera.look_at(middle[0], middle[1], 1);
  viewer.step();
  const Rect screen = viewer.camera.visible();
  int asked = 0;
  for (const Want& want : viewer.plan.wants) {
    if (want.key.source != 1) continue;
    ++asked;
    const auto tile = source.grid(0).tile_at(want.key.index[1], want.key.index[0]);
    EXPECT_FALSE(source.map().apply(tile.world).intersected(screen).empty());
  }
  // 640² pixels are 400 tiles of 32²; turned, those on the rim touch too.
  EXPECT_GT(asked, 400);
  EXPECT_LT(asked, 540);
}

TEST(Placement, TheLevelFollowsTheScaleOfTheMap) {
  for (const double scale : {0.25, 1.0, 4.0}) {
    Viewer viewer;
    viewer.camera.resize(256, 256);
    viewer.show(plain(8, 8));
    const double c = scale * std::cos(0.5);
    const double s = scale * std::sin(0.5);
    const Source& source =
        viewer.add_image(make_pyramid(4096, 4096, 64, 5, 2, true), {c, -s, 1e5, s, c, 1e5});
    const auto middle = source.map().apply(2048, 2048);
    viewer.camera.set_content({0, 0, 2e5, 2e5}, 1e-3);
    viewer.camera.look_at(middle[0], middle[1], 4);
    viewer.step();
    std::set<int> levels;
    for (const Want& want : viewer.plan.wants) {
      if (want.tier == Tier::kVisible) levels.insert(want.key.level);
    }
    EXPECT_EQ(levels, (std::set<int>{scale == 0.25 ? 4 : scale == 1 ? 2 : 0}));
    EXPECT_EQ(viewer.plan.level, *levels.begin());
  }
}

}  // namespace
}  // namespace mifa::view
