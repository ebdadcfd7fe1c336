// Several images in one scene.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <set>

#include "view/lookup_table.h"
#include "viewer.h"

namespace mifa::view {
namespace {

using Kind = DrawGroup::Kind;

ome::Multiscale plain(std::int64_t width, std::int64_t height, std::int64_t chunk = 64) {
  return make_pyramid(width, height, chunk, 1, 2, true);
}

std::set<int> sources_wanted(const Plan& plan) {
  std::set<int> result;
  for (const Want& want : plan.wants) result.insert(want.key.source);
  return result;
}

// The image that the topmost backdrop at a pixel belongs to, by the number of its group.
int uppermost(const Plan& plan, double x, double y) {
  int found = -1;
  int number = 0;
  for (const DrawGroup& group : plan.draw.groups) {
    if (group.kind != Kind::kBackdrop) continue;
    const auto p = to_frame(plan, group, x, y);
    for (int i = group.first; i < group.first + group.count; ++i) {
      const auto& rect = plan.draw.instances[static_cast<std::size_t>(i)].rect;
      if (p[0] >= rect[0] && p[0] < rect[2] && p[1] >= rect[1] && p[1] < rect[3]) found = number;
    }
    ++number;
  }
  return found;
}

TEST(Images, LaterOnesCoverEarlierOnes) {
  for (const double angle : {0.0, 0.4}) {
    Viewer viewer;
    viewer.camera.resize(200, 100);
    viewer.show(plain(100, 100));
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    const Source& second = viewer.add_image(plain(100, 100), {c, -s, 50, s, c, 0});
    viewer.camera.look_at(75, 50, 1);
    const Plan& plan = viewer.load();
    std::vector<Kind> kinds;
    for (const DrawGroup& group : plan.draw.groups) {
      if (kinds.empty() || kinds.back() != group.kind) kinds.push_back(group.kind);
    }
    EXPECT_EQ(kinds, (std::vector<Kind>{Kind::kBackdrop, Kind::kIntensity, Kind::kBackdrop,
                                        Kind::kIntensity}));
    for (int y = 0; y < 100; ++y) {
      for (int x = 0; x < 200; ++x) {
        const auto world = viewer.camera.to_world(x + 0.37, y + 0.41);
        const int expected = second.contains(world[0], world[1])                              ? 1
                             : viewer.scene.sources.front().contains(world[0], world[1]) ? 0
                                                                                         : -1;
        ASSERT_EQ(uppermost(plan, x + 0.37, y + 0.41), expected) << x << ", " << y;
      }
    }
  }
}

// A line through other corners may be rasterized otherwise, and light would fall on the image below.
TEST(Images, TurnedBackdropsHaveTheCornersOfTheirTiles) {
  Viewer viewer;
  viewer.camera.resize(200, 150);
  viewer.show(plain(100, 100));
  viewer.add_image(plain(200, 200, 32), {0.8, -0.6, 20, 0.6, 0.8, -10});
  viewer.camera.look_at(50, 50, 1);
  const Plan& plan = viewer.load();
  std::set<std::array<float, 4>> grounds;
  std::set<std::array<float, 4>> tiles;
  for (const DrawGroup& group : plan.draw.groups) {
    if (group.frame == 0) continue;
    for (int i = group.first; i < group.first + group.count; ++i) {
      (group.kind == Kind::kBackdrop ? grounds : tiles)
          .insert(plan.draw.instances[static_cast<std::size_t>(i)].rect);
    }
  }
  EXPECT_GT(tiles.size(), 9U);
  EXPECT_EQ(grounds, tiles);
}

TEST(Images, TheirOrderIsTheScenesOwn) {
  Viewer viewer;
  viewer.camera.resize(100, 100);
  viewer.show(plain(64, 64));
  viewer.add_image(plain(64, 64), {});
  viewer.add_image(plain(64, 64), {});
  viewer.scene.images = {0, 2, 1};
  viewer.load();
  const Source& top = viewer.scene.sources[1];
  const auto slot = viewer.tiles.find(top.tile_key(0, top.grid(0).tile_at(0, 0), {0, 0}));
  ASSERT_TRUE(slot);
  EXPECT_EQ(viewer.plan.draw.groups.back().block, slot->block) << "source 1 is on top";
  EXPECT_EQ(viewer.plan.draw.instances.back().layer, slot->layer);
}

TEST(Images, ApartTheyShareTheirGroups) {
  Viewer viewer;
  viewer.camera.resize(600, 400);
  viewer.show(plain(40, 40));
  for (int i = 1; i < 96; ++i) viewer.add_image(plain(40, 40), {1, 0, i % 12 * 50.0, 0, 1, i / 12 * 50.0});
  viewer.camera.fit();
  EXPECT_GE(viewer.load().draw.groups.size(), 2U * 96);
  viewer.scene.apart = true;
  const Plan& plan = viewer.step();
  EXPECT_LE(plan.draw.groups.size(), 4U);
  EXPECT_EQ(plan.draw.groups.front().kind, Kind::kBackdrop);
  EXPECT_EQ(plan.draw.groups.front().count, 96);
  int tiles = 0;
  for (const DrawGroup& group : tile_groups(plan)) tiles += group.count;
  EXPECT_EQ(tiles, 96);
}

TEST(Images, ApartAndTurnedTheSameTheyShareAFrame) {
  Viewer viewer;
  viewer.camera.resize(600, 400);
  viewer.show(plain(40, 40));
  viewer.scene.apart = true;
  for (int i = 1; i < 20; ++i) viewer.add_image(plain(40, 40), {0, -1, i * 50.0, 1, 0, 0});
  viewer.camera.fit();
  const Plan& plan = viewer.load();
  EXPECT_EQ(plan.draw.frames.size(), 2U);
  EXPECT_LE(plan.draw.groups.size(), 8U);
}

TEST(Images, AChannelIsDrawnOfThoseThatHaveIt) {
  Viewer viewer;
  viewer.camera.resize(300, 100);
  viewer.show(make_image("cyx", {{{3, 64, 64}, {1, 64, 64}, {}, {}}}));
  viewer.add_image(plain(64, 64), {1, 0, 70, 0, 1, 0});
  viewer.add_image(make_image("cyx", {{{2, 64, 64}, {1, 64, 64}, {}, {}}}), {1, 0, 140, 0, 1, 0});
  viewer.camera.fit();
  viewer.step();
  std::map<int, std::set<int>> channels;
  for (const Want& want : viewer.plan.wants) {
    channels[want.key.source].insert(want.key.source == 1 ? -1 : want.key.index[0]);
  }
  EXPECT_EQ(channels[0], (std::set<int>{0, 1, 2}));
  EXPECT_EQ(channels[1], (std::set<int>{-1}));
  EXPECT_EQ(channels[2], (std::set<int>{0, 1}));
  viewer.scene.channels[0].visible = false;
  viewer.step();
  EXPECT_EQ(sources_wanted(viewer.plan), (std::set<int>{0, 2}));
}

// Stacks of tiles that begin at different heights: what is not there is not drawn, not even black.
TEST(Images, BeyondTheirEndsTheyAreNotDrawn) {
  Viewer viewer;
  viewer.camera.resize(300, 100);
  viewer.show(make_image("zyx", {{{40, 64, 64}, {1, 64, 64}, {0.5, 1, 1}, {0, 0, 0}}}));
  // Its planes lie at 5, 6, … 9.
  viewer.add_image(make_image("zyx", {{{5, 64, 64}, {1, 64, 64}, {1, 1, 1}, {5, 0, 0}}}),
                   {1, 0, 70, 0, 1, 0});
  viewer.camera.fit();
  for (std::int64_t z = 0; z < 40; ++z) {
    viewer.scene.position[0] = z;
    const double height = 0.5 * static_cast<double>(z);
    const bool there = height >= 4.5 && height <= 9.5;
    viewer.step();
    EXPECT_EQ(sources_wanted(viewer.plan).count(1), there ? 1U : 0U) << height;
    int backdrops = 0;
    for (const DrawGroup& group : viewer.plan.draw.groups) {
      backdrops += group.kind == Kind::kBackdrop ? group.count : 0;
    }
    EXPECT_EQ(backdrops, there ? 2 : 1) << height;
  }
}

TEST(Images, ThoseOutOfViewCostNothing) {
  Viewer viewer;
  viewer.camera.resize(500, 200);
  viewer.show(make_pyramid(256, 256, 64, 3, 2, true));
  for (int i = 1; i < 1536; ++i) {
    viewer.add_image(make_pyramid(256, 256, 64, 3, 2, true),
                     {1, 0, i % 48 * 300.0, 0, 1, i / 48 * 300.0});
  }
  viewer.scene.apart = true;
  viewer.camera.look_at(3000, 3000, 2.5);
  viewer.step();
  const auto wanted = sources_wanted(viewer.plan);
  EXPECT_GE(wanted.size(), 8U);
  EXPECT_LE(wanted.size(), 18U);
  viewer.load();
  const auto milliseconds = [&](int count) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) viewer.step();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
               .count() / count;
  };
  const double few = milliseconds(50);
  viewer.camera.fit();
  viewer.load();
  const double all = milliseconds(5);
  RecordProperty("ms_ten_in_view", std::to_string(few));
  RecordProperty("ms_all_in_view", std::to_string(all));
  EXPECT_LT(few, all / 4) << "1526 images out of view must not cost what 1536 in view do";
}

