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
  std::vector<std::int64_t> chunks;  // inner chunks along each axis of the array
  std::vector<int> axes;             // the index counts along these axes of the array, last fastest
  std::int64_t count = 0;            // their product
  std::int64_t index_bytes = 0;      // stored size of the index
  bool index_at_start = false;
};

// The layout of an array whose shards are read in parts. Fails with kLimit where the index is too
// large to be read for one chunk. Precondition: array.partial_sharding().
Result<ShardLayout> shard_layout(const ArrayMetadata& array);

// The inner chunk's place in the shard's index. `index` counts inner chunks from the array's
// origin, along the array's axes.
std::int64_t place_in_shard(const ShardLayout& layout, std::span<const std::int64_t> index);

// The shard's place in the chunk grid.
std::vector<std::int64_t> shard_of(const ShardLayout& layout, std::span<const std::int64_t> index);

}  // namespace mifa::zarr
