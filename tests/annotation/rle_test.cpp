#include "annotation/rle.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>

#include "annotation/curves.h"
#include "reading.h"
#include "sha1.h"

namespace mifa::annotation {
namespace {

using Mask = std::vector<std::string>;  // rows of "." and "#"

RunLengths runs_of(const Mask& mask, bool by_rows = false) {
  RunLengths runs;
  runs.by_rows = by_rows;
  runs.height = static_cast<std::int64_t>(mask.size());
  runs.width = mask.empty() ? 0 : static_cast<std::int64_t>(mask[0].size());
  const std::int64_t along = by_rows ? runs.width : runs.height,
                     across = by_rows ? runs.height : runs.width;
  runs.counts = {0};
  for (std::int64_t a = 0; a < across; ++a) {
    for (std::int64_t b = 0; b < along; ++b) {
      const bool inside = mask[static_cast<std::size_t>(by_rows ? a : b)]
                              [static_cast<std::size_t>(by_rows ? b : a)] == '#';
      if (inside != (runs.counts.size() % 2 == 0)) runs.counts.push_back(0);
      ++runs.counts.back();
    }
  }
  return runs;
}

std::vector<Vertex> vertices_of(const Outline::Ring& ring) {
  std::vector<Vertex> vertices;
  for (const auto& corner : ring.corners) {
    vertices.push_back({static_cast<double>(corner[0]), static_cast<double>(corner[1])});
  }
  return vertices;
}

bool inside_ring(const Outline::Ring& ring, double x, double y) {
  bool inside = false;
  const auto vertices = vertices_of(ring);
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    const Vertex &a = vertices[i], &b = vertices[(i + 1) % vertices.size()];
    if (a.x == b.x && a.x > x && (a.y > y) != (b.y > y)) inside = !inside;
  }
  return inside;
}

Mask drawn(const Outline& outline, std::size_t width, std::size_t height) {
  Mask mask(height, std::string(width, '.'));
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      int rings = 0;
      for (const auto& ring : outline.rings) {
        rings += inside_ring(ring, static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5) *
                 (ring.hole ? -1 : 1);
      }
      EXPECT_TRUE(rings == 0 || rings == 1);
      if (rings == 1) mask[y][x] = '#';
    }
  }
  return mask;
}

std::string text_of(const Outline& outline) {
  std::string text;
  for (const auto& ring : outline.rings) {
    text += ring.hole ? "hole" : "ring";
    for (const auto& corner : ring.corners)
      text += " " + std::to_string(corner[0]) + "," + std::to_string(corner[1]);
    text += "\n";
  }
  return text;
}

TEST(RunLengths, OutlineFollowsThePixelsEdges) {
  EXPECT_EQ(text_of(trace_outline(runs_of({"....", ".##.", "...."}))), "ring 1,2 1,1 3,1 3,2\n");
  EXPECT_EQ(text_of(trace_outline(runs_of({"....", ".##.", "...."}, true))),
            "ring 3,2 1,2 1,1 3,1\n");
  EXPECT_EQ(text_of(trace_outline(runs_of({"#"}))), "ring 0,1 0,0 1,0 1,1\n");
  EXPECT_TRUE(trace_outline(runs_of({"...", "..."})).rings.empty());
  EXPECT_TRUE(trace_outline({}).rings.empty());
}

TEST(RunLengths, PixelsThatTouchAtACornerAreKeptApart) {
  EXPECT_EQ(text_of(trace_outline(runs_of({"#.", ".#"}))),
            "ring 0,1 0,0 1,0 1,1\nring 1,2 1,1 2,1 2,2\n");
  EXPECT_EQ(text_of(trace_outline(runs_of({".#", "#."}))),
            "ring 0,2 0,1 1,1 1,2\nring 1,1 1,0 2,0 2,1\n");
}

TEST(RunLengths, HolesFollowTheOutsideTheyLieIn) {
  const Outline outline = trace_outline(runs_of({
      "#######.###",
      "#.....#.#.#",
      "#.###.#.###",
      "#.#.#.#....",
      "#.###.#.##.",
      "#.....#.##.",
      "#######....",
  }));
  std::string kinds;
  for (const auto& ring : outline.rings) kinds += ring.hole ? 'h' : 'r';
  EXPECT_EQ(kinds, "rhrhrhr");
  // The inner ring is no hole's but its own outside.
  EXPECT_EQ(text_of(outline).substr(0, 59),
            "ring 0,7 0,0 7,0 7,7\nhole 1,1 1,6 6,6 6,1\nring 2,5 2,2 5,2 ");
}

TEST(RunLengths, AreTheSameAsTheirOutlines) {
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    const std::size_t width = 1 + random() % 9, height = 1 + random() % 9;
    const unsigned density = 1 + random() % 9;
    Mask mask(height, std::string(width, '.'));
    std::int64_t area = 0;
    for (auto& row : mask) {
      for (char& pixel : row) {
        if (random() % 10 < density) pixel = '#', ++area;
      }
    }
    for (const bool by_rows : {false, true}) {
      const RunLengths runs = runs_of(mask, by_rows);
      ASSERT_TRUE(check_runs(runs));
      EXPECT_EQ(runs.area(), area);
      const Outline outline = trace_outline(runs);
      ASSERT_EQ(drawn(outline, width, height), mask) << text_of(outline);
      double sum = 0;
      const Outline::Ring* outside = nullptr;
      for (const auto& ring : outline.rings) {
        sum += ring_area(vertices_of(ring)) * (ring.hole ? -1 : 1);
        if (!ring.hole) outside = &ring;
        ASSERT_NE(outside, nullptr);
        // A hole lies in the outside before it.
        if (ring.hole)
          EXPECT_TRUE(inside_ring(*outside, static_cast<double>(ring.corners[0][0]) + 0.5,
                                  static_cast<double>(ring.corners[0][1]) +
                                      (ring.corners[1][1] > ring.corners[0][1] ? 0.5 : -0.5)));
      }
      EXPECT_EQ(sum, static_cast<double>(area));
    }
  }
}

