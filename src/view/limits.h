// Every budget of the viewer, by name, with unit, default and reason. None of them means
// "unlimited" at 0.
#pragma once

#include <cstdint>

namespace mifa::view {

inline constexpr std::int64_t kMebibyte = std::int64_t{1} << 20;

struct Limits {
  // Bytes of decoded chunks kept in the page. A pan back or a z-scrub inside a chunk then costs no
  // request. Halved on a phone. One chunk may always be kept, however large.
  std::int64_t decoded_bytes = 256 * kMebibyte;
  // Bytes of GPU texture slots. A 4K screen of 16-bit data with four channels needs 64 MiB.
  std::int64_t gpu_bytes = 256 * kMebibyte;
  // Most bytes one texture array holds; the unit in which GPU memory is taken and given back.
  std::int64_t gpu_block_bytes = 16 * kMebibyte;
  // Longest edge of a tile in texels. Larger chunk planes are cut: any GPU of WebGL2 takes 2048, and
  // a smaller upload keeps a frame short.
  std::int64_t tile_edge = 1024;
  // Tiles of one layer in one view. Only an image of tiny chunks without a pyramid has more; a frame
  // that looked at all of them would take seconds.
  std::int64_t view_tiles = 16384;
  // Files read at once; the wanted chunks of one shard count as one. HTTP/1.1 carries six a host; the rest keeps the pipe full.
  int fetches = 10;
  // Bytes (decoded size) under way at once: ten requests of 256² are not ten of 1024². One request
  // may always run, however large.
  std::int64_t fetch_bytes = 64 * kMebibyte;
  // Upload a frame, while the user moves and while idle.
  std::int64_t upload_bytes_moving = 8 * kMebibyte;
  std::int64_t upload_bytes_idle = 32 * kMebibyte;
  double upload_ms_moving = 4;
  double upload_ms_idle = 8;
  // Tries of a read that may work later, and the pause before the second; each further one doubles.
  int attempts = 5;
  double retry_pause_ms = 400;
  // Chunks read only to find a contrast window: a bigger one is looked at when it is shown anyway.
  std::int64_t contrast_chunk_bytes = 8 * kMebibyte;
  // Channels that get a control of their own. Spectral stacks with more are cut, and it is said so.
  std::int64_t channels = 256;
  // Bytes of annotations' exact shapes on the GPU, of all layers. Blocks with 50,000 polygons of 20
  // vertices in view take 84 MB; what does not fit is drawn as points of its objects' sizes. Halved on
  // a phone.
  std::int64_t vector_bytes = 128 * kMebibyte;
  // Blocks of exact shapes asked of the annotations' workers at once: a worker answers one after the
  // other, and a view that has moved on waits for these.
  int vector_requests = 6;
  // A level whose longer edge is below this many texels says too little to be the first picture.
  std::int64_t fallback_edge = 96;
};

}  // namespace mifa::view
