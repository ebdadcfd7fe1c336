// What ImageJ writes into the first page's description: "ImageJ=1.53t\nimages=6\nchannels=2\n…". It
// leaves out all pages but the first of a stack of more than 4 GiB, and many programs do so of
// smaller ones.
#pragma once

#include <cstdint>
#include <string>

#include "formats/raster.h"

namespace mifa::formats {

struct ImageJStack {
  std::int64_t images = 1, channels = 1, slices = 1, frames = 1;
  std::string unit;        // OME-Zarr's name; empty: pixels
  double z_step = 0;       // in `unit`; 0: not known
  double frame_step = 0;   // seconds; 0: not known
  bool has_range = false;  // of display
  double minimum = 0, maximum = 0;
};

bool is_imagej(const std::string& description);

// Numbers that cannot be read keep their defaults; counts that do not fit one another are made
// slices.
ImageJStack parse_imagej(const std::string& description, const RasterLimits& limits);

}  // namespace mifa::formats
