#include "mifa/conversion.h"

#include <utility>

#include "mifa/merge.h"

namespace mifa::meta {
namespace {

// What readers and merging found, as lines; how many are errors.
int tell_issues(const Issues& issues, std::string& messages) {
  int errors = 0;
  for (const Issue& issue : issues) {
    if (issue.severity == Severity::kInfo) continue;
    errors += issue.severity == Severity::kError ? 1 : 0;
    const std::string line = issue.line > 0 ? ":" + std::to_string(issue.line) : std::string();
    messages += std::string("mifascope: ") + severity_name(issue.severity) + ": " + issue.file + line + ": " + issue.message + "\n";
  }
  return errors;
}

template <typename List, typename Name>
std::string joined(const List& list, Name name) {
  std::string names;
  for (const auto& one : list) names += std::string(names.empty() ? "" : ", ") + name(one);
  return names;
}

}  // namespace

Conversion convert_study(std::span<const SourceFile> sources, const std::string& target, bool into_folder) {
  Conversion conversion;
  const Exporter* exporter = find_exporter(target);
  if (!exporter) {
    conversion.messages = "mifascope: expected --to to be one of " +
                          joined(exporters(), [](const Exporter& one) { return one.id; }) + ", received " + target + "\n";
    return conversion;
  }
  std::vector<Record> records;
  int errors = 0;
  for (const SourceFile& source : sources) {
    ReadResult result = read_metadata(source);
    if (!result.container) {
      conversion.messages += "mifascope: expected metadata in " + source.name + ", received something else (known: " +
                             joined(containers(), [](const Container& one) { return one.name; }) + ")\n";
      return conversion;
    }
    errors += tell_issues(result.issues, conversion.messages);
    records.push_back(std::move(result.record));
  }
  MergeResult merged = merge(std::move(records));
  errors += tell_issues(merged.issues, conversion.messages);
  Export written = exporter->write(merged.record);
  for (const std::string& loss : written.losses) conversion.messages += "mifascope: left out: " + loss + "\n";
  if (!into_folder) {
    for (std::size_t i = 1; i < written.files.size(); ++i) {
      conversion.messages += "mifascope: left out: " + written.files[i].name +
                             " goes along with it; name a folder with --output.\n";
    }
    written.files.resize(1);
  }
  conversion.files = std::move(written.files);
  conversion.outcome = errors > 0 ? Conversion::Outcome::kErrors : Conversion::Outcome::kClean;
  return conversion;
}

}  // namespace mifa::meta
