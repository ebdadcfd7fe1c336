#include "view/source.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/checked.h"
#include "zarr/chunk_grid.h"

namespace mifa::view {
namespace {

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

std::size_t mix(std::size_t seed, std::uint64_t value) {
  // splitmix64's finaliser: neighbouring indices must not share buckets.
  std::uint64_t z = (static_cast<std::uint64_t>(seed) ^ value) + 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return static_cast<std::size_t>(z ^ (z >> 31U));
}

TileGrid make_grid(const ome::Level& level, int u_axis, int v_axis, std::int64_t tile_edge) {
  TileGrid grid;
  const std::array<int, 2> axes = {u_axis, v_axis};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t axis = at(axes[i]);
    grid.size[i] = level.array.shape[axis];
    grid.chunk[i] =
        std::min(level.array.inner_chunk_shape()[axis], std::max<std::int64_t>(grid.size[i], 1));
    grid.parts[i] = ceil_divide(grid.chunk[i], tile_edge);
    grid.tile[i] = ceil_divide(grid.chunk[i], grid.parts[i]);
    grid.scale[i] = level.scale[axis];
    grid.edge[i] = level.translation[axis] - level.scale[axis] / 2;
  }
  return grid;
}

// A chunk or a plane that ChunkKey and TileKey cannot number.
Status check_counts(const ome::Level& level, int u_axis, int v_axis) {
  const auto& chunk = level.array.inner_chunk_shape();
  std::int64_t planes = 1;
  for (std::size_t axis = 0; axis < chunk.size(); ++axis) {
    const std::int64_t chunks = ceil_divide(level.array.shape[axis], chunk[axis]);
    if (chunks > kMaximumChunks) {
      return Error{ErrorCode::kUnsupported, "expected at most " + std::to_string(kMaximumChunks) +
                                                " chunks along an axis, received " +
                                                std::to_string(chunks) + " along axis " +
                                                std::to_string(axis) + " of array " + level.path +
                                                "; write it with larger chunks"};
    }
    if (static_cast<int>(axis) == u_axis || static_cast<int>(axis) == v_axis) continue;
    const auto product = checked_multiply(planes, chunk[axis]);
    planes = product ? std::min(*product, kMaximumChunks + 1) : kMaximumChunks + 1;
  }
  if (planes <= kMaximumChunks) return Success{};
  return Error{ErrorCode::kUnsupported, "expected at most " + std::to_string(kMaximumChunks) +
                                            " planes in a chunk, received more in array " +
                                            level.path + "; write it with smaller chunks"};
}

}  // namespace

std::optional<PlaneMap> inverted(const PlaneMap& map) {
  const double determinant = map.uu * map.vv - map.uv * map.vu;
  PlaneMap result{map.vv / determinant,  -map.uv / determinant, 0,
                  -map.vu / determinant, map.uu / determinant,  0};
  result.u0 = -(result.uu * map.u0 + result.uv * map.v0);
  result.v0 = -(result.vu * map.u0 + result.vv * map.v0);
  // A sum is finite only if all of it is.
  const double sum = map.u0 + map.v0 + determinant + result.uu + result.uv + result.u0 + result.vu +
                     result.vv + result.v0;
  if (determinant == 0 || !std::isfinite(sum)) return std::nullopt;
  return result;
}

PlaneMap composed(const PlaneMap& outer, const PlaneMap& inner) {
  const auto origin = outer.apply(inner.u0, inner.v0);
  return {outer.uu * inner.uu + outer.uv * inner.vu, outer.uu * inner.uv + outer.uv * inner.vv,
          origin[0], outer.vu * inner.uu + outer.vv * inner.vu,
          outer.vu * inner.uv + outer.vv * inner.vv, origin[1]};
}

std::size_t ChunkKeyHash::operator()(const ChunkKey& key) const {
  std::size_t seed =
      mix(0, static_cast<std::uint64_t>(key.source) << 32U | static_cast<std::uint32_t>(key.level));
  for (std::size_t i = 0; i < key.index.size(); i += 2) {
    seed = mix(seed, static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.index[i])) << 32U |
                         static_cast<std::uint32_t>(key.index[i + 1]));
  }
  return seed;
}

