// From a chunk's bytes as stored to its elements in memory.
//
// Parse, prepare, run: zarr::ArrayMetadata is the parsed form; a ChunkDecoder is prepared from it
// once an array; decode() runs once a chunk. src/codec/byte_codec.h has the table of codecs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "codec/byte_codec.h"
#include "codec/bytes.h"
#include "codec/chunk_statistics.h"
#include "codec/permute.h"
#include "codec/workspace.h"
#include "core/result.h"
#include "zarr/array_metadata.h"

namespace mifa::codec {

// The order of axes that is wanted of decoded chunks.
struct OutputOrder {
  // Axis i of the output is the array's axis axes[i]: a permutation of 0 to rank - 1, or empty for
  // the array's own order.
  std::vector<int> axes;
};

struct DecodeLimits {
  // No chunk may be larger than this when decoded, whatever its metadata says. A 32-bit heap of 2
  // GiB must hold one chunk twice when it is transposed.
  static constexpr std::int64_t kHighestChunkBytes = std::int64_t{1} << 30;
  std::int64_t maximum_chunk_bytes = std::int64_t{512} << 20;  // bytes; clamped to the above
};

// The most that an encoder makes of `size` bytes, with room to spare: deflate, lz4, snappy and zstd
// expand by less than 1/6 and a header, Blosc by a header. Only for a compressor over a compressor.
constexpr std::int64_t expanded(std::int64_t size) { return size + size / 4 + 65536; }

class ShardDecoder;

class ChunkDecoder {
 public:
  // Plans the decoding of the array's chunks; of its inner chunks if its shards are read in parts
  // (array.partial_sharding()).
  static Result<ChunkDecoder> prepare(const zarr::ArrayMetadata& array,
                                      const OutputOrder& order = {},
                                      const DecodeLimits& limits = {});

  // Plans the decoding of a shard's index: uint64 of shape [inner chunks along each axis…, 2] with
  // offset and length of each, the axes in stored order. Precondition: array.partial_sharding().
  static Result<ChunkDecoder> prepare_shard_index(const zarr::ArrayMetadata& array,
                                                  const DecodeLimits& limits = {});

  // The decoded elements: native little-endian, C-contiguous, of output_shape().
  zarr::DataType data_type() const { return type_; }
  const std::vector<std::int64_t>& output_shape() const { return output_shape_; }
  std::int64_t output_bytes() const { return output_bytes_; }
  // Length of a stored chunk, where the codecs have a fixed one (so of every shard index that is
  // not compressed); kSizeDepends otherwise.
  std::int64_t stored_bytes() const { return stored_bytes_; }

  // Decodes one stored chunk into `out`, whose size is output_bytes(). After an error the contents
  // of `out` are unspecified. May be called from several threads, with a workspace each.
  Status decode(Bytes in, MutableBytes out, Workspace& workspace) const;

  // Of decoded pixels; `valid` counts the elements inside the array along each axis of the array
  // (in the array's own order, as zarr::valid_extent gives them).
  ChunkStatistics statistics(Bytes pixels, std::span<const std::int64_t> valid) const;

 private:
  friend class ShardDecoder;

  // One step: a codec, or a shard's decoder, or else a permutation of the axes.
  struct Stage {
    zarr::CodecSpec spec;
    const ByteCodec* codec = nullptr;
    std::shared_ptr<const ShardDecoder> shard;
    Permutation permutation;
    int element_size = 1;           // of what is permuted
    std::int64_t decoded_size = 0;  // or, unless exact, the most it can be
    bool exact = true;
  };
  struct Planning;

  ChunkDecoder() = default;
  // `fill` is for the inner chunks that a shard does not have.
  static Result<ChunkDecoder> plan(const std::vector<zarr::CodecSpec>& codecs,
                                   const std::vector<std::int64_t>& shape, zarr::DataType type,
                                   const zarr::Element& fill, const OutputOrder& order,
                                   const DecodeLimits& limits);
  Result<Bytes> run(const Stage& stage, Bytes in, MutableBytes out, Workspace& workspace) const;
  std::string where(const Stage& stage) const;
  Error wrong_size(std::int64_t received) const;

  zarr::DataType type_ = zarr::DataType::kUInt8;
  bool swap_ = false;
  std::vector<int> order_;  // as in OutputOrder, never empty unless the rank is 0
  std::vector<std::int64_t> output_shape_;
  std::int64_t output_bytes_ = 0;
  std::int64_t stored_bytes_ = 0;
  std::vector<Stage> stages_;  // in decoding order
  Permutation permutation_;    // from stored to output order
};

}  // namespace mifa::codec
