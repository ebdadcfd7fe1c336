#include "annotation/inline_mask.h"

#include <libdeflate.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "annotation/json_space.h"
#include "core/base64.h"
#include "formats/png_reader.h"

namespace mifa::annotation {
namespace {

Error unlike(const std::string& expected, const std::string& received) {
  return {ErrorCode::kFixData, "expected " + expected + ", received " + received};
}

Result<std::vector<std::byte>> bytes_of(std::string_view base64) {
  std::string text(base64);
  std::erase_if(text, is_json_space);
  auto bytes = decode_base64(text);
  if (!bytes)
    return unlike("base64", "a text of " + std::to_string(text.size()) + " characters that is not");
  return *std::move(bytes);
}

// `inside(i)`: of pixel i, row by row.
template <typename Inside>
RunLengths runs_of(std::int64_t width, std::int64_t height, Inside inside) {
  RunLengths runs{height, width, {}, /*by_rows=*/true};
  bool now = false;
  std::int64_t begin = 0;
  for (std::int64_t i = 0; i < width * height; ++i) {
    if (inside(i) == now) continue;
    runs.counts.push_back(i - begin);
    begin = i;
    now = !now;
  }
  runs.counts.push_back(width * height - begin);
  return runs;
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};

// At most `most` bytes.
Result<std::vector<std::byte>> inflated(std::span<const std::byte> packed, std::int64_t most) {
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) return Error{ErrorCode::kLimit, "expected memory for a mask, received none"};
  std::vector<std::byte> bytes(static_cast<std::size_t>(most));
  std::size_t size = 0;
  if (libdeflate_zlib_decompress(decompressor.get(), packed.data(), packed.size(), bytes.data(),
                                 bytes.size(), &size) != LIBDEFLATE_SUCCESS) {
    return unlike("zlib data of at most " + std::to_string(most) + " bytes",
                  std::to_string(packed.size()) + " bytes that are not");
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

Result<RunLengths> runs_of_png(std::string_view base64) {
  auto file = bytes_of(base64);
  if (!file) return std::move(file).error();
  if (!formats::PngReader::sniff(*file))
    return unlike("a PNG", std::to_string(file->size()) + " other bytes");
  formats::ByteSource source;
  formats::RasterOptions options;
  // Of a palette the numbers count, not the colours.
  options.labels = true;
  options.limits.whole_bytes = kInlineMaskBytes;
  auto image = formats::PngReader(source, options).decode_file(*file);
  if (!image) {
    return unlike(
        "a whole PNG of at most " + std::to_string(kInlineMaskBytes >> 20) + " MiB of pixels",
        std::to_string(file->size()) + " bytes that are damaged, cut off or of more pixels");
  }
  const std::int64_t pixel = image->samples * image->sample_bytes;
  return runs_of(image->width, image->height, [&](std::int64_t i) {
    const std::byte* const sample = image->pixels.data() + i * pixel;
    return sample[0] != std::byte{0} || (image->sample_bytes == 2 && sample[1] != std::byte{0});
  });
}

Result<RunLengths> runs_of_bits(std::string_view base64, std::string_view compression,
                                std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1 || width > kInlineMaskBytes / height) {
    return Error{ErrorCode::kLimit, "expected a mask of 1 to " + std::to_string(kInlineMaskBytes) +
                                        " pixels, received " + std::to_string(width) + " by " +
                                        std::to_string(height)};
  }
  if (!compression.empty() && compression != "none" && compression != "zlib") {
    return Error{ErrorCode::kUnsupported,
                 "expected bits as they are or packed by zlib, received Compression=\"" +
                     std::string(compression) + "\""};
  }
  auto bytes = bytes_of(base64);
  const std::int64_t pixels = width * height, packed = (pixels + 7) / 8;
  if (bytes && compression == "zlib") bytes = inflated(*bytes, pixels);
  if (!bytes) return std::move(bytes).error();
  const auto size = static_cast<std::int64_t>(bytes->size());
  if (size != packed && size != pixels) {
    return unlike(std::to_string(packed) + " bytes for " + std::to_string(width) + " by " +
                      std::to_string(height) + " bits",
                  std::to_string(size));
  }
  const std::byte* const data = bytes->data();
  if (size == pixels && size != packed)
    return runs_of(width, height, [&](std::int64_t i) { return data[i] != std::byte{0}; });
  return runs_of(width, height, [&](std::int64_t i) {
    return (data[i / 8] >> (7 - i % 8) & std::byte{1}) != std::byte{0};
  });
}

}  // namespace mifa::annotation
