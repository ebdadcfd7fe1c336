// Transformations' parameters that are kept in a Zarr array (0.6 "path"): a matrix of a few
// numbers.
#pragma once

#include <string>
#include <vector>

#include "ome/coordinate_map.h"
#include "ome/key_ledger.h"

namespace mifa::ome {

// Asks for the arrays at `paths` (relative to the group at `group_path`), then for their one chunk.
// True once every path has its result. Arrays of more than one chunk, of more than 1056 numbers or
// with codecs besides "bytes" fail with kUnsupported.
bool read_parameters(KeyLedger& ledger, const std::string& group_path, int zarr_format,
                     const std::vector<std::string>& paths, ParameterArrays& results);

}  // namespace mifa::ome
