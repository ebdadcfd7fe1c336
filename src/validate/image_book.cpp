#include "validate/image_book.h"

#include <algorithm>

#include "annotation/image_choice.h"
#include "annotation/image_names.h"
#include "validate/tree.h"

namespace mifa::validate {
namespace {

// What annotation files are called after their image: "cells_mask", "cells-annotations".
constexpr std::string_view kAnnotationWords[] = {
    "annotation", "annotations", "mask", "masks", "label", "labels", "seg", "segmentation", "roi",
    "rois", "points", "boxes", "bboxes", "polygons", "outlines", "tracks", "counts", "instances",
    "gt", "ground_truth", "coco", "objects", "cells", "nuclei", "centroids", "keypoints"};
constexpr std::string_view kAnnotationEndings[] = {".geff.zarr", ".geff", ".geoparquet", ".geojson", ".geojsonl", ".geojsons", ".json", ".csv", ".tsv",
                                                   ".txt", ".xml", ".roi", ".star", ".swc", ".parquet"};

// The folder of a Zarr hierarchy that a path leads into, or the path itself.
std::string hierarchy_of(const std::string& path) {
  const std::size_t at = path.find(".zarr/");
  return at == std::string::npos ? path : path.substr(0, at + 5);
}

std::size_t shared_folders(std::string_view a, std::string_view b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) count += a[i] == '/';
  return count;
}

}  // namespace

void ImageBook::add(KnownImage image) {
  const std::string path = image.path;
  const auto [at, fresh] = images_.emplace(path, std::move(image));
  if (!fresh) return;
  by_stem_[annotation::image_stem(path)].push_back(&at->second);
  // "cells.ome.zarr/0" is called "cells".
  const std::string top = hierarchy_of(path);
  if (top != path) by_stem_[annotation::image_stem(top)].push_back(&at->second);
}

const KnownImage* ImageBook::at(const std::string& path) const {
  const auto found = images_.find(path);
  return found == images_.end() ? nullptr : &found->second;
}

std::vector<const KnownImage*> ImageBook::with_stem(const std::string& stem) const {
  const auto found = by_stem_.find(stem);
  return found == by_stem_.end() ? std::vector<const KnownImage*>() : found->second;
}

const KnownImage* ImageBook::nearest(const std::vector<const KnownImage*>& candidates,
                                     const std::string& folder) const {
  const KnownImage* best = nullptr;
  std::size_t most = 0;
  bool several = false;
  for (const KnownImage* one : candidates) {
    const std::size_t shared = shared_folders(one->path, folder + "/");
    if (!best || shared > most) {
      best = one, most = shared, several = false;
    } else if (shared == most) {
      several = true;
    }
  }
  return several ? nullptr : best;
}

const KnownImage* ImageBook::named(std::string_view name, const std::string& folder) const {
  if (const auto exact = images_.find(std::string(name)); exact != images_.end()) return &exact->second;
  std::vector<const KnownImage*> best;
  int most = 0;
  for (const KnownImage* one : with_stem(annotation::image_stem(name))) {
    const int agreement = std::max(annotation::name_agreement(name, one->path),
                                   annotation::name_agreement(name, hierarchy_of(one->path)));
    if (agreement > most) best.clear();
    if (agreement >= most && agreement > 0) best.push_back(one);
    most = std::max(most, agreement);
  }
  return nearest(best, folder);
}

const KnownImage* ImageBook::masked_by(const std::string& path) const {
  constexpr std::string_view kMaskWords[] = {"mask", "masks", "label", "labels", "seg", "segmentation"};
  const auto is_mask_word = [&](std::string_view word) {
    return std::find(std::begin(kMaskWords), std::end(kMaskWords), word) != std::end(kMaskWords);
  };
  const std::string folder = parent_path(path);
  const std::string stem = annotation::image_stem(path);
  if (is_mask_word(annotation::image_stem(folder))) {
    std::vector<const KnownImage*> others;
    for (const KnownImage* one : with_stem(stem)) {
      if (parent_path(one->path) != folder) others.push_back(one);
    }
    return nearest(others, folder);
  }
  const std::size_t mark = stem.find_last_of("_-. ");
  if (mark == std::string::npos || !is_mask_word(stem.substr(mark + 1))) return nullptr;
  return nearest(with_stem(stem.substr(0, mark)), folder);
}

const KnownImage* ImageBook::beside(const std::string& path) const {
  const std::string folder = parent_path(path);
  std::string stem(file_name(path));
  for (const std::string_view ending : kAnnotationEndings) {
    if (stem.size() <= ending.size() || !stem.ends_with(ending)) continue;
    stem.resize(stem.size() - ending.size());
    break;
  }
  stem = annotation::image_stem(stem);
  const auto take = [&](const std::string& wanted) { return nearest(with_stem(wanted), folder); };
  if (const KnownImage* found = take(stem); found && found->path != path) return found;
  for (const std::string_view word : kAnnotationWords) {
    if (stem.size() <= word.size() + 1 || !stem.ends_with(word)) continue;
    const char before = stem[stem.size() - word.size() - 1];
    if (before != '_' && before != '-' && before != '.' && before != ' ') continue;
    if (const KnownImage* found = take(annotation::image_stem(stem.substr(0, stem.size() - word.size() - 1)))) {
      return found->path == path ? nullptr : found;
    }
  }
  return folder.empty() ? nullptr : take(annotation::image_stem(folder));
}

}  // namespace mifa::validate
