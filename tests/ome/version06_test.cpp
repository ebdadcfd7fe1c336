// Coordinate systems of 0.6 and its drafts, through the Opener.
#include <gtest/gtest.h>

#include "fake_host.h"
#include "ome/placement.h"

namespace mifa::ome {
namespace {

using Doubles = std::vector<double>;

struct Opened {
  std::unique_ptr<Opener> opener;
  FakeHost host;

  const Multiscale& image() const { return opener->dataset().image; }
  const Issues& issues() const { return opener->issues(); }
  int count(const std::string& rule) const { return count_rule(opener->issues(), rule); }
};

std::string system(const std::string& name, const std::string& axes = "yx",
                   const std::string& type = "space") {
  std::string text = R"({"name":")" + name + R"(","axes":[)";
  for (std::size_t i = 0; i < axes.size(); ++i) {
    text +=
        (i ? "," : "") + std::string(R"({"type":")") + type + R"(","name":")" + axes[i] + R"("})";
  }
  return text + "]}";
}

std::string dataset(const std::string& path, const std::string& transform,
                    const std::string& output = "own") {
  return R"({"path":")" + path + R"(","coordinateTransformations":[{"input":{"path":")" + path +
         R"("},"output":{"name":")" + output + R"("},)" + transform + "}]}";
}

std::string edge(const std::string& from, const std::string& to, const std::string& transform) {
  return R"({"input":{"name":")" + from + R"("},"output":{"name":")" + to + R"("},)" + transform +
         "}";
}

std::string ome(const std::string& systems, const std::string& datasets,
                const std::string& transforms = "", const std::string& version = "0.6") {
  return v3_group(
      R"({"version":")" + version + R"(","multiscales":[{"coordinateSystems":[)" + systems +
      R"(],"datasets":[)" + datasets + "]" +
      (transforms.empty() ? "" : R"(,"coordinateTransformations":[)" + transforms + "]") + "}]}");
}

Opened open(const std::string& root, std::map<std::string, std::string> files = {},
            const std::vector<int>& shape = {8, 8}) {
  Opened result;
  result.host.files = std::move(files);
  result.host.files["zarr.json"] = root;
  result.host.files["0/zarr.json"] = v3_array(shape);
  result.host.files["1/zarr.json"] = v3_array(std::vector<int>(shape.size(), 4));
  result.opener = std::make_unique<Opener>("test");
  result.host.run(*result.opener);
  return result;
}

constexpr const char* kOne = R"("type":"scale","scale":[1,1])";

TEST(Version06, FurtherSystemsBecomePlacements) {
  const auto opened =
      open(ome(system("far") + "," + system("own") + "," + system("near") + "," + system("back"),
               dataset("0", kOne),
               edge("own", "near", R"("type":"rotation","rotation":[[0,-1],[1,0]])") + "," +
                   edge("near", "far", R"("type":"translation","translation":[5,6])") + "," +
                   edge("back", "own", R"("type":"scale","scale":[2,4])") + "," +
                   edge("far", "own", R"("type":"scale","scale":[9,9])")));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_TRUE(opened.issues().empty()) << summary(opened.issues());
  const Multiscale& image = opened.image();
  EXPECT_EQ(image.system, "own");
  EXPECT_EQ(image.placement, -1);  // "SHOULD be used for viewing"
  ASSERT_EQ(image.placements.size(), 3U);
  EXPECT_EQ(image.placements[0].system, "far");
  // The fewest steps: the inverse of far → own, not the chain.
  EXPECT_NEAR(image.placements[0].matrix[0], 1.0 / 9, 1e-12);
  EXPECT_EQ(image.placements[1].matrix, (Doubles{0, -1, 0, 1, 0, 0}));
  EXPECT_EQ(image.placements[2].system, "back");
  EXPECT_EQ(image.placements[2].matrix, (Doubles{0.5, 0, 0, 0, 0.25, 0}));
}

TEST(Version06, FieldsAreRefusedByNameAndTheImageShown) {
  const auto opened = open(ome(system("own") + "," + system("warped"), dataset("0", kOne),
                               edge("own", "warped", R"("type":"displacements","path":"field")")));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_TRUE(opened.image().placements.empty());
  ASSERT_EQ(opened.issues().size(), 1U) << summary(opened.issues());
  EXPECT_EQ(opened.issues()[0].rule, "ome-zarr/transform-unsupported");
  EXPECT_EQ(opened.issues()[0].severity, Severity::kWarning);
  EXPECT_NE(opened.issues()[0].message.find("\"displacements\""), std::string::npos);
}

TEST(Version06, SystemsApartAreSaid) {
  const auto opened = open(ome(system("own") + "," + system("lost"), dataset("0", kOne)));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.count("ome-zarr/coordinate-system-apart"), 1);
}

TEST(Version06, ArrayIndicesGiveWayToASystemOfTheWorld) {
  const auto opened = open(ome(system("array", "ji", "array") + "," + system("physical"),
                               dataset("0", R"("type":"identity")", "array"),
                               edge("array", "physical", R"("type":"mapAxis","mapAxis":[1,0])")));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_TRUE(opened.issues().empty()) << summary(opened.issues());
  ASSERT_EQ(opened.image().placement, 0);
  const auto placed = place(opened.image(), opened.image().placements[0]);
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed->u_axis, 0);
  EXPECT_EQ(placed->image.axes[0].name, "x");
}

