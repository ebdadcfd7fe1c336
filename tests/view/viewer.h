// The parts of `view` put together as the app does, with a host that the test plays itself.
#pragma once

#include <map>
#include <random>
#include <vector>

#include "image.h"
#include "view/planner.h"

namespace mifa::view {

class Viewer {
 public:
  explicit Viewer(const Limits& limits = {});

  // The image fills the scene with one visible white channel an index of its channel axis.
  void show(const ome::Multiscale& image);
  // Another image over it, placed by a map, of the channels that are there.
  Source& add_image(const ome::Multiscale& image, const PlaneMap& map);
  // A label image over it.
  void add_label(const ome::Multiscale& image);

  // One plan, its wants handed on; new requests join `requests`.
  const Plan& step(std::int64_t upload_bytes = std::int64_t{1} << 40, int prefetch_axis = -1);
  // Steps until nothing is uploaded any more.
  const Plan& settle();
  // Answers all requests and settles, until nothing is asked for. Fails the test after `rounds`.
  const Plan& load(int rounds = 400);
  // Answers one request with decoded elements (or as missing).
  void answer(std::size_t index, bool missing = false);
  void answer_random(std::mt19937& random, double missing_share = 0);

  struct Request {
    ChunkKey key;
    std::uint32_t ticket = 0;
  };
  Limits limits;
  Scene scene;
  Camera camera;
  TileStore tiles;
  Scheduler chunks;
  Plan plan;
  std::vector<Request> requests;  // open
  int started = 0;                // in all
  int cancelled = 0;
  int dropped = 0;
};

// A device pixel's place in a group's frame.
std::array<double, 2> to_frame(const Plan& plan, const DrawGroup& group, double x, double y);

// The groups of tiles, without backdrops.
std::vector<DrawGroup> tile_groups(const Plan& plan);

// The group of an instance.
const DrawGroup& group_of(const Plan& plan, int instance);

// Which tiles' instances cover the middle of each pixel of the canvas, in drawing order.
std::vector<std::vector<int>> covering_instances(const Plan& plan, int width, int height);

}  // namespace mifa::view
