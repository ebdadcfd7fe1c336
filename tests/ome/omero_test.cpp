#include "ome/omero.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

struct Applied {
  Multiscale image;
  Issues issues;
};

Applied apply(const std::string& omero, std::vector<std::int64_t> shape,
              zarr::DataType type = zarr::DataType::kUInt8, const char* c_name = "c") {
  IssueLog log(100, 100);
  const auto group =
      read_v2_group(JsonDocument::parse(R"({"omero":)" + omero + "}", ".zattrs").value());
  Applied result;
  result.image.axes = {{c_name, AxisType::kChannel, ""},
                       {"z", AxisType::kSpace, ""},
                       {"y", AxisType::kSpace, ""},
                       {"x", AxisType::kSpace, ""}};
  result.image.c_axis = 0;
  result.image.z_axis = 1;
  result.image.y_axis = 2;
  result.image.x_axis = 3;
  Level level;
  level.array.shape = std::move(shape);
  level.array.data_type = type;
  result.image.levels.push_back(level);
  const OpenerLimits limits;
  apply_omero(parse_omero(group, 4, limits, log), result.image, limits, log);
  result.issues = log.issues();
  return result;
}

std::string channel(const std::string& color, const std::string& more = "") {
  return R"({"color":")" + color + R"(","window":{"min":0,"max":255,"start":0,"end":255})" + more +
         "}";
}

TEST(Color, Forms) {
  EXPECT_EQ(parse_color("FF8000"), (Rgb{255, 128, 0}));
  EXPECT_EQ(parse_color("#ff8000"), (Rgb{255, 128, 0}));
  EXPECT_EQ(parse_color("f80"), (Rgb{255, 136, 0}));
  EXPECT_EQ(parse_color("FF8000aa"), (Rgb{255, 128, 0}));
  for (const char* text : {"", "#", "red", "FF80", "GG8000", "FF80000", "FF8000FF0"}) {
    EXPECT_FALSE(parse_color(text)) << text;
  }
}

TEST(Omero, ChannelsAreReadAsWritten) {
  const auto applied = apply(
      R"({"channels":[{"label":"DAPI","color":"0000FF","active":false,"inverted":true,)"
      R"("coefficient":0.5,"family":"exponential","lut":"fire.lut","window":{"min":0,"max":65535,"start":10,"end":99}}],)"
      R"("rdefs":{"defaultZ":7,"defaultT":1,"model":"color"}})",
      {1, 5, 8, 8});
  ASSERT_EQ(applied.image.channels.size(), 1U);
  const Channel& c = applied.image.channels[0];
  EXPECT_EQ(c.label, "DAPI");
  EXPECT_EQ(c.color, (Rgb{0, 0, 255}));
  EXPECT_EQ(c.active, false);
  EXPECT_TRUE(c.inverted);
  EXPECT_EQ(c.coefficient, 0.5);
  EXPECT_EQ(c.lut, "fire.lut");
  EXPECT_EQ(c.window->max, 65535);
  EXPECT_EQ(c.window->start, 10);
  EXPECT_EQ(applied.image.default_z, 4);  // Clamped, with an issue.
  EXPECT_FALSE(applied.image.default_t);  // No such axis.
  EXPECT_EQ(applied.issues.size(), 1U) << summary(applied.issues);
  EXPECT_EQ(applied.issues[0].rule, "ome-zarr/omero-rdefs");
}

TEST(Omero, TooFewAndTooMany) {
  const auto few = apply(R"({"channels":[)" + channel("FF0000") + "]}", {3, 1, 8, 8});
  ASSERT_EQ(few.image.channels.size(), 3U);
  EXPECT_EQ(few.image.channels[2].label, "Channel 3");
  EXPECT_EQ(count_rule(few.issues, "ome-zarr/omero-channels"), 1);
  const auto many =
      apply(R"({"channels":[)" + channel("FF0000") + "," + channel("00FF00") + "]}", {1, 1, 8, 8});
  EXPECT_EQ(many.image.channels.size(), 1U);
  EXPECT_EQ(count_rule(many.issues, "ome-zarr/omero-channels"), 1);
}

TEST(Omero, BadSettingsAreIssues) {
  const auto applied =
      apply(R"({"channels":[{"label":7,"color":255,"active":"yes","window":{"start":5,"end":5}}]})",
            {1, 1, 8, 8});
  EXPECT_EQ(count_rule(applied.issues, "ome-zarr/omero-color"), 1);
  EXPECT_EQ(count_rule(applied.issues, "ome-zarr/omero-type"), 2);
  EXPECT_EQ(count_rule(applied.issues, "ome-zarr/omero-window"), 3);  // min, max, empty.
  EXPECT_FALSE(applied.image.channels[0].window);
  EXPECT_EQ(applied.image.channels[0].color, (Rgb{0, 0, 255}));
}

