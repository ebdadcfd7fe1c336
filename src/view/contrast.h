// Finds a channel's window from samples of its data when the file gives none.
#pragma once

#include <span>
#include <vector>

namespace mifa::view {

// What a worker says of one decoded chunk.
struct ChunkStatistics {
  double minimum = 0;
  double maximum = 0;
  std::vector<double> samples;  // evenly strided finite values
};

struct Range {
  double low = 0;
  double high = 1;
};

class ContrastEstimate {
 public:
  // Share of the samples left out at either end.
  static constexpr double kLowShare = 0.002;
  static constexpr double kHighShare = 0.002;
  static constexpr int kHistogramBins = 128;

  void add(const ChunkStatistics& statistics);

  bool has_data() const { return chunks_ > 0; }
  // Least and greatest value seen.
  Range extremes() const { return extremes_; }
  // The window: percentiles of the chunks that hold more than one value. A blank plane says nothing
  // about contrast, so it counts only when there is nothing else. low < high always.
  Range window() const;
  // Counts of the samples over [range.low, range.high] in kHistogramBins bins.
  std::vector<float> histogram(const Range& range) const;

 private:
  int chunks_ = 0;
  Range extremes_;
  std::vector<double> samples_;  // Of chunks that are not constant, unsorted.
};

}  // namespace mifa::view
