#include "mifa/containers/table.h"

#include "mifa/words.h"

namespace mifa::meta {
namespace {

// The end of a quoted cell that starts at `at`: just after its closing quote, where a separator or
// the end of the line follows. Nothing when it is never closed so, or only after very many lines.
std::size_t quoted_end(std::string_view text, std::size_t at, char separator) {
  constexpr int kMaximumLines = 1000;
  int lines = 0;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\n' && ++lines > kMaximumLines) return std::string_view::npos;
    if (text[i] != '"') continue;
    if (i + 1 < text.size() && text[i + 1] == '"') {
      ++i;
      continue;
    }
    const bool ends = i + 1 == text.size() || text[i + 1] == separator || text[i + 1] == '\n' ||
                      text[i + 1] == '\r';
    return ends ? i + 1 : std::string_view::npos;
  }
  return std::string_view::npos;
}

std::string unquoted(std::string_view cell) {
  std::string result;
  for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
    result += cell[i];
    if (cell[i] == '"') ++i;
  }
  return result;
}

}  // namespace

Table parse_table(std::string_view text, char separator, Log& log, const std::string& file,
                  const TableLimits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Table table;
  int line = 1;
  std::size_t at = 0;
  while (at < text.size()) {
    if (table.rows.size() >= limits.maximum_rows) {
      log.add_file(file,
                   {.rule = "mifa/limit",
                    .severity = Severity::kError,
                    .message = "The table is longer than this program reads; the rest is left "
                               "out.",
                    .expected = "at most " + std::to_string(limits.maximum_rows) + " rows",
                    .fix = "Split the table."});
      break;
    }
    TableRow row;
    row.line = line;
    for (bool more = true; more;) {
      std::size_t end = std::string_view::npos;
      std::string cell;
      if (at < text.size() && text[at] == '"') end = quoted_end(text, at, separator);
      if (end != std::string_view::npos) {
        cell = unquoted(text.substr(at, end - at));
      } else {
        end = at;
        while (end < text.size() && text[end] != separator && text[end] != '\n' &&
               text[end] != '\r') {
          ++end;
        }
        cell = std::string(text.substr(at, end - at));
      }
      for (const char c : text.substr(at, end - at)) line += c == '\n' ? 1 : 0;
      if (row.cells.size() < limits.maximum_columns) row.cells.push_back(mended_utf8(cell));
      more = end < text.size() && text[end] == separator;
      at = more ? end + 1 : end;
    }
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    ++line;
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace mifa::meta
