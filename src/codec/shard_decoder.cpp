#include "codec/shard_decoder.h"

#include <algorithm>

#include "core/checked.h"

namespace mifa::codec {
namespace {

Error damaged_shard(std::string expected, std::string received) {
  Error error = damaged(std::move(expected), std::move(received));
  error.message += "; the shard is cut off or damaged: upload or write it again";
  return error;
}

}  // namespace

Result<ShardDecoder> ShardDecoder::prepare(const zarr::ShardingCodec& sharding,
                                           const std::vector<std::int64_t>& shape,
                                           zarr::DataType type, const zarr::Element& fill,
                                           const DecodeLimits& limits) {
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    counts.push_back(shape[i] / sharding.chunk_shape[i]);
  }
  std::vector<std::int64_t> index_shape = counts;
  index_shape.push_back(2);
  auto index = ChunkDecoder::plan(sharding.index_codecs, index_shape, zarr::DataType::kUInt64, {},
                                  {}, limits);
  if (!index) return std::move(index).error().within("index of a shard");
  auto chunk = ChunkDecoder::plan(sharding.codecs, sharding.chunk_shape, type, fill, {}, limits);
  if (!chunk) return std::move(chunk).error().within("inner chunk of a shard");
  ShardDecoder decoder(*std::move(index), *std::move(chunk));
  decoder.index_at_start_ = sharding.index_at_start;
  decoder.element_size_ = zarr::byte_size(type);
  decoder.fill_ = fill;
  decoder.shape_ = shape;
  decoder.inner_ = sharding.chunk_shape;
  decoder.counts_ = std::move(counts);
  return decoder;
}

std::int64_t ShardDecoder::most_stored_bytes() const {
  constexpr std::int64_t kOverhead = 256;  // headers of an inner chunk
  const std::int64_t count = index_.output_bytes() / 16;
  return count * (expanded(chunk_.output_bytes()) - expanded(0) + kOverhead) +
         index_.stored_bytes() + expanded(0);
}

Result<Bytes> ShardDecoder::find(const Entry& entry, Bytes in, std::int64_t place) const {
  const auto size = static_cast<std::uint64_t>(in.size());
  const auto index_size = static_cast<std::uint64_t>(index_.stored_bytes());
  const std::string entry_text =
      "inner chunk " + std::to_string(place) + " of a shard of " + count_bytes(ssize(in)) +
      " at offset " + std::to_string(entry.offset) + " with length " + std::to_string(entry.length);
  if (entry.offset > size || entry.length > size - entry.offset) {
    return damaged_shard("a shard index whose entries lie inside the shard", entry_text);
  }
  const std::uint64_t index_start = index_at_start_ ? 0 : size - index_size;
  if (entry.length > 0 && entry.offset < index_start + index_size &&
      entry.offset + entry.length > index_start) {
    return damaged_shard("a shard index whose entries lie outside the index itself (" +
                       count_bytes(static_cast<std::int64_t>(index_size)) + " at offset " +
                       std::to_string(index_start) + ")",
                   entry_text);
  }
  return in.subspan(static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.length));
}

// Row by row, a row being all that lies side by side both in the inner chunk and in the shard.
void ShardDecoder::put(Bytes chunk, MutableBytes out, std::int64_t place) const {
  const std::size_t rank = shape_.size();
  std::vector<std::int64_t> stride(rank);  // of the shard, in bytes
  std::int64_t step = element_size_;
  std::int64_t target = 0;
  for (std::size_t i = rank; i-- > 0;) {
    stride[i] = step;
    step *= shape_[i];
    target += place % counts_[i] * inner_[i] * stride[i];
    place /= counts_[i];
  }
  std::size_t outer = rank;  // axes that are walked
  std::int64_t row = element_size_;
  while (outer > 0) {
    --outer;
    row *= inner_[outer];
    if (inner_[outer] != shape_[outer]) break;
  }
  std::vector<std::int64_t> index(outer);
  for (std::int64_t source = 0; source < ssize(chunk); source += row) {
    std::memcpy(out.data() + target, chunk.data() + source, static_cast<std::size_t>(row));
    for (std::size_t i = outer; i-- > 0;) {
      target += stride[i];
      if (++index[i] < inner_[i]) break;
      target -= inner_[i] * stride[i];
      index[i] = 0;
    }
  }
}

void ShardDecoder::fill(MutableBytes out) const {
  const auto size = static_cast<std::size_t>(element_size_);
  for (std::size_t i = 0; i < out.size(); i += size)
    std::memcpy(out.data() + i, fill_.data(), size);
}

Status ShardDecoder::decode(Bytes in, MutableBytes out, Workspace& workspace) const {
  Workspace* nested = workspace.nested();
  const MutableBytes entries = workspace.shard_index.reserve(index_.output_bytes());
  const MutableBytes chunk = workspace.shard_chunk.reserve(chunk_.output_bytes());
  if (!nested || !entries.data() || !chunk.data()) {
    return out_of_memory(index_.output_bytes() + chunk_.output_bytes());
  }
  const auto index_size = static_cast<std::size_t>(index_.stored_bytes());
  if (in.size() < index_size) {
    return damaged_shard("a shard of at least " + count_bytes(index_.stored_bytes()) + ", its index",
                         count_bytes(ssize(in)));
  }
  const Bytes stored_index = index_at_start_ ? in.first(index_size) : in.last(index_size);
  if (auto done = index_.decode(stored_index, entries, *nested); !done) {
    return std::move(done).error().within("index of a shard");
  }
  const auto entry_at = [&](std::int64_t place) {
    Entry entry;
    std::memcpy(&entry, entries.data() + place * 16, 16);
    return entry;
  };
  const std::int64_t count = index_.output_bytes() / 16;
  bool complete = true;
  for (std::int64_t i = 0; i < count; ++i) complete = complete && !entry_at(i).absent();
  if (!complete) fill(out);
  for (std::int64_t i = 0; i < count; ++i) {
    const Entry entry = entry_at(i);
    if (entry.absent()) continue;
    auto stored = find(entry, in, i);
    if (!stored) return std::move(stored).error();
    if (auto done = chunk_.decode(*stored, chunk, *nested); !done) {
      return std::move(done).error().within("inner chunk " + std::to_string(i) + " of a shard");
    }
    put(chunk, out, i);
  }
  return Success{};
}

}  // namespace mifa::codec
