#include "core/json.h"

#include <cmath>
#include <cstdio>

#include "core/line_cursor.h"

namespace mifa {
namespace {

using Json = nlohmann::json;

constexpr double kLargestExactInteger = 9007199254740992.0;  // 2^53

std::string shortened(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t cut = limit;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut) + "…";
}

// A piece of a file for a message, which has to be valid UTF-8 whatever the file holds.
std::string readable(const std::string& piece) {
  const std::string mended = Json(piece).dump(-1, ' ', false, Json::error_handler_t::replace);
  const Json text = Json::parse(mended, nullptr, /*allow_exceptions=*/false);
  return shortened(text.is_string() ? *text.get_ptr<const std::string*>() : mended, 40);
}

// Deepest nesting of brackets outside strings.
int nesting_depth(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

// Bare NaN and Infinity outside strings become strings or, where columns have to stay what they are, a
// 0 of the same width. Returns how many there were.
int replace_nonfinite_literals(std::string& text, bool keep_columns) {
  static constexpr std::string_view kLiterals[] = {"-Infinity", "Infinity", "NaN"};
  std::string result;
  int count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (in_string && c == '\\' && i + 1 < text.size()) {
      result.append(text, i, 2);
      i += 2;
      continue;
    }
    if (c == '"') in_string = !in_string;
    bool replaced = false;
    if (!in_string) {
      for (const std::string_view literal : kLiterals) {
        if (text.compare(i, literal.size(), literal) != 0) continue;
        const std::size_t next = text.find_first_not_of(" \t\r\n", i + literal.size());
        if (next != std::string::npos && text[next] == ':') continue;  // no name of a member
        result += keep_columns ? "0" + std::string(literal.size() - 1, ' ')
                               : '"' + std::string(literal) + '"';
        i += literal.size();
        ++count;
        replaced = true;
        break;
      }
    }
    if (replaced) continue;
    result += c;
    ++i;
  }
  if (count > 0) text = std::move(result);
  return count;
}

// Walks the text once more and notes the line at which the value at `wanted` starts. A SAX pass
// keeps no positions, so the input iterator counts lines as the lexer pulls characters.
class LineFinder : public nlohmann::json_sax<Json> {
 public:
  explicit LineFinder(std::string wanted) : wanted_(std::move(wanted)) {}
  // For the cursors that it is fed with.
  LineCount* lines() { return &lines_; }
  int found() const { return found_; }

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    levels_.back().token = name;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  struct Level {
    bool array = false;
    std::int64_t index = 0;
    std::string token;
  };

  bool value() {
    note();
    step();
    return found_ == 0;
  }
  bool open(bool array) {
    note();
    levels_.push_back({array, 0, {}});
    return found_ == 0;
  }
  bool close() {
    levels_.pop_back();
    step();
    return true;
  }
  void step() {
    if (!levels_.empty()) ++levels_.back().index;
  }
  void note() {
    std::string here;
    for (const Level& level : levels_) {
      here = append_pointer(here, level.array ? std::to_string(level.index) : level.token);
    }
    if (here == wanted_) found_ = lines_.line;
  }

  std::string wanted_;
  std::vector<Level> levels_;
  LineCount lines_;
  int found_ = 0;
};

// Catches the parser's complaint; everything else is ignored.
class ComplaintCatcher : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool end_array() override { return true; }
  bool key(string_t&) override { return true; }
  bool parse_error(std::size_t at, const std::string& token,
                   const nlohmann::detail::exception&) override {
    position = at;
    last_token = token;
    return false;
  }

  std::size_t position = 0;
  std::string last_token;
};

Error syntax_error(const std::string& text, const std::string& file) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return {ErrorCode::kFixData, "expected JSON in " + file + ", received an empty file"};
  }
  ComplaintCatcher catcher;
  Json::sax_parse(text, &catcher);
  const std::size_t at = std::min(catcher.position > 0 ? catcher.position - 1 : 0, text.size());
  int line = 1;
  int column = 1;  // in characters, as editors count
  for (std::size_t i = 0; i < at; ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
      ++column;
    }
  }
  const bool truncated = at >= text.size();
  std::string message = "expected valid JSON in " + file + ", received ";
  message += truncated ? std::string("a text that ends too early")
                       : "something else near `" + readable(catcher.last_token) + "`";
  message += " at line " + std::to_string(line) + ", column " + std::to_string(column);
  message += truncated ? "; the file looks cut off: write or upload it again"
                       : "; correct the file there";
  return {ErrorCode::kFixData, message};
}

}  // namespace

std::string append_pointer(const std::string& pointer, std::string_view token) {
  std::string result = pointer + "/";
  for (const char c : token) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

std::string number_text(double value) {
  char buffer[40];
  if (std::isfinite(value) && value == std::floor(value) &&
      std::fabs(value) <= kLargestExactInteger) {
    std::snprintf(buffer, sizeof buffer, "%.0f", value);
  } else {
    std::snprintf(buffer, sizeof buffer, "%.10g", value);
  }
  return buffer;
}

Result<JsonView> JsonDocument::parse(std::string text, std::string file) {
  auto document = std::make_shared<JsonDocument>();
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (nesting_depth(text) > kMaximumDepth) {
    return Error{ErrorCode::kLimit, "expected JSON nested at most " +
                                        std::to_string(kMaximumDepth) + " deep in " + file +
                                        ", received deeper nesting; simplify the file"};
  }
  Json root = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) {
    std::string replaced = text;
    if (replace_nonfinite_literals(replaced, /*keep_columns=*/false) > 0) {
      root = Json::parse(replaced, nullptr, /*allow_exceptions=*/false);
      document->nonfinite_ = true;
    }
    if (root.is_discarded()) {
      replace_nonfinite_literals(text, /*keep_columns=*/true);
      return syntax_error(text, file);
    }
    text = std::move(replaced);
  }
  document->text_ = std::move(text);
  document->file_ = std::move(file);
  document->root_ = std::move(root);
  const Json* node = &document->root_;
  return JsonView(std::move(document), node, "");
}

