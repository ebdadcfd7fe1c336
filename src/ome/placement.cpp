#include "ome/placement.h"

namespace mifa::ome {

Result<PlacedImage> place(const Multiscale& image, const Placement&) {
  PlacedImage result;
  result.image = image;
  result.u_axis = image.x_axis;
  result.v_axis = image.y_axis;
  return result;
}

}  // namespace mifa::ome
