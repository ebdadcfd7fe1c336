#include "mifa/containers/pagetab.h"

#include <map>
#include <set>

#include "mifa/containers/keyed_sections.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Names = std::initializer_list<std::string_view>;

Texts named(const std::vector<PageTabAttribute>& attributes, Names names) {
  Texts result;
  for (const PageTabAttribute& attribute : attributes) {
    const std::string folded_name = folded(attribute.name);
    for (const std::string_view name : names) {
      if (folded_name == folded(name)) {
        result.push_back(attribute.value);
        break;
      }
    }
  }
  return result;
}

Text first(const Texts& texts) { return texts.empty() ? Text() : texts.front(); }

// The attributes that each section may have; the others are noted. By folded type.
bool is_known_attribute(const std::string& type, const std::string& name) {
  static const std::map<std::string, std::set<std::string>> kKnown = {
      {"study",
       {"title", "description", "keyword", "keywords", "license", "licence", "acknowledgements",
        "fundingstatement", "releasedate", "rembiversion", "doi"}},
      {"author",
       {"name", "firstname", "lastname", "email", "mail", "role", "orcid", "affiliation",
        "organisation", "organization", "institution", "address"}},
      {"organisation", {"name", "address", "rorid", "ror"}},
      {"publication",
       {"title", "authors", "doi", "year", "pubmedid", "pmcid", "pmid", "type", "journal"}},
      {"funding", {"agency", "grantid", "funder"}},
      {"biosample",
       {"title", "biologicalentity", "description", "intrinsicvariable", "extrinsicvariable",
        "experimentalvariable", "organism", "intrinsicvariables", "extrinsicvariables",
        "experimentalvariables"}},
      {"organism", {"scientificname", "commonname", "ncbitaxonid", "ncbitaxon"}},
      {"specimen",
       {"title", "samplepreparationprotocol", "growthprotocol", "experimentalvariable"}},
      {"imageacquisition",
       {"title", "imaginginstrument", "imageacquisitionparameters", "imagingmethod"}},
      {"imagingmethod", {"ontologyvalue", "ontologyname", "ontologytermid"}},
      {"imageanalysis", {"title", "imageanalysisoverview"}},
      {"imagecorrelation",
       {"title", "spatialandtemporalalignment", "fiducialsused", "transformationmatrix"}},
      {"annotations",
       {"title", "annotationoverview", "annotationtype", "annotationmethod",
        "annotationconfidencelevel", "annotationcriteria", "annotationcoverage", "filelist",
        "license", "author", "authors", "annotationcreationtime", "transformations",
        "spatialinformation", "annotationversion", "versiontimestamp", "versionchanges",
        "previousversion"}},
      {"version", {"annotationversion", "versiontimestamp", "versionchanges", "previousversion"}},
      {"studycomponent", {"name", "title", "description", "filelist", "rembiversion"}},
      {"associations",
       {"biosample", "specimen", "imageacquisition", "imageanalysis", "imagecorrelation"}}};
  const auto found = kKnown.find(type);
  return found == kKnown.end() || found->second.contains(name);
}

std::string section_type(const PageTabSection& section) {
  std::string type = folded(section.type);
  if (type == "annotation") return "annotations";
  if (type == "organization") return "organisation";
  if (type == "association") return "associations";
  return type;
}

class Reader {
 public:
  Reader(Record& record, Log& log) : record_(record), log_(log) {}

  void read(const PageTabSubmission& submission) {
    Study& study = record_.study;
    const PageTabSection& root = submission.section;
    study.place = root.place.known() ? root.place : submission.place;
    study.accession = text_at(submission.accno, submission.place);
    if (submission.accno.empty()) study.accession = Text();
    // The submission's attributes and those of its root section hold the same things in turn.
    std::vector<PageTabAttribute> both = root.attributes;
    both.insert(both.end(), submission.attributes.begin(), submission.attributes.end());
    study.title = first(named(both, {"Title"}));
    study.description = root.attribute("Description");
    study.licence = first(named(both, {"License", "Licence"}));
    study.release_date = first(named(both, {"ReleaseDate"}));
    study.template_name = first(named(both, {"Template"}));
    study.doi = first(named(both, {"DOI"}));
    study.keywords = root.all({"Keyword", "Keywords"});
    study.acknowledgements = root.attribute("Acknowledgements");
    study.funding_statement = root.attribute("Funding statement");
    study.links = root.links;
    note_unknown(root);
    index(root);
    for (const PageTabSection& section : root.subsections) take(section);
    note_models_among_links(study);
  }

 private:
  void index(const PageTabSection& section) {
    if (!section.accno.empty()) sections_.emplace(section.accno, &section);
    for (const PageTabSection& inner : section.subsections) index(inner);
  }

