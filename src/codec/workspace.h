// What decoding needs besides input and output, kept from chunk to chunk.
#pragma once

#include <cstdint>
#include <memory>

#include "codec/bytes.h"

struct ZSTD_DCtx_s;
struct libdeflate_decompressor;

namespace mifa::codec {

// One heap block that grows when asked and whose contents are not kept when it does.
class Buffer {
 public:
  // At least `bytes` bytes, uninitialised where new; null data() if memory is short.
  MutableBytes reserve(std::int64_t bytes);
  // Gives the block back if it is larger than this.
  void release_above(std::int64_t bytes);
  std::byte* data() const { return block_.get(); }
  std::int64_t capacity() const { return capacity_; }
  MutableBytes block() const { return {data(), static_cast<std::size_t>(capacity_)}; }

 private:
  std::unique_ptr<std::byte[]> block_;
  std::int64_t capacity_ = 0;
};

// One a thread; shared by all decoders of that thread.
class Workspace {
 public:
  Workspace() = default;
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // Made when first asked for; null if memory is short.
  ZSTD_DCtx_s* zstd();
  libdeflate_decompressor* deflate();

  // Buffers between stages (input and output of each), and one that a codec may use inside itself.
  Buffer stage[2];
  Buffer inner;
  // A whole shard's index, and the inner chunk at hand.
  Buffer shard_index;
  Buffer shard_chunk;
  // What the chunks inside a chunk are decoded with; null if memory is short.
  Workspace* nested();

  // After a chunk: gives back blocks that one large chunk made grow.
  void release_above(std::int64_t bytes);

 private:
  ZSTD_DCtx_s* zstd_ = nullptr;
  libdeflate_decompressor* deflate_ = nullptr;
  std::unique_ptr<Workspace> nested_;
};

}  // namespace mifa::codec
