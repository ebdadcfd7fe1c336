// Objects of the BioImage Archive's API and of its search: one object a file, a list, or a mapping
// by accession number or uuid; nested (search) or referring to one another by uuid (API).
#include <set>

#include "mifa/containers/fields.h"
#include "mifa/containers/keyed_sections.h"
#include "mifa/containers/readers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// References that lead from an annotation to its image.
constexpr std::string_view kReferences[] = {
    "creation_process_uuid",  "original_file_reference_uuid", "input_image_uuid",
    "annotation_method_uuid", "submission_dataset_uuid",      "representation_of_uuid",
    "submitted_in_study_uuid"};

class Reader {
 public:
  Reader(Record& record, Log& log) : record_(record), log_(log) {}

  // Walks down until objects with a type are met.
  void read(const Node& node, int depth = 0) {
    if (depth > 8) return;
    if (node.is_mapping() && !type_of(node).empty()) {
      object(node, type_of(node));
      return;
    }
    // Search answers hold their objects under "hits" and "_source"; others are keyed by id.
    for (std::size_t i = 0; i < node.size(); ++i) {
      const Node child = node.child(i);
      if (child.is_mapping() || child.is_sequence()) read(child, depth + 1);
    }
  }

 private:
  static std::string type_of(const Node& node) { return node["model"]["type_name"].text(); }

  void object(const Node& node, const std::string& type) {
    // Nested objects are repeated wherever they are referred to.
    const std::string uuid = node["uuid"].text();
    if (!uuid.empty() && !seen_.insert(uuid).second) return;
    if (type == "Study") {
      study(node);
    } else if (type == "Dataset") {
      dataset(node);
    } else if (type == "AnnotationMethod") {
      annotation_method(node, "");
    } else if (type == "BioSample") {
      biosample(node);
    } else if (type == "SpecimenImagingPreparationProtocol") {
      specimen(node);
    } else if (type == "ImageAcquisitionProtocol") {
      acquisition(node);
    } else if (type == "ImageRepresentation") {
      representation(node);
    } else {
      link_object(node, type);
    }
    nested(node);
  }

