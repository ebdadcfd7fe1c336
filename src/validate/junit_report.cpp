#include <map>

#include "ome/concat.h"
#include "validate/markup.h"
#include "validate/report.h"

namespace mifa::validate {

using ome::concat;

// One suite; a rule that holds is a test that passed. Errors are failures; warnings and remarks are
// told in the output of a test that passed, as JUnit has no word for them.
std::string junit_report(const Report& report) {
  std::map<std::string, std::vector<const Issue*>> by_rule;
  for (const Issue& issue : report.issues) by_rule[issue.rule].push_back(&issue);
  std::map<std::string, const RuleOutcome*> outcomes;
  for (const RuleOutcome& outcome : report.rules) outcomes[outcome.rule->id] = &outcome;
  std::map<std::string, std::string> skipped;
  for (const Silenced& silenced : report.silenced) skipped[silenced.rule] = silenced.reason;
  std::int64_t failures = 0;
  std::string cases;
  for (const Rule* rule : all_rules()) {
    cases += concat("    <testcase classname=\"", escaped(report.name), "\" name=\"", rule->id, ": ",
                    escaped(rule->title), "\">");
    const auto found = outcomes.find(rule->id);
    if (const auto off = skipped.find(rule->id); off != skipped.end()) {
      cases += concat("<skipped message=\"", escaped(off->second), "\"/>");
    } else if (found != outcomes.end()) {
      const bool failure = found->second->severity == Severity::kError;
      std::string text;
      for (const Issue* issue : by_rule[rule->id]) {
        text += concat(place_text(*issue), ": ", issue->message);
        if (!issue->expected.empty()) text += concat(" Expected ", issue->expected, ".");
        if (!issue->received.empty()) text += concat(" Received ", issue->received, ".");
        text += "\n";
      }
      failures += failure ? 1 : 0;
      cases += failure ? concat("<failure message=\"", escaped(rule->title), " (", found->second->count,
                                " times otherwise)\" type=\"error\">", escaped(text), "</failure>")
                       : concat("<system-out>", severity_name(found->second->severity), ": ",
                                escaped(text), "</system-out>");
    }
    cases += "</testcase>\n";
  }
  const auto tests = static_cast<std::int64_t>(all_rules().size());
  const std::string totals = concat("tests=\"", tests, "\" failures=\"", failures, "\" errors=\"0\" skipped=\"",
                                    static_cast<std::int64_t>(skipped.size()), "\"");
  return concat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ", totals, ">\n  <testsuite name=\"mifascope\" ",
                totals, ">\n", cases, "  </testsuite>\n</testsuites>\n");
}

}  // namespace mifa::validate
