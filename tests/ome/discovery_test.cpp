// Images below a group or folder that says nothing of them.
#include "ome/discovery.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

constexpr const char* kImage =
    R"({"multiscales":[{"version":"0.4","axes":[{"name":"y","type":"space"},)"
    R"({"name":"x","type":"space"}],"datasets":[{"path":"0","coordinateTransformations":)"
    R"([{"type":"scale","scale":[1,1]}]}]}]})";
constexpr const char* kGroup = R"({"zarr_format":2})";
constexpr const char* kOme05 =
    R"({"version":"0.5","multiscales":[{"axes":[{"name":"y","type":"space"},{"name":"x","type":)"
    R"("space"}],"datasets":[{"path":"0","coordinateTransformations":[{"type":"scale","scale":)"
    R"([1,1]}]}]}]})";

using Files = std::map<std::string, std::string>;

Files image_at(const std::string& path) {
  return {{path + "/.zattrs", kImage},
          {path + "/.zgroup", kGroup},
          {path + "/0/.zarray", zarray({8, 8})},
          {path + "/0/0.0", "chunk"}};
}

struct Opened {
  std::unique_ptr<Opener> opener = std::make_unique<Opener>("test");
  FakeHost host;
  const Dataset& dataset() const { return opener->dataset(); }
};

Opened open(Files files, bool lists = true) {
  Opened result;
  result.host.files = std::move(files);
  result.host.lists = lists;
  result.host.run(*result.opener);
  return result;
}

TEST(Discovery, OneImageTwoLevelsBelowAFolderIsOpenedAsIfGiven) {
  const auto opened = open(image_at("day 1/x.ome.zarr"));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete) << opened.opener->failure().message;
  EXPECT_EQ(opened.dataset().kind, NodeKind::kImage);
  EXPECT_TRUE(opened.dataset().entries.empty());
  EXPECT_EQ(opened.dataset().image.path, "day 1/x.ome.zarr");
  EXPECT_EQ(opened.dataset().image.levels[0].path, "day 1/x.ome.zarr/0");
  ASSERT_EQ(opened.opener->issues().size(), 1U);
  EXPECT_EQ(opened.opener->issues()[0].rule, "ome-zarr/redirect");
  EXPECT_EQ(opened.opener->issues()[0].severity, Severity::kInfo);
}

TEST(Discovery, ThreeLevelsBelowIsTooDeep) {
  const auto opened = open(image_at("a/b/c/x.zarr"));
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kFailed);
  EXPECT_EQ(opened.dataset().kind, NodeKind::kUnknown);
}

TEST(Discovery, AStoreThatCannotListFailsAsBefore) {
  const auto opened = open(image_at("x.ome.zarr"), false);
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kFailed);
  EXPECT_EQ(opened.opener->failure().code, ErrorCode::kMissing);
  EXPECT_EQ(opened.host.listed, std::vector<std::string>{""});
}

TEST(Discovery, NumberedImagesAreProbedForWhereNothingCanBeListed) {
  Files files = image_at("0");
  files.merge(image_at("1"));
  files[".zgroup"] = kGroup;
  const auto opened = open(files, false);
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete) << opened.opener->failure().message;
  EXPECT_EQ(opened.dataset().kind, NodeKind::kCollection);
  EXPECT_EQ(opened.dataset().entries.size(), 2U);
  EXPECT_EQ(opened.dataset().image.path, "0");

  // An array of that name is no image: it may be anything.
  const auto array = open({{".zgroup", kGroup}, {"0/.zarray", zarray({8, 8})}}, false);
  ASSERT_EQ(array.opener->stage(), Opener::Stage::kFailed);
  EXPECT_NE(array.opener->failure().message.find("a plain Zarr group"), std::string::npos);
}

TEST(Discovery, SeveralImagesAreEntriesInNaturalOrder) {
  Files files = {{".zgroup", kGroup}};
  for (const char* path : {"tile_10", "tile_2", "sub/z"}) files.merge(image_at(path));
  files["readme.txt"] = "hello";
  files[".git/x"] = "hidden";
  const auto opened = open(files);
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete) << opened.opener->failure().message;
  EXPECT_EQ(opened.dataset().kind, NodeKind::kGroup);
  ASSERT_EQ(opened.dataset().entries.size(), 3U);
  EXPECT_EQ(opened.dataset().entries[0].name, "sub/z");
  EXPECT_EQ(opened.dataset().entries[1].name, "tile_2");
  EXPECT_EQ(opened.dataset().entry, 0);
  EXPECT_EQ(opened.dataset().image.path, "sub/z");
}

