// Which column of a table plays which part: recognised by names, units and a sample of the rows, or
// said by the user.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/layer.h"

namespace mifa::annotation {

enum class Part : std::uint8_t {
  kX,
  kY,
  kZ,
  kFrame,
  kXMin,
  kYMin,
  kXMax,
  kYMax,
  kXCenter,
  kYCenter,
  kWidth,
  kHeight,
  kGroup,  // rows of one value are the vertices of one shape
  kShape,  // napari's shape-type
  kVertex,
  kId,
  kLabel,
  kScore,
  kTrack,
  kParent,
  kInstance,
  kImage,
  kSplit,
  kCount,
  kSource,  // an edge's ends
  kTarget,
};
inline constexpr std::size_t kParts = static_cast<std::size_t>(Part::kTarget) + 1;
// As in ReadOptions::mapping and Layer::mapping: "x", "xmin", "label", …
const char* part_name(Part part);

// "Centroid X µm" is read as the key "centroidx" and the unit "micrometer".
struct ColumnHeader {
  std::string name;  // as in the file
  std::string key;   // letters and digits only, lower case, without the unit
  std::string unit;  // "pixel", "micrometer", … or as written; empty when none is
  bool operator==(const ColumnHeader&) const = default;
};
ColumnHeader read_header(std::string_view name);
// "µm", "um", "microns" → "micrometer"; what is not known is returned as it is.
std::string unit_word(std::string_view text);
bool is_length_unit(std::string_view unit_word);

// What a sample of a column's values looks like.
struct ColumnSample {
  std::int64_t values = 0;  // neither empty nor missing
  std::int64_t integers = 0, numbers = 0, texts = 0, file_names = 0;
  std::int64_t distinct = 0;
  double least = 0, greatest = 0;
  bool numeric() const { return values > 0 && numbers > texts; }
  bool integral() const { return values > 0 && integers == values; }
  bool unique() const { return values > 0 && distinct == values; }
};
// Of one column: its texts.
ColumnSample sample_column(std::span<const std::string> values, char decimal);

struct TableScheme {
  std::vector<ColumnHeader> columns;
  std::array<int, kParts> parts;  // index of the column, -1 for none
  // Axes before y and x, slowest first (napari's axis-0 …); z and frame are chosen by the image.
  std::vector<int> leading_axes;
  Space space;
  bool names_are_numbers = false;  // The file has no header: columns are "column 1", …

  TableScheme() { parts.fill(-1); }
  int part(Part which) const { return parts[static_cast<std::size_t>(which)]; }
  bool has(Part which) const { return part(which) >= 0; }
  void set(Part which, int column) { parts[static_cast<std::size_t>(which)] = column; }

  bool has_points() const { return has(Part::kX) && has(Part::kY); }
  bool has_boxes() const {
    return (has(Part::kXMin) && has(Part::kYMin) &&
            ((has(Part::kXMax) && has(Part::kYMax)) || has_size())) ||
           (has(Part::kXCenter) && has(Part::kYCenter) && has_size());
  }
  bool has_geometry() const { return has_points() || has_boxes(); }
  // Whether the column is used up by geometry, frames or a class, and is no property besides.
  bool is_consumed(int column) const;

 private:
  bool has_size() const { return has(Part::kWidth) && has(Part::kHeight); }
};

// `samples` has one entry a column, or none. `mapping`: part → column name (empty: no column plays
// it); if it names any geometry, all of the geometry is what it says.
TableScheme recognise_table(std::vector<ColumnHeader> columns,
                            std::span<const ColumnSample> samples,
                            const std::map<std::string, std::string>& mapping);

// A scheme as a user's mapping changes it.
TableScheme map_table(TableScheme scheme, const std::map<std::string, std::string>& mapping);

// Whether any of the names is one that recognise_table() knows: the sign of a header.
bool has_known_name(std::span<const ColumnHeader> columns);

}  // namespace mifa::annotation
