// Budgets hold however a person moves.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::app {
namespace {

TEST(Memory, HoldsThroughTwoThousandRandomMoves) {
  view::Limits limits;
  limits.decoded_bytes = 4 << 20;
  limits.fetch_bytes = 1 << 20;
  limits.gpu_block_bytes = 1 << 20;
  limits.gpu_bytes = 8 << 20;
  FakeHost host(limits, 500, 400);
  add_image(
      host.files, "",
      {.axes = "tczyx", .shape = {4, 2, 9, 2000, 3000}, .chunk = {1, 1, 2, 128, 128}, .levels = 5});
  add_label(host.files, "", "cells",
            {.axes = "tzyx",
             .shape = {4, 9, 2000, 3000},
             .chunk = {1, 1, 128, 128},
             .levels = 5,
             .dtype = "<u4"});
  std::mt19937 random(3);
  host.open();
  const auto number = [&](int limit) {
    return static_cast<double>(random() % static_cast<unsigned>(limit));
  };
  for (int step = 0; step < 2000; ++step) {
    host.now += number(40);
    switch (random() % 6) {
      case 0:
        host.app.pointer_down(1, number(300), number(400), 0, false);
        host.app.pointer_moved(1, number(300), number(400), false);
        host.app.pointer_up(1, 0, false);
        break;
      case 1:
        host.app.wheel(number(300), number(400), 0, number(400) - 200, false);
        break;
      case 2:
        host.app.set_position(static_cast<int>(random() % 5),
                              static_cast<std::int64_t>(random() % 12) - 1);
        break;
      case 3:
        host.app.key(random() % 2 == 0 ? "1" : "l");
        break;
      case 4:
        host.app.look_at(number(3000), number(2000), 0.3 + number(100) / 20);
        break;
      default:
        break;
    }
    host.frame();
    for (auto n = random() % 12; n > 0; --n) host.answer_any(random);
    ASSERT_LE(host.app.tiles().gpu_bytes(), limits.gpu_bytes);
    ASSERT_LE(host.app.chunks().counts().flying_bytes, limits.fetch_bytes);
    host.frame();
    ASSERT_LE(host.app.chunks().counts().decoded_bytes, limits.decoded_bytes);
    ASSERT_EQ(host.held(), static_cast<std::size_t>(host.app.chunks().counts().decoded));
  }
  host.settle();
  EXPECT_EQ(host.state()["missingTiles"], 0);
}

// No pyramid, and more pixels than memory.
TEST(Memory, AnImageLargerThanAllBudgetsSettles) {
  view::Limits limits;
  limits.decoded_bytes = 2 << 20;
  limits.gpu_block_bytes = 1 << 20;
  limits.gpu_bytes = 4 << 20;
  FakeHost host(limits, 500, 400);
  add_image(host.files, "", {.shape = {4096, 4096}, .chunk = {256, 256}, .levels = 1});
  host.open();
  for (const auto& [key, count] : host.chunk_reads) EXPECT_LE(count, 2) << key;
  EXPECT_EQ(host.state()["missingTiles"], 0);
  EXPECT_EQ(host.state()["cut"], true) << "only the middle is shown, and that is said";
  EXPECT_FALSE(picture(host.app).empty());
}

// One chunk with many planes is larger than the cache: each step through z reads it again, and none
// of them for ever.
TEST(Memory, AChunkLargerThanTheCacheIsStillShown) {
  view::Limits limits;
  limits.decoded_bytes = 1 << 20;
  limits.fetch_bytes = 1 << 19;
  FakeHost host(limits, 500, 400);
  add_image(host.files, "",
            {.axes = "zyx", .shape = {32, 256, 256}, .chunk = {32, 256, 256}, .levels = 1});
  host.open();
  EXPECT_EQ(host.state()["missingTiles"], 0);
  EXPECT_LE(host.chunk_reads["0/0/0/0"], 2);
  host.app.set_position(0, 3);
  host.settle();
  EXPECT_EQ(host.state()["missingTiles"], 0);
  EXPECT_FALSE(picture(host.app).empty());
}

}  // namespace
}  // namespace mifa::app
