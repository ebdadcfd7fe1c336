// `mifascope convert-metadata`: metadata of a study from any container into one of those that are
// written.
#include <cstdio>

#include "cli/command.h"
#include "cli/store.h"
#include "mifa/exporter.h"
#include "mifa/merge.h"

namespace mifa::cli {
namespace {

bool write_file(const std::string& path, const std::string& text, std::FILE* err) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file && std::fclose(file) == 0;
  if (written && closed) return true;
  std::fprintf(err, "mifascope: expected a file that can be written, received %s\n", path.c_str());
  return false;
}

// What the readers and merging found, as lines; how many are errors.
int tell_issues(const Issues& issues, std::FILE* err) {
  int errors = 0;
  for (const Issue& issue : issues) {
    if (issue.severity == Severity::kInfo) continue;
    errors += issue.severity == Severity::kError ? 1 : 0;
    std::fprintf(err, "mifascope: %s: %s%s%s: %s\n", severity_name(issue.severity),
                 issue.file.c_str(), issue.line > 0 ? ":" : "",
                 issue.line > 0 ? std::to_string(issue.line).c_str() : "", issue.message.c_str());
  }
  return errors;
}

std::string names_of_exporters() {
  std::string names;
  for (const meta::Exporter& exporter : meta::exporters()) {
    names += std::string(names.empty() ? "" : ", ") + exporter.id;
  }
  return names;
}

}  // namespace

int convert_metadata(const std::vector<std::string>& files, const std::string& target,
                     const std::string& folder, std::FILE* out, std::FILE* err) {
  const meta::Exporter* exporter = meta::find_exporter(target);
  if (!exporter) {
    std::fprintf(err, "mifascope: expected --to to be one of %s, received %s\n",
                 names_of_exporters().c_str(), target.c_str());
    return kNotRun;
  }
  std::vector<meta::Record> records;
  int errors = 0;
  for (const std::string& path : files) {
    auto text = read_text_file(path);
    if (!text) {
      std::fprintf(err, "mifascope: %s\n", text.error().message.c_str());
      return kNotRun;
    }
    meta::ReadResult result = meta::read_metadata({path, *std::move(text), {}});
    if (!result.container) {
      std::string known;
      for (const meta::Container& container : meta::containers()) {
        known += std::string(known.empty() ? "" : ", ") + container.name;
      }
      std::fprintf(err, "mifascope: expected metadata in %s, received something else (known: %s)\n",
                   path.c_str(), known.c_str());
      return kNotRun;
    }
    errors += tell_issues(result.issues, err);
    records.push_back(std::move(result.record));
  }
  meta::MergeResult merged = meta::merge(std::move(records));
  errors += tell_issues(merged.issues, err);
  const meta::Export written = exporter->write(merged.record);
  for (const std::string& loss : written.losses) {
    std::fprintf(err, "mifascope: left out: %s\n", loss.c_str());
  }
  if (folder.empty()) {
    const std::string& text = written.files.front().text;
    if (std::fwrite(text.data(), 1, text.size(), out) != text.size()) return kNotRun;
    for (std::size_t i = 1; i < written.files.size(); ++i) {
      std::fprintf(err,
                   "mifascope: left out: %s goes along with it; name a folder with --output.\n",
                   written.files[i].name.c_str());
    }
  } else {
    for (const meta::Export::File& file : written.files) {
      if (!write_file(folder + "/" + file.name, file.text, err)) return kNotRun;
    }
  }
  return errors > 0 ? kErrors : kClean;
}

}  // namespace mifa::cli
