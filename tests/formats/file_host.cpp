#include "file_host.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/checked.h"

namespace mifa::formats {

FileHost::FileHost(std::vector<std::byte> bytes, RasterOptions options, bool tell_size)
    : bytes_(std::move(bytes)), file_(std::move(options)) {
  file_.set_size(tell_size ? static_cast<std::int64_t>(bytes_.size()) : -1);
}

bool FileHost::supply() {
  const std::vector<ByteRange> ranges = file_.take_missing();
  for (const ByteRange& range : ranges) {
    const auto size = static_cast<std::int64_t>(bytes_.size());
    const auto begin = std::min(range.offset, size);
    const auto end = std::min(size, range.offset + range.length);
    bytes_read += end - begin;
    most = std::max(most, end - begin);
    file_.supply(range.offset, {bytes_.begin() + begin, bytes_.begin() + end}, range.length);
  }
  if (!ranges.empty()) ++rounds;
  return !ranges.empty();
}

Result<const Raster*> FileHost::describe() {
  for (;;) {
    auto raster = file_.describe();
    if (!supply()) return raster;
  }
}

Result<std::vector<std::byte>> FileHost::decode(const ChunkPlace& place) {
  auto size = file_.chunk_bytes(place);
  if (!size) return std::move(size).error();
  std::vector<std::byte> out(static_cast<std::size_t>(*size));
  for (;;) {
    auto done = file_.decode(place, out);
    if (supply()) continue;
    if (!done) return std::move(done).error();
    return out;
  }
}

Result<std::vector<std::byte>> FileHost::decode_all(std::int64_t image_index,
                                                    std::int64_t level_index) {
  auto raster = describe();
  if (!raster) return std::move(raster).error();
  const RasterImage& image = (*raster)->images.at(static_cast<std::size_t>(image_index));
  const RasterLevel& level = image.levels.at(static_cast<std::size_t>(level_index));
  const std::int64_t element = sample_bytes(image.type);
  if (level.width > 100'000 || level.height > 100'000) return decode({image_index, level_index});
  std::vector<std::byte> all(static_cast<std::size_t>(image.size_t * image.size_c * image.size_z *
                                                      level.height * level.width * element));
  ChunkPlace place{image_index, level_index};
  for (place.t = 0; place.t < image.size_t; ++place.t)
    for (place.c = 0; place.c < ceil_divide(image.size_c, image.chunk_channels); ++place.c)
      for (place.z = 0; place.z < image.size_z; ++place.z)
        for (place.y = 0; place.y < ceil_divide(level.height, level.chunk_height); ++place.y)
          for (place.x = 0; place.x < ceil_divide(level.width, level.chunk_width); ++place.x) {
            auto chunk = decode(place);
            if (!chunk) return std::move(chunk).error();
            for (std::int64_t channel = 0; channel < image.chunk_channels; ++channel) {
              const std::int64_t c = place.c * image.chunk_channels + channel;
              const std::int64_t left = place.x * level.chunk_width;
              const std::int64_t width = std::min(level.chunk_width, level.width - left);
              for (std::int64_t row = 0; row < level.chunk_height; ++row) {
                const std::int64_t y = place.y * level.chunk_height + row;
                if (c >= image.size_c || y >= level.height) continue;
                const auto to =
                    ((((place.t * image.size_c + c) * image.size_z + place.z) * level.height + y) *
                         level.width +
                     left) *
                    element;
                const auto from =
                    (channel * level.chunk_height + row) * level.chunk_width * element;
                std::memcpy(all.data() + to, chunk->data() + from,
                            static_cast<std::size_t>(width * element));
              }
            }
          }
  return all;
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

std::string fnv(const std::vector<std::byte>& bytes) {
  std::uint64_t value = 0xCBF29CE484222325U;
  for (const std::byte byte : bytes)
    value = (value ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3U;
  char text[17] = "";
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace mifa::formats
