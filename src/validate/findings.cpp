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
  join_same();
  return std::move(issues_);
}

void Findings::join_same() {
  constexpr std::size_t kRelated = 5;  // further places that are named
  struct Group {
    std::size_t count = 0, first = 0;
  };
  std::map<std::tuple<std::string, std::string, std::string, std::string>, Group> groups;
  const auto key_of = [](const Issue& issue) {
    return std::tuple(issue.rule, issue.message, issue.expected, issue.received);
  };
  for (std::size_t i = 0; i < issues_.size(); ++i) {
    Group& group = groups[key_of(issues_[i])];
    if (++group.count == 1) group.first = i;
  }
  Issues kept;
  std::vector<std::size_t> place_of_first(issues_.size());
  for (std::size_t i = 0; i < issues_.size(); ++i) {
    const Group& group = groups.at(key_of(issues_[i]));
    if (group.count <= limits_.same_in_files || group.first == i) {
      place_of_first[i] = kept.size();
      kept.push_back(issues_[i]);
      continue;
    }
    Issue& first = kept[place_of_first[group.first]];
    if (first.related.size() < kRelated) {
      first.related.push_back({issues_[i].file, issues_[i].pointer, issues_[i].line, issues_[i].row});
    }
  }
  for (auto& [key, group] : groups) {
    if (group.count <= limits_.same_in_files) continue;
    Issue& first = kept[place_of_first[group.first]];
    first.message += " The same holds in " + std::to_string(group.count - 1) + " other places.";
  }
  issues_ = std::move(kept);
}

}  // namespace mifa::validate
