#include "ome/key_path.h"

#include <algorithm>
#include <vector>

#include "ome/concat.h"

namespace mifa::ome {
namespace {

Error refused(std::string_view path, const std::string& why) {
  std::string shown(path.substr(0, 80));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return {ErrorCode::kFixData,
          concat("expected a path relative to its group, received \"", shown, "\", ", why)};
}

// "https://host/x", "s3:x": a scheme of letters and digits before the first colon, then a slash or
// the end. "A:1" may be the name of a folder.
bool has_scheme(std::string_view path) {
  const std::size_t colon = path.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view scheme = path.substr(0, colon);
  const bool plain = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
  });
  return plain && path.substr(colon + 1, 2) == "//";
}

}  // namespace

Result<std::string> join_path(const std::string& base, std::string_view relative) {
  if (relative.starts_with('/')) return refused(relative, "which is absolute");
  if (has_scheme(relative)) return refused(relative, "which is a URL");
  std::vector<std::string_view> parts;
  const auto add = [&parts](std::string_view path) {
    while (!path.empty()) {
      const std::size_t slash = path.find('/');
      const std::string_view part = path.substr(0, slash);
      path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return false;
      } else {
        parts.pop_back();
      }
    }
    return true;
  };
  for (const char c : relative) {
    if (c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      return refused(relative, "which has a backslash or a control character in it");
    }
  }
  if (!add(base) || !add(relative)) {
    return refused(relative, "which leads out of the dataset that was opened");
  }
  std::string result;
  for (const std::string_view part : parts) {
    if (!result.empty()) result += '/';
    result += part;
  }
  if (result == base) return refused(relative, "which is the group itself");
  return result;
}

std::string key_in(const std::string& path, std::string_view file) {
  return path.empty() ? std::string(file) : concat(path, "/", file);
}

}  // namespace mifa::ome
