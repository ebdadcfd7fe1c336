#include "mifa/file_index.h"

#include <algorithm>

#include "mifa/words.h"

namespace mifa::meta {

std::string_view plain_path(std::string_view path) {
  path = trimmed(path);
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

namespace {

std::string_view stem(std::string_view name) { return name.substr(0, name.rfind('.')); }

// Whether a section that names `wanted` means the list called `name`: the same base name, perhaps
// with another ending (lists change from TSV to JSON on submission) or with the accession before
// it.
bool same_list(std::string_view wanted, std::string_view name) {
  const std::string_view a = stem(base_name(plain_path(wanted)));
  const std::string_view b = stem(base_name(plain_path(name)));
  return !a.empty() &&
         (a == b || (b.size() > a.size() && b.ends_with(a) && (b[b.size() - a.size() - 1] == '_')));
}

bool named_by(const Texts& names, const FileList& list) {
  return std::any_of(names.begin(), names.end(),
                     [&](const Text& name) { return same_list(name.value, list.name.value); });
}

}  // namespace

FileIndex::FileIndex(const Record& record, const ActualFiles* actual) {
  for (std::size_t s = 0; s < record.annotations.size(); ++s) {
    for (const FileEntry& entry : record.annotations[s].files) {
      annotations_.push_back({&entry, static_cast<int>(s)});
    }
  }
  for (const FileList& list : record.file_lists) add_list(record, list);
  if (!actual) return;
  for (const ActualFiles::Image& image : actual->images) add_image(image.path, "");
  // Where nobody has looked which files are images, any file may be one.
  for (const ActualFiles::File& file : actual->files)
    ++by_path_[std::string(plain_path(file.path))];
}

void FileIndex::add_list(const Record& record, const FileList& list) {
  int list_set = -1;
  for (std::size_t s = 0; s < record.annotations.size(); ++s) {
    if (named_by(record.annotations[s].file_lists, list)) list_set = static_cast<int>(s);
  }
  const bool of_component =
      std::any_of(record.components.begin(), record.components.end(),
                  [&](const StudyComponent& one) { return named_by(one.file_lists, list); });
  // References repeat from row to row: each is compared with the sets once.
  std::unordered_map<std::string, int> known;
  const auto set_of = [&](const Text& reference, bool method) {
    const std::string key = (method ? "m " : "d ") + reference.value;
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    int result = -1;
    for (std::size_t s = 0; s < record.annotations.size(); ++s) {
      const AnnotationSet& set = record.annotations[s];
      if (refers_to(reference.value, set.id, set.name)) result = static_cast<int>(s);
      for (const Text& id : set.method_ids) {
        if (method && refers_to(reference.value, id.value, Text())) result = static_cast<int>(s);
      }
    }
    known.emplace(key, result);
    return result;
  };
  for (const FileEntry& entry : list.entries) {
    int set = list_set;
    for (const Text& method : entry.annotation_methods) {
      if (set < 0) set = set_of(method, true);
    }
    const bool image_kind = entry.kind.value.ends_with("/Image");
    // A dataset may hold images beside its annotations.
    for (const Text& dataset : entry.datasets) {
      if (set < 0 && !image_kind) set = set_of(dataset, false);
    }
    if (set < 0 && (!entry.says_annotation() || (of_component && image_kind))) {
      images_.push_back(&entry);
      add_image(entry.path.value, entry.label.value);
      continue;
    }
    if (set < 0 && record.annotations.size() == 1) set = 0;
    annotations_.push_back({&entry, set});
    // An annotation may itself be annotated.
    if (has_text(entry.label)) by_label_[entry.label.value].push_back(entry.path.value);
  }
}

void FileIndex::add_image(const std::string& path, const std::string& label) {
  const std::string plain(plain_path(path));
  if (plain.empty()) return;
  const bool fresh = by_path_[plain]++ == 0;
  if (fresh) by_base_[std::string(base_name(plain))].push_back(plain);
  if (!trimmed(label).empty()) by_label_[std::string(trimmed(label))].push_back(plain);
}

std::vector<const FileEntry*> FileIndex::of_set(int set) const {
  std::vector<const FileEntry*> result;
  for (const Annotation& annotation : annotations_) {
    if (annotation.set == set) result.push_back(annotation.entry);
  }
  return result;
}

FileIndex::Match FileIndex::find_image(std::string_view reference, std::string& path) const {
  const std::string plain(plain_path(reference));
  if (plain.empty()) return Match::kNone;
  if (by_path_.contains(plain)) {
    path = plain;
    return Match::kOne;
  }
  const auto label = by_label_.find(std::string(trimmed(reference)));
  if (label != by_label_.end()) {
    path = label->second.front();
    return Match::kOne;
  }
  const auto base = by_base_.find(std::string(base_name(plain)));
  if (base == by_base_.end()) return Match::kNone;
  // Paths in metadata may start above or below the dataset's root.
  std::vector<std::string> fitting;
  for (const std::string& candidate : base->second) {
    const bool ends = candidate.ends_with("/" + plain) || plain.ends_with("/" + candidate);
    if (ends || plain.find('/') == std::string::npos) fitting.push_back(candidate);
  }
  if (fitting.empty()) return Match::kNone;
  path = fitting.front();
  return fitting.size() == 1 ? Match::kOne : Match::kSeveral;
}

const FileList* FileIndex::find_list(const Record& record, const std::string& name) {
  for (const FileList& list : record.file_lists) {
    if (same_list(name, list.name.value)) return &list;
  }
  return nullptr;
}

}  // namespace mifa::meta
