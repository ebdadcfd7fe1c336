// zarr.json of an array in all its spellings.
#include <gtest/gtest.h>

#include "metadata.h"

namespace mifa::zarr {
namespace {

using Json = nlohmann::json;

TEST(ArrayV3, ReadsTheSpecificationsExample) {
  const ArrayMetadata array = taken(v3_json());
  EXPECT_EQ(array.zarr_format, 3);
  EXPECT_EQ(array.chunk_shape, (std::vector<std::int64_t>{32, 60}));
  EXPECT_EQ(array.key_encoding.style, ChunkKeyEncoding::Style::kDefault);
  EXPECT_EQ(array.key_encoding.separator, '/');
  EXPECT_EQ(chain(array), "bytes");
}

TEST(ArrayV3, ChunkKeyEncodings) {
  const auto encoding = [](const char* text) {
    auto json = v3_json();
    json["chunk_key_encoding"] = Json::parse(text);
    return taken(json).key_encoding;
  };
  using Style = ChunkKeyEncoding::Style;
  EXPECT_EQ(encoding(R"({"name": "default"})").separator, '/');
  EXPECT_EQ(encoding(R"("default")").style, Style::kDefault);
  EXPECT_EQ(encoding(R"({"name": "default", "configuration": {"separator": "."}})").separator, '.');
  EXPECT_EQ(encoding(R"({"name": "v2"})").separator, '.');
  EXPECT_EQ(encoding(R"({"name": "v2"})").style, Style::kV2);
  EXPECT_EQ(encoding(R"({"name": "v2", "configuration": {"separator": "/"}})").separator, '/');
  const auto fanout = encoding(R"({"name": "fanout"})");
  EXPECT_EQ(fanout.style, Style::kFanout);
  EXPECT_EQ(fanout.base, 1000);
  const auto both = encoding(
      R"({"name": "suffix", "configuration": {"suffix": ".tif", "base-encoding":
          {"name": "prefix", "configuration": {"prefix": "p/", "base_encoding": "v2"}}}})");
  EXPECT_EQ(both.style, Style::kV2);
  EXPECT_EQ(both.prefix + "|" + both.suffix, "p/|.tif");
  auto json = v3_json();
  json["chunk_key_encoding"] = {{"name", "morton"}};
  EXPECT_EQ(refused(json),
            "unsupported: expected a chunk key encoding among default, v2, fanout, prefix and "
            "suffix, received the string \"morton\", at /chunk_key_encoding/name of a/zarr.json; "
            "write the array again with one of these");
}

TEST(ArrayV3, OtherChunkGridsAreUnsupportedNotBroken) {
  auto json = v3_json();
  json["chunk_grid"]["name"] = "rectangular";
  EXPECT_EQ(refused(json),
            "unsupported: expected the chunk grid \"regular\", received the string \"rectangular\", "
            "at /chunk_grid/name of a/zarr.json; write the array again with it");
  json.erase("chunk_grid");
  EXPECT_EQ(refused(json),
            "fix-data: expected the chunk grid \"regular\", received nothing, at /chunk_grid/name of "
            "a/zarr.json");
}

TEST(ArrayV3, AGroupIsNotAnArray) {
  auto json = v3_json();
  json["node_type"] = "group";
  EXPECT_EQ(refused(json),
            "fix-data: expected \"array\", received the string \"group\", at /node_type of "
            "a/zarr.json");
}

TEST(ArrayV3, UnknownMembersMustBeUnderstoodUnlessTheySayOtherwise) {
  auto json = v3_json();
  json["fancy"] = {{"must_understand", false}, {"x", 1}};
  EXPECT_EQ(taken(json).rank(), 2);
  json["fancy"] = {{"must_understand", true}};
  EXPECT_EQ(refused(json),
            "unsupported: unknown extension at /fancy of a/zarr.json; it is not marked "
            "\"must_understand\": false, so the array cannot be read safely. Write it without the "
            "extension");
  json["fancy"] = 7;
  EXPECT_TRUE(refused(json).starts_with("unsupported: unknown extension at /fancy"));
}

