// OME-Zarr as the viewer sees it: what a group holds, parsed into one form for all versions.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/issue.h"
#include "zarr/array_metadata.h"

namespace mifa::ome {

enum class AxisType { kSpace, kTime, kChannel, kOther };

struct Axis {
  std::string name;
  AxisType type = AxisType::kOther;
  std::string unit;  // As written ("micrometer"); empty when absent.
};

// One resolution. Coordinates follow the specification: the world position of the CENTRE of the
// element with index i is scale[i] * i + translation[i], per axis, dataset-level transformations
// first, multiscale-level ones after.
struct Level {
  std::string path;           // Of the array, relative to the opened root; "" for the root itself.
  std::string metadata_text;  // The array's own .zarray or zarr.json: the worker parses it again.
  zarr::ArrayMetadata array;
  std::vector<double> scale;        // one per axis, > 0
  std::vector<double> translation;  // one per axis
};

using Rgb = std::array<std::uint8_t, 3>;
using Rgba = std::array<std::uint8_t, 4>;

// omero's channel window: [min, max] is the slider's range, [start, end] what is shown.
struct Window {
  std::optional<double> min, max;
  double start = 0;
  double end = 1;
};

struct Channel {
  std::string label;  // Never empty: "Channel 1" when the file says nothing.
  std::optional<Rgb> color;
  std::optional<bool> active;
  std::optional<Window> window;
  bool inverted = false;
  double coefficient = 1;  // omero's exponent, for family "exponential"
};

// A multiscale image. All levels have the same rank as `axes`.
struct Multiscale {
  std::string path;  // Of the group, relative to the opened root; "" for the root itself.
  std::string name;
  std::string version;  // "0.4"; empty when the file does not say
  std::vector<Axis> axes;
  std::vector<Level> levels;  // finest first; never empty once the image is ready
  // One per index of the channel axis; one if there is no such axis. At most
  // OpenerLimits::maximum_channels: a longer axis has channels without an entry here.
  std::vector<Channel> channels;
  // Three channels of one byte, coloured red, green and blue: a colour picture. Only when the file
  // says so: omero colours FF0000, 00FF00, 0000FF in this order (or, without colours, labels that
  // mean red, green, blue) over the full range 0 to 255, or a channel axis named "rgb". Three bytes
  // alone are more often three stains.
  bool rgb = false;
  // omero rdefs model "greyscale": the channels' colours are white and one of them is active,
  // whatever colours the file stores besides.
  bool greyscale = false;
  std::optional<std::int64_t> default_z, default_t;  // omero rdefs, within the array

  // Position in `axes`, or -1. x and y are always there: the last two axes when none are named so.
  int x_axis = -1, y_axis = -1, z_axis = -1, t_axis = -1, c_axis = -1;

  // Extent of the finest level along an axis index, 1 for -1.
  std::int64_t extent(int axis) const {
    return axis < 0 ? 1 : levels.front().array.shape[static_cast<std::size_t>(axis)];
  }
};

// image-label: a mask whose values are object ids.
struct LabelImage {
  Multiscale image;
  std::map<std::uint64_t, Rgba> colors;
  std::int64_t property_count = 0;
  std::string source;  // as written; empty when absent
};

// An image inside a plate, well or collection that can be opened in its own right.
struct Entry {
  std::string path;  // relative to the opened root
  std::string name;  // shown to people: "A/1, field 2" or the series' name
};

enum class NodeKind { kUnknown, kImage, kLabelImage, kPlate, kWell, kCollection, kArray, kGroup };

// A label group that was opened directly (kLabelImage) is valid in `image` and is also the one entry
// of `labels`, so that it can be drawn as labels over nothing.
struct Dataset {
  NodeKind kind = NodeKind::kUnknown;  // What the root is.
  // For plates, wells, collections; empty otherwise. Only ever grows, so an index stays valid.
  std::vector<Entry> entries;
  int entry = -1;                      // Which of `entries` is open, -1 for none.
  Multiscale image;                    // Valid once Opener::image_ready().
  std::vector<LabelImage> labels;      // Grow after that.
};

}  // namespace mifa::ome
