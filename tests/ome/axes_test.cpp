#include "ome/axes.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

struct Parsed {
  std::vector<Axis> axes;
  Issues issues;
};

Parsed parse(const std::string& axes, const char* version) {
  IssueLog log(100, 100);
  const JsonView view = JsonDocument::parse(R"({"axes":)" + axes + "}", ".zattrs").value();
  Parsed result;
  result.axes = parse_axes(view, view["axes"], {version, minor_version(version)}, log);
  result.issues = log.issues();
  return result;
}

Multiscale with_axes(std::vector<Axis> axes) {
  Multiscale image;
  image.axes = std::move(axes);
  assign_axis_roles(image);
  return image;
}

TEST(Axes, ObjectsOfVersion04) {
  const auto parsed =
      parse(R"([{"name":"t","type":"time","unit":"second"},{"name":"c","type":"channel"},)"
            R"({"name":"z","type":"space","unit":"micrometer"},{"name":"y","type":"space"},)"
            R"({"name":"x","type":"space"}])",
            "0.4");
  ASSERT_EQ(parsed.axes.size(), 5U);
  EXPECT_EQ(parsed.axes[0].type, AxisType::kTime);
  EXPECT_EQ(parsed.axes[0].unit, "second");
  EXPECT_EQ(parsed.axes[1].type, AxisType::kChannel);
  EXPECT_EQ(parsed.axes[2].unit, "micrometer");
  EXPECT_TRUE(parsed.issues.empty()) << summary(parsed.issues);
}

TEST(Axes, NamesOfVersion03) {
  const auto parsed = parse(R"(["t","y","x"])", "0.3");
  ASSERT_EQ(parsed.axes.size(), 3U);
  EXPECT_EQ(parsed.axes[0].type, AxisType::kTime);
  EXPECT_TRUE(parsed.issues.empty()) << summary(parsed.issues);
}

TEST(Axes, OtherFormsAreReadWithAnIssue) {
  const auto strings = parse(R"(["y","x"])", "0.4");
  EXPECT_EQ(strings.axes[1].name, "x");
  EXPECT_EQ(count_rule(strings.issues, "ome-zarr/axis-form"), 2);
  const auto objects = parse(R"([{"name":"y","type":"space"},{"name":"x","type":"space"}])", "0.3");
  EXPECT_EQ(objects.axes[0].type, AxisType::kSpace);
  EXPECT_EQ(count_rule(objects.issues, "ome-zarr/axis-form"), 2);
}

TEST(Axes, EachMistakeHasItsRule) {
  EXPECT_EQ(count_rule(
                parse(R"([{"name":"x","type":"space"},{"name":"x","type":"space"}])", "0.4").issues,
                "ome-zarr/axes-unique"),
            1);
  EXPECT_EQ(count_rule(parse(R"([{"type":"space"},{"name":"x","type":"space"}])", "0.4").issues,
                       "ome-zarr/axis-name"),
            1);
  EXPECT_EQ(count_rule(parse("[]", "0.4").issues, "ome-zarr/axes-count"), 1);
  EXPECT_EQ(count_rule(parse("7", "0.4").issues, "ome-zarr/axes-missing"), 1);
  EXPECT_EQ(count_rule(parse(R"([{"name":"y","type":"space"},{"name":"x","type":"space"},)"
                             R"({"name":"c","type":"channel"}])",
                             "0.4")
                           .issues,
                       "ome-zarr/axes-order"),
            1);
  const auto unit =
      parse(R"([{"name":"y","type":"space","unit":"micron"},{"name":"x","type":"space"}])", "0.4");
  ASSERT_EQ(unit.issues.size(), 1U);
  EXPECT_EQ(unit.issues[0].rule, "ome-zarr/axis-unit");
  EXPECT_EQ(unit.issues[0].severity, Severity::kWarning);
  EXPECT_EQ(unit.issues[0].pointer, "/axes/0/unit");
}

TEST(Axes, ImpliedFromTheBack) {
  const auto five = implied_axes(5);
  EXPECT_EQ(five[0].name, "t");
  EXPECT_EQ(five[4].name, "x");
  EXPECT_EQ(implied_axes(3)[0].name, "z");
  EXPECT_EQ(implied_axes(7)[0].name, "dim_0");
}

TEST(AxisRoles, AnyOrder) {
  const auto image = with_axes({{"x", AxisType::kSpace, ""},
                                {"c", AxisType::kChannel, ""},
                                {"Y", AxisType::kSpace, ""},
                                {"z", AxisType::kSpace, ""}});
  EXPECT_EQ(image.x_axis, 0);
  EXPECT_EQ(image.y_axis, 2);
  EXPECT_EQ(image.z_axis, 3);
  EXPECT_EQ(image.c_axis, 1);
  EXPECT_EQ(image.t_axis, -1);
}

TEST(AxisRoles, OtherNames) {
  const auto volume = with_axes(
      {{"k", AxisType::kSpace, ""}, {"j", AxisType::kSpace, ""}, {"i", AxisType::kSpace, ""}});
  EXPECT_EQ(volume.x_axis, 2);
  EXPECT_EQ(volume.y_axis, 1);
  EXPECT_EQ(volume.z_axis, 0);
  const auto custom = with_axes(
      {{"angle", AxisType::kOther, ""}, {"y", AxisType::kSpace, ""}, {"x", AxisType::kSpace, ""}});
  EXPECT_EQ(custom.z_axis, -1);
  // Nothing but time and channel: the last two are shown all the same.
  const auto none = with_axes({{"t", AxisType::kTime, ""}, {"c", AxisType::kChannel, ""}});
  EXPECT_EQ(none.x_axis, 1);
  EXPECT_EQ(none.y_axis, 0);
  EXPECT_EQ(none.t_axis, -1);
  EXPECT_EQ(none.c_axis, -1);
}

TEST(AxisRoles, DimensionNames) {
  const auto plain = axes_from_names({}, 3);
  EXPECT_EQ(plain[0].name, "dim_0");
  EXPECT_EQ(plain[1].name, "y");
  EXPECT_EQ(plain[2].name, "x");
  const auto named = axes_from_names({"c", "", "x"}, 3);
  EXPECT_EQ(named[0].type, AxisType::kChannel);
  EXPECT_EQ(named[1].name, "dim_1");
}

}  // namespace
}  // namespace mifa::ome
