#include "mifa/annotation_type.h"

#include <map>

#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr std::string_view kTypes[] = {"class_labels",
                                       "bounding_boxes",
                                       "counts",
                                       "derived_annotations",
                                       "geometrical_annotations",
                                       "graphs",
                                       "point_annotations",
                                       "segmentation_mask",
                                       "tracks",
                                       "weak_annotations",
                                       "other"};

// By folded text. Number and hyphens are what differs most.
const std::map<std::string, std::string_view, std::less<>>& aliases() {
  static const std::map<std::string, std::string_view, std::less<>> kAliases = {
      {"classlabel", "class_labels"},
      {"classlabels", "class_labels"},
      {"classification", "class_labels"},
      {"imagelabels", "class_labels"},
      {"boundingbox", "bounding_boxes"},
      {"boundingboxes", "bounding_boxes"},
      {"bbox", "bounding_boxes"},
      {"bboxes", "bounding_boxes"},
      {"boxes", "bounding_boxes"},
      {"count", "counts"},
      {"cellcounts", "counts"},
      {"derivedannotation", "derived_annotations"},
      {"derivedannotations", "derived_annotations"},
      {"geometricalannotation", "geometrical_annotations"},
      {"geometricalannotations", "geometrical_annotations"},
      {"geometricannotations", "geometrical_annotations"},
      {"polygon", "geometrical_annotations"},
      {"polygons", "geometrical_annotations"},
      {"contours", "geometrical_annotations"},
      {"outlines", "geometrical_annotations"},
      {"rois", "geometrical_annotations"},
      {"meshes", "geometrical_annotations"},
      {"graph", "graphs"},
      {"skeletons", "graphs"},
      {"skeleton", "graphs"},
      {"point", "point_annotations"},
      {"points", "point_annotations"},
      {"pointannotation", "point_annotations"},
      {"pointannotations", "point_annotations"},
      {"landmarks", "point_annotations"},
      {"keypoints", "point_annotations"},
      {"centroids", "point_annotations"},
      {"segmentationmask", "segmentation_mask"},
      {"segmentationmasks", "segmentation_mask"},
      {"instancesegmentationmask", "segmentation_mask"},
      {"instancesegmentation", "segmentation_mask"},
      {"semanticsegmentation", "segmentation_mask"},
      {"semanticsegmentationmask", "segmentation_mask"},
      {"segmentation", "segmentation_mask"},
      {"segmentations", "segmentation_mask"},
      {"segmetationmask", "segmentation_mask"},  // As BIA's own template spells it.
      {"mask", "segmentation_mask"},
      {"masks", "segmentation_mask"},
      {"labelmask", "segmentation_mask"},
      {"labelimage", "segmentation_mask"},
      {"labelimages", "segmentation_mask"},
      {"track", "tracks"},
      {"tracking", "tracks"},
      {"trajectories", "tracks"},
      {"weakannotation", "weak_annotations"},
      {"weakannotations", "weak_annotations"},
      {"scribbles", "weak_annotations"},
      {"others", "other"}};
  return kAliases;
}

}  // namespace

TypeReading read_annotation_type(std::string_view text) {
  text = trimmed(text);
  for (const std::string_view type : kTypes) {
    if (text == type) return {TypeReading::State::kExact, std::string(type)};
  }
  const std::string word = folded(text);
  for (const std::string_view type : kTypes) {
    if (word == folded(type)) return {TypeReading::State::kAlias, std::string(type)};
  }
  const auto found = aliases().find(word);
  if (found != aliases().end()) return {TypeReading::State::kAlias, std::string(found->second)};
  for (const std::string_view how :
       {"manual", "manually", "handannotated", "automatic", "automated", "semiautomatic",
        "semiautomated", "hybrid", "simulated", "synthetic", "expert", "crowdsourced",
        "software"}) {
    if (word == how) return {TypeReading::State::kMethod, ""};
  }
  return {};
}

std::span<const std::string_view> annotation_types() { return kTypes; }

}  // namespace mifa::meta
