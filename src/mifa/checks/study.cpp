// The study module: what has to be there and what identifiers look like.
#include <functional>

#include "mifa/checks/modules.h"
#include "mifa/identifiers.h"
#include "mifa/timestamp.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

constexpr std::size_t kLeastCharacters = 25;  // BioStudies' template and REMBI.

void title_missing(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || has_text(study.title)) return;
  report.at(place_of(study.title, study.place),
            {.message = "The study has no title.",
             .expected = "a title that says what was imaged and annotated",
             .received = "nothing",
             .fix = "Write a title of at least 25 characters; it is what searches show."});
}

void title_short(const Checked& c, Report& report) {
  const Text& title = c.record.study.title;
  if (!c.study() || !has_text(title)) return;
  if (!c.record.from("pagetab") && !c.record.from("bia-agent")) return;
  const std::size_t length = characters(trimmed(title.value));
  if (length >= kLeastCharacters) return;
  report.at(title.place, {.message = "The title is shorter than the archive takes.",
                          .expected = "at least 25 characters",
                          .received = std::to_string(length) + " characters: " + title.value,
                          .fix = "Say in the title what was imaged, and how it was annotated."});
}

void description_missing(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || has_text(study.description)) return;
  report.at(place_of(study.description, study.place),
            {.message = "The study has no description.",
             .expected = "a description of the data set",
             .received = "nothing",
             .fix = "Describe the data set; the abstract of its publication will do."});
}

void description_short(const Checked& c, Report& report) {
  const Text& description = c.record.study.description;
  if (!c.study() || !has_text(description) || !c.record.from("bia-agent")) return;
  const std::size_t length = characters(trimmed(description.value));
  if (length >= kLeastCharacters) return;
  report.at(description.place,
            {.message = "The description is shorter than REMBI asks for.",
             .expected = "at least 25 characters",
             .received = std::to_string(length) + " characters: " + description.value,
             .fix = "Describe the data set; the abstract of its publication will do."});
}

void application(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || !has_text(study.title) || !has_text(study.description)) return;
  const std::string text =
      lower(study.title.value + " " + study.description.value + " " + joined(study.keywords, " "));
  static const std::vector<std::string_view> kBiology = {
      "cell",    "nucle",   "tissue", "organ",  "embryo",   "neuro",    "protein",  "tumo",
      "cancer",  "bacter",  "virus",  "viral",  "plant",    "mouse",    "mice",     "human",
      "drosoph", "zebraf",  "yeast",  "mitoch", "membran",  "gene",     "disease",  "patient",
      "microb",  "chromos", "blood",  "brain",  "biolog",   "serolog",  "antibod",  "larva",
      "worm",    "elegans", "synap",  "axon",   "muscle",   "heart",    "lung",     "liver",
      "kidney",  "skin",    "retina", "root",   "leaf",     "ribosom",  "filament", "microtub",
      "actin",   "vesic",   "spore",  "fung",   "alga",     "parasit",  "covid",    "sars",
      "infect",  "cultur",  "bone",   "colon",  "patholog", "histolog", "tomogra"};
  if (has_word(text, kBiology)) return;
  report.at(study.description.place,
            {.message = "Title, description and keywords name no biological application.",
             .expected = "what was imaged, and what for",
             .received = shortened(study.description.value, 80),
             .fix = "Say which organism, cells or structures the images show."});
}

void authors_missing(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || !study.authors.empty()) return;
  report.at(study.place, {.message = "The study has no authors.",
                          .expected = "everybody who made the images and the annotations",
                          .received = "nobody",
                          .fix = "Name the authors, with ORCID and role."});
}

void author_name(const Checked& c, Report& report) {
  const auto check = [&](const std::vector<Person>& people) {
    for (const Person& person : people) {
      const bool whole = has_text(person.first_name) && has_text(person.last_name);
      if (has_text(person.display_name) || whole) continue;
      report.at(person.place,
                {.message = "An author has no full name.",
                 .expected = "a display name, or first name and last name",
                 .received = person.name().empty() ? "nothing" : "only \"" + person.name() + "\"",
                 .fix = "Write the author's name."});
    }
  };
  check(c.record.study.authors);
  for (const AnnotationSet& set : c.record.annotations) check(set.authors);
}

void author_contact(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || study.authors.empty()) return;
  std::vector<std::string> without;
  for (const Person& person : study.authors) {
    if (has_text(person.email) || has_text(person.orcid) || person.name().empty()) continue;
    without.push_back(person.name());
  }
  if (without.empty()) return;
  const bool nobody = without.size() == study.authors.size();
  report.at(
      study.authors.front().place, nobody ? Severity::kWarning : Severity::kInfo,
      {.message = nobody ? "No author has an e-mail address or an ORCID: nobody can be asked, and "
                           "nobody gets credit by an id."
                         : "Without e-mail address and ORCID: " + listing(without) + ".",
       .expected = "an ORCID or an e-mail address of each author",
       .received = "none of " + std::to_string(without.size()) + " authors' ids",
       .fix = "Add ORCIDs; at least the corresponding author's address."});
}

