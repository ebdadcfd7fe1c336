#include "mifa/containers/json_ld.h"

#include <algorithm>
#include <set>

#include "mifa/containers/fields.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr std::string_view kSchema = "http://schema.org/";

// The words of RO-Crate's contexts (1.0 to 1.2) that describe datasets; all of schema.org but
// `File`.
constexpr std::string_view kRoCrateWords[] = {"about",
                                              "abstract",
                                              "accessMode",
                                              "additionalProperty",
                                              "additionalType",
                                              "address",
                                              "affiliation",
                                              "alternateName",
                                              "author",
                                              "citation",
                                              "codeRepository",
                                              "conditionsOfAccess",
                                              "contactPoint",
                                              "contactType",
                                              "contentSize",
                                              "contentUrl",
                                              "contributor",
                                              "copyrightHolder",
                                              "copyrightYear",
                                              "creator",
                                              "creditText",
                                              "dateCreated",
                                              "dateModified",
                                              "datePublished",
                                              "description",
                                              "distribution",
                                              "email",
                                              "encodingFormat",
                                              "endTime",
                                              "familyName",
                                              "funder",
                                              "funding",
                                              "genre",
                                              "givenName",
                                              "hasPart",
                                              "identifier",
                                              "image",
                                              "inLanguage",
                                              "instrument",
                                              "isAccessibleForFree",
                                              "isBasedOn",
                                              "isPartOf",
                                              "keywords",
                                              "license",
                                              "maintainer",
                                              "measurementMethod",
                                              "measurementTechnique",
                                              "memberOf",
                                              "mentions",
                                              "name",
                                              "object",
                                              "parentOrganization",
                                              "position",
                                              "propertyID",
                                              "publication",
                                              "publisher",
                                              "result",
                                              "sameAs",
                                              "sdPublisher",
                                              "size",
                                              "softwareVersion",
                                              "spatialCoverage",
                                              "sponsor",
                                              "startTime",
                                              "taxonomicRange",
                                              "temporalCoverage",
                                              "text",
                                              "thumbnail",
                                              "thumbnailUrl",
                                              "unitCode",
                                              "unitText",
                                              "url",
                                              "usageInfo",
                                              "value",
                                              "variableMeasured",
                                              "version",
                                              "Action",
                                              "BioChemEntity",
                                              "ContactPoint",
                                              "CreateAction",
                                              "CreativeWork",
                                              "DataDownload",
                                              "Dataset",
                                              "DefinedTerm",
                                              "Grant",
                                              "ImageObject",
                                              "MediaObject",
                                              "MonetaryGrant",
                                              "Organization",
                                              "Person",
                                              "Place",
                                              "Product",
                                              "Project",
                                              "PropertyValue",
                                              "QuantitativeValue",
                                              "ScholarlyArticle",
                                              "SoftwareApplication",
                                              "SoftwareSourceCode",
                                              "Taxon",
                                              "Thing",
                                              "WebPage"};

struct Pair {
  std::string_view term;
  std::string_view iri;
};

constexpr Pair kRoCrateTerms[] = {{"File", "http://schema.org/MediaObject"},
                                  {"Journal", "http://schema.org/Periodical"},
                                  {"conformsTo", "http://purl.org/dc/terms/conformsTo"},
                                  {"dct", "http://purl.org/dc/terms/"},
                                  {"bibo", "http://purl.org/ontology/bibo/"},
                                  {"foaf", "http://xmlns.com/foaf/0.1/"},
                                  {"pcdm", "http://pcdm.org/models#"},
                                  {"prov", "http://www.w3.org/ns/prov#"},
                                  {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
                                  {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
                                  {"schema", "http://schema.org/"},
                                  {"xsd", "http://www.w3.org/2001/XMLSchema#"}};

bool is_keyword(std::string_view term) { return term.starts_with('@'); }

bool is_absolute(std::string_view iri) {
  return iri.starts_with("http:") || iri.starts_with("https:") || iri.starts_with("urn:");
}

// "./a b/" and "a%20b/" are one place in a crate.
std::string plain_id(std::string_view id) {
  if (id.size() > 2 && id.starts_with("./")) id.remove_prefix(2);
  std::string result;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (id.substr(i, 3) == "%20") {
      result += ' ';
      i += 2;
    } else {
      result += id[i];
    }
  }
  return result;
}

}  // namespace

std::string normal_iri(std::string_view iri) {
  iri = trimmed(iri);
  constexpr std::string_view kSecure = "https://schema.org/";
  if (iri.starts_with(kSecure))
    return std::string(kSchema) + std::string(iri.substr(kSecure.size()));
  return std::string(iri);
}

