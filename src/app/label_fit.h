// How a mask from another file comes to lie on an image.
#pragma once

#include <string>
#include <vector>

#include "ome/dataset.h"

namespace mifa::app {

// Moves a mask that was laid over an image to where it belongs. Of the same extent along x and y,
// pixel lies on pixel, whatever the files say of pixel sizes. Of another extent, it lies by its
// pixel sizes if both have a unit of length, else pixel on pixel from the upper left. Along z and
// t, plane lies on plane; a stack whose axis the image lacks, but is as long as the image's other
// stack, is taken for that one. Answers what a person has to know of it: sentences.
std::vector<std::string> fit_label(ome::LabelImage& label, const ome::Multiscale& image);

}  // namespace mifa::app
