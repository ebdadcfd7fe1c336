// What the planner asks for.
#include <gtest/gtest.h>

#include <set>

#include "viewer.h"

namespace mifa::view {
namespace {

TEST(PlannerWant, NothingWithoutAScene) {
  Viewer viewer;
  EXPECT_TRUE(viewer.step().wants.empty());
  EXPECT_TRUE(viewer.plan.draw.instances.empty());
}

TEST(PlannerWant, TheFallbackComesFirstOnlyWhileNothingIsShown) {
  Limits limits;
  limits.fallback_edge = 32;
  Viewer viewer(limits);
  viewer.camera.resize(256, 256);
  viewer.show(make_pyramid(1024, 1024, 64, 6, 2, true));
  viewer.camera.look_at(512, 512, 1);
  const auto tiers = [&](int level) {
    std::set<Tier> result;
    for (const Want& want : viewer.step().wants) {
      if (want.key.level == level) result.insert(want.tier);
    }
    return result;
  };
  EXPECT_EQ(tiers(0), (std::set<Tier>{Tier::kVisible}));
  EXPECT_EQ(tiers(5), (std::set<Tier>{Tier::kFirst}));
  // With the whole view covered by something, the picture's own level goes first.
  Viewer other(limits);
  other.camera.resize(256, 256);
  other.show(make_pyramid(1024, 1024, 64, 6, 2, true));
  other.camera.look_at(512, 512, 4);
  other.load();
  other.camera.look_at(512, 512, 1);
  for (const Want& want : other.step().wants) EXPECT_NE(want.tier, Tier::kFirst);
}

TEST(PlannerWant, NothingWhenAllIsResident) {
  Limits limits;
  limits.fallback_edge = 32;
  Viewer viewer(limits);
  viewer.camera.resize(256, 256);
  viewer.show(make_pyramid(1000, 900, 64, 5, 2, true));
  viewer.camera.look_at(512, 512, 1);
  const Plan& plan = viewer.load();
  EXPECT_TRUE(plan.wants.empty());
  EXPECT_TRUE(plan.uploads.empty());
  EXPECT_EQ(plan.missing_tiles, 0);
  EXPECT_FALSE(plan.more_uploads);
}

TEST(PlannerWant, NearerChunksAreNearer) {
  Viewer viewer;
  viewer.camera.resize(300, 300);
  viewer.show(make_pyramid(640, 640, 64, 1, 2, true));
  viewer.camera.look_at(96, 96, 1);  // the middle of the chunk 1,1
  double own = 1e9;
  double corner = 0;
  for (const Want& want : viewer.step().wants) {
    if (want.key.index[0] == 1 && want.key.index[1] == 1) own = want.distance;
    if (want.key.index[0] == 3 && want.key.index[1] == 3) corner = want.distance;
  }
  EXPECT_LT(own, corner);
}

TEST(PlannerWant, HiddenChannelsAreNotRead) {
  Viewer viewer;
  viewer.camera.resize(64, 64);
  viewer.show(make_image("cyx", {{{3, 64, 64}, {1, 64, 64}, {}, {}}}));
  viewer.scene.channels[1].visible = false;
  viewer.scene.channels[2].opacity = 0;
  std::set<int> channels;
  for (const Want& want : viewer.step().wants) channels.insert(want.key.index[0]);
  EXPECT_EQ(channels, (std::set<int>{0}));
}

TEST(PlannerWant, NeighboursAlongTheScrubbedAxisFollowWhenAllIsThere) {
  Viewer viewer;
  viewer.camera.resize(64, 64);
  viewer.show(make_image("zyx", {{{9, 64, 64}, {1, 64, 64}, {}, {}}}));
  viewer.scene.position[0] = 4;
  viewer.step(1 << 30, 0);
  for (const Want& want : viewer.plan.wants) EXPECT_EQ(want.key.index[0], 4);
  viewer.load();
  viewer.step(1 << 30, 0);
  std::set<int> planes;
  for (const Want& want : viewer.plan.wants) {
    EXPECT_EQ(want.tier, Tier::kPrefetch);
    planes.insert(want.key.index[0]);
  }
  EXPECT_EQ(planes, (std::set<int>{3, 5}));
  viewer.scene.position[0] = 0;
  viewer.load();
  viewer.step(1 << 30, 0);
  for (const Want& want : viewer.plan.wants) EXPECT_EQ(want.key.index[0], 1);
}

TEST(PlannerWant, AChunkGivenUpIsNeitherMissingNorDrawn) {
  Viewer viewer;
  viewer.camera.resize(64, 64);
  viewer.show(make_image("yx", {{{64, 64}, {64, 64}, {}, {}}}));
  EXPECT_EQ(viewer.step().missing_tiles, 1);
  viewer.chunks.failed(viewer.requests.front().ticket, {ErrorCode::kFixData, "bad"}, 0, 0);
  viewer.requests.clear();
  EXPECT_EQ(viewer.step().missing_tiles, 0);
  EXPECT_TRUE(tile_groups(viewer.plan).empty());
  EXPECT_TRUE(viewer.requests.empty());
}

}  // namespace
}  // namespace mifa::view
