#include <algorithm>
#include <cmath>
#include <numeric>

#include "annotation/quality_checks.h"

namespace mifa::annotation {

namespace {

using Box = SpatialOrder::Box;

struct Edge {
  const float* a;
  const float* b;
  std::size_t ring;      // which ring of the object
  std::size_t place;     // in its ring
  std::size_t vertices;  // of its ring
  float left() const { return std::min(a[0], b[0]); }
  float right() const { return std::max(a[0], b[0]); }
  float top() const { return std::min(a[1], b[1]); }
  float bottom() const { return std::max(a[1], b[1]); }
};

double turn(const float* a, const float* b, const float* c) {
  return (double{b[0]} - a[0]) * (double{c[1]} - a[1]) - (double{b[1]} - a[1]) * (double{c[0]} - a[0]);
}

// The edges of an object's rings. Pointers into Paged: x and y of a vertex lie in one page, for a
// page holds an even number of floats.
void edges_of(const Layer& layer, std::size_t object, std::vector<Edge>& edges) {
  edges.clear();
  for (std::size_t part = layer.part_begin[object]; part < layer.part_begin[object + 1]; ++part) {
    const PartKind kind = layer.part_kind[part];
    if (kind != PartKind::kRing && kind != PartKind::kHole) continue;
    const std::size_t begin = layer.vertex_begin[part], end = layer.vertex_begin[part + 1];
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t next = i + 1 < end ? i + 1 : begin;
      edges.push_back({&layer.xy[2 * i], &layer.xy[2 * next], part, i - begin, end - begin});
    }
  }
}

bool neighbours(const Edge& a, const Edge& b) {
  if (a.ring != b.ring) return false;
  const std::size_t apart = a.place > b.place ? a.place - b.place : b.place - a.place;
  return apart <= 1 || apart == a.vertices - 1;
}

// Whether any two edges cross; `budget` is lowered by each pair looked at.
bool crosses_itself(std::vector<Edge>& edges, std::int64_t& budget) {
  // A few edges are compared each with each; many by a sweep from left to right.
  constexpr std::size_t kFew = 24;
  if (edges.size() > kFew) {
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.left() < b.left(); });
  }
  const bool sorted = edges.size() > kFew;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Edge& a = edges[i];
    for (std::size_t k = i + 1; k < edges.size(); ++k) {
      const Edge& b = edges[k];
      if (sorted && b.left() > a.right()) break;
      if (--budget < 0) return false;
      if (b.top() > a.bottom() || b.bottom() < a.top() || neighbours(a, b)) continue;
      if (segments_cross(a.a, a.b, b.a, b.b)) return true;
    }
  }
  return false;
}

std::string unfinished(std::int64_t done, std::int64_t all, const char* what) {
  return done >= all ? std::string()
                     : " Only " + std::to_string(done) + " of " + std::to_string(all) + " " + what +
                           " were looked at: there are too many for more.";
}

// What is compared of two objects: pairs are found by a grid of cells.
class Overlaps {
 public:
  Overlaps(const Layer& layer, const SpatialOrder& order, const QualityLimits& limits)
      : layer_(layer), order_(order), pairs_(limits.object_pairs), edge_pairs_(limits.edge_pairs) {}

  void run(QualityReport& report) {
    for (std::uint32_t i = 0; i < order_.objects().size(); ++i) {
      const Shape shape = layer_.shapes[order_.objects()[i]];
      if (shape == Shape::kPolygon || shape == Shape::kBox) shapes_.push_back(i);
    }
    if (shapes_.size() < 2) return;
    overlapping_.resize(layer_.size());
    fill_cells();
    compare_cells();
    Finding crossing, doubled;
    for (std::uint32_t object = 0; object < overlapping_.size(); ++object) {
      if (overlapping_[object] & 1) crossing.add(object);
      if (overlapping_[object] & 2) doubled.add(object);
    }
    const std::string note = pairs_ < 0 || edge_pairs_ < 0
                                 ? " There are too many neighbours to compare them all: there may be more."
                                 : "";
    crossing.file(report, "annotation/overlap", Severity::kInfo, "Overlapping outlines",
                  "Outlines of polygons cross those of others on the same plane." + note);
    doubled.file(report, "annotation/overlapping-boxes", Severity::kWarning, "Boxes that nearly coincide",
                 "Boxes share more than half of their area with another: one object annotated twice, perhaps." + note);
  }

