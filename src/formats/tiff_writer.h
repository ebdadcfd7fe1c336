// An OME-TIFF in memory: one image, a page a plane, uncompressed strips, written by libtiff.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/sample_type.h"

namespace mifa::formats {

struct TiffLayout {
  // The OME-XML, UTF-8, for the first page's ImageDescription.
  std::string description;
  // Pixels of a plane.
  std::int64_t width = 0, height = 0;
  std::int64_t planes = 0;
  // 8 to 32 bits, float32 or float64: what OME-XML has a name for.
  SampleType type = SampleType::kUint8;
};

class TiffWriter {
 public:
  // Bytes of a file: it is held in memory as a whole, and classic TIFF holds it.
  static constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;

  // Reserves room for the whole file. Fails for a layout that is empty, larger than kMostBytes, or of
  // a type that OME-XML has no name for.
  static Result<std::unique_ptr<TiffWriter>> make(TiffLayout layout);
  ~TiffWriter();
  TiffWriter(const TiffWriter&) = delete;
  TiffWriter& operator=(const TiffWriter&) = delete;

  // The next plane: width x height little-endian samples, row by row.
  Status add_plane(std::span<const std::byte> samples);
  // The file, once all planes are there.
  Result<std::vector<std::byte>> finish();

 private:
  struct Output;
  explicit TiffWriter(TiffLayout layout);
  Error failed(const std::string& doing) const;

  TiffLayout layout_;
  std::unique_ptr<Output> output_;
  std::int64_t written_ = 0;
};

}  // namespace mifa::formats
