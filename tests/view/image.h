// Multiscale images made of numbers: no metadata text, no pixels.
#pragma once

#include <string>
#include <vector>

#include "view/source.h"

namespace mifa::view {

struct LevelShape {
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> chunk;
  std::vector<double> scale;        // empty: 1 along every axis
  std::vector<double> translation;  // empty: 0
};

// An image with one axis a letter of `axes` ("tczyx").
ome::Multiscale make_image(const std::string& axes, const std::vector<LevelShape>& levels,
                           zarr::DataType type = zarr::DataType::kUInt16);

// A y,x pyramid: `levels` levels, each `factor` times smaller (rounded up or down), placed so that
// the outer edges of the first texels meet, as OME-Zarr writers that average do.
ome::Multiscale make_pyramid(std::int64_t width, std::int64_t height, std::int64_t chunk, int levels,
                             double factor, bool round_up,
                             zarr::DataType type = zarr::DataType::kUInt16);

// The image prepared for its x,y plane.
Source make_source(const ome::Multiscale& image, int index = 0, const Limits& limits = {});

}  // namespace mifa::view
