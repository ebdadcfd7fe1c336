// From a file's name back to the chunk that it is.
#include "validate/chunk_files.h"

#include <gtest/gtest.h>

#include "zarr/chunk_grid.h"

namespace mifa::validate {
namespace {

using Index = std::vector<std::int64_t>;
using zarr::ChunkKeyEncoding;
using Style = ChunkKeyEncoding::Style;

zarr::ArrayMetadata array_of(ChunkKeyEncoding encoding, std::size_t rank) {
  zarr::ArrayMetadata array;
  array.shape.assign(rank, 100000);
  array.chunk_shape.assign(rank, 1);
  array.key_encoding = std::move(encoding);
  return array;
}

TEST(ChunkFiles, EveryKeyLeadsBackToItsChunk) {
  const ChunkKeyEncoding all[] = {{Style::kDefault, '/'},
                                  {Style::kDefault, '.'},
                                  {Style::kV2, '.'},
                                  {Style::kV2, '/'},
                                  {Style::kFanout, '/', 3},
                                  {Style::kFanout, '/', 100},
                                  {Style::kFanout, '/', 100, "p/", ".tif"},
                                  {Style::kV2, '.', 0, "x", ".zip"}};
  for (const ChunkKeyEncoding& encoding : all) {
    for (const Index& index : {Index{0, 0}, Index{1, 99}, Index{100, 3}, Index{12345, 67890}}) {
      const std::string key = zarr::chunk_key(encoding, index);
      EXPECT_EQ(parse_chunk_key(array_of(encoding, 2), key), index) << key;
      EXPECT_EQ(parse_chunk_key(array_of(encoding, 3), key), std::nullopt) << key;
    }
  }
}

TEST(ChunkFiles, OtherFilesAreNoChunks) {
  const auto fanout = array_of({Style::kFanout, '/', 100}, 1);
  for (const char* other : {"", "c", "d0", "d0/1", "d0/01/c", "d0/100/c", "d0/1/x/c", "d1/1/c", "1/c",
                            "d0/1/c/c", "d0/999999999999999999/99/c", "zarr.json", "d0//c"}) {
    EXPECT_EQ(parse_chunk_key(fanout, other), std::nullopt) << other;
  }
  const auto suffixed = array_of({Style::kV2, '.', 0, "", ".tif"}, 2);
  EXPECT_EQ(parse_chunk_key(suffixed, "1.2"), std::nullopt);
  EXPECT_EQ(parse_chunk_key(suffixed, ".tif"), std::nullopt);
  EXPECT_EQ(parse_chunk_key(suffixed, "1.2.tif"), (Index{1, 2}));
}

}  // namespace
}  // namespace mifa::validate
