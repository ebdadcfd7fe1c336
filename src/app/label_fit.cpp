#include "app/label_fit.h"

#include <cmath>
#include <utility>

namespace mifa::app {
namespace {

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

// Makes positions along an axis of the mask those of an axis of the image, element on element.
void align(ome::Multiscale& mask, int axis, const ome::Multiscale& image, int image_axis) {
  const double scale = mask.levels.front().scale[at(axis)];
  const double start = mask.levels.front().translation[at(axis)];
  const ome::Level& to = image.levels.front();
  for (ome::Level& level : mask.levels) {
    const double ratio = to.scale[at(image_axis)] / scale;
    level.scale[at(axis)] *= ratio;
    level.translation[at(axis)] =
        to.translation[at(image_axis)] + (level.translation[at(axis)] - start) * ratio;
  }
  mask.axes[at(axis)].unit = image.axes[at(image_axis)].unit;
}

bool has_length(const ome::Multiscale& image) {
  return !image.axes[at(image.x_axis)].unit.empty() && !image.axes[at(image.y_axis)].unit.empty();
}

std::string size_text(const ome::Multiscale& image) {
  return std::to_string(image.extent(image.x_axis)) + " by " +
         std::to_string(image.extent(image.y_axis)) + " pixels";
}

// Pages of a file that does not say what they are.
void name_stack(ome::Multiscale& mask, const ome::Multiscale& image) {
  const auto rename = [&](int& from, int& to, const char* name, int image_axis,
                          ome::AxisType type) {
    if (from < 0 || to >= 0 || image_axis < 0) return;
    if (mask.extent(from) < 2 || mask.extent(from) != image.extent(image_axis)) return;
    to = std::exchange(from, -1);
    mask.axes[at(to)].name = name;
    mask.axes[at(to)].type = type;
  };
  if (image.extent(image.z_axis) < 2) {
    rename(mask.z_axis, mask.t_axis, "t", image.t_axis, ome::AxisType::kTime);
  }
  if (image.extent(image.t_axis) < 2) {
    rename(mask.t_axis, mask.z_axis, "z", image.z_axis, ome::AxisType::kSpace);
  }
}

void align_stack(ome::Multiscale& mask, int axis, const ome::Multiscale& image, int image_axis,
                 const char* planes, std::vector<std::string>& notes) {
  if (axis < 0 || image_axis < 0) return;
  align(mask, axis, image, image_axis);
  // By this name the positions of one are found in the other.
  mask.axes[at(axis)].name = image.axes[at(image_axis)].name;
  const std::int64_t own = mask.extent(axis), of_image = image.extent(image_axis);
  if (own < 2 || own == of_image) return;
  notes.push_back("has " + std::to_string(own) + " " + planes + ", the image " +
                  std::to_string(of_image) + ": they are matched by number, from the first on");
}

}  // namespace

std::vector<std::string> fit_label(ome::LabelImage& label, const ome::Multiscale& image) {
  ome::Multiscale& mask = label.image;
  std::vector<std::string> notes;
  name_stack(mask, image);
  const bool same = mask.extent(mask.x_axis) == image.extent(image.x_axis) &&
                    mask.extent(mask.y_axis) == image.extent(image.y_axis);
  const bool by_length = !same && has_length(mask) && has_length(image);
  if (!by_length) {
    align(mask, mask.x_axis, image, image.x_axis);
    align(mask, mask.y_axis, image, image.y_axis);
  }
  if (!same) {
    notes.push_back("has " + size_text(mask) + ", the image " + size_text(image) + ": it lies " +
                    (by_length ? "where the pixel sizes of the two put it"
                               : "on the image pixel for pixel from the upper left, since nothing "
                                 "says how large its pixels are"));
  }
  align_stack(mask, mask.z_axis, image, image.z_axis, "slices", notes);
  align_stack(mask, mask.t_axis, image, image.t_axis, "time points", notes);
  // Coordinate systems of its own are not the image's.
  mask.placements.clear();
  mask.placement = -1;
  return notes;
}

}  // namespace mifa::app