TEST(Version06, ParametersInAnArrayAreRead) {
  const double numbers[] = {1, 2, 3, 4, 5, 6};
  std::string chunk(reinterpret_cast<const char*>(numbers), sizeof numbers);
  std::string array =
      R"({"zarr_format":3,"node_type":"array","shape":[2,3],"data_type":"float64","chunk_grid":)"
      R"({"name":"regular","configuration":{"chunk_shape":[2,3]}},"chunk_key_encoding":)"
      R"({"name":"default"},"fill_value":0,"codecs":[{"name":"bytes","configuration":)"
      R"({"endian":"little"}}]})";
  const std::string root = ome(system("own") + "," + system("world"), dataset("0", kOne),
                               edge("own", "world", R"("type":"affine","path":"p")"));
  const auto opened = open(root, {{"p/zarr.json", array}, {"p/c/0/0", chunk}});
  ASSERT_EQ(opened.image().placements.size(), 1U) << summary(opened.issues());
  EXPECT_EQ(opened.image().placements[0].matrix, (Doubles{1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(opened.issues().empty()) << summary(opened.issues());

  // Cut off, compressed, not there, and somewhere else: refused, and the image shown.
  const auto cut = open(root, {{"p/zarr.json", array}, {"p/c/0/0", chunk.substr(1)}});
  EXPECT_NE(summary(cut.issues()).find("expected 48 bytes of parameters, received 47"),
            std::string::npos)
      << summary(cut.issues());
  array.insert(array.rfind("]}"),
               R"(,{"name":"zstd","configuration":{"level":0,"checksum":false}})");
  const auto packed = open(root, {{"p/zarr.json", array}});
  EXPECT_NE(summary(packed.issues()).find("received the codec \"zstd\""), std::string::npos)
      << summary(packed.issues());
  for (const auto* bad : {&cut, &packed}) {
    EXPECT_EQ(bad->opener->stage(), Opener::Stage::kComplete);
    EXPECT_TRUE(bad->image().placements.empty());
  }
  const auto missing = open(root);
  EXPECT_EQ(missing.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(missing.count("ome-zarr/transforms"), 1) << summary(missing.issues());
}

TEST(Version06Drafts, ARotationOfEachLevelIsShared) {
  const auto opened =
      open(ome(system("physical"),
               dataset("0", R"("type":"affine","affine":[[0,3,10],[-2,0,20]])", "physical") + "," +
                   dataset("1", R"("type":"affine","affine":[[0,6,11.5],[-4,0,19]])", "physical") +
                   "," + dataset("2", R"("type":"affine","affine":[[1,6,0],[-4,0,0]])", "physical"),
               "", "0.6.dev1"));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  const Multiscale& image = opened.image();
  ASSERT_EQ(image.levels.size(), 2U);
  EXPECT_EQ(opened.count("ome-zarr/transform-levels"), 1) << summary(opened.issues());
  // Its own axes are named by where they run: the first one along x.
  EXPECT_EQ(image.axes[0].name, "x");
  EXPECT_EQ(image.system, "0");
  ASSERT_EQ(image.placement, 0);
  EXPECT_EQ(image.placements[0].system, "physical");
  EXPECT_EQ(image.placements[0].matrix, (Doubles{0, 1, 10, -1, 0, 20}));
  EXPECT_EQ(image.levels[0].scale, (Doubles{2, 3}));
  EXPECT_EQ(image.levels[1].scale, (Doubles{4, 6}));
  EXPECT_EQ(image.levels[1].translation, (Doubles{1, 1.5}));
  const auto placed = place(image, image.placements[0]);
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed->u_axis, 0);
}

TEST(Version06Drafts, NamesStandForSystems) {
  const auto opened = open(v3_group(
      R"({"version":"0.6.dev3","multiscales":[{"coordinateSystems":[)" + system("b") + "," +
      system("own") +
      R"(],"datasets":[{"path":"0","coordinateTransformations":[{"type":"identity","input":"0",)"
      R"("output":"own"}]}],"coordinateTransformations":[{"type":"scale","scale":[2,2],)"
      R"("input":"own","output":"b"}]}]})"));
  EXPECT_TRUE(opened.issues().empty()) << summary(opened.issues());
  EXPECT_EQ(opened.image().system, "own");
  EXPECT_EQ(opened.image().placements.size(), 1U);
}

TEST(Version06, WhatIsWrongLeavesTheImage) {
  const auto opened = open(ome(system("own") + "," + system("z", "zyx"),
                               dataset("0", R"("type":"rotation","rotation":[[0,1],[1,0],[2,2]])"),
                               edge("own", "z", R"("type":"identity")") + "," +
                                   edge("own", "nowhere", kOne) + R"(,"text",7,null)"));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_TRUE(opened.image().placements.empty());
  EXPECT_GE(count_errors(opened.issues()), 4) << summary(opened.issues());
}

}  // namespace
}  // namespace mifa::ome
