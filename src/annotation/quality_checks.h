// The parts of quality_of(). Only quality*.cpp include this.
#pragma once

#include "annotation/image_placement.h"
#include "annotation/quality.h"

namespace mifa::annotation {

// Collects the objects of one finding.
class Finding {
 public:
  void add(std::uint32_t object) {
    ++count_;
    if (objects_.size() < kQualityObjects) objects_.push_back(object);
  }
  std::int64_t count() const { return count_; }
  // Nothing when there are no objects. `message`: a sentence about them, without their number.
  void file(QualityReport& report, const char* rule, Severity severity, const char* title, std::string message) {
    if (count_ == 0) return;
    report.entries.push_back({rule, severity, title, std::move(message), count_, std::move(objects_)});
  }

 private:
  std::int64_t count_ = 0;
  std::vector<std::uint32_t> objects_;
};

void check_self_intersections(QualityReport& report, const Layer& layer, const QualityLimits& limits);
void check_overlaps(QualityReport& report, const Layer& layer, const SpatialOrder& order,
                    const QualityLimits& limits);
void check_duplicate_ids(QualityReport& report, const Layer& layer);
void check_duplicate_geometry(QualityReport& report, const Layer& layer);
std::optional<double> coverage_of(const Layer& layer, const PixelMap& map, const ImageContext& image,
                                  const QualityLimits& limits);

// Whether the segments ab and cd cross, or one ends on the other away from shared ends.
bool segments_cross(const float* a, const float* b, const float* c, const float* d);
// Whether two objects are ever on one frame and one slice.
bool share_plane(const Layer& layer, std::size_t a, std::size_t b);

}  // namespace mifa::annotation
