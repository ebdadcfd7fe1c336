// numcodecs' checksums beside CRC-32C: crc32 and adler32 (zlib's), and fletcher32 (HDF5's).

#include <libdeflate.h>

#include <algorithm>
#include <cstdio>

#include "codec/byte_codec.h"

namespace mifa::codec {
namespace {

using Kind = zarr::ChecksumCodec::Kind;

// Over little-endian 16-bit words, as HDF5 has it on the machines that files come from; an odd byte
// at the end is a word with a zero.
std::uint32_t fletcher32(Bytes bytes) {
  constexpr std::uint32_t kModulus = 0xffff;
  constexpr std::size_t kWordsAtOnce = 256;  // neither sum can pass 32 bits within so many
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t end = std::min(bytes.size(), i + 2 * kWordsAtOnce);
    for (; i < end; i += 2) {
      low += static_cast<std::uint32_t>(bytes[i]);
      if (i + 1 < bytes.size()) low += static_cast<std::uint32_t>(bytes[i + 1]) << 8U;
      high += low;
    }
    low %= kModulus;
    high %= kModulus;
  }
  return high << 16U | low;
}

std::uint32_t checksum(Kind kind, Bytes bytes) {
  switch (kind) {
    case Kind::kCrc32:
      return libdeflate_crc32(0, bytes.data(), bytes.size());
    case Kind::kAdler32:
      return libdeflate_adler32(1, bytes.data(), bytes.size());
    case Kind::kFletcher32:
      return fletcher32(bytes);
  }
  return 0;
}

}  // namespace

Result<Bytes> decode_checksum(const zarr::CodecSpec& spec, Bytes in, MutableBytes, Workspace&) {
  constexpr std::size_t kChecksum = 4;
  if (in.size() < kChecksum) return damaged("data with a 4-byte checksum", count_bytes(ssize(in)));
  const auto& codec = *spec.get_if<zarr::ChecksumCodec>();
  const Bytes data = codec.at_start ? in.subspan(kChecksum) : in.first(in.size() - kChecksum);
  const std::uint32_t stored = read_u32(in, codec.at_start ? 0 : data.size());
  const std::uint32_t actual = checksum(codec.kind, data);
  if (stored != actual) {
    char text[24];
    std::snprintf(text, sizeof(text), "0x%08x", stored);
    std::string expected = std::string("the stored checksum ") + text;
    std::snprintf(text, sizeof(text), "0x%08x", actual);
    return damaged(std::move(expected), count_bytes(ssize(data)) + " with checksum " + text);
  }
  return data;
}

}  // namespace mifa::codec
