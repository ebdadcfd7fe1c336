#include "codec/chunk_decoder.h"

#include <algorithm>
#include <numeric>

#include "codec/shard_decoder.h"
#include "core/checked.h"

namespace mifa::codec {
namespace {

using zarr::CodecSpec;

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

// The order of axes `order` of what has the order `axes`.
std::vector<int> reordered_axes(const std::vector<int>& axes, const std::vector<int>& order) {
  std::vector<int> result;
  for (const int axis : order) result.push_back(axes[static_cast<std::size_t>(axis)]);
  return result;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape)
    text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text.empty() ? "1" : text;
}

bool inside(Bytes part, Bytes whole) {
  return part.data() >= whole.data() && part.data() < whole.data() + whole.size();
}

}  // namespace

// What planning keeps in mind from codec to codec, in encoding order.
struct ChunkDecoder::Planning {
  ChunkDecoder& decoder;
  std::vector<std::int64_t> shape;  // of the array behind the last stage
  std::vector<int> axes;            // stored axis i is axis axes[i] of that: the transposes since
  zarr::DataType type;
  std::int64_t size = 0;  // bytes of the encoded form so far, or the most they can be
  bool exact = true;
  bool settled = false;  // the permutation to the output's order is known
  bool retyped = false;  // a codec that works on elements sees to the byte order

  // The transposes so far become the decoder's own permutation, or a stage.
  void settle() {
    if (!settled) {
      std::vector<int> place(axes.size());  // the inverse of axes
      for (std::size_t i = 0; i < axes.size(); ++i) {
        place[static_cast<std::size_t>(axes[i])] = static_cast<int>(i);
      }
      std::vector<int> gather;  // output axis i is stored axis gather[i]
      for (const int axis : decoder.order_) {
        gather.push_back(place[static_cast<std::size_t>(axis)]);
      }
      decoder.permutation_ = Permutation(reordered(shape, axes), gather);
      settled = true;
    } else {
      std::vector<int> place(axes.size());
      for (std::size_t i = 0; i < axes.size(); ++i) {
        place[static_cast<std::size_t>(axes[i])] = static_cast<int>(i);
      }
      Stage stage{{"transpose", zarr::TransposeCodec{}},
                  nullptr,
                  nullptr,
                  Permutation(reordered(shape, axes), place),
                  zarr::byte_size(type),
                  size,
                  true};
      if (!stage.permutation.is_identity()) decoder.stages_.push_back(std::move(stage));
    }
    become(reordered(shape, axes));
  }

  void become(std::vector<std::int64_t> new_shape) {
    shape = std::move(new_shape);
    axes = own_order(shape.size());
  }

  void transpose(const std::vector<int>& order) { axes = reordered_axes(axes, order); }

  void encode(const CodecSpec& spec, const ByteCodec* codec) {
    decoder.stages_.push_back({spec, codec, nullptr, {}, 1, size, exact});
    const std::int64_t encoded = codec->encoded_size(spec, size);
    exact = exact && encoded != kSizeDepends;
    size = encoded == kSizeDepends ? expanded(size) : encoded;
  }

  Status shard(const CodecSpec& spec, const zarr::Element& fill, const DecodeLimits& limits) {
    settle();
    if (type != decoder.type_) {
      return Error{ErrorCode::kUnsupported,
                   "expected the array's data type in its shards, received another through a codec "
                   "before sharding_indexed, while preparing to decode; put that codec inside the "
                   "sharding codec's own codecs"};
    }
    auto shard =
        ShardDecoder::prepare(*spec.get_if<zarr::ShardingCodec>(), shape, type, fill, limits);
    if (!shard) return std::move(shard).error();
    const std::int64_t most = shard->most_stored_bytes();
    decoder.stages_.push_back({{spec.name, zarr::BytesCodec{}},
                               nullptr,
                               std::make_shared<const ShardDecoder>(*std::move(shard)),
                               {},
                               1,
                               size,
                               true});
    size = most;
    exact = false;
    return Success{};
  }

  Status add(const CodecSpec& spec, const zarr::Element& fill, const DecodeLimits& limits) {
    if (const auto* transposed = spec.get_if<zarr::TransposeCodec>()) {
      transpose(transposed->order);
    } else if (const auto* reshape = spec.get_if<zarr::ReshapeCodec>()) {
      settle();
      become(reshape->shape);
    } else if (const auto* bytes = spec.get_if<zarr::BytesCodec>()) {
      settle();
      decoder.swap_ = !retyped && bytes->big_endian && zarr::byte_size(type) > 1;
    } else if (spec.get_if<zarr::ShardingCodec>()) {
      return shard(spec, fill, limits);
    } else {
      // Behind the array→bytes codec this changes nothing: there is nothing left to settle.
      settle();
      encode(spec, find_byte_codec(spec));
      if (const auto* types = zarr::element_types(spec)) {
        type = types->encoded.type;
        retyped = true;
      } else if (spec.get_if<zarr::PackBitsCodec>()) {
        type = zarr::DataType::kUInt8;
        become({size});
      }
    }
    return Success{};
  }
};

