// What is said when there is nothing to show: what was looked for, what was found, and what whoever
// gave the address, or runs the server, can do.
#pragma once

#include <string>

#include "core/json.h"
#include "core/result.h"
#include "ome/group.h"
#include "ome/key_ledger.h"

namespace mifa::ome {

// None of the root keys is there (all 404).
Error nothing_found(const std::string& name);

// No root key could be read: `reason` is one of their errors. The code tells the advice.
Error nothing_readable(const std::string& name, const KeyLedger::Reply& reason);

// A group was found, and it is no image, plate or collection.
Error not_an_image(const std::string& name, const GroupMetadata& group);

}  // namespace mifa::ome
