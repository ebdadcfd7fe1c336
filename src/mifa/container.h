// The containers that MIFA metadata comes in: one table, one reader a row, all into one Record.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/issue.h"
#include "mifa/log.h"
#include "mifa/record.h"

namespace mifa::meta {

// A file as the host gives it.
struct SourceFile {
  struct Member {
    std::string name;
    std::string text;
  };
  std::string name;  // Relative to the dataset's root; its ending counts.
  // UTF-8 is expected; of other encodings, read_metadata() says so and reads them all the same.
  std::string text;  // Not for XLSX, whose members the caller has unzipped.
  std::vector<Member> members;
};

struct Container {
  const char* id;    // Stable, e.g. "pagetab-tsv".
  const char* name;  // For people, and the first column of the README's table.
  // Whether the file looks like it, by its first bytes (64 KiB are enough) and its name.
  bool (*sniff)(std::string_view head, std::string_view name);
  // Adds what is there to the record, and what is wrong to the log. Never fails: what cannot be
  // read is an issue.
  void (*read)(const SourceFile& file, Record& record, Log& log);
};

// All containers, in the order in which they are tried.
std::span<const Container> containers();

// The container whose sniff() takes the file, or null.
const Container* find_container(std::string_view head, std::string_view name);

struct ReadResult {
  const Container* container = nullptr;  // Null when no container is known for the file.
  Record record;
  Issues issues;
};

// Sniffs and reads one file. Issues carry rules of mifa/checks.h.
ReadResult read_metadata(const SourceFile& file);

}  // namespace mifa::meta
