// The worker's program `loader`: decodes chunks. Bytes cross in two buffers of the heap, never as
// strings: JavaScript writes into the block that _reserve gave (HEAPU8.set) and reads the result out
// of the block at _resultPointer (HEAPU8.slice). A call that allocates may move the heap: take
// HEAPU8 from the module anew after each.
//
//   const id = prepare(name, metadata)         once an array
//   _reserve(n); HEAPU8.set(chunk, pointer); _decode(id, n, 0); HEAPU8.slice(…); _finish()
//
// Wrapped in TypeScript by web/workers; see docs/life-of-a-chunk.md.

#include <emscripten/bind.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codec/chunk_decoder.h"
#include "core/json.h"
#include "core/message_json.h"
#include "zarr/array_metadata.h"
#include "zarr/chunk_grid.h"

namespace mifa::bind {
namespace {

// A buffer that one large chunk made larger than this is given back after use: the heap itself never
// shrinks, but what is free in it serves the next chunk of any array.
constexpr std::int64_t kKeptBytes = std::int64_t{64} << 20;

struct PreparedArray {
  zarr::ArrayMetadata metadata;
  codec::ChunkDecoder chunk;
  std::optional<codec::ChunkDecoder> shard_index;
};

// All that the program keeps. One worker, one thread, one of these.
struct Loader {
  std::map<int, PreparedArray> arrays;
  int next_id = 1;
  codec::Workspace workspace;
  codec::Buffer input;
  codec::Buffer output;
  std::int64_t input_bytes = 0;
  std::int64_t result_bytes = 0;
  // minimum, maximum, has_finite, has_nan, then the samples. Empty if none were asked for.
  std::vector<double> statistics;
  Error error;
};

Loader& loader() {
  static Loader instance;
  return instance;
}

constexpr int kOk = 0;
constexpr int kFailed = -1;

int fail(Error error) {
  loader().error = std::move(error);
  loader().result_bytes = 0;
  return kFailed;
}

codec::Bytes input(std::int64_t offset, std::int64_t bytes) {
  return {loader().input.data() + offset, static_cast<std::size_t>(bytes)};
}

std::string input_text(std::int64_t offset, std::int64_t bytes) {
  const codec::Bytes part = input(offset, bytes);
  return {reinterpret_cast<const char*>(part.data()), part.size()};
}

// A pointer as JavaScript's HEAPU8 index.
template <typename T>
std::uint32_t heap_index(const T* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

// Room for `bytes` of input; 0 if there is no memory. Valid until the next _reserve or _finish.
std::uint32_t reserve(double bytes) {
  Loader& state = loader();
  state.input_bytes = 0;
  constexpr double kMost = 2147483647;  // the heap's own limit; also keeps the conversion defined
  if (!(bytes >= 0 && bytes <= kMost)) return 0;
  state.input_bytes = static_cast<std::int64_t>(bytes);
  // Never null for an empty input, which is a chunk to complain about and no lack of memory.
  const auto block = state.input.reserve(state.input_bytes > 0 ? state.input_bytes : 1);
  if (!block.data()) state.input_bytes = 0;
  return heap_index(block.data());
}

Result<PreparedArray> prepare_array(std::string name, std::string text, std::vector<int> axes) {
  auto json = JsonDocument::parse(std::move(text), std::move(name));
  if (!json) return std::move(json).error();
  auto metadata = zarr::parse_array(*json);
  if (!metadata) return std::move(metadata).error();
  const codec::OutputOrder order{std::move(axes)};
  auto chunk = codec::ChunkDecoder::prepare(*metadata, order);
  if (!chunk) return std::move(chunk).error();
  PreparedArray array{*std::move(metadata), *std::move(chunk), std::nullopt};
  if (array.metadata.partial_sharding()) {
    auto index = codec::ChunkDecoder::prepare_shard_index(array.metadata);
    if (!index) return std::move(index).error();
    array.shard_index = *std::move(index);
  }
  return array;
}

// The input holds the file's name, the text of .zarray or zarr.json, and one byte an axis with the
// wanted order (axes may be 0: the array's own), one after the other. Answers an id above 0, or 0.
int prepare(int name_bytes, int metadata_bytes, int axes) {
  Loader& state = loader();
  const std::int64_t total = std::int64_t{name_bytes} + metadata_bytes + axes;
  if (name_bytes < 0 || metadata_bytes < 0 || axes < 0 || total > state.input_bytes) {
    fail({ErrorCode::kFixData, "expected lengths within the reserved input, received longer ones"});
    return 0;
  }
  std::vector<int> order;
  for (const std::byte axis : input(std::int64_t{name_bytes} + metadata_bytes, axes)) {
    order.push_back(static_cast<int>(axis));
  }
  auto array = prepare_array(input_text(0, name_bytes), input_text(name_bytes, metadata_bytes),
                             std::move(order));
  if (!array) {
    fail(std::move(array).error());
    return 0;
  }
  state.arrays.emplace(state.next_id, *std::move(array));
  return state.next_id++;
}

void release(int id) { loader().arrays.erase(id); }

const PreparedArray* find(int id) {
  const auto found = loader().arrays.find(id);
  if (found != loader().arrays.end()) return &found->second;
  fail({ErrorCode::kFixData, "expected the id of a prepared array, received " + std::to_string(id)});
  return nullptr;
}

int run(const codec::ChunkDecoder& decoder, std::int64_t bytes) {
  Loader& state = loader();
  state.statistics.clear();
  const codec::MutableBytes output = state.output.reserve(decoder.output_bytes());
  if (!output.data()) return fail(codec::out_of_memory(decoder.output_bytes()));
  if (auto done = decoder.decode(input(0, bytes), output, state.workspace); !done) {
    return fail(std::move(done).error());
  }
  state.result_bytes = decoder.output_bytes();
  return kOk;
}

void measure(const PreparedArray& array, std::span<const std::int64_t> index) {
  const auto valid =
      zarr::valid_extent(array.metadata.shape, array.metadata.inner_chunk_shape(), index);
  const codec::Bytes pixels{loader().output.data(),
                            static_cast<std::size_t>(loader().result_bytes)};
  const auto statistics = array.chunk.statistics(pixels, valid);
  std::vector<double>& out = loader().statistics;
  out = {statistics.minimum, statistics.maximum, statistics.has_finite ? 1.0 : 0.0,
         statistics.has_nan ? 1.0 : 0.0};
  out.insert(out.end(), statistics.samples.begin(), statistics.samples.end());
}

// Decodes the first `bytes` of the input as a chunk (an inner chunk, if shards are read in parts). With
// rank > 0, as many int32 follow there: the chunk's index in the grid (of inner chunks), and
// statistics of its part inside the array are made. Answers 0, or -1 and _errorJson.
int decode(int id, double bytes, int rank) {
  const PreparedArray* array = find(id);
  if (!array) return kFailed;
  const auto length = static_cast<std::int64_t>(bytes);
  const bool measured = rank > 0;
  if (length < 0 || rank < 0 || length + 4 * std::int64_t{rank} > loader().input_bytes ||
      (measured && rank != array->metadata.rank())) {
    return fail({ErrorCode::kFixData, "expected a chunk and an index of " +
                                          std::to_string(array->metadata.rank()) +
                                          " within the reserved input, received others"});
  }
  std::vector<std::int64_t> index;
  for (int axis = 0; axis < rank; ++axis) {
    const std::uint32_t at =
        codec::read_u32(input(length, 4 * std::int64_t{rank}), static_cast<std::size_t>(4 * axis));
    index.push_back(static_cast<std::int32_t>(at));
  }
  if (run(array->chunk, length) != kOk) return kFailed;
  if (measured) measure(*array, index);
  return kOk;
}

// Decodes the first `bytes` of the input as a shard's index: uint64 pairs of offset and length.
int decode_shard_index(int id, double bytes) {
  const PreparedArray* array = find(id);
  if (!array) return kFailed;
  if (!array->shard_index) {
    return fail({ErrorCode::kFixData, "expected a sharded array, received one without shards"});
  }
  const auto length = static_cast<std::int64_t>(bytes);
  if (length < 0 || length > loader().input_bytes) {
    return fail({ErrorCode::kFixData, "expected an index within the reserved input"});
  }
  return run(*array->shard_index, length);
}

// Stored bytes of a shard's index, or -1 where only decoding tells (or there are no shards).
double shard_index_bytes(int id) {
  const PreparedArray* array = find(id);
  return array && array->shard_index ? static_cast<double>(array->shard_index->stored_bytes()) : -1;
}

std::uint32_t result_pointer() { return heap_index(loader().output.data()); }
double result_length() { return static_cast<double>(loader().result_bytes); }
std::uint32_t statistics_pointer() { return heap_index(loader().statistics.data()); }
int statistics_length() { return static_cast<int>(loader().statistics.size()); }

// {"code": …, "message": …} of the last failure.
std::string error_json() {
  return json_text(mifa::error_json(loader().error));
}

// After the result was read: gives back what one large chunk made grow.
void finish() {
  Loader& state = loader();
  state.result_bytes = 0;
  state.input.release_above(kKeptBytes);
  state.output.release_above(kKeptBytes);
  state.workspace.release_above(kKeptBytes);
}

EMSCRIPTEN_BINDINGS(loader) {
  using emscripten::function;
  function("_reserve", &reserve);
  function("_prepare", &prepare);
  function("_release", &release);
  function("_decode", &decode);
  function("_decodeShardIndex", &decode_shard_index);
  function("_shardIndexBytes", &shard_index_bytes);
  function("_resultPointer", &result_pointer);
  function("_resultLength", &result_length);
  function("_statisticsPointer", &statistics_pointer);
  function("_statisticsLength", &statistics_length);
  function("_errorJson", &error_json);
  function("_finish", &finish);
}

}  // namespace
}  // namespace mifa::bind
