#include "mifa/card.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/message_json.h"
#include "mifa/annotation_type.h"
#include "mifa/completeness.h"
#include "mifa/file_index.h"
#include "mifa/identifiers.h"
#include "mifa/licence.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Json = nlohmann::json;

Json text_or_null(const Text& text) {
  return has_text(text) ? Json(std::string(trimmed(text.value))) : Json();
}

// Where the values of the card are written, by their pointer within it.
class Places {
 public:
  void note(std::string pointer, const Place& place) {
    if (!place.known()) return;
    Json one = {{"file", place.file_name()}};
    if (!place.pointer.empty()) one["pointer"] = place.pointer;
    if (place.line > 0) one["line"] = place.line;
    if (place.row > 0) one["row"] = place.row;
    if (!place.column.empty()) one["column"] = place.column;
    json_[std::move(pointer)] = std::move(one);
  }
  void note(std::string pointer, const Text& text) {
    if (has_text(text)) note(std::move(pointer), text.place);
  }
  // The section's own place, or that of what it says first.
  void note(std::string pointer, const Place& section, const Text& first) {
    note(std::move(pointer), section.known() ? section : first.place);
  }

  Json take() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

// Items of a list of the card, appended with their places.
class Items {
 public:
  Items(std::string pointer, Places& places) : pointer_(std::move(pointer)), places_(places) {}

  void add(Json item, const Place& section, const Text& first) {
    places_.note(next(), section, first);
    json_.push_back(std::move(item));
  }
  void add(const Text& text) {
    if (!has_text(text)) return;
    places_.note(next(), text);
    json_.push_back(std::string(trimmed(text.value)));
  }
  bool contains(const Json& item) const {
    return std::find(json_.begin(), json_.end(), item) != json_.end();
  }

  Json take() { return std::move(json_); }

 private:
  std::string next() const { return pointer_ + "/" + std::to_string(json_.size()); }

