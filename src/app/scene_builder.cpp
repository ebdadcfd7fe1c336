#include "app/scene_builder.h"

#include <algorithm>
#include <set>

#include "ome/placement.h"
#include "view/shown.h"

namespace mifa::app {
namespace {

// Additive colours that stay apart for colour-blind eyes as far as three receptors allow.
constexpr ome::Rgb kPalette[] = {{0, 220, 255},  {255, 60, 200}, {255, 210, 0},
                                 {90, 130, 255}, {80, 230, 90},  {255, 90, 60}};
constexpr ome::Rgb kWhite{255, 255, 255};
constexpr ome::Rgb kPair[] = {{255, 0, 255}, {0, 255, 0}};  // magenta, green
// Shown at first when the file does not say: more than these wash each other out.
constexpr std::size_t kVisibleChannels = 4;
// Channels of a mask that become layers.
constexpr std::int64_t kMostLabelChannels = 32;

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

ome::Rgb default_color(std::size_t index, std::size_t count) {
  if (count == 1) return kWhite;
  if (count == 2) return kPair[index];
  return kPalette[index % std::size(kPalette)];
}

view::ChannelLayer make_channel(const ome::Multiscale& image, std::size_t index,
                                std::size_t count) {
  view::ChannelLayer layer;
  const ome::Channel channel =
      index < image.channels.size() ? image.channels[index] : ome::Channel{};
  layer.label = channel.label.empty() ? "Channel " + std::to_string(index + 1) : channel.label;
  layer.color = image.greyscale ? kWhite : channel.color.value_or(default_color(index, count));
  layer.inverted = channel.inverted;
  layer.lut = channel.lut;
  layer.visible = channel.active.value_or(image.rgb || index < kVisibleChannels);
  if (image.rgb && !channel.window) {
    layer.window = layer.slider = {0, 255};
    layer.window_known = layer.window_fixed = true;
  }
  if (channel.window) {
    layer.window = {channel.window->start, channel.window->end};
    if (!(layer.window.high > layer.window.low)) layer.window.high = layer.window.low + 1;
    layer.slider = {std::min(channel.window->min.value_or(layer.window.low), layer.window.low),
                    std::max(channel.window->max.value_or(layer.window.high), layer.window.high)};
    layer.window_known = layer.window_fixed = true;
  }
  return layer;
}

view::Position first_position(const ome::Multiscale& image) {
  view::Position position(image.axes.size(), 0);
  // The ends of a stack are often empty; where a name says nothing, it is most likely a stack.
  for (int axis = 0; axis < static_cast<int>(position.size()); ++axis) {
    if (image.axes[at(axis)].type == ome::AxisType::kOther)
      position[at(axis)] = image.extent(axis) / 2;
  }
  if (image.z_axis >= 0) {
    position[at(image.z_axis)] = image.default_z.value_or(image.extent(image.z_axis) / 2);
  }
  if (image.t_axis >= 0) position[at(image.t_axis)] = image.default_t.value_or(0);
  return position;
}

std::string last_part(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// The label's own way into the coordinate system, or the image's, as far as the axes are the same.
ome::Placement placement_of_label(const ome::Multiscale& label, const ome::Placement& image,
                                  const ome::Multiscale& over) {
  for (const ome::Placement& own : label.placements) {
    if (own.system == image.system) return own;
  }
  ome::Placement result = image;
  result.matrix.clear();
  const std::size_t columns = over.axes.size() + 1;
  for (std::size_t row = 0; row < image.axes.size(); ++row) {
    const double* const numbers = image.matrix.data() + row * columns;
    for (const ome::Axis& axis : label.axes) {
      double number = 0;
      for (std::size_t i = 0; i < over.axes.size(); ++i) {
        if (over.axes[i].name == axis.name) number = numbers[i];
      }
      result.matrix.push_back(number);
    }
    result.matrix.push_back(numbers[columns - 1]);
  }
  return result;
}

// The tile in the middle of a level.
view::TileGrid::Tile middle_tile(const view::TileGrid& grid) {
  return grid.tile_at(grid.count(0) / 2, grid.count(1) / 2);
}

view::LabelKind kind_of(const ome::LabelImage& label) {
  if (zarr::is_float(label.image.levels.front().array.data_type)) {
    return view::LabelKind::kProbability;
  }
  return label.colors.empty() ? view::LabelKind::kInstance : view::LabelKind::kSemantic;
}

// Each channel of a mask (one a class, mostly) is a layer of its own: none of them hides another,
// as the largest of them all would.
void add_layers(view::Scene& scene, view::LabelLayer layer, const ome::Multiscale& mask) {
  const std::int64_t channels = mask.extent(mask.c_axis);
  if (channels < 2) {
    scene.labels.push_back(std::move(layer));
    return;
  }
  for (std::int64_t c = 0; c < std::min(channels, kMostLabelChannels); ++c) {
    view::LabelLayer one = layer;
    one.channel = static_cast<int>(c);
    const bool named = at(static_cast<int>(c)) < mask.channels.size();
    const std::string name = named ? mask.channels[at(static_cast<int>(c))].label : "";
    one.name += ", " + (name.empty() ? "channel " + std::to_string(c + 1) : name);
    one.visible = layer.visible && c == 0;
    scene.labels.push_back(std::move(one));
  }
}

}  // namespace

view::Rect own_rect(const ome::Multiscale& image) {
  const ome::Level& finest = image.levels.front();
  const auto edge = [&](int axis, double elements) {
    return finest.translation[at(axis)] + finest.scale[at(axis)] * (elements - 0.5);
  };
  return {edge(image.x_axis, 0), edge(image.y_axis, 0),
          edge(image.x_axis, static_cast<double>(image.extent(image.x_axis))),
          edge(image.y_axis, static_cast<double>(image.extent(image.y_axis)))};
}

Result<SourcePlace> place_image(const ome::Multiscale& image, const ome::Placement& placement) {
  auto placed = ome::place(image, placement);
  if (!placed) return std::move(placed).error();
  ome::PlacedImage& found = placed.value();
  const auto& m = found.plane;
  found.image.x_axis = found.u_axis;
  found.image.y_axis = found.v_axis;
  return SourcePlace{std::move(found.image), {m[0], m[1], m[2], m[3], m[4], m[5]}};
}

Result<view::Source> make_source(const SourcePlace& place, int index, const view::Limits& limits) {
  const ome::Multiscale& image = place.image;
  for (const int axis : {image.x_axis, image.y_axis}) {
    if (image.extent(axis) > 0) continue;
    return Error{ErrorCode::kFixData,
                 "expected an image with pixels, received an extent of 0 along " +
                     image.axes[at(axis)].name};
  }
  return view::Source::make(image, index, image.x_axis, image.y_axis, limits, place.map);
}

Result<view::Scene> build_scene(const SourcePlace& place, bool as_label,
                                const view::Limits& limits) {
  auto source = make_source(place, 0, limits);
  if (!source) return std::move(source).error();
  const ome::Multiscale& image = place.image;
  view::Scene scene;
  scene.sources.push_back(*std::move(source));
  scene.images = {0};
  scene.position = first_position(image);
  if (as_label) return scene;

  const auto count =
      static_cast<std::size_t>(std::min(image.extent(image.c_axis), limits.channels));
  for (std::size_t c = 0; c < count; ++c) {
    scene.channels.push_back(make_channel(image, c, count));
  }
  const auto visible = [](const view::ChannelLayer& layer) { return layer.visible; };
  if (!scene.channels.empty() &&
      std::none_of(scene.channels.begin(), scene.channels.end(), visible)) {
    scene.channels.front().visible = true;
  }
  return scene;
}

Status add_label(view::Scene& scene, const ome::LabelImage& label, const Placed* placement,
                 const view::Limits& limits) {
  Result<SourcePlace> place = SourcePlace{label.image, {}};
  if (placement)
    place = place_image(label.image,
                        placement_of_label(label.image, placement->placement, placement->image));
  if (!place) return std::move(place).error();
  auto source = make_source(*place, static_cast<int>(scene.sources.size()), limits);
  if (!source) return std::move(source).error();
  view::LabelLayer layer;
  layer.name = label.name;
  if (layer.name.empty()) {
    layer.name = label.image.path.empty() ? label.image.name : last_part(label.image.path);
  }
  if (layer.name.empty()) layer.name = "labels";
  layer.origin = label.laid_over ? layer.name : label.image.path;
  layer.kind = kind_of(label);
  layer.source = source->index();
  // Over nothing there is nothing to see through to; of several masks the first is enough to start,
  // unless a person asks for more.
  if (scene.channels.empty()) layer.opacity = 1;
  layer.visible = scene.labels.empty() || label.laid_over;
  scene.sources.push_back(*std::move(source));
  add_layers(scene, std::move(layer), label.image);
  return Success{};
}

std::vector<ContrastTask> contrast_tasks(const view::Scene& scene, const view::Limits& limits) {
  std::vector<ContrastTask> tasks;
  if (scene.channels.empty()) return tasks;
  const view::Source& source = scene.sources.front();
  const ome::Multiscale& image = source.image();
  const int level = source.fallback_level();
  const view::TileGrid::Tile tile = middle_tile(source.grid(level));

  std::vector<view::Position> positions = {scene.position};
  if (source.chunk_bytes(level) <= limits.contrast_chunk_bytes) {
    const auto with = [&](int axis, double share) {
      if (axis < 0 || image.extent(axis) < 2) return;
      view::Position position = scene.position;
      position[at(axis)] =
          static_cast<std::int64_t>(share * static_cast<double>(image.extent(axis) - 1));
      positions.push_back(position);
    };
    for (const double share : {0.25, 0.5, 0.75}) with(image.z_axis, share);
    for (const double share : {0.0, 0.5, 1.0}) with(image.t_axis, share);
  }
  for (std::size_t c = 0; c < scene.channels.size(); ++c) {
    const bool only_histogram = scene.channels[c].window_known;
    std::set<std::pair<std::int64_t, std::array<std::int32_t, view::kMaximumRank>>> seen;
    for (std::size_t i = 0; i < (only_histogram ? 1 : positions.size()); ++i) {
      view::Position position = positions[i];
      if (image.c_axis >= 0) position[at(image.c_axis)] = static_cast<std::int64_t>(c);
      const view::TileKey key = source.tile_key(level, tile, position);
      ContrastTask task;
      task.channel = static_cast<int>(c);
      task.chunk = key.chunk;
      task.offset = source.tile_offset(key);
      task.row_length = source.row_length(level);
      task.extent = tile.extent;
      task.first = i == 0;
      if (seen.insert({task.offset, key.chunk.index}).second) tasks.push_back(task);
    }
  }
  return tasks;
}

ContrastTask range_task(const view::Scene& scene, int label) {
  const view::LabelLayer& layer = scene.labels[at(label)];
  const view::Source& source = scene.sources[at(layer.source)];
  const int level = source.fallback_level();
  const view::TileGrid::Tile tile = middle_tile(source.grid(level));
  const view::TileKey key =
      source.tile_key(level, tile, view::label_position(layer, source, scene));
  ContrastTask task;
  task.channel = -1;
  task.label = label;
  task.chunk = key.chunk;
  task.offset = source.tile_offset(key);
  task.row_length = source.row_length(level);
  task.extent = tile.extent;
  return task;
}

}  // namespace mifa::app
