// Coarser levels for large images that have none: every f-th pixel, taken as it is, so that they do
// for labels as well as for intensities.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "formats/raster_reader.h"

namespace mifa::formats {

// Adds levels to an image of a single large one, unless its planes are larger than can be read
// through. Pixel i of such a level is the finest one's i * factor + start (RasterLevel).
void add_decimated_levels(RasterImage& image, const RasterLimits& limits);

// Makes chunks of such levels. A plane is read through once, a few chunks at a time, and kept
// decimated to the finest of the made levels.
class Decimator {
 public:
  // `image` has levels of add_decimated_levels; place.level is one of them. Fails for lack of bytes
  // as a reader does, and goes on where it was. `out` has the chunk's bytes.
  Status decode(RasterReader& reader, ByteSource& source, const RasterImage& image,
                const ChunkPlace& place, std::span<std::byte> out);

 private:
  Status read_through(RasterReader& reader, ByteSource& source, const RasterImage& image);
  void take(const RasterImage& image, const ChunkPlace& chunk, std::span<const std::byte> pixels);

  ChunkPlace plane_{-1};           // t, c and z of what is kept
  std::int64_t next_ = 0;          // chunk of the finest level to be read, row by row
  std::vector<std::byte> pixels_;  // [channels][height][width] of the first made level
  std::vector<std::byte> chunk_;
};

}  // namespace mifa::formats
