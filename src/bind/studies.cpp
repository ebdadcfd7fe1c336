// The studies that some metadata files describe, for the page's card: part of the program `validator`.
//
//   const pointer = _reserveDocument(name, n); HEAPU8.set(bytes, pointer)      for each file
//   JSON.parse(_readStudies())     [{root, containers, card, badge, issues}]; the files are given back
//   JSON.parse(_exportStudy(0, "ro-crate"))                                    {files, losses}
//
// For the study page, with what it shows of them: _readGalleries() in place of _readStudies().
//
// Wrapped in TypeScript by web/validation/study_program.ts and web/study/reader_worker.ts.

#include <emscripten/bind.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/message_json.h"
#include "mifa/conversion.h"
#include "mifa/exporter.h"
#include "mifa/gallery.h"
#include "mifa/study.h"
#include "validate/spreadsheet.h"

namespace mifa::bind {
namespace {

using Json = nlohmann::json;

struct Studies {
  std::vector<meta::SourceFile> files;
  std::vector<meta::CheckedStudy> read;
};

Studies& studies() {
  static Studies instance;
  return instance;
}

// Room for a file's bytes, as a heap index; 0 if it is longer than a metadata file may be.
std::uint32_t reserve_document(const std::string& name, double bytes) {
  if (!(bytes >= 0 && bytes <= static_cast<double>(meta::kMaximumMetadataBytes))) return 0;
  meta::SourceFile file;
  file.name = name;
  file.text.resize(static_cast<std::size_t>(bytes));
  studies().files.push_back(std::move(file));
  return static_cast<std::uint32_t>(
      reinterpret_cast<std::uintptr_t>(studies().files.back().text.data()));
}

// Whether the document that was reserved last looks like metadata, by its first bytes; gives it back.
bool sniff_document() {
  std::vector<meta::SourceFile>& files = studies().files;
  if (files.empty()) return false;
  const meta::SourceFile file = std::move(files.back());
  files.pop_back();
  return meta::may_be_metadata(file.name) && meta::find_container(file.text, file.name) != nullptr;
}

Json parsed(const std::string& text) { return Json::parse(text, nullptr, /*allow_exceptions=*/false); }

// The files that were reserved, given back; of a spreadsheet, its parts.
std::vector<meta::SourceFile> take_files() {
  std::vector<meta::SourceFile> files;
  files.swap(studies().files);
  for (meta::SourceFile& file : files) {
    file = validate::source_file(std::move(file.name), std::move(file.text));
  }
  return files;
}

std::string read_studies() {
  const std::vector<meta::SourceFile> files = take_files();
  studies().read = meta::check_studies(files, nullptr);
  Json list = Json::array();
  for (const meta::CheckedStudy& study : studies().read) {
    Json containers = Json::array();
    for (const meta::ContainerUse& use : study.record.containers) {
      containers.push_back({{"id", use.id}, {"file", use.file}});
    }
    Json issues = Json::array();
    for (const Issue& issue : study.issues) issues.push_back(issue_json(issue));
    list.push_back({{"root", study.root},
                    {"containers", std::move(containers)},
                    {"card", parsed(meta::card_json(study.record, study.issues))},
                    {"badge", parsed(meta::badge_json(meta::make_badge(study.record, study.issues)))},
                    {"issues", std::move(issues)}});
  }
  return json_text(list);
}

// A JSON list of gallery_json(). `paths`: the files that are there, one a line; "" where nobody has
// looked. `now`: seconds since 1970.
std::string read_galleries(const std::string& paths, double now) {
  const std::vector<meta::SourceFile> files = take_files();
  meta::ActualFiles actual;
  for (std::size_t start = 0; start < paths.size();) {
    const std::size_t end = std::min(paths.find('\n', start), paths.size());
    if (end > start) actual.files.push_back({paths.substr(start, end - start), -1});
    start = end + 1;
  }
  meta::StudyOptions options;
  options.now = static_cast<std::int64_t>(now);
  studies().read = meta::check_studies(files, paths.empty() ? nullptr : &actual, options);
  std::string list = "[";
  for (const meta::CheckedStudy& study : studies().read) {
    if (list.size() > 1) list += ',';
    list += meta::gallery_json(study);
  }
  return list + ']';
}

// Of the studies that were read last; "null" where there is no such study or format.
std::string export_study(int index, const std::string& format) {
  const meta::Exporter* exporter = meta::find_exporter(format);
  if (!exporter || index < 0 || static_cast<std::size_t>(index) >= studies().read.size()) {
    return "null";
  }
  const meta::Export written =
      exporter->write(studies().read[static_cast<std::size_t>(index)].record);
  Json files = Json::array();
  for (const meta::Export::File& file : written.files) {
    files.push_back({{"name", file.name}, {"text", file.text}});
  }
  return json_text({{"files", std::move(files)}, {"losses", written.losses}});
}

// `mifascope convert-metadata` of the files that were reserved: {outcome: "clean"|"errors"|"not-run",
// files, messages}.
std::string convert_studies(const std::string& target, bool into_folder) {
  static constexpr const char* kOutcomes[] = {"clean", "errors", "not-run"};
  const meta::Conversion conversion = meta::convert_study(take_files(), target, into_folder);
  Json files = Json::array();
  for (const meta::Export::File& file : conversion.files) {
    files.push_back({{"name", file.name}, {"text", file.text}});
  }
  return json_text({{"outcome", kOutcomes[static_cast<int>(conversion.outcome)]},
               {"files", std::move(files)},
                    {"messages", conversion.messages}});
}

EMSCRIPTEN_BINDINGS(studies) {
  using emscripten::function;
  function("_reserveDocument", &reserve_document);
  function("_readStudies", &read_studies);
  function("_sniffDocument", &sniff_document);
  function("_readGalleries", &read_galleries);
  function("_exportStudy", &export_study);
  function("_convertStudies", &convert_studies);
}

}  // namespace
}  // namespace mifa::bind
