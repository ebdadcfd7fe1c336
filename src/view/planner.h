// From scene and camera to what is drawn now, uploaded next and read after that.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "view/camera.h"
#include "view/limits.h"
#include "view/scene.h"
#include "view/scheduler.h"
#include "view/shown.h"
#include "view/tile_store.h"

namespace mifa::view {

// One quad, in the layout the vertex shader reads. Of a backdrop only `rect` counts.
struct TileInstance {
  std::array<float, 4> rect{};   // left, top, right, bottom in the group's frame
  std::array<float, 4> texel{};  // the same corners in texels of the tile
  std::array<float, 2> window{};  // value shown as 0, and 1 / (value shown as 1 - it)
  std::array<std::uint32_t, 2> constant{};  // raw bits of the fill value where layer < 0
  std::array<std::int16_t, 2> extent{};     // texels of the tile that hold data
  std::array<std::int16_t, 2> before{};     // the same of the tiles to the left and above
  std::int16_t layer = -1;                  // -1: constant, there is no object in the store
  std::int16_t flags = 0;  // kInverted, kOutline, kWholeFloats, kTableFlag * (row of the lookup table + 1)
  // Layers of the tiles around, row by row from the upper left without the middle; -1 for none.
  // Interpolation reaches into them so that no seam shows.
  std::array<std::int16_t, 8> neighbours{};
  std::array<std::uint8_t, 4> color{};  // channel colour, opacity; for labels only the opacity
};
static_assert(sizeof(TileInstance) == 80);

inline constexpr std::int16_t kInverted = 1;
inline constexpr std::int16_t kOutline = 2;
inline constexpr std::int16_t kTableFlag = 4;
inline constexpr std::int16_t kWholeFloats = 4;  // of labels: floats are ids

// From the rectangles of a group to device pixels: x = turn[0] * u + turn[1] * v + shift[0],
// y = turn[2] * u + turn[3] * v + shift[1]. Of upright images the rectangles are device pixels; of
// others their unit is about a device pixel and their origin the middle of the canvas, so that floats
// hold them however far the image is from the world's origin.
struct DrawFrame {
  std::array<float, 4> turn{1, 0, 0, 1};
  std::array<float, 2> shift{0, 0};
  bool operator==(const DrawFrame&) const = default;
};

struct DrawGroup {
  // Backdrops are painted black over what is there; tiles are added (intensity) or laid over it.
  enum class Kind : std::uint8_t { kBackdrop, kIntensity, kLabel };
  Kind kind = Kind::kIntensity;
  TexelFormat format = TexelFormat::kU8;
  int block = -1;    // -1: only constants
  int label = -1;    // index into Scene::labels
  bool linear = false;
  int frame = 0;     // index into DrawList::frames
  int first = 0, count = 0;  // instances
};

struct DrawList {
  std::vector<DrawFrame> frames;  // [0]: device pixels
  std::vector<TileInstance> instances;
  std::vector<DrawGroup> groups;  // in drawing order
  bool tables = false;            // an instance has a lookup table
};

// A plane piece to copy from decoded elements into a slot.
struct Upload {
  std::uint32_t ticket = 0;  // of the decoded chunk
  Slot slot;
  TexelFormat format = TexelFormat::kU8;
  bool from_double = false;  // the elements are float64
  std::int64_t offset = 0;      // elements
  std::int64_t row_length = 0;  // elements from row to row
  std::array<std::int64_t, 2> extent{};
};

struct Plan {
  DrawList draw;
  std::vector<Upload> uploads;
  std::vector<Want> wants;
  int missing_tiles = 0;   // tiles of the suitable level that are not on the GPU yet
  bool more_uploads = false;  // decoded tiles wait for the next frame
  bool cut = false;        // the view has more tiles than fit: only those about its middle are drawn
  int level = 0;           // of the first image in view, shown or on its way
};

struct PlanOptions {
  std::int64_t upload_bytes = 0;  // for this frame; one upload always happens
  int prefetch_axis = -1;         // axis the user scrubs along, -1 for none
};

Plan plan_frame(const Scene& scene, const Camera& camera, TileStore& tiles, Scheduler& chunks,
                const Limits& limits, const PlanOptions& options);

}  // namespace mifa::view
