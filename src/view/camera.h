// The camera: it looks straight at a plane of the volume, and maps device pixels to world units.
#pragma once

#include <array>

#include "view/source.h"

namespace mifa::view {

class Camera {
 public:
  // Furthest in: one texel of the finest level may fill this many device pixels.
  static constexpr double kMaximumTexelPixels = 256;

  // Canvas in device pixels. A canvas without area is kept as 1×1.
  void resize(double width, double height);
  // What may be looked at: world rectangle and the size of the finest texel, for fit and zoom limits.
  void set_content(const Rect& world, double finest_texel);

  // The whole content, centred, with `margin` device pixels free on the left, top, right, bottom.
  void fit(const std::array<double, 4>& margin = {0, 0, 0, 0});
  // Moves the picture by device pixels.
  void pan(double dx, double dy);
  // Zooms by `factor` (> 1: closer) so that the world point under the pixel stays there.
  void zoom(double x, double y, double factor);
  // Puts a world point in the middle, at world units a device pixel (clamped).
  void look_at(double u, double v, double world_per_pixel);

  double world_per_pixel() const { return world_per_pixel_; }
  std::array<double, 2> center() const { return center_; }
  double width() const { return width_; }
  double height() const { return height_; }
  Rect visible() const;
  std::array<double, 2> to_world(double x, double y) const;
  std::array<double, 2> to_pixel(double u, double v) const;

 private:
  void clamp();

  double width_ = 1, height_ = 1;
  Rect content_{0, 0, 1, 1};
  double finest_texel_ = 1;
  std::array<double, 2> center_{0.5, 0.5};
  double world_per_pixel_ = 1;
};

}  // namespace mifa::view
