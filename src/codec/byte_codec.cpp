#include "codec/byte_codec.h"

#include <type_traits>
#include <variant>

namespace mifa::codec {
namespace {

using zarr::CodecSpec;

std::int64_t depends(const CodecSpec&, std::int64_t) { return kSizeDepends; }
std::int64_t same(const CodecSpec&, std::int64_t decoded) { return decoded; }
std::int64_t plus_checksum(const CodecSpec&, std::int64_t decoded) { return decoded + 4; }

std::int64_t packed_bits(const CodecSpec& spec, std::int64_t decoded) {
  const auto& codec = *spec.get_if<zarr::PackBitsCodec>();
  const std::int64_t bits = decoded / zarr::byte_size(codec.type) * codec.bits;
  return (codec.padding == zarr::PackBitsCodec::Padding::kNone ? 0 : 1) + (bits + 7) / 8;
}

std::int64_t retyped(const CodecSpec& spec, std::int64_t decoded) {
  const zarr::ElementTypes& types = *zarr::element_types(spec);
  return decoded / zarr::byte_size(types.decoded.type) * zarr::byte_size(types.encoded.type);
}

constexpr ByteCodec kTable[] = {
    {"blosc", depends, decode_blosc},
    {"zstd", depends, decode_zstd},
    {"gzip", depends, decode_gzip},
    {"zlib", depends, decode_zlib},
    {"lz4", depends, decode_lz4},
    {"crc32c", plus_checksum, decode_crc32c},
    {"crc32", plus_checksum, decode_checksum},
    {"adler32", plus_checksum, decode_checksum},
    {"fletcher32", plus_checksum, decode_checksum},
    {"shuffle", same, decode_shuffle},
    {"delta", retyped, decode_delta},
    {"fixedscaleoffset", retyped, decode_fixed_scale_offset},
    {"astype", retyped, decode_cast},
    {"packbits", packed_bits, decode_packbits},
};

// The row's name of each spec type; "" where there is no bytes-to-bytes decoder.
struct NameOf {
  std::string_view operator()(const zarr::BytesCodec&) const { return {}; }
  std::string_view operator()(const zarr::TransposeCodec&) const { return {}; }
  std::string_view operator()(const zarr::ReshapeCodec&) const { return {}; }
  std::string_view operator()(const zarr::ShardingCodec&) const { return {}; }
  std::string_view operator()(const zarr::BloscCodec&) const { return "blosc"; }
  std::string_view operator()(const zarr::ZstdCodec&) const { return "zstd"; }
  std::string_view operator()(const zarr::GzipCodec&) const { return "gzip"; }
  std::string_view operator()(const zarr::ZlibCodec&) const { return "zlib"; }
  std::string_view operator()(const zarr::Lz4Codec&) const { return "lz4"; }
  std::string_view operator()(const zarr::Crc32cCodec&) const { return "crc32c"; }
  std::string_view operator()(const zarr::ChecksumCodec& codec) const {
    using Kind = zarr::ChecksumCodec::Kind;
    return codec.kind == Kind::kCrc32     ? "crc32"
           : codec.kind == Kind::kAdler32 ? "adler32"
                                          : "fletcher32";
  }
  std::string_view operator()(const zarr::CastCodec&) const { return "astype"; }
  std::string_view operator()(const zarr::ShuffleCodec&) const { return "shuffle"; }
  std::string_view operator()(const zarr::DeltaCodec&) const { return "delta"; }
  std::string_view operator()(const zarr::FixedScaleOffsetCodec&) const {
    return "fixedscaleoffset";
  }
  std::string_view operator()(const zarr::PackBitsCodec&) const { return "packbits"; }
};

}  // namespace

const ByteCodec* find_byte_codec(const CodecSpec& spec) {
  const std::string_view name = std::visit(NameOf{}, spec.codec);
  for (const ByteCodec& row : kTable) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::span<const ByteCodec> byte_codecs() { return kTable; }

Error damaged(std::string expected, std::string received) {
  return {ErrorCode::kFixData, "expected " + expected + ", received " + received};
}

Error out_of_memory(std::int64_t bytes) {
  return {ErrorCode::kLimit,
          "expected to get " + count_bytes(bytes) +
              " of memory, received none; close other images or write smaller chunks"};
}

}  // namespace mifa::codec
