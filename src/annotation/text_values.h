// Values written as text, as they stand in XML and in lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/builder.h"
#include "annotation/number_text.h"
#include "core/result.h"

namespace mifa::annotation {

// The finite number that is the whole text but for blanks around it. No "nan", "inf" or "0x10".
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

// Numbers with blanks and any of `separators` between them. `bad` is the first piece that is no
// number (what follows it is not read); empty when all are.
struct NumberList {
  std::vector<double> numbers;
  std::string bad;
};
NumberList parse_numbers(std::string_view text, std::string_view separators);

// Gives the builder's object the value that a text is: an integer, a number or the text. Empty:
// none.
void add_value(LayerBuilder& builder, std::string_view column, std::string_view text);

// A number for a message: "12", "0.25".
std::string short_number(double value);

// A text of unknown length for a message: in quotes, cut after 80 bytes.
std::string in_quotes(std::string_view text);

// "#ff0080", and back (also without "#"); nothing when it is none.
std::string color_text(const Color& color);
std::optional<Color> parse_color(std::string_view text);

// "expected a, received b" as an issue has it.
struct Mismatch {
  std::string expected, received;
};
Mismatch mismatch_of(const Error& error);

// Whether a text ends with another, but for the case of ASCII letters.
bool ends_with_word(std::string_view text, std::string_view ending);

}  // namespace mifa::annotation
