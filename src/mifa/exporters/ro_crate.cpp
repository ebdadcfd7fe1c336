// RO-Crate 1.1 after the BioImage Archive's submission profile 1.0
// (https://w3id.org/bia/ro-crate/profile/bia-submission), with its context 0.3.
#include <map>
#include <nlohmann/json.hpp>

#include "mifa/exporter.h"
#include "mifa/exporters/losses.h"
#include "mifa/file_index.h"
#include "mifa/identifiers.h"
#include "mifa/licence.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Json = nlohmann::json;

struct Term {
  const char* name;
  const char* iri;
  bool is_set;
};

constexpr Term kContext[] = {
    {"accessionId", "bia:accessionId", false},
    {"acknowledgement", "bia:acknowledgement", false},
    {"additionalType", "schema:additionalType", false},
    {"address", "schema:address", false},
    {"annotationCoverage", "bia:annotationCoverage", false},
    {"annotationCriteria", "bia:annotationCriteria", false},
    {"annotationMethod", "bia:annotationMethod", true},
    {"annotationSourceIndicator", "bia:annotationSourceIndicator", false},
    {"associatedAnnotationMethod", "bia:associatedAnnotationMethod", true},
    {"associatedBiologicalEntity", "bia:associatedBiologicalEntity", true},
    {"associatedCreationProcess", "bia:associatedCreationProcess", false},
    {"associatedImageAcquisitionProtocol", "bia:associatedImageAcquisitionProtocol", true},
    {"associatedImageAnalysisMethod", "bia:associatedAnalysisMethod", true},
    {"associatedImageCorrelationMethod", "bia:associatedCorrelationMethod", true},
    {"associatedProtocol", "bia:associatedProtocol", true},
    {"associatedSourceImage", "bia:associatedSourceImage", true},
    {"associatedSpecimen", "bia:associatedSubject", false},
    {"associatedSpecimenImagingPreparationProtocol", "bia:associatedImagingPreparationProtocol",
     true},
    {"author", "schema:author", true},
    {"authorNames", "bia:authorNames", false},
    {"bia", "http://bia/", false},
    {"biologicalEntity", "bia:sampleOf", true},
    {"channelBiologicalEntity", "bia:channelBiologicalEntity", false},
    {"channelContentDescription", "bia:channelContentDescription", false},
    {"column", "csvw:column", true},
    {"columnName", "csvw:name", false},
    {"commonName", "http://rs.tdwg.org/dwc/terms/vernacularName", false},
    {"csvw", "http://www.w3.org/ns/csvw#", false},
    {"datePublished", "schema:datePublished", false},
    {"dc", "http://purl.org/dc/terms/", false},
    {"description", "schema:description", false},
    {"doi", "bia:doi", false},
    {"email", "schema:email", false},
    {"experimentalVariableDescription", "bia:experimentalVariableDescription", true},
    {"extrinsicVariableDescription", "bia:extrinsicVariableDescription", true},
    {"fbbiId", "bia:fbbiId", true},
    {"featuresAnalysed", "bia:featuresAnalysed", false},
    {"fiducialsUsed", "bia:fiducialsUsed", false},
    {"funder", "schema:funder", true},
    {"funding", "schema:funding", true},
    {"growthProtocol", "bia:growthProtocol", false},
    {"hasPart", "schema:hasPart", true},
    {"identifier", "schema:identifier", false},
    {"imageAcquisitionProtocol", "bia:imageAcquisitionProtocol", true},
    {"imagingInstrumentDescription", "bia:imagingInstrumentDescription", false},
    {"imagingMethodName", "bia:imagingMethodName", true},
    {"imagingPreparationProtocol", "bia:imagingPreparationProtocol", true},
    {"inputImage", "bia:inputImage", true},
    {"intrinsicVariableDescription", "bia:intrinsicVariableDescription", true},
    {"keywords", "schema:keywords", true},
    {"license", "schema:license", false},
    {"memberOf", "schema:memberOf", true},
    {"methodType", "bia:annotationMethodType", true},
    {"name", "schema:name", false},
    {"organismClassification", "schema:taxonomicRange", true},
    {"propertyUrl", "csvw:propertyUrl", false},
    {"protocol", "bia:protocol", true},
    {"pubmedId", "bia:pubmedId", false},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", false},
    {"relatedPublication", "bia:relatedPublication", true},
    {"resultOf", "bia:resultOf", false},
    {"role", "bia:role", true},
    {"schema", "http://schema.org/", false},
    {"scientificName", "http://rs.tdwg.org/dwc/terms/scientificName", false},
    {"seeAlso", "http://www.w3.org/2000/01/rdf-schema#seeAlso", true},
    {"signalChannelInformation", "bia:signalChannelInformation", true},
    {"signalContrastMechanismDescription", "bia:signalContrastMechanismDescription", false},
    {"spatialInformation", "bia:spatialInformation", false},
    {"subject", "bia:subject", false},
    {"tableSchema", "csvw:tableSchema", false},
    {"transformationDescription", "bia:transformationDescription", false},
    {"transformationMatrix", "bia:transformationMatrix", false},
    {"website", "bia:website", false},
    {"yearPublished", "bia:yearPublished", false},
};

