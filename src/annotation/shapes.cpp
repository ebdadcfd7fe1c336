#include "annotation/shapes.h"

#include <array>
#include <limits>
#include <mapbox/earcut.hpp>

namespace mifa::annotation {

namespace {

using Point = std::array<float, 2>;

// Draws the parts of one object after the other; a polygon is filled when its last hole is known.
class Drawer {
 public:
  Drawer(const Layer& layer, Shapes& shapes) : layer_(layer), shapes_(shapes) {}

  void draw(std::uint32_t object) {
    object_ = object;
    for (std::size_t part = layer_.part_begin[object]; part < layer_.part_begin[object + 1]; ++part) {
      begin_ = layer_.vertex_begin[part];
      end_ = layer_.vertex_begin[part + 1];
      const PartKind kind = layer_.part_kind[part];
      if (kind != PartKind::kHole) fill();
      switch (kind) {
        case PartKind::kPoints:
          for (std::size_t i = begin_; i < end_; ++i) shapes_.markers.push_back(corner(at(i)));
          break;
        case PartKind::kLine: outline(false); break;
        case PartKind::kInner: outline(true); break;
        case PartKind::kBox: box(); break;
        case PartKind::kRing:
        case PartKind::kHole:
          outline(true);
          ring();
          break;
      }
    }
    fill();
  }

 private:
  Point at(std::size_t vertex) const { return {layer_.xy[2 * vertex], layer_.xy[2 * vertex + 1]}; }
  Corner corner(const Point& point) const { return {point[0], point[1], object_}; }
  void segment(const Point& a, const Point& b) { shapes_.lines.push_back({a[0], a[1], b[0], b[1], object_}); }

  void outline(bool closed) {
    for (std::size_t i = begin_; i + 1 < end_; ++i) segment(at(i), at(i + 1));
    if (closed) segment(at(end_ - 1), at(begin_));
  }

  void box() {
    const Point least = at(begin_), greatest = at(begin_ + 1);
    const Point corners[4] = {least, {greatest[0], least[1]}, greatest, {least[0], greatest[1]}};
    for (int i = 0; i < 4; ++i) segment(corners[i], corners[(i + 1) % 4]);
    for (const int i : {0, 1, 2, 0, 2, 3}) shapes_.fill.push_back(corner(corners[i]));
  }

  void ring() {
    vertices_ += end_ - begin_;
    if (vertices_ > kFillVertices) return;
    if (rings_ == polygon_.size()) polygon_.emplace_back();
    auto& ring = polygon_[rings_++];
    ring.clear();
    for (std::size_t i = begin_; i < end_; ++i) ring.push_back(at(i));
    flat_.insert(flat_.end(), ring.begin(), ring.end());
  }

  void fill() {
    if (rings_ > 0 && vertices_ <= kFillVertices) {
      polygon_.resize(rings_);
      earcut_(polygon_);
      for (const std::uint32_t index : earcut_.indices) shapes_.fill.push_back(corner(flat_[index]));
    }
    rings_ = vertices_ = 0;
    flat_.clear();
  }

  const Layer& layer_;
  Shapes& shapes_;
  std::uint32_t object_ = 0;
  std::size_t begin_ = 0, end_ = 0;
  std::vector<std::vector<Point>> polygon_;  // its first `rings_` are in use
  std::vector<Point> flat_;  // the vertices of all rings, one ring after the other
  std::size_t rings_ = 0, vertices_ = 0;
  mapbox::detail::Earcut<std::uint32_t> earcut_;
};

// The middle of an object's bounds, without origin.
bool middle(const Layer& layer, std::size_t object, Point& point) {
  const auto bounds = layer.bounds(object);
  if (!bounds) return false;
  point = {static_cast<float>(((*bounds)[0] + (*bounds)[2]) / 2 - layer.origin[0]),
           static_cast<float>(((*bounds)[1] + (*bounds)[3]) / 2 - layer.origin[1])};
  return true;
}

}  // namespace

Shapes shapes_of(const Layer& layer, std::span<const std::uint32_t> objects) {
  Shapes shapes;
  Drawer drawer(layer, shapes);
  for (const std::uint32_t object : objects) drawer.draw(object);
  return shapes;
}

std::vector<LinkSegment> link_segments(const Layer& layer) {
  std::vector<LinkSegment> segments;
  segments.reserve(layer.links.size());
  const auto frame = [&](std::size_t object) {
    return object < layer.t_begin.size() ? layer.t_begin[object] : std::numeric_limits<float>::quiet_NaN();
  };
  for (std::size_t i = 0; i < layer.links.size(); ++i) {
    const Link link = layer.links[i];
    Point from, to;
    if (link.from >= layer.size() || link.to >= layer.size()) continue;
    if (!middle(layer, link.from, from) || !middle(layer, link.to, to)) continue;
    segments.push_back({from[0], from[1], to[0], to[1], frame(link.from), frame(link.to), link.to});
  }
  return segments;
}

std::vector<float> extents(const Layer& layer) {
  if (layer.t_begin.empty() && layer.z_begin.empty()) return {};
  constexpr float kAll = std::numeric_limits<float>::quiet_NaN();
  const auto at = [](const Paged<float>& values, std::size_t i) { return i < values.size() ? values[i] : kAll; };
  std::vector<float> values;
  values.reserve(4 * layer.size());
  for (std::size_t i = 0; i < layer.size(); ++i) {
    values.insert(values.end(), {at(layer.t_begin, i), at(layer.t_end, i), at(layer.z_begin, i), at(layer.z_end, i)});
  }
  return values;
}

}  // namespace mifa::annotation
