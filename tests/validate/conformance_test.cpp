// Every document of the published suites: valid ones give no error, invalid ones an error, those that
// are invalid by the strict schemas only a warning.
#include <gtest/gtest.h>

#include <iostream>
#include <set>

#include "fake_host.h"

namespace mifa::validate {
namespace {

namespace fs = std::filesystem;

JsonView parse(const std::string& text) {
  auto document = JsonDocument::parse(text, "suite");
  EXPECT_TRUE(document.ok());
  return document ? document.value() : JsonView();
}

enum class Wanted { kValid, kInvalid, kStrictInvalid };

struct Agreement {
  int documents = 0;
  std::set<std::string> disagreements;

  void add(const std::string& name, Wanted wanted, const Report& report) {
    ++documents;
    const bool agrees = wanted == Wanted::kValid     ? report.errors == 0
                        : wanted == Wanted::kInvalid ? report.errors > 0
                                                     : report.errors + report.warnings > 0;
    if (agrees) return;
    disagreements.insert(name);
    std::cout << "disagrees: " << name << " is "
              << (wanted == Wanted::kValid ? "valid" : "invalid") << ", found:\n"
              << summary(report);
  }
};

// A loose document of attributes, as the group it belongs to.
Report check_attributes(const JsonView& attributes, bool v3) {
  FakeHost host;
  const std::string text = attributes.text(SIZE_MAX);
  if (v3) {
    host.files["zarr.json"] = attributes["attributes"].exists()
                                  ? text
                                  : R"({"zarr_format":3,"node_type":"group","attributes":)" + text + "}";
  } else {
    host.files[".zattrs"] = text;
    host.files[".zgroup"] = R"({"zarr_format":2})";
  }
  RunOptions options;
  options.metadata_only = true;
  return host.run(std::move(options));
}

using Names = std::set<std::string>;

TEST(Conformance, ExamplesOf01To03) {
  REQUIRE_FIXTURES();
  Agreement agreement;
  for (const char* version : {"0.1", "0.2", "0.3"}) {
    for (const char* kind : {"image", "plate", "well"}) {
      for (const bool valid : {true, false}) {
        const fs::path folder =
            fixtures() / "ngff-spec" / version / "examples" / kind / (valid ? "valid" : "invalid");
        if (!fs::is_directory(folder)) continue;
        for (const auto& file : fs::directory_iterator(folder)) {
          if (file.path().extension() != ".json") continue;
          agreement.add(std::string(version) + "/" + kind + "/" + file.path().stem().string(),
                        valid ? Wanted::kValid : Wanted::kInvalid,
                        check_attributes(parse(read_text(file.path())), false));
        }
      }
    }
  }
  std::cout << agreement.documents << " documents\n";
  EXPECT_GT(agreement.documents, 50);
  EXPECT_EQ(agreement.disagreements, Names());
}

TEST(Conformance, SuitesOf04And05) {
  REQUIRE_FIXTURES();
  Agreement agreement;
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
        agreement.add(std::string(version) + "/" + kind + "/" +
                          tests[i]["formerly"].string().value_or("?"),
                      valid    ? Wanted::kValid
                      : strict ? Wanted::kStrictInvalid
                               : Wanted::kInvalid,
                      check_attributes(tests[i]["data"], version[2] == '5'));
      }
    }
    for (const auto& file : fs::recursive_directory_iterator(fixtures() / "ngff-spec" / version / "examples")) {
      if (file.path().extension() != ".json" || file.path().filename().string().starts_with(".")) continue;
      // Some have comments, which are for people only.
      if (!JsonDocument::parse(read_text(file.path()), "example")) continue;
      agreement.add(std::string(version) + "/examples/" + file.path().filename().string(), Wanted::kValid,
                    check_attributes(parse(read_text(file.path())), version[2] == '5'));
    }
  }
  std::cout << agreement.documents << " documents\n";
  EXPECT_GT(agreement.documents, 150);
  EXPECT_EQ(agreement.disagreements, Names());
}

