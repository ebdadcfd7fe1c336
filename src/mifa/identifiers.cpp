#include "mifa/identifiers.h"

#include <cctype>
#include <cstdint>

#include "mifa/words.h"

namespace mifa::meta {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The part after `host`, without anything before it; the text itself where it is no such URL.
std::string_view after_host(std::string_view text, std::string_view host) {
  const std::size_t at = lower(text).find(host);
  return at == std::string::npos ? text : text.substr(at + host.size());
}

// Crockford's base 32, as ROR uses it; -1 for letters that it has not.
int base32(char c) {
  constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
  const std::size_t at = kDigits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

OrcidCheck check_orcid(std::string_view text) {
  OrcidCheck result;
  std::string_view id = trimmed(after_host(trimmed(text), "orcid.org/"));
  if (lower(id).starts_with("orcid:")) id = trimmed(id.substr(6));
  while (id.ends_with('/')) id.remove_suffix(1);
  std::string digits;
  for (const char c : id) {
    if (is_digit(c) || ((c == 'X' || c == 'x') && digits.size() == 15)) {
      digits += c == 'x' ? 'X' : c;
    } else if (c != '-' && c != ' ') {
      return result;
    }
  }
  if (digits.size() != 16) return result;
  int total = 0;
  for (std::size_t i = 0; i < 15; ++i) total = (total + (digits[i] - '0')) * 2 % 11;
  const int check = (12 - total) % 11;
  result.expected_check = check == 10 ? 'X' : static_cast<char>('0' + check);
  result.id = digits.substr(0, 4) + "-" + digits.substr(4, 4) + "-" + digits.substr(8, 4) + "-" +
              digits.substr(12, 4);
  result.state = digits[15] == result.expected_check ? OrcidCheck::State::kGood
                                                     : OrcidCheck::State::kWrongCheckDigit;
  return result;
}

DoiCheck check_doi(std::string_view text) {
  DoiCheck result;
  std::string_view id = trimmed(text);
  const std::string_view whole = id;
  id = after_host(id, "doi.org/");
  if (lower(id).starts_with("doi:")) id = trimmed(id.substr(4));
  result.id = std::string(id);
  const std::size_t slash = id.find('/');
  if (!id.starts_with("10.") || slash == std::string_view::npos || slash < 7) {
    result.problem = "no \"10.\" with four digits or more and a slash";
  } else if (slash + 1 == id.size()) {
    result.problem = "nothing after the slash";
  } else if (id.find_first_of(" \t\r\n") != std::string_view::npos) {
    result.problem = "a space inside";
  } else if (id.ends_with('.') || id.ends_with(',') || id.ends_with(';')) {
    result.problem = "a punctuation mark at the end";
  }
  for (std::size_t i = 3; result.problem.empty() && i < slash; ++i) {
    if (!is_digit(id[i]) && id[i] != '.') result.problem = "letters in the registrant's number";
  }
  if (!result.problem.empty()) return result;
  result.state = id.size() == whole.size() ? DoiCheck::State::kGood : DoiCheck::State::kPrefixed;
  return result;
}

std::optional<std::string> parse_ror(std::string_view text) {
  std::string id = lower(trimmed(after_host(trimmed(text), "ror.org/")));
  while (id.ends_with('/')) id.pop_back();
  if (id.size() != 9 || id[0] != '0' || !is_digit(id[7]) || !is_digit(id[8])) return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    const int digit = base32(id[i]);
    if (digit < 0) return std::nullopt;
    value = value * 32 + digit;
  }
  const int check = 98 - static_cast<int>(value * 100 % 97);
  if (check != (id[7] - '0') * 10 + (id[8] - '0')) return std::nullopt;
  return id;
}

bool is_email(std::string_view text) {
  text = trimmed(text);
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) {
    return false;
  }
  const std::string_view host = text.substr(at + 1);
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && dot > 0 && !host.ends_with('.') &&
         text.find_first_of(" \t\r\n,;<>") == std::string_view::npos;
}

std::optional<std::string> parse_taxon(std::string_view text) {
  const std::string small = lower(trimmed(text));
  std::size_t start = small.size();
  while (start > 0 && is_digit(small[start - 1])) --start;
  const std::string number = small.substr(start);
  if (number.empty() || number.size() > 9 || number == "0") return std::nullopt;
  const std::string before = small.substr(0, start);
  for (const std::string_view known : {"", "ncbi:txid", "txid", "ncbitaxon:", "ncbitaxon_", "ncbi:",
                                       "taxid:", "taxon:", "ncbi:taxon:", "ncbi taxon id: "}) {
    if (before == known) return number;
  }
  if (before.find("ncbitaxon_") != std::string::npos ||
      before.find("ncbi.nlm.nih.gov/") != std::string::npos ||
      before.find("identifiers.org/taxonomy") != std::string::npos ||
      before.find("uniprot.org/taxonomy/") != std::string::npos) {
    return number;
  }
  return std::nullopt;
}

bool is_url(std::string_view text) {
  text = trimmed(text);
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme == 0 || scheme > 10) return false;
  for (const char c : text.substr(0, scheme)) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) return false;
  }
  const std::string_view rest = text.substr(scheme + 3);
  return !rest.empty() && rest.front() != '/' &&
         text.find_first_of(" \t\r\n<>\"") == std::string_view::npos;
}

}  // namespace mifa::meta
