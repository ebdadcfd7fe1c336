#include "validate/spreadsheet.h"

#include <utility>

#include "annotation/zip_members.h"

namespace mifa::validate {

std::vector<meta::SourceFile::Member> spreadsheet_members(std::string_view bytes) {
  std::vector<meta::SourceFile::Member> members;
  auto archive = annotation::ZipMembers::open(bytes);
  if (!archive) return members;
  for (const auto& member : archive->members()) {
    const bool sheet = member.name.starts_with("xl/worksheets/") && member.name.ends_with(".xml");
    if (!sheet && member.name != "xl/sharedStrings.xml") continue;
    if (const auto text = archive->read(member)) members.push_back({std::string(member.name), std::string(*text)});
  }
  return members;
}

meta::SourceFile source_file(std::string name, std::string bytes) {
  meta::SourceFile source{.name = std::move(name), .text = {}, .members = {}};
  if (source.name.ends_with(".xlsx")) {
    source.members = spreadsheet_members(bytes);
  } else {
    source.text = std::move(bytes);
  }
  return source;
}

}  // namespace mifa::validate
