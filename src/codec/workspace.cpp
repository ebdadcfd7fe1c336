#include "codec/workspace.h"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <new>

namespace mifa::codec {

std::string first_bytes(Bytes bytes) {
  if (bytes.empty()) return "no bytes";
  std::string text = "bytes";
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 4))) {
    char hex[4];
    std::snprintf(hex, sizeof(hex), " %02x", static_cast<unsigned>(byte));
    text += hex;
  }
  return text;
}

MutableBytes Buffer::reserve(std::int64_t bytes) {
  if (bytes < 0 || bytes > std::numeric_limits<std::ptrdiff_t>::max()) return {};
  if (bytes > capacity_) {
    block_.reset();  // before the new one: both at once may not fit
    capacity_ = 0;
    block_.reset(new (std::nothrow) std::byte[static_cast<std::size_t>(bytes)]);
    if (block_) capacity_ = bytes;
  }
  if (!block_) return {};
  return {block_.get(), static_cast<std::size_t>(bytes)};
}

void Buffer::release_above(std::int64_t bytes) {
  if (capacity_ <= bytes) return;
  block_.reset();
  capacity_ = 0;
}

Workspace::~Workspace() {
  ZSTD_freeDCtx(zstd_);
  libdeflate_free_decompressor(deflate_);
}

ZSTD_DCtx_s* Workspace::zstd() {
  if (!zstd_) zstd_ = ZSTD_createDCtx();
  return zstd_;
}

libdeflate_decompressor* Workspace::deflate() {
  if (!deflate_) deflate_ = libdeflate_alloc_decompressor();
  return deflate_;
}

Workspace* Workspace::nested() {
  if (!nested_) nested_.reset(new (std::nothrow) Workspace);
  return nested_.get();
}

void Workspace::release_above(std::int64_t bytes) {
  for (Buffer* buffer : {&stage[0], &stage[1], &inner, &shard_index, &shard_chunk}) {
    buffer->release_above(bytes);
  }
  if (nested_) nested_->release_above(bytes);
}

}  // namespace mifa::codec
