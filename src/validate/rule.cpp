#include "validate/rule.h"

#include <algorithm>
#include <map>
#include <string>

#include "ome/concat.h"

namespace mifa::validate {

const std::vector<const Rule*>& all_rules() {
  static const std::vector<const Rule*> kAll = [] {
    std::vector<const Rule*> all;
    for (const auto rules :
         {group_rules(), image_rules(), axes_rules(), transform_rules(), coordinate_system_rules(),
          omero_rules(), level_rules(), label_rules(), plate_rules(), collection_rules(),
          array_rules(), pixel_rules(), file_rules(), study_rules(), annotation_rules()}) {
      for (const Rule& rule : rules) all.push_back(&rule);
    }
    std::sort(all.begin(), all.end(), [](const Rule* a, const Rule* b) {
      return std::string_view(a->id) < std::string_view(b->id);
    });
    return all;
  }();
  return kAll;
}

const Rule* find_rule(std::string_view id) {
  const auto& all = all_rules();
  const auto found = std::lower_bound(
      all.begin(), all.end(), id,
      [](const Rule* rule, std::string_view wanted) { return std::string_view(rule->id) < wanted; });
  return found != all.end() && id == (*found)->id ? *found : nullptr;
}

const std::vector<const Rule*>& rules_of(Kind kind) {
  static const std::map<Kind, std::vector<const Rule*>> kByKind = [] {
    std::map<Kind, std::vector<const Rule*>> result;
    for (const Rule* rule : all_rules()) {
      if (rule->check) result[rule->kind].push_back(rule);
    }
    return result;
  }();
  static const std::vector<const Rule*> kNone;
  const auto found = kByKind.find(kind);
  return found == kByKind.end() ? kNone : found->second;
}

std::string spec_url(const Rule& rule, int minor) {
  std::string url = rule.spec;
  constexpr std::string_view kEdition = "/0.5/";
  const std::size_t at = url.find(kEdition);
  if (at == std::string::npos || minor < 1 || minor > 4) return url;
  return url.replace(at, kEdition.size(), ome::concat("/0.", minor, "/"));
}

}  // namespace mifa::validate
