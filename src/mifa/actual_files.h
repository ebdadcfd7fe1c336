// What is really there, as the validator has found it. The rules compare the record with it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mifa::meta {

struct ActualFiles {
  struct File {
    std::string path;         // Relative to the dataset's root, with "/".
    std::int64_t bytes = -1;  // -1: unknown.
  };
  struct Image {
    std::string path;                  // Of a file, or of the folder of an OME-Zarr.
    std::vector<std::int64_t> extent;  // x, y, z in pixels; empty: unknown.
    double pixel_metres = 0;           // Along x; 0: unknown.
  };
  struct Annotation {
    std::string path;
    std::vector<std::string> types;    // MIFA's words that fit the content, the best first.
    std::int64_t count = -1;           // Objects; -1: unknown.
    std::vector<std::int64_t> extent;  // Of masks, as Image::extent.
    std::int64_t outside = 0;          // Objects outside their image.
    bool in_pixels = true;             // Coordinates are pixels.
  };
  std::vector<File> files;  // All of them, metadata too.
  std::vector<Image> images;
  std::vector<Annotation> annotations;
};

}  // namespace mifa::meta
