#include "zarr/chunk_grid.h"

#include <algorithm>
#include <cassert>

#include "core/checked.h"

namespace mifa::zarr {

std::vector<std::int64_t> grid_shape(std::span<const std::int64_t> shape,
                                     std::span<const std::int64_t> chunk_shape) {
  assert(shape.size() == chunk_shape.size());
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    result.push_back(ceil_divide(shape[i], chunk_shape[i]));
  }
  return result;
}

std::string chunk_key(const ChunkKeyEncoding& encoding, std::span<const std::int64_t> index) {
  const bool v2 = encoding.style == ChunkKeyEncoding::Style::kV2;
  std::string key = v2 ? "" : "c";
  for (const std::int64_t coordinate : index) {
    if (!key.empty()) key += encoding.separator;
    key += std::to_string(coordinate);
  }
  return key.empty() ? "0" : key;
}

std::vector<std::int64_t> valid_extent(std::span<const std::int64_t> shape,
                                       std::span<const std::int64_t> chunk_shape,
                                       std::span<const std::int64_t> index) {
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::int64_t origin = index[i] * chunk_shape[i];
    result.push_back(std::clamp<std::int64_t>(shape[i] - origin, 0, chunk_shape[i]));
  }
  return result;
}

}  // namespace mifa::zarr