constexpr Term kColumns[] = {
    {"file_path", "http://bia/filePath", false},
    {"size_in_bytes", "http://bia/sizeInBytes", false},
    {"dataset", "http://schema.org/isPartOf", false},
    {"type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", false},
    {"label", "http://schema.org/name", false},
    {"associated_source_image", "http://bia/associatedSourceImage", false},
    {"associated_annotation_method", "http://bia/associatedAnnotationMethod", false},
};

Json context() {
  Json terms = Json::object();
  terms["@type"] = {{"@container", "@set"}};
  for (const Term& term : kContext) {
    // Prefixes are plain.
    if (std::string_view(term.iri).starts_with("http") && std::string_view(term.name).size() <= 6 &&
        (std::string_view(term.iri).ends_with('/') || std::string_view(term.iri).ends_with('#'))) {
      terms[term.name] = term.iri;
      continue;
    }
    terms[term.name] = {{"@id", term.iri}};
    if (term.is_set) terms[term.name]["@container"] = "@set";
  }
  return Json::array({"https://w3id.org/ro/crate/1.1/context", terms});
}

Json reference(const std::string& id) { return {{"@id", id}}; }

Json list_of(const Json& entity, const char* key) {
  const auto found = entity.find(key);
  return found == entity.end() ? Json::array() : *found;
}

std::string cell(std::string_view text) {
  std::string result(trimmed(text));
  for (char& c : result) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return result;
}

class Writer {
 public:
  explicit Writer(const Record& record) : record_(record), index_(record, nullptr) {}

