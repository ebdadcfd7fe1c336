#include "annotation/spatial_order.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mifa::annotation {

namespace {

using Box = SpatialOrder::Box;

// Place of a cell along the Hilbert curve through 65,536² cells (Skilling's transform, in 2D).
std::uint32_t hilbert(std::uint32_t x, std::uint32_t y) {
  std::uint32_t place = 0;
  for (std::uint32_t side = 1U << 15; side > 0; side >>= 1) {
    const std::uint32_t right = (x & side) ? 1 : 0, lower = (y & side) ? 1 : 0;
    place += side * side * ((3 * right) ^ lower);
    if (lower == 0) {
      if (right == 1) {
        x = 65535 - x;
        y = 65535 - y;
      }
      std::swap(x, y);
    }
  }
  return place;
}

Box join(const Box& a, const Box& b) {
  return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

bool box_of(const Layer& layer, std::size_t object, Box& box) {
  const std::size_t begin = layer.vertex_begin[layer.part_begin[object]];
  const std::size_t end = layer.vertex_begin[layer.part_begin[object + 1]];
  if (begin == end) return false;
  box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (std::size_t i = 2 * begin; i < 2 * end;) {
    std::size_t count = 0;
    const float* xy = layer.xy.run(i, count);  // whole vertices: a page has an even number of floats
    count = std::min(count, 2 * end - i);
    for (std::size_t k = 0; k < count; k += 2) {
      box.x0 = std::min(box.x0, xy[k]);
      box.x1 = std::max(box.x1, xy[k]);
      box.y0 = std::min(box.y0, xy[k + 1]);
      box.y1 = std::max(box.y1, xy[k + 1]);
    }
    i += count;
  }
  return true;
}

float median_half(std::vector<float>& halves) {
  if (halves.empty()) return 0;
  const auto middle = halves.begin() + static_cast<std::ptrdiff_t>(halves.size() / 2);
  std::nth_element(halves.begin(), middle, halves.end());
  return *middle;
}

// Objects much larger than most come last, together: one large region among cells would else make
// its block as large as itself.
std::uint32_t size_class(float half, float median) {
  std::uint32_t klass = 0;
  for (float limit = 16 * std::max(median, 1e-6F); half > limit && klass < 7; limit *= 16) ++klass;
  return klass;
}

// First and last frame of an object.
std::array<float, 2> frames_of(const Layer& layer, std::size_t object) {
  if (object >= layer.t_begin.size() || std::isnan(layer.t_begin[object])) return {-INFINITY, INFINITY};
  return {layer.t_begin[object], layer.t_end[object]};
}

// Frames that follow one another, of which objects share blocks: as many as have some blocks of objects.
class FrameGroups {
 public:
  explicit FrameGroups(const Layer& layer) {
    if (layer.t_begin.empty()) return;
    float least = INFINITY, greatest = -INFINITY;
    for (std::size_t i = 0; i < layer.t_begin.size(); ++i) {
      if (!std::isfinite(layer.t_begin[i])) continue;
      least = std::min(least, layer.t_begin[i]);
      greatest = std::max(greatest, layer.t_begin[i]);
    }
    const std::size_t groups = layer.size() / (kGroupBlocks * SpatialOrder::kBlock);
    if (!(greatest > least) || groups < 2) return;
    least_ = least;
    frames_ = std::max(1.0F, std::ceil((greatest - least + 1) / static_cast<float>(std::min(groups, kMostGroups))));
  }
  // 0 for what is on all frames or on more than one.
  std::uint64_t of(const Layer& layer, std::size_t object) const {
    const auto [first, last] = frames_of(layer, object);
    if (frames_ <= 0 || first != last) return 0;
    return 1 + static_cast<std::uint64_t>((first - least_) / frames_);
  }

 private:
  static constexpr std::size_t kGroupBlocks = 4;
  static constexpr std::size_t kMostGroups = 100'000;
  float least_ = 0, frames_ = 0;
};

}  // namespace

SpatialOrder::SpatialOrder(const Layer& layer) {
  struct Entry {
    std::uint64_t key;
    std::uint32_t object;
    std::uint32_t box;  // in `boxes`
  };
  std::vector<Entry> entries;
  std::vector<Box> boxes;
  entries.reserve(layer.size());
  boxes.reserve(layer.size());
  std::vector<float> halves;
  Box box;
  // Every n-th object tells the median well enough.
  const std::size_t step = layer.size() / 65'536 + 1;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (!box_of(layer, i, box)) continue;
    bounds_ = entries.empty() ? box : join(bounds_, box);
    entries.push_back({0, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(boxes.size())});
    boxes.push_back(box);
    if (i % step == 0) halves.push_back(half_of(box));
  }
  const float median = median_half(halves);
  const float extent = std::max(bounds_.x1 - bounds_.x0, bounds_.y1 - bounds_.y0);
  const float scale = extent > 0 ? 65535 / extent : 0;
  const auto cell = [&](float value, float least) {
    return static_cast<std::uint32_t>(std::clamp((value - least) * scale, 0.0F, 65535.0F));
  };
  const FrameGroups groups(layer);
  for (Entry& entry : entries) {
    box = boxes[entry.box];
    const std::uint32_t place =
        hilbert(cell((box.x0 + box.x1) / 2, bounds_.x0), cell((box.y0 + box.y1) / 2, bounds_.y0));
    entry.key = groups.of(layer, entry.object) << 40 | std::uint64_t{size_class(half_of(box), median)} << 32 | place;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key < b.key : a.object < b.object;
  });
  objects_.reserve(entries.size());
  boxes_.reserve(entries.size());
  block_boxes_.reserve(entries.size() / kBlock + 1);
  for (const Entry& entry : entries) {
    box = boxes[entry.box];
    const auto frames = frames_of(layer, entry.object);
    if (objects_.size() % kBlock == 0) {
      block_boxes_.push_back(box);
      block_frames_.push_back(frames);
    } else {
      block_boxes_.back() = join(block_boxes_.back(), box);
      auto& [first, last] = block_frames_.back();
      first = std::min(first, frames[0]);
      last = std::max(last, frames[1]);
    }
    objects_.push_back(entry.object);
    boxes_.push_back(box);
  }
}

