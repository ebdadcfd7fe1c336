// Which edition of the specification a group follows, told or not.
#pragma once

#include "ome/group.h"

namespace mifa::validate {

// The version that holds for `block` of a group. Where none is written, or none that is known, the
// minor number of the edition that the block looks like: never 0.
ome::Version edition_of(const ome::GroupMetadata& group, const JsonView& block);

// Where the versions of a group are written: attributes.ome in 0.5 and later, each block before.
JsonView version_place(const ome::GroupMetadata& group, const JsonView& block);

// "0.6.dev3", "0.6rc1": before the release that this program knows.
bool is_draft_text(const std::string& version);
// One of 0.1 to 0.5, 0.6 and its current draft, exactly.
bool is_published(const std::string& version);

}  // namespace mifa::validate
