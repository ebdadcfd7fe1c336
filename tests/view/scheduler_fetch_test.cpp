// What is fetched first, and how much at once.
#include <gtest/gtest.h>

#include "scheduler_fixture.h"

namespace mifa::view {
namespace {

TEST(SchedulerFetch, TiersGoBeforeDistance) {
  Limits limits;
  limits.fetches = 1;
  Scheduler scheduler(limits);
  want_all(scheduler, {want(1, Tier::kPrefetch, 0), want(2, Tier::kVisible, 9),
                       want(3, Tier::kVisible, 1), want(4, Tier::kContrast, 0),
                       want(5, Tier::kFirst, 100), want(6, Tier::kFallback, 0)});
  std::vector<int> order;
  for (int i = 0; i < 6; ++i) {
    const auto starts = scheduler.update(0).start;
    ASSERT_EQ(starts.size(), 1U);
    order.push_back(starts.front().key.index[0]);
    scheduler.decoded(starts.front().ticket);
  }
  EXPECT_EQ(order, (std::vector<int>{5, 3, 2, 6, 4, 1}));
}

// Ten chunks a shard.
std::uint64_t ten_a_shard(const ChunkKey& key) {
  return static_cast<std::uint64_t>(key.index[0] / 10 + 1);
}

TEST(SchedulerFetch, ChunksOfAShardLeaveTogetherAndCountAsOneFile) {
  Limits limits;
  limits.fetches = 2;
  Scheduler scheduler(limits);
  std::vector<Want> wants;
  for (int n = 0; n < 40; ++n) wants.push_back(want(n, Tier::kVisible, n));
  wants.push_back(want(100, Tier::kPrefetch));
  wants[5].tier = Tier::kPrefetch;
  scheduler.want(wants, hundred_bytes, ten_a_shard);
  const auto starts = scheduler.update(0).start;
  EXPECT_EQ(numbers(starts), (std::vector<int>{0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
                                               16, 17, 18, 19}));
  EXPECT_EQ(scheduler.counts().files, 2);
  for (std::size_t i = 0; i + 1 < 9; ++i) scheduler.fetched(starts[i].ticket);
  EXPECT_TRUE(scheduler.update(0).start.empty()) << "the shard is still being read";
  scheduler.fetched(starts[8].ticket);
  EXPECT_EQ(scheduler.update(0).start.size(), 10U);
  EXPECT_EQ(scheduler.counts().files, 2);
  scheduler.clear();
  EXPECT_EQ(scheduler.counts().files, 0);
}

TEST(SchedulerFetch, AShardIsNotStartedBeyondTheBytesUnderWay) {
  Limits limits;
  limits.fetch_bytes = 350;
  Scheduler scheduler(limits);
  std::vector<Want> wants;
  for (int n = 0; n < 10; ++n) wants.push_back(want(n, Tier::kVisible, n));
  scheduler.want(wants, hundred_bytes, ten_a_shard);
  EXPECT_EQ(numbers(scheduler.update(0).start), (std::vector<int>{0, 1, 2}));
}

TEST(SchedulerFetch, TheBestOfSeveralWantsForOneChunkCounts) {
  Limits limits;
  limits.fetches = 1;
  Scheduler scheduler(limits);
  want_all(scheduler, {want(1, Tier::kPrefetch, 5), want(2, Tier::kVisible, 3),
                       want(1, Tier::kVisible, 2), want(1, Tier::kPrefetch, 0)});
  EXPECT_EQ(numbers(scheduler.update(0).start), (std::vector<int>{1}));
}

TEST(SchedulerFetch, PrioritiesAreMadeAnewWithEachView) {
  Limits limits;
  limits.fetches = 1;
  Scheduler scheduler(limits);
  want_all(scheduler, {want(1, Tier::kVisible, 1), want(2, Tier::kVisible, 2),
                       want(3, Tier::kVisible, 3)});
  const auto first = scheduler.update(0).start.front();
  EXPECT_EQ(first.key.index[0], 1);
  want_all(scheduler, {want(1, Tier::kVisible, 9), want(2, Tier::kVisible, 2),
                       want(3, Tier::kVisible, 1)});
  scheduler.decoded(first.ticket);
  EXPECT_EQ(numbers(scheduler.update(0).start), (std::vector<int>{3}));
}

TEST(SchedulerFetch, RequestsUnderWayAreCounted) {
  Limits limits;
  limits.fetches = 3;
  Scheduler scheduler(limits);
  std::vector<Want> wants;
  for (int n = 0; n < 10; ++n) wants.push_back(want(n, Tier::kVisible, n));
  want_all(scheduler, wants);
  auto starts = scheduler.update(0).start;
  EXPECT_EQ(starts.size(), 3U);
  EXPECT_TRUE(scheduler.update(0).start.empty());
  // The network is free again as soon as the bytes are there.
  scheduler.fetched(starts[0].ticket);
  EXPECT_EQ(numbers(scheduler.update(0).start), (std::vector<int>{3}));
  EXPECT_EQ(scheduler.outstanding(Tier::kVisible), 10);
}

TEST(SchedulerFetch, BytesUnderWayAreLimitedDecodingIncluded) {
  Limits limits;
  limits.fetch_bytes = 250;
  Scheduler scheduler(limits);
  want_all(scheduler, {want(1, Tier::kVisible, 1), want(2, Tier::kVisible, 2),
                       want(3, Tier::kVisible, 3)});
  const auto starts = scheduler.update(0).start;
  EXPECT_EQ(starts.size(), 2U);
  scheduler.fetched(starts[0].ticket);
  EXPECT_TRUE(scheduler.update(0).start.empty());
  scheduler.decoded(starts[0].ticket);
  EXPECT_EQ(scheduler.update(0).start.size(), 1U);
}

TEST(SchedulerFetch, OneChunkLargerThanTheLimitMayRunAlone) {
  Limits limits;
  limits.fetch_bytes = 10;
  Scheduler scheduler(limits);
  want_all(scheduler, {want(1, Tier::kVisible, 1), want(2, Tier::kVisible, 2)});
  const auto starts = scheduler.update(0).start;
  EXPECT_EQ(numbers(starts), (std::vector<int>{1}));
  EXPECT_TRUE(scheduler.update(0).start.empty());
  scheduler.decoded(starts[0].ticket);
  EXPECT_EQ(numbers(scheduler.update(0).start), (std::vector<int>{2}));
}

TEST(SchedulerFetch, WantedTwiceIsStartedOnce) {
  Scheduler scheduler{Limits{}};
  want_all(scheduler, {want(1), want(1)});
  EXPECT_EQ(scheduler.update(0).start.size(), 1U);
  want_all(scheduler, {want(1)});
  EXPECT_TRUE(scheduler.update(0).start.empty());
}

TEST(SchedulerFetch, OutstandingCountsTheTiersAskedFor) {
  Limits limits;
  limits.fetches = 1;
  Scheduler scheduler(limits);
  want_all(scheduler, {want(1, Tier::kFirst), want(2, Tier::kVisible), want(3, Tier::kPrefetch)});
  EXPECT_EQ(scheduler.outstanding(Tier::kFirst), 1);
  EXPECT_EQ(scheduler.outstanding(Tier::kFallback), 2);
  EXPECT_EQ(scheduler.outstanding(Tier::kPrefetch), 3);
  scheduler.decoded(scheduler.update(0).start.front().ticket);
  EXPECT_EQ(scheduler.outstanding(Tier::kFallback), 1);
}

}  // namespace
}  // namespace mifa::view
