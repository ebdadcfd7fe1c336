// SHA-1 (RFC 3174), for comparing with others' digests.
#pragma once

#include <bit>
#include <cstdint>
#include <cstdio>
#include <string>

namespace mifa::testing {

// Not watched by sanitizers: it reads hundreds of megabytes.
__attribute__((no_sanitize("address", "undefined", "coverage"))) inline void sha1_block(
    const unsigned char* block, std::uint32_t* h) {
  std::uint32_t w[80] = {};
  for (int i = 0; i < 64; ++i) w[i / 4] = w[i / 4] << 8 | block[i];
  for (int i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  std::uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
  for (int i = 0; i < 80; ++i) {
    const std::uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                            : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                            : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                     : (b ^ c ^ d) + 0xca62c1d6;
    const std::uint32_t next = std::rotl(a, 5) + f + e + w[i];
    e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

inline std::string sha1(std::string text) {
  const std::uint64_t bits = 8 * static_cast<std::uint64_t>(text.size());
  text += '\x80';
  text.append((120 - text.size() % 64) % 64, '\0');
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(bits >> shift);
  std::uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (std::size_t block = 0; block < text.size(); block += 64) {
    sha1_block(reinterpret_cast<const unsigned char*>(text.data()) + block, h);
  }
  char out[41];
  std::snprintf(out, sizeof out, "%08x%08x%08x%08x%08x", h[0], h[1], h[2], h[3], h[4]);
  return out;
}

}  // namespace mifa::testing
