// Reading values: types, limits of numbers, pointers, and messages.
#include <gtest/gtest.h>

#include "json_fixture.h"

namespace mifa {
namespace {

TEST(JsonView, MissingPlacesKnowTheirPointer) {
  const JsonView root = parsed(R"({"a": [1, {"b": 2}]})");
  EXPECT_EQ(root["a"][1]["b"].pointer(), "/a/1/b");
  const JsonView nowhere = root["x"][3]["y/z"];
  EXPECT_FALSE(nowhere.exists());
  EXPECT_EQ(nowhere.pointer(), "/x/3/y~1z");
  EXPECT_EQ(nowhere.file(), "a/zarr.json");
}

TEST(JsonView, ArraysAndObjectsDoNotAnswerForEachOther) {
  const JsonView root = parsed(R"({"a": [1], "0": "zero"})");
  EXPECT_FALSE(root[0].exists());
  EXPECT_FALSE(root["a"]["0"].exists());
  EXPECT_FALSE(root["a"][-1].exists());
  EXPECT_FALSE(root["a"][1].exists());
  EXPECT_EQ(root["a"].size(), 1);
  EXPECT_EQ(root["0"].size(), 0);
  EXPECT_TRUE(root["0"].keys().empty());
}

TEST(JsonView, OutlivesTheVariableItCameFrom) {
  JsonView inner;
  {
    const JsonView root = parsed(R"({"a": {"b": "kept"}})");
    inner = root["a"];
  }
  EXPECT_EQ(inner["b"].string(), "kept");
}

TEST(JsonView, IntegersAroundTwoToThe53) {
  const JsonView root = parsed(
      "[9007199254740992, 9007199254740993, 9.007199254740992e15, 9.007199254740994e15, 2.0, 2.5, "
      "-0.0]");
  EXPECT_EQ(root[0].integer(), 9007199254740992);
  EXPECT_EQ(root[1].integer(), 9007199254740993);
  EXPECT_EQ(root[2].integer(), 9007199254740992);
  EXPECT_EQ(root[3].integer(), std::nullopt) << "no longer exact as a double";
  EXPECT_EQ(root[4].integer(), 2);
  EXPECT_EQ(root[5].integer(), std::nullopt);
  EXPECT_EQ(root[6].integer(), 0);
}

TEST(JsonView, IntegersAroundTwoToThe63And64) {
  const JsonView root = parsed(
      "[9223372036854775807, 9223372036854775808, -9223372036854775808, -9223372036854775809, "
      "18446744073709551615, 18446744073709551616, -1]");
  EXPECT_EQ(root[0].integer(), INT64_MAX);
  EXPECT_EQ(root[1].integer(), std::nullopt);
  EXPECT_EQ(root[1].unsigned_integer(), std::uint64_t{1} << 63);
  EXPECT_EQ(root[2].integer(), INT64_MIN);
  EXPECT_EQ(root[3].integer(), std::nullopt);
  EXPECT_EQ(root[4].unsigned_integer(), UINT64_MAX);
  EXPECT_EQ(root[5].unsigned_integer(), std::nullopt);
  EXPECT_EQ(root[6].unsigned_integer(), std::nullopt);
  EXPECT_DOUBLE_EQ(*root[4].number(), 18446744073709551615.0);
}

TEST(JsonView, NothingElseIsANumber) {
  const JsonView root = parsed(R"([true, "1", null, [1], {}])");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(root[i].number(), std::nullopt);
    EXPECT_EQ(root[i].integer(), std::nullopt);
    EXPECT_EQ(root[i].unsigned_integer(), std::nullopt);
  }
  EXPECT_EQ(JsonView().unsigned_integer(), std::nullopt);
}

TEST(JsonView, ExpectationsSayWhatWhereAndWhatInstead) {
  const JsonView root = parsed(R"({"shape": [10, -1], "name": 5, "scale": "1"})");
  EXPECT_EQ(root["shape"].expect_integers(0, INT64_MAX).error().message,
            "expected an integer of at least 0, received the number -1, at /shape/1 of a/zarr.json");
  EXPECT_EQ(root["shape"][0].expect_integer(1, 9).error().message,
            "expected an integer from 1 to 9, received the number 10, at /shape/0 of a/zarr.json");
  EXPECT_EQ(root["name"].expect_string().error().message,
            "expected a string, received the number 5, at /name of a/zarr.json");
  EXPECT_EQ(root["scale"].expect_number().error().message,
            "expected a number, received the string \"1\", at /scale of a/zarr.json");
  EXPECT_EQ(root["chunks"].expect_integers(1, 5).error().message,
            "expected an array of integers, received nothing, at /chunks of a/zarr.json");
  EXPECT_EQ(root.expect_string().error().message,
            "expected a string, received an object with 3 members, at the top of a/zarr.json");
  EXPECT_EQ(root.expect_string().error().code, ErrorCode::kFixData);
}

TEST(JsonView, DescribesEveryType) {
  const JsonView root = parsed(
      R"({"o": {}, "o1": {"a": 1}, "o2": {"a": 1, "b": 2}, "e": [], "s": [1, "x"],
          "l": [1, 2, 3, 4, 5, 6, 7, 8, 9], "t": "abc", "f": false, "n": null, "i": 18446744073709551615,
          "d": 0.5})");
  EXPECT_EQ(root["o"].describe(), "an empty object");
  EXPECT_EQ(root["o1"].describe(), "an object with 1 member");
  EXPECT_EQ(root["o2"].describe(), "an object with 2 members");
  EXPECT_EQ(root["e"].describe(), "an empty array");
  EXPECT_EQ(root["s"].describe(), R"(the array [1,"x"])");
  EXPECT_EQ(root["l"].describe(), "an array of 9 items");
  EXPECT_EQ(root["t"].describe(), "the string \"abc\"");
  EXPECT_EQ(root["f"].describe(), "false");
  EXPECT_EQ(root["n"].describe(), "null");
  EXPECT_EQ(root["i"].describe(), "the number 18446744073709551615");
  EXPECT_EQ(root["d"].describe(), "the number 0.5");
  EXPECT_EQ(root["none"].describe(), "nothing");
}

TEST(JsonView, LongStringsAreCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "é";
  const std::string described = parsed("[\"" + text + "\"]")[0].describe();
  EXPECT_TRUE(described.ends_with("é…")) << described;
  EXPECT_LT(described.size(), 90U);
}

TEST(NumberText, IsShortAndExactForIntegers) {
  EXPECT_EQ(number_text(2), "2");
  EXPECT_EQ(number_text(-0.5), "-0.5");
  EXPECT_EQ(number_text(9007199254740992), "9007199254740992");
  EXPECT_EQ(number_text(1e300), "1e+300");
}

}  // namespace
}  // namespace mifa
