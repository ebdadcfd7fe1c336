#include "formats/whole_image.h"

#include <algorithm>

#include "core/checked.h"
#include "formats/samples.h"

namespace mifa::formats {
namespace {

// A chunk has as many whole rows as fit into this.
constexpr std::int64_t kChunkBytes = std::int64_t{4} << 20;

}  // namespace

void apply_palette(DecodedImage& image) {
  std::vector<std::byte> colors(image.pixels.size() * 3);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const auto index = std::to_integer<std::size_t>(image.pixels[i]);
    if (index >= image.palette.size()) continue;  // black
    for (std::size_t k = 0; k < 3; ++k)
      colors[3 * i + k] = static_cast<std::byte>(image.palette[index][k]);
  }
  image.pixels = std::move(colors);
  image.samples = image.channels = 3;
  image.color = true;
  image.palette.clear();
  image.maximum.reset();
}

Result<std::int64_t> WholeImageReader::check_size(std::int64_t width, std::int64_t height,
                                                  std::int64_t pixel_bytes) const {
  const std::int64_t factors[] = {width, height, pixel_bytes};
  const auto bytes = checked_product(factors);
  const std::int64_t most = options_.limits.whole_bytes;
  if (bytes && *bytes <= most) return *bytes;
  return Error{ErrorCode::kLimit, "expected at most " + std::to_string(most >> 20) +
                                      " MiB of pixels (limit whole_bytes) in a " + format_ +
                                      ", received " + std::to_string(width) + " by " +
                                      std::to_string(height) +
                                      " pixels; write the image as a tiled TIFF or as OME-Zarr"};
}

Result<std::vector<std::byte>> WholeImageReader::read_file() {
  const std::int64_t most = options_.limits.whole_bytes;
  const bool known = source_.size() != ByteSource::kUnknownSize;
  if (known && source_.size() > most) {
    return Error{ErrorCode::kLimit, std::string("expected a ") + format_ + " of at most " +
                                        std::to_string(most >> 20) +
                                        " MiB (limit whole_bytes), received " +
                                        std::to_string(source_.size() >> 20) +
                                        " MiB; write the image as a tiled TIFF or as OME-Zarr"};
  }
  if (!source_.want({0, known ? source_.size() : most + 1})) {
    return Error{ErrorCode::kRetry, "expected bytes that are not there yet"};
  }
  if (source_.size() > most) {
    return Error{ErrorCode::kLimit, std::string("expected a ") + format_ + " of at most " +
                                        std::to_string(most >> 20) +
                                        " MiB (limit whole_bytes), received a larger one; write "
                                        "the image as a tiled TIFF or as OME-Zarr"};
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(source_.size()));
  if (!source_.read(0, bytes))
    return Error{ErrorCode::kRetry, "expected bytes that are not there yet"};
  return bytes;
}

Result<Raster> WholeImageReader::describe() {
  auto file = read_file();
  if (!file) return std::move(file).error();
  auto decoded = decode_file(*file);
  if (!decoded) return std::move(decoded).error();
  image_ = *std::move(decoded);
  RasterImage image;
  image.name = options_.name.substr(0, options_.name.find_last_of('.'));
  image.type = image_.sample_bytes == 1 ? SampleType::kUint8 : SampleType::kUint16;
  image.size_c = image.chunk_channels = image_.channels;
  image.color = image_.color;
  image.palette = image_.palette;
  if (image_.maximum && !options_.labels) {
    image.channels.resize(static_cast<std::size_t>(image_.channels));
    for (RasterChannel& channel : image.channels) channel.window = {0, *image_.maximum};
  }
  const std::int64_t row = image_.width * image_.channels * image_.sample_bytes;
  rows_ = std::clamp<std::int64_t>(kChunkBytes / row, 1, image_.height);
  image.levels.push_back({image_.width, image_.height, image_.width, rows_});
  Raster raster;
  raster.format = format_;
  raster.issues = std::move(image_.issues);
  for (Issue& issue : raster.issues) issue.file = options_.name;
  raster.images.push_back(std::move(image));
  return raster;
}

Status WholeImageReader::decode(const ChunkPlace& place, std::span<std::byte> out) {
  std::fill(out.begin(), out.end(), std::byte{0});
  const std::int64_t row_bytes = image_.width * image_.samples * image_.sample_bytes;
  const std::int64_t top = place.y * rows_;
  const std::span<const std::byte> pixels(image_.pixels);
  copy_block({pixels.subspan(static_cast<std::size_t>(top * row_bytes)), row_bytes, image_.samples,
              image_.sample_bytes},
             {out, image_.channels, rows_, image_.width}, 0, 0, image_.width,
             std::min(rows_, image_.height - top));
  return Success{};
}

}  // namespace mifa::formats
