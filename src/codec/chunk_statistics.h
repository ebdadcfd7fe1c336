// What a display needs to know of a chunk's values before it is drawn.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codec/bytes.h"
#include "zarr/data_type.h"

namespace mifa::codec {

struct ChunkStatistics {
  // Of the finite values; both 0 when has_finite is false.
  double minimum = 0;
  double maximum = 0;
  bool has_finite = false;
  bool has_nan = false;
  // Up to kMaximumSamples values spread evenly, NaN and infinities included, in memory order.
  std::vector<double> samples;
};

inline constexpr std::int64_t kMaximumSamples = 4096;  // enough for percentiles to 0.1 %

// Over the elements of a C-contiguous block of `shape` whose index is below `valid` on every axis
// (the rest of an edge chunk is padding). pixels.size() is the whole block; ranks are equal.
ChunkStatistics measure(Bytes pixels, zarr::DataType type, std::span<const std::int64_t> shape,
                        std::span<const std::int64_t> valid);

}  // namespace mifa::codec
