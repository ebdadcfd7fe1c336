// "omero": how the channels want to be shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ome/dataset.h"
#include "ome/group.h"
#include "ome/issue_log.h"
#include "ome/opener.h"

namespace mifa::ome {

struct Omero {
  bool present = false;
  std::vector<Channel> channels;  // As listed; a label may still be empty here.
  bool greyscale = false;
  std::optional<std::int64_t> default_z, default_t;
  JsonView where;
};

// Reads ome.omero; absent is fine. `minor` is the version's minor number.
Omero parse_omero(const GroupMetadata& group, int minor, const OpenerLimits& limits, IssueLog& log);

// Gives `image` one channel per index of its channel axis, its defaults within the array, and rgb.
// Precondition: image has levels and axis roles.
void apply_omero(const Omero& omero, Multiscale& image, const OpenerLimits& limits, IssueLog& log);

// "FF8000", "#ff8000", "f80", "FF8000FF" (the alpha is left out); nothing for anything else.
std::optional<Rgb> parse_color(std::string_view text);

}  // namespace mifa::ome
