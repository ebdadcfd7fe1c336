// The coordinates of one geometry, read ahead of its JSON: plain decimal numbers in nested arrays, which
// is what nine tenths of a file are. Anything unusual (an exponent, a word, a ring that is open) is left
// to the JSON parser, which can also say what is wrong with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/layer.h"

namespace mifa::annotation {

class PlainCoordinates {
 public:
  static constexpr std::size_t kSpareBytes = 64;

  // Takes the first array called "coordinates" out of a JSON object. False if there is none, or if it
  // is not plain: then the text is to be parsed as it is.
  bool take(std::string_view object);

  // The object with "[]" in the place of that array; kSpareBytes follow. Valid until the next take().
  std::string_view rest() const { return std::string_view(rest_).substr(0, rest_bytes_); }
  // Whether a value of rest(), by its first character, is that array. It is true once.
  bool claim(const char* value);
  bool claimed() const { return claimed_; }

  // How deep its positions lie: 1 for a point's own.
  int depth() const { return depth_; }
  // Numbers of each position: 2 or 3.
  int size() const { return size_; }
  const std::vector<double>& numbers() const { return numbers_; }
  std::size_t positions() const { return numbers_.size() / static_cast<std::size_t>(size_); }
  // Of each innermost array of positions (depth 2 and more) its end, in positions.
  const std::vector<std::uint32_t>& ends() const { return ends_; }
  // Of each array of those (depth 3 and more) its end, in innermost arrays.
  const std::vector<std::uint32_t>& group_ends() const { return group_ends_; }

 private:
  bool read(const char* at, const char* end);

  std::string rest_;
  std::size_t rest_bytes_ = 0, place_ = 0;
  bool claimed_ = false;
  int depth_ = 0, size_ = 0;
  std::vector<double> numbers_;
  std::vector<std::uint32_t> ends_, group_ends_;
  const char* after_ = nullptr;
};

}  // namespace mifa::annotation
