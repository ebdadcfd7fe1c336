// Annotation layers of vectors: what of each is in view, whether it is drawn as points or by its
// exact shapes, and which shapes are to be on the GPU. Pure logic: the objects are in a worker, what
// is drawn in GL buffers; here are only the boxes of blocks of about a thousand objects each.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "view/limits.h"
#include "view/source.h"

namespace mifa::view {

// Objects that lie together, as the worker's BlockTable (web/annotations/layer.ts) has them, in layer
// coordinates. Their points follow one another in the layer's one buffer of points.
struct VectorBlock {
  std::array<float, 4> bounds{};  // x0, y0, x1, y1 of all its objects
  float median = 0, largest = 0;  // half the longer edge of an object's bounds
  std::uint32_t first = 0, count = 0;  // points
  // Of its objects; infinite where one is on all frames.
  float first_frame = -std::numeric_limits<float>::infinity();
  float last_frame = std::numeric_limits<float>::infinity();
};
inline constexpr std::size_t kBlockFloats = 10;  // of a block in the table

// Lengths in CSS pixels.
struct VectorSettings {
  bool visible = true;
  double opacity = 1;
  double line_width = 1.5;
  double fill_opacity = 0.2;
  double point_size = 8;
  double tail = 10;  // frames that a link stays visible for
};

// Where a layer lies: from its coordinates to pixels of the image's finest level, whose first pixel
// is the square from 0 to 1; and from slice numbers to the layer's own z.
struct VectorPlacement {
  PlaneMap to_pixels;
  double slice_scale = 1, slice_offset = 0;
};

// The view at one moment, for all layers.
struct VectorView {
  PlaneMap to_device;  // from pixels of the image's finest level to device pixels
  double width = 1, height = 1;  // of the canvas
  double pixel_ratio = 1;        // device pixels a CSS pixel
  // Where the sliders stand; NaN: nothing is hidden for it.
  double frame = std::numeric_limits<double>::quiet_NaN();
  double slice = std::numeric_limits<double>::quiet_NaN();
};

struct VectorRun {
  std::uint32_t first = 0, count = 0;  // of the layer's points
};

struct VectorShape {
  int block = 0;
  float size = 0, largest = 0;  // device pixels of the median object, and of the largest
};

// One layer as it is drawn now. From its coordinates to device pixels: turn * (p - center) + shift,
// with a centre near what is seen, so that floats hold it however far that is from the layer's origin.
struct VectorDraw {
  int layer = 0;
  std::array<float, 2> center{};
  std::array<float, 4> turn{1, 0, 0, 1};  // x = turn[0] x + turn[1] y, y = turn[2] x + turn[3] y
  std::array<float, 2> shift{};
  float scale = 1;       // device pixels a unit
  float point_size = 8;  // device pixels: smaller than asked for where points are crowded
  float frame = 0, slice = 0, slice_tolerance = 0;  // in the layer's own terms; NaN as in VectorView
  float line_width = 1;  // device pixels
  VectorSettings settings;
  std::vector<VectorRun> runs;
  std::vector<VectorShape> shapes;
};

struct VectorKey {
  int layer = 0;
  int block = 0;
  bool operator==(const VectorKey&) const = default;
};

class VectorLayers {
 public:
  // Objects smaller than this on the screen are drawn as points, in device pixels.
  static constexpr double kShapePixels = 3;
  // Unless the largest of their block is larger than this.
  static constexpr double kLargePixels = 24;

  // Shapes of blocks whose objects come up to so many frames later, or went so many before, are asked for too,
  // after those of this frame.
  static constexpr double kFramesAround = 3;

  explicit VectorLayers(const Limits& limits = {}) : limits_(limits) {}

  // `table`: kBlockFloats numbers a block. `spread`: over how many frames the objects of blocks that do not say
  // so are spread, of which one is seen. Drawn above those that are there. Returns its id, never used before.
  int add(std::span<const float> table, double spread);
  // Its shapes are among the next drops.
  void remove(int layer);
  void set_settings(int layer, const VectorSettings& settings);
  void set_placement(int layer, const VectorPlacement& placement);
  // Drawing order, the lowest first; layers that it does not name stay where they are.
  void set_order(std::span<const int> layers);

  // Answers to requests; false: nobody asked any more, so the host keeps nothing.
  bool shapes_ready(int layer, int block, std::int64_t bytes);
  // It is not asked for again; its objects stay points.
  void shapes_failed(int layer, int block);
  // The GPU's memory is gone, and with it all shapes.
  void forget();

  // What is drawn, requested and dropped from now on.
  const std::vector<VectorDraw>& plan(const VectorView& view);
  void plan_nothing() { draws_.clear(); }
  const std::vector<VectorDraw>& draws() const { return draws_; }
  std::vector<VectorKey> take_requests() { return std::exchange(requests_, {}); }
  std::vector<VectorKey> take_drops() { return std::exchange(drops_, {}); }

  bool empty() const { return layers_.empty(); }
  std::int64_t bytes() const { return bytes_; }
  // Blocks in view that are drawn as points though their objects are large enough: their shapes are
  // on their way, or do not fit, or could not be made.
  int waiting() const { return waiting_; }
  int in_flight() const { return in_flight_; }

 private:
  enum class State : std::uint8_t { kAbsent, kRequested, kReady, kFailed };
  enum class Look : std::uint8_t { kOutside, kPoints, kShapes };
  struct Block {
    VectorBlock box;
    State state = State::kAbsent;
    Look look = Look::kOutside;  // what the last plan found best
    bool now = true;             // has objects on the frame of the last plan
    bool kept = false;           // within the budget, in the last plan
    bool known = false;          // its shapes were there: `bytes` is no estimate
    std::int64_t bytes = 0;      // of its shapes
    std::uint32_t used = 0;      // the last plan that drew them
  };
  struct Layer {
    int id = 0;
    VectorSettings settings;
    VectorPlacement placement;
    std::vector<Block> blocks;
    double spacing = 0;  // layer units from point to point where it is typical; infinite if unknown
    std::int64_t known_bytes = 0, known_objects = 0;
    bool shown = false;  // in the last plan
    VectorDraw draw;     // without runs and shapes
    Rect seen;           // by the canvas, in layer units
  };
  struct Wanted {
    Layer* layer = nullptr;
    int block = 0;
    double distance = 0;  // from the middle of the canvas, in device pixels, squared
    double frames = 0;    // until its objects are there, or since they were
  };

  Layer* find(int id);
  // The block, if its shapes were asked for and have not come.
  Block* requested(int layer, int block);
  // Whether anything of the layer can be seen; where it lies, and what each block is best drawn as.
  bool look(Layer& layer, const VectorView& view);
  void keep_nearest();
  void evict();
  void drop(Layer& layer, int block);
  void collect(Layer& layer);

  Limits limits_;
  std::vector<std::unique_ptr<Layer>> layers_;  // in drawing order
  int next_id_ = 1;
  std::uint32_t plans_ = 0;
  std::vector<VectorDraw> draws_;
  std::vector<Wanted> wanted_;
  std::vector<VectorKey> requests_, drops_;
  std::int64_t bytes_ = 0;          // of shapes on the GPU
  std::int64_t expected_bytes_ = 0;  // of those requested, as estimated
  int in_flight_ = 0;
  int waiting_ = 0;
};

}  // namespace mifa::view
