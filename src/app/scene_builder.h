// From what was found at a URL to what is shown first.
#pragma once

#include <array>
#include <vector>

#include "core/result.h"
#include "ome/dataset.h"
#include "view/limits.h"
#include "view/scene.h"

namespace mifa::app {

// The scene of dataset.image with default channels and position, without labels (except that a label
// image opened by itself is a label layer). Fails where the image cannot be drawn at all.
Result<view::Scene> build_scene(const ome::Dataset& dataset, const view::Limits& limits);

// Adds one label image over it. Fails, leaving the scene as it was, if it cannot be drawn.
Status add_label(view::Scene& scene, const ome::LabelImage& label, const view::Limits& limits);

// A plane whose samples help to find a channel's window.
struct ContrastTask {
  int channel = 0;
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

}  // namespace mifa::app
