// Codec specifications: order of kinds, configurations, and messages.
#include <gtest/gtest.h>

#include "metadata.h"

namespace mifa::zarr {
namespace {

using Json = nlohmann::json;

Json with_codecs(const char* text) {
  auto json = v3_json();
  json["codecs"] = Json::parse(text);
  return json;
}

std::string refused_chain(const char* text) { return refused(with_codecs(text)); }
ArrayMetadata taken_chain(const char* text) { return taken(with_codecs(text)); }

const char* const kBytes = R"({"name": "bytes", "configuration": {"endian": "little"}})";

TEST(CodecSpec, ChainsOfEveryKind) {
  EXPECT_EQ(chain(taken_chain(R"([{"name": "transpose", "configuration": {"order": [1, 0]}},
                                 {"name": "bytes", "configuration": {"endian": "big"}},
                                 {"name": "blosc", "configuration": {"cname": "lz4"}},
                                 {"name": "crc32c"}])")),
            "transpose,bytes,blosc,crc32c");
  EXPECT_EQ(chain(taken_chain(R"([{"name": "bytes", "configuration": {"endian": "little"}},
                                 {"name": "numcodecs.zlib", "configuration": {"level": 1}},
                                 "gzip"])")),
            "bytes,numcodecs.zlib,gzip");
}

TEST(CodecSpec, BytesAreLittleEndianUnlessSaidOtherwise) {
  EXPECT_FALSE(taken_chain(R"(["bytes"])").codecs[0].get_if<BytesCodec>()->big_endian);
  EXPECT_TRUE(taken_chain(R"([{"name": "bytes", "configuration": {"endian": "big"}}])")
                  .codecs[0]
                  .get_if<BytesCodec>()
                  ->big_endian);
  auto json = with_codecs(R"(["bytes"])");
  json["data_type"] = "uint8";
  EXPECT_EQ(chain(taken(json)), "bytes");
  json["codecs"] = Json::parse(R"([{"name": "bytes", "configuration": {"endian": "big"}}])");
  EXPECT_FALSE(taken(json).codecs[0].get_if<BytesCodec>()->big_endian);
  json["codecs"] = Json::parse(R"([{"name": "bytes", "configuration": {"endian": "middle"}}])");
  EXPECT_TRUE(refused(json).starts_with("fix-data: codec \"bytes\": expected \"little\" or"));
}

TEST(CodecSpec, TheOrderOfKindsIsChecked) {
  const std::string expected =
      "fix-data: expected array-to-array codecs, then one array-to-bytes codec (bytes or "
      "sharding_indexed), then bytes-to-bytes codecs, received ";
  const std::string bytes = kBytes;
  for (const std::string& wrong :
       {"[\"zstd\", " + bytes + "]", "[" + bytes + ", " + bytes + "]",
        "[" + bytes + R"(, {"name": "transpose", "configuration": {"order": [0, 1]}}])",
        "[" + bytes + R"(, "gzip", {"name": "transpose", "configuration": {"order": [0, 1]}}])",
        "[" + bytes + ", \"gzip\", " + bytes + "]"}) {
    EXPECT_TRUE(refused_chain(wrong.c_str()).starts_with(expected)) << refused_chain(wrong.c_str());
  }
  EXPECT_EQ(refused_chain(R"([{"name": "transpose", "configuration": {"order": [0, 1]}}])"),
            "fix-data: expected an array-to-bytes codec (bytes or sharding_indexed), received the "
            "array [{\"configuration\":{\"order\":[0,1]},\"name\":\"transpose\"}], at /codecs of "
            "a/zarr.json");
  EXPECT_EQ(refused_chain("[]"),
            "fix-data: expected an array of codecs, received an empty array, at /codecs of "
            "a/zarr.json");
}

TEST(CodecSpec, TransposeTakesAPermutationAndTheOldLetters) {
  const auto order = [](const char* text) {
    const ArrayMetadata array =
        taken_chain((std::string(R"([{"name": "transpose", "configuration": {"order": )") + text +
                     "}}, " + kBytes + "]")
                        .c_str());
    return array.codecs.front().get_if<TransposeCodec>()->order;
  };
  EXPECT_EQ(order("[1, 0]"), (std::vector<int>{1, 0}));
  EXPECT_EQ(order("\"F\""), (std::vector<int>{1, 0}));
  EXPECT_EQ(order("\"C\""), (std::vector<int>{0, 1}));
  for (const char* wrong : {"[0, 0]", "[0]", "[0, 1, 0]"}) {
    const std::string text =
        std::string(R"([{"name": "transpose", "configuration": {"order": )") + wrong + "}}, " +
        kBytes + "]";
    EXPECT_NE(refused_chain(text.c_str()).find("expected a permutation of 0 to 1, received the array"),
              std::string::npos)
        << refused_chain(text.c_str());
  }
}

TEST(CodecSpec, UnknownCodecListsTheKnownOnes) {
  EXPECT_EQ(refused_chain((std::string("[") + kBytes + R"(, {"name": "pcodec"}])").c_str()),
            "unsupported: unknown codec \"pcodec\" at /codecs/1 of a/zarr.json; this viewer decodes "
            "bytes, transpose, reshape, sharding_indexed, blosc, zstd, gzip, zlib, lz4, crc32c, crc32, "
            "adler32, fletcher32, shuffle, delta, fixedscaleoffset, scale_offset, astype, quantize, "
            "cast_value, bitround, packbits. Write the array again with one of these");
}

TEST(CodecSpec, UnknownCodecThatNeedNotBeUnderstoodIsLeftOut) {
  EXPECT_EQ(chain(taken_chain(
                (std::string("[") + kBytes + R"(, {"name": "hint", "must_understand": false}])")
                    .c_str())),
            "bytes");
}

// bitround only rounds while encoding: there is nothing to undo.
TEST(CodecSpec, BitroundIsLeftOut) {
  auto json = v2_json();
  json["dtype"] = "<f4";
  json["filters"] = Json::parse(R"([{"id": "bitround", "keepbits": 3}])");
  json["compressor"] = {{"id", "zstd"}};
  EXPECT_EQ(chain(taken(json)), "dtype,zstd");
  EXPECT_EQ(chain(taken_chain((std::string(R"([{"name": "numcodecs.bitround"}, )") + kBytes + "]")
                                  .c_str())),
            "bytes");
}

TEST(CodecSpec, TheLengthOfAChainIsLimited) {
  std::string text = std::string("[") + kBytes;
  for (int i = 0; i < 16; ++i) text += ", \"gzip\"";
  EXPECT_NE(refused_chain((text + "]").c_str()).find("expected at most 16 codecs"),
            std::string::npos);
}

TEST(CodecSpec, FilterConfigurationsAreChecked) {
  auto json = v2_json();
  const auto filter = [&](const char* text) {
    json["filters"] = Json::array({Json::parse(text)});
    return json;
  };
  const ArrayMetadata scaled = taken(filter(
      R"({"id": "fixedscaleoffset", "offset": 1000, "scale": 10, "dtype": "<f4", "astype": "<i2"})"));
  const auto* codec = scaled.codecs[1].get_if<FixedScaleOffsetCodec>();
  ASSERT_NE(codec, nullptr);
  EXPECT_EQ(codec->offset, 1000);
  EXPECT_EQ(codec->decoded.type, DataType::kFloat32);
  EXPECT_EQ(codec->encoded.type, DataType::kInt16);
  EXPECT_EQ(refused(filter(R"({"id": "fixedscaleoffset", "offset": 0, "scale": 0, "dtype": "<f4"})")),
            "fix-data: codec \"fixedscaleoffset\": expected a scale other than 0, received the number "
            "0, at /filters/0/scale of a/.zarray");
  EXPECT_EQ(refused(filter(R"({"id": "shuffle", "elementsize": 256})")),
            "fix-data: codec \"shuffle\": expected an integer from 0 to 255, received the number 256, "
            "at /filters/0/elementsize of a/.zarray");
  const auto shuffled = [&](const char* text) {
    return taken(filter(text)).codecs[1].get_if<ShuffleCodec>()->element_size;
  };
  EXPECT_EQ(shuffled(R"({"id": "shuffle", "elementsize": 0})"), 1);
  EXPECT_EQ(shuffled(R"({"id": "shuffle"})"), 4);  // as in numcodecs
  EXPECT_TRUE(refused(filter(R"({"id": "delta", "dtype": "<M8"})"))
                  .starts_with("unsupported: codec \"delta\": expected a data type among"));
  EXPECT_TRUE(taken(filter(R"({"id": "crc32c", "location": "start"})"))
                  .codecs[1]
                  .get_if<Crc32cCodec>()
                  ->at_start);
}

// The names that numcodecs, zarr-python and zarrs have given the same codecs in v3.
TEST(CodecSpec, NamesInUseInV3) {
  for (const char* name : {"zlib", "numcodecs.zlib", "https://zarr.dev/numcodecs/zlib",
                           "https://codec.zarrs.dev/bytes_to_bytes/zlib"}) {
    const ArrayMetadata array =
        taken_chain((std::string("[") + kBytes + ", \"" + name + "\"]").c_str());
    ASSERT_EQ(array.codecs.size(), 2U) << name;
    EXPECT_NE(array.codecs[1].get_if<ZlibCodec>(), nullptr) << name;
  }
  EXPECT_EQ(chain(taken_chain(R"([{"name": "endian", "configuration": {"endian": "big"}}])")),
            "endian");
  // Not what numcodecs has.
  EXPECT_TRUE(refused_chain(R"([{"name": "numcodecs.bytes"}])").starts_with("unsupported: "));
}

TEST(CodecSpec, CodecsOnElementsTakeTheByteOrderOfBytes) {
  const ArrayMetadata array = taken_chain(
      R"([{"name": "numcodecs.fixedscaleoffset", "configuration":
            {"offset": 1, "scale": 2, "dtype": "uint16", "astype": "<i4"}},
          {"name": "numcodecs.delta", "configuration": {"dtype": ">i4", "astype": "i2"}},
          {"name": "bytes", "configuration": {"endian": "big"}}])");
  const auto* scaled = array.codecs[0].get_if<FixedScaleOffsetCodec>();
  const auto* delta = array.codecs[1].get_if<DeltaCodec>();
  ASSERT_TRUE(scaled && delta);
  EXPECT_EQ(scaled->encoded.type, DataType::kInt32);
  EXPECT_FALSE(scaled->encoded.big_endian);
  EXPECT_EQ(delta->encoded.type, DataType::kInt16);
  EXPECT_FALSE(delta->decoded.big_endian);
  EXPECT_TRUE(delta->encoded.big_endian);
  EXPECT_EQ(refused_chain((std::string(R"([{"name": "numcodecs.delta", "configuration":
                                            {"dtype": "<i4"}}, )") +
                           kBytes + "]")
                              .c_str()),
            "fix-data: codec \"numcodecs.delta\": expected the type of the elements that it is given, "
            "uint16, received the string \"<i4\", at /codecs/0/configuration/dtype of a/zarr.json");
}

