#include "view/planner.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstring>
#include <map>

#include "view/lookup_table.h"

namespace mifa::view {
namespace {

// What can be drawn in one go, in drawing order.
struct GroupKey {
  int order = 0;  // of the image, or above all images that of the label layer
  DrawGroup::Kind kind = DrawGroup::Kind::kBackdrop;
  int format = 0, block = -1, frame = 0;
  bool linear = false;
  auto operator<=>(const GroupKey&) const = default;
};

// How one layer's tiles look. Their instances are copies of `base`.
struct Style {
  const ChannelLayer* channel = nullptr;
  const LabelLayer* label = nullptr;
  TileInstance base;
};

std::uint8_t to_byte(double share) { return static_cast<std::uint8_t>(std::lround(share * 255)); }

Style style_of(const ChannelLayer& channel) {
  Style style{&channel, nullptr, {}};
  const double width = channel.window.high - channel.window.low;
  style.base.window = {static_cast<float>(channel.window.low),
                       static_cast<float>(width > 0 ? 1 / width : 1)};
  const LookupTable* table = find_lookup_table(channel.lut);
  style.base.flags = static_cast<std::int16_t>((channel.inverted ? kInverted : 0) +
                                               (table ? kTableFlag * (table->row() + 1) : 0));
  style.base.color = {channel.color[0], channel.color[1], channel.color[2],
                      to_byte(channel.opacity)};
  return style;
}

Style style_of(const LabelLayer& label) {
  Style style{nullptr, &label, {}};
  style.base.flags = static_cast<std::int16_t>((label.outline ? kOutline : 0) +
                                               (label.whole_floats ? kWholeFloats : 0));
  style.base.color[3] = to_byte(label.opacity);
  const double width = label.range.high - label.range.low;
  style.base.window = {static_cast<float>(label.range.low),
                       static_cast<float>(width > 0 ? 1 / width : 1)};
  return style;
}

class Planner {
 public:
  Planner(const Scene& scene, const Camera& camera, TileStore& tiles, Scheduler& chunks,
          const Limits& limits, const PlanOptions& options)
      : scene_(scene),
        camera_(camera),
        screen_(camera.visible()),
        tiles_(tiles),
        chunks_(chunks),
        limits_(limits),
        options_(options) {}

  Plan run() {
    tiles_.begin_frame();
    plan_.draw.frames.emplace_back();
    if (scene_.sources.empty()) return std::move(plan_);
    const ShownSources shown = find_shown(scene_, camera_, limits_);
    plan_.cut = shown.cut;
    if (!shown.list.empty()) plan_.level = shown.list.front().level;
    for (const ChannelLayer& channel : scene_.channels) channels_.push_back(style_of(channel));
    // Before anything is drawn: a coarse picture that has just been decoded belongs in this frame.
    for (const Shown& each : shown.list) visit_layers(each, &Planner::upload_fallback);
    for (const Shown& each : shown.list) {
      if (each.label < 0) add_backdrop(each);
      visit_layers(each, &Planner::add_layer);
    }
    if (plan_.missing_tiles == 0 && options_.prefetch_axis >= 0) {
      for (const Shown& each : shown.list) {
        if (each.label < 0) visit_layers(each, &Planner::prefetch);
      }
    }
    finish_groups();
    return std::move(plan_);
  }

 private:
  // Calls visit for each layer drawn of a source, with its look and the position in the source.
  void visit_layers(const Shown& shown, void (Planner::*visit)(const Position&)) {
    begin_source(shown);
    if (shown.label >= 0) {
      label_style_ = style_of(scene_.labels[static_cast<std::size_t>(shown.label)]);
      style_ = &label_style_;
      (this->*visit)(shown.position);
      return;
    }
    Position position = shown.position;
    const int axis = source_->image().c_axis;
    const auto count =
        static_cast<std::size_t>(std::max<std::int64_t>(source_->image().extent(axis), 0));
    for (std::size_t c = 0; c < std::min(channels_.size(), count); ++c) {
      style_ = &channels_[c];
      if (!drawn(*style_->channel)) continue;
      if (style_->base.flags >= kTableFlag) plan_.draw.tables = true;
      if (axis >= 0) position[static_cast<std::size_t>(axis)] = static_cast<std::int64_t>(c);
      (this->*visit)(position);
    }
  }

