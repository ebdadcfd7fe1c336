// A record in one of the containers that others read: one table, one writer a row.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mifa/record.h"

namespace mifa::meta {

struct Export {
  struct File {
    std::string name;
    std::string text;
  };
  // The document first, then what goes along with it (file lists). Valid UTF-8, "\n" at line ends,
  // the same bytes for the same record.
  std::vector<File> files;
  // What the record states and the container cannot hold, a sentence each; no sentence twice.
  std::vector<std::string> losses;
};

struct Exporter {
  const char* id;    // "bia-agent", "pagetab", "ro-crate", "croissant".
  const char* name;  // For people.
  Export (*write)(const Record& record);
};

std::span<const Exporter> exporters();
// The exporter with this id, or null.
const Exporter* find_exporter(std::string_view id);

Export export_bia_agent(const Record& record);
Export export_pagetab(const Record& record);
Export export_ro_crate(const Record& record);
Export export_croissant(const Record& record);

}  // namespace mifa::meta
