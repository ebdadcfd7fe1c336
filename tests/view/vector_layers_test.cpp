#include "view/vector_layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

namespace mifa::view {
namespace {

// A grid of blocks of 100 × 100 units with `count` objects of `half` each, row by row.
std::vector<float> grid(int columns, int rows, float half, int count = 100) {
  std::vector<float> table;
  for (int i = 0; i < columns * rows; ++i) {
    const auto x = static_cast<float>(i % columns) * 100;
    const auto y = static_cast<float>(i / columns) * 100;
    const auto first = static_cast<float>(i * count);
    table.insert(table.end(), {x, y, x + 100, y + 100, half, half, first, static_cast<float>(count), -INFINITY, INFINITY});
  }
  return table;
}

// `scale` device pixels a unit, (x, y) in the middle of 1000 × 800 device pixels.
VectorView view_at(double x, double y, double scale) {
  VectorView view;
  view.width = 1000;
  view.height = 800;
  view.to_device = {scale, 0, 500 - scale * x, 0, scale, 400 - scale * y};
  return view;
}

std::array<double, 2> device(const VectorDraw& draw, float x, float y) {
  // As the vertex shader does it, in floats.
  const float dx = x - draw.center[0];
  const float dy = y - draw.center[1];
  return {draw.turn[0] * dx + draw.turn[1] * dy + draw.shift[0],
          draw.turn[2] * dx + draw.turn[3] * dy + draw.shift[1]};
}

std::set<int> shapes_of(const VectorDraw& draw) {
  std::set<int> blocks;
  for (const VectorShape& shape : draw.shapes) blocks.insert(shape.block);
  return blocks;
}

// Which blocks of `count` points each the runs reach.
std::set<int> points_of(const VectorDraw& draw, int count = 100) {
  std::set<int> blocks;
  for (const VectorRun& run : draw.runs) {
    const int first = static_cast<int>(run.first) / count;
    const int last = static_cast<int>(run.first + run.count - 1) / count;
    for (int block = first; block <= last; ++block) blocks.insert(block);
  }
  return blocks;
}

TEST(VectorLayers, SmallObjectsAreOneRunOfPointsAndAskForNothing) {
  VectorLayers layers;
  layers.add(grid(100, 100, 10), 1);
  const auto& draws = layers.plan(view_at(5000, 5000, 0.07));
  ASSERT_EQ(draws.size(), 1U);
  ASSERT_EQ(draws[0].runs.size(), 1U);
  EXPECT_EQ(draws[0].runs[0].first, 0U);
  EXPECT_EQ(draws[0].runs[0].count, 1'000'000U);
  EXPECT_TRUE(draws[0].shapes.empty());
  EXPECT_TRUE(layers.take_requests().empty());
  EXPECT_EQ(layers.waiting(), 0);
}

TEST(VectorLayers, OnlyWhatIsInViewIsDrawn) {
  VectorLayers layers;
  layers.add(grid(100, 100, 1, 10'000), 1);
  const auto& draws = layers.plan(view_at(5000, 5000, 1));
  // 1000 × 800 units and the margin; a run a row, as rows are further apart than runs are joined.
  EXPECT_EQ(draws[0].runs.size(), 10U);
  for (const VectorRun& run : draws[0].runs) EXPECT_LE(run.count, 120'000U);
}

TEST(VectorLayers, ShapesAreAskedForFromTheMiddleOutwardsAndPointsDrawnMeanwhile) {
  Limits limits;
  VectorLayers layers(limits);
  const int layer = layers.add(grid(10, 10, 10), 1);
  const VectorView view = view_at(450, 450, 1);
  layers.plan(view);
  EXPECT_EQ(points_of(layers.draws()[0]).size(), 90U) << "all rows but the last";
  EXPECT_GT(layers.waiting(), 0);
  auto requests = layers.take_requests();
  ASSERT_EQ(requests.size(), static_cast<std::size_t>(limits.vector_requests));
  EXPECT_EQ(requests[0], (VectorKey{layer, 44}));
  // None further than a neighbour of the middle.
  for (const VectorKey& key : requests) {
    EXPECT_LE(std::abs(key.block % 10 - 4), 1);
    EXPECT_LE(std::abs(key.block / 10 - 4), 1);
  }
  layers.plan(view);
  EXPECT_TRUE(layers.take_requests().empty()) << "as many as may be are under way";

  EXPECT_TRUE(layers.shapes_ready(layer, 44, 1000));
  layers.plan(view);
  EXPECT_EQ(layers.take_requests().size(), 1U);
  EXPECT_EQ(shapes_of(layers.draws()[0]), std::set<int>{44});
  EXPECT_FALSE(points_of(layers.draws()[0]).contains(44));
  EXPECT_EQ(layers.draws()[0].runs.size(), 2U);
  EXPECT_FLOAT_EQ(layers.draws()[0].shapes[0].size, 20);
}

TEST(VectorLayers, ALargeObjectAmongSmallOnesIsDrawnByItsShape) {
  VectorLayers layers;
  layers.add(std::vector<float>{0, 0, 1000, 1000, 0.1F, 500, 0, 100, -INFINITY, INFINITY}, 1);
  layers.plan(view_at(500, 500, 0.5));
  EXPECT_EQ(layers.take_requests().size(), 1U);
}

// Ten frames of a block each, one upon another.
std::vector<float> film(float half) {
  std::vector<float> table;
  for (int i = 0; i < 10; ++i) {
    const auto frame = static_cast<float>(i);
    table.insert(table.end(), {0, 0, 100, 100, half, half, 100'000 * frame, 100, frame, frame});
  }
  return table;
}

TEST(VectorLayers, OnlyBlocksOfTheFrameAreDrawn) {
  VectorLayers layers;
  layers.add(film(0), 1);
  VectorView view = view_at(50, 50, 1);
  view.frame = 4;
  const auto& draws = layers.plan(view);
  ASSERT_EQ(draws[0].runs.size(), 1U);
  EXPECT_EQ(draws[0].runs[0].first, 400'000U);
  EXPECT_EQ(draws[0].runs[0].count, 100U);
  view.frame = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(layers.plan(view)[0].runs.size(), 10U) << "where there are no frames, everything";
}

TEST(VectorLayers, ShapesOfThisFrameAreAskedForBeforeThoseAroundItAndOthersNot) {
  VectorLayers layers;
  const int layer = layers.add(film(10), 1);
  VectorView view = view_at(50, 50, 1);
  view.frame = 4;
  std::vector<int> asked;
  for (int round = 0; round < 10; ++round) {
    layers.plan(view);
    for (const VectorKey& key : layers.take_requests()) {
      asked.push_back(key.block);
      EXPECT_TRUE(layers.shapes_ready(layer, key.block, 1000));
    }
  }
  ASSERT_EQ(asked.size(), 7U);
  EXPECT_EQ(asked[0], 4);
  EXPECT_EQ(std::set<int>(asked.begin(), asked.end()), (std::set<int>{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(shapes_of(layers.plan(view)[0]), std::set<int>{4});
  EXPECT_EQ(layers.waiting(), 0);
}

TEST(VectorLayers, PointsNeedNoShapesHoweverClose) {
  VectorLayers layers;
  layers.add(grid(3, 3, 0), 1);
  layers.plan(view_at(150, 150, 500));
  EXPECT_TRUE(layers.take_requests().empty());
  EXPECT_EQ(layers.waiting(), 0);
}

TEST(VectorLayers, CrowdedPointsAreSmallerAndNeverLargerThanAskedFor) {
  VectorLayers layers;
  layers.add(grid(10, 10, 0), 1);  // a point each 10 units
  EXPECT_FLOAT_EQ(layers.plan(view_at(500, 500, 0.5))[0].point_size, 4);
  EXPECT_FLOAT_EQ(layers.plan(view_at(500, 500, 0.01))[0].point_size, 2);
  EXPECT_FLOAT_EQ(layers.plan(view_at(500, 500, 20))[0].point_size, 8);
  // Over a hundred frames, of which one is seen, they are ten times as far apart.
  VectorLayers frames;
  frames.add(grid(10, 10, 0), 100);
  EXPECT_FLOAT_EQ(frames.plan(view_at(500, 500, 0.05))[0].point_size, 4);
}

TEST(VectorLayers, WhatFailedIsNotAskedForAgainAndStaysPoints) {
  VectorLayers layers;
  const int layer = layers.add(grid(1, 1, 10), 1);
  const VectorView view = view_at(50, 50, 1);
  layers.plan(view);
  EXPECT_EQ(layers.take_requests().size(), 1U);
  layers.shapes_failed(layer, 0);
  layers.plan(view);
  EXPECT_TRUE(layers.take_requests().empty());
  EXPECT_EQ(points_of(layers.draws()[0]), std::set<int>{0});
  EXPECT_EQ(layers.waiting(), 1);
}

TEST(VectorLayers, AnswersThatNobodyWaitsForAreRefused) {
  VectorLayers layers;
  const int layer = layers.add(grid(2, 1, 10), 1);
  EXPECT_FALSE(layers.shapes_ready(layer, 0, 10));
  EXPECT_FALSE(layers.shapes_ready(layer, 99, 10));
  EXPECT_FALSE(layers.shapes_ready(77, 0, 10));
  layers.plan(view_at(100, 50, 1));
  EXPECT_EQ(layers.take_requests().size(), 2U);
  EXPECT_TRUE(layers.shapes_ready(layer, 0, 10));
  EXPECT_FALSE(layers.shapes_ready(layer, 0, 10));
  layers.remove(layer);
  EXPECT_EQ(layers.take_drops(), (std::vector<VectorKey>{{layer, 0}}));
  EXPECT_FALSE(layers.shapes_ready(layer, 1, 10));
  EXPECT_EQ(layers.in_flight(), 0);
  EXPECT_EQ(layers.bytes(), 0);
  EXPECT_TRUE(layers.plan(view_at(100, 50, 1)).empty());
}

TEST(VectorLayers, AfterALostContextEverythingIsAskedForAgain) {
  VectorLayers layers;
  const int layer = layers.add(grid(2, 1, 10), 1);
  const VectorView view = view_at(100, 50, 1);
  layers.plan(view);
  layers.take_requests();
  EXPECT_TRUE(layers.shapes_ready(layer, 0, 10));
  layers.forget();
  EXPECT_TRUE(layers.take_drops().empty()) << "the names died with the context";
  EXPECT_FALSE(layers.shapes_ready(layer, 1, 10));
  layers.plan(view);
  EXPECT_EQ(layers.take_requests().size(), 2U);
}

TEST(VectorLayers, HiddenOrFoldedLayersAreNotDrawn) {
  VectorLayers layers;
  const int layer = layers.add(grid(1, 1, 10), 1);
  VectorSettings settings;
  settings.visible = false;
  layers.set_settings(layer, settings);
  EXPECT_TRUE(layers.plan(view_at(50, 50, 1)).empty());
  layers.set_settings(layer, {});
  layers.set_placement(layer, {{1, 1, 0, 1, 1, 0}});
  EXPECT_TRUE(layers.plan(view_at(50, 50, 1)).empty());
  layers.set_placement(layer, {{std::nan(""), 0, 0, 0, 1, 0}});
  EXPECT_TRUE(layers.plan(view_at(50, 50, 1)).empty());
  EXPECT_TRUE(layers.take_requests().empty());
}

TEST(VectorLayers, ATransformMovesWhatIsInView) {
  VectorLayers layers;
  const int layer = layers.add(grid(10, 10, 10), 1);
  // A quarter turn: x' = 1000 - y, y' = x.
  layers.set_placement(layer, {{0, -1, 1000, 1, 0, 0}});
  const auto& draws = layers.plan(view_at(950, 50, 12));
  ASSERT_EQ(draws.size(), 1U);
  EXPECT_EQ(points_of(draws[0]), std::set<int>{0});
  const auto corner = device(draws[0], 0, 0);
  EXPECT_NEAR(corner[0], 500 + 12 * 50, 1e-3);
  EXPECT_NEAR(corner[1], 400 - 12 * 50, 1e-3);
  EXPECT_FLOAT_EQ(draws[0].scale, 12);
}

TEST(VectorLayers, FarFromTheOriginAndCloseFloatsStillHitThePixel) {
  VectorLayers layers;
  layers.add(std::vector<float>{99'000, 99'000, 101'000, 101'000, 1, 1, 0, 1}, 1);
  const auto& draw = layers.plan(view_at(100'000.3, 100'000.7, 256))[0];
  const auto place = device(draw, 100'000.5F, 100'000.5F);
  EXPECT_NEAR(place[0], 500 + 256 * 0.2, 0.01);
  EXPECT_NEAR(place[1], 400 - 256 * 0.2, 0.01);
}

TEST(VectorLayers, SlidersAreToldInTheLayersOwnTerms) {
  VectorLayers layers;
  const int layer = layers.add(grid(1, 1, 1), 1);
  layers.set_placement(layer, {{}, 0.5, 10});
  VectorView view = view_at(50, 50, 1);
  view.frame = 3;
  view.slice = 4;
  const auto& draw = layers.plan(view)[0];
  EXPECT_FLOAT_EQ(draw.frame, 3);
  EXPECT_FLOAT_EQ(draw.slice, 12);
  EXPECT_FLOAT_EQ(draw.slice_tolerance, 0.25);
  EXPECT_TRUE(std::isnan(layers.plan(view_at(50, 50, 1))[0].slice));
}

TEST(VectorLayers, LayersAreDrawnInTheOrderGiven) {
  VectorLayers layers;
  const int first = layers.add(grid(1, 1, 1), 1);
  const int second = layers.add(grid(1, 1, 1), 1);
  EXPECT_EQ(layers.plan(view_at(50, 50, 1)).back().layer, second);
  layers.set_order(std::vector<int>{second, first});
  EXPECT_EQ(layers.plan(view_at(50, 50, 1)).back().layer, first);
}

TEST(VectorLayers, OneBlockIsShownHoweverLarge) {
  Limits limits;
  limits.vector_bytes = 1000;
  VectorLayers layers(limits);
  const int layer = layers.add(grid(3, 1, 10), 1);
  const VectorView view = view_at(50, 50, 1);
  for (int i = 0; i < 5; ++i) {
    layers.plan(view);
    for (const VectorKey& key : layers.take_requests()) {
      EXPECT_EQ(key.block, 0);
      EXPECT_TRUE(layers.shapes_ready(layer, key.block, 5000));
    }
  }
  EXPECT_EQ(shapes_of(layers.plan(view)[0]), std::set<int>{0});
}

// A host that answers some of what is asked, in any order, under a camera that wanders.
class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) {
    limits_.vector_bytes = 100'000;
    layers_ = VectorLayers(limits_);
    for (int i = 0; i < 3; ++i) ids_.push_back(layers_.add(grid(20, 20, 4), 1));
  }

  void step() {
    x_ = std::clamp(x_ + number(-300, 300), 0.0, 2000.0);
    y_ = std::clamp(y_ + number(-300, 300), 0.0, 2000.0);
    scale_ = std::clamp(scale_ * std::exp(number(-0.5, 0.5)), 0.1, 20.0);
    const auto& draws = layers_.plan(view_at(x_, y_, scale_));
    for (const VectorKey& key : layers_.take_drops()) {
      EXPECT_TRUE(resident_.erase({key.layer, key.block})) << "dropped what was not there";
    }
    for (const VectorKey& key : layers_.take_requests()) {
      EXPECT_FALSE(resident_.contains({key.layer, key.block})) << "asked for what is there";
      EXPECT_TRUE(asked_.insert({key.layer, key.block}).second) << "asked twice";
    }
    EXPECT_LE(static_cast<int>(asked_.size()), limits_.vector_requests);
    EXPECT_LE(total(), limits_.vector_bytes);
    EXPECT_EQ(total(), layers_.bytes());
    check_drawn(draws);
    answer();
  }

 private:
  double number(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const auto& [key, bytes] : resident_) sum += bytes;
    return sum;
  }

  // Every block in view is drawn once: by its shapes, which are there, or as points.
  void check_drawn(const std::vector<VectorDraw>& draws) {
    ASSERT_EQ(draws.size(), ids_.size());
    for (const VectorDraw& draw : draws) {
      const auto shapes = shapes_of(draw);
      const auto points = points_of(draw);
      for (const int block : shapes) {
        EXPECT_TRUE(resident_.contains({draw.layer, block})) << "drawn without being there";
        EXPECT_FALSE(points.contains(block)) << "drawn twice";
      }
      for (int block = 0; block < 400; ++block) {
        const double left = block % 20 * 100 - x_;
        const double top = block / 20 * 100 - y_;
        const bool seen = (left + 100) * scale_ > -500 && left * scale_ < 500 &&
                          (top + 100) * scale_ > -400 && top * scale_ < 400;
        if (seen) {
          EXPECT_TRUE(shapes.contains(block) || points.contains(block)) << "not drawn";
        }
      }
    }
  }

  void answer() {
    std::vector<std::pair<int, int>> asked(asked_.begin(), asked_.end());
    std::shuffle(asked.begin(), asked.end(), random_);
    for (const auto& key : asked) {
      if (number(0, 1) < 0.4) continue;
      asked_.erase(key);
      const double chance = number(0, 1);
      if (chance < 0.02) {
        layers_.shapes_failed(key.first, key.second);
        continue;
      }
      // Sizes differ from block to block, not from time to time.
      const std::int64_t bytes = 1000 + key.second * 37 % 9000;
      EXPECT_TRUE(layers_.shapes_ready(key.first, key.second, bytes));
      resident_[key] = bytes;
    }
  }

  std::mt19937 random_;
  Limits limits_;
  VectorLayers layers_;
  std::vector<int> ids_;
  double x_ = 1000, y_ = 1000, scale_ = 1;
  std::map<std::pair<int, int>, std::int64_t> resident_;
  std::set<std::pair<int, int>> asked_;
};

TEST(VectorLayers, ARandomWalkStaysWithinBudgetsAndDrawsEverything) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    Walk walk(seed);
    for (int i = 0; i < 400 && !testing::Test::HasFailure(); ++i) walk.step();
  }
}

TEST(VectorLayers, AViewThatRestsComesToRest) {
  Limits limits;
  limits.vector_bytes = 50'000;
  VectorLayers layers(limits);
  const int layer = layers.add(grid(10, 10, 10), 1);
  const VectorView view = view_at(500, 500, 1);
  int asked = 0;
  for (int i = 0; i < 200; ++i) {
    layers.plan(view);
    for (const VectorKey& key : layers.take_requests()) {
      ++asked;
      EXPECT_TRUE(layers.shapes_ready(layer, key.block, 2000 + key.block * 71 % 3000));
    }
  }
  EXPECT_LE(asked, 100) << "what does not fit is not asked for again and again";
  layers.plan(view);
  EXPECT_TRUE(layers.take_requests().empty());
  EXPECT_LE(layers.bytes(), limits.vector_bytes);
}

}  // namespace
}  // namespace mifa::view
