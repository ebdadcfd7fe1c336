// RO-Crate metadata (ro-crate-metadata.json): the BioImage Archive's crates in three generations of
// terms, the crates of other archives (GIDE), and those of single OME-Zarr images.
#include <algorithm>
#include <set>

#include "mifa/containers/fields.h"
#include "mifa/containers/json_ld.h"
#include "mifa/containers/keyed_sections.h"
#include "mifa/containers/readers.h"
#include "mifa/containers/terms.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr ForgottenTerm kForgotten[] = {
    {"title", "http://schema.org/name", Severity::kWarning},
    {"licence", "http://schema.org/license", Severity::kWarning},
    {"keyword", "http://schema.org/keywords", Severity::kWarning},
    {"methodtype", "http://bia/annotationMethodType", Severity::kWarning},
    {"annotationcriteria", "http://bia/annotationCriteria", Severity::kWarning},
    {"annotationcoverage", "http://bia/annotationCoverage", Severity::kWarning},
    {"associatedannotationmethod", "http://bia/associatedAnnotationMethod", Severity::kWarning},
    {"protocoldescription", "http://bia/protocolDescription", Severity::kWarning},
    {"scientificname", "http://rs.tdwg.org/dwc/terms/scientificName", Severity::kWarning},
    {"organismclassification", "http://schema.org/taxonomicRange", Severity::kError},
    {"specimen", "http://purl.obolibrary.org/obo/HSO_0000308", Severity::kError},
    {"biosample", "http://purl.obolibrary.org/obo/OBI_0002648", Severity::kError},
    // Crates of single images do without a definition of these; their own profile allows it.
    {"resultof", "resultOf", Severity::kInfo},
    {"fbbiid", "http://bia/fbbiId", Severity::kInfo}};

bool is_orcid(std::string_view id) { return id.find("orcid.org/") != std::string_view::npos; }

bool is_taxon_id(std::string_view id) {
  return id.find("txid") != std::string_view::npos ||
         id.find("NCBITaxon") != std::string_view::npos;
}

class Reader {
 public:
  Reader(const SourceFile& file, const JsonLdGraph& graph, Record& record, Log& log)
      : file_(file), graph_(graph), record_(record), log_(log), use_(record.containers.back()) {}

  void read() {
    use_.bia_crate = std::any_of(
        graph_.entities().begin(), graph_.entities().end(), [](const JsonLdEntity& entity) {
          return std::any_of(entity.types.begin(), entity.types.end(), [](const std::string& type) {
            return type.starts_with("http://bia/");
          });
        });
    const JsonLdEntity* root = find_root();
    if (!root) return;
    use_.image_only = !use_.bia_crate && graph_.has(*root, "resultOf");
    use_.foreign = !use_.bia_crate;
    read_root(*root);
    for (const JsonLdEntity& entity : graph_.entities()) sections(entity);
    for (const JsonLdEntity& entity : graph_.entities()) {
      if (&entity != root && entity.is("http://bia/Dataset")) dataset(entity);
    }
    lone_methods();
    file_lists();
    if (use_.image_only) image_chain(*root);
  }

 private:
  const JsonLdEntity* find_root() {
    const JsonLdEntity* descriptor = nullptr;
    for (const JsonLdEntity& entity : graph_.entities()) {
      const std::string_view name = base_name(entity.id);
      if (name == "ro-crate-metadata.json" || name == "ro-crate-metadata.jsonld" ||
          (name.ends_with("ro-crate-metadata.json") &&
           graph_.has(entity, "http://purl.org/dc/terms/conformsTo"))) {
        descriptor = &entity;
      }
    }
    std::string root_id = "./";
    if (descriptor) {
      static constexpr std::string_view kAbout[] = {"http://schema.org/about"};
      const Texts about = graph_.references(*descriptor, kAbout);
      if (!about.empty()) root_id = about.front().value;
    } else {
      log_.add_file(
          file_.name,
          {.rule = "mifa/crate-descriptor",
           .severity = Severity::kError,
           .message = "The crate does not describe itself: no entity "
                      "\"ro-crate-metadata.json\" says which RO-Crate version it follows and "
                      "what its root is.",
           .expected = R"({"@id": "ro-crate-metadata.json", "about": {"@id": "./"}, …})",
           .received = "no such entity",
           .fix = "Add the metadata descriptor."});
    }
    const JsonLdEntity* root = graph_.find(root_id);
    if (root) return root;
    log_.add_file(
        file_.name,
        {.rule = use_.bia_crate ? std::string_view("bia-submission/root-study")
                                : std::string_view("mifa/crate-root"),
         .severity = Severity::kError,
         .message = "The crate has no root: nothing describes \"" + root_id + "\".",
         .expected = "an entity with the @id \"" + root_id + "\" and the type Dataset",
         .received = "no such entity",
         .fix = "Add the root data entity with the study's name, description and licence."});
    use_.failed = true;
    return nullptr;
  }

