#include "ome/issue_log.h"

namespace mifa::ome {

bool IssueLog::admit(const std::string& rule, const std::string& file) {
  const auto total = static_cast<std::int64_t>(issues_.size());
  if (total >= maximum_issues_) return false;
  Issue more;
  if (total + 1 == maximum_issues_) {
    more.rule = "ome-zarr/more-issues";
    more.severity = Severity::kWarning;
    more.message = "Only the first " + std::to_string(total) +
                   " issues are listed: mend these and open the dataset again.";
    issues_.push_back(std::move(more));
    return false;
  }
  const std::int64_t count = ++counts_[{rule, file}];
  if (count <= issues_per_rule_) return true;
  if (count == issues_per_rule_ + 1) {
    more.rule = rule;
    more.severity = Severity::kInfo;
    more.file = file;
    more.message = "More of the same in " + (file.empty() ? std::string("this dataset") : file) +
                   ": only the first " + std::to_string(issues_per_rule_) + " are listed.";
    issues_.push_back(std::move(more));
  }
  return false;
}

void IssueLog::at(const JsonView& place, Finding finding) {
  if (!admit(finding.rule, place.file())) return;
  Issue issue = place.issue(finding.rule, finding.severity, std::move(finding.message));
  issue.expected = std::move(finding.expected);
  issue.fix = std::move(finding.fix);
  issues_.push_back(std::move(issue));
}

void IssueLog::at_file(const std::string& file, Finding finding, std::string received) {
  if (!admit(finding.rule, file)) return;
  Issue issue;
  issue.rule = finding.rule;
  issue.severity = finding.severity;
  issue.message = std::move(finding.message);
  issue.file = file;
  issue.expected = std::move(finding.expected);
  issue.received = std::move(received);
  issue.fix = std::move(finding.fix);
  issues_.push_back(std::move(issue));
}

}  // namespace mifa::ome