TEST(Omero, OtherSpellingsAreReadWithAnIssue) {
  const auto color = [](const std::string& text) {
    const auto applied = apply(
        R"({"channels":[{"color":)" + text + R"(,"window":{"min":0,"max":9,"start":0,"end":9}}]})",
        {1, 1, 8, 8});
    EXPECT_EQ(count_rule(applied.issues, "ome-zarr/omero-color"), 1) << text;
    return applied.image.channels[0].color;
  };
  EXPECT_EQ(color("16744448"), (Rgb{255, 128, 0}));
  EXPECT_EQ(color("-8388353"), (Rgb{255, 128, 0}));  // OMERO's: 0xFF8000FF as a signed number.
  EXPECT_EQ(color("4286578943"), (Rgb{255, 128, 0}));
  EXPECT_EQ(color("[255,128,0]"), (Rgb{255, 128, 0}));
  EXPECT_EQ(color("[255,128,0,255]"), (Rgb{255, 128, 0}));
  for (const char* text : {"[1,2]", "[1,2,300]", "1e30", "true", "0.5", "[]", "\"green\""}) {
    EXPECT_FALSE(color(text)) << text;
  }
  const auto applied =
      apply(R"({"channels":[{"color":"FF0000","window":{"min":"0","max":"4095","start":"10",)"
            R"("end":"1e2"}},{"color":"FF0000","coefficient":2,"family":"linear","window":)"
            R"({"min":0,"max":1,"start":"a few","end":1}}]})",
            {2, 1, 8, 8});
  EXPECT_EQ(count_rule(applied.issues, "ome-zarr/omero-window"), 5) << summary(applied.issues);
  ASSERT_TRUE(applied.image.channels[0].window);
  EXPECT_EQ(applied.image.channels[0].window->max, 4095);
  EXPECT_EQ(applied.image.channels[0].window->end, 100);
  EXPECT_FALSE(applied.image.channels[1].window);
  EXPECT_EQ(applied.image.channels[1].coefficient, 1);
}

TEST(Omero, GreyscaleShowsOneWhiteChannel) {
  const auto applied = apply(R"({"channels":[)" + channel("808080") + "," + channel("00FF00") +
                                 R"(],"rdefs":{"model":"greyscale"}})",
                             {2, 1, 8, 8});
  EXPECT_TRUE(applied.image.greyscale);
  EXPECT_EQ(applied.image.channels[0].color, (Rgb{255, 255, 255}));
  EXPECT_EQ(applied.image.channels[0].active, true);
  EXPECT_EQ(applied.image.channels[1].active, false);
}

TEST(Omero, NoneGivesPlainChannels) {
  const auto applied = apply("null", {2, 1, 8, 8});
  ASSERT_EQ(applied.image.channels.size(), 2U);
  EXPECT_EQ(applied.image.channels[0].label, "Channel 1");
  EXPECT_FALSE(applied.image.channels[0].window);
  EXPECT_TRUE(applied.issues.empty());
}

TEST(Omero, ManyChannelsAreCapped) {
  const auto applied = apply("null", {std::int64_t{1} << 40, 1, 8, 8});
  EXPECT_EQ(applied.image.channels.size(), 4096U);
}

TEST(Rgb, OnlyWhenTheFileSaysSo) {
  const std::string rgb =
      R"({"channels":[)" + channel("FF0000") + "," + channel("00FF00") + "," + channel("0000FF");
  EXPECT_TRUE(apply(rgb + "]}", {3, 1, 8, 8}).image.rgb);
  EXPECT_FALSE(apply(rgb + "]}", {3, 1, 8, 8}, zarr::DataType::kUInt16).image.rgb);
  EXPECT_FALSE(apply(rgb + "]}", {4, 1, 8, 8}).image.rgb);
  EXPECT_FALSE(apply(rgb + R"(],"rdefs":{"model":"greyscale"}})", {3, 1, 8, 8}).image.rgb);
  // Three stains in one byte each.
  EXPECT_FALSE(apply("null", {3, 1, 8, 8}).image.rgb);
  EXPECT_FALSE(apply(R"({"channels":[)" + channel("0000FF") + "," + channel("00FF00") + "," +
                         channel("FF0000") + "]}",
                     {3, 1, 8, 8})
                   .image.rgb);
  EXPECT_FALSE(apply(R"({"channels":[)"
                     R"({"color":"FF0000","window":{"min":0,"max":255,"start":20,"end":90}},)" +
                         channel("00FF00") + "," + channel("0000FF") + "]}",
                     {3, 1, 8, 8})
                   .image.rgb);
  EXPECT_TRUE(apply("null", {3, 1, 8, 8}, zarr::DataType::kUInt8, "rgb").image.rgb);
  EXPECT_TRUE(apply(R"({"channels":[{"label":"R"},{"label":"Green"},{"label":"b"}]})", {3, 1, 8, 8})
                  .image.rgb);
}

}  // namespace
}  // namespace mifa::ome
