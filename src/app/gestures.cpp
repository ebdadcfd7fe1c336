#include "app/gestures.h"

#include <cmath>
#include <iterator>

namespace mifa::app {

namespace {
// A hand is not still: less than this many device pixels is no drag.
constexpr double kClickSlack = 6;
}  // namespace

void Gestures::down(int pointer, double x, double y) {
  travelled_ = pointers_.empty() ? 0 : 2 * kClickSlack;  // Two fingers do not click.
  pointers_[pointer] = {x, y};
}

std::optional<Move> Gestures::moved(int pointer, double x, double y) {
  const auto found = pointers_.find(pointer);
  if (found == pointers_.end()) return std::nullopt;
  const std::array<double, 2> before = found->second;
  found->second = {x, y};
  travelled_ += std::hypot(x - before[0], y - before[1]);
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

bool Gestures::up(int pointer) {
  return pointers_.erase(pointer) > 0 && pointers_.empty() && travelled_ < kClickSlack;
}

}  // namespace mifa::app
