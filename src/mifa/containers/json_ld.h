// As much of JSON-LD 1.1 as metadata crates use: terms, prefixes, @vocab and keyword aliases of a
// `@context`, flattened or nested objects of a `@graph`. Everything is looked up by IRI, so that
// the generations of a vocabulary are one.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mifa/log.h"
#include "mifa/tree.h"

namespace mifa::meta {

// https: and http: of schema.org are the same vocabulary; white space around an IRI is a slip.
std::string normal_iri(std::string_view iri);

class JsonLdContext {
 public:
  // Takes over a "@context": a URL, an object, or a list of both. Contexts known by URL are built
  // in; of others, an information is filed.
  void add(const Node& context, Log& log);

  // The IRI of a term, a compact IRI or an IRI; empty when it has no meaning here. Keywords and
  // their aliases give the keyword ("@id").
  std::string expand(std::string_view term) const;
  // An @id: compact IRIs become full ones where the prefix is known; the rest stays as it is.
  std::string expand_id(std::string_view id) const;
  // Whether a context could not be looked at, so that nobody can say what has no meaning.
  bool has_unknown_context() const { return unknown_; }

 private:
  void add_url(const Node& url, Log& log);
  std::string resolve(std::string_view term, int depth) const;

  std::map<std::string, std::string, std::less<>> terms_;
  std::string vocabulary_;
  bool ro_crate_ = false;
  bool unknown_ = false;
};

// An object of the graph.
struct JsonLdEntity {
  Node node;
  std::string id;
  std::vector<std::string> types;               // IRIs, or the word itself where it has no meaning.
  std::multimap<std::string, Node> properties;  // By IRI.
  Place place() const { return node.place(); }
  bool is(std::string_view type) const;
};

// What a word means where the context forgot to say so.
struct ForgottenTerm {
  std::string_view word;  // Folded.
  std::string_view iri;
  // kInfo: say nothing.
  Severity severity;
};

class JsonLdGraph {
 public:
  // `root` is the document; `forgotten` are terms to understand without a definition.
  JsonLdGraph(const Node& root, std::span<const ForgottenTerm> forgotten, Log& log);

  const std::vector<JsonLdEntity>& entities() const { return entities_; }
  // By @id, also where one has "./x", "x", or an escaped spelling of it; null when there is none.
  const JsonLdEntity* find(std::string_view id) const;
  // The first text under any of these IRIs: a literal, an @value, or an @id. Unknown place when
  // none.
  Text text(const JsonLdEntity& entity, std::span<const std::string_view> iris) const;
  Texts texts(const JsonLdEntity& entity, std::span<const std::string_view> iris) const;
  // Ids referred to; plain texts count as ids.
  Texts references(const JsonLdEntity& entity, std::span<const std::string_view> iris) const;
  bool has(const JsonLdEntity& entity, std::string_view iri) const;

 private:
  void add(const Node& node, const std::string& id);
  std::string id_of(const Node& node) const;
  std::string meaning(const Node& member);
  void collect(const Node& value, Texts& texts) const;

  JsonLdContext context_;
  std::span<const ForgottenTerm> forgotten_;
  Log& log_;
  std::vector<JsonLdEntity> entities_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::map<std::string, std::string> nested_ids_;  // By pointer, of nested objects without an @id.
};

}  // namespace mifa::meta
