#include "validate/configuration.h"

#include <nlohmann/json.hpp>

#include "mifa/tree.h"
#include "ome/concat.h"

namespace mifa::validate {
namespace {

using ome::concat;

Result<Change> parse_change(const JsonView& value) {
  Change change;
  const auto severity = value["severity"].string();
  if (severity == "error") {
    change.severity = Severity::kError;
  } else if (severity == "warning") {
    change.severity = Severity::kWarning;
  } else if (severity == "info") {
    change.severity = Severity::kInfo;
  } else if (severity != "off") {
    const JsonView place = value["severity"].exists() ? value["severity"] : value;
    return place.mismatch("\"severity\": \"off\", \"info\", \"warning\" or \"error\"");
  }
  const auto reason = value["reason"].string();
  if (!reason || reason->empty()) {
    const JsonView place = value["reason"].exists() ? value["reason"] : value;
    return place.mismatch("\"reason\", a sentence that says why (it is shown in the report)");
  }
  change.reason = *reason;
  return change;
}

// Of YAML: severities and reasons are texts, however they are written ("off" is a boolean to some).
nlohmann::ordered_json json_of(const meta::Node& node) {
  nlohmann::ordered_json json;
  if (node.is_mapping()) {
    json = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < node.size(); ++i) json[node.child(i).key()] = json_of(node.child(i));
  } else if (node.is_sequence()) {
    json = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < node.size(); ++i) json.push_back(json_of(node.child(i)));
  } else if (!node.is_null()) {
    json = node.text();
  }
  return json;
}

}  // namespace

std::optional<Severity> Configuration::severity_of(const Rule& rule) const {
  const auto found = changes.find(std::string_view(rule.id));
  return found == changes.end() ? std::optional(rule.severity) : found->second.severity;
}

Result<Configuration> parse_configuration(const JsonView& document) {
  if (!document.is_object()) return document.mismatch("an object with the member \"rules\"");
  for (const std::string& key : document.keys()) {
    if (key != "rules") return document[key].mismatch("no member but \"rules\"");
  }
  const JsonView rules = document["rules"];
  if (!rules.is_object()) {
    return (rules.exists() ? rules : document).mismatch("\"rules\", an object by rule id");
  }
  Configuration configuration;
  for (const std::string& id : rules.keys()) {
    if (!find_rule(id)) {
      return Error{ErrorCode::kFixData,
                   concat("expected the id of a rule, received \"", id.substr(0, 80), "\", at ",
                          rules[id].pointer(), " of ", rules.file(),
                          "; `mifascope rules` lists them")};
    }
    auto change = parse_change(rules[id]);
    if (!change) return std::move(change).error();
    configuration.changes.emplace(id, *std::move(change));
  }
  return configuration;
}

Result<Configuration> parse_configuration(std::string text, std::string file) {
  if (const std::size_t start = text.find_first_not_of(" \t\r\n"); start != std::string::npos && text[start] != '{') {
    const auto tree = meta::Tree::parse_yaml(text, file);
    if (!tree) return tree.error();
    text = json_of((*tree)->root()).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }
  auto document = JsonDocument::parse(std::move(text), std::move(file));
  if (!document) return std::move(document).error();
  return parse_configuration(*document);
}

}  // namespace mifa::validate