  std::string pointer_;
  Places& places_;
  Json json_ = Json::array();
};

Json person_json(const Person& person) {
  const OrcidCheck orcid = check_orcid(person.orcid.value);
  const bool good = orcid.state == OrcidCheck::State::kGood;
  Json roles = Json::array();
  for (const Text& role : person.roles) {
    if (has_text(role)) roles.push_back(std::string(trimmed(role.value)));
  }
  Json places = Json::array();
  for (const Organisation& organisation : person.organisations) {
    if (has_text(organisation.name)) places.push_back(organisation.name.value);
  }
  return {{"name", person.name()},
          {"orcid", good ? Json(orcid.id) : Json()},
          {"orcid_url", good ? Json("https://orcid.org/" + orcid.id) : Json()},
          {"roles", std::move(roles)},
          {"organisations", std::move(places)}};
}

void add_person(Items& items, const Person& person) {
  const Text& name = has_text(person.display_name) ? person.display_name : person.last_name;
  items.add(person_json(person), person.place, name);
}

Json licence_json(const Text& text) {
  if (!has_text(text)) return nullptr;
  Json result = {{"stated", text.value}, {"id", nullptr},     {"name", nullptr},
                 {"url", nullptr},       {"allows", nullptr}, {"recommended", false},
                 {"terms", nullptr}};
  const auto expression = parse_licence_expression(text.value);
  if (!expression) return result;
  result["id"] = expression->normalised;
  if (expression->licences.size() != 1) return result;
  const Licence& licence = expression->licences.front();
  result["name"] = licence.name;
  if (!licence.url.empty()) result["url"] = licence.url;
  result["allows"] = licence.allows();
  result["recommended"] = licence.recommended();
  result["terms"] = {{"commercial", licence.commercial},
                     {"derivatives", licence.derivatives},
                     {"attribution", licence.attribution},
                     {"share_alike", licence.share_alike}};
  return result;
}

Json organisms_json(const Record& record, Places& places) {
  Items result("/organisms", places);
  std::vector<std::string> seen;
  for (const Biosample& sample : record.biosamples) {
    for (const Organism& organism : sample.organisms) {
      const auto taxon = parse_taxon(organism.ncbi_taxon.value);
      const std::string key = folded(organism.scientific_name.value) + taxon.value_or("");
      bool known = key.empty();
      for (const std::string& other : seen) known = known || other == key;
      if (known) continue;
      seen.push_back(key);
      result.add(
          {{"scientific_name", text_or_null(organism.scientific_name)},
           {"common_name", text_or_null(organism.common_name)},
           {"taxon", taxon ? Json("NCBI:txid" + *taxon) : Json()},
           {"taxon_url",
            taxon ? Json("https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=" + *taxon)
                  : Json()}},
          organism.place, organism.scientific_name);
    }
  }
  return result.take();
}

Json methods_json(const Record& record, Places& places) {
  Items result("/imaging_methods", places);
  for (const Acquisition& acquisition : record.acquisitions) {
    for (const ImagingMethod& method : acquisition.methods) {
      const std::string id(trimmed(method.ontology_id.value));
      Json one = {{"name", text_or_null(method.value)},
                  {"term", id.empty() ? Json() : Json(id)},
                  {"term_url", is_url(id) ? Json(id) : Json()}};
      if (!result.contains(one)) result.add(std::move(one), method.place, method.value);
    }
  }
  return result.take();
}

Json publications_json(const Record& record, Places& places) {
  Items result("/publications", places);
  for (const Publication& publication : record.study.publications) {
    const DoiCheck doi = check_doi(publication.doi.value);
    const bool good = doi.state != DoiCheck::State::kMalformed;
    result.add({{"title", text_or_null(publication.title)},
                {"authors", text_or_null(publication.authors)},
                {"year", text_or_null(publication.year)},
                {"doi", good ? Json(doi.id) : Json()},
                {"doi_url", good ? Json("https://doi.org/" + doi.id) : Json()}},
               publication.place, publication.title);
  }
  return result.take();
}

Json funding_json(const Record& record, Places& places) {
  Items grants("/funding/grants", places);
  for (const Grant& grant : record.study.grants) {
    if (!has_text(grant.id) && !has_text(grant.funder)) continue;
    grants.add({{"id", text_or_null(grant.id)}, {"funder", text_or_null(grant.funder)}},
               grant.place, grant.funder);
  }
  places.note("/funding/statement", record.study.funding_statement);
  return {{"statement", text_or_null(record.study.funding_statement)}, {"grants", grants.take()}};
}

Json version_json(const Version& version) {
  return {{"version", text_or_null(version.version)},
          {"timestamp", text_or_null(version.timestamp)},
          {"changes", text_or_null(version.changes)},
          {"previous_version", text_or_null(version.previous_version)}};
}

void add_version(Items& items, const Version& version) {
  items.add(version_json(version), version.place, version.version);
}

Json texts_json(const Texts& texts, const char* pointer, Places& places) {
  Items result(pointer, places);
  for (const Text& text : texts) result.add(text);
  return result.take();
}

Json set_json(const Record& record, const FileIndex& index, std::size_t number, Places& places) {
  const std::string at = "/annotation_sets/" + std::to_string(number);
  const AnnotationSet& set = record.annotations[number];
  const auto files = index.of_set(static_cast<int>(number));
  Json types = Json::array();
  const auto add_types = [&](const Texts& texts) {
    for (const Text& text : texts) {
      const TypeReading reading = read_annotation_type(text.value);
      const Json type = reading.type.empty() ? Json(text.value) : Json(reading.type);
      bool known = !has_text(text);
      for (const Json& other : types) known = known || other == type;
      if (known) continue;
      if (types.empty()) places.note(at + "/types", text);
      types.push_back(type);
    }
  };
  add_types(set.types);
  Text created = set.creation_time;
  for (const FileEntry* entry : files) {
    add_types(entry->annotation_types);
    if (!has_text(created)) created = entry->creation_time;
  }
  Items annotators(at + "/annotators", places);
  for (const Person& person : set.authors) add_person(annotators, person);
  if (set.authors.empty()) {
    for (const Person& person : record.study.authors) {
      for (const Text& role : person.roles) {
        if (!has_word(lower(role.value), {"annot"})) continue;
        add_person(annotators, person);
        break;
      }
    }
  }
  Items versions(at + "/versions", places);
  for (const Version& version : record.versions) {
    const bool only = version.set.empty() && record.annotations.size() == 1;
    if (only || refers_to(version.set, set.id, set.name)) add_version(versions, version);
  }
  places.note(at + "/overview", set.overview);
  places.note(at + "/method", set.method);
  places.note(at + "/criteria", set.criteria);
  places.note(at + "/coverage", set.coverage);
  places.note(at + "/confidence", set.confidence);
  places.note(at + "/created", created);
  return {{"name", set.title()},
          {"overview", text_or_null(set.overview)},
          {"types", std::move(types)},
          {"method", text_or_null(set.method)},
          {"criteria", text_or_null(set.criteria)},
          {"coverage", text_or_null(set.coverage)},
          {"confidence", text_or_null(set.confidence)},
          {"annotators", annotators.take()},
          {"created", text_or_null(created)},
          {"files", files.size()},
          {"versions", versions.take()}};
}

int percent(double share) { return static_cast<int>(std::floor(share * 100 + 1e-9)); }

struct Verdict {
  int errors = 0;
  int warnings = 0;
  int infos = 0;
};

Verdict count(const Issues& issues) {
  Verdict verdict;
  for (const Issue& issue : issues) {
    int& number = issue.severity == Severity::kError     ? verdict.errors
                  : issue.severity == Severity::kWarning ? verdict.warnings
                                                         : verdict.infos;
    ++number;
  }
  return verdict;
}

std::string counted(int number, const char* what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else {
      result += c;
    }
  }
  return result;
}

