#include "fake_host.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "codec/stored_chunk.h"

namespace mifa::validate {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> find_file(const FakeHost& host, const std::string& key) {
  const auto file = host.files.find(key);
  if (file != host.files.end()) return file->second;
  if (!host.folder.empty() && fs::is_regular_file(host.folder / key)) return read_text(host.folder / key);
  return std::nullopt;
}

std::vector<ListedEntry> children_of(const FakeHost& host, const std::string& folder) {
  std::map<std::string, ListedEntry> found;
  const std::string below = folder.empty() ? "" : folder + "/";
  for (const auto& [key, text] : host.files) {
    if (!key.starts_with(below)) continue;
    const std::string rest = key.substr(below.size());
    const std::string name = rest.substr(0, rest.find('/'));
    const bool is_folder = rest.find('/') != std::string::npos;
    found[name] = {name, is_folder, is_folder ? -1 : static_cast<std::int64_t>(text.size())};
  }
  if (!host.folder.empty() && fs::is_directory(host.folder / folder)) {
    for (const auto& item : fs::directory_iterator(host.folder / folder)) {
      const std::string name = item.path().filename().string();
      found[name] = {name, item.is_directory(),
                     item.is_directory() ? -1 : static_cast<std::int64_t>(item.file_size())};
    }
  }
  std::vector<ListedEntry> entries;
  for (auto& [name, entry] : found) entries.push_back(std::move(entry));
  return entries;
}

void answer(const FakeHost& host, Runner& runner, const Request& request) {
  const auto error = host.errors.find(request.key + (request.kind == Request::Kind::kList ? "/" : ""));
  if (error != host.errors.end()) return runner.deliver_error(request.id, error->second);
  if (request.kind == Request::Kind::kList) {
    if (!host.lists) return runner.deliver_unlisted(request.id);
    return runner.deliver_listing(request.id, children_of(host, request.key));
  }
  const auto text = find_file(host, request.key);
  if (!text) return runner.deliver_missing(request.id);
  auto bytes = std::as_bytes(std::span(*text));
  if (request.length > 0) {
    const auto begin = std::min(bytes.size(), static_cast<std::size_t>(request.offset));
    bytes = bytes.subspan(begin, std::min(bytes.size() - begin, static_cast<std::size_t>(request.length)));
  }
  if (request.kind == Request::Kind::kRead) return runner.deliver_found(request.id, bytes);
  codec::Workspace workspace;
  codec::Buffer pixels;
  const auto decoder = codec::StoredChunk::prepare(runner.array(request.array));
  if (!decoder) return runner.deliver_error(request.id, decoder.error());
  const auto values = decoder->check(bytes, request.index, {request.want_ids, request.want_elements}, workspace, pixels);
  if (!values) return runner.deliver_error(request.id, values.error());
  runner.deliver_chunk(request.id, {values->minimum, values->maximum, values->has_finite, values->ids,
                                    values->elements});
}

}  // namespace

Report FakeHost::run(Runner& runner) const {
  std::mt19937 random(seed);
  std::vector<Request> pending;
  while (!runner.done()) {
    for (Request& request : runner.take_requests()) pending.push_back(std::move(request));
    if (pending.empty()) break;
    std::size_t at = 0;
    if (seed > 0) at = random() % pending.size();
    const Request request = std::move(pending[at]);
    pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(at));
    answer(*this, runner, request);
  }
  EXPECT_TRUE(runner.done()) << "nothing more is asked for, and the run is not done";
  return runner.take_report();
}

Report FakeHost::run(RunOptions options, const std::string& name) const {
  Runner runner(name, std::move(options));
  return run(runner);
}

fs::path fixtures() {
  if (const char* set = std::getenv("MIFASCOPE_FIXTURES")) return set;
  for (const fs::path& path : {fs::path("../shared/fixtures"), fs::path("../../shared/fixtures")}) {
    if (fs::is_directory(path)) return path;
  }
  return {};
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

FakeHost read_vector(const fs::path& path) {
  FakeHost host;
  const auto document = JsonDocument::parse(read_text(path), path.filename().string());
  EXPECT_TRUE(document.ok()) << (document.ok() ? "" : document.error().message);
  if (!document) return host;
  const JsonView files_view = (*document)["files"];
  for (const std::string& key : files_view.keys()) {
    const JsonView value = files_view[key];
    std::string text = value.string().value_or(value.text(SIZE_MAX));
    if (value.is_string() && text.starts_with("hex:")) {
      std::string bytes;
      for (std::size_t i = 4; i + 1 < text.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
      }
      text = bytes;
    }
    host.files[key] = text;
  }
  return host;
}

std::string summary(const Report& report, Severity least) {
  std::string text;
  for (const Issue& issue : report.issues) {
    if (static_cast<int>(issue.severity) > static_cast<int>(least)) continue;
    text += std::string(severity_name(issue.severity)) + " " + issue.rule + " at " + issue.file + " " +
            issue.pointer + ": " + issue.message + " [expected " + issue.expected + ", received " +
            issue.received + "]\n";
  }
  return text;
}

std::int64_t count_of(const Report& report, const std::string& rule) {
  for (const RuleOutcome& outcome : report.rules) {
    if (outcome.rule->id == rule) return outcome.count;
  }
  return 0;
}

}  // namespace mifa::validate
