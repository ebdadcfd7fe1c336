// Finds the items of a JSON text that arrives in windows: the members of one long array, or documents
// that follow one another. It only finds where they begin and end; the caller parses each, so that
// memory holds one item and never the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mifa::annotation {

struct JsonItem {
  // Complete as far as brackets and quotes tell. kSpareBytes after its end may be read (simdjson).
  std::string_view text;
  std::uint32_t ordinal = 0;  // in its array; documents: among all documents
  std::uint32_t line = 0;     // 1-based, of its first character
};

enum class JsonVerdict {
  kGood,
  kBroken,  // Not well-formed: it is searched for a next beginning, and read from there.
  kStream,  // A document with an array that should be told by items: it is read anew.
};

// What is told of a text. Views are valid during the call.
class JsonItemSink {
 public:
  virtual ~JsonItemSink() = default;
  // The array named `key` ("" for one at the root) begins; its items follow.
  virtual void begin_array(std::string_view key) = 0;
  virtual JsonVerdict item(const JsonItem& item) = 0;
  // Takes the item at the beginning of item.text, whose end is not known yet and behind which a 0 stands:
  // its length, or 0 to have it told by item() when its end is found.
  virtual std::size_t take_item(const JsonItem& item) = 0;
  // A whole document. Of an array that was told by items, only the brackets are left in it.
  // `streamed`: the key of such an array, or empty.
  virtual JsonVerdict document(const JsonItem& document, std::string_view streamed) = 0;
  // Where, in a broken item, the next one seems to begin; npos: nowhere. `from`: > 0.
  virtual std::size_t next_beginning(std::string_view text, std::size_t from) const = 0;
  // The text is not JSON here.
  virtual void broken(std::uint32_t line, std::string expected, std::string received) = 0;
};

class JsonItems {
 public:
  static constexpr std::size_t kSpareBytes = 64;
  // An item longer than this is given up. simdjson's index of it takes four times as much again.
  static constexpr std::size_t kItemBytes = 64'000'000;
  // Bytes that may be read again after broken items, together: a file can be made of beginnings only.
  static constexpr std::size_t kRescannedBytes = 64'000'000;

  explicit JsonItems(JsonItemSink& sink) : sink_(sink) {}

  // False when nothing further can be read of it; the sink was told why.
  bool feed(std::string_view window);
  // The text has ended.
  void finish();
  // Of complete documents and items so far.
  std::uint32_t documents() const { return documents_; }

 private:
  enum class State {
    kDocument,   // between documents
    kKey,        // in the root object: a key or its end is next
    kColon,      // after a key
    kValue,      // a member's value is next
    kAfterValue, // a comma or the end of the root object is next
    kItem,       // an item or the end of the array is next
    kAfterItem,  // a comma or the end of the array is next
    kLost,       // behind a broken item: the next beginning is looked for
    kEnded,      // nothing further can be read
  };
  // How far the value begun at value_begin_ has been looked at.
  struct Scan {
    bool active = false;
    bool object = false;  // only braces count; else brackets too
    bool scalar = false;
    bool in_string = false;
    bool escaped = false;
    std::int64_t depth = 0;
    std::size_t at = 0;
  };

  void run(bool last);
  bool step(char c);
  void begin_value();
  bool scan_value(bool last);
  bool scan_scalar(bool last);
  void end_value();
  void end_key();
  void end_array();
  void end_document();
  bool recover(std::size_t begin, std::size_t end);
  void value_too_long();
  void broken(std::string expected);
  void advance(std::size_t to);  // moves position_, counting lines
  void keep(std::string_view text) { skeleton_.append(text); }
  std::string received_at(std::size_t at) const;

  JsonItemSink& sink_;
  std::string buffer_;        // [0, end_) is text; kSpareBytes follow
  std::size_t end_ = 0;
  std::size_t position_ = 0;  // before it all is consumed
  std::uint32_t line_ = 1;    // of position_
  State state_ = State::kDocument;
  Scan scan_;
  std::string skeleton_;      // the root object without its streamed array
  std::uint32_t document_line_ = 1;
  std::string key_, streamed_;
  bool root_array_ = false;
  bool sequence_ = false;     // documents are single objects: each is scanned as one value
  bool first_ = true;
  std::uint32_t ordinal_ = 0, documents_ = 0;
  std::size_t rescanned_ = 0;
};

}  // namespace mifa::annotation
