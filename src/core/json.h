// JSON as the rest of the program sees it: a document that knows its file name, and views that know
// their RFC 6901 pointer, so that every complaint can say where. No other module calls nlohmann's
// at() or get<T>().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/issue.h"
#include "core/result.h"

namespace mifa {

class JsonDocument;

// A cheap, copyable reference to one value of a document (or to a place where nothing is).
// Holds the document alive.
class JsonView {
 public:
  JsonView() = default;

  bool exists() const { return node_ != nullptr; }
  bool is_null() const { return node_ && node_->is_null(); }
  bool is_object() const { return node_ && node_->is_object(); }
  bool is_array() const { return node_ && node_->is_array(); }
  bool is_string() const { return node_ && node_->is_string(); }
  bool is_number() const { return node_ && node_->is_number(); }
  bool is_boolean() const { return node_ && node_->is_boolean(); }

  // Members of an object or items of an array; 0 for anything else.
  std::int64_t size() const;

  // The member or item, or a view for which exists() is false. Never fails.
  JsonView operator[](std::string_view key) const;
  JsonView operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  JsonView operator[](std::int64_t index) const;
  JsonView operator[](int index) const { return (*this)[static_cast<std::int64_t>(index)]; }

  // Keys of an object, sorted; empty for anything else.
  std::vector<std::string> keys() const;

  // The value if it has just this type. integer() also takes numbers such as 2.0.
  std::optional<std::string> string() const;
  std::optional<double> number() const;
  std::optional<std::int64_t> integer() const;
  std::optional<std::uint64_t> unsigned_integer() const;
  std::optional<bool> boolean() const;

  // The value, or an Error that says what was expected, what was received, and where.
  Result<std::string> expect_string() const;
  Result<double> expect_number() const;
  Result<std::int64_t> expect_integer(std::int64_t minimum, std::int64_t maximum) const;
  // An array of integers, each within [minimum, maximum].
  Result<std::vector<std::int64_t>> expect_integers(std::int64_t minimum,
                                                    std::int64_t maximum) const;

  // "expected <expected>, received <this>, at <pointer> of <file>", as an Error with kFixData.
  Error mismatch(const std::string& expected) const;

  // The value in a few words for a message: `the string "abc"`, `an object with 3 members`, `nothing`.
  std::string describe() const;
  // Compact JSON text, cut after `limit` characters.
  std::string text(std::size_t limit = 1U << 20) const;

  const std::string& pointer() const { return pointer_; }
  const std::string& file() const;
  // 1-based line of this value in its file, found by reading the file again (for messages only).
  int line() const;

  // Whether the file had bare NaN or Infinity in it, read as strings.
  bool has_nonfinite_literals() const;

  // A new issue about this place, with file, pointer, line and `received` filled in.
  Issue issue(std::string rule, Severity severity, std::string message) const;

 private:
  friend class JsonDocument;
  using Node = nlohmann::json;
  JsonView(std::shared_ptr<const JsonDocument> document, const Node* node, std::string pointer)
      : document_(std::move(document)), node_(node), pointer_(std::move(pointer)) {}

  std::shared_ptr<const JsonDocument> document_;
  const Node* node_ = nullptr;
  std::string pointer_;
};

// A parsed JSON text and the name of the file it came from. Immutable, shared by its views.
class JsonDocument : public std::enable_shared_from_this<JsonDocument> {
 public:
  // Nesting deeper than this is refused: it can only be an attack on the stack.
  static constexpr int kMaximumDepth = 200;

  // Parses UTF-8 (a byte order mark is allowed). The Error names file, line and column, and what
  // was found there. Takes bare NaN, Infinity and -Infinity, which Python's json module writes
  // against RFC 8259, as the strings that Zarr writes for them, and says so through has_nonfinite_literals().
  static Result<JsonView> parse(std::string text, std::string file);

  const std::string& file() const { return file_; }
  bool has_nonfinite_literals() const { return nonfinite_; }
  // 1-based line of the value at a pointer; 0 when there is none.
  int line_of(const std::string& pointer) const;

 private:
  friend class JsonView;
  std::string text_;
  std::string file_;
  bool nonfinite_ = false;
  nlohmann::json root_;
};

// Appends one reference token to a JSON pointer, escaping "~" and "/" (RFC 6901 section 3).
std::string append_pointer(const std::string& pointer, std::string_view token);

// Integer-valued double -> shortest text without a trailing ".0"; used in messages.
std::string number_text(double value);

}  // namespace mifa
