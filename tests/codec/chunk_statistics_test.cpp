#include "codec/chunk_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace mifa::codec {
namespace {

using zarr::DataType;

template <typename T>
ChunkStatistics measured(const std::vector<T>& values, DataType type,
                         std::vector<std::int64_t> shape = {},
                         std::vector<std::int64_t> valid = {}) {
  if (shape.empty()) shape = {static_cast<std::int64_t>(values.size())};
  if (valid.empty()) valid = shape;
  return measure(std::as_bytes(std::span(values)), type, shape, valid);
}

template <typename T>
void expect_extremes(DataType type) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{201}}) {
    for (std::size_t place = 0; place < count; ++place) {
      std::vector<T> values(count, T{5});
      values[place] = std::numeric_limits<T>::lowest();
      auto result = measured(values, type);
      ASSERT_EQ(result.minimum, static_cast<double>(std::numeric_limits<T>::lowest()));
      values[place] = std::numeric_limits<T>::max();
      result = measured(values, type);
      ASSERT_EQ(result.maximum, static_cast<double>(std::numeric_limits<T>::max()));
      ASSERT_TRUE(result.has_finite);
      ASSERT_FALSE(result.has_nan);
    }
  }
}

TEST(ChunkStatistics, FindsExtremesWhereverTheyAre) {
  expect_extremes<std::uint8_t>(DataType::kUInt8);
  expect_extremes<std::int8_t>(DataType::kInt8);
  expect_extremes<std::uint16_t>(DataType::kUInt16);
  expect_extremes<std::int16_t>(DataType::kInt16);
  expect_extremes<std::uint32_t>(DataType::kUInt32);
  expect_extremes<std::int32_t>(DataType::kInt32);
  expect_extremes<std::uint64_t>(DataType::kUInt64);
  expect_extremes<std::int64_t>(DataType::kInt64);
  expect_extremes<float>(DataType::kFloat32);
  expect_extremes<double>(DataType::kFloat64);
}

template <typename T>
void expect_nonfinite_left_out(DataType type) {
  constexpr T kNan = std::numeric_limits<T>::quiet_NaN();
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  std::vector<T> values(100, T{2});
  values[3] = kInfinity;
  values[40] = -kInfinity;
  values[50] = T{-7};
  auto result = measured(values, type);
  EXPECT_EQ(result.minimum, -7);
  EXPECT_EQ(result.maximum, 2);
  EXPECT_FALSE(result.has_nan);
  values[99] = kNan;
  result = measured(values, type);
  EXPECT_EQ(result.minimum, -7);
  EXPECT_TRUE(result.has_nan);
  result = measured(std::vector<T>(20, kNan), type);
  EXPECT_FALSE(result.has_finite);
  EXPECT_TRUE(result.has_nan);
  EXPECT_EQ(result.minimum, 0);
}

TEST(ChunkStatistics, LeavesOutNanAndInfinity) {
  expect_nonfinite_left_out<float>(DataType::kFloat32);
  expect_nonfinite_left_out<double>(DataType::kFloat64);
}

TEST(ChunkStatistics, ReadsHalfPrecision) {
  std::vector<std::uint16_t> values(70, zarr::float_to_half(0.5F));
  values[9] = zarr::float_to_half(-3.25F);
  values[60] = zarr::float_to_half(1000);
  values[61] = 0x7c00;  // infinity
  values[62] = 0xfc00;
  auto result = measured(values, DataType::kFloat16);
  EXPECT_EQ(result.minimum, -3.25);
  EXPECT_EQ(result.maximum, 1000);
  EXPECT_FALSE(result.has_nan);
  values[63] = 0x7e01;
  EXPECT_TRUE(measured(values, DataType::kFloat16).has_nan);
  EXPECT_FALSE(measured(std::vector<std::uint16_t>(5, 0xfc00), DataType::kFloat16).has_finite);
}

TEST(ChunkStatistics, IgnoresThePaddingOfAnEdgeChunk) {
  // 3 × 4 × 5, of which 2 × 4 × 3 are inside the array.
  std::vector<std::uint16_t> values(60, 9999);
  for (std::size_t z = 0; z < 2; ++z) {
    for (std::size_t y = 0; y < 4; ++y) {
      for (std::size_t x = 0; x < 3; ++x) values[z * 20 + y * 5 + x] = static_cast<std::uint16_t>(z * 100 + y * 10 + x + 1);
    }
  }
  const auto result = measured(values, DataType::kUInt16, {3, 4, 5}, {2, 4, 3});
  EXPECT_EQ(result.minimum, 1);
  EXPECT_EQ(result.maximum, 133);
  ASSERT_EQ(result.samples.size(), 24U);
  EXPECT_EQ(result.samples.front(), 1);
  EXPECT_EQ(result.samples.back(), 133);
  EXPECT_EQ(std::set<double>(result.samples.begin(), result.samples.end()).size(), 24U);
}

TEST(ChunkStatistics, NothingInsideIsNothingFound) {
  const auto result = measured(std::vector<std::uint8_t>(16, 3), DataType::kUInt8, {4, 4}, {0, 4});
  EXPECT_FALSE(result.has_finite);
  EXPECT_TRUE(result.samples.empty());
}

// A fixed step of 256 over rows of 1024 would see 4 columns only.
TEST(ChunkStatistics, SamplesSpreadOverRowsAndColumns) {
  std::vector<std::uint32_t> values(1024 * 1024);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint32_t>(i % 1024);
  const auto columns = measured(values, DataType::kUInt32, {1024, 1024});
  ASSERT_EQ(columns.samples.size(), 4096U);
  EXPECT_GT(std::set<double>(columns.samples.begin(), columns.samples.end()).size(), 900U);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint32_t>(i / 1024);
  const auto rows = measured(values, DataType::kUInt32, {1024, 1024});
  EXPECT_EQ(std::set<double>(rows.samples.begin(), rows.samples.end()).size(), 1024U);
}

}  // namespace
}  // namespace mifa::codec
