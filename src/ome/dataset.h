// OME-Zarr as the viewer sees it: what a group holds, parsed into one form for all versions.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/issue.h"
#include "core/result.h"
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

// Where an image stands in a coordinate system besides its own (0.6): an affine map from the world
// position along the image's axes (a Level's scale and translation applied) to the system's axes.
struct Placement {
  std::string system;      // name of the coordinate system
  std::vector<Axis> axes;  // of the coordinate system
  // Row by row: one row per axis of the system, each with one number per axis of the image and then
  // the offset.
  std::vector<double> matrix;
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
  std::string lut;         // omero's lookup table as written ("fire.lut"); empty for none
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

  // Coordinate systems that the image's own is joined to, besides its own (0.6); `placement` is the
  // one to show it in unless a person chooses: an index, or -1 for its own.
  std::string system;  // name of its own; empty before 0.6
  std::vector<Placement> placements;
  int placement = -1;

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
  std::string name;    // shown to people, of one that was laid over the image; empty: by its path
  bool laid_over = false;  // by Opener::add_labels: it is fitted to the image, whatever it says
};

// An image inside a collection or scene, or a well of a plate, that can be opened in its own right.
struct Entry {
  std::string path;  // relative to the opened root
  std::string name;  // shown to people: "A/1" or the series' name
};

// An image inside a well.
struct Field {
  std::string path;  // relative to the opened root
  std::string name;  // shown to people: "Field 2", or "Field 2, day 1" where there are acquisitions
  std::optional<std::int64_t> acquisition;
};

struct Well {
  std::string path;  // relative to the opened root; also Dataset::entries of the same index
  std::int64_t row = 0, column = 0;  // indices into the plate's rows and columns
};

struct Acquisition {
  std::int64_t id = 0;
  std::string name;  // never empty
};

// A multi-well plate. Wells that are not listed were not imaged; a listed well whose image is not
// there is a fault, told by its Member.
struct Plate {
  std::string name;
  std::vector<std::string> rows, columns;  // names, top to bottom and left to right
  std::vector<Well> wells;                 // one per entry of the dataset, in its order
  std::vector<Acquisition> acquisitions;
  std::int64_t field_count = 0;  // the most of one well; 0 when the file does not say
};

// Images joined in one coordinate system (0.6 "scene").
struct SceneView {
  struct Item {
    int entry = 0;  // index into Dataset::entries
    Placement placement;
  };
  std::string system;
  std::vector<Item> items;
};

// An entry's image that is shown beside others: a well in a plate, an image in a scene.
struct Member {
  enum class State { kReading, kReady, kFailed };
  State state = State::kReading;
  Multiscale image;  // kReady; with one level only, if no more were asked for
  Error error;       // kFailed
};

enum class NodeKind {
  kUnknown,
  kImage,
  kLabelImage,
  kPlate,
  kWell,
  kCollection,
  kScene,
  kArray,
  kGroup
};

// A label group that was opened directly (kLabelImage) is valid in `image` and is also the one
// entry of `labels`, so that it can be drawn as labels over nothing.
struct Dataset {
  NodeKind kind = NodeKind::kUnknown;  // What the root is.
  // A plate's wells, or the images of a collection, scene or plain group. Only ever grows, so an
  // index stays valid.
  std::vector<Entry> entries;
  int entry = -1;  // Which of `entries` is open, -1 for none.
  // The images of the open well (of a plate, or opened directly), and which of them is open.
  std::vector<Field> fields;
  int field = -1;
  // Names of the open group's "multiscales" if there are several, and which of them is open.
  std::vector<std::string> multiscales;
  int multiscale = 0;
  std::optional<Plate> plate;      // kPlate
  std::vector<SceneView> scenes;   // kScene: one per coordinate system that joins images
  Multiscale image;                // Valid once Opener::image_ready().
  std::vector<LabelImage> labels;  // Grow after that.
};

}  // namespace mifa::ome
