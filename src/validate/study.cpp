// The studies that the data belongs to: their metadata, merged and checked by src/mifa against the
// files, images and annotations that are there.
#include <algorithm>

#include "annotation/image_placement.h"
#include "mifa/file_index.h"
#include "validate/runner_state.h"

namespace mifa::validate {
namespace {

std::int64_t extent_along(const ImageFacts& image, std::string_view axis, std::int64_t otherwise) {
  const auto found = std::find(image.axis_names.begin(), image.axis_names.end(), axis);
  if (found == image.axis_names.end()) return otherwise;
  return image.shape[static_cast<std::size_t>(found - image.axis_names.begin())];
}

std::vector<std::int64_t> extent_of(const ImageFacts& image) {
  const std::int64_t x = extent_along(image, "x", 0), y = extent_along(image, "y", 0);
  if (x <= 0 || y <= 0) return {};
  return {x, y, extent_along(image, "z", 1)};
}

KnownImage known_image(const ImageFacts& image) {
  KnownImage known;
  known.path = image.path;
  known.extent = extent_of(image);
  annotation::ImageContext& context = known.context;
  context.names = {image.path};
  context.width = extent_along(image, "x", 0);
  context.height = extent_along(image, "y", 0);
  context.depth = extent_along(image, "z", 1);
  context.frames = extent_along(image, "t", 1);
  for (std::size_t i = 0; i < image.axis_names.size() && i < image.scale.size(); ++i) {
    if (image.axis_names[i] == "x") context.unit = image.units[i];
  }
  for (std::size_t i = 0; i < image.axis_names.size() && i < image.scale.size(); ++i) {
    if (image.units[i] != context.unit) continue;
    if (image.axis_names[i] == "x") context.pixel_width = image.scale[i];
    if (image.axis_names[i] == "y") context.pixel_height = image.scale[i];
    if (image.axis_names[i] == "z") context.slice_distance = image.scale[i];
  }
  return known;
}

}  // namespace

void Runner::State::start_studies() {
  std::sort(pictures.begin(), pictures.end(),
            [](const KnownImage& a, const KnownImage& b) { return a.path < b.path; });
  std::vector<meta::ReadResult> results;
  for (auto& [key, result] : documents) results.push_back(std::move(result));
  const meta::ActualFiles actual = actual_files();
  studies = meta::merge_studies(std::move(results), &actual);
  for (const meta::MergedStudy& merged : studies) {
    if (!merged.single) declare_annotations(merged);
  }
  fill_book();
}

// Images that are there: what metadata or its place says to be an annotation is none.
void Runner::State::fill_book() {
  for (const auto& [path, image] : images) {
    if (!image.is_label && !declared.contains(path)) book.add(known_image(image));
  }
  for (const KnownImage& picture : pictures) {
    if (!declared.contains(picture.path)) book.add(picture);
  }
}

meta::ActualFiles Runner::State::actual_files() const {
  meta::ActualFiles actual;
  for (const auto& [key, size] : tree.files) actual.files.push_back({key, size});
  const auto add = [&](const std::string& path, std::vector<std::int64_t> extent, double metres,
                       bool mask) {
    if (mask || declared.contains(path)) {
      actual.annotations.push_back({.path = path, .types = {}, .extent = std::move(extent)});
    } else {
      actual.images.push_back({path, std::move(extent), metres});
    }
  };
  // Pixel sizes of OME-Zarr have rules of their own.
  for (const auto& [path, image] : images) add(path, extent_of(image), 0, image.is_label);
  for (const KnownImage& picture : pictures) {
    const double metres = annotation::metres_of(picture.context.unit).value_or(0);
    add(picture.path, picture.extent, metres * picture.context.pixel_width, false);
  }
  for (const auto& [path, outcome] : annotations_done) {
    if (!outcome.read) continue;
    // Objects outside their image are told at their place in the file.
    actual.annotations.push_back({.path = path,
                                  .types = outcome.types,
                                  .count = outcome.objects,
                                  .extent = {},
                                  .in_pixels = outcome.in_pixels});
  }
  return actual;
}

void Runner::State::declare_annotations(const meta::MergedStudy& merged) {
  const meta::CheckedStudy& study = merged.study;
  const meta::ActualFiles here = meta::files_below(actual_files(), study.root);
  const meta::FileIndex index(study.record, &here);
  for (const meta::FileIndex::Annotation& annotation : index.annotations()) {
    std::string path = annotation.entry->path.value;
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    Declared& one = declared[in_folder(study.root, path)];
    if (annotation.entry->source_images.size() != 1) continue;
    std::string source;
    if (index.find_image(annotation.entry->source_images.front().value, source) ==
        meta::FileIndex::Match::kOne) {
      one.source = in_folder(study.root, source);
    }
  }
}

void Runner::State::check_studies() {
  if (studies.empty()) return;
  const meta::ActualFiles actual = actual_files();
  for (meta::MergedStudy& merged : studies) {
    meta::check_study(merged, &actual, {.now = options.now, .previous = nullptr});
    for (const Issue& issue : merged.study.issues) findings.adopt(issue);
  }
}

}  // namespace mifa::validate
