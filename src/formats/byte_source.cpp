#include "formats/byte_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mifa::formats {

void ByteSource::supply(std::int64_t offset, std::vector<std::byte> bytes, std::int64_t asked) {
  const auto length = static_cast<std::int64_t>(bytes.size());
  if (length < asked) size_ = std::min(size_, offset + length);
  if (offset % kBlockBytes == 0 && asked % kBlockBytes == 0) {
    for (std::int64_t at = 0; at < length; at += kBlockBytes) {
      const std::int64_t end = std::min(length, at + kBlockBytes);
      block_bytes_ += end - at;
      const std::byte* const from = bytes.data();
      blocks_[offset + at].assign(from + at, from + end);
    }
  } else {
    pieces_[offset] = std::move(bytes);
  }
}

const std::vector<std::byte>* ByteSource::block_at(std::int64_t offset, std::int64_t& begin) const {
  for (const auto* table : {&blocks_, &pieces_}) {
    auto next = table->upper_bound(offset);
    if (next == table->begin()) continue;
    --next;
    if (offset < next->first + static_cast<std::int64_t>(next->second.size())) {
      begin = next->first;
      return &next->second;
    }
  }
  return nullptr;
}

std::optional<std::int64_t> ByteSource::read(std::int64_t offset, std::span<std::byte> out) {
  if (offset < 0 || offset >= size_ || out.empty()) return 0;
  const std::int64_t end = std::min(size_, offset + static_cast<std::int64_t>(out.size()));
  for (std::int64_t at = offset; at < end;) {
    std::int64_t begin = 0;
    const auto* block = block_at(at, begin);
    if (!block) {
      const std::int64_t first = at / kBlockBytes * kBlockBytes;
      const std::int64_t last = (end + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
      missing_.push_back({first, last - first});
      return std::nullopt;
    }
    const auto count = std::min(end - at, begin + static_cast<std::int64_t>(block->size()) - at);
    std::memcpy(out.data() + (at - offset), block->data() + (at - begin),
                static_cast<std::size_t>(count));
    at += count;
  }
  return end - offset;
}

bool ByteSource::want(ByteRange range) {
  if (range.offset >= size_ || range.length <= 0) return true;
  range.length = std::min(range.length, size_ - range.offset);
  for (std::int64_t at = range.offset; at < range.offset + range.length;) {
    std::int64_t begin = 0;
    const auto* block = block_at(at, begin);
    if (!block) {
      missing_.push_back(range);
      return false;
    }
    at = begin + static_cast<std::int64_t>(block->size());
  }
  return true;
}

std::vector<ByteRange> ByteSource::take_missing() {
  std::vector<ByteRange> ranges = std::exchange(missing_, {});
  std::sort(ranges.begin(), ranges.end(), [](const ByteRange& a, const ByteRange& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.length > b.length;
  });
  std::vector<ByteRange> joined;
  for (const ByteRange& range : ranges) {
    if (!joined.empty() && range.offset <= joined.back().offset + joined.back().length) {
      ByteRange& last = joined.back();
      last.length = std::max(last.length, range.offset + range.length - last.offset);
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

void ByteSource::finish() {
  pieces_.clear();
  missing_.clear();
  if (block_bytes_ <= kKeptBytes) return;
  blocks_.clear();
  block_bytes_ = 0;
}

}  // namespace mifa::formats
