// A group's metadata document (.zattrs or zarr.json) and where its OME-Zarr part is.
#pragma once

#include <string>

#include "core/json.h"
#include "ome/issue_log.h"

namespace mifa::ome {

// An OME-Zarr version as written and as its minor number: "0.6rc0" is 6. 0 when not known.
struct Version {
  std::string text;
  int minor = 0;
};

// What the OME-Zarr part of a group holds, the most telling first.
enum class Content {
  kNone,        // Nothing this program knows.
  kArray,       // zarr.json of an array: not a group at all.
  kImage,       // "multiscales"
  kPlate,       // "plate"
  kWell,        // "well"
  kSeries,      // "bioformats2raw.layout": images in 0, 1, 2, … or listed in OME
  kLabelList,   // "labels": the group that holds an image's label images
  kSeriesList,  // "series": the OME group of a bioformats2raw layout
  kLabelOnly,   // "image-label" without "multiscales"
  kScene,       // 0.6 "scene"
  kCollection,  // RFC 8 "collection" or "nodes"
};

struct GroupMetadata {
  int zarr_format = 2;
  Content content = Content::kNone;
  JsonView document;       // The whole file.
  JsonView ome;            // The object that holds "multiscales" and the like.
  bool misplaced = false;  // Zarr v3 with OME-Zarr ≤ 0.4 metadata straight under "attributes".
};

// Never fails: content says what was found. Files no issue.
GroupMetadata read_v2_group(const JsonView& zattrs);
GroupMetadata read_v3_group(const JsonView& zarr_json);

// The version that holds for `block` (one multiscales entry, the plate, …) of a group: ome.version
// since 0.5, the block's own before. Files issues on a missing, unknown or misplaced version.
Version version_of(const GroupMetadata& group, const JsonView& block, IssueLog& log);

// "0.4" → 4, "0.6.dev3" → 6, anything else → 0.
int minor_version(const std::string& text);

}  // namespace mifa::ome
