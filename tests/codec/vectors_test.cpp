// Every vector of tests/vectors/codec: right ones decode to their .raw, broken ones are refused with
// the message they name. The same files go through mifascope.wasm in tests/node/codecs.test.mjs.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "codec/chunk_decoder.h"
#include "codec/files.h"
#include "core/json.h"

namespace mifa::codec {
namespace {

namespace fs = std::filesystem;
using mifa::testing::read_bytes;
using mifa::testing::read_text;

const fs::path kVectors = "tests/vectors/codec";

std::vector<std::string> vector_names() {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(kVectors, missing)) {
    if (entry.path().extension() != ".json") continue;
    names.push_back(fs::relative(entry.path(), kVectors).replace_extension().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<ChunkDecoder> prepare(JsonView spec) {
  auto array = zarr::parse_array(spec["metadata"]);
  if (!array) return std::move(array).error();
  if (spec["shard_index"].boolean() == true) return ChunkDecoder::prepare_shard_index(*array);
  OutputOrder order;
  for (std::int64_t i = 0; i < spec["order"].size(); ++i) {
    order.axes.push_back(static_cast<int>(spec["order"][i].integer().value_or(-1)));
  }
  return ChunkDecoder::prepare(*array, order);
}

class CodecVector : public ::testing::TestWithParam<std::string> {};

TEST_P(CodecVector, DecodesOrSaysWhatIsWrong) {
  const fs::path path = kVectors / GetParam();
  auto spec = JsonDocument::parse(read_text(path.string() + ".json"), GetParam() + ".json");
  ASSERT_TRUE(spec) << spec.error().message;
  const std::vector<std::byte> stored = read_bytes(path.string() + ".bin");

  Workspace workspace;
  std::vector<std::byte> pixels;
  Status status = Success{};
  auto decoder = prepare(*spec);
  if (decoder) {
    pixels.resize(static_cast<std::size_t>(decoder->output_bytes()));
    status = decoder->decode(stored, pixels, workspace);
  } else {
    status = decoder.error();
  }

  const auto message = (*spec)["error"].string();
  if (!message) {
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(pixels, read_bytes(path.string() + ".raw"));
    // A workspace that has been used decodes the next chunk the same.
    std::fill(pixels.begin(), pixels.end(), std::byte{0xaa});
    ASSERT_TRUE(decoder->decode(stored, pixels, workspace));
    EXPECT_EQ(pixels, read_bytes(path.string() + ".raw"));
    return;
  }
  ASSERT_FALSE(status) << "decoded, but should fail with: " << *message;
  EXPECT_NE(status.error().message.find(*message), std::string::npos) << status.error().message;
  EXPECT_EQ(error_code_name(status.error().code), (*spec)["code"].string());
}

INSTANTIATE_TEST_SUITE_P(All, CodecVector, ::testing::ValuesIn(vector_names()),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

// An added decoder without vectors does not pass.
TEST(CodecTable, EveryCodecHasVectors) {
  for (const ByteCodec& codec : byte_codecs()) {
    EXPECT_TRUE(fs::is_directory(kVectors / codec.name)) << codec.name;
  }
}

// Whatever zarr's parser takes, this module decodes, and the other way round.
TEST(CodecTable, MatchesTheNamesThatMetadataMayUse) {
  // What ChunkDecoder itself sees to, what is another name of a row, and what needs no decoder.
  std::set<std::string> decoded = {"bytes",        "transpose", "reshape",    "sharding_indexed",
                                   "scale_offset", "quantize",  "cast_value", "bitround"};
  for (const ByteCodec& codec : byte_codecs()) decoded.emplace(codec.name);
  const auto& known = zarr::known_codec_names();
  EXPECT_EQ(decoded, std::set<std::string>(known.begin(), known.end()));
}

}  // namespace
}  // namespace mifa::codec
