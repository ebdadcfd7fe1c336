#include "annotation/number_text.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace mifa::annotation {

namespace {

constexpr std::array<double, 23> kTens = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                          1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                          1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;  // integers up to here are doubles
constexpr std::size_t kLongest = 400;                     // characters; longer is no number

bool digit(char c) { return c >= '0' && c <= '9'; }

struct Digits {
  std::uint64_t mantissa = 0;
  int count = 0;         // significant digits
  int seen = 0;          // digits
  int exponent = 0;      // of ten, for the mantissa
  bool dropped = false;  // digits that no longer fit
};

void add_digit(Digits& digits, char c, bool fraction) {
  ++digits.seen;
  if (digits.count < 19) {
    digits.mantissa = digits.mantissa * 10 + static_cast<std::uint64_t>(c - '0');
    if (digits.mantissa != 0) ++digits.count;
    if (fraction) --digits.exponent;
    return;
  }
  digits.dropped = digits.dropped || c != '0';
  if (!fraction) ++digits.exponent;
}

// By the C library, for the few that the quick way cannot do exactly.
double slow_number(std::string_view text, char decimal) {
  std::string copy(text);
  if (decimal != '.') {
    if (const auto at = copy.find(decimal); at != std::string::npos) copy[at] = '.';
  }
  return std::strtod(copy.c_str(), nullptr);
}

bool is_missing_word(std::string_view text) {
  for (const std::string_view word : {"na", "nan", "n/a", "null", "none", "<na>", "#n/a", "-"}) {
    if (equal_ignoring_case(text, word)) return true;
  }
  return false;
}

TextNumber word(std::string_view text) {
  TextNumber result;
  if (text.empty() || (text.size() <= 4 && is_missing_word(text))) {
    result.kind = TextNumber::Kind::kMissing;
    return result;
  }
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (equal_ignoring_case(text, "nan")) {
    result.kind = TextNumber::Kind::kMissing;
  } else if (equal_ignoring_case(text, "inf") || equal_ignoring_case(text, "infinity")) {
    result.kind = TextNumber::Kind::kNumber;
    result.number = negative ? -std::numeric_limits<double>::infinity()
                             : std::numeric_limits<double>::infinity();
  }
  return result;
}

}  // namespace

std::string_view stripped(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  constexpr std::string_view kNoBreak = "\xc2\xa0";
  for (;;) {
    if (!text.empty() && blank(text.front())) {
      text.remove_prefix(1);
    } else if (!text.empty() && blank(text.back())) {
      text.remove_suffix(1);
    } else if (text.starts_with(kNoBreak)) {
      text.remove_prefix(2);
    } else if (text.ends_with(kNoBreak)) {
      text.remove_suffix(2);
    } else {
      return text;
    }
  }
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

TextNumber read_number(std::string_view text, char decimal) {
  text = stripped(text);
  TextNumber result;
  if (text.size() > kLongest) return result;
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) ++at;
  if (at >= text.size() || !(digit(text[at]) || text[at] == decimal)) return word(text);

  Digits digits;
  const std::size_t first = at;
  for (; at < text.size() && digit(text[at]); ++at) add_digit(digits, text[at], false);
  const bool zeros = digits.seen > 1 && text[first] == '0';
  const bool whole = at == text.size();
  if (at < text.size() && text[at] == decimal) {
    for (++at; at < text.size() && digit(text[at]); ++at) add_digit(digits, text[at], true);
  }
  if (digits.seen == 0) return result;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t end = at + 1;
    const bool down = end < text.size() && text[end] == '-';
    if (down || (end < text.size() && text[end] == '+')) ++end;
    if (end == text.size() || !digit(text[end])) return result;
    int exponent = 0;
    for (; end < text.size() && digit(text[end]); ++end) {
      if (exponent < 100'000) exponent = exponent * 10 + (text[end] - '0');
    }
    digits.exponent += down ? -exponent : exponent;
    at = end;
  }
  if (at != text.size()) return result;

  result.canonical = !zeros && text[0] != '+';
  if (whole) {
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (digits.seen > 19 + (zeros ? digits.seen : 0) || digits.exponent != 0 ||
        digits.mantissa > kLargest) {
      return result;  // Exact as a text only.
    }
    result.kind = TextNumber::Kind::kInteger;
    result.integer = negative ? -static_cast<std::int64_t>(digits.mantissa)
                              : static_cast<std::int64_t>(digits.mantissa);
    result.number = static_cast<double>(result.integer);
    return result;
  }
  result.kind = TextNumber::Kind::kNumber;
  if (digits.mantissa <= kExact && !digits.dropped && digits.exponent >= -22 &&
      digits.exponent <= 22) {
    // Both are exact doubles, so that one operation rounds once (Clinger 1990).
    const auto mantissa = static_cast<double>(digits.mantissa);
    result.number = digits.exponent < 0
                        ? mantissa / kTens[static_cast<std::size_t>(-digits.exponent)]
                        : mantissa * kTens[static_cast<std::size_t>(digits.exponent)];
    if (negative) result.number = -result.number;
    return result;
  }
  result.number = slow_number(text, decimal);
  return result;
}

}  // namespace mifa::annotation