  Export write() {
    Json root = study();
    sections();
    datasets();
    file_list();
    root["hasPart"] = std::move(parts_);
    Json graph = Json::array();
    graph.push_back({{"@id", "ro-crate-metadata.json"},
                     {"@type", "CreativeWork"},
                     {"conformsTo", reference("https://w3id.org/ro/crate/1.1")},
                     {"about", reference("./")}});
    graph.push_back(std::move(root));
    for (Json& entity : entities_) graph.push_back(std::move(entity));
    const Json crate = {{"@context", context()}, {"@graph", std::move(graph)}};
    Export result;
    result.files.push_back({"ro-crate-metadata.json",
                            crate.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"});
    result.files.push_back({"file_list.tsv", std::move(table_)});
    losses();
    result.losses = losses_.take();
    return result;
  }

 private:
  static void put(Json& entity, const char* key, const Text& value) {
    if (has_text(value)) entity[key] = std::string(trimmed(value.value));
  }
  static void put_all(Json& entity, const char* key, const Texts& values) {
    for (const Text& value : values) {
      if (has_text(value)) entity[key].push_back(std::string(trimmed(value.value)));
    }
  }

  Json study() {
    const Study& study = record_.study;
    Json root = {{"@id", "./"}, {"@type", {"Dataset", "bia:Study"}}};
    put(root, "name", study.title);
    put(root, "description", study.description);
    const auto licence = parse_licence(study.licence.value);
    if (licence && !licence->url.empty()) {
      root["license"] = licence->url;
    } else {
      put(root, "license", study.licence);
    }
    put(root, "datePublished", study.release_date);
    // Required by the profile; the archive gives the number later.
    root["accessionId"] = "S-BIADXXX";
    put(root, "accessionId", study.accession);
    put(root, "acknowledgement", study.acknowledgements);
    put(root, "doi", study.doi);
    put_all(root, "keywords", study.keywords);
    for (const Person& person : study.authors) root["author"].push_back(reference(author(person)));
    for (const Publication& publication : study.publications) {
      root["relatedPublication"].push_back(reference(put_publication(publication)));
    }
    for (const Grant& grant : study.grants) root["funding"].push_back(reference(put_grant(grant)));
    for (const Link& link : study.links) put_link(root, link.url, link.description, link.type);
    for (const Text& model : study.ai_models_trained) {
      bool linked = !has_text(model);
      for (const Link& link : study.links) linked = linked || link.url.value == model.value;
      if (linked) continue;
      put_link(root, model, {"AI model trained with this dataset", model.place}, Text());
    }
    return root;
  }

  void put_link(Json& root, const Text& url, const Text& description, const Text& type) {
    if (!has_text(url)) return;
    const std::string id(trimmed(url.value));
    root["seeAlso"].push_back(reference(id));
    Json entity = {{"@id", id}, {"@type", {"bia:ExternalReference"}}};
    put(entity, "description", description);
    put(entity, "additionalType", type);
    entities_.push_back(std::move(entity));
  }

  std::string author(const Person& person) {
    const OrcidCheck orcid = check_orcid(person.orcid.value);
    const bool known = orcid.state != OrcidCheck::State::kWrongShape;
    const std::string id =
        known ? "https://orcid.org/" + orcid.id : "#author-" + std::to_string(++people_);
    Json entity = {{"@id", id}, {"@type", {"Person", "bia:Contributor"}}, {"name", person.name()}};
    put(entity, "email", person.email);
    put_all(entity, "role", person.roles);
    for (const Organisation& organisation : person.organisations) {
      if (has_text(organisation.name)) {
        entity["memberOf"].push_back(reference(put_organisation(organisation)));
      }
    }
    entities_.push_back(std::move(entity));
    return id;
  }

  std::string put_organisation(const Organisation& organisation) {
    const std::string name = folded(organisation.name.value);
    const auto found = organisations_.find(name);
    if (found != organisations_.end()) return found->second;
    const auto ror = parse_ror(organisation.ror_id.value);
    const std::string id = ror ? "https://ror.org/" + *ror
                               : "#organisation-" + std::to_string(organisations_.size() + 1);
    organisations_.emplace(name, id);
    Json entity = {{"@id", id}, {"@type", {"Organization", "bia:Affiliation"}}};
    put(entity, "name", organisation.name);
    put(entity, "address", organisation.address);
    entities_.push_back(std::move(entity));
    return id;
  }

  std::string put_publication(const Publication& publication) {
    const std::string id = "#publication-" + std::to_string(++publications_);
    Json entity = {{"@id", id}, {"@type", {"ScholarlyArticle", "bia:Publication"}}};
    put(entity, "name", publication.title);
    put(entity, "authorNames", publication.authors);
    put(entity, "doi", publication.doi);
    put(entity, "yearPublished", publication.year);
    put(entity, "pubmedId", publication.pubmed_id);
    entities_.push_back(std::move(entity));
    return id;
  }

  std::string put_grant(const Grant& grant) {
    const std::string id = "#grant-" + std::to_string(++grants_);
    Json entity = {{"@id", id}, {"@type", {"Grant", "bia:Grant"}}};
    put(entity, "identifier", grant.id);
    if (has_text(grant.funder)) {
      const std::string funder = "#funder-" + std::to_string(grants_);
      entity["funder"].push_back(reference(funder));
      Json body = {{"@id", funder}, {"@type", {"Organization", "bia:FundingBody"}}};
      put(body, "name", grant.funder);
      entities_.push_back(std::move(body));
    }
    entities_.push_back(std::move(entity));
    return id;
  }

  static std::string section_id(const char* kind, std::size_t index) {
    return "#" + std::string(kind) + "-" + std::to_string(index + 1);
  }

  void sections() {
    for (std::size_t i = 0; i < record_.biosamples.size(); ++i) biosample(i);
    for (std::size_t i = 0; i < record_.specimens.size(); ++i) {
      const Specimen& specimen = record_.specimens[i];
      Json entity = {{"@id", section_id("Specimen", i)},
                     {"@type", {"bia:SpecimenImagingPreparationProtocol"}}};
      put(entity, "name", specimen.name);
      put(entity, "description", specimen.sample_preparation);
      entities_.push_back(std::move(entity));
      losses_.text(specimen.growth_protocol,
                   "The growth protocol of the specimen \"" + specimen.name.value + "\"");
    }
    for (std::size_t i = 0; i < record_.acquisitions.size(); ++i) {
      const Acquisition& acquisition = record_.acquisitions[i];
      Json entity = {{"@id", section_id("Acquisition", i)},
                     {"@type", {"bia:ImageAcquisitionProtocol"}}};
      put(entity, "name", acquisition.name);
      put(entity, "description", acquisition.parameters);
      put(entity, "imagingInstrumentDescription", acquisition.instrument);
      for (const ImagingMethod& method : acquisition.methods) {
        if (has_text(method.value)) {
          entity["imagingMethodName"].push_back(std::string(trimmed(method.value.value)));
        }
        if (has_text(method.ontology_id)) {
          entity["fbbiId"].push_back(std::string(trimmed(method.ontology_id.value)));
        }
        losses_.text(method.ontology_name, "The ontology's name of \"" + method.value.value + "\"");
      }
      entities_.push_back(std::move(entity));
    }
    for (std::size_t i = 0; i < record_.correlations.size(); ++i) {
      const Correlation& correlation = record_.correlations[i];
      Json entity = {{"@id", section_id("Correlation", i)},
                     {"@type", {"bia:ImageCorrelationMethod"}}};
      put(entity, "name", correlation.name);
      put(entity, "description", correlation.alignment);
      put(entity, "fiducialsUsed", correlation.fiducials);
      put(entity, "transformationMatrix", correlation.transformation_matrix);
      entities_.push_back(std::move(entity));
    }
    for (std::size_t i = 0; i < record_.analyses.size(); ++i) {
      const Analysis& analysis = record_.analyses[i];
      Json entity = {{"@id", section_id("Analysis", i)}, {"@type", {"bia:ImageAnalysisMethod"}}};
      put(entity, "name", analysis.name);
      put(entity, "description", analysis.overview);
      entities_.push_back(std::move(entity));
    }
  }

  void biosample(std::size_t index) {
    const Biosample& sample = record_.biosamples[index];
    Json entity = {{"@id", section_id("Biosample", index)}, {"@type", {"bia:BioSample"}}};
    put(entity, "name", sample.name);
    // The profile has one description; REMBI's entity comes first.
    std::string description(trimmed(sample.biological_entity.value));
    if (has_text(sample.description) && description.empty()) description = sample.description.value;
    if (!description.empty()) entity["description"] = description;
    losses_.when(has_text(sample.description) && has_text(sample.biological_entity),
                 "The description beside the biological entity of \"" + sample.name.value + "\"");
    put_all(entity, "intrinsicVariableDescription", sample.intrinsic_variables);
    put_all(entity, "extrinsicVariableDescription", sample.extrinsic_variables);
    put_all(entity, "experimentalVariableDescription", sample.experimental_variables);
    put(entity, "growthProtocol", sample.growth_protocol);
    for (const Organism& organism : sample.organisms) {
      const auto number = parse_taxon(organism.ncbi_taxon.value);
      const std::string id =
          number ? "NCBI:txid" + *number : "#Taxon-" + std::to_string(++unnumbered_taxa_);
      entity["organismClassification"].push_back(reference(id));
      bool written = false;
      for (const std::string& other : taxa_) written = written || other == id;
      if (written) continue;
      taxa_.push_back(id);
      Json taxon = {{"@id", id}, {"@type", {"bia:Taxon"}}};
      put(taxon, "scientificName", organism.scientific_name);
      put(taxon, "commonName", organism.common_name);
      entities_.push_back(std::move(taxon));
    }
    entities_.push_back(std::move(entity));
  }

  template <typename Section>
  void associate(Json& dataset, const char* key, const char* kind, const Texts& references,
                 const std::vector<Section>& parts) {
    for (const Text& one : references) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!refers_to(one.value, parts[i].id, parts[i].name)) continue;
        const Json id = reference(section_id(kind, i));
        bool there = false;
        for (const Json& known : dataset[key]) there = there || known == id;
        if (!there) dataset[key].push_back(id);
      }
    }
  }

  void datasets() {
    for (std::size_t i = 0; i < record_.components.size(); ++i) component(i);
    for (std::size_t i = 0; i < record_.annotations.size(); ++i) annotation_set(i);
  }

  void component(std::size_t index) {
    const StudyComponent& component = record_.components[index];
    const std::string id = section_id("Component", index);
    Json entity = {{"@id", id}};
    put(entity, "name", component.name);
    put(entity, "description", component.description);
    bool complete = false;
    for (const Association& one : component.associations) {
      associate(entity, "associatedBiologicalEntity", "Biosample", one.biosamples,
                record_.biosamples);
      associate(entity, "associatedSpecimenImagingPreparationProtocol", "Specimen", one.specimens,
                record_.specimens);
      associate(entity, "associatedImageAcquisitionProtocol", "Acquisition", one.acquisitions,
                record_.acquisitions);
      associate(entity, "associatedImageCorrelationMethod", "Correlation", one.correlations,
                record_.correlations);
      associate(entity, "associatedImageAnalysisMethod", "Analysis", one.analyses,
                record_.analyses);
      complete = true;
    }
    losses_.when(component.associations.size() > 1,
                 "Which of several associations of \"" + component.name.value + "\" go together");
    if (complete) {
      // The profile asks for a specimen that joins sample and preparation.
      const std::string specimen = section_id("Specimen-of-component", index);
      Json joint = {{"@id", specimen}, {"@type", {"bia:Specimen"}}};
      joint["biologicalEntity"] = list_of(entity, "associatedBiologicalEntity");
      joint["imagingPreparationProtocol"] =
          list_of(entity, "associatedSpecimenImagingPreparationProtocol");
      entity["associatedSpecimen"] = reference(specimen);
      entities_.push_back(std::move(joint));
    }
    entity["@type"] = complete ? Json::array({"Dataset", "bia:Dataset", "bia:RembiDataset"})
                               : Json::array({"Dataset", "bia:Dataset"});
    entities_.push_back(std::move(entity));
    parts_.push_back(reference(id));
  }

  void annotation_set(std::size_t index) {
    const AnnotationSet& set = record_.annotations[index];
    const std::string id = section_id("Annotations", index);
    const std::string method_id = section_id("Annotation-method", index);
    Json dataset = {{"@id", id},
                    {"@type", {"Dataset", "bia:Dataset", "bia:MifaDataset"}},
                    {"name", set.title()},
                    {"associatedAnnotationMethod", Json::array({reference(method_id)})}};
    put(dataset, "description", set.overview);
    entities_.push_back(std::move(dataset));
    parts_.push_back(reference(id));
    Json method = {{"@id", method_id}, {"@type", {"bia:AnnotationMethod"}}, {"name", set.title()}};
    put(method, "description", set.method);
    Texts types = set.types;
    for (const FileEntry* entry : index_.of_set(static_cast<int>(index))) {
      if (has_text(types)) break;
      types = entry->annotation_types;
    }
    put_all(method, "methodType", types);
    put(method, "annotationCriteria", set.criteria);
    put(method, "annotationCoverage", set.coverage);
    put(method, "transformationDescription", set.transformation);
    put(method, "spatialInformation", set.spatial_information);
    put(method, "annotationSourceIndicator", set.source_indicator);
    entities_.push_back(std::move(method));
  }

  void row(const FileEntry& entry, const std::string& dataset, const char* type,
           const std::string& method) {
    std::string sources;
    for (const Text& source : entry.source_images) {
      if (has_text(source)) sources += (sources.empty() ? "'" : ", '") + cell(source.value) + "'";
    }
    if (entry.source_images.size() > 1) {
      sources = "[" + sources + "]";
    } else if (!sources.empty()) {
      sources = sources.substr(1, sources.size() - 2);
    }
    table_ += cell(entry.path.value) + "\t" + cell(entry.size.value) + "\t" + dataset + "\t" +
              type + "\t" + cell(entry.label.value) + "\t" + sources + "\t" + method + "\n";
    losses_.text(entry.transformation, "The transformation of single files");
    losses_.text(entry.creation_time, "The creation time of single files");
    losses_.text(entry.spatial_information, "The spatial information of single files");
    losses_.when(!entry.other.empty(), "Further columns of the file lists");
  }

  void file_list() {
    for (const Term& column : kColumns) {
      table_ += std::string(table_.empty() ? "" : "\t") + column.name;
    }
    table_ += "\n";
    const std::string images = record_.components.empty() ? "" : section_id("Component", 0);
    for (const FileEntry* image : index_.images()) {
      std::string dataset = images;
      for (std::size_t i = 0; i < record_.components.size(); ++i) {
        for (const Text& one : image->datasets) {
          if (refers_to(one.value, record_.components[i].id, record_.components[i].name)) {
            dataset = section_id("Component", i);
          }
        }
      }
      row(*image, dataset, "http://bia/Image", "");
    }
    for (const FileIndex::Annotation& annotation : index_.annotations()) {
      const bool known = annotation.set >= 0;
      const auto set = static_cast<std::size_t>(known ? annotation.set : 0);
      row(*annotation.entry, known ? section_id("Annotations", set) : "",
          "http://bia/AnnotationData", known ? section_id("Annotation-method", set) : "");
    }
    Json columns = Json::array();
    int number = 0;
    for (const Term& column : kColumns) {
      const std::string id = "_:col" + std::to_string(number++);
      columns.push_back(reference(id));
      entities_.push_back({{"@id", id},
                           {"@type", {"csvw:Column"}},
                           {"columnName", column.name},
                           {"propertyUrl", column.iri}});
    }
    entities_.push_back({{"@id", "_:ts0"}, {"@type", {"csvw:Schema"}}, {"column", columns}});
    entities_.push_back({{"@id", "file_list.tsv"},
                         {"@type", {"File", "bia:FileList", "csvw:Table"}},
                         {"tableSchema", reference("_:ts0")}});
    parts_.push_back(reference("file_list.tsv"));
  }

  void losses() {
    losses_.text(record_.study.funding_statement, "The funding statement");
    losses_.annotation_details(record_, true, false, false);
    for (const Version& version : record_.versions) {
      losses_.when(true, "The version " + version.version.value + " and its changes");
    }
  }

  const Record& record_;
  FileIndex index_;
  std::vector<Json> entities_;
  Json parts_ = Json::array();
  std::string table_;
  Losses losses_;
  std::map<std::string, std::string> organisations_;
  std::vector<std::string> taxa_;
  int people_ = 0;
  int publications_ = 0;
  int grants_ = 0;
  int unnumbered_taxa_ = 0;
};

}  // namespace

Export export_ro_crate(const Record& record) { return Writer(record).write(); }

}  // namespace mifa::meta