Result<ChunkDecoder> ChunkDecoder::prepare(const zarr::ArrayMetadata& array,
                                           const OutputOrder& order, const DecodeLimits& limits) {
  const zarr::ShardingCodec* sharding = array.partial_sharding();
  if (!sharding) {
    return plan(array.codecs, array.chunk_shape, array.data_type, array.fill_value, order, limits);
  }
  // An inner chunk is stored with the shard's transposes before its own.
  std::vector<CodecSpec> codecs(array.codecs.begin(), array.codecs.end() - 1);
  codecs.insert(codecs.end(), sharding->codecs.begin(), sharding->codecs.end());
  return plan(codecs, array.inner_chunk_shape(), array.data_type, array.fill_value, order, limits);
}

Result<ChunkDecoder> ChunkDecoder::prepare_shard_index(const zarr::ArrayMetadata& array,
                                                       const DecodeLimits& limits) {
  const zarr::ShardingCodec& sharding = *array.partial_sharding();
  const std::vector<std::int64_t> stored =
      reordered(array.chunk_shape, zarr::stored_axes(array.codecs, array.rank()));
  std::vector<std::int64_t> shape;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    shape.push_back(stored[i] / sharding.chunk_shape[i]);
  }
  shape.push_back(2);
  return plan(sharding.index_codecs, shape, zarr::DataType::kUInt64, {}, {}, limits);
}

Result<ChunkDecoder> ChunkDecoder::plan(const std::vector<CodecSpec>& codecs,
                                        const std::vector<std::int64_t>& shape, zarr::DataType type,
                                        const zarr::Element& fill, const OutputOrder& order,
                                        const DecodeLimits& limits) {
  ChunkDecoder decoder;
  decoder.type_ = type;
  const std::size_t rank = shape.size();
  decoder.order_ = order.axes.empty() ? own_order(rank) : order.axes;
  if (!is_permutation_of_axes(decoder.order_, rank)) {
    return Error{ErrorCode::kFixData,
                 "expected an output order that names each of the " + std::to_string(rank) +
                     " axes once, received another, while preparing to decode"};
  }

  const std::int64_t limit = std::min(limits.maximum_chunk_bytes, DecodeLimits::kHighestChunkBytes);
  const auto elements = checked_product(shape);
  const auto bytes = elements ? checked_multiply(*elements, zarr::byte_size(type)) : std::nullopt;
  if (!bytes || *bytes > limit) {
    return Error{ErrorCode::kLimit, "expected chunks of at most " + std::to_string(limit >> 20) +
                                        " MiB when decoded, received a chunk shape of " +
                                        shape_text(shape) + " " + zarr::name(type) +
                                        ", while preparing to decode; write the array again in "
                                        "smaller chunks"};
  }
  decoder.output_shape_ = reordered(shape, decoder.order_);
  decoder.output_bytes_ = *bytes;

  Planning planning{decoder, shape, own_order(rank), type, *bytes};
  for (const CodecSpec& spec : codecs) {
    if (auto added = planning.add(spec, fill, limits); !added) return std::move(added).error();
  }
  decoder.stored_bytes_ = planning.exact ? planning.size : kSizeDepends;
  std::reverse(decoder.stages_.begin(), decoder.stages_.end());
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

Result<Bytes> ChunkDecoder::run(const Stage& stage, Bytes in, MutableBytes out,
                                Workspace& workspace) const {
  if (stage.codec) return stage.codec->decode(stage.spec, in, out, workspace);
  if (stage.shard) {
    if (auto done = stage.shard->decode(in, out, workspace); !done) return std::move(done).error();
  } else {
    if (in.size() != out.size()) return damaged(count_bytes(ssize(out)), count_bytes(ssize(in)));
    stage.permutation.run(in, out, stage.element_size, false);
  }
  return Bytes(out);
}

Status ChunkDecoder::decode(Bytes in, MutableBytes out, Workspace& workspace) const {
  if (ssize(out) != output_bytes_) return wrong_size(ssize(out));
  const bool direct = permutation_.is_identity();
  Bytes current = in;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    MutableBytes target = out;
    if (i + 1 < stages_.size() || !direct) {
      // Not the buffer that holds the input: a codec that only strips something stays in its own.
      Buffer& buffer = workspace.stage[inside(current, workspace.stage[0].block()) ? 1 : 0];
      target = buffer.reserve(stage.decoded_size);
      if (!target.data() && stage.decoded_size > 0) return out_of_memory(stage.decoded_size);
    }
    auto decoded = run(stage, current, target, workspace);
    if (!decoded) {
      Error error = std::move(decoded).error().within(where(stage));
      if (error.code == ErrorCode::kFixData && !stage.shard) {
        error.message +=
            "; the stored chunk is damaged or was not written with this codec: upload "
            "or write it again";
      }
      return error;
    }
    current = *decoded;
    if (stage.exact && ssize(current) != stage.decoded_size && i + 1 < stages_.size()) {
      return damaged(count_bytes(stage.decoded_size), count_bytes(ssize(current)))
          .within(where(stage));
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
