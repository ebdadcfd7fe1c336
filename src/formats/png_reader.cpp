#include "formats/png_reader.h"

#include <spng.h>

#include <algorithm>
#include <memory>

#include "formats/samples.h"

namespace mifa::formats {
namespace {

constexpr std::uint8_t kSignature[] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
// Most bytes of a chunk of metadata (a colour profile, a text), and of all of them.
constexpr std::size_t kChunkBytes = std::size_t{8} << 20;
constexpr std::size_t kCacheBytes = std::size_t{32} << 20;

struct Free {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, Free>;

Error damaged(int code) {
  return {ErrorCode::kFixData, std::string("expected the pixels of a PNG; decoding failed: ") +
                                   spng_strerror(code) +
                                   "; the file is cut off or damaged: copy it again"};
}

// Samples of 1, 2 and 4 bits, packed, into bytes.
void unpack(DecodedImage& image, int depth) {
  const std::int64_t packed = (image.width * depth + 7) / 8;
  std::vector<std::byte> bytes(static_cast<std::size_t>(image.width * image.height));
  for (std::int64_t y = 0; y < image.height; ++y) {
    const std::span<const std::byte> row =
        std::span<const std::byte>(image.pixels)
            .subspan(static_cast<std::size_t>(y * packed), static_cast<std::size_t>(packed));
    unpack_bits(row, depth, image.width,
                std::span<std::byte>(bytes).subspan(static_cast<std::size_t>(y * image.width)));
  }
  image.pixels = std::move(bytes);
}

void describe_samples(const spng_ihdr& header, DecodedImage& image) {
  image.width = header.width;
  image.height = header.height;
  image.sample_bytes = header.bit_depth == 16 ? 2 : 1;
  const bool color = header.color_type == SPNG_COLOR_TYPE_TRUECOLOR ||
                     header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
  const bool alpha = header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
                     header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
  image.channels = color ? 3 : 1;
  image.samples = image.channels + (alpha ? 1 : 0);
  image.color = color;
  if (header.bit_depth < 8) image.maximum = (1U << header.bit_depth) - 1.0;
  if (alpha) {
    Issue issue;
    issue.rule = "png/alpha";
    issue.severity = Severity::kInfo;
    issue.message = "The channel of transparency is left out.";
    image.issues.push_back(std::move(issue));
  }
}

}  // namespace

bool PngReader::sniff(std::span<const std::byte> bytes) {
  return bytes.size() >= sizeof kSignature &&
         std::equal(std::begin(kSignature), std::end(kSignature), bytes.begin(),
                    [](std::uint8_t a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

Result<PictureSize> PngReader::read_size(std::span<const std::byte> head) {
  const Context context(spng_ctx_new(0));
  if (!context) return Error{ErrorCode::kLimit, "expected memory for a PNG, received none"};
  if (const int code = spng_set_png_buffer(context.get(), head.data(), head.size()))
    return damaged(code);
  spng_ihdr header{};
  if (const int code = spng_get_ihdr(context.get(), &header)) return damaged(code);
  return PictureSize{header.width, header.height};
}

Result<DecodedImage> PngReader::decode_file(std::span<const std::byte> file) const {
  const Context context(spng_ctx_new(0));
  if (!context) return Error{ErrorCode::kLimit, "expected memory for a PNG, received none"};
  spng_set_chunk_limits(context.get(), kChunkBytes, kCacheBytes);
  // A damaged colour profile is no reason not to show the pixels.
  spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_DISCARD);
  if (const int code = spng_set_png_buffer(context.get(), file.data(), file.size()))
    return damaged(code);
  spng_ihdr header{};
  if (const int code = spng_get_ihdr(context.get(), &header)) return damaged(code);
  DecodedImage image;
  describe_samples(header, image);
  // An expanded palette is the largest that is made of the pixels.
  auto size = check_size(image.width, image.height,
                         std::max<std::int64_t>(image.samples * image.sample_bytes, 3));
  if (!size) return std::move(size).error();
  std::size_t bytes = 0;
  if (const int code = spng_decoded_image_size(context.get(), SPNG_FMT_PNG, &bytes))
    return damaged(code);
  image.pixels.resize(bytes);
  if (const int code =
          spng_decode_image(context.get(), image.pixels.data(), bytes, SPNG_FMT_PNG, 0))
    return damaged(code);
  if (header.bit_depth < 8) unpack(image, header.bit_depth);
  if (header.color_type != SPNG_COLOR_TYPE_INDEXED) return image;
  spng_plte palette{};
  if (const int code = spng_get_plte(context.get(), &palette)) return damaged(code);
  for (std::uint32_t i = 0; i < palette.n_entries; ++i) {
    image.palette.push_back(
        {palette.entries[i].red, palette.entries[i].green, palette.entries[i].blue});
  }
  if (!options().labels) apply_palette(image);
  return image;
}

}  // namespace mifa::formats
