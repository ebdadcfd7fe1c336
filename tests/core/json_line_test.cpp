// The line of a value, found from its pointer: what an issue shows to whoever has to mend the file.
#include <gtest/gtest.h>

#include "json_fixture.h"

namespace mifa {
namespace {

TEST(JsonLine, OfMembersOneALine) {
  const JsonView root = parsed("{\n\"a\": 1,\n\"b\": \"x\",\n\"c\": null,\n\"d\": true\n}");
  EXPECT_EQ(root.line(), 1);
  EXPECT_EQ(root["a"].line(), 2);
  EXPECT_EQ(root["b"].line(), 3);
  EXPECT_EQ(root["c"].line(), 4);
  EXPECT_EQ(root["d"].line(), 5);
}

// A lexer has to look past a number to know its end: the newline after it must not count.
TEST(JsonLine, OfNumbersFollowedByNewlines) {
  const JsonView root = parsed("[1\n,\n2\n\n,\n-3.5e1\n]");
  EXPECT_EQ(root[0].line(), 1);
  EXPECT_EQ(root[1].line(), 3);
  EXPECT_EQ(root[2].line(), 6);
}

TEST(JsonLine, OfItemsInNestedArrays) {
  const JsonView root = parsed("{\"m\": [[1, 2],\n [3,\n  4]], \"z\": [{},\n{\"k\": []}]}");
  EXPECT_EQ(root["m"][0].line(), 1);
  EXPECT_EQ(root["m"][1].line(), 2);
  EXPECT_EQ(root["m"][1][0].line(), 2);
  EXPECT_EQ(root["m"][1][1].line(), 3);
  EXPECT_EQ(root["z"][0].line(), 3);
  EXPECT_EQ(root["z"][1]["k"].line(), 4);
}

TEST(JsonLine, OfKeysThatNeedEscaping) {
  const JsonView root = parsed("{\"a/b\":\n1, \"m~n\":\n2, \"~1\":\n3, \"q\\\"\\n\":\n4, \"\":\n5}");
  EXPECT_EQ(root["a/b"].pointer(), "/a~1b");
  EXPECT_EQ(root["a/b"].line(), 2);
  EXPECT_EQ(root["m~n"].line(), 3);
  EXPECT_EQ(root["~1"].pointer(), "/~01");
  EXPECT_EQ(root["~1"].line(), 4);
  EXPECT_EQ(root["q\"\n"].line(), 5);
  EXPECT_EQ(root[""].line(), 6);
}

TEST(JsonLine, ObjectKeyThatLooksLikeAnIndex) {
  const JsonView root = parsed("{\"0\": {\"path\": \"a\"},\n\"1\":\n{\"path\":\n\"b\"}}");
  EXPECT_EQ(root["1"]["path"].line(), 4);
}

TEST(JsonLine, OfWindowsLineEnds) {
  const JsonView root = parsed("{\r\n\"a\": 1,\r\n\"b\": 2\r\n}");
  EXPECT_EQ(root["a"].line(), 2);
  EXPECT_EQ(root["b"].line(), 3);
}

TEST(JsonLine, StaysRightAfterAByteOrderMarkAndNonfiniteLiterals) {
  const JsonView root = parsed("\xEF\xBB\xBF{\n\"a\": [NaN,\n-Infinity],\n\"b\": 2}");
  EXPECT_EQ(root["a"][1].line(), 3);
  EXPECT_EQ(root["b"].line(), 4);
}

TEST(JsonLine, OfNothingIsZero) {
  const JsonView root = parsed("{\"a\": [1]}");
  EXPECT_EQ(root["b"].line(), 0);
  EXPECT_EQ(root["a"][1].line(), 0);
  EXPECT_EQ(root["a"]["0"].exists(), false);
  EXPECT_EQ(JsonView().line(), 0);
}

TEST(JsonLine, IssueCarriesPlaceAndWhatIsThere) {
  const JsonView root = parsed("{\n\"axes\": [\n{\"name\": 7}]}", "img/.zattrs");
  const Issue issue = root["axes"][0]["name"].issue("r", Severity::kWarning, "message");
  EXPECT_EQ(issue.file, "img/.zattrs");
  EXPECT_EQ(issue.pointer, "/axes/0/name");
  EXPECT_EQ(issue.line, 3);
  EXPECT_EQ(issue.received, "the number 7");
  EXPECT_EQ(issue.severity, Severity::kWarning);
}

}  // namespace
}  // namespace mifa
