#include "ome/coordinate_map.h"

#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

using Doubles = std::vector<double>;

JsonView parse(const std::string& text) { return JsonDocument::parse(text, "zarr.json").value(); }

std::vector<Axis> axes(const std::string& names, const std::string& unit = "") {
  std::vector<Axis> result;
  for (const char name : names) result.push_back({std::string(1, name), AxisType::kSpace, unit});
  return result;
}

// The map's rows, one number per input and the offset.
Result<AffineMap> map(const std::string& text, const std::string& from = "",
                      const std::string& to = "", const ParameterArrays& parameters = {}) {
  const auto input = axes(from), output = axes(to);
  return parse_map(parse(text), {from.empty() ? nullptr : &input, to.empty() ? nullptr : &output},
                   parameters);
}

Doubles rows(const std::string& text, const std::string& from = "", const std::string& to = "") {
  auto result = map(text, from, to);
  EXPECT_TRUE(result.ok()) << text << ": " << (result.ok() ? "" : result.error().message);
  return result.ok() ? result->numbers : Doubles{};
}

std::string error(const std::string& text, const std::string& from = "",
                  const std::string& to = "") {
  const auto result = map(text, from, to);
  EXPECT_FALSE(result.ok()) << text;
  return result.ok() ? "" : result.error().message;
}

