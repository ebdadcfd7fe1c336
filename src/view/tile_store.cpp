#include "view/tile_store.h"

#include <algorithm>

namespace mifa::view {
namespace {

// WebGL2 guarantees 256 layers.
constexpr std::int64_t kMaximumLayers = 256;

bool fits(const Block& block, TexelFormat format, const std::array<std::int64_t, 2>& tile) {
  return block.layers > 0 && block.format == format && block.tile[0] == tile[0] &&
         block.tile[1] == tile[1];
}

}  // namespace

TexelFormat texel_format(zarr::DataType type) {
  switch (type) {
    case zarr::DataType::kBool:
    case zarr::DataType::kUInt8:
      return TexelFormat::kU8;
    case zarr::DataType::kInt8:
      return TexelFormat::kI8;
    case zarr::DataType::kUInt16:
      return TexelFormat::kU16;
    case zarr::DataType::kInt16:
      return TexelFormat::kI16;
    case zarr::DataType::kUInt32:
      return TexelFormat::kU32;
    case zarr::DataType::kInt32:
      return TexelFormat::kI32;
    case zarr::DataType::kUInt64:
      return TexelFormat::kU64;
    case zarr::DataType::kInt64:
      return TexelFormat::kI64;
    case zarr::DataType::kFloat16:
      return TexelFormat::kF16;
    case zarr::DataType::kFloat32:
    case zarr::DataType::kFloat64:
      return TexelFormat::kF32;
  }
  return TexelFormat::kU8;
}

int texel_bytes(TexelFormat format) {
  switch (format) {
    case TexelFormat::kU8:
    case TexelFormat::kI8:
      return 1;
    case TexelFormat::kU16:
    case TexelFormat::kI16:
    case TexelFormat::kF16:
      return 2;
    case TexelFormat::kU32:
    case TexelFormat::kI32:
    case TexelFormat::kF32:
      return 4;
    case TexelFormat::kU64:
    case TexelFormat::kI64:
      return 8;
  }
  return 1;
}

std::int64_t TileStore::block_bytes(const Block& block) const {
  return std::int64_t{block.tile[0]} * block.tile[1] * block.layers * texel_bytes(block.format);
}

std::optional<Slot> TileStore::find(const TileKey& key) {
  const auto found = tiles_.find(key);
  if (found == tiles_.end()) return std::nullopt;
  found->second.used = frame_;
  return found->second.slot;
}

std::optional<Slot> TileStore::allocate(const TileKey& key, TexelFormat format,
                                        const std::array<std::int64_t, 2>& tile) {
  if (const auto slot = find(key)) return slot;
  while (true) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (!fits(blocks_[i], format, tile) || free_[i].empty()) continue;
      const Slot slot{static_cast<std::int32_t>(i), free_[i].back()};
      free_[i].pop_back();
      tiles_[key] = {slot, frame_};
      return slot;
    }
    if (make_block(format, tile)) continue;
    if (evict_one(format, tile)) continue;
    if (!release_idle_block()) return std::nullopt;
  }
}

bool TileStore::make_block(TexelFormat format, const std::array<std::int64_t, 2>& tile) {
  const std::int64_t slot_bytes = tile[0] * tile[1] * texel_bytes(format);
  Block block;
  block.format = format;
  block.tile = {static_cast<std::int32_t>(tile[0]), static_cast<std::int32_t>(tile[1])};
  // Of tiles that few have (many small images, each of another size), a full block would be mostly
  // empty: the first blocks of a kind are smaller.
  int shift = 4;
  for (const Block& other : blocks_) shift -= fits(other, format, tile) ? 2 : 0;
  const std::int64_t wanted = (limits_.gpu_block_bytes >> std::max(shift, 0)) / slot_bytes;
  const std::int64_t room = (limits_.gpu_bytes - gpu_bytes_) / slot_bytes;
  // One slot may always be made, so that something is shown whatever the limit.
  if (gpu_bytes_ > 0 && room < 1) return false;
  block.layers = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(std::min(wanted, room), 1, kMaximumLayers));
  gpu_bytes_ += block_bytes(block);
  ++revision_;
  std::vector<std::int32_t> layers;
  for (std::int32_t layer = block.layers - 1; layer >= 0; --layer) layers.push_back(layer);
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].layers > 0) continue;
    blocks_[i] = block;
    free_[i] = std::move(layers);
    return true;
  }
  blocks_.push_back(block);
  free_.push_back(std::move(layers));
  return true;
}

bool TileStore::evict_one(TexelFormat format, const std::array<std::int64_t, 2>& tile) {
  auto oldest = tiles_.end();
  for (auto it = tiles_.begin(); it != tiles_.end(); ++it) {
    const Tile& candidate = it->second;
    if (candidate.used >= frame_) continue;
    if (!fits(blocks_[static_cast<std::size_t>(candidate.slot.block)], format, tile)) continue;
    if (oldest == tiles_.end() || candidate.used < oldest->second.used) oldest = it;
  }
  if (oldest == tiles_.end()) return false;
  const Slot slot = oldest->second.slot;
  free_[static_cast<std::size_t>(slot.block)].push_back(slot.layer);
  tiles_.erase(oldest);
  return true;
}

bool TileStore::release_idle_block() {
  std::vector<bool> busy(blocks_.size());
  for (const auto& [key, tile] : tiles_) {
    if (tile.used >= frame_) busy[static_cast<std::size_t>(tile.slot.block)] = true;
  }
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (busy[i] || blocks_[i].layers == 0) continue;
    std::erase_if(tiles_, [&](const auto& entry) {
      return entry.second.slot.block == static_cast<std::int32_t>(i);
    });
    gpu_bytes_ -= block_bytes(blocks_[i]);
    blocks_[i] = {};
    free_[i].clear();
    ++revision_;
    return true;
  }
  return false;
}

void TileStore::clear() {
  tiles_.clear();
  blocks_.clear();
  free_.clear();
  gpu_bytes_ = 0;
  ++revision_;
}

}  // namespace mifa::view
