#include "validate/configuration.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::validate {
namespace {

Configuration parsed(const std::string& text) {
  auto configuration = parse_configuration(text, "rules.json");
  EXPECT_TRUE(configuration.ok()) << (configuration.ok() ? "" : configuration.error().message);
  return configuration ? configuration.value() : Configuration();
}

std::string refused(const std::string& text) {
  const auto configuration = parse_configuration(text, "rules.json");
  EXPECT_FALSE(configuration.ok());
  return configuration.ok() ? "" : configuration.error().message;
}

FakeHost no_unit() {
  return read_vector("tests/vectors/rules/ome-zarr__axis-unit-missing/invalid-no-unit.json");
}

TEST(Configuration, GradesARule) {
  RunOptions options;
  options.configuration = parsed(
      R"({"rules":{"ome-zarr/axis-unit-missing":{"severity":"error","reason":"we measure"}}})");
  const Report report = no_unit().run(std::move(options));
  EXPECT_EQ(report.errors, 1);
  EXPECT_EQ(report.issues[0].severity, Severity::kError);
  EXPECT_EQ(report.rules[0].reason, "we measure");
}

TEST(Configuration, TurnsARuleOffAndSaysWhy) {
  RunOptions options;
  options.configuration = parsed(
      R"({"rules":{"ome-zarr/axis-unit-missing":{"severity":"off","reason":"a photograph"}}})");
  const Report report = no_unit().run(std::move(options));
  EXPECT_EQ(report.warnings, 0) << summary(report);
  ASSERT_EQ(report.silenced.size(), 1U);
  EXPECT_EQ(report.silenced[0].reason, "a photograph");
}

TEST(Configuration, MayBeYaml) {
  const Configuration read = parsed(
      "# what we do otherwise\nrules:\n  ome-zarr/axis-unit-missing:\n    severity: off\n    reason: a photograph\n"
      "  files/name: {severity: error, reason: 'for Windows'}\n");
  ASSERT_EQ(read.changes.size(), 2U);
  EXPECT_FALSE(read.changes.at("ome-zarr/axis-unit-missing").severity.has_value());
  EXPECT_EQ(read.changes.at("ome-zarr/axis-unit-missing").reason, "a photograph");
  EXPECT_EQ(read.changes.at("files/name").severity, Severity::kError);
}

TEST(Configuration, NamesPlacesInYamlToo) {
  EXPECT_EQ(refused("rules:\n  ome-zarr/axis:\n    severity: off\n    reason: x\n"),
            "expected the id of a rule, received \"ome-zarr/axis\", at /rules/ome-zarr~1axis of "
            "rules.json; `mifascope rules` lists them");
  EXPECT_NE(refused("rules:\n\t- x").find("rules.json"), std::string::npos);
}

TEST(Configuration, NeedsAReason) {
  EXPECT_EQ(refused(R"({"rules":{"ome-zarr/axis-unit":{"severity":"off"}}})"),
            "expected \"reason\", a sentence that says why (it is shown in the report), received an "
            "object with 1 member, at /rules/ome-zarr~1axis-unit of rules.json");
}

TEST(Configuration, KnowsItsRules) {
  EXPECT_EQ(refused(R"({"rules":{"ome-zarr/axis":{"severity":"off","reason":"x"}}})"),
            "expected the id of a rule, received \"ome-zarr/axis\", at /rules/ome-zarr~1axis of "
            "rules.json; `mifascope rules` lists them");
}

TEST(Configuration, KnowsItsSeverities) {
  EXPECT_NE(refused(R"({"rules":{"ome-zarr/axis-unit":{"severity":"fatal","reason":"x"}}})")
                .find("received the string \"fatal\""),
            std::string::npos);
  EXPECT_NE(refused(R"({"rule":{}})").find("no member but \"rules\""), std::string::npos);
  EXPECT_NE(refused("[]").find("an object with the member \"rules\""), std::string::npos);
}

}  // namespace
}  // namespace mifa::validate
