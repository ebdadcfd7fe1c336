// The lines of a text while a parser pulls its characters: for JSON’s SAX passes, which have no
// positions.
#pragma once

#include <cstddef>
#include <iterator>

namespace mifa {

struct LineCount {
  int line = 1;  // of the next character, 1-based
  bool newline_pending = false;
};

// An input iterator over characters that keeps `count`, which outlives it, up to date.
class LineCursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineCursor(const char* at, LineCount* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  LineCursor& operator++() {
    // Counted when passed, not when read: the lexer looks one character past a number.
    if (count_->newline_pending) ++count_->line;
    count_->newline_pending = *at_ == '\n';
    ++at_;
    return *this;
  }
  LineCursor operator++(int) {
    const LineCursor before = *this;
    ++*this;
    return before;
  }
  bool operator==(const LineCursor& other) const { return at_ == other.at_; }
  bool operator!=(const LineCursor& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  LineCount* count_;
};

}  // namespace mifa
