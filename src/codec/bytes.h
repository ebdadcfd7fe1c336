// Spans of bytes, little-endian reads, and the words for both in messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace mifa::codec {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

inline std::int64_t ssize(Bytes bytes) { return static_cast<std::int64_t>(bytes.size()); }

// The first `count` bytes of what was written. Precondition: 0 <= count <= bytes.size().
template <typename Count>
Bytes first(MutableBytes bytes, Count count) {
  return bytes.first(static_cast<std::size_t>(count));
}

// Precondition: offset + 4 <= bytes.size().
inline std::uint32_t read_u32(Bytes bytes, std::size_t offset) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof(value));
  return value;  // every host of this program is little-endian; see permute.cpp
}

inline std::string count_bytes(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// "bytes 28 b5 2f fd": what a file starts with, for messages.
std::string first_bytes(Bytes bytes);

}  // namespace mifa::codec
