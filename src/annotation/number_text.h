// Numbers as people and programs write them in tables.
#pragma once

#include <cstdint>
#include <string_view>

namespace mifa::annotation {

struct TextNumber {
  enum class Kind : std::uint8_t {
    kText,     // not a number
    kMissing,  // empty, or a word for "no value": NA, NaN, null, None
    kInteger,
    kNumber,
  };
  Kind kind = Kind::kText;
  double number = 0;         // kInteger and kNumber
  std::int64_t integer = 0;  // kInteger
  // Whether the text is how the number would be written: "007" is not, and may be a name.
  bool canonical = true;
};

// Reads the whole text, blanks around it aside. `decimal` is '.' or ','. Infinities are numbers;
// integers of 20 digits and more, which no integer here can hold, are texts.
TextNumber read_number(std::string_view text, char decimal = '.');

// Without the blanks (and non-breaking spaces) around it.
std::string_view stripped(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII only

}  // namespace mifa::annotation
