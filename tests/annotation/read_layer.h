// Reads a text or file into a layer, as the program does, in windows of any length.
#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "annotation/builder.h"
#include "annotation/format.h"

namespace mifa::annotation {

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// `format`: its id; empty to recognise it. The Error, where there was one, is filed as the issue "error".
inline std::unique_ptr<Layer> read_layer(const std::string& text, ReadOptions options = {},
                                         const std::string& format = {}, std::size_t window = 1 << 20) {
  LayerBuilder builder(options.file, options.limits);
  const auto fail = [&](const Error& error) {
    builder.issue("error", Severity::kError, error.message, {}, 0, {}, {}, {});
    return builder.take();
  };
  const Format* found = find_format(format);
  if (!found) {
    const bool complete = text.size() <= kHeadBytes;
    auto detected = detect_format({options.file, std::string_view(text).substr(0, kHeadBytes), complete});
    if (!detected) return fail(detected.error());
    found = *detected;
  }
  builder.layer().format = found->id;
  const auto reader = found->make(options, builder);
  for (std::size_t at = 0; at < text.size(); at += window) {
    // A copy of just its size, so that reading beyond it is noticed.
    const std::string part = text.substr(at, window);
    const Status status = reader->feed(part);
    if (!status) return fail(status.error());
  }
  const Status status = reader->finish();
  if (!status) return fail(status.error());
  return builder.take();
}

// "rule line pointer: message Expected …, received …. Fix", one a line: what tests assert.
inline std::string issue_text(const Layer& layer) {
  std::string text;
  for (const Issue& issue : layer.issues) {
    text += issue.rule + " " + std::to_string(issue.line) + " " + issue.pointer + ": " + issue.message +
            " Expected " + issue.expected + ", received " + issue.received + ". " + issue.fix + "\n";
  }
  return text;
}

}  // namespace mifa::annotation
