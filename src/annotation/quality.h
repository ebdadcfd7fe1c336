// What can be said of a layer's quality, each finding with the objects that it is about. All work is
// bounded: what could not be looked at for that is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "annotation/format.h"
#include "annotation/layer.h"
#include "annotation/spatial_order.h"
#include "core/issue.h"

namespace mifa::annotation {

struct QualityEntry {
  std::string rule;  // "annotation/outside-image"
  Severity severity = Severity::kWarning;
  std::string title;
  std::string message;
  std::int64_t count = 0;
  std::vector<std::uint32_t> objects;  // at most kQualityObjects of them
};
inline constexpr std::size_t kQualityObjects = 1000;

struct QualityReport {
  struct Sizes {
    std::string unit;           // "pixels²", or a physical unit's square
    std::vector<double> edges;  // one more than counts
    std::vector<std::int64_t> counts;
    double median = 0;
  };
  std::optional<Sizes> sizes;      // of polygons and boxes
  std::optional<double> coverage;  // of the image, 0 to 1
  std::vector<QualityEntry> entries;
};

struct QualityLimits {
  // Pairs of edges compared for self-intersections, and for overlaps: some seconds each.
  std::int64_t edge_pairs = 300'000'000;
  std::int64_t object_pairs = 30'000'000;
  std::int64_t coverage_edge = 512;  // cells of the grid that coverage is counted on, along the longer edge
};

QualityReport quality_of(const Layer& layer, const SpatialOrder& order, const ImageContext& image,
                         const QualityLimits& limits = {});
// QualityReport of web/annotations/layer.ts.
std::string quality_json(const Layer& layer, const QualityReport& report);
// One issue an entry, at the place of its first object.
Issues quality_issues(const Layer& layer, const QualityReport& report);

}  // namespace mifa::annotation
