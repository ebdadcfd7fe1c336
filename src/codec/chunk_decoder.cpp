#include "codec/chunk_decoder.h"

#include <algorithm>
#include <numeric>

#include "core/checked.h"

namespace mifa::codec {
namespace {

using zarr::CodecSpec;

// The most that an encoder makes of `size` bytes, with room to spare: deflate, lz4, snappy and zstd
// expand by less than 1/6 and a header, Blosc by a header. Only for a compressor over a compressor.
std::int64_t expanded(std::int64_t size) { return size + size / 4 + 65536; }

bool is_permutation_of_axes(const std::vector<int>& axes, std::size_t rank) {
  std::vector<bool> seen(rank);
  for (const int axis : axes) {
    if (axis < 0 || static_cast<std::size_t>(axis) >= rank) return false;
    seen[static_cast<std::size_t>(axis)] = true;
  }
  return axes.size() == rank && std::find(seen.begin(), seen.end(), false) == seen.end();
}

std::vector<int> own_order(std::size_t rank) {
  std::vector<int> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

std::vector<std::int64_t> reordered(const std::vector<std::int64_t>& extents,
                                    const std::vector<int>& axes) {
  std::vector<std::int64_t> result;
  result.reserve(axes.size());
  for (const int axis : axes) result.push_back(extents[static_cast<std::size_t>(axis)]);
  return result;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text.empty() ? "1" : text;
}

bool inside(Bytes part, Bytes whole) {
  return part.data() >= whole.data() && part.data() < whole.data() + whole.size();
}

}  // namespace

Result<ChunkDecoder> ChunkDecoder::prepare(const zarr::ArrayMetadata& array,
                                           const OutputOrder& order, const DecodeLimits& limits) {
  const zarr::ShardingCodec* sharding = array.sharding();
  if (!sharding) return plan(array.codecs, array.chunk_shape, array.data_type, order, limits);
  for (const CodecSpec& spec : array.codecs) {
    const auto* transpose = spec.get_if<zarr::TransposeCodec>();
    if (!transpose || transpose->order == own_order(transpose->order.size())) continue;
    return Error{ErrorCode::kUnsupported,
                 "expected sharding_indexed without a transpose before it, received codec \"" +
                     spec.name + "\", while preparing to decode; put the transpose inside the "
                     "sharding codec's own codecs"};
  }
  return plan(sharding->codecs, sharding->chunk_shape, array.data_type, order, limits);
}

Result<ChunkDecoder> ChunkDecoder::prepare_shard_index(const zarr::ArrayMetadata& array,
                                                       const DecodeLimits& limits) {
  const zarr::ShardingCodec& sharding = *array.sharding();
  std::vector<std::int64_t> shape;
  for (std::size_t i = 0; i < array.chunk_shape.size(); ++i) {
    shape.push_back(ceil_divide(array.chunk_shape[i], sharding.chunk_shape[i]));
  }
  shape.push_back(2);
  return plan(sharding.index_codecs, shape, zarr::DataType::kUInt64, {}, limits);
}

Result<ChunkDecoder> ChunkDecoder::plan(const std::vector<CodecSpec>& codecs,
                                        const std::vector<std::int64_t>& shape, zarr::DataType type,
                                        const OutputOrder& order, const DecodeLimits& limits) {
  ChunkDecoder decoder;
  decoder.type_ = type;
  const std::size_t rank = shape.size();
  decoder.order_ = order.axes.empty() ? own_order(rank) : order.axes;
  if (!is_permutation_of_axes(decoder.order_, rank)) {
    return Error{ErrorCode::kFixData, "expected an output order that names each of the " +
                                          std::to_string(rank) +
                                          " axes once, received another, while preparing to decode"};
  }

  const std::int64_t limit = std::min(limits.maximum_chunk_bytes, DecodeLimits::kHighestChunkBytes);
  const auto elements = checked_product(shape);
  const auto bytes = elements ? checked_multiply(*elements, zarr::byte_size(type)) : std::nullopt;
  if (!bytes || *bytes > limit) {
    return Error{ErrorCode::kLimit,
                 "expected chunks of at most " + std::to_string(limit >> 20) +
                     " MiB when decoded, received a chunk shape of " + shape_text(shape) + " " +
                     zarr::name(type) + ", while preparing to decode; write the array again in "
                     "smaller chunks"};
  }
  decoder.output_shape_ = reordered(shape, decoder.order_);
  decoder.output_bytes_ = *bytes;

  std::vector<int> stored_axes = own_order(rank);  // stored axis i is array axis stored_axes[i]
  std::int64_t size = *bytes;
  bool exact = true;
  for (const CodecSpec& spec : codecs) {
    if (const auto* transpose = spec.get_if<zarr::TransposeCodec>()) {
      std::vector<int> composed;
      for (const int axis : transpose->order) {
        composed.push_back(stored_axes[static_cast<std::size_t>(axis)]);
      }
      stored_axes = composed;
    } else if (const auto* serializer = spec.get_if<zarr::BytesCodec>()) {
      decoder.swap_ = serializer->big_endian && zarr::byte_size(type) > 1;
    } else if (const ByteCodec* codec = find_byte_codec(spec)) {
      decoder.stages_.push_back({spec, codec, size, exact});
      const std::int64_t encoded = codec->encoded_size(spec, size);
      exact = exact && encoded != kSizeDepends;
      size = encoded == kSizeDepends ? expanded(size) : encoded;
    } else {
      return Error{ErrorCode::kUnsupported, "expected codecs that decode a chunk in one step, "
                                            "received \"" + spec.name +
                                                "\" inside another sharding codec, while preparing "
                                                "to decode; write the array with one level of shards"};
    }
  }
  decoder.stored_bytes_ = exact ? size : kSizeDepends;
  std::reverse(decoder.stages_.begin(), decoder.stages_.end());

  std::vector<int> stored_place(rank);  // the inverse of stored_axes
  for (std::size_t i = 0; i < rank; ++i) {
    stored_place[static_cast<std::size_t>(stored_axes[i])] = static_cast<int>(i);
  }
  std::vector<int> gather;  // output axis i is stored axis gather[i]
  for (const int axis : decoder.order_) {
    gather.push_back(stored_place[static_cast<std::size_t>(axis)]);
  }
  decoder.permutation_ = Permutation(reordered(shape, stored_axes), gather);
  return decoder;
}

std::string ChunkDecoder::where(const Stage& stage) const {
  return "decoding " + stage.spec.name + " of a " + shape_text(output_shape_) + " " +
         zarr::name(type_) + " chunk";
}

Error ChunkDecoder::wrong_size(std::int64_t received) const {
  return {ErrorCode::kFixData, "expected " + count_bytes(output_bytes_) + " (" +
                                   shape_text(output_shape_) + " of " + zarr::name(type_) +
                                   "), received " + count_bytes(received) +
                                   " after all codecs, while decoding a chunk; the array's chunk "
                                   "shape, data type or codecs do not match what was stored"};
}

Status ChunkDecoder::decode(Bytes in, MutableBytes out, Workspace& workspace) const {
  if (ssize(out) != output_bytes_) return wrong_size(ssize(out));
  const bool direct = permutation_.is_identity();
  Bytes current = in;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    MutableBytes target = out;
    if (i + 1 < stages_.size() || !direct) {
      target = workspace.stage[i % 2].reserve(stage.decoded_size);
      if (!target.data() && stage.decoded_size > 0) return out_of_memory(stage.decoded_size);
    }
    auto decoded = stage.codec->decode(stage.spec, current, target, workspace);
    if (!decoded) {
      Error error = std::move(decoded).error().within(where(stage));
      if (error.code == ErrorCode::kFixData) {
        error.message += "; the stored chunk is damaged or was not written with this codec: upload "
                         "or write it again";
      }
      return error;
    }
    current = *decoded;
    if (stage.exact && ssize(current) != stage.decoded_size && i + 1 < stages_.size()) {
      return damaged(count_bytes(stage.decoded_size), count_bytes(ssize(current))).within(where(stage));
    }
  }
  if (ssize(current) != output_bytes_) return wrong_size(ssize(current));
  const int element_size = zarr::byte_size(type_);
  if (!direct) {
    permutation_.run(current, out, element_size, swap_);
    return Success{};
  }
  if (!inside(current, out)) std::memcpy(out.data(), current.data(), out.size());
  if (swap_) swap_bytes(out, element_size);
  return Success{};
}

ChunkStatistics ChunkDecoder::statistics(Bytes pixels, std::span<const std::int64_t> valid) const {
  std::vector<std::int64_t> extent(valid.begin(), valid.end());
  if (extent.size() != order_.size()) return {};
  extent = reordered(extent, order_);
  for (std::size_t i = 0; i < extent.size(); ++i) {
    extent[i] = std::clamp<std::int64_t>(extent[i], 0, output_shape_[i]);
  }
  return measure(pixels, type_, output_shape_, extent);
}

}  // namespace mifa::codec
