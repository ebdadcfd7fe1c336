// Properties of objects: one typed column a name, with a value or nothing for every object.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "annotation/paged.h"

namespace mifa::annotation {

enum class ColumnType {
  kNumber,   // double; NaN where there is none
  kInteger,  // 64 bits, exact: ids
  kText,
};

// What a column means to the viewer. At most one column of a layer has each role but kNone.
enum class Role { kNone, kId, kLabel, kScore, kTrack, kParent, kInstance, kImage, kSplit, kCount };

// "", "id", "label", …
const char* role_name(Role role);
const char* column_type_name(ColumnType type);

// Lets a map of strings be asked for a view, without a copy of it.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// Texts by number, each stored once as long as there are few enough of them to look for.
class TextPool {
 public:
  static constexpr std::size_t kInterned = 65'536;  // distinct texts looked for; later ones repeat
  // Where of the first so many texts few repeat, they name single objects: nothing is looked for.
  static constexpr std::size_t kTrial = 4096;
  static constexpr std::size_t kBytes = 1'000'000'000;  // beyond, a text is kept as "…"

  std::uint32_t add(std::string_view text);
  // Valid until the next call. Precondition: index < size().
  std::string_view text(std::uint32_t index) const;
  std::size_t size() const { return ends_.size(); }

 private:
  Paged<std::uint32_t> ends_;  // of each text, in `bytes_`
  Paged<char> bytes_;
  mutable std::string scratch_;  // a text that lies across two pages
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> known_;
  std::size_t repeated_ = 0;
  bool interning_ = true;
};

class Column {
 public:
  static constexpr std::int64_t kNoInteger = std::numeric_limits<std::int64_t>::min();
  static constexpr std::uint32_t kNoText = 0xffffffff;

  Column(std::string name, ColumnType type) : name_(std::move(name)), type_(type) {}

  const std::string& name() const { return name_; }
  ColumnType type() const { return type_; }

  Role role = Role::kNone;
  std::string unit;  // as written in the file or its header; empty when unknown

  // Sets the value of an object, turning the column into one that can hold it: integers become
  // numbers with the first fraction, anything becomes text with the first text.
  void set_number(std::size_t object, double value);
  void set_integer(std::size_t object, std::int64_t value);
  void set_text(std::size_t object, std::string_view value);

  bool has(std::size_t object) const;
  // The value as a number; NaN if there is none or it is text.
  double number(std::size_t object) const;
  // The value as an integer, exact; nothing if there is none or it is not one.
  std::optional<std::int64_t> integer(std::size_t object) const;
  // The value as people read it: empty if there is none.
  std::string text(std::size_t object) const;
  // Number of the text in the column's pool, kNoText if there is none. Precondition: kText.
  std::uint32_t text_index(std::size_t object) const;
  const TextPool& pool() const { return pool_; }
  // Forgets the values of the objects from this one on.
  void truncate(std::size_t object);

 private:
  void become(ColumnType type);

  std::string name_;
  ColumnType type_;
  Paged<double> numbers_;
  Paged<std::int64_t> integers_;
  Paged<std::uint32_t> texts_;
  TextPool pool_;
};

}  // namespace mifa::annotation
