// Every arrow between the states of a chunk.
#include <gtest/gtest.h>

#include "scheduler_fixture.h"

namespace mifa::view {
namespace {

class SchedulerState : public testing::Test {
 protected:
  // Wants chunk 1 and starts it.
  std::uint32_t start() {
    want_all(scheduler_, {want(1)});
    const auto commands = scheduler_.update(now_);
    EXPECT_EQ(commands.start.size(), 1U);
    return commands.start.empty() ? 0 : commands.start.front().ticket;
  }
  ChunkState state() const { return scheduler_.peek(chunk_key(1))->state; }

  Limits limits_;
  Scheduler scheduler_{limits_};
  double now_ = 1000;
};

TEST_F(SchedulerState, AbsentUntilWanted) {
  EXPECT_EQ(scheduler_.peek(chunk_key(1)), nullptr);
  want_all(scheduler_, {want(1)});
  EXPECT_EQ(state(), ChunkState::kQueued);
  EXPECT_EQ(scheduler_.counts().queued, 1);
}

TEST_F(SchedulerState, QueuedFetchingDecodingDecoded) {
  const auto ticket = start();
  EXPECT_EQ(state(), ChunkState::kFetching);
  EXPECT_EQ(*scheduler_.key_of(ticket), chunk_key(1));
  EXPECT_TRUE(scheduler_.fetched(ticket));
  EXPECT_EQ(state(), ChunkState::kDecoding);
  EXPECT_EQ(scheduler_.counts().flying_bytes, 100);
  EXPECT_TRUE(scheduler_.decoded(ticket));
  EXPECT_EQ(state(), ChunkState::kDecoded);
  EXPECT_EQ(scheduler_.counts().flying_bytes, 0);
  EXPECT_EQ(scheduler_.counts().decoded_bytes, 100);
  EXPECT_EQ(*scheduler_.key_of(ticket), chunk_key(1));
}

// A chunk in a cache of the page comes decoded without having been fetched.
TEST_F(SchedulerState, FetchingStraightToDecoded) {
  EXPECT_TRUE(scheduler_.decoded(start()));
  EXPECT_EQ(state(), ChunkState::kDecoded);
}

TEST_F(SchedulerState, MissingIsEmptyAndNotAskedForAgain) {
  const auto ticket = start();
  EXPECT_TRUE(scheduler_.empty(ticket));
  EXPECT_EQ(state(), ChunkState::kEmpty);
  EXPECT_EQ(scheduler_.counts().flying_bytes, 0);
  want_all(scheduler_, {});
  want_all(scheduler_, {want(1)});
  EXPECT_TRUE(scheduler_.update(now_).start.empty());
  EXPECT_EQ(scheduler_.key_of(ticket), nullptr);
}

// An outage must not look like a black image.
TEST_F(SchedulerState, ForbiddenAndUnreachableAreNeverEmpty) {
  for (const ErrorCode code : {ErrorCode::kForbidden, ErrorCode::kRetry, ErrorCode::kFixData,
                               ErrorCode::kLimit, ErrorCode::kUnsupported, ErrorCode::kMissing}) {
    Scheduler scheduler{limits_};
    want_all(scheduler, {want(1)});
    const auto ticket = scheduler.update(now_).start.front().ticket;
    EXPECT_TRUE(scheduler.failed(ticket, {code, "said why"}, now_, 0));
    EXPECT_EQ(scheduler.peek(chunk_key(1))->state, ChunkState::kFailed);
    EXPECT_EQ(scheduler.peek(chunk_key(1))->error.message, "said why");
    EXPECT_EQ(scheduler.counts().empty, 0);
  }
}

TEST_F(SchedulerState, FinalFailureIsKeptAndNotTriedAgain) {
  scheduler_.failed(start(), {ErrorCode::kForbidden, "403"}, now_, 0);
  EXPECT_EQ(scheduler_.peek(chunk_key(1))->retry_at, 0);
  EXPECT_LT(scheduler_.next_due(), 0);
  want_all(scheduler_, {want(1)});
  EXPECT_TRUE(scheduler_.update(now_ + 1e9).start.empty());
  want_all(scheduler_, {});
  want_all(scheduler_, {want(1)});
  EXPECT_TRUE(scheduler_.update(now_ + 1e9).start.empty());
}

TEST_F(SchedulerState, RetryableFailureIsTriedWithGrowingPausesThenGivenUp) {
  auto ticket = start();
  double pause = limits_.retry_pause_ms;
  for (int attempt = 1; attempt < limits_.attempts; ++attempt, pause *= 2) {
    EXPECT_TRUE(scheduler_.failed(ticket, temporary(), now_, 0));
    EXPECT_EQ(scheduler_.next_due(), now_ + pause);
    EXPECT_EQ(scheduler_.outstanding(Tier::kVisible), 1);
    EXPECT_TRUE(scheduler_.update(now_ + pause - 1).start.empty());
    now_ += pause;
    const auto commands = scheduler_.update(now_);
    ASSERT_EQ(commands.start.size(), 1U);
    EXPECT_NE(commands.start.front().ticket, ticket);
    ticket = commands.start.front().ticket;
  }
  EXPECT_TRUE(scheduler_.failed(ticket, temporary(), now_, 0));
  EXPECT_EQ(scheduler_.peek(chunk_key(1))->attempts, limits_.attempts);
  EXPECT_LT(scheduler_.next_due(), 0);
  EXPECT_EQ(scheduler_.outstanding(Tier::kVisible), 0);
}

TEST_F(SchedulerState, DecodingCanFailAndBeTriedAgain) {
  const auto ticket = start();
  scheduler_.fetched(ticket);
  EXPECT_TRUE(scheduler_.failed(ticket, temporary(), now_, 3000));
  EXPECT_EQ(state(), ChunkState::kFailed);
  EXPECT_EQ(scheduler_.next_due(), now_ + 3000);
}

TEST_F(SchedulerState, QueuedAndNoLongerWantedIsForgotten) {
  want_all(scheduler_, {want(1)});
  want_all(scheduler_, {});
  EXPECT_EQ(scheduler_.peek(chunk_key(1)), nullptr);
  EXPECT_TRUE(scheduler_.update(now_).start.empty());
}

TEST_F(SchedulerState, UnderWayAndNoLongerWantedIsCancelled) {
  for (const bool decoding : {false, true}) {
    const auto ticket = start();
    if (decoding) scheduler_.fetched(ticket);
    want_all(scheduler_, {});
    EXPECT_EQ(scheduler_.update(now_).cancel, (std::vector<std::uint32_t>{ticket}));
    EXPECT_EQ(scheduler_.peek(chunk_key(1)), nullptr);
    EXPECT_EQ(scheduler_.counts().flying_bytes, 0);
  }
}

TEST_F(SchedulerState, WaitingForARetryAndNoLongerWantedIsForgotten) {
  scheduler_.failed(start(), temporary(), now_, 0);
  want_all(scheduler_, {});
  EXPECT_LT(scheduler_.next_due(), 0);
  EXPECT_EQ(scheduler_.counts().failed, 0);
}

TEST_F(SchedulerState, DecodedIsKeptWhenNoLongerWanted) {
  const auto ticket = start();
  scheduler_.decoded(ticket);
  want_all(scheduler_, {});
  EXPECT_TRUE(scheduler_.update(now_).drop.empty());
  EXPECT_EQ(state(), ChunkState::kDecoded);
}

TEST_F(SchedulerState, LateAndForeignTicketsAreDropped) {
  const auto old = start();
  want_all(scheduler_, {});
  scheduler_.update(now_);
  const auto current = start();
  for (const auto ticket : {old, current + 100, std::uint32_t{0}}) {
    EXPECT_FALSE(scheduler_.fetched(ticket));
    EXPECT_FALSE(scheduler_.decoded(ticket));
    EXPECT_FALSE(scheduler_.empty(ticket));
    EXPECT_FALSE(scheduler_.failed(ticket, temporary(), now_, 0));
    EXPECT_EQ(scheduler_.key_of(ticket), nullptr);
  }
  EXPECT_EQ(state(), ChunkState::kFetching);
  EXPECT_TRUE(scheduler_.decoded(current));
}

TEST_F(SchedulerState, ASecondAnswerUnderTheSameTicketIsDropped) {
  const auto ticket = start();
  EXPECT_TRUE(scheduler_.decoded(ticket));
  EXPECT_FALSE(scheduler_.decoded(ticket));
  EXPECT_FALSE(scheduler_.fetched(ticket));
  EXPECT_FALSE(scheduler_.empty(ticket));
  EXPECT_FALSE(scheduler_.failed(ticket, temporary(), now_, 0));
  EXPECT_EQ(state(), ChunkState::kDecoded);
  EXPECT_EQ(scheduler_.counts().decoded_bytes, 100);
}

TEST_F(SchedulerState, AnOldTicketOfARetriedChunkIsDropped) {
  const auto first = start();
  scheduler_.failed(first, temporary(), now_, 0);
  const auto second = scheduler_.update(now_ + 400).start.front().ticket;
  EXPECT_FALSE(scheduler_.decoded(first));
  EXPECT_TRUE(scheduler_.decoded(second));
}

TEST_F(SchedulerState, RetryFailedTriesWhatIsWantedAtOnceAndForgetsTheRest) {
  want_all(scheduler_, {want(1), want(2)});
  for (const auto& started : scheduler_.update(now_).start) {
    scheduler_.failed(started.ticket, {ErrorCode::kForbidden, "403"}, now_, 0);
  }
  want_all(scheduler_, {want(1)});
  scheduler_.retry_failed();
  EXPECT_EQ(numbers(scheduler_.update(now_).start), (std::vector<int>{1}));
  EXPECT_EQ(scheduler_.peek(chunk_key(1))->attempts, 1);
  want_all(scheduler_, {want(1), want(2)});
  EXPECT_EQ(numbers(scheduler_.update(now_).start), (std::vector<int>{2}));
}

TEST_F(SchedulerState, ClearCancelsAndDropsAll) {
  want_all(scheduler_, {want(1), want(2), want(3)});
  const auto starts = scheduler_.update(now_).start;
  scheduler_.decoded(starts[0].ticket);
  scheduler_.fetched(starts[1].ticket);
  scheduler_.clear();
  const auto commands = scheduler_.update(now_);
  EXPECT_EQ(commands.drop, (std::vector<std::uint32_t>{starts[0].ticket}));
  EXPECT_EQ(commands.cancel.size(), 2U);
  EXPECT_TRUE(commands.start.empty());
  expect_counts_recounted(scheduler_, 4);
  for (const auto& started : starts) EXPECT_FALSE(scheduler_.decoded(started.ticket));
  const auto again = start();
  for (const auto& started : starts) EXPECT_NE(started.ticket, again);
}

}  // namespace
}  // namespace mifa::view
