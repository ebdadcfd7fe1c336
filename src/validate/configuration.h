// What a project wants to be told: severities of rules changed, or rules turned off, with reasons.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/json.h"
#include "core/result.h"
#include "validate/rule.h"

namespace mifa::validate {

struct Change {
  std::optional<Severity> severity;  // nothing: off
  std::string reason;                // shown in the report
};

struct Configuration {
  std::map<std::string, Change, std::less<>> changes;  // by rule id

  // What the rule is filed as; nothing where it is off.
  std::optional<Severity> severity_of(const Rule& rule) const;
};

// {"rules": {"ome-zarr/axis-unit": {"severity": "off", "reason": "…"}}}; severities are "off",
// "info", "warning" and "error", and a reason is needed. The Error names the place.
Result<Configuration> parse_configuration(const JsonView& document);
// The text of a configuration file: JSON, or the same in YAML.
Result<Configuration> parse_configuration(std::string text, std::string file);

}  // namespace mifa::validate