  void note_unknown(const PageTabSection& section) {
    const std::string type = section_type(section);
    for (const PageTabAttribute& attribute : section.attributes) {
      if (is_known_attribute(type, folded(attribute.name))) continue;
      record_.others.push_back({section.type + ": " + attribute.name, attribute.value});
      log_.add_once(attribute.value.place, section.type + attribute.name,
                    {.rule = "mifa/unknown-attribute",
                     .severity = Severity::kInfo,
                     .message = "\"" + shortened(attribute.name, 60) +
                                "\" is not an attribute of a section of type \"" + section.type +
                                "\"; it is kept, but nothing is checked about it.",
                     .received = attribute.value.value,
                     .fix = "Check the spelling if one of the known attributes was meant."});
    }
    for (const std::string& other : section.others) {
      log_.add_once(section.place, "member " + other,
                    {.rule = "mifa/unknown-attribute",
                     .severity = Severity::kInfo,
                     .message = "PageTab sections have no member \"" + other + "\".",
                     .received = other,
                     .fix = other == "accNo" ? "Write it as \"accno\"." : "Leave it out."});
    }
  }

  void take(const PageTabSection& section) {
    const std::string type = section_type(section);
    note_unknown(section);
    if (type == "author" || type == "contact") {
      record_.study.authors.push_back(person(section));
    } else if (type == "organisation") {
      return;  // Found through the author that refers to it.
    } else if (type == "publication") {
      publication(section);
    } else if (type == "funding") {
      record_.study.grants.push_back({first(section.all({"grant_id"})),
                                      first(section.all({"Agency", "Funder"})), section.place});
    } else if (type == "biosample") {
      biosample(section);
    } else if (type == "specimen") {
      specimen(section);
    } else if (type == "imageacquisition") {
      acquisition(section);
    } else if (type == "imageanalysis") {
      if (section.attributes.empty()) return;
      record_.analyses.push_back({section.accno, section.attribute("Title"),
                                  section.attribute("Image analysis overview"), section.place});
    } else if (type == "imagecorrelation") {
      if (section.attributes.empty()) return;
      record_.correlations.push_back({section.accno, section.attribute("Title"),
                                      section.attribute("Spatial and temporal alignment"),
                                      section.attribute("Fiducials used"),
                                      section.attribute("Transformation matrix"), section.place});
    } else if (type == "annotations") {
      annotations(section);
    } else if (type == "version") {
      version(section, "");
    } else if (type == "studycomponent") {
      component(section);
    } else {
      record_.others.push_back({section.type, text_at(section.accno, section.place)});
      log_.add(section.place,
               {.rule = "mifa/unknown-attribute",
                .severity = Severity::kInfo,
                .message = "Sections of type \"" + section.type +
                           "\" are not part of the archive's templates; this one is kept, but "
                           "nothing is checked about it.",
                .received = section.type,
                .fix = "Check the spelling if one of the known types was meant."});
    }
  }

  Person person(const PageTabSection& section) {
    Person person;
    person.place = section.place;
    person.display_name = section.attribute("Name");
    person.first_name = section.attribute("First name");
    person.last_name = section.attribute("Last name");
    person.email = first(section.all({"E-mail", "Email", "Mail"}));
    person.orcid = section.attribute("ORCID");
    person.roles = split_at_commas(section.all({"Role"}));
    for (const PageTabAttribute& attribute : section.attributes) {
      const std::string name = folded(attribute.name);
      if (name != "affiliation" && name != "organisation" && name != "organization") continue;
      // "o2, o3" names two.
      for (const std::string& accno :
           split(attribute.value.value, attribute.reference ? ',' : '\n')) {
        const auto found = sections_.find(accno);
        Organisation organisation;
        organisation.place = attribute.value.place;
        if (found != sections_.end()) {
          organisation.name = found->second->attribute("Name");
          organisation.address = found->second->attribute("Address");
          organisation.ror_id = first(found->second->all({"RORID", "ROR"}));
          organisation.place = found->second->place;
        } else if (attribute.reference) {
          log_.add(attribute.value.place,
                   {.rule = "mifa/dangling-reference",
                    .severity = Severity::kWarning,
                    .message = "The author refers to the organisation \"" + accno +
                               "\", which no section describes.",
                    .expected = "a section organisation with this accession number",
                    .received = accno,
                    .fix = "Add the organisation or correct the reference."});
          continue;
        } else {
          organisation.name = text_at(accno, attribute.value.place);
        }
        person.organisations.push_back(std::move(organisation));
      }
    }
    return person;
  }

  void publication(const PageTabSection& section) {
    record_.study.publications.push_back({section.attribute("Title"), section.attribute("Authors"),
                                          section.attribute("DOI"), section.attribute("Year"),
                                          first(section.all({"Pubmed ID", "PMC ID", "PMID"})),
                                          section.place});
  }

  Organism organism(const PageTabSection& section) {
    note_unknown(section);
    return {section.attribute("Scientific name"), section.attribute("Common name"),
            first(section.all({"NCBI taxon ID", "NCBI taxon"})), section.place};
  }

