// The program `annotation`, in a worker of its own: any number of annotation layers, each from the bytes
// of a file to the answers that web/annotations/layer.ts lays down. Bytes cross in blocks of the heap;
// a call that allocates may move it: take HEAPU8 from the module anew after each.
//
//   _reserve(n); HEAPU8.set(options JSON, pointer); id = _open(n)
//   _reserve(n); HEAPU8.set(window, pointer); _feed(id, n)     … and so on to the file's end
//   _endFile(id)
//   _reserve(n); HEAPU8.set(request JSON, pointer); _call(id, n); HEAPU8.slice(…); _clear()
//
// Wrapped in TypeScript by web/annotations/annotation_program.ts.

#include <emscripten/bind.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/engine.h"
#include "annotation/json_text.h"
#include "core/json.h"

namespace mifa::bind {
namespace {

constexpr int kOk = 0;
constexpr int kFailed = -1;
// A block that one large window made larger than this is given back after use.
constexpr std::size_t kKeptBytes = std::size_t{4} << 20;

// All that the program keeps. One worker, one thread, one of these.
struct Annotations {
  std::map<int, std::unique_ptr<annotation::Engine>> layers;
  int next_id = 1;
  std::vector<char> input;
  annotation::Answer answer;
  Error error;
};

Annotations& annotations() {
  static Annotations instance;
  return instance;
}

template <typename T>
std::uint32_t heap_index(const T* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

int fail(Error error) {
  annotations().error = std::move(error);
  return kFailed;
}

std::string_view input(int bytes) {
  const auto size = static_cast<std::size_t>(bytes < 0 ? 0 : bytes);
  return {annotations().input.data(), size <= annotations().input.size() ? size : 0};
}

annotation::Engine* find(int id) {
  const auto found = annotations().layers.find(id);
  if (found != annotations().layers.end()) return found->second.get();
  fail({ErrorCode::kMissing, "Expected the number of an open layer, received " + std::to_string(id) + "."});
  return nullptr;
}

// Room for `bytes` of input. Valid until the next call but the one that reads it.
std::uint32_t reserve(int bytes) {
  auto& block = annotations().input;
  const auto size = static_cast<std::size_t>(bytes < 1 ? 1 : bytes);
  if (block.size() < size || block.size() > kKeptBytes) {
    block = {};
    block.resize(size);
  }
  return heap_index(block.data());
}

// The input is the JSON of parse_read_options(), with "format". Answers an id above 0, or 0.
int open(int bytes) {
  auto json = JsonDocument::parse(std::string(input(bytes)), "options");
  if (!json) return fail(std::move(json).error()), 0;
  auto options = annotation::parse_read_options(*json);
  if (!options) return fail(std::move(options).error()), 0;
  auto engine = annotation::Engine::open(std::move(options).value(), (*json)["format"].string().value_or(""));
  if (!engine) return fail(std::move(engine).error()), 0;
  Annotations& state = annotations();
  state.layers.emplace(state.next_id, std::move(engine).value());
  return state.next_id++;
}

int feed(int id, int bytes) {
  annotation::Engine* layer = find(id);
  if (!layer) return kFailed;
  auto fed = layer->feed(input(bytes));
  return fed ? kOk : fail(std::move(fed).error());
}

int end_file(int id) {
  annotation::Engine* layer = find(id);
  if (!layer) return kFailed;
  auto done = layer->finish();
  return done ? kOk : fail(std::move(done).error());
}

// Read so far.
int objects(int id) {
  annotation::Engine* layer = find(id);
  return layer ? static_cast<int>(layer->objects()) : 0;
}

// The input is the request's JSON. The answer stays until _clear() or the next call.
int call(int id, int bytes) {
  annotation::Engine* layer = find(id);
  if (!layer) return kFailed;
  auto answer = layer->call(input(bytes));
  if (!answer) return fail(std::move(answer).error());
  annotations().answer = std::move(answer).value();
  return kOk;
}

std::uint32_t json_pointer() { return heap_index(annotations().answer.json.data()); }
int json_length() { return static_cast<int>(annotations().answer.json.size()); }
int part_count() { return static_cast<int>(annotations().answer.parts.size()); }
std::uint32_t part_pointer(int part) {
  return heap_index(annotations().answer.parts[static_cast<std::size_t>(part)].data());
}
int part_length(int part) {
  return static_cast<int>(annotations().answer.parts[static_cast<std::size_t>(part)].bytes());
}
void clear() { annotations().answer = {}; }

void close(int id) { annotations().layers.erase(id); }

// {"code": …, "message": …} of the last failure.
std::string error_json() {
  annotation::JsonText json;
  const Error& error = annotations().error;
  return json.begin_object().member("code", error_code_name(error.code)).member("message", error.message).end_object().take();
}

// [{"id", "title", "extensions"}, …]
std::string formats_json() {
  annotation::JsonText json;
  json.begin_array();
  for (const annotation::Format& format : annotation::formats()) {
    json.begin_object().member("id", format.id).member("title", format.title).member("extensions", format.extensions);
    json.end_object();
  }
  return json.end_array().take();
}

}  // namespace
}  // namespace mifa::bind

EMSCRIPTEN_BINDINGS(annotation) {
  using namespace mifa::bind;
  emscripten::function("_reserve", &reserve);
  emscripten::function("_open", &open);
  emscripten::function("_feed", &feed);
  emscripten::function("_endFile", &end_file);
  emscripten::function("_objects", &objects);
  emscripten::function("_call", &call);
  emscripten::function("_jsonPointer", &json_pointer);
  emscripten::function("_jsonLength", &json_length);
  emscripten::function("_partCount", &part_count);
  emscripten::function("_partPointer", &part_pointer);
  emscripten::function("_partLength", &part_length);
  emscripten::function("_clear", &clear);
  emscripten::function("_close", &close);
  emscripten::function("_errorJson", &error_json);
  emscripten::function("_formatsJson", &formats_json);
}
