#include "mifa/checks.h"

#include <algorithm>
#include <vector>

#include "mifa/checks/modules.h"

namespace mifa::meta {

Checked::Checked(const CheckInput& input)
    : record(input.record),
      actual(input.actual),
      now(input.now),
      previous(input.previous),
      index(input.record, input.actual) {
  if (actual) {
    for (const ActualFiles::Image& image : actual->images)
      actual_images.emplace(image.path, &image);
  }
  foreign = !record.containers.empty();
  image_only = !record.containers.empty();
  for (const ContainerUse& use : record.containers) {
    failed = failed || use.failed;
    bia_crate = bia_crate || use.bia_crate;
    // A file list goes along with anything.
    if (use.id.starts_with("file-list")) continue;
    foreign = foreign && use.foreign;
    image_only = image_only && use.image_only;
    form =
        form || use.id == "bia-agent" || use.id == "mifa-linkml" || use.id.starts_with("pagetab");
  }
  if (record.only_file_lists()) foreign = image_only = false;
}

void Report::at(const Place& place, Severity severity, Statement statement) {
  log_.add(place, {.rule = rule_,
                   .severity = severity,
                   .message = std::move(statement.message),
                   .expected = std::move(statement.expected),
                   .received = std::move(statement.received),
                   .fix = std::move(statement.fix)});
}

void Report::once(const Place& place, const std::string& group, Statement statement) {
  log_.add_once(place, group,
                {.rule = rule_,
                 .severity = severity_,
                 .message = std::move(statement.message),
                 .expected = std::move(statement.expected),
                 .received = std::move(statement.received),
                 .fix = std::move(statement.fix)});
}

std::span<const Rule> rules() {
  static const std::vector<Rule> kRules = [] {
    std::vector<Rule> all;
    for (const auto part :
         {container_rules(), study_rules(), licence_rules(), annotation_rules(),
          annotation_file_rules(), version_rules(), rembi_rules(), file_list_rules()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return kRules;
}

const Rule* find_rule(std::string_view id) {
  for (const Rule& rule : rules()) {
    if (id == rule.id) return &rule;
  }
  return nullptr;
}

Issues check_record(const CheckInput& input) {
  const Checked checked(input);
  Log log;
  for (const Rule& rule : rules()) {
    if (!rule.check) continue;
    Report report(rule.id, rule.severity, log);
    rule.check(checked, report);
  }
  return log.take();
}

}  // namespace mifa::meta
