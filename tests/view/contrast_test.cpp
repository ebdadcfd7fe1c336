#include "view/contrast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace mifa::view {
namespace {

ChunkStatistics chunk(std::vector<double> samples) {
  ChunkStatistics statistics;
  statistics.minimum = *std::min_element(samples.begin(), samples.end());
  statistics.maximum = *std::max_element(samples.begin(), samples.end());
  statistics.samples = std::move(samples);
  return statistics;
}

std::vector<double> ramp(int count, double from) {
  std::vector<double> samples(static_cast<std::size_t>(count));
  std::iota(samples.begin(), samples.end(), from);
  return samples;
}

TEST(Contrast, NothingSeenIsAUnitWindow) {
  const ContrastEstimate estimate;
  EXPECT_FALSE(estimate.has_data());
  EXPECT_LT(estimate.window().low, estimate.window().high);
}

TEST(Contrast, PercentilesLeaveOutTheFarEnds) {
  ContrastEstimate estimate;
  estimate.add(chunk(ramp(10001, 0)));
  const Range window = estimate.window();
  EXPECT_NEAR(window.low, 20, 1);
  EXPECT_NEAR(window.high, 9980, 1);
  EXPECT_EQ(estimate.extremes().low, 0);
  EXPECT_EQ(estimate.extremes().high, 10000);
}

TEST(Contrast, BlankPlanesDoNotWashOutTheOthers) {
  ContrastEstimate estimate;
  for (int i = 0; i < 5; ++i) estimate.add(chunk(std::vector<double>(10000, 0.0)));
  estimate.add(chunk(ramp(1001, 500)));
  const Range window = estimate.window();
  EXPECT_NEAR(window.low, 502, 1);
  EXPECT_NEAR(window.high, 1498, 1);
}

TEST(Contrast, SparseObjectsOnAFlatGroundAreSeen) {
  ContrastEstimate estimate;
  std::vector<double> samples(16384, 100.0);
  samples[77] = 4000;
  estimate.add(chunk(samples));
  EXPECT_EQ(estimate.window().low, 100);
  EXPECT_EQ(estimate.window().high, 4000);
}

TEST(Contrast, OnlyBlankPlanesStillMakeAWindow) {
  for (const double value : {0.0, 7.0, -3.5, 9007199254740993.0, 1e20, -1e300,
                             std::numeric_limits<double>::max(), 5e-324}) {
    ContrastEstimate estimate;
    estimate.add(chunk({value, value, value}));
    const Range window = estimate.window();
    EXPECT_LT(window.low, window.high) << value;
    EXPECT_LE(window.low, value);
    EXPECT_TRUE(std::isfinite(window.low) && std::isfinite(window.high)) << value;
  }
}

TEST(Contrast, NonfiniteValuesNeverReachTheWindow) {
  ContrastEstimate estimate;
  ChunkStatistics odd;
  odd.minimum = std::nan("");
  odd.maximum = 5;
  estimate.add(odd);
  EXPECT_FALSE(estimate.has_data());
  ChunkStatistics mixed;
  mixed.minimum = 1;
  mixed.maximum = 3;
  mixed.samples = {1, std::nan(""), 2, INFINITY, 3, -INFINITY};
  estimate.add(mixed);
  EXPECT_EQ(estimate.window().low, 1);
  EXPECT_EQ(estimate.window().high, 3);
  float sum = 0;
  for (const float bin : estimate.histogram({1, 3})) sum += bin;
  EXPECT_EQ(sum, 3);
}

TEST(Contrast, HistogramCountsWhatIsInTheRange) {
  ContrastEstimate estimate;
  estimate.add(chunk(ramp(256, 0)));
  const auto all = estimate.histogram({0, 255});
  EXPECT_EQ(all.size(), 128U);
  EXPECT_EQ(std::accumulate(all.begin(), all.end(), 0.0F), 256);
  const auto some = estimate.histogram({10, 19});
  EXPECT_EQ(std::accumulate(some.begin(), some.end(), 0.0F), 10);
  const auto none = estimate.histogram({5, 5});
  EXPECT_EQ(std::accumulate(none.begin(), none.end(), 0.0F), 0);
}

TEST(Contrast, MemoryIsBoundedHoweverManyPlanesAreSeen) {
  ContrastEstimate estimate;
  const ChunkStatistics plane = chunk(ramp(16384, 0));
  for (int i = 0; i < 1000; ++i) estimate.add(plane);
  const auto bins = estimate.histogram({0, 16384});
  EXPECT_LE(std::accumulate(bins.begin(), bins.end(), 0.0), (1 << 18) + 16384);
}

}  // namespace
}  // namespace mifa::view