std::size_t TileKeyHash::operator()(const TileKey& key) const {
  std::size_t seed = ChunkKeyHash{}(key.chunk);
  seed = mix(seed, static_cast<std::uint64_t>(key.plane));
  return mix(
      seed, static_cast<std::uint64_t>(key.part_u) << 32U | static_cast<std::uint32_t>(key.part_v));
}

Rect Rect::intersected(const Rect& other) const {
  return {std::max(u0, other.u0), std::max(v0, other.v0), std::min(u1, other.u1),
          std::min(v1, other.v1)};
}

Rect PlaneMap::apply(const Rect& rect) const {
  Rect result{HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
  for (int corner = 0; corner < 4; ++corner) {
    const auto at = apply((corner & 1) != 0 ? rect.u1 : rect.u0, corner > 1 ? rect.v1 : rect.v0);
    result = {std::min(result.u0, at[0]), std::min(result.v0, at[1]), std::max(result.u1, at[0]),
              std::max(result.v1, at[1])};
  }
  return result;
}

Rect TileGrid::world() const {
  return {edge[0], edge[1], edge[0] + scale[0] * static_cast<double>(size[0]),
          edge[1] + scale[1] * static_cast<double>(size[1])};
}

std::int64_t TileGrid::count(int axis) const {
  const std::size_t i = at(axis);
  const std::int64_t whole = size[i] / chunk[i];
  return whole * parts[i] + ceil_divide(size[i] - whole * chunk[i], tile[i]);
}

TileGrid::Tile TileGrid::tile_at(std::int64_t u, std::int64_t v) const {
  Tile result{u, v, {}, {}, {}};
  const std::array<std::int64_t, 2> index = {u, v};
  std::array<double, 2> low{};
  std::array<double, 2> high{};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::int64_t part = index[i] % parts[i];
    const std::int64_t chunk_origin = index[i] / parts[i] * chunk[i];
    result.origin[i] = chunk_origin + part * tile[i];
    const std::int64_t end =
        std::min({result.origin[i] + tile[i], chunk_origin + chunk[i], size[i]});
    result.extent[i] = std::max<std::int64_t>(end - result.origin[i], 0);
    low[i] = edge[i] + scale[i] * static_cast<double>(result.origin[i]);
    high[i] = edge[i] + scale[i] * static_cast<double>(end);
  }
  result.world = {low[0], low[1], high[0], high[1]};
  return result;
}

std::optional<TileGrid::Span> TileGrid::span(const Rect& area) const {
  const Rect inside = area.intersected(world());
  if (inside.empty()) return std::nullopt;
  Span result;
  const std::array<double, 2> low = {inside.u0, inside.v0};
  const std::array<double, 2> high = {inside.u1, inside.v1};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto tile_of = [&](double position, bool upper) {
      double texel = (position - edge[i]) / scale[i];
      // An edge that falls on a texel boundary but for rounding does not touch the next tile.
      texel = upper ? std::ceil(texel - 1e-6) - 1 : std::floor(texel + 1e-6);
      const auto element =
          std::clamp<std::int64_t>(static_cast<std::int64_t>(texel), 0, size[i] - 1);
      const std::int64_t in_chunk = element % chunk[i];
      return element / chunk[i] * parts[i] + in_chunk / tile[i];
    };
    result.first[i] = tile_of(low[i], false);
    result.last[i] = std::max(result.first[i], tile_of(high[i], true));
  }
  return result;
}

double TileGrid::tiles_in(const Rect& area) const {
  const auto touched = span(area);
  if (!touched) return 0;
  return static_cast<double>(touched->last[0] - touched->first[0] + 1) *
         static_cast<double>(touched->last[1] - touched->first[1] + 1);
}

void TileGrid::visit(const Rect& area, const std::function<void(const Tile&)>& visit_tile) const {
  const auto touched = span(area);
  if (!touched) return;
  for (std::int64_t v = touched->first[1]; v <= touched->last[1]; ++v) {
    for (std::int64_t u = touched->first[0]; u <= touched->last[0]; ++u) visit_tile(tile_at(u, v));
  }
}