  void read_root(const JsonLdEntity& root) {
    Study& study = record_.study;
    study.place = root.place();
    study.title = graph_.text(root, term::kName);
    study.description = graph_.text(root, term::kDescription);
    study.licence = graph_.text(root, term::kLicence);
    study.release_date = graph_.text(root, term::kPublished);
    study.accession = graph_.text(root, term::kAccession);
    study.acknowledgements = graph_.text(root, term::kAcknowledgement);
    study.funding_statement = graph_.text(root, term::kFundingStatement);
    study.doi = graph_.text(root, term::kDoi);
    study.keywords = graph_.texts(root, term::kKeyword);
    for (const Text& id : graph_.references(root, term::kAuthor)) {
      if (const JsonLdEntity* entity = resolve(id, "the author")) {
        study.authors.push_back(person(*entity));
      }
    }
    for (const Text& id : graph_.references(root, term::kPublication)) publication(id);
    for (const Text& id : graph_.references(root, term::kSeeAlso)) link(id);
    grants(root);
    note_models_among_links(study);
    check_root(root);
  }

  // bia-submission/root-study: the types and parts that no other rule asks for.
  void check_root(const JsonLdEntity& root) {
    if (!use_.bia_crate) return;
    std::vector<std::string> missing;
    if (!root.is("http://bia/Study")) missing.emplace_back("the type bia:Study");
    if (!root.is("http://schema.org/Dataset")) missing.emplace_back("the type Dataset");
    if (!has_text(record_.study.release_date)) missing.emplace_back("datePublished");
    if (graph_.references(root, term::kHasPart).empty()) missing.emplace_back("hasPart");
    if (!has_text(record_.study.accession)) missing.emplace_back("accessionId");
    if (missing.empty()) return;
    log_.add(
        root.place(),
        {.rule = "bia-submission/root-study",
         .severity = Severity::kError,
         .message = "The root of the crate lacks " + listing(missing) + ".",
         .expected = "the types Dataset and bia:Study; name, description, license, datePublished, "
                     "hasPart, accessionId and author",
         .received = "no " + listing(missing),
         .fix = "Add what is missing to the entity \"./\"."});
  }

  // The entity that is meant; when nobody describes it, an issue and null.
  const JsonLdEntity* resolve(const Text& id, const std::string& what) {
    const JsonLdEntity* entity = graph_.find(id.value);
    if (entity) return entity;
    log_.add(id.place, {.rule = "mifa/dangling-reference",
                        .severity = Severity::kWarning,
                        .message = "The crate refers to " + what + " \"" + id.value +
                                   "\", which no entity describes.",
                        .expected = "an entity with this @id",
                        .received = id.value,
                        .fix = "Add the entity, or correct the @id."});
    return nullptr;
  }

  Person person(const JsonLdEntity& entity) {
    Person person;
    person.place = entity.place();
    person.display_name = graph_.text(entity, term::kName);
    static constexpr std::string_view kGiven[] = {"http://schema.org/givenName"};
    static constexpr std::string_view kFamily[] = {"http://schema.org/familyName"};
    person.first_name = graph_.text(entity, kGiven);
    person.last_name = graph_.text(entity, kFamily);
    person.email = graph_.text(entity, term::kEmail);
    if (is_orcid(entity.id)) person.orcid = text_at(entity.id, entity.place());
    person.roles = graph_.texts(entity, term::kRole);
    for (const Text& id : graph_.references(entity, term::kAffiliation)) {
      const JsonLdEntity* found = resolve(id, "the organisation");
      Organisation organisation;
      organisation.place = id.place;
      if (found) {
        organisation.name = graph_.text(*found, term::kName);
        organisation.address = graph_.text(*found, term::kAddress);
        organisation.place = found->place();
      }
      if (id.value.find("ror.org/") != std::string::npos) organisation.ror_id = id;
      person.organisations.push_back(std::move(organisation));
    }
    return person;
  }

