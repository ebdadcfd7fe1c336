// The images of a dataset by the names that people give them: which one an annotation file, or a name
// written in one, is about.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "annotation/format.h"

namespace mifa::validate {

struct KnownImage {
  std::string path;                  // of the file, or of the group in a Zarr hierarchy
  std::vector<std::int64_t> extent;  // x, y, z in pixels; empty where not known
  annotation::ImageContext context;
};

class ImageBook {
 public:
  void add(KnownImage image);
  bool empty() const { return images_.empty(); }
  const KnownImage* at(const std::string& path) const;
  // The image that a name or path in a file means: the one whose path agrees most, of several the one
  // nearest to the folder. Null where none does, or several do equally.
  const KnownImage* named(std::string_view name, const std::string& folder) const;
  // The image that a file is about by its own path: "cells_mask.png", "cells.geojson" and
  // "annotations/cells/outlines.csv" are about "images/cells.ome.zarr". Null where that is not clear.
  const KnownImage* beside(const std::string& path) const;
  // The image that a picture is a mask of, where its name ("cells_mask.png") or its folder
  // ("masks/cells.png" beside "images/cells.png") says that it is one; else null.
  const KnownImage* masked_by(const std::string& path) const;

 private:
  const KnownImage* nearest(const std::vector<const KnownImage*>& candidates,
                            const std::string& folder) const;
  std::vector<const KnownImage*> with_stem(const std::string& stem) const;

  std::map<std::string, KnownImage> images_;
  std::unordered_map<std::string, std::vector<const KnownImage*>> by_stem_;
};

}  // namespace mifa::validate
