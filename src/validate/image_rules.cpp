// What holds for one image: an entry of "multiscales", before its arrays are looked at.
#include <set>
#include <string>

#include "ome/concat.h"
#include "ome/key_path.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kImage = "https://ngff.openmicroscopy.org/0.5/#multiscale-md";

void check_name(const Subject& subject, Findings& findings) {
  const JsonView name = subject.where["name"];
  if (name.exists() && !name.is_string()) {
    findings.at(name, "The image's name is not a string.", "a string");
  }
}

void check_description(const Subject& subject, Findings& findings) {
  std::string missing;
  for (const char* key : {"name", "type", "metadata"}) {
    if (subject.where[key].exists()) continue;
    missing += concat(missing.empty() ? "" : ", ", "\"", key, "\"");
  }
  if (missing.empty()) return;
  findings.at(subject.where,
              concat("The image does not say ", missing, ", which the specification recommends."),
              "a name, the type of downscaling, and metadata on it", "an object without them", "");
}

void check_datasets(const Subject& subject, Findings& findings) {
  const JsonView datasets = subject.where["datasets"];
  if (!datasets.is_array() || datasets.size() == 0) {
    findings.at(datasets.exists() ? datasets : subject.where, "The image has no datasets.",
                "an array \"datasets\" of at least one object");
  }
}

void check_paths(const Subject& subject, Findings& findings) {
  const JsonView datasets = subject.where["datasets"];
  for (std::int64_t i = 0; i < datasets.size(); ++i) {
    const JsonView path = datasets[i]["path"];
    const auto text = path.string();
    if (!text) {
      findings.at(path.exists() ? path : datasets[i],
                  path.exists() ? "The dataset's path is not a string."
                                : "The dataset has no path.",
                  "a member \"path\", a string such as \"0\"");
    } else if (const auto joined = ome::join_path(subject.path, *text); !joined) {
      findings.at(path, concat("The dataset's path leads nowhere: ", joined.error().message, "."),
                  "a path below this group, such as \"0\"");
    }
  }
}

void check_paths_unique(const Subject& subject, Findings& findings) {
  const JsonView datasets = subject.where["datasets"];
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < datasets.size(); ++i) {
    const auto text = datasets[i]["path"].string();
    if (text && !seen.insert(*text).second) {
      findings.at(datasets[i]["path"], "The same array is listed as two levels.",
                  "an array of its own for each level");
    }
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/multiscale-name",
     .severity = Severity::kError,
     .kind = Kind::kImage,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Names of images are strings",
     .why = "Programs cannot show the name.",
     .fix = "Put the name in quotes.",
     .check = check_name},
    {.id = "ome-zarr/multiscale-description",
     .severity = Severity::kInfo,
     .kind = Kind::kImage,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Images say their name and how they were downscaled",
     .why = "Readers cannot tell whether coarse levels hold means or picked values.",
     .fix = "Add \"name\", \"type\" (such as \"gaussian\") and \"metadata\".",
     .check = check_description},
    {.id = "ome-zarr/datasets",
     .severity = Severity::kError,
     .kind = Kind::kImage,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "An image has datasets",
     .why = "There is nothing to show.",
     .fix = "List the image's arrays in \"datasets\", the finest first.",
     .check = check_datasets},
    {.id = "ome-zarr/dataset-path",
     .severity = Severity::kError,
     .kind = Kind::kImage,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Every dataset has the path of an array below its group",
     .why = "The level cannot be found.",
     .fix = "Write the array's path relative to its group, as a string.",
     .check = check_paths},
    {.id = "ome-zarr/dataset-path-unique",
     .severity = Severity::kError,
     .kind = Kind::kImage,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Every level is an array of its own",
     .why = "Levels must become smaller from one to the next.",
     .fix = "List each array once.",
     .check = check_paths_unique},
};

}  // namespace

std::span<const Rule> image_rules() { return kRules; }

}  // namespace mifa::validate
