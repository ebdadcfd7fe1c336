// What holds for groups of images: bioformats2raw collections, and 0.6 scenes.
#include <string>

#include "ome/concat.h"
#include "ome/key_path.h"
#include "validate/edition.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kLayout = "https://ngff.openmicroscopy.org/0.5/#bf2raw";
constexpr const char* kScene = "https://ngff.openmicroscopy.org/specifications/dev/index.html#scene-metadata";

void check_layout(const Subject& subject, Findings& findings) {
  const JsonView layout = subject.group.ome["bioformats2raw.layout"];
  if (layout.exists() && layout.integer() != 3) {
    findings.at(layout, "This layout of bioformats2raw is not in the specification.", "3");
  }
}

void check_series(const Subject& subject, Findings& findings) {
  const JsonView list = subject.group.ome["series"];
  if (!list.exists()) return;
  if (!list.is_array() || list.size() == 0) {
    findings.at(list, "\"series\" lists no images.", "an array of paths");
    return;
  }
  for (std::int64_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_string()) findings.at(list[i], "The path of a series is not a string.", "a string");
  }
}

void check_scene(const Subject& subject, Findings& findings) {
  const JsonView& ome_view = subject.group.ome;
  const JsonView scene = ome_view["scene"];
  if (scene.exists() && !scene.is_object()) {
    findings.at(scene, "\"scene\" is not an object.", "an object with \"coordinateTransformations\"");
  }
  // Drafts had no "scene" around the two.
  const std::string version = ome_view["version"].string().value_or("");
  if (scene.exists() || ome_view["multiscales"].exists() || is_draft_text(version) ||
      ome::minor_version(version) < 6) {
    return;
  }
  for (const char* key : {"coordinateSystems", "coordinateTransformations"}) {
    if (!ome_view[key].exists()) continue;
    findings.at(ome_view[key], concat("\"", key, "\" stands outside an image and a scene."),
                concat("\"scene\" with \"", key, "\" in it"));
    return;
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/series-layout",
     .severity = Severity::kError,
     .kind = Kind::kSeries,
     .applies_to = "0.4 and later",
     .spec = kLayout,
     .title = "\"bioformats2raw.layout\" is 3",
     .why = "Programs do not know where the images are.",
     .fix = "Convert again with a current bioformats2raw, or remove the key.",
     .check = check_layout},
    {.id = "ome-zarr/series",
     .severity = Severity::kError,
     .kind = Kind::kSeries,
     .applies_to = "0.4 and later",
     .spec = kLayout,
     .title = "\"series\" lists paths",
     .why = "Programs cannot find the images.",
     .fix = "List the image groups as strings, in the order of the OME-XML.",
     .check = check_series},
    {.id = "ome-zarr/series-missing",
     .severity = Severity::kError,
     .kind = Kind::kSeries,
     .applies_to = "0.4 and later",
     .spec = kLayout,
     .title = "The images of a bioformats2raw collection are there",
     .why = "Programs offer an image that cannot be opened, or none.",
     .fix = "Add the image; without \"series\", number the groups from 0 without gaps.",
     .check = nullptr},
    {.id = "ome-zarr/series-xml-missing",
     .severity = Severity::kWarning,
     .kind = Kind::kSeries,
     .applies_to = "0.4 and later",
     .spec = kLayout,
     .title = "A bioformats2raw collection has its OME-XML",
     .why = "Names, instrument and acquisition settings of the images are lost.",
     .fix = "Add OME/METADATA.ome.xml.",
     .check = nullptr},
    {.id = "ome-zarr/scene",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "0.6",
     .spec = kScene,
     .title = "\"scene\" is an object with transformations",
     .why = "Nothing tells how the images lie to one another.",
     .fix = "Write the transformations between the images.",
     .check = check_scene},
    {.id = "ome-zarr/scene-image",
     .severity = Severity::kError,
     .kind = Kind::kScene,
     .applies_to = "0.6",
     .spec = kScene,
     .title = "Images and coordinate systems that a scene names are there",
     .why = "The image cannot be placed in the scene.",
     .fix = "Correct the path or the name, or add the image.",
     .check = nullptr},
};

}  // namespace

std::span<const Rule> collection_rules() { return kRules; }

}  // namespace mifa::validate
