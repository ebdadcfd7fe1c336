#include "view/tile_store.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace mifa::view {
namespace {

TileKey key(int n, int source = 0) {
  TileKey result;
  result.chunk.source = source;
  result.chunk.index[0] = n;
  return result;
}

// 64 texels a tile, at most four slots a block, sixteen in all.
Limits small() {
  Limits limits;
  limits.gpu_block_bytes = 4 * 64;
  limits.gpu_bytes = 4 * limits.gpu_block_bytes;
  return limits;
}

constexpr std::array<std::int64_t, 2> kTile = {8, 8};

TEST(TileStore, FormatsHoldTheirTypesExactly) {
  EXPECT_EQ(texel_format(zarr::DataType::kBool), TexelFormat::kU8);
  EXPECT_EQ(texel_format(zarr::DataType::kFloat64), TexelFormat::kF32);
  for (int i = 0; i <= static_cast<int>(zarr::DataType::kFloat64); ++i) {
    const auto type = static_cast<zarr::DataType>(i);
    if (type == zarr::DataType::kFloat64) continue;
    EXPECT_EQ(texel_bytes(texel_format(type)), zarr::byte_size(type)) << zarr::name(type);
  }
}

TEST(TileStore, FindsWhatItGaveOut) {
  TileStore store(small());
  store.begin_frame();
  EXPECT_EQ(store.find(key(1)), std::nullopt);
  const auto slot = store.allocate(key(1), TexelFormat::kU8, kTile);
  ASSERT_TRUE(slot);
  EXPECT_EQ(store.find(key(1)), slot);
  EXPECT_EQ(store.allocate(key(1), TexelFormat::kU8, kTile), slot);
  EXPECT_EQ(store.resident(), 1);
}

TEST(TileStore, EvictsTheLongestUnused) {
  TileStore store(small());
  for (int i = 0; i < 16; ++i) {
    store.begin_frame();
    ASSERT_TRUE(store.allocate(key(i), TexelFormat::kU8, kTile));
  }
  store.begin_frame();
  for (int i = 0; i < 16; ++i) {
    if (i != 5) store.find(key(i));
  }
  store.begin_frame();
  ASSERT_TRUE(store.allocate(key(16), TexelFormat::kU8, kTile));
  EXPECT_EQ(store.find(key(5)), std::nullopt);
  for (int i = 0; i < 17; ++i) EXPECT_EQ(store.find(key(i)).has_value(), i != 5) << i;
}

TEST(TileStore, SlotsInUseAreNeverTaken) {
  TileStore store(small());
  store.begin_frame();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(store.allocate(key(i), TexelFormat::kU8, kTile));
  EXPECT_EQ(store.allocate(key(16), TexelFormat::kU8, kTile), std::nullopt);
  EXPECT_EQ(store.resident(), 16);
  store.begin_frame();
  for (int i = 1; i < 16; ++i) store.find(key(i));
  ASSERT_TRUE(store.allocate(key(16), TexelFormat::kU8, kTile));
  EXPECT_EQ(store.allocate(key(17), TexelFormat::kU8, kTile), std::nullopt);
}

TEST(TileStore, IdleBlocksAreGivenToAnotherFormat) {
  TileStore store(small());
  store.begin_frame();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(store.allocate(key(i), TexelFormat::kU8, kTile));
  store.begin_frame();
  store.find(key(0));  // keeps its block
  const std::uint32_t before = store.revision();
  ASSERT_TRUE(store.allocate(key(100), TexelFormat::kU16, kTile));
  EXPECT_NE(store.revision(), before);
  EXPECT_TRUE(store.find(key(0)));
  EXPECT_LE(store.gpu_bytes(), small().gpu_bytes);
  EXPECT_GE(store.resident(), 16 - 1 - 4 + 1) << "no more was released than had to be";
  EXPECT_LT(store.resident(), 17);
}

TEST(TileStore, OneBlockIsMadeWhateverTheLimit) {
  Limits limits = small();
  limits.gpu_bytes = 1;
  TileStore store(limits);
  store.begin_frame();
  EXPECT_TRUE(store.allocate(key(1), TexelFormat::kU64, {1024, 1024}));
  EXPECT_EQ(store.allocate(key(2), TexelFormat::kU8, kTile), std::nullopt);
}

TEST(TileStore, ABlockHasNoMoreLayersThanWebGl2Guarantees) {
  Limits limits;
  TileStore store(limits);
  store.begin_frame();
  ASSERT_TRUE(store.allocate(key(1), TexelFormat::kU8, {16, 16}));
  EXPECT_EQ(store.blocks().front().layers, 256);
}

// Many images, each with tiles of another size, must not each hold a block for hundreds.
TEST(TileStore, ATileOfItsOwnKindTakesASmallBlock) {
  const Limits limits;
  TileStore store(limits);
  store.begin_frame();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(store.allocate(key(i), TexelFormat::kU16, {300 + i, 400})) << i;
  }
  EXPECT_LE(store.gpu_bytes(), limits.gpu_bytes / 2);
}

