// The coordinateTransformations of a dataset, or before 0.6 of the whole multiscale: a scale and a
// translation per axis, and in 0.6's drafts anything affine.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "ome/affine_map.h"
#include "ome/coordinate_map.h"
#include "ome/group.h"
#include "ome/issue_log.h"

namespace mifa::ome {

// world[i] = scale[i] * index[i] + translation[i]. Both have one entry per axis.
struct AxisTransform {
  std::vector<double> scale;
  std::vector<double> translation;
};

// `outer` after `inner`. Precondition: the same number of axes.
AxisTransform compose(const AxisTransform& outer, const AxisTransform& inner);

enum class TransformPlace { kDataset, kMultiscale };

// The coordinateTransformations of a dataset or of the whole multiscale, in 0.4 and 0.5. `rank` is
// the number of axes, 0 when not known. Nothing when they are absent or cannot be used; an issue
// then says why, except that a multiscale needs none.
std::optional<AxisTransform> parse_transforms(const JsonView& owner, std::size_t rank,
                                              TransformPlace place, IssueLog& log);

// The same of a dataset in 0.6, where one scale, one identity, or a sequence of a scale and a
// translation is allowed; drafts wrote more, and all that is affine is read. `axes` are those of
// the system it leads to, empty when not known. Nothing, with an issue, when it cannot be used.
std::optional<AffineMap> parse_dataset_transform_06(
    const JsonView& dataset, const std::vector<Axis>& axes, const std::set<std::string>& systems,
    const Version& version, const ParameterArrays& parameters, IssueLog& log);

// The map as a positive scale and a translation per axis; nothing when it is more than that.
std::optional<AxisTransform> axis_transform(const AffineMap& map);

// Drafts before 0.6rc0 wrote the name of a system where its object stands now.
bool is_draft(const Version& version);

// Files that a transformation cannot be used: an error, or a warning when it may well be right and
// this program does not know it.
void report_unusable(const JsonView& place, const Error& error, const char* consequence,
                     IssueLog& log);

}  // namespace mifa::ome
