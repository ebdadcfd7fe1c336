#include "annotation/json_walk.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "annotation/text_values.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;
constexpr std::string_view kBlanks = " \t\r\n";

// Behind the string that begins at `begin`; npos when it does not end on its line.
std::size_t string_end(std::string_view text, std::size_t begin, std::size_t& fault) {
  std::size_t i = begin + 1;
  for (;;) {
    i = text.find_first_of("\"\\\n", i);
    if (i == kNowhere) return kNowhere;
    if (text[i] == '"') return i + 1;
    if (text[i] == '\n') {
      fault = i;
      return kNowhere;
    }
    i += 2;  // with what is escaped
  }
}

// Length of the UTF-8 character at the beginning (RFC 3629); 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
      (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f)) {
    return 0;
  }
  return length;
}

// Length of a bare word that Python's json module writes against RFC 8259; 0 for others.
std::size_t nonfinite_length(std::string_view text) {
  for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
    if (text.starts_with(word)) return word.size();
  }
  return 0;
}

std::string mended(std::string_view text) {
  std::string out;
  out.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (in_string && c == '\\' && i + 1 < text.size()) {
      out += c;
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string) {
      if (const std::size_t word = nonfinite_length(text.substr(i)); word > 0) {
        out += "null";
        i += word;
        continue;
      }
    }
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0)
      out += "\xef\xbf\xbd";
    else
      out += text.substr(i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

}  // namespace

std::size_t json_value_end(std::string_view text, std::size_t begin, std::size_t& fault) {
  if (begin >= text.size()) return kNowhere;
  if (text[begin] == '"') return string_end(text, begin, fault);
  if (text[begin] != '{' && text[begin] != '[') {
    const std::size_t end = text.find_first_of(",]}\n", begin);
    return end;
  }
  std::vector<bool> braces;  // of each open bracket, whether it is "{"
  for (std::size_t i = begin;;) {
    i = text.find_first_of("\"{}[]", i);
    if (i == kNowhere) return kNowhere;
    const char c = text[i];
    if (c == '"') {
      i = string_end(text, i, fault);
      if (i == kNowhere) return kNowhere;
      continue;
    }
    if (c == '{' || c == '[') {
      braces.push_back(c == '{');
    } else {
      if (braces.back() != (c == '}')) {
        fault = i;
        return kNowhere;
      }
      braces.pop_back();
      if (braces.empty()) return i + 1;
    }
    ++i;
  }
}

JsonWalk::JsonWalk(std::string_view text, std::size_t begin) : text_(text), position_(begin) {
  skip_blanks();
  if (position_ < text_.size() && (text_[position_] == '[' || text_[position_] == '{')) {
    open_ = text_[position_++];
  } else {
    ended_ = true;
  }
}

void JsonWalk::skip_blanks() {
  position_ = std::min(text_.find_first_not_of(kBlanks, position_), text_.size());
}

bool JsonWalk::next(bool inside) {
  while (!ended_) {
    skip_blanks();
    if (position_ >= text_.size()) {
      cut_off_ = ended_ = true;
      return false;
    }
    const char c = text_[position_];
    if (c == ',') {  // one is due, more do no harm
      ++position_;
      continue;
    }
    if (c == ']' || c == '}') {
      if ((c == ']') != is_array()) set_fault(position_);
      ++position_;
      ended_ = true;
      return false;
    }
    std::size_t fault = kNowhere;
    begin_ = position_;
    ordinal_ = begun_++;
    if (is_array() || read_key()) {
      const bool walked = inside && (text_[begin_] == '[' || text_[begin_] == '{');
      end_ = walked ? kNowhere : json_value_end(text_, begin_, fault);
      if (walked || (end_ != kNowhere && end_ > begin_)) {
        position_ = walked ? begin_ : end_;
        return true;
      }
    } else {
      fault = position_;
    }
    if (!recover(fault)) return false;
  }
  return false;
}

void JsonWalk::resume(const JsonWalk& inner) {
  position_ = inner.position_;
  if (!inner.cut_off_) return;
  cut_off_ = ended_ = true;
}

// A member's key and the colon; begin_ is at the value then.
bool JsonWalk::read_key() {
  if (text_[position_] != '"') return false;
  std::size_t fault = kNowhere;
  const std::size_t end = string_end(text_, position_, fault);
  if (end == kNowhere) return false;
  key_ = text_.substr(position_ + 1, end - position_ - 2);
  position_ = end;
  skip_blanks();
  if (position_ >= text_.size() || text_[position_] != ':') return false;
  ++position_;
  skip_blanks();
  begin_ = position_;
  return position_ < text_.size();
}

