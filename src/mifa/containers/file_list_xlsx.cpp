// File lists in XLSX (ECMA-376 part 1, section 18). The host unzips; here are the texts of
// xl/sharedStrings.xml and of the first worksheet.
#include <cstring>
#include <pugixml.hpp>

#include "mifa/containers/file_list.h"
#include "mifa/containers/readers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr std::size_t kMaximumCells = 16U << 20;

const SourceFile::Member* member(const SourceFile& file, std::string_view name) {
  for (const SourceFile::Member& one : file.members) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

// The worksheet that comes first; with names as every writer gives them.
const SourceFile::Member* first_sheet(const SourceFile& file) {
  if (const auto* sheet = member(file, "xl/worksheets/sheet1.xml")) return sheet;
  const SourceFile::Member* found = nullptr;
  for (const SourceFile::Member& one : file.members) {
    if (!one.name.starts_with("xl/worksheets/") || !one.name.ends_with(".xml")) continue;
    if (!found || one.name < found->name) found = &one;
  }
  return found;
}

bool parse(const SourceFile::Member& part, const SourceFile& file, pugi::xml_document& document,
           Log& log) {
  const auto outcome = document.load_buffer(part.text.data(), part.text.size());
  if (outcome) return true;
  log.add_file(file.name, {.rule = "mifa/container-syntax",
                           .severity = Severity::kError,
                           .message = "The spreadsheet's part " + part.name +
                                      " cannot be read: " + outcome.description() + " at byte " +
                                      std::to_string(outcome.offset) + ".",
                           .expected = "a spreadsheet",
                           .received = part.name + " damaged",
                           .fix = "Save the spreadsheet again, or as TSV."});
  return false;
}

// A string item: its text, or the texts of its runs (18.4.8).
std::string text_of(const pugi::xml_node& item) {
  std::string result = item.child_value("t");
  for (const pugi::xml_node run : item.children("r")) result += run.child_value("t");
  return result;
}

// "BC12" -> 54; the column before the last cell's next one when a cell has no name.
std::size_t column_index(const char* reference, std::size_t otherwise) {
  std::size_t result = 0;
  const char* at = reference;
  for (; *at >= 'A' && *at <= 'Z' && result < 100000; ++at) {
    result = result * 26 + static_cast<std::size_t>(*at - 'A' + 1);
  }
  return result == 0 ? otherwise : result - 1;
}

std::string cell_text(const pugi::xml_node& cell, const std::vector<std::string>& shared) {
  const char* type = cell.attribute("t").value();
  if (std::strcmp(type, "inlineStr") == 0) return text_of(cell.child("is"));
  const std::string value = cell.child_value("v");
  if (std::strcmp(type, "s") != 0) return value;
  double index = -1;
  if (!parse_number(value, index) || index < 0 || index >= static_cast<double>(shared.size())) {
    return "";
  }
  return shared[static_cast<std::size_t>(index)];
}

Table table_of(const pugi::xml_node& data, const std::vector<std::string>& shared,
               const SourceFile& file, Log& log) {
  Table table;
  std::size_t cells = 0;
  int number = 0;
  const TableLimits limits;
  for (const pugi::xml_node row : data.children("row")) {
    const int stated = row.attribute("r").as_int(number + 1);
    // Rows with nothing in them may be left out of the sheet.
    const bool gap = stated > number + 1 && !table.rows.empty();
    number = stated > number ? stated : number + 1;
    if (gap) table.rows.push_back({number - 1, {""}});
    TableRow result;
    result.line = number;
    for (const pugi::xml_node cell : row.children("c")) {
      const std::size_t column = column_index(cell.attribute("r").value(), result.cells.size());
      if (column >= limits.maximum_columns) continue;
      if (result.cells.size() <= column) result.cells.resize(column + 1);
      result.cells[column] = mended_utf8(cell_text(cell, shared));
      ++cells;
    }
    cells += result.cells.size();
    if (cells > kMaximumCells) {
      log.add_file(file.name,
                   {.rule = "mifa/limit",
                    .severity = Severity::kError,
                    .message = "The sheet has more cells than this program reads; the rest "
                               "is left out.",
                    .expected = "at most " + std::to_string(kMaximumCells) + " cells",
                    .fix = "Save the list as TSV, in parts."});
      break;
    }
    table.rows.push_back(std::move(result));
  }
  return table;
}

}  // namespace

bool sniff_file_list_xlsx(std::string_view, std::string_view name) {
  return name.ends_with(".xlsx");
}

void read_file_list_xlsx(const SourceFile& file, Record& record, Log& log) {
  const SourceFile::Member* sheet = first_sheet(file);
  if (!sheet) {
    log.add_file(file.name, {.rule = "mifa/container-syntax",
                             .severity = Severity::kError,
                             .message = "The spreadsheet has no worksheet.",
                             .expected = "xl/worksheets/sheet1.xml inside the file",
                             .received = std::to_string(file.members.size()) + " other parts",
                             .fix = "Save the spreadsheet again, or as TSV."});
    return;
  }
  std::vector<std::string> shared;
  if (const auto* strings = member(file, "xl/sharedStrings.xml")) {
    pugi::xml_document document;
    if (!parse(*strings, file, document, log)) return;
    for (const pugi::xml_node item : document.child("sst").children("si")) {
      shared.push_back(text_of(item));
    }
  }
  pugi::xml_document document;
  if (!parse(*sheet, file, document, log)) return;
  const Table table = table_of(document.child("worksheet").child("sheetData"), shared, file, log);
  record.file_lists.push_back(file_list_of(table, file.name, log, /*cell_names=*/true));
}

}  // namespace mifa::meta
