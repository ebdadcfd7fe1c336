// What readers and the quality report find: one row a rule, so that validators can list, grade and
// explain what they pass on. Every id that an issue of this module carries stands here.
#pragma once

#include <span>
#include <string_view>

#include "core/issue.h"

namespace mifa::annotation {

struct AnnotationRule {
  const char* id;
  Severity severity;      // The worst that an issue of it has.
  const char* title;      // What holds where the rule is kept: a short sentence.
  const char* applies_to; // Of which files.
  const char* spec_url;   // What says so, or the best description there is.
};

// All of them, by id.
std::span<const AnnotationRule> annotation_rules();
// Null for an id that is not in the table.
const AnnotationRule* find_annotation_rule(std::string_view id);

}  // namespace mifa::annotation
