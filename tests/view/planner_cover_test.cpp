// Whatever has arrived, each pixel of the image is drawn once, from the finest data that is there,
// and from the right place in it.
#include <gtest/gtest.h>

#include <cmath>

#include "viewer.h"

namespace mifa::view {
namespace {

constexpr int kWidth = 47;
constexpr int kHeight = 31;

struct Expected {
  int level = -1;  // -1: nothing is there
  Slot slot;
  bool empty = false;
  double u = 0, v = 0;  // texel of the tile
};

// A tile that can be drawn.
struct Ready {
  int level = 0;
  TileGrid::Tile tile;
  Slot slot;
  bool empty = false;
};

// All of them, finest first, by asking every level for every tile.
std::vector<Ready> ready_tiles(Viewer& viewer, const Source& source, int first_level) {
  std::vector<Ready> result;
  for (int level = first_level; level < source.levels(); ++level) {
    const TileGrid& grid = source.grid(level);
    for (std::int64_t j = 0; j < grid.count(1); ++j) {
      for (std::int64_t i = 0; i < grid.count(0); ++i) {
        const TileGrid::Tile tile = grid.tile_at(i, j);
        const TileKey key = source.tile_key(level, tile, viewer.scene.position);
        const auto slot = viewer.tiles.find(key);
        const Scheduler::Chunk* chunk = viewer.chunks.peek(key.chunk);
        const bool empty = chunk && chunk->state == ChunkState::kEmpty;
        if (slot || empty) result.push_back({level, tile, slot.value_or(Slot{}), !slot});
      }
    }
  }
  return result;
}

Expected finest_at(const std::vector<Ready>& ready, const Source& source, double u, double v) {
  Expected result;
  for (const Ready& each : ready) {
    const Rect& world = each.tile.world;
    if (u < world.u0 || u >= world.u1 || v < world.v0 || v >= world.v1) continue;
    const TileGrid& grid = source.grid(each.level);
    result.level = each.level;
    result.empty = each.empty;
    result.slot = each.slot;
    result.u = (u - grid.edge[0]) / grid.scale[0] - static_cast<double>(each.tile.origin[0]);
    result.v = (v - grid.edge[1]) / grid.scale[1] - static_cast<double>(each.tile.origin[1]);
    break;
  }
  return result;
}

void expect_cover(Viewer& viewer) {
  const Plan& plan = viewer.settle();
  const Source& source = viewer.scene.sources.front();
  const auto pixels = covering_instances(plan, kWidth, kHeight);
  const Rect world = source.grid(plan.level).world();
  const auto ready = ready_tiles(viewer, source, plan.level);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const auto& found = pixels[static_cast<std::size_t>(y * kWidth + x)];
      const auto at = viewer.camera.to_world(x + 0.5, y + 0.5);
      // A pixel whose middle lies on an edge but for rounding may go either way.
      const double margin = 1e-4 * viewer.camera.world_per_pixel();
      bool on_edge = false;
      for (int level = 0; level < source.levels(); ++level) {
        const TileGrid& grid = source.grid(level);
        for (std::size_t i = 0; i < 2; ++i) {
          const double texel = (at[i] - grid.edge[i]) / grid.scale[i];
          on_edge = on_edge || std::fabs(texel - std::round(texel)) * grid.scale[i] < margin;
        }
      }
      if (on_edge) continue;
      const bool inside =
          at[0] >= world.u0 && at[0] < world.u1 && at[1] >= world.v0 && at[1] < world.v1;
      const Expected expected =
          inside ? finest_at(ready, source, at[0], at[1]) : Expected{};
      ASSERT_EQ(found.size(), expected.level >= 0 ? 1U : 0U) << "pixel " << x << ", " << y;
      if (found.empty()) continue;
      const TileInstance& instance =
          plan.draw.instances[static_cast<std::size_t>(found.front())];
      if (expected.empty) {
        ASSERT_EQ(instance.layer, -1);
      } else {
        ASSERT_EQ(instance.layer, expected.slot.layer);
        ASSERT_EQ(group_of(plan, found.front()).block, expected.slot.block);
      }
      const double share_x = (x + 0.5 - instance.rect[0]) / (instance.rect[2] - instance.rect[0]);
      const double share_y = (y + 0.5 - instance.rect[1]) / (instance.rect[3] - instance.rect[1]);
      const double u = instance.texel[0] + share_x * (instance.texel[2] - instance.texel[0]);
      const double v = instance.texel[1] + share_y * (instance.texel[3] - instance.texel[1]);
      ASSERT_NEAR(u, expected.u, 0.01);
      ASSERT_NEAR(v, expected.v, 0.01);
    }
  }
}