TEST(ArrayV3, AttributesAndConsolidatedMetadataAreNoExtensions) {
  auto json = v3_json();
  json["attributes"] = {{"anything", 1}};
  json["consolidated_metadata"] = nullptr;
  json["storage_transformers"] = Json::array();
  EXPECT_EQ(taken(json).rank(), 2);
}

TEST(ArrayV3, StorageTransformersAreUnsupported) {
  auto json = v3_json();
  json["storage_transformers"] = Json::parse(R"([{"name": "indirection"}])");
  EXPECT_EQ(refused(json),
            "unsupported: unknown storage transformer \"indirection\" at /storage_transformers/0 of "
            "a/zarr.json; this viewer knows none. Write the array again without it");
  json["storage_transformers"][0]["must_understand"] = false;
  EXPECT_EQ(taken(json).rank(), 2);
}

TEST(ArrayV3, DimensionNamesMayBeNull) {
  auto json = v3_json();
  json["dimension_names"] = {"y", nullptr};
  EXPECT_EQ(taken(json).dimension_names, (std::vector<std::string>{"y", ""}));
  json["dimension_names"] = {"y"};  // of another rank: not to be trusted
  EXPECT_TRUE(taken(json).dimension_names.empty());
  json["dimension_names"] = nullptr;
  EXPECT_TRUE(taken(json).dimension_names.empty());
}

Json sharded(const std::vector<int>& shard, const std::vector<int>& inner) {
  auto json = v3_json();
  json["shape"] = std::vector<int>(shard.size(), 1000);
  json["chunk_grid"]["configuration"]["chunk_shape"] = shard;
  const Json bytes = Json::parse(R"({"name": "bytes", "configuration": {"endian": "little"}})");
  json["codecs"] = Json::array();
  json["codecs"].push_back(
      {{"name", "sharding_indexed"},
       {"configuration",
        {{"chunk_shape", inner},
         {"codecs", Json::array({bytes, {{"name", "zstd"}}})},
         {"index_codecs", Json::array({bytes, {{"name", "crc32c"}}})}}}});
  return json;
}

TEST(ArrayV3, ShardingHasAnInnerChunkShape) {
  auto json = sharded({64, 32}, {16, 32});
  const ArrayMetadata array = taken(json);
  ASSERT_NE(array.partial_sharding(), nullptr);
  EXPECT_EQ(array.inner_chunk_shape(), (std::vector<std::int64_t>{16, 32}));
  EXPECT_EQ(array.partial_sharding()->codecs.size(), 2U);
  EXPECT_EQ(array.partial_sharding()->index_codecs.size(), 2U);
  EXPECT_FALSE(array.partial_sharding()->index_at_start);
  json["codecs"][0]["configuration"]["index_location"] = "start";
  EXPECT_TRUE(taken(json).partial_sharding()->index_at_start);
  json["codecs"][0]["configuration"]["index_location"] = "middle";
  EXPECT_EQ(refused(json),
            "fix-data: codec \"sharding_indexed\": expected \"start\" or \"end\", received the string "
            "\"middle\", at /codecs/0/configuration/index_location of a/zarr.json");
}

TEST(ArrayV3, InnerChunksTileTheShard) {
  EXPECT_EQ(refused(sharded({64, 30}, {16, 32})),
            "fix-data: codec \"sharding_indexed\": expected inner chunks that tile the shard: in "
            "dimension 1 a divisor of 30, received the array [16,32], at "
            "/codecs/0/configuration/chunk_shape of a/zarr.json");
  EXPECT_EQ(refused(sharded({64, 32}, {16})),
            "fix-data: codec \"sharding_indexed\": expected 2 extents, one per dimension, received "
            "the array [16], at /codecs/0/configuration/chunk_shape of a/zarr.json");
}

TEST(ArrayV3, ShardsMayBeHugeTheirInnerChunksMayNot) {
  EXPECT_EQ(taken(sharded({1 << 20, 1 << 20}, {1024, 1024})).rank(), 2);
  EXPECT_TRUE(refused(sharded({1 << 20, 1 << 20}, {1 << 20, 1 << 20})).starts_with("limit: "));
}

