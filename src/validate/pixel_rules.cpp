// What the pixels themselves tell, as far as chunks were decoded.
#include <set>
#include <string>

#include "ome/concat.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

void check_window_range(const Subject& subject, Findings& findings) {
  const JsonView channels = subject.group.ome["omero"]["channels"];
  const PixelFacts& pixels = *subject.pixels;
  if (subject.is_label || !pixels.whole_level) return;
  for (const auto& [index, range] : pixels.channels) {
    const JsonView window = channels[index]["window"];
    const auto start = window["start"].number(), end = window["end"].number();
    if (!start || !end || *start >= *end || !range.any) continue;
    if (*end > range.minimum && *start < range.maximum) continue;
    // A channel that is blank is another fault.
    if (range.minimum == range.maximum) continue;
    findings.at(window, "No pixel of the channel is inside its window: it is shown as one flat colour.",
                concat("a window within ", number_text(range.minimum), " to ",
                       number_text(range.maximum)),
                concat(number_text(*start), " to ", number_text(*end)), "");
  }
}

void check_blank(const Subject& subject, Findings& findings) {
  const PixelFacts& pixels = *subject.pixels;
  if (!pixels.finest_level || !pixels.all.any || subject.is_label) return;
  if (pixels.all.minimum != pixels.all.maximum) return;
  findings.at(subject.where,
              concat("All pixels of the image have the value ", number_text(pixels.all.minimum), "."),
              "an image", number_text(pixels.all.minimum), "");
}

// Labels that "properties" or "colors" describe, and that the image does not have.
void check_label_absent(const Subject& subject, Findings& findings) {
  const PixelFacts& pixels = *subject.pixels;
  if (!subject.is_label || !pixels.ids_complete) return;
  const JsonView label = subject.group.ome["image-label"];
  for (const char* key : {"properties", "colors"}) {
    const JsonView list = label[key];
    std::int64_t count = 0;
    std::string names;
    for (std::int64_t i = 0; i < list.size() && list.is_array(); ++i) {
      const auto id = list[i]["label-value"].unsigned_integer();
      if (!id || *id == 0 || pixels.ids.contains(*id)) continue;
      if (++count <= 5) names += concat(count == 1 ? "" : ", ", std::to_string(*id));
    }
    if (count == 0) continue;
    findings.at(list,
                concat(count, count == 1 ? " label" : " labels", " of \"", key,
                       "\" are not in the image: ", names, count > 5 ? " …" : "", "."),
                "labels of the image", concat(count), "");
  }
}

// Labels of the image that "properties" leaves out, where it describes others.
void check_label_undescribed(const Subject& subject, Findings& findings) {
  const PixelFacts& pixels = *subject.pixels;
  const JsonView list = subject.group.ome["image-label"]["properties"];
  if (!subject.is_label || !pixels.ids_complete || !list.is_array() || list.size() == 0) return;
  std::set<std::uint64_t> described;
  for (std::int64_t i = 0; i < list.size(); ++i) {
    if (const auto id = list[i]["label-value"].unsigned_integer()) described.insert(*id);
  }
  std::int64_t count = 0;
  std::string names;
  for (const std::uint64_t id : pixels.ids) {
    if (id == 0 || described.contains(id)) continue;
    if (++count <= 5) names += concat(count == 1 ? "" : ", ", std::to_string(id));
  }
  if (count == 0) return;
  findings.at(list,
              concat(count, count == 1 ? " label" : " labels",
                     " of the image have no entry in \"properties\": ", names,
                     count > 5 ? " …" : "", "."),
              "an entry for every label", concat(count), "");
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/omero-window-range",
     .severity = Severity::kWarning,
     .kind = Kind::kPixels,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#omero-md",
     .title = "Windows of channels show some of the data",
     .why = "The channel is black or saturated when it is opened.",
     .fix = "Write the range of values to show.",
     .check = check_window_range},
    {.id = "ome-zarr/image-blank",
     .severity = Severity::kWarning,
     .kind = Kind::kPixels,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#multiscale-md",
     .title = "Images are not blank",
     .why = "There is nothing to see; mostly the pixels were lost in a conversion.",
     .fix = "Convert the image again.",
     .check = check_blank},
    {.id = "ome-zarr/label-ids-absent",
     .severity = Severity::kWarning,
     .kind = Kind::kPixels,
     .applies_to = "with all chunks decoded",
     .spec = "https://ngff.openmicroscopy.org/0.5/#labels-md",
     .title = "Labels that are described are in the image",
     .why = "The description is of another image, or objects were lost.",
     .fix = "Remove the entries, or write the label image again.",
     .check = check_label_absent},
    {.id = "ome-zarr/label-ids-undescribed",
     .severity = Severity::kInfo,
     .kind = Kind::kPixels,
     .applies_to = "with all chunks decoded",
     .spec = "https://ngff.openmicroscopy.org/0.5/#labels-md",
     .title = "All labels of an image are described, where some are",
     .why = "Readers cannot tell whether the properties are unknown or forgotten.",
     .fix = "Add an entry for each label.",
     .check = check_label_undescribed},
};

}  // namespace

std::span<const Rule> pixel_rules() { return kRules; }

}  // namespace mifa::validate
