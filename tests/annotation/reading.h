// Reading annotation texts and files in tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "annotation/format.h"

namespace mifa::annotation {

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Others' data, next to the project; tests that need it are skipped where it is not there.
inline std::filesystem::path fixture(const std::string& name) {
  for (const char* root : {"../shared/fixtures", "../../shared/fixtures"}) {
    if (std::filesystem::exists(root)) return std::filesystem::path(root) / name;
  }
  return {};
}
#define REQUIRE_FIXTURE(name) \
  if (!std::filesystem::exists(fixture(name))) GTEST_SKIP() << "no ../shared/fixtures/" << (name)

struct Reading {
  std::unique_ptr<Layer> layer;
  Status status = Success{};

  Layer* operator->() const { return layer.get(); }
  // "rule, line: message" of each issue, a line each.
  std::string issues() const {
    std::string text;
    for (const Issue& issue : layer->issues) {
      text += issue.rule + ", " + std::to_string(issue.line) + ": " + issue.message + "\n";
    }
    return text;
  }
  std::string category(std::size_t object) const {
    const int index = layer->category[object];
    return index < 0 ? "" : layer->categories[static_cast<std::size_t>(index)].name;
  }
  std::string property(const char* column, std::size_t object) const {
    const Column* found = layer->find(column);
    return found ? found->text(object) : "no such column";
  }
};

// Reads a text with a format's reader, in windows of `window` bytes.
inline Reading read_with(std::unique_ptr<Reader> (*make)(const ReadOptions&, LayerBuilder&),
                         const std::string& text, ReadOptions options = {},
                         std::size_t window = 1 << 16) {
  if (options.file.empty()) options.file = "test";
  LayerBuilder builder(options.file, options.limits);
  Reading reading;
  {
    const std::unique_ptr<Reader> reader = make(options, builder);
    for (std::size_t at = 0; reading.status && at < text.size(); at += window) {
      reading.status = reader->feed(std::string_view(text).substr(at, window));
    }
    if (reading.status) reading.status = reader->finish();
  }
  reading.layer = builder.take();
  return reading;
}

}  // namespace mifa::annotation
