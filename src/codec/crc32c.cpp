#include "codec/crc32c.h"

#include <array>
#include <cstdio>

#include "codec/byte_codec.h"

namespace mifa::codec {
namespace {

// Slicing by 8: one table a byte of the 64-bit word read at a time.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

Tables make_tables() {
  constexpr std::uint32_t kPolynomial = 0x82F63B78;  // reflected
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][i] = crc;
  }
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t t = 1; t < 8; ++t) {
      const std::uint32_t before = tables[t - 1][i];
      tables[t][i] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

// Not constexpr: made in microseconds, while eight incompressible kilobytes would be sent to
// everybody.
const Tables& tables() {
  static const Tables kTables = make_tables();
  return kTables;
}

std::string hex(std::uint32_t value) {
  char text[11];
  std::snprintf(text, sizeof(text), "0x%08x", value);
  return text;
}

}  // namespace

std::uint32_t crc32c(Bytes bytes) {
  const Tables& table = tables();
  std::uint32_t crc = ~std::uint32_t{0};
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const std::uint32_t low = read_u32(bytes, i) ^ crc;
    const std::uint32_t high = read_u32(bytes, i + 4);
    crc = table[7][low & 0xff] ^ table[6][(low >> 8) & 0xff] ^ table[5][(low >> 16) & 0xff] ^
          table[4][low >> 24] ^ table[3][high & 0xff] ^ table[2][(high >> 8) & 0xff] ^
          table[1][(high >> 16) & 0xff] ^ table[0][high >> 24];
  }
  for (; i < bytes.size(); ++i) {
    crc = (crc >> 8) ^ table[0][(crc ^ static_cast<std::uint32_t>(bytes[i])) & 0xff];
  }
  return ~crc;
}

Result<Bytes> decode_crc32c(const zarr::CodecSpec& spec, Bytes in, MutableBytes, Workspace&) {
  constexpr std::size_t kChecksum = 4;
  if (in.size() < kChecksum) {
    return damaged("data with a 4-byte CRC-32C", count_bytes(ssize(in)));
  }
  const bool at_start = spec.get_if<zarr::Crc32cCodec>()->at_start;
  const Bytes data = at_start ? in.subspan(kChecksum) : in.first(in.size() - kChecksum);
  const std::uint32_t stored = read_u32(in, at_start ? 0 : data.size());
  const std::uint32_t actual = crc32c(data);
  if (stored != actual) {
    return damaged("the stored CRC-32C " + hex(stored),
                   count_bytes(ssize(data)) + " with CRC-32C " + hex(actual));
  }
  return data;
}

}  // namespace mifa::codec
