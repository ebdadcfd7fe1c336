// Which objects are at a place.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "annotation/spatial_order.h"
#include "annotation/style.h"

namespace mifa::annotation {

struct PickQuery {
  double x = 0, y = 0;  // layer coordinates, with origin
  double radius = 0;
  double frame = std::numeric_limits<double>::quiet_NaN();  // NaN: any
  double slice = std::numeric_limits<double>::quiet_NaN();
};

inline constexpr std::size_t kPicked = 16;
// Objects looked at exactly: with a radius over the whole layer the first that many must do.
inline constexpr std::size_t kPickCandidates = 50'000;

// At most kPicked, the smallest first.
std::vector<std::uint32_t> pick(const Layer& layer, const SpatialOrder& order, const Mask& mask,
                                const PickQuery& query);

}  // namespace mifa::annotation
