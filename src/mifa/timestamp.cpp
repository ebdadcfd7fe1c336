#include "mifa/timestamp.h"

#include <string>

#include "mifa/words.h"

namespace mifa::meta {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  // A number of between `least` and `most` digits.
  std::optional<int> number(int least, int most) {
    int value = 0;
    int digits = 0;
    while (!done() && digits < most && text_[at_] >= '0' && text_[at_] <= '9') {
      value = value * 10 + (text_[at_] - '0');
      ++at_;
      ++digits;
    }
    if (digits < least) return std::nullopt;
    return value;
  }
  void skip_digits() {
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

// Days since 1970-01-01 in the proleptic Gregorian calendar.
std::int64_t day_number(int year, int month, int day) {
  std::int64_t days = 365 * static_cast<std::int64_t>(year - 1970);
  const auto leaps = [](int y) { return y / 4 - y / 100 + y / 400; };
  days += leaps(year - 1) - leaps(1969);
  for (int m = 1; m < month; ++m) days += days_in(year, m);
  return days + day - 1;
}

bool read_time(Scanner& scanner, Timestamp& result) {
  const auto hour = scanner.number(1, 2);
  if (!hour || *hour > 24 || !scanner.take(':')) return false;
  const auto minute = scanner.number(2, 2);
  if (!minute || *minute > 59) return false;
  int seconds = 0;
  if (scanner.take(':')) {
    const auto second = scanner.number(2, 2);
    if (!second || *second > 60) return false;
    seconds = *second;
    if (scanner.take('.') || scanner.take(',')) {
      if (!scanner.number(1, 9)) return false;
      scanner.skip_digits();
    }
  }
  result.has_time = true;
  result.seconds += *hour * 3600 + *minute * 60 + seconds;
  return true;
}

bool read_zone(Scanner& scanner, Timestamp& result) {
  scanner.take(' ');
  if (scanner.done()) return true;
  result.has_zone = true;
  if (scanner.take_word("Z") || scanner.take_word("z") || scanner.take_word("UTC") ||
      scanner.take_word("GMT")) {
    return true;
  }
  const int sign = scanner.take('-') ? -1 : 1;
  if (sign == 1 && !scanner.take('+')) return false;
  const auto hours = scanner.number(2, 2);
  if (!hours || *hours > 15) return false;
  scanner.take(':');
  const auto minutes = scanner.done() ? std::optional<int>(0) : scanner.number(2, 2);
  if (!minutes || *minutes > 59) return false;
  result.seconds -= sign * (*hours * 3600 + *minutes * 60);
  return true;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Scanner scanner(trimmed(text));
  Timestamp result;
  const auto year = scanner.number(4, 4);
  if (!year || *year < 1800 || *year > 2999) return std::nullopt;
  int month = 1;
  int day = 1;
  char separator = '\0';
  for (const char c : {'-', '/', '.'}) {
    if (separator == '\0' && scanner.take(c)) separator = c;
  }
  if (separator != '\0') {
    const auto read_month = scanner.number(1, 2);
    if (!read_month || *read_month < 1 || *read_month > 12) return std::nullopt;
    month = *read_month;
    if (scanner.take(separator)) {
      const auto read_day = scanner.number(1, 2);
      if (!read_day || *read_day < 1 || *read_day > days_in(*year, month)) return std::nullopt;
      day = *read_day;
    }
  }
  result.seconds = day_number(*year, month, day) * 86400;
  if (scanner.done()) return result;
  if (!scanner.take('T') && !scanner.take('t') && !scanner.take(' ')) return std::nullopt;
  while (scanner.take(' ')) {
  }
  if (!read_time(scanner, result) || !read_zone(scanner, result)) return std::nullopt;
  if (!scanner.done()) return std::nullopt;
  return result;
}

}  // namespace mifa::meta
