// The configuration of each codec, parsed. Used by codec_spec.cpp only, whose table lists them.
#pragma once

#include <cstdint>
#include <vector>

#include "zarr/codec_spec.h"

namespace mifa::zarr {

// What a codec is given while encoding. array→array codecs leave behind what the next is given.
struct CodecContext {
  std::vector<std::int64_t> shape;  // of the chunk; v2: empty
  DataType type = DataType::kUInt8;
  int nesting = 0;  // sharding codecs around this one
  bool v3 = false;

  int rank() const { return static_cast<int>(shape.size()); }
};

using CodecParser = Result<CodecSpec> (*)(JsonView configuration, CodecContext& context);

// Defined in codec_spec.cpp, for the codecs inside a codec.
Result<std::vector<CodecSpec>> parse_codec_chain(JsonView codecs, CodecContext context);

template <typename T>
Result<CodecSpec> parse_nothing(JsonView, CodecContext&) {
  return CodecSpec{{}, T{}};
}
template <ChecksumCodec::Kind kKind>
Result<CodecSpec> parse_checksum(JsonView configuration, CodecContext&) {
  // numcodecs puts these before the data, and fletcher32, which is HDF5's, behind it.
  const bool fallback = kKind != ChecksumCodec::Kind::kFletcher32;
  const JsonView location = configuration["location"];
  return CodecSpec{
      {}, ChecksumCodec{kKind, location.exists() ? location.string() == "start" : fallback}};
}
Result<CodecSpec> parse_bytes(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_transpose(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_reshape(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_crc32c(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_shuffle(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_delta(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_fixed_scale_offset(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_scale_offset(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_astype(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_quantize(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_cast_value(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_packbits(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_numcodecs_packbits(JsonView configuration, CodecContext& context);
Result<CodecSpec> parse_sharding(JsonView configuration, CodecContext& context);

}  // namespace mifa::zarr
