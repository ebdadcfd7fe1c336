// App: what lies under the pointer.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <tuple>

#include "app/app.h"
#include "ome/unit.h"

namespace mifa::app {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

std::string rounded(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.5g", value);
  return text.data();
}

// The texel of a level at a place of the source's own plane; -1 along an axis where it is outside.
std::array<std::int64_t, 2> texel_at(const view::Source& source, int level,
                                     const std::array<double, 2>& own) {
  const view::TileGrid& grid = source.grid(level);
  std::array<std::int64_t, 2> texel{};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto element =
        static_cast<std::int64_t>(std::floor((own[i] - grid.edge[i]) / grid.scale[i]));
    texel[i] = element >= 0 && element < grid.size[i] ? element : -1;
  }
  return texel;
}

}  // namespace

// The uppermost image under a world position; null for none.
const view::Source* App::image_at(double u, double v) const {
  for (std::size_t i = scene_.images.size(); i-- > 0;) {
    const view::Source& source = scene_.sources[at(scene_.images[i])];
    if (source.contains(u, v)) return &source;
  }
  return nullptr;
}

// Returns whether the pointer is over an image or a well.
bool App::find_place(const std::array<double, 2>& world) {
  const int cell = arrangement_ ? arrangement_->cell_at(world[0], world[1]) : -1;
  if (cell != hovered_cell_) {
    hovered_cell_ = cell;
    rebuild_interface();
  }
  const view::Source* image = image_at(world[0], world[1]);
  readout_.well.clear();
  if (cell >= 0) readout_.well = cell_text(cell);
  if (!image) {
    readout_.pixel = readout_.physical = "";
    readout_.values.clear();
    ++probe_request_;
    probe_.clear();
    return cell >= 0;
  }
  const auto own = image->to_own(world[0], world[1]);
  const auto texel = texel_at(*image, 0, own);
  readout_.pixel = "x " + std::to_string(texel[0]) + "   y " + std::to_string(texel[1]);
  const ome::Multiscale& info = image->image();
  const std::string& unit = info.axes[at(info.x_axis)].unit;
  readout_.physical =
      unit.empty() ? "" : rounded(own[0]) + ", " + rounded(own[1]) + " " + ome::unit_symbol(unit);
  probe_values(*image, world);
  return true;
}

std::string App::cell_text(int index) const {
  const Arrangement::Cell& cell = arrangement_->cells()[at(index)];
  const std::string& name = opener_->dataset().entries[at(cell.entry)].name;
  switch (cell.state) {
    case Arrangement::CellState::kMissing:
      return name + ": listed, but its image is not there";
    case Arrangement::CellState::kFailed:
      return name + ": cannot be shown";
    default:
      return name;
  }
}

void App::update_readout() {
  const auto before = std::tuple(readout_.inside, readout_.pixel, readout_.physical, readout_.well);
  readout_.inside = false;
  const bool over =
      pointer_ && !scene_.sources.empty() && !panels_.covers((*pointer_)[0], (*pointer_)[1]);
  if (over) readout_.inside = find_place(camera_.to_world((*pointer_)[0], (*pointer_)[1]));
  if (!readout_.inside) {
    hovered_layer_ = -1;
    if (std::exchange(hovered_cell_, -1) >= 0) rebuild_interface();
  }
  // Of values, values_read() tells. Frames under a pointer that rests change nothing.
  if (before != std::tuple(readout_.inside, readout_.pixel, readout_.physical, readout_.well)) state_changed();
}

