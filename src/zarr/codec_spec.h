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
// v3 "transpose"; v2 order "F" is the reversing permutation. Encoded axis i is decoded axis
// order[i].
struct TransposeCodec {
  std::vector<int> order;
};
// v3 "reshape": the same elements in the same (C) order in another shape.
struct ReshapeCodec {
  std::vector<std::int64_t> shape;  // what it makes of the chunk; no -1 or lists are left
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
// numcodecs' other checksums of 32 bits, little-endian.
struct ChecksumCodec {
  enum class Kind { kCrc32, kAdler32, kFletcher32 };
  Kind kind = Kind::kCrc32;
  bool at_start = true;
};
// numcodecs "shuffle".
struct ShuffleCodec {
  int element_size = 4;
};
// Of a codec that works on elements.
struct ElementTypes {
  V2DataType decoded;
  V2DataType encoded;
};
// numcodecs "delta": differences along the flat buffer.
struct DeltaCodec : ElementTypes {};
// numcodecs "fixedscaleoffset", v3 "scale_offset": decoded = encoded / scale + offset.
struct FixedScaleOffsetCodec : ElementTypes {
  double offset = 0;
  double scale = 1;
};
// numcodecs "astype" and "quantize", v3 "cast_value": the elements in another type.
struct CastCodec : ElementTypes {};
// Some bits of each element, one element after the other. numcodecs' has booleans, most significant
// bit first, after a byte that counts the padding bits; v3 "packbits" starts with the least
// significant bit.
struct PackBitsCodec {
  enum class Padding { kNone, kFirstByte, kLastByte };
  DataType type = DataType::kBool;
  int first_bit = 0;
  int bits = 1;
  Padding padding = Padding::kFirstByte;
  bool most_significant_first = true;
};
// v3 "sharding_indexed" (ZEP 2). chunk_shape is the inner one.
struct ShardingCodec {
  std::vector<std::int64_t> chunk_shape;
  std::vector<CodecSpec> codecs;
  std::vector<CodecSpec> index_codecs;
  bool index_at_start = false;
};

struct CodecSpec {
  std::string name;  // As written in the metadata, for messages.
  std::variant<BytesCodec, TransposeCodec, ReshapeCodec, BloscCodec, ZstdCodec, GzipCodec,
               ZlibCodec, Lz4Codec, Crc32cCodec, ChecksumCodec, ShuffleCodec, DeltaCodec,
               FixedScaleOffsetCodec, CastCodec, PackBitsCodec, ShardingCodec>
      codec;

  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&codec);
  }
};

// The types of a codec that works on elements (delta, fixedscaleoffset, cast), else null.
ElementTypes* element_types(CodecSpec& spec);
const ElementTypes* element_types(const CodecSpec& spec);

// A v3 "codecs" array, in encoding order: array→array codecs, one array→bytes, bytes→bytes.
// `chunk_shape` and `type` are those of the array's chunks. Checks the order of kinds, each
// configuration, and that inner chunks tile their shard. A codec marked "must_understand": false
// that is not known is left out. The element types of array→array codecs are native, but for the
// last one, which has the byte order of the bytes codec after it.
Result<std::vector<CodecSpec>> parse_v3_codecs(JsonView codecs,
                                               const std::vector<std::int64_t>& chunk_shape,
                                               DataType type);

// One v2 filter or compressor object ({"id": …}).
Result<CodecSpec> parse_v2_codec(JsonView codec, V2DataType type);

// Whether decoding gives back what is there, so that the codec can be left out: numcodecs'
// "bitround" (also in v3) only rounds while encoding.
bool decodes_to_itself(std::string_view name);

// The axes of the array in the order in which they are stored, as far as the transposes at the
// start of the chain say: axis i of what the next codec is given is axis [i] of the array.
std::vector<int> stored_axes(const std::vector<CodecSpec>& codecs, int rank);

// The names this program decodes, for messages and for the support table: {v3 or v2 id}.
const std::vector<std::string>& known_codec_names();

}  // namespace mifa::zarr
