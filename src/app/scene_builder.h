// From what was found at a URL to what is shown first.
#pragma once

#include <array>
#include <vector>

#include "core/result.h"
#include "ome/dataset.h"
#include "view/limits.h"
#include "view/scene.h"

namespace mifa::app {

// An image and how its x and y lie in the scene's plane.
struct SourcePlace {
  ome::Multiscale image;
  view::PlaneMap map;
};

// The rectangle of the finest level in the image's own units. Precondition: it has levels.
view::Rect own_rect(const ome::Multiscale& image);

// The image in another coordinate system. Fails where it lies obliquely in it.
Result<SourcePlace> place_image(const ome::Multiscale& image, const ome::Placement& placement);

Result<view::Source> make_source(const SourcePlace& place, int index, const view::Limits& limits);

// The scene of one image with default channels and position, without labels; `as_label`: it is a
// label image, whose layer is to follow, and has no channels. Fails where it cannot be drawn at
// all.
Result<view::Scene> build_scene(const SourcePlace& place, bool as_label,
                                const view::Limits& limits);

// An image as the file has it, and the coordinate system that it is shown in.
struct Placed {
  const ome::Multiscale& image;
  const ome::Placement& placement;
};

// Adds one label image over it, in the place of the image, whose space labels share; null: as it
// is. Fails, leaving the scene as it was, if it cannot be drawn.
Status add_label(view::Scene& scene, const ome::LabelImage& label, const Placed* placement,
                 const view::Limits& limits);

// A plane whose samples help to find a channel's window.
struct ContrastTask {
  int channel = 0;
  int label = -1;  // a layer of probabilities, whose range is sought; then there is no channel
  view::ChunkKey chunk;
  std::int64_t offset = 0;
  std::int64_t row_length = 0;
  std::array<std::int64_t, 2> extent{};
  bool first = false;  // of the position shown first: needed for the first picture
  bool asked = false, done = false;
};

// Planes of the coarsest level at several z and t for channels without a window, and the one shown
// first for all of them (its histogram).
std::vector<ContrastTask> contrast_tasks(const view::Scene& scene, const view::Limits& limits);

// The middle of what is shown of a layer of probabilities.
ContrastTask range_task(const view::Scene& scene, int label);

}  // namespace mifa::app
