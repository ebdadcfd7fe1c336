#include "annotation/measure.h"

#include <algorithm>
#include <cmath>

namespace mifa::annotation {

namespace {

struct Part {
  const Layer& layer;
  std::size_t begin, end;
  Part(const Layer& of, std::size_t part)
      : layer(of), begin(of.vertex_begin[part]), end(of.vertex_begin[part + 1]) {}
  double x(std::size_t vertex) const { return layer.xy[2 * vertex]; }
  double y(std::size_t vertex) const { return layer.xy[2 * vertex + 1]; }
};

double squared_distance(double x, double y, double x0, double y0, double x1, double y1) {
  const double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
  const double along = length > 0 ? std::clamp(((x - x0) * dx + (y - y0) * dy) / length, 0.0, 1.0) : 0.0;
  const double ex = x - (x0 + along * dx), ey = y - (y0 + along * dy);
  return ex * ex + ey * ey;
}

// Whether an edge of the part is within `radius`; `inside` is turned over at each edge to the right
// of the place, which the even-odd rule asks for.
bool near_edge(const Part& part, bool closed, double x, double y, double radius, bool& inside) {
  if (part.begin == part.end) return false;
  std::size_t before = closed ? part.end - 1 : part.begin;
  for (std::size_t i = closed ? part.begin : part.begin + 1; i < part.end; before = i++) {
    const double x0 = part.x(before), y0 = part.y(before), x1 = part.x(i), y1 = part.y(i);
    if (squared_distance(x, y, x0, y0, x1, y1) <= radius * radius) return true;
    if ((y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)) inside = !inside;
  }
  return false;
}

bool on(const Paged<float>& begins, const Paged<float>& ends, std::size_t object, double at) {
  if (std::isnan(at) || object >= begins.size() || std::isnan(begins[object])) return true;
  return at >= begins[object] && at <= ends[object];
}

}  // namespace

double signed_area(const Layer& layer, std::size_t index) {
  const Part part(layer, index);
  if (part.end - part.begin < 3) return 0;
  // From the first vertex on: large coordinates would else cancel digits.
  const double x0 = part.x(part.begin), y0 = part.y(part.begin);
  double sum = 0;
  for (std::size_t i = part.begin + 1; i + 1 < part.end; ++i) {
    sum += (part.x(i) - x0) * (part.y(i + 1) - y0) - (part.x(i + 1) - x0) * (part.y(i) - y0);
  }
  return sum;
}

double area_of(const Layer& layer, std::size_t object) {
  double area = 0;
  for (std::size_t i = layer.part_begin[object]; i < layer.part_begin[object + 1]; ++i) {
    const Part part(layer, i);
    switch (layer.part_kind[i]) {
      case PartKind::kRing: area += std::abs(signed_area(layer, i)) / 2; break;
      case PartKind::kHole: area -= std::abs(signed_area(layer, i)) / 2; break;
      case PartKind::kBox:
        area += (part.x(part.begin + 1) - part.x(part.begin)) * (part.y(part.begin + 1) - part.y(part.begin));
        break;
      default: break;
    }
  }
  return std::max(area, 0.0);
}

double length_of(const Layer& layer, std::size_t object) {
  double length = 0;
  for (std::size_t i = layer.part_begin[object]; i < layer.part_begin[object + 1]; ++i) {
    if (layer.part_kind[i] != PartKind::kLine) continue;
    const Part part(layer, i);
    for (std::size_t k = part.begin; k + 1 < part.end; ++k) {
      length += std::hypot(part.x(k + 1) - part.x(k), part.y(k + 1) - part.y(k));
    }
  }
  return length;
}

bool touches(const Layer& layer, std::size_t object, double x, double y, double radius) {
  bool inside = false;
  for (std::size_t i = layer.part_begin[object]; i < layer.part_begin[object + 1]; ++i) {
    const Part part(layer, i);
    bool ignored = false;
    switch (layer.part_kind[i]) {
      case PartKind::kPoints:
        for (std::size_t k = part.begin; k < part.end; ++k) {
          if (squared_distance(x, y, part.x(k), part.y(k), part.x(k), part.y(k)) <= radius * radius) return true;
        }
        break;
      case PartKind::kLine:
        if (near_edge(part, false, x, y, radius, ignored)) return true;
        break;
      case PartKind::kInner:
        if (near_edge(part, true, x, y, radius, ignored)) return true;
        break;
      case PartKind::kRing:
      case PartKind::kHole:
        if (near_edge(part, true, x, y, radius, inside)) return true;
        break;
      case PartKind::kBox:
        if (x >= part.x(part.begin) - radius && x <= part.x(part.begin + 1) + radius &&
            y >= part.y(part.begin) - radius && y <= part.y(part.begin + 1) + radius) {
          return true;
        }
        break;
    }
  }
  return inside;
}

bool is_on(const Layer& layer, std::size_t object, double frame, double slice) {
  return on(layer.t_begin, layer.t_end, object, frame) && on(layer.z_begin, layer.z_end, object, slice);
}

}  // namespace mifa::annotation
