#include "formats/raster_reader.h"

#include <algorithm>
#include <utility>

#include "core/checked.h"
#include "formats/decimation.h"
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

RasterFile::RasterFile(RasterOptions options)
    : options_(std::move(options)), decimator_(std::make_unique<Decimator>()) {}

RasterFile::~RasterFile() = default;

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

// A mask in colours tells classes apart by them: each colour is an id, 0xRRGGBB as a number. Black
// is none.
void RasterFile::make_classes(Raster& raster) {
  classes_.assign(raster.images.size(), false);
  if (!options_.labels) return;
  for (std::size_t i = 0; i < raster.images.size(); ++i) {
    RasterImage& image = raster.images[i];
    if (!image.color || image.type != SampleType::kUint8 || image.chunk_channels != 3) continue;
    classes_[i] = true;
    image.type = SampleType::kUint32;
    image.size_c = image.chunk_channels = 1;
    image.color = false;
    image.channels.clear();
    Issue issue;
    issue.rule = "labels/colours";
    issue.severity = Severity::kInfo;
    issue.message =
        "The mask is a colour picture: each of its colours is taken for a class, whose id is the "
        "colour as a number (65280 is pure green, 0x00FF00), and black for none. Save classes or "
        "objects as whole numbers to have them as they are.";
    issue.file = options_.name;
    raster.issues.push_back(std::move(issue));
  }
}

Result<const Raster*> RasterFile::describe() {
  if (raster_) return &*raster_;
  if (auto started = start(); !started) return std::move(started).error();
  auto raster = reader_->describe();
  if (source_.waiting()) return Error{ErrorCode::kRetry, "expected bytes that are not there yet"};
  source_.finish();
  if (!raster) return std::move(raster).error();
  for (RasterImage& image : raster->images) add_decimated_levels(image, options_.limits);
  make_classes(*raster);
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

// One chunk as the file's reader has it: colours are not yet made into classes.
Status RasterFile::decode_plain(const ChunkPlace& place, std::span<std::byte> out) {
  const auto image = static_cast<std::size_t>(place.image);
  const RasterImage& described = raster_->images[image];
  if (described.levels[static_cast<std::size_t>(place.level)].factor == 0) {
    return reader_->decode(place, out);
  }
  if (!classes_[image]) return decimator_->decode(*reader_, source_, described, place, out);
  RasterImage stored = described;
  stored.type = SampleType::kUint8;
  stored.chunk_channels = 3;
  return decimator_->decode(*reader_, source_, stored, place, out);
}

Status RasterFile::decode(const ChunkPlace& place, std::span<std::byte> out) {
  const bool classes = classes_[static_cast<std::size_t>(place.image)];
  const std::size_t pixels = out.size() / 4;
  if (classes) colors_.resize(3 * pixels);
  Status done = decode_plain(place, classes ? std::span<std::byte>(colors_) : out);
  if (source_.waiting()) return Error{ErrorCode::kRetry, "expected bytes that are not there yet"};
  source_.finish();
  if (!classes || !done) return done;
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::byte number[] = {colors_[2 * pixels + i], colors_[pixels + i], colors_[i],
                                std::byte{0}};
    std::copy(std::begin(number), std::end(number),
              out.begin() + static_cast<std::ptrdiff_t>(4 * i));
  }
  return done;
}

}  // namespace mifa::formats
