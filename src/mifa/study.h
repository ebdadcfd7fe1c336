// The metadata of a folder of data in one call: which files to read, what they say, and what is
// wrong with it. For validators, whose host reads the files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mifa/actual_files.h"
#include "mifa/card.h"
#include "mifa/container.h"

namespace mifa::meta {

// Files of data are not read as metadata: no container is longer than this.
inline constexpr std::int64_t kMaximumMetadataBytes = std::int64_t{64} << 20;

// Whether a file may hold metadata, by its path: its ending, and that it is not inside a Zarr
// hierarchy (except a crate beside the image). Whether it does is told by its first 64 KiB
// (find_container), so that a host need not read all of an annotation file.
bool may_be_metadata(std::string_view path);

// One study among the files.
struct CheckedStudy {
  // The folder from which its paths start, relative to the data's, without a slash at the end; ""
  // for all.
  std::string root;
  Record record;
  Issues issues;  // Of readers, merging and rules; files relative to the data's root.
};

struct StudyOptions {
  std::int64_t now = 0;              // As CheckInput::now.
  const Record* previous = nullptr;  // As CheckInput::previous.
};

// The studies that documents belong to, merged, with the issues of readers and merging; to be checked by
// check_study(). `documents` are results of read_metadata() with a container. Studies are in order of
// their roots.
struct MergedStudy {
  CheckedStudy study;
  bool single = false;  // A crate of one image: it is not compared with the files.
};
std::vector<MergedStudy> merge_studies(std::vector<ReadResult> documents, const ActualFiles* actual);
// The files below a folder, with their paths from there.
ActualFiles files_below(const ActualFiles& actual, const std::string& root);
// Adds what the rules find. `actual` as of merge_studies().
void check_study(MergedStudy& merged, const ActualFiles* actual, const StudyOptions& options = {});

// Both, of files that are read first. Documents belong to the study of the nearest folder above that has a
// document of a study; crates of single images are by themselves. Files of no known container are
// left out. `actual` may be null; its paths are relative to the data's root.
std::vector<CheckedStudy> check_studies(const std::vector<SourceFile>& files,
                                        const ActualFiles* actual,
                                        const StudyOptions& options = {});

}  // namespace mifa::meta
