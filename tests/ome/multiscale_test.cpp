#include "ome/multiscale.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

// The dataset that these files make, and what was found wrong.
struct Opened {
  std::unique_ptr<Opener> opener;
  FakeHost host;

  const Multiscale& image() const { return opener->dataset().image; }
  const Issues& issues() const { return opener->issues(); }
  int count(const std::string& rule) const { return count_rule(opener->issues(), rule); }
};

Opened open(std::map<std::string, std::string> files) {
  Opened result;
  result.host.files = std::move(files);
  result.opener = std::make_unique<Opener>("test");
  result.host.run(*result.opener);
  return result;
}

std::string multiscale(const std::string& datasets, const std::string& more = "",
                       const std::string& version = "0.4") {
  return R"({"multiscales":[{"version":")" + version +
         R"(","axes":[{"name":"y","type":"space"},{"name":"x","type":"space"}],"datasets":[)" +
         datasets + "]" + more + "}]}";
}

std::string dataset(const std::string& path, const std::string& transforms) {
  return R"({"path":")" + path + R"(","coordinateTransformations":[)" + transforms + "]}";
}

using Doubles = std::vector<double>;

TEST(Transforms, DatasetThenMultiscale) {
  const auto opened = open(
      {{".zattrs", multiscale(dataset("0", R"({"type":"scale","scale":[2,3]},)"
                                           R"({"type":"translation","translation":[10,20]})"),
                              R"(,"coordinateTransformations":[{"type":"scale","scale":[10,100]},)"
                              R"({"type":"translation","translation":[1,2]}])")},
       {"0/.zarray", zarray({8, 8})}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.image().levels[0].scale, (Doubles{20, 300}));
  EXPECT_EQ(opened.image().levels[0].translation, (Doubles{101, 2002}));
  EXPECT_TRUE(opened.issues().empty()) << summary(opened.issues());
}

TEST(Transforms, WithoutAnyLevelsLineUpEdgeToEdge) {
  const auto opened = open(
      {{".zattrs", R"({"multiscales":[{"version":"0.2","datasets":[{"path":"0"},{"path":"1"}]}]})"},
       {"0/.zarray", zarray({3, 2, 4, 100, 90})},
       {"1/.zarray", zarray({3, 2, 2, 50, 30})}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.image().levels[1].scale, (Doubles{1, 1, 2, 2, 3}));
  EXPECT_EQ(opened.image().levels[1].translation, (Doubles{0, 0, 0.5, 0.5, 1}));
  EXPECT_EQ(opened.image().axes[0].name, "t");
  EXPECT_TRUE(opened.issues().empty()) << summary(opened.issues());
}

TEST(Transforms, AnInvalidLevelFallsBackToTheShapes) {
  const auto opened =
      open({{".zattrs", multiscale(dataset("0", R"({"type":"scale","scale":[1,2]})") + "," +
                                   dataset("1", R"({"type":"scale","scale":[0,2]})"))},
            {"0/.zarray", zarray({8, 8})},
            {"1/.zarray", zarray({4, 4})}});
  EXPECT_EQ(opened.image().levels[1].scale, (Doubles{2, 4}));
  EXPECT_EQ(opened.image().levels[1].translation, (Doubles{0.5, 1}));
  ASSERT_EQ(opened.count("ome-zarr/transforms"), 1) << summary(opened.issues());
  EXPECT_EQ(opened.issues()[0].pointer,
            "/multiscales/0/datasets/1/coordinateTransformations/0/scale/0");
  EXPECT_EQ(opened.issues()[0].received, "the number 0");
  EXPECT_EQ(opened.issues()[0].expected, "an array \"scale\" of 2 numbers above 0, one per axis");
}

TEST(Transforms, AnInvalidFirstLevelIsPlacedByTheSecond) {
  const auto opened =
      open({{".zattrs", multiscale(dataset("0", R"({"type":"affine"})") + "," +
                                   dataset("1", R"({"type":"scale","scale":[4,4]},)"
                                                R"({"type":"translation","translation":[1,1]})"))},
            {"0/.zarray", zarray({8, 8})},
            {"1/.zarray", zarray({4, 4})}});
  EXPECT_EQ(opened.image().levels[0].scale, (Doubles{2, 2}));
  EXPECT_EQ(opened.image().levels[0].translation, (Doubles{0, 0}));
}

TEST(Transforms, TranslationBeforeScaleIsScaled) {
  const auto opened =
      open({{".zattrs", multiscale(dataset("0", R"({"type":"translation","translation":[5,5]},)"
                                                R"({"type":"scale","scale":[2,2]})"))},
            {"0/.zarray", zarray({8, 8})}});
  EXPECT_EQ(opened.image().levels[0].translation, (Doubles{10, 10}));
  EXPECT_EQ(opened.count("ome-zarr/transforms"), 1);
}

TEST(Multiscale, BadPathsAreLeftOut) {
  const std::string scale = R"({"type":"scale","scale":[1,1]})";
  const auto opened =
      open({{".zattrs", multiscale(dataset("../outside", scale) + "," +
                                   dataset("https://x.org/0", scale) + "," + dataset("0", scale))},
            {"0/.zarray", zarray({8, 8})}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.image().levels.size(), 1U);
  EXPECT_EQ(opened.image().levels[0].path, "0");
  EXPECT_EQ(opened.count("ome-zarr/dataset-path"), 2);
  for (const std::string& key : opened.host.asked) {
    EXPECT_EQ(key.find(".."), std::string::npos);
    EXPECT_EQ(key.find("x.org"), std::string::npos);
  }
}

TEST(Multiscale, MissingLevelsAreLeftOut) {
  const std::string scale = R"({"type":"scale","scale":[1,1]})";
  const auto opened =
      open({{".zattrs", multiscale(dataset("0", scale) + "," + dataset("1", scale))},
            {"1/.zarray", zarray({4, 4})}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.image().levels.size(), 1U);
  ASSERT_EQ(opened.count("ome-zarr/array-missing"), 1);
  EXPECT_EQ(opened.issues()[0].message,
            "A level is left out: expected 0/.zarray, received nothing: it is not there.");
  EXPECT_EQ(opened.issues()[0].pointer, "/multiscales/0/datasets/0/path");

  const auto none =
      open({{".zattrs", multiscale(dataset("0", scale) + "," + dataset("1", scale))}});
  ASSERT_EQ(none.opener->stage(), Opener::Stage::kFailed);
  EXPECT_EQ(none.opener->failure().code, ErrorCode::kMissing);
  EXPECT_EQ(none.opener->failure().message,
            "while opening test: expected the image's arrays (0/.zarray and 1 more), received none "
            "of them: they are not there; upload the arrays that \"datasets\" in .zattrs lists");
}

TEST(Multiscale, ArraysThatDoNotFit) {
  const std::string scale = R"({"type":"scale","scale":[1,1]})";
  const std::string four = dataset("0", scale) + "," + dataset("1", scale) + "," +
                           dataset("2", scale) + "," + dataset("3", scale);
  const auto opened = open({{".zattrs", multiscale(four)},
                            {"0/.zarray", zarray({8, 8})},
                            {"1/.zarray", zarray({4, 4, 4})},
                            {"2/.zarray", zarray({4, 0})},
                            {"3/.zarray", zarray({2, 2}, "<u2")}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.image().levels.size(), 2U);
  EXPECT_EQ(opened.count("ome-zarr/array-rank"), 1);
  EXPECT_EQ(opened.count("ome-zarr/array-empty"), 1);
  EXPECT_EQ(opened.count("ome-zarr/levels-data-type"), 1);
}

TEST(Multiscale, BrokenArrayMetadata) {
  const std::string scale = R"({"type":"scale","scale":[1,1]})";
  const auto opened =
      open({{".zattrs", multiscale(dataset("0", scale) + "," + dataset("1", scale))},
            {"0/.zarray", zarray({8, 8}, "<U5")},
            {"1/.zarray", zarray({4, 4})}});
  EXPECT_EQ(opened.image().levels.size(), 1U);
  EXPECT_EQ(opened.count("ome-zarr/array-metadata"), 1);
}

TEST(Multiscale, AxesThatDoNotFitTheArrays) {
  const auto fewer =
      open({{".zattrs", multiscale(dataset("0", R"({"type":"scale","scale":[2,2]})"))},
            {"0/.zarray", zarray({3, 8, 8})}});
  ASSERT_EQ(fewer.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(fewer.image().axes.size(), 3U);
  EXPECT_EQ(fewer.image().axes[0].name, "dim_0");
  EXPECT_EQ(fewer.image().x_axis, 2);
  EXPECT_EQ(fewer.image().levels[0].scale, (Doubles{1, 1, 1}));
  EXPECT_EQ(fewer.count("ome-zarr/axes-rank"), 1);

  const auto old =
      open({{".zattrs", R"({"multiscales":[{"version":"0.1","datasets":[{"path":"0"}]}]})"},
            {"0/.zarray", zarray({8, 8})}});
  EXPECT_EQ(old.image().axes.size(), 2U);
  EXPECT_EQ(old.count("ome-zarr/axes-rank"), 1);
}

TEST(Multiscale, FinestFirst) {
  const std::string scale = R"({"type":"scale","scale":[1,1]})";
  const auto opened =
      open({{".zattrs", multiscale(dataset("0", scale) + "," + dataset("1", scale))},
            {"0/.zarray", zarray({4, 4})},
            {"1/.zarray", zarray({8, 8})}});
  EXPECT_EQ(opened.image().levels[0].path, "1");
  EXPECT_EQ(opened.count("ome-zarr/datasets-order"), 1);
}

TEST(Multiscale, SeveralImagesInOneGroup) {
  const std::string one =
      R"({"version":"0.4","axes":[{"name":"y","type":"space"},{"name":"x","type":"space"}],)"
      R"("datasets":[)" +
      dataset("0", R"({"type":"scale","scale":[1,1]})") + "]}";
  std::string two = one;
  two.insert(1, R"("name":"deep",)");
  two.replace(two.find(R"("path":"0")"), 10, R"("path":"d")");
  const auto opened = open(
      {{".zattrs", R"({"multiscales":[)" + one + "," + two + "]}"}, {"0/.zarray", zarray({8, 8})}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.opener->dataset().multiscales, (std::vector<std::string>{"Image 1", "deep"}));
  EXPECT_EQ(opened.opener->dataset().multiscale, 0);
  EXPECT_EQ(opened.image().levels[0].path, "0");
  opened.opener->open_multiscale(1);
  FakeHost host;
  host.files = {{"d/.zarray", zarray({9, 9})}};
  host.run(*opened.opener);
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.opener->dataset().multiscale, 1);
  EXPECT_EQ(opened.image().levels[0].path, "d");
  EXPECT_EQ(opened.image().name, "deep");
}

TEST(Multiscale, LevelsAreCapped) {
  std::string datasets;
  for (int i = 0; i < 100; ++i) {
    if (i > 0) datasets += ',';
    datasets += dataset(std::to_string(i), R"({"type":"scale","scale":[1,1]})");
  }
  const auto opened = open({{".zattrs", multiscale(datasets)}, {"0/.zarray", zarray({8, 8})}});
  EXPECT_EQ(opened.count("ome-zarr/datasets-count"), 1);
  EXPECT_EQ(opened.host.asked.size(), 3U + 64U + 1U);  // Root keys, arrays, labels.
}

std::string version_06(const std::string& transform) {
  return v3_group(
      R"({"version":"0.6rc0","multiscales":[{"coordinateSystems":[{"name":"physical","axes":[)"
      R"({"name":"y","type":"space"},{"name":"x","type":"space"}]}],"datasets":[{"path":"0",)"
      R"("coordinateTransformations":[)" +
      transform + "]}]}]}");
}

TEST(Version06, ScaleAndTranslation) {
  const auto opened =
      open({{"zarr.json",
             version_06(R"({"type":"sequence","input":{"path":"0"},"output":{"name":"physical"},)"
                        R"("transformations":[{"type":"scale","scale":[4,3]},)"
                        R"({"type":"translation","translation":[1,2]}]})")},
            {"0/zarr.json", v3_array({8, 8})}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete) << summary(opened.issues());
  EXPECT_EQ(opened.image().levels[0].scale, (Doubles{4, 3}));
  EXPECT_EQ(opened.image().levels[0].translation, (Doubles{1, 2}));
  EXPECT_TRUE(opened.issues().empty()) << summary(opened.issues());
}

}  // namespace
}  // namespace mifa::ome
