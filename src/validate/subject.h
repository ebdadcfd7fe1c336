// What a rule's check is given: one thing of the dataset, and all that was read about it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/json.h"
#include "ome/dataset.h"
#include "ome/group.h"
#include "validate/chunk_files.h"
#include "validate/rule.h"
#include "validate/tree.h"
#include "zarr/array_metadata.h"

namespace mifa::validate {

// The axes of an image as the metadata writes them; an axis that is none is left empty.
struct AxisFacts {
  JsonView where;
  std::string name;
  std::string type;  // "" where it has none
  std::string unit;
};

// One dataset of a multiscales entry.
struct Level {
  JsonView where;    // the dataset's entry
  std::string path;  // of the array, relative to the root
  JsonView document; // .zarray or zarr.json; empty where it is not there or no JSON
  std::optional<zarr::ArrayMetadata> array;  // nothing where it cannot be read
};

// Values of the chunks that were decoded.
struct ValueRange {
  double minimum = 0, maximum = 0;
  bool any = false;  // whether there were finite values
  void include(double low, double high) {
    minimum = any && minimum < low ? minimum : low;
    maximum = any && maximum > high ? maximum : high;
    any = true;
  }
};

// The pixels of an image, as far as chunks were decoded.
struct PixelFacts {
  ValueRange all;
  // By channel, where a chunk holds one channel only and all chunks of some level were decoded.
  std::map<std::int64_t, ValueRange> channels;
  bool whole_level = false;    // all present chunks of at least one level were decoded
  bool finest_level = false;   // all present chunks of the finest one
  std::set<std::uint64_t> ids;  // distinct values of the finest level, if asked for
  bool ids_complete = false;
};

// What is kept of an image after it was checked, for what refers to it.
struct ImageFacts {
  std::string path;
  std::vector<std::string> axis_names;
  std::vector<std::int64_t> shape;  // of the first level; empty where it was not read
  std::int64_t level_count = 0;
  std::set<std::string> systems;  // 0.6: names of its coordinate systems
  bool is_label = false;
  std::vector<double> scale;       // of the first level; empty where it has none
  std::vector<std::string> units;  // by axis
  std::set<std::uint64_t> ids;     // of a label image whose pixels were all read
};

// What a plate says that its wells must agree with.
struct PlateFacts {
  std::set<std::int64_t> acquisitions;
};

struct Subject {
  std::string path;          // of the group or array, relative to the root
  ome::GroupMetadata group;  // as read; kind of its own for arrays
  ome::Version version;
  JsonView where;            // what the rule is about, see Kind

  // kAxes, kImage, kLevels, kPixels, kTransforms…: the axes that the numbers belong to.
  std::vector<AxisFacts> axes;
  bool axes_known = false;   // whether `axes` can be relied on for their number
  // kTransforms: whether it is the whole multiscale's. kTransforms06: what owns the list.
  enum class Owner { kDataset, kMultiscale, kScene } owner = Owner::kDataset;

  // kTransforms06: the coordinate systems that ends may name, and their names.
  JsonView system_list;
  std::set<std::string> systems;

  std::vector<Level> levels;              // kLevels, kPixels
  const zarr::ArrayMetadata* array = nullptr;  // kArray
  JsonView document;                      // kArray: its metadata
  const PixelFacts* pixels = nullptr;     // kPixels
  const ImageFacts* source = nullptr;     // kLevels of a label image: the image it labels
  bool is_label = false;
  const PlateFacts* plate = nullptr;      // kWell, where it was reached from a plate
  const ChunkFiles* chunks = nullptr;     // kArray, where the store can list
  const Tree* tree = nullptr;             // kFiles
  std::set<std::string> zarr_roots;       // kFiles: the outermost folders of Zarr hierarchies
  // kFiles: folders of labels in which an empty file is an image without objects (YOLO)
  std::set<std::string> label_folders;

  // Whether the file belongs to a Zarr hierarchy.
  bool in_zarr(const std::string& file) const;
};

}  // namespace mifa::validate
