// One page (IFD) of a TIFF file: what its tags say, and how its pixels become the elements of
// chunks. TIFF 6.0 (Adobe, 1992) with the later tags that libtiff knows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/raster.h"

struct tiff;  // libtiff's TIFF

namespace mifa::formats {

// How the stored samples become elements.
enum class PixelPath {
  kDirect,   // bytes of whole samples
  kBits,     // samples of 1 to 15 bits are unpacked to uint8 or uint16
  kPalette,  // indices are looked up: three channels of uint8
  kRgba,     // libtiff converts the colours (YCbCr, CMYK, Lab): three channels of uint8
};

struct TiffPage {
  std::int64_t offset = 0;  // of the IFD in the file
  std::int64_t width = 0, height = 0;
  int bits = 1, samples = 1, format = 1;
  int planar = 1, photometric = 1, compression = 1, orientation = 1;
  bool tiled = false;
  bool swapped = false;  // The file's byte order is not the machine's (little-endian).
  std::int64_t block_width = 0, block_height = 0;  // a tile, or a strip
  bool reduced = false;                            // NewSubfileType: a smaller copy of another page
  bool transparency_mask = false;
  std::vector<std::int64_t> sub_pages;  // offsets of the IFDs in SubIFDs
  std::string description, software;
  double x_resolution = 0, y_resolution = 0;  // pixels per unit; 0: not given
  int resolution_unit = 1;                    // 2: inch, 3: centimetre
  std::vector<Rgb> palette;

  // Decided from the tags:
  PixelPath path = PixelPath::kDirect;
  SampleType type = SampleType::kUint8;
  // Channels that are shown: without alpha, and three for colours.
  std::int64_t channels = 1;
  bool color = false;
  bool has_alpha = false;
  std::int64_t chunk_width = 0, chunk_height = 0;

  bool separate() const { return planar == 2 && samples > 1; }
  std::int64_t chunk_channels() const { return separate() ? 1 : channels; }
  std::int64_t row_bytes() const { return (width * bits * (separate() ? 1 : samples) + 7) / 8; }
  // Rows lie in the file as they are, so that any of them can be read by itself.
  bool plain_rows() const { return compression == 1 && !tiled && path == PixelPath::kDirect; }
  bool same_kind(const TiffPage& other) const {
    return type == other.type && channels == other.channels && path == other.path &&
           separate() == other.separate();
  }
};

// Reads the tags of the directory that is open in `file` (libtiff's TIFF*). Fails for what cannot
// be shown, by name. `keep_indices`: a palette's indices are the values (a mask), not its colours.
Result<TiffPage> read_tiff_page(tiff* file, std::int64_t offset, bool keep_indices,
                                const RasterLimits& limits);

// "LZW", "JPEG 2000"…, or "number 12345".
std::string compression_name(int compression);

}  // namespace mifa::formats
