// Masks as run lengths: COCO's two notations (cocoapi, common/maskApi.h) and the outlines of such
// masks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "annotation/builder.h"
#include "core/result.h"

namespace mifa::annotation {

// Runs of pixels in turn outside and inside of the mask, the first outside, along columns from the
// upper left pixel: run after run fills column after column (COCO), or row after row if `by_rows`
// (CVAT).
struct RunLengths {
  std::int64_t height = 0, width = 0;
  std::vector<std::int64_t> counts;
  bool by_rows = false;

  // Pixels of all runs, and of those inside. Precondition: sound (see check_runs).
  std::int64_t total() const;
  std::int64_t area() const;
  // [x, y, width, height] of the pixels inside, in pixels; nothing for an empty mask.
  std::optional<std::array<std::int64_t, 4>> box() const;
};

// Most pixels of one mask: far above any picture, far below an overflow.
inline constexpr std::int64_t kMaskPixels = std::int64_t{1} << 46;

// Decodes COCO's compressed notation: characters "0" to "o", five bits each, least first; from the
// third count on, differences to the count before the last. The Error says which character is
// wrong.
Result<std::vector<std::int64_t>> decode_counts(std::string_view text);

// Whether the runs can be drawn: sizes within kMaskPixels, no negative count, and as many pixels as
// the size has. What is missing at the end counts as outside.
Status check_runs(const RunLengths& runs);

// The mask's outlines along the pixels' edges. Pixels that touch only at a corner do not hang
// together.
struct Outline {
  struct Ring {
    bool hole = false;
    std::vector<std::array<std::int64_t, 2>> corners;  // x, y; outsides clockwise (y down)
  };
  std::vector<Ring> rings;  // every hole follows the outside it lies in
};

// Precondition: sound runs. Costs time and memory by the number of runs, not of pixels.
Outline trace_outline(const RunLengths& runs);

// Adds the outline's rings to the builder's object, moved by (left, top).
void add_outline(LayerBuilder& builder, const Outline& outline, double left = 0, double top = 0);

}  // namespace mifa::annotation
