// A Zarr array's metadata, v2 (.zarray) and v3 (zarr.json), in one form.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "zarr/codec_spec.h"
#include "zarr/data_type.h"

namespace mifa::zarr {

// How a chunk's grid index becomes a store key.
struct ChunkKeyEncoding {
  enum class Style {
    kDefault,  // v3 "default": "c/0/1", "c" for rank 0
    kV2,       // "0.1", "0" for rank 0
    kFanout,   // "d0/1/23/d1/0/c" with `base` 100, "c" for rank 0
  };
  Style style = Style::kV2;
  char separator = '.';
  std::int64_t base = 0;            // kFanout only: of the digits of a coordinate
  std::string prefix = {};          // of the registered "prefix" and "suffix", around the key
  std::string suffix = {};
};

struct ArrayMetadata {
  int zarr_format = 2;
  std::vector<std::int64_t> shape;
  // Shape of one cell of the chunk grid, i.e. of one stored object (a shard, if sharded).
  // Same rank as shape; every extent at least 1.
  std::vector<std::int64_t> chunk_shape;
  DataType data_type = DataType::kUInt8;
  Element fill_value{};
  // In encoding order; decoding runs them backwards. v2 becomes [transpose], bytes, filters,
  // compressor.
  std::vector<CodecSpec> codecs;
  ChunkKeyEncoding key_encoding;
  std::vector<std::string> dimension_names;  // Empty, or one per axis ("" for null).

  int rank() const { return static_cast<int>(shape.size()); }

  // The sharding codec whose inner chunks can be read one by one: nothing but transposes is around
  // it. Null where a stored object is one chunk, decoded whole (which may mean: a shard).
  const ShardingCodec* partial_sharding() const;
  // The shape of what is read and decoded at once, along the array's axes: an inner chunk of
  // partial_sharding(), chunk_shape otherwise.
  const std::vector<std::int64_t>& inner_chunk_shape() const {
    return part_shape.empty() ? chunk_shape : part_shape;
  }
  std::vector<std::int64_t> part_shape;  // Set by the parser, with partial_sharding() only.
};

// Limits that keep a hostile file from costing memory before anything is read.
struct ArrayLimits {
  int maximum_rank = 32;  // dimensions; NumPy's own limit
  std::int64_t maximum_chunk_bytes = std::int64_t{1}
                                     << 30;  // decoded; a browser's tab lives with it
};

// Refuses an extension in zarr.json, of an array or a group, that this program does not know and
// that is not marked "must_understand": false (Zarr v3 core, "Extension points").
Status check_extensions(JsonView zarr_json);

// Parses a .zarray document.
Result<ArrayMetadata> parse_v2_array(JsonView zarray, const ArrayLimits& limits = {});

// Parses a zarr.json document with node_type "array".
Result<ArrayMetadata> parse_v3_array(JsonView zarr_json, const ArrayLimits& limits = {});

// Either, told apart by zarr_format.
Result<ArrayMetadata> parse_array(JsonView metadata, const ArrayLimits& limits = {});

}  // namespace mifa::zarr
