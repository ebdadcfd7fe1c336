#include "ome/plate.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

constexpr const char* kImage =
    R"({"multiscales":[{"version":"0.4","axes":[{"name":"y","type":"space"},)"
    R"({"name":"x","type":"space"}],"datasets":[{"path":"0","coordinateTransformations":)"
    R"([{"type":"scale","scale":[1,1]}]}]}]})";

// A plate of one row with wells A/1, A/2, …, each with two fields.
std::map<std::string, std::string> plate(int wells) {
  std::string columns;
  std::string list;
  std::map<std::string, std::string> files;
  for (int i = 0; i < wells; ++i) {
    const std::string name = std::to_string(i + 1);
    const std::string well = "A/" + name;
    columns += (i ? "," : "") + std::string(R"({"name":")") + name + R"("})";
    list += (i ? "," : "") + std::string(R"({"path":")") + well +
            R"(","rowIndex":0,"columnIndex":)" + std::to_string(i) + "}";
    files[well + "/.zattrs"] = R"({"well":{"version":"0.4","images":[{"path":"0"},{"path":"1"}]}})";
    for (const char* field : {"/0", "/1"}) {
      files[well + field + "/.zattrs"] = kImage;
      files[well + field + "/0/.zarray"] = zarray({8, 8});
    }
  }
  files[".zattrs"] = R"({"plate":{"version":"0.4","rows":[{"name":"A"}],"columns":[)" + columns +
                     R"(],"wells":[)" + list + "]}}";
  return files;
}

TEST(Plate, ListsFieldsAndOpensTheFirst) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(20);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << summary(opener.issues());
  const Dataset& dataset = opener.dataset();
  EXPECT_EQ(dataset.kind, NodeKind::kPlate);
  ASSERT_EQ(dataset.entries.size(), 40U);
  EXPECT_EQ(dataset.entries[3].path, "A/2/1");
  EXPECT_EQ(dataset.entries[3].name, "A/2, field 1");
  EXPECT_EQ(dataset.entry, 0);
  EXPECT_EQ(dataset.image.path, "A/1/0");
  EXPECT_TRUE(opener.issues().empty()) << summary(opener.issues());
  EXPECT_EQ(host.rounds_to_image, 4);  // Root, well, image, array.
  // Nothing of the other wells was asked for before the image was ready.
  for (int i = 0; i < 7; ++i)
    EXPECT_EQ(host.asked[static_cast<std::size_t>(i)].find("A/2"), std::string::npos);
}

TEST(Plate, OpensAnotherEntry) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(2);
  host.run(opener);
  opener.open_entry(3);
  EXPECT_EQ(opener.stage(), Opener::Stage::kReading);
  EXPECT_EQ(opener.dataset().entry, 3);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.path, "A/2/1");
  opener.open_entry(99);
  EXPECT_EQ(opener.dataset().entry, 3);
  // What was read before is not read again.
  const std::size_t asked = host.asked.size();
  opener.open_entry(0);
  EXPECT_EQ(opener.stage(), Opener::Stage::kComplete);
  host.run(opener);
  EXPECT_EQ(host.asked.size(), asked);
}

TEST(Plate, AFailedEntryCanBeTriedAgain) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(2);
  host.run(opener);
  host.errors = {{"A/2/0/0/.zarray", {ErrorCode::kRetry, "the network is down"}}};
  opener.open_entry(2);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kFailed);
  EXPECT_EQ(opener.failure().code, ErrorCode::kRetry);
  EXPECT_EQ(opener.failure().message,
            "while opening A/2, field 0 of test: none of the image's arrays can be shown: the "
            "network is down");
  host.errors.clear();
  opener.open_entry(2);
  host.run(opener);
  EXPECT_EQ(opener.stage(), Opener::Stage::kComplete);
}

TEST(Plate, WellsWithoutImagesAreSkipped) {
  auto files = plate(4);
  files.erase("A/1/.zattrs");
  files.erase("A/2/0/.zattrs");
  for (unsigned seed = 0; seed < 50; ++seed) {
    Opener opener("test");
    FakeHost host;
    host.files = files;
    host.run_shuffled(opener, seed);
    ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << summary(opener.issues());
    EXPECT_EQ(opener.dataset().entries.size(), 6U);
    EXPECT_EQ(opener.dataset().image.path, "A/2/1");
    EXPECT_EQ(count_rule(opener.issues(), "ome-zarr/well-missing"), 1);
    EXPECT_EQ(count_rule(opener.issues(), "ome-zarr/entry-unreadable"), 1);
  }
}

TEST(Plate, NothingToShow) {
  auto files = plate(3);
  std::erase_if(files, [](const auto& file) { return file.first.ends_with(".zarray"); });
  Opener opener("test");
  FakeHost host;
  host.files = files;
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kFailed);
  EXPECT_TRUE(opener.failure().message.starts_with(
      "none of the first 6 images of test can be shown: expected the image's arrays"))
      << opener.failure().message;
}

