// REMBI: biosample, specimen, acquisition, and what joins them to the images.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "mifa/checks/modules.h"
#include "mifa/identifiers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

bool declared(const Record& record) {
  return std::any_of(record.components.begin(), record.components.end(),
                     [](const StudyComponent& one) { return one.declared_rembi; });
}

// Whether all of REMBI is asked for: in documents of whole studies that have some of it, and in
// crates that say that they have it.
bool whole(const Checked& c) {
  if (c.failed || c.foreign || c.image_only) return false;
  return (c.form && c.record.has_rembi()) || declared(c.record);
}

// Whether the sections that are there are checked.
bool parts(const Checked& c) { return !c.foreign && !c.image_only; }

void section_missing(const Checked& c, Report& report, const std::string& what,
                     const std::string& fix) {
  report.at(c.record.study.present() ? c.record.study.place : c.record.components.front().place,
            {.message = "No " + what + " is described.",
             .expected = "at least one " + what,
             .received = "none",
             .fix = fix});
}

void biosample(const Checked& c, Report& report) {
  if (whole(c) && c.record.biosamples.empty()) {
    section_missing(c, report, "biosample", "Describe the biological entity and its organism.");
  }
  if (!parts(c)) return;
  for (const Biosample& sample : c.record.biosamples) {
    if (has_text(sample.biological_entity) || has_text(sample.description)) continue;
    report.at(
        place_of(sample.biological_entity, sample.place),
        {.message = "The biosample \"" + sample.name.value + "\" says nothing of what was imaged.",
         .expected = "a biological entity, as in \"Drosophila wing disc\"",
         .received = "nothing",
         .fix = "Name the biological entity."});
  }
}

void taxon(const Checked& c, Report& report) {
  if (!parts(c)) return;
  for (const Biosample& sample : c.record.biosamples) {
    const Organism* empty = nullptr;
    bool named = false;
    for (const Organism& organism : sample.organisms) {
      named = named || has_text(organism.scientific_name);
      if (!has_text(organism.scientific_name)) empty = &organism;
    }
    if (named) continue;
    report.at(empty ? place_of(empty->scientific_name, empty->place) : sample.place,
              {.message = "The biosample \"" + sample.name.value + "\" names no organism.",
               .expected = "a scientific name, as in \"Drosophila melanogaster\"",
               .received = empty && has_text(empty->common_name)
                               ? "only the common name " + empty->common_name.value
                               : "nothing",
               .fix = "Write the organism's scientific name and NCBI taxon id."});
  }
}

void specimen(const Checked& c, Report& report) {
  if (whole(c) && c.record.specimens.empty()) {
    section_missing(c, report, "specimen", "Describe how the samples were prepared for imaging.");
  }
  if (!parts(c)) return;
  for (const Specimen& one : c.record.specimens) {
    if (has_text(one.sample_preparation)) continue;
    report.at(place_of(one.sample_preparation, one.place),
              {.message = "The specimen \"" + one.name.value + "\" has no sample preparation.",
               .expected = "how the sample was prepared for imaging",
               .received = "nothing",
               .fix = "Describe fixation, staining and mounting."});
  }
}

void acquisition(const Checked& c, Report& report) {
  if (whole(c) && c.record.acquisitions.empty()) {
    section_missing(c, report, "image acquisition", "Describe imaging method and instrument.");
  }
  if (!parts(c)) return;
  for (const Acquisition& one : c.record.acquisitions) {
    std::vector<std::string> missing;
    const bool method = std::any_of(
        one.methods.begin(), one.methods.end(),
        [](const ImagingMethod& m) { return has_text(m.value) || has_text(m.ontology_id); });
    if (!method) missing.emplace_back("imaging method");
    if (!has_text(one.instrument)) missing.emplace_back("instrument");
    if (missing.empty()) continue;
    report.at(
        place_of(one.instrument, one.place),
        {.message = "The acquisition \"" + one.name.value + "\" has no " + listing(missing) + ".",
         .expected = "imaging method and instrument",
         .received = "no " + listing(missing),
         .fix = "Name the method (as in \"confocal microscopy\") and the instrument."});
  }
}

