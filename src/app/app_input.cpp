// App: pointers, wheel and keys.
#include <algorithm>
#include <cmath>

#include "app/app.h"

namespace mifa::app {
namespace {

// Wheel notches of 100 px zoom by this factor; track-pad pinches send smaller steps.
constexpr double kWheelZoom = 0.0018;
constexpr double kPinchZoom = 0.012;
constexpr double kKeyZoom = 1.3;
constexpr double kKeyPan = 0.12;  // of the canvas

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

void App::pointer_down(int pointer, double x, double y, int button, bool touch) {
  panels_.pointer_moved(x, y, touch);
  rebuild_interface();
  pointer_ = {x, y};
  // The panels hear of every press: one beside an open popup closes it.
  panels_.button(button, true);
  if (!panels_.covers(x, y)) gestures_.down(pointer, x, y);
  invalidate();
}

void App::pointer_moved(int pointer, double x, double y, bool touch) {
  panels_.pointer_moved(x, y, touch);
  rebuild_interface();  // The inspector takes a frame to find its size.
  pointer_ = {x, y};
  if (const auto move = gestures_.moved(pointer, x, y)) {
    camera_.pan(move->dx, move->dy);
    if (move->factor != 1) camera_.zoom(move->x, move->y, move->factor);
    view_changed(true);
  }
  invalidate();
}

void App::pointer_up(int pointer, int button, bool touch) {
  panels_.button(button, false);
  if (gestures_.up(pointer) && pointer_ && button == 0) click((*pointer_)[0], (*pointer_)[1]);
  rebuild_interface();
  if (touch) {
    panels_.pointer_left();
    pointer_.reset();
  }
  invalidate();
}

// Into the well that was clicked.
void App::click(double x, double y) {
  if (!arrangement_) return;
  const auto world = camera_.to_world(x, y);
  const int cell = arrangement_->cell_at(world[0], world[1]);
  if (cell >= 0) open_entry(arrangement_->cells()[at(cell)].entry);
}

void App::pointer_left() {
  panels_.pointer_left();
  pointer_.reset();
  interface_frames_ = std::max(interface_frames_, 1);
  invalidate();
}

void App::wheel(double x, double y, double dx, double dy, bool pinch) {
  rebuild_interface();
  invalidate();
  if (panels_.covers(x, y)) {
    panels_.wheel(-dx / 100, -dy / 100);
    return;
  }
  camera_.zoom(x, y, std::exp(-dy * (pinch ? kPinchZoom : kWheelZoom)));
  view_changed(true);
}

bool App::key(const std::string& name) {
  // Also where the open image cannot be shown.
  if (name == "Escape" && !overview_ && has_overview()) {
    show_overview();
    state_changed();
    return true;
  }
  if (scene_.sources.empty()) return false;
  const double width = camera_.width();
  const double height = camera_.height();
  const ome::Multiscale& image = scene_.sources.front().image();
  const auto step = [&](int axis, int by) {
    if (axis >= 0) set_position(axis, scene_.position[at(axis)] + by);
    return axis >= 0;
  };
  const auto pan = [&](double x, double y) {
    camera_.pan(x * kKeyPan * width, y * kKeyPan * height);
    view_changed(true);
    return true;
  };
  const auto zoom = [&](double factor) {
    camera_.zoom(width / 2, height / 2, factor);
    view_changed(true);
    return true;
  };
  if (name == "ArrowLeft") return pan(1, 0);
  if (name == "ArrowRight") return pan(-1, 0);
  if (name == "ArrowUp") return pan(0, 1);
  if (name == "ArrowDown") return pan(0, -1);
  if (name == "+" || name == "=") return zoom(kKeyZoom);
  if (name == "-" || name == "_") return zoom(1 / kKeyZoom);
  if (name == "PageUp" || name == ".") return step(image.z_axis, 1);
  if (name == "PageDown" || name == ",") return step(image.z_axis, -1);
  if (name == "]") return step(image.t_axis, 1);
  if (name == "[") return step(image.t_axis, -1);
  if (name == "f" || name == "0" || name == "Home") {
    fit();
  } else if (name == "s") {
    set_smooth(!scene_.smooth);
  } else if (name == "l") {
    const bool on = std::none_of(scene_.labels.begin(), scene_.labels.end(),
                                 [](const view::LabelLayer& label) { return label.visible; });
    for (view::LabelLayer& label : scene_.labels) label.visible = on;
    invalidate();
  } else if (name == "p") {
    set_panel_open(!panels_.open());
  } else if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
    const auto index = static_cast<std::size_t>(name[0] - '1');
    if (index >= scene_.channels.size()) return false;
    scene_.channels[index].visible = !scene_.channels[index].visible;
    invalidate();
  } else {
    return false;
  }
  state_changed();
  return true;
}

}  // namespace mifa::app
