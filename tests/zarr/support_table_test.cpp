// The README's support tables say what the registries hold, no more and no less.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "zarr/codec_spec.h"
#include "zarr/data_type.h"

namespace mifa::zarr {
namespace {

using Names = std::set<std::string>;

// The words of the first column of the table that follows `mark`, without what is in parentheses.
Names first_column(const std::string& mark) {
  std::ifstream file("README.md");
  std::string line;
  while (std::getline(file, line) && line != mark) {
  }
  Names names;
  int row = 0;
  while (std::getline(file, line) && line.starts_with("|")) {
    if (row++ < 2) continue;  // heading and rule
    std::string cell = line.substr(1, line.find('|', 1) - 1);
    cell = cell.substr(0, cell.find('('));
    for (char& c : cell) c = c == ',' ? ' ' : c;
    std::istringstream words(cell);
    for (std::string word; words >> word;) names.insert(word);
  }
  return names;
}

TEST(SupportTables, ListTheCodecsOfTheRegistry) {
  const auto& known = known_codec_names();
  EXPECT_EQ(first_column("<!-- table: codecs -->"), Names(known.begin(), known.end()));
}

TEST(SupportTables, ListTheDataTypes) {
  Names names;
  for (int i = 0; i <= static_cast<int>(DataType::kFloat64); ++i) {
    names.insert(name(static_cast<DataType>(i)));
  }
  EXPECT_EQ(first_column("<!-- table: data types -->"), names);
}

}  // namespace
}  // namespace mifa::zarr
