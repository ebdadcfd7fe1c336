#include "zarr/codec_spec.h"

#include <algorithm>
#include <functional>

namespace mifa::zarr {
namespace {

constexpr int kMaximumCodecs = 16;      // a chain longer than this is an attack
constexpr int kMaximumNesting = 4;      // sharding inside sharding inside …
constexpr std::int64_t kMaximumShuffle = 255;  // bytes an element

enum class Kind { kArrayToArray, kArrayToBytes, kBytesToBytes };

struct Context {
  int rank = 0;
  DataType type = DataType::kUInt8;
  int nesting = 0;
};

struct Parsed {
  CodecSpec spec;
  Kind kind;
};

using Parser = Result<CodecSpec> (*)(JsonView configuration, const Context& context);

Result<std::vector<CodecSpec>> parse_chain(JsonView codecs, const Context& context);

template <typename T>
Result<CodecSpec> plain(JsonView, const Context&) {
  return CodecSpec{{}, T{}};
}

Result<CodecSpec> parse_bytes(JsonView configuration, const Context& context) {
  BytesCodec codec;
  const JsonView endian = configuration["endian"];
  const auto text = endian.string();
  if (text == "big") {
    codec.big_endian = byte_size(context.type) > 1;
  } else if (text != "little" && (endian.exists() || byte_size(context.type) > 1)) {
    return endian.mismatch("\"little\" or \"big\"");
  }
  return CodecSpec{{}, codec};
}

Result<CodecSpec> parse_transpose(JsonView configuration, const Context& context) {
  const JsonView order_view = configuration["order"];
  TransposeCodec codec;
  // "C" and "F" were allowed in early v3 drafts and are still written.
  if (const auto letter = order_view.string(); letter == "C" || letter == "F") {
    for (int i = 0; i < context.rank; ++i) {
      codec.order.push_back(letter == "C" ? i : context.rank - 1 - i);
    }
    return CodecSpec{{}, codec};
  }
  auto order = order_view.expect_integers(0, context.rank - 1);
  if (!order) return std::move(order).error();
  std::vector<bool> seen(static_cast<std::size_t>(context.rank));
  for (const std::int64_t axis : *order) {
    seen[static_cast<std::size_t>(axis)] = true;
    codec.order.push_back(static_cast<int>(axis));
  }
  if (static_cast<int>(codec.order.size()) != context.rank ||
      std::find(seen.begin(), seen.end(), false) != seen.end()) {
    return order_view.mismatch("a permutation of 0 to " + std::to_string(context.rank - 1));
  }
  return CodecSpec{{}, std::move(codec)};
}

Result<CodecSpec> parse_crc32c(JsonView configuration, const Context&) {
  return CodecSpec{{}, Crc32cCodec{configuration["location"].string() == "start"}};
}

Result<CodecSpec> parse_shuffle(JsonView configuration, const Context&) {
  auto size = configuration["elementsize"].expect_integer(1, kMaximumShuffle);
  if (!size) return std::move(size).error();
  return CodecSpec{{}, ShuffleCodec{static_cast<int>(*size)}};
}

// numcodecs' "dtype" (decoded) and "astype" (encoded, the same when absent).
Result<std::pair<V2DataType, V2DataType>> parse_dtype_pair(JsonView configuration) {
  auto decoded = parse_v2_data_type(configuration["dtype"]);
  if (!decoded) return std::move(decoded).error();
  if (!configuration["astype"].exists()) return std::pair{*decoded, *decoded};
  auto encoded = parse_v2_data_type(configuration["astype"]);
  if (!encoded) return std::move(encoded).error();
  return std::pair{*decoded, *encoded};
}

Result<CodecSpec> parse_delta(JsonView configuration, const Context&) {
  auto types = parse_dtype_pair(configuration);
  if (!types) return std::move(types).error();
  return CodecSpec{{}, DeltaCodec{types->first, types->second}};
}

Result<CodecSpec> parse_fixed_scale_offset(JsonView configuration, const Context&) {
  auto types = parse_dtype_pair(configuration);
  if (!types) return std::move(types).error();
  auto offset = configuration["offset"].expect_number();
  if (!offset) return std::move(offset).error();
  auto scale = configuration["scale"].expect_number();
  if (!scale) return std::move(scale).error();
  if (*scale == 0) return configuration["scale"].mismatch("a scale other than 0");
  return CodecSpec{{}, FixedScaleOffsetCodec{*offset, *scale, types->first, types->second}};
}

Result<CodecSpec> parse_sharding(JsonView configuration, const Context& context) {
  if (context.nesting >= kMaximumNesting) {
    return Error{ErrorCode::kLimit, "expected at most " + std::to_string(kMaximumNesting) +
                                        " nested sharding codecs, received more, at " +
                                        configuration.pointer() + " of " + configuration.file()};
  }
  ShardingCodec codec;
  auto shape = configuration["chunk_shape"].expect_integers(1, INT64_MAX);
  if (!shape) return std::move(shape).error();
  if (static_cast<int>(shape->size()) != context.rank) {
    return configuration["chunk_shape"].mismatch(std::to_string(context.rank) +
                                                 " extents, one per dimension");
  }
  codec.chunk_shape = *std::move(shape);
  auto inner = parse_chain(configuration["codecs"],
                           {context.rank, context.type, context.nesting + 1});
  if (!inner) return std::move(inner).error();
  codec.codecs = *std::move(inner);
  // The index is an array of uint64 pairs with one more dimension than the chunk grid.
  auto index = parse_chain(configuration["index_codecs"],
                           {context.rank + 1, DataType::kUInt64, context.nesting + 1});
  if (!index) return std::move(index).error();
  codec.index_codecs = *std::move(index);
  const JsonView location = configuration["index_location"];
  if (location.exists()) {
    const auto text = location.string();
    if (text != "start" && text != "end") return location.mismatch("\"start\" or \"end\"");
    codec.index_at_start = text == "start";
  }
  return CodecSpec{{}, std::move(codec)};
}

struct TableRow {
  const char* name;
  Kind kind;
  bool in_v3;
  bool in_v2;
  Parser parse;
};

// numcodecs' codecs may appear in v3 under "numcodecs.<id>".
constexpr TableRow kTable[] = {
    {"bytes", Kind::kArrayToBytes, true, false, parse_bytes},
    {"transpose", Kind::kArrayToArray, true, false, parse_transpose},
    {"sharding_indexed", Kind::kArrayToBytes, true, false, parse_sharding},
    {"blosc", Kind::kBytesToBytes, true, true, plain<BloscCodec>},
    {"zstd", Kind::kBytesToBytes, true, true, plain<ZstdCodec>},
    {"gzip", Kind::kBytesToBytes, true, true, plain<GzipCodec>},
    {"zlib", Kind::kBytesToBytes, true, true, plain<ZlibCodec>},
    {"lz4", Kind::kBytesToBytes, true, true, plain<Lz4Codec>},
    {"crc32c", Kind::kBytesToBytes, true, true, parse_crc32c},
    {"shuffle", Kind::kBytesToBytes, true, true, parse_shuffle},
    {"delta", Kind::kBytesToBytes, false, true, parse_delta},
    {"fixedscaleoffset", Kind::kBytesToBytes, false, true, parse_fixed_scale_offset},
    {"packbits", Kind::kBytesToBytes, false, true, plain<PackBitsCodec>},
};

const TableRow* find_row(std::string_view name, bool v3) {
  constexpr std::string_view kPrefix = "numcodecs.";
  if (v3 && name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  for (const TableRow& row : kTable) {
    if (name == row.name && (v3 ? row.in_v3 : row.in_v2)) return &row;
  }
  return nullptr;
}

Error unknown_codec(JsonView place, const std::string& name, bool v3) {
  std::string known;
  for (const TableRow& row : kTable) {
    if (v3 ? row.in_v3 : row.in_v2) known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return {ErrorCode::kUnsupported, "unknown codec \"" + name + "\" at " + place.pointer() + " of " +
                                       place.file() + "; this viewer decodes " + known +
                                       ". Write the array again with one of these"};
}

// v3 allows a bare string where a codec has no configuration (Zarr v3.1).
JsonView codec_name(JsonView codec) { return codec.is_string() ? codec : codec["name"]; }

Result<std::vector<CodecSpec>> parse_chain(JsonView codecs, const Context& context) {
  if (!codecs.is_array() || codecs.size() == 0) return codecs.mismatch("an array of codecs");
  if (codecs.size() > kMaximumCodecs) {
    return codecs.mismatch("at most " + std::to_string(kMaximumCodecs) + " codecs");
  }
  std::vector<CodecSpec> chain;
  Kind previous = Kind::kArrayToArray;
  bool has_serializer = false;
  for (std::int64_t i = 0; i < codecs.size(); ++i) {
    const JsonView codec = codecs[i];
    auto name = codec_name(codec).expect_string();
    if (!name) return std::move(name).error();
    if (decodes_to_itself(*name)) continue;
    const TableRow* row = find_row(*name, true);
    if (!row) {
      if (codec["must_understand"].boolean() == false) continue;
      return unknown_codec(codec, *name, true);
    }
    const bool in_order = row->kind == Kind::kArrayToBytes ? !has_serializer
                          : row->kind == Kind::kArrayToArray
                              ? previous == Kind::kArrayToArray
                              : has_serializer;
    if (!in_order) {
      return codec.mismatch(
          "array-to-array codecs, then one array-to-bytes codec (bytes or sharding_indexed), then "
          "bytes-to-bytes codecs");
    }
    has_serializer = has_serializer || row->kind == Kind::kArrayToBytes;
    previous = row->kind;
    auto spec = row->parse(codec["configuration"], context);
    if (!spec) return std::move(spec).error().within("codec \"" + *name + "\"");
    spec->name = *name;
    chain.push_back(*std::move(spec));
  }
  if (!has_serializer) return codecs.mismatch("an array-to-bytes codec (bytes or sharding_indexed)");
  return chain;
}

}  // namespace

Result<std::vector<CodecSpec>> parse_v3_codecs(JsonView codecs, int rank, DataType type) {
  return parse_chain(codecs, {rank, type, 0});
}

Result<CodecSpec> parse_v2_codec(JsonView codec, V2DataType type) {
  auto name = codec["id"].expect_string();
  if (!name) return std::move(name).error();
  const TableRow* row = find_row(*name, false);
  if (!row) return unknown_codec(codec, *name, false);
  auto spec = row->parse(codec, {1, type.type, 0});
  if (!spec) return std::move(spec).error().within("codec \"" + *name + "\"");
  spec->name = *name;
  return spec;
}

bool decodes_to_itself(std::string_view name) {
  return name == "bitround" || name == "numcodecs.bitround";
}

const std::vector<std::string>& known_codec_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const TableRow& row : kTable) result.emplace_back(row.name);
    return result;
  }();
  return names;
}

}  // namespace mifa::zarr
