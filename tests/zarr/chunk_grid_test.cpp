#include "zarr/chunk_grid.h"

#include <gtest/gtest.h>

namespace mifa::zarr {
namespace {

using Shape = std::vector<std::int64_t>;
using Style = ChunkKeyEncoding::Style;

TEST(ChunkKey, OfBothStylesAndSeparators) {
  const Shape index = {1, 0, 23};
  EXPECT_EQ(chunk_key({Style::kDefault, '/'}, index), "c/1/0/23");
  EXPECT_EQ(chunk_key({Style::kDefault, '.'}, index), "c.1.0.23");
  EXPECT_EQ(chunk_key({Style::kV2, '.'}, index), "1.0.23");
  EXPECT_EQ(chunk_key({Style::kV2, '/'}, index), "1/0/23");
}

TEST(ChunkKey, OfAnArrayWithoutDimensions) {
  EXPECT_EQ(chunk_key({Style::kDefault, '/'}, {}), "c");
  EXPECT_EQ(chunk_key({Style::kV2, '.'}, {}), "0");
}

TEST(ChunkKey, OfOneDimension) {
  EXPECT_EQ(chunk_key({Style::kDefault, '/'}, Shape{7}), "c/7");
  EXPECT_EQ(chunk_key({Style::kV2, '.'}, Shape{0}), "0");
}

TEST(ChunkKey, FanoutHasANodeForEachDigit) {
  const ChunkKeyEncoding fanout{Style::kFanout, '/', 100};
  EXPECT_EQ(chunk_key(fanout, {}), "c");
  EXPECT_EQ(chunk_key(fanout, Shape{123}), "d0/1/23/c");
  EXPECT_EQ(chunk_key(fanout, Shape{1234, 5, 67890}), "d0/12/34/d1/5/d2/6/78/90/c");
  EXPECT_EQ(chunk_key(fanout, Shape{0, 100}), "d0/0/d1/1/0/c");
}

TEST(ChunkKey, PrefixAndSuffix) {
  EXPECT_EQ(chunk_key({Style::kV2, '.', 0, "x/", ""}, Shape{0, 0, 0}), "x/0.0.0");
  EXPECT_EQ(chunk_key({Style::kDefault, '/', 0, "", ".tiff"}, Shape{1, 2}), "c/1/2.tiff");
  EXPECT_EQ(chunk_key({Style::kV2, '.', 0, "a", ".zip"}, {}), "a0.zip");
}

TEST(GridShape, CountsTheRaggedLastChunk) {
  EXPECT_EQ(grid_shape(Shape{100, 64, 1, 0}, Shape{32, 64, 5, 5}), (Shape{4, 1, 1, 0}));
  EXPECT_EQ(grid_shape(Shape{INT64_MAX}, Shape{1}), Shape{INT64_MAX});
  EXPECT_EQ(grid_shape(Shape{INT64_MAX}, Shape{INT64_MAX}), Shape{1});
}

TEST(ValidExtent, IsCutAtTheArraysEdge) {
  const Shape shape = {100, 3};
  const Shape chunk = {32, 5};
  EXPECT_EQ(valid_extent(shape, chunk, Shape{0, 0}), (Shape{32, 3}));
  EXPECT_EQ(valid_extent(shape, chunk, Shape{3, 0}), (Shape{4, 3}));
  EXPECT_EQ(valid_extent(shape, chunk, Shape{4, 1}), (Shape{0, 0}));
}

TEST(ValidExtent, OfAllChunksAddUpToTheArray) {
  for (std::int64_t size = 0; size < 40; ++size) {
    for (std::int64_t chunk = 1; chunk < 14; ++chunk) {
      std::int64_t sum = 0;
      const std::int64_t count = grid_shape(Shape{size}, Shape{chunk}).front();
      for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t extent = valid_extent(Shape{size}, Shape{chunk}, Shape{i}).front();
        EXPECT_GE(extent, 1);
        sum += extent;
      }
      EXPECT_EQ(sum, size) << size << " in " << chunk;
    }
  }
}

}  // namespace
}  // namespace mifa::zarr
