// Any bytes as GeoJSON, in one window and in many: features that are read by their written form, which
// needs all of a feature at once, come out as the JSON parser reads them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "../annotation/layer_text.h"
#include "annotation/builder.h"
#include "annotation/geojson.h"

namespace {

using mifa::annotation::LayerBuilder;
using mifa::annotation::ReadOptions;

// Nothing for a text that is not JSON: where its reading goes on depends on how much of it has come.
std::string read(std::string_view text, std::size_t window) {
  ReadOptions options;
  options.file = "fuzz";
  LayerBuilder builder(options.file, options.limits);
  {
    const auto reader = mifa::annotation::make_geojson_reader(options, builder);
    for (std::size_t at = 0; at < text.size(); at += window) {
      if (!reader->feed(text.substr(at, window))) std::abort();
    }
    if (!reader->finish()) std::abort();
  }
  const auto layer = builder.take();
  for (const mifa::Issue& issue : layer->issues) {
    if (issue.rule == "annotation/geojson-syntax") return {};
  }
  return mifa::annotation::layer_text(*layer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string whole = read(text, size), pieces = read(text, 1);
  if (!whole.empty() && !pieces.empty() && whole != pieces) std::abort();
  return 0;
}
