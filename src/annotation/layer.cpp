#include "annotation/layer.h"

#include <algorithm>

namespace mifa::annotation {

const char* shape_name(Shape shape) {
  switch (shape) {
    case Shape::kNone: return "none";
    case Shape::kPoint: return "point";
    case Shape::kBox: return "box";
    case Shape::kLine: return "line";
    case Shape::kPolygon: return "polygon";
    case Shape::kMixed: return "mixed";
  }
  return "none";
}

const char* layer_kind_name(LayerKind kind) {
  switch (kind) {
    case LayerKind::kPoints: return "point_annotations";
    case LayerKind::kBoxes: return "bounding_boxes";
    case LayerKind::kShapes: return "geometrical_annotations";
    case LayerKind::kMasks: return "segmentation_mask";
    case LayerKind::kTracks: return "tracks";
    case LayerKind::kGraph: return "graphs";
    case LayerKind::kClassLabels: return "class_labels";
    case LayerKind::kCounts: return "counts";
  }
  return "geometrical_annotations";
}

const Column* Layer::with_role(Role role) const {
  for (const auto& column : columns) {
    if (column->role == role) return column.get();
  }
  return nullptr;
}

Column* Layer::find(std::string_view column_name) const {
  for (const auto& column : columns) {
    if (column->name() == column_name) return column.get();
  }
  return nullptr;
}

std::optional<std::array<double, 4>> Layer::bounds(std::size_t object) const {
  const std::size_t begin = vertex_begin[part_begin[object]];
  const std::size_t end = vertex_begin[part_begin[object + 1]];
  if (begin == end) return std::nullopt;
  float x0 = xy[2 * begin], x1 = x0, y0 = xy[2 * begin + 1], y1 = y0;
  for (std::size_t i = begin + 1; i < end; ++i) {
    const float x = xy[2 * i], y = xy[2 * i + 1];
    x0 = std::min(x0, x), x1 = std::max(x1, x);
    y0 = std::min(y0, y), y1 = std::max(y1, y);
  }
  return std::array<double, 4>{x0 + origin[0], y0 + origin[1], x1 + origin[0], y1 + origin[1]};
}

std::string Layer::pointer(std::size_t object) const {
  if (pointer_before.empty()) return {};
  return pointer_before + std::to_string(place_ordinal[object]) + pointer_after;
}

}  // namespace mifa::annotation