// Where the chunk's element under the pointer is, if it is known or can be asked for.
void App::probe(const view::Source& source, const view::Position& position,
                const std::array<double, 2>& world, ProbeTarget target, ReadValues& request) {
  const auto own = source.to_own(world[0], world[1]);
  if (!target.fixed.empty()) {
    probe_.push_back(std::move(target));
    return;
  }
  // The level on the screen first; a finer or coarser one only if that is all there is.
  std::vector<int> levels = {std::min(plan_.level, source.levels() - 1)};
  for (int level = 0; level < source.levels(); ++level) levels.push_back(level);
  for (const int level : levels) {
    const auto texel = texel_at(source, level, own);
    if (texel[0] < 0 || texel[1] < 0) {
      target.fixed = "0";  // A mask that does not reach here has no object here.
      break;
    }
    view::TileGrid::Tile tile;
    const view::TileGrid& grid = source.grid(level);
    tile.u = texel[0] / grid.chunk[0] * grid.parts[0];
    tile.v = texel[1] / grid.chunk[1] * grid.parts[1];
    const view::TileKey key = source.tile_key(level, tile, position);
    const view::Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
    if (!chunk) continue;
    if (chunk->state == view::ChunkState::kDecoded) {
      target.place = static_cast<int>(request.places.size());
      request.places.push_back(
          {chunk->ticket, source.element_offset(level, texel[0], texel[1], position)});
    } else if (chunk->state == view::ChunkState::kEmpty) {
      target.fixed = zarr::to_text(source.array(level).fill_value, source.data_type(level));
    } else {
      continue;
    }
    break;
  }
  probe_.push_back(std::move(target));
}

void App::probe_values(const view::Source& image, const std::array<double, 2>& world) {
  ReadValues request;
  request.request = ++probe_request_;
  probe_.clear();
  const view::Source& first = scene_.sources.front();
  const ome::Multiscale& info = image.image();
  const view::Position place = view::position_in(image, first, scene_.position);
  for (int c = 0; c < static_cast<int>(scene_.channels.size()); ++c) {
    if (!scene_.channels[at(c)].visible || c >= info.extent(info.c_axis)) continue;
    view::Position position = place;
    if (info.c_axis >= 0) position[at(info.c_axis)] = c;
    probe(image, position, world, {c, -1, "", -1}, request);
  }
  for (int i = 0; i < static_cast<int>(scene_.labels.size()); ++i) {
    const view::LabelLayer& label = scene_.labels[at(i)];
    if (!label.visible) continue;
    const view::Source& source = scene_.sources[at(label.source)];
    bool outside = false;
    const view::Position position = view::label_position(label, source, scene_, &outside);
    // Beyond its last plane a mask has no object.
    probe(source, position, world, {-1, i, outside ? "0" : "", -1}, request);
  }
  const int asked = request.request;
  const bool ask = !request.places.empty();
  if (ask) commands_.push_back(std::move(request));
  if (!ask) values_read(asked, {});
}

void App::values_read(int request, const std::vector<std::string>& values) {
  if (request != probe_request_) return;
  const std::vector<ui::Reading> before = std::exchange(readout_.values, {});
  const auto hovered_before = std::pair(hovered_layer_, hovered_id_);
  hovered_layer_ = -1;
  for (const ProbeTarget& target : probe_) {
    std::string value = target.fixed;
    if (target.place >= 0 && at(target.place) < values.size()) value = values[at(target.place)];
    ui::Reading reading;
    if (target.channel >= 0) {
      const view::ChannelLayer& channel = scene_.channels[at(target.channel)];
      reading = {channel.label, value.empty() ? "…" : value, channel.swatch(), true};
    } else {
      const view::LabelLayer& label = scene_.labels[at(target.label)];
      const bool probability = label.kind == view::LabelKind::kProbability;
      const bool background = value == "0";
      const std::string shown = probability ? value : background ? "none" : "id " + value;
      reading = {label.name, value.empty() ? "…" : shown, {}, false};
      if (!probability && !background && !value.empty()) {
        hovered_layer_ = target.label;
        hovered_id_ = value[0] == '-'
                          ? static_cast<std::uint64_t>(std::strtoll(value.c_str(), nullptr, 10))
                          : std::strtoull(value.c_str(), nullptr, 10);
      }
    }
    readout_.values.push_back(std::move(reading));
  }
  const bool same =
      hovered_before == std::pair(hovered_layer_, hovered_id_) &&
      std::equal(before.begin(), before.end(), readout_.values.begin(), readout_.values.end(),
                 [](const ui::Reading& a, const ui::Reading& b) {
                   return a.name == b.name && a.value == b.value;
                 });
  if (same) return;
  invalidate();
  state_changed();
}

}  // namespace mifa::app
