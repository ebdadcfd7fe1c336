// High-content screening: plates, and the fields of a well.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ome/dataset.h"
#include "ome/group.h"
#include "ome/issue_log.h"
#include "ome/opener.h"

namespace mifa::ome {

struct WellPlace {
  std::string path;  // relative to the opened root
  std::string name;  // "A/1"
  JsonView where;    // The plate's entry, for issues.
};

// The wells of ome.plate of the group at `path`, by row and column where the file gives them.
std::vector<WellPlace> parse_plate(const GroupMetadata& group, const std::string& path,
                              const OpenerLimits& limits, IssueLog& log);

// The fields of ome.well of the group at well.path: "A/1, field 0", with the acquisition when
// there is more than one.
std::vector<Entry> parse_well(const GroupMetadata& group, const WellPlace& well,
                              const OpenerLimits& limits, IssueLog& log);

}  // namespace mifa::ome
