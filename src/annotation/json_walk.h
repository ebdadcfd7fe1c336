// JSON files of annotation tools: walked by brackets and quotes, and parsed piece by piece, so that
// a piece that is broken or not wanted costs the rest nothing.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "annotation/builder.h"

namespace mifa::annotation {

// The members of one object or the items of one array, in order, each as the text from begin() to
// end(). Behind an item that is broken the next one is looked for.
class JsonWalk {
 public:
  // `begin`: of the "[" or "{" in `text`. Where another thing stands, there is nothing to walk.
  JsonWalk(std::string_view text, std::size_t begin);

  bool is_array() const { return open_ == '['; }
  bool is_object() const { return open_ == '{'; }

  // Goes to the next one; false after the last, and where the text breaks off. With `inside`, an
  // array or object is not passed over: the caller walks it, and tells by resume() where that
  // ended.
  bool next(bool inside = false);
  void resume(const JsonWalk& inner);
  std::string_view key() const { return key_; }  // of a member, as it is written
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return end_; }
  char first() const { return text_[begin_]; }
  std::uint32_t ordinal() const { return ordinal_; }  // broken ones are counted too

  // After the last: just behind the closing bracket.
  std::size_t position() const { return position_; }

  // Where brackets, quotes or commas did not match since the last call; npos when all was well. An
  // item whose end was not found is at fault where it begins.
  std::size_t take_fault();
  std::uint32_t fault_ordinal() const { return fault_ordinal_; }  // of the item with that fault
  // Whether the text ended before the last bracket.
  bool cut_off() const { return cut_off_; }

 private:
  void skip_blanks();
  bool read_key();
  bool recover(std::size_t fault);
  void set_fault(std::size_t place);

  std::string_view text_;
  char open_ = 0;
  std::size_t position_ = 0, begin_ = 0, end_ = 0;
  std::string_view key_;
  std::size_t fault_ = std::string_view::npos;
  std::size_t searched_ = 0;  // bytes looked at for the ends of broken items
  bool cut_off_ = false, ended_ = false;
  std::uint32_t ordinal_ = 0, begun_ = 0, fault_ordinal_ = 0;
};

// End of the value that begins at `begin`; npos when the text ends within it. A bracket that does
// not match or a line's end within quotes: also npos, and its place in `fault`.
std::size_t json_value_end(std::string_view text, std::size_t begin, std::size_t& fault);

// Counts lines, forwards best.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}
  int line(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t counted_ = 0;
  int line_ = 1;
};

// Parses pieces of a text that has SIMDJSON_PADDING bytes to spare after its end.
class JsonPieces {
 public:
  // simdjson's memory is about ten times a piece's: longer ones are refused.
  static constexpr std::size_t kPieceBytes = 100'000'000;

  JsonPieces(std::string_view text, LayerBuilder& builder)
      : text_(text), lines_(text), builder_(builder) {}

  std::string_view text() const { return text_; }
  int line(std::size_t offset) { return lines_.line(offset); }
  // The value from `begin` to `end`, valid until the next call. Bare NaN and Infinity, which Python
  // writes, become null, and what is not UTF-8 "\ufffd" ("annotation/json-mended"). Nothing, and
  // "annotation/json-broken" at `pointer`, for what is no JSON.
  std::optional<simdjson::dom::element> parse(std::size_t begin, std::size_t end,
                                              const std::string& pointer);
  // The same without a word.
  std::optional<simdjson::dom::element> parse_quietly(std::size_t begin, std::size_t end);
  // Files "annotation/json-broken" for what a walk passed over, and for a text that breaks off.
  // `pointer`: of what is walked.
  void tell_fault(JsonWalk& walk, const std::string& pointer);

 private:
  void tell_broken(std::size_t offset, const std::string& pointer, std::string received);

  std::string_view text_;
  LineCounter lines_;
  LayerBuilder& builder_;
  simdjson::dom::parser parser_;
  std::string copy_;  // mended
  bool mended_ = false;
  const char* error_ = "";
  bool cut_told_ = false;
};

// The member of an object; nothing when there is none, it is null, or `value` is no object.
std::optional<simdjson::dom::element> json_member(simdjson::dom::element value,
                                                  std::string_view key);
std::optional<double> json_number(simdjson::dom::element value);  // finite; no text
std::optional<double> json_number(simdjson::dom::element value, std::string_view key);
std::optional<std::string_view> json_text(simdjson::dom::element value, std::string_view key);
// A number or text as an id: "12", "a7"; empty when it is neither.
std::string json_id(simdjson::dom::element value, std::string_view key);
// The value in a few words for a message: `the text "abc"`, `an array of 3`.
std::string json_described(simdjson::dom::element value);
// Gives the builder's object a property: scalars as they are, true and false as 1 and 0, arrays and
// objects as JSON text of at most 4096 bytes; null as nothing.
void add_json_value(LayerBuilder& builder, std::string_view column, simdjson::dom::element value);

// A sniff's view of the head of a file: the beginning as JSON, and whether a key is there in
// quotes.
bool begins_as_json(std::string_view bytes, char bracket);
bool has_json_key(std::string_view bytes, std::string_view key);

}  // namespace mifa::annotation
