#include "zarr/shard_index.h"

#include "core/checked.h"

namespace mifa::zarr {
namespace {

constexpr std::int64_t kEntryBytes = 16;  // offset and length, uint64 each
constexpr std::int64_t kChecksumBytes = 4;
// An index larger than this is read only to find one chunk in it: the shards are too finely cut.
constexpr std::int64_t kMaximumIndexBytes = std::int64_t{64} << 20;

}  // namespace

Result<ShardLayout> shard_layout(const ArrayMetadata& array) {
  const ShardingCodec& sharding = *array.partial_sharding();
  ShardLayout layout;
  layout.index_at_start = sharding.index_at_start;
  layout.axes = stored_axes(array.codecs, array.rank());
  layout.chunks.resize(layout.axes.size());
  for (std::size_t i = 0; i < layout.axes.size(); ++i) {
    const auto axis = static_cast<std::size_t>(layout.axes[i]);
    layout.chunks[axis] = array.chunk_shape[axis] / sharding.chunk_shape[i];
  }
  const auto count = checked_product(layout.chunks);
  const auto bytes = count ? checked_multiply(*count, kEntryBytes) : std::nullopt;
  if (!bytes || *bytes > kMaximumIndexBytes) {
    return Error{ErrorCode::kLimit,
                 "expected a shard index of at most " + std::to_string(kMaximumIndexBytes >> 20) +
                     " MiB, received a larger one; write the array with larger inner chunks"};
  }
  layout.count = *count;
  layout.index_bytes = *bytes;
  for (const CodecSpec& spec : sharding.index_codecs) {
    if (spec.get_if<Crc32cCodec>() || spec.get_if<ChecksumCodec>()) {
      layout.index_bytes += kChecksumBytes;
    }
  }
  return layout;
}

std::int64_t place_in_shard(const ShardLayout& layout, std::span<const std::int64_t> index) {
  std::int64_t place = 0;
  for (const int each : layout.axes) {
    const auto axis = static_cast<std::size_t>(each);
    place = place * layout.chunks[axis] + index[axis] % layout.chunks[axis];
  }
  return place;
}

std::vector<std::int64_t> shard_of(const ShardLayout& layout, std::span<const std::int64_t> index) {
  std::vector<std::int64_t> shard;
  for (std::size_t i = 0; i < index.size(); ++i) shard.push_back(index[i] / layout.chunks[i]);
  return shard;
}

}  // namespace mifa::zarr
