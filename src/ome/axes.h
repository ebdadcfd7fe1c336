// The axes of a multiscale image.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ome/dataset.h"
#include "ome/group.h"
#include "ome/issue_log.h"

namespace mifa::ome {

// Reads "axes" of a multiscales entry: strings (0.3) or objects (0.4 and later). Empty when the
// number of axes must come from the arrays: absent before 0.3, or absent by mistake (with an
// issue). `axes` may be absent; its pointer then says where it was looked for. `owner` is the
// object it belongs to, for issues.
std::vector<Axis> parse_axes(const JsonView& owner, const JsonView& axes, const Version& version,
                             IssueLog& log);

// The axes an array of this rank has when nothing says so: the last of t, c, z, y, x; more than
// five get "dim_0", "dim_1", … in front.
std::vector<Axis> implied_axes(std::size_t rank);

// Names that are no good as they are ("", null) become "dim_N"; types come from the names t, c, z,
// y, x. `names` may be empty: then the last two are y and x.
std::vector<Axis> axes_from_names(const std::vector<std::string>& names, std::size_t rank);

// Whether a unit is one of the specification's for axes of type space, or time: a UDUNITS-2 name in
// full, such as "micrometer" or "second".
bool is_length_unit(std::string_view unit);
bool is_time_unit(std::string_view unit);

// Fills x_axis … c_axis from axes: by name first (any case), then by type, x and y at last by
// position. Precondition: at least two axes.
void assign_axis_roles(Multiscale& image);

}  // namespace mifa::ome
