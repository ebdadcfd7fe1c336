// Zarr data types this program can hold, and fill values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/result.h"

namespace mifa::zarr {

enum class DataType {
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUInt8,
  kUInt16,
  kUInt32,
  kUInt64,
  kFloat16,
  kFloat32,
  kFloat64,
};

// Bytes of one element: 1, 2, 4 or 8.
int byte_size(DataType type);
bool is_float(DataType type);
bool is_signed(DataType type);
// The Zarr v3 name ("uint16").
const char* name(DataType type);

// A v3 data type name, e.g. "uint16". kUnsupported lists the known ones.
Result<DataType> parse_v3_data_type(JsonView value);

struct V2DataType {
  DataType type = DataType::kUInt8;
  bool big_endian = false;  // Always false for one-byte types, whatever the prefix said.
};

// A v2 dtype string in NumPy's typestr form ("<u2", "|b1", ">f4"; prefix "=" is taken as little).
Result<V2DataType> parse_v2_data_type(JsonView value);

// A type as NumPy spells it in the configuration of numcodecs' codecs in v3: "uint16", "<u2" or
// "u2".
Result<V2DataType> parse_numpy_data_type(JsonView value);

// One element, native little-endian, in the first byte_size(type) bytes.
using Element = std::array<std::byte, 8>;

// A v2 or v3 fill value: number, boolean, null (zero; v2 says "undefined"), "NaN", "Infinity",
// "-Infinity", a "0x…" hex string of the type's width (v3), or a decimal number in quotes.
Result<Element> parse_fill_value(JsonView value, DataType type);

// The element as a double; loses what a double cannot hold.
double to_double(const Element& element, DataType type);

// Decimal text of the element: exact for integers of all widths; six significant digits for float16
// and float32, ten for float64.
std::string to_text(const Element& element, DataType type);

// Decimal text from which the element can be had again, to the bit (but for a NaN's payload).
std::string exact_text(const Element& element, DataType type);

// IEEE 754 binary16 to float and back (round to nearest even).
float half_to_float(std::uint16_t half);
std::uint16_t float_to_half(float value);

}  // namespace mifa::zarr
