#include "ome/labels.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

constexpr const char* kImage =
    R"("multiscales":[{"version":"0.4","axes":[{"name":"y","type":"space"},)"
    R"({"name":"x","type":"space"}],"datasets":[{"path":"0","coordinateTransformations":)"
    R"([{"type":"scale","scale":[1,1]}]}]}])";

std::map<std::string, std::string> image_with_labels() {
  return {
      {".zattrs", std::string("{") + kImage + "}"},
      {"0/.zarray", zarray({8, 8})},
      {"labels/.zattrs", R"({"labels":["a","gone","float","../../out","b"]})"},
      {"labels/a/.zattrs", std::string("{") + kImage +
                               R"(,"image-label":{"colors":[{"label-value":1,"rgba":[1,2,3,4]},)"
                               R"({"label-value":18446744073709551615,"rgba":[5,6,7,8]}],)"
                               R"("properties":[{"label-value":1},{"label-value":2}],)"
                               R"("source":{"image":"../../"}}})"},
      {"labels/a/0/.zarray", zarray({8, 8}, "<i4")},
      {"labels/float/.zattrs", std::string("{") + kImage + R"(,"image-label":{}})"},
      {"labels/float/0/.zarray", zarray({8, 8}, "<f4")},
      {"labels/b/.zattrs", std::string("{") + kImage + R"(,"image-label":{}})"},
      {"labels/b/0/.zarray", zarray({8, 8}, "<u2")}};
}

TEST(Labels, AreFoundBesideTheImage) {
  Opener opener("test");
  FakeHost host;
  host.files = image_with_labels();
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  const Dataset& dataset = opener.dataset();
  ASSERT_EQ(dataset.labels.size(), 2U) << summary(opener.issues());
  EXPECT_EQ(dataset.labels[0].image.path, "labels/a");
  EXPECT_EQ(dataset.labels[0].image.levels[0].path, "labels/a/0");
  EXPECT_EQ(dataset.labels[0].colors.at(1), (Rgba{1, 2, 3, 4}));
  EXPECT_EQ(dataset.labels[0].colors.at(UINT64_MAX), (Rgba{5, 6, 7, 8}));
  EXPECT_EQ(dataset.labels[0].property_count, 2);
  EXPECT_EQ(dataset.labels[0].source, "../../");
  EXPECT_EQ(dataset.labels[1].image.path, "labels/b");
  EXPECT_EQ(count_rule(opener.issues(), "ome-zarr/label-image"), 1);
  EXPECT_EQ(count_rule(opener.issues(), "ome-zarr/label-data-type"), 1);
  // "../../out" from labels/ is outside of what was opened.
  EXPECT_EQ(count_rule(opener.issues(), "ome-zarr/labels-list"), 1);
  // The list was asked for together with the array, the image did not wait for more.
  EXPECT_EQ(host.rounds_to_image, 2);
  EXPECT_EQ(host.rounds, 4);
}

TEST(Labels, OrderDoesNotDependOnTheReplies) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    Opener opener("test");
    FakeHost host;
    host.files = image_with_labels();
    host.run_shuffled(opener, seed);
    ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
    ASSERT_EQ(opener.dataset().labels.size(), 2U);
    EXPECT_EQ(opener.dataset().labels[0].image.path, "labels/a");
  }
}

TEST(Labels, ImageIsReadyBeforeTheListAnswers) {
  Opener opener("test");
  FakeHost host;
  opener.take_requests();
  const std::string attributes = std::string("{") + kImage + "}";
  const std::string array = zarray({8, 8});
  opener.deliver_missing(".zmetadata");
  opener.deliver_found(".zattrs", std::as_bytes(std::span(attributes)));
  EXPECT_EQ(opener.take_requests(), (std::vector<std::string>{"0/.zarray", "labels/.zattrs"}));
  opener.deliver_found("0/.zarray", std::as_bytes(std::span(array)));
  EXPECT_EQ(opener.stage(), Opener::Stage::kImageReady);
  opener.deliver_missing("labels/.zattrs");
  EXPECT_EQ(opener.stage(), Opener::Stage::kComplete);
}

TEST(Labels, ARefusalIsNoError) {
  Opener opener("test");
  FakeHost host;
  host.files = {{".zattrs", std::string("{") + kImage + "}"}, {"0/.zarray", zarray({8, 8})}};
  host.errors = {{"labels/.zattrs", {ErrorCode::kForbidden, "403"}}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  ASSERT_EQ(opener.issues().size(), 1U);
  EXPECT_EQ(opener.issues()[0].rule, "ome-zarr/labels-unreadable");
  EXPECT_EQ(opener.issues()[0].severity, Severity::kInfo);
}

TEST(Labels, ALabelImageByItself) {
  Opener opener("test");
  FakeHost host;
  host.files = {
      {".zattrs", std::string("{") + kImage +
                      R"(,"image-label":{"colors":[{"label-value":3,"rgba":[1,1,1,1]}]}})"},
      {"0/.zarray", zarray({8, 8}, "<u4")}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().kind, NodeKind::kLabelImage);
  ASSERT_EQ(opener.dataset().labels.size(), 1U);
  EXPECT_EQ(opener.dataset().labels[0].colors.size(), 1U);
  EXPECT_EQ(opener.dataset().labels[0].image.levels.size(), 1U);
  EXPECT_EQ(opener.dataset().image.levels.size(), 1U);
}

TEST(Labels, Version05) {
  const std::string ome =
      R"({"version":"0.5","multiscales":[{"axes":[{"name":"y","type":"space"},)"
      R"({"name":"x","type":"space"}],"datasets":[{"path":"0","coordinateTransformations":)"
      R"([{"type":"scale","scale":[1,1]}]}]}])";
  Opener opener("test");
  FakeHost host;
  host.files = {{"zarr.json", v3_group(ome + "}")},
                {"0/zarr.json", v3_array({8, 8})},
                {"labels/zarr.json", v3_group(R"({"version":"0.5","labels":["n/cells"]})")},
                {"labels/n/cells/zarr.json", v3_group(ome + R"(,"image-label":{}})")},
                {"labels/n/cells/0/zarr.json", v3_array({8, 8}, "uint32")}};
  host.run(opener);
  ASSERT_EQ(opener.dataset().labels.size(), 1U) << summary(opener.issues());
  EXPECT_EQ(opener.dataset().labels[0].image.levels[0].path, "labels/n/cells/0");
  EXPECT_TRUE(opener.issues().empty()) << summary(opener.issues());
}

}  // namespace
}  // namespace mifa::ome