// Looks for the next item of an array behind a broken one: a "{" after a comma, before what looks
// like the next array of the object around. `fault` is npos where no end of the broken item was
// found.
bool JsonWalk::recover(std::size_t fault) {
  const std::size_t looked = std::min(fault, text_.size());
  searched_ += looked - std::min(begin_, looked);
  // An item without its end is looked through to the end of the text, but not any number of them.
  constexpr std::size_t kTimes = 4;
  const std::size_t from = searched_ > kTimes * text_.size() ? std::max(begin_, looked) : begin_;
  const auto before = [&](std::size_t i) {
    return i == 0 || i == kNowhere ? kNowhere : text_.find_last_not_of(kBlanks, i - 1);
  };
  for (std::size_t i = text_.find('{', from + 1); is_array() && i != kNowhere;
       i = text_.find('{', i + 1)) {
    std::size_t at = before(i);
    if (at == kNowhere) continue;
    if (text_[at] == '[') {
      // "], "key": [{"
      const std::size_t colon = before(at);
      const std::size_t quote = colon != kNowhere && text_[colon] == ':' ? before(colon) : kNowhere;
      const std::size_t open = quote != kNowhere && quote > 0 && text_[quote] == '"'
                                   ? text_.rfind('"', quote - 1)
                                   : kNowhere;
      const std::size_t comma = open != kNowhere ? before(open) : kNowhere;
      at = comma != kNowhere && text_[comma] == ',' ? before(comma) : kNowhere;
      if (at == kNowhere || text_[at] != ']' || at <= begin_) continue;
      i = at;
    } else if (text_[at] != ',') {
      continue;
    }
    set_fault(fault == kNowhere || i < fault ? begin_ : fault);
    position_ = i;
    return true;
  }
  if (fault == kNowhere)
    cut_off_ = true;
  else
    set_fault(fault);
  ended_ = true;
  position_ = text_.size();
  return false;
}

void JsonWalk::set_fault(std::size_t place) {
  if (fault_ != kNowhere) return;
  fault_ = place;
  fault_ordinal_ = ordinal_;
}

std::size_t JsonWalk::take_fault() { return std::exchange(fault_, kNowhere); }

int LineCounter::line(std::size_t offset) {
  offset = std::min(offset, text_.size());
  if (offset < counted_) {
    counted_ = 0;
    line_ = 1;
  }
  line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                       text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
  counted_ = offset;
  return line_;
}

std::optional<simdjson::dom::element> JsonPieces::parse(std::size_t begin, std::size_t end,
                                                        const std::string& pointer) {
  if (end - begin > kPieceBytes) {
    tell_broken(begin, pointer,
                std::to_string(end - begin) + " bytes in one value, at most " +
                    std::to_string(kPieceBytes) + " can be read");
    return std::nullopt;
  }
  const auto value = parse_quietly(begin, end);
  if (!value) {
    tell_broken(begin, pointer, error_);
  } else if (mended_) {
    builder_.issue(
        "annotation/json-mended", Severity::kWarning,
        "The file is not quite JSON: NaN and Infinity are taken for null, bytes that are not "
        "UTF-8 for \"\ufffd\".",
        pointer, lines_.line(begin), "JSON (RFC 8259) in UTF-8", "other words or bytes",
        "write null for numbers that are not finite, and the file as UTF-8");
  }
  return value;
}

std::optional<simdjson::dom::element> JsonPieces::parse_quietly(std::size_t begin,
                                                                std::size_t end) {
  mended_ = false;
  auto result = parser_.parse(text_.data() + begin, end - begin, false);
  if (result.error() != simdjson::SUCCESS) {
    error_ = simdjson::error_message(result.error());
    copy_ = mended(text_.substr(begin, end - begin));
    if (copy_ == text_.substr(begin, end - begin)) return std::nullopt;
    copy_.append(simdjson::SIMDJSON_PADDING, ' ');
    result = parser_.parse(copy_.data(), copy_.size() - simdjson::SIMDJSON_PADDING, false);
    if (result.error() != simdjson::SUCCESS) return std::nullopt;
    mended_ = true;
  }
  return result.value_unsafe();
}

void JsonPieces::tell_broken(std::size_t offset, const std::string& pointer, std::string received) {
  builder_.issue("annotation/json-broken", Severity::kError,
                 "The file is no whole JSON; what can be read before and after the fault is kept.",
                 pointer, lines_.line(offset), "JSON (RFC 8259)", std::move(received),
                 "export the file again, or mend it at this line");
}

