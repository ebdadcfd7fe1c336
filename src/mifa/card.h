// A study at a glance, for a page: the card as JSON, and the badge.
#pragma once

#include <cstdint>
#include <string>

#include "core/issue.h"
#include "mifa/record.h"

namespace mifa::meta {

// The study card as compact JSON, keys sorted, the same bytes for the same record. What is not
// stated is null (or an empty list) and named in "missing". Members: title, description, accession,
// released, authors [{name, orcid, orcid_url, roles, organisations}], licence {stated, id, name,
// url, allows, recommended}, keywords, organisms [{scientific_name, common_name, taxon,
// taxon_url}], imaging_methods
// [{name, term, term_url}], publications [{title, authors, year, doi, doi_url}], funding
// {statement, grants}, models, links, annotation_sets [{name, overview, types, method, criteria,
// coverage, confidence, annotators, created, files, versions}], versions, completeness [{module,
// share, required_complete, attributes}], verdict {errors, warnings, infos}, missing.
std::string card_json(const Record& record, const Issues& issues);

// What the badge says; see docs/metadata.md for what it certifies.
enum class BadgeColour { kGreen, kAmber, kRed, kGrey };

struct Badge {
  BadgeColour colour = BadgeColour::kGrey;
  std::string text;         // "complete", "86 %, 2 warnings", "3 errors", "not checked"
  std::string alternative;  // For those who do not see it: a sentence.
  std::string svg;
};

// Never green while `issues` has an error; grey when nothing was read.
Badge make_badge(const Record& record, const Issues& issues);

}  // namespace mifa::meta
