// A multiscale image prepared for being looked at in one plane: per level the tile grid, and how the
// position along the other axes picks a chunk and a plane inside it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "ome/dataset.h"
#include "view/limits.h"
#include "zarr/shard_index.h"

namespace mifa::view {

// Dimensions a chunk index can have here; OME-Zarr has at most five, a bare array may have more.
inline constexpr int kMaximumRank = 8;
// Chunks an array may have along one axis, and planes a chunk may hold: both are counted in 32 bits.
inline constexpr std::int64_t kMaximumChunks = 0x7FFFFFFF;

// One chunk of one array: what is decoded at once, so an inner chunk where the array is sharded.
// `source` counts images and labels of the scene.
struct ChunkKey {
  std::int32_t source = 0;
  std::int32_t level = 0;
  std::array<std::int32_t, kMaximumRank> index{};
  bool operator==(const ChunkKey&) const = default;
};

// One uploaded piece: a plane of a chunk, or a part of it where the plane is larger than a tile.
struct TileKey {
  ChunkKey chunk;
  std::int32_t plane = 0;  // counts the chunk's planes in C order of its other axes
  std::int32_t part_u = 0, part_v = 0;
  bool operator==(const TileKey&) const = default;
};

struct ChunkKeyHash {
  std::size_t operator()(const ChunkKey& key) const;
};
struct TileKeyHash {
  std::size_t operator()(const TileKey& key) const;
};

// Rectangle in units of the plane; u runs right, v down.
struct Rect {
  double u0 = 0, v0 = 0, u1 = 0, v1 = 0;
  double width() const { return u1 - u0; }
  double height() const { return v1 - v0; }
  bool empty() const { return !(u1 > u0 && v1 > v0); }
  Rect intersected(const Rect& other) const;
};

// The grid of tiles of one level along u and v (index 0 and 1 of each array), in the units of the
// source's own plane.
struct TileGrid {
  std::array<std::int64_t, 2> size{};    // texels of the level
  std::array<std::int64_t, 2> chunk{};   // texels of a chunk
  std::array<std::int64_t, 2> tile{};    // texels of a tile; a chunk has a whole number of parts
  std::array<std::int64_t, 2> parts{};   // tiles of a chunk
  std::array<double, 2> scale{};         // own units a texel
  std::array<double, 2> edge{};          // position of the outer edge of texel 0

  struct Tile {
    std::int64_t u = 0, v = 0;       // tile index along each axis
    std::array<std::int64_t, 2> origin{};  // first texel
    std::array<std::int64_t, 2> extent{};  // texels inside the image
    Rect world;                            // extent in own units
  };

  Rect world() const;  // extent in own units
  // Number of tiles along axis 0 or 1.
  std::int64_t count(int axis) const;
  Tile tile_at(std::int64_t u, std::int64_t v) const;
  // How many tiles touch `area`. A double: there may be more than an integer counts.
  double tiles_in(const Rect& area) const;
  // Calls visit for each tile that touches `area`, row by row.
  void visit(const Rect& area, const std::function<void(const Tile&)>& visit) const;

 private:
  struct Span {
    std::array<std::int64_t, 2> first{}, last{};
  };
  // Nothing if no tile touches the area.
  std::optional<Span> span(const Rect& area) const;
};

// Takes the plane position of a source (u, v in the units of its levels) to the scene's world:
// world u = uu * u + uv * v + u0, world v = vu * u + vv * v + v0.
struct PlaneMap {
  double uu = 1, uv = 0, u0 = 0;
  double vu = 0, vv = 1, v0 = 0;
  // Whether axes stay axes and keep their direction: rectangles then stay rectangles.
  bool upright() const { return uv == 0 && vu == 0 && uu > 0 && vv > 0; }
  std::array<double, 2> apply(double u, double v) const {
    return {uu * u + uv * v + u0, vu * u + vv * v + v0};
  }
  // The smallest upright rectangle around what `rect` becomes.
  Rect apply(const Rect& rect) const;
};

// Nothing where the map folds the plane, or passes what can be computed with.
std::optional<PlaneMap> inverted(const PlaneMap& map);
// `outer` after `inner`.
PlaneMap composed(const PlaneMap& outer, const PlaneMap& inner);

// Where along every axis of the finest level the plane lies, in element indices. The entries of the
// two plane axes are ignored.
using Position = std::vector<std::int64_t>;

class Source {
 public:
  // Keeps a copy of `image`. `u_axis`, `v_axis`: the axes shown right and down; x and y for an XY
  // slice. `map`: where that plane lies in the scene's world. Precondition: image has levels, all
  // with the rank of its axes. Fails for a rank above kMaximumRank, for more chunks along an axis
  // than kMaximumChunks, for shards that cannot be read in parts (zarr::shard_layout), and for a map
  // that cannot be inverted.
  static Result<Source> make(const ome::Multiscale& image, int index, int u_axis, int v_axis,
                             const Limits& limits, const PlaneMap& map = {});

