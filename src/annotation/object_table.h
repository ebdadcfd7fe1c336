// A layer's objects as rows: sorted, searched and read in windows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotation/rank_sort.h"
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

// Keeps the rows of its last query, so that windows of it cost nothing, and the orders of the last columns that
// it was sorted by, so that another direction, filter or search costs little.
class ObjectTable {
 public:
  static constexpr std::size_t kKeptOrders = 4;  // four bytes an object each

  // `layer` must stay and must not change.
  explicit ObjectTable(const Layer& layer);

  // '#', then of 'category', 'shape', 'area' and 'frame' those that say something here and that no
  // column of the layer is called, then the layer's columns.
  const std::vector<std::string>& columns() const { return columns_; }
  // Objects in the order of the rows. Valid until the next call. Objects without a value come last.
  const std::vector<std::uint32_t>& rows(const TableQuery& query, const Mask& mask);
  // Goes on with the order that a query needs, for about `steps` objects; whether it is there, and rows() needs
  // not find it. Another query's that was begun is dropped.
  bool prepare(const TableQuery& query, std::size_t steps);
  // The mask that rows() takes has changed.
  void forget() { known_ = false; }
  // A row's cells, in the order of columns().
  std::vector<std::string> cells(std::uint32_t object) const;

 private:
  // Of a column's objects or, where `by_text`, of its texts.
  struct Order {
    std::string column;
    bool by_text = false;
    std::vector<std::uint32_t> ranks;  // kNoRank without a value
    std::uint32_t count = 0;           // of different ranks
  };

  bool has(const char* name) const;
  void search(const std::string& words);
  // Nothing for '#' and what is no column.
  std::optional<RankSort::Values> values_of(const std::string& column) const;
  void keep_order();
  const Order* find_order(const std::string& column) const;
  void sort(const std::string& by, bool descending);

  const Layer& layer_;
  std::vector<std::string> columns_;
  TableQuery query_;
  bool known_ = false;
  std::vector<std::uint32_t> rows_;
  std::vector<Order> orders_;  // the last used at the end
  std::unique_ptr<RankSort> sorting_;
  std::string sorting_column_;
};

}  // namespace mifa::annotation
