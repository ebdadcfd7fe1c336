#include "ome/concat.h"
#include "validate/report.h"
#include "validate/report_text.h"

namespace mifa::validate {
namespace {

void append_field(std::string& line, const std::string& value) {
  if (!line.empty()) line += ',';
  std::string text = printable(value);
  // A sheet must not take a file's text for a formula.
  if (!text.empty() && std::string_view("=+-@\t").find(text[0]) != std::string_view::npos) {
    text.insert(text.begin(), '\'');
  }
  line += '"';
  for (const char c : text) {
    line += c;
    if (c == '"') line += '"';
  }
  line += '"';
}

std::string number(std::int64_t value) { return value > 0 ? std::to_string(value) : std::string(); }

}  // namespace

std::string csv_report(const Report& report) {
  std::string text =
      "severity,rule,title,file,line,row,pointer,message,expected,received,fix\r\n";
  for (const Issue& issue : report.issues) {
    std::string line;
    const Rule* rule = find_rule(issue.rule);
    append_field(line, severity_name(issue.severity));
    append_field(line, issue.rule);
    append_field(line, rule ? rule->title : "");
    append_field(line, issue.file);
    append_field(line, number(issue.line));
    append_field(line, number(issue.row));
    append_field(line, issue.pointer);
    append_field(line, issue.message);
    append_field(line, issue.expected);
    append_field(line, issue.received);
    append_field(line, issue.fix);
    text += line + "\r\n";
  }
  return text;
}

}  // namespace mifa::validate
