// Any bytes as an annotation file of any format, and all that can be asked of what was read.
// The first byte says in windows of which length they come, and whether the format is told.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "annotation/engine.h"

namespace {

using mifa::annotation::Engine;

const char* const kRequests[] = {
    R"({"call": "info"})",
    R"({"call": "points"})",
    R"({"call": "blocks"})",
    R"({"call": "shapes", "block": 0})",
    R"({"call": "links"})",
    R"({"call": "extents"})",
    R"({"call": "style", "colorBy": {"kind": "category"}, "filter": {"hidden": [-1, 0]}})",
    R"({"call": "style", "colorBy": {"kind": "column", "column": "name"}, "filter": {"ranges": [{"column": "score", "min": 0, "max": 1}]}})",
    R"({"call": "pick", "query": {"x": 1, "y": 1, "radius": 5}})",
    R"({"call": "outline", "object": 0})",
    R"({"call": "details", "object": 0})",
    R"({"call": "table", "query": {"sort": "name", "search": "a 1", "filtered": false}, "from": 0, "count": 3})",
    R"({"call": "quality", "image": {"width": 100, "height": 100}})",
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t window = std::size_t{1} << (data[0] & 0x0f);
  const auto formats = mifa::annotation::formats();
  const std::size_t told = data[0] >> 4;
  mifa::annotation::ReadOptions options;
  options.file = "file";
  options.limits.objects = 2000;
  options.limits.vertices = 100'000;
  options.limits.columns = 64;
  auto engine = Engine::open(options, told < formats.size() ? formats[told].id : "");
  if (!engine) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (std::size_t at = 0; at < text.size(); at += window) {
    if (!(*engine)->feed(text.substr(at, window))) return 0;
  }
  if (!(*engine)->finish()) return 0;
  for (const char* request : kRequests) static_cast<void>((*engine)->call(request));
  return 0;
}
