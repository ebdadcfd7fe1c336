// Shapes with round or turned sides, as polygons.
#pragma once

#include <span>
#include <vector>

#include "annotation/builder.h"

namespace mifa::annotation {

struct Vertex {
  double x = 0, y = 0;
};

// How far a polygon may lie inside of the curve it stands for, in units of the coordinates.
inline constexpr double kCurveTolerance = 0.05;

// A ring of 16 to 256 vertices on the ellipse about (x, y) with these half axes, the first of them
// turned from x towards y by `angle` radians.
std::vector<Vertex> ellipse_ring(double x, double y, double half_x, double half_y,
                                 double angle = 0);

// The corners of a box about (x, y), turned from x towards y by `angle` radians.
std::vector<Vertex> turned_box(double x, double y, double width, double height, double angle);

// Appends a Bézier curve of two to four control points, its first point being there already.
void append_bezier(std::vector<Vertex>& line, std::span<const Vertex> controls);

void add_part(LayerBuilder& builder, PartKind kind, std::span<const Vertex> vertices);

// Adds rings that together bound one area by the even-odd rule and do not cross: each that lies
// within an odd number of others is a hole of the innermost.
void add_nested_rings(LayerBuilder& builder, const std::vector<std::vector<Vertex>>& rings);

// The area inside of a ring, positive whatever its direction.
double ring_area(std::span<const Vertex> ring);

}  // namespace mifa::annotation
