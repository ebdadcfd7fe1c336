// 0.6: the coordinate systems of one multiscales entry, and how the image lies in each.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ome/coordinate_map.h"
#include "ome/dataset.h"
#include "ome/multiscale.h"

namespace mifa::ome {

struct CoordinateSystem {
  std::string name;
  std::vector<Axis> axes;
};

struct CoordinateSystems {
  std::vector<CoordinateSystem> all;  // those with a name of their own, in the file's order
  std::set<std::string> names;
  JsonView own;  // The system the datasets lead to ("intrinsic").
  // The axes of a system, or null.
  const std::vector<Axis>* axes(const std::string& name) const;
};

// Reads the coordinateSystems of a multiscales entry, or of a scene (which has no own one). Axes of
// systems besides the own one are read without issues.
CoordinateSystems parse_systems(const JsonView& owner, IssueLog& log);

// Turns the datasets' maps into scale and translation per axis. Where they are more than that (in
// drafts), the rest that all levels share becomes plan.placements[0], and levels that do not share
// it are dropped with an issue. `maps` has one item per dataset of the plan.
void split_dataset_maps(MultiscalePlan& plan, std::vector<std::optional<AffineMap>> maps,
                        IssueLog& log);

// Fills plan.placements from the transformations between coordinate systems, and plan.placement.
void add_placements(MultiscalePlan& plan, const CoordinateSystems& systems,
                    const ParameterArrays& parameters, IssueLog& log);

}  // namespace mifa::ome
