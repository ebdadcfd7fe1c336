// How large a PNG or JPEG is, without reading its pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/result.h"

namespace mifa::formats {

struct PictureSize {
  std::int64_t width = 0, height = 0;
};

// `head`: the beginning of the file (64 KiB are mostly enough), or all of it. kUnsupported: it is neither;
// kRetry: the header lies beyond the head (behind a large colour profile); kFixData: it is damaged.
Result<PictureSize> picture_size(std::span<const std::byte> head, bool complete);

}  // namespace mifa::formats
