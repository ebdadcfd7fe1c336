#include "ome/parameter_array.h"

#include <algorithm>
#include <optional>

#include "core/checked.h"
#include "ome/concat.h"
#include "ome/key_path.h"
#include "zarr/array_metadata.h"
#include "zarr/chunk_grid.h"

namespace mifa::ome {
namespace {

constexpr std::int64_t kMostNumbers = 32 * 33;

Error refused(const std::string& path, const std::string& what) {
  return {ErrorCode::kUnsupported, concat("expected the parameters in the Zarr array \"", path,
                                          "\" in one chunk of at most 1056 numbers without "
                                          "compression, received ",
                                          what)};
}

Result<ParameterMatrix> decode(const zarr::ArrayMetadata& array, const std::string& bytes) {
  ParameterMatrix matrix;
  matrix.rows = array.rank() == 1 ? 1 : static_cast<std::size_t>(array.shape[0]);
  matrix.columns = static_cast<std::size_t>(array.shape.back());
  const auto size = static_cast<std::size_t>(zarr::byte_size(array.data_type));
  if (bytes.size() != matrix.rows * matrix.columns * size) {
    return Error{ErrorCode::kFixData, concat("expected ", matrix.rows * matrix.columns * size,
                                             " bytes of parameters, received ", bytes.size())};
  }
  const bool big_endian = array.codecs.back().get_if<zarr::BytesCodec>()->big_endian;
  for (std::size_t i = 0; i < matrix.rows * matrix.columns; ++i) {
    zarr::Element element{};
    for (std::size_t k = 0; k < size; ++k) {
      element[big_endian ? size - 1 - k : k] = static_cast<std::byte>(bytes[i * size + k]);
    }
    matrix.numbers.push_back(zarr::to_double(element, array.data_type));
  }
  return matrix;
}

// Nothing while replies are missing.
std::optional<Result<ParameterMatrix>> read(KeyLedger& ledger, const std::string& path,
                                            int zarr_format) {
  const std::string key = key_in(path, zarr_format == 3 ? "zarr.json" : ".zarray");
  const KeyLedger::Reply& metadata = ledger.need(key);
  if (metadata.waiting()) return std::nullopt;
  if (!metadata.found()) return ledger.unreadable(key);
  auto array = zarr::parse_array(metadata.json);
  if (!array) return std::move(array).error();
  const auto count = checked_product(array->shape);
  if (array->rank() < 1 || array->rank() > 2 || !count || *count < 1 || *count > kMostNumbers) {
    return refused(path, concat("the shape ", metadata.json["shape"].text(80)));
  }
  if (array->shape != array->chunk_shape) {
    return refused(path, concat("chunks of ", metadata.json["chunk_grid"].text(80)));
  }
  if (array->codecs.size() != 1 || !array->codecs[0].get_if<zarr::BytesCodec>()) {
    return refused(path, concat("the codec \"", array->codecs.back().name, "\""));
  }
  const std::vector<std::int64_t> origin(array->shape.size(), 0);
  const std::string chunk = key_in(path, zarr::chunk_key(array->key_encoding, origin));
  const KeyLedger::Reply& reply = ledger.need_bytes(chunk);
  if (reply.waiting()) return std::nullopt;
  // A missing chunk would be the fill value, and a matrix of one number is no transformation.
  if (!reply.found()) return ledger.unreadable(chunk);
  return decode(*array, reply.bytes);
}

}  // namespace

bool read_parameters(KeyLedger& ledger, const std::string& group_path, int zarr_format,
                     const std::vector<std::string>& paths, ParameterArrays& results) {
  bool complete = true;
  for (const std::string& path : paths) {
    if (results.contains(path)) continue;
    const auto joined = join_path(group_path, path);
    auto result = joined ? read(ledger, *joined, zarr_format)
                         : std::optional<Result<ParameterMatrix>>(joined.error());
    if (result) {
      results.emplace(path, *std::move(result));
    } else {
      complete = false;
    }
  }
  return complete;
}

}  // namespace mifa::ome
