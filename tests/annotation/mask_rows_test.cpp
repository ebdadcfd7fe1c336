#include "annotation/mask_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "annotation/builder.h"

namespace mifa::annotation {
namespace {

// Ids 1, 2, 3 on frame 0, 1 and 1 again on frame 1, and a row without one.
std::unique_ptr<Layer> rows(Role role) {
  LayerBuilder builder("nuclei.csv");
  const std::pair<int, int> cells[] = {{0, 1}, {0, 2}, {0, 3}, {1, 1}, {1, 1}};
  std::uint32_t ordinal = 0;
  for (const auto& [frame, id] : cells) {
    builder.begin(ordinal++);
    builder.frames(frame, frame);
    builder.integer("nucleus", id);
    builder.end();
  }
  builder.begin(ordinal);
  builder.frames(0, 0);
  builder.end();
  auto layer = builder.take();
  layer->find("nucleus")->role = role;
  return layer;
}

TEST(MaskRows, FindsTheColumnOfIds) {
  EXPECT_EQ(mask_id_column(*rows(Role::kInstance))->name(), "nucleus");
  EXPECT_EQ(mask_id_column(*rows(Role::kId))->name(), "nucleus");
  EXPECT_EQ(mask_id_column(*rows(Role::kTrack)), nullptr);
}

TEST(MaskRows, FindsTheRowOfAnIdOnItsFrame) {
  const auto layer = rows(Role::kId);
  const MaskRows first(*layer, 0), second(*layer, 1);
  EXPECT_EQ(first.object(1), 0U);
  EXPECT_EQ(first.object(3), 2U);
  EXPECT_EQ(first.object(4), std::nullopt);
  EXPECT_EQ(first.object(0), std::nullopt);
  EXPECT_EQ(second.object(1), 3U) << "the first of two";
  EXPECT_EQ(second.repeated(), 1U);
  EXPECT_EQ(second.object(2), std::nullopt);
  EXPECT_EQ(MaskRows(*rows(Role::kScore), 0).object(1), std::nullopt);
}

TEST(MaskRows, GivesIdsTheColoursOfTheirRows) {
  const auto layer = rows(Role::kId);
  std::vector<std::uint8_t> colors;
  for (std::uint8_t i = 0; i < 6; ++i) colors.insert(colors.end(), {i, 10, 20, 255});
  const auto words = MaskRows(*layer, 0).colored(colors);
  ASSERT_EQ(words.size(), 9U);
  EXPECT_EQ(words[3], 2U);
  EXPECT_EQ(words[4], 0U);
  EXPECT_EQ(words[5], 0xff140a01U);
}

TEST(MaskRows, TellsIdsWithoutRowsAndRowsWithoutPixels) {
  const auto layer = rows(Role::kId);
  const std::int64_t ids[] = {0, 7, 2, 7, 3};
  const auto difference = MaskRows(*layer, 0).compare(ids);
  EXPECT_EQ(difference.ids, (std::vector<std::int64_t>{7}));
  EXPECT_EQ(difference.objects, (std::vector<std::uint32_t>{0}));
}

}  // namespace
}  // namespace mifa::annotation
