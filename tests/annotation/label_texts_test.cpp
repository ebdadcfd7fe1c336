#include "annotation/label_texts.h"

#include <gtest/gtest.h>

#include <cmath>

#include "annotation/engine_layers.h"

namespace mifa::annotation {
namespace {

std::vector<std::string> texts(const std::vector<LabelText>& labels) {
  std::vector<std::string> result;
  for (const LabelText& label : labels) result.push_back(label.text);
  return result;
}

LabelQuery over(double x0, double y0, double x1, double y1) {
  LabelQuery query;
  query.x0 = x0;
  query.y0 = y0;
  query.x1 = x1;
  query.y1 = y1;
  return query;
}

std::unique_ptr<Layer> cells() {
  LayerBuilder builder("cells.csv");
  for (int i = 0; i < 4; ++i) {
    builder.begin(static_cast<std::uint32_t>(i));
    builder.point(10 * i, 5);
    if (i != 2) builder.category(i == 0 ? "Tumor" : "Stroma");
    if (i != 1) builder.text("note", std::string(i == 3 ? 70 : 3, 'n'));
    builder.frames(i, i);
    builder.end();
  }
  return builder.take();
}

TEST(LabelTexts, TellsWhatIsInViewAndHasOne) {
  const auto layer = cells();
  const SpatialOrder order(*layer);
  const auto all = label_texts(*layer, order, {}, over(0, 0, 30, 10));
  EXPECT_EQ(texts(all), (std::vector<std::string>{"Tumor", "Stroma", "Stroma"}));
  EXPECT_EQ(all[1].x, 10);
  EXPECT_EQ(all[1].y, 5);
  EXPECT_EQ(all[1].half, 0);
  EXPECT_EQ(label_texts(*layer, order, {}, over(5, 0, 15, 10)).size(), 1U);
  EXPECT_EQ(label_texts(*layer, order, {0, 1, 1, 1}, over(0, 0, 30, 10)).size(), 2U) << "filtered";
  LabelQuery query = over(0, 0, 30, 10);
  query.frame = 3;
  EXPECT_EQ(texts(label_texts(*layer, order, {}, query)), (std::vector<std::string>{"Stroma"}));
  EXPECT_TRUE(label_texts(*layer, order, {}, over(NAN, 0, 30, 10)).empty());
}

TEST(LabelTexts, TellsColumnsIdsAndShortensLongOnes) {
  const auto layer = cells();
  const SpatialOrder order(*layer);
  LabelQuery query = over(0, 0, 30, 10);
  query.kind = LabelQuery::Kind::kColumn;
  query.column = "note";
  const auto notes = texts(label_texts(*layer, order, {}, query));
  EXPECT_EQ(notes, (std::vector<std::string>{"nnn", "nnn", std::string(64, 'n') + "…"}));
  query.column = "no such";
  EXPECT_TRUE(label_texts(*layer, order, {}, query).empty());
  query.kind = LabelQuery::Kind::kTrack;
  EXPECT_TRUE(label_texts(*layer, order, {}, query).empty()) << "no tracks";
  query.kind = LabelQuery::Kind::kId;
  EXPECT_EQ(texts(label_texts(*layer, order, {}, query)), (std::vector<std::string>{"1", "2", "3", "4"}))
      << "no ids: numbers, as in the table";
}

TEST(LabelTexts, GivesEachCellOneLabelTheLargestObjects) {
  const auto layer = grid_layer(64);
  const SpatialOrder order(*layer);
  LabelQuery query = over(0, 0, 640, 640);
  EXPECT_EQ(label_texts(*layer, order, {}, query).size(), kLabelsAtOnce);
  query.cell_width = query.cell_height = 64;
  EXPECT_EQ(label_texts(*layer, order, {}, query).size(), 100U);
  // The same objects have them when the view moves on.
  query.x0 = query.y0 = 128;
  query.x1 = query.y1 = 256;
  const auto some = label_texts(*layer, order, {}, query);
  EXPECT_EQ(some.size(), 4U);
  LayerBuilder builder("a");
  add_square(builder, 0, 0, 4, "small");
  add_square(builder, 1, 1, 8, "large");
  const auto two = builder.take();
  const SpatialOrder two_order(*two);
  LabelQuery one = over(0, 0, 10, 10);
  one.cell_width = one.cell_height = 50;
  EXPECT_EQ(texts(label_texts(*two, two_order, {}, one)), (std::vector<std::string>{"large"}));
}

}  // namespace
}  // namespace mifa::annotation
