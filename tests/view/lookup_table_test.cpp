#include "view/lookup_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "view/scene.h"

namespace mifa::view {
namespace {

ome::Rgb color(const char* name, double value) {
  const LookupTable* table = find_lookup_table(name);
  EXPECT_NE(table, nullptr) << name;
  return table ? table->at(value) : ome::Rgb{};
}

TEST(LookupTable, NamesAreFoundHoweverTheyAreWritten) {
  const LookupTable* table = find_lookup_table("red_hot");
  ASSERT_NE(table, nullptr);
  for (const char* name : {"red_hot.lut", "Red Hot", "RED-HOT", "red-hot.LUT", "Red_Hot"}) {
    EXPECT_EQ(find_lookup_table(name), table) << name;
  }
  EXPECT_NE(find_lookup_table("3-3-2_rgb.lut"), nullptr);
  EXPECT_NE(find_lookup_table("3-3-2 RGB"), nullptr);
}

TEST(LookupTable, UnknownNamesAreNoTable) {
  for (const char* name : {"", ".lut", "lut", "nope", "red hot hot", "fire.lut.lut", "viridi"}) {
    EXPECT_EQ(find_lookup_table(name), nullptr) << name;
  }
}

TEST(LookupTable, AllThatAreNamedAreThere) {
  for (const char* name :
       {"grays", "red", "green", "blue", "cyan", "magenta", "yellow", "red_hot", "green_hot",
        "blue_hot", "cyan_hot", "magenta_hot", "yellow_hot", "fire", "ice", "spectrum", "3-3-2_rgb",
        "16_colors", "cool", "red-green", "hilo", "rainbow", "thermal", "sepia", "viridis", "magma",
        "inferno", "plasma", "cividis", "turbo", "jet", "hsv"}) {
    const LookupTable* table = find_lookup_table(name);
    ASSERT_NE(table, nullptr) << name;
    EXPECT_EQ(&lookup_table(table->row()), table);
  }
}

// Where the originals are known: the ends, and places between.
TEST(LookupTable, ColoursAreTheOriginals) {
  EXPECT_EQ(color("grays", 0.5), (ome::Rgb{128, 128, 128}));
  EXPECT_EQ(color("cyan", 1), (ome::Rgb{0, 255, 255}));
  EXPECT_EQ(color("viridis", 0), (ome::Rgb{0x44, 0x01, 0x54}));
  EXPECT_EQ(color("viridis", 0.5), (ome::Rgb{0x21, 0x91, 0x8C}));
  EXPECT_EQ(color("viridis", 1), (ome::Rgb{0xFD, 0xE7, 0x25}));
  EXPECT_EQ(color("magma", 1), (ome::Rgb{0xFC, 0xFD, 0xBF}));
  EXPECT_EQ(color("jet", 0.375), (ome::Rgb{0, 255, 255}));
  EXPECT_EQ(color("hsv", 1 / 3.0), (ome::Rgb{0, 255, 0}));
  EXPECT_EQ(color("hilo", 0), (ome::Rgb{0, 0, 255}));
  EXPECT_EQ(color("hilo", 1), (ome::Rgb{255, 0, 0}));
  EXPECT_EQ(color("hilo", 254 / 255.0), (ome::Rgb{254, 254, 254}));
  EXPECT_EQ(color("red-green", 127 / 255.0), (ome::Rgb{255, 0, 0}));
  EXPECT_EQ(color("red-green", 128 / 255.0), (ome::Rgb{0, 0, 0}));
  EXPECT_EQ(color("red-green", 1), (ome::Rgb{0, 255, 0}));
  EXPECT_EQ(color("3-3-2_rgb", 1), (ome::Rgb{0xE0, 0xE0, 0xC0}));
  EXPECT_EQ(color("3-3-2_rgb", 0b01100110 / 255.0), (ome::Rgb{0x60, 0x20, 0x80}));
  EXPECT_EQ(color("16_colors", 15 / 255.0), color("16_colors", 0));
  EXPECT_NE(color("16_colors", 16 / 255.0), color("16_colors", 0));
}

// ImageJ's fire, at the 32 points it is made from.
TEST(LookupTable, FireIsCloseToTheOriginal) {
  constexpr int kFire[][4] = {{6, 98, 0, 220}, {10, 173, 0, 151}, {15, 229, 57, 5},
                              {20, 255, 147, 0}, {27, 255, 248, 35}, {31, 255, 255, 255}};
  for (const auto& [place, r, g, b] : kFire) {
    const ome::Rgb found = color("fire", place / 31.0);
    EXPECT_NEAR(found[0], r, 32) << place;
    EXPECT_NEAR(found[1], g, 32) << place;
    EXPECT_NEAR(found[2], b, 32) << place;
  }
}

TEST(LookupTable, ValuesOutsideAreTheEnds) {
  for (int row = 0; row < lookup_tables(); ++row) {
    const LookupTable& table = lookup_table(row);
    EXPECT_EQ(table.at(-5), table.at(0)) << table.name;
    EXPECT_EQ(table.at(7), table.top()) << table.name;
    EXPECT_EQ(table.at(std::nan("")), table.at(0)) << table.name;
    for (int i = 0; i < 256; ++i) table.at(i / 255.0);  // stays inside its colours
  }
}

TEST(LookupTable, TheSwatchIsTheTopOfTheTable) {
  ChannelLayer channel;
  channel.color = {1, 2, 3};
  EXPECT_EQ(channel.swatch(), (ome::Rgb{1, 2, 3}));
  channel.lut = "cyan.lut";
  EXPECT_EQ(channel.swatch(), (ome::Rgb{0, 255, 255}));
  channel.lut = "unknown.lut";
  EXPECT_EQ(channel.swatch(), (ome::Rgb{1, 2, 3}));
}

}  // namespace
}  // namespace mifa::view
