// The outcome of a validation, and the texts it is handed out as. All of them depend on the data and
// the options only: the same folder gives the same bytes on every machine, today and tomorrow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/issue.h"
#include "validate/configuration.h"
#include "validate/rule.h"

namespace mifa::validate {

// A rule that was broken, or that a configuration changed.
struct RuleOutcome {
  const Rule* rule = nullptr;
  Severity severity = Severity::kError;
  std::int64_t count = 0;   // how often, also where not every case is listed
  std::string url;          // of the section of the specification
  std::string reason;       // why the configuration changed it; mostly empty
};

// A rule that the configuration turned off.
struct Silenced {
  std::string rule;
  std::string reason;
};

// What was looked at.
struct Inventory {
  bool listed = false;  // whether the store could list its files; the next two are 0 otherwise
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t images = 0, labels = 0, plates = 0, wells = 0, arrays = 0;
  std::int64_t annotation_files = 0, annotation_objects = 0;  // that were read
  std::int64_t chunks_expected = 0, chunks_present = 0;
  std::int64_t chunks_decoded = 0;
  bool all_chunks = false;
  std::vector<std::string> versions;  // of OME-Zarr, sorted
};

struct Report {
  std::string name;      // of what was validated, as given
  bool complete = true;  // false where it was cancelled: then nothing is said of the rest
  Inventory inventory;
  std::int64_t errors = 0, warnings = 0, infos = 0;  // listed or not
  std::vector<RuleOutcome> rules;                    // errors first, then by id
  std::vector<Silenced> silenced;
  Issues issues;  // by file and place

  // "invalid" with errors, "valid" else, "incomplete" where it was cancelled without any.
  const char* verdict() const;
};

enum class Format { kText, kJson, kHtml, kCsv, kJunit };

// docs/report.schema.json describes it.
std::string json_report(const Report& report);
// For a terminal, 100 columns; with colours if asked for.
std::string text_report(const Report& report, bool colors);
// One page without any script or file beside it, to be kept and printed.
std::string html_report(const Report& report);
// RFC 4180, one line an issue.
std::string csv_report(const Report& report);
// One test suite a rule: for continuous integration.
std::string junit_report(const Report& report);

std::string write_report(const Report& report, Format format);

}  // namespace mifa::validate