void expect_cover_while_loading(const ome::Multiscale& image, unsigned seed, double missing = 0) {
  Limits limits;
  limits.tile_edge = 12;
  limits.fallback_edge = 8;
  limits.fetches = 6;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  Viewer viewer(limits);
  viewer.camera.resize(kWidth, kHeight);
  viewer.show(image);
  const Rect world = viewer.scene.sources.front().grid(0).world();
  for (int view = 0; view < 6; ++view) {
    viewer.camera.look_at(world.u0 + unit(random) * world.width(),
                          world.v0 + unit(random) * world.height(),
                          std::exp(unit(random) * 6 - 3) * world.width() / kWidth / 4);
    for (int i = 0; i < 12; ++i) {
      expect_cover(viewer);
      if (testing::Test::HasFatalFailure()) return;
      for (auto n = random() % 4; n > 0; --n) viewer.answer_random(random, missing);
    }
  }
}

TEST(PlannerCover, PyramidsByTwo) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    expect_cover_while_loading(make_pyramid(157, 111, 16, 5, 2, seed % 2 == 0), seed);
  }
}

TEST(PlannerCover, PyramidsByThree) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    expect_cover_while_loading(make_pyramid(200, 131, 20, 4, 3, seed % 2 == 0), seed);
  }
}

TEST(PlannerCover, WithEmptyChunks) {
  for (unsigned seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE(seed);
    expect_cover_while_loading(make_pyramid(157, 111, 16, 5, 2, true), seed, 0.4);
  }
}

// Levels that begin elsewhere, as the transformations of a careless writer say.
TEST(PlannerCover, OffsetLevels) {
  const ome::Multiscale image =
      make_image("yx", {{{120, 150}, {16, 16}, {1, 1}, {0, 0}},
                        {{60, 75}, {16, 16}, {2, 2}, {0, 0}},
                        {{30, 38}, {16, 16}, {4, 4}, {-7, 11.3}}});
  for (unsigned seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE(seed);
    expect_cover_while_loading(image, seed);
  }
}

TEST(PlannerCover, AnisotropicTexels) {
  const ome::Multiscale image = make_image("yx", {{{120, 60}, {16, 16}, {1, 2.5}, {0, 0}},
                                                  {{60, 60}, {16, 16}, {2, 2.5}, {0.5, 0}},
                                                  {{30, 30}, {16, 16}, {4, 5}, {1.5, 1.25}}});
  expect_cover_while_loading(image, 1);
}

// A coarse picture that is decoded is drawn in the frame that uploads it, not in the next one:
// there may be no next one for a long while.
TEST(PlannerCover, TheFallbackIsDrawnInTheFrameThatUploadsIt) {
  Limits limits;
  limits.fallback_edge = 8;
  Viewer viewer(limits);
  viewer.camera.resize(kWidth, kHeight);
  viewer.show(make_pyramid(256, 256, 32, 4, 2, true));
  viewer.camera.look_at(128, 128, 1);
  viewer.step();
  ASSERT_FALSE(viewer.requests.empty());
  ASSERT_EQ(viewer.requests.front().key.level, 3) << "coarse first";
  viewer.answer(0);
  const Plan& plan = viewer.step();
  EXPECT_EQ(plan.uploads.size(), 1U);
  EXPECT_FALSE(tile_groups(plan).empty());
}

}  // namespace
}  // namespace mifa::view
