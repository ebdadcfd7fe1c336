// What a codec was told to do, parsed from metadata; the doing is in src/codec.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "zarr/data_type.h"

namespace mifa::zarr {

struct CodecSpec;

// v3 "bytes", and what v2's dtype says of byte order.
struct BytesCodec {
  bool big_endian = false;
};
// v3 "transpose"; v2 order "F" is the reversing permutation. Encoded axis i is decoded axis order[i].
struct TransposeCodec {
  std::vector<int> order;
};
// "blosc": the frame itself says what decoding needs.
struct BloscCodec {};
struct ZstdCodec {};
struct GzipCodec {};
struct ZlibCodec {};
// numcodecs "lz4": a little-endian uint32 of the decoded size, then one LZ4 block.
struct Lz4Codec {};
// A little-endian CRC-32C after (default) or before the data.
struct Crc32cCodec {
  bool at_start = false;
};
// numcodecs "shuffle".
struct ShuffleCodec {
  int element_size = 4;
};
// numcodecs "delta": differences along the flat buffer.
struct DeltaCodec {
  V2DataType decoded;
  V2DataType encoded;
};
// numcodecs "fixedscaleoffset": decoded = encoded / scale + offset.
struct FixedScaleOffsetCodec {
  double offset = 0;
  double scale = 1;
  V2DataType decoded;
  V2DataType encoded;
};
// numcodecs "packbits": one byte with the number of padding bits, then bits, most significant first.
struct PackBitsCodec {};
// v3 "sharding_indexed" (ZEP 2). chunk_shape is the inner one.
struct ShardingCodec {
  std::vector<std::int64_t> chunk_shape;
  std::vector<CodecSpec> codecs;
  std::vector<CodecSpec> index_codecs;
  bool index_at_start = false;
};

struct CodecSpec {
  std::string name;  // As written in the metadata, for messages.
  std::variant<BytesCodec, TransposeCodec, BloscCodec, ZstdCodec, GzipCodec, ZlibCodec, Lz4Codec,
               Crc32cCodec, ShuffleCodec, DeltaCodec, FixedScaleOffsetCodec, PackBitsCodec,
               ShardingCodec>
      codec;

  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&codec);
  }
};

// A v3 "codecs" array, in encoding order: array→array codecs, one array→bytes, bytes→bytes.
// `rank` is the array's number of dimensions. Checks the order of kinds and each configuration.
// A codec marked "must_understand": false that is not known is left out.
Result<std::vector<CodecSpec>> parse_v3_codecs(JsonView codecs, int rank, DataType type);

// One v2 filter or compressor object ({"id": …}).
Result<CodecSpec> parse_v2_codec(JsonView codec, V2DataType type);

// Whether decoding gives back what is there, so that the codec can be left out: numcodecs'
// "bitround" (v3 "numcodecs.bitround") only rounds while encoding.
bool decodes_to_itself(std::string_view name);

// The names this program decodes, for messages and for the support table: {v3 or v2 id}.
const std::vector<std::string>& known_codec_names();

}  // namespace mifa::zarr
