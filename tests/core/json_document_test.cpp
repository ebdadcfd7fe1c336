// What a JSON text is taken for, and what is said when it is refused.
#include <gtest/gtest.h>

#include "json_fixture.h"

namespace mifa {
namespace {

TEST(JsonDocument, EmptyFileIsSaidToBeEmpty) {
  EXPECT_EQ(refusal(""), "expected JSON in a/zarr.json, received an empty file");
  EXPECT_EQ(refusal(" \r\n\t"), "expected JSON in a/zarr.json, received an empty file");
  EXPECT_EQ(refusal("\xEF\xBB\xBF"), "expected JSON in a/zarr.json, received an empty file");
}

TEST(JsonDocument, CutOffFileIsSaidToBeCutOff) {
  EXPECT_EQ(refusal("{\"a\": 1,\n \"b\": ["),
            "expected valid JSON in a/zarr.json, received a text that ends too early at line 2, "
            "column 8; the file looks cut off: write or upload it again");
  EXPECT_NE(refusal("{\"a\": \"unfini").find("ends too early"), std::string::npos);
  EXPECT_NE(refusal("[1, 2").find("ends too early"), std::string::npos);
}

TEST(JsonDocument, OneBracketTooManyIsNotCutOff) {
  for (const char* text : {"{\"a\": 1}}", "[1] 2", "[1,]"}) {
    EXPECT_EQ(refusal(text).find("too early"), std::string::npos) << text << " " << refusal(text);
  }
}

TEST(JsonDocument, ColumnsCountCharacters) {
  EXPECT_NE(refusal("{\"µm\" 1}").find("line 1, column 7"), std::string::npos);
}

TEST(JsonDocument, WrongCharacterIsNamedWithLineAndColumn) {
  EXPECT_EQ(refusal("{\n  \"a\": 1,\n  \"b\" 2\n}"),
            "expected valid JSON in a/zarr.json, received something else near `2` at line 3, "
            "column 7; correct the file there");
}

TEST(JsonDocument, TrailingCommaIsNamedWhereItHurts) {
  const std::string message = refusal("{\"a\": [1, 2,],\n\"b\": 3}");
  EXPECT_NE(message.find("at line 1, column 13"), std::string::npos) << message;
  EXPECT_NE(message.find("; correct the file there"), std::string::npos) << message;
}

TEST(JsonDocument, AWebPageIsQuotedInShort) {
  const std::string message = refusal("<!DOCTYPE html><html><body>404</body></html>");
  EXPECT_NE(message.find("near `<` at line 1, column 1"), std::string::npos) << message;
}

TEST(JsonDocument, ALongTokenIsCutBetweenCharacters) {
  std::string text = "[1, 22 \"";
  for (int i = 0; i < 60; ++i) text += "µ";
  const std::string message = refusal(text + "\"]");
  EXPECT_NE(message.find("µ…` at line 1, column 69"), std::string::npos) << message;
  // The message is itself valid UTF-8: a page has to show it.
  EXPECT_NO_FATAL_FAILURE(parsed(nlohmann::json(message).dump()));
}

TEST(JsonDocument, ByteOrderMarkIsSkipped) {
  EXPECT_EQ(parsed("\xEF\xBB\xBF{\"a\": 1}")["a"].integer(), 1);
}

TEST(JsonDocument, PythonsNonfiniteLiteralsAreTheStringsOfZarr) {
  const std::string text = R"({"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \"NaN", "d": 1})";
  auto view = JsonDocument::parse(text, "f");
  ASSERT_TRUE(view);
  EXPECT_EQ((*view)["a"].string(), "NaN");
  EXPECT_EQ((*view)["b"][0].string(), "Infinity");
  EXPECT_EQ((*view)["b"][1].string(), "-Infinity");
  EXPECT_EQ((*view)["c"].string(), "NaN \"NaN");
  EXPECT_EQ((*view)["d"].integer(), 1);
}

TEST(JsonDocument, ErrorAfterNonfiniteLiteralsIsAtItsOwnPlace) {
  const std::string message = refusal("{\"a\": NaN, \"b\": -Infinity, \"c\" 1}");
  EXPECT_NE(message.find("at line 1, column 32"), std::string::npos) << message;
}

TEST(JsonDocument, WordsThatOnlyBeginLikeLiteralsAreRefused) {
  EXPECT_NE(refusal(R"({"a": NaNcy})"), "");
  EXPECT_NE(refusal(R"({"a": nan})"), "");
  EXPECT_NE(refusal(R"({NaN: 1})"), "");
}

TEST(JsonDocument, DepthIsLimited) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_EQ(refusal(nested(JsonDocument::kMaximumDepth)), "");
  auto refused = JsonDocument::parse(nested(JsonDocument::kMaximumDepth + 1), "deep.json");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_EQ(refused.error().message,
            "expected JSON nested at most 200 deep in deep.json, received deeper nesting; simplify "
            "the file");
}

TEST(JsonDocument, BracketsInStringsAreNotDepth) {
  EXPECT_EQ(refusal("[\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"]"), "");
}

TEST(JsonDocument, InvalidUtf8IsRefusedWithAMessageThatIsValid) {
  const std::string message = refusal("{\"a\": \"\xFF\xFE\"}");
  ASSERT_FALSE(message.empty());
  EXPECT_EQ(message.find('\xFF'), std::string::npos) << message;
}

}  // namespace
}  // namespace mifa
