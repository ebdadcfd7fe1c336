// The coordinates of one geometry, read ahead of its JSON: plain decimal numbers in nested arrays, which
// is what nine tenths of a file are. Anything unusual (an exponent, a word, a ring that is open) is left
// to the JSON parser, which can also say what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "annotation/builder.h"

namespace mifa::annotation {

enum class GeoJsonType {
  kUnknown,
  kPoint,
  kMultiPoint,
  kLineString,
  kMultiLineString,
  kPolygon,
  kMultiPolygon,
  kGeometryCollection,
  kFeature,
  kFeatureCollection,
};

// A number as RFC 8259 writes it, without exponent and short enough to be exact: behind it, or null. Precondition:
// the text ends in something that is no digit.
const char* read_plain_number(const char* at, double& number);

class PlainCoordinates {
 public:
  static constexpr std::size_t kSpareBytes = 64;

  // Takes the first array called "coordinates" out of a JSON object. False if there is none, or if it
  // is not plain: then the text is to be parsed as it is.
  bool take(std::string_view object);

  // Takes the array that begins at `at`: behind it, or null if it is not plain. Precondition: somewhere
  // behind the array is a character that no array of numbers holds.
  const char* read(const char* at);

  // The object with "[]" in the place of that array; kSpareBytes follow. Valid until the next take().
  std::string_view rest() const { return std::string_view(rest_).substr(0, rest_bytes_); }
  // Whether a value of rest(), by its first character, is that array. It is true once.
  bool claim(const char* value);
  bool claimed() const { return claimed_; }

  // How deep its positions lie: 1 for a point's own.
  int depth() const { return depth_; }
  // Numbers of each position: 2 or 3.
  int size() const { return size_; }
  std::span<const double> numbers() const { return {numbers_.data(), count_}; }
  std::size_t positions() const { return count_ / static_cast<std::size_t>(size_); }
  // Of each innermost array of positions (depth 2 and more) its end, in positions.
  const std::vector<std::uint32_t>& ends() const { return ends_; }
  // Of each array of those (depth 3 and more) its end, in innermost arrays.
  const std::vector<std::uint32_t>& group_ends() const { return group_ends_; }

 private:
  std::string rest_;
  std::size_t rest_bytes_ = 0, place_ = 0;
  bool claimed_ = false;
  int depth_ = 0, size_ = 0;
  std::vector<double> numbers_;  // the first count_ of them
  std::size_t count_ = 0;
  std::vector<std::uint32_t> ends_, group_ends_;
};

// Coordinates that were read ahead, as parts of the builder's open object. False if they are not those of
// a geometry of this type, or a ring is open. `inner`: rings become kInner. `heights`: widened to hold
// third coordinates.
bool add_plain_parts(LayerBuilder& builder, GeoJsonType type, const PlainCoordinates& plain, bool inner,
                     std::optional<std::pair<double, double>>& heights);

}  // namespace mifa::annotation
