#include "view/contrast.h"

#include <algorithm>
#include <cmath>

namespace mifa::view {
namespace {

// Samples kept over all chunks of a channel; more would not move a percentile visibly.
constexpr std::size_t kMaximumSamples = 1U << 18U;

}  // namespace

void ContrastEstimate::add(const ChunkStatistics& statistics) {
  if (!std::isfinite(statistics.minimum) || !std::isfinite(statistics.maximum)) return;
  extremes_.low = chunks_ == 0 ? statistics.minimum : std::min(extremes_.low, statistics.minimum);
  extremes_.high = chunks_ == 0 ? statistics.maximum : std::max(extremes_.high, statistics.maximum);
  ++chunks_;
  if (statistics.minimum == statistics.maximum) return;
  if (samples_.size() >= kMaximumSamples) return;
  for (const double value : statistics.samples) {
    if (std::isfinite(value)) samples_.push_back(value);
  }
}

Range ContrastEstimate::window() const {
  Range result = extremes_;
  if (samples_.size() > 1) {
    std::vector<double> sorted = samples_;
    std::sort(sorted.begin(), sorted.end());
    const auto quantile = [&](double share) {
      const double position = share * static_cast<double>(sorted.size() - 1);
      return sorted[static_cast<std::size_t>(std::lround(position))];
    };
    result = {quantile(kLowShare), quantile(1 - kHighShare)};
    // Sparse objects on a flat background: the percentiles meet, the objects are all above.
    if (!(result.low < result.high)) result = extremes_;
  }
  if (result.low < result.high) return result;
  // Far from 0, adding 1 changes nothing.
  const double step = std::max(1.0, std::fabs(result.low) * 1e-9);
  if (std::isfinite(result.low + step)) {
    result.high = result.low + step;
  } else {
    result.low = result.high - step;
  }
  return result;
}

std::vector<float> ContrastEstimate::histogram(const Range& range) const {
  std::vector<float> bins(kHistogramBins, 0.0F);
  const double width = range.high - range.low;
  if (!(width > 0)) return bins;
  for (const double value : samples_) {
    const double bin = (value - range.low) / width * kHistogramBins;
    if (bin < 0 || bin > kHistogramBins) continue;
    bins[static_cast<std::size_t>(std::min<double>(bin, kHistogramBins - 1))] += 1.0F;
  }
  return bins;
}

}  // namespace mifa::view
