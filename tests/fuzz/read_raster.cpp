// An image file of the fuzzer's bytes: described, and its first chunks decoded. Odd inputs are
// given by parts, as a host on the web would.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/checked.h"
#include "formats/raster_reader.h"
#include "formats/zarr_view.h"

namespace {

using mifa::formats::RasterFile;

// Supplies what is missing; false if nothing is.
bool supply(RasterFile& file, const std::vector<std::byte>& bytes) {
  const auto ranges = file.take_missing();
  const auto size = static_cast<std::int64_t>(bytes.size());
  for (const auto& range : ranges) {
    if (range.offset < 0 || range.length <= 0) std::abort();
    const auto begin = std::min(range.offset, size);
    const auto end = std::min(size, begin + std::min(range.length, size));
    file.supply(range.offset, {bytes.begin() + begin, bytes.begin() + end}, range.length);
  }
  return !ranges.empty();
}

void decode_some(RasterFile& file, const mifa::formats::Raster& raster,
                 const std::vector<std::byte>& bytes) {
  const auto files = mifa::formats::zarr_files(raster, false);
  if (!files.contains("zarr.json") || raster.images.empty()) std::abort();
  for (std::size_t i = 0; i < std::min<std::size_t>(raster.images.size(), 3); ++i) {
    const auto& image = raster.images[i];
    if (image.levels.empty() || image.size_c < 1 || image.size_z < 1 || image.size_t < 1)
      std::abort();
    for (std::size_t level = 0; level < image.levels.size(); ++level) {
      mifa::formats::ChunkPlace place;
      place.image = static_cast<std::int64_t>(i);
      place.level = static_cast<std::int64_t>(level);
      place.z = image.size_z - 1;
      const auto size = file.chunk_bytes(place);
      if (!size) continue;
      std::vector<std::byte> out(static_cast<std::size_t>(*size));
      do {
        (void)file.decode(place, out);
      } while (supply(file, bytes));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* start = reinterpret_cast<const std::byte*>(data);
  const std::vector<std::byte> bytes(start, start + size);
  mifa::formats::RasterOptions options;
  options.name = "image.ome.tif";
  options.labels = size % 2 == 1;
  options.limits.chunk_bytes = std::int64_t{16} << 20;
  options.limits.whole_bytes = std::int64_t{16} << 20;
  options.limits.planes = 10'000;
  RasterFile file(options);
  file.set_size(size % 3 == 0 ? -1 : static_cast<std::int64_t>(size));
  for (;;) {
    auto raster = file.describe();
    if (supply(file, bytes)) continue;
    if (raster) decode_some(file, **raster, bytes);
    return 0;
  }
}
