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

namespace {

// Each coordinate's digits are nodes of their own, so that no folder holds too many.
std::string fanout_key(std::int64_t base, std::span<const std::int64_t> index) {
  std::string key;
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    std::string digits;
    std::int64_t rest = index[axis];
    do {
      digits = "/" + std::to_string(rest % base) + digits;
      rest /= base;
    } while (rest > 0);
    key += "d" + std::to_string(axis) + digits + "/";
  }
  return key + "c";
}

std::string base_key(const ChunkKeyEncoding& encoding, std::span<const std::int64_t> index) {
  if (encoding.style == ChunkKeyEncoding::Style::kFanout) return fanout_key(encoding.base, index);
  std::string key = encoding.style == ChunkKeyEncoding::Style::kV2 ? "" : "c";
  for (const std::int64_t coordinate : index) {
    if (!key.empty()) key += encoding.separator;
    key += std::to_string(coordinate);
  }
  return key.empty() ? "0" : key;
}

}  // namespace

std::string chunk_key(const ChunkKeyEncoding& encoding, std::span<const std::int64_t> index) {
  return encoding.prefix + base_key(encoding, index) + encoding.suffix;
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
