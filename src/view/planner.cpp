#include "view/planner.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <tuple>

namespace mifa::view {
namespace {

// A texel of the chosen level is at least this many device pixels: below, nearest sampling would
// skip texels; far above, the picture is coarser than the screen.
constexpr double kMinimumTexelPixels = 0.7;
// A view may use this share of the GPU budget; the rest keeps the fallback and the last view.
constexpr double kVisibleShare = 0.6;

using GroupKey = std::tuple<int, int, int>;  // label layer (-1 first), format, block

class Planner {
 public:
  Planner(const Scene& scene, const Camera& camera, TileStore& tiles, Scheduler& chunks,
          const Limits& limits, const PlanOptions& options)
      : scene_(scene),
        camera_(camera),
        tiles_(tiles),
        chunks_(chunks),
        limits_(limits),
        options_(options) {}

  Plan run() {
    tiles_.begin_frame();
    if (scene_.sources.empty()) return std::move(plan_);
    const Source& image = scene_.sources.front();
    plan_.draw.image = to_pixels(image.grid(0).world());
    plan_.level = level_within_budget(image);
    for (std::size_t c = 0; c < scene_.channels.size(); ++c) {
      const ChannelLayer& channel = scene_.channels[c];
      if (!channel.visible || channel.opacity <= 0) continue;
      Position position = scene_.position;
      const int axis = image.image().c_axis;
      if (axis >= 0) position[static_cast<std::size_t>(axis)] = static_cast<std::int64_t>(c);
      style_ = {&channel, nullptr, -1};
      add_source(image, position, plan_.level);
    }
    for (std::size_t i = 0; i < scene_.labels.size(); ++i) {
      const LabelLayer& label = scene_.labels[i];
      if (!label.visible || label.opacity <= 0) continue;
      const Source& source = scene_.sources[static_cast<std::size_t>(label.source)];
      style_ = {nullptr, &label, static_cast<int>(i)};
      add_source(source, position_in(source, image, scene_.position), level_within_budget(source));
    }
    finish_groups();
    return std::move(plan_);
  }

 private:
  struct Style {
    const ChannelLayer* channel = nullptr;
    const LabelLayer* label = nullptr;
    int label_index = -1;
  };

  std::array<float, 4> to_pixels(const Rect& world) const {
    const auto low = camera_.to_pixel(world.u0, world.v0);
    const auto high = camera_.to_pixel(world.u1, world.v1);
    return {static_cast<float>(low[0]), static_cast<float>(low[1]), static_cast<float>(high[0]),
            static_cast<float>(high[1])};
  }

  // Tiles that a view of `area` may touch along u and v.
  std::array<double, 2> tiles_across(const TileGrid& grid, const Rect& area) const {
    return {area.width() / (grid.scale[0] * static_cast<double>(grid.tile[0])) + 1,
            area.height() / (grid.scale[1] * static_cast<double>(grid.tile[1])) + 1};
  }

  // Tiles of this level that one view may show of each layer.
  double tiles_within_budget(const Source& source, int level) const {
    int layers = static_cast<int>(scene_.labels.size());
    for (const ChannelLayer& channel : scene_.channels) layers += channel.visible ? 1 : 0;
    const TileGrid& grid = source.grid(level);
    const double bytes = static_cast<double>(grid.tile[0] * grid.tile[1]) *
                         texel_bytes(texel_format(source.data_type(level))) * std::max(layers, 1);
    return std::min(kVisibleShare * static_cast<double>(limits_.gpu_bytes) / bytes,
                    static_cast<double>(limits_.view_tiles));
  }

  // The level that suits the zoom, or a coarser one if its tiles would not fit on the GPU.
  int level_within_budget(const Source& source) const {
    int level = source.level_for(camera_.world_per_pixel(), kMinimumTexelPixels);
    for (; level + 1 < source.levels(); ++level) {
      const TileGrid& grid = source.grid(level);
      const Rect area = camera_.visible().intersected(grid.world());
      if (area.empty()) break;
      const auto tiles = tiles_across(grid, area);
      if (tiles[0] * tiles[1] <= tiles_within_budget(source, level)) break;
    }
    return level;
  }