  // Objects within objects, whatever the member is called.
  void nested(const Node& node) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      const Node member = node.child(i);
      if (member.key() == "additional_metadata" || member.key() == "model") continue;
      if (member.is_mapping()) {
        if (!type_of(member).empty()) object(member, type_of(member));
      } else if (member.is_sequence()) {
        for (std::size_t j = 0; j < member.size(); ++j) {
          const Node item = member.child(j);
          if (item.is_mapping() && !type_of(item).empty()) object(item, type_of(item));
        }
      }
    }
  }

  void study(const Node& node) {
    if (record_.study.present()) {
      ++studies_;
      if (studies_ == 1) {
        log_.add(node.place(), {.rule = "mifa/several-studies",
                                .severity = Severity::kInfo,
                                .message = "The file describes several studies; the first is read.",
                                .expected = "one study",
                                .received = "another one, " + node["accession_id"].text(),
                                .fix = "Check each study by itself."});
      }
      skip_ = true;
      return;
    }
    Fields fields(node, log_);
    Study& study = record_.study;
    study.place = node.place();
    study.accession = fields.text({"accession_id"});
    study.title = fields.text({"title"});
    study.description = fields.text({"description"});
    study.licence = fields.text({"licence", "license"});
    study.release_date = fields.text({"release_date"});
    study.acknowledgements = fields.text({"acknowledgement"});
    study.funding_statement = fields.text({"funding_statement"});
    study.doi = fields.text({"doi"});
    study.keywords = fields.texts({"keyword"});
    for (const Node& item : fields.items({"author"})) {
      Fields author(item, log_);
      Person person;
      person.place = item.place();
      person.display_name = author.text({"display_name"});
      person.email = author.text({"contact_email"});
      person.orcid = author.text({"orcid"});
      person.roles = author.texts({"role"});
      for (const Node& place : author.items({"affiliation"})) {
        Fields affiliation(place, log_);
        person.organisations.push_back({affiliation.text({"display_name"}),
                                        affiliation.text({"address"}), affiliation.text({"rorid"}),
                                        place.place()});
      }
      study.authors.push_back(std::move(person));
    }
    for (const Node& item : fields.items({"related_publication"})) {
      Fields publication(item, log_);
      study.publications.push_back({publication.text({"title"}), publication.text({"authors_name"}),
                                    publication.text({"doi"}),
                                    publication.text({"publication_year"}),
                                    publication.text({"pubmed_id"}), item.place()});
    }
    for (const Node& item : fields.items({"grant"})) {
      Grant grant;
      grant.id = item["id"].value();
      grant.place = item.place();
      const Node funder = item["funder"];
      grant.funder = (funder.is_sequence() ? funder.child(0) : funder)["display_name"].value();
      study.grants.push_back(std::move(grant));
    }
    for (const Node& item : fields.items({"see_also"})) {
      study.links.push_back({item["link"].value(), item["description"].value(),
                             item["link_type"].value(), item.place()});
    }
    note_models_among_links(study);
  }

  static Texts ids_of(const Node& list) {
    Texts result;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Node item = list.child(i);
      if (item.is_scalar()) result.push_back(item.value());
      if (item.is_mapping() && item["uuid"].exists()) result.push_back(item["uuid"].value());
    }
    return result;
  }

  void dataset(const Node& node) {
    if (skip_) return;
    Association association;
    association.place = node.place();
    association.biosamples = ids_of(node["biological_entity"]);
    association.specimens = ids_of(node["specimen_imaging_preparation_protocol"]);
    association.acquisitions = ids_of(node["acquisition_process"]);
    const bool imaging = !association.biosamples.empty() || !association.specimens.empty() ||
                         !association.acquisitions.empty();
    const Node methods = node["annotation_process"];
    for (std::size_t i = 0; i < methods.size(); ++i) {
      const Node method = methods.child(i);
      if (!method.is_mapping() || !seen_.insert(method["uuid"].text()).second) continue;
      annotation_method(method, node["uuid"].text());
      record_.annotations.back().name = node["title"].value();
      if (!node["description"].text().empty()) {
        record_.annotations.back().overview = node["description"].value();
      }
    }
    if (!imaging && methods.size() > 0) return;
    StudyComponent component;
    component.id = node["uuid"].text();
    component.name = node["title"].value();
    component.description = node["description"].value();
    component.place = node.place();
    if (imaging) component.associations.push_back(std::move(association));
    const Node analyses = node["analysis_method"];
    for (std::size_t i = 0; i < analyses.size(); ++i) {
      const Node item = analyses.child(i);
      record_.analyses.push_back({item["title"].text(), item["title"].value(),
                                  item["protocol_description"].value(), item.place()});
    }
    record_.components.push_back(std::move(component));
  }

  void annotation_method(const Node& node, const std::string& dataset) {
    if (skip_) return;
    Fields fields(node, log_);
    AnnotationSet set;
    set.id = dataset.empty() ? node["uuid"].text() : dataset;
    set.method_ids.push_back(node["uuid"].value());
    set.name = fields.text({"title"});
    set.overview = set.name;
    set.method = fields.text({"protocol_description"});
    set.types = split_at_commas(fields.texts({"method_type"}));
    set.criteria = fields.text({"annotation_criteria"});
    set.coverage = fields.text({"annotation_coverage"});
    set.transformation = fields.text({"transformation_description"});
    set.spatial_information = fields.text({"spatial_information"});
    set.source_indicator = fields.text({"annotation_source_indicator"});
    set.place = node.place();
    record_.annotations.push_back(std::move(set));
  }

  void biosample(const Node& node) {
    if (skip_) return;
    Fields fields(node, log_);
    Biosample sample;
    sample.id = node["uuid"].text();
    sample.name = fields.text({"title"});
    sample.biological_entity = fields.text({"biological_entity_description"});
    sample.intrinsic_variables = fields.texts({"intrinsic_variable_description"});
    sample.extrinsic_variables = fields.texts({"extrinsic_variable_description"});
    sample.experimental_variables = fields.texts({"experimental_variable_description"});
    sample.growth_protocol = node["growth_protocol"]["protocol_description"].value();
    sample.place = node.place();
    for (const Node& item : fields.items({"organism_classification"})) {
      sample.organisms.push_back({item["scientific_name"].value(), item["common_name"].value(),
                                  item["ncbi_id"].value(), item.place()});
    }
    record_.biosamples.push_back(std::move(sample));
  }

  void specimen(const Node& node) {
    if (skip_) return;
    Specimen specimen;
    specimen.id = node["uuid"].text();
    specimen.name = node["title"].value();
    specimen.sample_preparation = node["protocol_description"].value();
    specimen.place = node.place();
    record_.specimens.push_back(std::move(specimen));
  }

  void acquisition(const Node& node) {
    if (skip_) return;
    Fields fields(node, log_);
    Acquisition acquisition;
    acquisition.id = node["uuid"].text();
    acquisition.name = fields.text({"title"});
    acquisition.parameters = fields.text({"protocol_description"});
    acquisition.instrument = fields.text({"imaging_instrument_description"});
    acquisition.place = node.place();
    const Texts methods = fields.texts({"imaging_method_name"});
    const Texts terms = fields.texts({"fbbi_id"});
    for (std::size_t i = 0; i < methods.size(); ++i) {
      if (!has_text(methods[i])) continue;
      ImagingMethod method;
      method.value = methods[i];
      if (i < terms.size()) method.ontology_id = terms[i];
      method.place = methods[i].place;
      acquisition.methods.push_back(std::move(method));
    }
    record_.acquisitions.push_back(std::move(acquisition));
  }

  void representation(const Node& node) {
    ImageSize size;
    size.place = node.place();
    const Node uri = node["file_uri"];
    size.image = (uri.is_sequence() ? uri.child(0) : uri).value();
    size.pixel_size_x = node["voxel_physical_size_x"].value();
    size.pixel_size_y = node["voxel_physical_size_y"].value();
    size.pixel_size_z = node["voxel_physical_size_z"].value();
    if (has_text(size.pixel_size_x)) record_.image_sizes.push_back(std::move(size));
    link_object(node, "ImageRepresentation");
  }

  void link_object(const Node& node, const std::string& type) {
    if (skip_) return;
    ApiObject object;
    object.type = type;
    object.uuid = node["uuid"].text();
    object.place = node.place();
    object.path = node["file_path"].value();
    object.size = node["size_in_bytes"].value();
    object.label = node["label"].value();
    const Node uri = node["file_uri"];
    if (uri.is_scalar() && uri.exists()) object.uris.push_back(uri.value());
    for (std::size_t i = 0; uri.is_sequence() && i < uri.size(); ++i) {
      object.uris.push_back(uri.child(i).value());
    }
    for (const std::string_view role : kReferences) {
      const Node value = node[role];
      if (value.is_scalar()) object.references.emplace_back(role, value.text());
      for (std::size_t i = 0; value.is_sequence() && i < value.size(); ++i) {
        object.references.emplace_back(role, value.child(i).text());
      }
    }
    // Where the file's own object is not there, its pattern says the path.
    const Node more = node["additional_metadata"];
    for (std::size_t i = 0; i < more.size(); ++i) {
      const Node pattern = more.child(i)["value"]["file_pattern"];
      if (pattern.is_scalar() && !object.path.mentioned()) object.path = pattern.value();
    }
    record_.api_objects.push_back(std::move(object));
  }

  Record& record_;
  Log& log_;
  std::set<std::string> seen_;
  int studies_ = 0;
  bool skip_ = false;  // Inside the second study and what follows it.
};

}  // namespace

bool sniff_bia_api(std::string_view head, std::string_view) {
  return looks_like_json(head) && head.find("\"type_name\"") != std::string_view::npos &&
         head.find("\"uuid\"") != std::string_view::npos;
}

void read_bia_api(const SourceFile& file, Record& record, Log& log) {
  const TreePtr tree = parse_document(file, log);
  if (tree) Reader(record, log).read(tree->root());
}

}  // namespace mifa::meta
