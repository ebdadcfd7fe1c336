#include "ome/issue_log.h"

#include <algorithm>

#include "ome/concat.h"

namespace mifa::ome {

bool IssueLog::admit(const std::string& rule, const std::string& file) {
  const auto total = static_cast<std::int64_t>(issues_.size());
  if (total >= maximum_issues_) return false;
  Issue more;
  if (total + 1 == maximum_issues_) {
    more.rule = "ome-zarr/more-issues";
    more.severity = Severity::kWarning;
    more.message = concat("Only the first ", total,
                          " issues are listed: mend these and open the dataset again.");
    issues_.push_back(std::move(more));
    return false;
  }
  const std::int64_t count = ++counts_[{rule, file}];
  if (count <= issues_per_rule_) return true;
  if (count == issues_per_rule_ + 1) {
    more.rule = rule;
    more.severity = Severity::kInfo;
    more.file = file;
    more.message =
        concat("More of the same in ", (file.empty() ? std::string("this dataset") : file),
               ": only the first ", issues_per_rule_, " are listed.");
    issues_.push_back(std::move(more));
  }
  return false;
}

bool IssueLog::repeated(const Finding& finding, const std::string& file,
                        const std::string& pointer) const {
  return std::any_of(issues_.begin(), issues_.end(), [&](const Issue& issue) {
    return issue.rule == finding.rule && issue.pointer == pointer && issue.file == file &&
           issue.message == finding.message;
  });
}

void IssueLog::tally(const JsonView& place, Finding finding, const std::string& item) {
  constexpr std::int64_t kNamed = 8;
  Tally& tally = tallies_[{finding.rule, place.file()}];
  if (tally.count == 0) tally.text = concat(std::string(finding.message), " ");
  if (tally.count < kNamed) tally.text += (tally.count > 0 ? ", " : "") + item;
  const std::int64_t more = ++tally.count - kNamed;
  const std::string text = tally.text + (more > 0 ? concat(" and ", more, " more.") : ".");
  if (tally.count == 1) {
    finding.message = text;
    tally.issue = issues_.size();
    at(place, finding);
  } else if (tally.issue < issues_.size() && issues_[tally.issue].rule == finding.rule) {
    issues_[tally.issue].message = text;
  }
}

void IssueLog::error(const JsonView& place, const char* rule, std::string_view message,
                     std::string_view expected, std::string_view fix) {
  at(place, {.rule = rule, .message = message, .expected = expected, .fix = fix});
}

void IssueLog::at(const JsonView& place, const Finding& finding) {
  if (repeated(finding, place.file(), place.pointer())) return;
  if (!admit(finding.rule, place.file())) return;
  Issue issue = place.issue(finding.rule, finding.severity, std::string(finding.message));
  issue.expected = finding.expected;
  issue.fix = finding.fix;
  issues_.push_back(std::move(issue));
}

void IssueLog::at_file(const std::string& file, const Finding& finding, std::string_view received) {
  if (repeated(finding, file, "") || !admit(finding.rule, file)) return;
  Issue issue;
  issue.rule = finding.rule;
  issue.severity = finding.severity;
  issue.message = finding.message;
  issue.file = file;
  issue.expected = finding.expected;
  issue.received = received;
  issue.fix = finding.fix;
  issues_.push_back(std::move(issue));
}

}  // namespace mifa::ome
