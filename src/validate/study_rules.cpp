// The rules of src/mifa as rows of this table: they are checked there, on the merged metadata.
#include "mifa/checks.h"
#include "validate/rule.h"

namespace mifa::validate {

std::span<const Rule> study_rules() {
  static const std::vector<Rule> kRules = [] {
    std::vector<Rule> rules;
    for (const meta::Rule& rule : meta::rules()) {
      Rule row{};
      row.id = rule.id;
      row.severity = rule.severity;
      row.kind = Kind::kStudy;
      row.applies_to = "metadata of a study";
      row.spec = rule.spec_url;
      row.title = rule.summary;
      row.why = "Without it readers cannot find, trust or reuse the data, or an archive asks for it.";
      row.fix = "Correct the metadata at the place that is named.";
      rules.push_back(row);
    }
    return rules;
  }();
  return kRules;
}

}  // namespace mifa::validate