template <typename Section>
bool known(const std::string& reference, const std::vector<Section>& sections) {
  return std::any_of(sections.begin(), sections.end(),
                     [&](const Section& one) { return refers_to(reference, one.id, one.name); });
}

template <typename Section>
void check_references(const Texts& references, const std::vector<Section>& sections,
                      const std::string& what, const StudyComponent& component, Report& report,
                      bool section_asked) {
  if (sections.empty() && section_asked) return;  // That is said by the section's own rule.
  for (const Text& reference : references) {
    if (!has_text(reference) || known(reference.value, sections)) continue;
    std::vector<std::string> names;
    for (const Section& one : sections) names.push_back("\"" + one.name.value + "\"");
    report.at(reference.place,
              {.message = "The component \"" + component.name.value + "\" is associated with the " +
                          what + " \"" + reference.value + "\", which is not described.",
               .expected = names.empty() ? "a " + what + " of the document" : listing(names),
               .received = reference.value,
               .fix = "Use the name of one that is described."});
  }
}

void check_component(const Checked& c, const StudyComponent& component, Report& report) {
  const Record& record = c.record;
  if (!component.place.known()) {
    report.at(
        component.associations.empty() ? record.study.place : component.associations.front().place,
        {.message =
             "Associations are given for \"" + component.id + "\", which is no study component.",
         .expected = "the name of a study component",
         .received = component.id,
         .fix = "Use the same name in both sections."});
    return;
  }
  std::vector<std::string> missing;
  bool samples = false;
  bool specimens = false;
  bool acquisitions = false;
  for (const Association& one : component.associations) {
    samples = samples || has_text(one.biosamples);
    specimens = specimens || has_text(one.specimens);
    acquisitions = acquisitions || has_text(one.acquisitions);
    check_references(one.biosamples, record.biosamples, "biosample", component, report, whole(c));
    check_references(one.specimens, record.specimens, "specimen", component, report, whole(c));
    check_references(one.acquisitions, record.acquisitions, "acquisition", component, report,
                     whole(c));
    check_references(one.correlations, record.correlations, "correlation", component, report,
                     false);
    check_references(one.analyses, record.analyses, "analysis", component, report, false);
  }
  if (!component.declared_rembi && !c.form) return;
  // A section that is missing altogether is said by its own rule.
  if (!samples && !record.biosamples.empty()) missing.emplace_back("biosample");
  if (!specimens && !record.specimens.empty()) missing.emplace_back("specimen");
  if (!acquisitions && !record.acquisitions.empty()) missing.emplace_back("acquisition");
  const bool misnamed = component.associations.empty() &&
                        std::any_of(record.components.begin(), record.components.end(),
                                    [](const StudyComponent& one) { return !one.place.known(); });
  if (missing.empty() || misnamed) return;  // Misnamed: that is said where the associations are.
  report.at(component.associations.empty() ? component.place : component.associations.front().place,
            {.message = "The component \"" +
                        (has_text(component.name) ? component.name.value : component.id) +
                        "\" is associated with no " + listing(missing) + ".",
             .expected = "biosample, specimen and acquisition of its images",
             .received = "no " + listing(missing),
             .fix = "Add the association, by name."});
}

void associations(const Checked& c, Report& report) {
  if (!parts(c) || c.failed) return;
  if (whole(c) && c.record.components.empty()) {
    section_missing(c, report, "study component",
                    "Add a study component with its associations to biosample, specimen and "
                    "acquisition.");
    return;
  }
  for (const StudyComponent& component : c.record.components) check_component(c, component, report);
}

void component_name(const Checked& c, Report& report) {
  if (!c.form) return;
  for (const StudyComponent& component : c.record.components) {
    if (!component.place.known() || has_text(component.name)) continue;
    report.at(place_of(component.name, component.place),
              {.message = "A study component has no name.",
               .expected = "a name",
               .received = "nothing",
               .fix = "Name the study component."});
  }
}

