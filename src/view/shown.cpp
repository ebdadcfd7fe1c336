#include "view/shown.h"

#include <algorithm>
#include <cmath>

#include "view/tile_store.h"

namespace mifa::view {
namespace {

// A texel of the chosen level is at least this many device pixels: below, nearest sampling would
// skip texels; far above, the picture is coarser than the screen.
constexpr double kMinimumTexelPixels = 0.7;
// A view may use this share of the GPU budget; the rest keeps the fallback and the last view.
constexpr double kVisibleShare = 0.6;
// The same where nothing coarser is behind what is shown.
constexpr double kCoarsestShare = 0.85;
// Steps of the search for the part of the view that fits.
constexpr int kCutSteps = 24;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

class Finder {
 public:
  Finder(const Scene& scene, const Camera& camera, const Limits& limits)
      : scene_(scene), camera_(camera), limits_(limits), screen_(camera.visible()) {}

  ShownSources run() && {
    for (std::size_t i = 0; i < scene_.images.size(); ++i) add_image(static_cast<int>(i));
    for (std::size_t i = 0; i < scene_.labels.size(); ++i) add_label(static_cast<int>(i));
    for (const Shown& shown : result_.list) layers_ += shown.layers;
    layers_ = std::max(layers_, 1);
    choose_levels();
    cut();
    return std::move(result_);
  }

 private:
  const Source& source(int index) const { return scene_.sources[at(index)]; }

  void add_image(int order) {
    const Source& image = source(scene_.images[at(order)]);
    if (image.bounds().intersected(screen_).empty()) return;
    bool outside = false;
    Shown shown;
    shown.position = position_in(image, scene_.sources.front(), scene_.position, &outside);
    if (outside) return;
    const std::int64_t channels = image.image().extent(image.image().c_axis);
    for (std::size_t c = 0; c < scene_.channels.size(); ++c) {
      if (static_cast<std::int64_t>(c) < channels && drawn(scene_.channels[c])) ++shown.layers;
    }
    shown.order = order;
    add(std::move(shown), image);
  }

  void add_label(int index) {
    const LabelLayer& label = scene_.labels[at(index)];
    const Source& mask = source(label.source);
    if (!label.visible || label.opacity <= 0) return;
    if (mask.bounds().intersected(screen_).empty()) return;
    bool outside = false;
    Shown shown;
    shown.position = label_position(label, mask, scene_, &outside);
    if (outside) return;
    shown.label = index;
    shown.layers = 1;
    add(std::move(shown), mask);
  }

  void add(Shown shown, const Source& from) {
    shown.source = &from;
    shown.area = shown.visible = from.inverse().apply(screen_);
    shown.level =
        from.level_for(camera_.world_per_pixel() * from.own_per_world(), kMinimumTexelPixels);
    result_.list.push_back(std::move(shown));
  }

  // The share of the budgets that tiles in `area` take. 1 is all there is for one view.
  double cost(const Shown& shown, const Rect& area, double gpu_bytes) const {
    const TileGrid& grid = shown.source->grid(shown.level);
    const double bytes = static_cast<double>(grid.tile[0] * grid.tile[1]) *
                         texel_bytes(texel_format(shown.source->data_type(shown.level)));
    const double tiles = static_cast<double>(limits_.view_tiles) * layers_;
    return grid.tiles_in(area) * shown.layers * std::max(bytes / gpu_bytes, 1 / tiles);
  }

  double gpu_bytes() const {
    const auto coarse = [](const Shown& shown) {
      return shown.level >= shown.source->fallback_level();
    };
    const bool coarsest = std::all_of(result_.list.begin(), result_.list.end(), coarse);
    return (coarsest ? kCoarsestShare : kVisibleShare) * static_cast<double>(limits_.gpu_bytes);
  }

  // Whether this one takes more than its layers' part.
  bool exceeds(const Shown& shown, double gpu_bytes) const {
    return cost(shown, shown.visible, gpu_bytes) * layers_ > shown.layers;
  }

  bool fit(double gpu_bytes) const {
    double sum = 0;
    for (const Shown& shown : result_.list) sum += cost(shown, shown.area, gpu_bytes);
    return sum <= 1;
  }

