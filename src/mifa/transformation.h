// The transformation from an annotation to its image, as far as metadata states it as numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mifa::meta {

struct TransformationReading {
  enum class State {
    kNone,      // Says that there is none: "none", "identity", "n/a".
    kFreeText,  // Words only.
    kMatrix,    // `rows` is an affine or square matrix that can be undone.
    kUnreadable,
    kSingular
  };
  State state = State::kFreeText;
  std::vector<std::vector<double>> rows;
  std::string problem;  // With kUnreadable and kSingular.
};

// A text that is mostly numbers between brackets (or rows between semicolons or line breaks) is
// meant to be a matrix: 2×2 to 4×4, affine 2×3 and 3×4, or flat with 4, 6, 9, 12 or 16 numbers.
TransformationReading read_transformation(std::string_view text);

}  // namespace mifa::meta
