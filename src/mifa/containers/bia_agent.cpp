// bia-agent documents (BioImage-Archive/bia-agent): what producers fill in before upload. Sections
// are mappings keyed by names that the producer chooses; `version` and `associations` refer to
// those names.
#include "mifa/containers/keyed_sections.h"
#include "mifa/containers/readers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

const std::vector<std::string_view> kSections = {
    "study",    "biosamples",  "specimens", "acquisitions",    "correlations",
    "analysis", "annotations", "version",   "study_component", "associations"};

Organism read_organism(const Node& node, Record& record, Log& log) {
  Organism organism;
  organism.place = node.place();
  if (node.is_scalar()) {
    organism.scientific_name = node.value();
    return organism;
  }
  Fields fields(node, log);
  organism.scientific_name = fields.text({"scientific_name"});
  organism.common_name = fields.text({"common_name"});
  organism.ncbi_taxon = fields.text({"ncbi_taxon", "ncbi_id"});
  fields.leftover(record, "an organism");
  return organism;
}

class Reader {
 public:
  Reader(Record& record, Log& log) : record_(record), log_(log) {}

  void read(const Node& root) {
    Fields fields(root, log_);
    const Node study = fields.member({"study"});
    if (study.exists()) {
      Fields inner(study, log_);
      read_study(inner, record_, log_, {});
      inner.leftover(record_, "the study");
      record_.study.place = study.place();
    }
    each(fields.member({"biosamples"}), [this](const Node& node) { biosample(node); });
    each(fields.member({"specimens"}), [this](const Node& node) { specimen(node); });
    each(fields.member({"acquisitions"}), [this](const Node& node) { acquisition(node); });
    each(fields.member({"correlations"}), [this](const Node& node) { correlation(node); });
    each(fields.member({"analysis", "analyses"}), [this](const Node& node) { analysis(node); });
    each(fields.member({"annotations"}), [this](const Node& node) {
      AnnotationSet set = read_annotation_set(node, record_, log_, {});
      set.id = node.key();
      set.name = text_at(node.key(), node.place());
      record_.annotations.push_back(std::move(set));
    });
    each(fields.member({"version", "versions"}), [this](const Node& node) {
      Version version = read_version(node, record_, log_);
      version.set = node.key();
      record_.versions.push_back(std::move(version));
    });
    each(fields.member({"study_component", "study_components"}),
         [this](const Node& node) { component(node); });
    each(fields.member({"associations"}), [this](const Node& node) { association(node); });
    fields.leftover(record_, "the document");
  }

 private:
  template <typename Take>
  void each(const Node& section, Take take) {
    if (!section.exists() || section.is_null()) return;
    if (!section.is_mapping()) {
      log_.add(section.place(), {.rule = "mifa/value-type",
                                 .severity = Severity::kError,
                                 .message = "The section \"" + section.key() +
                                            "\" has no names for its parts and is not read.",
                                 .expected = "parts keyed by name",
                                 .received = section.describe(),
                                 .fix = "Write each part under a name of its own, as in "
                                        "\"Segmentation masks:\"."});
      return;
    }
    for (std::size_t i = 0; i < section.size(); ++i) {
      const Node node = section.child(i);
      misplaced(node);
      take(node);
    }
  }

