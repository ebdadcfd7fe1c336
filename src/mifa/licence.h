// Licences: SPDX expressions and the other forms in which they are written, to one id and what it
// allows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mifa::meta {

struct Licence {
  std::string id;    // SPDX, e.g. "CC-BY-4.0"; "CC-BY" when no version is stated.
  std::string name;  // For people: "CC BY 4.0".
  std::string url;   // Its text; empty when not one of the known.
  bool versioned = true;
  bool is_cc0 = false;
  bool attribution = false;    // Credit has to be given.
  bool commercial = true;      // Use for money is allowed.
  bool derivatives = true;     // Changed copies may be shared.
  bool share_alike = false;    // Changed copies have to have the same licence.
  bool made_for_code = false;  // MIT and the like.

  // "Anyone may use, change and share the data, also commercially, with credit."
  std::string allows() const;
  // Whether MIFA recommends it: CC0 or CC BY.
  bool recommended() const;
};

// A licence in any form: an SPDX id in any case, "CC BY 4.0", "CC_BY", a Creative Commons or SPDX
// URL (deed or legal code), a full name. Nothing when it is not known.
std::optional<Licence> parse_licence(std::string_view text);

struct LicenceExpression {
  std::vector<Licence> licences;
  bool choice = false;     // Joined by OR.
  bool all = false;        // Joined by AND.
  std::string normalised;  // An SPDX expression.
};

// A licence or an SPDX expression of several (Annex D: AND, OR, WITH, parentheses). Nothing when
// any part is not known.
std::optional<LicenceExpression> parse_licence_expression(std::string_view text);

}  // namespace mifa::meta
