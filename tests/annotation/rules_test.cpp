// The table of rules has a row for every rule that the sources name, and no other.
#include "annotation/rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace mifa::annotation {
namespace {

std::set<std::string> rules_in_sources() {
  std::set<std::string> found;
  const std::regex quoted(R"re("((annotation|table|tracks|trackmate|swc|star|json-rows|graph|ctc|columns|geff|anndata|geoparquet|parquet|spatialdata)/[a-z0-9-]+)")re");
  std::vector<std::filesystem::path> files = {"src/validate/parquet_files.cpp"};
  for (const auto& file : std::filesystem::directory_iterator("src/annotation")) files.push_back(file.path());
  for (const auto& file : files) {
    if (file.extension() != ".cpp" || file.filename() == "rules.cpp") continue;
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    for (std::sregex_iterator match(text.begin(), text.end(), quoted), end; match != end; ++match) {
      found.insert((*match)[1]);
    }
  }
  found.erase("annotation/not-looked-into");  // src/validate has that one
  return found;
}

TEST(AnnotationRules, AreThoseOfTheSources) {
  std::set<std::string> table;
  std::string before;
  for (const AnnotationRule& rule : annotation_rules()) {
    EXPECT_LT(before, rule.id) << "rows are by id";
    before = rule.id;
    table.insert(rule.id);
    EXPECT_EQ(find_annotation_rule(rule.id), &rule);
  }
  EXPECT_EQ(rules_in_sources(), table);
}

TEST(AnnotationRules, UnknownOnesAreNotFound) {
  EXPECT_EQ(find_annotation_rule("annotation/nothing-of-the-kind"), nullptr);
  EXPECT_EQ(find_annotation_rule("zzz"), nullptr);
}

}  // namespace
}  // namespace mifa::annotation
