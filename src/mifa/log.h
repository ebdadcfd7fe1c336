// Collects issues while metadata is read and checked, within limits: a hostile file can hold a
// million mistakes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "core/issue.h"
#include "mifa/place.h"

namespace mifa::meta {

// What is wrong, without the place. `rule` is an id of the table in mifa/checks.h. Made where it is
// filed.
struct Finding {
  std::string_view rule;
  Severity severity = Severity::kError;
  std::string message = {};
  std::string expected = {};
  std::string received = {};
  std::string fix = {};
};

class Log {
 public:
  // At most this many issues of one rule in one file; the last one then says how many more there
  // are.
  explicit Log(std::int64_t issues_per_rule = 50) : issues_per_rule_(issues_per_rule) {}

  // About a value. Rows and columns are named in the message; the row is also the line.
  void add(const Place& place, Finding finding);
  // The same, but said once for all findings of a rule, file and group; the issue counts the
  // others.
  void add_once(const Place& place, const std::string& group, Finding finding);
  // About a value and another one that it disagrees with.
  void add_related(const Place& place, const Place& other, Finding finding);
  // About a whole file.
  void add_file(const std::string& file, Finding finding);

  // All issues, in the order filed, those beyond the limit counted in the last one of their rule.
  Issues take();

 private:
  struct Count {
    std::int64_t limit = 0;
    std::int64_t count = 0;
    std::size_t last = 0;  // In issues_, of the last one filed.
    bool filed = false;
  };
  void file(Issue issue, const std::string& group, std::int64_t limit);

  std::int64_t issues_per_rule_;
  std::map<std::tuple<std::string, std::string, std::string>, Count> counts_;
  Issues issues_;
};

}  // namespace mifa::meta
