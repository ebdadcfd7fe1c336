#include "ome/group.h"

#include <cctype>

#include "ome/concat.h"

namespace mifa::ome {
namespace {

constexpr int kNewestMinor = 6;

struct Key {
  const char* name;
  Content content;
};
// In order of precedence: a bioformats2raw plate has both keys, and the plate counts (0.4,
// "plate").
constexpr Key kKeys[] = {
    {"multiscales", Content::kImage},
    {"plate", Content::kPlate},
    {"well", Content::kWell},
    {"bioformats2raw.layout", Content::kSeries},
    {"labels", Content::kLabelList},
    {"series", Content::kSeriesList},
    {"image-label", Content::kLabelOnly},
    {"scene", Content::kScene},
    {"coordinateTransformations", Content::kScene},  // drafts of 0.6
    {"collection", Content::kCollection},
    {"nodes", Content::kCollection},
};

Content content_of(const JsonView& ome) {
  for (const Key& key : kKeys) {
    if (ome[key.name].exists()) return key.content;
  }
  return Content::kNone;
}

// Keys too common outside OME-Zarr to be taken for misplaced metadata.
bool telling(Content content) {
  return content == Content::kImage || content == Content::kPlate || content == Content::kWell ||
         content == Content::kSeries || content == Content::kLabelOnly;
}

void report_missing_version(const GroupMetadata& group, const JsonView& block, IssueLog& log) {
  const bool namespaced = group.zarr_format == 3 && !group.misplaced;
  // "version" is a MUST in 0.5 and a SHOULD before.
  log.at(namespaced ? group.ome : block,
         {.rule = "ome-zarr/version-missing",
          .severity = namespaced ? Severity::kError : Severity::kWarning,
          .message = namespaced ? "attributes.ome has no version."
                                : "The metadata does not say which OME-Zarr version it follows.",
          .expected = "a member \"version\" such as \"0.4\" or \"0.5\"",
          .fix = namespaced ? "Add \"version\": \"0.5\" to attributes.ome."
                            : "Add \"version\": \"0.4\" (the version it was written for)."});
}

void check_version(const GroupMetadata& group, const JsonView& place, const Version& version,
                   IssueLog& log) {
  if (group.misplaced) return;
  if (group.zarr_format == 2 && version.minor >= 5) {
    log.at(place, {.rule = "ome-zarr/version-zarr-format",
                   .severity = Severity::kError,
                   .message = concat("OME-Zarr ", version.text, " metadata in a Zarr v2 store."),
                   .expected = "version 0.1 to 0.4 in .zattrs; 0.5 and later use zarr.json",
                   .fix = "Write Zarr v3, or say \"0.4\" if that is what the metadata follows."});
  } else if (group.zarr_format == 3 && version.minor <= 4) {
    log.at(place, {.rule = "ome-zarr/version-zarr-format",
                   .severity = Severity::kError,
                   .message = concat("OME-Zarr ", version.text, " metadata in a Zarr v3 store."),
                   .expected = "version 0.5 or later under attributes.ome of zarr.json",
                   .fix = "Say \"0.5\" if the metadata follows it, or write Zarr v2."});
  }
}

}  // namespace

int minor_version(const std::string& text) {
  if (text.size() < 3 || !text.starts_with("0.")) return 0;
  const int minor = text[2] - '0';
  if (minor < 1 || minor > kNewestMinor) return 0;
  // "0.6.dev3", "0.6rc0", "0.4.1" are that version; "0.45" is not.
  const bool ends = text.size() == 3 || !std::isdigit(static_cast<unsigned char>(text[3]));
  return ends ? minor : 0;
}

GroupMetadata read_v2_group(const JsonView& zattrs) {
  GroupMetadata group;
  group.zarr_format = 2;
  group.document = zattrs;
  group.ome = zattrs;
  group.content = content_of(zattrs);
  // zarr.json's layout inside .zattrs, seen from converters that copied attributes over.
  if (group.content == Content::kNone && content_of(zattrs["ome"]) != Content::kNone) {
    group.ome = zattrs["ome"];
    group.content = content_of(group.ome);
  }
  // .zarray, where it was asked for instead.
  if (group.content == Content::kNone && zattrs["shape"].is_array() &&
      zattrs["zarr_format"].integer() == 2) {
    group.content = Content::kArray;
  }
  return group;
}

GroupMetadata read_v3_group(const JsonView& zarr_json) {
  GroupMetadata group;
  group.zarr_format = 3;
  group.document = zarr_json;
  const JsonView attributes = zarr_json["attributes"];
  group.ome = attributes["ome"];
  if (zarr_json["node_type"].string() == "array") {
    group.content = Content::kArray;
    return group;
  }
  group.content = content_of(group.ome);
  if (group.content == Content::kNone && telling(content_of(attributes))) {
    group.ome = attributes;
    group.content = content_of(attributes);
    group.misplaced = true;
  }
  return group;
}

Version version_of(const GroupMetadata& group, const JsonView& block, IssueLog& log) {
  if (group.misplaced) {
    log.at(group.ome, {.rule = "ome-zarr/metadata-namespace",
                       .severity = Severity::kError,
                       .message = "OME-Zarr metadata stands directly under \"attributes\" of "
                                  "zarr.json, as it did in Zarr v2.",
                       .expected = "attributes.ome with \"version\" 0.5 or later",
                       .fix = "Move it to attributes.ome and add \"version\": \"0.5\" there, or "
                              "write the dataset as Zarr v2."});
  }
  JsonView place = group.ome["version"];
  // Before 0.5 each block has its own version; some writers put one beside the block instead.
  const bool block_first = group.zarr_format == 2 || group.misplaced || !place.exists();
  if (block_first && block["version"].exists()) place = block["version"];
  if (!place.exists()) {
    report_missing_version(group, block, log);
    return {};
  }
  const auto text = place.string();
  if (!text) {
    log.at(place, {.rule = "ome-zarr/version-type",
                   .severity = Severity::kError,
                   .message = "The version is not a string.",
                   .expected = "a string such as \"0.5\"",
                   .fix = "Put the version in quotes."});
    // 0.4 as a number is a common slip, and clear enough.
    const std::string number = place.is_number() ? place.text() : std::string();
    return {number, minor_version(number)};
  }
  if (!place.pointer().starts_with(concat(group.ome.pointer(), "/version")) &&
      group.zarr_format == 3 && !group.misplaced) {
    report_missing_version(group, block, log);
  }
  Version version{*text, minor_version(*text)};
  if (version.minor == 0) {
    // The nearest one that the metadata looks like.
    const bool systems = block["coordinateSystems"].exists() || group.ome["scene"].exists();
    if (systems || block["axes"][0].is_object()) {
      version.minor = systems ? 6 : group.zarr_format == 3 ? 5 : 4;
    }
    log.at(place, {.rule = "ome-zarr/version-unknown",
                   .severity = Severity::kError,
                   .message = concat("The OME-Zarr version \"", version.text.substr(0, 40),
                                     "\" is not known: the rest is read as ",
                                     (version.minor > 0 ? "0." + std::to_string(version.minor)
                                                        : std::string("well as possible")),
                                     "."),
                   .expected = "one of 0.1, 0.2, 0.3, 0.4, 0.5, 0.6",
                   .fix = "Write the version of the specification the metadata follows."});
    return version;
  }
  check_version(group, place, version, log);
  return version;
}

}  // namespace mifa::ome
