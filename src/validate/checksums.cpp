// Checksums that file lists and checksum files state, against the files that are there. All bytes of
// those files are read, so that it is done where it was asked for, or where they are few.
#include <algorithm>

#include "ome/concat.h"
#include "validate/runner_state.h"

namespace mifa::validate {

using ome::concat;

namespace {

// What `md5sum`, `sha256sum` and BagIt call their lists; "cells.tif.md5" holds the sum of one file.
bool is_checksum_file(std::string_view path) {
  const std::string small = lower(file_name(path));
  if (!digest_kind_of(small)) return false;
  return small.ends_with("sums") || small.ends_with("sum") || small.ends_with("sums.txt") || small.ends_with("sum.txt") ||
         small.starts_with("manifest-") || small.ends_with(".md5") || small.ends_with(".sha1") ||
         small.ends_with(".sha256");
}

constexpr std::int64_t kLargestList = std::int64_t{64} << 20;  // bytes of a checksum file

}  // namespace

bool Runner::State::wants_checksum_file(const std::string& key, std::int64_t size) const {
  return is_checksum_file(key) && size <= kLargestList;
}

// "<digits>  <path>" a line, the path from the list's folder; or the digits alone.
void Runner::State::take_checksum_file(const std::string& key, std::string_view text) {
  const auto kind = digest_kind_of(file_name(key));
  const std::string folder = parent_path(key);
  int line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
    if (row.ends_with('\r')) row.remove_suffix(1);
    const std::size_t gap = std::min(row.find_first_of(" \t"), row.size());
    const auto digits = digest_text(*kind, row.substr(0, gap));
    if (!digits) continue;
    std::string_view name = row.substr(gap);
    while (!name.empty() && (name.front() == ' ' || name.front() == '\t' || name.front() == '*')) name.remove_prefix(1);
    while (name.starts_with("./")) name.remove_prefix(2);
    ChecksumWork work;
    work.kind = *kind;
    work.expected = *digits;
    work.place.file = key;
    work.place.line = line;
    std::string path = name.empty() ? key.substr(0, key.rfind('.')) : in_folder(folder, name);
    checksums.emplace_back(std::move(path), std::move(work));
  }
}

void Runner::State::queue_checksums() {
  for (const meta::MergedStudy& merged : studies) {
    for (const meta::FileList& list : merged.study.record.file_lists) {
      for (const meta::FileEntry& entry : list.entries) {
        for (const auto& [heading, value] : entry.other) {
          const auto kind = digest_kind_of(heading);
          const auto digits = kind ? digest_text(*kind, value) : std::nullopt;
          if (!digits) continue;
          ChecksumWork work;
          work.kind = *kind;
          work.expected = *digits;
          work.place.file = list.name.value;
          if (entry.place.file) work.place.file = *entry.place.file;
          work.place.line = entry.place.line;
          checksums.emplace_back(in_folder(merged.study.root, entry.path.value), std::move(work));
        }
      }
    }
  }
  std::int64_t bytes = 0;
  for (const auto& [path, work] : checksums) bytes += std::max<std::int64_t>(0, tree.size_of(path));
  const bool too_many = !options.checksums && bytes > options.limits.checksum_bytes;
  if (too_many) {
    findings.file("files/checksum-unread", 0, checksums.front().second.place.file,
                  concat("The checksums of ", checksums.size(), " files were not compared."), std::string(),
                  concat(bytes / 1'000'000, " MB in these files"));
  }
  for (std::size_t i = 0; i < checksums.size() && !too_many; ++i) {
    // That a listed file is absent has a rule of its own; checksum files are no file lists.
    if (tree.has_file(checksums[i].first)) {
      checksums_waiting.push_back(i);
    } else if (is_checksum_file(checksums[i].second.place.file)) {
      checksums[i].second.found = "nothing";
    }
  }
}

bool Runner::State::advance_checksums() {
  while (!checksums_waiting.empty() && checksums_open.size() < options.limits.open_annotations &&
         ready.size() + handed_out < options.limits.outstanding) {
    const std::size_t index = checksums_waiting.front();
    checksums_waiting.pop_front();
    ChecksumWork& work = checksums[index].second;
    work.digest.emplace(work.kind);
    // A file with two sums is read twice; it is rare.
    checksums_open.insert(index);
    ask_checksum(index);
  }
  return checksums_waiting.empty() && checksums_open.empty();
}

void Runner::State::ask_checksum(std::size_t index) {
  Route route;
  route.purpose = ReadFor::kChecksum;
  route.linear = static_cast<std::int64_t>(index);
  route.offset = checksums[index].second.offset;
  route.length = options.limits.window_bytes;
  ++loose_pending;
  ask(Request::Kind::kRead, checksums[index].first, std::move(route));
}

void Runner::State::take_checksum_part(const Route& route, std::span<const std::byte> bytes) {
  const auto index = static_cast<std::size_t>(route.linear);
  ChecksumWork& work = checksums[index].second;
  const auto count = static_cast<std::int64_t>(bytes.size());
  work.digest->add(bytes);
  work.offset += count;
  // A host that cannot read a part gives all.
  const bool ended = count != route.length || work.offset == tree.size_of(route.key);
  if (!ended) return ask_checksum(index);
  work.found = work.digest->finish();
  checksums_open.erase(index);
}

void Runner::State::report_checksums() {
  for (const auto& [path, work] : checksums) {
    if (work.found.empty() || work.found == work.expected) continue;
    Issue issue;
    issue.rule = "files/checksum";
    issue.severity = Severity::kError;
    issue.file = path;
    issue.message = work.found == "nothing"
                        ? concat("The file is not there, and ", work.place.file, " has its checksum.")
                        : concat("The ", digest_name(work.kind), " checksum of the file is not the one that ",
                                 work.place.file, " states.");
    issue.expected = work.expected;
    issue.received = work.found;
    issue.related.push_back(work.place);
    findings.adopt(std::move(issue));
  }
}

}  // namespace mifa::validate
