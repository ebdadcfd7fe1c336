// Masks that stand as text inside of an annotation file: a PNG (LabelMe) or a plane of bits
// (OME-XML), both in base64.
#pragma once

#include <cstdint>
#include <string_view>

#include "annotation/rle.h"
#include "core/result.h"

namespace mifa::annotation {

// Most bytes of one mask's pixels; larger ones are refused before memory is asked for.
inline constexpr std::int64_t kInlineMaskBytes = std::int64_t{64} << 20;

// The pixels whose first sample is not 0, as runs along rows. Errors say what was expected and
// received: no base64, no PNG, a damaged or too large one.
Result<RunLengths> runs_of_png(std::string_view base64);

// The BinData of an OME-XML Mask (OME schema 2016-06, ROI.xsd): one bit a pixel, row after row
// without a gap, the first pixel in the highest bit, as omero-rois and ezomero write it; or, as
// older programs do, one byte a pixel. `compression`: "", "none" or "zlib"; of "bzip2" the Error
// says so.
Result<RunLengths> runs_of_bits(std::string_view base64, std::string_view compression,
                                std::int64_t width, std::int64_t height);

}  // namespace mifa::annotation
