#include "codec/stored_chunk.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "zarr/chunk_grid.h"

namespace mifa::codec {
namespace {

template <typename T>
void append_row(const std::byte* row, std::int64_t count, std::vector<std::uint64_t>& ids) {
  for (std::int64_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, row + i * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    const auto id = static_cast<std::uint64_t>(value);
    // Neighbours are mostly of the same object.
    if (ids.empty() || ids.back() != id) ids.push_back(id);
  }
}

void append_ids(const std::byte* row, std::int64_t count, zarr::DataType type,
                std::vector<std::uint64_t>& ids) {
  using zarr::DataType;
  switch (type) {
    case DataType::kBool:
    case DataType::kUInt8:
      return append_row<std::uint8_t>(row, count, ids);
    case DataType::kUInt16:
      return append_row<std::uint16_t>(row, count, ids);
    case DataType::kUInt32:
      return append_row<std::uint32_t>(row, count, ids);
    case DataType::kUInt64:
      return append_row<std::uint64_t>(row, count, ids);
    case DataType::kInt8:
      return append_row<std::int8_t>(row, count, ids);
    case DataType::kInt16:
      return append_row<std::int16_t>(row, count, ids);
    case DataType::kInt32:
      return append_row<std::int32_t>(row, count, ids);
    case DataType::kInt64:
      return append_row<std::int64_t>(row, count, ids);
    case DataType::kFloat16:
    case DataType::kFloat32:
    case DataType::kFloat64:
      return;
  }
}

void make_distinct(std::vector<std::uint64_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

// The distinct values of a C-contiguous block, of the elements whose index is below `valid`.
void collect_ids(const std::byte* pixels, zarr::DataType type,
                 const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& valid,
                 std::vector<std::uint64_t>& ids) {
  const std::size_t rank = shape.size();
  const std::int64_t size = zarr::byte_size(type);
  if (rank == 0) return append_ids(pixels, 1, type, ids);
  std::vector<std::int64_t> index(rank, 0);
  while (true) {
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < rank; ++i) offset = offset * shape[i] + index[i];
    append_ids(pixels + offset * size, valid[rank - 1], type, ids);
    constexpr std::size_t kTidy = std::size_t{1} << 20;
    if (ids.size() > kTidy) make_distinct(ids);
    std::size_t axis = rank - 1;
    while (axis > 0 && ++index[axis - 1] == valid[axis - 1]) index[--axis] = 0;
    if (axis == 0) break;
  }
  make_distinct(ids);
}

}  // namespace

Result<StoredChunk> StoredChunk::prepare(const zarr::ArrayMetadata& array,
                                         const DecodeLimits& limits) {
  auto chunk = ChunkDecoder::prepare(array, {}, limits);
  if (!chunk) return std::move(chunk).error();
  StoredChunk result(*std::move(chunk));
  result.shape_ = array.shape;
  result.stored_shape_ = array.chunk_shape;
  result.part_shape_ = array.inner_chunk_shape();
  result.fill_ = array.fill_value;
  if (array.partial_sharding()) {
    auto index = ChunkDecoder::prepare_shard_index(array, limits);
    if (!index) return std::move(index).error();
    auto layout = zarr::shard_layout(array);
    if (!layout) return std::move(layout).error();
    result.shard_index_ = *std::move(index);
    result.layout_ = *std::move(layout);
  }
  return result;
}

Status StoredChunk::add(Bytes stored, std::span<const std::int64_t> part, StoredWants wants,
                        Workspace& workspace, Buffer& pixels, StoredValues& values) const {
  const MutableBytes out = pixels.reserve(chunk_.output_bytes());
  if (!out.data()) return out_of_memory(chunk_.output_bytes());
  if (auto done = chunk_.decode(stored, out, workspace); !done) return done;
  const auto valid = zarr::valid_extent(shape_, part_shape_, part);
  const ChunkStatistics statistics = chunk_.statistics(out, valid);
  if (statistics.has_finite) {
    const bool any = values.has_finite;
    values.minimum = any ? std::min(values.minimum, statistics.minimum) : statistics.minimum;
    values.maximum = any ? std::max(values.maximum, statistics.maximum) : statistics.maximum;
    values.has_finite = true;
  }
  const bool inside = std::all_of(valid.begin(), valid.end(), [](std::int64_t n) { return n > 0; });
  if (wants.elements) keep(out, part, values);
  if (wants.ids && inside) {
    collect_ids(out.data(), chunk_.data_type(), chunk_.output_shape(), valid, values.ids);
  }
  return Success{};
}

// Puts a decoded part into its place among the elements of the stored object.
void StoredChunk::keep(Bytes pixels, std::span<const std::int64_t> part, StoredValues& values) const {
  const auto size = static_cast<std::size_t>(zarr::byte_size(chunk_.data_type()));
  const std::size_t rank = stored_shape_.size();
  if (values.elements.empty()) {
    std::size_t count = 1;
    for (const std::int64_t extent : stored_shape_) count *= static_cast<std::size_t>(extent);
    values.elements.resize(count * size);
    for (std::size_t i = 0; i < count; ++i) std::memcpy(values.elements.data() + i * size, fill_.data(), size);
  }
  if (rank == 0) return void(std::memcpy(values.elements.data(), pixels.data(), size));
  const auto row = static_cast<std::size_t>(part_shape_[rank - 1]) * size;
  std::vector<std::int64_t> at(rank, 0);
  for (std::size_t from = 0; from + row <= pixels.size(); from += row) {
    std::int64_t to = 0;
    for (std::size_t i = 0; i < rank; ++i) {
      const std::int64_t parts = stored_shape_[i] / part_shape_[i];
      to = to * stored_shape_[i] + part[i] % parts * part_shape_[i] + at[i];
    }
    std::memcpy(values.elements.data() + static_cast<std::size_t>(to) * size, pixels.data() + from, row);
    for (std::size_t i = rank - 1; i-- > 0;) {
      if (++at[i] < part_shape_[i]) break;
      at[i] = 0;
    }
  }
}

Status StoredChunk::check_shard(Bytes stored, std::span<const std::int64_t> index, StoredWants wants,
                                Workspace& workspace, Buffer& pixels, StoredValues& values) const {
  const auto length = static_cast<std::int64_t>(stored.size());
  if (length < layout_.index_bytes) {
    return Error{ErrorCode::kFixData, "expected a shard with an index of " +
                                          std::to_string(layout_.index_bytes) + " bytes, received " +
                                          std::to_string(length) + " bytes"};
  }
  const Bytes tail = layout_.index_at_start
                         ? stored.first(static_cast<std::size_t>(layout_.index_bytes))
                         : stored.last(static_cast<std::size_t>(layout_.index_bytes));
  std::vector<std::byte> entries(static_cast<std::size_t>(shard_index_->output_bytes()));
  if (auto done = shard_index_->decode(tail, entries, workspace); !done) {
    return std::move(done).error().within("the shard's index");
  }
  const std::size_t rank = layout_.chunks.size();
  std::vector<std::int64_t> local(rank, 0), part(rank, 0);
  for (std::int64_t n = 0; n < layout_.count; ++n) {
    for (std::size_t i = 0; i < rank; ++i) part[i] = index[i] * layout_.chunks[i] + local[i];
    const auto place = static_cast<std::size_t>(zarr::place_in_shard(layout_, part));
    std::uint64_t entry[2];
    std::memcpy(entry, entries.data() + place * sizeof entry, sizeof entry);
    if (entry[0] != UINT64_MAX || entry[1] != UINT64_MAX) {
      const auto size = static_cast<std::uint64_t>(length);
      const std::string where = "inner chunk " + std::to_string(place) + " of the shard";
      if (entry[0] > size || entry[1] > size - entry[0]) {
        return Error{ErrorCode::kFixData,
                     where + ": expected bytes inside the shard's " + std::to_string(length) +
                         ", received " + std::to_string(entry[1]) + " bytes from " +
                         std::to_string(entry[0])};
      }
      const Bytes bytes = stored.subspan(static_cast<std::size_t>(entry[0]),
                                         static_cast<std::size_t>(entry[1]));
      if (auto done = add(bytes, part, wants, workspace, pixels, values); !done) {
        return std::move(done).error().within(where);
      }
    }
    for (std::size_t i = rank; i-- > 0;) {
      if (++local[i] < layout_.chunks[i]) break;
      local[i] = 0;
    }
  }
  return Success{};
}

Result<StoredValues> StoredChunk::check(Bytes stored, std::span<const std::int64_t> index,
                                        StoredWants wants, Workspace& workspace, Buffer& pixels) const {
  StoredValues values;
  auto done = shard_index_ ? check_shard(stored, index, wants, workspace, pixels, values)
                           : add(stored, index, wants, workspace, pixels, values);
  if (!done) return std::move(done).error();
  make_distinct(values.ids);
  return values;
}

}  // namespace mifa::codec
