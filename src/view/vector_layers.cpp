#include "view/vector_layers.h"

#include <algorithm>
#include <cmath>

namespace mifa::view {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
// Of the shapes of an object, before any have come: an outline of twenty vertices with its inside.
constexpr std::int64_t kObjectBytes = 700;
// Lines and points reach over the bounds of their block, in device pixels.
constexpr double kMargin = 32;
// Points drawn needlessly, off the screen, rather than in a draw call of their own.
constexpr std::uint32_t kGap = 8192;
// Points are at most this share of their typical distance wide, and at least so many device pixels.
constexpr double kCrowded = 0.8;
constexpr double kSmallestPoint = 2;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

// Layer units between neighbours in the middle one of the blocks that have an area.
double typical_spacing(std::span<const VectorBlock> blocks, double layer_spread) {
  std::vector<double> spacings;
  for (const VectorBlock& block : blocks) {
    const double area = (static_cast<double>(block.bounds[2]) - block.bounds[0]) *
                        (static_cast<double>(block.bounds[3]) - block.bounds[1]);
    // Of its objects those of one frame are seen at a time.
    const double frames = double{block.last_frame} - block.first_frame + 1;
    const double spread = std::isfinite(frames) ? std::max(frames, 1.0) : layer_spread;
    if (area > 0 && block.count > 1) spacings.push_back(std::sqrt(area * spread / block.count));
  }
  if (spacings.empty()) return kInfinite;
  const auto middle = spacings.begin() + static_cast<std::ptrdiff_t>(spacings.size() / 2);
  std::nth_element(spacings.begin(), middle, spacings.end());
  return *middle;
}

Rect grown(const Rect& rect, double by) {
  return {rect.u0 - by, rect.v0 - by, rect.u1 + by, rect.v1 + by};
}

// Frames from the one that is shown to the block's; 0 where it has that one, or any is shown.
double frames_away(const VectorBlock& block, double frame) {
  if (std::isnan(frame)) return 0;
  return std::max({0.0, block.first_frame - frame, frame - block.last_frame});
}

// Bounds that are no numbers count as touching: better drawn than lost.
bool touches(const std::array<float, 4>& bounds, const Rect& seen) {
  return !(bounds[2] < seen.u0 || bounds[0] > seen.u1 || bounds[3] < seen.v0 ||
           bounds[1] > seen.v1);
}

}  // namespace

int VectorLayers::add(std::span<const float> table, double spread) {
  auto layer = std::make_unique<Layer>();
  layer->id = next_id_++;
  std::vector<VectorBlock> boxes;
  for (std::size_t i = 0; i + kBlockFloats <= table.size(); i += kBlockFloats) {
    const auto row = table.subspan(i, kBlockFloats);
    boxes.push_back({{row[0], row[1], row[2], row[3]},
                     row[4],
                     row[5],
                     static_cast<std::uint32_t>(row[6]),
                     static_cast<std::uint32_t>(row[7]),
                     row[8],
                     row[9]});
    layer->blocks.push_back({boxes.back()});
  }
  layer->spacing = typical_spacing(boxes, std::max(spread, 1.0));
  layers_.push_back(std::move(layer));
  return layers_.back()->id;
}

void VectorLayers::remove(int id) {
  Layer* layer = find(id);
  if (!layer) return;
  for (std::size_t i = 0; i < layer->blocks.size(); ++i) {
    Block& block = layer->blocks[i];
    if (block.state == State::kReady) drop(*layer, static_cast<int>(i));
    if (block.state != State::kRequested) continue;
    expected_bytes_ -= block.bytes;
    --in_flight_;
  }
  std::erase_if(requests_, [&](const VectorKey& key) { return key.layer == id; });
  std::erase_if(draws_, [&](const VectorDraw& draw) { return draw.layer == id; });
  std::erase_if(layers_, [&](const auto& each) { return each->id == id; });
}

void VectorLayers::set_settings(int id, const VectorSettings& settings) {
  if (Layer* layer = find(id)) layer->settings = settings;
}

void VectorLayers::set_placement(int id, const VectorPlacement& placement) {
  if (Layer* layer = find(id)) layer->placement = placement;
}