Result<Source> Source::make(const ome::Multiscale& image, int index, int u_axis, int v_axis,
                            const Limits& limits, const PlaneMap& map) {
  Source source;
  const auto inverse = inverted(map);
  if (!inverse) {
    return Error{ErrorCode::kFixData,
                 "expected a placement that can be turned back, received one that squeezes the "
                 "plane of " +
                     image.path +
                     " to a line or has no finite numbers; correct its "
                     "coordinate transformations"};
  }
  source.map_ = map;
  source.inverse_ = *inverse;
  source.own_per_world_ =
      std::sqrt(std::fabs(inverse->uu * inverse->vv - inverse->uv * inverse->vu));
  source.image_ = std::make_shared<const ome::Multiscale>(image);
  source.index_ = index;
  source.plane_ = {u_axis, v_axis};
  for (const ome::Level& level : image.levels) {
    if (level.array.rank() > kMaximumRank) {
      return Error{ErrorCode::kUnsupported,
                   "expected at most " + std::to_string(kMaximumRank) + " dimensions, received " +
                       std::to_string(level.array.rank()) + " in " + level.path};
    }
    if (auto counted = check_counts(level, u_axis, v_axis); !counted) {
      return std::move(counted).error();
    }
    source.shards_.emplace_back();
    if (level.array.partial_sharding()) {
      auto layout = zarr::shard_layout(level.array);
      if (!layout) return std::move(layout).error().within("array " + level.path);
      source.shards_.back() = *std::move(layout);
    }
    source.grids_.push_back(make_grid(level, u_axis, v_axis, limits.tile_edge));
  }
  source.bounds_ = map.apply(source.grid(0).world());
  for (int level = 1; level < source.levels(); ++level) {
    const TileGrid& grid = source.grid(level);
    if (std::max(grid.size[0], grid.size[1]) >= limits.fallback_edge)
      source.fallback_level_ = level;
  }
  return source;
}

bool Source::contains(double world_u, double world_v) const {
  const auto own = to_own(world_u, world_v);
  const Rect image = grid(0).world();
  return own[0] >= image.u0 && own[0] < image.u1 && own[1] >= image.v0 && own[1] < image.v1;
}

std::int64_t Source::chunk_bytes(int level) const {
  std::int64_t elements = 1;
  for (const std::int64_t extent : chunk_shape(level)) elements *= extent;
  return elements * zarr::byte_size(data_type(level));
}

std::vector<int> Source::decode_order() const {
  std::vector<int> order;
  for (int axis = 0; axis < array(0).rank(); ++axis) {
    if (axis != plane_[0] && axis != plane_[1]) order.push_back(axis);
  }
  order.push_back(plane_[1]);
  order.push_back(plane_[0]);
  return order;
}

double Source::world_at(int axis, std::int64_t position) const {
  const ome::Level& finest = image_->levels.front();
  return finest.scale[at(axis)] * static_cast<double>(position) + finest.translation[at(axis)];
}

std::int64_t Source::element_at(int level, int axis, std::int64_t position) const {
  const ome::Level& target = image_->levels[at(level)];
  const std::int64_t size = target.array.shape[at(axis)];
  // Channels are told apart, not measured: no transformation moves one onto another.
  const double element =
      axis == image_->c_axis
          ? static_cast<double>(position)
          : (world_at(axis, position) - target.translation[at(axis)]) / target.scale[at(axis)];
  return std::clamp<std::int64_t>(std::llround(element), 0, std::max<std::int64_t>(size - 1, 0));
}

