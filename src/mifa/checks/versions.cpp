// The version module: what is stated, lineage, and credit.
#include "mifa/checks/modules.h"
#include "mifa/timestamp.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

const AnnotationSet* set_of(const Record& record, const Version& version) {
  for (const AnnotationSet& set : record.annotations) {
    if (refers_to(version.set, set.id, set.name)) return &set;
  }
  return nullptr;
}

std::string what(const Record& record, const Version& version) {
  if (version.set.empty()) return "the version";
  const AnnotationSet* set = set_of(record, version);
  return "the version of \"" + (set ? set->title() : version.set) + "\"";
}

void module_absent(const Checked& c, Report& report) {
  if (!c.annotations() || c.record.annotations.empty() || !c.record.versions.empty()) return;
  // Crates and the API have no place for it (see mifa/archive-loses); one document of three says
  // nothing of the others.
  if (!c.form || !c.record.study.present()) return;
  report.at(c.record.annotations.front().place,
            {.message = "The annotations have no version.",
             .expected = "a version module: version and timestamp",
             .received = "nothing",
             .fix = "Add the version, so that those who train on the data can say on which."});
}

void without_annotation(const Checked& c, Report& report) {
  if (c.failed) return;
  for (const Version& version : c.record.versions) {
    // A document that names no set speaks of whatever it goes along with.
    if (version.set.empty() || set_of(c.record, version)) continue;
    std::vector<std::string> names;
    for (const AnnotationSet& set : c.record.annotations)
      names.push_back("\"" + set.title() + "\"");
    report.at(version.place,
              {.message = "The version \"" + version.set + "\" belongs to no annotations.",
               .expected = names.empty() ? "the name of a set of annotations" : listing(names),
               .received = version.set,
               .fix = "Use the same name in both sections."});
  }
}

void version_missing(const Checked& c, Report& report) {
  if (c.foreign) return;
  for (const Version& version : c.record.versions) {
    if (has_text(version.version)) continue;
    report.at(place_of(version.version, version.place),
              {.message = "There is no number for " + what(c.record, version) + ".",
               .expected = "a version such as 1.0",
               .received = "nothing",
               .fix = "Number the version."});
  }
}

void timestamp_missing(const Checked& c, Report& report) {
  if (c.foreign) return;
  for (const Version& version : c.record.versions) {
    if (has_text(version.timestamp)) continue;
    report.at(place_of(version.timestamp, version.place),
              {.message = "There is no timestamp for " + what(c.record, version) + ".",
               .expected = "date and time at which it was made",
               .received = "nothing",
               .fix = "State the timestamp."});
  }
}

void timestamp_unreadable(const Checked& c, Report& report) {
  for (const Version& version : c.record.versions) {
    if (!has_text(version.timestamp) || parse_timestamp(version.timestamp.value)) continue;
    report.at(version.timestamp.place,
              {.message = "The timestamp of " + what(c.record, version) + " is no date.",
               .expected = "a time as in 2026-01-31T14:30:00Z",
               .received = version.timestamp.value,
               .fix = "Write year, month and day with hyphens, then the time."});
  }
}

void timestamp_zone(const Checked& c, Report& report) {
  for (const Version& version : c.record.versions) {
    const auto time = parse_timestamp(version.timestamp.value);
    if (!time || time->has_zone || (!time->has_time && c.foreign)) continue;
    report.once(version.timestamp.place, "zone",
                {.message = "The timestamp of " + what(c.record, version) +
                            " has no time zone; it is taken as UTC.",
                 .expected = "a time as in 2026-01-31T14:30:00Z",
                 .received = version.timestamp.value,
                 .fix = "Add the zone."});
  }
}

void timestamp_future(const Checked& c, Report& report) {
  if (c.now == 0) return;
  for (const Version& version : c.record.versions) {
    const auto time = parse_timestamp(version.timestamp.value);
    if (!time || time->seconds <= c.now + 86400) continue;
    report.at(version.timestamp.place,
              {.message = "The timestamp of " + what(c.record, version) + " is in the future.",
               .expected = "a time before now",
               .received = version.timestamp.value,
               .fix = "Correct the year."});
  }
}

