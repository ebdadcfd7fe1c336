// What crosses to JavaScript as JSON; web/state.ts has the types of issues and errors.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/issue.h"
#include "core/result.h"

namespace mifa {

// Compact. What is not UTF-8 becomes U+FFFD.
std::string json_text(const nlohmann::json& json);

// {code, message}.
nlohmann::json error_json(const Error& error);

// All members but `related`; those that are not known are "" or 0.
nlohmann::json issue_json(const Issue& issue);

}  // namespace mifa