TEST(Plate, WellsBeyondTheCapAreReadWhenOpened) {
  OpenerLimits limits;
  limits.maximum_wells = 2;
  Opener opener("test", limits);
  FakeHost host;
  host.files = plate(4);
  host.run(opener);
  ASSERT_EQ(opener.dataset().entries.size(), 6U);
  EXPECT_EQ(opener.dataset().entries[5].path, "A/4");
  EXPECT_EQ(opener.dataset().entries[5].name, "A/4");
  opener.open_entry(5);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.path, "A/4/0");
}

TEST(Plate, ManyMissingWells) {
  auto files = plate(120);
  std::erase_if(files, [](const auto& file) {
    return file.first.starts_with("A/") && !file.first.starts_with("A/120/");
  });
  Opener opener("test");
  FakeHost host;
  host.files = files;
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.path, "A/120/0");
  EXPECT_LE(host.rounds, 40);
  // Not one issue for each: the first ones, and that there are more.
  EXPECT_EQ(count_rule(opener.issues(), "ome-zarr/well-missing"), 17);
  EXPECT_EQ(opener.issues()[0].pointer, "/plate/wells/0");
}

TEST(Plate, ListedByRowAndColumn) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(3);
  const std::string last = R"({"path":"A/3","rowIndex":0,"columnIndex":2})";
  std::string& text = host.files[".zattrs"];
  text.erase(text.find("," + last), last.size() + 1);
  text.insert(text.find(R"({"path":"A/1")"), last + ",");
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << summary(opener.issues());
  EXPECT_EQ(opener.dataset().entries[0].path, "A/1/0");
  EXPECT_EQ(opener.dataset().entries[5].path, "A/3/1");
}

TEST(Well, OpenedByItself) {
  Opener opener("test");
  FakeHost host;
  host.files = {{".zattrs", R"({"well":{"version":"0.4","images":[{"path":"0","acquisition":1},)"
                            R"({"path":"1","acquisition":2}]}})"},
                {"0/.zattrs", kImage},
                {"0/0/.zarray", zarray({8, 8})}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().kind, NodeKind::kWell);
  ASSERT_EQ(opener.dataset().entries.size(), 2U);
  EXPECT_EQ(opener.dataset().entries[1].name, "Field 1 (acquisition 2)");
}

TEST(Collection, ListedBySeries) {
  Opener opener("test");
  FakeHost host;
  host.files = {{".zattrs", R"({"bioformats2raw.layout":3})"},
                {"OME/.zattrs", R"({"series":["0","sub/1"]})"},
                {"0/.zattrs", kImage},
                {"0/0/.zarray", zarray({8, 8})}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().kind, NodeKind::kCollection);
  ASSERT_EQ(opener.dataset().entries.size(), 2U);
  EXPECT_EQ(opener.dataset().entries[1].path, "sub/1");
  EXPECT_EQ(host.rounds_to_image, 3);  // Root, list and first group together, array.
}

TEST(Collection, ProbedUntilOneIsMissing) {
  for (const bool v3 : {false, true}) {
    Opener opener("test");
    FakeHost host;
    const std::string file = v3 ? "/zarr.json" : "/.zattrs";
    if (v3) {
      host.files["zarr.json"] = v3_group(R"({"version":"0.5","bioformats2raw.layout":3})");
    } else {
      host.files[".zattrs"] = R"({"bioformats2raw.layout":3})";
    }
    const std::string ome(R"({"version":"0.5","multiscales":[{"axes":[{"name":"y","type":"space"},)"
                          R"({"name":"x","type":"space"}],"datasets":[{"path":"0",)"
                          R"("coordinateTransformations":[{"type":"scale","scale":[1,1]}]}]}]})");
    for (int i = 0; i < 11; ++i) {
      host.files[std::to_string(i) + file] = v3 ? v3_group(ome) : kImage;
      host.files[std::to_string(i) + (v3 ? "/0/zarr.json" : "/0/.zarray")] =
          v3 ? v3_array({8, 8}) : zarray({8, 8});
    }
    host.run(opener);
    ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << summary(opener.issues());
    EXPECT_EQ(opener.dataset().entries.size(), 11U);
    EXPECT_LE(host.rounds, 8);
  }
}

TEST(Collection, Empty) {
  Opener opener("test");
  FakeHost host;
  host.files = {{".zattrs", R"({"bioformats2raw.layout":3})"}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kFailed);
  EXPECT_EQ(opener.failure().message,
            "expected at least one image in the plate, well or collection test, received none that "
            "can be listed; see the issues");
}

}  // namespace
}  // namespace mifa::ome