TEST(Discovery, ConsolidatedArraysAreEntriesWhereThereIsNothingElse) {
  const std::string variables = R"("metadata":{"sub/t":)" + v3_array({3, 8, 8}) + R"(,"u":)" +
                                v3_array({8, 8}) + R"(,"x":)" + v3_array({8}) + "}";
  const auto v3 = open({{"zarr.json", R"({"zarr_format":3,"node_type":"group","attributes":{},)"
                                      R"("consolidated_metadata":{"kind":"inline",)" +
                                          variables + "}}"}},
                       false);
  ASSERT_EQ(v3.opener->stage(), Opener::Stage::kComplete) << v3.opener->failure().message;
  ASSERT_EQ(v3.dataset().entries.size(), 2U);
  EXPECT_EQ(v3.dataset().entries[0].path, "sub/t");
  EXPECT_EQ(v3.dataset().entries[1].path, "u");

  // Attributes beside an array do not make a group of it.
  auto xarray = open({{".zmetadata",
                       R"({"metadata":{".zgroup":{"zarr_format":2},"u/.zarray":)" + zarray({8, 8}) +
                           R"(,"u/.zattrs":{"_ARRAY_DIMENSIONS":["lat","lon"]},"v/.zarray":)" +
                           zarray({4, 8}) + R"(,"v/.zattrs":{"units":"K"}}})"},
                      {".zgroup", kGroup}},
                     false);
  ASSERT_EQ(xarray.opener->stage(), Opener::Stage::kComplete) << xarray.opener->failure().message;
  ASSERT_EQ(xarray.dataset().entries.size(), 2U);
  EXPECT_EQ(xarray.dataset().image.levels.at(0).path, "u");
  EXPECT_EQ(xarray.dataset().image.axes.at(1).name, "lon");
  xarray.opener->open_entry(1);
  xarray.host.run(*xarray.opener);
  EXPECT_EQ(xarray.dataset().image.levels.at(0).array.shape.at(0), 4);

  const auto v2 = open({{".zmetadata", R"({"metadata":{".zgroup":{"zarr_format":2},"u/.zarray":)" +
                                           zarray({8, 8}) +
                                           R"(,"u/.zattrs":{"_ARRAY_DIMENSIONS":["y","x"]}}})"},
                        {".zgroup", kGroup}},
                       false);
  ASSERT_EQ(v2.opener->stage(), Opener::Stage::kComplete) << v2.opener->failure().message;
  EXPECT_EQ(v2.dataset().image.levels.at(0).path, "u");
}

TEST(Discovery, ConsolidatedMetadataTellsWithoutListing) {
  std::string metadata;
  Files all = image_at("b");
  all.merge(image_at("a"));
  all.merge(image_at("a/labels/cells"));  // Belongs to a.
  for (const auto& [key, text] : all) {
    if (key.ends_with("0.0")) continue;
    metadata += (metadata.empty() ? "\"" : ",\"") + key + "\":" + text;
  }
  auto opened =
      open({{".zmetadata", R"({"metadata":{".zgroup":{"zarr_format":2},)" + metadata + "}}"},
            {".zgroup", kGroup}},
           false);
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete) << opened.opener->failure().message;
  ASSERT_EQ(opened.dataset().entries.size(), 2U);
  EXPECT_EQ(opened.dataset().entries[0].path, "a");
  EXPECT_TRUE(opened.host.listed.empty());
  opened.opener->open_entry(1);
  opened.host.run(*opened.opener);
  EXPECT_EQ(opened.dataset().image.path, "b");

  const auto v3 =
      open({{"zarr.json", R"({"zarr_format":3,"node_type":"group","attributes":{},)"
                          R"("consolidated_metadata":{"kind":"inline","metadata":{"deep/one":)" +
                              v3_group(kOme05) + R"(,"deep/one/0":)" + v3_array({8, 8}) + "}}}"}},
           false);
  ASSERT_EQ(v3.opener->stage(), Opener::Stage::kComplete) << v3.opener->failure().message;
  EXPECT_EQ(v3.dataset().kind, NodeKind::kImage);
  EXPECT_EQ(v3.dataset().image.path, "deep/one");
}