  void begin_source(const Shown& shown) {
    shown_ = &shown;
    source_ = shown.source;
    turned_ = !source_->map().upright();
    frame_ = 0;
    if (!turned_) return;
    const PlaneMap& map = source_->map();
    own_per_pixel_ = source_->own_per_world() * camera_.world_per_pixel();
    origin_ = source_->to_own(camera_.center()[0], camera_.center()[1]);
    const auto turn = [&](double part) {
      return static_cast<float>(part * source_->own_per_world());
    };
    const DrawFrame frame{
        {turn(map.uu), turn(map.uv), turn(map.vu), turn(map.vv)},
        {static_cast<float>(camera_.width() / 2), static_cast<float>(camera_.height() / 2)}};
    auto& frames = plan_.draw.frames;
    if (frames.back() != frame) frames.push_back(frame);
    frame_ = static_cast<int>(frames.size()) - 1;
  }

  // A rectangle of the source's plane in the source's frame.
  std::array<float, 4> to_frame(const Rect& own) const {
    std::array<double, 2> low{};
    std::array<double, 2> high{};
    if (turned_) {
      low = {(own.u0 - origin_[0]) / own_per_pixel_, (own.v0 - origin_[1]) / own_per_pixel_};
      high = {(own.u1 - origin_[0]) / own_per_pixel_, (own.v1 - origin_[1]) / own_per_pixel_};
    } else {
      const Rect world = source_->map().apply(own);
      low = camera_.to_pixel(world.u0, world.v0);
      high = camera_.to_pixel(world.u1, world.v1);
    }
    return {static_cast<float>(low[0]), static_cast<float>(low[1]), static_cast<float>(high[0]),
            static_cast<float>(high[1])};
  }

  // The source's tiles of a level that touch `area` and the screen.
  template <typename Visit>
  void visit_tiles(int level, const Rect& area, const Visit& visit) const {
    source_->grid(level).visit(area, [&](const TileGrid::Tile& tile) {
      // What touches the rectangle around a turned screen may still be beside the screen.
      if (turned_ && source_->map().apply(tile.world).intersected(screen_).empty()) return;
      visit(tile);
    });
  }

  double distance_to_middle(const Rect& own) const {
    const auto middle = camera_.center();
    const auto at = source_->map().apply((own.u0 + own.u1) / 2, (own.v0 + own.v1) / 2);
    return std::hypot(at[0] - middle[0], at[1] - middle[1]);
  }

  // The image's own ground is black: channels are light on it, whatever lies below.
  void add_backdrop(const Shown& shown) {
    begin_source(shown);
    const auto paint = [&](const Rect& part) {
      if (part.empty()) return;
      TileInstance instance;
      instance.rect = to_frame(part);
      instance.layer = 0;  // not a constant
      group(DrawGroup::Kind::kBackdrop).push_back(instance);
    };
    if (!turned_) {
      paint(source_->grid(0).world().intersected(shown.visible));
      return;
    }
    // With the corners of the tiles themselves: on a slanting edge, a longer line through the same
    // places may pass on the other side of a pixel's middle, whose lights would then add up.
    visit_tiles(shown.level, shown.area, [&](const TileGrid::Tile& tile) {
      paint(tile.world.intersected(shown.area));
    });
  }

  std::vector<TileInstance>& group(DrawGroup::Kind kind, TexelFormat format = TexelFormat::kU8,
                                   int block = -1) {
    GroupKey key;
    // Images that do not overlap share their groups: all grounds first, then all tiles.
    key.order = scene_.apart ? 0 : shown_->order;
    if (kind == DrawGroup::Kind::kLabel) {
      key.order = static_cast<int>(scene_.images.size()) + shown_->label;
    }
    key.kind = kind;
    key.format = static_cast<int>(format);
    key.block = block;
    key.frame = frame_;
    key.linear = kind == DrawGroup::Kind::kIntensity && linear();
    return groups_[key];
  }

