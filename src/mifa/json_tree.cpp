#include "core/json.h"
#include "core/line_cursor.h"
#include "mifa/tree.h"

namespace mifa::meta {
namespace {

using Json = nlohmann::json;

// Builds the tree; lines are counted as the lexer pulls characters, since a SAX pass has none.
class TreeSax : public nlohmann::json_sax<Json> {
 public:
  explicit TreeSax(TreeBuilder& builder) : builder_(builder) {}
  // For the cursors that it is fed with.
  LineCount* lines() { return &lines_; }

  bool null() override { return builder_.scalar(Tree::Kind::kNull, "", lines_.line); }
  bool boolean(bool value) override { return other(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return other(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return other(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return other(text); }
  bool string(string_t& text) override {
    return builder_.scalar(Tree::Kind::kString, std::move(text), lines_.line);
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return builder_.open(Tree::Kind::kMapping, lines_.line); }
  bool start_array(std::size_t) override { return builder_.open(Tree::Kind::kSequence, lines_.line); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    builder_.key(std::move(name), lines_.line);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool other(std::string text) {
    return builder_.scalar(Tree::Kind::kOther, std::move(text), lines_.line);
  }
  bool close() {
    builder_.close();
    return true;
  }

  TreeBuilder& builder_;
  LineCount lines_;
};

}  // namespace

Result<TreePtr> Tree::parse_json(const std::string& text, const std::string& file,
                                 const TreeLimits& limits) {
  if (text.size() > limits.maximum_bytes) {
    return Error{ErrorCode::kLimit, "expected at most " + std::to_string(limits.maximum_bytes) +
                                        " bytes of metadata in " + file + ", received " +
                                        std::to_string(text.size()) + "; split the file"};
  }
  TreeBuilder builder(file, limits);
  TreeSax sax(builder);
  const char* begin = text.data();
  if (text.starts_with("\xEF\xBB\xBF")) begin += 3;
  const LineCursor first(begin, sax.lines());
  const LineCursor last(text.data() + text.size(), sax.lines());
  if (Json::sax_parse(first, last, &sax)) return builder.finish(/*more_documents=*/false);
  if (!builder.failure().empty()) {
    return Error{ErrorCode::kLimit, "expected metadata, received " + builder.failure() + " in " +
                                        file + "; simplify the file"};
  }
  // The document's own parser words the complaint.
  auto document = JsonDocument::parse(text, file);
  if (!document) return std::move(document).error();
  return Error{ErrorCode::kFixData,
               "expected JSON in " + file +
                   ", received NaN or Infinity, which JSON does not know; write null instead"};
}

}  // namespace mifa::meta
