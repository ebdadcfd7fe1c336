#include "mifa/log.h"

#include "mifa/words.h"

namespace mifa::meta {

namespace {

Issue issue_at(const Place& place, Finding finding) {
  Issue issue;
  issue.rule = finding.rule;
  issue.severity = finding.severity;
  issue.message = std::move(finding.message);
  issue.file = place.file_name();
  issue.pointer = place.pointer;
  issue.line = place.row > 0 ? place.row : place.line;
  issue.expected = std::move(finding.expected);
  issue.received = shortened(finding.received, 300);
  issue.fix = std::move(finding.fix);
  if (place.row > 1) issue.row = place.row - 1;  // An issue does not count the heading.
  if (!place.column.empty()) issue.message += " (column \"" + place.column + "\")";
  return issue;
}

}  // namespace

void Log::add(const Place& place, Finding finding) {
  file(issue_at(place, std::move(finding)), "", issues_per_rule_);
}

void Log::add_once(const Place& place, const std::string& group, Finding finding) {
  file(issue_at(place, std::move(finding)), group, 1);
}

void Log::add_related(const Place& place, const Place& other, Finding finding) {
  Issue issue = issue_at(place, std::move(finding));
  const Issue second = issue_at(other, {});
  issue.related.push_back({second.file, second.pointer, second.line, second.row});
  file(std::move(issue), "", issues_per_rule_);
}

void Log::add_file(const std::string& file_name, Finding finding) {
  Place place;
  place.file = std::make_shared<const std::string>(file_name);
  add(place, std::move(finding));
}

void Log::file(Issue issue, const std::string& group, std::int64_t limit) {
  Count& count = counts_[{issue.rule, issue.file, group}];
  count.limit = limit;
  if (++count.count > limit) return;
  if (!group.empty()) {
    // Groups are issues of the rule, too.
    Count& all = counts_[{issue.rule, issue.file, ""}];
    all.limit = issues_per_rule_;
    if (++all.count > all.limit) return;
    all.last = issues_.size();
    all.filed = true;
  }
  count.last = issues_.size();
  count.filed = true;
  issues_.push_back(std::move(issue));
}

Issues Log::take() {
  for (const auto& [key, count] : counts_) {
    const std::int64_t more = count.count - count.limit;
    if (more <= 0 || !count.filed) continue;
    issues_[count.last].message += " (" + std::to_string(more) + " more like this)";
  }
  counts_.clear();
  return std::move(issues_);
}

}  // namespace mifa::meta