  void publication(const Text& id) {
    const JsonLdEntity* entity = resolve(id, "the publication");
    if (!entity) return;
    Publication publication;
    publication.place = entity->place();
    publication.title = graph_.text(*entity, term::kName);
    publication.authors = graph_.text(*entity, term::kAuthorNames);
    publication.doi = graph_.text(*entity, term::kDoi);
    publication.year = graph_.text(*entity, term::kYear);
    publication.pubmed_id = graph_.text(*entity, term::kPubmed);
    if (!has_text(publication.doi) && entity->id.find("doi.org/") != std::string::npos) {
      publication.doi = text_at(entity->id, entity->place());
    }
    record_.study.publications.push_back(std::move(publication));
  }

  void link(const Text& id) {
    const JsonLdEntity* entity = graph_.find(id.value);
    if (entity && entity->is("http://schema.org/ScholarlyArticle")) {
      publication(id);
      return;
    }
    Link link;
    link.url = id;
    link.place = entity ? entity->place() : id.place;
    static constexpr std::string_view kKind[] = {"http://schema.org/additionalType",
                                                 "http://bia/linkType"};
    if (entity) {
      link.description = graph_.text(*entity, term::kDescription);
      link.type = graph_.text(*entity, kKind);
    }
    record_.study.links.push_back(std::move(link));
  }

  void grants(const JsonLdEntity& root) {
    Texts ids = graph_.references(root, term::kGrant);
    if (ids.empty()) ids = graph_.references(root, term::kFunder);
    static constexpr std::string_view kNumber[] = {"http://schema.org/identifier"};
    for (const Text& id : ids) {
      const JsonLdEntity* entity = graph_.find(id.value);
      Grant grant;
      grant.place = entity ? entity->place() : id.place;
      grant.id = entity ? graph_.text(*entity, kNumber) : id;
      if (entity && !has_text(grant.id)) grant.id = graph_.text(*entity, term::kName);
      for (const Text& funder : entity ? graph_.references(*entity, term::kFunder) : Texts()) {
        const JsonLdEntity* body = graph_.find(funder.value);
        grant.funder = body ? graph_.text(*body, term::kName) : funder;
      }
      if (entity && !has_text(grant.funder) &&
          !has_text(graph_.references(*entity, term::kFunder))) {
        grant.funder = graph_.text(*entity, term::kName);
      }
      record_.study.grants.push_back(std::move(grant));
    }
  }

  void sections(const JsonLdEntity& entity) {
    if (entity.is("http://bia/BioSample") || entity.is("http://schema.org/BioSample") ||
        entity.is("http://purl.obolibrary.org/obo/OBI_0002648")) {
      biosample(entity);
    } else if (entity.is("http://bia/SpecimenImagingPreparationProtocol")) {
      Specimen specimen;
      specimen.id = entity.id;
      specimen.name = named(entity);
      specimen.sample_preparation = graph_.text(entity, term::kDescription);
      specimen.place = entity.place();
      record_.specimens.push_back(std::move(specimen));
    } else if (entity.is("http://purl.obolibrary.org/obo/HSO_0000308")) {
      Specimen specimen;
      specimen.id = entity.id;
      specimen.name = named(entity);
      specimen.biosamples = graph_.references(entity, term::kImageBiosample);
      specimen.place = entity.place();
      record_.specimens.push_back(std::move(specimen));
    } else if (entity.is("http://bia/ImageAcquisitionProtocol") || entity.is("image_acquisition")) {
      acquisition(entity);
    } else if (entity.is("http://bia/ImageAnalysisMethod") ||
               entity.is("http://bia/AnalysisMethod")) {
      record_.analyses.push_back(
          {entity.id, named(entity), graph_.text(entity, term::kDescription), entity.place()});
    } else if (entity.is("http://bia/ImageCorrelationMethod") ||
               entity.is("http://bia/CorrelationMethod")) {
      record_.correlations.push_back({entity.id, named(entity),
                                      graph_.text(entity, term::kDescription),
                                      graph_.text(entity, term::kFiducials),
                                      graph_.text(entity, term::kMatrix), entity.place()});
    } else if (entity.is("http://schema.org/LabProtocol")) {
      lab_protocol(entity);
    }
  }

  Text named(const JsonLdEntity& entity) const {
    const Text name = graph_.text(entity, term::kName);
    if (has_text(name)) return name;
    std::string_view id = entity.id;
    if (id.starts_with('#')) id.remove_prefix(1);
    return text_at(std::string(id), entity.place());
  }

