#include "formats/tiff_writer.h"

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "core/checked.h"

namespace mifa::formats {
namespace {

// A strip is about so long: readers fetch no more than they show.
constexpr std::int64_t kStripBytes = 256 << 10;
// What libtiff writes beside pixels: a page's directory without its table of strips, and what is
// written once.
constexpr std::int64_t kPageBytes = 512;
constexpr std::int64_t kFileBytes = 4096;

}  // namespace

// What libtiff writes to, and what it says.
struct TiffWriter::Output {
  std::vector<std::byte> bytes;
  std::size_t at = 0;
  std::string message;
  TIFF* tiff = nullptr;

  static Output& of(thandle_t handle) { return *static_cast<Output*>(handle); }
  // libtiff reads back the directory before, to link the next one.
  static tmsize_t on_read(thandle_t handle, void* data, tmsize_t size) {
    Output& output = of(handle);
    const std::size_t left = output.bytes.size() - std::min(output.at, output.bytes.size());
    const std::size_t count = std::min(left, static_cast<std::size_t>(size));
    if (count > 0) std::memcpy(data, output.bytes.data() + output.at, count);
    output.at += count;
    return static_cast<tmsize_t>(count);
  }
  static tmsize_t on_write(thandle_t handle, void* data, tmsize_t size) {
    Output& output = of(handle);
    const std::size_t end = output.at + static_cast<std::size_t>(size);
    // More than was reserved would move the file, and may find no room.
    if (end > output.bytes.capacity()) return 0;
    if (end > output.bytes.size()) output.bytes.resize(end);
    std::memcpy(output.bytes.data() + output.at, data, static_cast<std::size_t>(size));
    output.at = end;
    return size;
  }
  static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
    Output& output = of(handle);
    const std::size_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? output.at : output.bytes.size();
    output.at = base + static_cast<std::size_t>(offset);
    return output.at;
  }
  static int on_close(thandle_t) { return 0; }
  static toff_t on_size(thandle_t handle) { return of(handle).bytes.size(); }
  static int on_error(TIFF*, void* data, const char*, const char* format, va_list values) {
    Output& output = of(data);
    char text[256];
    std::vsnprintf(text, sizeof text, format, values);
    if (output.message.empty()) output.message = text;
    return 1;
  }
  static int on_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

  ~Output() {
    if (tiff) TIFFClose(tiff);
  }
};

TiffWriter::TiffWriter(TiffLayout layout)
    : layout_(std::move(layout)), output_(std::make_unique<Output>()) {}

TiffWriter::~TiffWriter() = default;

Result<std::unique_ptr<TiffWriter>> TiffWriter::make(TiffLayout layout) {
  const SampleType type = layout.type;
  const bool named = type != SampleType::kUint64 && type != SampleType::kInt64 &&
                     type != SampleType::kFloat16;
  if (!named) {
    return Error{ErrorCode::kUnsupported,
                 std::string("expected samples of 8 to 32 bits or floats, as OME-TIFF has them, received ") +
                     zarr_name(type)};
  }
  if (layout.width < 1 || layout.height < 1 || layout.planes < 1) {
    return Error{ErrorCode::kFixData, "expected at least one pixel and one plane, received none"};
  }
  const auto row = checked_multiply(layout.width, sample_bytes(type));
  const auto plane = row ? checked_multiply(*row, layout.height) : std::nullopt;
  const auto pixels = plane ? checked_multiply(*plane, layout.planes) : std::nullopt;
  const std::int64_t strips = pixels ? *plane / std::min(*row, kStripBytes) + 1 : 0;
  const auto tables = checked_multiply(layout.planes, kPageBytes + 8 * std::min(strips, layout.height));
  const auto text = static_cast<std::int64_t>(layout.description.size());
  if (!pixels || !tables || *pixels > kMostBytes || *tables > kMostBytes ||
      *pixels + *tables + text + kFileBytes > kMostBytes) {
    return Error{ErrorCode::kLimit, "expected a file of at most 1024 MiB, received " +
                                        std::to_string(layout.planes) + " planes of " +
                                        std::to_string(layout.width) + " x " +
                                        std::to_string(layout.height) + " " + zarr_name(type)};
  }
  std::unique_ptr<TiffWriter> writer(new TiffWriter(std::move(layout)));
  Output& output = *writer->output_;
  output.bytes.reserve(static_cast<std::size_t>(*pixels + *tables + text + kFileBytes));
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, &Output::on_error, &output);
  TIFFOpenOptionsSetWarningHandlerExtR(options, &Output::on_warning, &output);
  // l: little-endian, as the samples come; m: no memory map.
  output.tiff = TIFFClientOpenExt("", "wlm", &output, &Output::on_read, &Output::on_write,
                                  &Output::on_seek, &Output::on_close, &Output::on_size, nullptr,
                                  nullptr, options);
  TIFFOpenOptionsFree(options);
  if (!output.tiff) return writer->failed("beginning the file");
  return writer;
}

Error TiffWriter::failed(const std::string& doing) const {
  const std::string& said = output_->message;
  return {ErrorCode::kLimit, "expected libtiff to write the file, while " + doing + " it said: " +
                                 (said.empty() ? "no room is left" : said)};
}

Status TiffWriter::add_plane(std::span<const std::byte> samples) {
  const std::int64_t row = layout_.width * sample_bytes(layout_.type);
  if (static_cast<std::int64_t>(samples.size()) != row * layout_.height || written_ >= layout_.planes) {
    return Error{ErrorCode::kFixData, "expected plane " + std::to_string(written_ + 1) + " of " +
                                          std::to_string(layout_.planes) + " with " +
                                          std::to_string(row * layout_.height) + " bytes, received " +
                                          std::to_string(samples.size())};
  }
  TIFF* tiff = output_->tiff;
  const std::int64_t rows = std::clamp<std::int64_t>(kStripBytes / row, 1, layout_.height);
  const bool floats = is_float(layout_.type);
  const bool is_signed = layout_.type >= SampleType::kInt8 && layout_.type <= SampleType::kInt64;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(layout_.width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(layout_.height));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * sample_bytes(layout_.type)));
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, floats      ? SAMPLEFORMAT_IEEEFP
                                           : is_signed ? SAMPLEFORMAT_INT
                                                       : SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(rows));
  TIFFSetField(tiff, TIFFTAG_SOFTWARE, "Mifascope");
  if (written_ == 0) TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, layout_.description.c_str());
  std::uint32_t strip = 0;
  for (std::int64_t y = 0; y < layout_.height; y += rows, ++strip) {
    const std::int64_t bytes = row * std::min(rows, layout_.height - y);
    // libtiff's type is not const; with neither compression nor swapping it only reads.
    void* from = const_cast<std::byte*>(samples.data() + y * row);
    if (TIFFWriteEncodedStrip(tiff, strip, from, static_cast<tmsize_t>(bytes)) < 0) {
      return failed("writing plane " + std::to_string(written_ + 1));
    }
  }
  if (!TIFFWriteDirectory(tiff)) return failed("ending plane " + std::to_string(written_ + 1));
  ++written_;
  return Success{};
}

Result<std::vector<std::byte>> TiffWriter::finish() {
  if (written_ != layout_.planes || !output_->tiff) {
    return Error{ErrorCode::kFixData, "expected " + std::to_string(layout_.planes) +
                                          " planes before the end of the file, received " +
                                          std::to_string(written_)};
  }
  TIFFClose(std::exchange(output_->tiff, nullptr));
  if (!output_->message.empty()) return failed("ending the file");
  return std::move(output_->bytes);
}

}  // namespace mifa::formats
