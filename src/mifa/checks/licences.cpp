// The licence: stated, known, and what it allows.
#include "mifa/checks/modules.h"
#include "mifa/licence.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// Whether the form that was filled in has a field for the licence. bia-agent's template and
// BioStudies' MIFA template have none, and what bia-agent makes of its own has only a placeholder
// for accession.
bool form_asks(const Record& record) {
  if (record.from("pagetab") && record.study.accession.value.ends_with("XXX")) return false;
  if (record.study.template_name.value == "BioImages.MIFA.v1") return false;
  return !record.from("bia-agent") || record.from("mifa-linkml") || record.from("pagetab");
}

void missing(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || has_text(study.licence)) return;
  const bool asked = form_asks(c.record) || study.licence.mentioned();
  report.at(place_of(study.licence, study.place), asked ? Severity::kError : Severity::kWarning,
            {.message = std::string("No licence is stated. ") +
                        (asked ? "" : "The form has no field for it. ") +
                        "The archive would assume CC0, that is, give away all rights.",
             .expected = "CC0 or CC BY 4.0",
             .received = "nothing",
             .fix = "State the licence that the authors have agreed on."});
}

void unrecognised(const Checked& c, Report& report) {
  const auto check = [&](const Text& licence) {
    if (!has_text(licence) || parse_licence_expression(licence.value)) return;
    report.at(licence.place,
              {.message = "The licence is not one that is known.",
               .expected = "an SPDX id such as CC0-1.0 or CC-BY-4.0, or the licence's URL",
               .received = licence.value,
               .fix = "Write the licence's SPDX id (https://spdx.org/licenses)."});
  };
  check(c.record.study.licence);
  for (const AnnotationSet& set : c.record.annotations) check(set.licence);
}

void restrictive(const Checked& c, Report& report) {
  const Text& text = c.record.study.licence;
  const auto expression = parse_licence_expression(text.value);
  if (!has_text(text) || !expression) return;
  for (const Licence& licence : expression->licences) {
    if (licence.recommended() && expression->choice) return;
  }
  for (const Licence& licence : expression->licences) {
    if (licence.recommended()) continue;
    report.at(
        text.place,
        {.message = licence.name + " restricts what can be made of the data. " + licence.allows(),
         .expected = "CC0 or CC BY, which MIFA recommends",
         .received = text.value,
         .fix = licence.made_for_code
                    ? "Choose a licence for data; " + licence.name + " is one for code."
                    : "Choose CC0 or CC BY 4.0 if the authors agree."});
    return;
  }
}

void unversioned(const Checked& c, Report& report) {
  const Text& text = c.record.study.licence;
  // MIFA's model has CC_BY and defines it as 4.0.
  if (c.record.from("mifa-linkml") && trimmed(text.value) == "CC_BY") return;
  const auto expression = parse_licence_expression(text.value);
  if (!has_text(text) || !expression) return;
  for (const Licence& licence : expression->licences) {
    if (licence.versioned) continue;
    report.at(text.place, {.message = "The licence has no version, and its versions differ.",
                           .expected = licence.name + " 4.0",
                           .received = text.value,
                           .fix = "Add the version, as in " + licence.id + "-4.0."});
    return;
  }
}

void annotation_licence(const Checked& c, Report& report) {
  if (c.record.annotations.empty() || c.foreign) return;
  for (const AnnotationSet& set : c.record.annotations) {
    if (!has_text(set.licence)) continue;
    const auto own = parse_licence_expression(set.licence.value);
    const auto whole = parse_licence_expression(c.record.study.licence.value);
    if (own && whole && own->normalised == whole->normalised) continue;
    if (!has_text(c.record.study.licence)) continue;
    report.at(set.licence.place,
              {.message = "The annotations \"" + set.title() +
                          "\" have another licence than the study; archives keep one.",
               .expected = c.record.study.licence.value,
               .received = set.licence.value,
               .fix = "Say in the study's description which licence holds for what."});
  }
  const Text& text = c.record.study.licence;
  const auto expression = parse_licence_expression(text.value);
  if (!expression || expression->licences.size() < 2 || expression->choice) return;
  report.at(text.place,
            {.message = "Several licences are stated, and not which of them the annotations have.",
             .expected = "one licence for images and annotations, or one for each",
             .received = text.value,
             .fix = "Say which licence the annotations have."});
}

constexpr Rule kRules[] = {
    {"mifa/licence-missing", Severity::kError, kMifaModel, "A licence is stated.", missing},
    {"mifa/licence-unrecognised", Severity::kError, "https://spdx.org/licenses/",
     "The licence is a known one.", unrecognised},
    {"mifa/licence-restrictive", Severity::kWarning, kMifaPaper, "The licence is CC0 or CC BY.",
     restrictive},
    {"mifa/licence-unversioned", Severity::kWarning, "https://spdx.org/licenses/",
     "The licence has a version.", unversioned},
    {"mifa/annotation-licence-unclear", Severity::kWarning, kMifaPaper,
     "It is clear which licence the annotations have.", annotation_licence},
};

}  // namespace

std::span<const Rule> licence_rules() { return kRules; }

}  // namespace mifa::meta
