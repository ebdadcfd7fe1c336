#include "zarr/codec_spec.h"

#include "zarr/codec_configuration.h"

namespace mifa::zarr {
namespace {

constexpr int kMaximumCodecs = 16;  // a chain longer than this is an attack

enum class Kind { kArrayToArray, kArrayToBytes, kBytesToBytes };

// Where a name is known.
enum Place : unsigned {
  kV3 = 1,         // by itself in v3
  kNumcodecs = 2,  // as v2 id, and with numcodecs' prefix in v3
  kBoth = kV3 | kNumcodecs,
};

struct TableRow {
  const char* name;
  Kind kind;  // in v3; all of v2's work on bytes
  unsigned places;
  CodecParser parse;
};

constexpr auto kElements = Kind::kArrayToArray;
constexpr auto kCompressor = Kind::kBytesToBytes;
using Checksum = ChecksumCodec::Kind;

constexpr TableRow kTable[] = {
    {"bytes", Kind::kArrayToBytes, kV3, parse_bytes},
    {"transpose", Kind::kArrayToArray, kV3, parse_transpose},
    {"reshape", Kind::kArrayToArray, kV3, parse_reshape},
    {"sharding_indexed", Kind::kArrayToBytes, kV3, parse_sharding},
    {"blosc", kCompressor, kBoth, parse_nothing<BloscCodec>},
    {"zstd", kCompressor, kBoth, parse_nothing<ZstdCodec>},
    {"gzip", kCompressor, kBoth, parse_nothing<GzipCodec>},
    {"zlib", kCompressor, kBoth, parse_nothing<ZlibCodec>},
    {"lz4", kCompressor, kBoth, parse_nothing<Lz4Codec>},
    {"crc32c", kCompressor, kBoth, parse_crc32c},
    {"crc32", kCompressor, kBoth, parse_checksum<Checksum::kCrc32>},
    {"adler32", kCompressor, kBoth, parse_checksum<Checksum::kAdler32>},
    {"fletcher32", kCompressor, kBoth, parse_checksum<Checksum::kFletcher32>},
    {"shuffle", kCompressor, kBoth, parse_shuffle},
    {"delta", kElements, kBoth, parse_delta},
    {"fixedscaleoffset", kElements, kBoth, parse_fixed_scale_offset},
    {"scale_offset", kElements, kV3, parse_scale_offset},
    {"astype", kElements, kBoth, parse_astype},
    {"quantize", kElements, kBoth, parse_quantize},
    {"cast_value", kElements, kV3, parse_cast_value},
    // Null: it only rounds while encoding, and there is nothing to undo.
    {"bitround", kElements, kBoth, nullptr},
    {"packbits", Kind::kArrayToBytes, kV3, parse_packbits},
    {"packbits", kElements, kNumcodecs, parse_numcodecs_packbits},
};

// A name as in the table, and where it counts.
std::pair<std::string_view, unsigned> plain_name(std::string_view name, bool v3) {
  if (!v3) return {name, kNumcodecs};
  // As registered, and as the first version of numcodecs' own v3 codecs called them.
  for (const std::string_view prefix : {"numcodecs.", "https://zarr.dev/numcodecs/"}) {
    if (name.starts_with(prefix)) return {name.substr(prefix.size()), kNumcodecs};
  }
  // zarrs, before its extensions were registered: https://codec.zarrs.dev/<kind>/<name>.
  if (name.starts_with("https://codec.zarrs.dev/")) name.remove_prefix(name.rfind('/') + 1);
  if (name == "endian") name = "bytes";  // until the draft of 2023
  return {name, kV3};
}

const TableRow* find_row(std::string_view name, bool v3) {
  const auto [plain, places] = plain_name(name, v3);
  for (const TableRow& row : kTable) {
    if (plain == row.name && (row.places & places) != 0) return &row;
  }
  return nullptr;
}

Error unknown_codec(JsonView place, const std::string& name, bool v3) {
  std::string known;
  for (const TableRow& row : kTable) {
    const bool named = v3 ? (row.places & kV3) != 0 : (row.places & kNumcodecs) != 0;
    if (named) known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return {ErrorCode::kUnsupported, "unknown codec \"" + name + "\" at " + place.pointer() + " of " +
                                       place.file() + "; this viewer decodes " + known +
                                       ". Write the array again with one of these"};
}

// v3 allows a bare string where a codec has no configuration (Zarr v3.1).
JsonView codec_name(JsonView codec) { return codec.is_string() ? codec : codec["name"]; }

// The elements of the last array→array codec are stored by the bytes codec, in its byte order.
void take_over_byte_order(std::vector<CodecSpec>& chain) {
  ElementTypes* last = nullptr;
  for (CodecSpec& spec : chain) {
    if (ElementTypes* types = element_types(spec)) last = types;
    const auto* bytes = spec.get_if<BytesCodec>();
    if (bytes && last) last->encoded.big_endian = bytes->big_endian;
  }
}

}  // namespace

Result<std::vector<CodecSpec>> parse_codec_chain(JsonView codecs, CodecContext context) {
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
    const TableRow* row = find_row(*name, true);
    if (!row) {
      if (codec["must_understand"].boolean() == false) continue;
      return unknown_codec(codec, *name, true);
    }
    const bool in_order = row->kind == Kind::kArrayToBytes   ? !has_serializer
                          : row->kind == Kind::kArrayToArray ? previous == Kind::kArrayToArray
                                                             : has_serializer;
    if (!in_order) {
      return codec.mismatch(
          "array-to-array codecs, then one array-to-bytes codec (bytes or sharding_indexed), then "
          "bytes-to-bytes codecs");
    }
    has_serializer = has_serializer || row->kind == Kind::kArrayToBytes;
    previous = row->kind;
    if (!row->parse) continue;
    auto spec = row->parse(codec["configuration"], context);
    if (!spec) return std::move(spec).error().within("codec \"" + *name + "\"");
    spec->name = *name;
    chain.push_back(*std::move(spec));
  }
  if (!has_serializer)
    return codecs.mismatch("an array-to-bytes codec (bytes or sharding_indexed)");
  take_over_byte_order(chain);
  return chain;
}

Result<std::vector<CodecSpec>> parse_v3_codecs(JsonView codecs,
                                               const std::vector<std::int64_t>& chunk_shape,
                                               DataType type) {
  return parse_codec_chain(codecs, {chunk_shape, type, 0, true});
}

Result<CodecSpec> parse_v2_codec(JsonView codec, V2DataType type) {
  auto name = codec["id"].expect_string();
  if (!name) return std::move(name).error();
  const TableRow* row = find_row(*name, false);
  if (!row || !row->parse) return unknown_codec(codec, *name, false);
  CodecContext context{{}, type.type, 0, false};
  auto spec = row->parse(codec, context);
  if (!spec) return std::move(spec).error().within("codec \"" + *name + "\"");
  spec->name = *name;
  return spec;
}

bool decodes_to_itself(std::string_view name) { return name == "bitround"; }

ElementTypes* element_types(CodecSpec& spec) {
  if (auto* delta = std::get_if<DeltaCodec>(&spec.codec)) return delta;
  if (auto* scaled = std::get_if<FixedScaleOffsetCodec>(&spec.codec)) return scaled;
  return std::get_if<CastCodec>(&spec.codec);
}

const ElementTypes* element_types(const CodecSpec& spec) {
  return element_types(const_cast<CodecSpec&>(spec));
}

std::vector<int> stored_axes(const std::vector<CodecSpec>& codecs, int rank) {
  std::vector<int> axes;
  for (int i = 0; i < rank; ++i) axes.push_back(i);
  for (const CodecSpec& spec : codecs) {
    const auto* transpose = spec.get_if<TransposeCodec>();
    if (!transpose) break;
    std::vector<int> next;
    for (const int axis : transpose->order) next.push_back(axes[static_cast<std::size_t>(axis)]);
    axes = std::move(next);
  }
  return axes;
}

const std::vector<std::string>& known_codec_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const TableRow& row : kTable) {
      if (result.empty() || result.back() != row.name) result.emplace_back(row.name);
    }
    return result;
  }();
  return names;
}

}  // namespace mifa::zarr
