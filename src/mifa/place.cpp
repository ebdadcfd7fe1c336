#include "mifa/place.h"

#include <algorithm>

#include "mifa/words.h"

namespace mifa::meta {

const std::string& Place::file_name() const {
  static const std::string kNone;
  return file ? *file : kNone;
}

std::string Place::describe() const {
  if (!file) return "nowhere";
  std::string result = *file;
  if (row > 0) {
    result += " row " + std::to_string(row);
    if (!column.empty()) result += ", column \"" + column + "\"";
  } else if (line > 0) {
    result += " line " + std::to_string(line);
  } else if (!pointer.empty()) {
    result += " at " + pointer;
  }
  return result;
}

bool has_text(const Text& text) { return !trimmed(text.value).empty(); }

bool has_text(const Texts& texts) {
  return std::any_of(texts.begin(), texts.end(), [](const Text& text) { return has_text(text); });
}

std::string joined(const Texts& texts, const std::string& separator) {
  std::string result;
  for (const Text& text : texts) {
    if (!has_text(text)) continue;
    if (!result.empty()) result += separator;
    result += text.value;
  }
  return result;
}

}  // namespace mifa::meta
