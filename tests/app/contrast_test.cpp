// The first window of a channel.
#include <gtest/gtest.h>

#include <cmath>

#include "fake_host.h"

namespace mifa::app {
namespace {

std::vector<double> ramp(double from, double to) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(from + (to - from) * i / 1000);
  return values;
}

TEST(AutoContrast, ABlankFirstPlaneDoesNotDecide) {
  FakeHost host;
  add_image(host.files, "",
            {.axes = "zyx", .shape = {21, 128, 128}, .chunk = {1, 128, 128}, .levels = 1});
  // Planes 0 to 11 are blank: the middle one is shown first.
  host.samples = [](const std::string& chunk, std::int64_t) {
    const int z = std::stoi(chunk.substr(2));
    return z < 12 ? std::vector<double>(1000, 7.0) : ramp(100, 1100);
  };
  host.open();
  const auto window = host.state()["channels"][0]["window"];
  EXPECT_NEAR(window[0].get<double>(), 102, 2);
  EXPECT_NEAR(window[1].get<double>(), 1098, 2);
}

TEST(AutoContrast, SeveralTimesAreLookedAt) {
  FakeHost host;
  add_image(host.files, "",
            {.axes = "tyx", .shape = {10, 128, 128}, .chunk = {1, 128, 128}, .levels = 1});
  host.samples = [](const std::string& chunk, std::int64_t) {
    return chunk.starts_with("0/9/") ? ramp(0, 5000) : ramp(0, 100);
  };
  host.open();
  EXPECT_GT(host.state()["channels"][0]["window"][1].get<double>(), 3000);
}

TEST(AutoContrast, TheFilesWindowIsKept) {
  FakeHost host;
  add_image(host.files, "", {.shape = {128, 128}, .levels = 1, .omero = R"({"channels": [
      {"label": "DAPI", "color": "0000FF", "active": true,
       "window": {"min": 0, "max": 4095, "start": 12, "end": 345}}]})"});
  host.open();
  const auto channel = host.state()["channels"][0];
  EXPECT_EQ(channel["window"][0], 12);
  EXPECT_EQ(channel["window"][1], 345);
  EXPECT_EQ(channel["label"], "DAPI");
  EXPECT_EQ(channel["color"], "#0000ff");
  EXPECT_FALSE(host.app.scene().channels[0].histogram.empty());
}

TEST(AutoContrast, AWindowSetByAPersonStays) {
  FakeHost host;
  add_image(host.files, "",
            {.axes = "zyx", .shape = {9, 128, 128}, .chunk = {1, 128, 128}, .levels = 1});
  host.app.open("made");
  while (host.app.scene().channels.empty()) {
    host.frame();
    host.answer();
  }
  host.app.set_channel({0, true, {255, 255, 255}, {40, 60}, true, 1});
  host.settle();
  EXPECT_EQ(host.state()["channels"][0]["window"][0], 40);
  EXPECT_EQ(host.state()["channels"][0]["window"][1], 60);
}

TEST(AutoContrast, NothingButMissingOrBrokenChunksStillMakesAWindow) {
  for (const bool broken : {false, true}) {
    FakeHost host;
    add_image(host.files, "", {.shape = {64, 64}, .levels = 1});
    if (broken) {
      host.failures["chunks"] = {{ErrorCode::kFixData, "bad"}};
    } else {
      host.missing_chunks = {"0/0/0"};
    }
    host.open();
    EXPECT_LT(host.state()["channels"][0]["window"][0], host.state()["channels"][0]["window"][1]);
    EXPECT_TRUE(host.app.scene().channels[0].window_known);
  }
}

TEST(AutoContrast, HiddenChannelsAreNotReadUntilShown) {
  FakeHost host;
  add_image(host.files, "",
            {.axes = "cyx", .shape = {6, 128, 128}, .chunk = {1, 128, 128}, .levels = 1});
  host.open();
  EXPECT_EQ(host.chunk_reads.count("0/5/0/0"), 0U);
  EXPECT_TRUE(host.app.key("6"));
  host.settle();
  EXPECT_EQ(host.chunk_reads["0/5/0/0"], 1);
  EXPECT_TRUE(host.app.scene().channels[5].window_known);
  EXPECT_EQ(host.state()["missingTiles"], 0);
}

TEST(AutoContrast, LateSamplesOfAnotherDatasetAreNotTaken) {
  FakeHost host;
  add_image(host.files, "", {.shape = {64, 64}, .levels = 1});
  host.samples = [](const std::string&, std::int64_t) { return ramp(50000, 60000); };
  host.app.open("bright");
  // Up to the samples' answer, which comes too late.
  while (host.uploads == 0) {
    host.frame();
    if (host.uploads == 0) host.answer();
  }
  const auto late = host.keep_answers();
  host.samples = [](const std::string&, std::int64_t) { return ramp(0, 100); };
  host.app.open("dark");
  while (host.app.scene().channels.empty()) {
    host.frame();
    host.answer();
  }
  host.give_late(*late);
  host.settle();
  EXPECT_LT(host.state()["channels"][0]["window"][1].get<double>(), 101);
}

}  // namespace
}  // namespace mifa::app
