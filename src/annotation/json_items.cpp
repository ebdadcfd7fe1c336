#include "annotation/json_items.h"

#include <algorithm>
#include <cstring>

#include "annotation/json_space.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

// Sixteen bytes at a time, in whatever registers the machine has for that.
using Bytes16 = unsigned char __attribute__((vector_size(16)));
using Words2 = std::uint64_t __attribute__((vector_size(16)));

Bytes16 sixteen(const char* text) {
  Bytes16 bytes;
  std::memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

bool any(Bytes16 bytes) {
  const Words2 words = reinterpret_cast<Words2>(bytes);
  return (words[0] | words[1]) != 0;
}

// The first quote or brace at or after `at`: between two of them lie the hundreds of bytes of a
// polygon's coordinates. ({, }, y and DEL are alike but for two bits.)
std::size_t next_brace_or_quote(const char* text, std::size_t at, std::size_t end) {
  for (;;) {
    for (; at + 32 <= end; at += 32) {
      const Bytes16 a = sixteen(text + at), b = sixteen(text + at + 16);
      if (any(reinterpret_cast<Bytes16>((a == '"') | ((a | 0x06) == 0x7f) | (b == '"') | ((b | 0x06) == 0x7f)))) break;
    }
    const std::size_t stop = std::min(at + 32, end);
    for (; at < stop; ++at) {
      if (text[at] == '"' || text[at] == '{' || text[at] == '}') return at;
    }
    if (at >= end) return end;
  }
}

std::uint32_t count_lines(const char* text, std::size_t size) {
  std::uint32_t lines = 0;
  std::size_t at = 0;
  while (at + 16 <= size) {
    // A byte counts to 255 before it has to be added up.
    const std::size_t stop = std::min(size - 15, at + std::size_t{255} * 16);
    Bytes16 counts = {};
    for (; at < stop; at += 16) counts -= reinterpret_cast<Bytes16>(sixteen(text + at) == '\n');
    for (int i = 0; i < 16; ++i) lines += counts[i];
  }
  for (; at < size; ++at) lines += text[at] == '\n' ? 1 : 0;
  return lines;
}

}  // namespace

bool JsonItems::feed(std::string_view window) {
  if (state_ == State::kEnded) return false;
  if (position_ > 0) {
    // What is consumed makes room; the scan's places move with the text.
    std::memmove(buffer_.data(), buffer_.data() + position_, end_ - position_);
    end_ -= position_;
    if (scan_.active) scan_.at -= position_;
    position_ = 0;
  }
  if (buffer_.size() < end_ + window.size() + kSpareBytes) {
    buffer_.resize(end_ + window.size() + kSpareBytes);
  }
  std::memcpy(buffer_.data() + end_, window.data(), window.size());
  end_ += window.size();
  buffer_[end_] = '\0';
  if (first_ && end_ >= 3) {
    first_ = false;
    if (std::memcmp(buffer_.data(), "\xEF\xBB\xBF", 3) == 0) position_ = 3;
  }
  if (!first_) run(false);
  return state_ != State::kEnded;
}

void JsonItems::finish() {
  if (state_ == State::kEnded) return;
  if (buffer_.size() < end_ + kSpareBytes) buffer_.resize(end_ + kSpareBytes);
  first_ = false;
  run(true);
  if (state_ == State::kEnded) return;
  if (state_ == State::kItem || state_ == State::kAfterItem) {
    broken("a comma and a next item, or \"]\"");
  } else if (state_ != State::kDocument && state_ != State::kLost) {
    broken("the rest of the object that begins in line " + std::to_string(document_line_));
  }
}

void JsonItems::run(bool last) {
  while (state_ != State::kEnded) {
    if (scan_.active) {
      if (scan_value(last)) end_value();
      else if (scan_.active) return;  // else it was given up, and the rest may be read
      continue;
    }
    std::size_t at = position_;
    // A record separator begins each text of RFC 8142.
    while (at < end_ && (is_json_space(buffer_[at]) || (buffer_[at] == '\x1e' && state_ == State::kDocument))) {
      ++at;
    }
    advance(at);
    if (at == end_) return;
    if (!step(buffer_[at])) return;
  }
}

