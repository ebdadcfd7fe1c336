// JSON and YAML as one tree whose values know their line and pointer, so that one reader serves a
// container in both notations.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/result.h"
#include "mifa/place.h"

namespace mifa::meta {

struct TreeLimits {
  // Longer texts are refused: metadata of 10,000 images has about 5 MB.
  std::size_t maximum_bytes = 256U << 20;
  // Values of one tree; each takes about 120 bytes.
  std::size_t maximum_nodes = 4U << 20;
  // Values that aliases stand for, counted as often as they are used (a "billion laughs" ends
  // here).
  std::size_t maximum_copies = 100'000;
  // Nesting; the same as JsonDocument::kMaximumDepth.
  int maximum_depth = 200;
};

class Tree;
using TreePtr = std::shared_ptr<const Tree>;

// One value of a tree, or a place where nothing is. Cheap to copy; holds no ownership: the Tree has
// to outlive it.
class Node {
 public:
  Node() = default;

  bool exists() const { return tree_ != nullptr; }
  // A null, or nothing at all.
  bool is_null() const;
  bool is_scalar() const;
  bool is_sequence() const;
  bool is_mapping() const;
  // A scalar that is neither a number, a boolean nor null in its notation.
  bool is_string() const;

  // Members of a mapping or items of a sequence, in the order of the file; 0 for anything else.
  std::size_t size() const;
  Node child(std::size_t index) const;
  // The key under which this value stands; empty for items of a sequence.
  const std::string& key() const;
  // The member with this key, or a Node for which exists() is false.
  Node operator[](std::string_view key) const;
  // The first member whose folded key is this one (see folded()).
  Node folded_member(std::string_view folded_key) const;

  // A scalar's text as written, without quotes; empty for null and for anything that is no scalar.
  const std::string& text() const;
  int line() const;
  std::string pointer() const;
  Place place() const;
  // text() and place(). Unknown place when nothing exists here.
  Text value() const;
  // In a few words for a message: `the text "abc"`, `a list of 3`, `nothing`.
  std::string describe() const;

 private:
  friend class Tree;
  friend class TreeBuilder;
  Node(const Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  const Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

class Tree {
 public:
  enum class Kind : std::uint8_t { kNull, kString, kOther, kSequence, kMapping };
  struct Duplicate {
    std::string key;
    std::string pointer;
    int line = 0;
  };

  // RFC 8259. Errors name line and column, as JsonDocument's do.
  static Result<TreePtr> parse_json(const std::string& text, const std::string& file,
                                    const TreeLimits& limits = {});
  // YAML 1.1, the first document of the text; aliases are resolved. Errors name line and column.
  static Result<TreePtr> parse_yaml(const std::string& text, const std::string& file,
                                    const TreeLimits& limits = {});
  // As JSON if the text starts like it, else as YAML.
  static Result<TreePtr> parse(const std::string& text, const std::string& file,
                               const TreeLimits& limits = {});

  Node root() const { return Node(this, 0); }
  // Keys that stand twice in one mapping; the first one counts.
  const std::vector<Duplicate>& duplicates() const { return duplicates_; }
  // Whether more documents follow the first one.
  bool has_more_documents() const { return more_documents_; }

 private:
  friend class Node;
  friend class TreeBuilder;
  struct Item {
    Kind kind = Kind::kNull;
    int line = 0;
    std::uint32_t parent = 0;
    std::uint32_t position = 0;  // Among the parent's children.
    std::string key;
    std::string text;
    std::vector<std::uint32_t> children;
  };

  std::shared_ptr<const std::string> file_;
  std::vector<Item> items_;
  std::vector<Duplicate> duplicates_;
  bool more_documents_ = false;
};

// Builds a Tree from the events of a parser. After the first false, nothing more may be added.
class TreeBuilder {
 public:
  TreeBuilder(const std::string& file, const TreeLimits& limits);

  void key(std::string name, int line);
  bool scalar(Tree::Kind kind, std::string text, int line);
  bool open(Tree::Kind kind, int line);
  void close();
  // A copy of a finished value in the current place.
  bool copy(std::uint32_t index);

  // The index of the value added last (for anchors).
  std::uint32_t last() const { return last_; }
  int depth() const { return static_cast<int>(open_.size()); }
  // Whether the value of this index is still open (an alias to it would have no end).
  bool is_open(std::uint32_t index) const;
  const std::string& failure() const { return failure_; }
  bool at_key() const;
  TreePtr finish(bool more_documents);

 private:
  bool add(Tree::Kind kind, std::string text, int line, std::uint32_t& index);

  TreeLimits limits_;
  std::shared_ptr<Tree> tree_;
  std::vector<std::uint32_t> open_;
  std::vector<std::unordered_set<std::string>> keys_;  // Of each open value.
  std::string key_;
  bool has_key_ = false;
  bool skip_ = false;  // The key is a repetition: its value is built apart and dropped.
  std::uint32_t last_ = 0;
  std::size_t copies_ = 0;
  std::string failure_;
};

}  // namespace mifa::meta
