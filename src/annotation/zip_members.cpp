#include "annotation/zip_members.h"

#include <libdeflate.h>

#include <algorithm>
#include <optional>

namespace mifa::annotation {

namespace {

constexpr std::string_view kLocalHeader = "PK\x03\x04";
constexpr std::string_view kDirectoryEntry = "PK\x01\x02";
constexpr std::string_view kDirectoryEnd = "PK\x05\x06";
constexpr std::string_view kDirectoryEnd64 = "PK\x06\x06";
constexpr std::size_t kLocalSize = 30, kEntrySize = 46, kEndSize = 22, kEnd64Size = 56;
constexpr std::uint32_t kInZip64 = 0xffffffff;

// Little-endian, `count` bytes at `at`; 0 beyond the end.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t count) {
  if (at > bytes.size() || bytes.size() - at < count) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// A length of two bytes.
std::size_t length_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(number(bytes, at, 2));
}

// Sizes and offset beyond 4 GiB stand in the extra field, in this order, those that do not fit
// only.
void read_zip64(std::string_view extra, ZipMembers::Member& member) {
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const std::size_t size = length_at(extra, at + 2);
    if (number(extra, at, 2) == 1) {
      std::size_t field = at + 4;
      for (std::uint64_t* value : {&member.unpacked, &member.packed, &member.header}) {
        if (*value != kInZip64) continue;
        *value = number(extra, field, 8);
        field += 8;
      }
      return;
    }
    at += 4 + size;
  }
}

}  // namespace

void ZipMembers::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

Result<ZipMembers> ZipMembers::open(std::string_view bytes) {
  ZipMembers zip;
  zip.bytes_ = bytes;
  if (!zip.read_directory()) {
    zip.members_.clear();
    zip.whole_ = false;
    zip.follow_headers();
  }
  if (zip.members_.empty() && !zip.whole_) {
    return Error{ErrorCode::kFixData,
                 "expected a zip archive with a directory at its end, received " +
                     std::to_string(bytes.size()) + " bytes without"};
  }
  return zip;
}

bool ZipMembers::read_directory() {
  if (bytes_.size() < kEndSize) return false;
  // The end's record is followed by a comment of up to 65,535 bytes.
  std::size_t end = bytes_.rfind(kDirectoryEnd, bytes_.size() - kEndSize);
  if (end == std::string_view::npos || bytes_.size() - end > kEndSize + 65'535) return false;
  std::uint64_t count = number(bytes_, end + 10, 2), begin = number(bytes_, end + 16, 4);
  if (count == 0xffff || begin == kInZip64) {
    const std::size_t end64 = bytes_.rfind(kDirectoryEnd64, end);
    if (end64 != std::string_view::npos && end - end64 >= kEnd64Size) {
      count = number(bytes_, end64 + 32, 8);
      begin = number(bytes_, end64 + 48, 8);
    }
  }
  if (count > kMembers || begin > bytes_.size()) return false;
  std::size_t at = static_cast<std::size_t>(begin);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (bytes_.size() - at < kEntrySize || !bytes_.substr(at).starts_with(kDirectoryEntry))
      return false;
    const std::size_t name = length_at(bytes_, at + 28), extra = length_at(bytes_, at + 30),
                      comment = length_at(bytes_, at + 32);
    if (bytes_.size() - at - kEntrySize < name + extra + comment) return false;
    Member member;
    member.encrypted = (number(bytes_, at + 8, 2) & 1) != 0;
    member.method = static_cast<std::uint16_t>(number(bytes_, at + 10, 2));
    member.checksum = static_cast<std::uint32_t>(number(bytes_, at + 16, 4));
    member.packed = number(bytes_, at + 20, 4);
    member.unpacked = number(bytes_, at + 24, 4);
    member.header = number(bytes_, at + 42, 4);
    member.name = bytes_.substr(at + kEntrySize, name);
    read_zip64(bytes_.substr(at + kEntrySize + name, extra), member);
    members_.push_back(member);
    at += kEntrySize + name + extra + comment;
  }
  return true;
}

