// Validates a tree whose listings and files are the fuzzer's bytes: the input is cut at each 0x00 byte,
// and the parts answer what is asked for in the order of asking. A part that answers a listing is a
// list of names, one a line, folders with a slash at the end; of a chunk only its first byte counts.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/stored_chunk.h"
#include "validate/report.h"
#include "validate/runner.h"

namespace {

using mifa::validate::ListedEntry;
using mifa::validate::Request;
using mifa::validate::Runner;

std::vector<ListedEntry> entries_of(std::string_view part) {
  std::vector<ListedEntry> entries;
  while (!part.empty() && entries.size() < 64) {
    const std::size_t end = std::min(part.find('\n'), part.size());
    std::string_view name = part.substr(0, end);
    part.remove_prefix(std::min(end + 1, part.size()));
    const bool folder = name.ends_with('/');
    if (folder) name.remove_suffix(1);
    entries.push_back({std::string(name), folder, static_cast<std::int64_t>(name.size() % 5) - 1});
  }
  return entries;
}

void answer(Runner& runner, const Request& request, std::string_view part, bool any) {
  auto bytes = std::as_bytes(std::span(part.data(), part.size()));
  if (request.length > 0) bytes = bytes.first(std::min(bytes.size(), static_cast<std::size_t>(request.length)));
  if (request.kind == Request::Kind::kList) {
    if (any) return runner.deliver_listing(request.id, entries_of(part));
    return runner.deliver_unlisted(request.id);
  }
  if (!any) return runner.deliver_missing(request.id);
  if (part.starts_with('!')) {
    return runner.deliver_error(request.id, {mifa::ErrorCode::kRetry, "no answer"});
  }
  if (request.kind == Request::Kind::kRead) return runner.deliver_found(request.id, bytes);
  mifa::codec::DecodeLimits limits;
  limits.maximum_chunk_bytes = std::int64_t{1} << 20;
  const auto decoder = mifa::codec::StoredChunk::prepare(runner.array(request.array), limits);
  if (!decoder) return runner.deliver_error(request.id, decoder.error());
  mifa::codec::Workspace workspace;
  mifa::codec::Buffer pixels;
  const auto values = decoder->check(bytes, request.index, {true, true}, workspace, pixels);
  if (!values) return runner.deliver_error(request.id, values.error());
  runner.deliver_chunk(request.id, {values->minimum, values->maximum, values->has_finite, values->ids, values->elements});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  mifa::validate::RunOptions options;
  options.all_chunks = size % 2 == 1;
  options.limits.maximum_chunks = 64;
  options.limits.maximum_files = 256;
  Runner runner("fuzz", std::move(options));
  constexpr int kMostSteps = 2'000;
  for (int step = 0; step < kMostSteps && !runner.done(); ++step) {
    const auto requests = runner.take_requests();
    if (requests.empty() && !runner.done()) std::abort();
    for (const Request& request : requests) {
      const bool any = !rest.empty();
      const std::size_t end = std::min(rest.find('\0'), rest.size());
      answer(runner, request, rest.substr(0, end), any);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  if (runner.failure() && runner.failure()->message.empty()) std::abort();
  const mifa::validate::Report report = runner.take_report();
  using mifa::validate::Format;
  for (const Format format : {Format::kText, Format::kJson, Format::kHtml, Format::kCsv, Format::kJunit}) {
    if (mifa::validate::write_report(report, format).empty()) std::abort();
  }
  return 0;
}
