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

TEST(ShardIndex, TransposedShardsCountInTheirOwnOrder) {
  ArrayMetadata array = sharded();
  array.codecs.insert(array.codecs.begin(), {"transpose", TransposeCodec{{1, 0}}});
  // Stored 6 × 8, inner chunks of 2 × 4 there: 3 × 2 of them, of 4 × 2 along the array's axes.
  std::get<ShardingCodec>(array.codecs.back().codec).chunk_shape = {2, 4};
  const auto layout = shard_layout(array);
  ASSERT_TRUE(layout.ok());
  EXPECT_EQ(layout->chunks, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(layout->count, 6);
  EXPECT_EQ(place_in_shard(*layout, std::array<std::int64_t, 2>{1, 0}), 1);
  EXPECT_EQ(place_in_shard(*layout, std::array<std::int64_t, 2>{0, 1}), 2);
  EXPECT_EQ(place_in_shard(*layout, std::array<std::int64_t, 2>{3, 4}), 3);
  EXPECT_EQ(shard_of(*layout, std::array<std::int64_t, 2>{3, 4}),
            (std::vector<std::int64_t>{1, 1}));
}

TEST(ShardIndex, AnIndexTooLargeToReadIsRefused) {
  ArrayMetadata huge = sharded();
  huge.chunk_shape = {2 * std::int64_t{1} << 40, 3};
  EXPECT_EQ(shard_layout(huge).error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace mifa::zarr
