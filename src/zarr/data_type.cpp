#include "zarr/data_type.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <limits>

namespace mifa::zarr {
namespace {

struct Row {
  DataType type;
  const char* v3_name;
  char v2_kind;
  int bytes;
};

constexpr Row kRows[] = {
    {DataType::kBool, "bool", 'b', 1},       {DataType::kInt8, "int8", 'i', 1},
    {DataType::kInt16, "int16", 'i', 2},     {DataType::kInt32, "int32", 'i', 4},
    {DataType::kInt64, "int64", 'i', 8},     {DataType::kUInt8, "uint8", 'u', 1},
    {DataType::kUInt16, "uint16", 'u', 2},   {DataType::kUInt32, "uint32", 'u', 4},
    {DataType::kUInt64, "uint64", 'u', 8},   {DataType::kFloat16, "float16", 'f', 2},
    {DataType::kFloat32, "float32", 'f', 4}, {DataType::kFloat64, "float64", 'f', 8},
};

const Row& row(DataType type) {
  for (const Row& candidate : kRows) {
    if (candidate.type == type) return candidate;
  }
  return kRows[0];
}

Error unknown_type(JsonView value, const std::string& known) {
  Error error = value.mismatch("a data type among " + known);
  error.code = ErrorCode::kUnsupported;
  error.message += "; an image has one number an element: write the array again in one of these";
  return error;
}

// std::bit_cast, which Emscripten 3.1.6's library lacks.
template <typename To, typename From>
To bits_as(From value) {
  static_assert(sizeof(To) == sizeof(From));
  To result;
  std::memcpy(&result, &value, sizeof result);
  return result;
}

template <typename T>
Element element_of(T value) {
  Element element{};
  std::memcpy(element.data(), &value, sizeof value);
  return element;
}

template <typename T>
T value_of(const Element& element) {
  T value;
  std::memcpy(&value, element.data(), sizeof value);
  return value;
}

Element float_element(double value, DataType type) {
  switch (type) {
    case DataType::kFloat16:
      return element_of(float_to_half(static_cast<float>(value)));
    case DataType::kFloat32:
      return element_of(static_cast<float>(value));
    default:
      return element_of(value);
  }
}

// Two's complement truncation to the type's width; the caller checked the range.
Element integer_element(std::uint64_t bits, DataType type) {
  Element element{};
  std::memcpy(element.data(), &bits, static_cast<std::size_t>(byte_size(type)));
  return element;
}

std::optional<Element> integer_fill(JsonView value, DataType type) {
  const int bits = byte_size(type) * 8;
  if (is_signed(type)) {
    const auto integer = value.integer();
    if (!integer) return std::nullopt;
    const std::int64_t limit = bits == 64 ? INT64_MAX : (std::int64_t{1} << (bits - 1)) - 1;
    if (*integer > limit || *integer < -limit - 1) return std::nullopt;
    return integer_element(static_cast<std::uint64_t>(*integer), type);
  }
  const auto integer = value.unsigned_integer();
  if (!integer) return std::nullopt;
  if (bits < 64 && *integer >> bits != 0) return std::nullopt;
  return integer_element(*integer, type);
}

std::optional<Element> text_fill(const std::string& text, DataType type) {
  if (is_float(type)) {
    if (text == "NaN") return float_element(std::numeric_limits<double>::quiet_NaN(), type);
    if (text == "Infinity") return float_element(std::numeric_limits<double>::infinity(), type);
    if (text == "-Infinity") return float_element(-std::numeric_limits<double>::infinity(), type);
  }
  // A number in quotes: bioformats2raw's first versions.
  if (!text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const double limit = std::ldexp(1.0, byte_size(type) * 8 - (is_signed(type) ? 1 : 0));
    const bool whole = std::trunc(value) == value && std::fabs(value) < std::ldexp(1.0, 53);
    if (*end != '\0') return std::nullopt;
    if (is_float(type)) return float_element(value, type);
    if (!whole || value >= limit || value < (is_signed(type) ? -limit : 0)) return std::nullopt;
    return integer_element(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)), type);
  }
  const auto digits = static_cast<std::size_t>(byte_size(type)) * 2;
  if (text.size() != digits + 2 || !text.starts_with("0x")) return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t i = 2; i < text.size(); ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    bits = bits << 4U | static_cast<std::uint64_t>(digit);
  }
  return integer_element(bits, type);
}

}  // namespace

int byte_size(DataType type) { return row(type).bytes; }
bool is_float(DataType type) { return row(type).v2_kind == 'f'; }
bool is_signed(DataType type) { return row(type).v2_kind == 'i'; }
const char* name(DataType type) { return row(type).v3_name; }

Result<DataType> parse_v3_data_type(JsonView value) {
  // An extension may be spelled {"name": "uint16"} without configuration (Zarr v3.1).
  const JsonView text_view = value.is_object() ? value["name"] : value;
  const auto text = text_view.string();
  std::string known;
  for (const Row& candidate : kRows) {
    if (text && *text == candidate.v3_name) return candidate.type;
    known += (known.empty() ? "" : ", ") + std::string(candidate.v3_name);
  }
  // An extension's own name says more than that there is an object.
  return unknown_type(text ? text_view : value, known);
}