TEST(Discovery, APlateOrCollectionBelowIsFollowed) {
  Files files = {{"p.zarr/.zattrs",
                  R"({"plate":{"version":"0.4","rows":[{"name":"A"}],"columns":[{"name":"1"}],)"
                  R"("wells":[{"path":"A/1","rowIndex":0,"columnIndex":0}]}})"},
                 {"p.zarr/A/1/.zattrs", R"({"well":{"version":"0.4","images":[{"path":"0"}]}})"}};
  files.merge(image_at("p.zarr/A/1/0"));
  const auto plate = open(files);
  ASSERT_EQ(plate.opener->stage(), Opener::Stage::kComplete) << plate.opener->failure().message;
  EXPECT_EQ(plate.dataset().kind, NodeKind::kPlate);
  EXPECT_EQ(plate.dataset().entries[0].path, "p.zarr/A/1");

  files = {{"c.zarr/.zattrs", R"({"bioformats2raw.layout":3})"},
           {"c.zarr/OME/.zattrs", R"({"series":["0"]})"},
           {"c.zarr/OME/METADATA.ome.xml", R"({"images":[{"id":"Image:0","name":"slide"}]})"}};
  files.merge(image_at("c.zarr/0"));
  const auto collection = open(files);
  ASSERT_EQ(collection.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(collection.dataset().kind, NodeKind::kCollection);
  EXPECT_EQ(collection.dataset().image.path, "c.zarr/0");
  EXPECT_EQ(collection.dataset().entries[0].name, "slide");
}

TEST(Discovery, ABareArrayBelowIsOpenedWhenThereIsNothingElse) {
  const auto opened = open({{"heart.zarr/.zarray", zarray({4, 8, 8})}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete) << opened.opener->failure().message;
  EXPECT_EQ(opened.dataset().kind, NodeKind::kArray);
  EXPECT_EQ(opened.dataset().image.levels[0].path, "heart.zarr");
  const auto several =
      open({{"a.zarr/.zarray", zarray({8, 8})}, {"b.zarr/zarr.json", v3_array({8, 8})}});
  ASSERT_EQ(several.opener->stage(), Opener::Stage::kComplete);
  ASSERT_EQ(several.dataset().entries.size(), 2U);
}

TEST(Discovery, ManyFoldersAreNotAllLookedInto) {
  Files files;
  for (int i = 0; i < 300; ++i) files.merge(image_at("i" + std::to_string(i) + ".ome.zarr"));
  const auto opened = open(files);
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.dataset().entries.size(), 300U);
  EXPECT_LE(opened.host.listed.size(), 66U);
  EXPECT_LE(opened.host.asked.size(), 80U);
}

TEST(Discovery, EarlyWritersCollections) {
  Files files = {{".zattrs", R"({"_collections":[{"images":{"w1/a":{},"w1/gone":{}}}]})"},
                 {".zgroup", kGroup}};
  files.merge(image_at("w1/a"));
  const auto one = open(files, false);
  ASSERT_EQ(one.opener->stage(), Opener::Stage::kComplete) << one.opener->failure().message;
  EXPECT_EQ(one.dataset().kind, NodeKind::kImage);
  EXPECT_EQ(one.dataset().image.path, "w1/a");
}

TEST(Discovery, HostileListings) {
  for (const char* name : {"..", "../x", "/etc", "a/../..", "", ".", "a\\b", "labels/../.."}) {
    Opener opener("test");
    FakeHost host;
    opener.take_requests();
    for (const char* key : kRootKeys) opener.deliver_missing(key);
    host.run(opener);
    opener.deliver_listing("", {{name, true}});
    opener.deliver_listing("nobody asked", {{name, true}});
    host.run(opener);
    EXPECT_EQ(opener.stage(), Opener::Stage::kFailed) << name;
  }
}

}  // namespace
}  // namespace mifa::ome
