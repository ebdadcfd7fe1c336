// Affine maps between coordinate systems of any number of axes, and the graph that they form.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mifa::ome {

// outputs() rows of inputs + 1 numbers each, the offset last.
struct AffineMap {
  std::size_t inputs = 0;
  std::vector<double> numbers;

  std::size_t outputs() const { return numbers.size() / (inputs + 1); }
  double& at(std::size_t row, std::size_t column) { return numbers[row * (inputs + 1) + column]; }
  double at(std::size_t row, std::size_t column) const {
    return numbers[row * (inputs + 1) + column];
  }
};

AffineMap zero_map(std::size_t outputs, std::size_t inputs);
// output[i] = scale[i] * input[i] + translation[i]. Precondition: vectors of one size.
AffineMap diagonal_map(const std::vector<double>& scale, const std::vector<double>& translation);
AffineMap identity_map(std::size_t rank);
// `outer` after `inner`. Precondition: outer.inputs == inner.outputs().
AffineMap compose(const AffineMap& outer, const AffineMap& inner);
// Nothing for maps that lose a dimension, or nearly so.
std::optional<AffineMap> invert(const AffineMap& map);
bool is_finite(const AffineMap& map);

// A coordinate system, by the path of the group it is written in ("" for the one at hand) and its
// name.
using SystemId = std::pair<std::string, std::string>;

class SystemGraph {
 public:
  void add(const SystemId& from, const SystemId& to, AffineMap map);

  // The map of every system that is joined to `target` into it, by the fewest steps, inverses
  // included where they exist. Cycles are no harm.
  std::map<SystemId, AffineMap> into(const SystemId& target, std::size_t rank) const;

 private:
  struct Edge {
    SystemId from, to;
    AffineMap map;
  };
  std::vector<Edge> edges_;
  std::map<SystemId, std::vector<std::size_t>> touching_;
};

}  // namespace mifa::ome
