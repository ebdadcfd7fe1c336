// Several containers of one study into one record.
#pragma once

#include <vector>

#include "mifa/container.h"

namespace mifa::meta {

struct MergeResult {
  Record record;
  Issues issues;  // Conflicts (mifa/conflict), each with both places; not the readers' own.
};

// Merges in the given order: what an earlier record states counts, and a different statement of a
// later one is a conflict. Sections are the same when their names are; lists are joined. File lists
// are put together with the crate that describes their columns, and the API's objects with one
// another.
MergeResult merge(std::vector<Record> records);

}  // namespace mifa::meta
