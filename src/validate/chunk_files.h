// The stored chunks of an array among the files of a listed store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validate/tree.h"
#include "zarr/array_metadata.h"

namespace mifa::validate {

struct ChunkFile {
  std::string key;                  // relative to the root
  std::vector<std::int64_t> index;  // in the grid of stored objects
  std::int64_t size = -1;
};

struct ChunkFiles {
  std::int64_t expected = 0;       // cells of the grid; -1 where they are too many to count
  std::vector<ChunkFile> present;  // inside the grid, by index, the last axis fastest
  std::vector<std::string> outside;  // keys of chunks beyond the grid
};

// The index of a chunk by its key relative to the array ("0.1", "c/0/1"); nothing for what is no
// chunk key of this array. The index may lie outside the grid.
std::optional<std::vector<std::int64_t>> parse_chunk_key(const zarr::ArrayMetadata& array,
                                                         std::string_view key);

// Precondition: tree.listed.
ChunkFiles find_chunks(const Tree& tree, const std::string& path, const zarr::ArrayMetadata& array);

}  // namespace mifa::validate
