#include "zarr/array_metadata.h"

#include "core/checked.h"

namespace mifa::zarr {
namespace {

Result<std::vector<std::int64_t>> parse_shape(JsonView value, const ArrayLimits& limits) {
  auto shape = value.expect_integers(0, INT64_MAX);
  if (!shape) return std::move(shape).error();
  if (static_cast<int>(shape->size()) > limits.maximum_rank) {
    return value.mismatch("at most " + std::to_string(limits.maximum_rank) + " dimensions");
  }
  return shape;
}

Result<std::vector<std::int64_t>> parse_chunk_shape(JsonView value, std::size_t rank) {
  auto shape = value.expect_integers(1, INT64_MAX);
  if (!shape) return std::move(shape).error();
  if (shape->size() != rank) {
    return value.mismatch(std::to_string(rank) + " chunk extents, one per dimension of the shape");
  }
  return shape;
}

Status check_chunk_bytes(const ArrayMetadata& array, JsonView place, const ArrayLimits& limits) {
  const auto elements = checked_product(array.inner_chunk_shape());
  const auto bytes =
      elements ? checked_multiply(*elements, byte_size(array.data_type)) : std::nullopt;
  if (bytes && *bytes <= limits.maximum_chunk_bytes) return Success{};
  Error error =
      place.mismatch("chunks of at most " + std::to_string(limits.maximum_chunk_bytes >> 20) +
                     " MiB when decoded");
  error.code = ErrorCode::kLimit;
  error.message += "; write the array again in smaller chunks";
  return error;
}

Result<char> parse_separator(JsonView value, char fallback) {
  if (!value.exists() || value.is_null()) return fallback;
  const auto text = value.string();
  if (text == "." || text == "/") return text->front();
  return value.mismatch("\".\" or \"/\"");
}

}  // namespace

Status check_extensions(JsonView zarr_json) {
  const bool group = zarr_json["node_type"].string() == "group";
  static constexpr const char* kKnown[] = {"zarr_format",
                                           "node_type",
                                           "shape",
                                           "data_type",
                                           "chunk_grid",
                                           "chunk_key_encoding",
                                           "fill_value",
                                           "codecs",
                                           "attributes",
                                           "dimension_names",
                                           "storage_transformers",
                                           "consolidated_metadata"};
  for (const std::string& key : zarr_json.keys()) {
    bool known = false;
    for (const char* candidate : kKnown) known = known || key == candidate;
    if (known || zarr_json[key]["must_understand"].boolean() == false) continue;
    // A stray note in a group changes nothing about the arrays below it.
    if (group && !zarr_json[key].is_object()) continue;
    return Error{ErrorCode::kUnsupported,
                 "unknown extension at " + zarr_json[key].pointer() + " of " + zarr_json.file() +
                     "; it is not marked \"must_understand\": false, so the " +
                     (group ? "group" : "array") +
                     " cannot be read safely. Write it without the extension"};
  }
  const JsonView transformers = zarr_json["storage_transformers"];
  for (std::int64_t i = 0; i < transformers.size(); ++i) {
    const JsonView transformer = transformers[i];
    if (transformer["must_understand"].boolean() == false) continue;
    const JsonView name = transformer.is_string() ? transformer : transformer["name"];
    return Error{ErrorCode::kUnsupported,
                 "unknown storage transformer \"" + name.string().value_or("") + "\" at " +
                     transformer.pointer() + " of " + zarr_json.file() +
                     "; this viewer knows none. Write the array again without it"};
  }
  return Success{};
}

namespace {

Result<ChunkKeyEncoding> parse_key_encoding(JsonView value, int nesting = 0);

// The registered "prefix" and "suffix": a text before or after the keys of another encoding.
Result<ChunkKeyEncoding> parse_affixed(JsonView configuration, const std::string& which,
                                       int nesting) {
  auto affix = configuration[which].expect_string();
  if (!affix) return std::move(affix).error();
  const std::string around = "/" + *affix + "/";
  if (affix->size() > 256 || around.find("/../") != std::string::npos ||
      affix->starts_with('/') || affix->find('\\') != std::string::npos) {
    return configuration[which].mismatch("a text that stays inside the array's folder");
  }
  // The specification's own example writes a hyphen.
  const char* member = configuration["base-encoding"].exists() ? "base-encoding" : "base_encoding";
  auto encoding = parse_key_encoding(configuration[member], nesting + 1);
  if (!encoding) return std::move(encoding).error();
  if (which == "prefix") encoding->prefix.insert(0, *affix);
  if (which == "suffix") encoding->suffix += *affix;
  return encoding;
}

Result<ChunkKeyEncoding> parse_key_encoding(JsonView value, int nesting) {
  constexpr int kMaximumNesting = 4;
  // Absent in some writers' output; "default" is what the specification's examples use.
  const JsonView name_view = value.is_string() ? value : value["name"];
  const auto name = name_view.string();
  const JsonView configuration = value["configuration"];
  ChunkKeyEncoding encoding;
  if ((name == "prefix" || name == "suffix") && nesting < kMaximumNesting) {
    return parse_affixed(configuration, *name, nesting);
  }
  if (name == "fanout") {
    const JsonView most = configuration["max_children"];
    auto children = most.exists() ? most.expect_integer(4, INT64_MAX) : Result<std::int64_t>(1001);
    if (!children) return std::move(children).error();
    encoding.style = ChunkKeyEncoding::Style::kFanout;
    encoding.separator = '/';
    encoding.base = *children - 1;
    return encoding;
  }
  if (name == "default" || !value.exists()) {
    encoding.style = ChunkKeyEncoding::Style::kDefault;
  } else if (name != "v2") {
    Error error = name_view.mismatch(
        "a chunk key encoding among default, v2, fanout, prefix and suffix");
    error.code = ErrorCode::kUnsupported;
    error.message += "; write the array again with one of these";
    return error;
  }
  const char fallback = encoding.style == ChunkKeyEncoding::Style::kDefault ? '/' : '.';
  auto separator = parse_separator(configuration["separator"], fallback);
  if (!separator) return std::move(separator).error();
  encoding.separator = *separator;
  return encoding;
}

// The edge of all chunks along one axis of a rectilinear grid: one number, or a list of edges and
// [edge, count]. Anything else than equal edges cannot be had.
std::optional<std::int64_t> equal_edge(JsonView edges, std::int64_t extent) {
  if (edges.is_number()) return edges.integer();
  std::optional<std::int64_t> edge;
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < edges.size(); ++i) {
    const JsonView entry = edges[i];
    const auto length = entry.is_array() ? entry[0].integer() : entry.integer();
    const auto count = entry.is_array() ? entry[1].integer() : std::optional<std::int64_t>(1);
    if (!length || !count || *length < 1 || *count < 1 || (edge && edge != length)) return {};
    edge = length;
    sum = checked_multiply(*length, *count).value_or(INT64_MAX) > INT64_MAX - sum
              ? INT64_MAX
              : sum + *length * *count;
  }
  // A shorter last chunk would be stored short, and not padded as in a regular grid.
  return sum >= extent ? edge : std::nullopt;
}

Result<std::vector<std::int64_t>> parse_rectilinear(JsonView configuration,
                                                    const std::vector<std::int64_t>& shape) {
  const JsonView shapes = configuration["chunk_shapes"];
  if (shapes.size() != static_cast<std::int64_t>(shape.size()) || !shapes.is_array()) {
    return shapes.mismatch("a list of " + std::to_string(shape.size()) +
                           " lists of chunk lengths, one per dimension of the shape");
  }
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const JsonView edges = shapes[static_cast<std::int64_t>(i)];
    const auto edge = equal_edge(edges, shape[i]);
    if (!edge || *edge < 1) {
      Error error = edges.mismatch("chunks of one length in dimension " + std::to_string(i) +
                                   " of the chunk grid \"rectilinear\"");
      error.code = ErrorCode::kUnsupported;
      error.message += "; this viewer shows regular grids: write the array again in chunks of one size";
      return error;
    }
    result.push_back(*edge);
  }
  return result;
}

