// The rules of MIFA and REMBI metadata: one table, ids that stay. A rule looks at the merged record
// and, where there are any, at the files as they are. Rules without a check are filed by the
// readers, by merge() or by the exporters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

#include "core/issue.h"
#include "mifa/actual_files.h"
#include "mifa/file_index.h"
#include "mifa/log.h"
#include "mifa/record.h"

namespace mifa::meta {

struct CheckInput {
  const Record& record;
  const ActualFiles* actual = nullptr;  // Null: only the metadata is at hand.
  std::int64_t now = 0;                 // Seconds since 1970, UTC; 0: the date is not known.
  const Record* previous = nullptr;     // Of the version before, for lineage; null: not at hand.
};

// A CheckInput with what several rules need worked out.
struct Checked {
  explicit Checked(const CheckInput& input);

  const Record& record;
  const ActualFiles* actual;
  std::int64_t now;
  const Record* previous;
  FileIndex index;
  std::unordered_map<std::string, const ActualFiles::Image*> actual_images;  // By path.
  bool elsewhere = false;   // None of the files that it names is here (mifa/file-listed-absent).
  bool failed = false;      // A container could not be read: what is missing may be in it.
  bool foreign = false;     // No container was made for MIFA.
  bool image_only = false;  // It describes one image, not a study.
  bool bia_crate = false;
  bool form =
      false;  // There is a bia-agent, PageTab or LinkML document: MIFA's own requirements hold.

  // Whether the study's own attributes have to be there.
  bool study() const { return record.study.present() && !failed && !foreign && !image_only; }
  // Whether annotation attributes have to be there.
  bool annotations() const { return !failed && !foreign; }
};

struct Statement {
  std::string message;
  std::string expected = {};
  std::string received = {};
  std::string fix = {};
};

// Files the issues of one rule.
class Report {
 public:
  Report(const char* rule, Severity severity, Log& log)
      : rule_(rule), severity_(severity), log_(log) {}

  void at(const Place& place, Statement statement) { at(place, severity_, std::move(statement)); }
  void at(const Place& place, Severity severity, Statement statement);
  // The same, said once for all that share `group`; the issue counts the others.
  void once(const Place& place, const std::string& group, Statement statement);

 private:
  const char* rule_;
  Severity severity_;
  Log& log_;
};

struct Rule {
  const char* id;
  Severity severity;  // At most; a rule may be milder where a container cannot do better.
  const char* spec_url;
  const char* summary;                                    // One line for documentation.
  void (*check)(const Checked& checked, Report& report);  // Null: filed elsewhere.
};

// All rules, by module.
std::span<const Rule> rules();
// The rule with this id, or null.
const Rule* find_rule(std::string_view id);

// Runs every rule of the table.
Issues check_record(const CheckInput& input);

}  // namespace mifa::meta
