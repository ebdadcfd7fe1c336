#include "annotation/pick.h"

#include <algorithm>
#include <cmath>

#include "annotation/measure.h"

namespace mifa::annotation {

std::vector<std::uint32_t> pick(const Layer& layer, const SpatialOrder& order, const Mask& mask,
                                const PickQuery& query) {
  const double x = query.x - layer.origin[0], y = query.y - layer.origin[1], r = query.radius;
  if (!std::isfinite(x) || !std::isfinite(y) || !(r >= 0)) return {};
  const auto reaches = [&](const SpatialOrder::Box& box) {
    return x >= box.x0 - r && x <= box.x1 + r && y >= box.y0 - r && y <= box.y1 + r;
  };
  struct Found {
    double area;
    std::uint32_t object;
  };
  std::vector<Found> found;
  std::size_t candidates = 0;
  for (std::size_t block = 0; block < order.blocks() && candidates < kPickCandidates; ++block) {
    if (!reaches(order.block_boxes()[block])) continue;
    const std::size_t first = block * SpatialOrder::kBlock, count = order.block(block).size();
    for (std::size_t i = first; i < first + count; ++i) {
      const SpatialOrder::Box& box = order.boxes()[i];
      const std::uint32_t object = order.objects()[i];
      if (!reaches(box) || (!mask.empty() && !mask[object])) continue;
      if (!is_on(layer, object, query.frame, query.slice)) continue;
      ++candidates;
      if (!touches(layer, object, x, y, r)) continue;
      found.push_back({double{box.x1 - box.x0} * double{box.y1 - box.y0}, object});
    }
  }
  const std::size_t kept = std::min(found.size(), kPicked);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(),
                    [](const Found& a, const Found& b) {
                      return a.area != b.area ? a.area < b.area : a.object < b.object;
                    });
  std::vector<std::uint32_t> objects;
  for (std::size_t i = 0; i < kept; ++i) objects.push_back(found[i].object);
  return objects;
}

}  // namespace mifa::annotation