// The budgets are for all images together.
TEST(Images, ShareOneBudget) {
  Limits limits;
  limits.gpu_block_bytes = 64 << 10;
  limits.gpu_bytes = 2 << 20;  // 256 tiles of 64² 16-bit texels
  limits.decoded_bytes = 1 << 20;
  limits.fetch_bytes = 256 << 10;
  limits.fallback_edge = 64;
  Viewer viewer(limits);
  viewer.camera.resize(1600, 1200);
  viewer.show(make_pyramid(256, 256, 64, 3, 2, true));
  for (int i = 1; i < 24; ++i) {
    viewer.add_image(make_pyramid(256, 256, 64, 3, 2, true),
                     {1, 0, i % 6 * 260.0, 0, 1, i / 6 * 260.0});
  }
  viewer.scene.apart = true;
  viewer.camera.fit();
  const Plan& plan = viewer.load();
  EXPECT_EQ(plan.level, 1) << "16 tiles of each would not fit, 4 do";
  EXPECT_FALSE(plan.cut);
  EXPECT_EQ(plan.missing_tiles, 0);
  EXPECT_LE(viewer.tiles.gpu_bytes(), limits.gpu_bytes);
  EXPECT_EQ(viewer.started, 24 * 5) << "each chunk once";
  // A close look at one of them takes the finest.
  viewer.camera.look_at(128, 128, 0.5);
  EXPECT_EQ(viewer.load().level, 0);
}

