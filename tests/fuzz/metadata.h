// Any text through one reader of mifa, and then through everything that is done with what it read.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "mifa/card.h"
#include "mifa/checks.h"
#include "mifa/exporter.h"
#include "mifa/merge.h"

inline void fuzz_metadata(const mifa::meta::SourceFile& file,
                          void (*read)(const mifa::meta::SourceFile&, mifa::meta::Record&,
                                       mifa::meta::Log&),
                          const char* id) {
  using namespace mifa::meta;
  Record record;
  record.containers.emplace_back();
  record.containers.back().id = id;
  record.containers.back().file = file.name;
  Log log;
  read(file, record, log);
  const mifa::Issues read_issues = log.take();
  for (const mifa::Issue& issue : read_issues) {
    if (issue.message.empty() || !find_rule(issue.rule)) std::abort();
  }
  std::vector<Record> records;
  records.push_back(record);
  records.push_back(std::move(record));
  const MergeResult merged = merge(std::move(records));
  ActualFiles actual;
  actual.files.push_back({"a.tif", 1});
  actual.images.push_back({"a.tif", {1, 1, 1}, 1e-7});
  for (const mifa::Issue& issue :
       check_record({.record = merged.record, .actual = &actual, .now = 1})) {
    if (issue.message.empty() || !find_rule(issue.rule)) std::abort();
  }
  if (card_json(merged.record, read_issues).empty()) std::abort();
  if (make_badge(merged.record, read_issues).svg.empty()) std::abort();
  for (const Exporter& exporter : exporters()) {
    const Export written = exporter.write(merged.record);
    // What is written can be parsed again.
    for (const Export::File& written_file : written.files) {
      const ReadResult again = read_metadata({written_file.name, written_file.text, {}});
      for (const mifa::Issue& issue : again.issues) {
        if (issue.rule == "mifa/container-syntax") std::abort();
      }
    }
  }
}
