#include <map>

#include "ome/concat.h"
#include "validate/markup.h"
#include "validate/report.h"

namespace mifa::validate {
namespace {

using ome::concat;

// Colours of text on white with a contrast of at least 4.5 to 1. Prints on white paper.
constexpr const char* kStyle = R"css(
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 0; }
.verdict { font-size: 1.15rem; font-weight: 600; }
.rule { border: 1px solid #d0d7de; border-left-width: 6px; border-radius: 6px; padding: .75rem 1rem; margin: 1rem 0; }
.error { border-left-color: #b3261e; } .warning { border-left-color: #9a6700; } .info { border-left-color: #0b5cad; }
.mark { font-weight: 600; } .error .mark { color: #b3261e; } .warning .mark { color: #7a5200; } .info .mark { color: #0b5cad; }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; }
ol { padding-left: 1.5rem; } li { margin: .5rem 0; break-inside: avoid; }
dl { margin: .25rem 0; display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; }
dt { color: #57606a; } dd { margin: 0; overflow-wrap: anywhere; }
.place { display: block; color: #57606a; }
@media print { body { margin: 0; max-width: none; } a { color: inherit; } .rule { break-inside: auto; } }
)css";

std::string issue_html(const Issue& issue, const std::string& rule_fix) {
  const std::string place = place_text(issue);
  std::string text = concat("<li><code class=\"place\">",
                            place.empty() ? std::string("the dataset") : escaped(place), "</code>",
                            escaped(issue.message));
  std::string facts;
  const auto add = [&facts](const char* name, const std::string& value) {
    if (!value.empty()) facts += concat("<dt>", name, "</dt><dd>", escaped(value), "</dd>");
  };
  add("Expected", issue.expected);
  add("Received", issue.received);
  if (issue.fix != rule_fix) add("Fix", issue.fix);
  if (!facts.empty()) text += concat("<dl>", facts, "</dl>");
  return text + "</li>\n";
}

std::string rule_html(const RuleOutcome& outcome, const std::vector<const Issue*>& issues) {
  const Rule& rule = *outcome.rule;
  const char* severity = severity_name(outcome.severity);
  std::string text = concat("<section class=\"rule ", severity, "\" id=\"", rule.id, "\">\n<h2><span class=\"mark\">",
                            severity, "</span> ", escaped(rule.title), "</h2>\n<p><code>", rule.id,
                            "</code> · ", escaped(rule.applies_to), " · ", outcome.count,
                            outcome.count == 1 ? " issue" : " issues", "</p>\n<ol>\n");
  for (const Issue* issue : issues) text += issue_html(*issue, rule.fix);
  text += "</ol>\n";
  const std::int64_t more = outcome.count - static_cast<std::int64_t>(issues.size());
  if (more > 0) text += concat("<p>and ", more, " more of the same.</p>\n");
  text += concat("<dl><dt>Why</dt><dd>", escaped(rule.why), "</dd><dt>Fix</dt><dd>", escaped(rule.fix),
                 "</dd><dt>Rule</dt><dd><a href=\"", escaped(outcome.url), "\">", escaped(outcome.url),
                 "</a></dd>");
  if (!outcome.reason.empty()) text += concat("<dt>Graded because</dt><dd>", escaped(outcome.reason), "</dd>");
  return text + "</dl>\n</section>\n";
}

}  // namespace

std::string html_report(const Report& report) {
  std::map<std::string, std::vector<const Issue*>> by_rule;
  for (const Issue& issue : report.issues) by_rule[issue.rule].push_back(&issue);
  std::string text = concat(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>",
      escaped(report.name), ": ", report.verdict(), "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<main>\n<h1>",
      escaped(report.name), "</h1>\n<p>", escaped(inventory_text(report)), "</p>\n<p class=\"verdict\">",
      report.verdict(), ": ", counts_text(report), "</p>\n");
  if (!report.complete) text += "<p>The run was cancelled; the rest was not looked at.</p>\n";
  for (const RuleOutcome& outcome : report.rules) text += rule_html(outcome, by_rule[outcome.rule->id]);
  if (!report.silenced.empty()) {
    text += "<section>\n<h2>Rules turned off</h2>\n<ul>\n";
    for (const Silenced& silenced : report.silenced) {
      text += concat("<li><code>", escaped(silenced.rule), "</code>: ", escaped(silenced.reason), "</li>\n");
    }
    text += "</ul>\n</section>\n";
  }
  return text + "</main>\n</body>\n</html>\n";
}

}  // namespace mifa::validate
