// The bytes-to-bytes codecs and their one table.
//
// To add one: a spec and its parser in src/zarr/codec_spec, a file here with its decode function,
// a row in byte_codec.cpp, vectors in tests/vectors/codec/<name>/, a row in the README.
#pragma once

#include <cstdint>
#include <string_view>

#include "codec/bytes.h"
#include "codec/workspace.h"
#include "core/result.h"
#include "zarr/codec_spec.h"

namespace mifa::codec {

// kSizeDepends: how long the encoded form is cannot be told from how long the decoded one is.
inline constexpr std::int64_t kSizeDepends = -1;

struct ByteCodec {
  std::string_view name;

  // Length of the encoded form of `decoded` bytes, or kSizeDepends.
  std::int64_t (*encoded_size)(const zarr::CodecSpec& spec, std::int64_t decoded);

  // Decodes `in`. The answer is a prefix of `out`, or a part of `in` where the codec only strips
  // something. `out` is as long as the decoded form should be (or its upper bound); a form that
  // would be longer is an error, a shorter one is for the caller to judge. `in` and `out` do not
  // overlap. Error messages start with what was expected.
  Result<Bytes> (*decode)(const zarr::CodecSpec& spec, Bytes in, MutableBytes out,
                          Workspace& workspace);
};

// The decoder of a spec; null for bytes, transpose, reshape and sharding, which ChunkDecoder itself
// sees to. Codecs that work on elements (delta) or make bytes of them (packbits) have one: in
// memory, their elements are bytes too.
const ByteCodec* find_byte_codec(const zarr::CodecSpec& spec);

// All rows, for the support table.
std::span<const ByteCodec> byte_codecs();

// The decode functions, one file or family of files each.
Result<Bytes> decode_blosc(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_zstd(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_gzip(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_zlib(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_lz4(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_crc32c(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_checksum(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_shuffle(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_delta(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_fixed_scale_offset(const zarr::CodecSpec&, Bytes in, MutableBytes out,
                                        Workspace&);
Result<Bytes> decode_cast(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);
Result<Bytes> decode_packbits(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&);

// Errors that several codecs share.
Error damaged(std::string expected, std::string received);
Error out_of_memory(std::int64_t bytes);

}  // namespace mifa::codec
