// Keys, wheel and controls.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::app {
namespace {

class Input : public testing::Test {
 protected:
  void SetUp() override {
    add_image(
        host_.files, "",
        {.axes = "tczyx", .shape = {3, 2, 5, 512, 512}, .chunk = {1, 1, 1, 128, 128}, .levels = 3});
    add_label(host_.files, "", "cells",
              {.axes = "zyx",
               .shape = {5, 512, 512},
               .chunk = {1, 128, 128},
               .levels = 1,
               .dtype = "<u4"});
    host_.open();
  }
  std::int64_t position(int axis) {
    return host_.state()["axes"][static_cast<std::size_t>(axis)]["position"];
  }
  double zoom() { return host_.state()["view"]["worldPerPixel"]; }
  bool channel(int index) {
    return host_.state()["channels"][static_cast<std::size_t>(index)]["visible"];
  }

  FakeHost host_;
};

TEST_F(Input, PlanesAreSteppedThroughAndEndAtTheEnds) {
  EXPECT_EQ(position(2), 2) << "begins in the middle of z";
  EXPECT_TRUE(host_.app.key("PageUp"));
  EXPECT_TRUE(host_.app.key("."));
  EXPECT_EQ(position(2), 4);
  EXPECT_TRUE(host_.app.key("PageUp"));
  EXPECT_EQ(position(2), 4);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(host_.app.key(i % 2 == 0 ? "PageDown" : ","));
  EXPECT_EQ(position(2), 0);
  EXPECT_TRUE(host_.app.key("]"));
  EXPECT_EQ(position(0), 1);
  EXPECT_TRUE(host_.app.key("["));
  EXPECT_TRUE(host_.app.key("["));
  EXPECT_EQ(position(0), 0);
  host_.settle();
  EXPECT_EQ(host_.state()["missingTiles"], 0);
}

TEST_F(Input, ChannelsAndLabelsAreSwitched) {
  EXPECT_TRUE(channel(1));
  EXPECT_TRUE(host_.app.key("2"));
  EXPECT_FALSE(channel(1));
  EXPECT_FALSE(host_.app.key("3")) << "there is no third channel";
  EXPECT_TRUE(host_.app.key("l"));
  EXPECT_FALSE(host_.state()["labels"][0]["visible"].get<bool>());
  host_.settle();
  for (const auto& group : host_.app.draw_list().groups) EXPECT_LT(group.label, 0);
  EXPECT_TRUE(host_.app.key("l"));
  EXPECT_TRUE(host_.state()["labels"][0]["visible"].get<bool>());
}

TEST_F(Input, KeysZoomPanAndFit) {
  const double fitted = zoom();
  EXPECT_TRUE(host_.app.key("+"));
  EXPECT_LT(zoom(), fitted);
  EXPECT_TRUE(host_.app.key("ArrowRight"));
  EXPECT_GT(host_.app.camera().center()[0], 255);
  EXPECT_TRUE(host_.app.key("f"));
  host_.settle();
  EXPECT_NEAR(zoom(), fitted, 1e-9);
  EXPECT_FALSE(host_.app.key("Escape"));
  EXPECT_FALSE(host_.app.key(""));
}

TEST_F(Input, WheelZoomsAboutThePointer) {
  const auto before = host_.app.camera().to_world(200, 250);
  host_.app.wheel(200, 250, 0, -300, false);
  const auto after = host_.app.camera().to_world(200, 250);
  EXPECT_NEAR(after[0], before[0], 1e-6);
  EXPECT_NEAR(after[1], before[1], 1e-6);
}

TEST_F(Input, ADragMovesThePictureWithThePointer) {
  host_.app.look_at(256, 256, 0.5);
  const auto before = host_.app.camera().to_world(200, 250);
  host_.app.pointer_down(7, 200, 250, 0, false);
  host_.app.pointer_moved(7, 260, 230, false);
  host_.app.pointer_up(7, 0, false);
  const auto after = host_.app.camera().to_world(260, 230);
  EXPECT_NEAR(after[0], before[0], 1e-6);
  EXPECT_NEAR(after[1], before[1], 1e-6);
  host_.app.pointer_moved(7, 100, 100, false);
  EXPECT_NEAR(host_.app.camera().to_world(260, 230)[0], before[0], 1e-6) << "no longer held";
}

TEST_F(Input, AResizeFitsUntilAPersonMoved) {
  host_.app.resize(400, 300, 1);
  host_.settle();
  const double fitted = zoom();
  host_.app.resize(800, 600, 1);
  host_.settle();
  EXPECT_LT(zoom(), fitted);
  host_.app.wheel(200, 200, 0, -100, false);
  const double own = zoom();
  host_.app.resize(1000, 700, 1);
  host_.settle();
  EXPECT_NEAR(zoom(), own, 1e-9);
}

TEST_F(Input, PositionsAndEditsOutOfRangeAreHarmless) {
  host_.app.set_position(2, INT64_MAX);
  EXPECT_EQ(position(2), 4);
  host_.app.set_position(2, INT64_MIN);
  EXPECT_EQ(position(2), 0);
  host_.app.set_position(-1, 0);
  host_.app.set_position(99, 0);
  host_.app.set_channel({9, true, {}, {0, 1}, true, 1});
  host_.app.set_label({-1, true, false, 1});
  host_.app.set_channel({0, true, {1, 2, 3}, {5, 5}, true, 7});
  EXPECT_EQ(host_.state()["channels"][0]["opacity"], 1);
  host_.settle();
  EXPECT_EQ(host_.state()["missingTiles"], 0);
}

TEST_F(Input, TheNextPlaneIsReadAheadWhileStepping) {
  host_.app.key("PageUp");
  host_.settle();
  bool ahead = false;
  for (const auto& [key, count] : host_.chunk_reads)
    ahead = ahead || key.find("/4/0/0") != std::string::npos;
  EXPECT_TRUE(ahead);
}

}  // namespace
}  // namespace mifa::app
