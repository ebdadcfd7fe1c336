// The README's table of metadata containers says what the registries hold.
#include <fstream>
#include <set>

#include "documents.h"
#include "mifa/exporter.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Names = std::set<std::string>;

Names column(const std::string& mark, std::size_t number, const std::string& wanted = "") {
  std::ifstream file("README.md");
  std::string line;
  while (std::getline(file, line) && line != mark) {
  }
  Names names;
  int row = 0;
  while (std::getline(file, line) && line.starts_with("|")) {
    if (row++ < 2) continue;  // heading and rule
    std::vector<std::string> cells;
    for (std::size_t at = 1; at < line.size();) {
      const std::size_t end = line.find('|', at);
      cells.emplace_back(trimmed(line.substr(at, end - at)));
      at = end + 1;
    }
    if (wanted.empty() || cells[1] == wanted) names.insert(cells[number]);
  }
  return names;
}

TEST(SupportTables, ListTheMetadataContainers) {
  Names names;
  for (const Container& container : containers()) names.insert(container.name);
  EXPECT_EQ(column("<!-- table: metadata containers -->", 0, "read"), names);
  Names written;
  for (const Exporter& exporter : exporters()) written.insert(exporter.name);
  EXPECT_EQ(column("<!-- table: metadata containers -->", 0, "written"), written);
}

}  // namespace
}  // namespace mifa::meta
