// coordinateTransformations, as far as they are a scale and a translation per axis. Rotations,
// affines and fields (0.6) are recognised and refused, not approximated.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
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

// The same of a dataset in 0.6: one scale, one identity, or a sequence of a scale and a
// translation. kUnsupported for transformations that exist but that this program cannot show yet.
Result<std::optional<AxisTransform>> parse_dataset_transform_06(
    const JsonView& dataset, std::size_t rank, const std::set<std::string>& systems, IssueLog& log);

// Checks the transformations between coordinate systems of a 0.6 multiscale. They do not move the
// picture, which is shown in the system its datasets lead to; an info issue says so.
void check_multiscale_transforms_06(const JsonView& multiscale, IssueLog& log);

}  // namespace mifa::ome
