// Where the inner chunks of a shard are (ZEP 2, codec sharding_indexed).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "zarr/array_metadata.h"

namespace mifa::zarr {

// The regular inside of every shard of an array.
struct ShardLayout {
  std::vector<std::int64_t> chunks;  // inner chunks along each axis
  std::int64_t count = 0;            // their product
  std::int64_t index_bytes = 0;      // stored size of the index
  bool index_at_start = false;
};

// The layout of a sharded array. Fails with kUnsupported where parts of a shard cannot be read by
// themselves: other codecs around the sharding codec, sharding inside it, or an index whose stored
// size is not known (a compressed one). Precondition: array.sharding().
Result<ShardLayout> shard_layout(const ArrayMetadata& array);

// The inner chunk's place in the shard's index: C order over `layout.chunks`. `index` counts inner
// chunks from the array's origin.
std::int64_t place_in_shard(const ShardLayout& layout, std::span<const std::int64_t> index);

// The shard's place in the chunk grid.
std::vector<std::int64_t> shard_of(const ShardLayout& layout, std::span<const std::int64_t> index);

}  // namespace mifa::zarr