template <typename Visit>
void each_person(const Record& record, Visit visit) {
  for (const Person& person : record.study.authors) visit(person);
  for (const AnnotationSet& set : record.annotations) {
    for (const Person& person : set.authors) visit(person);
  }
}

void orcid(const Checked& c, Report& report) {
  each_person(c.record, [&](const Person& person) {
    if (!has_text(person.orcid)) return;
    const OrcidCheck check = check_orcid(person.orcid.value);
    if (check.state == OrcidCheck::State::kGood) return;
    const bool shape = check.state == OrcidCheck::State::kWrongShape;
    report.at(person.orcid.place,
              {.message = shape ? "The ORCID of " + person.name() + " is none."
                                : "The ORCID of " + person.name() +
                                      " has a wrong check digit: a digit is mistyped.",
               .expected = shape ? "sixteen digits as in 0000-0002-1825-0097"
                                 : std::string("the last character ") + check.expected_check,
               .received = person.orcid.value,
               .fix = "Copy the ORCID from the author's page at orcid.org."});
  });
}

void email(const Checked& c, Report& report) {
  each_person(c.record, [&](const Person& person) {
    if (!has_text(person.email) || is_email(person.email.value)) return;
    report.at(person.email.place,
              {.message = "The e-mail address of " + person.name() + " is none.",
               .expected = "one address, name@host",
               .received = person.email.value,
               .fix = "Correct the address."});
  });
}

void ror(const Checked& c, Report& report) {
  each_person(c.record, [&](const Person& person) {
    for (const Organisation& organisation : person.organisations) {
      const Text& id = organisation.ror_id;
      if (!has_text(id) || parse_ror(id.value)) continue;
      report.once(
          id.place, id.value,
          {.message = "The ROR id of " +
                      (has_text(organisation.name) ? organisation.name.value : "an organisation") +
                      " is none, or mistyped: its checksum does not fit.",
           .expected = "an id as in https://ror.org/02catss52",
           .received = id.value,
           .fix = "Copy the id from the organisation's page at ror.org."});
    }
  });
}

void keywords(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || has_text(study.keywords)) return;
  const Place& place = study.keywords.empty() ? study.place : study.keywords.front().place;
  // The archive's crates and answers may do without; MIFA's own documents may not.
  report.at(place, c.form ? Severity::kError : Severity::kWarning,
            {.message = "The study has no keywords.",
             .expected = "at least one keyword",
             .received = "none",
             .fix = "Add keywords: organism, structures, imaging method, task."});
}

void funding(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study()) return;
  for (const Grant& grant : study.grants) {
    if (has_text(grant.id) || has_text(grant.funder)) return;
  }
  if (has_text(study.funding_statement)) return;
  report.at(place_of(study.funding_statement, study.place),
            {.message = "It is not stated how the work was funded.",
             .expected = "a funding statement or a grant",
             .received = "neither",
             .fix = "Name the funders and grants, or say that there were none."});
}

void models_missing(const Checked& c, Report& report) {
  const Study& study = c.record.study;
  if (!c.study() || c.record.annotations.empty() || has_text(study.ai_models_trained)) return;
  report.at(study.place, {.message = "No AI models trained with the data set are named.",
                          .expected = "links to models, in the BioImage Model Zoo for instance",
                          .received = "none",
                          .fix = "Add links if there are such models."});
}

void model_uri(const Checked& c, Report& report) {
  for (const Text& model : c.record.study.ai_models_trained) {
    if (!has_text(model) || is_url(model.value) ||
        check_doi(model.value).state != DoiCheck::State::kMalformed) {
      continue;
    }
    report.at(model.place,
              {.message = "A trained AI model is not named by an address.",
               .expected = "a URI, as in https://bioimage.io/#/?id=…",
               .received = model.value,
               .fix = "Give the model's address in the BioImage Model Zoo or its DOI."});
  }
}

void publication_empty(const Checked& c, Report& report) {
  for (const Publication& publication : c.record.study.publications) {
    const bool text = has_text(publication.title) || has_text(publication.doi);
    if (text || (!has_text(publication.authors) && !has_text(publication.year) &&
                 !has_text(publication.pubmed_id) && c.record.study.publications.size() == 1 &&
                 !publication.title.mentioned() && !publication.doi.mentioned())) {
      continue;
    }
    report.at(publication.place, {.message = "A publication has neither title nor DOI.",
                                  .expected = "a title or a DOI",
                                  .received = "neither",
                                  .fix = "Name the publication, or delete its entry."});
  }
}

void each_doi(const Record& record, const std::function<void(const Text&)>& visit) {
  for (const Publication& publication : record.study.publications) {
    if (has_text(publication.doi)) visit(publication.doi);
  }
  if (has_text(record.study.doi)) visit(record.study.doi);
}

