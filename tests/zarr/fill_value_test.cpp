// Fill values of every type and spelling, to the bit.
#include <gtest/gtest.h>

#include <cmath>

#include "metadata.h"

namespace mifa::zarr {
namespace {

// The element's exact text, or "refused".
std::string fill(const char* json, DataType type) {
  auto view = JsonDocument::parse(json, "a/zarr.json");
  EXPECT_TRUE(view.ok()) << json;
  const auto element = parse_fill_value(*view, type);
  return element ? to_text(*element, type) : "refused";
}

double number(const char* json, DataType type) {
  auto view = JsonDocument::parse(json, "a/zarr.json");
  const auto element = parse_fill_value(*view, type);
  EXPECT_TRUE(element.ok()) << json;
  return element ? to_double(*element, type) : 0;
}

TEST(FillValue, IntegersAtTheEdgesOfTheirTypes) {
  EXPECT_EQ(fill("255", DataType::kUInt8), "255");
  EXPECT_EQ(fill("256", DataType::kUInt8), "refused");
  EXPECT_EQ(fill("-1", DataType::kUInt8), "refused");
  EXPECT_EQ(fill("-128", DataType::kInt8), "-128");
  EXPECT_EQ(fill("-129", DataType::kInt8), "refused");
  EXPECT_EQ(fill("128", DataType::kInt8), "refused");
  EXPECT_EQ(fill("65535", DataType::kUInt16), "65535");
  EXPECT_EQ(fill("-32768", DataType::kInt16), "-32768");
  EXPECT_EQ(fill("4294967295", DataType::kUInt32), "4294967295");
  EXPECT_EQ(fill("4294967296", DataType::kUInt32), "refused");
  EXPECT_EQ(fill("-2147483648", DataType::kInt32), "-2147483648");
  EXPECT_EQ(fill("18446744073709551615", DataType::kUInt64), "18446744073709551615");
  EXPECT_EQ(fill("18446744073709551616", DataType::kUInt64), "refused");
  EXPECT_EQ(fill("9223372036854775807", DataType::kInt64), "9223372036854775807");
  EXPECT_EQ(fill("9223372036854775808", DataType::kInt64), "refused");
  EXPECT_EQ(fill("-9223372036854775808", DataType::kInt64), "-9223372036854775808");
  EXPECT_EQ(fill("9007199254740993", DataType::kUInt64), "9007199254740993");
}

TEST(FillValue, IntegersWrittenAsFloats) {
  EXPECT_EQ(fill("7.0", DataType::kUInt8), "7");
  EXPECT_EQ(fill("7.5", DataType::kUInt8), "refused");
}

TEST(FillValue, FloatsAndTheirNames) {
  for (const DataType type : {DataType::kFloat16, DataType::kFloat32, DataType::kFloat64}) {
    EXPECT_EQ(number("0.5", type), 0.5);
    EXPECT_EQ(number("-3", type), -3);
    EXPECT_TRUE(std::isnan(number("\"NaN\"", type)));
    EXPECT_EQ(number("\"Infinity\"", type), INFINITY);
    EXPECT_EQ(number("\"-Infinity\"", type), -INFINITY);
  }
  EXPECT_EQ(fill("\"nan\"", DataType::kFloat32), "refused");
  EXPECT_EQ(fill("\"NaN\"", DataType::kInt32), "refused");
}

TEST(FillValue, PythonsBareNaNAndInfinityAreThemselves) {
  EXPECT_TRUE(std::isnan(number("NaN", DataType::kFloat32)));
  EXPECT_EQ(number("Infinity", DataType::kFloat64), INFINITY);
  EXPECT_EQ(number("-Infinity", DataType::kFloat16), -INFINITY);
  EXPECT_EQ(fill("NaN", DataType::kUInt8), "refused");
}

TEST(FillValue, ExactTextGivesTheElementBack) {
  const auto back = [](double value, DataType type) {
    const std::string json = nlohmann::json(value).dump();
    const auto element = parse_fill_value(*JsonDocument::parse(json, "a"), type);
    return std::strtod(exact_text(*element, type).c_str(), nullptr);
  };
  EXPECT_EQ(back(0.1 + 0.2, DataType::kFloat64), 0.1 + 0.2);
  EXPECT_EQ(back(123456789.123456789, DataType::kFloat64), 123456789.123456789);
  EXPECT_EQ(back(5e-324, DataType::kFloat64), 5e-324);
  EXPECT_EQ(back(16777213, DataType::kFloat32), 16777213);
  EXPECT_EQ(static_cast<float>(back(3.14159274, DataType::kFloat32)), 3.14159274F);
  EXPECT_EQ(static_cast<float>(back(0.0999755859375, DataType::kFloat16)), 0.0999755859375F);
}

TEST(FillValue, HexDigitsAreTheBits) {
  EXPECT_TRUE(std::isnan(number("\"0x7fc00000\"", DataType::kFloat32)));
  EXPECT_EQ(number("\"0x3F800000\"", DataType::kFloat32), 1);
  EXPECT_EQ(number("\"0x3c00\"", DataType::kFloat16), 1);
  EXPECT_EQ(number("\"0xbff0000000000000\"", DataType::kFloat64), -1);
  EXPECT_EQ(fill("\"0xffffffffffffffff\"", DataType::kUInt64), "18446744073709551615");
  for (const char* wrong : {"\"0x7fc0\"", "\"0x7fc000000\"", "\"7fc00000\"", "\"0x7fc0000g\"",
                            "\"0X7fc00000\"", "\"\""}) {
    EXPECT_EQ(fill(wrong, DataType::kFloat32), "refused") << wrong;
  }
}

TEST(FillValue, Booleans) {
  EXPECT_EQ(fill("true", DataType::kBool), "1");
  EXPECT_EQ(fill("false", DataType::kBool), "0");
  EXPECT_EQ(fill("0", DataType::kBool), "0");
  EXPECT_EQ(fill("1", DataType::kBool), "1");
  EXPECT_EQ(fill("2", DataType::kBool), "refused");
  EXPECT_EQ(fill("true", DataType::kUInt8), "refused");
}

// As bioformats2raw's first versions wrote them.
TEST(FillValue, NumbersInQuotes) {
  EXPECT_EQ(fill("\"0\"", DataType::kInt8), "0");
  EXPECT_EQ(fill("\"-128\"", DataType::kInt8), "-128");
  EXPECT_EQ(fill("\"65535\"", DataType::kUInt16), "65535");
  EXPECT_EQ(fill("\"-1.5e2\"", DataType::kFloat32), "-150");
  EXPECT_EQ(fill("\"0.0\"", DataType::kUInt8), "0");
  for (const char* wrong : {"\"-129\"", "\"128\"", "\"0.5\"", "\"1-\"", "\"-\"", "\"1e999\"", "\"\""}) {
    EXPECT_EQ(fill(wrong, DataType::kInt8), "refused") << wrong;
  }
  EXPECT_EQ(fill("\"-1\"", DataType::kUInt64), "refused");
}

TEST(FillValue, NullAndAbsentAreZero) {
  EXPECT_EQ(fill("null", DataType::kUInt16), "0");
  EXPECT_EQ(fill("null", DataType::kFloat64), "0");
  auto json = v2_json();
  json.erase("fill_value");
  EXPECT_EQ(taken(json).fill_value, Element{});
}

TEST(FillValue, RefusalNamesTypeValueAndPlace) {
  auto json = v2_json();
  json["fill_value"] = -1;
  EXPECT_EQ(refused(json),
            "fix-data: expected a fill value for uint16, received the number -1, at /fill_value of "
            "a/.zarray");
  json["fill_value"] = nlohmann::json::array({0});
  EXPECT_EQ(refused(json),
            "fix-data: expected a fill value for uint16, received the array [0], at /fill_value of "
            "a/.zarray");
}

TEST(FillValue, BytesPastTheTypesWidthAreZero) {
  auto view = JsonDocument::parse("-1", "f");
  const auto element = parse_fill_value(*view, DataType::kInt16);
  ASSERT_TRUE(element.ok());
  for (std::size_t i = 2; i < element->size(); ++i) EXPECT_EQ((*element)[i], std::byte{0});
}

}  // namespace
}  // namespace mifa::zarr
