#include "formats/decimation.h"

#include <algorithm>
#include <cstring>

#include "core/checked.h"

namespace mifa::formats {
namespace {

constexpr std::int64_t kCoarsestEdge = 1024;
constexpr std::int64_t kChunkEdge = 512;
// Chunks whose bytes are asked for together: a server answers them side by side.
constexpr std::int64_t kReadTogether = 8;

std::int64_t pixel_bytes(const RasterImage& image) { return sample_bytes(image.type); }

// The first level that was made, or the number of levels.
std::size_t first_made(const RasterImage& image) {
  std::size_t level = 0;
  while (level < image.levels.size() && image.levels[level].factor == 0) ++level;
  return level;
}

}  // namespace

void add_decimated_levels(RasterImage& image, const RasterLimits& limits) {
  const RasterLevel finest = image.levels.front();
  const auto pixels = checked_multiply(finest.width, finest.height);
  if (image.levels.size() > 1 || !pixels || *pixels <= limits.large_pixels) return;
  const auto bytes = checked_multiply(*pixels, image.chunk_channels * pixel_bytes(image));
  if (!bytes || *bytes > limits.read_through_bytes) return;
  for (std::int64_t factor = 2;; factor *= 2) {
    const std::int64_t width = finest.width / factor, height = finest.height / factor;
    if (width < 1 || height < 1) return;
    if (width * height > limits.made_pixels) continue;
    // Later ones are made of the first, whose pixels are the middle ones, too.
    const bool first = first_made(image) == image.levels.size();
    const std::int64_t start = factor / 2 + (first ? 0 : image.levels[first_made(image)].start);
    image.levels.push_back(
        {width, height, std::min(width, kChunkEdge), std::min(height, kChunkEdge), factor, start});
    if (std::max(width, height) <= kCoarsestEdge) return;
  }
}

// What of a chunk of the finest level belongs to the first made one.
void Decimator::take(const RasterImage& image, const ChunkPlace& chunk,
                     std::span<const std::byte> pixels) {
  const RasterLevel& finest = image.levels.front();
  const RasterLevel& made = image.levels[first_made(image)];
  const std::int64_t size = pixel_bytes(image), half = made.factor / 2;
  const std::int64_t top = chunk.y * finest.chunk_height, left = chunk.x * finest.chunk_width;
  // The first made pixel at or after a place, and the end of those before another.
  const auto at_or_after = [&](std::int64_t place) {
    return std::max<std::int64_t>(
        0, ceil_divide(std::max<std::int64_t>(0, place - half), made.factor));
  };
  const std::int64_t first_x = at_or_after(left);
  const std::int64_t end_x = std::min(made.width, at_or_after(left + finest.chunk_width));
  const std::int64_t end_y = std::min(made.height, at_or_after(top + finest.chunk_height));
  for (std::int64_t channel = 0; channel < image.chunk_channels; ++channel) {
    for (std::int64_t y = at_or_after(top); y < end_y; ++y) {
      const std::int64_t row = y * made.factor + half - top;
      const std::byte* from =
          pixels.data() + (channel * finest.chunk_height + row) * finest.chunk_width * size;
      std::byte* to = pixels_.data() + (channel * made.height + y) * made.width * size;
      for (std::int64_t x = first_x; x < end_x; ++x) {
        std::memcpy(to + x * size, from + (x * made.factor + half - left) * size,
                    static_cast<std::size_t>(size));
      }
    }
  }
}

Status Decimator::read_through(RasterReader& reader, ByteSource& source, const RasterImage& image) {
  const RasterLevel& finest = image.levels.front();
  const std::int64_t across = ceil_divide(finest.width, finest.chunk_width);
  const std::int64_t count = across * ceil_divide(finest.height, finest.chunk_height);
  chunk_.resize(static_cast<std::size_t>(image.chunk_channels * finest.chunk_height *
                                         finest.chunk_width * pixel_bytes(image)));
  const auto place_of = [&](std::int64_t index) {
    ChunkPlace place = plane_;
    place.level = 0;
    place.y = index / across;
    place.x = index % across;
    return place;
  };
  while (next_ < count) {
    Status done = reader.decode(place_of(next_), chunk_);
    if (source.waiting()) {
      // Names what the next ones lack, too.
      for (std::int64_t i = next_ + 1; i < std::min(count, next_ + kReadTogether); ++i) {
        (void)reader.decode(place_of(i), chunk_);
      }
      return done;
    }
    if (!done) return done;
    take(image, place_of(next_), chunk_);
    if (++next_ % kReadTogether == 0) source.finish();
  }
  return Success{};
}

Status Decimator::decode(RasterReader& reader, ByteSource& source, const RasterImage& image,
                         const ChunkPlace& place, std::span<std::byte> out) {
  const RasterLevel& made = image.levels[first_made(image)];
  if (plane_.image != place.image || plane_.t != place.t || plane_.c != place.c ||
      plane_.z != place.z) {
    plane_ = place;
    next_ = 0;
    pixels_.assign(static_cast<std::size_t>(image.chunk_channels * made.height * made.width *
                                            pixel_bytes(image)),
                   std::byte{0});
  }
  if (auto done = read_through(reader, source, image); !done) return done;
  const RasterLevel& level = image.levels[static_cast<std::size_t>(place.level)];
  const std::int64_t ratio = level.factor / made.factor, size = pixel_bytes(image);
  std::fill(out.begin(), out.end(), std::byte{0});
  const std::int64_t top = place.y * level.chunk_height, left = place.x * level.chunk_width;
  for (std::int64_t channel = 0; channel < image.chunk_channels; ++channel) {
    for (std::int64_t y = 0; y < std::min(level.chunk_height, level.height - top); ++y) {
      // Of the made level: its pixel that lies at or just before the middle of this one.
      const std::int64_t row = std::min(made.height - 1, (top + y) * ratio + ratio / 2);
      for (std::int64_t x = 0; x < std::min(level.chunk_width, level.width - left); ++x) {
        const std::int64_t column = std::min(made.width - 1, (left + x) * ratio + ratio / 2);
        std::memcpy(
            out.data() + ((channel * level.chunk_height + y) * level.chunk_width + x) * size,
            pixels_.data() + ((channel * made.height + row) * made.width + column) * size,
            static_cast<std::size_t>(size));
      }
    }
  }
  return Success{};
}

}  // namespace mifa::formats
