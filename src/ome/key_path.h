// Paths inside a dataset, as metadata writes them, and the store keys they become.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mifa::ome {

// `relative` as seen from the group at `base` (both relative to the opened root, "" for the root),
// with "." and empty components left out and ".." resolved. Refuses what leaves the opened root,
// absolute paths, URLs, backslashes and control characters, and a path to the group itself: none of
// them can name a part of this dataset. The Error's message says what was wrong with it.
Result<std::string> join_path(const std::string& base, std::string_view relative);

// "a/b" + ".zattrs" → "a/b/.zattrs"; ".zattrs" for the root.
std::string key_in(const std::string& path, std::string_view file);

}  // namespace mifa::ome
