#include "core/checked.h"

#include <gtest/gtest.h>

#include <array>

#include "core/issue.h"
#include "core/result.h"

namespace mifa {
namespace {

TEST(Checked, ProductsThatFitAreExact) {
  const std::array<std::int64_t, 3> factors = {1 << 20, 1 << 20, 1 << 20};
  EXPECT_EQ(checked_product(factors), std::int64_t{1} << 60);
  EXPECT_EQ(checked_product({}), 1);
}

TEST(Checked, OverflowIsNothingEvenIfALaterFactorIsZero) {
  const std::array<std::int64_t, 3> factors = {INT64_MAX, 2, 0};
  EXPECT_EQ(checked_product(factors), std::nullopt);
  EXPECT_EQ(checked_multiply(INT64_MAX, 1), INT64_MAX);
}

TEST(Checked, CeilDivideAtTheLargestNumbers) {
  EXPECT_EQ(ceil_divide(0, 7), 0);
  EXPECT_EQ(ceil_divide(7, 7), 1);
  EXPECT_EQ(ceil_divide(8, 7), 2);
  EXPECT_EQ(ceil_divide(INT64_MAX, 1), INT64_MAX);
  EXPECT_EQ(ceil_divide(INT64_MAX, INT64_MAX), 1);
  EXPECT_EQ(ceil_divide(INT64_MAX, 2), (INT64_MAX - 1) / 2 + 1);
}

TEST(Result, ErrorsAreWrappedOutward) {
  const Result<int> result = Error{ErrorCode::kMissing, "no such key"}.within("while opening x");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "while opening x: no such key");
  EXPECT_EQ(result.error().code, ErrorCode::kMissing);
}

// These names are in the reports and in the page's API.
TEST(Result, CodeNamesAreStable) {
  EXPECT_STREQ(error_code_name(ErrorCode::kRetry), "retry");
  EXPECT_STREQ(error_code_name(ErrorCode::kFixData), "fix-data");
  EXPECT_STREQ(error_code_name(ErrorCode::kUnsupported), "unsupported");
  EXPECT_STREQ(error_code_name(ErrorCode::kMissing), "missing");
  EXPECT_STREQ(error_code_name(ErrorCode::kForbidden), "forbidden");
  EXPECT_STREQ(error_code_name(ErrorCode::kLimit), "limit");
  EXPECT_STREQ(severity_name(Severity::kWarning), "warning");
}

}  // namespace
}  // namespace mifa
