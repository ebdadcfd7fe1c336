// The README's table of annotation formats says what the registry holds, no more and no less.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>

#include "annotation/format.h"

namespace mifa::annotation {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' '), end = text.find_last_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

// The second column, without backquotes, of the table that follows the mark; by the first.
std::map<std::string, std::string> rows_of(const std::string& mark) {
  std::ifstream file("README.md");
  std::string line;
  while (std::getline(file, line) && line != mark) {
  }
  std::map<std::string, std::string> rows;
  int row = 0;
  while (std::getline(file, line) && line.starts_with("|")) {
    if (row++ < 2) continue;  // heading and rule
    std::erase(line, '`');
    const std::size_t second = line.find('|', 1), third = line.find('|', second + 1);
    rows[trimmed(line.substr(1, second - 1))] = trimmed(line.substr(second + 1, third - second - 1));
  }
  return rows;
}

// What the page reads in JavaScript (web/annotations/sources).
const std::set<std::string> kOfThePage = {"GeoParquet, Parquet", "GEFF", "SpatialData", "AnnData"};

TEST(SupportTable, ListsTheFormatsOfTheRegistry) {
  std::multiset<std::string> registry, listed;
  for (const Format& format : formats()) {
    if (std::string(format.id) != "columns") registry.insert(format.extensions);  // kOfThePage become these
  }
  for (const auto& [name, files] : rows_of("<!-- table: annotation formats -->")) {
    if (!kOfThePage.contains(name)) listed.insert(files);
  }
  EXPECT_EQ(listed, registry) << "the README's table of annotation formats: one row a format, with its files";
}

}  // namespace
}  // namespace mifa::annotation