TEST(RunLengths, CostByTheNumberOfRunsNotOfPixels) {
  // A billion pixels in one run over a billion columns.
  RunLengths runs{1, 1'000'000'000, {5, 999'999'990, 5}, false};
  ASSERT_TRUE(check_runs(runs));
  EXPECT_EQ(text_of(trace_outline(runs)), "ring 5,1 5,0 999999995,0 999999995,1\n");
  EXPECT_EQ(runs.box(), (std::array<std::int64_t, 4>{5, 0, 999'999'990, 1}));
  // Empty runs in between.
  RunLengths split{4, 3, {0, 2, 0, 3, 0, 7}, false};
  ASSERT_TRUE(check_runs(split));
  EXPECT_EQ(text_of(trace_outline(split)), "ring 0,4 0,0 3,0 3,4\n");
}

TEST(RunLengths, CheckSaysWhatDoesNotFit) {
  EXPECT_EQ(check_runs({2, 2, {1, 4}, false}).error().message,
            "expected counts that sum up to the size (2 × 2 pixels), received more at count 1");
  EXPECT_EQ(check_runs({2, 2, {1, -1}, false}).error().message,
            "expected counts of 0 or more, received -1 as count 1");
  EXPECT_EQ(
      check_runs({-1, 2, {}, false}).error().message,
      "expected a height and a width of at most 70368744177664 pixels together, received -1 × 2");
  EXPECT_FALSE(check_runs({INT64_MAX, INT64_MAX, {}, false}));
  EXPECT_TRUE(check_runs({2, 2, {1}, false})) << "what is missing is outside";
}

TEST(DecodeCounts, ReadsCocosTexts) {
  // pycocotools.mask.encode of a 5 × 10 mask: 10, 10, 5, 10, 15.
  EXPECT_EQ(*decode_counts("::50:"), (std::vector<std::int64_t>{10, 10, 5, 10, 15}));
  // Larger than five bits, and differences below zero.
  EXPECT_EQ(*decode_counts("03Xo0OmPOV1"), (std::vector<std::int64_t>{0, 3, 1000, 2, 5, 40}));
  EXPECT_EQ(*decode_counts(""), std::vector<std::int64_t>{});
}

TEST(DecodeCounts, SaysWhichCharacterIsWrong) {
  EXPECT_EQ(decode_counts("1 2").error().message,
            "expected characters from \"0\" to \"o\", received code 32 at character 1");
  EXPECT_EQ(
      decode_counts("1P").error().message,
      "expected a last character below \"P\", received an end within the count at character 1");
  EXPECT_EQ(decode_counts("ooooooooooooo").error().message,
            "expected counts of at most ten characters, received a longer one at character 0");
  EXPECT_EQ(decode_counts("O").error().message,
            "expected counts from 0 to 70368744177664, received -1 at character 0");
}

// fakesegm100: the area, box and pixels of every mask, by cocoapi's own code.
TEST(DecodeCounts, AgreesWithCocoapi) {
  REQUIRE_FIXTURE("coco/fakesegm100_oracle.json");
  const auto oracle = nlohmann::json::parse(file_text(fixture("coco/fakesegm100_oracle.json")));
  const auto results = nlohmann::json::parse(
      file_text(fixture("coco/cocoapi/instances_val2014_fakesegm100_results.json")));
  ASSERT_EQ(oracle.size(), results.size());
  ASSERT_GT(oracle.size(), 500U);
  for (std::size_t i = 0; i < oracle.size(); ++i) {
    const auto& segmentation = results[i]["segmentation"];
    auto counts = decode_counts(segmentation["counts"].get<std::string>());
    ASSERT_TRUE(counts) << i << ": " << counts.error().message;
    const RunLengths runs{segmentation["size"][0], segmentation["size"][1], std::move(*counts),
                          false};
    ASSERT_TRUE(check_runs(runs));
    EXPECT_EQ(static_cast<int>(runs.counts.size()), oracle[i]["runs"].get<int>());
    EXPECT_EQ(runs.area(), oracle[i]["area"].get<std::int64_t>());
    if (runs.area() > 0) {
      const auto box = runs.box().value();
      for (std::size_t k = 0; k < 4; ++k)
        EXPECT_EQ(static_cast<double>(box[k]), oracle[i]["bbox"][k].get<double>()) << i;
    }
    std::string pixels;
    for (std::size_t k = 0; k < runs.counts.size(); ++k)
      pixels.append(static_cast<std::size_t>(runs.counts[k]), k % 2 == 1 ? '\1' : '\0');
    EXPECT_EQ(testing::sha1(pixels), oracle[i]["sha1_colmajor_u8"].get<std::string>()) << i;
    double area = 0;
    for (const auto& ring : trace_outline(runs).rings)
      area += ring_area(vertices_of(ring)) * (ring.hole ? -1 : 1);
    EXPECT_EQ(area, static_cast<double>(runs.area())) << i;
  }
}

}  // namespace
}  // namespace mifa::annotation
