#include "formats/picture_size.h"

#include "formats/jpeg_reader.h"
#include "formats/png_reader.h"

namespace mifa::formats {

Result<PictureSize> picture_size(std::span<const std::byte> head, bool complete) {
  const bool png = PngReader::sniff(head);
  if (!png && !JpegReader::sniff(head)) {
    return Error{ErrorCode::kUnsupported, "expected a PNG or JPEG, received another file"};
  }
  auto size = png ? PngReader::read_size(head) : JpegReader::read_size(head);
  if (!size && !complete) {
    return Error{ErrorCode::kRetry, "expected the header at the beginning of the file"};
  }
  return size;
}

}  // namespace mifa::formats
