#include "core/message_json.h"

namespace mifa {

std::string json_text(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::json error_json(const Error& error) {
  return {{"code", error_code_name(error.code)}, {"message", error.message}};
}

nlohmann::json issue_json(const Issue& issue) {
  return {{"rule", issue.rule},         {"severity", severity_name(issue.severity)},
          {"message", issue.message},   {"file", issue.file},
          {"pointer", issue.pointer},   {"line", issue.line},
          {"row", issue.row},           {"expected", issue.expected},
          {"received", issue.received}, {"fix", issue.fix}};
}

}  // namespace mifa
