#include <nlohmann/json.hpp>

#include "validate/report.h"

namespace mifa::validate {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;  // of the report; docs/report.schema.json

void put(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

template <typename Place>
void put_place(Json& json, const Place& place) {
  put(json, "file", place.file);
  put(json, "pointer", place.pointer);
  if (place.line > 0) json["line"] = place.line;
  if (place.row > 0) json["row"] = place.row;
}

Json issue_json(const Issue& issue) {
  Json json;
  json["rule"] = issue.rule;
  json["severity"] = severity_name(issue.severity);
  json["message"] = issue.message;
  put_place(json, issue);
  put(json, "expected", issue.expected);
  put(json, "received", issue.received);
  put(json, "fix", issue.fix);
  for (const IssuePlace& place : issue.related) {
    Json related = Json::object();
    put_place(related, place);
    json["related"].push_back(std::move(related));
  }
  return json;
}

Json inventory_json(const Inventory& inventory) {
  Json json;
  if (inventory.listed) {
    json["files"] = inventory.files;
    json["bytes"] = inventory.bytes;
  }
  json["images"] = inventory.images;
  json["labels"] = inventory.labels;
  json["plates"] = inventory.plates;
  json["wells"] = inventory.wells;
  json["arrays"] = inventory.arrays;
  if (inventory.annotation_files > 0) {
    json["annotationFiles"] = inventory.annotation_files;
    json["annotationObjects"] = inventory.annotation_objects;
  }
  if (inventory.listed) {
    json["chunksExpected"] = inventory.chunks_expected;
    json["chunksPresent"] = inventory.chunks_present;
  }
  json["chunksDecoded"] = inventory.chunks_decoded;
  json["allChunks"] = inventory.all_chunks;
  json["versions"] = inventory.versions;
  return json;
}

}  // namespace

std::string json_report(const Report& report) {
  Json json;
  json["format"] = kFormat;
  json["name"] = report.name;
  json["verdict"] = report.verdict();
  json["complete"] = report.complete;
  json["counts"] = {
      {"errors", report.errors}, {"warnings", report.warnings}, {"infos", report.infos}};
  json["inventory"] = inventory_json(report.inventory);
  json["rules"] = Json::array();
  for (const RuleOutcome& outcome : report.rules) {
    Json rule;
    rule["id"] = outcome.rule->id;
    rule["severity"] = severity_name(outcome.severity);
    rule["count"] = outcome.count;
    rule["title"] = outcome.rule->title;
    rule["why"] = outcome.rule->why;
    rule["fix"] = outcome.rule->fix;
    rule["appliesTo"] = outcome.rule->applies_to;
    rule["url"] = outcome.url;
    put(rule, "reason", outcome.reason);
    json["rules"].push_back(std::move(rule));
  }
  json["silenced"] = Json::array();
  for (const Silenced& silenced : report.silenced) {
    json["silenced"].push_back({{"rule", silenced.rule}, {"reason", silenced.reason}});
  }
  json["issues"] = Json::array();
  for (const Issue& issue : report.issues) json["issues"].push_back(issue_json(issue));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string write_report(const Report& report, Format format) {
  switch (format) {
    case Format::kText:
      return text_report(report, false);
    case Format::kJson:
      return json_report(report);
    case Format::kHtml:
      return html_report(report);
    case Format::kCsv:
      return csv_report(report);
    case Format::kJunit:
      return junit_report(report);
  }
  return {};
}

}  // namespace mifa::validate