  const ome::Multiscale& image() const { return *image_; }
  int index() const { return index_; }
  // The axes shown right and down.
  const std::array<int, 2>& plane() const { return plane_; }
  int levels() const { return static_cast<int>(grids_.size()); }
  const TileGrid& grid(int level) const { return grids_[static_cast<std::size_t>(level)]; }
  zarr::DataType data_type(int level) const { return array(level).data_type; }
  const zarr::ArrayMetadata& array(int level) const {
    return image_->levels[static_cast<std::size_t>(level)].array;
  }

  // From the source's own plane to the scene's world, and back. Grids, levels and axes of a source
  // are in its own units; only what is named world here, in Scene and in Camera is in the scene's.
  const PlaneMap& map() const { return map_; }
  const PlaneMap& inverse() const { return inverse_; }
  // The upright rectangle around the image in the scene's world.
  const Rect& bounds() const { return bounds_; }
  std::array<double, 2> to_own(double world_u, double world_v) const {
    return inverse_.apply(world_u, world_v);
  }
  // Whether a world position is on the image itself, which may be turned inside bounds().
  bool contains(double world_u, double world_v) const;
  // Own units to a world unit, as a length; to choose a level: level_for(own_per_world() *
  // world_per_pixel, …).
  double own_per_world() const { return own_per_world_; }

  // Bytes of one decoded chunk.
  std::int64_t chunk_bytes(int level) const;
  // The order in which the decoder lays out a chunk's axes: the others as they come, then v, then u.
  std::vector<int> decode_order() const;
  // Which element of `level` along `axis` shows element `position` of the finest level: the one
  // whose centre is nearest in world units.
  std::int64_t element_at(int level, int axis, std::int64_t position) const;
  // World position of an element's centre along an axis, at the finest level.
  double world_at(int axis, std::int64_t position) const;

  // The tile's key, for a plane at `position`.
  TileKey tile_key(int level, const TileGrid::Tile& tile, const Position& position) const;
  // Offset, in elements of the decoded chunk, of texel (u, v) of the level at `position`.
  std::int64_t element_offset(int level, std::int64_t u, std::int64_t v,
                              const Position& position) const;
  // Elements from one row of a decoded plane to the next.
  std::int64_t row_length(int level) const;
  // First element of a tile inside its decoded chunk.
  std::int64_t tile_offset(const TileKey& key) const;

  // Extents of one chunk along the array's axes.
  const std::vector<std::int64_t>& chunk_shape(int level) const {
    return array(level).inner_chunk_shape();
  }
  // How the level's shards are laid out; null if it has none that are read in parts.
  const zarr::ShardLayout* shards(int level) const;
  // Store key of the object that holds a chunk, relative to the dataset's root.
  std::string chunk_path(const ChunkKey& key) const;
  // A number for the shard that holds the chunk, never 0; 0 if the chunk is a file of its own.
  std::uint64_t shard_number(const ChunkKey& key) const;
  // The chunk's place in its shard's index; -1 if the object is the chunk.
  std::int64_t place_in_shard(const ChunkKey& key) const;
  // Elements of the chunk inside the array, per axis in decode order.
  std::vector<std::int64_t> chunk_extent(const ChunkKey& key) const;

  // The finest level whose texels are at least `minimum` device pixels on screen; the coarsest if
  // none is. `own_per_pixel` > 0: own units a device pixel.
  int level_for(double own_per_pixel, double minimum) const;
  // The level shown while better data is on its way.
  int fallback_level() const { return fallback_level_; }

 private:
  // The chunk's place in the grid of chunks, per axis.
  std::vector<std::int64_t> index_of(const ChunkKey& key) const;

  std::shared_ptr<const ome::Multiscale> image_;
  int index_ = 0;
  std::array<int, 2> plane_{};  // u and v axis
  PlaneMap map_, inverse_;
  Rect bounds_;
  double own_per_world_ = 1;
  std::vector<TileGrid> grids_;
  std::vector<std::optional<zarr::ShardLayout>> shards_;  // one a level
  int fallback_level_ = 0;
};

}  // namespace mifa::view
