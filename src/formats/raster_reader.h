// A file of pixels, whatever its format: what it holds, and its chunks. The host supplies bytes and
// calls again as long as a call says that some are missing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/byte_source.h"
#include "formats/raster.h"

namespace mifa::formats {

struct RasterOptions {
  // The file's name without folders: what tells it from the others of an OME-TIFF, and its title.
  std::string name;
  // Values are labels: a palette's indices are kept, with its colours beside them.
  bool labels = false;
  // What the pages of a file that does not say are: time points, or else slices (z).
  bool pages_are_times = false;
  RasterLimits limits;
};

// One format. All methods may fail for lack of bytes: then the source is waiting().
class RasterReader {
 public:
  virtual ~RasterReader() = default;
  virtual Result<Raster> describe() = 0;
  // Preconditions: describe() has succeeded; `place` is inside its grid; `out` has the chunk's
  // bytes.
  virtual Status decode(const ChunkPlace& place, std::span<std::byte> out) = 0;
};

class Decimator;

class RasterFile {
 public:
  explicit RasterFile(RasterOptions options);
  ~RasterFile();
  RasterFile(const RasterFile&) = delete;
  RasterFile& operator=(const RasterFile&) = delete;

  // Says the file's size, or that it is not known (below 0), before the first call.
  void set_size(std::int64_t bytes);
  // Bytes that were missing, as take_missing() named them.
  void supply(std::int64_t offset, std::vector<std::byte> bytes, std::int64_t asked);

  // The last call failed for lack of these, and is to be made again once they were supplied. Empty:
  // its answer stands.
  std::vector<ByteRange> take_missing() { return source_.take_missing(); }

  // What the file holds, with levels that are made where a large image has none. Owned by this
  // object.
  Result<const Raster*> describe();
  // Bytes of a chunk: [channels][height][width] elements, little-endian. Precondition: described.
  Result<std::int64_t> chunk_bytes(const ChunkPlace& place) const;
  // Precondition: `out` has chunk_bytes(place).
  Status decode(const ChunkPlace& place, std::span<std::byte> out);

 private:
  Status start();
  void make_classes(Raster& raster);
  Status decode_plain(const ChunkPlace& place, std::span<std::byte> out);

  RasterOptions options_;
  ByteSource source_;
  std::unique_ptr<RasterReader> reader_;
  std::optional<Raster> raster_;
  // Images whose colours are classes: red, green and blue become one number.
  std::vector<bool> classes_;
  std::vector<std::byte> colors_;
  std::unique_ptr<Decimator> decimator_;
};

}  // namespace mifa::formats