// Seven units a character, so that nothing depends on a font being there.
int text_width(std::string_view text) { return static_cast<int>(characters(text)) * 7 + 12; }

std::string badge_svg(const Badge& badge) {
  static constexpr const char* kColours[] = {"#1a7f37", "#9a6700", "#b42318", "#57606a"};
  const std::string label = "MIFA";
  const int left = text_width(label);
  const int right = text_width(badge.text);
  const int width = left + right;
  const std::string text = escaped(badge.text);
  const std::string title = escaped(badge.alternative);
  const auto place = [](int middle, const std::string& words) {
    return "<text x=\"" + std::to_string(middle) + "\" y=\"14\">" + words + "</text>";
  };
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) +
         "\" height=\"20\" role=\"img\" aria-label=\"" + title + "\"><title>" + title +
         "</title><rect width=\"" + std::to_string(left) +
         "\" height=\"20\" fill=\"#24292f\"/><rect x=\"" + std::to_string(left) + "\" width=\"" +
         std::to_string(right) + "\" height=\"20\" fill=\"" +
         kColours[static_cast<int>(badge.colour)] +
         "\"/><g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu "
         "Sans,sans-serif\" "
         "font-size=\"11\">" +
         place(left / 2, label) + place(left + right / 2, text) + "</g></svg>\n";
}

}  // namespace

