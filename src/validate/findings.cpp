#include "validate/findings.h"

#include <algorithm>
#include <tuple>

namespace mifa::validate {

bool Findings::begin(const Rule& rule, int minor) {
  const auto severity = configuration_.severity_of(rule);
  rule_ = &rule;
  minor_ = minor;
  if (severity) severity_ = *severity;
  return severity.has_value();
}

bool Findings::admit(const std::string& file) {
  auto& counts = counts_[rule_->id];
  ++counts[static_cast<std::size_t>(severity_)];
  const std::int64_t all = counts[0] + counts[1] + counts[2];
  // The newest edition at which it was broken: what the report links to.
  int& edition = editions_[rule_->id];
  edition = std::max(edition, minor_);
  const std::int64_t here = ++by_file_[{rule_->id, file}];
  return all <= limits_.per_rule && here <= limits_.per_rule_and_file;
}

void Findings::adopt(Issue issue) {
  const Rule* rule = find_rule(issue.rule);
  if (!rule || !begin(*rule, 0)) return;
  if (!configuration_.changes.contains(std::string_view(rule->id))) severity_ = issue.severity;
  add(std::move(issue));
}

void Findings::add(Issue issue) {
  if (!admit(issue.file)) return;
  issue.rule = rule_->id;
  issue.severity = severity_;
  if (issue.fix.empty()) issue.fix = rule_->fix;
  issues_.push_back(std::move(issue));
}

void Findings::at(const JsonView& place, std::string message, std::string expected,
                  std::string fix) {
  if (!admit(place.file())) return;
  Issue issue = place.issue(rule_->id, severity_, std::move(message));
  issue.expected = std::move(expected);
  issue.fix = fix.empty() ? rule_->fix : std::move(fix);
  issues_.push_back(std::move(issue));
}

void Findings::at(const JsonView& place, std::string message, std::string expected,
                  std::string received, std::string fix) {
  if (!admit(place.file())) return;
  Issue issue = place.issue(rule_->id, severity_, std::move(message));
  issue.expected = std::move(expected);
  issue.received = std::move(received);
  issue.fix = fix.empty() ? rule_->fix : std::move(fix);
  issues_.push_back(std::move(issue));
}

void Findings::in_file(std::string file, std::string message, std::string expected,
                       std::string received, std::string fix) {
  Issue issue;
  issue.message = std::move(message);
  issue.file = std::move(file);
  issue.expected = std::move(expected);
  issue.received = std::move(received);
  issue.fix = std::move(fix);
  add(std::move(issue));
}

Issues Findings::take_sorted() {
  std::stable_sort(issues_.begin(), issues_.end(), [](const Issue& a, const Issue& b) {
    return std::tie(a.file, a.line, a.row, a.pointer, a.rule, a.message) <
           std::tie(b.file, b.line, b.row, b.pointer, b.rule, b.message);
  });
  return std::move(issues_);
}

}  // namespace mifa::validate
