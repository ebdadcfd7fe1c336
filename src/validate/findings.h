// Collects the issues of one validation: graded by the rules' table and the configuration, within
// limits, and in an order that does not depend on who answered first.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/issue.h"
#include "core/json.h"
#include "validate/configuration.h"
#include "validate/rule.h"

namespace mifa::validate {

struct FindingLimits {
  // Issues of one rule in one file that are listed; the others are counted. A list of 10,000 wells
  // can have 10,000 mistakes, which nobody reads one by one.
  std::int64_t per_rule_and_file = 20;
  std::int64_t per_rule = 1'000;  // the same in all files together
  // The same words about more files than this are one issue, at the first: a writer's habit is one
  // fault in every array of a plate.
  std::size_t same_in_files = 20;
};

class Findings {
 public:
  explicit Findings(const Configuration& configuration, FindingLimits limits = {})
      : configuration_(configuration), limits_(limits) {}

  // The rule whose check runs next; false where it is turned off.
  bool begin(const Rule& rule, int minor);

  // About a value of a document; `received` is the value in a few words.
  void at(const JsonView& place, std::string message, std::string expected = {},
          std::string fix = {});
  // The same where the value is not what was received.
  void at(const JsonView& place, std::string message, std::string expected, std::string received,
          std::string fix);
  // About a file, or a folder (its path ends in "/").
  void in_file(std::string file, std::string message, std::string expected = {},
               std::string received = {}, std::string fix = {});
  // Fills in severity, fix and place in the table, unless the rule is off.
  void add(Issue issue);

  // What src/mifa found: with its own severity, unless the configuration has another.
  void adopt(Issue issue);

  // What the runner itself found: begin() and one of the above.
  template <typename... Arguments>
  void file(const char* rule, int minor, Arguments&&... arguments) {
    const Rule* found = find_rule(rule);
    if (found && begin(*found, minor)) in_file(std::forward<Arguments>(arguments)...);
  }
  template <typename... Arguments>
  void place(const char* rule, int minor, const JsonView& view, Arguments&&... arguments) {
    const Rule* found = find_rule(rule);
    if (found && begin(*found, minor)) at(view, std::forward<Arguments>(arguments)...);
  }

  // How often each rule was broken, listed or not.
  // By severity (its number).
  const std::map<std::string, std::array<std::int64_t, 3>>& counts() const { return counts_; }
  // Editions of the specification (minor numbers) at which a rule was looked up last.
  const std::map<std::string, int>& editions() const { return editions_; }
  // By file, pointer (line), rule. Precondition: called once, at the end.
  Issues take_sorted();

 private:
  void join_same();
  bool admit(const std::string& file);

  const Configuration& configuration_;
  FindingLimits limits_;
  const Rule* rule_ = nullptr;
  Severity severity_ = Severity::kError;
  int minor_ = 0;
  std::map<std::string, std::array<std::int64_t, 3>> counts_;
  std::map<std::pair<std::string, std::string>, std::int64_t> by_file_;
  std::map<std::string, int> editions_;
  Issues issues_;
};

}  // namespace mifa::validate
