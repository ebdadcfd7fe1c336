#include "mifa/container.h"

#include "mifa/containers/readers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// Those that can be told for certain come before those that are told by a word or two.
constexpr Container kTable[] = {
    {"file-list-xlsx", "file list, XLSX", sniff_file_list_xlsx, read_file_list_xlsx},
    {"ro-crate", "RO-Crate", sniff_ro_crate, read_ro_crate},
    {"croissant", "Croissant", sniff_croissant, read_croissant},
    {"bia-api", "BIA API JSON", sniff_bia_api, read_bia_api},
    {"pagetab-json", "PageTab JSON", sniff_pagetab_json, read_pagetab_json},
    {"file-list-json", "file list, JSON", sniff_file_list_json, read_file_list_json},
    {"pagetab-tsv", "PageTab TSV", sniff_pagetab_tsv, read_pagetab_tsv},
    {"bia-agent", "bia-agent YAML and JSON", sniff_bia_agent, read_bia_agent},
    {"mifa-linkml", "MIFA LinkML documents", sniff_linkml, read_linkml},
    {"file-list-tsv", "file list, TSV", sniff_file_list_tsv, read_file_list_tsv},
};

}  // namespace

std::span<const Container> containers() { return kTable; }

const Container* find_container(std::string_view head, std::string_view name) {
  for (const Container& container : kTable) {
    if (container.sniff(head, name)) return &container;
  }
  return nullptr;
}

ReadResult read_metadata(const SourceFile& file) {
  ReadResult result;
  Log log;
  SourceFile decoded;
  const SourceFile* source = &file;
  Decoded text = decode(file.text);
  if (text.encoding) {
    decoded = {file.name, std::move(text.text), file.members};
    source = &decoded;
    Place place;
    place.file = std::make_shared<const std::string>(file.name);
    place.line = text.line;
    log.add(place,
            {.rule = "mifa/encoding",
             .severity = Severity::kWarning,
             .message = std::string("The file is not UTF-8; it is read as ") + text.encoding + ".",
             .expected = "UTF-8",
             .received = text.encoding,
             .fix = "Save the file as UTF-8, so that names are the same for everybody."});
  }
  const std::string_view head = std::string_view(source->text).substr(0, 64U << 10);
  result.container = find_container(head, file.name);
  if (!result.container) return result;
  ContainerUse use;
  use.id = result.container->id;
  use.file = file.name;
  result.record.containers.push_back(use);
  result.container->read(*source, result.record, log);
  result.issues = log.take();
  for (const Issue& issue : result.issues) {
    for (const char* rule : {"mifa/container-syntax", "mifa/limit", "mifa/crate-root"}) {
      if (issue.rule == rule) result.record.containers.back().failed = true;
    }
  }
  return result;
}

}  // namespace mifa::meta
