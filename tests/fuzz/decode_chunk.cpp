// Any bytes as a chunk of any codec: an answer or an Error, never a crash, an overrun or a leak.
// The first byte picks the codec chain, the rest is the stored chunk.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "codec/chunk_decoder.h"
#include "core/json.h"

namespace mifa::codec {
namespace {

std::string v2(const std::string& compressor, const std::string& filters, const std::string& dtype,
               const std::string& order) {
  return R"({"zarr_format": 2, "shape": [13, 17], "chunks": [13, 17], "fill_value": 0, "dtype": ")" +
         dtype + R"(", "order": ")" + order + R"(", "compressor": )" + compressor +
         R"(, "filters": )" + filters + "}";
}

std::string v3(const std::string& codecs, const std::string& type) {
  return R"({"zarr_format": 3, "node_type": "array", "shape": [13, 17], "fill_value": 1, "data_type": ")" +
         type + R"(", "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [13, 17]}},
            "chunk_key_encoding": "default", "codecs": )" +
         codecs + "}";
}

// A shard that is decoded whole: crc32c (which a fuzzer can leave out of its way) is not on its index.
const std::string kShard = R"({"name": "sharding_indexed", "configuration": {"chunk_shape": [13, 1],
    "codecs": ["bytes", "zstd"], "index_codecs": ["bytes"]}})";
const std::string kNested = R"({"name": "sharding_indexed", "configuration": {"chunk_shape": [13, 17],
    "index_location": "start", "index_codecs": ["bytes"], "codecs": [)" + kShard + "]}}";

const std::array<std::string, 18> kArrays = {
    v2(R"({"id": "blosc"})", "null", "<u2", "C"),
    v2(R"({"id": "blosc"})", "null", ">f4", "F"),
    v2(R"({"id": "zstd"})", "null", "<u2", "C"),
    v2(R"({"id": "gzip"})", "null", "|u1", "C"),
    v2(R"({"id": "zlib"})", "null", ">i8", "C"),
    v2(R"({"id": "lz4"})", "null", "<u2", "F"),
    v2(R"({"id": "crc32c"})", "null", "<u2", "C"),
    v2(R"({"id": "lz4"})", R"([{"id": "delta", "dtype": "<i4", "astype": "<i2"}])", "<i4", "C"),
    v2(R"({"id": "lz4"})",
       R"([{"id": "fixedscaleoffset", "offset": 1, "scale": 0.1, "dtype": "<f8", "astype": "<f4"}])",
       "<f8", "C"),
    v2("null", R"([{"id": "packbits"}])", "|b1", "C"),
    v2(R"({"id": "gzip"})", R"([{"id": "shuffle", "elementsize": 4}, {"id": "zstd"}])", "<f4", "C"),
    v2(R"({"id": "blosc"})", "null", "|u1", "C"),
    v3("[" + kShard + R"(, "gzip"])", "uint16"),
    v3(R"([{"name": "reshape", "configuration": {"shape": [13, 17]}}, )" + kShard + "]", "uint8"),
    v3("[" + kNested + "]", "float32"),
    v3(R"([{"name": "packbits", "configuration": {"last_bit": 10, "padding_encoding": "last_byte"}}])",
       "int16"),
    v3(R"(["numcodecs.delta", {"name": "transpose", "configuration": {"order": [1, 0]}}, "bytes"])",
       "int64"),
    v2("null", R"([{"id": "astype", "encode_dtype": ">f8", "decode_dtype": "<i2"}, {"id": "adler32"}])",
       "<i2", "C"),
};

const ChunkDecoder& decoder(std::size_t index) {
  static std::array<std::optional<ChunkDecoder>, kArrays.size()> prepared;
  if (!prepared[index]) {
    auto json = JsonDocument::parse(kArrays[index], ".zarray");
    if (!json) std::abort();
    auto array = zarr::parse_array(*json);
    if (!array) std::abort();
    auto made = ChunkDecoder::prepare(*array);
    if (!made) std::abort();
    prepared[index] = *std::move(made);
  }
  return *prepared[index];
}

}  // namespace
}  // namespace mifa::codec

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::codec;
  if (size == 0) return 0;
  static Workspace workspace;
  const ChunkDecoder& chunk = decoder(data[0] % kArrays.size());
  std::vector<std::byte> out(static_cast<std::size_t>(chunk.output_bytes()));
  // A copy of its own, so that AddressSanitizer sees a read past its end.
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const std::vector<std::byte> in(bytes + 1, bytes + size);
  if (chunk.decode(in, out, workspace)) {
    const std::array<std::int64_t, 2> valid = {data[0] % 14, 17};
    (void)chunk.statistics(out, valid);
  }
  return 0;
}