 private:
  // Objects in more cells than this are large: regions that contain others by design.
  static constexpr std::int64_t kMostCells = 64;
  // Cells of the grid, for memory's sake.
  static constexpr std::int64_t kGrid = 2048;

  std::int64_t column(float x) const {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>((x - order_.bounds().x0) / cell_), 0, columns_ - 1);
  }
  std::int64_t row(float y) const {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>((y - order_.bounds().y0) / cell_), 0, rows_ - 1);
  }

  template <typename Visit>
  void visit_cells(const Box& box, Visit visit) const {
    const std::int64_t x0 = column(box.x0), x1 = column(box.x1), y0 = row(box.y0), y1 = row(box.y1);
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > kMostCells) return;
    for (std::int64_t y = y0; y <= y1; ++y) {
      for (std::int64_t x = x0; x <= x1; ++x) visit(static_cast<std::size_t>(y * columns_ + x));
    }
  }

  void fill_cells() {
    double sum = 0;
    for (const std::uint32_t i : shapes_) sum += half_of(order_.boxes()[i]);
    const Box& bounds = order_.bounds();
    const float extent = std::max({bounds.x1 - bounds.x0, bounds.y1 - bounds.y0, 1e-6F});
    cell_ = std::max(static_cast<float>(3 * sum / static_cast<double>(shapes_.size())), extent / kGrid);
    columns_ = std::min<std::int64_t>(kGrid, static_cast<std::int64_t>((bounds.x1 - bounds.x0) / cell_) + 1);
    rows_ = std::min<std::int64_t>(kGrid, static_cast<std::int64_t>((bounds.y1 - bounds.y0) / cell_) + 1);
    begins_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
    for (const std::uint32_t i : shapes_) {
      visit_cells(order_.boxes()[i], [&](std::size_t cell) { ++begins_[cell + 1]; });
    }
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    members_.resize(begins_.back());
    std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
    for (const std::uint32_t i : shapes_) {
      visit_cells(order_.boxes()[i], [&](std::size_t cell) { members_[next[cell]++] = i; });
    }
  }

  void compare_cells() {
    for (std::size_t cell = 0; cell + 1 < begins_.size(); ++cell) {
      for (std::size_t i = begins_[cell]; i < begins_[cell + 1]; ++i) {
        for (std::size_t k = i + 1; k < begins_[cell + 1]; ++k) {
          if (--pairs_ < 0) return;
          compare(members_[i], members_[k], cell);
        }
      }
    }
  }

  void compare(std::uint32_t i, std::uint32_t k, std::size_t cell) {
    const Box &a = order_.boxes()[i], &b = order_.boxes()[k];
    const float left = std::max(a.x0, b.x0), right = std::min(a.x1, b.x1);
    const float top = std::max(a.y0, b.y0), bottom = std::min(a.y1, b.y1);
    if (left >= right || top >= bottom) return;
    // Of the cells that hold both, the one with this corner compares them.
    if (static_cast<std::size_t>(row(top) * columns_ + column(left)) != cell) return;
    const std::uint32_t p = order_.objects()[i], q = order_.objects()[k];
    if (!share_plane(layer_, p, q)) return;
    const bool boxes = layer_.shapes[p] == Shape::kBox && layer_.shapes[q] == Shape::kBox;
    if (boxes) {
      const double common = double{right - left} * (bottom - top);
      const double all = double{a.x1 - a.x0} * (a.y1 - a.y0) + double{b.x1 - b.x0} * (b.y1 - b.y0) - common;
      if (common > 0.5 * all) mark(p, q, 2);
    } else if (layer_.shapes[p] == Shape::kPolygon && layer_.shapes[q] == Shape::kPolygon && outlines_cross(p, q)) {
      mark(p, q, 1);
    }
  }

  void mark(std::uint32_t p, std::uint32_t q, std::uint8_t bit) {
    overlapping_[p] |= bit;
    overlapping_[q] |= bit;
  }

  bool outlines_cross(std::uint32_t p, std::uint32_t q) {
    edges_of(layer_, p, mine_);
    edges_of(layer_, q, others_);
    for (const Edge& a : mine_) {
      for (const Edge& b : others_) {
        if (--edge_pairs_ < 0) return false;
        if (b.left() > a.right() || b.right() < a.left() || b.top() > a.bottom() || b.bottom() < a.top()) continue;
        // Neighbours that share an edge touch, and do not overlap: only a true crossing counts.
        if (turn(a.a, a.b, b.a) * turn(a.a, a.b, b.b) < 0 && turn(b.a, b.b, a.a) * turn(b.a, b.b, a.b) < 0) return true;
      }
    }
    return false;
  }

  const Layer& layer_;
  const SpatialOrder& order_;
  std::int64_t pairs_, edge_pairs_;
  std::vector<std::uint32_t> shapes_;  // places in the order
  float cell_ = 1;
  std::int64_t columns_ = 1, rows_ = 1;
  std::vector<std::uint32_t> begins_, members_;
  std::vector<std::uint8_t> overlapping_;
  std::vector<Edge> mine_, others_;
};

}  // namespace

