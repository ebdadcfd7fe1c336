// Masks of other files over an image.
#include <gtest/gtest.h>

#include "dataset.h"
#include "fake_host.h"

namespace mifa::app {
namespace {

ImageShape mask(std::vector<int> shape, const std::string& axes = "yx",
                const std::string& dtype = "<u2") {
  ImageShape result;
  result.axes = axes;
  result.shape = std::move(shape);
  result.chunk.assign(result.shape.size(), 1);
  result.chunk[result.chunk.size() - 2] = result.chunk[result.chunk.size() - 1] = 64;
  result.levels = 1;
  result.dtype = dtype;
  result.unit = "";
  return result;
}

struct Over {
  FakeHost host;
  explicit Over(const ImageShape& image, const ImageShape& label) {
    add_image(host.files, "", image);
    add_image(host.files, ".mounted/0", label);
    host.app.open("made");
    host.app.lay_over(".mounted/0", "mask.tif");
    host.settle();
  }
  std::vector<std::string> notes() {
    std::vector<std::string> messages;
    const auto issues = host.state()["issues"];
    for (const auto& issue : issues) {
      if (issue["rule"].get<std::string>().starts_with("viewer/"))
        messages.push_back(issue["message"]);
    }
    return messages;
  }
  const view::Source& source() { return host.app.scene().sources.at(1); }
};

TEST(LaidOver, PixelOnPixelWhateverThePixelSizes) {
  ImageShape image;
  image.scale = 0.25;
  Over over(image, mask({512, 512}));
  const auto label = over.host.state()["labels"].at(0);
  EXPECT_EQ(label["name"], "mask.tif");
  EXPECT_EQ(label["source"], "mask.tif");
  EXPECT_EQ(label["kind"], "instance");
  EXPECT_EQ(label["visible"], true);
  EXPECT_EQ(label["channel"], -1);
  EXPECT_EQ(over.source().bounds().u0, over.host.app.scene().sources[0].bounds().u0);
  EXPECT_EQ(over.source().bounds().v1, over.host.app.scene().sources[0].bounds().v1);
  EXPECT_TRUE(over.notes().empty());
}

TEST(LaidOver, AxesOfExtentOneAndLevelsOfItsOwn) {
  ImageShape label = mask({1, 1, 1, 512, 512}, "tczyx", "|u1");
  label.levels = 3;
  label.unit = "micrometer";
  Over over({}, label);
  EXPECT_EQ(over.host.state()["labels"].size(), 1U);
  EXPECT_TRUE(over.notes().empty());
  over.host.app.pointer_moved(0, 400, 300, false);
  over.host.settle();
  EXPECT_EQ(over.host.state()["readout"]["values"].size(), 2U);
}

TEST(LaidOver, AnotherExtentIsSaid) {
  Over over({}, mask({256, 256}));
  ASSERT_EQ(over.notes().size(), 1U);
  EXPECT_EQ(
      over.notes()[0],
      "The mask \"mask.tif\" has 256 by 256 pixels, the image 512 by 512 pixels: it lies on the "
      "image pixel for pixel from the upper left, since nothing says how large its pixels are.");
  EXPECT_EQ(over.source().bounds().u1, 255.5);
}

TEST(LaidOver, AnotherExtentWithPixelSizesIsStretched) {
  ImageShape label = mask({256, 256});
  label.unit = "micrometer";
  label.scale = 2;
  Over over({}, label);
  ASSERT_EQ(over.notes().size(), 1U);
  EXPECT_NE(over.notes()[0].find("it lies where the pixel sizes of the two put it"),
            std::string::npos);
  EXPECT_EQ(over.source().bounds().u1, 511);
}

TEST(LaidOver, AStackOfPagesFollowsTheTimeSlider) {
  ImageShape image = mask({5, 128, 128}, "tyx");
  Over over(image, mask({5, 128, 128}, "zyx"));
  EXPECT_TRUE(over.notes().empty());
  over.host.app.set_position(0, 3);
  over.host.settle();
  const auto& scene = over.host.app.scene();
  EXPECT_EQ(view::label_position(scene.labels[0], over.source(), scene)[0], 3);
}

TEST(LaidOver, BeyondItsEndAStackHasNoObjects) {
  Over over(mask({5, 128, 128}, "tyx"), mask({3, 128, 128}, "tyx"));
  ASSERT_EQ(over.notes().size(), 1U);
  EXPECT_NE(over.notes()[0].find("has 3 time points, the image 5"), std::string::npos);
  over.host.app.set_position(0, 4);
  over.host.settle();
  const auto& scene = over.host.app.scene();
  bool outside = false;
  (void)view::label_position(scene.labels[0], over.source(), scene, &outside);
  EXPECT_TRUE(outside);
}

TEST(LaidOver, OnePlaneAppliesToAll) {
  Over over(mask({5, 128, 128}, "tyx"), mask({128, 128}));
  over.host.app.set_position(0, 4);
  over.host.settle();
  const auto& scene = over.host.app.scene();
  bool outside = false;
  EXPECT_EQ(view::label_position(scene.labels[0], over.source(), scene, &outside),
            (view::Position{0, 0}));
  EXPECT_FALSE(outside);
}

TEST(LaidOver, FloatsAreProbabilities) {
  FakeHost host;
  add_image(host.files, "", {});
  add_image(host.files, ".mounted/0", mask({512, 512}, "yx", "<f4"));
  // Whole numbers alone would be ids.
  host.samples = [](const std::string&, std::int64_t) { return std::vector<double>{0, 0.25, 1}; };
  host.app.open("made");
  host.app.lay_over(".mounted/0", "mask.tif");
  host.settle();
  auto label = host.state()["labels"].at(0);
  EXPECT_EQ(label["kind"], "probability");
  EXPECT_EQ(label["threshold"], 0.5);
  host.app.set_label_threshold(0, 0.8);
  EXPECT_EQ(host.state()["labels"][0]["threshold"], 0.8);
}

TEST(LaidOver, FloatsBeyondOneHaveTheirOwnRange) {
  FakeHost host;
  add_image(host.files, "", {});
  add_image(host.files, ".mounted/0", mask({512, 512}, "yx", "<f8"));
  host.samples = [](const std::string& chunk, std::int64_t) {
    return chunk.starts_with(".mounted") ? std::vector<double>{0, 12.5, 100}
                                         : std::vector<double>{1, 2};
  };
  host.app.open("made");
  host.app.lay_over(".mounted/0", "mask.tif");
  host.settle();
  const auto label = host.state()["labels"].at(0);
  EXPECT_EQ(label["kind"], "probability");
  EXPECT_EQ(label["range"], nlohmann::json::array({0, 100}));
  EXPECT_EQ(label["threshold"], 50);
}

TEST(LaidOver, WholeFloatsAreIds) {
  FakeHost host;
  add_image(host.files, "", {});
  add_image(host.files, ".mounted/0", mask({512, 512}, "yx", "<f8"));
  host.samples = [](const std::string&, std::int64_t) { return std::vector<double>{0, 1, 7}; };
  host.app.open("made");
  host.app.lay_over(".mounted/0", "mask.tif");
  host.settle();
  const auto state = host.state();
  EXPECT_EQ(state["labels"][0]["kind"], "instance");
  bool said = false;
  for (const auto& issue : state["issues"]) said = said || issue["rule"] == "viewer/labels-float";
  EXPECT_TRUE(said);
}

TEST(LaidOver, ChannelsAreLayersOfTheirOwn) {
  Over over({}, mask({3, 512, 512}, "cyx", "|u1"));
  const auto labels = over.host.state()["labels"];
  ASSERT_EQ(labels.size(), 3U);
  EXPECT_EQ(labels[0]["name"], "mask.tif, Channel 1");
  EXPECT_EQ(labels[1]["channel"], 1);
  EXPECT_EQ(labels[0]["visible"], true);
  EXPECT_EQ(labels[1]["visible"], false);
  const auto& scene = over.host.app.scene();
  EXPECT_EQ(view::label_position(scene.labels[2], over.source(), scene)[0], 2);
}

TEST(LaidOver, WhatIsNotThereIsSaidAndTheImageStays) {
  FakeHost host;
  add_image(host.files, "", {});
  host.app.open("made");
  host.app.lay_over(".mounted/0", "mask.tif");
  host.settle();
  EXPECT_EQ(host.state()["stage"], "showing");
  bool said = false;
  const auto issues = host.state()["issues"];
  for (const auto& issue : issues) {
    said = said || issue["message"].get<std::string>().starts_with(
                       "The labels \"mask.tif\" are not shown:");
  }
  EXPECT_TRUE(said);
}

TEST(LaidOver, StaysOverTheNextImage) {
  FakeHost host;
  add_plate(host.files, 2, mask({64, 64}));
  add_image(host.files, ".mounted/0", mask({64, 64}));
  host.app.open("made");
  host.settle();
  host.app.open_entry(0);
  host.app.lay_over(".mounted/0", "mask.tif");
  host.settle();
  ASSERT_EQ(host.state()["labels"].size(), 1U);
  host.app.open_entry(1);
  host.settle();
  EXPECT_EQ(host.state()["labels"].size(), 1U);
}

}  // namespace
}  // namespace mifa::app
