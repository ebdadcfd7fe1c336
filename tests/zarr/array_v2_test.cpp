// .zarray in all its spellings.
#include <gtest/gtest.h>

#include "metadata.h"

namespace mifa::zarr {
namespace {

TEST(ArrayV2, ReadsWhatZarrPythonWrites) {
  const ArrayMetadata array = taken(v2_json());
  EXPECT_EQ(array.zarr_format, 2);
  EXPECT_EQ(array.shape, (std::vector<std::int64_t>{100, 60}));
  EXPECT_EQ(array.chunk_shape, (std::vector<std::int64_t>{32, 60}));
  EXPECT_EQ(array.data_type, DataType::kUInt16);
  EXPECT_EQ(array.key_encoding.style, ChunkKeyEncoding::Style::kV2);
  EXPECT_EQ(array.key_encoding.separator, '.');
  EXPECT_EQ(chain(array), "dtype");
  EXPECT_EQ(array.partial_sharding(), nullptr);
  EXPECT_EQ(array.inner_chunk_shape(), array.chunk_shape);
}

TEST(ArrayV2, DimensionSeparatorIsDotOrSlash) {
  auto json = v2_json();
  json["dimension_separator"] = "/";
  EXPECT_EQ(taken(json).key_encoding.separator, '/');
  json["dimension_separator"] = ".";
  EXPECT_EQ(taken(json).key_encoding.separator, '.');
  json["dimension_separator"] = "-";
  EXPECT_EQ(refused(json),
            "fix-data: expected \".\" or \"/\", received the string \"-\", at /dimension_separator "
            "of a/.zarray");
}

TEST(ArrayV2, OrderFIsATransposition) {
  auto json = v2_json();
  json["shape"] = {4, 5, 6};
  json["chunks"] = {2, 3, 4};
  json["order"] = "F";
  const ArrayMetadata array = taken(json);
  ASSERT_EQ(chain(array), "order F,dtype");
  EXPECT_EQ(array.codecs[0].get_if<TransposeCodec>()->order, (std::vector<int>{2, 1, 0}));
}

TEST(ArrayV2, OrderFOfOneDimensionIsNothing) {
  auto json = v2_json();
  json["shape"] = {4};
  json["chunks"] = {2};
  json["order"] = "F";
  EXPECT_EQ(chain(taken(json)), "dtype");
}

TEST(ArrayV2, OrderMustBeSaid) {
  auto json = v2_json();
  json["order"] = "A";
  EXPECT_EQ(refused(json),
            "fix-data: expected \"C\" or \"F\", received the string \"A\", at /order of a/.zarray");
  json.erase("order");
  EXPECT_EQ(refused(json),
            "fix-data: expected \"C\" or \"F\", received nothing, at /order of a/.zarray");
}

TEST(ArrayV2, FiltersRunBeforeTheCompressor) {
  auto json = v2_json();
  json["filters"] = nlohmann::json::parse(
      R"([{"id": "delta", "dtype": "<u2"}, {"id": "shuffle", "elementsize": 2}])");
  json["compressor"] = nlohmann::json::parse(R"({"id": "zlib", "level": 1})");
  EXPECT_EQ(chain(taken(json)), "dtype,delta,shuffle,zlib");
  json["filters"] = nlohmann::json::array();
  EXPECT_EQ(chain(taken(json)), "dtype,zlib");
  json["filters"] = "delta";
  EXPECT_EQ(refused(json),
            "fix-data: expected an array of filters or null, received the string \"delta\", at "
            "/filters of a/.zarray");
}

TEST(ArrayV2, UnknownCompressorNamesTheKnownOnes) {
  auto json = v2_json();
  json["compressor"] = {{"id", "jpeg2k"}};
  EXPECT_EQ(refused(json),
            "unsupported: unknown codec \"jpeg2k\" at /compressor of a/.zarray; this viewer decodes "
            "blosc, zstd, gzip, zlib, lz4, crc32c, crc32, adler32, fletcher32, shuffle, delta, "
            "fixedscaleoffset, astype, quantize, bitround, packbits. Write the array again with one of these");
  json["compressor"] = {{"level", 3}};
  EXPECT_EQ(refused(json),
            "fix-data: expected a string, received nothing, at /compressor/id of a/.zarray");
}

TEST(ArrayV2, BigEndianReachesTheBytesCodec) {
  auto json = v2_json();
  json["dtype"] = ">u2";
  EXPECT_TRUE(taken(json).codecs.front().get_if<BytesCodec>()->big_endian);
  json["dtype"] = ">u1";
  EXPECT_FALSE(taken(json).codecs.front().get_if<BytesCodec>()->big_endian);
}

TEST(ArrayV2, ChunksMatchTheShapesRank) {
  auto json = v2_json();
  json["chunks"] = {32};
  EXPECT_EQ(refused(json),
            "fix-data: expected 2 chunk extents, one per dimension of the shape, received the array "
            "[32], at /chunks of a/.zarray");
  json["chunks"] = {32, 0};
  EXPECT_EQ(refused(json),
            "fix-data: expected an integer of at least 1, received the number 0, at /chunks/1 of "
            "a/.zarray");
}

TEST(ArrayV2, ZeroExtentsAndNoDimensionsAreArrays) {
  auto json = v2_json();
  json["shape"] = {0, 60};
  EXPECT_EQ(taken(json).shape.front(), 0);
  json["shape"] = nlohmann::json::array();
  json["chunks"] = nlohmann::json::array();
  EXPECT_EQ(taken(json).rank(), 0);
}

TEST(ArrayV2, TheRankIsLimited) {
  auto json = v2_json();
  json["shape"] = std::vector<int>(33, 1);
  json["chunks"] = std::vector<int>(33, 1);
  EXPECT_EQ(refused(json),
            "fix-data: expected at most 32 dimensions, received an array of 33 items, at /shape of "
            "a/.zarray");
}

TEST(ArrayV2, AChunkThatNoTabCouldHoldIsRefused) {
  auto json = v2_json();
  json["chunks"] = {32768, 16384};  // just 1 GiB of uint16
  EXPECT_EQ(taken(json).chunk_shape.front(), 32768);
  json["chunks"] = {32768, 16385};
  EXPECT_EQ(refused(json),
            "limit: expected chunks of at most 1024 MiB when decoded, received the array "
            "[32768,16385], at /chunks of a/.zarray; write the array again in smaller chunks");
  json["chunks"] = {INT64_MAX, INT64_MAX};  // the product does not fit 64 bits
  EXPECT_TRUE(refused(json).starts_with("limit: ")) << refused(json);
}

TEST(ArrayV2, TheFormatNumberDecides) {
  auto json = v2_json();
  json["zarr_format"] = 4;
  EXPECT_EQ(refused(json),
            "fix-data: expected Zarr format 2 or 3, received the number 4, at /zarr_format of "
            "a/.zarray");
  EXPECT_TRUE(refused(nlohmann::json::array()).starts_with("fix-data: ")) << "not an object";
  EXPECT_EQ(parse_v2_array(view_of(3, "a/.zarray")).error().message,
            "expected a Zarr v2 array's metadata (an object), received the number 3, at the top of "
            "a/.zarray");
}

TEST(ArrayV2, FloatShapesOfJavaScriptAreIntegers) {
  auto json = v2_json();
  json["shape"] = {100.0, 60.0};
  EXPECT_EQ(taken(json).shape, (std::vector<std::int64_t>{100, 60}));
  json["shape"] = {100.5, 60.0};
  EXPECT_EQ(refused(json),
            "fix-data: expected an integer of at least 0, received the number 100.5, at /shape/0 of "
            "a/.zarray");
}

}  // namespace
}  // namespace mifa::zarr
