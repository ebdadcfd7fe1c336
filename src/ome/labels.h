// Label images: the list beside an image, and "image-label" of each.
#pragma once

#include <string>
#include <vector>

#include "ome/dataset.h"
#include "ome/group.h"
#include "ome/issue_log.h"
#include "ome/opener.h"

namespace mifa::ome {

// The paths that a labels group (at `path`, relative to the opened root) lists, each relative to
// the opened root.
std::vector<std::string> parse_label_list(const GroupMetadata& group, const std::string& path,
                                          const OpenerLimits& limits, IssueLog& log);

// Fills colors, property_count and source from ome.image-label; image is left alone.
LabelImage parse_image_label(const GroupMetadata& group, IssueLog& log);

// Whether the image's values can be object ids; if not, files an issue.
bool check_label_type(const Multiscale& image, const JsonView& place, IssueLog& log);

}  // namespace mifa::ome
