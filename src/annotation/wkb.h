// Well-known binary geometry (OGC 06-103r4, ISO 13249-3): what GeoParquet's geometry columns hold.
#pragma once

#include <array>
#include <string_view>

#include "annotation/builder.h"
#include "core/result.h"

namespace mifa::annotation {

struct WkbDepth {
  double least = 0, greatest = 0;
  bool known = false;  // The geometry has a z.
};

// Adds the parts of a geometry to the builder's object; nothing is added when it is an Error, which
// says at which byte what was expected. All types but curves and surfaces, both byte orders, z and
// m (ISO's numbers or EWKB's flags). Empty geometries add nothing.
Result<WkbDepth> add_wkb(std::string_view bytes, LayerBuilder& builder);

}  // namespace mifa::annotation
