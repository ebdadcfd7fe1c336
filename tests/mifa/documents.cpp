#include "documents.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace mifa::meta {

namespace fs = std::filesystem;

fs::path fixtures() {
  for (const char* place : {"../shared/fixtures/mifa", "../../shared/fixtures/mifa"}) {
    if (fs::exists(place)) return place;
  }
  return {};
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Checks check_documents(const std::vector<SourceFile>& files, const ActualFiles* actual,
                       const Record* previous) {
  Checks result;
  std::vector<Record> records;
  for (const SourceFile& file : files) {
    ReadResult read = read_metadata(file);
    EXPECT_NE(read.container, nullptr) << file.name << " is of no known container";
    result.issues.insert(result.issues.end(), read.issues.begin(), read.issues.end());
    records.push_back(std::move(read.record));
  }
  MergeResult merged = merge(std::move(records));
  result.record = std::move(merged.record);
  result.issues.insert(result.issues.end(), merged.issues.begin(), merged.issues.end());
  const Issues more =
      check_record({.record = result.record, .actual = actual, .now = kNow, .previous = previous});
  result.issues.insert(result.issues.end(), more.begin(), more.end());
  return result;
}

Checks check_document(const std::string& name, const std::string& text) {
  return check_documents({{name, text, {}}});
}

std::vector<std::string> lines(const Issues& issues, bool infos) {
  std::vector<std::string> result;
  for (const Issue& issue : issues) {
    if (issue.severity == Severity::kInfo && !infos) continue;
    const std::string kind = issue.severity == Severity::kError     ? "E "
                             : issue.severity == Severity::kWarning ? "W "
                                                                    : "I ";
    result.push_back(kind + issue.rule);
  }
  std::sort(result.begin(), result.end());
  return result;
}

Issues of_rule(const Issues& issues, const std::string& rule) {
  Issues result;
  for (const Issue& issue : issues) {
    if (issue.rule == rule) result.push_back(issue);
  }
  return result;
}

}  // namespace mifa::meta
