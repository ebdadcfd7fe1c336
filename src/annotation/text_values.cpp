#include "annotation/text_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace mifa::annotation {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr std::size_t kLongestNumber = 63;  // of digits and signs; more is no coordinate

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  text = stripped(text);
  if (text.empty() || text.size() > kLongestNumber ||
      text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) {
    return std::nullopt;
  }
  // std::from_chars has no doubles in Emscripten's library.
  char copy[kLongestNumber + 1];
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  char* end = nullptr;
  const double value = std::strtod(copy, &end);
  if (end != copy + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = stripped(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

NumberList parse_numbers(std::string_view text, std::string_view separators) {
  const std::string between = std::string(kBlanks) + std::string(separators);
  NumberList list;
  for (std::size_t begin = 0;;) {
    begin = text.find_first_not_of(between, begin);
    if (begin == std::string_view::npos) return list;
    const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
    const std::string_view piece = text.substr(begin, end - begin);
    const auto number = parse_number(piece);
    if (!number) {
      list.bad = std::string(piece.substr(0, 40));
      return list;
    }
    list.numbers.push_back(*number);
    begin = end;
  }
}

void add_value(LayerBuilder& builder, std::string_view column, std::string_view text) {
  text = stripped(text);
  if (text.empty() || column.empty()) return;
  // Texts such as "007" are names, not numbers.
  const bool padded = text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
  if (const auto integer = parse_integer(text); integer && !padded)
    builder.integer(column, *integer);
  else if (const auto number = parse_number(text); number && !padded)
    builder.number(column, *number);
  else
    builder.text(column, text);
}

std::string short_number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.7g", value);
  return text;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 80;
  if (text.size() <= kShown) return "\"" + std::string(text) + "\"";
  std::size_t cut = kShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80)
    --cut;  // not inside a character
  return "\"" + std::string(text.substr(0, cut)) + "…\"";
}

std::string color_text(const Color& color) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", color[0], color[1], color[2]);
  return text;
}

std::optional<Color> parse_color(std::string_view text) {
  text = stripped(text);
  if (text.starts_with('#')) text.remove_prefix(1);
  if (text.size() != 6) return std::nullopt;
  Color color{};
  for (std::size_t i = 0; i < 3; ++i) {
    const char* const begin = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, color[i], 16);
    if (error != std::errc() || end != begin + 2) return std::nullopt;
  }
  return color;
}

Mismatch mismatch_of(const Error& error) {
  constexpr std::string_view kExpected = "expected ", kReceived = ", received ";
  const std::string_view message = error.message;
  const std::size_t received = message.find(kReceived);
  if (!message.starts_with(kExpected) || received == std::string_view::npos)
    return {"what can be read", error.message};
  return {std::string(message.substr(kExpected.size(), received - kExpected.size())),
          std::string(message.substr(received + kReceived.size()))};
}

bool ends_with_word(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() &&
         equal_ignoring_case(text.substr(text.size() - ending.size()), ending);
}

}  // namespace mifa::annotation
