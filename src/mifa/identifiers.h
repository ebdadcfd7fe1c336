// Identifiers of people, organisations, publications and organisms: read in every form in use,
// checked, and written in one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mifa::meta {

struct OrcidCheck {
  enum class State { kGood, kWrongShape, kWrongCheckDigit };
  State state = State::kWrongShape;
  std::string id;              // "0000-0002-1825-0097", where the shape is right.
  char expected_check = '\0';  // With kWrongCheckDigit.
};

// "0000-0002-1825-0097", also as a URL or without hyphens. The check digit is that of ISO 7064 MOD
// 11-2 (https://support.orcid.org, "Structure of the ORCID Identifier").
OrcidCheck check_orcid(std::string_view text);

struct DoiCheck {
  enum class State { kGood, kPrefixed, kMalformed };
  State state = State::kMalformed;
  std::string id;       // "10.1038/s41592-025-02835-8"; what is left of it when malformed.
  std::string problem;  // With kMalformed: "a full stop at the end", …
};

// A DOI; kPrefixed when it is written as a URL or with "doi:".
DoiCheck check_doi(std::string_view text);

// "https://ror.org/04cvxnb49" or its last part: the nine characters, checksum (ISO 7064 MOD 97-10
// over base 32) included. Nothing when it is none.
std::optional<std::string> parse_ror(std::string_view text);

// Something@something.something, without spaces. Not more: mail servers differ.
bool is_email(std::string_view text);

// The number of an NCBI taxon in "NCBI:txid9606", "NCBITaxon_9606", "9606", a URL of the taxonomy.
std::optional<std::string> parse_taxon(std::string_view text);

// "https://…", "ftp://…" and the like with a host.
bool is_url(std::string_view text);

}  // namespace mifa::meta
