// Metadata of the study that the images belong to: found among the files, read and checked by src/mifa.
#include <algorithm>
#include <array>

#include "mifa/checks.h"
#include "mifa/container.h"
#include "mifa/merge.h"
#include "validate/runner_state.h"

namespace mifa::validate {
namespace {

constexpr const char* kEndings[] = {".yaml", ".yml", ".json", ".jsonld", ".tsv"};
constexpr std::string_view kCrate = "ro-crate-metadata.json";
constexpr std::size_t kSniffed = std::size_t{64} << 10;  // bytes; what sniff() wants

bool may_be_metadata(std::string_view name) {
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [name](const char* ending) { return name.ends_with(ending); });
}

}  // namespace

// Asks for what may be metadata: nearest to the root first, within limits, as annotations may be JSON
// too, and large.
void Runner::State::start_study() {
  study_started = true;
  if (options.metadata_only || !tree.listed) return;
  Subject zarr;
  zarr.zarr_roots = {top_nodes.begin(), top_nodes.end()};
  std::vector<std::string> wanted;
  for (const auto& [key, size] : tree.files) {
    const std::string_view name = file_name(key);
    const bool document = std::any_of(std::begin(kDocumentNames), std::end(kDocumentNames),
                                      [name](const char* one) { return name == one; });
    if (document || !may_be_metadata(name) || size > options.limits.study_file_bytes) continue;
    if (name == kCrate || !zarr.in_zarr(key)) wanted.push_back(key);
  }
  std::stable_sort(wanted.begin(), wanted.end(), [](const std::string& a, const std::string& b) {
    return std::count(a.begin(), a.end(), '/') < std::count(b.begin(), b.end(), '/');
  });
  if (wanted.size() > options.limits.study_files) wanted.resize(options.limits.study_files);
  for (const std::string& key : wanted) {
    ++study_pending;
    Route route;
    route.study = true;
    ask(Request::Kind::kRead, key, std::move(route));
  }
}

void Runner::State::take_study_file(const std::string& key, std::string text) {
  --study_pending;
  const std::string_view head = std::string_view(text).substr(0, kSniffed);
  if (!meta::find_container(head, key)) return;
  meta::ReadResult result = meta::read_metadata({.name = key, .text = std::move(text), .members = {}});
  for (Issue& issue : result.issues) findings.adopt(std::move(issue));
  if (result.container) study_records.emplace(key, std::move(result.record));
}

// By name, so that the order of answers does not matter.
void Runner::State::check_study() {
  if (study_records.empty()) return;
  std::vector<meta::Record> records;
  for (auto& [key, record] : study_records) records.push_back(std::move(record));
  meta::MergeResult merged = meta::merge(std::move(records));
  for (Issue& issue : merged.issues) findings.adopt(std::move(issue));
  meta::ActualFiles actual;
  for (const auto& [key, size] : tree.files) actual.files.push_back({key, size});
  for (const auto& [path, facts] : images) {
    meta::ActualFiles::Image image;
    image.path = path;
    for (const char* axis : {"x", "y", "z"}) {
      const auto& names = facts.axis_names;
      const auto found = std::find(names.begin(), names.end(), axis);
      if (found != names.end()) {
        image.extent.push_back(facts.shape[static_cast<std::size_t>(found - names.begin())]);
      } else if (std::string_view(axis) == "z" && image.extent.size() == 2) {
        image.extent.push_back(1);
      }
    }
    if (image.extent.size() != 3) image.extent.clear();
    actual.images.push_back(std::move(image));
  }
  meta::CheckInput input{.record = merged.record, .actual = &actual};
  for (Issue& issue : meta::check_record(input)) findings.adopt(std::move(issue));
}

}  // namespace mifa::validate
