// Messages and keys put together from parts: one call a part, where a chain of "+" makes and drops
// a string for each, which counts in a program that is downloaded.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace mifa::ome {

void append_part(std::string& text, const char* part);
void append_part(std::string& text, const std::string& part);
void append_part(std::string& text, std::string_view part);
void append_number(std::string& text, std::int64_t number);

template <std::integral T>
[[gnu::always_inline]] inline void append_part(std::string& text, T number) {
  append_number(text, static_cast<std::int64_t>(number));
}

// Parts are text, or integers that are written out.
template <typename... Parts>
[[gnu::always_inline]] inline std::string concat(const Parts&... parts) {
  std::string text;
  (append_part(text, parts), ...);
  return text;
}

}  // namespace mifa::ome