  // What is looked at, cut down about its middle where even the coarsest level has too many tiles:
  // chunks that find no place on the GPU would be fetched again and again.
  Rect area_within_budget(const Source& source, int level) {
    const TileGrid& grid = source.grid(level);
    const Rect visible = camera_.visible();
    const Rect area = visible.intersected(grid.world());
    if (area.empty()) return visible;
    const auto tiles = tiles_across(grid, area);
    const double most = tiles_within_budget(source, level);
    if (tiles[0] * tiles[1] <= most || level + 1 < source.levels()) return visible;
    plan_.cut = true;
    Rect cut = area;
    const double across = std::clamp(std::sqrt(most * tiles[0] / tiles[1]), 1.0, std::max(most, 1.0));
    const double down = std::max(most / across, 1.0);
    const auto shrink = [](double& low, double& high, double middle, double length) {
      if (high - low <= length) return;
      low = std::clamp(middle - length / 2, low, high - length);
      high = low + length;
    };
    // An area of n - 1 tiles touches n at most; of one tile, only its own middle is sure to.
    const auto length = [&](std::size_t axis, double count) {
      return std::max(count - 1, 1e-3) * grid.scale[axis] * static_cast<double>(grid.tile[axis]);
    };
    const auto middle = camera_.center();
    shrink(cut.u0, cut.u1, middle[0], length(0, across));
    shrink(cut.v0, cut.v1, middle[1], length(1, down));
    return cut;
  }

  double distance_to_middle(const Rect& world) const {
    const auto middle = camera_.center();
    return std::hypot((world.u0 + world.u1) / 2 - middle[0], (world.v0 + world.v1) / 2 - middle[1]);
  }

  // Whether the tile can be drawn in this frame; asks for it under `tier` if not. Decoded elements
  // are uploaded on the way while the frame's budget lasts.
  bool available(const Source& source, const TileKey& key, const TileGrid::Tile& tile, Tier tier) {
    if (tiles_.find(key)) return true;
    plan_.wants.push_back({key.chunk, tier, distance_to_middle(tile.world)});
    const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
    if (!chunk) return false;
    if (chunk->state == ChunkState::kEmpty) return true;
    return chunk->state == ChunkState::kDecoded && upload(source, key, tile);
  }

  void upload_if_decoded(const Source& source, const TileKey& key, const TileGrid::Tile& tile) {
    if (tiles_.find(key)) return;
    const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
    if (chunk && chunk->state == ChunkState::kDecoded) upload(source, key, tile);
  }

  bool upload(const Source& source, const TileKey& key, const TileGrid::Tile& tile) {
    const int level = key.chunk.level;
    Upload upload;
    upload.format = texel_format(source.data_type(level));
    const std::int64_t bytes = tile.extent[0] * tile.extent[1] * texel_bytes(upload.format);
    if (uploaded_bytes_ > 0 && uploaded_bytes_ + bytes > options_.upload_bytes) {
      plan_.more_uploads = true;
      return false;
    }
    const auto slot = tiles_.allocate(key, upload.format, source.grid(level).tile);
    if (!slot) return false;
    uploaded_bytes_ += bytes;
    upload.ticket = chunks_.find(key.chunk)->ticket;
    upload.slot = *slot;
    upload.from_double = source.data_type(level) == zarr::DataType::kFloat64;
    upload.offset = source.tile_offset(key);
    upload.row_length = source.row_length(level);
    upload.extent = tile.extent;
    plan_.uploads.push_back(upload);
    return true;
  }

  void add_source(const Source& source, const Position& position, int level) {
    const Rect area = area_within_budget(source, level);
    const int fallback = std::max(source.fallback_level(), level);
    bool blank = false;
    // Before anything is drawn: a coarse picture that has just been decoded belongs in this frame.
    if (fallback > level) {
      source.grid(fallback).visit(area, [&](const TileGrid::Tile& tile) {
        upload_if_decoded(source, source.tile_key(fallback, tile, position), tile);
      });
    }
    source.grid(level).visit(area, [&](const TileGrid::Tile& tile) {
      const TileKey key = source.tile_key(level, tile, position);
      const Rect part = tile.world.intersected(area);
      if (available(source, key, tile, Tier::kVisible)) {
        emit(source, key, tile, part, position);
        return;
      }
      const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
      const bool given_up =
          chunk && chunk->state == ChunkState::kFailed && chunk->retry_at == 0;
      if (!given_up) ++plan_.missing_tiles;
      blank = !cover(source, part, level + 1, position) || blank;
    });
    if (fallback > level) {
      source.grid(fallback).visit(area, [&](const TileGrid::Tile& tile) {
        available(source, source.tile_key(fallback, tile, position), tile,
                  blank ? Tier::kFirst : Tier::kFallback);
      });
    }
    if (plan_.missing_tiles == 0) prefetch(source, position, level, area);
  }

