// Memory stays bounded and nothing is read twice, with large chunks and on the way through a stack.
#include <gtest/gtest.h>

#include <algorithm>

#include "viewer.h"

namespace mifa::view {
namespace {

// As src/bind/viewer.cpp has it for a phone.
Limits phone() {
  Limits limits;
  limits.gpu_bytes /= 2;
  limits.decoded_bytes /= 2;
  return limits;
}

// Frames of `bytes` of uploads each until nothing is left to do; answers requests at once.
int frames_until_settled(Viewer& viewer, std::int64_t bytes) {
  int frames = 0;
  while (frames < 1000) {
    viewer.step(bytes);
    ++frames;
    EXPECT_LE(viewer.tiles.gpu_bytes(), viewer.limits.gpu_bytes);
    const bool idle = viewer.plan.uploads.empty() && viewer.requests.empty();
    while (!viewer.requests.empty()) viewer.answer(0);
    if (idle) break;
  }
  return frames;
}

TEST(Memory, AHundredMegabytesInOneChunkAreUploadedOverSeveralFrames) {
  Viewer viewer(phone());
  viewer.camera.resize(1080, 1920);
  viewer.show(make_image("yx", {{{7000, 7000}, {7000, 7000}, {}, {}}}));
  const Source& source = viewer.scene.sources.front();
  EXPECT_LE(source.grid(0).tile[0], viewer.limits.tile_edge);
  const int frames = frames_until_settled(viewer, viewer.limits.upload_bytes_idle);
  EXPECT_GE(frames, 98 / 32);
  EXPECT_LE(frames, 10);
  EXPECT_EQ(viewer.started, 1) << "the chunk is read once";
  EXPECT_EQ(viewer.plan.missing_tiles, 0);
  EXPECT_FALSE(viewer.plan.cut);
  EXPECT_EQ(viewer.tiles.resident(), 49);
  EXPECT_LE(viewer.chunks.counts().decoded_bytes, viewer.limits.decoded_bytes);
  viewer.camera.look_at(100, 100, 0.5);
  frames_until_settled(viewer, viewer.limits.upload_bytes_moving);
  EXPECT_EQ(viewer.started, 1);
}

TEST(Memory, AChunkLargerThanTheDecodedBudgetIsReadOnceForAllItsPlanes) {
  Limits limits = phone();
  limits.decoded_bytes = 64 * kMebibyte;
  Viewer viewer(limits);
  viewer.camera.resize(800, 800);
  viewer.show(make_image("zyx", {{{3, 4000, 4000}, {3, 4000, 4000}, {}, {}}}));  // 96 MB
  for (std::int64_t z = 0; z < 3; ++z) {
    viewer.scene.position[0] = z;
    frames_until_settled(viewer, limits.upload_bytes_moving);
    EXPECT_EQ(viewer.plan.missing_tiles, 0);
    EXPECT_EQ(viewer.started, 1) << "plane " << z;
  }
  EXPECT_EQ(viewer.dropped, 0);
}

TEST(Memory, WhatWaitsForItsUploadIsNotPushedOut) {
  Limits limits = phone();
  limits.decoded_bytes = 40 * kMebibyte;
  limits.fetch_bytes = 40 * kMebibyte;
  Viewer viewer(limits);
  viewer.camera.resize(800, 800);
  // 18 MB a chunk, four of them in view: two at a time.
  viewer.show(make_image("yx", {{{6000, 6000}, {3000, 3000}, {}, {}}}));
  std::int64_t most = 0;
  for (int frame = 0; frame < 100; ++frame) {
    viewer.step(2 * kMebibyte);
    most = std::max(most, viewer.chunks.counts().decoded_bytes + viewer.chunks.counts().flying_bytes);
    if (viewer.requests.empty() && viewer.plan.uploads.empty()) break;
    while (!viewer.requests.empty()) viewer.answer(0);
  }
  EXPECT_EQ(viewer.plan.missing_tiles, 0);
  EXPECT_EQ(viewer.started, 4) << "each chunk once";
  EXPECT_LE(most, 2 * limits.decoded_bytes);
}

TEST(Memory, TwoChannelsOfChunksLargerThanTheBudgetTakeTurns) {
  Limits limits;
  limits.decoded_bytes = 16 * kMebibyte;
  limits.fetch_bytes = 16 * kMebibyte;
  Viewer viewer(limits);
  viewer.camera.resize(800, 800);
  viewer.show(make_image("cyx", {{{2, 3000, 3000}, {1, 3000, 3000}, {}, {}}}));  // 18 MB each
  frames_until_settled(viewer, 4 * kMebibyte);
  EXPECT_EQ(viewer.plan.missing_tiles, 0);
  EXPECT_EQ(viewer.started, 2);
  EXPECT_LE(viewer.chunks.counts().decoded_bytes, 18'000'000);
}

TEST(Memory, AVeryLongRowIsCutIntoTiles) {
  Viewer viewer(phone());
  viewer.camera.resize(400, 100);
  viewer.show(make_image("yx", {{{2, 1'000'000}, {2, 1'000'000}, {}, {}}}));
  const TileGrid& grid = viewer.scene.sources.front().grid(0);
  EXPECT_LE(grid.tile[0], viewer.limits.tile_edge);
  EXPECT_EQ(grid.tile[1], 2);
  frames_until_settled(viewer, viewer.limits.upload_bytes_idle);
  EXPECT_EQ(viewer.plan.missing_tiles, 0);
  EXPECT_EQ(viewer.started, 1);
}

// Reading ahead stops where it would push out what it read before.
TEST(Memory, ReadingAheadStaysWithinTheBudget) {
  Limits limits;
  limits.decoded_bytes = 3 * 64 * 64 * 2;
  limits.fetch_bytes = limits.decoded_bytes;
  Viewer viewer(limits);
  viewer.camera.resize(128, 128);
  viewer.show(make_image("zyx", {{{9, 128, 128}, {1, 64, 64}, {}, {}}}));
  viewer.scene.position[0] = 4;
  viewer.load();
  const int before = viewer.started;
  EXPECT_EQ(before, 4);
  for (int i = 0; i < 50; ++i) {
    viewer.step(1 << 30, 0);
    while (!viewer.requests.empty()) viewer.answer(0);
  }
  EXPECT_LE(viewer.started, before + 3) << "eight are wanted, three fit";
  // It holds up nothing that is looked at.
  viewer.scene.position[0] = 7;
  viewer.load();
  EXPECT_EQ(viewer.plan.missing_tiles, 0);
}

TEST(Memory, ScrubbingInsideDecodedChunksReadsNothing) {
  Viewer viewer;
  viewer.camera.resize(128, 128);
  viewer.show(make_image("zyx", {{{32, 128, 128}, {16, 64, 64}, {}, {}}}));
  viewer.load();
  EXPECT_EQ(viewer.started, 4);
  for (std::int64_t z = 1; z < 16; ++z) {
    viewer.scene.position[0] = z;
    const Plan& plan = viewer.step();
    EXPECT_EQ(plan.uploads.size(), 4U) << "each plane is uploaded";
    EXPECT_EQ(plan.missing_tiles, 0) << "and drawn in the same frame";
    int tiles = 0;
    for (const DrawGroup& group : tile_groups(plan)) tiles += group.count;
    EXPECT_EQ(tiles, 4);
    viewer.step();
  }
  EXPECT_EQ(viewer.started, 4) << "no read, no decode";
  viewer.scene.position[0] = 3;
  EXPECT_TRUE(viewer.step().uploads.empty()) << "on the way back not even an upload";
  viewer.scene.position[0] = 16;
  viewer.load();
  EXPECT_EQ(viewer.started, 8);
}

TEST(Memory, PanningAwayCancelsWhatIsInFlight) {
  Limits limits;
  limits.fetches = 4;
  Viewer viewer(limits);
  viewer.camera.resize(128, 128);
  viewer.show(make_image("yx", {{{4096, 4096}, {64, 64}, {}, {}}}));
  viewer.camera.look_at(500, 500, 1);
  viewer.step();
  ASSERT_EQ(viewer.started, 4);
  const auto requests = viewer.requests;
  viewer.chunks.fetched(requests[0].ticket);  // One is with a worker already.
  viewer.camera.look_at(3500, 3500, 1);
  viewer.step();
  EXPECT_EQ(viewer.cancelled, 4);
  EXPECT_EQ(viewer.started, 8) << "their slots are free for the new view";
  for (const auto& old : requests) {
    EXPECT_FALSE(viewer.chunks.decoded(old.ticket)) << "a late answer is nobody's";
  }
  // What is still in view goes on.
  viewer.camera.look_at(3510, 3500, 1);
  viewer.step();
  EXPECT_EQ(viewer.cancelled, 4);
}

}  // namespace
}  // namespace mifa::view
