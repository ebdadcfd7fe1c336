// Which files of a record are images, and which are whose annotations.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mifa/actual_files.h"
#include "mifa/record.h"

namespace mifa::meta {

// A path without white space around it, "./" before it and "/" behind it.
std::string_view plain_path(std::string_view path);

class FileIndex {
 public:
  struct Annotation {
    const FileEntry* entry = nullptr;
    int set = -1;  // Of Record::annotations; -1 when nobody says which.
  };
  enum class Match { kNone, kOne, kSeveral };

  // Both have to outlive the index; `actual` may be null.
  FileIndex(const Record& record, const ActualFiles* actual);

  const std::vector<Annotation>& annotations() const { return annotations_; }
  const std::vector<const FileEntry*>& images() const { return images_; }
  // Entries of one annotation set.
  std::vector<const FileEntry*> of_set(int set) const;
  // Whether images are known at all, from a file list or from the files themselves.
  bool knows_images() const { return !by_path_.empty() || !by_label_.empty(); }

  // How a reference to a source image resolves: by path, else by label, else by the path's end or
  // its base name. `path` is that of the image found.
  Match find_image(std::string_view reference, std::string& path) const;
  // The file list that a section names; null when it is not there.
  static const FileList* find_list(const Record& record, const std::string& name);

 private:
  void add_list(const Record& record, const FileList& list);
  void add_image(const std::string& path, const std::string& label);

  std::vector<Annotation> annotations_;
  std::vector<const FileEntry*> images_;
  std::unordered_map<std::string, int> by_path_;                        // How often.
  std::unordered_map<std::string, std::vector<std::string>> by_label_;  // Paths.
  std::unordered_map<std::string, std::vector<std::string>> by_base_;   // Paths.
};

}  // namespace mifa::meta
