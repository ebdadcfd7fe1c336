#include "mifa/tree.h"

#include <algorithm>

#include "core/json.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

const std::string kEmpty;

}  // namespace

bool Node::is_null() const { return !tree_ || tree_->items_[index_].kind == Tree::Kind::kNull; }

bool Node::is_scalar() const {
  return tree_ && (tree_->items_[index_].kind == Tree::Kind::kString ||
                   tree_->items_[index_].kind == Tree::Kind::kOther);
}

bool Node::is_sequence() const {
  return tree_ && tree_->items_[index_].kind == Tree::Kind::kSequence;
}

bool Node::is_mapping() const {
  return tree_ && tree_->items_[index_].kind == Tree::Kind::kMapping;
}

bool Node::is_string() const { return tree_ && tree_->items_[index_].kind == Tree::Kind::kString; }

std::size_t Node::size() const { return tree_ ? tree_->items_[index_].children.size() : 0; }

Node Node::child(std::size_t index) const {
  return index < size() ? Node(tree_, tree_->items_[index_].children[index]) : Node();
}

const std::string& Node::key() const { return tree_ ? tree_->items_[index_].key : kEmpty; }

Node Node::operator[](std::string_view key) const {
  if (!is_mapping()) return {};
  for (const std::uint32_t child : tree_->items_[index_].children) {
    if (tree_->items_[child].key == key) return Node(tree_, child);
  }
  return {};
}

Node Node::folded_member(std::string_view folded_key) const {
  if (!is_mapping()) return {};
  for (const std::uint32_t child : tree_->items_[index_].children) {
    if (folded(tree_->items_[child].key) == folded_key) return Node(tree_, child);
  }
  return {};
}

const std::string& Node::text() const { return is_scalar() ? tree_->items_[index_].text : kEmpty; }

int Node::line() const { return tree_ ? tree_->items_[index_].line : 0; }

std::string Node::pointer() const {
  if (!tree_) return "";
  std::vector<std::uint32_t> path;
  for (std::uint32_t at = index_; at != 0; at = tree_->items_[at].parent) path.push_back(at);
  std::string result;
  for (auto at = path.rbegin(); at != path.rend(); ++at) {
    const Tree::Item& item = tree_->items_[*at];
    const bool member = tree_->items_[item.parent].kind == Tree::Kind::kMapping;
    result = append_pointer(result, member ? item.key : std::to_string(item.position));
  }
  return result;
}

Place Node::place() const {
  Place place;
  if (!tree_) return place;
  place.file = tree_->file_;
  place.pointer = pointer();
  place.line = line();
  return place;
}

Text Node::value() const { return {text(), place()}; }

std::string Node::describe() const {
  if (!tree_) return "nothing";
  if (is_null()) return "an empty value";
  if (is_mapping()) return "an object with " + std::to_string(size()) + " members";
  if (is_sequence()) return "a list of " + std::to_string(size());
  return "\"" + shortened(text(), 60) + "\"";
}

Result<TreePtr> Tree::parse(const std::string& text, const std::string& file,
                            const TreeLimits& limits) {
  const std::string_view start = trimmed(std::string_view(text).substr(0, 4096));
  if (start.starts_with('{') || start.starts_with('[')) return parse_json(text, file, limits);
  return parse_yaml(text, file, limits);
}

TreeBuilder::TreeBuilder(const std::string& file, const TreeLimits& limits)
    : limits_(limits), tree_(std::make_shared<Tree>()) {
  tree_->file_ = std::make_shared<const std::string>(file);
}

bool TreeBuilder::at_key() const {
  return !open_.empty() && tree_->items_[open_.back()].kind == Tree::Kind::kMapping && !has_key_;
}

void TreeBuilder::key(std::string name, int line) {
  skip_ = !keys_.back().insert(name).second;
  if (skip_ && tree_->duplicates_.size() < 100) {
    const std::string parent = Node(tree_.get(), open_.back()).pointer();
    tree_->duplicates_.push_back({name, append_pointer(parent, name), line});
  }
  key_ = std::move(name);
  has_key_ = true;
}

bool TreeBuilder::add(Tree::Kind kind, std::string text, int line, std::uint32_t& index) {
  if (!failure_.empty()) return false;
  if (tree_->items_.size() >= limits_.maximum_nodes) {
    failure_ = "more than " + std::to_string(limits_.maximum_nodes) + " values";
    return false;
  }
  index = static_cast<std::uint32_t>(tree_->items_.size());
  Tree::Item item;
  item.kind = kind;
  item.line = line;
  item.text = mended_utf8(text);
  if (!open_.empty()) {
    item.parent = open_.back();
    Tree::Item& parent = tree_->items_[open_.back()];
    if (parent.kind == Tree::Kind::kMapping) item.key = mended_utf8(key_);
    item.position = static_cast<std::uint32_t>(parent.children.size());
    if (!skip_) parent.children.push_back(index);
  }
  has_key_ = false;
  skip_ = false;
  tree_->items_.push_back(std::move(item));
  last_ = index;
  return true;
}

bool TreeBuilder::scalar(Tree::Kind kind, std::string text, int line) {
  std::uint32_t index = 0;
  return add(kind, std::move(text), line, index);
}

bool TreeBuilder::open(Tree::Kind kind, int line) {
  if (depth() >= limits_.maximum_depth) {
    failure_ = "nesting deeper than " + std::to_string(limits_.maximum_depth);
    return false;
  }
  std::uint32_t index = 0;
  if (!add(kind, "", line, index)) return false;
  open_.push_back(index);
  keys_.emplace_back();
  return true;
}

void TreeBuilder::close() {
  last_ = open_.back();
  open_.pop_back();
  keys_.pop_back();
}

bool TreeBuilder::is_open(std::uint32_t index) const {
  return std::find(open_.begin(), open_.end(), index) != open_.end();
}

bool TreeBuilder::copy(std::uint32_t index) {
  if (++copies_ > limits_.maximum_copies) {
    failure_ = "more than " + std::to_string(limits_.maximum_copies) + " values by aliases";
    return false;
  }
  // By value: add() moves the items.
  const Tree::Kind kind = tree_->items_[index].kind;
  const int line = tree_->items_[index].line;
  if (kind != Tree::Kind::kSequence && kind != Tree::Kind::kMapping) {
    return scalar(kind, tree_->items_[index].text, line);
  }
  if (!open(kind, line)) return false;
  const std::uint32_t copied = last_;
  for (std::size_t i = 0; i < tree_->items_[index].children.size(); ++i) {
    const std::uint32_t child = tree_->items_[index].children[i];
    if (kind == Tree::Kind::kMapping) key(tree_->items_[child].key, line);
    if (!copy(child)) return false;
  }
  close();
  last_ = copied;
  return true;
}

TreePtr TreeBuilder::finish(bool more_documents) {
  if (tree_->items_.empty()) tree_->items_.emplace_back();
  tree_->more_documents_ = more_documents;
  return tree_;
}

}  // namespace mifa::meta
