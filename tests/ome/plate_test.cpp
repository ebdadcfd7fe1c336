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

TEST(Plate, ListsWellsAndOpensTheFirst) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(20);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << summary(opener.issues());
  const Dataset& dataset = opener.dataset();
  EXPECT_EQ(dataset.kind, NodeKind::kPlate);
  ASSERT_EQ(dataset.entries.size(), 20U);
  EXPECT_EQ(dataset.entries[1].path, "A/2");
  EXPECT_EQ(dataset.entries[1].name, "A/2");
  EXPECT_EQ(dataset.entry, 0);
  ASSERT_EQ(dataset.fields.size(), 2U);
  EXPECT_EQ(dataset.fields[1].name, "Field 1");
  EXPECT_EQ(dataset.fields[1].path, "A/1/1");
  EXPECT_EQ(dataset.field, 0);
  EXPECT_EQ(dataset.image.path, "A/1/0");
  ASSERT_TRUE(dataset.plate.has_value());
  EXPECT_EQ(dataset.plate->rows, std::vector<std::string>{"A"});
  ASSERT_EQ(dataset.plate->wells.size(), 20U);
  EXPECT_EQ(dataset.plate->wells[19].column, 19);
  EXPECT_TRUE(opener.issues().empty()) << summary(opener.issues());
  EXPECT_EQ(host.rounds_to_image, 4);  // Root, well, image, array.
  // Nothing of the other wells is asked for: a plate may have 1536.
  for (const std::string& key : host.asked) EXPECT_EQ(key.find("A/2"), std::string::npos) << key;
}

TEST(Plate, OpensWellsAndFields) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(2);
  host.run(opener);
  opener.open_entry(1);
  EXPECT_EQ(opener.stage(), Opener::Stage::kReading);
  EXPECT_EQ(opener.dataset().entry, 1);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.path, "A/2/0");
  opener.open_field(1);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.path, "A/2/1");
  EXPECT_EQ(opener.dataset().field, 1);
  opener.open_entry(99);
  opener.open_field(99);
  opener.open_multiscale(99);
  EXPECT_EQ(opener.dataset().entry, 1);
  EXPECT_EQ(opener.stage(), Opener::Stage::kComplete);
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
  for (const char* field : {"0", "1"}) {
    host.errors["A/2/" + std::string(field) + "/0/.zarray"] = {ErrorCode::kRetry,
                                                               "the network is down"};
  }
  opener.open_entry(1);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kFailed);
  EXPECT_EQ(opener.failure().code, ErrorCode::kRetry);
  EXPECT_EQ(opener.failure().message,
            "while opening A/2, Field 1 of test: none of the image's arrays can be shown: the "
            "network is down");
  host.errors.clear();
  opener.open_entry(1);
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
    EXPECT_EQ(opener.dataset().entries.size(), 4U);
    EXPECT_EQ(opener.dataset().image.path, "A/2/1");
    EXPECT_EQ(opener.dataset().field, 1);
    ASSERT_EQ(opener.issues().size(), 2U) << summary(opener.issues());
    EXPECT_EQ(opener.issues()[0].rule, "ome-zarr/well-missing");
    EXPECT_EQ(opener.issues()[0].message,
              "Wells that cannot be shown (the first: expected A/1/.zattrs, received nothing: it "
              "is not there): A/1.");
    EXPECT_EQ(opener.issues()[1].rule, "ome-zarr/entry-unreadable");
    EXPECT_EQ(opener.issues()[1].file, "A/2/0");
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
  // Not one issue for each.
  ASSERT_EQ(opener.issues().size(), 1U) << summary(opener.issues());
  EXPECT_EQ(opener.issues()[0].pointer, "/plate/wells/0");
  EXPECT_TRUE(
      opener.issues()[0].message.ends_with("A/1, A/2, A/3, A/4, A/5, A/6, A/7, A/8 and 111 more."))
      << opener.issues()[0].message;
}

TEST(Plate, NoWellAtAll) {
  auto files = plate(30);
  std::erase_if(files, [](const auto& file) { return file.first.starts_with("A/"); });
  OpenerLimits limits;
  limits.maximum_wells = 20;
  Opener opener("test", limits);
  FakeHost host;
  host.files = files;
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kFailed);
  EXPECT_EQ(opener.failure().code, ErrorCode::kMissing);
  EXPECT_TRUE(opener.failure().message.starts_with("none of the first 20 wells of test can be"))
      << opener.failure().message;
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
  EXPECT_EQ(opener.dataset().entries[0].path, "A/1");
  EXPECT_EQ(opener.dataset().entries[2].path, "A/3");
}

