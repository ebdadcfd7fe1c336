#include "zarr/shard_index.h"

#include <gtest/gtest.h>

#include <array>

namespace mifa::zarr {
namespace {

// 8 × 6 shards of 2 × 3 chunks: 4 × 2 inner chunks each.
ArrayMetadata sharded() {
  ArrayMetadata array;
  array.zarr_format = 3;
  array.shape = {16, 12};
  array.chunk_shape = {8, 6};
  ShardingCodec sharding;
  sharding.chunk_shape = {2, 3};
  sharding.codecs = {{"bytes", BytesCodec{}}};
  sharding.index_codecs = {{"bytes", BytesCodec{}}, {"crc32c", Crc32cCodec{}}};
  array.codecs = {{"sharding_indexed", sharding}};
  return array;
}

ShardingCodec& sharding_of(ArrayMetadata& array) {
  return std::get<ShardingCodec>(array.codecs.front().codec);
}

TEST(ShardIndex, LayoutCountsChunksAndIndexBytes) {
  const auto layout = shard_layout(sharded());
  ASSERT_TRUE(layout.ok());
  EXPECT_EQ(layout->chunks, (std::vector<std::int64_t>{4, 2}));
  EXPECT_EQ(layout->count, 8);
  EXPECT_EQ(layout->index_bytes, 8 * 16 + 4);
  EXPECT_FALSE(layout->index_at_start);
}

TEST(ShardIndex, PlacesCountInCOrderInsideTheirShard) {
  const auto layout = shard_layout(sharded());
  ASSERT_TRUE(layout.ok());
  EXPECT_EQ(place_in_shard(*layout, std::array<std::int64_t, 2>{0, 1}), 1);
  EXPECT_EQ(place_in_shard(*layout, std::array<std::int64_t, 2>{1, 0}), 2);
  EXPECT_EQ(place_in_shard(*layout, std::array<std::int64_t, 2>{7, 3}), 7);
  EXPECT_EQ(shard_of(*layout, std::array<std::int64_t, 2>{7, 3}),
            (std::vector<std::int64_t>{1, 1}));
}

TEST(ShardIndex, ShardsThatCannotBeReadInPartsSayWhy) {
  ArrayMetadata outer = sharded();
  outer.codecs.push_back({"zstd", ZstdCodec{}});
  const auto around = shard_layout(outer);
  ASSERT_FALSE(around.ok());
  EXPECT_EQ(around.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(around.error().message,
            "expected a shard whose inner chunks can be read one by one, received other codecs "
            "around sharding_indexed; write the array again without it");

  ArrayMetadata nested = sharded();
  sharding_of(nested).codecs = sharded().codecs;
  EXPECT_NE(shard_layout(nested).error().message.find("inside sharding_indexed"),
            std::string::npos);

  ArrayMetadata compressed = sharded();
  sharding_of(compressed).index_codecs.push_back({"gzip", GzipCodec{}});
  EXPECT_NE(shard_layout(compressed).error().message.find("compressed shard index (codec gzip)"),
            std::string::npos);

  ArrayMetadata huge = sharded();
  huge.chunk_shape = {2 * std::int64_t{1} << 40, 3};
  EXPECT_EQ(shard_layout(huge).error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace mifa::zarr
