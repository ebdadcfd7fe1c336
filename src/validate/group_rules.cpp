// What holds for the metadata of every group: where it stands, and which version it says.
#include <algorithm>
#include <string>

#include "ome/concat.h"
#include "validate/edition.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kMetadata = "https://ngff.openmicroscopy.org/0.5/#metadata";
constexpr const char* kZarr3 = "https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html";
constexpr const char* kZarr2 = "https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html";

constexpr const char* kBlocks[] = {"plate", "well", "image-label"};
constexpr std::int64_t kMostImages = 256;  // entries of one "multiscales" that are looked at

// The parts of a group that may carry a version before 0.5.
std::vector<JsonView> blocks_of(const ome::GroupMetadata& group) {
  std::vector<JsonView> blocks;
  const JsonView images = group.ome["multiscales"];
  for (std::int64_t i = 0; i < std::min(images.size(), kMostImages); ++i) {
    if (images[i].is_object()) blocks.push_back(images[i]);
  }
  for (const char* key : kBlocks) {
    if (group.ome[key].is_object()) blocks.push_back(group.ome[key]);
  }
  return blocks;
}

bool namespaced(const Subject& subject) {
  return subject.group.zarr_format == 3 && !subject.group.misplaced;
}

// Every place where a version is written.
std::vector<JsonView> versions_of(const Subject& subject) {
  std::vector<JsonView> places;
  const auto add = [&places](const JsonView& place) {
    if (place.exists()) places.push_back(place);
  };
  add(subject.group.ome["version"]);
  if (namespaced(subject)) return places;
  for (const JsonView& block : blocks_of(subject.group)) add(block["version"]);
  return places;
}

void check_namespace(const Subject& subject, Findings& findings) {
  const JsonView& document = subject.group.document;
  if (subject.group.misplaced) {
    findings.at(subject.group.ome,
                "OME-Zarr metadata stands directly under \"attributes\" of zarr.json.",
                "attributes.ome");
  } else if (subject.group.zarr_format == 2 && !document["multiscales"].exists() &&
             (document["ome"].is_object() || document["attributes"]["ome"].is_object())) {
    findings.at(document, "A .zattrs file holds metadata as zarr.json of Zarr v3 does.",
                "\"multiscales\", \"plate\" or the like at the top of .zattrs",
                "Write a zarr.json, and the arrays in Zarr v3; or move the members of \"ome\" to "
                "the top of .zattrs and say version 0.4.");
  }
}

// Groups that only list others are often written without.
bool only_lists(const Subject& subject) {
  return subject.group.content == ome::Content::kLabelList ||
         subject.group.content == ome::Content::kSeriesList;
}

void check_version_missing(const Subject& subject, Findings& findings) {
  if (namespaced(subject) && subject.group.ome.exists() && !only_lists(subject) &&
      !subject.group.ome["version"].exists()) {
    findings.at(subject.group.ome, "attributes.ome does not say which version it follows.",
                "a member \"version\" such as \"0.5\"");
  }
}

// A SHOULD before 0.5.
void check_version_recommended(const Subject& subject, Findings& findings) {
  if (namespaced(subject) && only_lists(subject) && !subject.group.ome["version"].exists()) {
    findings.at(subject.group.ome, "attributes.ome does not say which version it follows.",
                "a member \"version\" such as \"0.5\"");
  }
  const auto blocks = blocks_of(subject.group);
  if (namespaced(subject) || subject.group.misplaced || blocks.empty()) return;
  if (!versions_of(subject).empty()) return;
  // plate-version says so of plates that must have one.
  const JsonView wells = subject.group.ome["plate"]["wells"];
  if (wells.size() > 0 && !wells[0]["rowIndex"].exists()) return;
  findings.at(blocks.front(), "The metadata does not say which OME-Zarr version it follows.",
              "a member \"version\" such as \"0.4\"");
}

void check_version_type(const Subject& subject, Findings& findings) {
  for (const JsonView& place : versions_of(subject)) {
    if (!place.is_string()) {
      findings.at(place, "The version is not a string.", "a string such as \"0.5\"");
    }
  }
}

void check_version_unknown(const Subject& subject, Findings& findings) {
  for (const JsonView& place : versions_of(subject)) {
    const auto text = place.string();
    if (!text || is_published(*text) || is_draft_text(*text)) continue;
    findings.at(place, concat("There is no OME-Zarr version \"", text->substr(0, 40), "\"."),
                "\"0.1\", \"0.2\", \"0.3\", \"0.4\", \"0.5\" or \"0.6\"");
  }
}

void check_version_draft(const Subject& subject, Findings& findings) {
  for (const JsonView& place : versions_of(subject)) {
    const auto text = place.string();
    if (text && is_draft_text(*text)) {
      findings.at(place, concat("\"", text->substr(0, 40), "\" is a draft of OME-Zarr 0.6."),
                  "a released version");
    }
  }
}

