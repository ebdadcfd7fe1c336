#include "annotation/geojson_coordinates.h"

#include <array>

namespace mifa::annotation {

namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Exact as doubles; a mantissa below 2^53 divided by one is rounded as the decimal number itself.
constexpr std::array<double, 19> kPowers = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                            1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;

// A number as RFC 8259 writes it, without exponent. Null if it is another, or too long to be exact. The
// text ends in something that is no digit.
const char* read_number(const char* at, double& number) {
  const bool negative = *at == '-';
  at += negative ? 1 : 0;
  const char* begin = at;
  std::uint64_t mantissa = 0;
  while (is_digit(*at)) mantissa = 10 * mantissa + static_cast<std::uint64_t>(*at++ - '0');
  auto digits = at - begin;
  if (digits == 0 || (*begin == '0' && digits > 1)) return nullptr;
  std::size_t decimals = 0;
  if (*at == '.') {
    const char* point = at++;
    while (is_digit(*at)) mantissa = 10 * mantissa + static_cast<std::uint64_t>(*at++ - '0');
    decimals = static_cast<std::size_t>(at - point - 1);
    if (decimals == 0) return nullptr;
    digits += static_cast<std::ptrdiff_t>(decimals);
  }
  if (digits > 18 || mantissa >= kExact || *at == 'e' || *at == 'E') return nullptr;
  const double value = static_cast<double>(mantissa) / kPowers[decimals];
  number = negative ? -value : value;
  return at;
}

}  // namespace

bool PlainCoordinates::take(std::string_view object) {
  constexpr std::string_view kName = "\"coordinates\"";
  const std::size_t name = object.find(kName);
  if (name == std::string_view::npos) return false;
  const char* at = object.data() + name + kName.size();
  const char* end = object.data() + object.size();
  while (at < end && is_space(*at)) ++at;
  if (at == end || *at++ != ':') return false;
  while (at < end && is_space(*at)) ++at;
  if (at == end || *at != '[') return false;
  if (!read(at, end)) return false;
  claimed_ = false;
  place_ = static_cast<std::size_t>(at - object.data());
  rest_.assign(object.data(), place_);
  rest_ += "[]";
  rest_.append(after_, static_cast<std::size_t>(end - after_));
  rest_bytes_ = rest_.size();
  rest_.append(kSpareBytes, '\0');
  return true;
}

bool PlainCoordinates::claim(const char* value) {
  if (claimed_ || value != rest_.data() + place_) return false;
  return claimed_ = true;
}

// An object ends in "}": no loop below runs over it.
bool PlainCoordinates::read(const char* at, const char* end) {
  numbers_.clear();
  ends_.clear();
  group_ends_.clear();
  depth_ = size_ = 0;
  int level = 0;           // brackets that are open
  bool item_ended = false;  // a comma or "]" must follow
  bool comma = false;       // an item must follow
  while (at < end) {
    const char c = *at;
    if (c == '[') {
      if (item_ended || level == 4 || (depth_ > 0 && level >= depth_)) return false;
      ++level;
      comma = false;
      ++at;
    } else if (c == ']') {
      if (comma || !item_ended) return false;  // also an empty array: told by the JSON parser
      if (level == depth_ - 1) ends_.push_back(static_cast<std::uint32_t>(positions()));
      if (level == depth_ - 2) group_ends_.push_back(static_cast<std::uint32_t>(ends_.size()));
      ++at;
      if (--level == 0) {
        after_ = at;
        return true;
      }
    } else if (c == ',') {
      if (!item_ended) return false;
      item_ended = false;
      comma = true;
      ++at;
    } else if (is_space(c)) {
      ++at;
    } else {
      // A position: all its numbers.
      if (item_ended || level == 0) return false;
      if (depth_ == 0) depth_ = level;
      if (level != depth_) return false;
      int count = 0;
      for (;;) {
        double number = 0;
        at = read_number(at, number);
        if (!at || ++count > 3) return false;
        numbers_.push_back(number);
        while (is_space(*at)) ++at;
        if (*at != ',') break;
        ++at;
        while (is_space(*at)) ++at;
      }
      if (*at != ']' || count < 2) return false;
      if (size_ == 0) size_ = count;
      if (size_ != count) return false;
      item_ended = true;
      comma = false;
    }
    if (item_ended && level > 0 && at < end) {
      // Between an item and what follows only blanks may be.
      while (is_space(*at)) ++at;
      if (*at != ',' && *at != ']') return false;
    }
  }
  return false;
}

}  // namespace mifa::annotation
