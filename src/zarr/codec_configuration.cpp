#include "zarr/codec_configuration.h"

#include <algorithm>

#include "core/checked.h"

namespace mifa::zarr {
namespace {

constexpr int kMaximumNesting = 4;             // sharding inside sharding inside …
constexpr std::int64_t kMaximumShuffle = 255;  // bytes an element

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

// The type that a codec's configuration gives its decoded or encoded elements; in v3 the byte order
// is the bytes codec's affair.
Result<V2DataType> parse_element_type(JsonView value, const CodecContext& context) {
  if (!context.v3) return parse_v2_data_type(value);
  auto type = parse_numpy_data_type(value);
  if (type) type->big_endian = false;
  return type;
}

// `decoded` and `encoded` are the members' names. In v3 the array's type may stand for the first;
// the second is the same as the first when absent. Leaves the encoded type in the context.
Result<ElementTypes> parse_element_types(JsonView configuration, CodecContext& context,
                                         const char* decoded, const char* encoded) {
  ElementTypes types{{context.type, false}, {}};
  if (!context.v3 || configuration[decoded].exists()) {
    auto type = parse_element_type(configuration[decoded], context);
    if (!type) return std::move(type).error();
    types.decoded = *type;
    if (context.v3 && type->type != context.type) {
      return configuration[decoded].mismatch(
          std::string("the type of the elements that it is given, ") + name(context.type));
    }
  }
  types.encoded = types.decoded;
  if (configuration[encoded].exists()) {
    auto type = parse_element_type(configuration[encoded], context);
    if (!type) return std::move(type).error();
    types.encoded = *type;
  }
  context.type = types.encoded.type;
  return types;
}

// Whether every value of `from` is one of `to`.
bool holds_all(DataType to, DataType from) {
  if (to == from || from == DataType::kBool) return true;
  if (is_float(to)) return !is_float(from) || byte_size(to) >= byte_size(from);
  if (is_float(from) || to == DataType::kBool) return false;
  if (is_signed(from) && !is_signed(to)) return false;
  return byte_size(to) > byte_size(from) ||
         (byte_size(to) == byte_size(from) && is_signed(to) == is_signed(from));
}

// One entry of "shape" of "reshape": a size, the product of some of the given sizes, or -1 (kept).
Result<std::int64_t> reshaped_extent(JsonView entry, const CodecContext& context) {
  if (!entry.is_array()) return entry.expect_integer(-1, INT64_MAX);
  auto axes = entry.expect_integers(0, context.rank() - 1);
  if (!axes) return std::move(axes).error();
  std::int64_t product = 1;
  for (const std::int64_t axis : *axes) {
    product = checked_multiply(product, context.shape[at(axis)]).value_or(0);
  }
  return product;
}

bool has_fixed_size(const CodecSpec& spec) {
  return spec.get_if<BytesCodec>() || spec.get_if<TransposeCodec>() ||
         spec.get_if<ReshapeCodec>() || spec.get_if<Crc32cCodec>() ||
         spec.get_if<ChecksumCodec>() || spec.get_if<ShuffleCodec>();
}

}  // namespace

Result<CodecSpec> parse_bytes(JsonView configuration, CodecContext& context) {
  BytesCodec codec;
  const JsonView endian = configuration["endian"];
  const auto text = endian.string();
  if (text == "big") {
    codec.big_endian = byte_size(context.type) > 1;
  } else if (text != "little" && endian.exists() && !endian.is_null()) {
    // Absent, it is little: "bytes" alone is written for wide types too, and readers agree on it.
    return endian.mismatch("\"little\" or \"big\"");
  }
  return CodecSpec{{}, codec};
}

Result<CodecSpec> parse_transpose(JsonView configuration, CodecContext& context) {
  const JsonView order_view = configuration["order"];
  const int rank = context.rank();
  TransposeCodec codec;
  // "C" and "F" were allowed in early v3 drafts and are still written.
  if (const auto letter = order_view.string(); letter == "C" || letter == "F") {
    for (int i = 0; i < rank; ++i) codec.order.push_back(letter == "C" ? i : rank - 1 - i);
  } else {
    auto order = order_view.expect_integers(0, rank - 1);
    if (!order) return std::move(order).error();
    std::vector<bool> seen(at(rank));
    for (const std::int64_t axis : *order) {
      seen[at(axis)] = true;
      codec.order.push_back(static_cast<int>(axis));
    }
    if (static_cast<int>(codec.order.size()) != rank ||
        std::find(seen.begin(), seen.end(), false) != seen.end()) {
      return order_view.mismatch("a permutation of 0 to " + std::to_string(rank - 1));
    }
  }
  std::vector<std::int64_t> shape;
  for (const int axis : codec.order) shape.push_back(context.shape[at(axis)]);
  context.shape = std::move(shape);
  return CodecSpec{{}, std::move(codec)};
}

Result<CodecSpec> parse_reshape(JsonView configuration, CodecContext& context) {
  const JsonView shape_view = configuration["shape"];
  if (!shape_view.is_array() || shape_view.size() > 32)
    return shape_view.mismatch("a list of extents");
  ReshapeCodec codec;
  std::int64_t product = 1;
  std::int64_t open = -1;  // the entry that says -1
  for (std::int64_t i = 0; i < shape_view.size(); ++i) {
    auto extent = reshaped_extent(shape_view[i], context);
    if (!extent) return std::move(extent).error();
    codec.shape.push_back(*extent);
    if (*extent == -1 && open == -1) {
      open = i;
    } else {
      // Zero where it overflows or two are open: never the number of elements.
      product = *extent < 0 ? 0 : checked_multiply(product, *extent).value_or(0);
    }
  }
  const std::int64_t elements = checked_product(context.shape).value_or(0);
  if (open >= 0 && product > 0 && elements % product == 0) {
    codec.shape[at(open)] = elements / product;
    product = elements;
  }
  if (product == 0 || product != elements) {
    return shape_view.mismatch("a shape with the " + std::to_string(elements) +
                               " elements that it is given");
  }
  context.shape = codec.shape;
  return CodecSpec{{}, std::move(codec)};
}

Result<CodecSpec> parse_crc32c(JsonView configuration, CodecContext&) {
  return CodecSpec{{}, Crc32cCodec{configuration["location"].string() == "start"}};
}

Result<CodecSpec> parse_shuffle(JsonView configuration, CodecContext& context) {
  const JsonView value = configuration["elementsize"];
  // Absent, zarr-python takes the array's element in v3, numcodecs 4 in v2; 0 is 1 to numcodecs.
  if (!value.exists()) return CodecSpec{{}, ShuffleCodec{context.v3 ? byte_size(context.type) : 4}};
  auto size = value.expect_integer(0, kMaximumShuffle);
  if (!size) return std::move(size).error();
  return CodecSpec{{}, ShuffleCodec{std::max(1, static_cast<int>(*size))}};
}

Result<CodecSpec> parse_delta(JsonView configuration, CodecContext& context) {
  auto types = parse_element_types(configuration, context, "dtype", "astype");
  if (!types) return std::move(types).error();
  return CodecSpec{{}, DeltaCodec{*types}};
}

Result<CodecSpec> parse_fixed_scale_offset(JsonView configuration, CodecContext& context) {
  auto types = parse_element_types(configuration, context, "dtype", "astype");
  if (!types) return std::move(types).error();
  auto offset = configuration["offset"].expect_number();
  if (!offset) return std::move(offset).error();
  auto scale = configuration["scale"].expect_number();
  if (!scale) return std::move(scale).error();
  if (*scale == 0) return configuration["scale"].mismatch("a scale other than 0");
  return CodecSpec{{}, FixedScaleOffsetCodec{*types, *offset, *scale}};
}

// Either may be absent, which changes nothing; both are of the array's type.
Result<CodecSpec> parse_scale_offset(JsonView configuration, CodecContext& context) {
  FixedScaleOffsetCodec codec{{{context.type, false}, {context.type, false}}, 0, 1};
  for (const char* member : {"offset", "scale"}) {
    const JsonView value = configuration[member];
    if (!value.exists()) continue;
    auto element = parse_fill_value(value, context.type);
    if (!element) return std::move(element).error();
    (*member == 'o' ? codec.offset : codec.scale) = to_double(*element, context.type);
  }
  if (codec.scale == 0) return configuration["scale"].mismatch("a scale other than 0");
  return CodecSpec{{}, codec};
}

Result<CodecSpec> parse_astype(JsonView configuration, CodecContext& context) {
  auto types = parse_element_types(configuration, context, "decode_dtype", "encode_dtype");
  if (!types) return std::move(types).error();
  return CodecSpec{{}, CastCodec{*types}};
}

Result<CodecSpec> parse_quantize(JsonView configuration, CodecContext& context) {
  auto types = parse_element_types(configuration, context, "dtype", "astype");
  if (!types) return std::move(types).error();
  return CodecSpec{{}, CastCodec{*types}};
}

Result<CodecSpec> parse_cast_value(JsonView configuration, CodecContext& context) {
  auto encoded = parse_v3_data_type(configuration["data_type"]);
  if (!encoded) return std::move(encoded).error();
  const bool mapped = configuration["scalar_map"]["decode"].size() > 0;
  if (mapped || !holds_all(context.type, *encoded)) {
    Error error = configuration.mismatch(
        mapped ? std::string("no scalar_map for decoding")
               : std::string("a cast that is undone without rounding, to ") + name(context.type));
    error.code = ErrorCode::kUnsupported;
    return error;
  }
  const CastCodec codec{{{context.type, false}, {*encoded, false}}};
  context.type = *encoded;
  return CodecSpec{{}, codec};
}

Result<CodecSpec> parse_packbits(JsonView configuration, CodecContext& context) {
  using Padding = PackBitsCodec::Padding;
  const int width = context.type == DataType::kBool ? 1 : byte_size(context.type) * 8;
  const auto bit = [&](const char* member, std::int64_t fallback,
                       std::int64_t least) -> Result<std::int64_t> {
    const JsonView value = configuration[member];
    if (!value.exists() || value.is_null()) return fallback;
    return value.expect_integer(least, width - 1);
  };
  auto first = bit("first_bit", 0, 0);
  if (!first) return std::move(first).error();
  auto last = bit("last_bit", width - 1, *first);
  if (!last) return std::move(last).error();
  PackBitsCodec codec{context.type, static_cast<int>(*first), static_cast<int>(*last - *first + 1),
                      Padding::kNone, false};
  const JsonView padding = configuration["padding_encoding"];
  const auto text = padding.string();
  if (text == "first_byte" || text == "last_byte") {
    codec.padding = text == "first_byte" ? Padding::kFirstByte : Padding::kLastByte;
  } else if (padding.exists() && text != "none") {
    return padding.mismatch("\"first_byte\", \"last_byte\" or \"none\"");
  }
  return CodecSpec{{}, codec};
}

Result<CodecSpec> parse_numcodecs_packbits(JsonView configuration, CodecContext& context) {
  if (context.v3) {
    if (context.type != DataType::kBool) return configuration.mismatch("an array of bool");
    const std::int64_t bits = checked_product(context.shape).value_or(0);
    context.shape = {1 + bits / 8 + (bits % 8 != 0 ? 1 : 0)};
    context.type = DataType::kUInt8;
  }
  return CodecSpec{{}, PackBitsCodec{}};
}

Result<CodecSpec> parse_sharding(JsonView configuration, CodecContext& context) {
  if (context.nesting >= kMaximumNesting) {
    return Error{ErrorCode::kLimit, "expected at most " + std::to_string(kMaximumNesting) +
                                        " nested sharding codecs, received more, at " +
                                        configuration.pointer() + " of " + configuration.file()};
  }
  const JsonView shape_view = configuration["chunk_shape"];
  ShardingCodec codec;
  auto shape = shape_view.expect_integers(1, INT64_MAX);
  if (!shape) return std::move(shape).error();
  codec.chunk_shape = *std::move(shape);
  if (codec.chunk_shape.size() != context.shape.size()) {
    return shape_view.mismatch(std::to_string(context.rank()) + " extents, one per dimension");
  }
  std::vector<std::int64_t> index_shape;
  for (std::size_t i = 0; i < context.shape.size(); ++i) {
    const std::int64_t inner = codec.chunk_shape[i];
    if (context.shape[i] % inner != 0) {
      return shape_view.mismatch("inner chunks that tile the shard: in dimension " +
                                 std::to_string(i) + " a divisor of " +
                                 std::to_string(context.shape[i]));
    }
    index_shape.push_back(context.shape[i] / inner);
  }
  // zarr-python takes these where they are absent.
  codec.codecs = {CodecSpec{"bytes", BytesCodec{}}};
  codec.index_codecs = {CodecSpec{"bytes", BytesCodec{}}, CodecSpec{"crc32c", Crc32cCodec{}}};
  if (const JsonView codecs = configuration["codecs"]; codecs.exists()) {
    auto inner =
        parse_codec_chain(codecs, {codec.chunk_shape, context.type, context.nesting + 1, true});
    if (!inner) return std::move(inner).error();
    codec.codecs = *std::move(inner);
  }
  if (const JsonView codecs = configuration["index_codecs"]; codecs.exists()) {
    // An array of uint64 pairs with one more dimension than the grid of inner chunks.
    index_shape.push_back(2);
    auto index =
        parse_codec_chain(codecs, {index_shape, DataType::kUInt64, context.nesting + 1, true});
    if (!index) return std::move(index).error();
    codec.index_codecs = *std::move(index);
    for (const CodecSpec& spec : codec.index_codecs) {
      if (has_fixed_size(spec)) continue;
      return codecs.mismatch(
          "index codecs whose stored size is fixed, as the specification of "
          "sharding_indexed demands (bytes and crc32c; \"" +
          spec.name + "\" is not): nobody could tell where the index begins");
    }
  }
  const JsonView location = configuration["index_location"];
  if (location.exists()) {
    const auto text = location.string();
    if (text != "start" && text != "end") return location.mismatch("\"start\" or \"end\"");
    codec.index_at_start = text == "start";
  }
  return CodecSpec{{}, std::move(codec)};
}

}  // namespace mifa::zarr
