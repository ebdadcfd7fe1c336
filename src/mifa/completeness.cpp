#include "mifa/completeness.h"

#include <algorithm>

#include "mifa/file_index.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr bool kRequired = true;
constexpr bool kOptional = false;

Attribute one(const char* name, bool required, bool stated) {
  return {name, required, stated ? 1 : 0, 1};
}

// An attribute of each of some sections; of none, it is missing once.
template <typename Section, typename Stated>
Attribute of_each(const char* name, bool required, const std::vector<Section>& sections,
                  Stated stated) {
  Attribute result{name, required, 0, std::max(1, static_cast<int>(sections.size()))};
  for (const Section& section : sections) result.stated += stated(section) ? 1 : 0;
  return result;
}

ModuleCompleteness study_module(const Record& record) {
  const Study& study = record.study;
  return {"study",
          {one("title", kRequired, has_text(study.title)),
           one("description", kRequired, has_text(study.description)),
           one("keywords", kRequired, has_text(study.keywords)),
           one("license", kRequired, has_text(study.licence)),
           one("authors", kRequired, !study.authors.empty()),
           one("funding_statement", kRequired,
               has_text(study.funding_statement) || !study.grants.empty()),
           one("publications", kOptional, !study.publications.empty()),
           one("links", kOptional, !study.links.empty()),
           one("ai_models_trained", kOptional, has_text(study.ai_models_trained)),
           one("acknowledgements", kOptional, has_text(study.acknowledgements))}};
}

ModuleCompleteness image_module(const Record& record) {
  const auto any_method = [](const Acquisition& acquisition, Text ImagingMethod::*part) {
    return std::any_of(acquisition.methods.begin(), acquisition.methods.end(),
                       [&](const ImagingMethod& method) { return has_text(method.*part); });
  };
  const auto any_organism = [](const Biosample& sample, Text Organism::*part) {
    return std::any_of(sample.organisms.begin(), sample.organisms.end(),
                       [&](const Organism& organism) { return has_text(organism.*part); });
  };
  return {
      "images",
      {of_each("study_component", kRequired, record.components,
               [](const StudyComponent& c) { return has_text(c.name); }),
       of_each("biological_entity", kRequired, record.biosamples,
               [](const Biosample& b) {
                 return has_text(b.biological_entity) || has_text(b.description);
               }),
       of_each("scientific_name", kRequired, record.biosamples,
               [&](const Biosample& b) { return any_organism(b, &Organism::scientific_name); }),
       of_each("ncbi_taxon", kOptional, record.biosamples,
               [&](const Biosample& b) { return any_organism(b, &Organism::ncbi_taxon); }),
       of_each("sample_preparation", kRequired, record.specimens,
               [](const Specimen& s) { return has_text(s.sample_preparation); }),
       of_each("imaging_method", kRequired, record.acquisitions,
               [&](const Acquisition& a) { return any_method(a, &ImagingMethod::value); }),
       of_each("ontology_id", kOptional, record.acquisitions,
               [&](const Acquisition& a) { return any_method(a, &ImagingMethod::ontology_id); }),
       of_each("imaging_instrument", kRequired, record.acquisitions,
               [](const Acquisition& a) { return has_text(a.instrument); }),
       of_each("image_acquisition_parameters", kRequired, record.acquisitions,
               [](const Acquisition& a) { return has_text(a.parameters); })}};
}

ModuleCompleteness annotation_module(const Record& record) {
  const FileIndex index(record, nullptr);
  const std::vector<AnnotationSet>& sets = record.annotations;
  const auto files = [&](const AnnotationSet& set) {
    return index.of_set(static_cast<int>(&set - sets.data()));
  };
  const auto any_file = [&](const AnnotationSet& set, auto stated) {
    const auto entries = files(set);
    return std::any_of(entries.begin(), entries.end(), stated);
  };
  const auto has = [](Text AnnotationSet::*part) {
    return [part](const AnnotationSet& set) { return has_text(set.*part); };
  };
  return {"annotations",
          {of_each("annotation_overview", kRequired, sets, has(&AnnotationSet::overview)),
           of_each("annotation_type", kRequired, sets,
                   [&](const AnnotationSet& set) {
                     return has_text(set.types) || any_file(set, [](const FileEntry* entry) {
                              return has_text(entry->annotation_types);
                            });
                   }),
           of_each("annotation_method", kRequired, sets, has(&AnnotationSet::method)),
           of_each("annotation_criteria", kOptional, sets, has(&AnnotationSet::criteria)),
           of_each("annotation_coverage", kOptional, sets, has(&AnnotationSet::coverage)),
           of_each("annotation_confidence_level", kOptional, sets, has(&AnnotationSet::confidence)),
           of_each("authors", kOptional, sets,
                   [](const AnnotationSet& set) { return !set.authors.empty(); }),
           of_each("source_image_id", kOptional, sets, [&](const AnnotationSet& set) {
             return any_file(set,
                             [](const FileEntry* entry) { return has_text(entry->source_images); });
           })}};
}

ModuleCompleteness version_module(const Record& record) {
  const auto has = [](Text Version::*part) {
    return [part](const Version& version) { return has_text(version.*part); };
  };
  return {
      "version",
      {of_each("version", kRequired, record.versions, has(&Version::version)),
       of_each("timestamp", kRequired, record.versions, has(&Version::timestamp)),
       of_each("changes", kOptional, record.versions, has(&Version::changes)),
       of_each("previous_version", kOptional, record.versions, has(&Version::previous_version))}};
}

}  // namespace

double ModuleCompleteness::share() const {
  if (attributes.empty()) return 0;
  double total = 0;
  for (const Attribute& attribute : attributes) {
    total += static_cast<double>(attribute.stated) / attribute.sections;
  }
  return total / static_cast<double>(attributes.size());
}

bool ModuleCompleteness::required_complete() const {
  return std::all_of(attributes.begin(), attributes.end(), [](const Attribute& attribute) {
    return !attribute.required || attribute.stated == attribute.sections;
  });
}

std::vector<ModuleCompleteness> completeness(const Record& record) {
  return {study_module(record), image_module(record), annotation_module(record),
          version_module(record)};
}

}  // namespace mifa::meta
