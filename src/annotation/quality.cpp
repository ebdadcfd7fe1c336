#include "annotation/quality.h"

#include <algorithm>
#include <cmath>

#include "annotation/json_text.h"
#include "annotation/layer_info.h"
#include "annotation/measure.h"
#include "annotation/palette.h"
#include "annotation/quality_checks.h"
#include "annotation/shapes.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kSizeBins = 24;

bool has_area(Shape shape) { return shape == Shape::kBox || shape == Shape::kPolygon || shape == Shape::kMixed; }

void check_outside(QualityReport& report, const Layer& layer, const SpatialOrder& order, const PixelMap& map,
                   const ImageContext& image) {
  if (image.width <= 0 || image.height <= 0) return;
  const double width = static_cast<double>(image.width), height = static_cast<double>(image.height);
  // Outlines of pixels at the edge, and rounding, reach a pixel out.
  constexpr double kTolerance = 1;
  Finding outside, across, planes;
  for (std::size_t i = 0; i < order.objects().size(); ++i) {
    const SpatialOrder::Box& box = order.boxes()[i];
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (const double x : {box.x0 + layer.origin[0], box.x1 + layer.origin[0]}) {
      for (const double y : {box.y0 + layer.origin[1], box.y1 + layer.origin[1]}) {
        const double px = map[0] * x + map[1] * y + map[2], py = map[3] * x + map[4] * y + map[5];
        x0 = std::min(x0, px), x1 = std::max(x1, px);
        y0 = std::min(y0, py), y1 = std::max(y1, py);
      }
    }
    const std::uint32_t object = order.objects()[i];
    if (x1 < 0 || y1 < 0 || x0 > width || y0 > height) outside.add(object);
    else if (x0 < -kTolerance || y0 < -kTolerance || x1 > width + kTolerance || y1 > height + kTolerance) across.add(object);
  }
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const bool late = i < layer.t_begin.size() &&
                      (layer.t_begin[i] >= static_cast<float>(image.frames) || layer.t_end[i] < 0);
    const bool deep = !layer.space.depth_is_physical && i < layer.z_begin.size() &&
                      (layer.z_begin[i] >= static_cast<float>(image.depth) || layer.z_end[i] < 0);
    if (late || deep) planes.add(static_cast<std::uint32_t>(i));
  }
  const std::string size = std::to_string(image.width) + " × " + std::to_string(image.height);
  outside.file(report, "annotation/outside-image", Severity::kWarning, "Outside the image",
               "Objects lie wholly outside the image of " + size +
                   " pixels: another image's annotations, another unit, or x and y exchanged.");
  across.file(report, "annotation/across-image-edge", Severity::kInfo, "Across the image's edge",
              "Objects reach out of the image of " + size + " pixels.");
  planes.file(report, "annotation/outside-planes", Severity::kWarning, "On a frame or slice that is not there",
              "Objects are on frames or slices that the image has not (it has " + std::to_string(image.frames) +
                  " and " + std::to_string(image.depth) + "): counting from 1 in place of 0, perhaps.");
}

void check_emptiness(QualityReport& report, const Layer& layer, const SpatialOrder& order) {
  Finding empty, flat, unfilled;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const auto object = static_cast<std::uint32_t>(i);
    const Shape shape = layer.shapes[i];
    if (shape == Shape::kNone && !order.objects().empty()) empty.add(object);
    if ((shape == Shape::kBox || shape == Shape::kPolygon) && !(area_of(layer, i) > 0)) flat.add(object);
    if (shape == Shape::kLine && !(length_of(layer, i) > 0)) flat.add(object);
    const std::size_t vertices = layer.vertex_begin[layer.part_begin[i + 1]] - layer.vertex_begin[layer.part_begin[i]];
    if (shape == Shape::kPolygon && vertices > kFillVertices) unfilled.add(object);
  }
  empty.file(report, "annotation/empty-object", Severity::kWarning, "Without geometry",
             "Objects have no geometry and cannot be seen on the image.");
  flat.file(report, "annotation/degenerate-shape", Severity::kWarning, "Without area",
            "Polygons or boxes have no area, or lines no length.");
  unfilled.file(report, "annotation/not-filled", Severity::kInfo, "Not filled",
                "Polygons have more than " + std::to_string(kFillVertices) +
                    " vertices: their outlines are drawn, their insides are not filled.");
}

void check_properties(QualityReport& report, const Layer& layer) {
  const Column* id = layer.with_role(Role::kId);
  Finding no_id, no_properties, no_category;
  std::int64_t without_any = 0;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const auto object = static_cast<std::uint32_t>(i);
    bool any = false;
    for (const auto& column : layer.columns) any = any || (column.get() != id && column->has(i));
    if (id && !id->has(i)) no_id.add(object);
    if (!any) {
      no_properties.add(object);
      ++without_any;
    }
    if (!layer.categories.empty() && layer.category[i] < 0) no_category.add(object);
  }
  no_id.file(report, "annotation/no-id", Severity::kWarning, "Without an id",
             "Objects have no id while others have one.");
  // Where no object has properties, there is nothing that is missing.
  if (without_any < static_cast<std::int64_t>(layer.size())) {
    no_properties.file(report, "annotation/no-properties", Severity::kInfo, "Without properties",
                       "Objects have no properties while others have some.");
  }
  no_category.file(report, "annotation/no-category", Severity::kWarning, "Without a category",
                   "Objects have no category while others have one.");
}