TEST(TileStore, BlocksGrowWithTheNumberOfTiles) {
  TileStore store(Limits{});
  store.begin_frame();
  for (int i = 0; i < 40; ++i) store.allocate(key(i), TexelFormat::kU16, {1024, 1024});
  std::vector<int> layers;
  for (const Block& block : store.blocks()) layers.push_back(block.layers);
  EXPECT_EQ(layers, (std::vector<int>{1, 2, 8, 8, 8, 8, 8}));
}

TEST(TileStore, TheLastBlockTakesTheRoomThatIsLeft) {
  Limits limits;
  limits.gpu_block_bytes = 4 * 64;
  limits.gpu_bytes = 11 * 64;
  TileStore store(limits);
  store.begin_frame();
  for (int i = 0; i < 11; ++i) ASSERT_TRUE(store.allocate(key(i), TexelFormat::kU8, kTile)) << i;
  EXPECT_FALSE(store.allocate(key(11), TexelFormat::kU8, kTile));
  EXPECT_EQ(store.gpu_bytes(), limits.gpu_bytes);
}

TEST(TileStore, ClearForgetsAllAndSaysSo) {
  TileStore store(small());
  store.begin_frame();
  store.allocate(key(1), TexelFormat::kU8, kTile);
  const std::uint32_t before = store.revision();
  store.clear();
  EXPECT_NE(store.revision(), before);
  EXPECT_EQ(store.find(key(1)), std::nullopt);
  EXPECT_EQ(store.gpu_bytes(), 0);
  EXPECT_TRUE(store.blocks().empty());
}

TEST(TileStore, RandomUseKeepsBudgetAndGivesEachSlotOnce) {
  const Limits limits = small();
  TileStore store(limits);
  std::mt19937 random(11);
  for (int frame = 0; frame < 3000; ++frame) {
    store.begin_frame();
    std::set<std::pair<int, int>> used;
    const auto use = [&](const Slot& slot) {
      EXPECT_TRUE(used.insert({slot.block, slot.layer}).second) << "given out twice";
      ASSERT_LT(slot.block, static_cast<int>(store.blocks().size()));
      EXPECT_LT(slot.layer, store.blocks()[static_cast<std::size_t>(slot.block)].layers);
    };
    std::set<int> wanted;
    for (int i = 0; i < 6; ++i) wanted.insert(static_cast<int>(random() % 40));
    for (const int n : wanted) {
      const auto format = n % 3 == 0   ? TexelFormat::kU16
                          : n % 3 == 1 ? TexelFormat::kU8
                                       : TexelFormat::kF32;
      const std::array<std::int64_t, 2> tile = {8, n % 2 == 0 ? 8 : 4};
      if (const auto slot = store.allocate(key(n), format, tile)) {
        use(*slot);
        const Block& block = store.blocks()[static_cast<std::size_t>(slot->block)];
        EXPECT_EQ(block.format, format);
        EXPECT_EQ(block.tile[1], tile[1]);
      }
    }
    ASSERT_LE(store.gpu_bytes(), limits.gpu_bytes);
    std::int64_t bytes = 0;
    std::int64_t slots = 0;
    for (const Block& block : store.blocks()) {
      bytes += std::int64_t{block.tile[0]} * block.tile[1] * block.layers * texel_bytes(block.format);
      slots += block.layers;
    }
    ASSERT_EQ(bytes, store.gpu_bytes());
    ASSERT_LE(store.resident(), slots);
  }
}

}  // namespace
}  // namespace mifa::view
