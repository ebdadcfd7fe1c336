#include "view/scene.h"

#include <algorithm>
#include <cmath>

#include "view/lookup_table.h"

namespace mifa::view {

ome::Rgb ChannelLayer::swatch() const {
  const LookupTable* table = find_lookup_table(lut);
  return table ? table->top() : color;
}

Rect Scene::bounds() const {
  if (sources.empty()) return {};
  Rect result = sources.front().bounds();
  const auto add = [&](int index) {
    const Rect& other = sources[static_cast<std::size_t>(index)].bounds();
    result = {std::min(result.u0, other.u0), std::min(result.v0, other.v0),
              std::max(result.u1, other.u1), std::max(result.v1, other.v1)};
  };
  for (const int image : images) add(image);
  for (const LabelLayer& label : labels) add(label.source);
  return result;
}

double Scene::finest_texel() const {
  if (sources.empty()) return 1;
  double result = HUGE_VAL;
  for (const int image : images) {
    const Source& source = sources[static_cast<std::size_t>(image)];
    const TileGrid& grid = source.grid(0);
    result = std::min(result, std::min(grid.scale[0], grid.scale[1]) / source.own_per_world());
  }
  return result;
}

}  // namespace mifa::view
