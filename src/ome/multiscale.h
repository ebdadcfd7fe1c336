// "multiscales": what the group's metadata says (a plan), and the image it becomes once the arrays'
// own metadata is known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "ome/dataset.h"
#include "ome/group.h"
#include "ome/issue_log.h"
#include "ome/opener.h"
#include "ome/transforms.h"

namespace mifa::ome {

struct DatasetPlan {
  std::string path;                        // Of the array, relative to the opened root.
  JsonView where;                          // The dataset's entry, for issues.
  std::optional<AxisTransform> transform;  // Nothing: to be derived from the arrays' shapes.
};

struct MultiscalePlan {
  std::string path;
  std::string name;
  Version version;
  std::vector<Axis> axes;  // Empty: to be implied from the arrays' rank.
  std::vector<DatasetPlan> datasets;
  std::optional<AxisTransform> outer;  // Of the whole multiscale, after each dataset's own.
  JsonView where;
  // 0.6, as in Multiscale.
  std::string system;
  std::vector<Placement> placements;
  int placement = -1;
};

// Names of all of ome.multiscales, "Image 2" for those that have none.
std::vector<std::string> multiscale_names(const GroupMetadata& group);

// Reads ome.multiscales[index] of the group at `path`. Fails, with an issue too, when no dataset
// can be named. `parameters` holds the arrays that transformations refer to.
Result<MultiscalePlan> plan_multiscale(const GroupMetadata& group, const std::string& path,
                                       const OpenerLimits& limits, IssueLog& log,
                                       std::int64_t index = 0,
                                       const ParameterArrays& parameters = {});

// An array that was found for plan.datasets[dataset].
struct LevelArray {
  std::size_t dataset = 0;
  zarr::ArrayMetadata metadata;
  std::string text;
  JsonView where;  // The array's document, for issues.
};

// Puts the levels together: drops those that do not fit the first, orders them finest first, and
// gives each its place. Channels, rgb and defaults are left to omero. Fails when nothing is left.
Result<Multiscale> build_multiscale(const MultiscalePlan& plan, std::vector<LevelArray> arrays,
                                    IssueLog& log);

// A bare array as an image of one level.
Result<Multiscale> build_array_image(const std::string& path, LevelArray array,
                                     const std::vector<std::string>& dimension_names);

}  // namespace mifa::ome
