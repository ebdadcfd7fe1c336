#include "annotation/image_placement.h"

namespace mifa::annotation {

std::optional<double> metres_of(std::string_view unit) {
  struct Unit {
    std::string_view name, symbol;
    double metres;
  };
  static constexpr Unit kUnits[] = {
      {"meter", "m", 1},           {"millimeter", "mm", 1e-3}, {"micrometer", "µm", 1e-6}, {"micron", "um", 1e-6},
      {"nanometer", "nm", 1e-9},   {"centimeter", "cm", 1e-2}, {"angstrom", "Å", 1e-10},   {"picometer", "pm", 1e-12},
      {"kilometer", "km", 1000.0}, {"inch", "in", 0.0254},
  };
  for (const Unit& known : kUnits) {
    if (unit == known.name || unit == known.symbol) return known.metres;
  }
  return std::nullopt;
}

std::optional<PixelMap> to_pixels(const Space& space, const ImageContext& image) {
  double x = 1, y = 1;
  if (space.unit == Space::Unit::kNormalized) {
    if (image.width <= 0 || image.height <= 0) return std::nullopt;
    x = static_cast<double>(image.width);
    y = static_cast<double>(image.height);
  } else if (space.unit == Space::Unit::kPhysical) {
    if (!(image.pixel_width > 0) || !(image.pixel_height > 0)) return std::nullopt;
    double factor = 1;
    if (space.unit_name != image.unit && !space.unit_name.empty() && !image.unit.empty()) {
      const auto own = metres_of(space.unit_name), other = metres_of(image.unit);
      if (!own || !other) return std::nullopt;
      factor = *own / *other;
    }
    x = factor / image.pixel_width;
    y = factor / image.pixel_height;
  }
  const double shift = space.corner ? 0 : 0.5;
  const auto& a = space.affine;
  return PixelMap{x * a[0], x * a[1], x * a[2] + shift, y * a[3], y * a[4], y * a[5] + shift};
}

}  // namespace mifa::annotation
