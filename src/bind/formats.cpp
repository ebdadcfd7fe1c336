// The program `formats`: images that are not OME-Zarr, as the chunks of one. It runs in a worker of
// its own, fetched when such a file is met, and does no I/O: a call that lacks bytes answers
// kWaiting, the host reads what _missing() names, gives it to _supply(), and calls again.
//
//   const id = _open(name, labels, pagesAreTimes, size)
//   while ((result = _describe(id)) === 1) for (const [offset, length] of JSON.parse(_missing()))
//   …_supply _text()                                    what the file holds, as Zarr metadata
//   _decode(id, '0/c/0/1/2')                   the same loop; then HEAPU8.slice(_resultPointer(),
//   …)
//
// Wrapped in TypeScript by web/workers/raster_worker.ts.

#include <emscripten/bind.h>

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/message_json.h"
#include "formats/raster_reader.h"
#include "formats/tiff_writer.h"
#include "formats/zarr_view.h"

namespace mifa::bind {
namespace {

constexpr int kOk = 0;
constexpr int kWaiting = 1;
constexpr int kFailed = -1;
// A key that names no chunk of the file.
constexpr int kNoChunk = 2;

struct OpenFile {
  OpenFile(formats::RasterOptions options, bool as_labels)
      : file(std::move(options)), labels(as_labels) {}
  formats::RasterFile file;
  bool labels;
};

// All that the program keeps. One worker, one thread, one of these.
struct Formats {
  std::map<int, std::unique_ptr<OpenFile>> files;
  std::unique_ptr<formats::TiffWriter> writer;
  int next_id = 1;
  std::vector<std::byte> input, output;
  std::vector<formats::ByteRange> missing;
  std::string text;
  Error error;
};

Formats& state() {
  static Formats instance;
  return instance;
}

template <typename T>
std::uint32_t heap_index(const T* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

int fail(Error error) {
  state().error = std::move(error);
  return kFailed;
}

OpenFile* find(int id) {
  const auto found = state().files.find(id);
  if (found != state().files.end()) return found->second.get();
  fail({ErrorCode::kFixData, "expected the id of an open file, received " + std::to_string(id)});
  return nullptr;
}

// `size` below 0: not known.
int open(const std::string& name, bool labels, bool pages_are_times, double size) {
  formats::RasterOptions options;
  options.name = name;
  options.labels = labels;
  options.pages_are_times = pages_are_times;
  auto file = std::make_unique<OpenFile>(std::move(options), labels);
  file->file.set_size(size >= 0 ? static_cast<std::int64_t>(size) : -1);
  state().files.emplace(state().next_id, std::move(file));
  return state().next_id++;
}

void close(int id) { state().files.erase(id); }

// Room for `bytes` of the next _supply.
std::uint32_t reserve(double bytes) {
  state().input.resize(static_cast<std::size_t>(bytes > 1 ? bytes : 1));
  return heap_index(state().input.data());
}

// The first `bytes` of the reserved block are what was found where `asked` bytes at `offset` were
// wanted.
void supply(int id, double offset, double bytes, double asked) {
  OpenFile* file = find(id);
  if (!file) return;
  std::vector<std::byte>& input = state().input;
  input.resize(static_cast<std::size_t>(bytes));
  file->file.supply(static_cast<std::int64_t>(offset), std::exchange(input, {}),
                    static_cast<std::int64_t>(asked));
}

bool waits(OpenFile& file) {
  state().missing = file.file.take_missing();
  return !state().missing.empty();
}

int describe(int id) {
  OpenFile* file = find(id);
  if (!file) return kFailed;
  auto raster = file->file.describe();
  if (waits(*file)) return kWaiting;
  if (!raster) return fail(std::move(raster).error());
  nlohmann::json issues = nlohmann::json::array();
  for (const Issue& issue : (*raster)->issues) issues.push_back(issue_json(issue));
  const nlohmann::json json = {{"format", (*raster)->format},
                               {"files", formats::zarr_files(**raster, file->labels)},
                               {"issues", std::move(issues)}};
  state().text = json_text(json);
  return kOk;
}

// Precondition: _describe has answered kOk.
int decode(int id, const std::string& key) {
  OpenFile* file = find(id);
  if (!file) return kFailed;
  auto raster = file->file.describe();
  if (!raster) return fail(std::move(raster).error());
  const auto place = formats::chunk_of_key(**raster, key);
  if (!place) return kNoChunk;
  auto bytes = file->file.chunk_bytes(*place);
  if (!bytes) return fail(std::move(bytes).error());
  state().output.resize(static_cast<std::size_t>(*bytes));
  auto done = file->file.decode(*place, state().output);
  if (waits(*file)) return kWaiting;
  return done ? kOk : fail(std::move(done).error());
}

// An OME-TIFF is written: _writeBegin, _writePlane for each plane, _writeEnd. The OME-XML and the
// samples are in the reserved block; `type` is a Zarr name.
int write_begin(double bytes, double width, double height, double planes, const std::string& type) {
  formats::TiffLayout layout;
  const auto* text = reinterpret_cast<const char*>(state().input.data());
  layout.description.assign(text, std::min(static_cast<std::size_t>(bytes), state().input.size()));
  layout.width = static_cast<std::int64_t>(width);
  layout.height = static_cast<std::int64_t>(height);
  layout.planes = static_cast<std::int64_t>(planes);
  bool known = false;
  for (int each = 0; each <= static_cast<int>(formats::SampleType::kFloat64); ++each) {
    if (type != zarr_name(static_cast<formats::SampleType>(each))) continue;
    layout.type = static_cast<formats::SampleType>(each);
    known = true;
  }
  if (!known) return fail({ErrorCode::kUnsupported, "expected a type of samples, received " + type});
  auto writer = formats::TiffWriter::make(std::move(layout));
  if (!writer) return fail(std::move(writer).error());
  state().writer = std::move(*writer);
  return kOk;
}

int write_plane(double bytes) {
  if (!state().writer) return fail({ErrorCode::kFixData, "expected _writeBegin before a plane"});
  const std::vector<std::byte>& input = state().input;
  auto done = state().writer->add_plane(
      {input.data(), std::min(static_cast<std::size_t>(bytes), input.size())});
  return done ? kOk : fail(std::move(done).error());
}

int write_end() {
  if (!state().writer) return fail({ErrorCode::kFixData, "expected _writeBegin before the end"});
  auto file = std::exchange(state().writer, nullptr)->finish();
  if (!file) return fail(std::move(file).error());
  state().output = std::move(*file);
  return kOk;
}

// [[offset, length], …] of what the last call lacked.
std::string missing() {
  nlohmann::json list = nlohmann::json::array();
  for (const formats::ByteRange& range : state().missing)
    list.push_back({range.offset, range.length});
  return list.dump();
}

std::string text() { return state().text; }
std::uint32_t result_pointer() { return heap_index(state().output.data()); }
double result_length() { return static_cast<double>(state().output.size()); }

std::string error_json() {
  return json_text(mifa::error_json(state().error));
}

EMSCRIPTEN_BINDINGS(formats) {
  using emscripten::function;
  function("_open", &open);
  function("_close", &close);
  function("_reserve", &reserve);
  function("_supply", &supply);
  function("_describe", &describe);
  function("_decode", &decode);
  function("_writeBegin", &write_begin);
  function("_writePlane", &write_plane);
  function("_writeEnd", &write_end);
  function("_missing", &missing);
  function("_text", &text);
  function("_resultPointer", &result_pointer);
  function("_resultLength", &result_length);
  function("_errorJson", &error_json);
}

}  // namespace
}  // namespace mifa::bind
