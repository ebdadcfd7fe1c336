// Documents of MIFA's LinkML model (BioImage-Archive/bia-mifa-models): one of Study, Annotations
// and Version a file, or a MifaContainer with the study's attributes and a list of annotations.
#include "mifa/containers/keyed_sections.h"
#include "mifa/containers/readers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr KeyedStyle kStyle{.lists_matter = true};

bool has_any(const Node& root, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (root[key].exists()) return true;
  }
  return false;
}

void read_study_document(const Node& root, Record& record, Log& log) {
  Fields fields(root, log);
  read_study(fields, record, log, kStyle);
  const Node sets = fields.member({"annotations"});
  const auto add = [&](const Node& node) {
    AnnotationSet set = read_annotation_set(node, record, log, kStyle);
    set.id = node.key().empty() ? "annotations " + std::to_string(record.annotations.size() + 1)
                                : node.key();
    record.annotations.push_back(std::move(set));
  };
  if (sets.is_sequence()) {
    for (std::size_t i = 0; i < sets.size(); ++i) add(sets.child(i));
  } else if (sets.is_mapping() && sets["annotation_overview"].exists()) {
    add(sets);
  } else {
    for (std::size_t i = 0; i < sets.size(); ++i) add(sets.child(i));
  }
  const Node version = fields.member({"version"});
  if (version.is_mapping()) record.versions.push_back(read_version(version, record, log));
  if (version.is_scalar()) record.others.push_back({"version", version.value()});
  fields.leftover(record, "the study");
}

}  // namespace

bool sniff_linkml(std::string_view head, std::string_view name) {
  if (is_schema(head) || name.ends_with(".tsv") || name.ends_with(".csv")) return false;
  if (has_key(head, "annotation_overview")) return true;
  if (has_key(head, "version") && has_key(head, "timestamp")) return true;
  if (!has_key(head, "title")) return false;
  for (const char* key : {"funding_statement", "ai_models_trained", "link_url"}) {
    if (has_key(head, key)) return true;
  }
  return has_key(head, "license") && has_key(head, "keywords") && !looks_like_json(head);
}

void read_linkml(const SourceFile& file, Record& record, Log& log) {
  const TreePtr tree = parse_document(file, log);
  if (!tree) return;
  const Node root = tree->root();
  if (!root.is_mapping()) {
    Fields(root, log);  // Says so.
    return;
  }
  if (has_any(root, {"title", "keywords", "license", "funding_statement"})) {
    read_study_document(root, record, log);
  } else if (has_any(root, {"annotation_overview", "annotation_method", "file_metadata"})) {
    AnnotationSet set = read_annotation_set(root, record, log, kStyle);
    set.id = "annotations";
    record.annotations.push_back(std::move(set));
  } else if (has_any(root, {"version", "timestamp"})) {
    record.versions.push_back(read_version(root, record, log));
  } else {
    Fields fields(root, log);
    fields.leftover(record, "the document");
  }
}

}  // namespace mifa::meta