TileKey Source::tile_key(int level, const TileGrid::Tile& tile, const Position& position) const {
  TileKey key;
  key.chunk.source = index_;
  key.chunk.level = level;
  const auto& chunk = chunk_shape(level);
  const TileGrid& tiles = grid(level);
  std::int64_t plane = 0;
  for (int axis = 0; axis < array(level).rank(); ++axis) {
    if (axis == plane_[0] || axis == plane_[1]) continue;
    const std::int64_t element = element_at(level, axis, position[at(axis)]);
    key.chunk.index[at(axis)] = static_cast<std::int32_t>(element / chunk[at(axis)]);
    plane = plane * chunk[at(axis)] + element % chunk[at(axis)];
  }
  key.chunk.index[at(plane_[0])] = static_cast<std::int32_t>(tile.u / tiles.parts[0]);
  key.chunk.index[at(plane_[1])] = static_cast<std::int32_t>(tile.v / tiles.parts[1]);
  key.plane = static_cast<std::int32_t>(plane);
  key.part_u = static_cast<std::int32_t>(tile.u % tiles.parts[0]);
  key.part_v = static_cast<std::int32_t>(tile.v % tiles.parts[1]);
  return key;
}

std::int64_t Source::row_length(int level) const { return chunk_shape(level)[at(plane_[0])]; }

std::int64_t Source::tile_offset(const TileKey& key) const {
  const TileGrid& tiles = grid(key.chunk.level);
  const auto& chunk = chunk_shape(key.chunk.level);
  const std::int64_t width = row_length(key.chunk.level);
  const std::int64_t height = chunk[at(plane_[1])];
  return (key.plane * height + key.part_v * tiles.tile[1]) * width + key.part_u * tiles.tile[0];
}

std::int64_t Source::element_offset(int level, std::int64_t u, std::int64_t v,
                                    const Position& position) const {
  const TileGrid& tiles = grid(level);
  TileGrid::Tile tile;
  tile.u = u / tiles.chunk[0] * tiles.parts[0];
  tile.v = v / tiles.chunk[1] * tiles.parts[1];
  const TileKey key = tile_key(level, tile, position);
  return tile_offset(key) + v % tiles.chunk[1] * row_length(level) + u % tiles.chunk[0];
}

const zarr::ShardLayout* Source::shards(int level) const {
  const auto& layout = shards_[at(level)];
  return layout ? &*layout : nullptr;
}

std::string Source::chunk_path(const ChunkKey& key) const {
  const ome::Level& level = image_->levels[at(key.level)];
  std::vector<std::int64_t> index = index_of(key);
  if (const zarr::ShardLayout* layout = shards(key.level)) index = zarr::shard_of(*layout, index);
  const std::string name = zarr::chunk_key(level.array.key_encoding, index);
  return level.path.empty() ? name : level.path + "/" + name;
}

std::uint64_t Source::shard_number(const ChunkKey& key) const {
  const zarr::ShardLayout* layout = shards(key.level);
  if (!layout) return 0;
  const auto shard = zarr::shard_of(*layout, index_of(key));
  ChunkKey file = key;
  file.index = {};
  for (std::size_t i = 0; i < shard.size(); ++i)
    file.index[i] = static_cast<std::int32_t>(shard[i]);
  return ChunkKeyHash{}(file) | 1U;
}

std::int64_t Source::place_in_shard(const ChunkKey& key) const {
  const zarr::ShardLayout* layout = shards(key.level);
  return layout ? zarr::place_in_shard(*layout, index_of(key)) : -1;
}

std::vector<std::int64_t> Source::index_of(const ChunkKey& key) const {
  const auto begin = key.index.begin();
  return {begin, begin + array(key.level).rank()};
}

std::vector<std::int64_t> Source::chunk_extent(const ChunkKey& key) const {
  const zarr::ArrayMetadata& metadata = array(key.level);
  const auto extent = zarr::valid_extent(metadata.shape, chunk_shape(key.level), index_of(key));
  std::vector<std::int64_t> ordered;
  for (const int axis : decode_order()) ordered.push_back(extent[at(axis)]);
  return ordered;
}

int Source::level_for(double own_per_pixel, double minimum) const {
  int best = levels() - 1;
  for (int level = levels() - 1; level >= 0; --level) {
    const TileGrid& tiles = grid(level);
    const double pixels = std::min(tiles.scale[0], tiles.scale[1]) / own_per_pixel;
    if (pixels < minimum) break;
    best = level;
  }
  return best;
}

}  // namespace mifa::view
