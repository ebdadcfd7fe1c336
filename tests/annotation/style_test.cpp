#include "annotation/style.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "annotation/engine_layers.h"
#include "annotation/object_table.h"

namespace mifa::annotation {
namespace {

Color color_of(const Style& style, std::size_t object) {
  return {style.colors[4 * object], style.colors[4 * object + 1], style.colors[4 * object + 2]};
}

std::unique_ptr<Layer> cells() {
  LayerBuilder builder("cells.csv");
  const char* names[] = {"Tumor", "Stroma", "Tumor", ""};
  for (int i = 0; i < 4; ++i) {
    builder.begin(static_cast<std::uint32_t>(i));
    builder.point(i, i);
    builder.category(names[i]);
    if (i < 3) builder.number("score", 0.5 * i);
    builder.text("note", i % 2 ? "Second kind" : "first");
    builder.integer("id", 10 + i);
    builder.end();
  }
  return builder.take();
}

TEST(Palette, GivesANameTheSameColourInEveryFile) {
  const std::string one[] = {"Tumor"}, more[] = {"Stroma", "Necrosis", "Tumor", "Immune cells"};
  const Color alone = name_colors(one)[0];
  EXPECT_TRUE(std::find(kOkabeIto.begin(), kOkabeIto.end(), alone) != kOkabeIto.end());
  // Nobody but a name that wants the same one, and comes before it, takes it away.
  const auto colors = name_colors(more);
  EXPECT_EQ(colors[2], alone);
  EXPECT_EQ(std::set<Color>(colors.begin(), colors.end()).size(), 4U);
  EXPECT_EQ(stable_hash("Tumor"), stable_hash(std::string("Tumor")));
}

TEST(Palette, GivesSevenNamesTheSevenColoursThatAllEyesTellApart) {
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) names.push_back("class " + std::to_string(i));
  const auto colors = name_colors(names);
  EXPECT_EQ(std::set<Color>(colors.begin(), colors.end()), std::set<Color>(kOkabeIto.begin(), kOkabeIto.end()));
}

TEST(Palette, KeepsNamesOfOneListApart) {
  const auto distance = [](const Color& a, const Color& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  };
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("class " + std::to_string(i));
  const auto colors = name_colors(names);
  for (std::size_t i = 0; i < colors.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_GT(distance(colors[i], colors[j]), 20) << names[i] << ", " << names[j];
  }
}

TEST(Palette, KeepsClearOfColoursThatTheFileGives) {
  const std::string names[] = {"Stroma", "Tumor"};
  const std::string one[] = {"Tumor"};
  const Color wanted = name_colors(one)[0];
  const std::optional<Color> given[] = {wanted, std::nullopt};
  const auto colors = name_colors(names, given);
  EXPECT_EQ(colors[0], wanted);
  EXPECT_NE(colors[1], wanted);
  EXPECT_TRUE(std::find(kOkabeIto.begin(), kOkabeIto.end(), colors[1]) != kOkabeIto.end());
}

TEST(Palette, GivesManyNamesDifferentColours) {
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back("class " + std::to_string(i));
  const auto colors = name_colors(names);
  EXPECT_GE(std::set<Color>(colors.begin(), colors.end()).size(), 298U);
}

TEST(Style, ColoursByCategoryWithALegend) {
  const auto layer = cells();
  const Style style = style_of(*layer, {}, {});
  EXPECT_EQ(color_of(style, 0), color_of(style, 2));
  EXPECT_NE(color_of(style, 0), color_of(style, 1));
  EXPECT_EQ(color_of(style, 3), kNeutral);
  EXPECT_EQ(style.visible, 4);
  ASSERT_EQ(style.legend.entries.size(), 3U);
  EXPECT_EQ(style.legend.entries[0].label, "Tumor");
  EXPECT_EQ(style.legend.entries[0].count, 2);
  EXPECT_EQ(style.legend.entries[2].label, "none");
}

TEST(Style, ColoursNumbersByARamp) {
  const auto layer = cells();
  const Style style = style_of(*layer, {ColorBy::Kind::kColumn, {}, "score"}, {});
  EXPECT_TRUE(style.legend.is_ramp);
  EXPECT_EQ(style.legend.minimum, 0);
  EXPECT_EQ(style.legend.maximum, 1);
  EXPECT_EQ(color_of(style, 0), ramp_color(0));
  EXPECT_EQ(color_of(style, 2), ramp_color(1));
  EXPECT_EQ(color_of(style, 3), kNeutral);
}

TEST(Style, ColoursTextsByValue) {
  const auto layer = cells();
  const Style style = style_of(*layer, {ColorBy::Kind::kColumn, {}, "note"}, {});
  ASSERT_EQ(style.legend.entries.size(), 2U);
  EXPECT_EQ(color_of(style, 1), color_of(style, 3));
  EXPECT_EQ(style_of(*layer, {ColorBy::Kind::kColumn, {}, "nothing"}, {}).colors.size(), 16U);
}

TEST(Filter, HidesCategoriesRangesAndTexts) {
  const auto layer = cells();
  EXPECT_TRUE(filter_mask(*layer, {}).empty());
  EXPECT_EQ(filter_mask(*layer, {.hidden = {-1, 1, 99}, .ranges = {}, .hidden_texts = {}}), (Mask{1, 0, 1, 0}));
  EXPECT_EQ(filter_mask(*layer, {.hidden = {}, .ranges = {{"score", 0.5, 1}}, .hidden_texts = {}}),
            (Mask{0, 1, 1, 0}));
  EXPECT_EQ(filter_mask(*layer, {.hidden = {}, .ranges = {}, .hidden_texts = {{"note", {"first"}}}}),
            (Mask{0, 1, 0, 1}));
  EXPECT_EQ(filter_mask(*layer, {.hidden = {}, .ranges = {}, .hidden_texts = {{"id", {"12"}}}}),
            (Mask{1, 1, 0, 1}));
}

TEST(ObjectTable, SortsSearchesAndFilters) {
  const auto layer = cells();
  ObjectTable table(*layer);
  EXPECT_EQ(table.columns(), (std::vector<std::string>{"#", "category", "score", "note", "id"}));
  using Rows = std::vector<std::uint32_t>;
  const auto rows = [&](TableQuery query, const Mask& mask = {}) {
    table.forget();
    return table.rows(query, mask);
  };
  EXPECT_EQ(rows({}), (Rows{0, 1, 2, 3}));
  EXPECT_EQ(rows({.sort = "score", .descending = true, .search = {}, .filtered = true, .only = {}}), (Rows{2, 1, 0, 3}));
  EXPECT_EQ(rows({.sort = "note", .descending = false, .search = {}, .filtered = true, .only = {}}), (Rows{0, 2, 1, 3}));
  EXPECT_EQ(rows({.sort = "category", .descending = false, .search = {}, .filtered = true, .only = {}}), (Rows{1, 0, 2, 3}));
  EXPECT_EQ(rows({.sort = "#", .descending = false, .search = "KIND tum", .filtered = true, .only = {}}), (Rows{}));
  EXPECT_EQ(rows({.sort = "#", .descending = false, .search = "first tum", .filtered = true, .only = {}}), (Rows{0, 2}));
  EXPECT_EQ(rows({.sort = "#", .descending = false, .search = "0.5", .filtered = true, .only = {}}), (Rows{1}));
  EXPECT_EQ(rows({.sort = "#", .descending = false, .search = "13", .filtered = true, .only = {}}), (Rows{3}));
  EXPECT_EQ(rows({.sort = "#", .descending = true, .search = {}, .filtered = true, .only = {}}, {1, 0, 0, 1}), (Rows{3, 0}));
  EXPECT_EQ(rows({.sort = "#", .descending = false, .search = {}, .filtered = false, .only = Rows{2, 1, 77}}, {0, 0, 0, 0}), (Rows{2, 1}));
  EXPECT_EQ(table.cells(1), (std::vector<std::string>{"1", "Stroma", "0.5", "Second kind", "11"}));
}

TEST(ObjectTable, ShowsAreaOfShapes) {
  const auto layer = grid_layer(2);
  const ObjectTable table(*layer);
  EXPECT_EQ(table.columns(), (std::vector<std::string>{"#", "category", "area"}));
  EXPECT_EQ(table.cells(1), (std::vector<std::string>{"1", "odd", "64"}));
}

}  // namespace
}  // namespace mifa::annotation
