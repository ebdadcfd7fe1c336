// Any bytes, in windows of any length, into a reader of annotations: it ends, says what is wrong,
// and leaves a layer whose parts fit together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "annotation/format.h"

namespace mifa::annotation {

inline void check_layer(const Layer& layer) {
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  require(layer.part_begin.size() == layer.size() + 1);
  require(layer.vertex_begin.size() == layer.parts() + 1);
  require(layer.part_begin.back() == layer.parts());
  require(layer.vertex_begin.back() == layer.vertices());
  require(layer.category.size() == layer.size() && layer.place_line.size() == layer.size());
  for (std::size_t i = 0; i < layer.links.size(); ++i) {
    require(layer.links[i].from < layer.size() && layer.links[i].to < layer.size());
  }
  for (const auto& column : layer.columns) {
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (column->has(i)) column->text(i);
    }
  }
  for (const Issue& issue : layer.issues) require(!issue.message.empty() && !issue.rule.empty());
}

// The first byte chooses the windows, the second whether an image is known.
inline int fuzz_reader(std::unique_ptr<Reader> (*make)(const ReadOptions&, LayerBuilder&),
                       int (*sniff)(const Head&), const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t window = data[0] == 0 ? size : data[0];
  ReadOptions options;
  options.file = "fuzz";
  options.limits.objects = 1000;
  options.limits.vertices = 10'000;
  options.limits.columns = 20;
  if (data[1] % 2 == 1) {
    options.image.names = {"a.png"};
    options.image.width = options.image.height = 100;
    options.image.frames = data[1];
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  // What a host found in masks (ctc.cpp).
  if (data[1] % 4 == 3) options.companions["mask-positions"] = std::string(text);
  sniff({"fuzz", text.substr(0, kHeadBytes), text.size() <= kHeadBytes});
  LayerBuilder builder(options.file, options.limits);
  {
    const std::unique_ptr<Reader> reader = make(options, builder);
    Status status = Success{};
    for (std::size_t at = 0; status && at < text.size(); at += window) {
      status = reader->feed(text.substr(at, window));
    }
    if (status) status = reader->finish();
    if (!status && status.error().message.empty()) std::abort();
  }
  check_layer(*builder.take());
  return 0;
}

}  // namespace mifa::annotation