void VectorLayers::set_order(std::span<const int> order) {
  const auto rank = [&](const std::unique_ptr<Layer>& layer) {
    return std::find(order.begin(), order.end(), layer->id) - order.begin();
  };
  std::stable_sort(layers_.begin(), layers_.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

VectorLayers::Layer* VectorLayers::find(int id) {
  for (const auto& layer : layers_) {
    if (layer->id == id) return layer.get();
  }
  return nullptr;
}

VectorLayers::Block* VectorLayers::requested(int id, int index) {
  Layer* layer = find(id);
  if (!layer || index < 0 || at(index) >= layer->blocks.size()) return nullptr;
  Block& block = layer->blocks[at(index)];
  if (block.state != State::kRequested) return nullptr;
  expected_bytes_ -= block.bytes;
  --in_flight_;
  return &block;
}

bool VectorLayers::shapes_ready(int id, int index, std::int64_t bytes) {
  Block* block = requested(id, index);
  if (!block) return false;
  Layer& layer = *find(id);
  block->state = State::kReady;
  block->bytes = bytes;
  block->used = plans_;
  if (!std::exchange(block->known, true)) {
    layer.known_bytes += bytes;
    layer.known_objects += block->box.count;
  }
  bytes_ += bytes;
  return true;
}

void VectorLayers::shapes_failed(int id, int index) {
  if (Block* block = requested(id, index)) block->state = State::kFailed;
}

void VectorLayers::forget() {
  for (const auto& layer : layers_) {
    for (Block& block : layer->blocks) block.state = State::kAbsent;
  }
  draws_.clear();
  requests_.clear();
  drops_.clear();
  bytes_ = expected_bytes_ = 0;
  in_flight_ = 0;
}

void VectorLayers::drop(Layer& layer, int index) {
  Block& block = layer.blocks[at(index)];
  block.state = State::kAbsent;
  bytes_ -= block.bytes;
  drops_.push_back({layer.id, index});
}

bool VectorLayers::look(Layer& layer, const VectorView& view) {
  const PlaneMap map = composed(view.to_device, layer.placement.to_pixels);
  const auto back = inverted(map);
  if (!layer.settings.visible || layer.settings.opacity <= 0 || !back) return false;
  const double scale = std::sqrt(std::fabs(map.uu * map.vv - map.uv * map.vu));
  layer.seen = back->apply(grown({0, 0, view.width, view.height}, kMargin));

  VectorDraw& draw = layer.draw;
  draw = {};
  draw.layer = layer.id;
  draw.settings = layer.settings;
  const auto middle = back->apply(view.width / 2, view.height / 2);
  draw.center = {static_cast<float>(middle[0]), static_cast<float>(middle[1])};
  const auto shift = map.apply(draw.center[0], draw.center[1]);
  draw.shift = {static_cast<float>(shift[0]), static_cast<float>(shift[1])};
  draw.turn = {static_cast<float>(map.uu), static_cast<float>(map.uv), static_cast<float>(map.vu),
               static_cast<float>(map.vv)};
  draw.scale = static_cast<float>(scale);
  draw.line_width = static_cast<float>(layer.settings.line_width * view.pixel_ratio);
  const double size = layer.settings.point_size * view.pixel_ratio;
  draw.point_size = static_cast<float>(
      std::clamp(layer.spacing * scale * kCrowded, std::min(kSmallestPoint, size), size));
  draw.frame = static_cast<float>(view.frame);
  const VectorPlacement& place = layer.placement;
  draw.slice = static_cast<float>(view.slice * place.slice_scale + place.slice_offset);
  draw.slice_tolerance = static_cast<float>(std::fabs(place.slice_scale) / 2);

  for (std::size_t i = 0; i < layer.blocks.size(); ++i) {
    Block& block = layer.blocks[i];
    block.kept = false;
    block.look = Look::kOutside;
    const double away = frames_away(block.box, view.frame);
    block.now = away == 0;
    if (away > kFramesAround || !touches(block.box.bounds, layer.seen)) continue;
    const bool exact = block.box.largest > 0 && (2 * block.box.median * scale >= kShapePixels ||
                                                 2 * block.box.largest * scale >= kLargePixels);
    block.look = exact ? Look::kShapes : Look::kPoints;
    if (!exact || block.state == State::kFailed) continue;
    const auto& bounds = block.box.bounds;
    // To the nearest place of the block: in a block that holds the middle, it is 0.
    const double dx = std::clamp<double>(draw.center[0], bounds[0], std::max(bounds[0], bounds[2]));
    const double dy = std::clamp<double>(draw.center[1], bounds[1], std::max(bounds[1], bounds[3]));
    const double distance =
        (std::pow(dx - draw.center[0], 2) + std::pow(dy - draw.center[1], 2)) * scale * scale;
    wanted_.push_back({&layer, static_cast<int>(i), distance, away});
  }
  return true;
}

// This frame's first, then from the middle outwards, as much as fits; what is missing of it is asked for.
void VectorLayers::keep_nearest() {
  std::stable_sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) {
    return a.frames != b.frames ? a.frames < b.frames : a.distance < b.distance;
  });
  std::int64_t sum = 0;
  for (const Wanted& want : wanted_) {
    Layer& layer = *want.layer;
    Block& block = layer.blocks[at(want.block)];
    if (!block.known && block.state == State::kAbsent) {
      block.bytes = layer.known_objects > 0
                        ? layer.known_bytes * block.box.count / layer.known_objects
                        : kObjectBytes * block.box.count;
    }
    // The nearest is shown whatever its size.
    if (sum > 0 && sum + block.bytes > limits_.vector_bytes) continue;
    sum += std::max<std::int64_t>(block.bytes, 1);
    block.kept = true;
    if (block.state != State::kAbsent || in_flight_ >= limits_.vector_requests) continue;
    block.state = State::kRequested;
    expected_bytes_ += block.bytes;
    ++in_flight_;
    requests_.push_back({layer.id, want.block});
  }
}