void image_row(const Checked& c, Report& report) {
  if (!declared(c.record)) return;
  for (const FileList& list : c.record.file_lists) {
    if (list.style != FileList::Style::kCrate || list.entries.empty()) continue;
    for (const FileEntry& entry : list.entries) {
      if (entry.kind.value == "http://bia/Image" || entry.kind.value == "bia:Image") return;
    }
    report.at(list.place,
              {.message = "No row of the file list is an image.",
               .expected = "a row of type http://bia/Image",
               .received = std::to_string(list.entries.size()) + " rows of other types",
               .fix = "Write http://bia/Image into the column \"type\" of the images."});
  }
}

void ontology_blank(const Checked& c, Report& report) {
  if (!parts(c)) return;
  for (const Acquisition& one : c.record.acquisitions) {
    for (const ImagingMethod& method : one.methods) {
      if (!has_text(method.value) || has_text(method.ontology_id)) continue;
      report.once(
          place_of(method.ontology_id, method.place), "blank",
          {.message = "The imaging method \"" + std::string(trimmed(method.value.value)) +
                      "\" has no term of an ontology.",
           .expected = "a term of FBbi, as in http://purl.obolibrary.org/obo/FBbi_00000251",
           .received = "nothing",
           .fix = "Look the method up in FBbi (https://www.ebi.ac.uk/ols4/ontologies/fbbi)."});
    }
  }
}

// "FBbi:00000246", "fbbi_00000251", "obo:FBbi_00050000": letters, perhaps more letters, digits.
bool is_compact_term(std::string_view text) {
  text = trimmed(text);
  std::size_t digits = 0;
  while (digits < text.size() &&
         std::isdigit(static_cast<unsigned char>(text[text.size() - 1 - digits])) != 0) {
    ++digits;
  }
  const std::string_view before = text.substr(0, text.size() - digits);
  return digits >= 3 && before.size() >= 2 && (before.ends_with(':') || before.ends_with('_')) &&
         before.find(' ') == std::string_view::npos;
}

void ontology_malformed(const Checked& c, Report& report) {
  if (!parts(c)) return;
  for (const Acquisition& one : c.record.acquisitions) {
    for (const ImagingMethod& method : one.methods) {
      const Text& id = method.ontology_id;
      if (!has_text(id) || is_url(id.value) || is_compact_term(id.value)) continue;
      report.at(id.place, {.message = "The imaging method's ontology id is no term.",
                           .expected = "a term as in http://purl.obolibrary.org/obo/FBbi_00000251",
                           .received = id.value,
                           .fix = "Copy the term's address from the ontology's page."});
    }
  }
}

void taxon_blank(const Checked& c, Report& report) {
  if (!parts(c)) return;
  for (const Biosample& sample : c.record.biosamples) {
    for (const Organism& organism : sample.organisms) {
      if (!has_text(organism.scientific_name) || has_text(organism.ncbi_taxon)) continue;
      report.once(
          place_of(organism.ncbi_taxon, organism.place), "blank",
          {.message = "The organism \"" + organism.scientific_name.value + "\" has no taxon id.",
           .expected = "an id of NCBI's taxonomy, as in NCBI:txid7227",
           .received = "nothing",
           .fix = "Look the organism up at https://www.ncbi.nlm.nih.gov/taxonomy."});
    }
  }
}

void taxon_malformed(const Checked& c, Report& report) {
  for (const Biosample& sample : c.record.biosamples) {
    for (const Organism& organism : sample.organisms) {
      const Text& id = organism.ncbi_taxon;
      if (!has_text(id) || parse_taxon(id.value)) continue;
      report.at(id.place, {.message = "The taxon id is none of NCBI's.",
                           .expected = "an id as in NCBI:txid7227",
                           .received = id.value,
                           .fix = "Write NCBI:txid and the number."});
    }
  }
}

