// What a dataset is, in words: `mifascope info`.
#pragma once

#include <string>

#include "ome/dataset.h"

namespace mifa::validate {

// Precondition of both: the dataset's image is ready (ome::Opener::Stage::kComplete).
std::string describe_text(const std::string& place, const ome::Dataset& dataset);
std::string describe_json(const std::string& place, const ome::Dataset& dataset);

}  // namespace mifa::validate