  // Draws `area` from levels `level` and coarser, finest first, each part once. Returns whether all
  // of it was covered.
  bool cover(const Source& source, const Rect& area, int level, const Position& position) {
    if (level >= source.levels()) return false;
    const Rect inside = area.intersected(source.grid(level).world());
    if (inside.empty()) return cover(source, area, level + 1, position);
    // Where levels do not lie upon each other, a coarser one may reach further.
    for (const Rect& beside : {Rect{area.u0, area.v0, inside.u0, area.v1},
                               Rect{inside.u1, area.v0, area.u1, area.v1},
                               Rect{inside.u0, area.v0, inside.u1, inside.v0},
                               Rect{inside.u0, inside.v1, inside.u1, area.v1}}) {
      if (!beside.empty()) cover(source, beside, level + 1, position);
    }
    bool whole = true;
    source.grid(level).visit(area, [&](const TileGrid::Tile& tile) {
      const Rect part = tile.world.intersected(area);
      if (part.empty()) return;
      const TileKey key = source.tile_key(level, tile, position);
      const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
      if (tiles_.find(key) || (chunk && chunk->state == ChunkState::kEmpty)) {
        emit(source, key, tile, part, position);
      } else {
        whole = cover(source, part, level + 1, position) && whole;
      }
    });
    return whole;
  }

  void prefetch(const Source& source, const Position& position, int level, const Rect& area) {
    if (options_.prefetch_axis < 0 || source.index() != 0) return;
    const auto axis = static_cast<std::size_t>(options_.prefetch_axis);
    for (const int step : {1, -1}) {
      Position next = position;
      next[axis] += step;
      if (next[axis] < 0 || next[axis] >= source.image().extent(options_.prefetch_axis)) continue;
      source.grid(level).visit(area, [&](const TileGrid::Tile& tile) {
        const TileKey key = source.tile_key(level, tile, next);
        plan_.wants.push_back({key.chunk, Tier::kPrefetch, distance_to_middle(tile.world)});
      });
    }
  }

  void emit(const Source& source, const TileKey& key, const TileGrid::Tile& tile, const Rect& part,
            const Position& position) {
    const TileGrid& grid = source.grid(key.chunk.level);
    TileInstance instance;
    instance.rect = to_pixels(part);
    const auto texel = [&](double world, int axis) {
      const auto i = static_cast<std::size_t>(axis);
      return static_cast<float>((world - grid.edge[i]) / grid.scale[i] -
                                static_cast<double>(tile.origin[i]));
    };
    instance.texel = {texel(part.u0, 0), texel(part.v0, 1), texel(part.u1, 0), texel(part.v1, 1)};
    instance.extent = {static_cast<std::int16_t>(tile.extent[0]),
                       static_cast<std::int16_t>(tile.extent[1])};
    instance.neighbours.fill(-1);
    set_style(instance);
    const auto format = texel_format(source.data_type(key.chunk.level));
    int block = -1;
    if (const auto slot = tiles_.find(key)) {
      block = slot->block;
      instance.layer = static_cast<std::int16_t>(slot->layer);
      if (linear(source) || (style_.label && style_.label->outline)) {
        set_neighbours(instance, source, key, tile, position, block);
      }
    } else {
      set_constant(instance, source, key.chunk.level);
    }
    groups_[{style_.label_index, static_cast<int>(format), block}].push_back(instance);
  }

  void set_style(TileInstance& instance) const {
    if (style_.channel) {
      const ChannelLayer& channel = *style_.channel;
      const double width = channel.window.high - channel.window.low;
      instance.window = {static_cast<float>(channel.window.low),
                         static_cast<float>(width > 0 ? 1 / width : 1)};
      instance.flags = channel.inverted ? kInverted : std::int16_t{0};
      instance.color = {channel.color[0], channel.color[1], channel.color[2],
                        static_cast<std::uint8_t>(std::lround(channel.opacity * 255))};
    } else {
      instance.flags = style_.label->outline ? kOutline : std::int16_t{0};
      instance.color[3] = static_cast<std::uint8_t>(std::lround(style_.label->opacity * 255));
    }
  }