  // A section's name inside a part of another section: the indentation slipped.
  void misplaced(const Node& part) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      const std::string key = part.child(i).key();
      for (const std::string_view section : kSections) {
        if (key != section || key == "version") continue;
        log_.add(part.child(i).place(),
                 {.rule = "mifa/misplaced-section",
                  .severity = Severity::kError,
                  .message = "The section \"" + key + "\" stands inside \"" + part.key() + "\".",
                  .expected = "\"" + key + ":\" at the start of a line",
                  .received = "\"" + key + ":\" indented",
                  .fix = "Move it to the left margin, with its parts indented below it."});
      }
    }
  }

  static bool is_section(const Node& node) {
    for (const std::string_view section : kSections) {
      if (node.key() == section) return true;
    }
    return false;
  }

  void biosample(const Node& node) {
    Biosample sample;
    sample.id = node.key();
    sample.name = text_at(node.key(), node.place());
    sample.place = node.place();
    Fields fields(node, log_);
    for (const Node& item : fields.items({"organism", "organisms"})) {
      sample.organisms.push_back(read_organism(item, record_, log_));
    }
    sample.biological_entity = fields.text({"biological_entity"});
    sample.description = fields.text({"description"});
    sample.intrinsic_variables = fields.texts({"intrinsic_variables"});
    sample.extrinsic_variables = fields.texts({"extrinsic_variables"});
    sample.experimental_variables = fields.texts({"experimental_variables"});
    fields.leftover(record_, "a biosample");
    record_.biosamples.push_back(std::move(sample));
  }

  void specimen(const Node& node) {
    if (node.folded_member("imagingmethod").exists()) {
      acquisition(node);  // Its heading slipped; said by misplaced().
      return;
    }
    Specimen specimen;
    specimen.id = node.key();
    specimen.name = text_at(node.key(), node.place());
    specimen.place = node.place();
    Fields fields(node, log_);
    specimen.sample_preparation = fields.text({"sample_preparation"});
    specimen.growth_protocol = fields.text({"growth_protocol"});
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (is_section(node.child(i))) fields.member({node.child(i).key()});
    }
    fields.leftover(record_, "a specimen");
    record_.specimens.push_back(std::move(specimen));
  }

  void acquisition(const Node& node) {
    Acquisition acquisition;
    acquisition.id = node.key();
    acquisition.name = text_at(node.key(), node.place());
    acquisition.place = node.place();
    Fields fields(node, log_);
    for (const Node& item : fields.items({"imaging_method"})) {
      ImagingMethod method;
      method.place = item.place();
      Fields inner(item, log_);
      method.value = inner.text({"value"});
      method.ontology_name = inner.text({"ontology_name"});
      method.ontology_id = inner.text({"ontology_id"});
      inner.leftover(record_, "an imaging method");
      acquisition.methods.push_back(std::move(method));
    }
    acquisition.instrument = fields.text({"imaging_instrument"});
    acquisition.parameters = fields.text({"image_acquisition_parameters"});
    fields.leftover(record_, "an acquisition");
    record_.acquisitions.push_back(std::move(acquisition));
  }

  void correlation(const Node& node) {
    Correlation correlation;
    correlation.id = node.key();
    correlation.name = text_at(node.key(), node.place());
    correlation.place = node.place();
    Fields fields(node, log_);
    correlation.alignment = fields.text({"spatial_and_temporal_alignment"});
    correlation.fiducials = fields.text({"fiducials_used"});
    correlation.transformation_matrix = fields.text({"transformation_matrix"});
    fields.leftover(record_, "a correlation");
    record_.correlations.push_back(std::move(correlation));
  }

  void analysis(const Node& node) {
    Analysis analysis;
    analysis.id = node.key();
    analysis.name = text_at(node.key(), node.place());
    analysis.place = node.place();
    Fields fields(node, log_);
    analysis.overview = fields.text({"analysis_overview"});
    fields.leftover(record_, "an analysis");
    record_.analyses.push_back(std::move(analysis));
  }

  void component(const Node& node) {
    StudyComponent component;
    component.id = node.key();
    component.place = node.place();
    Fields fields(node, log_);
    component.name = fields.text({"name"});
    component.description = fields.text({"description"});
    component.file_lists = fields.texts({"file_list"});
    fields.member({"rembi_version"});
    fields.leftover(record_, "a study component");
    record_.components.push_back(std::move(component));
  }

  void association(const Node& node) {
    StudyComponent* owner = nullptr;
    for (StudyComponent& component : record_.components) {
      if (component.id == node.key()) owner = &component;
    }
    if (!owner) {
      // A component that nobody describes; the rules say so.
      StudyComponent unknown;
      unknown.id = node.key();
      record_.components.push_back(std::move(unknown));
      owner = &record_.components.back();
    }
    std::vector<Node> items;
    if (node.is_sequence()) {
      for (std::size_t i = 0; i < node.size(); ++i) items.push_back(node.child(i));
    } else if (node.exists()) {
      items.push_back(node);
    }
    for (const Node& item : items) {
      Association association;
      association.place = item.place();
      Fields fields(item, log_);
      association.biosamples = fields.texts({"biosample_id"});
      association.specimens = fields.texts({"specimen_id"});
      association.acquisitions = fields.texts({"acquisition_id"});
      association.correlations = fields.texts({"correlation_id"});
      association.analyses = fields.texts({"analysis_id"});
      fields.leftover(record_, "an association");
      owner->associations.push_back(std::move(association));
    }
  }

  Record& record_;
  Log& log_;
};

}  // namespace

bool sniff_bia_agent(std::string_view head, std::string_view name) {
  if (is_schema(head) || name.ends_with(".tsv")) return false;
  if (looks_like_json(head)) {
    // Sections are objects; in other JSON such a word may be anything.
    return has_key(head, "study") &&
           (has_key(head, "annotation_overview") || has_key(head, "biosamples") ||
            has_key(head, "private_until_date") || has_key(head, "rembi_version"));
  }
  for (const std::string_view section : {"study", "annotations", "biosamples", "specimens",
                                         "acquisitions", "study_component", "associations"}) {
    if (!has_key(head, section)) continue;
    // MIFA's container holds its annotations as a list beside the study's own attributes.
    return !(section == "annotations" && has_key(head, "title"));
  }
  return false;
}

void read_bia_agent(const SourceFile& file, Record& record, Log& log) {
  const TreePtr tree = parse_document(file, log);
  if (tree) Reader(record, log).read(tree->root());
}

}  // namespace mifa::meta