  void biosample(const JsonLdEntity& entity) {
    Biosample sample;
    sample.id = entity.id;
    sample.name = named(entity);
    sample.place = entity.place();
    sample.biological_entity = graph_.text(entity, term::kBiologicalEntity);
    sample.description = graph_.text(entity, term::kDescription);
    sample.intrinsic_variables = graph_.texts(entity, term::kIntrinsic);
    sample.extrinsic_variables = graph_.texts(entity, term::kExtrinsic);
    sample.experimental_variables = graph_.texts(entity, term::kExperimental);
    sample.growth_protocol = graph_.text(entity, term::kGrowth);
    for (const Text& id : graph_.references(entity, term::kTaxon)) {
      Organism organism;
      organism.place = id.place;
      if (const JsonLdEntity* taxon = graph_.find(id.value)) {
        organism.place = taxon->place();
        organism.scientific_name = graph_.text(*taxon, term::kScientificName);
        organism.common_name = graph_.text(*taxon, term::kCommonName);
      }
      if (is_taxon_id(id.value)) organism.ncbi_taxon = id;
      sample.organisms.push_back(std::move(organism));
    }
    record_.biosamples.push_back(std::move(sample));
  }

  void acquisition(const JsonLdEntity& entity) {
    Acquisition acquisition;
    acquisition.id = entity.id;
    acquisition.name = named(entity);
    acquisition.place = entity.place();
    acquisition.instrument = graph_.text(entity, term::kInstrument);
    acquisition.parameters = graph_.text(entity, term::kDescription);
    acquisition.specimens = graph_.references(entity, term::kImageSpecimen);
    const Texts methods = graph_.references(entity, term::kMethodName);
    const Texts terms = graph_.references(entity, term::kFbbi);
    for (std::size_t i = 0; i < std::max(methods.size(), terms.size()); ++i) {
      ImagingMethod method;
      if (i < methods.size()) method.value = methods[i];
      if (i < terms.size()) method.ontology_id = terms[i];
      method.place = i < methods.size() ? methods[i].place : terms[i].place;
      acquisition.methods.push_back(std::move(method));
    }
    record_.acquisitions.push_back(std::move(acquisition));
  }

  // GIDE: a protocol whose technique is an imaging method of FBbi is an acquisition.
  void lab_protocol(const JsonLdEntity& entity) {
    static constexpr std::string_view kTechnique[] = {"http://schema.org/measurementTechnique"};
    Acquisition acquisition;
    for (const Text& id : graph_.references(entity, kTechnique)) {
      if (id.value.find("FBbi") == std::string::npos) continue;
      ImagingMethod method;
      method.ontology_id = id;
      method.place = id.place;
      const JsonLdEntity* defined = graph_.find(id.value);
      if (defined) method.value = graph_.text(*defined, term::kName);
      acquisition.methods.push_back(std::move(method));
    }
    if (acquisition.methods.empty()) return;
    acquisition.id = entity.id;
    acquisition.name = named(entity);
    acquisition.place = entity.place();
    acquisition.instrument = graph_.text(entity, term::kInstrument);
    acquisition.parameters = graph_.text(entity, term::kDescription);
    record_.acquisitions.push_back(std::move(acquisition));
  }

  // The associations of a dataset or of an association entity, sorted by what they refer to.
  Association association(const JsonLdEntity& entity) {
    Association result;
    result.place = entity.place();
    for (const std::string_view iri : term::kAssociated) {
      const std::string_view one[] = {iri};
      for (const Text& id : graph_.references(entity, one)) {
        const JsonLdEntity* target = graph_.find(id.value);
        if (target) {
          associate(*target, id, result);
        } else {
          // Kept, so that the rules can say that it dangles.
          guessed(iri, result).push_back(id);
        }
      }
    }
    return result;
  }

  void associate(const JsonLdEntity& target, const Text& id, Association& result) {
    if (target.is("http://bia/BioSample")) {
      result.biosamples.push_back(id);
    } else if (target.is("http://bia/SpecimenImagingPreparationProtocol")) {
      result.specimens.push_back(id);
    } else if (target.is("http://bia/ImageAcquisitionProtocol")) {
      result.acquisitions.push_back(id);
    } else if (target.is("http://bia/Specimen")) {
      for (const Text& sample : graph_.references(target, term::kSampleOf)) {
        add_new(result.biosamples, sample);
      }
      for (const Text& made : graph_.references(target, term::kPreparation)) {
        add_new(result.specimens, made);
      }
    } else if (std::any_of(target.types.begin(), target.types.end(), [](const std::string& type) {
                 return type.find("Correlation") != std::string::npos;
               })) {
      result.correlations.push_back(id);
    } else {
      result.analyses.push_back(id);
    }
  }

