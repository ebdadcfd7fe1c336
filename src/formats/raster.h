// What an image file holds, in one form for all formats: images of up to five axes, in levels, each
// cut into chunks that can be decoded by themselves.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/issue.h"
#include "formats/sample_type.h"

namespace mifa::formats {

// Limits of this module.
struct RasterLimits {
  // Most bytes of one decoded chunk: a strip that cannot be cut is as large as its writer made it.
  std::int64_t chunk_bytes = std::int64_t{256} << 20;
  // Most bytes of a file that is decoded as a whole (PNG, JPEG), as stored and as pixels.
  std::int64_t whole_bytes = std::int64_t{512} << 20;
  // Most planes of an image, and pages that are followed in a file.
  std::int64_t planes = std::int64_t{1} << 20;
  // Most characters of metadata text (OME-XML).
  std::int64_t text_bytes = std::int64_t{32} << 20;
  // A plane of more pixels than this, without coarser levels, gets some made: the first of at most
  // `made_pixels`. Not if the plane has more bytes than can be read through in bearable time.
  std::int64_t large_pixels = std::int64_t{24} << 20;
  std::int64_t made_pixels = std::int64_t{4} << 20;
  std::int64_t read_through_bytes = std::int64_t{1} << 30;
  // Most images of one file, and channels of one image, that are told apart.
  std::int64_t images = 1000;
  std::int64_t channels = 1000;
};

using Rgb = std::array<std::uint8_t, 3>;

struct RasterChannel {
  std::string name;  // empty: none is given
  std::optional<Rgb> color;
  std::optional<std::array<double, 2>> window;  // what to show as black and as full colour
  bool inverted = false;
};

struct RasterLevel {
  std::int64_t width = 0, height = 0;
  std::int64_t chunk_width = 0, chunk_height = 0;
  // Of a level that is made of the finest by leaving pixels out (decimation.h); 0: the file has it.
  std::int64_t factor = 0;
  std::int64_t start = 0;  // of a made level: which of the finest level's pixels its first one is
};

// A physical step from one element to the next; 0: not known. Units by their OME-Zarr names.
struct Step {
  double size = 0;
  std::string unit;
};

// Axes are always t, c, z, y, x; those of extent 1 may be left out of what is shown.
struct RasterImage {
  std::string name;
  SampleType type = SampleType::kUint8;
  std::int64_t size_t = 1, size_c = 1, size_z = 1;
  Step step_t, step_z, step_y, step_x;
  std::vector<RasterLevel> levels;  // finest first, never empty
  // Channels in one chunk: those that are stored pixel by pixel.
  std::int64_t chunk_channels = 1;
  std::vector<RasterChannel> channels;  // size_c, or none
  bool color = false;                   // The channels are red, green and blue.
  // What the values stand for, where a palette says so and the values are kept.
  std::vector<Rgb> palette;
};

struct Raster {
  std::string format;  // as it is said to people: "OME-TIFF"
  std::vector<RasterImage> images;
  Issues issues;
};

// One chunk: of an image's level, at a place in the grid.
struct ChunkPlace {
  std::int64_t image = 0, level = 0;
  std::int64_t t = 0, c = 0, z = 0, y = 0, x = 0;  // indices of the chunk, not of elements
};

}  // namespace mifa::formats
