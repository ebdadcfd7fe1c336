#include "annotation/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "annotation/engine_layers.h"
#include "annotation/image_placement.h"

namespace mifa::annotation {
namespace {

ImageContext image(std::int64_t width, std::int64_t height) {
  ImageContext context;
  context.width = width;
  context.height = height;
  return context;
}

QualityReport report_of(const Layer& layer, const ImageContext& context = image(1000, 1000), QualityLimits limits = {}) {
  return quality_of(layer, SpatialOrder(layer), context, limits);
}

// "rule count object…" of each entry but those named.
std::string entries(const QualityReport& report) {
  std::string text;
  for (const QualityEntry& entry : report.entries) {
    text += entry.rule + " " + std::to_string(entry.count) + ":";
    for (const std::uint32_t object : entry.objects) text += " " + std::to_string(object);
    text += "\n";
  }
  return text;
}

TEST(Quality, FindsNothingInAGrid) {
  const auto layer = grid_layer(10);
  const QualityReport report = report_of(*layer, image(100, 100));
  EXPECT_EQ(entries(report), "");
  ASSERT_TRUE(report.sizes);
  EXPECT_EQ(report.sizes->median, 64);
  EXPECT_EQ(report.sizes->unit, "pixels²");
  EXPECT_EQ(report.sizes->edges.size(), report.sizes->counts.size() + 1);
  std::int64_t all = 0;
  for (const std::int64_t count : report.sizes->counts) all += count;
  EXPECT_EQ(all, 100);
  ASSERT_TRUE(report.coverage);
  EXPECT_NEAR(*report.coverage, 0.64, 0.02);
}

TEST(Quality, CountsCoverageOfSmallAndLargeShapes) {
  const auto layer = grid_layer(100);
  EXPECT_NEAR(*report_of(*layer, image(1000, 1000)).coverage, 0.64, 0.02);
  EXPECT_NEAR(*report_of(*layer, image(20'000, 10'000)).coverage, 0.64 / 200, 0.0005);
  LayerBuilder builder("a");
  add_square(builder, 0, 0, 500);
  add_square(builder, 0, 0, 500);
  EXPECT_NEAR(*report_of(*builder.take(), image(1000, 1000)).coverage, 0.25, 0.01) << "the same place counts once";
}

TEST(Quality, FindsWhatLiesOutside) {
  LayerBuilder builder("a");
  add_square(builder, 10, 10, 8);
  add_square(builder, 200, 10, 8);
  add_square(builder, 95, 10, 8);
  builder.begin(3);
  builder.point(5, 5);
  builder.frames(1, 1);
  builder.end();
  const auto layer = builder.take();
  EXPECT_EQ(entries(report_of(*layer, image(100, 100))),
            "annotation/outside-image 1: 1\nannotation/outside-planes 1: 3\nannotation/across-image-edge 1: 2\n");
}

TEST(Quality, PlacesPhysicalAndNormalizedCoordinates) {
  LayerBuilder builder("a");
  add_square(builder, 40, 40, 8);
  const auto layer = builder.take();
  layer->space.unit = Space::Unit::kPhysical;
  layer->space.unit_name = "nanometer";
  ImageContext context = image(100, 100);
  EXPECT_FALSE(report_of(*layer, context).coverage) << "the image says no pixel size";
  context.pixel_width = context.pixel_height = 0.001;
  context.unit = "micrometer";
  EXPECT_EQ(entries(report_of(*layer, context)), "");
  EXPECT_EQ(report_of(*layer, context).sizes->unit, "nanometer²");
  context.pixel_width = 0.0001;
  EXPECT_EQ(entries(report_of(*layer, context)), "annotation/outside-image 1: 0\n");
  layer->space = {};
  layer->space.unit = Space::Unit::kNormalized;
  EXPECT_EQ(entries(report_of(*layer, context)), "annotation/outside-image 1: 0\n");
  layer->space.affine = {0.01, 0, 0, 0, 0.01, 0};
  EXPECT_EQ(entries(report_of(*layer, context)), "");
  layer->space = {};
  layer->space.corner = false;
  EXPECT_EQ((*to_pixels(layer->space, context))[2], 0.5);
}

TEST(Quality, FindsOutlinesThatCrossThemselves) {
  LayerBuilder builder("a");
  builder.begin(0);
  add_part(builder, PartKind::kRing, {{0, 0}, {10, 10}, {10, 0}, {0, 30}});
  builder.end();
  add_square(builder, 20, 20, 8);
  builder.begin(2);  // a star of many vertices that closes twice around
  builder.part(PartKind::kRing);
  for (int i = 0; i < 100; ++i) builder.vertex(100 + 9 * std::cos(0.1 * 1.27 * i), 100 + (5 + i % 3) * std::sin(0.1 * 1.27 * i));
  builder.end();
  const auto layer = builder.take();
  EXPECT_EQ(entries(report_of(*layer)), "annotation/self-intersection 2: 0 2\n");
  QualityLimits limits;
  limits.edge_pairs = 5;
  const QualityReport report = report_of(*layer, image(1000, 1000), limits);
  ASSERT_EQ(report.entries.size(), 1U);
  EXPECT_NE(report.entries[0].message.find("Only 1 of 3 polygons were looked at"), std::string::npos) << report.entries[0].message;
}

TEST(Quality, FindsOverlaps) {
  LayerBuilder builder("a");
  add_square(builder, 0, 0, 10);
  add_square(builder, 5, 5, 10);
  add_square(builder, 15, 0, 5);   // shares an edge's corner with the first two only
  add_square(builder, 20, 0, 5);   // a neighbour that shares an edge
  add_square(builder, 40, 40, 50);
  add_square(builder, 45, 45, 5);  // inside of the one before
  builder.begin(6);
  builder.box(0, 60, 10, 70);
  builder.end();
  builder.begin(7);
  builder.box(1, 61, 11, 70);
  builder.end();
  builder.begin(8);
  builder.box(1, 61, 11, 70);
  builder.frames(0, 0);
  builder.end();
  const auto layer = builder.take();
  EXPECT_EQ(entries(report_of(*layer)), "annotation/overlapping-boxes 3: 6 7 8\nannotation/overlap 2: 0 1\n");
}

TEST(Quality, FindsDuplicates) {
  LayerBuilder builder("a");
  for (int i = 0; i < 4; ++i) {
    builder.begin(static_cast<std::uint32_t>(i));
    builder.point(i < 3 ? 1 : 2, 5);
    if (i == 2) builder.frames(0, 0);
    builder.column("id", ColumnType::kText, Role::kId);
    if (i != 3) builder.text("id", i == 1 ? "a" : i == 0 ? "a" : "b");
    if (i != 2) builder.integer("n", i);
    builder.category(i == 0 ? "" : "x");
    builder.end();
  }
  const auto layer = builder.take();
  const QualityReport report = report_of(*layer);
  EXPECT_EQ(entries(report),
            "annotation/duplicate-id 1: 1\nannotation/duplicate-geometry 1: 1\nannotation/no-id 1: 3\n"
            "annotation/no-category 1: 0\nannotation/no-properties 1: 2\n");
  EXPECT_NE(report.entries[0].message.find("The first: \"a\", of objects 0 and 1."), std::string::npos);
  const Issues issues = quality_issues(*layer, report);
  EXPECT_EQ(issues[0].received, "1 object");
  EXPECT_EQ(issues[0].severity, Severity::kWarning);
}

TEST(Quality, FindsEmptyAndFlatShapes) {
  LayerBuilder builder("a");
  add_square(builder, 0, 0, 10);
  builder.begin(1);
  builder.end();
  builder.begin(2);
  builder.box(3, 3, 3, 9);
  builder.end();
  EXPECT_EQ(entries(report_of(*builder.take())),
            "annotation/empty-object 1: 1\nannotation/degenerate-shape 1: 2\n");
}

TEST(Quality, SaysNothingOfAnEmptyLayer) {
  const auto layer = LayerBuilder("a").take();
  const QualityReport report = report_of(*layer);
  EXPECT_EQ(entries(report), "");
  EXPECT_EQ(quality_json(*layer, report), R"({"classes":[],"sizes":null,"coverage":null,"entries":[]})");
}

}  // namespace
}  // namespace mifa::annotation