bool segments_cross(const float* a, const float* b, const float* c, const float* d) {
  const double abc = turn(a, b, c), abd = turn(a, b, d), cda = turn(c, d, a), cdb = turn(c, d, b);
  if (((abc > 0) != (abd > 0) || abc == 0 || abd == 0) && ((cda > 0) != (cdb > 0) || cda == 0 || cdb == 0)) {
    // All on one line: they cross where they overlap.
    if (abc == 0 && abd == 0) {
      const int axis = std::abs(b[0] - a[0]) >= std::abs(b[1] - a[1]) ? 0 : 1;
      return std::max(std::min(a[axis], b[axis]), std::min(c[axis], d[axis])) <
             std::min(std::max(a[axis], b[axis]), std::max(c[axis], d[axis]));
    }
    return true;
  }
  return false;
}

bool share_plane(const Layer& layer, std::size_t a, std::size_t b) {
  const auto meet = [&](const Paged<float>& begins, const Paged<float>& ends) {
    if (a >= begins.size() || b >= begins.size() || std::isnan(begins[a]) || std::isnan(begins[b])) return true;
    return begins[a] <= ends[b] && begins[b] <= ends[a];
  };
  return meet(layer.t_begin, layer.t_end) && meet(layer.z_begin, layer.z_end);
}

void check_self_intersections(QualityReport& report, const Layer& layer, const QualityLimits& limits) {
  std::int64_t budget = limits.edge_pairs, done = 0, all = 0;
  Finding crossing;
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (layer.shapes[i] != Shape::kPolygon) continue;
    ++all;
    if (budget < 0) continue;
    edges_of(layer, i, edges);
    if (crosses_itself(edges, budget)) crossing.add(static_cast<std::uint32_t>(i));
    if (budget >= 0) ++done;
  }
  crossing.file(report, "annotation/self-intersection", Severity::kWarning, "Outlines that cross themselves",
                "Polygons cross or touch their own outline: what is inside of them is not defined." +
                    unfinished(done, all, "polygons"));
}

void check_overlaps(QualityReport& report, const Layer& layer, const SpatialOrder& order, const QualityLimits& limits) {
  Overlaps(layer, order, limits).run(report);
}

}  // namespace mifa::annotation
