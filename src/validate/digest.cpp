#include "validate/digest.h"

#include <libdeflate.h>
#include <md5.h>
#include <sha1.h>
#include <sha2.h>

#include <array>
#include <cctype>
#include <utility>
#include <variant>

namespace mifa::validate {
namespace {

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
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

struct Digest::State {
  std::variant<MD5_CTX, SHA1_CTX, SHA2_CTX, std::uint32_t> sum;
};

Digest::Digest(DigestKind kind) : state_(std::make_unique<State>()) {
  switch (kind) {
    case DigestKind::kMd5: MD5Init(&state_->sum.emplace<MD5_CTX>()); break;
    case DigestKind::kSha1: SHA1Init(&state_->sum.emplace<SHA1_CTX>()); break;
    case DigestKind::kSha256: SHA256Init(&state_->sum.emplace<SHA2_CTX>()); break;
    case DigestKind::kCrc32: state_->sum.emplace<std::uint32_t>(0U); break;
  }
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(std::span<const std::byte> bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (bytes.empty()) return;
  if (auto* md5 = std::get_if<MD5_CTX>(&state_->sum)) {
    MD5Update(md5, data, bytes.size());
  } else if (auto* sha1 = std::get_if<SHA1_CTX>(&state_->sum)) {
    SHA1Update(sha1, data, bytes.size());
  } else if (auto* sha256 = std::get_if<SHA2_CTX>(&state_->sum)) {
    SHA256Update(sha256, data, bytes.size());
  } else if (auto* crc = std::get_if<std::uint32_t>(&state_->sum)) {
    *crc = libdeflate_crc32(*crc, data, bytes.size());
  }
}

std::string Digest::finish() {
  if (auto* md5 = std::get_if<MD5_CTX>(&state_->sum)) {
    std::array<std::uint8_t, MD5_DIGEST_LENGTH> sum{};
    MD5Final(sum.data(), md5);
    return hexadecimal(sum);
  }
  if (auto* sha1 = std::get_if<SHA1_CTX>(&state_->sum)) {
    std::array<std::uint8_t, SHA1_DIGEST_LENGTH> sum{};
    SHA1Final(sum.data(), sha1);
    return hexadecimal(sum);
  }
  if (auto* sha256 = std::get_if<SHA2_CTX>(&state_->sum)) {
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> sum{};
    SHA256Final(sum.data(), sha256);
    return hexadecimal(sum);
  }
  const std::uint32_t crc = std::get<std::uint32_t>(state_->sum);
  const auto byte = [crc](unsigned shift) { return static_cast<std::uint8_t>(crc >> shift); };
  return hexadecimal(std::array<std::uint8_t, 4>{byte(24), byte(16), byte(8), byte(0)});
}

}  // namespace mifa::validate
