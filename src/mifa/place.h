// Values that know where they were written, so that an issue can name the place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mifa::meta {

// Where a value stands. Which parts are set depends on the container: JSON and YAML have a pointer
// (RFC 6901) and a line, tables a row and a column. All counts are 1-based; 0 is "unknown".
struct Place {
  std::shared_ptr<const std::string> file;  // Null when the value is not there at all.
  std::string pointer;
  int line = 0;
  int row = 0;         // The row of a table; its heading is row 1.
  std::string column;  // The heading of the column, or a spreadsheet's cell such as "B12".

  bool known() const { return file != nullptr; }
  const std::string& file_name() const;
  // `file.yaml line 12`, `list.tsv row 3, column "Files"`; "nowhere" when not known.
  std::string describe() const;
};

// A value and where it was written. A value that was never mentioned has an unknown place; one that
// was left blank ("title:") has a place and an empty value.
template <typename T>
struct Value {
  T value{};
  Place place;

  bool mentioned() const { return place.known(); }
};

using Text = Value<std::string>;
using Texts = std::vector<Text>;

// Whether there is anything but white space.
bool has_text(const Text& text);
// Whether any of them has text.
bool has_text(const Texts& texts);
// All that have text, joined.
std::string joined(const Texts& texts, const std::string& separator = ", ");

}  // namespace mifa::meta