namespace {

// "u2" and a byte order.
std::optional<V2DataType> find_v2_type(std::string_view kind_and_bytes, char order) {
  for (const Row& candidate : kRows) {
    if (kind_and_bytes.size() == 2 && kind_and_bytes[0] == candidate.v2_kind &&
        kind_and_bytes[1] == '0' + candidate.bytes) {
      return V2DataType{candidate.type, order == '>' && candidate.bytes > 1};
    }
  }
  return std::nullopt;
}

}  // namespace

Result<V2DataType> parse_numpy_data_type(JsonView value) {
  const std::string text = value.string().value_or("");
  if (const auto type = find_v2_type(text, '=')) return *type;
  if (text.starts_with('<') || text.starts_with('>') || text.starts_with('|')) {
    return parse_v2_data_type(value);
  }
  auto type = parse_v3_data_type(value);
  if (!type) return std::move(type).error();
  return V2DataType{*type, false};
}

Result<V2DataType> parse_v2_data_type(JsonView value) {
  const auto text = value.string();
  if (text && text->size() == 3) {
    const char order = (*text)[0];
    if (order == '<' || order == '>' || order == '|' || order == '=') {
      if (const auto type = find_v2_type(std::string_view(*text).substr(1), order)) return *type;
    }
  }
  return unknown_type(value, "|b1, |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f2, <f4, <f8 (or >)");
}

Result<Element> parse_fill_value(JsonView value, DataType type) {
  if (!value.exists() || value.is_null()) return Element{};
  std::optional<Element> element;
  if (const auto text = value.string()) {
    element = text_fill(*text, type);
  } else if (type == DataType::kBool) {
    // Some v2 writers spell false as 0.
    if (const auto flag = value.boolean()) element = element_of(std::uint8_t{*flag});
    if (const auto number = value.integer(); number && (*number == 0 || *number == 1)) {
      element = element_of(static_cast<std::uint8_t>(*number));
    }
  } else if (is_float(type)) {
    if (const auto number = value.number()) element = float_element(*number, type);
  } else {
    element = integer_fill(value, type);
  }
  if (!element) return value.mismatch(std::string("a fill value for ") + name(type));
  return *element;
}

double to_double(const Element& element, DataType type) {
  switch (type) {
    case DataType::kBool:
    case DataType::kUInt8:
      return value_of<std::uint8_t>(element);
    case DataType::kInt8:
      return value_of<std::int8_t>(element);
    case DataType::kInt16:
      return value_of<std::int16_t>(element);
    case DataType::kInt32:
      return value_of<std::int32_t>(element);
    case DataType::kInt64:
      return static_cast<double>(value_of<std::int64_t>(element));
    case DataType::kUInt16:
      return value_of<std::uint16_t>(element);
    case DataType::kUInt32:
      return value_of<std::uint32_t>(element);
    case DataType::kUInt64:
      return static_cast<double>(value_of<std::uint64_t>(element));
    case DataType::kFloat16:
      return half_to_float(value_of<std::uint16_t>(element));
    case DataType::kFloat32:
      return value_of<float>(element);
    case DataType::kFloat64:
      return value_of<double>(element);
  }
  return 0;
}

namespace {

std::string text_with_digits(const Element& element, DataType type, int float_digits,
                             int double_digits) {
  if (type == DataType::kUInt64) return std::to_string(value_of<std::uint64_t>(element));
  if (type == DataType::kInt64) return std::to_string(value_of<std::int64_t>(element));
  const double value = to_double(element, type);
  if (!is_float(type)) return number_text(value);
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.*g",
                type == DataType::kFloat64 ? double_digits : float_digits, value);
  return buffer;
}

}  // namespace

std::string to_text(const Element& element, DataType type) {
  return text_with_digits(element, type, 6, 10);
}

std::string exact_text(const Element& element, DataType type) {
  return text_with_digits(element, type, 9, 17);
}

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  const std::uint32_t exponent = half >> 10U & 0x1FU;
  const std::uint32_t mantissa = half & 0x3FFU;
  if (exponent == 0) {
    const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
    return sign ? -magnitude : magnitude;
  }
  const std::uint32_t bits = exponent == 31 ? sign | 0x7F800000U | mantissa << 13U
                                            : sign | (exponent + 112) << 23U | mantissa << 13U;
  return bits_as<float>(bits);
}

std::uint16_t float_to_half(float value) {
  const auto bits = bits_as<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16U & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  const auto with_sign = [sign](std::uint32_t half) {
    return static_cast<std::uint16_t>(sign | half);
  };
  if (magnitude > 0x7F800000U) return with_sign(0x7E00U);          // NaN
  if (magnitude >= 0x47800000U) return with_sign(0x7C00U);         // 65536 and beyond
  if (magnitude < 0x38800000U) {                                   // subnormal half
    const float scaled = bits_as<float>(magnitude) * 16777216.0F;  // 2^24
    return with_sign(static_cast<std::uint32_t>(std::nearbyint(scaled)));
  }
  const std::uint32_t rebased = magnitude - 0x38000000U;
  return with_sign((rebased + 0xFFFU + (rebased >> 13U & 1U)) >> 13U);
}

}  // namespace mifa::zarr
