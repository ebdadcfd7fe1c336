// Any text as array metadata. What is taken has to be safe to prepare and to count with.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/checked.h"
#include "zarr/chunk_grid.h"
#include "zarr/shard_index.h"

namespace {

using namespace mifa::zarr;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const ArrayMetadata& array, const ArrayLimits& limits) {
  require(array.rank() <= limits.maximum_rank);
  require(array.chunk_shape.size() == array.shape.size());
  require(array.inner_chunk_shape().size() == array.shape.size());
  require(array.dimension_names.empty() || array.dimension_names.size() == array.shape.size());
  for (const std::int64_t extent : array.shape) require(extent >= 0);
  for (const std::int64_t extent : array.chunk_shape) require(extent >= 1);
  const auto elements = mifa::checked_product(array.inner_chunk_shape());
  require(elements && *elements * byte_size(array.data_type) <= limits.maximum_chunk_bytes);
  int serializers = 0;
  int rank = array.rank();
  for (const CodecSpec& spec : array.codecs) {
    require(!spec.name.empty());
    const auto* packed = spec.get_if<PackBitsCodec>();
    const bool serializer = spec.get_if<BytesCodec>() || spec.get_if<ShardingCodec>() ||
                            (packed && !packed->most_significant_first);
    serializers += serializer ? 1 : 0;
    if (packed) require(packed->bits >= 1 && packed->first_bit >= 0);
    if (const auto* transpose = spec.get_if<TransposeCodec>()) {
      require(static_cast<int>(transpose->order.size()) == rank);
      for (const int axis : transpose->order) require(axis >= 0 && axis < rank);
    }
    if (const auto* reshape = spec.get_if<ReshapeCodec>()) {
      rank = static_cast<int>(reshape->shape.size());
      for (const std::int64_t extent : reshape->shape) require(extent >= 1);
    }
    if (packed && packed->most_significant_first) rank = 1;
  }
  require(serializers == 1);
  require(!to_text(array.fill_value, array.data_type).empty());
  const auto grid = grid_shape(array.shape, array.chunk_shape);
  std::vector<std::int64_t> last;
  for (const std::int64_t count : grid) last.push_back(count > 0 ? count - 1 : 0);
  require(!chunk_key(array.key_encoding, last).empty());
  const auto extent = valid_extent(array.shape, array.chunk_shape, last);
  for (std::size_t i = 0; i < extent.size(); ++i) {
    require(extent[i] >= (array.shape[i] > 0 ? 1 : 0) && extent[i] <= array.chunk_shape[i]);
  }
  if (!array.partial_sharding()) return;
  if (const auto layout = shard_layout(array)) {
    require(layout->count >= 1 && layout->index_bytes >= layout->count * 16);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto document =
      mifa::JsonDocument::parse(std::string(reinterpret_cast<const char*>(data), size), "fuzz.json");
  if (!document) return 0;
  const ArrayLimits limits;
  const auto array = parse_array(*document, limits);
  if (!array) {
    require(!array.error().message.empty());
    return 0;
  }
  check(*array, limits);
  return 0;
}