QualityReport::Sizes histogram(std::vector<double> areas, std::string unit) {
  QualityReport::Sizes sizes;
  sizes.unit = std::move(unit);
  std::sort(areas.begin(), areas.end());
  sizes.median = areas[areas.size() / 2];
  const double least = areas.front(), greatest = areas.back();
  // Sizes of cells and of tissue in one layer need steps of equal ratio.
  const bool logarithmic = least > 0 && greatest / least > 50;
  for (std::size_t i = 0; i <= kSizeBins; ++i) {
    const double share = static_cast<double>(i) / kSizeBins;
    sizes.edges.push_back(logarithmic ? least * std::pow(greatest / least, share) : std::lerp(least, greatest, share));
  }
  sizes.edges.back() = greatest;
  sizes.counts.resize(kSizeBins);
  for (const double area : areas) {
    const auto above = std::upper_bound(sizes.edges.begin(), sizes.edges.end(), area) - sizes.edges.begin();
    ++sizes.counts[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(above - 1, 0, kSizeBins - 1))];
  }
  return sizes;
}

void measure_sizes(QualityReport& report, const Layer& layer, const std::optional<PixelMap>& map) {
  const bool physical = layer.space.unit == Space::Unit::kPhysical;
  const auto& a = layer.space.affine;
  double factor = std::abs(a[0] * a[4] - a[1] * a[3]);
  if (!physical && map) factor = std::abs((*map)[0] * (*map)[4] - (*map)[1] * (*map)[3]);
  std::vector<double> areas;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (!has_area(layer.shapes[i])) continue;
    if (const double area = factor * area_of(layer, i); area > 0 && std::isfinite(area)) areas.push_back(area);
  }
  if (areas.empty()) return;
  const std::string unit = physical ? (layer.space.unit_name.empty() ? "units" : layer.space.unit_name) + "²" : "pixels²";
  report.sizes = histogram(std::move(areas), unit);
}

}  // namespace

QualityReport quality_of(const Layer& layer, const SpatialOrder& order, const ImageContext& image,
                         const QualityLimits& limits) {
  QualityReport report;
  const std::optional<PixelMap> map = to_pixels(layer.space, image);
  measure_sizes(report, layer, map);
  if (map) {
    check_outside(report, layer, order, *map, image);
    report.coverage = coverage_of(layer, *map, image, limits);
  }
  check_emptiness(report, layer, order);
  check_self_intersections(report, layer, limits);
  check_overlaps(report, layer, order, limits);
  check_duplicate_ids(report, layer);
  check_duplicate_geometry(report, layer);
  check_properties(report, layer);
  std::stable_sort(report.entries.begin(), report.entries.end(), [](const QualityEntry& a, const QualityEntry& b) {
    return static_cast<int>(a.severity) < static_cast<int>(b.severity);
  });
  return report;
}

std::string quality_json(const Layer& layer, const QualityReport& report) {
  JsonText json;
  json.begin_object().key("classes").begin_array();
  const std::vector<Color> colors = category_colors(layer);
  const auto write_class = [&](std::string_view name, std::int64_t count, const Color& color) {
    json.begin_object().member("name", name).member("count", count).key("color");
    write_color(json, color);
    json.end_object();
  };
  auto without = static_cast<std::int64_t>(layer.size());
  for (std::size_t i = 0; i < colors.size(); ++i) {
    write_class(layer.categories[i].name, layer.categories[i].count, colors[i]);
    without -= layer.categories[i].count;
  }
  if (without > 0) write_class("", without, kNeutral);
  json.end_array().key("sizes");
  if (report.sizes) {
    json.begin_object().member("unit", report.sizes->unit).key("edges").begin_array();
    for (const double edge : report.sizes->edges) json.value(edge);
    json.end_array().key("counts").begin_array();
    for (const std::int64_t count : report.sizes->counts) json.value(count);
    json.end_array().member("median", report.sizes->median).end_object();
  } else {
    json.null();
  }
  json.key("coverage");
  if (report.coverage) json.value(*report.coverage);
  else json.null();
  json.key("entries").begin_array();
  for (const QualityEntry& entry : report.entries) {
    json.begin_object().member("rule", entry.rule).member("severity", severity_name(entry.severity));
    json.member("title", entry.title).member("message", entry.message).member("count", entry.count);
    json.key("objects").begin_array();
    for (const std::uint32_t object : entry.objects) json.value(object);
    json.end_array().end_object();
  }
  return json.end_array().end_object().take();
}

Issues quality_issues(const Layer& layer, const QualityReport& report) {
  Issues issues;
  for (const QualityEntry& entry : report.entries) {
    Issue issue;
    issue.rule = entry.rule;
    issue.severity = entry.severity;
    issue.message = entry.message;
    issue.file = layer.file;
    issue.received = std::to_string(entry.count) + (entry.count == 1 ? " object" : " objects");
    if (!entry.objects.empty()) {
      issue.pointer = layer.pointer(entry.objects[0]);
      issue.line = static_cast<int>(layer.place_line[entry.objects[0]]);
    }
    issues.push_back(std::move(issue));
  }
  return issues;
}

}  // namespace mifa::annotation
