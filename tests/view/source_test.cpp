// Which element of which chunk is shown where.
#include <gtest/gtest.h>

#include <algorithm>

#include "image.h"

namespace mifa::view {
namespace {

TEST(Source, ElementAtPicksTheNearestCentre) {
  // z by 3, its centres in the middle of what they stand for.
  const Source source = make_source(make_image(
      "zyx", {{{30, 64, 64}, {1, 64, 64}, {2, 1, 1}, {10, 0, 0}},
              {{10, 64, 64}, {1, 64, 64}, {6, 1, 1}, {12, 0, 0}}}));
  for (std::int64_t z = 0; z < 30; ++z) {
    EXPECT_EQ(source.element_at(0, 0, z), z);
    EXPECT_EQ(source.element_at(1, 0, z), z / 3) << z;
  }
}

TEST(Source, ElementAtStaysInsideShorterLevels) {
  const Source source = make_source(make_image("zyx", {{{7, 8, 8}, {1, 8, 8}, {1, 1, 1}, {}},
                                                       {{3, 8, 8}, {1, 8, 8}, {2, 1, 1}, {}}}));
  EXPECT_EQ(source.element_at(1, 0, 6), 2);
  EXPECT_EQ(source.element_at(0, 0, 99), 6);
  EXPECT_EQ(source.element_at(0, 0, -5), 0);
}

TEST(Source, ChannelsAreNotMeasured) {
  const Source source = make_source(make_image("cyx", {{{4, 8, 8}, {1, 8, 8}, {1, 1, 1}, {0, 0, 0}},
                                                       {{4, 4, 4}, {1, 4, 4}, {2, 2, 2}, {9, 0, 0}}}));
  for (std::int64_t c = 0; c < 4; ++c) EXPECT_EQ(source.element_at(1, 0, c), c);
}

// The offset of an element in the decoded chunk, by counting: the chunk is laid out in decode order.
std::int64_t counted_offset(const Source& source, const std::vector<std::int64_t>& element) {
  const auto& chunk = source.array(0).chunk_shape;
  std::int64_t offset = 0;
  for (const int axis : source.decode_order()) {
    const auto i = static_cast<std::size_t>(axis);
    offset = offset * chunk[i] + element[i] % chunk[i];
  }
  return offset;
}

TEST(Source, OffsetsAreRightForEveryOrderOfFiveAxes) {
  std::string axes = "ctxyz";
  const std::vector<std::int64_t> shape = {5, 4, 13, 11, 9};
  const std::vector<std::int64_t> chunk = {2, 3, 6, 4, 7};
  Limits limits;
  limits.tile_edge = 4;  // so that chunks are cut in parts
  unsigned seed = 3;
  do {
    SCOPED_TRACE(axes);
    LevelShape level;
    for (const char letter : axes) {
      const std::size_t i = std::string("ctzyx").find(letter);
      level.shape.push_back(shape[4 - i]);
      level.chunk.push_back(chunk[4 - i]);
    }
    const ome::Multiscale image = make_image(axes, {level});
    const Source source = make_source(image, 0, limits);
    const auto order = source.decode_order();
    ASSERT_EQ(order[4], image.x_axis);
    ASSERT_EQ(order[3], image.y_axis);
    for (int trial = 0; trial < 20; ++trial) {
      std::vector<std::int64_t> element;
      for (const std::int64_t size : level.shape) {
        seed = seed * 1664525U + 1013904223U;
        element.push_back(static_cast<std::int64_t>(seed >> 8U) % size);
      }
      const std::int64_t u = element[static_cast<std::size_t>(image.x_axis)];
      const std::int64_t v = element[static_cast<std::size_t>(image.y_axis)];
      EXPECT_EQ(source.element_offset(0, u, v, element), counted_offset(source, element));
      // The tile that holds it: its own first element, and its chunk.
      int holders = 0;
      source.grid(0).visit({-1e6, -1e6, 1e6, 1e6}, [&](const TileGrid::Tile& tile) {
        if (u < tile.origin[0] || u >= tile.origin[0] + tile.extent[0] || v < tile.origin[1] ||
            v >= tile.origin[1] + tile.extent[1]) {
          return;
        }
        ++holders;
        const TileKey key = source.tile_key(0, tile, element);
        EXPECT_EQ(source.tile_offset(key) + (v - tile.origin[1]) * source.row_length(0) +
                      (u - tile.origin[0]),
                  counted_offset(source, element));
        for (std::size_t axis = 0; axis < 5; ++axis) {
          EXPECT_EQ(key.chunk.index[axis], element[axis] / level.chunk[axis]);
        }
        const auto extent = source.chunk_extent(key.chunk);
        for (std::size_t i = 0; i < 5; ++i) {
          const auto axis = static_cast<std::size_t>(order[i]);
          const std::int64_t origin = key.chunk.index[axis] * level.chunk[axis];
          EXPECT_EQ(extent[i], std::min(level.chunk[axis], level.shape[axis] - origin));
        }
      });
      EXPECT_EQ(holders, 1);
    }
  } while (std::next_permutation(axes.begin(), axes.end()));
}

TEST(Source, PlanesOfOneChunkAreDifferentTiles) {
  const Source source = make_source(
      make_image("tzyx", {{{4, 6, 32, 32}, {2, 3, 16, 16}, {}, {}}}));
  const TileGrid::Tile tile = source.grid(0).tile_at(1, 0);
  const TileKey a = source.tile_key(0, tile, {1, 2, 0, 0});
  const TileKey b = source.tile_key(0, tile, {0, 2, 0, 0});
  const TileKey c = source.tile_key(0, tile, {1, 5, 0, 0});
  EXPECT_EQ(a.chunk, b.chunk);
  EXPECT_NE(a.plane, b.plane);
  EXPECT_EQ(a.plane, 1 * 3 + 2);
  EXPECT_NE(a.chunk, c.chunk);
  EXPECT_EQ(a.plane, c.plane);
}

TEST(Source, ChunkPathsAreTheStoresKeys) {
  ome::Multiscale image = make_image("tcyx", {{{3, 2, 64, 64}, {1, 1, 16, 16}, {}, {}}});
  const auto path = [&] {
    const Source source = make_source(image);
    return source.chunk_path(source.tile_key(0, source.grid(0).tile_at(3, 1), {2, 1, 0, 0}).chunk);
  };
  EXPECT_EQ(path(), "0/2/1/1/3");
  image.levels[0].path = "";
  image.levels[0].array.key_encoding = {zarr::ChunkKeyEncoding::Style::kDefault, '/'};
  EXPECT_EQ(path(), "c/2/1/1/3");
}

TEST(Source, LevelForTakesTheFinestThatIsNotTooFine) {
  const Source source = make_source(make_pyramid(8192, 8192, 256, 5, 2, true));
  EXPECT_EQ(source.level_for(0.01, 0.7), 0);
  EXPECT_EQ(source.level_for(1, 0.7), 0);
  EXPECT_EQ(source.level_for(1.5, 0.7), 1);
  EXPECT_EQ(source.level_for(2, 0.7), 1);
  EXPECT_EQ(source.level_for(1000, 0.7), 4);
}

TEST(Source, FallbackIsTheCoarsestLevelThatSaysEnough) {
  EXPECT_EQ(make_source(make_pyramid(8192, 4096, 256, 10, 2, true)).fallback_level(), 6);
  EXPECT_EQ(make_source(make_pyramid(50, 50, 256, 3, 2, true)).fallback_level(), 0);
}

TEST(Source, ChunksOfShardsHaveTheirShardsKeyAndAPlace) {
  ome::Multiscale image = make_image("zyx", {{{8, 100, 90}, {4, 64, 32}, {}, {}}});
  image.levels[0].array.codecs = {
      {"sharding_indexed",
       zarr::ShardingCodec{{1, 16, 16}, {{"bytes", {}}}, {{"bytes", {}}}, false}}};
  image.levels[0].array.part_shape = {1, 16, 16};
  const Source source = make_source(image);
  EXPECT_EQ(source.chunk_bytes(0), 16 * 16 * 2) << "what is decoded at once";
  EXPECT_EQ(source.grid(0).count(0), 6);
  int tiles = 0;
  source.grid(0).visit({-1e6, -1e6, 1e6, 1e6}, [&](const TileGrid::Tile& tile) {
    ++tiles;
    for (std::int64_t z = 0; z < 8; ++z) {
      const TileKey key = source.tile_key(0, tile, {z, 0, 0});
      const std::int64_t x = tile.origin[0];
      const std::int64_t y = tile.origin[1];
      EXPECT_EQ(source.chunk_path(key.chunk), "0/" + std::to_string(z / 4) + "/" +
                                                  std::to_string(y / 64) + "/" +
                                                  std::to_string(x / 32));
      EXPECT_EQ(source.place_in_shard(key.chunk), (z % 4 * 4 + y % 64 / 16) * 2 + x % 32 / 16);
      const auto extent = source.chunk_extent(key.chunk);
      EXPECT_EQ(extent, (std::vector<std::int64_t>{1, std::min<std::int64_t>(16, 100 - y),
                                                   std::min<std::int64_t>(16, 90 - x)}));
      EXPECT_EQ(source.element_offset(0, x + 1, y, {z, 0, 0}), 1);
    }
  });
  EXPECT_EQ(tiles, 7 * 6);
}

TEST(Source, TooManyDimensionsAreRefused) {
  const auto deep = Source::make(
      make_image("abcdefgyx",
                 {{std::vector<std::int64_t>(9, 4), std::vector<std::int64_t>(9, 4), {}, {}}}),
      0, 8, 7, {});
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().message, "expected at most 8 dimensions, received 9 in 0");
}

// Chunks and planes are numbered in 32 bits.
TEST(Source, MoreChunksThanCanBeNumberedAreRefused) {
  const std::int64_t most = kMaximumChunks;
  const auto make = [](std::int64_t size, std::int64_t chunk) {
    return Source::make(make_image("zyx", {{{4, 64, size}, {4, 64, chunk}, {}, {}}}), 0, 2, 1, {});
  };
  EXPECT_TRUE(make(most, 1).ok());
  EXPECT_TRUE(make(most * 1000, 1000).ok());
  const auto refused = make(most * 1000 + 1, 1000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(refused.error().message,
            "expected at most 2147483647 chunks along an axis, received 2147483648 along axis 2 of "
            "array 0; write it with larger chunks");
  const auto huge = make(std::int64_t{1} << 62, 1);
  EXPECT_FALSE(huge.ok());
}

TEST(Source, MorePlanesInAChunkThanCanBeNumberedAreRefused) {
  const auto make = [](std::int64_t planes) {
    return Source::make(make_image("tzyx", {{{planes, 8, 4, 4}, {planes, 8, 4, 4}, {}, {}}}), 0, 3, 2,
                        {});
  };
  EXPECT_TRUE(make(1 << 20).ok());
  EXPECT_FALSE(make(std::int64_t{1} << 28).ok());
  EXPECT_FALSE(make(std::int64_t{1} << 61).ok());
}

}  // namespace
}  // namespace mifa::view
