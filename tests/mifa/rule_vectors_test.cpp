// tests/vectors/rules/<id, / as __>/{valid,invalid}-*: an invalid vector gives an issue of its
// rule, a valid one does not; and no rule is without both.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/json.h"
#include "documents.h"

namespace mifa::meta {
namespace {

namespace fs = std::filesystem;

const fs::path kVectors = "tests/vectors/rules";

std::int64_t number(const JsonView& view, std::int64_t otherwise) {
  return view.integer().value_or(otherwise);
}

std::vector<std::int64_t> extent(const JsonView& view) {
  std::vector<std::int64_t> result;
  for (int i = 0; i < view.size(); ++i) result.push_back(number(view[i], 0));
  return result;
}

std::vector<std::string> types(const JsonView& type) {
  return type.is_string() ? std::vector<std::string>{*type.string()} : std::vector<std::string>();
}

ActualFiles actual_files(const fs::path& path) {
  ActualFiles actual;
  const auto root = JsonDocument::parse(text_of(path), path.string());
  EXPECT_TRUE(root.ok()) << path;
  if (!root) return actual;
  const JsonView files = (*root)["files"];
  for (int i = 0; i < files.size(); ++i) {
    actual.files.push_back({files[i]["path"].string().value_or(""), number(files[i]["bytes"], -1)});
  }
  const JsonView images = (*root)["images"];
  for (int i = 0; i < images.size(); ++i) {
    actual.images.push_back({images[i]["path"].string().value_or(""), extent(images[i]["extent"]),
                             images[i]["pixel_metres"].number().value_or(0)});
  }
  const JsonView annotations = (*root)["annotations"];
  for (int i = 0; i < annotations.size(); ++i) {
    const JsonView one = annotations[i];
    actual.annotations.push_back({one["path"].string().value_or(""),
                                  types(one["type"]), number(one["count"], -1),
                                  extent(one["extent"]), number(one["outside"], 0),
                                  one["in_pixels"].boolean().value_or(true)});
  }
  return actual;
}

Checks check_vector(const fs::path& vector) {
  if (fs::is_regular_file(vector)) {
    return check_document(vector.filename().string(), text_of(vector));
  }
  std::vector<SourceFile> files;
  std::optional<ActualFiles> actual;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(vector)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    if (path.filename() == "actual.json") {
      actual = actual_files(path);
    } else {
      files.push_back({path.filename().string(), text_of(path), {}});
    }
  }
  std::optional<Checks> previous;
  if (fs::exists(vector / "previous")) {
    std::vector<SourceFile> before;
    for (const auto& entry : fs::directory_iterator(vector / "previous")) {
      before.push_back({entry.path().filename().string(), text_of(entry.path()), {}});
    }
    previous = check_documents(before);
  }
  return check_documents(files, actual ? &*actual : nullptr,
                         previous ? &previous->record : nullptr);
}

std::string folder_of(std::string rule) {
  const std::size_t slash = rule.find('/');
  return rule.replace(slash, 1, "__");
}

TEST(RuleVectors, EachGivesItsRuleOrNot) {
  int count = 0;
  for (const Rule& rule : rules()) {
    const fs::path folder = kVectors / folder_of(rule.id);
    ASSERT_TRUE(fs::exists(folder)) << rule.id << " has no vectors in " << folder;
    int valid = 0;
    int invalid = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      SCOPED_TRACE(entry.path());
      const Checks checks = check_vector(entry.path());
      const Issues found = of_rule(checks.issues, rule.id);
      ++count;
      if (name.starts_with("valid-")) {
        ++valid;
        EXPECT_TRUE(found.empty()) << found.front().message;
      } else {
        ASSERT_TRUE(name.starts_with("invalid-")) << "neither valid- nor invalid-";
        ++invalid;
        ASSERT_FALSE(found.empty());
        for (const Issue& issue : found) {
          EXPECT_LE(issue.severity == Severity::kError, rule.severity == Severity::kError);
          EXPECT_FALSE(issue.message.empty());
          EXPECT_FALSE(issue.file.empty());
          EXPECT_TRUE(rule.severity == Severity::kInfo || !issue.fix.empty());
        }
      }
    }
    EXPECT_GT(valid, 0) << rule.id << " has no valid vector";
    EXPECT_GT(invalid, 0) << rule.id << " has no invalid vector";
  }
  EXPECT_GE(count, 280);
}

// tests/vectors/rules/expected_mifa.tsv: a vector a line, and the rules of all its issues, each once. Written
// anew with MIFASCOPE_WRITE_EXPECTED=1; what has changed is then read in the diff.
TEST(RuleVectors, GiveTheRulesOfTheTable) {
  std::map<std::string, std::set<std::string>> found, expected;
  for (const Rule& rule : rules()) {
    for (const auto& entry : fs::directory_iterator(kVectors / folder_of(rule.id))) {
      std::set<std::string>& ids = found[fs::relative(entry.path(), kVectors).generic_string()];
      for (const Issue& issue : check_vector(entry.path()).issues) ids.insert(issue.rule);
    }
  }
  const fs::path path = kVectors / "expected_mifa.tsv";
  if (std::getenv("MIFASCOPE_WRITE_EXPECTED")) {
    std::ofstream file(path);
    for (const auto& [vector, ids] : found) {
      file << vector;
      for (const std::string& id : ids) file << '\t' << id;
      file << '\n';
    }
  }
  std::istringstream lines(text_of(path));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    std::string vector;
    cells >> vector;
    std::set<std::string>& ids = expected[vector];
    for (std::string id; cells >> id;) ids.insert(id);
  }
  EXPECT_EQ(found, expected);
}

TEST(RuleVectors, IdsAreDistinctAndHaveADocument) {
  std::set<std::string> ids;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id << " stands twice";
    EXPECT_TRUE(std::string_view(rule.spec_url).starts_with("https://")) << rule.id;
    EXPECT_TRUE(std::string_view(rule.summary).ends_with(".")) << rule.id;
  }
}

// A fault in one place gives one error, not a train of them.
TEST(RuleVectors, OneFaultIsOneError) {
  for (const char* path :
       {"mifa__title-missing/invalid-blank.json", "mifa__licence-unrecognised/invalid-words.json",
        "mifa__annotation-type-unknown/invalid-unheard-of.json",
        "mifa__version-without-annotation/invalid-other-name.json",
        "mifa__overview-missing/invalid-blank.json", "mifa__container-syntax/invalid-cut-off.json",
        "mifa__limit/invalid-alias-bomb.yaml", "mifa__crate-root/invalid-none.json",
        "mifa__undefined-term/invalid-context-without-specimen.json",
        "mifa__source-image-unresolved/invalid-no-such-image",
        "bia-submission__root-study/invalid-no-hasPart.json",
        "rembi__dataset-with-required-associations/invalid-dangling.json",
        "rembi__dataset-with-required-associations/invalid-unknown-component.json",
        "rembi__biosample-present/invalid-section-missing.json",
        "mifa__file-duplicate-path/invalid-twice.tsv"}) {
    int errors = 0;
    std::string all;
    for (const Issue& issue : check_vector(kVectors / path).issues) {
      if (issue.severity != Severity::kError) continue;
      ++errors;
      all += issue.rule + ": " + issue.message + "\n";
    }
    EXPECT_EQ(errors, 1) << path << "\n" << all;
  }
}

}  // namespace
}  // namespace mifa::meta
