#include "ome/placement.h"

#include <gtest/gtest.h>

#include "fake_host.h"
#include "ome/axes.h"

namespace mifa::ome {
namespace {

using Doubles = std::vector<double>;

std::vector<Axis> axes(const std::string& names, const char* unit = "micrometer") {
  std::vector<Axis> result;
  for (const char name : names) {
    const AxisType type = name == 't'   ? AxisType::kTime
                          : name == 'c' ? AxisType::kChannel
                                        : AxisType::kSpace;
    result.push_back({std::string(1, name), type, type == AxisType::kSpace ? unit : ""});
  }
  return result;
}

// Two levels: scale 1 and 2 along all axes.
Multiscale image(const std::string& names) {
  Multiscale result;
  result.axes = axes(names, "pixel");
  assign_axis_roles(result);
  for (const double scale : {1.0, 2.0}) {
    Level level;
    level.array.shape.assign(names.size(), 8);
    level.scale.assign(names.size(), scale);
    level.translation.assign(names.size(), scale - 1);
    result.levels.push_back(level);
  }
  result.default_z = 3;
  return result;
}

TEST(Placement, ScaleAndTranslationMoveTheLevels) {
  const auto placed = place(image("cyx"), {"world",
                                           axes("cyx"),
                                           {1, 0, 0, 0,   //
                                            0, 2, 0, 10,  //
                                            0, 0, 3, 20}});
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed->plane, (std::array<double, 6>{1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(placed->u_axis, 2);
  EXPECT_EQ(placed->v_axis, 1);
  EXPECT_EQ(placed->image.levels[0].scale, (Doubles{1, 2, 3}));
  EXPECT_EQ(placed->image.levels[0].translation, (Doubles{0, 10, 20}));
  EXPECT_EQ(placed->image.levels[1].scale, (Doubles{2, 4, 6}));
  EXPECT_EQ(placed->image.levels[1].translation, (Doubles{1, 12, 23}));
  EXPECT_EQ(placed->image.axes[2].unit, "micrometer");
  EXPECT_EQ(placed->image.c_axis, 0);
}

TEST(Placement, RotationShearAndFlipAreThePlanesMap) {
  const auto placed = place(image("yx"), {"world", axes("yx"), {3, 0.5, 30, -0.25, 2, 20}});
  ASSERT_TRUE(placed.ok());
  // x = -0.25 y + 2 x + 20; y = 3 y + 0.5 x + 30
  EXPECT_EQ(placed->plane, (std::array<double, 6>{2, -0.25, 20, 0.5, 3, 30}));
  EXPECT_EQ(placed->image.levels[1].scale, (Doubles{2, 2}));
  const auto flipped = place(image("yx"), {"world", axes("yx"), {1, 0, 0, 0, -1, 7}});
  ASSERT_TRUE(flipped.ok());
  EXPECT_EQ(flipped->plane, (std::array<double, 6>{-1, 0, 7, 0, 1, 0}));
  // A quarter turn, with the rounding of cos 90°, is a choice of other axes and a flip.
  const auto turned = place(image("yx"), {"world", axes("yx"), {6e-17, 1, 0, -1, 6e-17, 0}});
  ASSERT_TRUE(turned.ok());
  EXPECT_EQ(turned->u_axis, 0);
  EXPECT_EQ(turned->plane, (std::array<double, 6>{-1, 0, 0, 0, 1, 0}));
}

TEST(Placement, SwappedAxesShowAnotherPlane) {
  const auto placed = place(image("zyx"), {"world",
                                           axes("zyx"),
                                           {0, 0, 1, 5,  //
                                            0, 1, 0, 0,  //
                                            4, 0, 0, 0}});
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed->u_axis, 0);
  EXPECT_EQ(placed->v_axis, 1);
  EXPECT_EQ(placed->image.x_axis, 0);
  EXPECT_EQ(placed->image.z_axis, 2);
  EXPECT_FALSE(placed->image.default_z.has_value());
  EXPECT_EQ(placed->image.axes[0].name, "x");
  EXPECT_EQ(placed->image.axes[2].name, "z");
  EXPECT_EQ(placed->image.levels[0].scale, (Doubles{4, 1, 1}));
  EXPECT_EQ(placed->image.levels[0].translation, (Doubles{0, 0, 5}));
}

TEST(Placement, AxesThatAreAddedOrDropped) {
  // projectAxis: c is dropped, z is created.
  const auto placed = place(image("cyx"), {"world",
                                           axes("zyx"),
                                           {0, 0, 0, 9,  //
                                            0, 1, 0, 0,  //
                                            0, 0, 1, 0}});
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed->image.c_axis, 0);
  EXPECT_EQ(placed->image.axes[0].name, "c");
  EXPECT_EQ(placed->image.z_axis, -1);
}

TEST(Placement, ObliqueImagesAreRefused) {
  const Multiscale volume = image("zyx");
  const auto why = [&](const Placement& placement) {
    const auto placed = place(volume, placement);
    EXPECT_FALSE(placed.ok());
    if (placed.ok()) return std::string();
    EXPECT_EQ(placed.error().code, ErrorCode::kUnsupported);
    return placed.error().message.substr(placed.error().message.find("received") + 9);
  };
  EXPECT_EQ(why({"w", axes("zyx"), {4, 0, 1, 0, 0, 3, 0, 0, 0, 0, 2, 0}}),
            "one that is tilted: the axis \"z\" mixes several of its axes");
  EXPECT_EQ(why({"w", axes("zyx"), {1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0}}),
            "one that is tilted: x and y mix more than two of its axes");
  EXPECT_EQ(why({"w", axes("zyx"), {-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}}),
            "one that runs backwards along \"z\"");
  EXPECT_EQ(why({"w", axes("zyx"), {1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0}}),
            "one that is seen from its edge");
  EXPECT_EQ(why({"w", axes("zyx"), {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}}),
            "one that has no extent in the plane of x and y");
  EXPECT_EQ(why({"w", axes("zyx"), {1, 2, 3}}), "one that has 3 axes, which the map does not fit");
  EXPECT_EQ(why({"w", axes("zyx"), {1, 0, 0, 0, 0, 1e308, 0, 0, 0, 0, 1e308, 0}}),
            "one that is seen from its edge");
}

}  // namespace
}  // namespace mifa::ome
