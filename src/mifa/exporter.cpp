#include "mifa/exporter.h"

namespace mifa::meta {
namespace {

constexpr Exporter kTable[] = {
    {"bia-agent", "bia-agent YAML", export_bia_agent},
    {"pagetab", "PageTab TSV", export_pagetab},
    {"ro-crate", "RO-Crate", export_ro_crate},
    {"croissant", "Croissant", export_croissant},
};

}  // namespace

std::span<const Exporter> exporters() { return kTable; }

const Exporter* find_exporter(std::string_view id) {
  for (const Exporter& exporter : kTable) {
    if (id == exporter.id) return &exporter;
  }
  return nullptr;
}

}  // namespace mifa::meta
