// Tiles cover a level once, whatever its size and its chunks.
#include <gtest/gtest.h>

#include <set>

#include "image.h"

namespace mifa::view {
namespace {

TileGrid grid_of(std::int64_t width, std::int64_t height, std::int64_t chunk, std::int64_t edge) {
  Limits limits;
  limits.tile_edge = edge;
  return make_source(make_image("yx", {{{height, width}, {chunk, chunk}, {}, {}}}), 0, limits)
      .grid(0);
}

Rect everything() { return {-1e6, -1e6, 1e6, 1e6}; }

// Each texel of the level is in exactly one visited tile, each tile inside one chunk.
void expect_exact_cover(const TileGrid& grid, std::int64_t edge) {
  std::vector<int> seen(static_cast<std::size_t>(grid.size[0] * grid.size[1]));
  std::int64_t tiles = 0;
  grid.visit(everything(), [&](const TileGrid::Tile& tile) {
    ++tiles;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      ASSERT_GE(tile.extent[axis], 1);
      ASSERT_LE(tile.extent[axis], grid.tile[axis]);
      ASSERT_LE(grid.tile[axis], edge);
      const std::int64_t last = tile.origin[axis] + tile.extent[axis] - 1;
      ASSERT_EQ(tile.origin[axis] / grid.chunk[axis], last / grid.chunk[axis]);
    }
    for (std::int64_t v = 0; v < tile.extent[1]; ++v) {
      for (std::int64_t u = 0; u < tile.extent[0]; ++u) {
        ++seen[static_cast<std::size_t>((tile.origin[1] + v) * grid.size[0] + tile.origin[0] + u)];
      }
    }
  });
  EXPECT_EQ(tiles, grid.count(0) * grid.count(1));
  for (const int count : seen) ASSERT_EQ(count, 1);
}

TEST(TileGrid, CoversOddSizesOnce) {
  for (const std::int64_t size : {1, 2, 15, 16, 17, 31, 32, 33, 47}) {
    for (const std::int64_t chunk : {1, 5, 16, 17, 33, 64}) {
      for (const std::int64_t edge : {4, 7, 16, 1024}) {
        SCOPED_TRACE(std::to_string(size) + " in " + std::to_string(chunk) + " cut at " +
                     std::to_string(edge));
        expect_exact_cover(grid_of(size, 19, chunk, edge), edge);
      }
    }
  }
}

TEST(TileGrid, ChunkLargerThanTheImageIsOneTile) {
  const TileGrid grid = grid_of(100, 60, 512, 1024);
  EXPECT_EQ(grid.count(0), 1);
  EXPECT_EQ(grid.chunk[0], 100);
  EXPECT_EQ(grid.tile[1], 60);
}

TEST(TileGrid, LargeChunksAreCutInEqualParts) {
  const TileGrid grid = grid_of(5000, 5000, 2500, 1024);
  EXPECT_EQ(grid.parts[0], 3);
  EXPECT_EQ(grid.tile[0], 834);
  EXPECT_EQ(grid.count(0), 6);
  EXPECT_EQ(grid.tile_at(2, 0).extent[0], 832) << "the last part is what is left";
  EXPECT_EQ(grid.tile_at(3, 0).origin[0], 2500) << "the next chunk begins a new part";
  EXPECT_EQ(grid_of(5000, 5000, 1024, 1024).parts[0], 1);
  EXPECT_EQ(grid_of(5000, 5000, 1025, 1024).parts[0], 2);
}

std::set<std::pair<std::int64_t, std::int64_t>> visited(const TileGrid& grid, const Rect& area) {
  std::set<std::pair<std::int64_t, std::int64_t>> result;
  grid.visit(area, [&](const TileGrid::Tile& tile) {
    EXPECT_TRUE(result.insert({tile.u, tile.v}).second) << "visited twice";
  });
  return result;
}

using Tiles = std::set<std::pair<std::int64_t, std::int64_t>>;

TEST(TileGrid, AnAreaThatEndsOnABorderDoesNotTouchTheNextTile) {
  const TileGrid grid = grid_of(64, 64, 16, 1024);  // texel centres at integers: edges at -0.5
  EXPECT_EQ(visited(grid, {15.5, 15.5, 31.5, 31.5}), (Tiles{{1, 1}}));
  EXPECT_EQ(visited(grid, {15.5, 15.5, 31.6, 31.5}), (Tiles{{1, 1}, {2, 1}}));
  EXPECT_EQ(visited(grid, {15.4, 15.5, 31.5, 31.5}), (Tiles{{0, 1}, {1, 1}}));
  EXPECT_EQ(visited(grid, {-100, -100, -0.5, 100}), Tiles{});
  EXPECT_EQ(visited(grid, {63.5, 0, 100, 100}), Tiles{});
  EXPECT_EQ(visited(grid, {10, 10, 10, 20}), Tiles{}) << "no area";
}

TEST(TileGrid, BordersThatRoundAreNotTouched) {
  ome::Multiscale image = make_image("yx", {{{100, 100}, {10, 10}, {0.1, 0.1}, {0.3, 0.3}}});
  const TileGrid grid = make_source(image).grid(0);
  for (std::int64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(visited(grid, grid.tile_at(i, i).world), (Tiles{{i, i}}));
  }
}

TEST(TileGrid, WithoutTexelsNothingIsVisited) {
  const TileGrid grid = grid_of(0, 10, 16, 1024);
  EXPECT_TRUE(visited(grid, everything()).empty());
}

TEST(TileGrid, WorldIsHalfATexelAroundTheCentres) {
  ome::Multiscale image = make_image("yx", {{{10, 20}, {10, 20}, {2, 0.5}, {100, 7}}});
  const Rect world = make_source(image).grid(0).world();
  EXPECT_DOUBLE_EQ(world.u0, 6.75);
  EXPECT_DOUBLE_EQ(world.u1, 16.75);
  EXPECT_DOUBLE_EQ(world.v0, 99);
  EXPECT_DOUBLE_EQ(world.v1, 119);
}

TEST(TileGrid, VisitsWhatABruteForceSearchFinds) {
  const TileGrid grid = grid_of(53, 41, 12, 5);
  unsigned seed = 7;
  const auto next = [&] {
    seed = seed * 1664525U + 1013904223U;
    return static_cast<double>(seed >> 8U) / (1 << 24) * 70 - 8;
  };
  for (int i = 0; i < 500; ++i) {
    const double a = next(), b = next(), c = next(), d = next();
    const Rect area{std::min(a, b), std::min(c, d), std::max(a, b), std::max(c, d)};
    Tiles expected;
    for (std::int64_t v = 0; v < grid.count(1); ++v) {
      for (std::int64_t u = 0; u < grid.count(0); ++u) {
        if (!grid.tile_at(u, v).world.intersected(area).empty()) expected.insert({u, v});
      }
    }
    EXPECT_EQ(visited(grid, area), expected);
  }
}

}  // namespace
}  // namespace mifa::view