// Members whose sizes follow their bytes (flag 8) end the walk: where they end is in the directory
// only.
void ZipMembers::follow_headers() {
  for (std::size_t at = 0; members_.size() < kMembers;) {
    if (bytes_.size() - at < kLocalSize || !bytes_.substr(at).starts_with(kLocalHeader)) return;
    const std::uint64_t flags = number(bytes_, at + 6, 2);
    Member member;
    member.encrypted = (flags & 1) != 0;
    member.method = static_cast<std::uint16_t>(number(bytes_, at + 8, 2));
    member.checksum = static_cast<std::uint32_t>(number(bytes_, at + 14, 4));
    member.packed = number(bytes_, at + 18, 4);
    member.unpacked = number(bytes_, at + 22, 4);
    member.header = at;
    const std::size_t name = length_at(bytes_, at + 26), extra = length_at(bytes_, at + 28);
    const std::size_t begin = at + kLocalSize + name + extra;
    if (begin > bytes_.size() || (flags & 8) != 0 || member.packed > bytes_.size() - begin) return;
    member.name = bytes_.substr(at + kLocalSize, name);
    members_.push_back(member);
    at = begin + static_cast<std::size_t>(member.packed);
  }
}

Result<std::string_view> ZipMembers::read(const Member& member, std::uint64_t most_bytes) {
  const std::string name(member.name.substr(0, 200));
  const auto damaged = [&](const std::string& expected, const std::string& received) {
    return Error{ErrorCode::kFixData,
                 "expected " + expected + " as member " + name + ", received " + received};
  };
  if (member.encrypted)
    return damaged("bytes that are not encrypted",
                   "encrypted ones; pack the archive without a password");
  if (member.unpacked > most_bytes || member.unpacked / kRatio > member.packed) {
    return Error{ErrorCode::kLimit, "expected at most " + std::to_string(most_bytes) +
                                        " bytes and " + std::to_string(kRatio) +
                                        " times the packed ones in member " + name + ", received " +
                                        std::to_string(member.unpacked) + " of " +
                                        std::to_string(member.packed)};
  }
  const std::size_t header =
      static_cast<std::size_t>(std::min<std::uint64_t>(member.header, bytes_.size()));
  if (bytes_.size() - header < kLocalSize || !bytes_.substr(header).starts_with(kLocalHeader)) {
    return damaged("a local header at byte " + std::to_string(member.header), "something else");
  }
  const std::size_t skip =
      kLocalSize + length_at(bytes_, header + 26) + length_at(bytes_, header + 28);
  const std::string_view rest = bytes_.substr(std::min(header + skip, bytes_.size()));
  if (rest.size() < member.packed) {
    return damaged(std::to_string(member.packed) + " bytes", "an archive that ends before them");
  }
  const std::string_view packed = rest.substr(0, static_cast<std::size_t>(member.packed));
  std::string_view result = packed;
  if (member.method == 8) {
    if (!decompressor_) decompressor_.reset(libdeflate_alloc_decompressor());
    if (!decompressor_)
      return Error{ErrorCode::kLimit, "expected memory to unpack " + name + ", received none"};
    unpacked_.resize(static_cast<std::size_t>(member.unpacked));
    const libdeflate_result status =
        libdeflate_deflate_decompress(decompressor_.get(), packed.data(), packed.size(),
                                      unpacked_.data(), unpacked_.size(), nullptr);
    if (status != LIBDEFLATE_SUCCESS && status != LIBDEFLATE_SHORT_OUTPUT) {
      return damaged("a deflate stream of " + std::to_string(member.unpacked) + " bytes",
                     "a damaged one");
    }
    result = unpacked_;
  } else if (member.method != 0) {
    return Error{ErrorCode::kUnsupported, "expected stored or deflated bytes as member " + name +
                                              ", received compression method " +
                                              std::to_string(member.method)};
  } else if (member.packed != member.unpacked) {
    return damaged(std::to_string(member.unpacked) + " stored bytes",
                   std::to_string(member.packed));
  }
  if (libdeflate_crc32(0, result.data(), result.size()) != member.checksum) {
    return damaged("bytes of the checksum in the directory", "others");
  }
  return result;
}

}  // namespace mifa::annotation
