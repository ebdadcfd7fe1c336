#include "view/camera.h"

#include <algorithm>
#include <cmath>

namespace mifa::view {

void Camera::resize(double width, double height) {
  width_ = std::max(width, 1.0);
  height_ = std::max(height, 1.0);
  clamp();
}

void Camera::set_content(const Rect& world, double finest_texel) {
  content_ = world;
  finest_texel_ = finest_texel;
  clamp();
}

void Camera::fit(const std::array<double, 4>& margin) {
  const double width = std::max(width_ - margin[0] - margin[2], width_ / 4);
  const double height = std::max(height_ - margin[1] - margin[3], height_ / 4);
  world_per_pixel_ = std::max(content_.width() / width, content_.height() / height);
  const double shift_x = (margin[2] - margin[0]) / 2;
  const double shift_y = (margin[3] - margin[1]) / 2;
  center_ = {(content_.u0 + content_.u1) / 2 + shift_x * world_per_pixel_,
             (content_.v0 + content_.v1) / 2 + shift_y * world_per_pixel_};
  clamp();
}

void Camera::pan(double dx, double dy) {
  center_[0] -= dx * world_per_pixel_;
  center_[1] -= dy * world_per_pixel_;
  clamp();
}

void Camera::zoom(double x, double y, double factor) {
  if (!(factor > 0)) return;
  const auto before = to_world(x, y);
  world_per_pixel_ /= factor;
  clamp();
  const auto after = to_world(x, y);
  center_[0] += before[0] - after[0];
  center_[1] += before[1] - after[1];
  clamp();
}

void Camera::look_at(double u, double v, double world_per_pixel) {
  center_ = {u, v};
  if (world_per_pixel > 0) world_per_pixel_ = world_per_pixel;
  clamp();
}

Rect Camera::visible() const {
  const auto low = to_world(0, 0);
  const auto high = to_world(width_, height_);
  return {low[0], low[1], high[0], high[1]};
}

std::array<double, 2> Camera::to_world(double x, double y) const {
  return {center_[0] + (x - width_ / 2) * world_per_pixel_,
          center_[1] + (y - height_ / 2) * world_per_pixel_};
}

std::array<double, 2> Camera::to_pixel(double u, double v) const {
  return {(u - center_[0]) / world_per_pixel_ + width_ / 2,
          (v - center_[1]) / world_per_pixel_ + height_ / 2};
}

void Camera::clamp() {
  // Out: the content still covers a quarter of the canvas. In: a texel fills kMaximumTexelPixels.
  const double furthest = 4 * std::max(content_.width() / width_, content_.height() / height_);
  const double closest = std::min(finest_texel_ / kMaximumTexelPixels, furthest);
  if (std::isnan(world_per_pixel_)) world_per_pixel_ = furthest / 4;
  world_per_pixel_ = std::clamp(world_per_pixel_, closest, furthest);
  // The content cannot be lost: the middle of the canvas stays on it, whatever a host said.
  if (!std::isfinite(center_[0])) center_[0] = (content_.u0 + content_.u1) / 2;
  if (!std::isfinite(center_[1])) center_[1] = (content_.v0 + content_.v1) / 2;
  center_[0] = std::clamp(center_[0], content_.u0, content_.u1);
  center_[1] = std::clamp(center_[1], content_.v0, content_.v1);
}

}  // namespace mifa::view
