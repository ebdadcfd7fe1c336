#include "mifa/containers/fields.h"

#include "mifa/container.h"
#include "mifa/words.h"

namespace mifa::meta {

Fields::Fields(const Node& node, Log& log) : node_(node), log_(log) {
  if (!node.exists() || node.is_null() || node.is_mapping()) return;
  log_.add(node.place(), {.rule = "mifa/value-type",
                          .severity = Severity::kError,
                          .message = "A group of attributes was expected here and is not read.",
                          .expected = "attributes with names",
                          .received = node.describe(),
                          .fix = "Write the attributes by name."});
  node_ = Node();
}

Node Fields::member(Names names) {
  for (const std::string_view name : names) {
    const Node found = node_.folded_member(folded(name));
    if (!found.exists()) continue;
    taken_.insert(found.key());
    return found;
  }
  return {};
}

Text Fields::text(Names names) {
  const Node node = member(names);
  if (!node.exists() || node.is_null() || node.is_scalar()) return node.value();
  Text result;
  result.place = node.place();
  if (node.is_sequence()) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      const std::string& part = node.child(i).text();
      if (part.empty()) continue;
      if (!result.value.empty()) result.value += ", ";
      result.value += part;
    }
    if (node.size() <= 1 && (node.size() == 0 || node.child(0).is_scalar())) return result;
  }
  log_.add(node.place(), {.rule = "mifa/value-type",
                          .severity = Severity::kWarning,
                          .message = "\"" + node.key() + "\" is not a single text" +
                                     (result.value.empty() ? "." : "; its parts are joined."),
                          .expected = "one text",
                          .received = node.describe(),
                          .fix = "Write one text."});
  return result;
}

Texts Fields::texts(Names names, bool says_so) {
  const Node node = member(names);
  Texts result;
  if (!node.exists()) return result;
  if (node.is_sequence()) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      const Node item = node.child(i);
      if (item.is_scalar() || item.is_null()) {
        result.push_back(item.value());
        continue;
      }
      log_.add(item.place(), {.rule = "mifa/value-type",
                              .severity = Severity::kWarning,
                              .message = "An item of \"" + node.key() + "\" is not a text.",
                              .expected = "a text",
                              .received = item.describe(),
                              .fix = "Write each item as one text; put those with \": \" between "
                                     "quotes."});
    }
    // An empty list is mentioned, though it has nothing.
    if (result.empty()) result.push_back(text_at("", node.place()));
    return result;
  }
  if (node.is_mapping()) {
    log_.add(node.place(), {.rule = "mifa/value-type",
                            .severity = Severity::kWarning,
                            .message = "\"" + node.key() + "\" is not a list of texts.",
                            .expected = "a list of texts",
                            .received = node.describe(),
                            .fix = "Write a list."});
    return result;
  }
  if (says_so && node.is_scalar()) {
    log_.add_once(node.place(), node.key(),
                  {.rule = "mifa/scalar-for-list",
                   .severity = Severity::kWarning,
                   .message = "\"" + node.key() +
                              "\" is one value where the model has a list; it is read as a "
                              "list of one.",
                   .expected = "a list",
                   .received = node.describe(),
                   .fix = "Write it as a list with one item."});
  }
  result.push_back(node.value());
  return result;
}

std::vector<Node> Fields::items(Names names, bool says_so) {
  const Node node = member(names);
  std::vector<Node> result;
  if (node.is_sequence()) {
    for (std::size_t i = 0; i < node.size(); ++i) result.push_back(node.child(i));
  } else if (node.is_mapping()) {
    if (says_so) {
      log_.add_once(node.place(), node.key(),
                    {.rule = "mifa/scalar-for-list",
                     .severity = Severity::kWarning,
                     .message = "\"" + node.key() +
                                "\" is one group where the model has a list; it is read as "
                                "a list of one.",
                     .expected = "a list",
                     .received = node.describe(),
                     .fix = "Write it as a list with one item."});
    }
    result.push_back(node);
  } else if (node.is_scalar()) {
    log_.add(node.place(), {.rule = "mifa/value-type",
                            .severity = Severity::kWarning,
                            .message = "\"" + node.key() +
                                       "\" is a text where a list is meant; it is "
                                       "not read.",
                            .expected = "a list of groups of attributes",
                            .received = node.describe(),
                            .fix = "Write a list, each item with its attributes."});
  }
  return result;
}

void Fields::leftover(Record& record, const std::string& what) {
  for (std::size_t i = 0; i < node_.size(); ++i) {
    const Node child = node_.child(i);
    const bool blank = child.is_null() || (child.is_scalar() && trimmed(child.text()).empty());
    if (taken_.contains(child.key()) || blank) continue;
    record.others.push_back({what + ": " + child.key(), child.value()});
    log_.add_once(child.place(), what + child.key(),
                  {.rule = "mifa/unknown-attribute",
                   .severity = Severity::kInfo,
                   .message = "\"" + child.key() + "\" is not an attribute of " + what +
                              "; it is kept, but nothing is checked about it.",
                   .received = child.describe(),
                   .fix = "Check the spelling if one of the known attributes was meant."});
  }
}

TreePtr parse_document(const SourceFile& file, Log& log) {
  auto tree = Tree::parse(file.text, file.name);
  if (!tree) {
    log.add_file(
        file.name,
        {.rule = tree.error().code == ErrorCode::kLimit ? "mifa/limit" : "mifa/container-syntax",
         .severity = Severity::kError,
         .message = "The file cannot be read: " + tree.error().message + ".",
         .fix = "Correct the file at the place named."});
    return nullptr;
  }
  for (const Tree::Duplicate& duplicate : (*tree)->duplicates()) {
    Place place = (*tree)->root().place();
    place.pointer = duplicate.pointer;
    place.line = duplicate.line;
    log.add(place, {.rule = "mifa/duplicate-key",
                    .severity = Severity::kWarning,
                    .message = "\"" + duplicate.key + "\" stands twice; only the first one counts.",
                    .expected = "each name once",
                    .received = "\"" + duplicate.key + "\" again",
                    .fix = "Delete or rename one of the two."});
  }
  if ((*tree)->has_more_documents()) {
    log.add_file(file.name, {.rule = "mifa/value-type",
                             .severity = Severity::kWarning,
                             .message = "The file holds several YAML documents; the first is read.",
                             .expected = "one document",
                             .received = "another one after \"---\"",
                             .fix = "Put each document into a file of its own."});
  }
  return *tree;
}

Text text_at(std::string value, const Place& place) { return {std::move(value), place}; }

bool looks_like_json(std::string_view head) {
  const std::string_view start = trimmed(head.substr(0, 4096));
  return start.starts_with('{') || start.starts_with('[');
}

bool is_schema(std::string_view head) {
  const auto has = [&](std::string_view word) { return head.find(word) != std::string_view::npos; };
  if (!looks_like_json(head)) return false;
  return has("\"$schema\"") || has("\"@context\"") ||
         (has("\"properties\"") && (has("\"$ref\"") || has("\"definitions\"")));
}

bool has_key(std::string_view text, std::string_view key) {
  if (looks_like_json(text)) {
    return text.find("\"" + std::string(key) + "\"") != std::string_view::npos;
  }
  const std::string wanted = std::string(key) + ":";
  for (std::size_t at = text.find(wanted); at != std::string_view::npos;
       at = text.find(wanted, at + 1)) {
    if (at == 0 || text[at - 1] == '\n' || (at == 3 && text.starts_with("\xEF\xBB\xBF"))) {
      return true;
    }
  }
  return false;
}

}  // namespace mifa::meta