  static void add_new(Texts& texts, const Text& id) {
    for (const Text& one : texts) {
      if (one.value == id.value) return;
    }
    texts.push_back(id);
  }

  static Texts& guessed(std::string_view iri, Association& result) {
    if (iri.ends_with("BiologicalEntity")) return result.biosamples;
    if (iri.ends_with("AcquisitionProtocol")) return result.acquisitions;
    if (iri.ends_with("nalysisMethod")) return result.analyses;
    if (iri.ends_with("orrelationMethod")) return result.correlations;
    return result.specimens;
  }

  void dataset(const JsonLdEntity& entity) {
    std::vector<Association> associations;
    Texts methods = graph_.references(entity, term::kAnnotationMethod);
    const Association own = association(entity);
    const auto filled = [](const Association& one) {
      return !one.biosamples.empty() || !one.specimens.empty() || !one.acquisitions.empty() ||
             !one.correlations.empty() || !one.analyses.empty();
    };
    if (filled(own)) associations.push_back(own);
    for (const Text& id : graph_.references(entity, term::kAssociation)) {
      const JsonLdEntity* target = resolve(id, "the association");
      if (!target) continue;
      const Association one = association(*target);
      if (filled(one)) associations.push_back(one);
      const Texts more = graph_.references(*target, term::kAnnotationMethod);
      methods.insert(methods.end(), more.begin(), more.end());
    }
    const bool mifa = entity.is("http://bia/MifaDataset");
    const bool rembi = entity.is("http://bia/RembiDataset");
    if (mifa || !methods.empty()) annotations(entity, methods, mifa);
    if (rembi || !associations.empty() || (!mifa && methods.empty())) {
      StudyComponent component;
      component.id = entity.id;
      component.name = named(entity);
      component.description = graph_.text(entity, term::kDescription);
      component.associations = std::move(associations);
      component.declared_rembi = rembi;
      component.place = entity.place();
      record_.components.push_back(std::move(component));
    }
  }

  void annotations(const JsonLdEntity& dataset, const Texts& methods, bool declared) {
    AnnotationSet set;
    set.id = dataset.id;
    set.name = named(dataset);
    set.overview = graph_.text(dataset, term::kDescription);
    set.declared_mifa = declared;
    set.place = dataset.place();
    for (const Text& id : methods) {
      const JsonLdEntity* method = resolve(id, "the annotation method");
      if (method) take_method(*method, set);
    }
    record_.annotations.push_back(std::move(set));
  }

  void take_method(const JsonLdEntity& method, AnnotationSet& set) {
    const auto first = [](Text& own, const Text& other) {
      if (!has_text(own)) own = other;
    };
    used_methods_.insert(method.id);
    set.method_ids.push_back(text_at(method.id, method.place()));
    const Text title = graph_.text(method, term::kName);
    if (title.value != set.name.value) first(set.overview, title);
    first(set.method, graph_.text(method, term::kDescription));
    if (!set.method.mentioned()) set.method.place = method.place();
    for (Text& type : split_at_commas(graph_.texts(method, term::kMethodType))) {
      set.types.push_back(std::move(type));
    }
    first(set.criteria, graph_.text(method, term::kCriteria));
    first(set.coverage, graph_.text(method, term::kCoverage));
    first(set.transformation, graph_.text(method, term::kTransformation));
    first(set.spatial_information, graph_.text(method, term::kSpatial));
    first(set.source_indicator, graph_.text(method, term::kSourceIndicator));
  }

  // Methods that rows of a file list refer to, and that no dataset names.
  void lone_methods() {
    for (const JsonLdEntity& entity : graph_.entities()) {
      if (!entity.is("http://bia/AnnotationMethod") || used_methods_.contains(entity.id)) continue;
      AnnotationSet set;
      set.id = entity.id;
      set.place = entity.place();
      set.name = named(entity);
      take_method(entity, set);
      if (!has_text(set.overview)) set.overview = graph_.text(entity, term::kName);
      record_.annotations.push_back(std::move(set));
    }
  }

  void file_lists() {
    FileList embedded;
    embedded.style = FileList::Style::kEmbedded;
    embedded.place.file = std::make_shared<const std::string>(file_.name);
    for (const JsonLdEntity& entity : graph_.entities()) {
      if (entity.is("http://bia/FileList")) {
        table(entity);
      } else if (entity.is("http://bia/Image") || entity.is("http://bia/AnnotationData")) {
        embedded.entries.push_back(embedded_file(entity));
      }
    }
    if (!embedded.entries.empty()) record_.file_lists.push_back(std::move(embedded));
  }

