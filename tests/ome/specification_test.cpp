// The specification's own suites: valid metadata has no issue of severity error, invalid metadata
// at least one. What disagrees is listed here by name, with the reason.
#include <gtest/gtest.h>

#include <set>

#include "fake_host.h"
#include "ome/group.h"
#include "ome/labels.h"
#include "ome/multiscale.h"
#include "ome/omero.h"
#include "ome/plate.h"

namespace mifa::ome {
namespace {

namespace fs = std::filesystem;

struct Agreement {
  int valid = 0;
  int invalid = 0;
  std::set<std::string> disagreeing;
};

enum class Schema { kImage, kLabel, kPlate, kWell };

// Errors that the attributes alone (without arrays) give. `text` is .zattrs, or a zarr.json's
// attributes.
int errors_of(const std::string& text, int minor, Schema schema, std::string* report) {
  IssueLog log(1000, 1000);
  GroupMetadata group;
  if (minor >= 5) {
    const std::string document =
        R"({"zarr_format":3,"node_type":"group","attributes":)" + text + "}";
    group = read_v3_group(JsonDocument::parse(document, "zarr.json").value());
  } else {
    group = read_v2_group(JsonDocument::parse(text, ".zattrs").value());
  }
  const OpenerLimits limits;
  if (schema == Schema::kImage) {
    (void)plan_multiscale(group, "", limits, log);
    parse_omero(group, minor, limits, log);
  } else if (schema == Schema::kLabel) {
    parse_image_label(group, log);
  } else if (schema == Schema::kPlate) {
    parse_plate(group, "", limits, log);
  } else {
    parse_well(group, "", nullptr, limits, log);
  }
  *report = summary(log.issues());
  // The suites of 0.4 and 0.6 have wells whose path does not match their row and column, which is
  // against the text. Not counted, or every plate would be invalid for this alone.
  return count_errors(log.issues()) - count_rule(log.issues(), "ome-zarr/plate-well-path");
}

void compare(Agreement& agreement, const std::string& name, const std::string& text, int minor,
             Schema schema, bool valid) {
  std::string report;
  const int errors = errors_of(text, minor, schema, &report);
  if (valid == (errors == 0)) {
    ++(valid ? agreement.valid : agreement.invalid);
    return;
  }
  agreement.disagreeing.insert(name);
  std::cout << "disagrees: " << name << (valid ? " (valid)\n" : " (invalid)\n") << report;
}

// 0.1 to 0.3: examples/<schema>/{valid,invalid}/*.json
void compare_examples(Agreement& agreement, const std::string& version, const std::string& schema,
                      Schema kind) {
  for (const bool valid : {true, false}) {
    const fs::path folder =
        fixtures() / "ngff-spec" / version / "examples" / schema / (valid ? "valid" : "invalid");
    if (!fs::is_directory(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      if (file.path().extension() != ".json") continue;
      compare(agreement, version + "/" + schema + "/" + file.path().stem().string(),
              read_text(file.path()), minor_version(version), kind, valid);
    }
  }
}

// 0.4 and 0.5: tests/<schema>_suite.json
void compare_suite(Agreement& agreement, const std::string& version, const std::string& schema,
                   Schema kind) {
  const fs::path path = fixtures() / "ngff-spec" / version / "tests" / (schema + "_suite.json");
  const auto suite = JsonDocument::parse(read_text(path), path.string());
  ASSERT_TRUE(suite.ok());
  const JsonView tests = (*suite)["tests"];
  for (std::int64_t i = 0; i < tests.size(); ++i) {
    const std::string name = version + "/" + tests[i]["formerly"].string().value_or("?");
    compare(agreement, name, tests[i]["data"].text(), minor_version(version), kind,
            tests[i]["valid"].boolean().value_or(true));
  }
}

// 0.6: tests/attributes/spec/{valid,invalid}/<schema>/*.json
void compare_attributes(Agreement& agreement, const std::string& schema, Schema kind) {
  for (const bool valid : {true, false}) {
    const fs::path folder = fixtures() / "ngff-spec/main/tests/attributes/spec" /
                            (valid ? "valid" : "invalid") / schema;
    if (!fs::is_directory(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      compare(agreement, "0.6/" + schema + "/" + file.path().stem().string(),
              read_text(file.path()), 6, kind, valid);
    }
  }
}

using Names = std::set<std::string>;

void show(const char* what, const Agreement& agreement) {
  std::cout << what << ": " << agreement.valid << " valid and " << agreement.invalid
            << " invalid agree, " << agreement.disagreeing.size() << " do not\n";
}

TEST(Specification, Images) {
  REQUIRE_FIXTURES();
  Agreement agreement;
  for (const char* version : {"0.1", "0.2", "0.3"}) {
    compare_examples(agreement, version, "image", Schema::kImage);
  }
  compare_suite(agreement, "0.4", "image", Schema::kImage);
  compare_suite(agreement, "0.5", "image", Schema::kImage);
  compare_attributes(agreement, "image", Schema::kImage);
  show("images", agreement);
  // Valid by the schema, which cannot count: a scale of two numbers for three axes, against "the
  // length MUST be the same as the number of axes".
  // Nor can it see that a byDimension leaves an axis out, and here there are no parameter arrays.
  EXPECT_EQ(agreement.disagreeing,
            Names({"0.4/valid/mismatch_axes_units.json", "0.6/image/mismatch_axes_units",
                   "0.6/image/multiscales_transform_additional_transforms",
                   "0.6/image/multiscales_transform_additional_transforms_path"}));
  EXPECT_EQ(agreement.valid, 32);
  EXPECT_EQ(agreement.invalid, 102);
}

TEST(Specification, Labels) {
  REQUIRE_FIXTURES();
  Agreement agreement;
  compare_suite(agreement, "0.4", "label", Schema::kLabel);
  compare_suite(agreement, "0.5", "label", Schema::kLabel);
  compare_attributes(agreement, "label", Schema::kLabel);
  show("labels", agreement);
  EXPECT_EQ(agreement.disagreeing, Names());
  EXPECT_EQ(agreement.valid, 6);
  EXPECT_EQ(agreement.invalid, 21);
}

TEST(Specification, PlatesAndWells) {
  REQUIRE_FIXTURES();
  Agreement agreement;
  for (const char* version : {"0.1", "0.2", "0.3"}) {
    compare_examples(agreement, version, "plate", Schema::kPlate);
    compare_examples(agreement, version, "well", Schema::kWell);
  }
  for (const char* version : {"0.4", "0.5"}) {
    compare_suite(agreement, version, "plate", Schema::kPlate);
    compare_suite(agreement, version, "well", Schema::kWell);
  }
  compare_attributes(agreement, "plate", Schema::kPlate);
  compare_attributes(agreement, "well", Schema::kWell);
  show("plates and wells", agreement);
  // Wrong in nothing but the well's path, which is not counted above.
  EXPECT_EQ(agreement.disagreeing, Names({"0.5/plate/well_path_has_column_before_row"}));
}

}  // namespace
}  // namespace mifa::ome
