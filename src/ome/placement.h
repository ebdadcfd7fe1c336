// An image as it is drawn in a coordinate system besides its own (0.6).
#pragma once

#include <array>

#include "core/result.h"
#include "ome/dataset.h"

namespace mifa::ome {

// An image as it is drawn in a coordinate system: which of its axes run along the plane, and how
// the plane lies in it.
struct PlacedImage {
  // Axes are renamed to the system's. Levels are rescaled along all axes off the plane (z, t …),
  // and along u and v too where the plane's map is a positive scale.
  Multiscale image;
  int u_axis = -1, v_axis = -1;  // The two axes shown.
  // world u = m[0]*u + m[1]*v + m[2]; world v = m[3]*u + m[4]*v + m[5], from the rescaled levels'
  // plane to the system's; the identity for a positive scale and translation.
  std::array<double, 6> plane{1, 0, 0, 0, 1, 0};
};

// Fails (kUnsupported) when the image lies obliquely: an axis off the plane mixes with it.
Result<PlacedImage> place(const Multiscale& image, const Placement& placement);

}  // namespace mifa::ome
