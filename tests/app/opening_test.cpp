// From a name to a picture.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::app {
namespace {

Files image_with_labels() {
  Files files;
  add_image(files, "", {.axes = "czyx", .shape = {2, 5, 500, 400}, .chunk = {1, 1, 64, 64}});
  add_label(files, "", "cells",
            {.axes = "zyx",
             .shape = {5, 250, 200},
             .chunk = {1, 64, 64},
             .levels = 2,
             .dtype = "<u8",
             .scale = 2});
  return files;
}

TEST(Opening, TakesAtMostThreeRoundTripsToTheFirstChunk) {
  FakeHost host;
  host.files = image_with_labels();
  host.open();
  EXPECT_GE(host.round_trips_to_first_chunk, 1);
  EXPECT_LE(host.round_trips_to_first_chunk, 3);
  const auto state = host.state();
  EXPECT_EQ(state["stage"], "showing");
  EXPECT_EQ(state["failure"], nullptr);
  EXPECT_EQ(state["missingTiles"], 0);
  EXPECT_EQ(state["outstanding"], 0);
  EXPECT_EQ(state["channels"].size(), 2U);
  EXPECT_EQ(state["labels"].size(), 1U);
  EXPECT_EQ(state["dataType"], "uint16");
  EXPECT_TRUE(state["issues"].is_array());
}

TEST(Opening, NothingIsReadTwice) {
  FakeHost host;
  host.files = image_with_labels();
  host.open();
  for (const auto& [key, count] : host.metadata_reads) EXPECT_EQ(count, 1) << key;
  for (const auto& [key, count] : host.chunk_reads) EXPECT_EQ(count, 1) << key;
}

TEST(Opening, CoarsePictureIsAskedForFirst) {
  FakeHost host;
  add_image(host.files, "", {.shape = {4096, 4096}, .levels = 6});
  host.app.open("made");
  while (host.chunk_reads.empty()) {
    host.frame();
    while (host.answer()) {
    }
  }
  bool coarse = false;
  for (const auto& [key, count] : host.chunk_reads) coarse = coarse || key.starts_with("5/");
  EXPECT_TRUE(coarse);
}

TEST(Opening, RepliesInAnyOrderEndInTheSamePicture) {
  FakeHost reference;
  reference.files = image_with_labels();
  reference.open();
  const auto expected = picture(reference.app);
  const auto tiles = reference.app.tiles().resident();
  ASSERT_FALSE(expected.empty());
  FakeHost host;
  host.files = reference.files;
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    host.app.open("made");
    host.settle_in_any_order(seed);
    ASSERT_EQ(host.state()["missingTiles"], 0);
    ASSERT_EQ(picture(host.app), expected);
    ASSERT_EQ(host.app.tiles().resident(), tiles);
  }
}

TEST(Opening, AnotherDatasetWhileTheFirstStillLoadsDropsLateReplies) {
  Files other;
  add_image(other, "",
            {.shape = {100, 90}, .chunk = {64, 64}, .levels = 1, .dtype = "|u1", .scale = 0.25});
  FakeHost reference;
  reference.files = other;
  reference.open();
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    FakeHost host;
    host.answers_after_cancel = true;
    host.files = image_with_labels();
    std::mt19937 random(seed);
    host.app.open("first");
    for (unsigned step = 0; step < seed; ++step) {
      host.now += 5;
      host.frame();
      host.answer_any(random);
    }
    // The store changes with the dataset, but what is under way was read from the first.
    const auto late = host.keep_answers();
    host.files = other;
    host.app.open("second");
    host.frame();
    host.give_late(*late);
    host.settle_in_any_order(seed);
    ASSERT_EQ(host.state()["stage"], "showing") << host.app.state_json();
    auto state = host.state();
    auto expected = reference.state();
    for (const char* own : {"name", "batch"}) state[own] = expected[own] = nullptr;
    ASSERT_EQ(state, expected);
    ASSERT_EQ(picture(host.app), picture(reference.app));
    ASSERT_EQ(host.held(), static_cast<std::size_t>(host.app.chunks().counts().decoded));
  }
}

TEST(Opening, AnotherEntryOfAPlate) {
  FakeHost host;
  add_plate(host.files, 3, {.shape = {200, 200}, .levels = 2});
  host.open();
  ASSERT_EQ(host.state()["entryCount"], 3U);
  EXPECT_EQ(nlohmann::json::parse(host.app.entries_json())[2], "A/3");
  host.app.open_entry(0);
  host.settle();
  EXPECT_EQ(host.state()["entry"], 0);
  const auto expected = picture(host.app);
  host.app.open_entry(2);
  host.settle();
  EXPECT_EQ(host.state()["entry"], 2);
  EXPECT_EQ(picture(host.app), expected);
  EXPECT_GT(host.chunk_reads.count("A/3/0/0/0/0"), 0U);
  host.app.open_entry(99);
  host.settle();
  EXPECT_EQ(host.state()["entry"], 2);
}

TEST(Opening, ShardsAreReadChunkByChunk) {
  const ImageShape plain{.axes = "cyx", .shape = {2, 500, 400}, .chunk = {1, 64, 64}};
  ImageShape sharded = plain;
  sharded.shard = {1, 256, 128};
  FakeHost reference;
  add_image(reference.files, "", plain);
  reference.open();
  FakeHost host;
  add_image(host.files, "", sharded);
  host.open();
  EXPECT_EQ(host.state()["missingTiles"], 0) << host.app.state_json();
  EXPECT_EQ(picture(host.app), picture(reference.app));
  EXPECT_EQ(host.chunk_reads.size(), reference.chunk_reads.size());
  for (const auto& [key, count] : host.chunk_reads) {
    EXPECT_EQ(count, 1) << key;
    EXPECT_NE(key.find('#'), std::string::npos) << key;
  }
  EXPECT_EQ(host.chunk_reads.count("0/c/1/0/1#7"), 1U) << "channel 1, chunk 3, 3";
}

TEST(Opening, AnEmptyCanvasAndNoDatasetAreHarmless) {
  FakeHost host({}, 1, 1);
  host.settle();
  EXPECT_EQ(host.state()["stage"], "idle");
  EXPECT_FALSE(host.app.key("f"));
  host.app.retry();
  host.app.context_lost();
  host.app.fit();
  host.settle();
  host.files = image_with_labels();
  host.open();
  host.app.resize(800, 600, 2);
  host.settle();
  EXPECT_EQ(host.state()["missingTiles"], 0);
}

TEST(Opening, AnImageWithoutPixelsSaysSo) {
  FakeHost host;
  add_image(host.files, "", {.shape = {0, 512}, .levels = 1});
  host.open();
  EXPECT_EQ(host.state()["stage"], "failed");
  EXPECT_EQ(
      host.state()["failure"]["message"],
      "while opening made: expected at least one array with two or more axes and no empty axis, "
      "received none, for the image at \"\"");
  EXPECT_EQ(host.state()["failure"]["code"], "fix-data");
}

}  // namespace
}  // namespace mifa::app
