// Where layer coordinates lie on the image.
#pragma once

#include <array>
#include <optional>

#include "annotation/format.h"
#include "annotation/layer.h"

namespace mifa::annotation {

// x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5]: from layer coordinates to pixels of the
// image's finest level, (0, 0) its upper left corner. Nothing where the image does not say enough.
using PixelMap = std::array<double, 6>;
std::optional<PixelMap> to_pixels(const Space& space, const ImageContext& image);

// How many metres one of a unit is ("micrometer", "µm"); nothing for an unknown one.
std::optional<double> metres_of(std::string_view unit);

}  // namespace mifa::annotation
