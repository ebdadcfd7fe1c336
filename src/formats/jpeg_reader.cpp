#include "formats/jpeg_reader.h"

#include <jpeglib.h>

#include <csetjmp>
#include <cstdio>

namespace mifa::formats {
namespace {

// A progressive file of many scans costs a pass over all pixels each.
constexpr int kMostScans = 500;

struct Decoder {
  jpeg_decompress_struct info;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf leave;
  char message[JMSG_LENGTH_MAX];
};

struct End {
  Decoder& decoder;
  ~End() { jpeg_destroy_decompress(&decoder.info); }
};

[[noreturn]] void on_error(j_common_ptr info) {
  auto* decoder = static_cast<Decoder*>(info->client_data);
  info->err->format_message(info, decoder->message);
  std::longjmp(decoder->leave, 1);
}

void on_message(j_common_ptr info, int level) {
  if (level < 0) ++info->err->num_warnings;
}

void on_progress(j_common_ptr info) {
  auto* decoder = static_cast<Decoder*>(info->client_data);
  if (decoder->info.input_scan_number <= kMostScans) return;
  std::snprintf(decoder->message, sizeof decoder->message, "more than %d scans", kMostScans);
  std::longjmp(decoder->leave, 1);
}

// The following hold nothing that a longjmp would leave behind: false, and decoder.message, on
// failure.

bool read_header(Decoder& decoder, std::span<const std::byte> file) {
  decoder.info.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = &on_error;
  decoder.errors.emit_message = &on_message;
  decoder.info.client_data = &decoder;
  if (setjmp(decoder.leave) != 0) return false;
  jpeg_create_decompress(&decoder.info);
  decoder.progress.progress_monitor = &on_progress;
  decoder.info.progress = &decoder.progress;
  jpeg_mem_src(&decoder.info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&decoder.info, TRUE);
  switch (decoder.info.jpeg_color_space) {
    case JCS_GRAYSCALE:
      decoder.info.out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      decoder.info.out_color_space = JCS_CMYK;
      break;
    default:
      decoder.info.out_color_space = JCS_RGB;
  }
  return true;
}

bool read_pixels(Decoder& decoder, std::span<std::byte> out) {
  if (setjmp(decoder.leave) != 0) return false;
  jpeg_start_decompress(&decoder.info);
  const std::size_t row = std::size_t{decoder.info.output_width} *
                          static_cast<std::size_t>(decoder.info.output_components);
  while (decoder.info.output_scanline < decoder.info.output_height) {
    auto* line = reinterpret_cast<JSAMPROW>(out.data() + decoder.info.output_scanline * row);
    jpeg_read_scanlines(&decoder.info, &line, 1);
  }
  jpeg_finish_decompress(&decoder.info);
  return true;
}

// Adobe's CMYK is stored inverted: light, not ink.
void cmyk_to_rgb(DecodedImage& image, bool inverted) {
  std::vector<std::byte> rgb(image.pixels.size() / 4 * 3);
  for (std::size_t i = 0; i < rgb.size() / 3; ++i) {
    const auto light = [&](std::size_t k) {
      const auto value = std::to_integer<unsigned>(image.pixels[4 * i + k]);
      return inverted ? value : 255 - value;
    };
    for (std::size_t k = 0; k < 3; ++k)
      rgb[3 * i + k] = static_cast<std::byte>(light(k) * light(3) / 255);
  }
  image.pixels = std::move(rgb);
}

Error damaged(const Decoder& decoder) {
  return {ErrorCode::kFixData,
          std::string("expected the pixels of a JPEG; decoding failed: ") + decoder.message +
              "; the file is cut off, damaged, or of a rare kind: save it anew"};
}

}  // namespace

bool JpegReader::sniff(std::span<const std::byte> bytes) {
  return bytes.size() >= 3 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xD8} &&
         bytes[2] == std::byte{0xFF};
}

Result<PictureSize> JpegReader::read_size(std::span<const std::byte> head) {
  Decoder decoder{};
  const End end{decoder};
  if (!read_header(decoder, head)) return damaged(decoder);
  return PictureSize{decoder.info.image_width, decoder.info.image_height};
}

Result<DecodedImage> JpegReader::decode_file(std::span<const std::byte> file) const {
  Decoder decoder{};
  const End end{decoder};
  if (!read_header(decoder, file)) return damaged(decoder);
  DecodedImage image;
  image.width = decoder.info.image_width;
  image.height = decoder.info.image_height;
  const bool cmyk = decoder.info.out_color_space == JCS_CMYK;
  image.samples = decoder.info.out_color_space == JCS_GRAYSCALE ? 1 : cmyk ? 4 : 3;
  auto size = check_size(image.width, image.height, image.samples);
  if (!size) return std::move(size).error();
  image.pixels.resize(static_cast<std::size_t>(*size));
  if (!read_pixels(decoder, image.pixels)) return damaged(decoder);
  if (cmyk) cmyk_to_rgb(image, decoder.info.saw_Adobe_marker != FALSE);
  image.channels = image.samples == 1 ? 1 : 3;
  image.samples = image.channels;
  image.color = image.channels == 3;
  if (decoder.errors.num_warnings > 0) {
    Issue issue;
    issue.rule = "jpeg/damaged";
    issue.severity = Severity::kWarning;
    issue.message = "The JPEG is damaged or cut off; what could be decoded of it is shown.";
    image.issues.push_back(std::move(issue));
  }
  return image;
}

}  // namespace mifa::formats
