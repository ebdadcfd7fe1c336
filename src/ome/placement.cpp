#include "ome/placement.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "ome/affine_map.h"
#include "ome/axes.h"
#include "ome/concat.h"

namespace mifa::ome {
namespace {

// Smaller than this beside a row's largest number is rounding (cos 90° is 6e-17).
constexpr double kNothing = 1e-9;

Error oblique(const Placement& placement, const std::string& why) {
  return {ErrorCode::kUnsupported,
          concat("expected an image that lies along the planes of the coordinate "
                 "system \"",
                 placement.system.substr(0, 40), "\", received one that ", why)};
}

// Numbers that are only rounding become 0.
AffineMap cleaned(AffineMap map) {
  for (std::size_t row = 0; row < map.outputs(); ++row) {
    double largest = 0;
    for (std::size_t i = 0; i < map.inputs; ++i) {
      largest = std::max(largest, std::abs(map.at(row, i)));
    }
    for (std::size_t i = 0; i < map.inputs; ++i) {
      if (std::abs(map.at(row, i)) <= largest * kNothing) map.at(row, i) = 0;
    }
  }
  return map;
}

// world' = factor * world + offset along one axis of all levels.
bool rescale(Multiscale& image, std::size_t axis, double factor, double offset) {
  for (Level& level : image.levels) {
    level.scale[axis] *= factor;
    level.translation[axis] = level.translation[axis] * factor + offset;
    if (!(std::isfinite(level.scale[axis]) && level.scale[axis] > 0 &&
          std::isfinite(level.translation[axis]))) {
      return false;
    }
  }
  return true;
}

void rename(Axis& axis, const Axis& to) {
  axis.name = to.name;
  axis.unit = to.unit;
  // A system of array axes does not say what is a channel.
  if (to.type != AxisType::kOther) axis.type = to.type;
}

// The image's axes that the two rows depend on.
std::vector<std::size_t> axes_in(const AffineMap& map, std::size_t x, std::size_t y) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < map.inputs; ++i) {
    if (map.at(x, i) != 0 || map.at(y, i) != 0) result.push_back(i);
  }
  return result;
}

// The rest of the roles, x and y being what is shown.
void assign_other_roles(Multiscale& image) {
  const int z = image.z_axis, t = image.t_axis;
  image.z_axis = image.t_axis = image.c_axis = -1;
  for (int i = 0; i < static_cast<int>(image.axes.size()); ++i) {
    const Axis& axis = image.axes[static_cast<std::size_t>(i)];
    if (i == image.x_axis || i == image.y_axis) continue;
    int& role = axis.type == AxisType::kTime      ? image.t_axis
                : axis.type == AxisType::kChannel ? image.c_axis
                                                  : image.z_axis;
    if (role < 0 && (axis.type != AxisType::kOther || i == z)) role = i;
  }
  if (image.z_axis != z) image.default_z.reset();
  if (image.t_axis != t) image.default_t.reset();
}

// The axes off the plane, each along one axis of the system, or along none.
Status place_others(PlacedImage& placed, const AffineMap& map, const Placement& placement,
                    std::size_t x, std::size_t y) {
  std::vector<int> taken(map.outputs(), -1);
  for (std::size_t i = 0; i < map.inputs; ++i) {
    const bool in_plane =
        static_cast<int>(i) == placed.u_axis || static_cast<int>(i) == placed.v_axis;
    std::size_t along = map.outputs();
    for (std::size_t row = 0; row < map.outputs(); ++row) {
      if (row == x || row == y || map.at(row, i) == 0) continue;
      if (in_plane || along < map.outputs() || taken[row] >= 0) {
        return oblique(placement, concat("is tilted: the axis \"", placement.axes[row].name,
                                         "\" mixes several of its axes"));
      }
      along = row;
      taken[row] = static_cast<int>(i);
    }
    if (along == map.outputs()) continue;
    const double factor = map.at(along, i);
    if (factor < 0) {
      return oblique(placement,
                     concat("runs backwards along \"", placement.axes[along].name, "\""));
    }
    rename(placed.image.axes[i], placement.axes[along]);
    if (!rescale(placed.image, i, factor, map.at(along, map.inputs))) {
      return oblique(placement, "is too large or too small for it");
    }
  }
  return Success{};
}

}  // namespace

Result<PlacedImage> place(const Multiscale& image, const Placement& placement) {
  const std::size_t rank = image.axes.size();
  AffineMap map = {rank, placement.matrix};
  if (placement.axes.size() < 2 || map.numbers.size() != placement.axes.size() * (rank + 1) ||
      !is_finite(map)) {
    return oblique(placement, concat("has ", rank, " axes, which the map does not fit"));
  }
  map = cleaned(std::move(map));
  Multiscale system;
  system.axes = placement.axes;
  assign_axis_roles(system);
  const auto x = static_cast<std::size_t>(system.x_axis);
  const auto y = static_cast<std::size_t>(system.y_axis);
  const auto axes = axes_in(map, x, y);
  if (axes.size() != 2) {
    return oblique(placement, axes.size() < 2 ? "has no extent in the plane of x and y"
                                              : "is tilted: x and y mix more than two of its axes");
  }
  std::size_t u = axes[0], v = axes[1];
  const auto product = [&map](std::size_t r0, std::size_t c0, std::size_t r1, std::size_t c1) {
    return map.at(r0, c0) * map.at(r1, c1);
  };
  if (std::abs(product(x, v, y, u)) > std::abs(product(x, u, y, v))) std::swap(u, v);
  const double area = product(x, u, y, v) - product(x, v, y, u);
  if (!(std::abs(area) >
        kNothing * (std::abs(product(x, u, y, v)) + std::abs(product(x, v, y, u))))) {
    return oblique(placement, "is seen from its edge");
  }
  PlacedImage placed;
  placed.image = image;
  placed.u_axis = static_cast<int>(u);
  placed.v_axis = static_cast<int>(v);
  const Status others = place_others(placed, map, placement, x, y);
  if (!others) return others.error();
  rename(placed.image.axes[u], placement.axes[x]);
  rename(placed.image.axes[v], placement.axes[y]);
  const bool straight =
      map.at(x, v) == 0 && map.at(y, u) == 0 && map.at(x, u) > 0 && map.at(y, v) > 0;
  if (!straight) {
    placed.plane = {map.at(x, u), map.at(x, v), map.at(x, rank),
                    map.at(y, u), map.at(y, v), map.at(y, rank)};
  } else if (!rescale(placed.image, u, map.at(x, u), map.at(x, rank)) ||
             !rescale(placed.image, v, map.at(y, v), map.at(y, rank))) {
    return oblique(placement, "is too large or too small for it");
  }
  placed.image.x_axis = placed.u_axis;
  placed.image.y_axis = placed.v_axis;
  assign_other_roles(placed.image);
  return placed;
}

}  // namespace mifa::ome
