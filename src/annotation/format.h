// The registry of annotation formats: how each is recognised and what reads it. A new format is one
// file with sniff() and a Reader, a row in formats.cpp, a vector folder and a README row.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/builder.h"
#include "core/result.h"

namespace mifa::annotation {

// The image that annotations are laid over.
struct ImageContext {
  std::vector<std::string> names;  // file names and paths it goes by, best first; may be empty
  std::int64_t width = 0, height = 0;  // pixels of the finest level; 0 when unknown
  std::int64_t depth = 1, frames = 1;
  double pixel_width = 0, pixel_height = 0, slice_distance = 0;  // in `unit`; 0 when unknown
  std::string unit;                                              // "micrometer"
};

struct ReadOptions {
  std::string file;    // its name or path, for messages and for formats whose name tells something
  ImageContext image;
  // Texts of small files beside it that a format needs ("classes.txt", "data.yaml"), by name.
  std::map<std::string, std::string> companions;
  // Tables: which column plays which part ("x" → "Centroid X µm"), as a user corrected it.
  std::map<std::string, std::string> mapping;
  LayerLimits limits;
};

// Reads a file given in windows of any length. Never throws; what it cannot read is an issue of the
// builder's, and an Error only where nothing further can be read.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Status feed(std::string_view window) = 0;
  virtual Status finish() = 0;
};

// For formats that are read in one piece: collects the windows (up to LayerLimits::whole_file).
class WholeFileReader : public Reader {
 public:
  WholeFileReader(const ReadOptions& options, LayerBuilder& builder)
      : options_(options), builder_(builder) {}
  Status feed(std::string_view window) final;
  Status finish() final;

 protected:
  // `text` is the whole file; it has a few spare bytes after it that may be read (simdjson).
  virtual Status read(std::string_view text) = 0;
  const ReadOptions& options() const { return options_; }
  LayerBuilder& builder() { return builder_; }

 private:
  ReadOptions options_;
  LayerBuilder& builder_;
  std::string text_;
};

// The beginning of a file, at most kHeadBytes of it, after gunzip.
inline constexpr std::size_t kHeadBytes = 65'536;
struct Head {
  std::string name;
  std::string_view bytes;
  bool complete = false;  // These are all its bytes.
};

struct Format {
  const char* id;          // "geojson"
  const char* title;       // "GeoJSON"
  const char* extensions;  // ".geojson, .json", as the README has them
  // How sure the content is of this format: 0 not at all, 50 possible, 100 certain. The name only
  // adds to what the content says.
  int (*sniff)(const Head& head);
  std::unique_ptr<Reader> (*make)(const ReadOptions& options, LayerBuilder& builder);
};

std::span<const Format> formats();
const Format* find_format(std::string_view id);
// The format that is surest; an Error that lists the known ones when none is above 0.
Result<const Format*> detect_format(const Head& head);

}  // namespace mifa::annotation