TEST(CodecSpec, CastsThatAreUndoneWithoutRounding) {
  const auto cast = [](const char* type, const char* to, const char* more = "") {
    auto json = with_codecs((std::string(R"([{"name": "cast_value", "configuration": {"data_type": ")") +
                             to + "\"" + more + "}}, " + kBytes + "]")
                                .c_str());
    json["data_type"] = type;
    return json;
  };
  EXPECT_EQ(chain(taken(cast("float32", "uint8"))), "cast_value,bytes");
  EXPECT_EQ(chain(taken(cast("int32", "uint16"))), "cast_value,bytes");
  EXPECT_TRUE(refused(cast("uint16", "int16"))
                  .starts_with("unsupported: codec \"cast_value\": expected a cast that is undone "
                               "without rounding, to uint16, received an object"));
  EXPECT_TRUE(refused(cast("uint16", "float32")).starts_with("unsupported: "));
  EXPECT_TRUE(refused(cast("float32", "float64")).starts_with("unsupported: "));
  EXPECT_TRUE(refused(cast("float64", "uint8", R"(, "scalar_map": {"decode": [[0, "NaN"]]})"))
                  .starts_with("unsupported: codec \"cast_value\": expected no scalar_map"));
}

TEST(CodecSpec, ReshapeKeepsTheNumberOfElements) {
  const auto reshape = [](const char* shape) {  // of 32 × 60
    return (std::string(R"([{"name": "reshape", "configuration": {"shape": )") + shape + "}}, " +
            kBytes + "]");
  };
  const auto shape = [&](const char* text) {
    return taken_chain(reshape(text).c_str()).codecs[0].get_if<ReshapeCodec>()->shape;
  };
  EXPECT_EQ(shape("[[0, 1]]"), (std::vector<std::int64_t>{1920}));
  EXPECT_EQ(shape("[4, -1, [1]]"), (std::vector<std::int64_t>{4, 8, 60}));
  for (const char* wrong : {"[7, -1]", "[-1, -1]", "[1921]", "[0, -1]", "[[0], [0], 1]", "\"x\""}) {
    EXPECT_TRUE(refused_chain(reshape(wrong).c_str()).starts_with("fix-data: codec \"reshape\": "))
        << wrong;
  }
}

TEST(CodecSpec, PackedBitsOfEitherKind) {
  auto json = with_codecs(R"([{"name": "packbits", "configuration":
                               {"first_bit": 2, "last_bit": 11, "padding_encoding": "last_byte"}}])");
  const ArrayMetadata array = taken(json);
  const auto* packed = array.codecs[0].get_if<PackBitsCodec>();
  ASSERT_NE(packed, nullptr);
  EXPECT_EQ(packed->bits, 10);
  EXPECT_FALSE(packed->most_significant_first);
  json["codecs"][0]["configuration"]["last_bit"] = 1;
  EXPECT_TRUE(refused(json).starts_with("fix-data: codec \"packbits\": expected an integer from 2 to"));
  json["data_type"] = "bool";
  json["codecs"] = Json::parse(R"([{"name": "numcodecs.packbits"}, "bytes"])");
  EXPECT_TRUE(taken(json).codecs[0].get_if<PackBitsCodec>()->most_significant_first);
}

}  // namespace
}  // namespace mifa::zarr
