// What the core asks of its host. The host answers with App's events, by ticket, in any order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "view/planner.h"

namespace mifa::app {

// Read a metadata file; answered by metadata_found, metadata_missing or metadata_failed.
struct ReadMetadata {
  std::uint32_t ticket = 0;
  std::string key;  // relative to the dataset's root
};

// List a folder of the dataset; answered by folder_listed or folder_unlisted.
struct ListFolder {
  std::string folder;  // relative to the dataset's root, "" for the root
};

// Another image is shown: forget the arrays. Their chunks may be dropped with them; CancelChunk and
// DropChunk follow for each all the same.
struct ForgetChunks {};

// Chunks of `array` will be read: prepare the decoders. `metadata` is the array's .zarray or
// zarr.json text, `order` the axes in the order the decoded elements are to have.
struct RegisterArray {
  int array = 0;
  zarr::DataType data_type = zarr::DataType::kUInt8;
  std::string name;  // for messages: the metadata file's key
  std::string metadata;
  std::vector<int> order;
  // How its shards are laid out; nothing if it is not sharded.
  std::optional<zarr::ShardLayout> shards;
};

// Read a chunk and decode it; answered by chunk_fetched, then chunk_decoded, or by chunk_empty or
// chunk_failed.
struct ReadChunk {
  std::uint32_t ticket = 0;
  int array = 0;
  std::string key;  // of the stored object
  // The chunk's place in the index of the shard under `key`; -1: the object is the chunk. An absent
  // entry in the index is answered by chunk_empty, as an absent object is.
  std::int64_t place = -1;
};

// Neither the bytes nor the elements under the ticket are wanted any more.
struct CancelChunk {
  std::uint32_t ticket = 0;
};

// Free the decoded elements under the ticket.
struct DropChunk {
  std::uint32_t ticket = 0;
};

// Copy elements into a texture slot before drawing.
using UploadTile = view::Upload;

// Take up to kSamples evenly spread elements of a plane; answered by samples_taken.
struct TakeSamples {
  static constexpr int kSamples = 16384;
  int request = 0;
  std::uint32_t ticket = 0;
  std::int64_t offset = 0;
  std::int64_t row_length = 0;
  std::array<std::int64_t, 2> extent{};
};

// Say the values of single elements as exact decimal text; answered by values_read.
struct ReadValues {
  struct Place {
    std::uint32_t ticket = 0;
    std::int64_t offset = 0;
  };
  int request = 0;
  std::vector<Place> places;
};

// Make the exact shapes of an annotation layer's block; answered by VectorLayers::shapes_ready or
// shapes_failed.
struct RequestShapes {
  int layer = 0;
  int block = 0;
};

// Free the buffers of such a block.
struct DropShapes {
  int layer = 0;
  int block = 0;
};

// In the order in which the host has to carry them out.
using Command = std::variant<ReadMetadata, ListFolder, ForgetChunks, RegisterArray, ReadChunk,
                             CancelChunk, UploadTile, TakeSamples, ReadValues, DropChunk, RequestShapes,
                             DropShapes>;

}  // namespace mifa::app
