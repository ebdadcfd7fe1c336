// Texts of the objects in view, to be shown beside them on the image.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "annotation/layer.h"
#include "annotation/spatial_order.h"
#include "annotation/style.h"

namespace mifa::annotation {

// Labels told at once: more than a screen has room for.
inline constexpr std::size_t kLabelsAtOnce = 400;
// Of one label, in bytes; longer ones end with "…".
inline constexpr std::size_t kLabelBytes = 64;

struct LabelQuery {
  enum class Kind { kCategory, kId, kTrack, kColumn };
  Kind kind = Kind::kCategory;
  std::string column;  // kColumn
  // What is in view, in layer coordinates with their origin.
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  // Room for one label, in layer units: of the objects whose middles are in one cell of this size the
  // largest is told, so that what is told is spread over the view. 0: no cells.
  double cell_width = 0, cell_height = 0;
  // NaN: any.
  double frame = std::numeric_limits<double>::quiet_NaN();
  double slice = std::numeric_limits<double>::quiet_NaN();
};

struct LabelText {
  std::uint32_t object = 0;
  double x = 0, y = 0;  // the middle of its bounds, in layer coordinates with their origin
  double half = 0;      // half the longer edge of its bounds
  std::string text;
};

// The largest first, at most kLabelsAtOnce; objects that `mask` hides or that have no such text are left out.
std::vector<LabelText> label_texts(const Layer& layer, const SpatialOrder& order, const Mask& mask,
                                   const LabelQuery& query);

}  // namespace mifa::annotation
