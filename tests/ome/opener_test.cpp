#include "ome/opener.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

constexpr const char* kAttributes =
    R"({"multiscales":[{"version":"0.4","name":"cells","axes":[{"name":"y","type":"space"},)"
    R"({"name":"x","type":"space"}],"datasets":[{"path":"0","coordinateTransformations":)"
    R"([{"type":"scale","scale":[1,1]}]},{"path":"1","coordinateTransformations":)"
    R"([{"type":"scale","scale":[2,2]}]}]}]})";

std::string ome_05() {
  std::string text = kAttributes;
  text.replace(text.find(R"("version":"0.4",)"), 16, "");
  return R"({"version":"0.5",)" + text.substr(1);
}

std::map<std::string, std::string> v2_image() {
  return {{".zattrs", kAttributes}, {"0/.zarray", zarray({8, 8})}, {"1/.zarray", zarray({4, 4})}};
}

std::map<std::string, std::string> v3_image() {
  return {{"zarr.json", v3_group(ome_05())},
          {"0/zarr.json", v3_array({8, 8})},
          {"1/zarr.json", v3_array({4, 4})}};
}

TEST(Opener, AsksForTheRootKeysTogether) {
  Opener opener("test");
  EXPECT_EQ(opener.take_requests(),
            (std::vector<std::string>{"zarr.json", ".zattrs", ".zmetadata"}));
  EXPECT_TRUE(opener.take_requests().empty());
  EXPECT_EQ(opener.stage(), Opener::Stage::kReading);
}

TEST(Opener, RoundTripsOfV2WithoutConsolidatedMetadata) {
  Opener opener("test");
  FakeHost host;
  host.files = v2_image();
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(host.rounds_to_image, 2);
  EXPECT_EQ(host.rounds, 2);  // The labels' list is asked for together with the arrays.
  EXPECT_EQ(host.asked, (std::vector<std::string>{"zarr.json", ".zattrs", ".zmetadata", "0/.zarray",
                                                  "1/.zarray", "labels/.zattrs"}));
}

