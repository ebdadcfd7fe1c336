// What is under the pointer.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::app {
namespace {

// A 64² image, one texel a world unit, fitted in a canvas without room for panels.
FakeHost& prepared(FakeHost& host, const std::string& label_type = "<u8") {
  add_image(host.files, "",
            {.axes = "cyx", .shape = {2, 64, 64}, .chunk = {1, 64, 64}, .levels = 1});
  add_label(host.files, "", "cells",
            {.shape = {64, 64}, .chunk = {64, 64}, .levels = 1, .dtype = label_type});
  return host;
}

void point_at(FakeHost& host, double u, double v) {
  const auto pixel = host.app.camera().to_pixel(u, v);
  host.app.pointer_moved(1, pixel[0], pixel[1], false);
  host.settle();
}

TEST(Readout, NamesPixelPlaceAndValues) {
  FakeHost host;
  prepared(host).value = [](const std::string& chunk, std::int64_t offset) {
    return chunk.starts_with("labels") ? "0" : chunk + "@" + std::to_string(offset);
  };
  host.open();
  point_at(host, 10, 20);
  const auto readout = host.state()["readout"];
  ASSERT_FALSE(readout.is_null());
  EXPECT_EQ(readout["pixel"], "x 10   y 20");
  EXPECT_EQ(readout["physical"], "10, 20 µm");
  ASSERT_EQ(readout["values"].size(), 3U);
  EXPECT_EQ(readout["values"][0]["value"], "0/0/0/0@1290");
  EXPECT_EQ(readout["values"][1]["value"], "0/1/0/0@1290");
  EXPECT_EQ(readout["values"][2]["value"], "none");
  EXPECT_EQ(host.app.hovered_layer(), -1);
}

TEST(Readout, AFrameUnderAPointerThatRestsChangesNoState) {
  FakeHost host;
  prepared(host).value = [](const std::string&, std::int64_t) { return "7"; };
  host.open();
  point_at(host, 10, 20);
  host.app.set_light(true);  // Draws all anew.
  app::Frame frame = host.app.frame(host.now += 20);
  EXPECT_TRUE(frame.draw);
  EXPECT_FALSE(frame.state_changed);
  host.settle();
  const auto pixel = host.app.camera().to_pixel(12, 20);
  host.app.pointer_moved(1, pixel[0], pixel[1], false);
  frame = host.app.frame(host.now += 20);
  EXPECT_TRUE(frame.state_changed);
}

TEST(Readout, LabelIdsAreExact) {
  FakeHost host;
  prepared(host).value = [](const std::string& chunk, std::int64_t) {
    return std::string(chunk.starts_with("labels") ? "18446744073709551615" : "7");
  };
  host.open();
  point_at(host, 10, 20);
  EXPECT_EQ(host.state()["readout"]["values"][2]["value"], "id 18446744073709551615");
  EXPECT_EQ(host.app.hovered_layer(), 0);
  EXPECT_EQ(host.app.hovered_id(), UINT64_MAX);
  host.value = [](const std::string&, std::int64_t) { return "9007199254740993"; };
  point_at(host, 11, 20);
  EXPECT_EQ(host.app.hovered_id(), 9007199254740993U);
}

TEST(Readout, NegativeIdsAreTheirBits) {
  FakeHost host;
  prepared(host, "<i4").value = [](const std::string&, std::int64_t) { return "-2"; };
  host.open();
  point_at(host, 10, 20);
  EXPECT_EQ(host.app.hovered_id(), static_cast<std::uint64_t>(std::int64_t{-2}));
}

TEST(Readout, MissingChunksReadTheFillValue) {
  FakeHost host;
  prepared(host).missing_chunks = {"0/0/0/0", "labels/cells/0/0/0"};
  host.open();
  point_at(host, 10, 20);
  EXPECT_EQ(host.state()["readout"]["values"][0]["value"], "0");
  EXPECT_EQ(host.state()["readout"]["values"][2]["value"], "none");
}

TEST(Readout, IsNothingOutsideTheImage) {
  FakeHost host;
  prepared(host);
  host.open();
  point_at(host, 10, 20);
  point_at(host, -8, 20);
  EXPECT_TRUE(host.state()["readout"].is_null());
  point_at(host, 10, 20);
  EXPECT_FALSE(host.state()["readout"].is_null());
  host.app.pointer_left();
  host.settle();
  EXPECT_TRUE(host.state()["readout"].is_null());
}

// The values come a moment after the pointer moved: they have to be seen without another move.
TEST(Readout, ValuesAreDrawnWhenTheyCome) {
  FakeHost host;
  prepared(host).value = [](const std::string&, std::int64_t) { return "42"; };
  host.open();
  const auto pixel = host.app.camera().to_pixel(10, 20);
  host.app.pointer_moved(1, pixel[0], pixel[1], false);
  while (host.frame().again) {
  }
  ASSERT_GE(host.waiting(), 1U);
  while (host.answer()) {
  }
  const Frame frame = host.frame();
  EXPECT_TRUE(frame.draw);
  EXPECT_TRUE(frame.state_changed);
}

TEST(Readout, FollowsThePlane) {
  FakeHost host;
  add_image(host.files, "",
            {.axes = "zyx", .shape = {5, 64, 64}, .chunk = {1, 64, 64}, .levels = 1});
  host.open();
  point_at(host, 1, 1);
  EXPECT_EQ(host.state()["readout"]["values"][0]["value"], "0/2/0/0@65");
  host.app.key("PageUp");
  host.settle();
  EXPECT_EQ(host.state()["readout"]["values"][0]["value"], "0/3/0/0@65");
}

}  // namespace
}  // namespace mifa::app
