#include "mifa/licence.h"

#include <algorithm>
#include <cctype>

#include "mifa/words.h"

namespace mifa::meta {
namespace {

struct CodeLicence {
  std::string_view folded;
  const char* id;
  const char* url;
  bool share_alike;
};

// Licences of code and of databases that data sets carry. The rest of SPDX's list is not data's.
constexpr CodeLicence kOthers[] = {
    {"mit", "MIT", "https://spdx.org/licenses/MIT.html", false},
    {"mitlicense", "MIT", "https://spdx.org/licenses/MIT.html", false},
    {"apache20", "Apache-2.0", "https://spdx.org/licenses/Apache-2.0.html", false},
    {"apachelicense20", "Apache-2.0", "https://spdx.org/licenses/Apache-2.0.html", false},
    {"bsd2clause", "BSD-2-Clause", "https://spdx.org/licenses/BSD-2-Clause.html", false},
    {"bsd3clause", "BSD-3-Clause", "https://spdx.org/licenses/BSD-3-Clause.html", false},
    {"isc", "ISC", "https://spdx.org/licenses/ISC.html", false},
    {"gpl20", "GPL-2.0-only", "https://spdx.org/licenses/GPL-2.0-only.html", true},
    {"gpl20only", "GPL-2.0-only", "https://spdx.org/licenses/GPL-2.0-only.html", true},
    {"gpl20orlater", "GPL-2.0-or-later", "https://spdx.org/licenses/GPL-2.0-or-later.html", true},
    {"gpl30", "GPL-3.0-only", "https://spdx.org/licenses/GPL-3.0-only.html", true},
    {"gpl30only", "GPL-3.0-only", "https://spdx.org/licenses/GPL-3.0-only.html", true},
    {"gpl30orlater", "GPL-3.0-or-later", "https://spdx.org/licenses/GPL-3.0-or-later.html", true},
    {"lgpl30", "LGPL-3.0-only", "https://spdx.org/licenses/LGPL-3.0-only.html", true},
    {"agpl30", "AGPL-3.0-only", "https://spdx.org/licenses/AGPL-3.0-only.html", true},
    {"odbl10", "ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/", true},
    {"odcby10", "ODC-By-1.0", "https://opendatacommons.org/licenses/by/1-0/", false},
    {"pddl10", "PDDL-1.0", "https://opendatacommons.org/licenses/pddl/1-0/", false},
    {"cdlapermissive10", "CDLA-Permissive-1.0", "https://cdla.dev/permissive-1-0/", false},
    {"cdlapermissive20", "CDLA-Permissive-2.0", "https://cdla.dev/permissive-2-0/", false},
    {"unlicense", "Unlicense", "https://spdx.org/licenses/Unlicense.html", false}};

Licence cc0() {
  Licence licence;
  licence.id = "CC0-1.0";
  licence.name = "CC0 1.0";
  licence.url = "https://creativecommons.org/publicdomain/zero/1.0/";
  licence.is_cc0 = true;
  return licence;
}

bool take(std::string& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.erase(0, word.size());
  return true;
}

// "4.0", "40", "4", "25" and the like: what is left of a folded name after its words.
std::optional<std::string> version_of(std::string rest) {
  take(rest, "v");
  take(rest, "version");
  // What follows the version: "international", "legalcode", "deed", "unported", a country.
  const std::size_t digits = rest.find_first_not_of("0123456789");
  const std::string tail = digits == std::string::npos ? "" : rest.substr(digits);
  const std::string number = rest.substr(0, digits);
  static constexpr std::string_view kTails[] = {"",
                                                "international",
                                                "internationallicense",
                                                "license",
                                                "licence",
                                                "legalcode",
                                                "deed",
                                                "deeden",
                                                "unported",
                                                "generic",
                                                "intl",
                                                "legalcodetxt",
                                                "jp",
                                                "legalcodeen",
                                                "publiclicense",
                                                "internationalpubliclicense",
                                                "unportedlicense"};
  if (std::find(std::begin(kTails), std::end(kTails), tail) == std::end(kTails)) {
    return std::nullopt;
  }
  if (number.empty()) return "";
  for (const std::string_view known : {"10", "20", "21", "25", "30", "40"}) {
    if (number == known) return std::string{known[0], '.', known[1]};
  }
  if (number == "1" || number == "2" || number == "3" || number == "4") return number + ".0";
  return std::nullopt;
}

std::optional<Licence> creative_commons(std::string rest) {
  Licence licence;
  licence.id = "CC";
  licence.name = "CC";
  bool any = false;
  const auto element = [&](std::initializer_list<std::string_view> words, const char* code) {
    for (const std::string_view word : words) {
      if (!take(rest, word)) continue;
      licence.id += std::string("-") + code;
      licence.name += std::string(any ? "-" : " ") + code;
      any = true;
      return true;
    }
    return false;
  };
  licence.attribution = element({"attribution", "by"}, "BY");
  if (!licence.attribution) return std::nullopt;
  if (element({"noncommercial", "nc"}, "NC")) licence.commercial = false;
  licence.share_alike = element({"sharealike", "sa"}, "SA");
  if (!licence.share_alike && element({"noderivatives", "noderivs", "nd"}, "ND")) {
    licence.derivatives = false;
  }
  const auto version = version_of(rest);
  if (!version) return std::nullopt;
  licence.versioned = !version->empty();
  std::string kind = lower(licence.id.substr(3));
  licence.url = "https://creativecommons.org/licenses/" + kind + "/" + *version + "/";
  if (licence.versioned) {
    licence.id += "-" + *version;
    licence.name += " " + *version;
  } else {
    licence.url.clear();
  }
  return licence;
}

std::optional<Licence> of_url(std::string_view text) {
  std::string url = lower(text);
  for (const std::string_view start : {"https://", "http://", "www."}) take(url, start);
  if (take(url, "creativecommons.org/")) {
    if (url.find("zero/1.0") != std::string::npos || url.find("cc0") != std::string::npos) {
      return cc0();
    }
    if (!take(url, "licenses/")) return std::nullopt;
    return creative_commons(folded(url));
  }
  if (take(url, "spdx.org/licenses/")) {
    if (url.ends_with(".html") || url.ends_with(".json")) url.resize(url.size() - 5);
    return parse_licence(url);
  }
  if (take(url, "opensource.org/licenses/") || take(url, "opensource.org/license/")) {
    return parse_licence(url);
  }
  if (url.starts_with("opendatacommons.org/licenses/")) {
    for (const CodeLicence& other : kOthers) {
      if (std::string_view(other.url).find(url.substr(0, url.find_last_not_of('/') + 1)) !=
          std::string_view::npos) {
        return parse_licence(other.id);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::string Licence::allows() const {
  if (is_cc0) return "Anyone may use, change and share the data for any purpose, without asking.";
  std::string text = std::string("Anyone may use") + (derivatives ? ", change" : "") +
                     " and share the data" + (commercial ? ", also commercially" : "");
  if (!commercial) text += ", but not commercially";
  if (attribution) text += ", with credit";
  if (share_alike) text += "; changed versions have to have the same licence";
  if (!derivatives) text += "; changed versions may not be shared";
  return text + ".";
}

bool Licence::recommended() const {
  return is_cc0 || (attribution && commercial && derivatives && !share_alike && !made_for_code);
}

std::optional<Licence> parse_licence(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > 300 || text.front() == '(') return std::nullopt;
  if (text.back() == ')' && text.find('(') == std::string_view::npos) return std::nullopt;
  const std::string small = lower(text);
  if (small.starts_with("http") || small.starts_with("www.") ||
      small.starts_with("creativecommons.org")) {
    return of_url(text);
  }
  std::string name = folded(text);
  for (const std::string_view start : {"spdx", "the", "licensedunder", "license", "licence"}) {
    take(name, start);
  }
  // "CC BY 4.0 (https://…)", "Creative Commons Attribution 4.0 International (CC BY 4.0)".
  const std::size_t open = text.find('(');
  if (open != std::string_view::npos && open > 0) {
    if (auto before = parse_licence(text.substr(0, open))) return before;
    const std::size_t close = text.find(')', open);
    return parse_licence(
        text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1));
  }
  for (const std::string_view zero :
       {"cc0", "cc010", "cc01", "cczero", "creativecommonszero", "publicdomaindedication",
        "cc010universal", "creativecommonszerov10universal", "creativecommonszero10universal",
        "creativecommonscc010universal", "cc0publicdomaindedication", "creativecommonscc0",
        "cc010universalpublicdomaindedication", "cc010publicdomaindedication",
        "creativecommons10universal"}) {
    if (name == zero) return cc0();
  }
  for (const CodeLicence& other : kOthers) {
    if (name != other.folded && name != folded(other.id)) continue;
    Licence licence;
    licence.id = licence.name = other.id;
    licence.url = other.url;
    licence.attribution = licence.id != "Unlicense" && licence.id != "PDDL-1.0";
    licence.share_alike = other.share_alike;
    licence.made_for_code = !licence.id.starts_with("O") && !licence.id.starts_with("PDDL") &&
                            !licence.id.starts_with("CDLA");
    return licence;
  }
  if (take(name, "creativecommons") || take(name, "cc")) return creative_commons(name);
  return std::nullopt;
}

std::optional<LicenceExpression> parse_licence_expression(std::string_view text) {
  LicenceExpression result;
  if (auto one = parse_licence(text)) {
    result.normalised = one->id;
    result.licences.push_back(*std::move(one));
    return result;
  }
  std::string part;
  std::string spaced;
  for (const char c : text) {
    if (c == '(' || c == ')') {
      spaced += ' ';
      spaced += c;
      spaced += ' ';
    } else {
      spaced += c;
    }
  }
  int depth = 0;
  const auto finish_part = [&]() {
    auto licence = parse_licence(part);
    part.clear();
    if (!licence) return false;
    if (!result.normalised.empty() && !result.normalised.ends_with('(')) result.normalised += " ";
    result.normalised += licence->id;
    result.licences.push_back(*std::move(licence));
    return true;
  };
  bool exception = false;
  for (const std::string& word : split(spaced, ' ')) {
    const std::string small = lower(word);
    if (exception) {
      result.normalised += " WITH " + word;
      exception = false;
    } else if (word == "(") {
      if (!part.empty() || ++depth > 20) return std::nullopt;
      result.normalised += result.normalised.empty() ? "(" : " (";
    } else if (word == ")") {
      if (depth-- == 0 || (!part.empty() && !finish_part())) return std::nullopt;
      result.normalised += ")";
    } else if (small == "and" || small == "or") {
      if (!part.empty() && !finish_part()) return std::nullopt;
      if (result.licences.empty()) return std::nullopt;
      (small == "or" ? result.choice : result.all) = true;
      result.normalised += small == "or" ? " OR" : " AND";
    } else if (small == "with") {
      if (part.empty() || !finish_part()) return std::nullopt;
      exception = true;
    } else {
      part += (part.empty() ? "" : " ") + word;
    }
  }
  if (depth != 0 || exception) return std::nullopt;
  if (!part.empty() && !finish_part()) return std::nullopt;
  if (result.licences.empty() || result.normalised.ends_with(" OR") ||
      result.normalised.ends_with(" AND")) {
    return std::nullopt;
  }
  return result;
}

}  // namespace mifa::meta
