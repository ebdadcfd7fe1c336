// PNG (ISO/IEC 15948), every colour type and depth, interlaced or not.
#pragma once

#include "formats/picture_size.h"
#include "formats/whole_image.h"

namespace mifa::formats {

class PngReader : public WholeImageReader {
 public:
  PngReader(ByteSource& source, const RasterOptions& options)
      : WholeImageReader(source, options, "PNG") {}
  static bool sniff(std::span<const std::byte> bytes);
  // From the header. Precondition: sniff().
  static Result<PictureSize> read_size(std::span<const std::byte> head);

  // Asks the source for nothing.
  Result<DecodedImage> decode_file(std::span<const std::byte> file) const override;
};

}  // namespace mifa::formats