// One token outside of values. False when more text is needed.
bool JsonItems::step(char c) {
  const auto take = [&](State next) {
    if (state_ != State::kItem && state_ != State::kAfterItem) keep({&buffer_[position_], 1});
    advance(position_ + 1);
    state_ = next;
    return true;
  };
  switch (state_) {
    case State::kDocument:
      if (c == '{' && !sequence_) {
        skeleton_.clear();
        streamed_.clear();
        root_array_ = false;
        document_line_ = line_;
        return take(State::kKey);
      }
      if (c == '[') {
        root_array_ = true;
        ordinal_ = 0;
        document_line_ = line_;
        sink_.begin_array({});
        advance(position_ + 1);
        state_ = State::kItem;
        return true;
      }
      begin_value();
      return true;
    case State::kKey:
      if (c == '}') {
        take(State::kDocument);
        end_document();
        return true;
      }
      if (c != '"') return broken("a name in double quotes, or \"}\""), true;
      begin_value();
      return true;
    case State::kColon:
      if (c != ':') return broken("\":\" after the name \"" + key_ + "\""), true;
      return take(State::kValue);
    case State::kValue:
      if (c == '[' && streamed_.empty() && (key_ == "features" || key_ == "geometries")) {
        streamed_ = key_;
        ordinal_ = 0;
        sink_.begin_array(key_);
        return take(State::kItem);
      }
      if (c == ',' || c == '}' || c == ']' || c == ':') return broken("a value of \"" + key_ + "\""), true;
      begin_value();
      return true;
    case State::kAfterValue:
      if (c == ',') return take(State::kKey);
      if (c == '}') {
        take(State::kDocument);
        end_document();
        return true;
      }
      return broken("a comma or \"}\" after the value of \"" + key_ + "\""), true;
    case State::kItem:
      if (c == ']') return end_array(), true;
      if (c == ',' || c == '}' || c == ':') {
        sink_.broken(line_, "an item", received_at(position_));
        std::size_t next = position_ + 1;
        while (next < end_ && (is_json_space(buffer_[next]) || std::strchr(",}:", buffer_[next]))) ++next;
        advance(next);
        return true;
      }
      begin_value();
      return true;
    case State::kAfterItem:
      if (c == ',') return take(State::kItem);
      if (c == ']') return end_array(), true;
      // A forgotten comma, or what a broken item left behind.
      sink_.broken(line_, "a comma or \"]\" after item " + std::to_string(ordinal_ - 1),
                   received_at(position_));
      state_ = State::kLost;
      return true;
    case State::kLost: {
      const std::size_t begin = sink_.next_beginning({&buffer_[position_], end_ - position_}, 0);
      if (begin == kNowhere) {
        // A beginning may lie across two windows.
        if (end_ - position_ > 256) advance(end_ - 256);
        return false;
      }
      advance(position_ + begin);
      state_ = State::kItem;
      return true;
    }
    case State::kEnded:
      return false;
  }
  return false;
}

void JsonItems::begin_value() {
  const char c = buffer_[position_];
  if (state_ == State::kItem && c == '{') {
    const std::size_t length = sink_.take_item({{&buffer_[position_], end_ - position_}, ordinal_, line_});
    if (length > 0) {
      ++ordinal_;
      advance(position_ + length);
      state_ = State::kAfterItem;
      return;
    }
  }
  scan_ = {};
  scan_.active = true;
  scan_.at = position_;
  scan_.object = c == '{';
  scan_.scalar = c != '{' && c != '[' && c != '"';
}

// True when the value's end is found: scan_.at is behind it.
bool JsonItems::scan_value(bool last) {
  if (scan_.scalar) return scan_scalar(last);
  const char* text = buffer_.data();
  std::size_t at = scan_.at;
  while (at < end_) {
    if (scan_.in_string) {
      const char c = text[at++];
      if (scan_.escaped) {
        scan_.escaped = false;
      } else if (c == '\\') {
        scan_.escaped = true;
      } else if (c == '"' || c == '\n') {
        // A line break cannot be in a string: the quote was forgotten, and the rest can still be read.
        scan_.in_string = false;
        if (scan_.depth == 0) return scan_.at = at, true;
      }
      continue;
    }
    if (scan_.object) at = next_brace_or_quote(text, at, end_);
    if (at == end_) break;
    const char c = text[at++];
    if (c == '"') {
      scan_.in_string = true;
    } else if (c == '{' || (c == '[' && !scan_.object)) {
      ++scan_.depth;
    } else if (c == '}' || (c == ']' && !scan_.object)) {
      if (--scan_.depth <= 0) return scan_.at = at, true;
    }
  }
  scan_.at = at;
  if (!last && end_ - position_ <= kItemBytes) return false;
  value_too_long();
  return false;
}

