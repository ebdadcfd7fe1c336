// What the readers of keyed documents (YAML, JSON) share: taking members by name, with an issue for
// what has the wrong shape and a note of what nobody took.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "mifa/container.h"
#include "mifa/log.h"
#include "mifa/record.h"
#include "mifa/tree.h"

namespace mifa::meta {

// One mapping of a document, whose members are taken one by one. Names compare folded, so that
// "License", "license" and "LICENSE" are one; the first of several names that is there counts.
class Fields {
 public:
  using Names = std::initializer_list<std::string_view>;

  // `log` has to outlive it. A node that is no mapping is an issue, and then nothing is there.
  Fields(const Node& node, Log& log);

  bool exists() const { return node_.is_mapping(); }
  const Node& node() const { return node_; }
  Place place() const { return node_.place(); }

  // One text. A list of one is taken, of several joined; anything else is an issue.
  Text text(Names names);
  // A list of texts. A single text is taken as a list of one; with `says_so`, that is a warning.
  Texts texts(Names names, bool says_so = false);
  // The member itself, unread; marks it as taken.
  Node member(Names names);
  // Members of a list of mappings, or a single mapping (with a warning when `says_so`).
  std::vector<Node> items(Names names, bool says_so = false);

  // What is left: an information each, and kept in the record.
  void leftover(Record& record, const std::string& what);

 private:
  Node node_;
  Log& log_;
  std::set<std::string> taken_;
};

// Parses JSON or YAML; what cannot be parsed is an issue of mifa/container-syntax, and null. Keys
// that stand twice and further documents are said too.
TreePtr parse_document(const SourceFile& file, Log& log);

// A text whose value is elsewhere than in a tree.
Text text_at(std::string value, const Place& place);

// Whether a line of the text starts with "<key>:" or, in JSON, a member "<key>" is there.
bool has_key(std::string_view text, std::string_view key);
// Whether the text starts as JSON does.
bool looks_like_json(std::string_view head);
// Whether it is a JSON Schema or a JSON-LD context, which has the words of metadata but is none.
bool is_schema(std::string_view head);

}  // namespace mifa::meta
