#include "zarr/shard_index.h"

#include "core/checked.h"

namespace mifa::zarr {
namespace {

constexpr std::int64_t kEntryBytes = 16;  // offset and length, uint64 each
constexpr std::int64_t kChecksumBytes = 4;
// An index larger than this is read only to find one chunk in it: the shards are too finely cut.
constexpr std::int64_t kMaximumIndexBytes = std::int64_t{64} << 20;

Error unsupported(const std::string& what) {
  return {ErrorCode::kUnsupported, "expected a shard whose inner chunks can be read one by one, received " +
                                       what + "; write the array again without it"};
}

}  // namespace

Result<ShardLayout> shard_layout(const ArrayMetadata& array) {
  const ShardingCodec& sharding = *array.sharding();
  if (array.codecs.size() != 1) return unsupported("other codecs around sharding_indexed");
  for (const CodecSpec& spec : sharding.codecs) {
    if (spec.get_if<ShardingCodec>()) return unsupported("sharding_indexed inside sharding_indexed");
  }
  ShardLayout layout;
  layout.index_at_start = sharding.index_at_start;
  for (std::size_t i = 0; i < array.chunk_shape.size(); ++i) {
    layout.chunks.push_back(array.chunk_shape[i] / sharding.chunk_shape[i]);
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
    if (spec.get_if<Crc32cCodec>()) {
      layout.index_bytes += kChecksumBytes;
    } else if (!spec.get_if<BytesCodec>() && !spec.get_if<TransposeCodec>()) {
      return unsupported("a compressed shard index (codec " + spec.name + ")");
    }
  }
  return layout;
}

std::int64_t place_in_shard(const ShardLayout& layout, std::span<const std::int64_t> index) {
  std::int64_t place = 0;
  for (std::size_t i = 0; i < index.size(); ++i) {
    place = place * layout.chunks[i] + index[i] % layout.chunks[i];
  }
  return place;
}

std::vector<std::int64_t> shard_of(const ShardLayout& layout, std::span<const std::int64_t> index) {
  std::vector<std::int64_t> shard;
  for (std::size_t i = 0; i < index.size(); ++i) shard.push_back(index[i] / layout.chunks[i]);
  return shard;
}

}  // namespace mifa::zarr