void doi(const Checked& c, Report& report) {
  each_doi(c.record, [&](const Text& text) {
    const DoiCheck check = check_doi(text.value);
    if (check.state != DoiCheck::State::kMalformed) return;
    report.at(text.place, {.message = "A DOI is malformed: " + check.problem + ".",
                           .expected = "a DOI as in 10.1038/s41592-025-02835-8",
                           .received = text.value,
                           .fix = "Correct it, or leave it out until there is one."});
  });
}

void doi_prefix(const Checked& c, Report& report) {
  each_doi(c.record, [&](const Text& text) {
    const DoiCheck check = check_doi(text.value);
    if (check.state != DoiCheck::State::kPrefixed) return;
    report.once(text.place, "prefix",
                {.message = "A DOI is written with a prefix; it is read without.",
                 .expected = check.id,
                 .received = text.value,
                 .fix = "Nothing; the plain DOI is what tables compare."});
  });
}

void release_date(const Checked& c, Report& report) {
  const Text& date = c.record.study.release_date;
  if (!has_text(date) && c.study() && c.record.from("pagetab")) {
    report.at(place_of(date, c.record.study.place), Severity::kWarning,
              {.message = "No release date is stated.",
               .expected = "the attribute ReleaseDate",
               .received = "nothing",
               .fix = "State the date on which the data may be seen; it can be changed later."});
  }
  if (!has_text(date) || c.foreign || parse_timestamp(date.value)) return;
  report.at(date.place, {.message = "The release date is no date.",
                         .expected = "a date as in 2026-01-31",
                         .received = date.value,
                         .fix = "Write year, month and day with hyphens."});
}

void link_url(const Checked& c, Report& report) {
  for (const Link& link : c.record.study.links) {
    // With a type, it is an accession number in that database.
    if (!has_text(link.url) || is_url(link.url.value) || has_text(link.type)) continue;
    if (check_doi(link.url.value).state != DoiCheck::State::kMalformed) continue;
    report.at(link.url.place,
              {.message = "A link is no address.",
               .expected = "a URL, or an accession number with its database as type",
               .received = link.url.value,
               .fix = "Write the whole address, from https:// on."});
  }
}

constexpr Rule kRules[] = {
    {"mifa/title-missing", Severity::kError, kMifaModel, "The study has a title.", title_missing},
    {"mifa/title-short", Severity::kError, kRembi,
     "The title has at least 25 characters (PageTab, REMBI).", title_short},
    {"mifa/description-missing", Severity::kError, kMifaModel, "The study has a description.",
     description_missing},
    {"mifa/description-short", Severity::kError, kRembi,
     "The description has at least 25 characters (REMBI).", description_short},
    {"mifa/application-unstated", Severity::kInfo, kMifaPaper,
     "The biological application is named.", application},
    {"mifa/authors-missing", Severity::kError, kMifaModel, "The study has authors.",
     authors_missing},
    {"mifa/author-name", Severity::kError, kMifaModel, "Each author has a full name.", author_name},
    {"mifa/author-contact", Severity::kWarning, kMifaPaper, "Authors can be asked and credited.",
     author_contact},
    {"mifa/orcid-invalid", Severity::kWarning,
     "https://support.orcid.org/hc/en-us/articles/360006897674", "ORCIDs have a right check digit.",
     orcid},
    {"mifa/email-invalid", Severity::kWarning, kMifaModel, "E-mail addresses are addresses.",
     email},
    {"mifa/ror-invalid", Severity::kWarning, "https://ror.readme.io/docs/identifier",
     "ROR ids have a right checksum.", ror},
    {"mifa/keywords-missing", Severity::kError, kMifaModel, "The study has keywords.", keywords},
    {"mifa/funding-missing", Severity::kWarning, kMifaModel, "The funding is stated.", funding},
    {"mifa/models-missing", Severity::kInfo, kMifaPaper, "Trained AI models are named.",
     models_missing},
    {"mifa/model-uri", Severity::kWarning, kMifaModel, "Trained AI models have addresses.",
     model_uri},
    {"mifa/publication-empty", Severity::kError, kMifaModel,
     "Each publication has a title or a DOI.", publication_empty},
    {"mifa/doi-malformed", Severity::kWarning,
     "https://www.doi.org/doi-handbook/HTML/doi-name-syntax.html", "DOIs are well formed.", doi},
    {"mifa/doi-prefix", Severity::kInfo,
     "https://www.doi.org/doi-handbook/HTML/doi-name-syntax.html",
     "DOIs are written without a prefix.", doi_prefix},
    {"mifa/release-date", Severity::kError, kMifaModel, "The release date is a date.",
     release_date},
    {"mifa/link-url", Severity::kWarning, kMifaModel, "Links are addresses.", link_url},
};

}  // namespace

std::span<const Rule> study_rules() { return kRules; }

}  // namespace mifa::meta
