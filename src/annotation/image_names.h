// Whether a file's "image" is the one that is open: people name images by path, by file or without
// the extension, and export them as other formats.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "annotation/column.h"

namespace mifa::annotation {

// The file's name without its folders and image extensions ("a/B_01.ome.tif" → "b_01").
std::string image_stem(std::string_view name);

class ImageNames {
 public:
  explicit ImageNames(const std::vector<std::string>& names);
  // No name of the open image is known: nothing can be left out.
  bool unknown() const { return stems_.empty(); }
  bool match(std::string_view name) const { return stems_.contains(image_stem(name)); }

 private:
  std::unordered_set<std::string, TextHash, std::equal_to<>> stems_;
};

}  // namespace mifa::annotation
