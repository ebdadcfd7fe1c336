// From pointers on the canvas to moves of the camera: one drags, two pinch.
#pragma once

#include <array>
#include <map>
#include <optional>

namespace mifa::app {

struct Move {
  double dx = 0, dy = 0;            // pan by, device pixels
  double x = 0, y = 0, factor = 1;  // then zoom about (x, y)
};

class Gestures {
 public:
  void down(int pointer, double x, double y);
  // What the move means for the camera, if this pointer is down and one of the first two.
  std::optional<Move> moved(int pointer, double x, double y);
  // Whether it was a click: one pointer that went up where it had come down.
  bool up(int pointer);
  bool active() const { return !pointers_.empty(); }

 private:
  std::map<int, std::array<double, 2>> pointers_;
  double travelled_ = 0;  // device pixels since the first pointer came down
};

}  // namespace mifa::app
