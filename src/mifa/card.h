// A study at a glance, for a page: the card as JSON, and the badge.
#pragma once

#include <cstdint>
#include <string>

#include "core/issue.h"
#include "mifa/record.h"

namespace mifa::meta {

// The study card as compact JSON, keys sorted, the same bytes for the same record. What is not
// stated is null (or an empty list) and named in "missing". "places" says where values are written:
// {"/title": {file, pointer, line, row, column}, "/authors/0": …}, by their pointer in the card.
// web/card/card.ts has all members, typed.
std::string card_json(const Record& record, const Issues& issues);

// What the badge says; see docs/metadata.md for what it certifies.
enum class BadgeColour { kGreen, kAmber, kRed, kGrey };

struct Badge {
  BadgeColour colour = BadgeColour::kGrey;
  std::string text;         // "complete", "86 %, 2 warnings", "3 errors", "not checked"
  std::string alternative;  // For those who do not see it: a sentence.
  std::string svg;
};

// {colour: "green", "amber", "red" or "grey", text, alternative, svg}.
std::string badge_json(const Badge& badge);

// Never green while `issues` has an error; grey when nothing was read.
Badge make_badge(const Record& record, const Issues& issues);

}  // namespace mifa::meta