// What is out of view and was so for longest goes first, then what does not fit.
void VectorLayers::evict() {
  if (bytes_ + expected_bytes_ <= limits_.vector_bytes) return;
  std::vector<Wanted> spare;
  for (const auto& layer : layers_) {
    for (std::size_t i = 0; i < layer->blocks.size(); ++i) {
      const Block& block = layer->blocks[i];
      if (block.state == State::kReady && !block.kept) {
        spare.push_back({layer.get(), static_cast<int>(i), static_cast<double>(block.used)});
      }
    }
  }
  std::stable_sort(spare.begin(), spare.end(),
                   [](const Wanted& a, const Wanted& b) { return a.distance < b.distance; });
  for (const Wanted& each : spare) {
    if (bytes_ + expected_bytes_ <= limits_.vector_bytes) break;
    drop(*each.layer, each.block);
  }
}

void VectorLayers::collect(Layer& layer) {
  VectorDraw draw = layer.draw;
  for (std::size_t i = 0; i < layer.blocks.size(); ++i) {
    Block& block = layer.blocks[i];
    if (block.look == Look::kOutside || !block.now) continue;
    if (block.look == Look::kShapes && block.state == State::kReady) {
      block.used = plans_;
      draw.shapes.push_back({static_cast<int>(i), 2 * block.box.median * draw.scale,
                             2 * block.box.largest * draw.scale});
      continue;
    }
    if (block.look == Look::kShapes) ++waiting_;
    if (block.box.count == 0) continue;
    // Runs are joined over what is out of view, but not over what is drawn by its shapes.
    const bool joins = !draw.runs.empty() &&
                       block.box.first - (draw.runs.back().first + draw.runs.back().count) <= kGap &&
                       (draw.shapes.empty() ||
                        layer.blocks[at(draw.shapes.back().block)].box.first < draw.runs.back().first);
    if (joins) {
      draw.runs.back().count = block.box.first + block.box.count - draw.runs.back().first;
    } else {
      draw.runs.push_back({block.box.first, block.box.count});
    }
  }
  draws_.push_back(std::move(draw));
}

const std::vector<VectorDraw>& VectorLayers::plan(const VectorView& view) {
  ++plans_;
  draws_.clear();
  wanted_.clear();
  waiting_ = 0;
  for (const auto& layer : layers_) {
    layer->shown = look(*layer, view);
    if (layer->shown) continue;
    for (Block& block : layer->blocks) block.kept = false;
  }
  keep_nearest();
  evict();
  for (const auto& layer : layers_) {
    if (layer->shown) collect(*layer);
  }
  return draws_;
}

}  // namespace mifa::view
