// Collects issues while metadata is read, within limits: a hostile file can hold a million
// mistakes, and each line number costs a walk through the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/issue.h"
#include "core/json.h"

namespace mifa::ome {

// What is wrong, without the place. `rule` is a stable id such as "ome-zarr/axes-count". Made where
// it is filed: the views are of literals and of what lives until the end of that statement.
struct Finding {
  const char* rule;
  Severity severity = Severity::kError;
  std::string_view message = {};
  std::string_view expected = {};
  std::string_view fix = {};
};

class IssueLog {
 public:
  IssueLog(std::int64_t maximum_issues, std::int64_t issues_per_rule)
      : maximum_issues_(maximum_issues), issues_per_rule_(issues_per_rule) {}

  // About a value of a document; `received` is the value in a few words.
  void at(const JsonView& place, const Finding& finding);
  // The same as an error, with less to write.
  void error(const JsonView& place, const char* rule, std::string_view message,
             std::string_view expected, std::string_view fix);
  // About a file that could not be read, or that is not there.
  void at_file(const std::string& file, const Finding& finding, std::string_view received = {});
  // One issue for all items of a rule in a file: "<message> A/1, A/2 and 37 more."
  void tally(const JsonView& place, Finding finding, const std::string& item);

  const Issues& issues() const { return issues_; }

 private:
  // Whether one more issue of this rule in this file may be kept; counts it.
  bool admit(const std::string& rule, const std::string& file);
  // Whether this was said before: what is read twice, as a well is, is wrong once.
  bool repeated(const Finding& finding, const std::string& file, const std::string& pointer) const;

  std::int64_t maximum_issues_;
  std::int64_t issues_per_rule_;
  std::map<std::pair<std::string, std::string>, std::int64_t> counts_;
  struct Tally {
    std::size_t issue = 0;
    std::int64_t count = 0;
    std::string text;
  };
  std::map<std::pair<std::string, std::string>, Tally> tallies_;
  Issues issues_;
};

}  // namespace mifa::ome
