// Small layers for tests of what is asked of a layer.
#pragma once

#include <initializer_list>
#include <utility>

#include "annotation/builder.h"

namespace mifa::annotation {

using Vertices = std::initializer_list<std::pair<double, double>>;

inline void add_part(LayerBuilder& builder, PartKind kind, Vertices vertices) {
  builder.part(kind);
  for (const auto& [x, y] : vertices) builder.vertex(x, y);
}

// A square with its least corner at (x, y).
inline void add_square(LayerBuilder& builder, double x, double y, double edge, const char* category = "") {
  builder.begin(static_cast<std::uint32_t>(builder.layer().size()));
  add_part(builder, PartKind::kRing, {{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}});
  builder.category(category);
  builder.end();
}

// `side` × `side` squares of edge 8 on a grid of pitch 10.
inline std::unique_ptr<Layer> grid_layer(int side) {
  LayerBuilder builder("grid.geojson");
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) add_square(builder, 10 * x, 10 * y, 8, x % 2 ? "odd" : "even");
  }
  return builder.take();
}

}  // namespace mifa::annotation
