#include "mifa/checks.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "mifa/checks/modules.h"
#include "mifa/words.h"

namespace mifa::meta {

namespace {

// Whether metadata names several files and none of them, nor of the folders they lie in, is here.
bool names_nothing_of(const Record& record, const ActualFiles& actual) {
  std::unordered_set<std::string> here;
  for (const ActualFiles::File& file : actual.files) here.insert(file.path);
  for (const ActualFiles::Image& image : actual.images) here.insert(image.path);
  for (const ActualFiles::Annotation& annotation : actual.annotations) here.insert(annotation.path);
  std::size_t named = 0;
  const auto found = [&](const std::vector<FileEntry>& entries) {
    for (const FileEntry& entry : entries) {
      if (!has_text(entry.path)) continue;
      ++named;
      if (here.contains(std::string(trimmed(entry.path.value)))) return true;
    }
    return false;
  };
  for (const FileList& list : record.file_lists) {
    if (found(list.entries)) return false;
  }
  for (const AnnotationSet& set : record.annotations) {
    if (found(set.files)) return false;
  }
  return named > 1;
}

}  // namespace

Checked::Checked(const CheckInput& input)
    : record(input.record),
      actual(input.actual),
      now(input.now),
      previous(input.previous),
      index(input.record, input.actual) {
  if (actual) {
    for (const ActualFiles::Image& image : actual->images)
      actual_images.emplace(image.path, &image);
    elsewhere = names_nothing_of(record, *actual);
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
