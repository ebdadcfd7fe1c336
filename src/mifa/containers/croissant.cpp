// MLCommons Croissant 1.0 and its responsible-AI terms (RAI), for the facts that MIFA shares.
#include "mifa/containers/fields.h"
#include "mifa/containers/json_ld.h"
#include "mifa/containers/readers.h"
#include "mifa/containers/terms.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr std::string_view kProtocol[] = {
    "http://mlcommons.org/croissant/RAI/dataAnnotationProtocol"};
constexpr std::string_view kPlatform[] = {
    "http://mlcommons.org/croissant/RAI/dataAnnotationPlatform"};
constexpr std::string_view kQuality[] = {
    "http://mlcommons.org/croissant/RAI/dataAnnotationAnalysis"};
constexpr std::string_view kTools[] = {"http://mlcommons.org/croissant/RAI/machineAnnotationTools"};
constexpr std::string_view kDemographics[] = {
    "http://mlcommons.org/croissant/RAI/annotatorDemographics"};
constexpr std::string_view kVersion[] = {"http://schema.org/version"};
constexpr std::string_view kModified[] = {"http://schema.org/dateModified",
                                          "http://schema.org/datePublished",
                                          "http://schema.org/dateCreated"};
constexpr std::string_view kCite[] = {"http://mlcommons.org/croissant/citeAs"};
constexpr std::string_view kUrl[] = {"http://schema.org/url"};

class Reader {
 public:
  Reader(const JsonLdGraph& graph, Record& record) : graph_(graph), record_(record) {}

  void read(const JsonLdEntity& root) {
    record_.containers.back().foreign = true;
    Study& study = record_.study;
    study.place = root.place();
    study.title = graph_.text(root, term::kName);
    study.description = graph_.text(root, term::kDescription);
    study.licence = graph_.text(root, term::kLicence);
    static constexpr std::string_view kPublished[] = {"http://schema.org/datePublished"};
    study.release_date = graph_.text(root, kPublished);
    static constexpr std::string_view kIdentifier[] = {"http://schema.org/identifier"};
    study.accession = graph_.text(root, kIdentifier);
    study.keywords = graph_.texts(root, term::kKeyword);
    for (const Text& id : graph_.references(root, term::kAuthor)) author(id);
    const Text citation = graph_.text(root, kCite);
    if (has_text(citation) && citation.value != "None") {
      Publication publication;
      publication.title = citation;
      publication.place = citation.place;
      study.publications.push_back(std::move(publication));
    }
    const Text url = graph_.text(root, kUrl);
    if (has_text(url) && url.value != "None")
      study.links.push_back({url, Text(), Text(), url.place});
    annotation(root);
    for (const JsonLdEntity& entity : graph_.entities()) offer(entity);
    const Text version = graph_.text(root, kVersion);
    if (has_text(version)) {
      Version one;
      one.version = version;
      one.timestamp = graph_.text(root, kModified);
      one.place = version.place;
      record_.versions.push_back(std::move(one));
    }
  }

 private:
  void author(const Text& id) {
    const JsonLdEntity* entity = graph_.find(id.value);
    Person person;
    person.place = entity ? entity->place() : id.place;
    person.display_name = entity ? graph_.text(*entity, term::kName) : id;
    if (entity) person.email = graph_.text(*entity, term::kEmail);
    if (entity && entity->id.find("orcid.org/") != std::string::npos) {
      person.orcid = text_at(entity->id, entity->place());
    }
    record_.study.authors.push_back(std::move(person));
  }

  void offer(const JsonLdEntity& entity) {
    if (!entity.is("http://mlcommons.org/croissant/FileObject")) return;
    static constexpr std::string_view kContent[] = {"http://schema.org/contentUrl"};
    static constexpr std::string_view kSize[] = {"http://schema.org/contentSize"};
    FileEntry file;
    file.path = graph_.text(entity, kContent);
    file.label = graph_.text(entity, term::kName);
    file.size = graph_.text(entity, kSize);
    file.place = entity.place();
    if (has_text(file.path)) record_.offered.push_back(std::move(file));
  }

  void annotation(const JsonLdEntity& root) {
    const Text protocol = graph_.text(root, kProtocol);
    const Texts platform = graph_.texts(root, kPlatform);
    const Texts tools = graph_.texts(root, kTools);
    const Text quality = graph_.text(root, kQuality);
    if (!has_text(protocol) && !has_text(platform) && !has_text(tools)) return;
    AnnotationSet set;
    set.id = "annotations";
    set.place = has_text(protocol) ? protocol.place : root.place();
    set.overview = graph_.text(root, term::kDescription);
    set.method = protocol;
    const auto add = [&](const std::string& what, const std::string& value) {
      if (value.empty()) return;
      if (!set.method.mentioned()) set.method.place = set.place;
      set.method.value += (set.method.value.empty() ? "" : " ") + what + ": " + value + ".";
    };
    add("Platform", joined(platform));
    add("Tools", joined(tools));
    add("Annotators", joined(graph_.texts(root, kDemographics)));
    set.confidence = quality;
    record_.annotations.push_back(std::move(set));
  }

  const JsonLdGraph& graph_;
  Record& record_;
};

}  // namespace

bool sniff_croissant(std::string_view head, std::string_view) {
  return looks_like_json(head) && head.find("mlcommons.org/croissant") != std::string_view::npos &&
         head.find("\"@context\"") != std::string_view::npos;
}

void read_croissant(const SourceFile& file, Record& record, Log& log) {
  const TreePtr tree = parse_document(file, log);
  if (!tree) return;
  const JsonLdGraph graph(tree->root(), {}, log);
  for (const JsonLdEntity& entity : graph.entities()) {
    if (!entity.is("http://schema.org/Dataset")) continue;
    Reader(graph, record).read(entity);
    return;
  }
  log.add_file(file.name, {.rule = "mifa/crate-root",
                           .severity = Severity::kError,
                           .message = "The Croissant file describes no data set.",
                           .expected = "an object of type sc:Dataset",
                           .received = "no such object",
                           .fix = "Give the top object the type sc:Dataset."});
}

}  // namespace mifa::meta
