// A whole stored object, checked: that it can be decoded, all of it, and what values are in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "codec/chunk_decoder.h"
#include "core/result.h"
#include "zarr/array_metadata.h"
#include "zarr/shard_index.h"

namespace mifa::codec {

// Of the elements inside the array.
struct StoredValues {
  double minimum = 0, maximum = 0;  // of the finite values
  bool has_finite = false;
  std::vector<std::uint64_t> ids;  // distinct values, sorted; only of integers, and if wanted
  // All elements of the stored object, if wanted: its whole shape in C order, little-endian; the fill
  // value where an inner chunk is not there.
  std::vector<std::byte> elements;
};

struct StoredWants {
  bool ids = false, elements = false;
};

class StoredChunk {
 public:
  // Plans the decoding of the array's stored objects: chunks, or shards with all their inner chunks.
  static Result<StoredChunk> prepare(const zarr::ArrayMetadata& array,
                                     const DecodeLimits& limits = {});

  // `index`: the object's place in the chunk grid. `pixels` is where chunks are decoded to. May be
  // called from several threads, with a workspace and a buffer each. kFixData where the bytes cannot
  // be decoded; then the message says which part of a shard.
  Result<StoredValues> check(Bytes stored, std::span<const std::int64_t> index, StoredWants wants,
                             Workspace& workspace, Buffer& pixels) const;

 private:
  explicit StoredChunk(ChunkDecoder chunk) : chunk_(std::move(chunk)) {}
  Status add(Bytes stored, std::span<const std::int64_t> part, StoredWants wants, Workspace& workspace,
             Buffer& pixels, StoredValues& values) const;
  void keep(Bytes pixels, std::span<const std::int64_t> part, StoredValues& values) const;
  Status check_shard(Bytes stored, std::span<const std::int64_t> index, StoredWants wants,
                     Workspace& workspace, Buffer& pixels, StoredValues& values) const;

  ChunkDecoder chunk_;
  std::optional<ChunkDecoder> shard_index_;
  zarr::ShardLayout layout_;
  std::vector<std::int64_t> shape_, stored_shape_, part_shape_;
  zarr::Element fill_{};
};

}  // namespace mifa::codec
