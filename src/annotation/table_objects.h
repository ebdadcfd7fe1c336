// Rows of a table become objects: points, boxes, shapes of several rows, tracks, classes or counts,
// as the table's scheme says. Text tables, STAR files and columns from elsewhere all end here.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/builder.h"
#include "annotation/format.h"
#include "annotation/image_names.h"
#include "annotation/lineage.h"
#include "annotation/number_text.h"
#include "annotation/table_scheme.h"

namespace mifa::annotation {

struct Cell {
  TextNumber value;
  std::string_view text;  // as written; UTF-8
};

class TableObjects {
 public:
  // Rows that may turn out to be of the open image are held back up to here.
  static constexpr std::size_t kHeldRows = 200'000;

  TableObjects(const ReadOptions& options, LayerBuilder& builder)
      : options_(options), builder_(builder), names_(options.image.names), lineage_(builder) {}

  // Draws each row's shape instead of coordinates in cells. Before start().
  using Draw = std::function<void(std::uint32_t ordinal)>;
  void draw_with(Draw draw) { draw_ = std::move(draw); }
  // Before the first row. Says in the layer which column plays which part. `is_property`: whether a
  // column is kept; absent: all are.
  void start(TableScheme scheme, const std::function<bool(std::size_t column)>& is_property = {});
  // One row, in the order of the columns; short rows miss values. `line` 1-based, or 0.
  void row(std::span<const Cell> cells, std::uint32_t ordinal, std::uint32_t line);
  // A parent that is told apart from the rows.
  void descend(std::string_view track, std::string_view parent, std::uint32_t line);
  void finish();

  const TableScheme& scheme() const { return scheme_; }

 private:
  struct HeldRow {
    std::vector<Cell> cells;
    std::vector<std::string> texts;
    std::uint32_t ordinal, line;
  };
  enum class Image { kHere, kElsewhere, kPerhaps };

  std::string_view text(std::span<const Cell> cells, Part part) const;
  const Cell* cell(std::span<const Cell> cells, Part part) const;
  // The number, or NaN; a text is told as an issue.
  double number(std::span<const Cell> cells, Part part);
  // A key of tracks and ids: "3.0" is "3"; empty for none. Valid until the next call.
  std::string_view key(std::span<const Cell> cells, Part part);

  Image image_of(std::span<const Cell> cells);
  void hold(std::span<const Cell> cells, std::uint32_t ordinal, std::uint32_t line);
  void add(std::span<const Cell> cells, std::uint32_t ordinal, std::uint32_t line);
  void add_shape(std::span<const Cell> cells);
  void add_extent(std::span<const Cell> cells);
  void add_properties(std::span<const Cell> cells);
  void add_lineage(std::span<const Cell> cells, std::uint32_t line);
  void add_vertex(std::span<const Cell> cells, std::uint32_t ordinal, std::uint32_t line);
  void end_group();
  void keep_extent(double frame, double slice);

  void tell_images();
  void tell_unknown();
  void choose_kind();
  void count_from_zero();
  void find_normalized();

  const ReadOptions& options_;
  LayerBuilder& builder_;
  TableScheme scheme_;
  ImageNames names_;
  Lineage lineage_;
  std::vector<Column*> columns_;  // of each column; null: no property
  int frame_axis_ = -1, slice_axis_ = -1;
  std::uint32_t row_ = 0, line_ = 0;  // of the row being read, for issues

  std::unordered_map<std::string, bool, TextHash, std::equal_to<>> images_;  // → is open
  std::string last_image_;
  Image last_verdict_ = Image::kHere;
  std::vector<HeldRow> held_;
  std::int64_t rows_ = 0, elsewhere_ = 0, here_ = 0;

  // The shape that rows are being gathered for.
  bool group_open_ = false;
  std::string group_;
  std::string group_shape_;
  std::vector<std::array<double, 2>> group_vertices_;
  std::array<double, 4> group_extent_ = {};  // frames, slices

  Draw draw_;
  std::string key_;
  mutable std::string text_;
  double least_ = 0, greatest_ = 0;
  bool fractions_ = false;
};

}  // namespace mifa::annotation