std::string card_json(const Record& record, const Issues& issues) {
  const Study& study = record.study;
  const FileIndex index(record, nullptr);
  Places places;
  places.note("/title", study.title);
  places.note("/description", study.description);
  places.note("/accession", study.accession);
  places.note("/released", study.release_date);
  places.note("/acknowledgements", study.acknowledgements);
  places.note("/licence", study.licence);
  Json card = {{"title", text_or_null(study.title)},
               {"description", text_or_null(study.description)},
               {"accession",
                study.accession.value.ends_with("XXX") ? Json() : text_or_null(study.accession)},
               {"released", text_or_null(study.release_date)},
               {"acknowledgements", text_or_null(study.acknowledgements)},
               {"licence", licence_json(study.licence)},
               {"keywords", texts_json(study.keywords, "/keywords", places)},
               {"organisms", organisms_json(record, places)},
               {"imaging_methods", methods_json(record, places)},
               {"publications", publications_json(record, places)},
               {"funding", funding_json(record, places)},
               {"models", texts_json(study.ai_models_trained, "/models", places)}};
  Items authors("/authors", places);
  for (const Person& person : study.authors) add_person(authors, person);
  card["authors"] = authors.take();
  Items links("/links", places);
  for (const Link& link : study.links) {
    links.add({{"url", text_or_null(link.url)}, {"description", text_or_null(link.description)}},
              link.place, link.url);
  }
  card["links"] = links.take();
  card["annotation_sets"] = Json::array();
  for (std::size_t i = 0; i < record.annotations.size(); ++i) {
    card["annotation_sets"].push_back(set_json(record, index, i, places));
  }
  Items versions("/versions", places);
  for (const Version& version : record.versions) add_version(versions, version);
  card["versions"] = versions.take();
  card["completeness"] = Json::array();
  card["missing"] = Json::array();
  for (const ModuleCompleteness& module : completeness(record)) {
    Json attributes = Json::array();
    for (const Attribute& attribute : module.attributes) {
      attributes.push_back({{"name", attribute.name},
                            {"required", attribute.required},
                            {"stated", attribute.stated},
                            {"sections", attribute.sections}});
      if (attribute.stated < attribute.sections) {
        card["missing"].push_back({{"module", module.module},
                                   {"attribute", attribute.name},
                                   {"required", attribute.required}});
      }
    }
    card["completeness"].push_back({{"module", module.module},
                                    {"percent", percent(module.share())},
                                    {"required_complete", module.required_complete()},
                                    {"attributes", std::move(attributes)}});
  }
  const Verdict verdict = count(issues);
  card["verdict"] = {
      {"errors", verdict.errors}, {"warnings", verdict.warnings}, {"infos", verdict.infos}};
  card["places"] = places.take();
  return json_text(card);
}

Badge make_badge(const Record& record, const Issues& issues) {
  const Verdict verdict = count(issues);
  double total = 0;
  bool complete = true;
  const auto modules = completeness(record);
  for (const ModuleCompleteness& module : modules) {
    total += module.share();
    complete = complete && module.required_complete();
  }
  const int share = percent(total / static_cast<double>(modules.size()));
  Badge badge;
  if (verdict.errors > 0) {
    badge.colour = BadgeColour::kRed;
    badge.text = counted(verdict.errors, "error");
    badge.alternative = "MIFA metadata: " + badge.text + ".";
  } else if (record.containers.empty()) {
    badge.text = "not checked";
    badge.alternative = "MIFA metadata: not checked.";
  } else {
    const bool green = verdict.warnings == 0 && complete;
    badge.colour = green ? BadgeColour::kGreen : BadgeColour::kAmber;
    badge.text = std::to_string(share) + " %";
    if (verdict.warnings > 0) badge.text += ", " + counted(verdict.warnings, "warning");
    badge.alternative = "MIFA metadata: no errors, " + counted(verdict.warnings, "warning") + ", " +
                        std::to_string(share) + " % of the attributes stated" +
                        (complete ? "." : ", some required ones missing.");
  }
  badge.svg = badge_svg(badge);
  return badge;
}

std::string badge_json(const Badge& badge) {
  static constexpr const char* kColours[] = {"green", "amber", "red", "grey"};
  return json_text({{"colour", kColours[static_cast<int>(badge.colour)]},
                    {"text", badge.text},
                    {"alternative", badge.alternative},
                    {"svg", badge.svg}});
}

}  // namespace mifa::meta
