#include "app/gestures.h"

#include <cmath>
#include <iterator>

namespace mifa::app {

void Gestures::down(int pointer, double x, double y) { pointers_[pointer] = {x, y}; }

std::optional<Move> Gestures::moved(int pointer, double x, double y) {
  const auto found = pointers_.find(pointer);
  if (found == pointers_.end()) return std::nullopt;
  const std::array<double, 2> before = found->second;
  found->second = {x, y};
  Move move;
  if (pointers_.size() == 1) {
    move.dx = x - before[0];
    move.dy = y - before[1];
    return move;
  }
  // The first two fingers pinch; further ones are ignored.
  auto other = pointers_.begin();
  if (other == found) {
    ++other;
  } else if (std::next(other) != found) {
    return std::nullopt;
  }
  const std::array<double, 2> end = other->second;
  const double old_length = std::hypot(before[0] - end[0], before[1] - end[1]);
  const double new_length = std::hypot(x - end[0], y - end[1]);
  move.dx = (x - before[0]) / 2;
  move.dy = (y - before[1]) / 2;
  move.x = (x + end[0]) / 2;
  move.y = (y + end[1]) / 2;
  if (old_length > 1 && new_length > 1) move.factor = new_length / old_length;
  return move;
}

void Gestures::up(int pointer) { pointers_.erase(pointer); }

}  // namespace mifa::app