void JsonLdContext::add_url(const Node& url, Log& log) {
  const std::string text(trimmed(url.text()));
  if (text.find("w3id.org/ro/crate/") != std::string::npos) {
    ro_crate_ = true;
    for (const Pair& pair : kRoCrateTerms) terms_.emplace(pair.term, pair.iri);
    return;
  }
  const std::string plain = normal_iri(text);
  if (plain.starts_with(kSchema) || plain == "http://schema.org" || plain == "https://schema.org") {
    vocabulary_ = kSchema;
    return;
  }
  unknown_ = true;
  log.add(url.place(),
          {.rule = "mifa/unknown-context",
           .severity = Severity::kInfo,
           .message = "The context " + text +
                      " is not known here and is not fetched; terms that only it defines "
                      "are not understood.",
           .expected = "RO-Crate's or schema.org's context, or definitions in the file",
           .received = text,
           .fix = "Nothing, if the terms of MIFA and REMBI are defined in the file."});
}

void JsonLdContext::add(const Node& context, Log& log) {
  if (context.is_sequence()) {
    for (std::size_t i = 0; i < context.size(); ++i) {
      if (!context.child(i).is_sequence()) add(context.child(i), log);
    }
    return;
  }
  if (context.is_scalar()) {
    add_url(context, log);
    return;
  }
  for (std::size_t i = 0; i < context.size(); ++i) {
    const Node member = context.child(i);
    const Node definition = member.is_mapping() ? member["@id"] : member;
    if (member.key() == "@vocab") {
      vocabulary_ = normal_iri(member.text());
    } else if (!is_keyword(member.key()) && definition.is_scalar()) {
      terms_[std::string(trimmed(member.key()))] = trimmed(definition.text());
    }
  }
}

std::string JsonLdContext::resolve(std::string_view term, int depth) const {
  if (depth > 8) return "";
  if (is_keyword(term)) return std::string(term);
  const auto found = terms_.find(term);
  if (found != terms_.end()) {
    const std::string& iri = found->second;
    if (is_absolute(iri) || is_keyword(iri)) return normal_iri(iri);
    if (iri != term) {
      const std::string further = resolve(iri, depth + 1);
      return further.empty() ? iri : further;
    }
  }
  const std::size_t colon = term.find(':');
  if (colon != std::string_view::npos) {
    if (is_absolute(term)) return normal_iri(term);
    const auto prefix = terms_.find(term.substr(0, colon));
    if (prefix == terms_.end()) return "";
    const std::string base = resolve(prefix->first, depth + 1);
    return base.empty() ? "" : normal_iri(base + std::string(term.substr(colon + 1)));
  }
  if (ro_crate_ && std::find(std::begin(kRoCrateWords), std::end(kRoCrateWords), term) !=
                       std::end(kRoCrateWords)) {
    return std::string(kSchema) + std::string(term);
  }
  return vocabulary_.empty() ? "" : vocabulary_ + std::string(term);
}

std::string JsonLdContext::expand(std::string_view term) const { return resolve(trimmed(term), 0); }

std::string JsonLdContext::expand_id(std::string_view id) const {
  id = trimmed(id);
  const std::size_t colon = id.find(':');
  if (colon == std::string_view::npos || is_absolute(id) || id.starts_with("_:")) {
    return std::string(id);
  }
  const std::string full = resolve(id, 0);
  return full.empty() ? std::string(id) : full;
}

bool JsonLdEntity::is(std::string_view type) const {
  return std::find(types.begin(), types.end(), type) != types.end();
}

JsonLdGraph::JsonLdGraph(const Node& root, std::span<const ForgottenTerm> forgotten, Log& log)
    : forgotten_(forgotten), log_(log) {
  context_.add(root["@context"], log);
  Node graph = root["@graph"];
  for (std::size_t i = 0; !graph.exists() && i < root.size(); ++i) {
    if (context_.expand(root.child(i).key()) == "@graph") graph = root.child(i);
  }
  if (graph.is_sequence()) {
    for (std::size_t i = 0; i < graph.size(); ++i) {
      if (graph.child(i).is_mapping()) add(graph.child(i), id_of(graph.child(i)));
    }
  } else if (graph.is_mapping()) {
    add(graph, id_of(graph));
  } else if (root.is_mapping()) {
    add(root, id_of(root));
  }
}

std::string JsonLdGraph::id_of(const Node& node) const {
  for (std::size_t i = 0; i < node.size(); ++i) {
    const Node member = node.child(i);
    if (member.is_scalar() && context_.expand(member.key()) == "@id") {
      return context_.expand_id(member.text());
    }
  }
  return "";
}

