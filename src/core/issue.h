// One thing that is wrong with a dataset, said so that its producer can mend it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mifa {

enum class Severity { kError, kWarning, kInfo };

// "error", "warning", "info".
const char* severity_name(Severity severity);

// Another place that an issue is about: the other of two that disagree.
struct IssuePlace {
  std::string file;
  std::string pointer;
  int line = 0;
  std::int64_t row = 0;
};

struct Issue {
  std::string rule;  // Stable id, e.g. "ome-zarr/axes-count".
  Severity severity = Severity::kError;
  std::string message;
  std::string file;     // Path relative to the dataset's root.
  std::string pointer;  // RFC 6901 JSON pointer inside the file; empty for the whole file.
  int line = 0;         // 1-based; 0 when unknown.
  std::string expected;
  std::string received;
  std::string fix;
  std::int64_t row = 0;             // 1-based, of a table, its heading not counted; 0 for none.
  std::vector<IssuePlace> related = {};  // Mostly empty.
};

using Issues = std::vector<Issue>;

}  // namespace mifa
