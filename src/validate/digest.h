// Checksums that file lists and checksum files state, computed as bytes come: MD5 (RFC 1321), SHA-1 and
// SHA-256 (FIPS 180-4) through libmd, CRC-32 (ISO 3309) through libdeflate.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mifa::validate {

enum class DigestKind { kMd5, kSha1, kSha256, kCrc32 };
const char* digest_name(DigestKind kind);  // "MD5"

// The kind that a heading or a file's name tells ("Checksum SHA-256", "cells.tif.md5"); nothing else.
std::optional<DigestKind> digest_kind_of(std::string_view text);
// Hexadecimal digits, in lower case, of a checksum of this kind as people write it; nothing for what is none.
std::optional<std::string> digest_text(DigestKind kind, std::string_view text);

class Digest {
 public:
  explicit Digest(DigestKind kind);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  void add(std::span<const std::byte> bytes);
  // In lower-case hexadecimal digits. To be called once, last.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mifa::validate
