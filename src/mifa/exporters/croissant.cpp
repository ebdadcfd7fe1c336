// MLCommons Croissant 1.0 with its responsible-AI terms. Files are described as one set of each
// kind; their record sets are for whoever knows what is in them.
#include <nlohmann/json.hpp>

#include "mifa/exporter.h"
#include "mifa/exporters/losses.h"
#include "mifa/identifiers.h"
#include "mifa/licence.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Json = nlohmann::json;

Json context() {
  return {{"@language", "en"},
          {"@vocab", "https://schema.org/"},
          {"citeAs", "cr:citeAs"},
          {"column", "cr:column"},
          {"conformsTo", "dct:conformsTo"},
          {"cr", "http://mlcommons.org/croissant/"},
          {"rai", "http://mlcommons.org/croissant/RAI/"},
          {"data", {{"@id", "cr:data"}, {"@type", "@json"}}},
          {"dataType", {{"@id", "cr:dataType"}, {"@type", "@vocab"}}},
          {"dct", "http://purl.org/dc/terms/"},
          {"examples", {{"@id", "cr:examples"}, {"@type", "@json"}}},
          {"extract", "cr:extract"},
          {"field", "cr:field"},
          {"fileObject", "cr:fileObject"},
          {"fileProperty", "cr:fileProperty"},
          {"fileSet", "cr:fileSet"},
          {"format", "cr:format"},
          {"includes", "cr:includes"},
          {"isLiveDataset", "cr:isLiveDataset"},
          {"jsonPath", "cr:jsonPath"},
          {"key", "cr:key"},
          {"md5", "cr:md5"},
          {"parentField", "cr:parentField"},
          {"path", "cr:path"},
          {"recordSet", "cr:recordSet"},
          {"references", "cr:references"},
          {"regex", "cr:regex"},
          {"repeated", "cr:repeated"},
          {"replace", "cr:replace"},
          {"sc", "https://schema.org/"},
          {"separator", "cr:separator"},
          {"source", "cr:source"},
          {"subField", "cr:subField"},
          {"transform", "cr:transform"}};
}

void put(Json& object, const char* key, const Text& value) {
  if (has_text(value)) object[key] = std::string(trimmed(value.value));
}

Json creator(const Person& person, Losses& losses) {
  Json result = {{"@type", "sc:Person"}, {"name", person.name()}};
  put(result, "email", person.email);
  const OrcidCheck orcid = check_orcid(person.orcid.value);
  if (orcid.state != OrcidCheck::State::kWrongShape)
    result["@id"] = "https://orcid.org/" + orcid.id;
  losses.texts(person.roles, "Roles of authors");
  for (const Organisation& organisation : person.organisations) {
    if (!has_text(organisation.name)) continue;
    Json place = {{"@type", "sc:Organization"}};
    put(place, "name", organisation.name);
    result["affiliation"].push_back(std::move(place));
    losses.text(organisation.address, "Addresses of organisations");
  }
  return result;
}

void put_annotations(const Record& record, Json& root, Losses& losses) {
  const auto add = [&root](const char* key, const std::string& text) {
    if (!text.empty()) root[key].push_back(text);
  };
  for (const AnnotationSet& set : record.annotations) {
    const std::string name = record.annotations.size() > 1 ? set.title() + ": " : "";
    std::string protocol(trimmed(set.method.value));
    if (has_text(set.criteria)) protocol += (protocol.empty() ? "" : " ") + set.criteria.value;
    if (!protocol.empty()) add("rai:dataAnnotationProtocol", name + protocol);
    if (has_text(set.confidence)) add("rai:dataAnnotationAnalysis", name + set.confidence.value);
    losses.text(set.overview, "The annotation overview of \"" + set.title() + "\" as such");
    losses.texts(set.types, "The annotation type of \"" + set.title() + "\"");
    losses.text(set.criteria, "The criteria of \"" + set.title() + "\" apart from its method");
    losses.text(set.coverage, "The coverage of \"" + set.title() + "\"");
  }
  losses.annotation_details(record, false, false, true);
}

}  // namespace

Export export_croissant(const Record& record) {
  const Study& study = record.study;
  Losses losses;
  Json root = {{"@context", context()},
               {"@type", "sc:Dataset"},
               {"conformsTo",
                {"http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"}}};
  put(root, "name", study.title);
  put(root, "description", study.description);
  put(root, "datePublished", study.release_date);
  put(root, "identifier", study.accession);
  const auto licence = parse_licence(study.licence.value);
  if (licence && !licence->url.empty()) {
    root["license"] = licence->url;
  } else {
    put(root, "license", study.licence);
  }
  for (const Text& keyword : study.keywords) {
    if (has_text(keyword)) root["keywords"].push_back(std::string(trimmed(keyword.value)));
  }
  for (const Person& person : study.authors) root["creator"].push_back(creator(person, losses));
  for (const Link& link : study.links) {
    if (!root.contains("url")) put(root, "url", link.url);
    losses.text(link.description, "Descriptions of links");
  }
  losses.when(study.links.size() > 1, "Links beyond the first");
  if (!study.publications.empty()) {
    const Publication& publication = study.publications.front();
    put(root, "citeAs", has_text(publication.title) ? publication.title : publication.doi);
    losses.text(publication.authors, "Authors, DOI and year of publications");
  }
  losses.when(study.publications.size() > 1, "Publications beyond the first");
  put_annotations(record, root, losses);
  if (!record.versions.empty()) {
    const Version& version = record.versions.back();
    put(root, "version", version.version);
    put(root, "dateModified", version.timestamp);
    losses.text(version.changes, "The changes of versions");
    losses.text(version.previous_version, "The version before");
  }
  losses.when(record.versions.size() > 1, "Versions beyond the last");
  losses.text(study.funding_statement, "The funding statement");
  losses.when(!study.grants.empty(), "Grants");
  losses.text(study.acknowledgements, "The acknowledgement");
  losses.texts(study.ai_models_trained, "AI models trained");
  losses.when(record.has_rembi(), "REMBI's biosamples, specimens, acquisitions and components");
  losses.when(!record.file_lists.empty(), "File lists");
  for (const AnnotationSet& set : record.annotations) {
    losses.when(!set.files.empty(), "The file metadata of \"" + set.title() + "\"");
  }
  Export result;
  result.files.push_back(
      {"croissant.json", root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"});
  result.losses = losses.take();
  return result;
}

}  // namespace mifa::meta
