// The members of a zip archive in memory (PKWARE's APPNOTE): stored or deflated, checksums
// verified.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

struct libdeflate_decompressor;

namespace mifa::annotation {

class ZipMembers {
 public:
  static constexpr std::uint64_t kMembers = 5'000'000;       // of one archive
  static constexpr std::uint64_t kMemberBytes = 64'000'000;  // of one member, unpacked
  static constexpr std::uint64_t kRatio = 1100;  // deflate's best is 1032: more is a lie

  struct Member {
    std::string_view name;
    std::uint64_t packed = 0, unpacked = 0, header = 0;  // bytes, bytes, offset of its local header
    std::uint32_t checksum = 0;
    std::uint16_t method = 0;
    bool encrypted = false;
  };

  // Reads the directory at the archive's end, which `bytes` must outlive. Without one (an archive
  // that breaks off) the local headers are followed from the beginning, and `whole` is false.
  static Result<ZipMembers> open(std::string_view bytes);

  const std::vector<Member>& members() const { return members_; }
  bool whole() const { return whole_; }
  // The bytes of a member, valid until the next call.
  Result<std::string_view> read(const Member& member, std::uint64_t most_bytes = kMemberBytes);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };

  bool read_directory();
  void follow_headers();

  std::string_view bytes_;
  std::vector<Member> members_;
  bool whole_ = true;
  std::string unpacked_;
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace mifa::annotation
