// binary16 both ways, all of it.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "zarr/data_type.h"

namespace mifa::zarr {
namespace {

// By the definition of IEEE 754, without bit tricks.
double value_of_half(std::uint32_t half) {
  const int exponent = static_cast<int>(half >> 10U & 0x1FU);
  const int mantissa = static_cast<int>(half & 0x3FFU);
  const double sign = (half & 0x8000U) != 0 ? -1 : 1;
  if (exponent == 31) return mantissa != 0 ? NAN : sign * INFINITY;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

TEST(Half, EveryPatternHasItsValueAndComesBack) {
  for (std::uint32_t half = 0; half < 0x10000U; ++half) {
    const float value = half_to_float(static_cast<std::uint16_t>(half));
    const double expected = value_of_half(half);
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(value)) << half;
      ASSERT_TRUE(std::isnan(half_to_float(float_to_half(value)))) << half;
      ASSERT_EQ(float_to_half(value) & 0x8000U, half & 0x8000U) << half;
      continue;
    }
    ASSERT_EQ(static_cast<double>(value), expected) << half;
    ASSERT_EQ(std::signbit(value), (half & 0x8000U) != 0) << half;
    ASSERT_EQ(float_to_half(value), half);
  }
}

// Between each pair of neighbours: below the middle goes down, above goes up, the middle to even.
TEST(Half, EveryRoundingIsToNearestEven) {
  for (std::uint32_t half = 0; half < 0x7C00U; ++half) {
    const double low = value_of_half(half);
    const double high = half == 0x7BFFU ? 65536 : value_of_half(half + 1);
    const auto middle = static_cast<float>((low + high) / 2);
    const std::uint32_t even = (half & 1U) == 0 ? half : half + 1;
    for (const std::uint32_t sign : {0U, 0x8000U}) {
      const float s = sign != 0 ? -1.0F : 1.0F;
      ASSERT_EQ(float_to_half(s * middle), sign | even) << half;
      ASSERT_EQ(float_to_half(s * std::nextafter(middle, 0.0F)), sign | half) << half;
      ASSERT_EQ(float_to_half(s * std::nextafter(middle, 1e9F)), sign | (half + 1)) << half;
    }
  }
}

TEST(Half, TheFarEnds) {
  EXPECT_EQ(float_to_half(65519.996F), 0x7BFFU);
  EXPECT_EQ(float_to_half(65520.0F), 0x7C00U);
  EXPECT_EQ(float_to_half(3.4e38F), 0x7C00U);
  EXPECT_EQ(float_to_half(-INFINITY), 0xFC00U);
  EXPECT_EQ(float_to_half(1e-45F), 0);
  EXPECT_EQ(float_to_half(-1e-45F), 0x8000U);
}

}  // namespace
}  // namespace mifa::zarr
