// Maths of the regular chunk grid (Zarr v3 core, "Chunk grids" and "Chunk key encoding").
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "zarr/array_metadata.h"

namespace mifa::zarr {

// Number of grid cells along each axis: ceil(shape / chunk_shape); 0 where the extent is 0.
std::vector<std::int64_t> grid_shape(std::span<const std::int64_t> shape,
                                     std::span<const std::int64_t> chunk_shape);

// The store key of a grid cell, relative to the array's path, e.g. "0.1.2" or "c/0/1/2".
// index.size() == rank.
std::string chunk_key(const ChunkKeyEncoding& encoding, std::span<const std::int64_t> index);

// Elements of the cell that lie inside the array, along each axis: min(chunk, shape - origin).
std::vector<std::int64_t> valid_extent(std::span<const std::int64_t> shape,
                                       std::span<const std::int64_t> chunk_shape,
                                       std::span<const std::int64_t> index);

}  // namespace mifa::zarr
