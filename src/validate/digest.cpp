#include "validate/digest.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstring>

namespace mifa::validate {
namespace {

constexpr std::uint64_t kBlock = 64;

std::uint32_t word(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return std::uint32_t{a} | std::uint32_t{b} << 8U | std::uint32_t{c} << 16U | std::uint32_t{d} << 24U;
}
std::uint32_t little(const std::uint8_t* at) { return word(at[0], at[1], at[2], at[3]); }
std::uint32_t big(const std::uint8_t* at) { return word(at[3], at[2], at[1], at[0]); }

// To the left. The libraries differ in the type of std::rotl()'s count.
std::uint32_t turned(std::uint32_t value, unsigned count) { return value << count | value >> (32U - count); }

// floor(2^32 |sin(i + 1)|), RFC 1321 section 3.4.
constexpr std::uint32_t kMd5[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

// FIPS 180-4, section 4.2.2.
constexpr std::uint32_t kSha256[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

const std::array<std::uint32_t, 256>& crc_table() {
  static const auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xedb88320U ^ (value >> 1U) : value >> 1U;
      table[i] = value;
    }
    return table;
  }();
  return kTable;
}

std::size_t digits_of(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5: return 32;
    case DigestKind::kSha1: return 40;
    case DigestKind::kSha256: return 64;
    case DigestKind::kCrc32: break;
  }
  return 8;
}

}  // namespace

const char* digest_name(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5: return "MD5";
    case DigestKind::kSha1: return "SHA-1";
    case DigestKind::kSha256: return "SHA-256";
    case DigestKind::kCrc32: break;
  }
  return "CRC-32";
}

std::optional<DigestKind> digest_kind_of(std::string_view text) {
  std::string small;
  for (const char c : text) {
    if (c != '-' && c != '_' && c != ' ') small += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (small.find("sha256") != std::string::npos) return DigestKind::kSha256;
  if (small.find("sha1") != std::string::npos) return DigestKind::kSha1;
  if (small.find("md5") != std::string::npos) return DigestKind::kMd5;
  if (small.find("crc32") != std::string::npos && small.find("crc32c") == std::string::npos) return DigestKind::kCrc32;
  return std::nullopt;
}

std::optional<std::string> digest_text(DigestKind kind, std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) text.remove_prefix(colon + 1);
  std::string digits;
  for (const char c : text) {
    if (!std::isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return digits.size() == digits_of(kind) ? std::optional(std::move(digits)) : std::nullopt;
}

Digest::Digest(DigestKind kind) : kind_(kind) {
  if (kind == DigestKind::kSha256) {
    state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  } else if (kind == DigestKind::kCrc32) {
    state_[0] = 0xffffffff;
  } else {
    state_ = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  }
}

void Digest::add(std::span<const std::byte> bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left = bytes.size();
  if (kind_ == DigestKind::kCrc32) {
    for (; left > 0; --left, ++data) state_[0] = crc_table()[(state_[0] ^ std::uint32_t{*data}) & 0xffU] ^ (state_[0] >> 8U);
    return;
  }
  while (left > 0) {
    const auto filled = static_cast<std::size_t>(length_ % kBlock);
    if (filled == 0 && left >= kBlock) {
      block(data);
      data += kBlock, left -= kBlock, length_ += kBlock;
      continue;
    }
    const std::size_t count = std::min(left, static_cast<std::size_t>(kBlock) - filled);
    std::memcpy(pending_.data() + filled, data, count);
    data += count, left -= count, length_ += count;
    if (length_ % kBlock == 0) block(pending_.data());
  }
}

std::string Digest::finish() {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  const auto put = [&](std::uint32_t value) {
    for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(value >> static_cast<unsigned>(shift)) & 15U];
  };
  if (kind_ == DigestKind::kCrc32) {
    put(~state_[0]);
    return text;
  }
  const std::uint64_t bits = length_ * 8;
  const std::byte mark{0x80}, zero{0};
  add({&mark, 1});
  while (length_ % kBlock != 56) add({&zero, 1});
  std::array<std::byte, 8> size{};
  for (unsigned i = 0; i < 8; ++i) {
    const unsigned shift = kind_ == DigestKind::kMd5 ? 8 * i : 56 - 8 * i;
    size[i] = static_cast<std::byte>(bits >> shift & 0xffU);
  }
  add(size);
  for (std::size_t i = 0; i < digits_of(kind_) / 8; ++i) {
    const std::uint32_t value = state_[i];
    const bool swapped = kind_ == DigestKind::kMd5;
    put(swapped ? (value >> 24U | (value >> 8U & 0xff00U) | (value << 8U & 0xff0000U) | value << 24U) : value);
  }
  return text;
}

void Digest::block(const std::uint8_t* data) {
  if (kind_ == DigestKind::kMd5) return md5(data);
  if (kind_ == DigestKind::kSha1) return sha1(data);
  sha256(data);
}

void Digest::md5(const std::uint8_t* data) {
  static constexpr unsigned kTurns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t i = 0; i < 64; ++i) {
    std::uint32_t mixed = 0;
    std::size_t from = 0;
    switch (i / 16) {
      case 0: mixed = (b & c) | (~b & d), from = i; break;
      case 1: mixed = (d & b) | (~d & c), from = 5 * i + 1; break;
      case 2: mixed = b ^ c ^ d, from = 3 * i + 5; break;
      default: mixed = c ^ (b | ~d), from = 7 * i; break;
    }
    mixed += a + kMd5[i] + little(data + 4 * (from % 16));
    a = d, d = c, c = b;
    b += turned(mixed, kTurns[i / 16][i % 4]);
  }
  state_[0] += a, state_[1] += b, state_[2] += c, state_[3] += d;
}

void Digest::sha1(const std::uint8_t* data) {
  std::uint32_t words[80];
  for (std::size_t i = 0; i < 16; ++i) words[i] = big(data + 4 * i);
  for (std::size_t i = 16; i < 80; ++i) words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t i = 0; i < 80; ++i) {
    const std::uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                                : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                                : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                         : (b ^ c ^ d) + 0xca62c1d6;
    const std::uint32_t next = std::rotl(a, 5) + mixed + e + words[i];
    e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
  }
  state_[0] += a, state_[1] += b, state_[2] += c, state_[3] += d, state_[4] += e;
}

void Digest::sha256(const std::uint8_t* data) {
  std::uint32_t words[64];
  for (std::size_t i = 0; i < 16; ++i) words[i] = big(data + 4 * i);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t x = words[i - 15], y = words[i - 2];
    words[i] = words[i - 16] + words[i - 7] + (std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3U) +
               (std::rotr(y, 17) ^ std::rotr(y, 19) ^ y >> 10U);
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t one = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) +
                              kSha256[i] + words[i];
    const std::uint32_t two = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
  }
  state_[0] += a, state_[1] += b, state_[2] += c, state_[3] += d, state_[4] += e, state_[5] += f, state_[6] += g,
      state_[7] += h;
}

}  // namespace mifa::validate