TEST(Opener, RoundTripsOfV2WithConsolidatedMetadata) {
  Opener opener("test");
  FakeHost host;
  host.files = {
      {".zattrs", kAttributes},
      {".zmetadata", std::string(R"({"zarr_consolidated_format":1,"metadata":{".zattrs":)") +
                         kAttributes + R"(,"0/.zarray":)" + zarray({8, 8}) + R"(,"1/.zarray":)" +
                         zarray({4, 4}) + "}}"}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  // Only for labels, which may be newer than .zmetadata; the picture does not wait for them.
  EXPECT_EQ(host.rounds, 2);
  EXPECT_EQ(host.asked.size(), 4U);
  EXPECT_EQ(host.asked.back(), "labels/.zattrs");
  EXPECT_EQ(opener.dataset().image.levels.size(), 2U);
  // The worker gets the array's own document, not the consolidated one.
  const auto text = JsonDocument::parse(opener.dataset().image.levels[1].metadata_text, "x");
  ASSERT_TRUE(text.ok());
  EXPECT_EQ((*text)["shape"][0].integer(), 4);
}

TEST(Opener, RoundTripsOfV3) {
  Opener opener("test");
  FakeHost host;
  host.files = v3_image();
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(host.rounds, 2);
  EXPECT_EQ(opener.dataset().image.version, "0.5");
  EXPECT_TRUE(opener.issues().empty()) << summary(opener.issues());
}

TEST(Opener, RoundTripsOfV3WithConsolidatedMetadata) {
  Opener opener("test");
  FakeHost host;
  host.files = {
      {"zarr.json", R"({"zarr_format":3,"node_type":"group","attributes":{"ome":)" + ome_05() +
                        R"(},"consolidated_metadata":{"kind":"inline","must_understand":false,)"
                        R"("metadata":{"0":)" +
                        v3_array({8, 8}) + R"(,"1":)" + v3_array({4, 4}) + "}}}"}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(host.rounds, 2);  // For labels, as above.
  EXPECT_EQ(opener.dataset().image.levels.size(), 2U);
}

TEST(Opener, DoesNotWaitForWhatCannotMatter) {
  const std::string v3 = v3_group(ome_05());
  Opener first("test");
  first.take_requests();
  first.deliver_found("zarr.json", std::as_bytes(std::span(v3)));
  EXPECT_EQ(first.take_requests().size(), 3U);  // Two arrays and the labels' list.

  const std::string v2 = kAttributes;
  Opener second("test");
  second.take_requests();
  second.deliver_found(".zattrs", std::as_bytes(std::span(v2)));
  EXPECT_TRUE(second.take_requests().empty());  // .zmetadata may make them needless.
  second.deliver_missing(".zmetadata");
  EXPECT_EQ(second.take_requests().size(), 3U);
}

TEST(Opener, TakesRepliesThatCameBeforeItAsked) {
  // The page asks for the root keys while the program still loads.
  const std::string v3 = v3_group(ome_05());
  Opener opener("test");
  opener.deliver_found("zarr.json", std::as_bytes(std::span(v3)));
  opener.deliver_missing(".zattrs");
  opener.deliver_missing(".zmetadata");
  EXPECT_EQ(opener.take_requests(),
            (std::vector<std::string>{"0/zarr.json", "1/zarr.json", "labels/zarr.json"}));
}

TEST(Opener, OrderOfRepliesDoesNotMatter) {
  for (const auto& files : {v2_image(), v3_image()}) {
    for (unsigned seed = 0; seed < 100; ++seed) {
      Opener opener("test");
      FakeHost host;
      host.files = files;
      host.run_shuffled(opener, seed);
      ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
      ASSERT_EQ(opener.dataset().image.levels.size(), 2U);
      EXPECT_EQ(opener.dataset().image.levels[0].path, "0");
      EXPECT_EQ(opener.dataset().image.name, "cells");
      EXPECT_TRUE(opener.issues().empty()) << summary(opener.issues());
    }
  }
}

TEST(Opener, IgnoresUnaskedAndRepeatedReplies) {
  Opener opener("test");
  FakeHost host;
  host.files = v2_image();
  opener.deliver_missing("never asked");
  host.run(opener);
  opener.deliver_missing("0/.zarray");
  opener.deliver_error(".zattrs", {ErrorCode::kForbidden, "no"});
  EXPECT_EQ(opener.stage(), Opener::Stage::kComplete);
}

TEST(Opener, MetadataOf04InsideZarrJson) {
  Opener opener("test");
  FakeHost host;
  host.files = v3_image();
  host.files["zarr.json"] =
      std::string(R"({"zarr_format":3,"node_type":"group","attributes":)") + kAttributes + "}";
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.levels.size(), 2U);
  ASSERT_EQ(opener.issues().size(), 1U) << summary(opener.issues());
  EXPECT_EQ(opener.issues()[0].rule, "ome-zarr/metadata-namespace");
  EXPECT_EQ(opener.issues()[0].pointer, "/attributes");
  EXPECT_EQ(opener.issues()[0].expected, "attributes.ome with \"version\" 0.5 or later");
}

TEST(Opener, BareArrays) {
  Opener v2("test");
  FakeHost v2_host;
  v2_host.files = {{".zarray", zarray({5, 8, 8})}};
  v2_host.run(v2);
  ASSERT_EQ(v2.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(v2.dataset().kind, NodeKind::kArray);
  EXPECT_EQ(v2.dataset().image.levels[0].path, "");
  EXPECT_EQ(v2.dataset().image.axes[0].name, "dim_0");
  EXPECT_EQ(v2.dataset().image.x_axis, 2);
  EXPECT_EQ(v2.dataset().image.channels.size(), 1U);
  EXPECT_EQ(count_rule(v2.issues(), "ome-zarr/bare-array"), 1);

  Opener named("test");
  FakeHost named_host;
  named_host.files = {{".zarray", zarray({5, 8, 8})},
                      {".zattrs", R"({"_ARRAY_DIMENSIONS":["x","y","c"]})"}};
  named_host.run(named);
  EXPECT_EQ(named.dataset().image.x_axis, 0);
  EXPECT_EQ(named.dataset().image.c_axis, 2);
  EXPECT_EQ(named.dataset().image.channels.size(), 8U);

  Opener v3("test");
  FakeHost v3_host;
  v3_host.files = {{"zarr.json", v3_array({8, 8}, "uint16")}};
  v3_host.run(v3);
  ASSERT_EQ(v3.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(v3_host.rounds_to_image, 1);
}

TEST(Opener, AnEmptyZarrJsonBesideZattrs) {
  Opener opener("test");
  FakeHost host;
  host.files = v2_image();
  host.files["zarr.json"] = R"({"zarr_format":3,"node_type":"group","attributes":{}})";
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.levels[0].array.zarr_format, 2);
}

TEST(Opener, AServerThatAnswersWithPagesForWhatIsNotThere) {
  Opener opener("test");
  FakeHost host;
  host.files = v2_image();
  host.files["zarr.json"] = "<!DOCTYPE html><html></html>";
  host.files[".zmetadata"] = "<!DOCTYPE html><html></html>";
  host.files["labels/.zattrs"] = "<!DOCTYPE html><html></html>";
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_TRUE(opener.issues().empty()) << summary(opener.issues());
}

}  // namespace
}  // namespace mifa::ome
