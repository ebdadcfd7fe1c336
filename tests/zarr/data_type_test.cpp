#include "zarr/data_type.h"

#include <gtest/gtest.h>

#include "metadata.h"

namespace mifa::zarr {
namespace {

Result<V2DataType> v2(const nlohmann::json& value) {
  return parse_v2_data_type(view_of(value, "a/.zarray"));
}

TEST(DataType, EverySpellingOfV2) {
  const struct {
    const char* text;
    DataType type;
    bool big;
  } all[] = {
      {"|b1", DataType::kBool, false},     {"<b1", DataType::kBool, false},
      {"|u1", DataType::kUInt8, false},    {"<u1", DataType::kUInt8, false},
      {">u1", DataType::kUInt8, false},    {"=u1", DataType::kUInt8, false},
      {"|i1", DataType::kInt8, false},     {">i1", DataType::kInt8, false},
      {"<u2", DataType::kUInt16, false},   {">u2", DataType::kUInt16, true},
      {"=u2", DataType::kUInt16, false},   {"<i2", DataType::kInt16, false},
      {">i2", DataType::kInt16, true},     {"<u4", DataType::kUInt32, false},
      {">u4", DataType::kUInt32, true},    {"<i4", DataType::kInt32, false},
      {">i4", DataType::kInt32, true},     {"<u8", DataType::kUInt64, false},
      {">u8", DataType::kUInt64, true},    {"<i8", DataType::kInt64, false},
      {">i8", DataType::kInt64, true},     {"<f2", DataType::kFloat16, false},
      {">f2", DataType::kFloat16, true},   {"<f4", DataType::kFloat32, false},
      {">f4", DataType::kFloat32, true},   {"<f8", DataType::kFloat64, false},
      {">f8", DataType::kFloat64, true},
  };
  for (const auto& row : all) {
    const auto type = v2(row.text);
    ASSERT_TRUE(type.ok()) << row.text;
    EXPECT_EQ(type->type, row.type) << row.text;
    EXPECT_EQ(type->big_endian, row.big) << row.text;
  }
}

TEST(DataType, WhatV2CannotShowIsUnsupportedWithAList) {
  for (const nlohmann::json& other :
       {nlohmann::json("<U13"), nlohmann::json("|S7"), nlohmann::json("|O"), nlohmann::json("<M8[ns]"),
        nlohmann::json("<c8"), nlohmann::json("<f16"), nlohmann::json("u2"), nlohmann::json("<u3"),
        nlohmann::json("<u22"), nlohmann::json(""), nlohmann::json("<u"), nlohmann::json(5),
        nlohmann::json::parse(R"([["r", "|u1"], ["g", "|u1"]])")}) {
    const auto type = v2(other);
    ASSERT_FALSE(type.ok()) << other;
    EXPECT_EQ(type.error().code, ErrorCode::kUnsupported);
  }
  EXPECT_EQ(v2("<U13").error().message,
            "expected a data type among |b1, |u1, |i1, <u2, <i2, <u4, <i4, <u8, <i8, <f2, <f4, <f8 "
            "(or >), received the string \"<U13\", at the top of a/.zarray"
            "; an image has one number an element: write the array again in one of these");
}

TEST(DataType, EveryV3NameGoesThereAndBack) {
  for (int i = 0; i <= static_cast<int>(DataType::kFloat64); ++i) {
    const auto type = static_cast<DataType>(i);
    const auto parsed = parse_v3_data_type(view_of(name(type), "f"));
    ASSERT_TRUE(parsed.ok()) << name(type);
    EXPECT_EQ(*parsed, type);
    const auto object = parse_v3_data_type(view_of({{"name", name(type)}}, "f"));
    ASSERT_TRUE(object.ok());
    EXPECT_EQ(*object, type);
  }
}

TEST(DataType, WhatV3CannotShowIsUnsupportedWithAList) {
  const auto type = parse_v3_data_type(view_of("complex64", "a/zarr.json"));
  ASSERT_FALSE(type.ok());
  EXPECT_EQ(type.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(type.error().message,
            "expected a data type among bool, int8, int16, int32, int64, uint8, uint16, uint32, "
            "uint64, float16, float32, float64, received the string \"complex64\", at the top of "
            "a/zarr.json; an image has one number an element: write the array again in one of these");
  const auto optional = parse_v3_data_type(view_of({{"name", "optional"}}, "f"));
  ASSERT_FALSE(optional.ok());
  EXPECT_NE(optional.error().message.find("received the string \"optional\", at /name of f"),
            std::string::npos);
  EXPECT_FALSE(parse_v3_data_type(view_of(nullptr, "f")).ok());
}

TEST(DataType, SizesAndKinds) {
  EXPECT_EQ(byte_size(DataType::kBool), 1);
  EXPECT_EQ(byte_size(DataType::kFloat16), 2);
  EXPECT_EQ(byte_size(DataType::kUInt64), 8);
  EXPECT_TRUE(is_float(DataType::kFloat16));
  EXPECT_FALSE(is_float(DataType::kBool));
  EXPECT_TRUE(is_signed(DataType::kInt8));
  EXPECT_FALSE(is_signed(DataType::kUInt8));
}

}  // namespace
}  // namespace mifa::zarr
