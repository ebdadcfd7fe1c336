// Which tiles are on the GPU, and in which texture slot. Pure bookkeeping: blocks are numbered here
// and made by `render`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "view/limits.h"
#include "view/source.h"
#include "zarr/data_type.h"

namespace mifa::view {

// Exact for every Zarr type but float64, which is drawn as float32 (its values are read from the
// decoded elements, not from the texture). 64-bit integers are pairs of 32-bit words, low first.
enum class TexelFormat : std::uint8_t { kU8, kI8, kU16, kI16, kU32, kI32, kF16, kF32, kU64, kI64 };

TexelFormat texel_format(zarr::DataType type);
int texel_bytes(TexelFormat format);

// A texture array of equal slots.
struct Block {
  TexelFormat format = TexelFormat::kU8;
  std::array<std::int32_t, 2> tile{};  // texels
  std::int32_t layers = 0;
};

struct Slot {
  std::int32_t block = -1;
  std::int32_t layer = -1;
  bool operator==(const Slot&) const = default;
};

class TileStore {
 public:
  explicit TileStore(const Limits& limits) : limits_(limits) {}

  // Starts a frame: tiles found from now on are in use and will not be evicted in it.
  void begin_frame() { ++frame_; }

  // The slot of a resident tile, marked as used in this frame; nothing otherwise.
  std::optional<Slot> find(const TileKey& key);

  // A slot for a tile that is about to be uploaded: free, or taken from the tile unused for longest,
  // or in a new block while the budget lasts. Nothing when all slots are in use in this frame.
  std::optional<Slot> allocate(const TileKey& key, TexelFormat format,
                               const std::array<std::int64_t, 2>& tile);

  // Forgets all tiles and blocks (another dataset, or the context was lost).
  void clear();

  // Blocks by number; a released one has 0 layers. `render` makes and deletes textures to match.
  const std::vector<Block>& blocks() const { return blocks_; }
  // Changes whenever a block is made or released.
  std::uint32_t revision() const { return revision_; }
  std::int64_t gpu_bytes() const { return gpu_bytes_; }
  std::int64_t resident() const { return static_cast<std::int64_t>(tiles_.size()); }

 private:
  struct Tile {
    Slot slot;
    std::uint64_t used = 0;  // frame
  };
  bool make_block(TexelFormat format, const std::array<std::int64_t, 2>& tile);
  bool release_idle_block();
  bool evict_one(TexelFormat format, const std::array<std::int64_t, 2>& tile);
  std::int64_t block_bytes(const Block& block) const;

  Limits limits_;
  std::unordered_map<TileKey, Tile, TileKeyHash> tiles_;
  std::vector<Block> blocks_;
  std::vector<std::vector<std::int32_t>> free_;  // free layers of each block
  std::int64_t gpu_bytes_ = 0;
  std::uint64_t frame_ = 0;
  std::uint32_t revision_ = 0;
};

}  // namespace mifa::view