void JsonPieces::tell_fault(JsonWalk& walk, const std::string& pointer) {
  if (const std::size_t fault = walk.take_fault(); fault != kNowhere) {
    const char at = text_[fault];
    const std::size_t line_end = std::min(text_.find('\n', fault), text_.size());
    const std::string_view rest = text_.substr(fault, std::min<std::size_t>(40, line_end - fault));
    tell_broken(fault,
                walk.is_array() ? pointer + "/" + std::to_string(walk.fault_ordinal()) : pointer,
                at == '\n'               ? "a line's end within quotes"
                : at == '{' || at == '[' ? "brackets that do not match, in " + in_quotes(rest)
                                         : "another thing at " + in_quotes(rest));
  }
  if (walk.cut_off() && !cut_told_) {
    cut_told_ = true;
    tell_broken(text_.size(), pointer, "the end of the file");
  }
}

std::optional<simdjson::dom::element> json_member(simdjson::dom::element value,
                                                  std::string_view key) {
  simdjson::dom::element found;
  if (value[key].get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

std::optional<double> json_number(simdjson::dom::element value) {
  double number = 0;
  if (!value.is_number() || value.get(number) != simdjson::SUCCESS || !std::isfinite(number))
    return std::nullopt;
  return number;
}

std::optional<double> json_number(simdjson::dom::element value, std::string_view key) {
  const auto found = json_member(value, key);
  return found ? json_number(*found) : std::nullopt;
}

std::optional<std::string_view> json_text(simdjson::dom::element value, std::string_view key) {
  const auto found = json_member(value, key);
  std::string_view text;
  if (!found || found->get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::string json_id(simdjson::dom::element value, std::string_view key) {
  const auto found = json_member(value, key);
  if (!found) return {};
  std::string_view text;
  if (found->get(text) == simdjson::SUCCESS) return std::string(text.substr(0, 256));
  std::int64_t integer = 0;
  if (found->get(integer) == simdjson::SUCCESS) return std::to_string(integer);
  std::uint64_t natural = 0;
  if (found->get(natural) == simdjson::SUCCESS) return std::to_string(natural);
  const auto number = json_number(*found);
  if (!number) return {};
  // 7.0 and 7 are one id.
  if (*number == std::floor(*number) && std::abs(*number) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(*number));
  }
  return short_number(*number);
}

std::string json_described(simdjson::dom::element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY: {
      simdjson::dom::array array;
      return value.get(array) == simdjson::SUCCESS ? "an array of " + std::to_string(array.size())
                                                   : "an array";
    }
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING: {
      std::string_view text;
      return value.get(text) == simdjson::SUCCESS ? "the text " + in_quotes(text) : "a text";
    }
    case simdjson::dom::element_type::BOOL:
      return "true or false";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      break;
  }
  const auto number = json_number(value);
  return number ? short_number(*number) : "a number";
}

void add_json_value(LayerBuilder& builder, std::string_view column, simdjson::dom::element value) {
  constexpr std::size_t kText = 4096;
  std::string_view text;
  std::int64_t integer = 0;
  bool truth = false;
  if (value.get(text) == simdjson::SUCCESS) {
    if (!text.empty()) builder.text(column, text);
  } else if (value.get(integer) == simdjson::SUCCESS) {
    builder.integer(column, integer);
  } else if (const auto number = json_number(value)) {
    builder.number(column, *number);
  } else if (value.get(truth) == simdjson::SUCCESS) {
    builder.integer(column, truth ? 1 : 0);
  } else if (!value.is_null()) {
    const std::string json = simdjson::minify(value);
    if (json.size() > 2) builder.text(column, json.size() > kText ? in_quotes(json) : json);
  }
}

bool begins_as_json(std::string_view bytes, char bracket) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const std::size_t begin = bytes.find_first_not_of(kBlanks);
  return begin != kNowhere && bytes[begin] == bracket;
}

bool has_json_key(std::string_view bytes, std::string_view key) {
  const std::string written = "\"" + std::string(key) + "\"";
  for (std::size_t i = bytes.find(written); i != kNowhere; i = bytes.find(written, i + 1)) {
    const std::size_t after = bytes.find_first_not_of(kBlanks, i + written.size());
    if (after != kNowhere && bytes[after] == ':') return true;
  }
  return false;
}

}  // namespace mifa::annotation
