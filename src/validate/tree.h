// The files of a dataset as far as a store can list them.
#pragma once

#include <cctype>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace mifa::validate {

struct Tree {
  bool listed = false;                        // whether the store can list at all
  std::map<std::string, std::int64_t> files;  // by key, with size in bytes (-1 where not known)
  std::set<std::string> folders;              // without a slash at the end; the root is ""

  bool has_file(const std::string& key) const { return files.contains(key); }
  // The size, or -1.
  std::int64_t size_of(const std::string& key) const {
    const auto found = files.find(key);
    return found == files.end() ? -1 : found->second;
  }
  // The first file whose key is below the folder, or files.end().
  std::map<std::string, std::int64_t>::const_iterator first_below(const std::string& folder) const {
    return files.lower_bound(folder.empty() ? std::string() : folder + "/");
  }
};

// "a/b/c" → "a/b"; "a" → "".
inline std::string parent_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}
// "a/b/c" → "c".
inline std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 == 0
}

// ASCII letters of a name or a path, small.
inline std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return small;
}

}  // namespace mifa::validate