  void biosample(const PageTabSection& section) {
    Biosample sample;
    sample.id = section.accno;
    sample.name = section.attribute("Title");
    sample.biological_entity = section.attribute("Biological entity");
    sample.description = section.attribute("Description");
    sample.intrinsic_variables = section.all({"Intrinsic variable", "Intrinsic variables"});
    sample.extrinsic_variables = section.all({"Extrinsic variable", "Extrinsic variables"});
    sample.experimental_variables =
        section.all({"Experimental variable", "Experimental variables"});
    sample.place = section.place;
    // "Homo sapiens (human)", as the form writes it.
    for (const Text& text : section.all({"Organism"})) {
      Organism one;
      one.place = text.place;
      const std::size_t open = text.value.find('(');
      const std::size_t close = text.value.rfind(')');
      one.scientific_name = {std::string(trimmed(text.value.substr(0, open))), text.place};
      if (open != std::string::npos && close != std::string::npos && close > open) {
        one.common_name = {text.value.substr(open + 1, close - open - 1), text.place};
      }
      sample.organisms.push_back(std::move(one));
    }
    for (const PageTabSection& inner : section.subsections) {
      if (section_type(inner) == "organism") sample.organisms.push_back(organism(inner));
    }
    record_.biosamples.push_back(std::move(sample));
  }

  void specimen(const PageTabSection& section) {
    Specimen specimen;
    specimen.id = section.accno;
    specimen.name = section.attribute("Title");
    specimen.sample_preparation = section.attribute("Sample preparation protocol");
    specimen.growth_protocol = section.attribute("Growth protocol");
    specimen.place = section.place;
    record_.specimens.push_back(std::move(specimen));
  }

  void acquisition(const PageTabSection& section) {
    Acquisition acquisition;
    acquisition.id = section.accno;
    acquisition.name = section.attribute("Title");
    acquisition.instrument = section.attribute("Imaging instrument");
    acquisition.parameters = section.attribute("Image acquisition parameters");
    acquisition.place = section.place;
    for (const Text& text : section.all({"Imaging method"})) {
      acquisition.methods.push_back({text, Text(), Text(), text.place});
    }
    for (const PageTabSection& inner : section.subsections) {
      if (section_type(inner) != "imagingmethod") continue;
      note_unknown(inner);
      acquisition.methods.push_back({inner.attribute("Ontology Value"),
                                     inner.attribute("Ontology Name"),
                                     inner.attribute("Ontology Term ID"), inner.place});
    }
    record_.acquisitions.push_back(std::move(acquisition));
  }

  void annotations(const PageTabSection& section) {
    AnnotationSet set;
    set.id = section.accno;
    set.name = section.attribute("Title");
    set.overview = section.attribute("Annotation overview");
    set.types = split_at_commas(section.all({"Annotation type"}));
    set.method = section.attribute("Annotation method");
    set.confidence = section.attribute("Annotation confidence level");
    set.criteria = section.attribute("Annotation criteria");
    set.coverage = section.attribute("Annotation coverage");
    set.creation_time = section.attribute("Annotation creation time");
    set.transformation = section.attribute("Transformations");
    set.spatial_information = section.attribute("Spatial information");
    set.licence = section.attribute("License");
    set.file_lists = section.all({"File List"});
    set.place = section.place;
    for (const PageTabSection& inner : section.subsections) {
      const std::string type = section_type(inner);
      if (type == "version") version(inner, section.accno.empty() ? set.name.value : section.accno);
      if (type == "author") set.authors.push_back(person(inner));
    }
    if (section.attribute("Annotation version").mentioned() ||
        section.attribute("Version timestamp").mentioned()) {
      version(section, section.accno.empty() ? set.name.value : section.accno);
    }
    record_.annotations.push_back(std::move(set));
  }

  void version(const PageTabSection& section, const std::string& set) {
    Version version;
    version.set = set.empty() ? section.parent : set;
    version.version = section.attribute("Annotation version");
    version.timestamp = section.attribute("Version timestamp");
    version.changes = section.attribute("Version changes");
    version.previous_version = section.attribute("Previous version");
    version.place = section.place;
    record_.versions.push_back(std::move(version));
  }

  void component(const PageTabSection& section) {
    StudyComponent component;
    component.id = section.accno;
    component.name = first(section.all({"Name", "Title"}));
    component.description = section.attribute("Description");
    component.file_lists = section.all({"File List"});
    component.place = section.place;
    for (const PageTabSection& inner : section.subsections) {
      if (section_type(inner) != "associations") continue;
      note_unknown(inner);
      Association association;
      association.biosamples = inner.all({"Biosample"});
      association.specimens = inner.all({"Specimen"});
      association.acquisitions = inner.all({"Image acquisition"});
      association.correlations = inner.all({"Image correlation"});
      association.analyses = inner.all({"Image analysis"});
      association.place = inner.place;
      component.associations.push_back(std::move(association));
    }
    record_.components.push_back(std::move(component));
  }

  Record& record_;
  Log& log_;
  std::map<std::string, const PageTabSection*> sections_;
};

}  // namespace

Text PageTabSection::attribute(std::string_view name) const { return first(all({name})); }

Texts PageTabSection::all(Names names) const { return named(attributes, names); }

void read_pagetab(const PageTabSubmission& submission, Record& record, Log& log) {
  Reader(record, log).read(submission);
}

}  // namespace mifa::meta