// 0.1 to 0.3 know a well by its path alone; some writers forget rows and columns.
TEST(Plate, WellsKnownByTheirPathsAlone) {
  const auto plan = [](const char* text, IssueLog& log) {
    const auto document = JsonDocument::parse(text, ".zattrs");
    return parse_plate(read_v2_group(document.value()), "p", {}, log);
  };
  IssueLog log(100, 100);
  const auto sparse =
      plan(R"({"plate":{"version":"0.1","rows":[{"name":"A"},{"name":"B"},{"name":"C"}],)"
           R"("columns":[{"name":"1"},{"name":"2"}],"wells":[{"path":"C/2"},{"path":"A/2"}]}})",
           log);
  EXPECT_TRUE(log.issues().empty()) << summary(log.issues());
  ASSERT_EQ(sparse.entries.size(), 2U);
  EXPECT_EQ(sparse.entries[0].path, "p/A/2");
  EXPECT_EQ(sparse.plate.wells[1].row, 2);
  EXPECT_EQ(sparse.plate.wells[1].column, 1);
  const auto bare =
      plan(R"({"plate":{"version":"0.2","wells":[{"path":"B/3"},{"path":"A/3"}]}})", log);
  EXPECT_EQ(count_rule(log.issues(), "ome-zarr/plate-rows-columns"), 2);
  EXPECT_EQ(bare.plate.rows, (std::vector<std::string>{"B", "A"}));
  EXPECT_EQ(bare.plate.columns, std::vector<std::string>{"3"});
  EXPECT_EQ(bare.entries[1].path, "p/A/3");
}

TEST(Plate, AcquisitionsNameTheFields) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(1);
  std::string& text = host.files[".zattrs"];
  text.insert(text.find(R"("rows")"),
              R"("name":"P1","field_count":2,"acquisitions":[{"id":1,"name":"day 1"},{"id":4}],)");
  host.files["A/1/.zattrs"] = R"({"well":{"version":"0.4","images":[{"path":"0","acquisition":1},)"
                              R"({"path":"1","acquisition":4}]}})";
  host.run(opener);
  const Dataset& dataset = opener.dataset();
  ASSERT_EQ(dataset.fields.size(), 2U);
  EXPECT_EQ(dataset.fields[0].name, "Field 0, day 1");
  EXPECT_EQ(dataset.fields[1].name, "Field 1, acquisition 4");
  EXPECT_EQ(dataset.fields[1].acquisition, 4);
  EXPECT_EQ(dataset.plate->name, "P1");
  EXPECT_EQ(dataset.plate->field_count, 2);
  ASSERT_EQ(dataset.plate->acquisitions.size(), 2U);
  EXPECT_EQ(dataset.plate->acquisitions[1].name, "acquisition 4");
}

TEST(Well, OpenedByItself) {
  Opener opener("test");
  FakeHost host;
  host.files = {{".zattrs", R"({"well":{"version":"0.4","images":[{"path":"0","acquisition":1},)"
                            R"({"path":"1","acquisition":2}]}})"},
                {"0/.zattrs", kImage},
                {"0/0/.zarray", zarray({8, 8})},
                {"1/.zattrs", kImage},
                {"1/0/.zarray", zarray({9, 9})}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().kind, NodeKind::kWell);
  EXPECT_TRUE(opener.dataset().entries.empty());
  ASSERT_EQ(opener.dataset().fields.size(), 2U);
  EXPECT_EQ(opener.dataset().fields[1].name, "Field 1, acquisition 2");
  EXPECT_EQ(opener.dataset().field, 0);
  opener.open_field(1);
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().image.path, "1");
}

TEST(Well, AFieldThatIsNotThere) {
  const std::map<std::string, std::string> files = {
      {".zattrs", R"({"well":{"version":"0.4","images":[{"path":"0"},{"path":"1"}]}})"},
      {"1/.zattrs", kImage},
      {"1/0/.zarray", zarray({8, 8})}};
  Opener opener("test");
  FakeHost host;
  host.files = files;
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().field, 1);
  opener.open_field(0);  // A person's choice is not replaced.
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kFailed);
  EXPECT_EQ(opener.failure().message,
            "while opening Field 0 of test: expected 0/.zattrs, received nothing: it is not there");
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
  EXPECT_EQ(opener.dataset().entries[0].name, "0");
}

TEST(Collection, NamedByTheXmlInItsOrder) {
  Opener opener("test");
  FakeHost host;
  host.files = {{".zattrs", R"({"bioformats2raw.layout":3})"},
                {"OME/.zattrs", R"({"series":["1","0"]})"},
                {kOmeXmlKey, R"({"images":[{"id":"Image:0","name":"slide"},{"id":"Image:1"}]})"},
                {"1/.zattrs", kImage},
                {"1/0/.zarray", zarray({8, 8})}};
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opener.dataset().entries[0].name, "slide");
  EXPECT_EQ(opener.dataset().entries[1].name, "0");
  EXPECT_EQ(host.asked.back(), kOmeXmlKey);  // After the image's own keys.
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
