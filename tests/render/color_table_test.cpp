// The hash table of label colours, looked up as the shader does.
#include "render/color_table.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>

namespace mifa::render {
namespace {

using Colors = std::map<std::uint64_t, ome::Rgba>;

// shaders/label.frag, styled().
std::optional<ome::Rgba> look_up(const ColorTableTexels& table, std::uint64_t id) {
  if (table.size == 0) return std::nullopt;
  const std::uint32_t hash = label_hash(id);
  for (int i = 0; i < kMaximumProbes; ++i) {
    const auto at = static_cast<int>((hash & 0x7FFFFFFFU) + static_cast<std::uint32_t>(i)) &
                    (table.size - 1);
    const int x = at % table.width;
    const int y = at / table.width;
    const std::uint32_t* row = &table.words[static_cast<std::size_t>(y * table.width + x) * 4];
    if (row[3] == 0) break;
    if ((std::uint64_t{row[1]} << 32U | row[0]) != id) continue;
    return ome::Rgba{static_cast<std::uint8_t>(row[2]), static_cast<std::uint8_t>(row[2] >> 8U),
                     static_cast<std::uint8_t>(row[2] >> 16U),
                     static_cast<std::uint8_t>(row[2] >> 24U)};
  }
  return std::nullopt;
}

void expect_all_found(const Colors& colors) {
  const ColorTableTexels table = build_color_table(&colors);
  EXPECT_EQ(table.size & (table.size - 1), 0) << "a power of two";
  EXPECT_EQ(static_cast<std::size_t>(table.width) * static_cast<std::size_t>(table.height) * 4,
            table.words.size());
  for (const auto& [id, color] : colors) ASSERT_EQ(look_up(table, id), color) << id;
}

ome::Rgba color_of(std::uint64_t id) {
  return {static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(id >> 8U),
          static_cast<std::uint8_t>(id * 7), static_cast<std::uint8_t>(255 - (id & 15U))};
}

TEST(ColorTable, NothingIsOneUnusedTexel) {
  for (const ColorTableTexels& table : {build_color_table(nullptr), [] {
                                          const Colors none;
                                          return build_color_table(&none);
                                        }()}) {
    EXPECT_EQ(table.size, 0);
    EXPECT_EQ(table.words.size(), 4U);
  }
}

TEST(ColorTable, ConsecutiveIdsAreFound) {
  for (const int count : {1, 7, 8, 9, 100, 5000, 100'000}) {
    Colors colors;
    for (int i = 1; i <= count; ++i) {
      const auto id = static_cast<std::uint64_t>(i);
      colors[id] = color_of(id);
    }
    expect_all_found(colors);
  }
}

TEST(ColorTable, LargeIdsAreExact) {
  Colors colors;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    colors[(std::uint64_t{1} << 53U) + i] = color_of(i);
    colors[UINT64_MAX - i] = color_of(i + 1);
    colors[i << 32U | 5U] = color_of(i + 2);
  }
  expect_all_found(colors);
}

TEST(ColorTable, RandomIdsAreFoundAndOthersAreNot) {
  std::mt19937_64 random(9);
  Colors colors;
  for (int i = 0; i < 20'000; ++i) colors[random()] = color_of(random());
  expect_all_found(colors);
  const ColorTableTexels table = build_color_table(&colors);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t id = random();
    if (!colors.contains(id)) {
      ASSERT_EQ(look_up(table, id), std::nullopt);
    }
  }
}

TEST(ColorTable, ZeroAndTransparentAreEntriesLikeAnyOther) {
  expect_all_found({{0, {0, 0, 0, 0}}, {1, {0, 0, 0, 0}}});
}

}  // namespace
}  // namespace mifa::render
