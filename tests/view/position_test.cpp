// The same place in a label image.
#include <gtest/gtest.h>

#include "image.h"
#include "view/planner.h"

namespace mifa::view {
namespace {

TEST(PositionIn, AxesAreMatchedByName) {
  const Source image = make_source(make_image("tczyx", {{{5, 3, 20, 64, 64}, {1, 1, 1, 64, 64}, {}, {}}}));
  const Source label = make_source(make_image("zyxt", {{{20, 64, 64, 5}, {1, 64, 64, 1}, {}, {}}}), 1);
  EXPECT_EQ(position_in(label, image, {4, 2, 17, 0, 0}), (Position{17, 0, 0, 4}));
}

TEST(PositionIn, GoesThroughWorldUnits) {
  const Source image = make_source(make_image(
      "zyx", {{{40, 64, 64}, {1, 64, 64}, {0.5, 1, 1}, {100, 0, 0}}}));
  const Source label = make_source(make_image(
      "zyx", {{{10, 64, 64}, {1, 64, 64}, {2, 1, 1}, {100.75, 0, 0}}}), 1);
  EXPECT_EQ(position_in(label, image, {0, 0, 0})[0], 0);
  EXPECT_EQ(position_in(label, image, {3, 0, 0})[0], 0);
  EXPECT_EQ(position_in(label, image, {4, 0, 0})[0], 1);
  EXPECT_EQ(position_in(label, image, {39, 0, 0})[0], 9);
}

TEST(PositionIn, StaysInsideAndTakesZeroForUnknownAxes) {
  const Source image = make_source(make_image("zyx", {{{40, 64, 64}, {1, 64, 64}, {}, {}}}));
  const Source label = make_source(make_image("tzyx", {{{9, 3, 64, 64}, {1, 1, 64, 64}, {}, {}}}), 1);
  EXPECT_EQ(position_in(label, image, {39, 0, 0}), (Position{0, 2, 0, 0}));
}

TEST(PositionIn, AMasksOwnChannelsAreItsOwn) {
  const Source image = make_source(make_image("cyx", {{{4, 64, 64}, {1, 64, 64}, {}, {}}}));
  const Source label = make_source(make_image("cyx", {{{4, 64, 64}, {1, 64, 64}, {}, {}}}), 1);
  EXPECT_EQ(position_in(label, image, {3, 0, 0})[0], 0);
  EXPECT_EQ(position_in(image, image, {3, 0, 0})[0], 3);
}

}  // namespace
}  // namespace mifa::view
