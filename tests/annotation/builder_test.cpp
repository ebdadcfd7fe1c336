#include "annotation/builder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mifa::annotation {
namespace {

TEST(LayerBuilder, BuildsAPolygonWithAHoleACategoryAndProperties) {
  LayerBuilder builder("folder/cells.json");
  builder.layer().pointer_before = "/features/";
  ASSERT_TRUE(builder.begin(4, 12));
  builder.part(PartKind::kRing);
  for (const auto& [x, y] : {std::pair{0, 0}, {10, 0}, {10, 10}, {0, 0}}) builder.vertex(x, y);
  builder.part(PartKind::kHole);
  for (const auto& [x, y] : {std::pair{5, 1}, {6, 1}, {6, 2}}) builder.vertex(x, y);
  builder.category("Tumor");
  builder.number("area", 50);
  builder.frames(3, 2);
  builder.end();
  const auto layer = builder.take();
  ASSERT_EQ(layer->size(), 1U);
  EXPECT_EQ(layer->name, "cells.json");
  EXPECT_EQ(layer->file, "folder/cells.json");
  EXPECT_EQ(layer->shapes[0], Shape::kPolygon);
  EXPECT_EQ(layer->parts(), 2U);
  EXPECT_EQ(layer->vertices(), 6U) << "the closing vertex is not repeated";
  EXPECT_EQ(layer->bounds(0), (std::array<double, 4>{0, 0, 10, 10}));
  EXPECT_EQ(layer->categories[0].name, "Tumor");
  EXPECT_EQ(layer->categories[0].count, 1);
  EXPECT_EQ(layer->find("area")->number(0), 50);
  EXPECT_EQ(layer->t_begin[0], 2);
  EXPECT_EQ(layer->t_end[0], 3);
  EXPECT_TRUE(layer->z_begin.empty());
  EXPECT_EQ(layer->pointer(0), "/features/4");
  EXPECT_EQ(layer->place_line[0], 12U);
  EXPECT_TRUE(layer->issues.empty());
  EXPECT_EQ(layer->kind, LayerKind::kShapes);
}

TEST(LayerBuilder, KeepsAnObjectWhosePartsAreDegenerate) {
  LayerBuilder builder("a");
  builder.begin(0, 3);
  builder.part(PartKind::kRing);
  for (int i = 0; i < 4; ++i) builder.vertex(1, 1);
  builder.part(PartKind::kHole);
  for (int i = 0; i < 3; ++i) builder.vertex(i, i * i);
  builder.end();
  builder.begin(1, 4);
  builder.point(1, std::numeric_limits<double>::infinity());
  builder.end();
  const auto layer = builder.take();
  EXPECT_EQ(layer->size(), 2U);
  EXPECT_EQ(layer->shapes[0], Shape::kNone);
  EXPECT_EQ(layer->parts(), 0U);
  ASSERT_EQ(layer->issues.size(), 2U);  // one fault, one issue
  EXPECT_EQ(layer->issues[0].rule, "annotation/degenerate-shape");
  EXPECT_EQ(layer->issues[0].received, "2 parts with fewer");
  EXPECT_EQ(layer->issues[0].line, 3);
  EXPECT_EQ(layer->issues[1].rule, "annotation/coordinate-not-finite");
}

TEST(LayerBuilder, ForgetsAnAbandonedObject) {
  LayerBuilder builder("a");
  builder.begin(0);
  builder.box(5, 5, 1, 1);
  builder.text("name", "no");
  builder.abandon();
  builder.begin(1);
  builder.box(5, 6, 1, 2);
  builder.end();
  const auto layer = builder.take();
  ASSERT_EQ(layer->size(), 1U);
  EXPECT_FALSE(layer->find("name")->has(0));
  EXPECT_EQ(layer->bounds(0), (std::array<double, 4>{1, 2, 5, 6}));
  EXPECT_EQ(layer->place_ordinal[0], 1U);
  EXPECT_EQ(layer->kind, LayerKind::kBoxes);
}

TEST(LayerBuilder, KeepsFarCoordinatesExactByAnOrigin) {
  LayerBuilder builder("a");
  builder.begin(0);
  builder.point(5'000'000.25, -3'000'000.5);
  builder.end();
  EXPECT_EQ(builder.layer().origin, (std::array<double, 2>{5'000'000, -3'000'001}));
  EXPECT_EQ(builder.layer().bounds(0)->at(0), 5'000'000.25);
}

TEST(LayerBuilder, TellsOnceThatALayerIsFull) {
  LayerLimits limits;
  limits.objects = 2;
  LayerBuilder builder("a", limits);
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(builder.begin(i), i < 2);
    builder.point(1, 1);
    builder.integer("n", i);
    builder.end();
  }
  const auto layer = builder.take();
  EXPECT_EQ(layer->size(), 2U);
  ASSERT_EQ(layer->issues.size(), 1U);
  EXPECT_EQ(layer->issues[0].rule, "annotation/too-many-objects");
  EXPECT_EQ(layer->issues[0].expected, "at most 2 objects with 120000000 vertices");
}

TEST(LayerBuilder, KnowsCategoriesByNameAndId) {
  LayerBuilder builder("a");
  const int cell = builder.define_category("cell", "7", Color{1, 2, 3});
  EXPECT_EQ(builder.define_category("cell"), cell);
  EXPECT_NE(builder.define_category("cell", "8"), cell) << "another id: another category";
  EXPECT_EQ(builder.category_with_id("7"), cell);
  EXPECT_EQ(builder.category_with_id("9"), std::nullopt);
}

TEST(LayerBuilder, CountsIssuesBeyondTheLimitOfARule) {
  LayerBuilder builder("a");
  for (int i = 0; i < 20; ++i) builder.issue("annotation/x", Severity::kError, "m", "", 0, "", "", "");
  EXPECT_EQ(builder.layer().issues.size(), 16U);
  EXPECT_EQ(builder.layer().issues_untold, 4);
}

TEST(LayerBuilder, GivesARoleToOneColumn) {
  LayerBuilder builder("a");
  Column* id = builder.column("id", ColumnType::kInteger, Role::kId);
  EXPECT_EQ(builder.column("other", ColumnType::kInteger, Role::kId)->role, Role::kNone);
  EXPECT_EQ(builder.layer().with_role(Role::kId), id);
}

}  // namespace
}  // namespace mifa::annotation
