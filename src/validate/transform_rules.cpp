// What holds for "coordinateTransformations" in 0.4 and 0.5: a scale, and perhaps a translation.
#include <cmath>
#include <string>

#include "ome/concat.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kTransforms = "https://ngff.openmicroscopy.org/0.5/#trafo-md";
constexpr const char* kImage = "https://ngff.openmicroscopy.org/0.5/#multiscale-md";

JsonView list_of(const Subject& subject) { return subject.where["coordinateTransformations"]; }

bool is_known(const JsonView& transform) {
  const auto type = transform["type"].string();
  return type == "scale" || type == "translation";
}

std::int64_t count_type(const JsonView& list, std::string_view type) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < list.size(); ++i) {
    count += list[i]["type"].string() == type ? 1 : 0;
  }
  return count;
}

void check_list(const Subject& subject, Findings& findings) {
  const JsonView list = list_of(subject);
  const bool required = subject.owner == Subject::Owner::kDataset;
  if ((!list.exists() && !required) || (list.is_array() && list.size() > 0)) return;
  findings.at(list.exists() ? list : subject.where,
              required ? "The dataset has no transformation: the size of its pixels is not known."
                       : "The image's list of transformations is empty or no list.",
              "an array \"coordinateTransformations\" with one scale");
}

void check_type(const Subject& subject, Findings& findings) {
  const JsonView list = list_of(subject);
  for (std::int64_t i = 0; i < list.size() && list.is_array(); ++i) {
    if (is_known(list[i])) continue;
    const JsonView type = list[i]["type"];
    findings.at(type.exists() ? type : list[i], "A transformation of this type is not allowed here.",
                "\"type\": \"scale\" or \"translation\"");
  }
}

void check_scale_count(const Subject& subject, Findings& findings) {
  const JsonView list = list_of(subject);
  if (!list.is_array() || list.size() == 0) return;
  const std::int64_t scales = count_type(list, "scale");
  // What is of an unknown type may be meant as the scale.
  bool unknown = false;
  for (std::int64_t i = 0; i < list.size(); ++i) unknown = unknown || !is_known(list[i]);
  if (scales == 1 || (scales == 0 && unknown)) return;
  findings.at(list, concat("There are ", scales, " scales."), "exactly one");
}

void check_order(const Subject& subject, Findings& findings) {
  const JsonView list = list_of(subject);
  bool scaled = false;
  std::int64_t translations = 0;
  for (std::int64_t i = 0; i < list.size() && list.is_array(); ++i) {
    const auto type = list[i]["type"].string();
    scaled = scaled || type == "scale";
    if (type != "translation") continue;
    ++translations;
    if (translations > 1) {
      findings.at(list[i], "There is more than one translation.", "at most one");
      return;
    }
    if (!scaled && count_type(list, "scale") > 0) {
      findings.at(list[i], "The translation stands before the scale.",
                  "the scale first, then the translation");
    }
  }
}

void check_numbers(const Subject& subject, Findings& findings) {
  const JsonView list = list_of(subject);
  for (std::int64_t i = 0; i < list.size() && list.is_array(); ++i) {
    if (!is_known(list[i])) continue;
    const std::string type = *list[i]["type"].string();
    const JsonView numbers = list[i][type];
    // 0.4 and 0.5 mention parameters in an array, and their schemas do not allow them.
    if (!numbers.is_array()) {
      findings.at(numbers.exists() ? numbers : list[i], concat("The ", type, " has no numbers."),
                  concat("an array \"", type, "\" of numbers, one per axis"));
      continue;
    }
    for (std::int64_t k = 0; k < numbers.size(); ++k) {
      const auto number = numbers[k].number();
      if (number && std::isfinite(*number) && (type != "scale" || *number > 0)) continue;
      findings.at(numbers[k], concat("A number of the ", type, " cannot be right."),
                  type == "scale" ? "a number above 0" : "a number");
      break;
    }
  }
}

// The number of axes of space, where there are others besides; 0 else.
std::int64_t spatial_axes(const Subject& subject) {
  std::int64_t count = 0;
  for (const AxisFacts& axis : subject.axes) count += axis.type == "space" ? 1 : 0;
  return subject.axes_known && count < static_cast<std::int64_t>(subject.axes.size()) ? count : 0;
}

void check_length(const Subject& subject, Findings& findings) {
  const JsonView list = list_of(subject);
  for (std::int64_t i = 0; i < list.size() && list.is_array(); ++i) {
    if (!is_known(list[i])) continue;
    const JsonView numbers = list[i][*list[i]["type"].string()];
    const auto axes = static_cast<std::int64_t>(subject.axes.size());
    if (!numbers.is_array()) continue;
    // transform-axes tells where the arrays are there.
    if (numbers.size() == spatial_axes(subject)) continue;
    if (subject.axes_known ? numbers.size() == axes : numbers.size() >= 2) continue;
    findings.at(numbers,
                subject.axes_known
                    ? concat("There ", numbers.size() == 1 ? "is 1 number" : concat("are ", numbers.size(), " numbers"), " for ", axes,
                             axes == 1 ? " axis." : " axes.")
                    : concat("There are ", numbers.size(), " numbers."),
                "one number for each axis");
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/transforms",
     .severity = Severity::kError,
     .kind = Kind::kTransforms,
     .applies_to = "0.4 and later",
     .spec = kImage,
     .title = "Every dataset has its transformations",
     .why = "The size of a pixel and the place of the level are not known.",
     .fix = "Add a scale with the size of a pixel along each axis.",
     .check = check_list},
    {.id = "ome-zarr/transform-type",
     .severity = Severity::kError,
     .kind = Kind::kTransforms,
     .applies_to = "0.4 and later",
     .spec = kTransforms,
     .title = "Transformations are of types that the version allows",
     .why = "Programs cannot place the level.",
     .fix = "Write a scale, and a translation where the level is shifted.",
     .check = check_type},
    {.id = "ome-zarr/transform-scale",
     .severity = Severity::kError,
     .kind = Kind::kTransforms,
     .applies_to = "0.4 and 0.5",
     .spec = kImage,
     .title = "There is exactly one scale",
     .why = "The size of a pixel is not known, or known twice.",
     .fix = "Write one scale with the size of a pixel along each axis.",
     .check = check_scale_count},
    {.id = "ome-zarr/transform-order",
     .severity = Severity::kError,
     .kind = Kind::kTransforms,
     .applies_to = "0.4 and 0.5",
     .spec = kImage,
     .title = "At most one translation, after the scale",
     .why = "Programs apply the scale first and would place the level wrongly.",
     .fix = "Put the translation after the scale, in physical units.",
     .check = check_order},
    {.id = "ome-zarr/transform-numbers",
     .severity = Severity::kError,
     .kind = Kind::kTransforms,
     .applies_to = "0.4 and later",
     .spec = kTransforms,
     .title = "Scales are lists of numbers above 0, translations lists of numbers",
     .why = "Programs cannot place the level.",
     .fix = "Write finite numbers.",
     .check = check_numbers},
    {.id = "ome-zarr/transform-length",
     .severity = Severity::kError,
     .kind = Kind::kTransforms,
     .applies_to = "0.4 and later",
     .spec = kTransforms,
     .title = "Transformations have one number for each axis",
     .why = "Nothing tells which number belongs to which axis.",
     .fix = "Write one number for each axis, in their order; 1 for channels.",
     .check = check_length},
};

}  // namespace

std::span<const Rule> transform_rules() { return kRules; }

}  // namespace mifa::validate
