// A layer's objects as rows: sorted, searched and read in windows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "annotation/style.h"

namespace mifa::annotation {

struct TableQuery {
  std::string sort = "#";  // a column's name, or one of ObjectTable's own
  bool descending = false;
  std::string search;  // blank-separated words: each must be in some cell of a row, without case
  bool filtered = true;
  std::optional<std::vector<std::uint32_t>> only;

  bool operator==(const TableQuery&) const = default;
};

// Keeps the rows of its last query, so that windows of it cost nothing.
class ObjectTable {
 public:
  // `layer` must stay and must not change.
  explicit ObjectTable(const Layer& layer);

  // '#', then of 'category', 'shape', 'area' and 'frame' those that say something here and that no
  // column of the layer is called, then the layer's columns.
  const std::vector<std::string>& columns() const { return columns_; }
  // Objects in the order of the rows. Valid until the next call. Objects without a value come last.
  const std::vector<std::uint32_t>& rows(const TableQuery& query, const Mask& mask);
  // The mask that rows() takes has changed.
  void forget() { known_ = false; }
  // A row's cells, in the order of columns().
  std::vector<std::string> cells(std::uint32_t object) const;

 private:
  bool has(const char* name) const;
  void search(const std::string& words);
  void sort(const std::string& by, bool descending);

  const Layer& layer_;
  std::vector<std::string> columns_;
  TableQuery query_;
  bool known_ = false;
  std::vector<std::uint32_t> rows_;
};

}  // namespace mifa::annotation
