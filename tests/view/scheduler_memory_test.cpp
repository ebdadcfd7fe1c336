// What is decoded is kept within its budget, whatever happens.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "scheduler_fixture.h"

namespace mifa::view {
namespace {

void decode_all(Scheduler& scheduler, const std::vector<Want>& wants) {
  want_all(scheduler, wants);
  while (true) {
    const auto starts = scheduler.update(0).start;
    if (starts.empty()) break;
    for (const auto& start : starts) scheduler.decoded(start.ticket);
  }
}

TEST(SchedulerMemory, TheLongestUnusedIsDroppedFirst) {
  Limits limits;
  limits.decoded_bytes = 300;
  Scheduler scheduler(limits);
  decode_all(scheduler, {want(1)});
  decode_all(scheduler, {want(2)});
  decode_all(scheduler, {want(3)});
  scheduler.find(chunk_key(1));  // a use
  scheduler.peek(chunk_key(2));  // not a use
  decode_all(scheduler, {want(4)});
  EXPECT_EQ(scheduler.peek(chunk_key(2)), nullptr);
  for (const int n : {1, 3, 4}) EXPECT_NE(scheduler.peek(chunk_key(n)), nullptr) << n;
}

TEST(SchedulerMemory, UnwantedGoesBeforeWanted) {
  Limits limits;
  limits.decoded_bytes = 300;
  Scheduler scheduler(limits);
  decode_all(scheduler, {want(1), want(2), want(3)});
  want_all(scheduler, {want(1), want(2), want(4)});
  scheduler.find(chunk_key(3));
  scheduler.decoded(scheduler.update(0).start.front().ticket);
  scheduler.update(0);
  EXPECT_EQ(scheduler.peek(chunk_key(3)), nullptr);
  EXPECT_NE(scheduler.peek(chunk_key(1)), nullptr);
}

TEST(SchedulerMemory, TrimDropsAllButSoMuch) {
  Scheduler scheduler(Limits{});
  decode_all(scheduler, {want(1), want(2), want(3)});
  want_all(scheduler, {want(3)});
  scheduler.update(0);
  scheduler.trim(100);
  EXPECT_EQ(scheduler.update(0).drop.size(), 2U);
  EXPECT_NE(scheduler.peek(chunk_key(3)), nullptr);
  scheduler.trim(0);
  EXPECT_EQ(scheduler.update(0).drop.size(), 1U);
  EXPECT_EQ(scheduler.counts().decoded_bytes, 0);
}

TEST(SchedulerMemory, DroppedTicketsAreSaidOnce) {
  Limits limits;
  limits.decoded_bytes = 100;
  Scheduler scheduler(limits);
  want_all(scheduler, {want(1)});
  const auto ticket = scheduler.update(0).start.front().ticket;
  scheduler.decoded(ticket);
  decode_all(scheduler, {want(2)});
  EXPECT_EQ(scheduler.key_of(ticket), nullptr);
  EXPECT_TRUE(scheduler.update(0).drop.empty());
}

// A pan over a row of chunks with a host that answers late, never, twice, or with errors.
TEST(SchedulerMemory, HoldsThroughTenThousandRandomPans) {
  constexpr int kChunks = 200;
  Limits limits;
  limits.decoded_bytes = 2000;
  limits.fetch_bytes = 700;
  limits.fetches = 5;
  Scheduler scheduler(limits);
  std::mt19937 random(5);
  std::set<std::uint32_t> waiting;  // started, not answered, not cancelled
  std::set<std::uint32_t> held;     // decoded elements at the host
  std::vector<std::uint32_t> late;
  double now = 0;
  int view = 100;
  const auto bytes = [](const ChunkKey& key) { return 50 + key.index[0] % 7 * 30; };
  for (int step = 0; step < 10000; ++step) {
    now += static_cast<double>(random() % 50);
    view = std::clamp(view + static_cast<int>(random() % 9) - 4, 0, kChunks - 12);
    std::vector<Want> wants;
    for (int n = view; n < view + 12; ++n) {
      wants.push_back(want(n, static_cast<Tier>(random() % 5), std::abs(n - view - 6)));
    }
    if (random() % 4 != 0) scheduler.want(wants, bytes);
    if (random() % 500 == 0) scheduler.retry_failed();
    const auto commands = scheduler.update(now);
    for (const auto& start : commands.start) {
      ASSERT_TRUE(waiting.insert(start.ticket).second) << "a ticket is used once";
    }
    for (const auto ticket : commands.cancel) {
      ASSERT_EQ(waiting.erase(ticket), 1U) << "cancels only what is under way";
      late.push_back(ticket);
    }
    for (const auto ticket : commands.drop) ASSERT_EQ(held.erase(ticket), 1U);
    ASSERT_LE(scheduler.counts().decoded_bytes, limits.decoded_bytes);
    ASSERT_LE(scheduler.counts().fetching, limits.fetches);
    ASSERT_LE(scheduler.counts().flying_bytes, limits.fetch_bytes);
    ASSERT_LE(scheduler.counts().decoded_bytes + scheduler.counts().flying_bytes,
              limits.decoded_bytes);
    ASSERT_EQ(static_cast<int>(waiting.size()),
              scheduler.counts().fetching + scheduler.counts().decoding);
    ASSERT_EQ(static_cast<int>(held.size()), scheduler.counts().decoded);
    expect_counts_recounted(scheduler, kChunks);
    while (!waiting.empty() && random() % 3 != 0) {
      auto chosen = waiting.begin();
      std::advance(chosen, static_cast<int>(random() % waiting.size()));
      const std::uint32_t ticket = *chosen;
      switch (random() % 12) {
        case 0:
          ASSERT_TRUE(scheduler.empty(ticket));
          waiting.erase(ticket);
          break;
        case 1:
          ASSERT_TRUE(scheduler.failed(ticket, temporary(), now, 0));
          waiting.erase(ticket);
          break;
        case 2:
          ASSERT_TRUE(scheduler.failed(ticket, {ErrorCode::kFixData, "bad"}, now, 0));
          waiting.erase(ticket);
          break;
        case 3:
        case 4:
          scheduler.fetched(ticket);
          break;
        default:
          ASSERT_TRUE(scheduler.decoded(ticket));
          // Also before the next update drops anything.
          ASSERT_LE(scheduler.counts().decoded_bytes, limits.decoded_bytes);
          waiting.erase(ticket);
          held.insert(ticket);
          late.push_back(ticket);
      }
    }
    if (!late.empty()) {
      ASSERT_FALSE(scheduler.empty(late[random() % late.size()]));
    }
  }
  EXPECT_GT(scheduler.counts().decoded, 0);
}

}  // namespace
}  // namespace mifa::view