  void table(const JsonLdEntity& entity) {
    FileList list;
    list.style = FileList::Style::kCrate;
    list.name = text_at(entity.id, entity.place());
    list.place = entity.place();
    for (const Text& schema : graph_.references(entity, term::kTableSchema)) {
      const JsonLdEntity* found = resolve(schema, "the table schema");
      for (const Text& id : found ? graph_.references(*found, term::kColumn) : Texts()) {
        const JsonLdEntity* column = resolve(id, "the column");
        if (!column) continue;
        list.columns.push_back(graph_.text(*column, term::kColumnName));
        list.column_properties.push_back(graph_.text(*column, term::kPropertyUrl));
        std::string& iri = list.column_properties.back().value;
        iri = normal_iri(iri);
      }
    }
    record_.file_lists.push_back(std::move(list));
  }

  FileEntry embedded_file(const JsonLdEntity& entity) {
    FileEntry entry;
    entry.path = text_at(entity.id, entity.place());
    entry.place = entity.place();
    entry.label = graph_.text(entity, term::kName);
    for (const std::string_view type : {"http://bia/Image", "http://bia/AnnotationData"}) {
      if (entity.is(type)) entry.kind = text_at(std::string(type), entity.place());
    }
    for (const Text& id : graph_.references(entity, term::kCreationProcess)) {
      const JsonLdEntity* process = resolve(id, "the creation process");
      if (!process) continue;
      entry.source_images = graph_.references(*process, term::kInputImage);
      entry.annotation_methods = graph_.references(*process, term::kAnnotationMethod);
    }
    // A mask is an image, too; that it was annotated is what counts.
    if (!entry.annotation_methods.empty()) entry.kind.value = "http://bia/AnnotationData";
    return entry;
  }

  // Image crates: root → acquisition → specimen → biosample → taxon.
  void image_chain(const JsonLdEntity& root) {
    std::string broken;
    Place place = root.place();
    const auto follow = [&](const JsonLdEntity* from, std::span<const std::string_view> iris,
                            const char* what) -> const JsonLdEntity* {
      if (!from) return nullptr;
      const Texts ids = graph_.references(*from, iris);
      const JsonLdEntity* next = ids.empty() ? nullptr : graph_.find(ids.front().value);
      if (!next) {
        broken = what;
        place = from->place();
      }
      return next;
    };
    const JsonLdEntity* acquisition = follow(&root, term::kResultOf, "the root to an acquisition");
    const JsonLdEntity* specimen =
        follow(acquisition, term::kImageSpecimen, "the acquisition to a specimen");
    const JsonLdEntity* sample =
        follow(specimen, term::kImageBiosample, "the specimen to a biosample");
    if (sample && graph_.references(*sample, term::kTaxon).empty()) {
      broken = "the biosample to an organism";
      place = sample->place();
    }
    if (broken.empty()) return;
    log_.add(place, {.rule = "mifa/image-crate-chain",
                     .severity = Severity::kError,
                     .message = "The crate does not say what the image shows: nothing leads from " +
                                broken + ".",
                     .expected = "resultOf → specimen → biosample → organism_classification",
                     .received = "no way from " + broken,
                     .fix = "Add the missing entity and the reference to it."});
  }

  const SourceFile& file_;
  const JsonLdGraph& graph_;
  Record& record_;
  Log& log_;
  ContainerUse& use_;
  std::set<std::string> used_methods_;
};

}  // namespace

bool sniff_ro_crate(std::string_view head, std::string_view name) {
  if (!looks_like_json(head) || head.find("mlcommons.org/croissant") != std::string_view::npos) {
    return false;
  }
  if (base_name(name) == "ro-crate-metadata.json") return true;
  return head.find("\"@graph\"") != std::string_view::npos ||
         (head.find("\"@context\"") != std::string_view::npos &&
          head.find("w3id.org/ro/crate") != std::string_view::npos && !name.ends_with(".jsonld"));
}

void read_ro_crate(const SourceFile& file, Record& record, Log& log) {
  const TreePtr tree = parse_document(file, log);
  if (!tree) return;
  const JsonLdGraph graph(tree->root(), kForgotten, log);
  Reader(file, graph, record, log).read();
}

}  // namespace mifa::meta
