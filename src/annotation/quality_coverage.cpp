#include <algorithm>
#include <cmath>

#include "annotation/measure.h"
#include "annotation/quality_checks.h"

namespace mifa::annotation {

namespace {

// A coarse picture of the image: what share of each cell is covered.
class Coverage {
 public:
  Coverage(const Layer& layer, const PixelMap& map, const ImageContext& image, std::int64_t longer)
      : layer_(layer), map_(map) {
    const double width = static_cast<double>(image.width), height = static_cast<double>(image.height);
    cell_ = std::max(1.0, std::max(width, height) / static_cast<double>(longer));
    columns_ = static_cast<std::int64_t>(std::ceil(width / cell_));
    rows_ = static_cast<std::int64_t>(std::ceil(height / cell_));
    cells_.resize(static_cast<std::size_t>(columns_ * rows_));
    area_ = width * height;
  }

  void add(std::size_t object) {
    load(object);
    if (points_.empty()) return;
    double x0 = points_[0].x, x1 = x0, y0 = points_[0].y, y1 = y0;
    for (const Point& point : points_) {
      x0 = std::min(x0, point.x), x1 = std::max(x1, point.x);
      y0 = std::min(y0, point.y), y1 = std::max(y1, point.y);
    }
    if (x1 <= 0 || y1 <= 0 || x0 >= static_cast<double>(columns_) || y0 >= static_cast<double>(rows_)) return;
    // What is smaller than a few cells adds its area to the one in its middle.
    if (x1 - x0 < 2 && y1 - y0 < 2) add_small((x0 + x1) / 2, (y0 + y1) / 2, object);
    else add_rows(y0, y1);
  }

  double share() const {
    double sum = 0;
    for (const float cell : cells_) sum += cell;
    return std::clamp(sum * cell_ * cell_ / area_, 0.0, 1.0);
  }

 private:
  struct Point {
    double x, y;
    bool first;  // of a ring
  };

  void load(std::size_t object) {
    points_.clear();
    for (std::size_t part = layer_.part_begin[object]; part < layer_.part_begin[object + 1]; ++part) {
      const std::size_t begin = layer_.vertex_begin[part], end = layer_.vertex_begin[part + 1];
      const PartKind kind = layer_.part_kind[part];
      if (kind == PartKind::kBox) {
        const float x0 = layer_.xy[2 * begin], y0 = layer_.xy[2 * begin + 1];
        const float x1 = layer_.xy[2 * begin + 2], y1 = layer_.xy[2 * begin + 3];
        push(x0, y0, true), push(x1, y0, false), push(x1, y1, false), push(x0, y1, false);
      } else if (kind == PartKind::kRing || kind == PartKind::kHole) {
        for (std::size_t i = begin; i < end; ++i) push(layer_.xy[2 * i], layer_.xy[2 * i + 1], i == begin);
      }
    }
  }

  void push(double x, double y, bool first) {
    x += layer_.origin[0];
    y += layer_.origin[1];
    points_.push_back({(map_[0] * x + map_[1] * y + map_[2]) / cell_, (map_[3] * x + map_[4] * y + map_[5]) / cell_, first});
  }

  void add_small(double x, double y, std::size_t object) {
    const auto column = static_cast<std::int64_t>(std::floor(x)), row = static_cast<std::int64_t>(std::floor(y));
    if (column < 0 || row < 0 || column >= columns_ || row >= rows_) return;
    const double scale = std::abs(map_[0] * map_[4] - map_[1] * map_[3]) / (cell_ * cell_);
    float& cell = cells_[static_cast<std::size_t>(row * columns_ + column)];
    cell = std::min(1.0F, cell + static_cast<float>(area_of(layer_, object) * scale));
  }

  // Cells whose middle is inside, by the even-odd rule.
  void add_rows(double y0, double y1) {
    const std::int64_t first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(y0)));
    const std::int64_t last = std::min<std::int64_t>(rows_ - 1, static_cast<std::int64_t>(std::floor(std::min(y1, 1e9))));
    std::vector<double> crossings;
    for (std::int64_t row = first; row <= last; ++row) {
      const double y = static_cast<double>(row) + 0.5;
      crossings.clear();
      std::size_t ring = 0;
      for (std::size_t i = 0; i < points_.size(); ++i) {
        if (points_[i].first) ring = i;
        const bool ends = i + 1 == points_.size() || points_[i + 1].first;
        const Point &a = points_[i], &b = points_[ends ? ring : i + 1];
        if ((a.y > y) != (b.y > y)) crossings.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
      }
      std::sort(crossings.begin(), crossings.end());
      for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
        const auto clamp = [&](double x) {
          return static_cast<std::int64_t>(std::clamp(std::ceil(x - 0.5), 0.0, static_cast<double>(columns_)));
        };
        for (std::int64_t column = clamp(crossings[i]); column < clamp(crossings[i + 1]); ++column) {
          cells_[static_cast<std::size_t>(row * columns_ + column)] = 1;
        }
      }
    }
  }

  const Layer& layer_;
  const PixelMap& map_;
  double cell_ = 1, area_ = 1;
  std::int64_t columns_ = 0, rows_ = 0;
  std::vector<float> cells_;
  std::vector<Point> points_;
};

}  // namespace

std::optional<double> coverage_of(const Layer& layer, const PixelMap& map, const ImageContext& image,
                                  const QualityLimits& limits) {
  if (image.width <= 0 || image.height <= 0) return std::nullopt;
  const auto has_area = [&](std::size_t i) {
    return layer.shapes[i] == Shape::kPolygon || layer.shapes[i] == Shape::kBox || layer.shapes[i] == Shape::kMixed;
  };
  Coverage coverage(layer, map, image, limits.coverage_edge);
  const double scale = std::abs(map[0] * map[4] - map[1] * map[3]);
  double sum = 0;
  bool any = false;
  const bool planes = !layer.t_begin.empty() || !layer.z_begin.empty();
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (!has_area(i)) continue;
    any = true;
    if (planes) sum += scale * area_of(layer, i);
    else coverage.add(i);
  }
  if (!any) return std::nullopt;
  if (!planes) return coverage.share();
  // Of all planes that objects are on, as if none overlapped.
  const double frames = layer.t_begin.empty() ? 1 : static_cast<double>(std::max<std::int64_t>(1, image.frames));
  const double slices = layer.z_begin.empty() ? 1 : static_cast<double>(std::max<std::int64_t>(1, image.depth));
  return std::min(1.0, sum / (static_cast<double>(image.width) * static_cast<double>(image.height) * frames * slices));
}

}  // namespace mifa::annotation
