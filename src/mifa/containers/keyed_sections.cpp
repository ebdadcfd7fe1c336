#include "mifa/containers/keyed_sections.h"

#include "mifa/words.h"

namespace mifa::meta {
namespace {

Organisation read_organisation(const Node& node, Record& record, Log& log) {
  Organisation organisation;
  organisation.place = node.place();
  if (node.is_scalar()) {
    organisation.name = node.value();
    return organisation;
  }
  Fields fields(node, log);
  organisation.name = fields.text({"organisation_name", "organization_name", "name"});
  organisation.address = fields.text({"address"});
  organisation.ror_id = fields.text({"ror_id", "rorid", "ror"});
  fields.leftover(record, "an organisation");
  return organisation;
}

FileEntry read_file_metadata(const Node& node, Record& record, Log& log, KeyedStyle style) {
  FileEntry entry;
  entry.place = node.place();
  Fields fields(node, log);
  entry.path = fields.text({"annotation_id"});
  entry.source_images = fields.texts({"source_image_id"});
  entry.annotation_types = fields.texts({"annotation_type"}, style.lists_matter);
  entry.transformation = fields.text({"transformations", "transformation"});
  entry.spatial_information = fields.text({"spatial_information"});
  entry.creation_time = fields.text({"annotation_creation_time"});
  fields.leftover(record, "file_metadata");
  return entry;
}

}  // namespace

Texts split_at_commas(const Texts& texts) {
  Texts result;
  for (const Text& text : texts) {
    const auto parts = split(text.value, ',');
    if (parts.empty()) result.push_back(text);
    for (const std::string& part : parts) result.push_back({part, text.place});
  }
  return result;
}

void note_models_among_links(Study& study) {
  for (const Link& link : study.links) {
    const std::string about = lower(link.description.value);
    const bool trained = has_word(about, {"train", "pretrained", "pre-trained"});
    if (!has_text(link.url) || !has_word(about, {"model"}) || !trained) continue;
    bool known = false;
    for (const Text& model : study.ai_models_trained) known |= model.value == link.url.value;
    if (!known) study.ai_models_trained.push_back(link.url);
  }
}

Person read_person(const Node& node, Record& record, Log& log, KeyedStyle style) {
  Person person;
  person.place = node.place();
  if (node.is_scalar()) {
    person.display_name = node.value();
    return person;
  }
  Fields fields(node, log);
  person.first_name = fields.text({"author_first_name", "first_name"});
  person.last_name = fields.text({"author_last_name", "last_name"});
  person.display_name = fields.text({"display_name", "name"});
  person.email = fields.text({"email", "e-mail"});
  person.orcid = fields.text({"orcid_id", "orcid"});
  person.roles = split_at_commas(fields.texts({"role", "roles"}, style.lists_matter));
  for (const Node& item :
       fields.items({"organisation", "organization", "affiliation"}, style.lists_matter)) {
    person.organisations.push_back(read_organisation(item, record, log));
  }
  fields.leftover(record, "an author");
  return person;
}

Publication read_publication(const Node& node, Record& record, Log& log) {
  Publication publication;
  publication.place = node.place();
  Fields fields(node, log);
  publication.title = fields.text({"publication_title", "title"});
  publication.authors = fields.text({"publication_authors", "authors"});
  publication.doi = fields.text({"publication_doi", "doi"});
  publication.year = fields.text({"publication_year", "year"});
  publication.pubmed_id = fields.text({"pubmed_id", "pmid"});
  fields.leftover(record, "a publication");
  return publication;
}

Grant read_grant(const Node& node, Record& record, Log& log) {
  Grant grant;
  grant.place = node.place();
  Fields fields(node, log);
  grant.id = fields.text({"grant_id", "identifier", "id"});
  grant.funder = fields.text({"funder", "agency"});
  fields.leftover(record, "a grant");
  return grant;
}

void read_study(Fields& fields, Record& record, Log& log, KeyedStyle style) {
  Study& study = record.study;
  study.place = fields.place();
  study.title = fields.text({"title"});
  study.description = fields.text({"description"});
  study.accession = fields.text({"accession_id", "accession"});
  study.licence = fields.text({"license", "licence"});
  study.release_date = fields.text({"private_until_date", "release_date"});
  study.acknowledgements = fields.text({"acknowledgements", "acknowledgement"});
  study.doi = fields.text({"doi"});
  study.keywords = fields.texts({"keywords", "keyword"}, style.lists_matter);
  study.ai_models_trained = fields.texts({"ai_models_trained"}, style.lists_matter);
  for (const Node& item : fields.items({"authors", "author"}, style.lists_matter)) {
    study.authors.push_back(read_person(item, record, log, style));
  }
  for (const Node& item : fields.items({"publications", "publication"})) {
    study.publications.push_back(read_publication(item, record, log));
  }
  for (const Node& item : fields.items({"links"}, false)) {
    Fields link(item, log);
    study.links.push_back({link.text({"link_url", "url"}),
                           link.text({"link_description", "description"}), link.text({"type"}),
                           item.place()});
    link.leftover(record, "a link");
  }
  const Texts urls = fields.texts({"link_url"}, style.lists_matter);
  const Texts descriptions = fields.texts({"link_description"}, style.lists_matter);
  for (std::size_t i = 0; i < urls.size(); ++i) {
    study.links.push_back(
        {urls[i], i < descriptions.size() ? descriptions[i] : Text(), Text(), urls[i].place});
  }
  study.funding_statement = fields.text({"funding_statement"});
  for (const Node& item : fields.items({"grants"}, style.lists_matter)) {
    study.grants.push_back(read_grant(item, record, log));
  }
  const Node funding = fields.member({"funding"});
  if (funding.is_scalar()) study.funding_statement = funding.value();
  if (funding.is_mapping()) {
    Fields inner(funding, log);
    study.funding_statement = inner.text({"funding_statement"});
    for (const Node& item : inner.items({"grant_references", "grants"})) {
      study.grants.push_back(read_grant(item, record, log));
    }
    inner.leftover(record, "funding");
  }
  fields.member({"rembi_version"});
  note_models_among_links(study);
}

AnnotationSet read_annotation_set(const Node& node, Record& record, Log& log, KeyedStyle style) {
  AnnotationSet set;
  set.place = node.place();
  Fields fields(node, log);
  set.overview = fields.text({"annotation_overview"});
  set.types = fields.texts({"annotation_type"});
  set.method = fields.text({"annotation_method"});
  set.criteria = fields.text({"annotation_criteria"});
  set.coverage = fields.text({"annotation_coverage"});
  set.confidence = fields.text({"annotation_confidence_level"});
  set.transformation = fields.text({"transformations", "transformation_description"});
  set.spatial_information = fields.text({"spatial_information"});
  set.source_indicator = fields.text({"annotation_source_indicator"});
  set.creation_time = fields.text({"annotation_creation_time"});
  set.licence = fields.text({"license", "licence"});
  set.file_lists = fields.texts({"file_list"});
  for (const Node& item : fields.items({"authors", "author"}, style.lists_matter)) {
    set.authors.push_back(read_person(item, record, log, style));
  }
  for (const Node& item : fields.items({"file_metadata"}, style.lists_matter)) {
    set.files.push_back(read_file_metadata(item, record, log, style));
  }
  fields.leftover(record, "annotations");
  return set;
}

Version read_version(const Node& node, Record& record, Log& log) {
  Version version;
  version.place = node.place();
  Fields fields(node, log);
  version.version = fields.text({"version"});
  version.timestamp = fields.text({"timestamp"});
  version.changes = fields.text({"changes"});
  version.previous_version = fields.text({"previous_version"});
  for (const Node& item : fields.items({"authors"})) {
    version.authors.push_back(read_person(item, record, log, {}));
  }
  fields.leftover(record, "a version");
  return version;
}

}  // namespace mifa::meta
