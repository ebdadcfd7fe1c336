// What is read while a person looks around.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::app {
namespace {

Files big_image() {
  Files files;
  add_image(files, "", {.shape = {8192, 8192}, .chunk = {128, 128}, .levels = 6});
  return files;
}

TEST(Loading, PanningAwayCancelsWhatIsInFlight) {
  FakeHost host;
  host.files = big_image();
  host.open();
  host.app.look_at(1000, 1000, 1);
  host.frame();
  const auto in_flight = host.app.chunks().counts().fetching;
  ASSERT_GT(in_flight, 0);
  host.app.look_at(7000, 7000, 1);
  host.frame();
  EXPECT_EQ(host.cancels, in_flight);
  host.settle();
  EXPECT_EQ(host.state()["missingTiles"], 0);
  EXPECT_EQ(host.held(), static_cast<std::size_t>(host.app.chunks().counts().decoded));
}

TEST(Loading, AnswersToCancelledRequestsAreDropped) {
  FakeHost host;
  host.answers_after_cancel = true;
  host.files = big_image();
  host.open();
  for (int i = 0; i < 8; ++i) {
    host.app.look_at(1000 + 700 * i, 1000, 1);
    host.frame();
  }
  host.settle();
  EXPECT_EQ(host.state()["missingTiles"], 0);
  EXPECT_EQ(host.held(), static_cast<std::size_t>(host.app.chunks().counts().decoded))
      << "elements nobody knows of are dropped";
}

TEST(Loading, APanBackCostsNoRequest) {
  FakeHost host;
  host.files = big_image();
  host.open();
  host.app.look_at(1000, 1000, 1);
  host.settle();
  host.app.look_at(3000, 1000, 1);
  host.settle();
  host.chunk_reads.clear();
  host.app.look_at(1000, 1000, 1);
  host.settle();
  EXPECT_TRUE(host.chunk_reads.empty());
  EXPECT_EQ(host.state()["missingTiles"], 0);
}

TEST(Loading, AnIdlePageDoesNothing) {
  FakeHost host;
  host.files = big_image();
  host.open();
  for (int i = 0; i < 20; ++i) {
    host.now += 1000;
    const Frame frame = host.frame();
    EXPECT_FALSE(frame.draw);
    EXPECT_FALSE(frame.again);
    EXPECT_LT(frame.wake, 0);
    EXPECT_FALSE(frame.state_changed);
    EXPECT_EQ(host.waiting(), 0U);
  }
}

TEST(Loading, AnIdlePageUnderAStillPointerDoesNothing) {
  FakeHost host;
  host.files = big_image();
  host.open();
  host.app.pointer_moved(1, 300, 300, false);
  host.settle();
  const Frame frame = host.frame();
  EXPECT_FALSE(frame.draw);
  EXPECT_FALSE(frame.again);
  EXPECT_EQ(host.waiting(), 0U);
}

TEST(Loading, ALostContextUploadsEverythingAgainWithoutReading) {
  FakeHost host;
  host.files = big_image();
  host.open();
  host.app.look_at(1000, 1000, 1);
  host.settle();
  const auto before = picture(host.app);
  const auto resident = host.app.tiles().resident();
  host.uploads = 0;
  host.chunk_reads.clear();
  host.app.context_lost();
  EXPECT_EQ(host.app.tiles().resident(), 0);
  host.settle();
  EXPECT_EQ(picture(host.app), before);
  EXPECT_GE(host.uploads, static_cast<int>(before.size()));
  EXPECT_LE(host.app.tiles().resident(), resident);
  EXPECT_TRUE(host.chunk_reads.empty());
}

TEST(Loading, MissingChunksAreTheFillValueAndAskedForOnce) {
  FakeHost host;
  add_image(host.files, "", {.shape = {256, 256}, .chunk = {64, 64}, .levels = 1});
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) {
      if (x != y) host.missing_chunks.insert("0/" + std::to_string(y) + "/" + std::to_string(x));
    }
  }
  host.open();
  EXPECT_EQ(host.state()["missingTiles"], 0);
  EXPECT_TRUE(host.state()["chunkFailures"].empty());
  int constants = 0;
  for (const auto& instance : host.app.draw_list().instances) constants += instance.layer < 0;
  EXPECT_EQ(constants, 12);
  for (int i = 0; i < 10; ++i) {
    host.app.look_at(100 + i, 100, 1);
    host.settle();
  }
  for (const auto& [key, count] : host.chunk_reads) EXPECT_EQ(count, 1) << key;
}

TEST(Loading, ProgressStartsAndEnds) {
  FakeHost host;
  host.files = big_image();
  host.open();
  host.app.look_at(1000, 1000, 1);
  host.frame();
  const int batch = host.state()["batch"];
  EXPECT_GT(batch, 0);
  EXPECT_EQ(host.state()["outstanding"], batch);
  host.answer();
  host.frame();
  EXPECT_EQ(host.state()["batch"], batch);
  EXPECT_LT(host.state()["outstanding"], batch);
  host.settle();
  EXPECT_EQ(host.state()["outstanding"], 0);
}

}  // namespace
}  // namespace mifa::app
