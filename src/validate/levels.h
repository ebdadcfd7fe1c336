// The pixel size that the metadata gives a level.
#pragma once

#include <optional>
#include <vector>

#include "core/json.h"

namespace mifa::validate {

// The scale of an object with "coordinateTransformations" (a dataset, an entry of "multiscales"):
// its own, or that at the start of a 0.6 sequence. Nothing where it has none that is all finite
// numbers above 0.
std::optional<std::vector<double>> scale_of(const JsonView& owner);

}  // namespace mifa::validate