bool JsonItems::scan_scalar(bool last) {
  std::size_t at = scan_.at;
  const auto ends = [](char c) {
    return is_json_space(c) || c == ',' || c == ']' || c == '}' || c == '{' || c == '[' || c == '"' || c == '\x1e';
  };
  // At least one character, so that nothing stands still.
  if (at == position_) ++at;
  while (at < end_ && !ends(buffer_[at])) ++at;
  scan_.at = at;
  if (at < end_ || last) return true;
  if (at - position_ <= kItemBytes) return false;
  value_too_long();
  return false;
}

// The text has ended, or a limit is reached, inside of a value.
void JsonItems::value_too_long() {
  const bool ended = end_ - position_ <= kItemBytes;
  scan_.active = false;
  sink_.broken(line_,
               ended ? "the end of what begins in this line"
                     : "an item of at most " + std::to_string(kItemBytes) + " bytes",
               ended ? "the end of the file" : "a longer one");
  const bool item = state_ == State::kItem || state_ == State::kDocument;
  if (item) ++ordinal_;
  if (!item || !recover(position_, end_)) state_ = State::kEnded;
}

void JsonItems::end_value() {
  const std::size_t begin = position_, end = scan_.at;
  scan_.active = false;
  const std::string_view text(buffer_.data() + begin, end - begin);
  switch (state_) {
    case State::kKey:
      end_key();
      return;
    case State::kValue:
      keep(text);
      advance(end);
      state_ = State::kAfterValue;
      if (skeleton_.size() > kItemBytes) {
        broken("an object of at most " + std::to_string(kItemBytes) + " bytes");
      }
      return;
    case State::kDocument: {
      const JsonVerdict verdict = sink_.document({text, documents_, line_}, {});
      if (verdict == JsonVerdict::kStream && sequence_ && text[0] == '{') {
        sequence_ = false;
        return;
      }
      ++documents_;
      if (verdict == JsonVerdict::kBroken && recover(begin, end)) return;
      advance(end);
      return;
    }
    default: {
      const JsonVerdict verdict = sink_.item({text, ordinal_, line_});
      ++ordinal_;
      if (verdict == JsonVerdict::kBroken && recover(begin, end)) return;
      advance(end);
      state_ = State::kAfterItem;
      return;
    }
  }
}

void JsonItems::end_key() {
  const std::string_view text(buffer_.data() + position_, scan_.at - position_);
  keep(text);
  key_ = text.size() >= 2 ? text.substr(1, text.size() - 2) : text;
  if (key_.size() > 100) key_.resize(100);
  advance(scan_.at);
  state_ = State::kColon;
}

void JsonItems::end_array() {
  const bool root = root_array_;
  if (!root) keep("]");
  advance(position_ + 1);
  state_ = root ? State::kDocument : State::kAfterValue;
  if (root) ++documents_;
}

void JsonItems::end_document() {
  const std::size_t size = skeleton_.size();
  skeleton_.append(kSpareBytes, '\0');
  sink_.document({std::string_view(skeleton_).substr(0, size), documents_, document_line_}, streamed_);
  ++documents_;
  // Features or geometries one after the other: no array can be in them that wants streaming.
  if (streamed_.empty()) sequence_ = true;
}

// After the broken value of buffer_[begin, end): goes on where the next one seems to begin inside of it.
bool JsonItems::recover(std::size_t begin, std::size_t end) {
  const std::size_t next = sink_.next_beginning({buffer_.data() + begin, end - begin}, 1);
  if (next == kNowhere) return false;
  rescanned_ += end - begin;
  if (rescanned_ > kRescannedBytes) return false;
  advance(begin + next);
  return true;
}

void JsonItems::broken(std::string expected) {
  sink_.broken(line_, std::move(expected), received_at(position_));
  state_ = State::kEnded;
}

void JsonItems::advance(std::size_t to) {
  line_ += count_lines(buffer_.data() + position_, to - position_);
  position_ = to;
}

std::string JsonItems::received_at(std::size_t at) const {
  if (at >= end_) return "the end of the file";
  std::string text = "\"";
  for (std::size_t i = at; i < std::min(at + 24, end_) && buffer_[i] != '\n'; ++i) {
    text += buffer_[i] >= ' ' ? buffer_[i] : ' ';
  }
  return text + "\"";
}

}  // namespace mifa::annotation