TEST(Images, ThatDoNotFitEvenAtTheirCoarsestAreCutToTheMiddle) {
  Limits limits;
  limits.gpu_block_bytes = 64 << 10;
  limits.gpu_bytes = 1 << 20;
  limits.decoded_bytes = 1 << 20;
  limits.fetch_bytes = 256 << 10;
  Viewer viewer(limits);
  viewer.camera.resize(1600, 1200);
  viewer.show(plain(64, 64));
  for (int i = 1; i < 400; ++i) {
    viewer.add_image(plain(64, 64), {1, 0, i % 20 * 70.0, 0, 1, i / 20 * 70.0});
  }
  viewer.camera.fit();
  const Plan& plan = viewer.load();
  EXPECT_TRUE(plan.cut);
  EXPECT_EQ(plan.missing_tiles, 0);
  EXPECT_LE(viewer.started, 128);
  EXPECT_GE(viewer.started, 64) << "most of the room is used";
  int backdrops = 0;
  for (const DrawGroup& group : plan.draw.groups) {
    backdrops += group.kind == Kind::kBackdrop ? group.count : 0;
  }
  EXPECT_EQ(backdrops, 400);
}

// One large mask without a pyramid must not make the image beside it coarse.
TEST(Images, OnesThatTakeTheirPartKeepTheirLevel) {
  Limits limits;
  limits.gpu_block_bytes = 64 << 10;
  limits.gpu_bytes = 4 << 20;
  Viewer viewer(limits);
  viewer.camera.resize(512, 512);
  viewer.show(make_pyramid(512, 512, 64, 4, 2, true));
  viewer.add_label(make_image("yx", {{{4096, 4096}, {64, 64}, {0.125, 0.125}, {}}}));
  const Plan& plan = viewer.step();
  EXPECT_EQ(plan.level, 0);
  EXPECT_TRUE(plan.cut);
}

TEST(Images, ScrubbingReadsAheadOfAllOfThem) {
  Viewer viewer;
  viewer.camera.resize(300, 100);
  const auto stack = make_image("zyx", {{{9, 64, 64}, {1, 64, 64}, {}, {}}});
  viewer.show(stack);
  viewer.add_image(stack, {1, 0, 70, 0, 1, 0});
  viewer.camera.fit();
  viewer.scene.position[0] = 4;
  viewer.load();
  viewer.step(1 << 30, 0);
  std::set<std::pair<int, int>> ahead;
  for (const Want& want : viewer.plan.wants) ahead.insert({want.key.source, want.key.index[0]});
  EXPECT_EQ(ahead, (std::set<std::pair<int, int>>{{0, 3}, {0, 5}, {1, 3}, {1, 5}}));
}

TEST(Images, LookupTablesReachTheInstances) {
  Viewer viewer;
  viewer.camera.resize(64, 64);
  viewer.show(plain(64, 64));
  viewer.load();
  EXPECT_FALSE(viewer.plan.draw.tables);
  viewer.scene.channels[0].lut = "Fire.lut";
  viewer.scene.channels[0].inverted = true;
  const Plan& plan = viewer.step();
  EXPECT_TRUE(plan.draw.tables);
  const int row = plan.draw.instances.back().flags / kTableFlag - 1;
  ASSERT_GE(row, 0);
  EXPECT_STREQ(lookup_table(row).name, "fire");
  EXPECT_TRUE(plan.draw.instances.back().flags & kInverted);
  EXPECT_FALSE(plan.draw.instances.back().flags & kOutline);
  viewer.scene.channels[0].lut = "nobody knows this";
  EXPECT_FALSE(viewer.step().draw.tables);
}

}  // namespace
}  // namespace mifa::view
