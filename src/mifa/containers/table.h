// Tables of text: TSV, CSV and the sheets of a spreadsheet, as rows of cells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mifa/log.h"

namespace mifa::meta {

struct TableLimits {
  std::size_t maximum_rows = 4U << 20;
  std::size_t maximum_columns = 4096;
};

struct TableRow {
  int line = 0;  // 1-based, of the row's first character.
  std::vector<std::string> cells;
};

struct Table {
  std::vector<TableRow> rows;
};

// Cells are as written; a cell between double quotes may hold separators, line breaks and doubled
// quotes. A quote that is never closed is taken as a character (with a warning). Bytes that are no
// UTF-8 become U+FFFD. Beyond the limits, the rest is left out with an issue of mifa/limit.
Table parse_table(std::string_view text, char separator, Log& log, const std::string& file,
                  const TableLimits& limits = {});

}  // namespace mifa::meta
