// JPEG (ITU-T T.81): baseline, extended and progressive, grey, colour and CMYK.
#pragma once

#include "formats/picture_size.h"
#include "formats/whole_image.h"

namespace mifa::formats {

class JpegReader : public WholeImageReader {
 public:
  JpegReader(ByteSource& source, const RasterOptions& options)
      : WholeImageReader(source, options, "JPEG") {}
  static bool sniff(std::span<const std::byte> bytes);
  // From the header. Precondition: sniff().
  static Result<PictureSize> read_size(std::span<const std::byte> head);

 protected:
  Result<DecodedImage> decode_file(std::span<const std::byte> file) const override;
};

}  // namespace mifa::formats
