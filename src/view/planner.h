// From scene and camera to what is drawn now, uploaded next and read after that.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "view/camera.h"
#include "view/limits.h"
#include "view/scene.h"
#include "view/scheduler.h"
#include "view/tile_store.h"

namespace mifa::view {

// One quad, in the layout the vertex shader reads.
struct TileInstance {
  std::array<float, 4> rect{};   // device pixels: left, top, right, bottom
  std::array<float, 4> texel{};  // the same corners in texels of the tile
  std::array<float, 2> window{};  // value shown as 0, and 1 / (value shown as 1 - it)
  std::array<std::uint32_t, 2> constant{};  // raw bits of the fill value where layer < 0
  std::array<std::int16_t, 2> extent{};     // texels of the tile that hold data
  std::array<std::int16_t, 2> before{};     // the same of the tiles to the left and above
  std::int16_t layer = -1;                  // -1: constant, there is no object in the store
  std::int16_t flags = 0;                   // kInverted, kOutline
  // Layers of the tiles around, row by row from the upper left without the middle; -1 for none.
  // Interpolation reaches into them so that no seam shows.
  std::array<std::int16_t, 8> neighbours{};
  std::array<std::uint8_t, 4> color{};  // channel colour, opacity; for labels only the opacity
};
static_assert(sizeof(TileInstance) == 80);

inline constexpr std::int16_t kInverted = 1;
inline constexpr std::int16_t kOutline = 2;

struct DrawGroup {
  enum class Kind : std::uint8_t { kIntensity, kLabel };
  Kind kind = Kind::kIntensity;
  TexelFormat format = TexelFormat::kU8;
  int block = -1;    // -1: only constants
  int label = -1;    // index into Scene::labels
  bool linear = false;
  int first = 0, count = 0;  // instances
};

struct DrawList {
  std::array<float, 4> image{};  // device pixels of the image's rectangle, painted black first
  std::vector<TileInstance> instances;
  std::vector<DrawGroup> groups;  // in drawing order
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
  int level = 0;           // of the image, shown or on its way
};

struct PlanOptions {
  std::int64_t upload_bytes = 0;  // for this frame; one upload always happens
  int prefetch_axis = -1;         // axis the user scrubs along, -1 for none
};

Plan plan_frame(const Scene& scene, const Camera& camera, TileStore& tiles, Scheduler& chunks,
                const Limits& limits, const PlanOptions& options);

// The same place in another source of the scene: axes are matched by name, positions through world
// units; an axis that `from` does not have gets 0.
Position position_in(const Source& to, const Source& from, const Position& position);

}  // namespace mifa::view