TEST(ArrayV3, TransposedShardsAreTiledInTheirOwnOrder) {
  auto json = sharded({64, 30}, {30, 16});
  EXPECT_TRUE(refused(json).starts_with("fix-data: ")) << refused(json);
  const Json transpose =
      Json::parse(R"({"name": "transpose", "configuration": {"order": [1, 0]}})");
  json["codecs"] = Json::array({transpose, json["codecs"][0]});
  EXPECT_EQ(chain(taken(json)), "transpose,sharding_indexed");
  // Along the array's axes.
  EXPECT_EQ(taken(json).inner_chunk_shape(), (std::vector<std::int64_t>{16, 30}));
}

TEST(ArrayV3, ShardsWithCodecsAroundThemAreChunks) {
  auto json = sharded({64, 32}, {16, 32});
  json["codecs"].push_back("gzip");
  EXPECT_EQ(taken(json).partial_sharding(), nullptr);
  EXPECT_EQ(taken(json).inner_chunk_shape(), (std::vector<std::int64_t>{64, 32}));
  json["codecs"].erase(1);
  json["codecs"].insert(json["codecs"].begin(),
                        Json::parse(R"({"name": "numcodecs.delta", "configuration": {"dtype": "<u2"}})"));
  EXPECT_EQ(taken(json).partial_sharding(), nullptr);
  // So the whole shard has to be of a size that can be decoded.
  auto huge = sharded({1 << 20, 1 << 20}, {1024, 1024});
  huge["codecs"].push_back("gzip");
  EXPECT_TRUE(refused(huge).starts_with("limit: ")) << refused(huge);
}

TEST(ArrayV3, TheIndexOfShardsHasAFixedSize) {
  auto json = sharded({64, 32}, {16, 32});
  json["codecs"][0]["configuration"]["index_codecs"].push_back("zstd");
  EXPECT_NE(refused(json).find("expected index codecs whose stored size is fixed, as the "
                               "specification of sharding_indexed demands (bytes and crc32c; "
                               "\"zstd\" is not)"),
            std::string::npos)
      << refused(json);
  json["codecs"][0]["configuration"].erase("index_codecs");
  json["codecs"][0]["configuration"].erase("codecs");
  const ArrayMetadata array = taken(json);
  EXPECT_EQ(array.partial_sharding()->codecs.size(), 1U);
  EXPECT_EQ(array.partial_sharding()->index_codecs.size(), 2U);
}

TEST(ArrayV3, ShardsInShardsAreCheckedAtEachLevel) {
  auto json = sharded({64, 64}, {32, 32});
  auto& inner = json["codecs"][0]["configuration"]["codecs"];
  inner = sharded({32, 32}, {16, 8})["codecs"];
  EXPECT_EQ(taken(json).partial_sharding()->codecs.front().name, "sharding_indexed");
  inner = sharded({32, 32}, {16, 7})["codecs"];
  EXPECT_NE(refused(json).find("in dimension 1 a divisor of 32, received the array [16,7]"),
            std::string::npos);
}

TEST(ArrayV3, NestingOfShardsIsLimited) {
  auto json = sharded({64, 64}, {64, 64});
  for (int depth = 0; depth < 3; ++depth) {
    auto outer = sharded({64, 64}, {64, 64});
    outer["codecs"][0]["configuration"]["codecs"] = json["codecs"];
    json = outer;
  }
  EXPECT_EQ(taken(json).rank(), 2);
  auto outer = sharded({64, 64}, {64, 64});
  outer["codecs"][0]["configuration"]["codecs"] = json["codecs"];
  EXPECT_NE(refused(outer).find("limit: "), std::string::npos) << refused(outer);
  EXPECT_NE(refused(outer).find("expected at most 4 nested sharding codecs, received more"),
            std::string::npos)
      << refused(outer);
}

}  // namespace
}  // namespace mifa::zarr