  void set_constant(TileInstance& instance, const Source& source, int level) const {
    const zarr::ArrayMetadata& array = source.array(level);
    if (array.data_type == zarr::DataType::kFloat64 ||
        array.data_type == zarr::DataType::kFloat16) {
      const auto value = static_cast<float>(zarr::to_double(array.fill_value, array.data_type));
      std::memcpy(instance.constant.data(), &value, sizeof value);
    } else if (zarr::is_signed(array.data_type) && array.data_type != zarr::DataType::kInt64) {
      const auto value =
          static_cast<std::int64_t>(zarr::to_double(array.fill_value, array.data_type));
      std::memcpy(instance.constant.data(), &value, sizeof value);
    } else {
      std::memcpy(instance.constant.data(), array.fill_value.data(), sizeof instance.constant);
    }
  }

  void set_neighbours(TileInstance& instance, const Source& source, const TileKey& key,
                      const TileGrid::Tile& tile, const Position& position, int block) {
    const TileGrid& grid = source.grid(key.chunk.level);
    const std::int64_t across = grid.count(0);
    const std::int64_t down = grid.count(1);
    std::size_t i = 0;
    for (int dv = -1; dv <= 1; ++dv) {
      for (int du = -1; du <= 1; ++du) {
        if (du == 0 && dv == 0) continue;
        const std::size_t place = i++;
        const std::int64_t u = tile.u + du;
        const std::int64_t v = tile.v + dv;
        if (u < 0 || v < 0 || u >= across || v >= down) continue;
        const TileGrid::Tile beside = grid.tile_at(u, v);
        const auto slot = tiles_.find(source.tile_key(key.chunk.level, beside, position));
        if (!slot || slot->block != block) continue;
        instance.neighbours[place] = static_cast<std::int16_t>(slot->layer);
        if (du < 0) instance.before[0] = static_cast<std::int16_t>(beside.extent[0]);
        if (dv < 0) instance.before[1] = static_cast<std::int16_t>(beside.extent[1]);
      }
    }
  }

  // Labels are never interpolated: there is no id between two ids.
  bool linear(const Source& source) const {
    if (!style_.channel) return false;
    const TileGrid& finest = source.grid(0);
    return scene_.smooth || std::min(finest.scale[0], finest.scale[1]) < camera_.world_per_pixel();
  }

  void finish_groups() {
    for (auto& [key, instances] : groups_) {
      const auto& [label, format, block] = key;
      DrawGroup group;
      group.kind = label < 0 ? DrawGroup::Kind::kIntensity : DrawGroup::Kind::kLabel;
      group.format = static_cast<TexelFormat>(format);
      group.block = block;
      group.label = label;
      group.first = static_cast<int>(plan_.draw.instances.size());
      group.count = static_cast<int>(instances.size());
      style_ = {};
      if (label < 0) style_.channel = &scene_.channels.front();
      group.linear = linear(scene_.sources.front());
      plan_.draw.groups.push_back(group);
      plan_.draw.instances.insert(plan_.draw.instances.end(), instances.begin(), instances.end());
    }
  }

  const Scene& scene_;
  const Camera& camera_;
  TileStore& tiles_;
  Scheduler& chunks_;
  const Limits& limits_;
  const PlanOptions& options_;
  Plan plan_;
  Style style_;
  std::map<GroupKey, std::vector<TileInstance>> groups_;
  std::int64_t uploaded_bytes_ = 0;
};

}  // namespace

Plan plan_frame(const Scene& scene, const Camera& camera, TileStore& tiles, Scheduler& chunks,
                const Limits& limits, const PlanOptions& options) {
  return Planner(scene, camera, tiles, chunks, limits, options).run();
}

Position position_in(const Source& to, const Source& from, const Position& position) {
  if (&to == &from) return position;
  Position result;
  for (std::size_t axis = 0; axis < to.image().axes.size(); ++axis) {
    std::int64_t element = 0;
    for (std::size_t other = 0; other < from.image().axes.size(); ++other) {
      if (from.image().axes[other].name != to.image().axes[axis].name) continue;
      if (static_cast<int>(axis) == to.image().c_axis) break;  // A mask's own channels are its own.
      const ome::Level& finest = to.image().levels.front();
      const double world = from.world_at(static_cast<int>(other), position[other]);
      element = std::llround((world - finest.translation[axis]) / finest.scale[axis]);
    }
    const std::int64_t size = to.image().extent(static_cast<int>(axis));
    result.push_back(std::clamp<std::int64_t>(element, 0, std::max<std::int64_t>(size - 1, 0)));
  }
  return result;
}

}  // namespace mifa::view
