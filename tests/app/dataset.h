// Small OME-Zarr datasets as metadata text: 0.4, or 0.5 where they are sharded.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace mifa::app {

// Files by key.
using Files = std::map<std::string, std::string>;

struct ImageShape {
  std::string axes = "yx";
  std::vector<int> shape = {512, 512};
  std::vector<int> chunk = {64, 64};
  int levels = 3;
  std::string dtype = "<u2";
  std::string unit = "micrometer";  // of the space axes
  double scale = 1;                 // of x and y at the finest level
  std::string omero = {};           // JSON, or empty
  std::vector<int> shard = {};      // not empty: Zarr v3, `chunk` is the inner chunk
};

// Adds an image (each level half of the one before along y and x) at `path` ("" for the root).
void add_image(Files& files, const std::string& path, const ImageShape& shape);
// Adds a label image under `path`/labels/<name>.
void add_label(Files& files, const std::string& path, const std::string& name,
               const ImageShape& shape);
// Adds a plate with one row of `wells` wells with one field each.
void add_plate(Files& files, int wells, const ImageShape& shape);

// Adds a plate of rows × columns wells with one field each. Wells "row/column" in `not_imaged` are
// not listed; those in `lost` are listed, but nothing is there.
void add_plate_grid(Files& files, int rows, int columns, const ImageShape& shape,
                    const std::vector<std::string>& not_imaged = {},
                    const std::vector<std::string>& lost = {});

}  // namespace mifa::app