TEST(CoordinateMap, EachTypeOf06) {
  EXPECT_EQ(rows(R"({"type":"identity"})", "yx"), (Doubles{1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(rows(R"({"type":"identity"})", "", "yx"), (Doubles{1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(rows(R"({"type":"scale","scale":[2,3]})"), (Doubles{2, 0, 0, 0, 3, 0}));
  EXPECT_EQ(rows(R"({"type":"translation","translation":[9,-1.5]})"),
            (Doubles{1, 0, 9, 0, 1, -1.5}));
  EXPECT_EQ(rows(R"({"type":"affine","affine":[[1,2,3],[4,5,6]]})", "ji", "yx"),
            (Doubles{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(rows(R"({"type":"affine","affine":[[1,0,0],[2,3,4],[5,6,7]]})", "ij", "zyx"),
            (Doubles{1, 0, 0, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(rows(R"({"type":"rotation","rotation":[[0,-1],[1,0]]})", "ji", "yx"),
            (Doubles{0, -1, 0, 1, 0, 0}));
  // out[i] = in[mapAxis[i]]
  EXPECT_EQ(rows(R"({"type":"mapAxis","mapAxis":[1,2,0]})", "abc", "zyx"),
            (Doubles{0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0}));
  EXPECT_EQ(
      rows(R"({"type":"projectAxis","createdOutputs":[0],"droppedInputs":[0]})", "cji", "zyx"),
      (Doubles{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}));
  // f1(f0(x)), the specification's sequence.json: x = (i + 0.1) * 2
  EXPECT_EQ(rows(R"({"type":"sequence","transformations":[{"type":"translation",)"
                 R"("translation":[0.5,1]},{"type":"scale","scale":[2,3]}]})"),
            (Doubles{2, 0, 1, 0, 3, 3}));
  // byDimension2.json
  EXPECT_EQ(rows(R"({"type":"byDimension","transformations":[{"transformation":)"
                 R"({"type":"translation","translation":[0.5,1.5]},"inputAxes":[3,2],)"
                 R"("outputAxes":[1,2]},{"transformation":{"type":"scale","scale":[2]},)"
                 R"("inputAxes":[1],"outputAxes":[0]}]})",
                 "ljki", "zyx"),
            (Doubles{0, 2, 0, 0, 0, 0, 0, 0, 1, 0.5, 0, 0, 1, 0, 1.5}));
}

TEST(CoordinateMap, DraftsSpelledThemOtherwise) {
  EXPECT_EQ(rows(R"({"type":"affine","affine":[1,2,3,4,5,6]})"), (Doubles{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(rows(R"({"type":"mapAxis","mapAxis":{"y":"i","x":"j"}})", "ji", "yx"),
            (Doubles{0, 1, 0, 1, 0, 0}));
  EXPECT_EQ(rows(R"({"type":"byDimension","transformations":[{"type":"scale","scale":[3,2],)"
                 R"("input_axes":["a","b"],"output_axes":["x","y"]},{"type":"translation",)"
                 R"("translation":[10],"input":["c"],"output":["z"]}]})",
                 "abc", "zyx"),
            (Doubles{0, 0, 1, 10, 0, 2, 0, 0, 3, 0, 0, 0}));
  EXPECT_EQ(rows(R"({"type":"inverseOf","transformation":{"type":"scale","scale":[2,4]}})"),
            (Doubles{0.5, 0, 0, 0, 0.25, 0}));
}

TEST(CoordinateMap, AFieldMayBeGoneAroundByItsInverse) {
  EXPECT_EQ(rows(R"({"type":"bijection","forward":{"type":"displacements","path":"d"},)"
                 R"("inverse":{"type":"affine","affine":[[0,2,2],[4,0,8]]}})",
                 "ji", "yx"),
            (Doubles{0, 0.25, -2, 0.5, 0, -1}));
  const auto both = map(R"({"type":"bijection","forward":{"type":"displacements","path":"d"},)"
                        R"("inverse":{"type":"coordinates","path":"e"}})");
  ASSERT_FALSE(both.ok());
  EXPECT_EQ(both.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(both.error().message,
            "This program does not follow the transformation \"displacements\" (at /forward of "
            "zarr.json)");
}

TEST(CoordinateMap, WhatIsWrongIsNamed) {
  EXPECT_EQ(error(R"({"type":"scale","scale":[2,"x"]})"),
            "expected a finite number, received the string \"x\", at /scale/1 of zarr.json");
  EXPECT_EQ(error(R"({"type":"scale","scale":[1,2]})", "zyx", "zyx"),
            "expected a transformation of 3 to 3 axes, not of 2 to 2, received an object with 2 "
            "members, at the top of zarr.json");
  for (
      const char* text :
      {R"({})",
       R"({"type":7})",
       R"({"type":"scale"})",
       R"({"type":"scale","scale":[0,1]})",
       R"({"type":"scale","scale":[]})",
       R"({"type":"scale","scale":[[1,2],[3,4]]})",
       R"({"type":"affine","affine":[[1,2,3],[4,5]]})",
       R"({"type":"affine","affine":[[1]]})",
       R"({"type":"affine","path":"nowhere"})",
       R"({"type":"rotation","rotation":[[1,0,0],[0,1,0]]})",
       R"({"type":"mapAxis","mapAxis":[0,0]})",
       R"({"type":"mapAxis","mapAxis":[0,7]})",
       R"({"type":"mapAxis","mapAxis":[-1,0]})",
       R"({"type":"mapAxis","mapAxis":{"y":"nope"}})",
       R"({"type":"projectAxis"})",
       R"({"type":"projectAxis","droppedInputs":[0,1]})",
       R"({"type":"projectAxis","createdOutputs":[9]})",
       R"({"type":"sequence","transformations":[]})",
       R"({"type":"sequence","transformations":[{"type":"scale","scale":[1,1]},)"
       R"({"type":"scale","scale":[1,1,1]}]})",
       R"({"type":"byDimension","transformations":[{"transformation":{"type":"scale",)"
       R"("scale":[1]},"inputAxes":[0],"outputAxes":[0]}]})",
       R"({"type":"byDimension","transformations":[{"transformation":{"type":"scale",)"
       R"("scale":[1]},"inputAxes":[0],"outputAxes":[2]},{"transformation":{"type":"scale",)"
       R"("scale":[1]},"inputAxes":[1],"outputAxes":[1]}]})",
       R"({"type":"inverseOf","transform":{"type":"affine","affine":[[1,1,0],[1,1,0]]}})",
       R"({"type":"sequence","transformations":[{"type":"scale","scale":[1e300,1]},{"type":"scale","scale":[1e300,1]}]})"}) {
    error(text, "ji", "yx");
  }
  std::string deep = R"({"type":"scale","scale":[1,1]})";
  for (int i = 0; i < 60; ++i) deep = R"({"type":"sequence","transformations":[)" + deep + "]}";
  EXPECT_EQ(rows(deep), (Doubles{1, 0, 0, 0, 1, 0}));
}

TEST(CoordinateMap, ParametersInAnArray) {
  ParameterArrays parameters;
  parameters.emplace("p", ParameterMatrix{2, 3, {1, 2, 3, 4, 5, 6}});
  parameters.emplace("bad", Error{ErrorCode::kMissing, "it is not there"});
  const auto found = map(R"({"type":"affine","path":"p"})", "ji", "yx", parameters);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->numbers, (Doubles{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(map(R"({"type":"affine","path":"bad"})", "ji", "yx", parameters).error().message,
            "it is not there");
  EXPECT_EQ(parameter_paths(
                parse(R"({"coordinateTransformations":[{"type":"sequence","transformations":[)"
                      R"({"type":"affine","path":"a"},{"type":"rotation","path":"b"},)"
                      R"({"type":"affine","path":"a"},{"type":"displacements","path":"d"}]}]})")),
            (std::vector<std::string>{"a", "b"}));
}

TEST(CoordinateMap, UnitsAreConvertedWhereSizesAreKept) {
  const auto convert = [](AffineMap map, const std::string& from, const std::string& to,
                          int issues) {
    IssueLog log(10, 10);
    convert_units(map, axes("yx", from), axes("yx", to), parse("{}"), log);
    EXPECT_EQ(static_cast<int>(log.issues().size()), issues);
    return map.numbers;
  };
  const AffineMap moved = diagonal_map({1, 1}, {10, 20});
  EXPECT_NEAR(convert(moved, "millimeter", "micrometer", 1)[0], 1000, 1e-9);
  EXPECT_EQ(convert(moved, "micrometer", "micrometer", 0), moved.numbers);
  EXPECT_EQ(convert(moved, "", "micrometer", 0), moved.numbers);
  EXPECT_EQ(convert(moved, "cubit", "micrometer", 1), moved.numbers);
  const AffineMap scaled = diagonal_map({1000, 1000}, {0, 0});
  EXPECT_EQ(convert(scaled, "millimeter", "micrometer", 0), scaled.numbers);
}

TEST(AffineMap, InvertsWhatCanBe) {
  const AffineMap map = {2, {0, 2e-9, 3, 4e-9, 0, 5}};
  const auto inverse = invert(map);
  ASSERT_TRUE(inverse.has_value());
  const AffineMap both = compose(*inverse, map);
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(both.at(row, i), row == i ? 1 : 0, 1e-9) << row << i;
    }
  }
  EXPECT_FALSE(invert({2, {1, 2, 0, 2, 4, 0}}).has_value());
  EXPECT_FALSE(invert({2, {1, 0, 0}}).has_value());
}

TEST(SystemGraph, FollowsChainsBothWaysAndCycles) {
  SystemGraph graph;
  graph.add({"", "a"}, {"", "b"}, diagonal_map({2}, {0}));
  graph.add({"", "c"}, {"", "b"}, diagonal_map({4}, {8}));
  graph.add({"", "c"}, {"", "a"}, diagonal_map({100}, {0}));  // a cycle, and longer
  graph.add({"", "x"}, {"", "y"}, diagonal_map({1}, {0}));
  const auto maps = graph.into({"", "b"}, 1);
  EXPECT_EQ(maps.size(), 3U);
  EXPECT_EQ(maps.at({"", "a"}).numbers, (Doubles{2, 0}));
  EXPECT_EQ(maps.at({"", "c"}).numbers, (Doubles{4, 8}));
  EXPECT_EQ(graph.into({"", "c"}, 1).at({"", "b"}).numbers, (Doubles{0.25, -2}));
}

}  // namespace
}  // namespace mifa::ome
