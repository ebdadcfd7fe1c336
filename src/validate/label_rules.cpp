// What holds for label images: the list beside an image, and "image-label".
#include <set>
#include <string>

#include "ome/concat.h"
#include "ome/key_path.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kLabels = "https://ngff.openmicroscopy.org/0.5/#labels-md";
constexpr std::int64_t kMostValues = std::int64_t{1} << 20;  // colours or properties looked at

// --- the labels group

void check_list(const Subject& subject, Findings& findings) {
  const JsonView list = subject.group.ome["labels"];
  if (!list.is_array()) {
    findings.at(list.exists() ? list : subject.group.ome,
                "The group of label images does not list them.", "\"labels\", an array of paths");
    return;
  }
  for (std::int64_t i = 0; i < std::min(list.size(), kMostValues); ++i) {
    const auto text = list[i].string();
    if (!text) {
      findings.at(list[i], "A label image's path is not a string.", "a string");
    } else if (const auto joined = ome::join_path(subject.path, *text); !joined) {
      findings.at(list[i], concat("The path leads nowhere: ", joined.error().message, "."),
                  "a path below the labels group");
    }
  }
}

// --- image-label

void check_form(const Subject& subject, Findings& findings) {
  if (!subject.where.is_object()) {
    findings.at(subject.where, "\"image-label\" is not an object.", "an object");
  }
}

bool each_value(const Subject& subject, const char* key, Findings& findings) {
  const JsonView list = subject.where[key];
  if (!list.exists()) return false;
  if (list.is_array() && list.size() > 0) return true;
  findings.at(list, "The list is empty or no list.", "an array of at least one object",
              "Leave it out when there is nothing to list.");
  return false;
}

// The label that an entry is about, as text; files an issue where there is none.
std::string label_of(const JsonView& item, Findings& findings) {
  const JsonView value = item["label-value"];
  if (const auto id = value.unsigned_integer()) return std::to_string(*id);
  if (const auto id = value.integer()) return std::to_string(*id);
  findings.at(value.exists() ? value : item, "The entry does not say whose it is.",
              "\"label-value\", a whole number");
  return {};
}

void check_colors(const Subject& subject, Findings& findings) {
  if (!each_value(subject, "colors", findings)) return;
  const JsonView list = subject.where["colors"];
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostValues); ++i) {
    const std::string label = label_of(list[i], findings);
    if (label.empty()) continue;
    if (!seen.insert(label).second) {
      findings.at(list[i], concat("Label ", label, " has two colours."), "one colour a label",
                  "Remove one of them.");
      continue;
    }
    const JsonView rgba = list[i]["rgba"];
    bool good = !rgba.exists() || (rgba.is_array() && rgba.size() == 4);
    for (std::int64_t k = 0; good && k < rgba.size(); ++k) {
      const auto part = rgba[k].integer();
      good = part && *part >= 0 && *part <= 255;
    }
    if (!good) {
      findings.at(rgba, concat("The colour of label ", label, " cannot be read."),
                  "four whole numbers from 0 to 255", "Write red, green, blue and alpha.");
    }
  }
}

void check_properties(const Subject& subject, Findings& findings) {
  if (!each_value(subject, "properties", findings)) return;
  const JsonView list = subject.where["properties"];
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostValues); ++i) {
    const std::string label = label_of(list[i], findings);
    if (!label.empty() && !seen.insert(label).second) {
      findings.at(list[i], concat("Label ", label, " has two entries of properties."),
                  "one entry a label", "Put the properties together.");
    }
  }
}

void check_colors_missing(const Subject& subject, Findings& findings) {
  if (subject.where.is_object() && !subject.where["colors"].exists()) {
    findings.at(subject.where, "The label image lists no colours.", "an array \"colors\"");
  }
}

void check_source(const Subject& subject, Findings& findings) {
  const JsonView source = subject.where["source"];
  const JsonView image = source["image"];
  if (source.exists() && !source.is_object()) {
    findings.at(source, "The source of the label image cannot be read.", "an object with \"image\"");
  } else if (image.exists() && !image.is_string()) {
    findings.at(image, "The path of the labelled image is not a string.",
                "a string such as \"../../\"");
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/labels-list",
     .severity = Severity::kError,
     .kind = Kind::kLabelsGroup,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "The group \"labels\" lists the label images",
     .why = "Over the web nothing else tells which label images there are.",
     .fix = "List the label images' paths, relative to the group.",
     .check = check_list},
    {.id = "ome-zarr/label-missing",
     .severity = Severity::kError,
     .kind = Kind::kLabelsGroup,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "Listed label images are there",
     .why = "Programs offer a label image that cannot be opened.",
     .fix = "Add the label image, or remove it from the list.",
     .check = nullptr},
    {.id = "ome-zarr/label-unlisted",
     .severity = Severity::kWarning,
     .kind = Kind::kLabelsGroup,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "Label images that are there are listed",
     .why = "Over the web nobody finds the label image.",
     .fix = "Add its path to \"labels\".",
     .check = nullptr},
    {.id = "ome-zarr/label-image",
     .severity = Severity::kError,
     .kind = Kind::kLabelsGroup,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "Label images are images",
     .why = "There is nothing to show.",
     .fix = "Add \"multiscales\" to the label image's metadata.",
     .check = nullptr},
    {.id = "ome-zarr/image-label-missing",
     .severity = Severity::kWarning,
     .kind = Kind::kLabelsGroup,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "Label images say that they are",
     .why = "Programs show the ids as brightness.",
     .fix = "Add \"image-label\" to the label image's metadata.",
     .check = nullptr},
    {.id = "ome-zarr/image-label",
     .severity = Severity::kError,
     .kind = Kind::kLabel,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "\"image-label\" is an object",
     .why = "Nothing of the labels can be read.",
     .fix = "Write {} where there is nothing to say.",
     .check = check_form},
    {.id = "ome-zarr/label-colors",
     .severity = Severity::kError,
     .kind = Kind::kLabel,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "Colours name their label once, with four numbers from 0 to 255",
     .why = "Programs show the label in another colour.",
     .fix = "Add the label's value.",
     .check = check_colors},
    {.id = "ome-zarr/label-colors-missing",
     .severity = Severity::kWarning,
     .kind = Kind::kLabel,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "Label images list colours",
     .why = "Every program shows the labels in colours of its own; the specification recommends a "
            "list.",
     .fix = "Add \"colors\" with one entry a label.",
     .check = check_colors_missing},
    {.id = "ome-zarr/label-properties",
     .severity = Severity::kError,
     .kind = Kind::kLabel,
     .applies_to = "0.2 and later",
     .spec = kLabels,
     .title = "Properties name their label once",
     .why = "Programs cannot tell whose properties they are.",
     .fix = "Add the label's value.",
     .check = check_properties},
    {.id = "ome-zarr/label-source",
     .severity = Severity::kError,
     .kind = Kind::kLabel,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "The labelled image is named by a path",
     .why = "Programs cannot find the image that was labelled.",
     .fix = "Correct or remove it.",
     .check = check_source},
    {.id = "ome-zarr/label-source-missing",
     .severity = Severity::kError,
     .kind = Kind::kLabel,
     .applies_to = "all versions",
     .spec = kLabels,
     .title = "The labelled image is there",
     .why = "Programs cannot find the image that was labelled.",
     .fix = "Correct the path; it is relative to the label image's group.",
     .check = nullptr},
};

}  // namespace

std::span<const Rule> label_rules() { return kRules; }

}  // namespace mifa::validate
