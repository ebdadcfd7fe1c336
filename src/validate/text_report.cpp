#include <cstdio>
#include <iterator>
#include <map>

#include <nlohmann/json.hpp>

#include "ome/concat.h"
#include "validate/report.h"
#include "validate/report_text.h"

namespace mifa::validate {
namespace {

using ome::concat;

std::string count_text(std::int64_t count, const char* one, const char* many) {
  return concat(count, " ", count == 1 ? one : many);
}

struct Style {
  const char* error = "";
  const char* warning = "";
  const char* info = "";
  const char* bold = "";
  const char* dim = "";
  const char* plain = "";
  const char* of(Severity severity) const {
    return severity == Severity::kError ? error : severity == Severity::kWarning ? warning : info;
  }
};
constexpr Style kPlain;
constexpr Style kColors = {"\033[1;31m", "\033[1;33m", "\033[1;36m", "\033[1m", "\033[2m", "\033[0m"};

void append_issue(std::string& text, const Issue& issue, const std::string& rule_fix,
                  const Style& style) {
  const std::string place = place_text(issue);
  text += concat("  ", place.empty() ? std::string("the dataset") : place, "\n");
  text += concat("    ", printable(issue.message), "\n");
  if (!issue.expected.empty()) text += concat("    expected ", printable(issue.expected), "\n");
  if (!issue.received.empty()) text += concat("    received ", printable(issue.received), "\n");
  if (issue.fix != rule_fix && !issue.fix.empty()) {
    text += concat("    ", style.dim, printable(issue.fix), style.plain, "\n");
  }
}

}  // namespace

std::string bytes_text(std::int64_t bytes) {
  static constexpr const char* kUnits[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  double number = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (number >= 999.5 && unit + 1 < std::size(kUnits)) number /= 1000, ++unit;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 || number >= 99.95 ? "%.0f" : "%.1f", number);
  return concat(text, " ", kUnits[unit]);
}

std::string counts_text(const Report& report) {
  std::string text;
  const auto add = [&text](std::int64_t count, const char* one, const char* many) {
    if (count > 0) text += concat(text.empty() ? "" : ", ", count_text(count, one, many));
  };
  add(report.errors, "error", "errors");
  add(report.warnings, "warning", "warnings");
  add(report.infos, "remark", "remarks");
  return text.empty() ? "no issues" : text;
}

std::string inventory_text(const Report& report) {
  const Inventory& seen = report.inventory;
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (seen.plates > 0) add(count_text(seen.plates, "plate", "plates"));
  if (seen.wells > 0) add(count_text(seen.wells, "well", "wells"));
  if (seen.annotation_files > 0) {
    add(concat(count_text(seen.annotation_files, "annotation file", "annotation files"), " (",
               count_text(seen.annotation_objects, "object", "objects"), ")"));
  }
  if (seen.images > 0) add(count_text(seen.images, "image", "images"));
  if (seen.labels > 0) add(count_text(seen.labels, "label image", "label images"));
  if (seen.listed) {
    add(concat(count_text(seen.files, "file", "files"), " (", bytes_text(seen.bytes), ")"));
    if (seen.chunks_expected > 0) {
      add(concat(seen.chunks_present, " of ", seen.chunks_expected, " chunks there"));
    }
  }
  add(count_text(seen.chunks_decoded, "chunk decoded", "chunks decoded"));
  if (!seen.versions.empty()) {
    std::string versions;
    for (const std::string& version : seen.versions) versions += (versions.empty() ? "" : ", ") + version;
    add("OME-Zarr " + versions);
  }
  return text;
}

std::string place_text(const Issue& issue) {
  std::string text = printable(issue.file);
  if (issue.line > 0) text += concat(text.empty() ? "" : ", ", "line ", issue.line);
  if (issue.row > 0) text += concat(text.empty() ? "" : ", ", "row ", issue.row);
  if (!issue.pointer.empty()) text += (text.empty() ? "" : ", ") + printable(issue.pointer);
  return text;
}

std::string printable(std::string_view text) {
  // Invalid UTF-8 becomes U+FFFD; nlohmann's writer knows how.
  const nlohmann::json json = std::string(text);
  const std::string dumped = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const nlohmann::json mended = nlohmann::json::parse(dumped, nullptr, false);
  std::string result = mended.is_string() ? *mended.get_ptr<const std::string*>() : dumped;
  for (char& c : result) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) c = ' ';
  }
  return result;
}

std::string text_report(const Report& report, bool colors) {
  const Style& style = colors ? kColors : kPlain;
  std::string text = concat(style.bold, printable(report.name), style.plain, "\n",
                            inventory_text(report), "\n");
  std::map<std::string, std::vector<const Issue*>> by_rule;
  for (const Issue& issue : report.issues) by_rule[issue.rule].push_back(&issue);
  for (const RuleOutcome& outcome : report.rules) {
    text += concat("\n", style.of(outcome.severity), severity_name(outcome.severity), style.plain, "  ",
                   style.bold, outcome.rule->title, style.plain, "  ", style.dim, outcome.rule->id,
                   style.plain, "\n");
    const auto& issues = by_rule[outcome.rule->id];
    for (const Issue* issue : issues) append_issue(text, *issue, outcome.rule->fix, style);
    const std::int64_t more = outcome.count - static_cast<std::int64_t>(issues.size());
    if (more > 0) text += concat("  and ", more, " more like ", issues.size() == 1 ? "it" : "them", "\n");
    text += concat("  Why: ", outcome.rule->why, "\n  Fix: ", outcome.rule->fix, "\n  ", style.dim,
                   outcome.url, style.plain, "\n");
    if (!outcome.reason.empty()) text += concat("  Graded by the configuration: ", printable(outcome.reason), "\n");
  }
  for (const Silenced& silenced : report.silenced) {
    text += concat("\noff  ", silenced.rule, ": ", printable(silenced.reason), "\n");
  }
  text += concat("\n", style.bold, report.verdict(), style.plain, ": ", counts_text(report),
                 report.complete ? "" : "; the run was cancelled, the rest was not looked at", "\n");
  return text;
}

}  // namespace mifa::validate