// "1", "v1.0", "1.0.0": the first of its kind.
bool is_first(std::string_view text) {
  std::string plain = lower(trimmed(text));
  if (plain.starts_with("version")) plain = std::string(trimmed(plain.substr(7)));
  if (plain.starts_with('v')) plain.erase(0, 1);
  if (plain.starts_with("0")) return true;
  for (const std::string& part : split(plain, '.')) {
    const bool leading = plain.starts_with(part);
    if (leading ? part != "1" : part.find_first_not_of('0') != std::string::npos) return false;
  }
  return true;
}

void lineage(const Checked& c, Report& report) {
  if (c.foreign) return;
  for (const Version& version : c.record.versions) {
    if (!has_text(version.version) || is_first(version.version.value)) continue;
    std::vector<std::string> missing;
    if (!has_text(version.changes)) missing.emplace_back("what has changed");
    if (!has_text(version.previous_version)) missing.emplace_back("the previous version");
    if (missing.empty()) continue;
    report.at(version.place, {.message = "Version " + version.version.value + " does not name " +
                                         listing(missing) + ".",
                              .expected = "changes and previous_version, since it is not the first",
                              .received = "no " + listing(missing),
                              .fix = "Say what has changed, and point to the version before."});
  }
}

void credit(const Checked& c, Report& report) {
  if (!c.previous) return;
  for (const AnnotationSet& before : c.previous->annotations) {
    for (const AnnotationSet& set : c.record.annotations) {
      const bool same = folded(set.title()) == folded(before.title()) ||
                        (c.previous->annotations.size() == 1 && c.record.annotations.size() == 1);
      if (!same) continue;
      std::vector<std::string> dropped;
      for (const Person& person : before.authors) {
        bool kept = false;
        const auto is_same = [&](const Person& other) {
          return folded(other.name()) == folded(person.name());
        };
        for (const Person& other : set.authors) kept = kept || is_same(other);
        for (const Person& other : c.record.study.authors) kept = kept || is_same(other);
        if (!kept) dropped.push_back(person.name());
      }
      if (dropped.empty()) continue;
      report.at(set.authors.empty() ? set.place : set.authors.front().place,
                {.message = "Who annotated the version before is no longer credited: " +
                            listing(dropped) + ".",
                 .expected = "the annotators of all versions",
                 .received = std::to_string(dropped.size()) + " dropped",
                 .fix = "Keep earlier annotators among the authors."});
    }
  }
}

constexpr Rule kRules[] = {
    {"mifa/version-module-absent", Severity::kWarning, kMifaPaper, "Annotations have a version.",
     module_absent},
    {"mifa/version-without-annotation", Severity::kError, kMifaModel,
     "Each version belongs to annotations.", without_annotation},
    {"mifa/version-missing", Severity::kError, kMifaModel, "A version has a number.",
     version_missing},
    {"mifa/version-timestamp-missing", Severity::kError, kMifaModel, "A version has a timestamp.",
     timestamp_missing},
    {"mifa/version-timestamp-unreadable", Severity::kError, kMifaModel,
     "A version's timestamp is a time.", timestamp_unreadable},
    {"mifa/version-timestamp-zone", Severity::kInfo, "https://www.rfc-editor.org/rfc/rfc3339",
     "A version's timestamp has a zone.", timestamp_zone},
    {"mifa/version-timestamp-future", Severity::kWarning, kMifaModel,
     "A version's timestamp is in the past.", timestamp_future},
    {"mifa/version-lineage", Severity::kWarning, kMifaPaper,
     "A later version says what changed since which.", lineage},
    {"mifa/version-credit", Severity::kWarning, kMifaPaper,
     "Annotators of earlier versions keep their credit.", credit},
};

}  // namespace

std::span<const Rule> version_rules() { return kRules; }

}  // namespace mifa::meta
