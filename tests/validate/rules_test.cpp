// The vectors of the rules: every rule has a dataset that keeps it and one that breaks it, and one
// fault is one issue. tests/vectors/rules/generate.py writes them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "annotation/rules.h"
#include "fake_host.h"

namespace mifa::validate {
namespace {

namespace fs = std::filesystem;

const fs::path kVectors = "tests/vectors/rules";

std::string folder_of(const Rule& rule) {
  std::string name = rule.id;
  return name.replace(name.find('/'), 1, "__");
}

Report check(const fs::path& path) {
  FakeHost host = read_vector(path);
  const auto document = JsonDocument::parse(read_text(path), path.string());
  RunOptions options;
  options.all_chunks = (*document)["all_chunks"].boolean().value_or(false);
  if (const auto bytes = (*document)["checksum_bytes"].integer()) options.limits.checksum_bytes = *bytes;
  const JsonView forbidden = (*document)["forbidden"];
  for (std::int64_t i = 0; i < forbidden.size(); ++i) {
    host.errors[*forbidden[i].string()] = {ErrorCode::kForbidden, "permission denied"};
  }
  return host.run(std::move(options));
}

TEST(Rules, HaveVectorsThatKeepAndBreakThem) {
  for (const Rule* rule : all_rules()) {
    if (rule->kind == Kind::kStudy) continue;  // tests/mifa has theirs
    if (annotation::find_annotation_rule(rule->id)) continue;  // unbroken.txt says which have none
    const fs::path folder = kVectors / folder_of(*rule);
    int valid = 0, invalid = 0;
    if (fs::is_directory(folder)) {
      for (const auto& file : fs::directory_iterator(folder)) {
        const std::string name = file.path().filename().string();
        (name.starts_with("valid-") ? valid : invalid) += 1;
      }
    }
    EXPECT_GT(valid, 0) << folder << " has no valid-…";
    EXPECT_GT(invalid, 0) << folder << " has no invalid-…";
  }
}

TEST(Rules, OneFaultIsOneIssue) {
  int files = 0;
  for (const Rule* rule : all_rules()) {
    const fs::path folder = kVectors / folder_of(*rule);
    if (rule->kind == Kind::kStudy || !fs::is_directory(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      ++files;
      const Report report = check(file.path());
      if (file.path().filename().string().starts_with("valid-")) {
        EXPECT_EQ(count_of(report, rule->id), 0) << file.path() << "\n" << summary(report);
        EXPECT_EQ(report.errors, 0) << file.path() << "\n" << summary(report);
        EXPECT_EQ(report.warnings, 0) << file.path() << "\n" << summary(report);
      } else {
        EXPECT_EQ(count_of(report, rule->id), 1) << file.path() << "\n" << summary(report);
        const std::int64_t others = report.errors + report.warnings -
                                    (rule->severity == Severity::kInfo ? 0 : 1);
        EXPECT_EQ(others, 0) << file.path() << "\n" << summary(report);
      }
    }
  }
  EXPECT_GT(files, 250);
}

// tests/vectors/rules/expected.tsv: a vector a line, and the rules of all its issues, each once. Written
// anew with MIFASCOPE_WRITE_EXPECTED=1; what has changed is then read in the diff.
std::map<std::string, std::set<std::string>> read_expected() {
  std::map<std::string, std::set<std::string>> table;
  std::istringstream lines(read_text(kVectors / "expected.tsv"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    std::string vector;
    cells >> vector;
    std::set<std::string>& rules = table[vector];
    for (std::string rule; cells >> rule;) rules.insert(rule);
  }
  return table;
}

std::map<std::string, std::set<std::string>> rules_of_vectors() {
  std::map<std::string, std::set<std::string>> table;
  for (const auto& folder : fs::directory_iterator(kVectors)) {
    const std::string name = folder.path().filename().string();
    const bool of_study = name.starts_with("mifa__") || name.starts_with("rembi__") || name.starts_with("bia-submission__");
    if (!folder.is_directory() || of_study) continue;  // those are tests/mifa's, with a table of their own
    for (const auto& file : fs::directory_iterator(folder)) {
      if (file.path().extension() != ".json") continue;
      std::set<std::string>& rules = table[fs::relative(file.path(), kVectors).generic_string()];
      for (const Issue& issue : check(file.path()).issues) rules.insert(issue.rule);
    }
  }
  // Of the readers of annotation files: each vector as a dataset of one file.
  const fs::path files = "tests/vectors/annotation";
  for (const auto& file : fs::recursive_directory_iterator(files)) {
    if (!file.is_regular_file()) continue;
    FakeHost host;
    host.files["annotations/" + file.path().filename().string()] = read_text(file.path());
    std::set<std::string>& rules = table["../" + fs::relative(file.path(), files.parent_path()).generic_string()];
    for (const Issue& issue : host.run().issues) rules.insert(issue.rule);
  }
  return table;
}

TEST(Rules, VectorsGiveTheRulesOfTheTable) {
  const auto found = rules_of_vectors();
  if (std::getenv("MIFASCOPE_WRITE_EXPECTED")) {
    std::ofstream file(kVectors / "expected.tsv");
    for (const auto& [vector, rules] : found) {
      file << vector;
      for (const std::string& rule : rules) file << '\t' << rule;
      file << '\n';
    }
  }
  EXPECT_EQ(found, read_expected());
}

// unbroken.txt: rules that no vector breaks. They are of readers of annotation files, whose own tests have them
// (tests/annotation), because they need an image or a neighbour, or are for viewers only.
TEST(Rules, EachIsBrokenByAVectorOrAnException) {
  std::set<std::string> broken;
  for (const auto& [vector, rules] : read_expected()) broken.insert(rules.begin(), rules.end());
  std::set<std::string> exceptions;
  std::istringstream lines(read_text(kVectors / "unbroken.txt"));
  for (std::string line; std::getline(lines, line);) exceptions.insert(line);
  for (const Rule* rule : all_rules()) {
    if (rule->kind == Kind::kStudy) continue;
    if (broken.contains(rule->id)) {
      EXPECT_FALSE(exceptions.contains(rule->id)) << rule->id << " is broken by a vector now: strike it from unbroken.txt";
    } else {
      EXPECT_TRUE(exceptions.contains(rule->id)) << rule->id << " is broken by no vector";
      EXPECT_NE(annotation::find_annotation_rule(rule->id), nullptr) << rule->id << " is no rule of an annotation reader: give it a vector";
    }
    exceptions.erase(rule->id);
  }
  EXPECT_TRUE(exceptions.empty()) << *exceptions.begin() << " is no rule";
}

TEST(Rules, SayWhatWhyAndHowToMend) {
  std::set<std::string> ids;
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(ids.insert(rule->id).second) << rule->id;
    for (const char* text : {rule->applies_to, rule->title, rule->why, rule->fix}) {
      ASSERT_NE(text, nullptr) << rule->id;
      EXPECT_GT(std::string(text).size(), 2U) << rule->id;
    }
    EXPECT_TRUE(std::string(rule->spec).starts_with("https://")) << rule->id;
    EXPECT_EQ(find_rule(rule->id), rule);
  }
  EXPECT_EQ(find_rule("ome-zarr/nothing-of-the-kind"), nullptr);
}

TEST(Rules, EveryIssueHasAPlaceAndAFix) {
  for (const Rule* rule : all_rules()) {
    const fs::path folder = kVectors / folder_of(*rule);
    if (rule->kind == Kind::kStudy || !fs::is_directory(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      for (const Issue& issue : check(file.path()).issues) {
        EXPECT_FALSE(issue.file.empty()) << file.path() << ": " << issue.message;
        EXPECT_FALSE(issue.fix.empty()) << file.path() << ": " << issue.message;
        EXPECT_FALSE(issue.message.empty()) << file.path();
      }
    }
  }
}

TEST(Rules, TheSpecificationIsThatOfTheData) {
  const Rule* rule = find_rule("ome-zarr/axes-count");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(spec_url(*rule, 4), "https://ngff.openmicroscopy.org/0.4/#axes-md");
  EXPECT_EQ(spec_url(*rule, 5), "https://ngff.openmicroscopy.org/0.5/#axes-md");
}

}  // namespace
}  // namespace mifa::validate
