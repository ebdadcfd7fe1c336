#include "annotation/spatial_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "annotation/engine_layers.h"
#include "annotation/pick.h"
#include "annotation/shapes.h"

namespace mifa::annotation {
namespace {

TEST(SpatialOrder, PutsNeighboursIntoBlocks) {
  const auto layer = grid_layer(64);
  const SpatialOrder order(*layer);
  ASSERT_EQ(order.objects().size(), 4096U);
  EXPECT_EQ(std::set<std::uint32_t>(order.objects().begin(), order.objects().end()).size(), 4096U);
  ASSERT_EQ(order.blocks(), 4U);
  for (const SpatialOrder::Box& box : order.block_boxes()) {
    EXPECT_LE(box.x1 - box.x0, 330);
    EXPECT_LE(box.y1 - box.y0, 330);
  }
  const std::vector<float> table = order.table();
  ASSERT_EQ(table.size(), 4 * SpatialOrder::kTableFloats);
  EXPECT_EQ(table[10 + 4], 4);     // median half
  EXPECT_EQ(table[10 + 6], 1024);  // first point
  EXPECT_EQ(table[10 + 7], 1024);  // points
  EXPECT_TRUE(std::isinf(table[10 + 8]));  // on all frames
  EXPECT_TRUE(std::isinf(table[10 + 9]));
}

TEST(SpatialOrder, PutsFramesThatFollowOneAnotherIntoBlocks) {
  LayerBuilder builder("tracks");
  for (int i = 0; i < 100 * 400; ++i) {
    builder.begin(static_cast<std::uint32_t>(i));
    builder.point(i % 400, (i * 7919) % 400);
    builder.frames(i / 400, i / 400);
    builder.end();
  }
  const auto layer = builder.take();
  const SpatialOrder order(*layer);
  const std::vector<float> table = order.table();
  std::size_t on_frame_50 = 0;
  for (std::size_t i = 0; i < table.size(); i += SpatialOrder::kTableFloats) {
    EXPECT_LE(table[i + 9] - table[i + 8], 24);
    if (table[i + 8] <= 50 && table[i + 9] >= 50) ++on_frame_50;
  }
  EXPECT_EQ(order.blocks(), 40U);
  EXPECT_LE(on_frame_50, 6U);
}

TEST(SpatialOrder, KeepsLargeObjectsOutOfTheBlocksOfSmallOnes) {
  LayerBuilder builder("a");
  add_square(builder, 0, 0, 640);
  for (int i = 0; i < 4096; ++i) add_square(builder, 10 * (i % 64), 10 * (i / 64), 8);
  const auto layer = builder.take();
  const SpatialOrder order(*layer);
  EXPECT_EQ(order.objects().back(), 0U);
  EXPECT_LE(order.block_boxes()[0].x1 - order.block_boxes()[0].x0, 330);
}

TEST(SpatialOrder, LeavesOutObjectsWithoutGeometry) {
  LayerBuilder builder("a");
  builder.begin(0);
  builder.end();
  builder.begin(1);
  builder.point(2, 3);
  builder.end();
  const auto layer = builder.take();
  const SpatialOrder order(*layer);
  ASSERT_EQ(order.objects().size(), 1U);
  const auto bytes = order.points();
  float values[3];
  std::uint32_t object = 0;
  std::memcpy(values, bytes.data(), 12);
  std::memcpy(&object, bytes.data() + 12, 4);
  EXPECT_EQ(values[0], 2);
  EXPECT_EQ(values[1], 3);
  EXPECT_EQ(values[2], 0);
  EXPECT_EQ(object, 1U);
  const SpatialOrder none(*LayerBuilder("b").take());
  EXPECT_EQ(none.blocks(), 0U);
  EXPECT_TRUE(none.table().empty());
}

TEST(Shapes, DrawsEveryKindOfPart) {
  LayerBuilder builder("a");
  builder.begin(0);
  add_part(builder, PartKind::kRing, {{0, 0}, {9, 0}, {9, 9}, {0, 9}});
  add_part(builder, PartKind::kHole, {{3, 3}, {6, 3}, {6, 6}, {3, 6}});
  add_part(builder, PartKind::kInner, {{1, 1}, {2, 1}, {2, 2}});
  builder.end();
  builder.begin(1);
  builder.box(20, 0, 30, 5);
  builder.point(7, 7);
  add_part(builder, PartKind::kLine, {{0, 0}, {1, 1}, {2, 0}});
  builder.end();
  const auto layer = builder.take();
  const std::uint32_t objects[] = {0, 1};
  const Shapes shapes = shapes_of(*layer, objects);
  EXPECT_EQ(shapes.lines.size(), 4U + 4 + 3 + 4 + 2);
  EXPECT_EQ(shapes.markers.size(), 1U);
  ASSERT_EQ(shapes.fill.size() % 3, 0U);
  double area = 0;
  for (std::size_t i = 0; i < shapes.fill.size(); i += 3) {
    const Corner &a = shapes.fill[i], &b = shapes.fill[i + 1], &c = shapes.fill[i + 2];
    area += std::abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
  }
  EXPECT_EQ(area, 81 - 9 + 50);
  EXPECT_EQ(shapes.fill.back().object, 1U);
}

TEST(Shapes, SurvivesDegenerateAndHugeRings) {
  LayerBuilder builder("a");
  builder.begin(0);  // all on one line
  builder.part(PartKind::kRing);
  for (int i = 0; i < 1000; ++i) builder.vertex(i, 2 * i);
  builder.end();
  builder.begin(1);  // a scribble that crosses itself everywhere
  builder.part(PartKind::kRing);
  for (int i = 0; i < 3000; ++i) builder.vertex((i * 7919) % 1009, (i * 104729) % 1013);
  builder.end();
  builder.begin(2);  // beyond what is filled
  builder.part(PartKind::kRing);
  for (std::size_t i = 0; i <= kFillVertices; ++i) builder.vertex(static_cast<double>(i), i % 2 ? 1 : 0);
  builder.end();
  const auto layer = builder.take();
  const std::uint32_t huge[] = {2}, others[] = {0, 1};
  EXPECT_TRUE(shapes_of(*layer, huge).fill.empty());
  EXPECT_EQ(shapes_of(*layer, others).lines.size(), 4000U);
}

TEST(Links, GoFromMiddleToMiddleWithFrames) {
  LayerBuilder builder("a");
  for (int i = 0; i < 2; ++i) {
    builder.begin(static_cast<std::uint32_t>(i));
    builder.point(i, 2 * i);
    builder.frames(i, i);
    builder.end();
  }
  builder.link(0, 1);
  builder.link(0, 7);
  const auto layer = builder.take();
  const auto links = link_segments(*layer);
  ASSERT_EQ(links.size(), 1U) << "a link to no object is left out";
  EXPECT_EQ(links[0].x1, 1);
  EXPECT_EQ(links[0].y1, 2);
  EXPECT_EQ(links[0].frame0, 0);
  EXPECT_EQ(links[0].frame1, 1);
  EXPECT_EQ(links[0].object, 1U);
  const auto values = extents(*layer);
  ASSERT_EQ(values.size(), 8U);
  EXPECT_EQ(values[5], 1);
  EXPECT_TRUE(std::isnan(values[6]));
}

TEST(Pick, FindsTheSmallestFirstAndOnlyWhatIsShown) {
  LayerBuilder builder("a");
  add_square(builder, 0, 0, 100, "region");
  add_square(builder, 10, 10, 8, "cell");
  builder.begin(2);
  add_part(builder, PartKind::kLine, {{0, 50}, {100, 50}});
  builder.frames(3, 4);
  builder.end();
  const auto layer = builder.take();
  const SpatialOrder order(*layer);
  using Objects = std::vector<std::uint32_t>;
  EXPECT_EQ(pick(*layer, order, {}, {.x = 12, .y = 12}), (Objects{1, 0}));
  EXPECT_EQ(pick(*layer, order, {}, {.x = 9, .y = 12, .radius = 1.5}), (Objects{1, 0}));
  EXPECT_EQ(pick(*layer, order, {}, {.x = 9, .y = 12}), (Objects{0}));
  EXPECT_EQ(pick(*layer, order, {}, {.x = 50, .y = 51, .radius = 2, .frame = 3}), (Objects{2, 0}));
  EXPECT_EQ(pick(*layer, order, {}, {.x = 50, .y = 51, .radius = 2, .frame = 5}), (Objects{0}));
  const Mask mask = filter_mask(*layer, {.hidden = {0}, .ranges = {}, .hidden_texts = {}});
  EXPECT_EQ(pick(*layer, order, mask, {.x = 12, .y = 12}), (Objects{1}));
  EXPECT_EQ(pick(*layer, order, {}, {.x = 200, .y = 12}), (Objects{}));
}

TEST(Pick, SeesHolesAndOrigins) {
  LayerBuilder builder("a");
  builder.begin(0);
  add_part(builder, PartKind::kRing, {{1e6, 1e6}, {1e6 + 9, 1e6}, {1e6 + 9, 1e6 + 9}, {1e6, 1e6 + 9}});
  add_part(builder, PartKind::kHole, {{1e6 + 3, 1e6 + 3}, {1e6 + 6, 1e6 + 3}, {1e6 + 6, 1e6 + 6}});
  builder.end();
  const auto layer = builder.take();
  const SpatialOrder order(*layer);
  EXPECT_EQ(pick(*layer, order, {}, {.x = 1e6 + 1, .y = 1e6 + 1}).size(), 1U);
  EXPECT_EQ(pick(*layer, order, {}, {.x = 1e6 + 5.5, .y = 1e6 + 3.5}).size(), 0U);
}

}  // namespace
}  // namespace mifa::annotation
