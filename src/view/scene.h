// What is shown: an image with its channels, and label masks over it, at one position.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "view/contrast.h"
#include "view/source.h"

namespace mifa::view {

struct ChannelLayer {
  std::string label;
  bool visible = true;
  ome::Rgb color{255, 255, 255};
  Range window;             // shown from black to full colour
  Range slider;             // what the control offers
  bool window_known = false;  // from the file, from data, or set by a person
  bool window_fixed = false;  // not to be improved by further samples
  bool inverted = false;
  double opacity = 1;
  ContrastEstimate estimate;
  std::vector<float> histogram;  // of the samples over `slider`; empty without samples
};

struct LabelLayer {
  std::string name;
  int source = 0;  // index into Scene::sources
  bool visible = true;
  bool outline = false;  // only the objects' borders
  double opacity = 0.5;
};

struct Scene {
  std::vector<Source> sources;  // [0] is the image (or a label image opened by itself)
  std::vector<ChannelLayer> channels;
  std::vector<LabelLayer> labels;
  Position position;      // of sources[0], one entry an axis
  bool smooth = false;    // linear interpolation past 1:1 too
};

}  // namespace mifa::view
