#include "annotation/geojson_coordinates.h"

#include <algorithm>
#include <array>

#include "annotation/json_space.h"

namespace mifa::annotation {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Exact as doubles; a mantissa below 2^53 divided by one is rounded as the decimal number itself.
constexpr std::array<double, 19> kPowers = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                            1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;

// In the loop over coordinates a call would cost a fifth of the time.
[[gnu::always_inline]] inline const char* number_at(const char* at, double& number) {
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

const char* behind_blanks(const char* at) {
  while (is_json_space(*at)) ++at;
  return at;
}

// Vertices of one part that were read ahead. A ring that is open is left to positions(), which tells.
bool add_plain_part(LayerBuilder& builder, const PlainCoordinates& plain, PartKind kind, std::size_t begin,
                    std::size_t end, std::optional<std::pair<double, double>>& heights) {
  const auto size = static_cast<std::size_t>(plain.size());
  const double* const first = plain.numbers().data() + begin * size;
  const double* const last = plain.numbers().data() + (end - 1) * size;
  if (kind != PartKind::kLine && kind != PartKind::kPoints && !std::equal(first, first + size, last)) return false;
  builder.part(kind);
  builder.vertices(first, end - begin, size);
  for (const double* at = first; size == 3 && at <= last; at += size) {
    heights = heights ? std::pair(std::min(heights->first, at[2]), std::max(heights->second, at[2])) : std::pair(at[2], at[2]);
  }
  return true;
}

}  // namespace

const char* read_plain_number(const char* at, double& number) { return number_at(at, number); }

bool PlainCoordinates::take(std::string_view object) {
  constexpr std::string_view kName = "\"coordinates\"";
  const std::size_t name = object.find(kName);
  if (name == std::string_view::npos) return false;
  const char* at = object.data() + name + kName.size();
  const char* end = object.data() + object.size();
  while (at < end && is_json_space(*at)) ++at;
  if (at == end || *at++ != ':') return false;
  while (at < end && is_json_space(*at)) ++at;
  if (at == end || *at != '[') return false;
  const char* const after = read(at);
  if (!after) return false;
  claimed_ = false;
  place_ = static_cast<std::size_t>(at - object.data());
  rest_.assign(object.data(), place_);
  rest_ += "[]";
  rest_.append(after, static_cast<std::size_t>(end - after));
  rest_bytes_ = rest_.size();
  rest_.append(kSpareBytes, '\0');
  return true;
}

bool PlainCoordinates::claim(const char* value) {
  if (claimed_ || value != rest_.data() + place_) return false;
  return claimed_ = true;
}

const char* PlainCoordinates::read(const char* at) {
  count_ = 0;
  ends_.clear();
  group_ends_.clear();
  depth_ = size_ = 0;
  int level = 0;  // brackets that are open
  for (;;) {
    for (; *at == '['; at = behind_blanks(at + 1)) {
      if (++level > 4) return nullptr;
    }
    if (depth_ == 0) depth_ = level;
    if (level == 0 || level != depth_) return nullptr;  // also an empty array: told by the JSON parser
    // A position: all its numbers.
    if (numbers_.size() < count_ + 3) numbers_.resize(2 * count_ + 64);
    int size = 0;
    for (;;) {
      if (size == 3) return nullptr;
      at = number_at(at, numbers_[count_ + static_cast<std::size_t>(size++)]);
      if (!at) return nullptr;
      at = behind_blanks(at);
      if (*at != ',') break;
      at = behind_blanks(at + 1);
    }
    if (size_ == 0) size_ = size;
    if (size < 2 || size != size_) return nullptr;
    count_ += static_cast<std::size_t>(size);
    do {
      if (*at != ']') return nullptr;
      ++at;
      if (level == depth_ - 1) ends_.push_back(static_cast<std::uint32_t>(positions()));
      if (level == depth_ - 2) group_ends_.push_back(static_cast<std::uint32_t>(ends_.size()));
      if (--level == 0) return at;
      at = behind_blanks(at);
    } while (*at != ',');
    at = behind_blanks(at + 1);
  }
}

bool add_plain_parts(LayerBuilder& builder, GeoJsonType type, const PlainCoordinates& plain, bool inner,
                     std::optional<std::pair<double, double>>& heights) {
  const std::vector<std::uint32_t>& ends = plain.ends();
  const int depth = plain.depth();
  switch (type) {
    case GeoJsonType::kPoint:
      return depth == 1 && add_plain_part(builder, plain, PartKind::kPoints, 0, 1, heights);
    case GeoJsonType::kMultiPoint:
      return depth == 2 && add_plain_part(builder, plain, PartKind::kPoints, 0, plain.positions(), heights);
    case GeoJsonType::kLineString:
      return depth == 2 && add_plain_part(builder, plain, PartKind::kLine, 0, plain.positions(), heights);
    case GeoJsonType::kMultiLineString:
    case GeoJsonType::kPolygon:
    case GeoJsonType::kMultiPolygon:
      break;
    default:
      return false;
  }
  if (depth != (type == GeoJsonType::kMultiPolygon ? 4 : 3)) return false;
  std::size_t begin = 0, group = 0;
  bool first = true;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    PartKind kind = inner ? PartKind::kInner : first ? PartKind::kRing : PartKind::kHole;
    if (type == GeoJsonType::kMultiLineString) kind = PartKind::kLine;
    if (!add_plain_part(builder, plain, kind, begin, ends[i], heights)) return false;
    begin = ends[i];
    first = false;
    if (type == GeoJsonType::kMultiPolygon && i + 1 == plain.group_ends()[group]) {
      first = true;
      ++group;
    }
  }
  return true;
}

}  // namespace mifa::annotation
