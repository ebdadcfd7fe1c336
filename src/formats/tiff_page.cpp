#include "formats/tiff_page.h"

#include <tiffio.h>

#include <algorithm>

#include "core/checked.h"

namespace mifa::formats {
namespace {

// Small tiles are decoded together until a chunk is about so long; strips until it has so many
// bytes.
constexpr std::int64_t kChunkEdge = 256;
constexpr std::int64_t kChunkBytes = std::int64_t{1} << 20;
constexpr std::int64_t kFewestRows = 64;
constexpr std::int64_t kLongestEdge = std::int64_t{1} << 31;

template <typename T>
int number(TIFF* file, std::uint32_t tag, T fallback) {
  T value = fallback;
  if (TIFFGetFieldDefaulted(file, tag, &value) == 0) value = fallback;
  return static_cast<int>(value);
}

std::string text(TIFF* file, std::uint32_t tag) {
  const char* value = nullptr;
  if (TIFFGetField(file, tag, &value) == 0 || !value) return {};
  return value;
}

Error unsupported(std::string message) { return {ErrorCode::kUnsupported, std::move(message)}; }

std::string number_of(std::int64_t value, const char* noun) {
  return std::to_string(value) + " " + noun;
}

void read_palette(TIFF* file, TiffPage& page) {
  const std::uint16_t* channels[3] = {};
  if (page.bits > 8 ||
      TIFFGetField(file, TIFFTAG_COLORMAP, &channels[0], &channels[1], &channels[2]) == 0) {
    return;
  }
  const std::size_t count = std::size_t{1} << static_cast<unsigned>(page.bits);
  // Some writers put bytes where 16 bits belong.
  bool bytes = true;
  for (const auto* channel : channels) {
    bytes = bytes && std::all_of(channel, channel + count, [](std::uint16_t v) { return v < 256; });
  }
  for (std::size_t i = 0; i < count; ++i) {
    Rgb color{};
    for (std::size_t k = 0; k < 3; ++k) {
      color[k] = static_cast<std::uint8_t>(bytes ? channels[k][i] : channels[k][i] >> 8U);
    }
    page.palette.push_back(color);
  }
}

Result<SampleType> direct_type(const TiffPage& page) {
  using T = SampleType;
  const bool is_signed = page.format == SAMPLEFORMAT_INT;
  if (page.format == SAMPLEFORMAT_COMPLEXINT || page.format == SAMPLEFORMAT_COMPLEXIEEEFP) {
    return unsupported(
        "expected real numbers as samples, received complex ones; save amplitude and phase as "
        "channels of their own");
  }
  if (page.format == SAMPLEFORMAT_IEEEFP) {
    if (page.bits == 16) return T::kFloat16;
    if (page.bits == 32) return T::kFloat32;
    if (page.bits == 64) return T::kFloat64;
    return unsupported("expected floating-point samples of 16, 32 or 64 bits, received " +
                       number_of(page.bits, "bits") + "; save the image with 32");
  }
  switch (page.bits) {
    case 8:
      return is_signed ? T::kInt8 : T::kUint8;
    case 16:
      return is_signed ? T::kInt16 : T::kUint16;
    case 32:
      return is_signed ? T::kInt32 : T::kUint32;
    case 64:
      return is_signed ? T::kInt64 : T::kUint64;
    default:
      break;
  }
  if (page.bits >= 1 && page.bits < 16 && !is_signed) return page.bits < 8 ? T::kUint8 : T::kUint16;
  return unsupported("expected whole numbers of 1 to 16, 32 or 64 bits as samples, received " +
                     number_of(page.bits, is_signed ? "bits, signed" : "bits") +
                     "; save the image with 16 or 32 bits");
}

// Whether the last sample is coverage and no channel.
bool has_alpha(TIFF* file, const TiffPage& page) {
  std::uint16_t count = 0;
  const std::uint16_t* kinds = nullptr;
  if (TIFFGetField(file, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || count == 0) return false;
  const int kind = kinds[count - 1];
  const bool alpha = kind == EXTRASAMPLE_ASSOCALPHA || kind == EXTRASAMPLE_UNASSALPHA;
  return alpha || (page.photometric == PHOTOMETRIC_RGB && page.samples == 4);
}

void set_rgba(TiffPage& page) {
  page.path = PixelPath::kRgba;
  page.type = SampleType::kUint8;
  page.channels = 3;
  page.color = true;
  page.planar = PLANARCONFIG_CONTIG;  // as libtiff gives it
}

Status decide_path(TIFF* file, TiffPage& page, bool keep_indices) {
  const bool ycbcr = page.photometric == PHOTOMETRIC_YCBCR;
  // In JPEG the decoder converts and widens it (TiffFile asks it to), faster than libtiff would.
  const bool converted = ycbcr && page.compression == COMPRESSION_JPEG && !page.separate();
  if ((ycbcr && !converted) || page.photometric == PHOTOMETRIC_CIELAB ||
      page.photometric == PHOTOMETRIC_ICCLAB || page.photometric == PHOTOMETRIC_ITULAB ||
      page.photometric == PHOTOMETRIC_LOGL || page.photometric == PHOTOMETRIC_LOGLUV ||
      (page.photometric == PHOTOMETRIC_SEPARATED && page.samples == 4 && page.bits == 8)) {
    char reason[1024] = "";
    if (TIFFRGBAImageOK(file, reason) == 0) {
      return unsupported(
          std::string(
              "expected colours that can be made into red, green and blue, received others (") +
          reason + "); save the image as RGB");
    }
    set_rgba(page);
    return Success{};
  }
  auto type = direct_type(page);
  if (!type) return std::move(type).error();
  page.type = *type;
  page.channels = page.samples;
  page.has_alpha = page.samples > 1 && has_alpha(file, page);
  if (page.has_alpha) --page.channels;
  page.color = (page.photometric == PHOTOMETRIC_RGB || ycbcr) && page.channels == 3;
  if (page.bits < 8 || (page.bits > 8 && page.bits < 16)) page.path = PixelPath::kBits;
  if (page.photometric != PHOTOMETRIC_PALETTE) return Success{};
  read_palette(file, page);
  if (keep_indices || page.palette.empty() || page.samples != 1) return Success{};
  page.path = PixelPath::kPalette;
  page.type = SampleType::kUint8;
  page.channels = 3;
  page.color = true;
  return Success{};
}

void decide_chunks(TiffPage& page) {
  const auto several = [](std::int64_t block, std::int64_t extent, std::int64_t wanted) {
    const std::int64_t blocks = std::max<std::int64_t>(1, wanted / block);
    return block * std::min(blocks, ceil_divide(extent, block));
  };
  if (page.tiled) {
    page.chunk_width = several(page.block_width, page.width, kChunkEdge);
    page.chunk_height = several(page.block_height, page.height, kChunkEdge);
    return;
  }
  const std::int64_t row = page.width * page.chunk_channels() * sample_bytes(page.type);
  const std::int64_t rows =
      std::clamp<std::int64_t>(kChunkBytes / row, kFewestRows, page.height + kFewestRows);
  page.chunk_width = page.width;
  page.chunk_height = page.plain_rows() ? std::min(rows, page.height)
                                        : several(page.block_height, page.height, rows);
}

Status read_blocks(TIFF* file, TiffPage& page) {
  page.tiled = TIFFIsTiled(file) != 0;
  if (page.tiled) {
    page.block_width = number<std::uint32_t>(file, TIFFTAG_TILEWIDTH, 0);
    page.block_height = number<std::uint32_t>(file, TIFFTAG_TILELENGTH, 0);
  } else {
    std::uint32_t rows = 0;
    TIFFGetFieldDefaulted(file, TIFFTAG_ROWSPERSTRIP, &rows);
    page.block_width = page.width;
    page.block_height = rows == 0 ? page.height : std::min<std::int64_t>(rows, page.height);
  }
  if (page.block_width > 0 && page.block_height > 0) return Success{};
  return Error{ErrorCode::kFixData, "expected tiles of at least one pixel, received " +
                                        std::to_string(page.block_width) + " by " +
                                        std::to_string(page.block_height)};
}

Status check_size(const TiffPage& page, const RasterLimits& limits) {
  if (page.width < 1 || page.height < 1 || page.width > kLongestEdge ||
      page.height > kLongestEdge) {
    return Error{ErrorCode::kFixData, "expected a width and a height above 0, received " +
                                          std::to_string(page.width) + " by " +
                                          std::to_string(page.height)};
  }
  if (page.samples < 1 || page.samples > limits.channels) {
    return Error{ErrorCode::kLimit, "expected 1 to " + std::to_string(limits.channels) +
                                        " samples a pixel (limit channels), received " +
                                        std::to_string(page.samples)};
  }
  return Success{};
}

}  // namespace

std::string compression_name(int compression) {
  switch (compression) {
    case 1:
      return "none";
    case COMPRESSION_CCITTRLE:
    case COMPRESSION_CCITTRLEW:
      return "CCITT RLE";
    case COMPRESSION_CCITTFAX3:
      return "CCITT group 3";
    case COMPRESSION_CCITTFAX4:
      return "CCITT group 4";
    case COMPRESSION_NEXT:
      return "NeXT";
    case COMPRESSION_THUNDERSCAN:
      return "ThunderScan";
    case COMPRESSION_PIXARLOG:
      return "PixarLog";
    case COMPRESSION_SGILOG:
    case COMPRESSION_SGILOG24:
      return "LogLuv";
    case COMPRESSION_LZW:
      return "LZW";
    case COMPRESSION_OJPEG:
      return "old-style JPEG (6)";
    case COMPRESSION_JPEG:
      return "JPEG";
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
      return "deflate";
    case COMPRESSION_PACKBITS:
      return "PackBits";
    case COMPRESSION_JBIG:
      return "JBIG";
    case 22610:
      return "JPEG XR (NDPI)";
    case 33003:
    case 33004:
    case 33005:
    case COMPRESSION_JP2000:
      return "JPEG 2000";
    case 34892:
    case 34933:
      return "lossy JPEG (DNG) or PNG";
    case COMPRESSION_LERC:
      return "LERC";
    case COMPRESSION_LZMA:
      return "LZMA";
    case COMPRESSION_ZSTD:
      return "zstd";
    case COMPRESSION_WEBP:
      return "WebP";
    case COMPRESSION_JXL:
      return "JPEG XL";
    default:
      return "number " + std::to_string(compression);
  }
}

Result<TiffPage> read_tiff_page(tiff* file, std::int64_t offset, bool keep_indices,
                                const RasterLimits& limits) {
  TiffPage page;
  page.offset = offset;
  page.width = static_cast<std::uint32_t>(number<std::uint32_t>(file, TIFFTAG_IMAGEWIDTH, 0));
  page.height = static_cast<std::uint32_t>(number<std::uint32_t>(file, TIFFTAG_IMAGELENGTH, 0));
  page.bits = number<std::uint16_t>(file, TIFFTAG_BITSPERSAMPLE, 1);
  page.samples = number<std::uint16_t>(file, TIFFTAG_SAMPLESPERPIXEL, 1);
  page.format = number<std::uint16_t>(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  page.planar = number<std::uint16_t>(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  page.compression = number<std::uint16_t>(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  page.orientation = number<std::uint16_t>(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
  if (TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &photometric) != 0) page.photometric = photometric;
  const int kind = number<std::uint32_t>(file, TIFFTAG_SUBFILETYPE, 0);
  page.reduced = (kind & FILETYPE_REDUCEDIMAGE) != 0;
  page.transparency_mask = (kind & FILETYPE_MASK) != 0;
  page.swapped = TIFFIsByteSwapped(file) != 0;
  if (auto size = check_size(page, limits); !size) return std::move(size).error();
  if (TIFFIsCODECConfigured(static_cast<std::uint16_t>(page.compression)) == 0) {
    return unsupported(
        "expected TIFF compression none, LZW, deflate, PackBits, zstd, JPEG or CCITT, received " +
        compression_name(page.compression) + "; save the image with one of these");
  }
  if (auto blocks = read_blocks(file, page); !blocks) return std::move(blocks).error();
  if (auto path = decide_path(file, page, keep_indices); !path) return std::move(path).error();
  decide_chunks(page);

  std::uint16_t count = 0;
  const std::uint64_t* offsets = nullptr;
  if (TIFFGetField(file, TIFFTAG_SUBIFD, &count, &offsets) != 0) {
    for (std::uint16_t i = 0; i < count; ++i) {
      page.sub_pages.push_back(static_cast<std::int64_t>(offsets[i]));
    }
  }
  page.description = text(file, TIFFTAG_IMAGEDESCRIPTION);
  page.software = text(file, TIFFTAG_SOFTWARE);
  float resolution = 0;
  if (TIFFGetField(file, TIFFTAG_XRESOLUTION, &resolution) != 0)
    page.x_resolution = static_cast<double>(resolution);
  if (TIFFGetField(file, TIFFTAG_YRESOLUTION, &resolution) != 0)
    page.y_resolution = static_cast<double>(resolution);
  page.resolution_unit = number<std::uint16_t>(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  return page;
}

}  // namespace mifa::formats
