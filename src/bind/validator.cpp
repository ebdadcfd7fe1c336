// The program `validator`: checks a dataset whose files JavaScript reads. Fetched only when somebody
// asks for a check. Requests and listings cross as JSON; bytes through a block of the heap:
//
//   const id = start(name, optionsJson)       a run, or 0 and _errorJson
//   JSON.parse(requests(id))                  [{id, kind: "list" | "read" | "chunk", key, range?}]
//   _reserve(n); HEAPU8.set(bytes, pointer); found(id, request, n)
//   done(id), progress(id), report(id, "json")
//
// Wrapped in TypeScript by web/validation; native it is src/cli.

#include <emscripten/bind.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "codec/stored_chunk.h"
#include "core/json.h"
#include "core/message_json.h"
#include "ome/opener.h"
#include "validate/description.h"
#include "validate/report.h"
#include "validate/runner.h"

namespace mifa::bind {
namespace {

using validate::Request;
using Json = nlohmann::json;

// A buffer that one large chunk made larger than this is given back after use.
constexpr std::int64_t kKeptBytes = std::int64_t{64} << 20;
constexpr std::size_t kDecoders = 64;  // arrays prepared at a time

struct Run {
  std::unique_ptr<validate::Runner> runner;
  std::map<int, Request> chunks;  // kChunk requests under way
  std::map<int, Result<codec::StoredChunk>> decoders;  // by array
  std::unique_ptr<validate::Report> report;
};

// `info`: opens the dataset as the viewer does.
struct Look {
  std::string name;
  std::unique_ptr<ome::Opener> opener;
};

struct Program {
  std::map<int, Run> runs;
  std::map<int, Look> looks;
  int next_id = 1;
  codec::Buffer input, pixels;
  codec::Workspace workspace;
  Error error;
};

Program& program() {
  static Program instance;
  return instance;
}

Result<validate::RunOptions> read_options(const std::string& text) {
  auto document = JsonDocument::parse(text, "options");
  if (!document) return std::move(document).error();
  validate::RunOptions options;
  options.all_chunks = (*document)["allChunks"].boolean().value_or(false);
  options.checksums = (*document)["checksums"].boolean().value_or(false);
  options.now = (*document)["now"].integer().value_or(0);
  const auto configuration = (*document)["configuration"].string();
  if (configuration && !configuration->empty()) {
    const auto name = (*document)["configurationName"].string();
    auto parsed = validate::parse_configuration(*configuration, name.value_or("the configuration"));
    if (!parsed) return std::move(parsed).error();
    options.configuration = *std::move(parsed);
  }
  return options;
}

int start(const std::string& name, const std::string& options_json) {
  auto options = read_options(options_json);
  if (!options) {
    program().error = std::move(options).error();
    return 0;
  }
  const int id = program().next_id++;
  program().runs[id].runner = std::make_unique<validate::Runner>(name, *std::move(options));
  return id;
}

void stop(int id) { program().runs.erase(id); }

Run* find(int id) {
  const auto found = program().runs.find(id);
  return found == program().runs.end() ? nullptr : &found->second;
}

std::string requests(int id) {
  Run* run = find(id);
  Json list = Json::array();
  if (run) {
    for (Request& request : run->runner->take_requests()) {
      const char* kind = request.kind == Request::Kind::kList   ? "list"
                         : request.kind == Request::Kind::kRead ? "read"
                                                                : "chunk";
      Json item = {{"id", request.id}, {"kind", kind}, {"key", request.key}};
      if (request.length > 0) item["range"] = {{"offset", request.offset}, {"length", request.length}};
      list.push_back(std::move(item));
      if (request.kind == Request::Kind::kChunk) run->chunks.emplace(request.id, std::move(request));
    }
  }
  return json_text(list);
}

// Room for `bytes` of input, as a heap index; 0 if there is no memory.
std::uint32_t reserve(double bytes) {
  constexpr double kMost = 2147483647;
  if (!(bytes >= 0 && bytes <= kMost)) return 0;
  const auto size = static_cast<std::int64_t>(bytes);
  const auto block = program().input.reserve(size > 0 ? size : 1);
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(block.data()));
}

codec::Bytes input(double bytes) {
  return {program().input.data(), static_cast<std::size_t>(bytes)};
}

const Result<codec::StoredChunk>& decoder(Run& run, int array) {
  const auto found = run.decoders.find(array);
  if (found != run.decoders.end()) return found->second;
  if (run.decoders.size() >= kDecoders) run.decoders.erase(run.decoders.begin());
  return run.decoders.emplace(array, codec::StoredChunk::prepare(run.runner->array(array)))
      .first->second;
}

// The first `bytes` of the input are what the request's key holds.
void found(int id, int request, double bytes) {
  Run* run = find(id);
  if (!run) return;
  const auto chunk = run->chunks.find(request);
  if (chunk == run->chunks.end()) {
    run->runner->deliver_found(request, input(bytes));
    return;
  }
  const Request wanted = std::move(chunk->second);
  run->chunks.erase(chunk);
  const auto& prepared = decoder(*run, wanted.array);
  if (!prepared) {
    run->runner->deliver_error(request, prepared.error());
    return;
  }
  Program& state = program();
  auto values = prepared->check(input(bytes), wanted.index, {wanted.want_ids, wanted.want_elements}, state.workspace, state.pixels);
  if (values) {
    run->runner->deliver_chunk(
        request, {values->minimum, values->maximum, values->has_finite, std::move(values->ids),
                  std::move(values->elements)});
  } else {
    run->runner->deliver_error(request, values.error());
  }
  state.input.release_above(kKeptBytes);
  state.pixels.release_above(kKeptBytes);
  state.workspace.release_above(kKeptBytes);
}

void missing(int id, int request) {
  Run* run = find(id);
  if (!run) return;
  run->chunks.erase(request);
  run->runner->deliver_missing(request);
}

ErrorCode code_of(const std::string& name) {
  for (const ErrorCode code : {ErrorCode::kRetry, ErrorCode::kFixData, ErrorCode::kUnsupported,
                               ErrorCode::kMissing, ErrorCode::kForbidden, ErrorCode::kLimit}) {
    if (name == error_code_name(code)) return code;
  }
  return ErrorCode::kRetry;
}

// It could not be read. "fix-data" of a file that could not be read is no fault of its content.
void failed(int id, int request, const std::string& code, const std::string& message) {
  Run* run = find(id);
  if (!run) return;
  const bool chunk = run->chunks.erase(request) > 0;
  ErrorCode error = code_of(code);
  if (chunk && error == ErrorCode::kFixData) error = ErrorCode::kRetry;
  run->runner->deliver_error(request, {error, message});
}

// [[name, folder, size]…]: the size is -1 where it is not known.
std::vector<validate::ListedEntry> read_entries(const std::string& entries_json) {
  const Json list = Json::parse(entries_json, nullptr, /*allow_exceptions=*/false);
  std::vector<validate::ListedEntry> entries;
  for (const Json& item : list) {
    if (!item.is_array() || item.size() != 3 || !item[0].is_string()) continue;
    validate::ListedEntry entry;
    entry.name = *item[0].get_ptr<const std::string*>();
    entry.folder = item[1].is_boolean() && *item[1].get_ptr<const bool*>();
    if (item[2].is_number()) {
      const double* real = item[2].get_ptr<const double*>();
      const auto* whole = item[2].get_ptr<const std::int64_t*>();
      entry.size = real ? static_cast<std::int64_t>(*real) : whole ? *whole : -1;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

void listed(int id, int request, const std::string& entries_json) {
  if (Run* run = find(id)) run->runner->deliver_listing(request, read_entries(entries_json));
}

void unlisted(int id, int request) {
  if (Run* run = find(id)) run->runner->deliver_unlisted(request);
}

bool done(int id) {
  Run* run = find(id);
  return !run || run->runner->done();
}

std::string progress(int id) {
  Run* run = find(id);
  if (!run) return "null";
  const validate::Progress progress = run->runner->progress();
  return json_text({{"phase", progress.phase},
                    {"files", progress.files},
                    {"nodes", progress.nodes},
                    {"nodesDone", progress.nodes_done},
                    {"chunks", progress.chunks},
                    {"chunksDone", progress.chunks_done}});
}

// Why there is nothing to report, or "".
std::string failure(int id) {
  Run* run = find(id);
  return run && run->runner->failure() ? json_text(error_json(*run->runner->failure())) : std::string();
}

// "text", "json", "html", "csv" or "junit". The run cannot go on after the first call.
std::string report(int id, const std::string& format) {
  Run* run = find(id);
  if (!run) return {};
  if (!run->report) run->report = std::make_unique<validate::Report>(run->runner->take_report());
  using validate::Format;
  const Format wanted = format == "json"    ? Format::kJson
                        : format == "html"  ? Format::kHtml
                        : format == "csv"   ? Format::kCsv
                        : format == "junit" ? Format::kJunit
                                            : Format::kText;
  return validate::write_report(*run->report, wanted);
}

// --- info: keys are asked for and answered by name

int look(const std::string& name) {
  const int id = program().next_id++;
  program().looks[id] = {name, std::make_unique<ome::Opener>(name)};
  return id;
}

// Ends a look too: with text of nothing, it is only dropped.
std::string looked(int id, bool json) {
  const auto found = program().looks.find(id);
  if (found == program().looks.end()) return {};
  const Look one = std::move(found->second);
  program().looks.erase(found);
  if (one.opener->stage() != ome::Opener::Stage::kComplete) {
    program().error = one.opener->stage() == ome::Opener::Stage::kFailed
                          ? one.opener->failure()
                          : Error{ErrorCode::kRetry, "the dataset was not read to its end"};
    return {};
  }
  return json ? validate::describe_json(one.name, one.opener->dataset())
              : validate::describe_text(one.name, one.opener->dataset());
}

std::string look_requests(int id) {
  Json list = Json::array();
  const auto found = program().looks.find(id);
  if (found == program().looks.end()) return "[]";
  for (const std::string& key : found->second.opener->take_requests()) {
    list.push_back({{"id", 0}, {"kind", "read"}, {"key", key}});
  }
  for (const std::string& key : found->second.opener->take_listings()) {
    list.push_back({{"id", 0}, {"kind", "list"}, {"key", key}});
  }
  return json_text(list);
}

void look_found(int id, const std::string& key, double bytes) {
  const auto found = program().looks.find(id);
  if (found != program().looks.end()) found->second.opener->deliver_found(key, input(bytes));
}

void look_failed(int id, const std::string& key, const std::string& code, const std::string& message) {
  const auto found = program().looks.find(id);
  if (found == program().looks.end()) return;
  if (code == "missing") {
    found->second.opener->deliver_missing(key);
  } else {
    found->second.opener->deliver_error(key, {code_of(code), message});
  }
}

void look_listed(int id, const std::string& folder, const std::string& entries_json) {
  const auto found = program().looks.find(id);
  if (found == program().looks.end()) return;
  if (entries_json.empty()) return found->second.opener->deliver_unlisted(folder);
  std::vector<ome::Opener::ListedEntry> entries;
  for (const validate::ListedEntry& entry : read_entries(entries_json)) {
    entries.push_back({entry.name, entry.folder});
  }
  found->second.opener->deliver_listing(folder, entries);
}

std::string error_json() { return json_text(mifa::error_json(program().error)); }

EMSCRIPTEN_BINDINGS(validator) {
  using emscripten::function;
  function("_start", &start);
  function("_stop", &stop);
  function("_requests", &requests);
  function("_reserve", &reserve);
  function("_found", &found);
  function("_missing", &missing);
  function("_failed", &failed);
  function("_listed", &listed);
  function("_unlisted", &unlisted);
  function("_done", &done);
  function("_progress", &progress);
  function("_failure", &failure);
  function("_report", &report);
  function("_look", &look);
  function("_lookRequests", &look_requests);
  function("_lookFound", &look_found);
  function("_lookFailed", &look_failed);
  function("_lookListed", &look_listed);
  function("_looked", &looked);
  function("_errorJson", &error_json);
}

}  // namespace
}  // namespace mifa::bind