int JsonDocument::line_of(const std::string& pointer) const {
  LineFinder finder(pointer);
  const LineCursor begin(text_.data(), finder.lines());
  const LineCursor end(text_.data() + text_.size(), finder.lines());
  Json::sax_parse(begin, end, &finder);
  return finder.found();
}

std::int64_t JsonView::size() const {
  return is_object() || is_array() ? static_cast<std::int64_t>(node_->size()) : 0;
}

JsonView JsonView::operator[](std::string_view key) const {
  const Node* child = nullptr;
  if (is_object()) {
    const auto found = node_->find(std::string(key));
    if (found != node_->end()) child = &*found;
  }
  return JsonView(document_, child, append_pointer(pointer_, key));
}

JsonView JsonView::operator[](std::int64_t index) const {
  const Node* child = nullptr;
  if (is_array() && index >= 0 && index < size()) {
    child = &(*node_)[static_cast<std::size_t>(index)];
  }
  return JsonView(document_, child, append_pointer(pointer_, std::to_string(index)));
}

std::vector<std::string> JsonView::keys() const {
  std::vector<std::string> result;
  if (!is_object()) return result;
  for (auto it = node_->begin(); it != node_->end(); ++it) result.push_back(it.key());
  return result;
}

std::optional<std::string> JsonView::string() const {
  if (!is_string()) return std::nullopt;
  return *node_->get_ptr<const std::string*>();
}

std::optional<double> JsonView::number() const {
  if (!is_number()) return std::nullopt;
  if (const auto* value = node_->get_ptr<const Json::number_unsigned_t*>()) {
    return static_cast<double>(*value);
  }
  if (const auto* value = node_->get_ptr<const Json::number_integer_t*>()) {
    return static_cast<double>(*value);
  }
  return *node_->get_ptr<const Json::number_float_t*>();
}

std::optional<std::int64_t> JsonView::integer() const {
  if (!is_number()) return std::nullopt;
  if (const auto* value = node_->get_ptr<const Json::number_unsigned_t*>()) {
    if (*value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::int64_t>(*value);
  }
  if (const auto* value = node_->get_ptr<const Json::number_integer_t*>()) return *value;
  const double value = *node_->get_ptr<const Json::number_float_t*>();
  if (value != std::floor(value) || std::fabs(value) > kLargestExactInteger) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::uint64_t> JsonView::unsigned_integer() const {
  if (const auto* value =
          node_ ? node_->get_ptr<const Json::number_unsigned_t*>() : nullptr) {
    return *value;
  }
  const auto value = integer();
  if (!value || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::optional<bool> JsonView::boolean() const {
  if (!is_boolean()) return std::nullopt;
  return *node_->get_ptr<const bool*>();
}

Result<std::string> JsonView::expect_string() const {
  if (auto value = string()) return *std::move(value);
  return mismatch("a string");
}

Result<double> JsonView::expect_number() const {
  if (const auto value = number()) return *value;
  return mismatch("a number");
}

Result<std::int64_t> JsonView::expect_integer(std::int64_t minimum, std::int64_t maximum) const {
  const auto value = integer();
  if (value && *value >= minimum && *value <= maximum) return *value;
  std::string expected = "an integer";
  if (maximum == INT64_MAX) {
    expected += " of at least " + std::to_string(minimum);
  } else {
    expected += " from " + std::to_string(minimum) + " to " + std::to_string(maximum);
  }
  return mismatch(expected);
}

Result<std::vector<std::int64_t>> JsonView::expect_integers(std::int64_t minimum,
                                                            std::int64_t maximum) const {
  if (!is_array()) return mismatch("an array of integers");
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < size(); ++i) {
    auto item = (*this)[i].expect_integer(minimum, maximum);
    if (!item) return std::move(item).error();
    result.push_back(*item);
  }
  return result;
}

Error JsonView::mismatch(const std::string& expected) const {
  return {ErrorCode::kFixData, "expected " + expected + ", received " + describe() + ", at " +
                                   (pointer_.empty() ? "the top" : pointer_) + " of " + file()};
}

std::string JsonView::describe() const {
  if (!node_) return "nothing";
  switch (node_->type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return size() == 0   ? "an empty object"
             : size() == 1 ? "an object with 1 member"
                           : "an object with " + std::to_string(size()) + " members";
    case Json::value_t::array:
      return size() == 0 ? "an empty array"
             : size() <= 8 && text().size() <= 60
                 ? "the array " + text()
                 : "an array of " + std::to_string(size()) + " items";
    case Json::value_t::string:
      return "the string " + text(60);
    case Json::value_t::boolean:
      return text();
    default:
      return "the number " + text();
  }
}

std::string JsonView::text(std::size_t limit) const {
  if (!node_) return "";
  return shortened(node_->dump(-1, ' ', false, Json::error_handler_t::replace), limit);
}

const std::string& JsonView::file() const {
  static const std::string kNone;
  return document_ ? document_->file() : kNone;
}

bool JsonView::has_nonfinite_literals() const {
  return document_ && document_->has_nonfinite_literals();
}

int JsonView::line() const { return document_ ? document_->line_of(pointer_) : 0; }

Issue JsonView::issue(std::string rule, Severity severity, std::string message) const {
  Issue result;
  result.rule = std::move(rule);
  result.severity = severity;
  result.message = std::move(message);
  result.file = file();
  result.pointer = pointer_;
  result.line = line();
  result.received = describe();
  return result;
}

}  // namespace mifa