void check_version_zarr_format(const Subject& subject, Findings& findings) {
  if (subject.group.misplaced) return;  // metadata-namespace says what is wrong
  for (const JsonView& place : versions_of(subject)) {
    const int minor = ome::minor_version(place.string().value_or(""));
    if (minor == 0 || (minor >= 5) == (subject.group.zarr_format == 3)) continue;
    findings.at(place,
                concat("OME-Zarr 0.", minor, " metadata in a Zarr v", subject.group.zarr_format,
                       " group."),
                subject.group.zarr_format == 3 ? "version 0.5 or later in zarr.json"
                                               : "version 0.1 to 0.4 in .zattrs");
  }
}

void check_multiscales(const Subject& subject, Findings& findings) {
  const JsonView list = subject.group.ome["multiscales"];
  if (!list.exists()) return;
  if (!list.is_array() || list.size() == 0) {
    findings.at(list, "\"multiscales\" describes no image.", "an array of at least one object");
    return;
  }
  for (std::int64_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object()) {
      findings.at(list[i], "An entry of \"multiscales\" is not an object.",
                  "an object with axes and datasets");
    }
  }
}

void check_multiscales_unique(const Subject& subject, Findings& findings) {
  const JsonView list = subject.group.ome["multiscales"];
  std::vector<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostImages); ++i) {
    std::string text = list[i].text();
    if (std::find(seen.begin(), seen.end(), text) != seen.end()) {
      findings.at(list[i], "Two entries of \"multiscales\" are the same.", "each image once");
    }
    seen.push_back(std::move(text));
  }
}

void check_node_type(const Subject& subject, Findings& findings) {
  if (subject.group.zarr_format != 3) return;
  const JsonView& document = subject.group.document;
  const JsonView format = document["zarr_format"];
  const JsonView type = document["node_type"];
  if (format.integer() != 3) {
    findings.at(format.exists() ? format : document, "zarr.json does not say \"zarr_format\": 3.",
                "\"zarr_format\": 3");
  }
  if (type.string() != "group" && type.string() != "array") {
    findings.at(type.exists() ? type : document,
                "zarr.json does not say whether it is of a group or an array.",
                "\"node_type\": \"group\" or \"array\"");
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/json",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "zarr.json, .zattrs, .zgroup, .zarray",
     .spec = kZarr3,
     .title = "Metadata files can be read as JSON",
     .why = "Nothing of the group or array can be read.",
     .fix = "Write the file again, or mend it at the place named.",
     .check = nullptr},
    {.id = "ome-zarr/json-literals",
     .severity = Severity::kWarning,
     .kind = Kind::kGroup,
     .applies_to = "zarr.json, .zattrs, .zgroup, .zarray",
     .spec = "https://www.rfc-editor.org/rfc/rfc8259#section-6",
     .title = "Metadata files are strict JSON",
     .why = "NaN and Infinity are no JSON; many programs cannot read the file.",
     .fix = "Write \"NaN\" or \"Infinity\" in quotes, or null.",
     .check = nullptr},
    {.id = "ome-zarr/metadata-namespace",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "0.5 and later",
     .spec = kMetadata,
     .title = "Metadata stands where its version wants it",
     .why = "Programs look for it elsewhere and see a group without an image.",
     .fix = "Move it to attributes.ome with \"version\": \"0.5\", or write the dataset as Zarr v2.",
     .check = check_namespace},
    {.id = "ome-zarr/version-missing",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "0.5 and later",
     .spec = kMetadata,
     .title = "attributes.ome says its version",
     .why = "The version is required; without it nothing tells how to read the rest.",
     .fix = "Add \"version\": \"0.5\" to attributes.ome.",
     .check = check_version_missing},
    {.id = "ome-zarr/version-recommended",
     .severity = Severity::kWarning,
     .kind = Kind::kGroup,
     .applies_to = "0.1 to 0.4, and lists of labels and series in all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#multiscale-md",
     .title = "Images, plates, wells and labels say their version",
     .why = "Programs have to guess how to read the rest.",
     .fix = "Add \"version\" with the version that the metadata follows.",
     .check = check_version_recommended},
    {.id = "ome-zarr/version-type",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "all versions",
     .spec = kMetadata,
     .title = "Versions are strings",
     .why = "Programs compare it with strings and do not know the version.",
     .fix = "Put the version in quotes.",
     .check = check_version_type},
    {.id = "ome-zarr/version-unknown",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "all versions",
     .spec = kMetadata,
     .title = "Versions are versions of OME-Zarr",
     .why = "No program knows how to read the rest.",
     .fix = "Write the version of the specification that the metadata follows.",
     .check = check_version_unknown},
    {.id = "ome-zarr/version-draft",
     .severity = Severity::kInfo,
     .kind = Kind::kGroup,
     .applies_to = "0.6",
     .spec = "https://ngff.openmicroscopy.org/",
     .title = "The version is a released one",
     .why = "Data written to a draft may not be supported once the version is released.",
     .fix = "Archive data in a released version.",
     .check = check_version_draft},
    {.id = "ome-zarr/version-zarr-format",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "all versions",
     .spec = kMetadata,
     .title = "0.1 to 0.4 are in Zarr v2, 0.5 and later in Zarr v3",
     .why = "Programs that follow the version cannot read the arrays.",
     .fix = "Write the arrays in the Zarr format of the version, or the version of the format.",
     .check = check_version_zarr_format},
    {.id = "ome-zarr/version-consistent",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "0.5 and later",
     .spec = kMetadata,
     .title = "One version in the whole hierarchy",
     .why = "The specification demands it; programs read the version once, at the top.",
     .fix = "Write all groups in the same version.",
     .check = nullptr},
    {.id = "ome-zarr/multiscales",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#multiscale-md",
     .title = "\"multiscales\" is a list of images",
     .why = "There is no image to open.",
     .fix = "Describe the image's axes and datasets there.",
     .check = check_multiscales},
    {.id = "ome-zarr/multiscales-unique",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#multiscale-md",
     .title = "No image is described twice",
     .why = "Viewers offer the same image twice.",
     .fix = "Remove the repeated entry.",
     .check = check_multiscales_unique},
    {.id = "ome-zarr/content",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "groups without any attributes",
     .spec = "https://ngff.openmicroscopy.org/0.5/#multiscale-md",
     .title = "A Zarr group that is a dataset has metadata",
     .why = "Nothing says what is in the group.",
     .fix = "Add \"multiscales\", \"plate\" or the like to the group's attributes.",
     .check = nullptr},
    {.id = "ome-zarr/metadata-alone",
     .severity = Severity::kWarning,
     .kind = Kind::kGroup,
     .applies_to = "datasets of one metadata file",
     .spec = "https://ngff.openmicroscopy.org/0.5/#multiscale-md",
     .title = "The data is there with its metadata",
     .why = "Only the metadata could be checked, not what it describes.",
     .fix = "Nothing, if the metadata alone was meant; else copy the dataset again.",
     .check = nullptr},
    {.id = "ome-zarr/bare-array",
     .severity = Severity::kWarning,
     .kind = Kind::kGroup,
     .applies_to = "Zarr arrays outside an image",
     .spec = "https://ngff.openmicroscopy.org/0.5/#multiscale-md",
     .title = "Arrays that are images have OME-Zarr metadata",
     .why = "Without it nothing says what the axes are, how large a pixel is, or which arrays are "
            "levels of one image.",
     .fix = "Add \"multiscales\" metadata to the group that holds the arrays.",
     .check = nullptr},
    {.id = "zarr/group",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "Zarr v2",
     .spec = kZarr2,
     .title = "Every group has a .zgroup",
     .why = "Zarr libraries do not see a group where there is only a .zattrs.",
     .fix = "Add a file .zgroup with {\"zarr_format\": 2}.",
     .check = nullptr},
    {.id = "zarr/node-type",
     .severity = Severity::kError,
     .kind = Kind::kGroup,
     .applies_to = "Zarr v3",
     .spec = kZarr3,
     .title = "zarr.json says its format and its kind of node",
     .why = "Zarr libraries refuse the group.",
     .fix = "Add \"zarr_format\": 3 and \"node_type\": \"group\".",
     .check = check_node_type},
    {.id = "zarr/two-formats",
     .severity = Severity::kWarning,
     .kind = Kind::kGroup,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "A folder is of one Zarr format",
     .why = "Programs that read v2 and programs that read v3 may see different data.",
     .fix = "Remove the files of the format that is not meant.",
     .check = nullptr},
};

}  // namespace

