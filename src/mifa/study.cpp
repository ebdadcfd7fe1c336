#include "mifa/study.h"

#include <algorithm>
#include <map>
#include <set>

#include "mifa/checks.h"
#include "mifa/merge.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

// Whether `folder` is `root` or below it.
bool is_below(std::string_view folder, std::string_view root) {
  return root.empty() || folder == root ||
         (folder.size() > root.size() && folder.starts_with(root) && folder[root.size()] == '/');
}

std::string relative(std::string_view path, std::string_view root) {
  return std::string(root.empty() ? path : path.substr(root.size() + 1));
}

// Where the paths that the metadata names start: at the study's folder or at one above it
// (documents may lie in a folder of their own), wherever most of them are found.
std::string paths_root(const Record& record, const std::string& root, const ActualFiles& actual) {
  constexpr std::size_t kSample = 200;
  std::vector<std::string> named;
  const auto take = [&](const std::vector<FileEntry>& entries) {
    for (const FileEntry& entry : entries) {
      if (named.size() < kSample && has_text(entry.path)) named.push_back(entry.path.value);
    }
  };
  for (const FileList& list : record.file_lists) take(list.entries);
  for (const AnnotationSet& set : record.annotations) take(set.files);
  if (named.empty() || root.empty()) return root;
  std::set<std::string> there;
  for (const ActualFiles::File& file : actual.files) there.insert(file.path);
  for (const ActualFiles::Image& image : actual.images) there.insert(image.path);
  std::string best = root;
  std::size_t most = 0;
  for (std::string candidate = root;; candidate = folder_of(candidate)) {
    const std::string prefix = candidate.empty() ? "" : candidate + "/";
    std::size_t found = 0;
    for (const std::string& path : named) found += there.contains(prefix + path) ? 1 : 0;
    if (found > most) {
      most = found;
      best = candidate;
    }
    if (candidate.empty()) return best;
  }
}

struct Read {
  std::string folder;
  std::string root;
  bool alone = false;
  Record record;
  Issues issues;
};

// The root of the study that each document belongs to.
void assign_roots(std::vector<Read>& documents) {
  std::set<std::string> roots;
  for (const Read& one : documents) {
    if (!one.alone && one.record.study.present()) roots.insert(one.folder);
  }
  for (Read& one : documents) {
    one.root = one.alone ? one.folder : roots.size() == 1 ? *roots.begin() : "";
    if (one.alone) continue;
    for (const std::string& root : roots) {
      if (is_below(one.folder, root) && root.size() >= one.root.size()) one.root = root;
    }
  }
}

}  // namespace

ActualFiles files_below(const ActualFiles& actual, const std::string& root) {
  if (root.empty()) return actual;
  ActualFiles part;
  const auto take = [&](const auto& from, auto& to) {
    for (auto one : from) {
      if (!is_below(folder_of(one.path), root)) continue;
      one.path = relative(one.path, root);
      to.push_back(std::move(one));
    }
  };
  take(actual.files, part.files);
  take(actual.images, part.images);
  take(actual.annotations, part.annotations);
  return part;
}

bool may_be_metadata(std::string_view path) {
  const std::string small = lower(path);
  if (base_name(small) == "ro-crate-metadata.json") return true;
  if (small.find(".zarr/") != std::string::npos) return false;
  const std::string_view name = base_name(small);
  if (name == "zarr.json" || name == ".zattrs" || name == ".zarray" || name == ".zgroup" ||
      name == ".zmetadata") {
    return false;
  }
  for (const std::string_view ending :
       {".yaml", ".yml", ".json", ".tsv", ".csv", ".xlsx", ".jsonld"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

std::vector<MergedStudy> merge_studies(std::vector<ReadResult> results, const ActualFiles* actual) {
  std::vector<Read> documents;
  for (ReadResult& result : results) {
    Read one;
    one.folder = folder_of(result.record.containers.front().file);
    one.alone = result.record.containers.front().image_only;
    one.record = std::move(result.record);
    one.issues = std::move(result.issues);
    documents.push_back(std::move(one));
  }
  assign_roots(documents);
  // Those of single images come by their folder, too; "\n" keeps them apart from a study there.
  std::map<std::string, std::vector<Read*>> groups;
  for (Read& one : documents) groups[one.alone ? one.folder + "\n" : one.root].push_back(&one);
  std::vector<MergedStudy> studies;
  for (auto& [key, members] : groups) {
    MergedStudy merged{.study = {}, .single = members.front()->alone};
    CheckedStudy& study = merged.study;
    study.root = members.front()->root;
    std::vector<Record> records;
    for (Read* one : members) {
      study.issues.insert(study.issues.end(), one->issues.begin(), one->issues.end());
      records.push_back(std::move(one->record));
    }
    MergeResult together = merge(std::move(records));
    study.record = std::move(together.record);
    study.issues.insert(study.issues.end(), together.issues.begin(), together.issues.end());
    if (actual) study.root = paths_root(study.record, study.root, *actual);
    // Metadata files are known by their whole path, the files of the study from its root.
    for (ContainerUse& use : study.record.containers) {
      if (is_below(folder_of(use.file), study.root)) use.file = relative(use.file, study.root);
    }
    studies.push_back(std::move(merged));
  }
  return studies;
}

void check_study(MergedStudy& merged, const ActualFiles* actual, const StudyOptions& options) {
  CheckedStudy& study = merged.study;
  ActualFiles here;
  if (actual && !merged.single) here = files_below(*actual, study.root);
  // Documents alone, without the data: there is nothing to compare them with.
  std::set<std::string> own;
  for (const ContainerUse& use : study.record.containers) own.insert(use.file);
  const bool alone = std::all_of(here.files.begin(), here.files.end(),
                                 [&](const ActualFiles::File& file) { return own.contains(file.path); });
  const Issues more = check_record({.record = study.record,
                                    .actual = actual && !merged.single && !alone ? &here : nullptr,
                                    .now = options.now,
                                    .previous = options.previous});
  study.issues.insert(study.issues.end(), more.begin(), more.end());
}

std::vector<CheckedStudy> check_studies(const std::vector<SourceFile>& files,
                                        const ActualFiles* actual, const StudyOptions& options) {
  std::vector<ReadResult> documents;
  for (const SourceFile& file : files) {
    ReadResult result = read_metadata(file);
    if (result.container) documents.push_back(std::move(result));
  }
  std::vector<CheckedStudy> studies;
  for (MergedStudy& merged : merge_studies(std::move(documents), actual)) {
    check_study(merged, actual, options);
    studies.push_back(std::move(merged.study));
  }
  return studies;
}

}  // namespace mifa::meta