  // Whether the tile can be drawn in this frame; asks for it under `tier` if not. Decoded elements
  // are uploaded on the way while the frame's budget lasts.
  bool available(const TileKey& key, const TileGrid::Tile& tile, Tier tier) {
    if (tiles_.find(key)) return true;
    plan_.wants.push_back({key.chunk, tier, distance_to_middle(tile.world)});
    const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
    if (!chunk) return false;
    if (chunk->state == ChunkState::kEmpty) return true;
    return chunk->state == ChunkState::kDecoded && upload(key, tile);
  }

  bool upload(const TileKey& key, const TileGrid::Tile& tile) {
    const Source& source = *source_;
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

  int fallback() const { return std::max(source_->fallback_level(), shown_->level); }

  void upload_fallback(const Position& position) {
    if (fallback() == shown_->level) return;
    visit_tiles(fallback(), shown_->area, [&](const TileGrid::Tile& tile) {
      const TileKey key = source_->tile_key(fallback(), tile, position);
      if (tiles_.find(key)) return;
      const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
      if (chunk && chunk->state == ChunkState::kDecoded) upload(key, tile);
    });
  }

  void add_layer(const Position& position) {
    const int level = shown_->level;
    bool blank = false;
    visit_tiles(level, shown_->area, [&](const TileGrid::Tile& tile) {
      const TileKey key = source_->tile_key(level, tile, position);
      const Rect part = tile.world.intersected(shown_->area);
      if (available(key, tile, Tier::kVisible)) {
        emit(key, tile, part, position);
        return;
      }
      const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
      const bool given_up =
          chunk && chunk->state == ChunkState::kFailed && chunk->retry_at == 0;
      if (!given_up) ++plan_.missing_tiles;
      blank = !cover(part, level + 1, position) || blank;
    });
    if (fallback() == level) return;
    visit_tiles(fallback(), shown_->area, [&](const TileGrid::Tile& tile) {
      available(source_->tile_key(fallback(), tile, position), tile,
                blank ? Tier::kFirst : Tier::kFallback);
    });
  }

  // Draws `area` from levels `level` and coarser, finest first, each part once. Returns whether all
  // of it was covered.
  bool cover(const Rect& area, int level, const Position& position) {
    if (level >= source_->levels()) return false;
    const Rect inside = area.intersected(source_->grid(level).world());
    if (inside.empty()) return cover(area, level + 1, position);
    // Where levels do not lie upon each other, a coarser one may reach further.
    for (const Rect& beside : {Rect{area.u0, area.v0, inside.u0, area.v1},
                               Rect{inside.u1, area.v0, area.u1, area.v1},
                               Rect{inside.u0, area.v0, inside.u1, inside.v0},
                               Rect{inside.u0, inside.v1, inside.u1, area.v1}}) {
      if (!beside.empty()) cover(beside, level + 1, position);
    }
    bool whole = true;
    visit_tiles(level, area, [&](const TileGrid::Tile& tile) {
      const Rect part = tile.world.intersected(area);
      if (part.empty()) return;
      const TileKey key = source_->tile_key(level, tile, position);
      const Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
      if (tiles_.find(key) || (chunk && chunk->state == ChunkState::kEmpty)) {
        emit(key, tile, part, position);
      } else {
        whole = cover(part, level + 1, position) && whole;
      }
    });
    return whole;
  }

  void prefetch(const Position& position) {
    const Source& first = scene_.sources.front();
    const auto axis = static_cast<std::size_t>(options_.prefetch_axis);
    for (const int step : {1, -1}) {
      Position next = scene_.position;
      next[axis] += step;
      if (next[axis] < 0 || next[axis] >= first.image().extent(options_.prefetch_axis)) continue;
      bool outside = false;
      Position there = position_in(*source_, first, next, &outside);
      if (outside) continue;
      const int c_axis = source_->image().c_axis;
      if (c_axis >= 0) there[static_cast<std::size_t>(c_axis)] = position[static_cast<std::size_t>(c_axis)];
      visit_tiles(shown_->level, shown_->area, [&](const TileGrid::Tile& tile) {
        const TileKey key = source_->tile_key(shown_->level, tile, there);
        plan_.wants.push_back({key.chunk, Tier::kPrefetch, distance_to_middle(tile.world)});
      });
    }
  }

  void emit(const TileKey& key, const TileGrid::Tile& tile, const Rect& part,
            const Position& position) {
    const TileGrid& grid = source_->grid(key.chunk.level);
    TileInstance instance = style_->base;
    instance.rect = to_frame(part);
    const auto texel = [&](double own, int axis) {
      const auto i = static_cast<std::size_t>(axis);
      return static_cast<float>((own - grid.edge[i]) / grid.scale[i] -
                                static_cast<double>(tile.origin[i]));
    };
    instance.texel = {texel(part.u0, 0), texel(part.v0, 1), texel(part.u1, 0), texel(part.v1, 1)};
    instance.extent = {static_cast<std::int16_t>(tile.extent[0]),
                       static_cast<std::int16_t>(tile.extent[1])};
    instance.neighbours.fill(-1);
    int block = -1;
    if (const auto slot = tiles_.find(key)) {
      block = slot->block;
      instance.layer = static_cast<std::int16_t>(slot->layer);
      if (linear() || (style_->label && style_->label->outline)) {
        set_neighbours(instance, key, tile, position, block);
      }
    } else {
      set_constant(instance, key.chunk.level);
    }
    group(style_->label ? DrawGroup::Kind::kLabel : DrawGroup::Kind::kIntensity,
          texel_format(source_->data_type(key.chunk.level)), block)
        .push_back(instance);
  }

  void set_constant(TileInstance& instance, int level) const {
    const zarr::ArrayMetadata& array = source_->array(level);
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

  void set_neighbours(TileInstance& instance, const TileKey& key, const TileGrid::Tile& tile,
                      const Position& position, int block) {
    const TileGrid& grid = source_->grid(key.chunk.level);
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
        const auto slot = tiles_.find(source_->tile_key(key.chunk.level, beside, position));
        if (!slot || slot->block != block) continue;
        instance.neighbours[place] = static_cast<std::int16_t>(slot->layer);
        if (du < 0) instance.before[0] = static_cast<std::int16_t>(beside.extent[0]);
        if (dv < 0) instance.before[1] = static_cast<std::int16_t>(beside.extent[1]);
      }
    }
  }

