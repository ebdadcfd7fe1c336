// Formats that are decoded as a whole: a PNG's or JPEG's rows depend on one another from the first
// on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/raster_reader.h"

namespace mifa::formats {

// Pixels row by row, samples side by side, of 1 or 2 bytes each in the machine's order.
struct DecodedImage {
  std::int64_t width = 0, height = 0;
  std::int64_t samples = 1;   // stored of each pixel
  std::int64_t channels = 1;  // shown of them: the first ones
  std::int64_t sample_bytes = 1;
  bool color = false;
  std::vector<Rgb> palette;       // The values are indices into it.
  std::optional<double> maximum;  // the values' range begins at 0, where it is not that of the type
  std::vector<std::byte> pixels;
  Issues issues;
};

// Makes a palette's indices into three samples of one byte.
void apply_palette(DecodedImage& image);

class WholeImageReader : public RasterReader {
 public:
  WholeImageReader(ByteSource& source, const RasterOptions& options, const char* format)
      : source_(source), options_(options), format_(format) {}
  Result<Raster> describe() override;
  Status decode(const ChunkPlace& place, std::span<std::byte> out) override;

 protected:
  // `file`: all its bytes.
  virtual Result<DecodedImage> decode_file(std::span<const std::byte> file) const = 0;
  // The bytes that an image's pixels take, or why they are too many.
  Result<std::int64_t> check_size(std::int64_t width, std::int64_t height,
                                  std::int64_t pixel_bytes) const;
  const RasterOptions& options() const { return options_; }

 private:
  Result<std::vector<std::byte>> read_file();

  ByteSource& source_;
  RasterOptions options_;
  const char* format_;
  DecodedImage image_;
  std::int64_t rows_ = 0;  // of a chunk
};

}  // namespace mifa::formats
