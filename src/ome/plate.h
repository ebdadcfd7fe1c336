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

struct PlatePlan {
  Plate plate;
  std::vector<Entry> entries;   // one per well: "A/1"
  std::vector<JsonView> where;  // each well in the file, for issues
};

// ome.plate of the group at `path`, its wells by row and column. Rows and columns that only the
// wells' paths tell are added.
PlatePlan parse_plate(const GroupMetadata& group, const std::string& path,
                      const OpenerLimits& limits, IssueLog& log);

// The fields of ome.well of the group at `path`. `plate` may be null; it names the acquisitions.
std::vector<Field> parse_well(const GroupMetadata& group, const std::string& path,
                              const Plate* plate, const OpenerLimits& limits, IssueLog& log);

}  // namespace mifa::ome
