// Every file of the specification's and of other programs' suites goes through the Opener: valid
// images become ready, invalid ones never crash and say something. Arrays that the suites leave out
// are made up, with as many axes as the metadata describes.
#include <gtest/gtest.h>

#include <set>

#include "fake_host.h"
#include "ome/placement.h"

namespace mifa::ome {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

std::string in(const std::string& base, const std::string& path) {
  return base.empty() ? path : base + "/" + path;
}

JsonView parse(const std::string& text) {
  auto document = JsonDocument::parse(text, "test");
  return document ? document.value() : JsonView();
}

constexpr const char* kImage04 =
    R"({"multiscales":[{"version":"0.4","axes":[{"name":"y","type":"space"},)"
    R"({"name":"x","type":"space"}],"datasets":[{"path":"0","coordinateTransformations":)"
    R"([{"type":"scale","scale":[1,1]}]}]}]})";
constexpr const char* kWell04 = R"({"well":{"version":"0.4","images":[{"path":"0"}]}})";

// What the group at `base` with this metadata refers to, as far as it is not there.
void make_up(Files& files, const std::string& base, const JsonView& ome, bool v3) {
  const auto add = [&](const std::string& path, const std::string& text) {
    files.try_emplace(in(base, path), text);
  };
  const std::string group = v3 ? "/zarr.json" : "/.zattrs";
  const auto add_image = [&](const std::string& path) {
    std::string text = kImage04;
    if (v3) text.replace(text.find(R"("version":"0.4",)"), 16, "");
    add(path + group, v3 ? v3_group(R"({"version":"0.5",)" + text.substr(1)) : text);
    add(path + "/0" + (v3 ? "/zarr.json" : "/.zarray"), v3 ? v3_array({8, 8}) : zarray({8, 8}));
  };
  for (std::int64_t i = 0; i < ome["multiscales"].size(); ++i) {
    const JsonView image = ome["multiscales"][i];
    const JsonView systems = image["coordinateSystems"];
    auto rank = std::max(image["axes"].size(), systems[systems.size() - 1]["axes"].size());
    if (rank == 0) rank = 5;
    for (std::int64_t k = 0; k < std::min<std::int64_t>(image["datasets"].size(), 20); ++k) {
      const auto path = image["datasets"][k]["path"].string();
      const std::vector<int> shape(static_cast<std::size_t>(std::min<std::int64_t>(rank, 9)),
                                   std::max(2, 64 >> k));
      if (path) add(*path + (v3 ? "/zarr.json" : "/.zarray"), v3 ? v3_array(shape) : zarray(shape));
    }
  }
  for (std::int64_t i = 0; i < ome["plate"]["wells"].size(); ++i) {
    const auto path = ome["plate"]["wells"][i]["path"].string();
    if (!path) continue;
    add(*path + group,
        v3 ? v3_group(R"({"version":"0.5","well":{"images":[{"path":"0"}]}})") : kWell04);
    add_image(*path + "/0");
  }
  if (ome["bioformats2raw.layout"].exists() && !ome["plate"].exists()) add_image("0");
  for (std::int64_t i = 0; i < ome["well"]["images"].size(); ++i) {
    if (const auto path = ome["well"]["images"][i]["path"].string()) add_image(*path);
  }
}

struct Result {
  bool ready = false;
  bool said = false;
  std::string text;
};

// Opens it, its other images and systems too.
Result open(const Files& files, const fs::path& folder = {}) {
  Opener opener("test");
  FakeHost host;
  host.files = files;
  host.folder = folder;
  host.lists = true;
  host.run(opener);
  Result result;
  result.ready = opener.stage() == Opener::Stage::kComplete;
  EXPECT_NE(opener.stage(), Opener::Stage::kReading);
  EXPECT_NE(opener.stage(), Opener::Stage::kImageReady);
  result.said = !opener.issues().empty() || !result.ready;
  result.text = summary(opener.issues());
  if (!result.ready) result.text += "failed: " + opener.failure().message + "\n";
  for (const Placement& placement : opener.dataset().image.placements) {
    if (result.ready) (void)place(opener.dataset().image, placement);
  }
  for (int i = 0; i < std::min<int>(20, static_cast<int>(opener.dataset().entries.size())); ++i) {
    opener.want_member(i, 0);
  }
  host.run(opener);
  for (int i = 0; i < 3; ++i) {
    opener.open_field(i);
    host.run(opener);
    opener.open_entry(i);
    host.run(opener);
  }
  return result;
}

struct Count {
  int valid = 0, invalid = 0;
  std::set<std::string> refused;  // valid, and not opened
  std::set<std::string> silent;   // invalid, and nothing said