  // Coarser levels than suit the zoom, for those that take more than their part, until all fit.
  void choose_levels() {
    bool changed = true;
    while (changed && !fit(gpu_bytes())) {
      changed = false;
      const double bytes = gpu_bytes();
      for (Shown& shown : result_.list) {
        if (shown.level + 1 >= shown.source->levels() || !exceeds(shown, bytes)) continue;
        ++shown.level;
        changed = true;
      }
    }
  }

  // The part of what is looked at, about its middle.
  Rect middle_part(double share) const {
    const Rect all = scene_.bounds().intersected(screen_);
    const auto middle = camera_.center();
    const auto part = [&](double low, double high, double center) {
      const double length = share * (high - low);
      const double start = std::clamp(center - length / 2, low, high - length);
      return std::array<double, 2>{start, start + length};
    };
    const auto u = part(all.u0, all.u1, middle[0]);
    const auto v = part(all.v0, all.v1, middle[1]);
    return {u[0], v[0], u[1], v[1]};
  }

  // Where even the coarsest levels have too many tiles, only the middle is drawn: chunks that find
  // no place on the GPU would be fetched again and again.
  void cut() {
    const double bytes = gpu_bytes();
    if (fit(bytes)) return;
    result_.cut = true;
    std::vector<bool> large;
    for (const Shown& shown : result_.list) large.push_back(exceeds(shown, bytes));
    const auto look_at = [&](double share) {
      const Rect part = middle_part(share);
      for (std::size_t i = 0; i < large.size(); ++i) {
        Shown& shown = result_.list[i];
        if (large[i]) shown.area = shown.source->inverse().apply(part);
      }
    };
    double fits = 0;
    double step = 0.5;
    for (int i = 0; i < kCutSteps; ++i, step /= 2) {
      look_at(fits + step);
      if (fit(bytes)) fits += step;
    }
    // At the last one chunk may be too much: one tile is shown whatever its size.
    look_at(std::max(fits, step));
  }

  const Scene& scene_;
  const Camera& camera_;
  const Limits& limits_;
  const Rect screen_;
  ShownSources result_;
  int layers_ = 0;
};

}  // namespace

ShownSources find_shown(const Scene& scene, const Camera& camera, const Limits& limits) {
  return Finder(scene, camera, limits).run();
}

Position label_position(const LabelLayer& label, const Source& mask, const Scene& scene,
                        bool* outside) {
  const Source& first = scene.sources.front();
  Position position = position_in(mask, first, scene.position);
  const int c_axis = mask.image().c_axis;
  if (c_axis >= 0 && label.channel >= 0) position[at(c_axis)] = label.channel;
  if (!outside) return position;
  for (const int axis : {mask.image().z_axis, mask.image().t_axis}) {
    // One plane applies to all; of several, none does beyond their ends.
    if (axis < 0 || mask.image().extent(axis) < 2) continue;
    for (std::size_t other = 0; other < first.image().axes.size(); ++other) {
      if (first.image().axes[other].name != mask.image().axes[at(axis)].name) continue;
      const double world = first.world_at(static_cast<int>(other), scene.position[other]);
      const ome::Level& finest = mask.image().levels.front();
      const double element = (world - finest.translation[at(axis)]) / finest.scale[at(axis)];
      const auto size = static_cast<double>(mask.image().extent(axis));
      if (element < -0.5 || element > size - 0.5) *outside = true;
    }
  }
  return position;
}

Position position_in(const Source& to, const Source& from, const Position& position,
                     bool* outside) {
  if (&to == &from) return position;
  Position result;
  for (std::size_t axis = 0; axis < to.image().axes.size(); ++axis) {
    double element = 0;
    for (std::size_t other = 0; other < from.image().axes.size(); ++other) {
      if (from.image().axes[other].name != to.image().axes[axis].name) continue;
      if (static_cast<int>(axis) == to.image().c_axis) break;  // A mask's own channels are its own.
      const ome::Level& finest = to.image().levels.front();
      const double world = from.world_at(static_cast<int>(other), position[other]);
      element = (world - finest.translation[axis]) / finest.scale[axis];
    }
    const auto size = static_cast<double>(to.image().extent(static_cast<int>(axis)));
    const bool plane =
        static_cast<int>(axis) == to.plane()[0] || static_cast<int>(axis) == to.plane()[1];
    if (outside && !plane && (element < -0.5 || element > size - 0.5)) *outside = true;
    result.push_back(
        static_cast<std::int64_t>(std::clamp(std::round(element), 0.0, std::max(size - 1, 0.0))));
  }
  return result;
}

}  // namespace mifa::view