TEST(Conformance, AttributesOf06) {
  REQUIRE_FIXTURES();
  Agreement agreement;
  for (const char* level : {"spec", "strict"}) {
    for (const bool valid : {true, false}) {
      const fs::path root =
          fixtures() / "ngff-spec/main/tests/attributes" / level / (valid ? "valid" : "invalid");
      for (const auto& file : fs::recursive_directory_iterator(root)) {
        if (file.path().extension() != ".json") continue;
        agreement.add(fs::relative(file.path(), root.parent_path()).string(),
                      valid                               ? Wanted::kValid
                      : std::string_view(level) == "spec" ? Wanted::kInvalid
                                                          : Wanted::kStrictInvalid,
                      check_attributes(parse(read_text(file.path())), true));
      }
    }
  }
  std::cout << agreement.documents << " documents\n";
  EXPECT_GT(agreement.documents, 130);
  // All ten valid folders of the same suite (tests/zarr/…/valid/image) write inputs and outputs as this
  // document does, by which it is called invalid: a warning there and here.
  EXPECT_EQ(agreement.disagreements, Names{"invalid/image/invalid_multiscale_transform_input_output.json"});
}

void add_folders(const fs::path& root, Wanted wanted, bool whole, Agreement& agreement) {
  ASSERT_TRUE(fs::is_directory(root)) << root;
  for (const auto& folder : fs::directory_iterator(root)) {
    if (!folder.is_directory()) continue;
    FakeHost host;
    host.folder = folder.path();
    RunOptions options;
    options.metadata_only = !whole;
    agreement.add(fs::relative(folder.path(), fixtures()).string(), wanted, host.run(std::move(options)));
  }
}

TEST(Conformance, WholeDatasets) {
  REQUIRE_FIXTURES();
  Agreement agreement;
  for (const char* level : {"spec", "strict"}) {
    for (const char* kind : {"image", "plate", "label", "well"}) {
      for (const bool valid : {true, false}) {
        const fs::path root = fixtures() / "ngff-spec/main/tests/zarr" / level /
                              (valid ? "valid" : "invalid") / kind;
        if (!fs::is_directory(root)) continue;
        add_folders(root,
                    valid                               ? Wanted::kValid
                    : std::string_view(level) == "spec" ? Wanted::kInvalid
                                                        : Wanted::kStrictInvalid,
                    false, agreement);
      }
    }
  }
  add_folders(fixtures() / "ome-zarr-examples/data/valid", Wanted::kValid, true, agreement);
  add_folders(fixtures() / "ome-zarr-examples/data/invalid", Wanted::kInvalid, true, agreement);
  add_folders(fixtures() / "ome-zarr-examples/data/warning", Wanted::kStrictInvalid, true, agreement);
  // Only some of the files of these are here.
  add_folders(fixtures() / "yaozarrs/v04", Wanted::kValid, false, agreement);
  add_folders(fixtures() / "yaozarrs/v05", Wanted::kValid, false, agreement);
  add_folders(fixtures() / "yaozarrs/broken", Wanted::kInvalid, true, agreement);
  add_folders(fixtures() / "ome-ngff-validator/test_samples/invalid", Wanted::kInvalid, true, agreement);
  for (const char* part : {"2d/axis_dependent", "2d/basic", "2d/nonlinear", "2d/simple",
                           "3d/axis_dependent", "3d/basic", "3d/nonlinear", "3d/simple", "user_stories"}) {
    add_folders(fixtures() / "rfc5" / part, Wanted::kValid, false, agreement);
  }
  std::cout << agreement.documents << " datasets\n";
  EXPECT_GT(agreement.documents, 150);
  EXPECT_EQ(agreement.disagreements, Names());
}

TEST(Conformance, OrientationOfRfc4) {
  REQUIRE_FIXTURES();
  Agreement agreement;
  const fs::path root = fixtures() / "rfc4/cases";
  for (const auto& folder : fs::directory_iterator(root)) {
    if (!folder.is_directory()) continue;
    FakeHost host;
    host.folder = folder.path();
    RunOptions options;
    options.metadata_only = true;
    const std::string name = folder.path().filename().string();
    const Wanted wanted = name.starts_with("SC-01")   ? Wanted::kValid
                          : name.starts_with("SC-02") ? Wanted::kStrictInvalid
                                                      : Wanted::kInvalid;
    agreement.add(name, wanted, host.run(std::move(options)));
  }
  EXPECT_GE(agreement.documents, 6);
  EXPECT_EQ(agreement.disagreements, Names());
}

}  // namespace
}  // namespace mifa::validate
