// Plain text, as metadata has it: trimming, folding, splitting. ASCII rules only, so that the
// answer does not depend on a locale; bytes above 127 stay as they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mifa::meta {

// Without white space at both ends (also U+00A0 and U+FEFF, which spreadsheets leave behind).
std::string_view trimmed(std::string_view text);
std::string lower(std::string_view text);
// Letters and digits only, in lower case: "Source image", "source_image" and "sourceImage" are one.
std::string folded(std::string_view text);
// Trimmed parts; empty ones are left out.
std::vector<std::string> split(std::string_view text, char separator);
// The number of Unicode code points of UTF-8 text.
std::size_t characters(std::string_view text);
// Cut to `limit` bytes at a code point, with an ellipsis.
std::string shortened(std::string_view text, std::size_t limit);
// Whether a word of `text` starts with one of the stems; both in lower case.
bool has_word(std::string_view text, const std::vector<std::string_view>& stems);
// The part after the last "/".
std::string_view base_name(std::string_view path);
// "a", "a and b", "a, b and c", "a, b and 7 more" beyond `limit`.
std::string listing(const std::vector<std::string>& items, std::size_t limit = 5);
// A number written plainly ("12", "-0.5", "1e3"), all of the text; false otherwise.
bool parse_number(std::string_view text, double& value);
// What is done to bytes that are no UTF-8.
struct Decoded {
  std::string text;                // UTF-8.
  const char* encoding = nullptr;  // "UTF-16" or "Windows-1252"; null when it was UTF-8.
  int line = 0;                    // 1-based, of the first byte that is no UTF-8.
};
// UTF-16 with its byte order mark, as spreadsheets write it, else Windows-1252.
Decoded decode(std::string_view bytes);
// Valid UTF-8: what is not becomes U+FFFD. Reports go out as JSON.
std::string mended_utf8(std::string_view text);

}  // namespace mifa::meta
