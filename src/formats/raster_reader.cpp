#include "formats/raster_reader.h"

#include <algorithm>
#include <utility>

#include "core/checked.h"
#include "formats/jpeg_reader.h"
#include "formats/png_reader.h"
#include "formats/tiff_file.h"
#include "formats/tiff_reader.h"

namespace mifa::formats {
namespace {

// As many bytes as tell one format from another.
constexpr std::int64_t kSniffBytes = 16;

Error unknown_format(std::span<const std::byte> head) {
  std::string received;
  for (const std::byte byte : head.first(std::min<std::size_t>(head.size(), 8))) {
    constexpr const char* kDigits = "0123456789abcdef";
    const auto value = std::to_integer<unsigned>(byte);
    if (!received.empty()) received += ' ';
    received += {kDigits[value >> 4U], kDigits[value & 15U]};
  }
  if (head.empty()) {
    return {ErrorCode::kFixData,
            "expected an image, received a file of 0 bytes; it was not written or copied "
            "completely: copy it again"};
  }
  return {ErrorCode::kUnsupported,
          "expected a TIFF (II*, MM*), PNG or JPEG, received a file that begins with the bytes " +
              received};
}

}  // namespace

RasterFile::RasterFile(RasterOptions options) : options_(std::move(options)) {}

void RasterFile::set_size(std::int64_t bytes) {
  source_.set_size(bytes < 0 ? ByteSource::kUnknownSize : bytes);
}

void RasterFile::supply(std::int64_t offset, std::vector<std::byte> bytes, std::int64_t asked) {
  source_.supply(offset, std::move(bytes), asked);
}

Status RasterFile::start() {
  if (reader_) return Success{};
  std::byte bytes[kSniffBytes] = {};
  const auto count = source_.read(0, bytes);
  if (!count) return Error{ErrorCode::kRetry, "expected bytes that are not there yet"};
  const std::span<const std::byte> head(bytes, static_cast<std::size_t>(*count));
  if (TiffFile::sniff(head)) {
    reader_ = std::make_unique<TiffReader>(source_, options_);
  } else if (PngReader::sniff(head)) {
    reader_ = std::make_unique<PngReader>(source_, options_);
  } else if (JpegReader::sniff(head)) {
    reader_ = std::make_unique<JpegReader>(source_, options_);
  } else {
    return unknown_format(head);
  }
  return Success{};
}

Result<const Raster*> RasterFile::describe() {
  if (raster_) return &*raster_;
  if (auto started = start(); !started) return std::move(started).error();
  auto raster = reader_->describe();
  if (source_.waiting()) return Error{ErrorCode::kRetry, "expected bytes that are not there yet"};
  source_.finish();
  if (!raster) return std::move(raster).error();
  raster_ = *std::move(raster);
  return &*raster_;
}

Result<std::int64_t> RasterFile::chunk_bytes(const ChunkPlace& place) const {
  const auto outside = [](const char* what, std::int64_t index, std::int64_t count) {
    return Error{ErrorCode::kFixData, std::string("expected ") + what + " below " +
                                          std::to_string(count) + ", received " +
                                          std::to_string(index)};
  };
  const auto within = [](std::int64_t index, std::int64_t count) {
    return index >= 0 && index < count;
  };
  const auto images = static_cast<std::int64_t>(raster_->images.size());
  if (!within(place.image, images)) return outside("an image", place.image, images);
  const RasterImage& image = raster_->images[static_cast<std::size_t>(place.image)];
  const auto levels = static_cast<std::int64_t>(image.levels.size());
  if (!within(place.level, levels)) return outside("a level", place.level, levels);
  const RasterLevel& level = image.levels[static_cast<std::size_t>(place.level)];
  const std::int64_t grid[] = {image.size_t, ceil_divide(image.size_c, image.chunk_channels),
                               image.size_z, ceil_divide(level.height, level.chunk_height),
                               ceil_divide(level.width, level.chunk_width)};
  const std::int64_t at[] = {place.t, place.c, place.z, place.y, place.x};
  for (std::size_t i = 0; i < 5; ++i) {
    if (!within(at[i], grid[i])) return outside("a chunk", at[i], grid[i]);
  }
  const std::int64_t factors[] = {image.chunk_channels, level.chunk_height, level.chunk_width,
                                  sample_bytes(image.type)};
  const auto bytes = checked_product(factors);
  if (!bytes || *bytes > options_.limits.chunk_bytes) {
    return Error{ErrorCode::kLimit,
                 "expected at most " + std::to_string(options_.limits.chunk_bytes >> 20) +
                     " MiB (limit chunk_bytes) in a chunk, received " +
                     std::to_string(level.chunk_width) + " by " +
                     std::to_string(level.chunk_height) + " pixels; write the image in tiles"};
  }
  return *bytes;
}

Status RasterFile::decode(const ChunkPlace& place, std::span<std::byte> out) {
  Status done = reader_->decode(place, out);
  if (source_.waiting()) return Error{ErrorCode::kRetry, "expected bytes that are not there yet"};
  source_.finish();
  return done;
}

}  // namespace mifa::formats
