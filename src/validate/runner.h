// Validates a dataset without doing any I/O itself: the host takes requests, answers them in any
// order, and goes on until done(). The command line, a worker in the browser and Node are its hosts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "validate/configuration.h"
#include "validate/report.h"
#include "zarr/array_metadata.h"

namespace mifa::validate {

struct RunLimits {
  std::size_t outstanding = 256;      // requests that a host has at a time
  std::size_t open_nodes = 64;        // groups and arrays at work together: bounds memory
  std::int64_t maximum_files = 20'000'000;  // listed; each costs about 150 bytes
  std::int64_t maximum_document_bytes = std::int64_t{256} << 20;  // of one metadata file
  std::int64_t maximum_levels = 64;         // datasets of one image; real ones have < 20
  std::int64_t maximum_images = 256;        // entries of one "multiscales"
  std::int64_t whole_level_chunks = 32;     // a coarsest level of no more is decoded whole
  std::int64_t sampled_bytes = std::int64_t{256} << 20;  // larger objects are not sampled
  std::int64_t maximum_chunks = 50'000'000;  // of one array, with all_chunks
  std::size_t study_files = 2'000;  // that are looked at for metadata of the study
  std::int64_t study_file_bytes = std::int64_t{64} << 20;  // larger ones are annotations
  std::size_t loose_files = 200'000;  // outside Zarr hierarchies that are looked at for annotations
  std::size_t open_annotations = 4;   // read at a time, each with its layer in memory
  std::int64_t window_bytes = std::int64_t{4} << 20;  // of an annotation file, read at a time
  std::int64_t kept_heads = std::int64_t{64} << 20;   // bytes of small files that are not read twice
  std::int64_t checksum_bytes = std::int64_t{256} << 20;  // read for checksums without being asked
  std::int64_t group_array_bytes = std::int64_t{256} << 20;  // of an array of a graph or table, kept whole
  std::int64_t group_array_chunks = 100'000;                 // of the same
  std::int64_t raster_rounds = 200;   // of reads, until the header of a TIFF is whole
  std::size_t maximum_ids = std::size_t{1} << 22;  // distinct labels of one image
};

struct RunOptions {
  bool all_chunks = false;     // decode all chunks rather than a sample
  bool checksums = false;      // compare stated checksums whatever the files' size
  bool metadata_only = false;  // do not ask whether what is named is there: for loose documents
  std::int64_t now = 0;        // seconds since 1970, UTC, for dates in the future; 0: not known
  Configuration configuration;
  RunLimits limits;
};

// What a host is asked for. Keys are relative to the root.
struct Request {
  enum class Kind {
    kList,   // the children of the folder `key` ("" is the root)
    kRead,   // the file `key`: all of it, or `length` bytes from `offset`, cut where it ends
    kChunk,  // the stored chunk `key`, decoded: `index` in the grid of array(array)
  };
  Kind kind = Kind::kRead;
  int id = 0;
  std::string key;
  std::int64_t offset = 0, length = 0;  // of kRead; length 0: the whole file
  int array = 0;
  std::vector<std::int64_t> index;
  bool want_ids = false;       // distinct values too
  bool want_elements = false;  // all elements too: of tables and graphs
};

struct ListedEntry {
  std::string name;
  bool folder = false;
  std::int64_t size = -1;  // bytes; -1 where not known
};

// Of the elements of a chunk that lie inside the array.
struct ChunkFacts {
  double minimum = 0, maximum = 0;
  bool has_finite = false;
  std::vector<std::uint64_t> ids;  // distinct values, where they were wanted and the type is integer
  std::vector<std::byte> elements;  // where they were wanted: the chunk's whole shape in C order
};

struct Progress {
  const char* phase = "listing";  // "listing", "metadata", "pixels"; they overlap
  std::int64_t files = 0;         // found
  std::int64_t nodes_done = 0, nodes = 0;    // groups and arrays: done, and known so far
  std::int64_t chunks_done = 0, chunks = 0;  // to decode: done, and known so far
};

class Runner {
 public:
  explicit Runner(std::string name, RunOptions options = {});
  ~Runner();

  // Requests that were not handed out yet. Empty while enough are under way, and when done.
  std::vector<Request> take_requests();

  // Answers; those to unknown ids are ignored.
  void deliver_listing(int id, const std::vector<ListedEntry>& entries);
  void deliver_unlisted(int id);  // The store cannot list.
  void deliver_found(int id, std::span<const std::byte> bytes);
  void deliver_chunk(int id, ChunkFacts facts);
  void deliver_missing(int id);
  // kFixData of a kChunk request: it was read and cannot be decoded.
  void deliver_error(int id, const Error& error);

  // Of a kChunk request that is under way.
  const zarr::ArrayMetadata& array(int id) const;

  bool done() const;
  // Set when there is nothing to validate: nothing there, or not readable.
  const std::optional<Error>& failure() const;
  Progress progress() const;
  // The outcome; before done(), that of a cancelled run. To be called once, last.
  Report take_report();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mifa::validate