// The shape of the chunks of a grid in which all have the same.
Result<std::vector<std::int64_t>> parse_chunk_grid(JsonView grid,
                                                   const std::vector<std::int64_t>& shape) {
  if (grid["name"].string() == "rectilinear") return parse_rectilinear(grid["configuration"], shape);
  if (grid["name"].string() != "regular") {
    Error error = grid["name"].mismatch("the chunk grid \"regular\"");
    if (grid["name"].is_string()) {
      error.code = ErrorCode::kUnsupported;
      error.message += "; write the array again with it";
    }
    return error;
  }
  return parse_chunk_shape(grid["configuration"]["chunk_shape"], shape.size());
}

std::vector<int> reversed_axes(int rank) {
  std::vector<int> order;
  for (int i = rank - 1; i >= 0; --i) order.push_back(i);
  return order;
}

}  // namespace

const ShardingCodec* ArrayMetadata::partial_sharding() const {
  if (codecs.empty()) return nullptr;
  for (std::size_t i = 0; i + 1 < codecs.size(); ++i) {
    if (!codecs[i].get_if<TransposeCodec>()) return nullptr;
  }
  return codecs.back().get_if<ShardingCodec>();
}

Result<ArrayMetadata> parse_v2_array(JsonView zarray, const ArrayLimits& limits) {
  if (!zarray.is_object()) return zarray.mismatch("a Zarr v2 array's metadata (an object)");
  ArrayMetadata array;
  auto format = zarray["zarr_format"].expect_integer(2, 2);
  if (!format) return std::move(format).error();
  array.zarr_format = 2;
  auto shape = parse_shape(zarray["shape"], limits);
  if (!shape) return std::move(shape).error();
  array.shape = *std::move(shape);
  auto chunks = parse_chunk_shape(zarray["chunks"], array.shape.size());
  if (!chunks) return std::move(chunks).error();
  array.chunk_shape = *std::move(chunks);
  auto type = parse_v2_data_type(zarray["dtype"]);
  if (!type) return std::move(type).error();
  array.data_type = type->type;
  auto fill = parse_fill_value(zarray["fill_value"], array.data_type);
  if (!fill) return std::move(fill).error();
  array.fill_value = *fill;
  auto separator = parse_separator(zarray["dimension_separator"], '.');
  if (!separator) return std::move(separator).error();
  array.key_encoding = {ChunkKeyEncoding::Style::kV2, *separator};

  const auto order = zarray["order"].string();
  if (order == "F" && array.rank() > 1) {
    array.codecs.push_back({"order F", TransposeCodec{reversed_axes(array.rank())}});
  } else if (order != "C" && order != "F") {
    return zarray["order"].mismatch("\"C\" or \"F\"");
  }
  array.codecs.push_back({"dtype", BytesCodec{type->big_endian}});
  const JsonView filters = zarray["filters"];
  if (filters.exists() && !filters.is_null() && !filters.is_array()) {
    return filters.mismatch("an array of filters or null");
  }
  for (std::int64_t i = 0; i < filters.size(); ++i) {
    if (decodes_to_itself(filters[i]["id"].string().value_or(""))) continue;
    auto filter = parse_v2_codec(filters[i], *type);
    if (!filter) return std::move(filter).error();
    array.codecs.push_back(*std::move(filter));
  }
  const JsonView compressor = zarray["compressor"];
  if (compressor.exists() && !compressor.is_null()) {
    auto codec = parse_v2_codec(compressor, *type);
    if (!codec) return std::move(codec).error();
    array.codecs.push_back(*std::move(codec));
  }
  if (auto fits = check_chunk_bytes(array, zarray["chunks"], limits); !fits) {
    return std::move(fits).error();
  }
  return array;
}

