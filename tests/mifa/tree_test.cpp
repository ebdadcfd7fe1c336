#include "mifa/tree.h"

#include <gtest/gtest.h>

namespace mifa::meta {
namespace {

TreePtr parsed(const std::string& text) {
  auto tree = Tree::parse(text, "a.yaml");
  EXPECT_TRUE(tree.ok()) << tree.error().message;
  return tree ? *tree : nullptr;
}

std::string failure(const std::string& text, const TreeLimits& limits = {}) {
  const auto tree = Tree::parse(text, "a.yaml", limits);
  EXPECT_FALSE(tree.ok());
  return tree ? "" : tree.error().message;
}

TEST(Tree, YamlKnowsLinesAndPointers) {
  const TreePtr tree = parsed("study:\n  title: One\n  keywords:\n  - a\n  - b/c\n");
  const Node keyword = tree->root()["study"]["keywords"].child(1);
  EXPECT_EQ(keyword.text(), "b/c");
  EXPECT_EQ(keyword.line(), 5);
  EXPECT_EQ(keyword.pointer(), "/study/keywords/1");
  EXPECT_EQ(keyword.place().describe(), "a.yaml line 5");
}

TEST(Tree, JsonKnowsLinesAndPointers) {
  const TreePtr tree = parsed("{\n \"b\": {\n  \"~/x\": [1,\n 2.50]},\n \"a\": true}");
  const Node number = tree->root()["b"]["~/x"].child(1);
  EXPECT_EQ(number.text(), "2.50");
  EXPECT_EQ(number.line(), 4);
  EXPECT_EQ(number.pointer(), "/b/~0~1x/1");
  EXPECT_EQ(tree->root().child(0).key(), "b");  // The order of the file.
}

TEST(Tree, YamlScalarsStayAsWritten) {
  const TreePtr tree = parsed(
      "time: 2015-03-22 01:49:21\nversion: 1.10\nnone:\ntilde: ~\nquoted: \"1.10\"\n"
      "folded: >-\n  one\n  two\nblock: |-\n  one\n  two\n");
  const Node root = tree->root();
  EXPECT_EQ(root["time"].text(), "2015-03-22 01:49:21");
  EXPECT_EQ(root["version"].text(), "1.10");
  EXPECT_TRUE(root["none"].is_null());
  EXPECT_TRUE(root["tilde"].is_null());
  EXPECT_TRUE(root["quoted"].is_string());
  EXPECT_FALSE(root["version"].is_string());
  EXPECT_EQ(root["folded"].text(), "one two");
  EXPECT_EQ(root["block"].text(), "one\ntwo");
}

TEST(Tree, AliasesAreTheirValues) {
  const TreePtr tree = parsed("a: &x {name: Brown, more: [1]}\nb: *x\nc: [*x, *x]\n");
  EXPECT_EQ(tree->root()["b"]["name"].text(), "Brown");
  EXPECT_EQ(tree->root()["c"].child(1)["more"].child(0).text(), "1");
  EXPECT_EQ(tree->root()["c"].child(1).pointer(), "/c/1");
}

TEST(Tree, BombsEnd) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) text += (k ? ", " : "") + before;
    text += "]\n";
  }
  EXPECT_NE(failure(text).find("received more than 100000 values by aliases at line"),
            std::string::npos);
  TreeLimits limits;
  limits.maximum_nodes = 1000;
  EXPECT_NE(failure(text, limits).find("received more than 1000 values at line"),
            std::string::npos);
  EXPECT_NE(
      failure("a: &a [*a]\n").find("the alias *a inside the value that it stands for at line 1"),
      std::string::npos);
  EXPECT_NE(failure("a: *b\n").find("the alias *b, whose anchor is not defined before it"),
            std::string::npos);
  EXPECT_NE(failure("a: " + std::string(300, '[') + std::string(300, ']'))
                .find("nesting deeper than 200"),
            std::string::npos);
  EXPECT_NE(failure(std::string(300, '[') + std::string(300, ']')).find("nest"), std::string::npos);
}

TEST(Tree, SyntaxErrorsSayWhere) {
  EXPECT_EQ(
      failure("study:\n\ttitle: x\n"),
      "expected YAML in a.yaml, received: found character that cannot start any token at line 2, "
      "column 1 (while scanning for the next token that starts at line 2); check the indentation "
      "there, and put texts with \": \" or \" #\" between quotes");
  EXPECT_NE(failure("{\"a\": 1,\n }").find("line 2"), std::string::npos);
  EXPECT_NE(failure("{\"a\": NaN}").find("NaN or Infinity, which JSON does not know"),
            std::string::npos);
  EXPECT_NE(failure("? [a, b]\n: c\n").find("a list or mapping as the key"), std::string::npos);
}

TEST(Tree, TheFirstOfTwoKeysCounts) {
  for (const char* text : {"a: 1\nb: {c: 2}\na: [3]\n", R"({"a": 1, "b": {"c": 2}, "a": [3]})"}) {
    const TreePtr tree = parsed(text);
    EXPECT_EQ(tree->root()["a"].text(), "1");
    EXPECT_EQ(tree->root().size(), 2U);
    ASSERT_EQ(tree->duplicates().size(), 1U);
    EXPECT_EQ(tree->duplicates()[0].key, "a");
    EXPECT_EQ(tree->duplicates()[0].pointer, "/a");
  }
}

TEST(Tree, FurtherDocumentsAreNoticed) {
  const TreePtr tree = parsed("a: 1\n---\nb: 2\n");
  EXPECT_TRUE(tree->has_more_documents());
  EXPECT_FALSE(tree->root()["b"].exists());
  EXPECT_FALSE(parsed("---\na: 1\n...\n")->has_more_documents());
}

TEST(Tree, TooLongIsRefused) {
  TreeLimits limits;
  limits.maximum_bytes = 10;
  EXPECT_NE(failure("title: a long text", limits).find("at most 10 bytes of metadata"),
            std::string::npos);
}

TEST(Tree, AnEmptyFileIsNothing) {
  EXPECT_TRUE(parsed("")->root().is_null());
  EXPECT_TRUE(parsed("# nothing\n")->root().is_null());
}

}  // namespace
}  // namespace mifa::meta
