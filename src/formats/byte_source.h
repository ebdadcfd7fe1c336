// The bytes of a file as far as the host has supplied them. Readers ask; what is not there is
// noted, and the host supplies it and asks the reader again. So the readers do no I/O, and a file
// on a web server is read by ranges as one on a disk is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace mifa::formats {

struct ByteRange {
  std::int64_t offset = 0;
  std::int64_t length = 0;
  bool operator==(const ByteRange&) const = default;
};

class ByteSource {
 public:
  // Directories are read in blocks of this size, in bytes: a few to a request, as they tend to lie
  // together.
  static constexpr std::int64_t kBlockBytes = std::int64_t{64} << 10;
  // Blocks kept for directories. Above this all are forgotten and read again as needed.
  static constexpr std::int64_t kKeptBytes = std::int64_t{64} << 20;

  // Bytes of the whole file; kUnknownSize until the host has said or an answer came short.
  static constexpr std::int64_t kUnknownSize = std::int64_t{1} << 52;
  std::int64_t size() const { return size_; }
  void set_size(std::int64_t bytes) { size_ = bytes; }

  // What the host read at `offset`. Shorter than what was asked for: the file ends there.
  void supply(std::int64_t offset, std::vector<std::byte> bytes, std::int64_t asked);

  // Copies [offset, offset + out.size()), cut where the file ends, and answers the count; nothing,
  // and the blocks about it are noted as missing, if a part of it is not there.
  std::optional<std::int64_t> read(std::int64_t offset, std::span<std::byte> out);
  // Whether all of a range (cut where the file ends) is there; noted as missing, just as it is, if
  // not.
  bool want(ByteRange range);

  bool waiting() const { return !missing_.empty(); }
  // What is missing, neighbours joined, and forgets that it was asked for.
  std::vector<ByteRange> take_missing();
  // What was asked for has an answer: forgets what want() asked for, which is decoded now.
  void finish();

 private:
  const std::vector<std::byte>* block_at(std::int64_t offset, std::int64_t& begin) const;

  std::int64_t size_ = kUnknownSize;
  std::map<std::int64_t, std::vector<std::byte>> blocks_;  // by offset, of kBlockBytes but the last
  std::map<std::int64_t, std::vector<std::byte>> pieces_;
  std::int64_t block_bytes_ = 0;
  std::vector<ByteRange> missing_;
};

}  // namespace mifa::formats
