#include "annotation/image_names.h"

#include <algorithm>
#include <array>

namespace mifa::annotation {

namespace {

constexpr std::array<std::string_view, 36> kExtensions = {
    "ome", "zarr", "tif", "tiff", "btf", "tf8", "png",  "jpg", "jpeg", "bmp", "gif", "webp",
    "nd2", "czi",  "lif", "lsm",  "vsi", "svs", "ndpi", "scn", "mrxs", "oib", "oif", "ims",
    "dcm", "nrrd", "h5",  "hdf5", "npy", "mrc", "mrcs", "rec", "gz",   "zip", "ozx", "ngff"};

}  // namespace

std::string image_stem(std::string_view name) {
  while (!name.empty() && (name.back() == '/' || name.back() == '\\')) name.remove_suffix(1);
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string stem(name);
  for (char& c : stem) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  for (;;) {
    const std::size_t dot = stem.rfind('.');
    if (dot == std::string::npos || dot == 0) return stem;
    const std::string_view extension = std::string_view(stem).substr(dot + 1);
    if (std::find(kExtensions.begin(), kExtensions.end(), extension) == kExtensions.end())
      return stem;
    stem.resize(dot);
  }
}

ImageNames::ImageNames(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::string stem = image_stem(name);
    if (!stem.empty()) stems_.insert(std::move(stem));
  }
}

}  // namespace mifa::annotation