std::string JsonLdGraph::meaning(const Node& member) {
  const std::string iri = context_.expand(member.key());
  if (!iri.empty()) return iri;
  const std::string word = folded(member.key());
  for (const ForgottenTerm& term : forgotten_) {
    if (term.word != word) continue;
    if (term.severity != Severity::kInfo && !context_.has_unknown_context()) {
      log_.add_once(
          member.place(), term.severity == Severity::kError ? "chain" : "term " + word,
          {.rule = "mifa/undefined-term",
           .severity = term.severity,
           .message =
               "The term \"" + member.key() +
               "\" is not defined in the crate's @context, so that programs that read JSON-LD "
               "do not see what it says.",
           .expected = "a term of the context that means <" + std::string(term.iri) + ">",
           .received = "\"" + member.key() + "\"",
           .fix = "Use the context's own word, or add \"" + member.key() + "\": \"" +
                  std::string(term.iri) + "\" to the context."});
    }
    return std::string(term.iri);
  }
  return "";
}

void JsonLdGraph::add(const Node& node, const std::string& id) {
  const std::size_t index = entities_.size();
  entities_.emplace_back();
  entities_[index].node = node;
  entities_[index].id = id;
  if (!id.empty()) by_id_.emplace(plain_id(id), index);
  for (std::size_t i = 0; i < node.size(); ++i) {
    const Node member = node.child(i);
    const std::string iri = meaning(member);
    if (iri == "@type") {
      std::vector<Node> words;
      if (member.is_scalar()) words.push_back(member);
      for (std::size_t w = 0; member.is_sequence() && w < member.size(); ++w) {
        words.push_back(member.child(w));
      }
      for (const Node& word : words) {
        const std::string type = context_.expand(word.text());
        entities_[index].types.push_back(type.empty() ? word.text() : type);
      }
      continue;
    }
    if (iri.empty() || is_keyword(iri)) continue;
    std::vector<Node> values;
    if (member.is_sequence()) {
      for (std::size_t v = 0; v < member.size(); ++v) values.push_back(member.child(v));
    } else {
      values.push_back(member);
    }
    for (const Node& value : values) {
      entities_[index].properties.emplace(iri, value);
      // A nested object is an entity of its own.
      if (!value.is_mapping() || value["@value"].exists()) continue;
      std::string nested = id_of(value);
      const bool only_reference = !nested.empty() && value.size() == 1;
      if (only_reference) continue;
      if (nested.empty()) {
        nested = "_:nested" + std::to_string(nested_ids_.size());
        nested_ids_.emplace(value.pointer(), nested);
      }
      add(value, nested);
    }
  }
}

const JsonLdEntity* JsonLdGraph::find(std::string_view id) const {
  const auto found = by_id_.find(plain_id(id));
  return found == by_id_.end() ? nullptr : &entities_[found->second];
}

void JsonLdGraph::collect(const Node& value, Texts& texts) const {
  if (value.is_scalar()) {
    texts.push_back(value.value());
  } else if (value.is_mapping()) {
    const Node literal = value["@value"];
    if (literal.exists()) {
      texts.push_back(literal.value());
      return;
    }
    std::string id = id_of(value);
    if (id.empty()) {
      const auto found = nested_ids_.find(value.pointer());
      if (found != nested_ids_.end()) id = found->second;
    }
    texts.push_back({id, value.place()});
  } else if (value.is_null()) {
    texts.push_back({"", value.place()});
  }
}

Texts JsonLdGraph::texts(const JsonLdEntity& entity, std::span<const std::string_view> iris) const {
  Texts result;
  for (const std::string_view iri : iris) {
    const auto range = entity.properties.equal_range(std::string(iri));
    for (auto at = range.first; at != range.second; ++at) collect(at->second, result);
    if (has_text(result)) break;
  }
  return result;
}

Text JsonLdGraph::text(const JsonLdEntity& entity, std::span<const std::string_view> iris) const {
  Texts all = texts(entity, iris);
  for (Text& one : all) {
    if (has_text(one)) return std::move(one);
  }
  return all.empty() ? Text() : all.front();
}

Texts JsonLdGraph::references(const JsonLdEntity& entity,
                              std::span<const std::string_view> iris) const {
  Texts result;
  for (const std::string_view iri : iris) {
    const auto range = entity.properties.equal_range(std::string(iri));
    for (auto at = range.first; at != range.second; ++at) collect(at->second, result);
  }
  std::erase_if(result, [](const Text& text) { return !has_text(text); });
  return result;
}

bool JsonLdGraph::has(const JsonLdEntity& entity, std::string_view iri) const {
  return entity.properties.contains(std::string(iri));
}

}  // namespace mifa::meta
