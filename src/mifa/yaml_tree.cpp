#include <yaml.h>

#include <cctype>
#include <map>
#include <utility>

#include "mifa/tree.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// What a plain scalar means in YAML's core schema; dates and the like stay text.
Tree::Kind plain_kind(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return Tree::Kind::kNull;
  }
  const std::string small = lower(text);
  if (small == "true" || small == "false") return Tree::Kind::kOther;
  double number = 0;
  return parse_number(text, number) ? Tree::Kind::kOther : Tree::Kind::kString;
}

class YamlReader {
 public:
  YamlReader(const std::string& text, const std::string& file, const TreeLimits& limits)
      : file_(file), builder_(file, limits) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (!ready_) return;
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~YamlReader() {
    if (ready_) yaml_parser_delete(&parser_);
  }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;

  Result<TreePtr> read() {
    if (!ready_) return Error{ErrorCode::kLimit, "no memory for reading " + file_};
    while (true) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return syntax_error();
      const yaml_event_type_t type = event.type;
      const bool taken = take(event);
      if (documents_ > 1) more_ = true;
      yaml_event_delete(&event);
      if (!taken) return refusal();
      if (type == YAML_STREAM_END_EVENT || more_) return builder_.finish(more_);
    }
  }

 private:
  static int line_of(const yaml_event_t& event) {
    return static_cast<int>(event.start_mark.line) + 1;
  }
  static std::string bytes(const yaml_char_t* text) {
    return text ? reinterpret_cast<const char*>(text) : "";
  }

  void remember(const yaml_char_t* anchor, std::uint32_t index) {
    if (anchor) anchors_[bytes(anchor)] = index;
  }

  bool take(const yaml_event_t& event) {
    line_ = line_of(event);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        ++documents_;
        return true;
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        if (builder_.at_key()) return refuse_key();
        if (!builder_.open(Tree::Kind::kSequence, line_)) return false;
        remember(event.data.sequence_start.anchor, builder_.last());
        return true;
      case YAML_MAPPING_START_EVENT:
        if (builder_.at_key()) return refuse_key();
        if (!builder_.open(Tree::Kind::kMapping, line_)) return false;
        remember(event.data.mapping_start.anchor, builder_.last());
        return true;
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        builder_.close();
        return true;
      case YAML_ALIAS_EVENT:
        return alias(bytes(event.data.alias.anchor));
      default:
        return true;
    }
  }

  bool scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (builder_.at_key()) {
      builder_.key(mended_utf8(text), line_);
      return true;
    }
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const Tree::Kind kind = plain ? plain_kind(text) : Tree::Kind::kString;
    if (kind == Tree::Kind::kNull) text.clear();
    if (!builder_.scalar(kind, std::move(text), line_)) return false;
    remember(scalar.anchor, builder_.last());
    return true;
  }

  bool alias(const std::string& name) {
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      refusal_ = "the alias *" + name + ", whose anchor is not defined before it";
      return false;
    }
    if (builder_.at_key()) return refuse_key();
    if (builder_.is_open(found->second)) {
      refusal_ = "the alias *" + name + " inside the value that it stands for";
      return false;
    }
    return builder_.copy(found->second);
  }

  bool refuse_key() {
    refusal_ = "a list or mapping as the key of a mapping";
    return false;
  }

  Error refusal() const {
    const bool limit = !builder_.failure().empty();
    return {limit ? ErrorCode::kLimit : ErrorCode::kFixData,
            "expected metadata in YAML, received " + (limit ? builder_.failure() : refusal_) +
                " at line " + std::to_string(line_) + " of " + file_ +
                "; write the values out plainly"};
  }

  Error syntax_error() const {
    const char* problem = parser_.problem ? parser_.problem : "a fault";
    std::string message = "expected YAML in " + file_ + ", received: " + problem;
    if (parser_.error == YAML_READER_ERROR) {
      message +=
          " at byte " + std::to_string(parser_.problem_offset) + "; save the file as UTF-8 text";
    } else {
      message += " at line " + std::to_string(parser_.problem_mark.line + 1) + ", column " +
                 std::to_string(parser_.problem_mark.column + 1);
      if (parser_.context) {
        message += std::string(" (") + parser_.context + " that starts at line " +
                   std::to_string(parser_.context_mark.line + 1) + ")";
      }
      message +=
          "; check the indentation there, and put texts with \": \" or \" #\" between quotes";
    }
    return {ErrorCode::kFixData, message};
  }

  std::string file_;
  TreeBuilder builder_;
  yaml_parser_t parser_{};
  bool ready_ = false;
  int documents_ = 0;
  bool more_ = false;
  int line_ = 0;
  std::string refusal_;
  std::map<std::string, std::uint32_t> anchors_;
};

}  // namespace

Result<TreePtr> Tree::parse_yaml(const std::string& text, const std::string& file,
                                 const TreeLimits& limits) {
  if (text.size() > limits.maximum_bytes) {
    return Error{ErrorCode::kLimit, "expected at most " + std::to_string(limits.maximum_bytes) +
                                        " bytes of metadata in " + file + ", received " +
                                        std::to_string(text.size()) + "; split the file"};
  }
  return YamlReader(text, file, limits).read();
}

}  // namespace mifa::meta
