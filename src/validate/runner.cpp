#include "validate/runner.h"

#include <algorithm>

#include "core/checked.h"
#include "ome/concat.h"
#include "validate/runner_state.h"
#include "zarr/chunk_grid.h"

namespace mifa::validate {

using ome::concat;

std::string in_folder(const std::string& folder, std::string_view file) {
  return folder.empty() ? std::string(file) : concat(folder, "/", file);
}

Runner::Runner(std::string name, RunOptions options)
    : state_(std::make_unique<State>(std::move(name), std::move(options))) {
  state_->start_scan();
}
Runner::~Runner() = default;

std::int64_t ArrayWork::cells() const {
  return checked_product(zarr::grid_shape(metadata->shape, metadata->chunk_shape)).value_or(-1);
}

std::vector<std::int64_t> ArrayWork::index_of(std::int64_t linear) const {
  const auto grid = zarr::grid_shape(metadata->shape, metadata->chunk_shape);
  std::vector<std::int64_t> index(grid.size());
  for (std::size_t i = grid.size(); i-- > 0;) {
    index[i] = linear % grid[i];
    linear /= grid[i];
  }
  return index;
}

// --- requests

void Runner::State::ask(Request::Kind kind, std::string key, Route route) {
  Request request;
  request.kind = kind;
  request.id = next_id++;
  request.key = key;
  request.offset = route.offset;
  request.length = route.length;
  route.kind = kind;
  route.key = std::move(key);
  if (kind == Request::Kind::kChunk) {
    const ArrayWork& array = nodes.at(route.node).arrays[route.array];
    request.array = array.id;
    request.index = array.index_of(route.linear);
    request.key = in_folder(array.path, zarr::chunk_key(array.metadata->key_encoding, request.index));
    route.key = request.key;
    const ImageWork* image = nullptr;
    for (const ImageWork& candidate : nodes.at(route.node).images) {
      if (!candidate.arrays.empty() && candidate.arrays[0] == route.array) image = &candidate;
    }
    request.want_ids = options.all_chunks && image && image->subject.is_label;
  }
  routes.emplace(request.id, std::move(route));
  ready.push_back(std::move(request));
}

std::optional<Runner::State::Route> Runner::State::take_route(int id) {
  const auto found = routes.find(id);
  if (found == routes.end()) return std::nullopt;
  Route route = std::move(found->second);
  routes.erase(found);
  if (handed_out > 0) --handed_out;
  return route;
}

// Turns chunks that wait into requests, and opens further nodes, while there is room.
void Runner::State::advance() {
  while (ready.size() + handed_out < options.limits.outstanding) {
    if (!batches.empty()) {
      ChunkBatch& batch = batches.front();
      Route route;
      route.node = batch.node;
      route.array = batch.array;
      route.linear = batch.linear[batch.next++];
      ask(Request::Kind::kChunk, {}, std::move(route));
      if (batch.next == batch.linear.size()) batches.pop_front();
    } else if (!scanning && !stack.empty() && nodes.size() < options.limits.open_nodes) {
      Node node = std::move(stack.back());
      stack.pop_back();
      open_node(std::move(node));
    } else {
      break;
    }
  }
  const bool idle = !scanning && nodes.empty() && stack.empty();
  if (idle && !files_checked && advance_loose_files()) check_files();
}

std::vector<Request> Runner::take_requests() {
  State& state = *state_;
  state.advance();
  std::vector<Request> requests;
  while (!state.ready.empty() && state.handed_out < state.options.limits.outstanding) {
    requests.push_back(std::move(state.ready.front()));
    state.ready.pop_front();
    ++state.handed_out;
  }
  return requests;
}

// --- answers

void Runner::deliver_listing(int id, const std::vector<ListedEntry>& entries) {
  const auto route = state_->take_route(id);
  if (route && route->kind == Request::Kind::kList) state_->take_listing(route->key, entries);
  state_->advance();
}

void Runner::deliver_unlisted(int id) {
  const auto route = state_->take_route(id);
  if (route && route->kind == Request::Kind::kList) state_->take_unlisted(route->key);
  state_->advance();
}

void Runner::deliver_found(int id, std::span<const std::byte> bytes) {
  State& state = *state_;
  const auto route = state.take_route(id);
  if (!route || route->kind != Request::Kind::kRead) return;
  if (route->purpose != ReadFor::kNode) {
    state.take_part(*route, bytes);
    return state.advance();
  }
  Reply reply;
  reply.state = Reply::State::kFound;
  if (static_cast<std::int64_t>(bytes.size()) > state.options.limits.maximum_document_bytes) {
    state.findings.file("ome-zarr/json", 0, route->key, "The metadata file is too large to be read.",
                        concat("at most ", state.options.limits.maximum_document_bytes >> 20, " MiB"),
                        concat(static_cast<std::int64_t>(bytes.size() >> 20), " MiB"));
  } else {
    auto json = JsonDocument::parse(
        std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), route->key);
    if (json) {
      reply.json = *std::move(json);
      if (reply.json.has_nonfinite_literals()) {
        state.findings.place("ome-zarr/json-literals", 0, reply.json,
                             "The file has NaN or Infinity in it, which JSON does not know.",
                             "numbers, strings or null", "NaN or Infinity", "");
      }
    } else {
      state.findings.file("ome-zarr/json", 0, route->key, json.error().message, "JSON");
    }
  }
  state.take_document(*route, std::move(reply));
  state.advance();
}