std::span<const Rule> group_rules() { return kRules; }

bool is_published(const std::string& version) {
  static constexpr const char* kKnown[] = {"0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.6rc0"};
  return std::any_of(std::begin(kKnown), std::end(kKnown),
                     [&version](const char* known) { return version == known; });
}

bool is_draft_text(const std::string& version) {
  return !is_published(version) && (version.starts_with("0.6.dev") || version.starts_with("0.6-") ||
                                    version.starts_with("0.6rc"));
}

JsonView version_place(const ome::GroupMetadata& group, const JsonView& block) {
  const JsonView own = block["version"];
  const bool block_first = group.zarr_format == 2 || group.misplaced;
  return block_first && own.exists() ? own : group.ome["version"];
}

ome::Version edition_of(const ome::GroupMetadata& group, const JsonView& block) {
  const JsonView place = version_place(group, block);
  ome::Version version;
  version.text = place.string().value_or("");
  version.minor = ome::minor_version(version.text);
  if (version.minor > 0) return version;
  // What it looks like.
  const JsonView axes = block["axes"];
  if (block["coordinateSystems"].exists() || group.ome["scene"].exists()) {
    version.minor = 6;
  } else if (group.zarr_format == 3 && !group.misplaced) {
    version.minor = 5;
  } else if (block["datasets"].exists() && !axes.exists() &&
             !block["datasets"][0]["coordinateTransformations"].exists()) {
    version.minor = 1;
  } else if (axes[0].is_string()) {
    version.minor = 3;
  } else if (block["wells"].exists() && !block["wells"][0]["rowIndex"].exists()) {
    version.minor = 1;
  } else {
    version.minor = 4;
  }
  return version;
}

}  // namespace mifa::validate
