// The exact shapes of objects, as the renderer draws them: ShapeBuffers and LinkBuffer of
// web/annotations/layer.ts. Coordinates are without the layer's origin.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "annotation/layer.h"

namespace mifa::annotation {

// A polygon of more vertices is outlined but not filled: triangles of hostile outlines take time that
// grows with the square of their vertices.
inline constexpr std::size_t kFillVertices = 65'536;

struct Segment {
  float x0, y0, x1, y1;
  std::uint32_t object;
};
struct Corner {
  float x, y;
  std::uint32_t object;
};
struct LinkSegment {
  float x0, y0, x1, y1;
  float frame0, frame1;  // NaN: none
  std::uint32_t object;  // the later one
};
static_assert(sizeof(Segment) == 20 && sizeof(Corner) == 12 && sizeof(LinkSegment) == 28);

struct Shapes {
  std::vector<Segment> lines;
  std::vector<Corner> fill;  // three a triangle
  std::vector<Corner> markers;
};

Shapes shapes_of(const Layer& layer, std::span<const std::uint32_t> objects);

// Between the middles of linked objects. Links to objects without geometry are left out.
std::vector<LinkSegment> link_segments(const Layer& layer);

// Four floats an object: first and last frame, first and last slice, NaN for all. Empty when no
// object has any.
std::vector<float> extents(const Layer& layer);

}  // namespace mifa::annotation