Result<ArrayMetadata> parse_v3_array(JsonView zarr_json, const ArrayLimits& limits) {
  if (!zarr_json.is_object()) return zarr_json.mismatch("a Zarr v3 array's metadata (an object)");
  ArrayMetadata array;
  auto format = zarr_json["zarr_format"].expect_integer(3, 3);
  if (!format) return std::move(format).error();
  array.zarr_format = 3;
  if (zarr_json["node_type"].string() != "array") {
    return zarr_json["node_type"].mismatch("\"array\"");
  }
  if (auto extensions = check_extensions(zarr_json); !extensions) {
    return std::move(extensions).error();
  }
  auto shape = parse_shape(zarr_json["shape"], limits);
  if (!shape) return std::move(shape).error();
  array.shape = *std::move(shape);
  auto type = parse_v3_data_type(zarr_json["data_type"]);
  if (!type) return std::move(type).error();
  array.data_type = *type;
  const JsonView grid = zarr_json["chunk_grid"];
  auto chunks = parse_chunk_grid(grid, array.shape);
  if (!chunks) return std::move(chunks).error();
  array.chunk_shape = *std::move(chunks);
  auto fill = parse_fill_value(zarr_json["fill_value"], array.data_type);
  if (!fill) return std::move(fill).error();
  array.fill_value = *fill;
  auto encoding = parse_key_encoding(zarr_json["chunk_key_encoding"]);
  if (!encoding) return std::move(encoding).error();
  array.key_encoding = *encoding;
  auto codecs = parse_v3_codecs(zarr_json["codecs"], array.chunk_shape, array.data_type);
  if (!codecs) return std::move(codecs).error();
  array.codecs = *std::move(codecs);
  if (const ShardingCodec* sharding = array.partial_sharding()) {
    const std::vector<int> axes = stored_axes(array.codecs, array.rank());
    array.part_shape.resize(axes.size());
    for (std::size_t i = 0; i < axes.size(); ++i) {
      array.part_shape[static_cast<std::size_t>(axes[i])] = sharding->chunk_shape[i];
    }
  }
  const JsonView names = zarr_json["dimension_names"];
  if (names.size() == array.rank()) {
    for (int i = 0; i < array.rank(); ++i) {
      array.dimension_names.push_back(names[i].string().value_or(""));
    }
  }
  const JsonView chunk_shape = grid["configuration"]["chunk_shape"];
  if (auto fits = check_chunk_bytes(array, chunk_shape.exists() ? chunk_shape : grid, limits); !fits) {
    return std::move(fits).error();
  }
  return array;
}

Result<ArrayMetadata> parse_array(JsonView metadata, const ArrayLimits& limits) {
  const auto format = metadata["zarr_format"].integer();
  if (format == 2) return parse_v2_array(metadata, limits);
  if (format == 3) return parse_v3_array(metadata, limits);
  return metadata["zarr_format"].mismatch("Zarr format 2 or 3");
}

}  // namespace mifa::zarr
