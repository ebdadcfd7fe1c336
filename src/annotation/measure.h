// Lengths, areas and distances of objects, in layer coordinates.
#pragma once

#include "annotation/layer.h"

namespace mifa::annotation {

// Of polygons (without their holes) and boxes; 0 for others.
double area_of(const Layer& layer, std::size_t object);
// Of lines; 0 for others.
double length_of(const Layer& layer, std::size_t object);
// Twice the signed area of a part's ring.
double signed_area(const Layer& layer, std::size_t part);

// Whether an object is at (x, y), without the layer's origin: inside of it, or no further than
// `radius` from a point, a line or an outline of it.
bool touches(const Layer& layer, std::size_t object, double x, double y, double radius);

// What is on a frame and a slice: NaN asks for any.
bool is_on(const Layer& layer, std::size_t object, double frame, double slice);

}  // namespace mifa::annotation
