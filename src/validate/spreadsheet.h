// Spreadsheets (XLSX) as metadata: they are zips, which src/mifa does not open itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mifa/container.h"

namespace mifa::validate {

// The parts of an XLSX file that its sheets' cells are in; empty where it is no zip archive.
std::vector<meta::SourceFile::Member> spreadsheet_members(std::string_view bytes);
// A file as src/mifa reads it: the members of a spreadsheet, by its name, or its text.
meta::SourceFile source_file(std::string name, std::string bytes);

}  // namespace mifa::validate
