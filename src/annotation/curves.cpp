#include "annotation/curves.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mifa::annotation {

namespace {

bool contains(std::span<const Vertex> ring, Vertex point) {
  bool inside = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vertex& a = ring[i];
    const Vertex& b = ring[i + 1 == ring.size() ? 0 : i + 1];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

// Rings may touch: so many points of the inner one are asked for.
bool lies_within(std::span<const Vertex> inner, std::span<const Vertex> outer) {
  const std::size_t step = std::max<std::size_t>(1, inner.size() / 9);
  int votes = 0;
  for (std::size_t i = 0; i + 1 < inner.size(); i += step) {
    votes += contains(outer, {(inner[i].x + inner[i + 1].x) / 2, (inner[i].y + inner[i + 1].y) / 2})
                 ? 1
                 : -1;
  }
  return votes > 0;
}

struct Bounds {
  double x0 = 1e300, y0 = 1e300, x1 = -1e300, y1 = -1e300;

  explicit Bounds(std::span<const Vertex> ring) {
    for (const Vertex& v : ring) {
      x0 = std::min(x0, v.x), y0 = std::min(y0, v.y), x1 = std::max(x1, v.x),
      y1 = std::max(y1, v.y);
    }
  }
  bool holds(const Bounds& other) const {
    return x0 <= other.x0 && y0 <= other.y0 && x1 >= other.x1 && y1 >= other.y1;
  }
};

}  // namespace

std::vector<Vertex> ellipse_ring(double x, double y, double half_x, double half_y, double angle) {
  // A chord over the angle 2a lies r (1 - cos a) inside of its arc.
  const double radius = std::max({std::abs(half_x), std::abs(half_y), 1e-9});
  const double half_step = std::acos(std::max(0.0, 1 - kCurveTolerance / radius));
  const double wanted = std::ceil(std::numbers::pi / half_step / 4) * 4;  // keeps the four extremes
  const int count = wanted >= 16 && wanted <= 256 ? static_cast<int>(wanted)
                    : wanted < 16                 ? 16
                                                  : 256;
  const double c = std::cos(angle), s = std::sin(angle);
  std::vector<Vertex> ring;
  ring.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const double turn = 2 * std::numbers::pi * i / count;
    const double u = half_x * std::cos(turn), v = half_y * std::sin(turn);
    ring.push_back({x + c * u - s * v, y + s * u + c * v});
  }
  return ring;
}

std::vector<Vertex> turned_box(double x, double y, double width, double height, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  std::vector<Vertex> ring;
  for (const auto& [u, v] : {std::pair{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}}) {
    ring.push_back({x + c * u * width - s * v * height, y + s * u * width + c * v * height});
  }
  return ring;
}

void append_bezier(std::vector<Vertex>& line, std::span<const Vertex> controls) {
  double length = 0;
  for (std::size_t i = 1; i < controls.size(); ++i) {
    length += std::hypot(controls[i].x - controls[i - 1].x, controls[i].y - controls[i - 1].y);
  }
  const int steps =
      controls.size() < 3 || !(length > 0) ? 1 : static_cast<int>(std::clamp(length, 4.0, 64.0));
  for (int step = 1; step <= steps; ++step) {
    const double t = static_cast<double>(step) / steps;
    std::vector<Vertex> level(controls.begin(), controls.end());
    while (level.size() > 1) {
      for (std::size_t i = 0; i + 1 < level.size(); ++i) {
        level[i] = {level[i].x + t * (level[i + 1].x - level[i].x),
                    level[i].y + t * (level[i + 1].y - level[i].y)};
      }
      level.pop_back();
    }
    if (!level.empty()) line.push_back(level.front());
  }
}

void add_part(LayerBuilder& builder, PartKind kind, std::span<const Vertex> vertices) {
  builder.part(kind);
  for (const Vertex& vertex : vertices) builder.vertex(vertex.x, vertex.y);
}

void add_nested_rings(LayerBuilder& builder, const std::vector<std::vector<Vertex>>& rings) {
  std::vector<std::size_t> order(rings.size());  // greatest first: what contains comes before
  std::vector<double> areas;
  std::vector<Bounds> bounds;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    order[i] = i;
    areas.push_back(ring_area(rings[i]));
    bounds.emplace_back(rings[i]);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return areas[a] > areas[b]; });
  // Looking each ring up in all others has an end with paths that can only be an attack.
  std::size_t left = 200'000'000;
  std::vector<std::vector<std::size_t>> holes(rings.size());
  std::vector<bool> is_hole(rings.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t ring = order[i];
    for (std::size_t j = i; j-- > 0 && left > 0;) {
      const std::size_t outer = order[j];
      left -= std::min<std::size_t>(left, 1);
      if (!bounds[outer].holds(bounds[ring])) continue;
      left -= std::min(left, 10 * rings[outer].size());
      if (!lies_within(rings[ring], rings[outer])) continue;
      is_hole[ring] = !is_hole[outer];
      if (is_hole[ring]) holes[outer].push_back(ring);
      break;
    }
  }
  for (std::size_t i = 0; i < rings.size(); ++i) {
    if (is_hole[i]) continue;
    add_part(builder, PartKind::kRing, rings[i]);
    for (const std::size_t hole : holes[i]) add_part(builder, PartKind::kHole, rings[hole]);
  }
}

double ring_area(std::span<const Vertex> ring) {
  double twice = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vertex& a = ring[i];
    const Vertex& b = ring[i + 1 == ring.size() ? 0 : i + 1];
    twice += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice) / 2;
}

}  // namespace mifa::annotation
