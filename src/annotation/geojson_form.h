// The written form of a feature: the text around its values, which a program writes alike for every
// feature of a file. A feature that fits a form known is read by comparing text; a JSON parser reads
// those that do not, and is the one that says what is wrong with them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/geojson_coordinates.h"

namespace mifa::annotation {

class GeoJsonForm {
 public:
  // The form of a feature that was read without complaint; nothing where it has members whose meaning
  // is more than a value in a column.
  static std::optional<GeoJsonForm> of(std::string_view feature);

  // Length of the feature at the beginning of `text` if it is of this form, else 0. Its values are views
  // of `text`. Precondition: a 0 follows the text.
  std::size_t fit(std::string_view text, PlainCoordinates& coordinates);
  // What fit() has found, into the builder's open object. False: only the parser can tell what it means
  // (a new category, a ring that is open); the object is to be abandoned.
  bool fill(LayerBuilder& builder, const PlainCoordinates& coordinates) const;

 private:
  class Learner;
  enum class Slot {
    kCoordinates,
    kCategory,  // a text
    kText,      // of a column
    kNumber,    // of a column, whole or not
    kMeasure,   // of a column, never taken for an integer
    kWord,      // true, false, null
    kIgnored,   // numbers in an array
  };
  struct Step {
    std::string before;  // the text between the last value and this one
    Slot slot = Slot::kText;
    std::string column;
  };
  struct Value {
    std::string_view text;
    double number = 0;
  };
  static const char* fit_value(Slot slot, const char* at, const char* end, PlainCoordinates& coordinates, Value& value);

  GeoJsonType geometry_ = GeoJsonType::kUnknown;
  bool has_color_ = false;
  std::vector<Step> steps_;
  std::string after_;  // the text behind the last value
  std::vector<Value> values_;
};

// The forms of one file, and what reads by them.
class GeoJsonForms {
 public:
  // Reads the feature at the beginning of `text` (a 0 follows it) into the builder: its length, or 0 if
  // it is of no form known, or not wholly there; then nothing has changed.
  std::size_t read(LayerBuilder& builder, std::string_view text, std::uint32_t ordinal, std::uint32_t line);
  // A feature that the parser has read without complaint.
  void learn(std::string_view feature);

 private:
  static constexpr std::size_t kForms = 8;
  // Features that fit nothing are looked at in vain: so many more than those that fit, and no more.
  static constexpr std::int64_t kMisses = 256;

  std::vector<GeoJsonForm> forms_;
  std::size_t latest_ = 0;
  std::int64_t misses_ = 0;
  PlainCoordinates coordinates_;
};

}  // namespace mifa::annotation