void Runner::deliver_chunk(int id, ChunkFacts facts) {
  const auto route = state_->take_route(id);
  if (route && route->kind == Request::Kind::kChunk) {
    if (route->group.empty()) {
      state_->take_chunk(*route, std::move(facts));
    } else {
      state_->take_group_chunk(*route, &facts, false);
    }
  }
  state_->advance();
}

void Runner::deliver_missing(int id) {
  State& state = *state_;
  const auto route = state.take_route(id);
  if (!route) return;
  if (route->kind == Request::Kind::kList) {
    state.take_unlisted(route->key);
  } else if (!route->group_array.empty()) {
    state.take_group_chunk(*route, nullptr, false);
  } else if (route->kind == Request::Kind::kChunk) {
    Node& node = state.nodes.at(route->node);
    ++node.arrays[route->array].absent;
    ++state.progress.chunks_done;
    if (--node.pending == 0) state.chunks_ready(node);
  } else if (route->purpose != ReadFor::kNode) {
    state.miss_part(*route);
  } else {
    Reply reply;
    reply.state = Reply::State::kMissing;
    state.take_document(*route, std::move(reply));
  }
  state.advance();
}

void Runner::deliver_error(int id, const Error& error) {
  State& state = *state_;
  const auto route = state.take_route(id);
  if (!route) return;
  if (!route->group_array.empty()) {
    state.take_group_chunk(*route, nullptr, true);
  } else if (route->kind == Request::Kind::kChunk) {
    state.fail_chunk(*route, error);
  } else {
    state.findings.file("files/unreadable", 0,
                        route->kind == Request::Kind::kList ? route->key + "/" : route->key,
                        error.message, "a file that can be read", error_code_name(error.code));
    if (route->kind == Request::Kind::kList) {
      if (route->key.empty() && !state.failure) state.failure = error;
      state.take_listing(route->key, {});
    } else if (route->purpose != ReadFor::kNode) {
      state.miss_part(*route);
    } else {
      Node& node = state.nodes.at(route->node);
      if (node.role == Role::kRoot && !state.failure) state.failure = error;
      Reply reply;
      reply.state = Reply::State::kFailed;
      state.take_document(*route, std::move(reply));
    }
  }
  state.advance();
}

const zarr::ArrayMetadata& Runner::array(int id) const {
  if (state_->group_array_places.contains(id)) return state_->group_array(id);
  const auto [node, index] = state_->array_places.at(id);
  return *state_->nodes.at(node).arrays[index].metadata;
}

bool Runner::done() const { return state_->files_checked; }

const std::optional<Error>& Runner::failure() const { return state_->failure; }

Progress Runner::progress() const {
  Progress progress = state_->progress;
  progress.files = static_cast<std::int64_t>(state_->tree.files.size());
  progress.phase = state_->scanning ? "listing"
                   : progress.nodes_done == progress.nodes || progress.chunks > progress.chunks_done
                       ? "pixels"
                       : "metadata";
  return progress;
}

Report Runner::take_report() {
  State& state = *state_;
  Report report;
  report.name = state.dataset;
  report.complete = done();
  report.inventory = state.inventory;
  report.inventory.listed = state.tree.listed;
  report.inventory.files = static_cast<std::int64_t>(state.tree.files.size());
  for (const auto& [key, size] : state.tree.files) {
    report.inventory.bytes += std::max<std::int64_t>(0, size);
  }
  report.inventory.all_chunks = state.options.all_chunks;
  report.inventory.versions = {state.versions.begin(), state.versions.end()};
  const Configuration& configuration = state.options.configuration;
  for (const auto& [id, counts] : state.findings.counts()) {
    RuleOutcome outcome;
    outcome.rule = find_rule(id);
    // Some issues of a rule may be milder than others: the rule stands with the worst.
    for (const Severity severity : {Severity::kInfo, Severity::kWarning, Severity::kError}) {
      const std::int64_t count = counts[static_cast<std::size_t>(severity)];
      if (count > 0) outcome.severity = severity;
      outcome.count += count;
    }
    report.errors += counts[static_cast<std::size_t>(Severity::kError)];
    report.warnings += counts[static_cast<std::size_t>(Severity::kWarning)];
    report.infos += counts[static_cast<std::size_t>(Severity::kInfo)];
    outcome.url = spec_url(*outcome.rule, state.findings.editions().at(id));
    if (const auto change = configuration.changes.find(id); change != configuration.changes.end()) {
      outcome.reason = change->second.reason;
    }
    report.rules.push_back(std::move(outcome));
  }
  std::stable_sort(report.rules.begin(), report.rules.end(), [](const auto& a, const auto& b) {
    return static_cast<int>(a.severity) < static_cast<int>(b.severity);
  });
  for (const auto& [id, change] : configuration.changes) {
    if (!change.severity) report.silenced.push_back({id, change.reason});
  }
  report.issues = state.findings.take_sorted();
  return report;
}

const char* Report::verdict() const {
  if (errors > 0) return "invalid";
  return complete ? "valid" : "incomplete";
}

}  // namespace mifa::validate