// What TIFF and PDF writers put when nobody knows: 72, 96, 150 or 300 dots an inch; and sizes that
// no microscope has.
std::string implausible(double metres) {
  for (const double dots : {72.0, 96.0, 150.0, 300.0}) {
    if (std::fabs(metres - 0.0254 / dots) < 1e-3 * metres) {
      return "25.4 mm / " + std::to_string(static_cast<int>(dots)) +
             ", the resolution of a screen or printer";
    }
  }
  if (metres > 1e-3) return "more than a millimetre";
  if (metres < 1e-12) return "less than a picometre";
  return "";
}

void pixel_size(const Checked& c, Report& report) {
  const auto check = [&](double metres, const std::string& image, const Place& place) {
    const std::string why = implausible(metres);
    if (why.empty()) return;
    char text[32];
    std::snprintf(text, sizeof text, "%.4g m", metres);
    report.once(
        place, why,
        {.message = "The pixel size of " + image + " is not that of a microscope: " + why + ".",
         .expected = "the pixel size of the image in metres, about 1e-7",
         .received = text,
         .fix = "Correct the size in the image's own metadata; a default was taken over."});
  };
  for (const ImageSize& size : c.record.image_sizes) {
    double metres = 0;
    if (!parse_number(size.pixel_size_x.value, metres) || metres <= 0) continue;
    check(metres, shortened(size.image.value, 100), size.pixel_size_x.place);
  }
  if (!c.actual || !c.record.study.present()) return;
  for (const ActualFiles::Image& image : c.actual->images) {
    if (image.pixel_metres > 0) check(image.pixel_metres, image.path, c.record.study.place);
  }
}

void cut_at_comma(const Checked& c, Report& report) {
  for (const Biosample& sample : c.record.biosamples) {
    for (const Texts* texts : {&sample.intrinsic_variables, &sample.extrinsic_variables,
                               &sample.experimental_variables}) {
      for (const Text& text : *texts) {
        const auto open = std::count(text.value.begin(), text.value.end(), '(');
        const auto close = std::count(text.value.begin(), text.value.end(), ')');
        if (texts->size() < 2 || open <= close) continue;
        report.at(text.place,
                  {.message = "A variable ends inside parentheses: one text was cut at its commas.",
                   .expected = "one text for each variable",
                   .received = text.value,
                   .fix = "Join it with the variables after it."});
      }
    }
  }
}

constexpr Rule kRules[] = {
    {"rembi/biosample-present", Severity::kError, kProfile,
     "A biosample is there and says what was imaged.", biosample},
    {"rembi/taxon-required-properties", Severity::kError, kProfile,
     "A biosample names its organism.", taxon},
    {"rembi/specimen-imaging-preparation-present", Severity::kError, kProfile,
     "A specimen is there and says how it was prepared.", specimen},
    {"rembi/image-acquisition-present", Severity::kError, kProfile,
     "An acquisition is there, with method and instrument.", acquisition},
    {"rembi/dataset-with-required-associations", Severity::kError, kProfile,
     "Study components are associated with sections that exist.", associations},
    {"rembi/study-component-name", Severity::kError, kRembi, "Study components have names.",
     component_name},
    {"rembi/file-list-image-row-present", Severity::kError, kProfile,
     "A crate's file list has a row of an image.", image_row},
    {"rembi/ontology-id-blank", Severity::kWarning, kRembi,
     "Imaging methods have an ontology term.", ontology_blank},
    {"rembi/ontology-id-malformed", Severity::kWarning, kRembi, "Ontology terms are well formed.",
     ontology_malformed},
    {"rembi/taxon-id-blank", Severity::kWarning, kRembi, "Organisms have a taxon id.", taxon_blank},
    {"rembi/taxon-id-malformed", Severity::kWarning, "https://www.ncbi.nlm.nih.gov/taxonomy",
     "Taxon ids are NCBI's.", taxon_malformed},
    {"rembi/pixel-size-implausible", Severity::kWarning, kRembi,
     "Pixel sizes are those of microscopes.", pixel_size},
    {"rembi/variable-cut-at-comma", Severity::kWarning, kRembi, "Variables are whole texts.",
     cut_at_comma},
};

}  // namespace

std::span<const Rule> rembi_rules() { return kRules; }

}  // namespace mifa::meta
