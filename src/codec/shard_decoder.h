// A whole shard (Zarr v3, codec sharding_indexed) as one chunk. Where a shard's inner chunks can be
// read one by one, they are (zarr/shard_index.h); this is for shards inside shards and shards that
// are compressed as a whole.
#pragma once

#include <cstdint>
#include <vector>

#include "codec/chunk_decoder.h"

namespace mifa::codec {

class ShardDecoder {
 public:
  // `shape`: of the shard as the codec is given it, in elements of `type`. `fill` is in the inner
  // chunks that are not there.
  static Result<ShardDecoder> prepare(const zarr::ShardingCodec& sharding,
                                      const std::vector<std::int64_t>& shape, zarr::DataType type,
                                      const zarr::Element& fill, const DecodeLimits& limits);

  // The most that a shard can be long, for what is compressed around it. Gaps between inner chunks
  // are allowed, but nobody writes more than this.
  std::int64_t most_stored_bytes() const;

  // Decodes a stored shard into `out`: elements in C order, native little-endian.
  Status decode(Bytes in, MutableBytes out, Workspace& workspace) const;

 private:
  struct Entry {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    bool absent() const { return offset == UINT64_MAX && length == UINT64_MAX; }
  };

  ShardDecoder(ChunkDecoder index, ChunkDecoder chunk)
      : index_(std::move(index)), chunk_(std::move(chunk)) {}
  // The stored bytes of an inner chunk.
  Result<Bytes> find(const Entry& entry, Bytes in, std::int64_t place) const;
  void put(Bytes chunk, MutableBytes out, std::int64_t place) const;
  void fill(MutableBytes out) const;

  ChunkDecoder index_;
  ChunkDecoder chunk_;
  bool index_at_start_ = false;
  int element_size_ = 1;
  zarr::Element fill_{};
  std::vector<std::int64_t> shape_;   // of the shard
  std::vector<std::int64_t> inner_;   // of an inner chunk
  std::vector<std::int64_t> counts_;  // inner chunks along each axis
};

}  // namespace mifa::codec
