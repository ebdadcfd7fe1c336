// Chunks that are numbers, and counts made again from the records.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "view/scheduler.h"

namespace mifa::view {

inline ChunkKey chunk_key(int n) {
  ChunkKey key;
  key.index[0] = n;
  return key;
}

inline Want want(int n, Tier tier = Tier::kVisible, double distance = 0) {
  return {chunk_key(n), tier, distance};
}

inline std::int64_t hundred_bytes(const ChunkKey&) { return 100; }

inline void want_all(Scheduler& scheduler, const std::vector<Want>& wants) {
  scheduler.want(wants, hundred_bytes);
}

inline std::vector<int> numbers(const std::vector<Scheduler::Start>& starts) {
  std::vector<int> result;
  for (const auto& start : starts) result.push_back(start.key.index[0]);
  return result;
}

inline Error temporary() { return {ErrorCode::kRetry, "503"}; }

// `chunks` numbered from 0 are all there can be.
inline void expect_counts_recounted(const Scheduler& scheduler, int chunks) {
  Scheduler::Counts counts;
  for (int n = 0; n < chunks; ++n) {
    const Scheduler::Chunk* chunk = scheduler.peek(chunk_key(n));
    if (!chunk) continue;
    switch (chunk->state) {
      case ChunkState::kQueued:
        ++counts.queued;
        break;
      case ChunkState::kFetching:
        ++counts.fetching;
        counts.flying_bytes += chunk->bytes;
        break;
      case ChunkState::kDecoding:
        ++counts.decoding;
        counts.flying_bytes += chunk->bytes;
        break;
      case ChunkState::kDecoded:
        ++counts.decoded;
        counts.decoded_bytes += chunk->bytes;
        break;
      case ChunkState::kEmpty:
        ++counts.empty;
        break;
      case ChunkState::kFailed:
        ++counts.failed;
        break;
    }
  }
  const Scheduler::Counts& own = scheduler.counts();
  ASSERT_EQ(own.queued, counts.queued);
  ASSERT_EQ(own.fetching, counts.fetching);
  ASSERT_EQ(own.decoding, counts.decoding);
  ASSERT_EQ(own.decoded, counts.decoded);
  ASSERT_EQ(own.empty, counts.empty);
  ASSERT_EQ(own.failed, counts.failed);
  ASSERT_EQ(own.decoded_bytes, counts.decoded_bytes);
  ASSERT_EQ(own.flying_bytes, counts.flying_bytes);
}

}  // namespace mifa::view
