// What is shown: images with their channels, and label masks over them, at one position.
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
  std::string lut;  // name of a table that is used instead of the colour; empty: none
  Range window;             // shown from black to full colour
  Range slider;             // what the control offers
  bool window_known = false;  // from the file, from data, or set by a person
  bool window_fixed = false;  // not to be improved by further samples
  bool inverted = false;
  double opacity = 1;
  ContrastEstimate estimate;
  std::vector<float> histogram;  // of the samples over `slider`; empty without samples
  // The colour that stands for the channel in a list: its own, or the top of its table.
  ome::Rgb swatch() const;
};

enum class LabelKind {
  kInstance,     // a value is an object
  kSemantic,     // a value is a class, with a colour of its own
  kProbability,  // a value is how sure: floats, shown by a colour map from the threshold on
};

struct LabelLayer {
  std::string name;
  int source = 0;    // index into Scene::sources
  int channel = -1;  // along the source's channel axis; -1: it has none
  LabelKind kind = LabelKind::kInstance;
  bool whole_floats = false;  // Ids that were stored as floats.
  std::string origin;      // what it was read from: a path, or the name of a file laid over
  Range range{0, 1};       // of probabilities: the ends of the colour map
  double threshold = 0.5;  // of probabilities: what is below is not drawn
  bool visible = true;
  bool outline = false;  // only the objects' borders
  double opacity = 0.5;
};

struct Scene {
  std::vector<Source> sources;  // [0] is the image (or a label image opened by itself)
  // Indices into `sources` of the images drawn with the channels, in drawing order: a later one
  // covers the earlier. [0] is source 0, which defines position, axes and channels; channel layer c
  // is drawn of every image that has a channel c. Beyond the ends of an image along z or t nothing
  // is drawn of it.
  std::vector<int> images{0};
  bool apart = false;  // the images do not overlap (the wells of a plate)
  std::vector<ChannelLayer> channels;
  std::vector<LabelLayer> labels;
  Position position;      // of sources[0], one entry an axis
  bool smooth = false;    // linear interpolation past 1:1 too

  // The rectangle in world units around all images and labels: what a camera may look at.
  Rect bounds() const;
  // World units of the smallest texel of any image.
  double finest_texel() const;
};

}  // namespace mifa::view
