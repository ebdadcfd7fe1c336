// Dates and times as metadata writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mifa::meta {

struct Timestamp {
  std::int64_t seconds = 0;  // Since 1970-01-01T00:00:00, UTC where a zone is stated, else local.
  bool has_time = false;
  bool has_zone = false;
};

// ISO 8601 in the forms in use: a date (YYYY, YYYY-MM, YYYY-MM-DD, also with slashes or dots in
// that order), then perhaps "T" or a space and a time with optional seconds, fraction and zone
// ("Z", "+01:00", "UTC"). Nothing when it is none or does not exist in the calendar.
std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace mifa::meta
