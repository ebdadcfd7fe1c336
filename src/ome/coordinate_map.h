// The transformations of 0.6 (and of its drafts, RFC 5) as affine maps. Fields of coordinates or
// displacements are refused by name.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "ome/affine_map.h"
#include "ome/dataset.h"
#include "ome/issue_log.h"

namespace mifa::ome {

// Numbers that a transformation keeps in a Zarr array; one row for an array of one axis.
struct ParameterMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> numbers;
};

// By the "path" that the transformation writes.
using ParameterArrays = std::map<std::string, Result<ParameterMatrix>>;

// Paths of the parameter arrays anywhere inside `value`, at most a few.
std::vector<std::string> parameter_paths(const JsonView& value);

// What is known of a transformation's ends: null where their axes are not known.
struct MapEnds {
  const std::vector<Axis>* input = nullptr;
  const std::vector<Axis>* output = nullptr;
};

// Fails with kUnsupported for transformations that are no affine map, naming them, and with
// kFixData for what is wrong, naming the place. Numbers are finite and fit the known ends.
Result<AffineMap> parse_map(const JsonView& transform, const MapEnds& ends,
                            const ParameterArrays& parameters);

// Transformations that keep sizes, between systems whose units differ, cannot mean what they say
// (a millimetre is no micrometre): units that are known are converted, with an issue at `place`.
void convert_units(AffineMap& map, const std::vector<Axis>& input, const std::vector<Axis>& output,
                   const JsonView& place, IssueLog& log);

// The system an "input" or "output" names: {"name", "path"}, or the drafts' plain string, which is
// the name.
SystemId system_of(const JsonView& end);

}  // namespace mifa::ome
