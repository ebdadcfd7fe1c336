// Text inside XML and HTML.
#pragma once

#include <string>

#include "validate/report_text.h"

namespace mifa::validate {

// Fit for element content and for attributes in double quotes.
inline std::string escaped(std::string_view raw) {
  std::string result;
  for (const char c : printable(raw)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace mifa::validate