std::span<const std::uint32_t> SpatialOrder::block(std::size_t index) const {
  const std::size_t begin = index * kBlock;
  if (begin >= objects_.size()) return {};
  return std::span(objects_).subspan(begin, std::min(kBlock, objects_.size() - begin));
}

std::vector<std::uint8_t> SpatialOrder::points() const {
  std::vector<std::uint8_t> bytes(16 * objects_.size());
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const Box& box = boxes_[i];
    const float values[3] = {(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, half_of(box)};
    std::memcpy(&bytes[16 * i], values, 12);
    std::memcpy(&bytes[16 * i + 12], &objects_[i], 4);
  }
  return bytes;
}

std::vector<float> SpatialOrder::table() const {
  std::vector<float> values;
  values.reserve(kTableFloats * blocks());
  std::vector<float> halves;
  for (std::size_t i = 0; i < blocks(); ++i) {
    const std::size_t first = i * kBlock, count = block(i).size();
    halves.clear();
    for (std::size_t k = first; k < first + count; ++k) halves.push_back(half_of(boxes_[k]));
    const float largest = *std::max_element(halves.begin(), halves.end());
    const Box& box = block_boxes_[i];
    // Multiples of 1024 are exact as floats far beyond LayerLimits::objects.
    values.insert(values.end(), {box.x0, box.y0, box.x1, box.y1, median_half(halves), largest,
                                 static_cast<float>(first), static_cast<float>(count), block_frames_[i][0],
                                 block_frames_[i][1]});
  }
  return values;
}

}  // namespace mifa::annotation