  // Labels are never interpolated: there is no id between two ids.
  bool linear() const {
    if (!style_->channel) return false;
    const TileGrid& finest = source_->grid(0);
    return scene_.smooth || std::min(finest.scale[0], finest.scale[1]) <
                                camera_.world_per_pixel() * source_->own_per_world();
  }

  void finish_groups() {
    for (auto& [key, instances] : groups_) {
      DrawGroup group;
      group.kind = key.kind;
      group.format = static_cast<TexelFormat>(key.format);
      group.block = key.block;
      if (key.kind == DrawGroup::Kind::kLabel) {
        group.label = key.order - static_cast<int>(scene_.images.size());
      }
      group.linear = key.linear;
      group.frame = key.frame;
      group.first = static_cast<int>(plan_.draw.instances.size());
      group.count = static_cast<int>(instances.size());
      plan_.draw.groups.push_back(group);
      plan_.draw.instances.insert(plan_.draw.instances.end(), instances.begin(), instances.end());
    }
  }

  const Scene& scene_;
  const Camera& camera_;
  const Rect screen_;  // in world units
  TileStore& tiles_;
  Scheduler& chunks_;
  const Limits& limits_;
  const PlanOptions& options_;
  Plan plan_;
  std::map<GroupKey, std::vector<TileInstance>> groups_;
  std::int64_t uploaded_bytes_ = 0;
  std::vector<Style> channels_;
  Style label_style_;

  // The source and layer that are being looked at.
  const Shown* shown_ = nullptr;
  const Source* source_ = nullptr;
  const Style* style_ = nullptr;
  bool turned_ = false;
  int frame_ = 0;
  std::array<double, 2> origin_{};  // of its frame, in own units
  double own_per_pixel_ = 1;
};

}  // namespace

Plan plan_frame(const Scene& scene, const Camera& camera, TileStore& tiles, Scheduler& chunks,
                const Limits& limits, const PlanOptions& options) {
  return Planner(scene, camera, tiles, chunks, limits, options).run();
}

}  // namespace mifa::view