  void add(const std::string& name, bool is_valid, const Result& result) {
    ++(is_valid ? valid : invalid);
    if (is_valid && !result.ready) {
      refused.insert(name);
      std::cout << "refused: " << name << "\n" << result.text;
    }
    if (!is_valid && !result.said) silent.insert(name);
  }
};

// One document of attributes.
Result open_attributes(const JsonView& attributes, bool v3) {
  Files files;
  const std::string text = attributes.text(SIZE_MAX);
  files[v3 ? "zarr.json" : ".zattrs"] =
      v3 ? R"({"zarr_format":3,"node_type":"group","attributes":)" + text + "}" : text;
  make_up(files, "", v3 ? attributes["ome"] : attributes, v3);
  return open(files);
}

using Names = std::set<std::string>;

TEST(Conformance, ExamplesOf01To03) {
  REQUIRE_FIXTURES();
  Count count;
  for (const char* version : {"0.1", "0.2", "0.3"}) {
    for (const char* kind : {"image", "plate", "well"}) {
      for (const bool valid : {true, false}) {
        const fs::path folder =
            fixtures() / "ngff-spec" / version / "examples" / kind / (valid ? "valid" : "invalid");
        if (!fs::is_directory(folder)) continue;
        for (const auto& file : fs::directory_iterator(folder)) {
          if (file.path().extension() != ".json") continue;
          count.add(file.path().string(), valid,
                    open_attributes(parse(read_text(file.path())), false));
        }
      }
    }
  }
  EXPECT_GT(count.valid, 10);
  EXPECT_EQ(count.refused, Names());
  EXPECT_EQ(count.silent, Names());
}

TEST(Conformance, SuitesOf04And05) {
  REQUIRE_FIXTURES();
  Count count;
  for (const char* version : {"0.4", "0.5"}) {
    for (const char* kind : {"image", "plate", "well", "label", "strict_image", "strict_plate",
                             "strict_well", "strict_label"}) {
      const fs::path path =
          fixtures() / "ngff-spec" / version / "tests" / (std::string(kind) + "_suite.json");
      const JsonView tests = parse(read_text(path))["tests"];
      ASSERT_GT(tests.size(), 0) << path;
      const bool strict = std::string_view(kind).starts_with("strict");
      for (std::int64_t i = 0; i < tests.size(); ++i) {
        const bool valid = tests[i]["valid"].boolean().value_or(true);
        const Result result = open_attributes(tests[i]["data"], version[2] == '5');
        // A label's document need not be a whole image; what is only less than recommended may be
        // passed over.
        if (std::string_view(kind).ends_with("label") || (strict && !valid)) continue;
        count.add(std::string(version) + "/" + tests[i]["formerly"].string().value_or("?"), valid,
                  result);
      }
    }
  }
  EXPECT_GT(count.valid, 35);
  EXPECT_GT(count.invalid, 100);
  EXPECT_EQ(count.refused, Names());
  EXPECT_EQ(count.silent, Names());
}

TEST(Conformance, AttributesOf06) {
  REQUIRE_FIXTURES();
  Count count;
  for (const char* level : {"spec", "strict"}) {
    for (const bool valid : {true, false}) {
      const fs::path root =
          fixtures() / "ngff-spec/main/tests/attributes" / level / (valid ? "valid" : "invalid");
      for (const auto& file : fs::recursive_directory_iterator(root)) {
        if (file.path().extension() != ".json") continue;
        const std::string kind = file.path().parent_path().filename().string();
        JsonView attributes = parse(read_text(file.path()));
        // Some are whole zarr.json documents.
        if (attributes["attributes"].exists()) attributes = attributes["attributes"];
        const Result result = open_attributes(attributes, true);
        // Scenes have no images here.
        if (kind == "label" || kind == "scene" || std::string_view(level) == "strict") continue;
        count.add(kind + "/" + file.path().stem().string(), valid, result);
      }
    }
  }
  EXPECT_GT(count.valid, 20);
  EXPECT_GT(count.invalid, 60);
  EXPECT_EQ(count.refused, Names());
  EXPECT_EQ(count.silent, Names());
}

// Folders of whole datasets: each group in them is opened.
void open_folders(const fs::path& root, Count& count, bool valid, bool whole = false) {
  if (!fs::is_directory(root)) return;
  std::set<fs::path> groups;
  for (const auto& file : fs::recursive_directory_iterator(root)) {
    const std::string name = file.path().filename().string();
    if (name != "zarr.json" && name != ".zattrs") continue;
    const JsonView document = parse(read_text(file.path()));
    const JsonView ome = name == ".zattrs" ? document : document["attributes"]["ome"];
    for (const char* key : {"multiscales", "plate", "well", "scene", "bioformats2raw.layout"}) {
      if (ome[key].exists()) groups.insert(file.path().parent_path());
    }
  }
  fs::path last;
  for (const fs::path& group : groups) {
    // Of an invalid dataset, the outermost group is what is meant.
    if (!valid && !last.empty() && group.string().starts_with(last.string() + "/")) continue;
    last = group;
    Files files;
    for (const auto& file : fs::recursive_directory_iterator(group)) {
      const std::string name = file.path().filename().string();
      if (name != "zarr.json" && name != ".zattrs") continue;
      const bool v3 = name == "zarr.json";
      const JsonView document = parse(read_text(file.path()));
      const std::string base = fs::relative(file.path().parent_path(), group).string();
      Files made;
      make_up(made, base == "." ? "" : base,
              v3 ? (document["attributes"]["ome"].exists() ? document["attributes"]["ome"]
                                                           : document["attributes"])
                 : document,
              v3);
      for (auto& [key, text] : made) {
        if (!whole && !fs::exists(group / key)) files.try_emplace(key, text);
      }
    }
    count.add(fs::relative(group, fixtures()).string(), valid, open(files, group));
  }
}

TEST(Conformance, WholeDatasets) {
  REQUIRE_FIXTURES();
  Count count;
  for (const char* root : {"ome-zarr-examples/data/valid", "ome-zarr-examples/data/warning",
                           "yaozarrs/v04", "yaozarrs/v05", "ngff-spec/main/tests/zarr/spec/valid",
                           "ngff-spec/main/tests/zarr/strict/valid", "rfc5",
                           "neuroglancer-zarr/ome_zarr", "omezarr"}) {
    open_folders(fixtures() / root, count, true);
  }
  for (const char* root : {"ome-ngff-validator/test_samples/invalid", "yaozarrs/broken",
                           "ngff-spec/main/tests/zarr/spec/invalid"}) {
    open_folders(fixtures() / root, count, false);
  }
  // Invalid for what is not there.
  open_folders(fixtures() / "ome-zarr-examples/data/invalid", count, false, true);
  std::cout << count.valid << " valid and " << count.invalid << " invalid groups\n";
  EXPECT_GT(count.valid, 100);
  EXPECT_GT(count.invalid, 30);
  EXPECT_EQ(count.refused, Names());
  EXPECT_EQ(count.silent, Names());
}

struct Tiles {
  const char* path;
  int entries, scenes, items;
};

TEST(Conformance, ScenesOfRfc5) {
  REQUIRE_FIXTURES();
  const Tiles kAll[] = {{"stitched_tiles_2d.zarr", 4, 1, 4},
                        {"stitched_tiles_3d.zarr", 8, 1, 8},
                        {"human_organ_atlas.zarr", 4, 1, 4},
                        {"image_registration_3d.zarr", 2, 1, 1},
                        {"lens_correction.zarr", 1, 0, 0}};
  for (const Tiles& expected : kAll) {
    SCOPED_TRACE(expected.path);
    FakeHost host;
    host.folder = fixtures() / "rfc5/user_stories" / expected.path;
    Opener opener(expected.path);
    host.run(opener);
    ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << opener.failure().message;
    EXPECT_EQ(opener.dataset().kind, NodeKind::kScene);
    EXPECT_EQ(static_cast<int>(opener.dataset().entries.size()), expected.entries);
    ASSERT_EQ(static_cast<int>(opener.dataset().scenes.size()), expected.scenes)
        << summary(opener.issues());
    if (expected.scenes == 0) continue;
    EXPECT_EQ(static_cast<int>(opener.dataset().scenes[0].items.size()), expected.items);
  }
}

TEST(Conformance, TransformsOfRfc5) {
  REQUIRE_FIXTURES();
  struct Expected {
    const char* path;
    int placements, first;
  };
  const Expected kAll[] = {
      {"rfc5/2d/simple/affine.zarr", 1, -1},
      {"rfc5/2d/simple/affine_multiscale.zarr", 1, -1},
      {"rfc5/2d/simple/rotation.zarr", 1, -1},
      {"rfc5/2d/simple/affineParams.zarr", 0, -1},  // Its numbers are not in the fixtures.
      {"rfc5/2d/axis_dependent/mapAxis.zarr", 1, 0},
      {"rfc5/2d/axis_dependent/byDimension.zarr", 1, 0},
      {"rfc5/3d/axis_dependent/byDimension.zarr", 1, 0},
      {"rfc5/3d/axis_dependent/mapAxis.zarr", 1, 0},
      {"rfc5/3d/simple/rotation.zarr", 1, -1},
      {"rfc5/3d/nonlinear/coordinates.zarr", 0, -1},
      {"rfc5/user_stories/SCAPE.zarr/stack", 1, -1},
      {"neuroglancer-zarr/ome_zarr/all_0.6/simple/affine.zarr", 0, -1},  // Only a scale.
  };
  for (const Expected& expected : kAll) {
    SCOPED_TRACE(expected.path);
    FakeHost host;
    host.folder = fixtures() / expected.path;
    Opener opener(expected.path);
    host.run(opener);
    ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << opener.failure().message;
    const Multiscale& image = opener.dataset().image;
    EXPECT_EQ(static_cast<int>(image.placements.size()), expected.placements)
        << summary(opener.issues());
    EXPECT_EQ(image.placement, expected.first);
    for (const Placement& placement : image.placements) {
      const auto placed = place(image, placement);
      EXPECT_TRUE(placed.ok()) << placed.error().message;
    }
  }
}

}  // namespace
}  // namespace mifa::ome
