// The budgets as they are documented. Changing one here means changing docs and reason with it.
#include "view/limits.h"

#include <gtest/gtest.h>

#include "view/retry.h"

namespace mifa::view {
namespace {

TEST(Limits, BudgetsAreTheDocumentedOnes) {
  const Limits limits;
  EXPECT_EQ(limits.decoded_bytes, 256 * kMebibyte);
  EXPECT_EQ(limits.gpu_bytes, 256 * kMebibyte);
  EXPECT_EQ(limits.gpu_block_bytes, 16 * kMebibyte);
  EXPECT_EQ(limits.tile_edge, 1024);
  EXPECT_EQ(limits.view_tiles, 16384);
  EXPECT_EQ(limits.fetches, 10);
  EXPECT_EQ(limits.fetch_bytes, 64 * kMebibyte);
  EXPECT_EQ(limits.upload_bytes_moving, 8 * kMebibyte);
  EXPECT_EQ(limits.upload_bytes_idle, 32 * kMebibyte);
  EXPECT_EQ(limits.upload_ms_moving, 4);
  EXPECT_EQ(limits.upload_ms_idle, 8);
  EXPECT_EQ(limits.attempts, 5);
  EXPECT_EQ(limits.retry_pause_ms, 400);
  EXPECT_EQ(limits.contrast_chunk_bytes, 8 * kMebibyte);
  EXPECT_EQ(limits.channels, 256);
  EXPECT_EQ(limits.fallback_edge, 96);
}

// What the code takes for granted of any set of limits.
TEST(Limits, FitEachOther) {
  const Limits limits;
  EXPECT_GE(limits.gpu_bytes, limits.gpu_block_bytes);
  EXPECT_LE(limits.tile_edge, 2048) << "the smallest texture edge WebGL2 guarantees";
  EXPECT_GE(limits.gpu_block_bytes, limits.tile_edge * limits.tile_edge * 8);
  EXPECT_LE(limits.fetch_bytes, limits.decoded_bytes);
  EXPECT_LE(limits.upload_bytes_moving, limits.upload_bytes_idle);
}

TEST(Retry, PausesDoubleAndEnd) {
  const Limits limits;
  const Error error{ErrorCode::kRetry, ""};
  EXPECT_EQ(retry_pause(limits, error, 1, 0), 400);
  EXPECT_EQ(retry_pause(limits, error, 2, 0), 800);
  EXPECT_EQ(retry_pause(limits, error, 3, 0), 1600);
  EXPECT_EQ(retry_pause(limits, error, 4, 0), 3200);
  EXPECT_LT(retry_pause(limits, error, 5, 0), 0);
  EXPECT_LT(retry_pause(limits, error, 5, 60000), 0);
}

TEST(Retry, TheServersWishIsHeard) {
  const Limits limits;
  EXPECT_EQ(retry_pause(limits, {ErrorCode::kRetry, ""}, 1, 5000), 5000);
  EXPECT_EQ(retry_pause(limits, {ErrorCode::kRetry, ""}, 1, 5), 400);
}

TEST(Retry, OnlyWhatMayPassIsTriedAgain) {
  const Limits limits;
  for (const ErrorCode code : {ErrorCode::kFixData, ErrorCode::kUnsupported, ErrorCode::kMissing,
                               ErrorCode::kForbidden, ErrorCode::kLimit}) {
    EXPECT_LT(retry_pause(limits, {code, ""}, 1, 0), 0);
  }
}

}  // namespace
}  // namespace mifa::view
