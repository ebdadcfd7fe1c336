// JPEG (ITU-T T.81): baseline, extended and progressive, grey, colour and CMYK.
#pragma once

#include "formats/whole_image.h"

namespace mifa::formats {

class JpegReader : public WholeImageReader {
 public:
  JpegReader(ByteSource& source, const RasterOptions& options)
      : WholeImageReader(source, options, "JPEG") {}
  static bool sniff(std::span<const std::byte> bytes);

 protected:
  Result<DecodedImage> decode_file(std::span<const std::byte> file) const override;
};

}  // namespace mifa::formats
