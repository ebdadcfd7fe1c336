#include "formats/tiff_file.h"

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "core/checked.h"
#include "formats/samples.h"

namespace mifa::formats {
namespace {

// Directories kept open: a plane's page, and those of its levels.
constexpr std::size_t kOpenDirectories = 8;
// libtiff's own allocations: the tables of a directory, and one block of pixels.
constexpr std::int64_t kDirectoryBytes = std::int64_t{128} << 20;

Error waiting() { return {ErrorCode::kRetry, "expected bytes that are not there yet"}; }

Error damaged(std::string message) { return {ErrorCode::kFixData, std::move(message)}; }

std::string text_of(std::int64_t value) { return std::to_string(value); }

std::string megabytes(std::int64_t bytes) { return text_of(bytes >> 20) + " MiB"; }

}  // namespace

// One directory open in libtiff. A handle of its own for each: changing the directory of one makes
// libtiff walk the whole chain, which on a web server is a request a page.
class TiffFile::Handle {
 public:
  Handle(ByteSource& source, std::int64_t offset, const RasterLimits& limits)
      : source_(source), offset_(offset) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    const std::int64_t most = std::max(limits.chunk_bytes, kDirectoryBytes);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(most));
    TIFFOpenOptionsSetMaxCumulatedMemAlloc(options, static_cast<tmsize_t>(2 * most));
    TIFFOpenOptionsSetErrorHandlerExtR(options, &Handle::on_error, this);
    TIFFOpenOptionsSetWarningHandlerExtR(options, &Handle::on_warning, this);
    // h: the header only; m: no memory map; O: tables of offsets by parts, as needed.
    tiff_ =
        TIFFClientOpenExt("", "rhmO", this, &Handle::on_read, &Handle::on_write, &Handle::on_seek,
                          &Handle::on_close, &Handle::on_size, nullptr, nullptr, options);
    TIFFOpenOptionsFree(options);
    if (!tiff_) return;
    if (TIFFSetSubDirectory(tiff_, static_cast<std::uint64_t>(offset)) == 0) {
      TIFFClose(tiff_);
      tiff_ = nullptr;
      return;
    }
    std::uint16_t compression = 0, photometric = 0;
    TIFFGetField(tiff_, TIFFTAG_COMPRESSION, &compression);
    TIFFGetField(tiff_, TIFFTAG_PHOTOMETRIC, &photometric);
    if (compression == COMPRESSION_JPEG && photometric == PHOTOMETRIC_YCBCR) {
      TIFFSetField(tiff_, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
  }
  ~Handle() {
    if (tiff_) TIFFClose(tiff_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  TIFF* get() const { return tiff_; }
  std::int64_t offset() const { return offset_; }
  // What libtiff said first since the last call; a sentence of our own where it said nothing.
  std::string take_message() {
    std::string said = std::exchange(message_, {});
    return said.empty() ? "the data end early or are damaged" : said;
  }

 private:
  static Handle& self(thandle_t handle) { return *static_cast<Handle*>(handle); }
  static tmsize_t on_read(thandle_t handle, void* buffer, tmsize_t bytes) {
    Handle& me = self(handle);
    if (bytes <= 0) return 0;
    const auto count = me.source_.read(
        me.position_, {static_cast<std::byte*>(buffer), static_cast<std::size_t>(bytes)});
    if (!count) return 0;
    me.position_ += *count;
    return static_cast<tmsize_t>(*count);
  }
  static tmsize_t on_write(thandle_t, void*, tmsize_t) { return 0; }
  static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
    Handle& me = self(handle);
    const std::int64_t base = whence == SEEK_CUR   ? me.position_
                              : whence == SEEK_END ? me.source_.size()
                                                   : 0;
    std::int64_t to = 0;
    if (__builtin_add_overflow(base, static_cast<std::int64_t>(offset), &to) || to < 0) {
      return static_cast<toff_t>(-1);
    }
    me.position_ = to;
    return static_cast<toff_t>(to);
  }
  static int on_close(thandle_t) { return 0; }
  static toff_t on_size(thandle_t handle) {
    return static_cast<toff_t>(self(handle).source_.size());
  }
  static int on_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }
  __attribute__((format(printf, 4, 0))) static int on_error(TIFF*, void* user, const char*,
                                                            const char* format, va_list arguments) {
    Handle& me = *static_cast<Handle*>(user);
    if (!me.message_.empty()) return 1;
    char line[512] = "";
    std::vsnprintf(line, sizeof line, format, arguments);
    me.message_ = line;
    // The file has no name here: "" and a colon come first.
    while (!me.message_.empty() && (me.message_.front() == ':' || me.message_.front() == ' ')) {
      me.message_.erase(0, 1);
    }
    while (!me.message_.empty() && (me.message_.back() == '.' || me.message_.back() == '\n'))
      me.message_.pop_back();
    return 1;
  }

  ByteSource& source_;
  std::int64_t offset_;
  std::int64_t position_ = 0;
  std::string message_;
  TIFF* tiff_ = nullptr;
};

TiffFile::TiffFile(ByteSource& source, bool keep_indices, const RasterLimits& limits)
    : source_(source), keep_indices_(keep_indices), limits_(limits) {}

TiffFile::~TiffFile() = default;

bool TiffFile::sniff(std::span<const std::byte> bytes) {
  if (bytes.size() < 4) return false;
  const auto at = [&](std::size_t i) { return std::to_integer<int>(bytes[i]); };
  const bool little = at(0) == 'I' && at(1) == 'I' && (at(2) == 42 || at(2) == 43) && at(3) == 0;
  const bool big = at(0) == 'M' && at(1) == 'M' && at(2) == 0 && (at(3) == 42 || at(3) == 43);
  return little || big;
}

Result<std::uint64_t> TiffFile::read_number(std::int64_t offset, int bytes) {
  std::byte raw[8] = {};
  const auto count = source_.read(offset, {raw, static_cast<std::size_t>(bytes)});
  if (!count) return waiting();
  if (*count < bytes) {
    return damaged("expected a directory of the TIFF at byte " + text_of(offset) +
                   ", received a file of " + text_of(source_.size()) +
                   " bytes; it is cut off: copy it again");
  }
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) {
    const int at = big_endian_ ? i : bytes - 1 - i;
    value = (value << 8U) | std::to_integer<std::uint64_t>(raw[at]);
  }
  return value;
}

Status TiffFile::read_header() {
  if (known_) return Success{};
  std::byte head[4] = {};
  const auto count = source_.read(0, head);
  if (!count) return waiting();
  if (*count < 4 || !sniff(head)) {
    return damaged("expected a TIFF (II*, MM*), received a file that begins otherwise");
  }
  big_endian_ = std::to_integer<char>(head[0]) == 'M';
  big_ = std::to_integer<int>(head[big_endian_ ? 3 : 2]) == 43;
  auto first = read_number(big_ ? 8 : 4, big_ ? 8 : 4);
  if (!first) return std::move(first).error();
  known_ = true;
  chain_complete_ = *first == 0;
  if (!chain_complete_) chain_.push_back(static_cast<std::int64_t>(*first));
  return Success{};
}

// Pages of one size follow one another at one distance: where three did, the next are asked for
// together, so that a file on a web server is not a round trip a page. A wrong guess costs only its
// bytes.
void TiffFile::want_next_pages() {
  constexpr std::size_t kEvidence = 4;
  constexpr std::int64_t kPages = 32;
  constexpr std::int64_t kTypicalBytes = 4096;  // of a directory with what its tags point at
  if (chain_.size() < kEvidence) return;
  const auto* end = chain_.data() + chain_.size();
  const std::int64_t step = end[-1] - end[-2];
  if (step < ByteSource::kBlockBytes || step != end[-2] - end[-3] || step != end[-3] - end[-4])
    return;
  for (std::int64_t i = 1; i <= kPages; ++i) {
    std::int64_t offset = 0;
    const bool fits = !__builtin_add_overflow(end[-1], i * step, &offset);
    if (fits && offset < source_.size()) source_.want({offset, kTypicalBytes});
  }
}

Result<std::int64_t> TiffFile::page_offset(std::int64_t index) {
  if (auto header = read_header(); !header) return std::move(header).error();
  while (!chain_complete_ && static_cast<std::int64_t>(chain_.size()) <= index) {
    const std::int64_t last = chain_.back();
    if (last < 8 || last >= source_.size()) {
      const std::string page = text_of(static_cast<std::int64_t>(chain_.size()));
      return damaged("expected the directory of page " + page + " inside the file, received byte " +
                     text_of(last) + " of " + text_of(source_.size()) +
                     "; the file is cut off or damaged: copy it again");
    }
    auto entries = read_number(last, big_ ? 8 : 2);
    if (!entries) {
      want_next_pages();
      return std::move(entries).error();
    }
    if (*entries > 65535)
      return damaged("expected at most 65535 tags in a directory, received " +
                     std::to_string(*entries));
    const auto count = static_cast<std::int64_t>(*entries);
    auto next = read_number(last + (big_ ? 8 + 20 * count : 2 + 12 * count), big_ ? 8 : 4);
    if (!next) return std::move(next).error();
    const auto offset = static_cast<std::int64_t>(*next);
    const bool seen = std::find(chain_.begin(), chain_.end(), offset) != chain_.end();
    if (offset == 0 || seen || static_cast<std::int64_t>(chain_.size()) >= limits_.planes) {
      chain_complete_ = true;
    } else {
      chain_.push_back(offset);
    }
  }
  return index < static_cast<std::int64_t>(chain_.size()) ? chain_[static_cast<std::size_t>(index)]
                                                          : 0;
}

Result<TiffFile::Handle*> TiffFile::open(std::int64_t offset) {
  const auto found = std::find_if(handles_.begin(), handles_.end(),
                                  [&](const auto& handle) { return handle->offset() == offset; });
  if (found != handles_.end()) {
    handles_.splice(handles_.begin(), handles_, found);
    return handles_.front().get();
  }
  if (offset >= source_.size()) {
    return damaged("expected a directory of the TIFF at byte " + text_of(offset) +
                   ", received a file of " + text_of(source_.size()) +
                   " bytes; it is cut off or damaged: copy it again");
  }
  auto handle = std::make_unique<Handle>(source_, offset, limits_);
  if (source_.waiting()) return waiting();
  if (!handle->get()) {
    return damaged("expected a directory of the TIFF at byte " + text_of(offset) +
                   "; reading it failed: " + handle->take_message());
  }
  handles_.push_front(std::move(handle));
  if (handles_.size() > kOpenDirectories) handles_.pop_back();
  return handles_.front().get();
}

Result<const TiffPage*> TiffFile::page(std::int64_t offset) {
  const auto known = pages_.find(offset);
  if (known != pages_.end()) return &known->second;
  auto handle = open(offset);
  if (!handle) return std::move(handle).error();
  auto page = read_tiff_page((*handle)->get(), offset, keep_indices_, limits_);
  if (source_.waiting()) return waiting();
  if (!page) return std::move(page).error();
  return &pages_.emplace(offset, *std::move(page)).first->second;
}

Result<std::int64_t> TiffFile::first_strip(const TiffPage& page) {
  auto handle = open(page.offset);
  if (!handle) return std::move(handle).error();
  int failed = 0;
  const auto offset = TIFFGetStrileOffsetWithErr((*handle)->get(), 0, &failed);
  if (source_.waiting()) {
    handles_.pop_front();
    return waiting();
  }
  if (failed != 0) return damaged("expected the offsets of strips: " + (*handle)->take_message());
  return static_cast<std::int64_t>(offset);
}

Status TiffFile::decode_rows(Handle& handle, const TiffPage& page, std::int64_t skip,
                             std::int64_t sample, std::int64_t y, std::span<std::byte> out) {
  const std::int64_t row_bytes = page.row_bytes();
  const std::int64_t strips = ceil_divide(page.height, page.block_height);
  const std::int64_t end = std::min(page.height, y + page.chunk_height);
  // Neighbouring strips mostly follow one another in the file: one range then.
  std::vector<std::pair<std::int64_t, ByteRange>> runs;  // first row, bytes
  for (std::int64_t row = y; row < end;) {
    const std::int64_t strip = row / page.block_height;
    const std::int64_t rows = std::min(end, (strip + 1) * page.block_height) - row;
    int failed = 0;
    const auto index = static_cast<std::uint32_t>(strip + (page.separate() ? sample * strips : 0));
    // A page of one strip may hold, after it, the pages that are left out.
    const auto offset =
        static_cast<std::int64_t>(TIFFGetStrileOffsetWithErr(handle.get(), index, &failed));
    if (source_.waiting()) return waiting();
    if (failed != 0 || offset <= 0)
      return damaged("expected the offset of strip " + text_of(index) + ": " +
                     handle.take_message());
    const ByteRange range{offset + skip + row % page.block_height * row_bytes, rows * row_bytes};
    if (!runs.empty() && runs.back().second.offset + runs.back().second.length == range.offset) {
      runs.back().second.length += range.length;
    } else {
      runs.push_back({row, range});
    }
    row += rows;
  }
  for (const auto& [row, range] : runs) source_.want(range);
  if (source_.waiting()) return waiting();
  for (const auto& [row, range] : runs) {
    scratch_.resize(static_cast<std::size_t>(range.length));
    const auto count = source_.read(range.offset, scratch_);
    if (!count) return waiting();
    if (*count < range.length) {
      return damaged("expected rows from " + text_of(row) + " on at bytes " +
                     text_of(range.offset) + " to " + text_of(range.offset + range.length) +
                     ", received a file of " + text_of(source_.size()) +
                     " bytes; it is cut off: copy it again");
    }
    const std::int64_t bytes = page.bits / 8;
    if (page.swapped) swap_bytes(scratch_, bytes);
    copy_block({scratch_, row_bytes, page.separate() ? 1 : page.samples, bytes},
               {out, page.chunk_channels(), page.chunk_height, page.chunk_width}, 0, row - y,
               page.width, range.length / row_bytes);
  }
  return Success{};
}

// Which strips or tiles a chunk is made of, all of whose bytes are there.
Status TiffFile::find_blocks(Handle& handle, const TiffPage& page, std::int64_t sample,
                             std::int64_t y, std::int64_t x, std::vector<Block>& blocks) {
  const std::int64_t across = ceil_divide(page.width, page.block_width);
  const std::int64_t down = ceil_divide(page.height, page.block_height);
  // To convert colours, libtiff reads all planes of samples.
  std::uint16_t planar = 1, samples = 1;
  TIFFGetFieldDefaulted(handle.get(), TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted(handle.get(), TIFFTAG_SAMPLESPERPIXEL, &samples);
  const bool all = page.path == PixelPath::kRgba && planar == PLANARCONFIG_SEPARATE;
  const std::int64_t first = page.separate() ? sample : 0;
  const std::int64_t last = all ? samples : first + 1;
  const std::int64_t bottom = std::min(page.height, y + page.chunk_height);
  const std::int64_t right = std::min(page.width, x + page.chunk_width);
  for (std::int64_t top = y; top < bottom; top += page.block_height) {
    for (std::int64_t left = x; left < right; left += page.block_width) {
      const std::int64_t place = top / page.block_height * across + left / page.block_width;
      Block block{static_cast<std::uint32_t>(place + first * across * down), left, top, true};
      for (std::int64_t plane = first; plane < last; ++plane) {
        auto there = want_block(handle, static_cast<std::uint32_t>(place + plane * across * down));
        if (!there) return std::move(there).error();
        if (*there) block.empty = false;
      }
      blocks.push_back(block);
    }
  }
  if (source_.waiting()) return waiting();
  return Success{};
}

// Asks for a strip's or tile's bytes; false if its writer left it out.
Result<bool> TiffFile::want_block(Handle& handle, std::uint32_t index) {
  int failed = 0;
  const auto offset =
      static_cast<std::int64_t>(TIFFGetStrileOffsetWithErr(handle.get(), index, &failed));
  const auto bytes =
      static_cast<std::int64_t>(TIFFGetStrileByteCountWithErr(handle.get(), index, &failed));
  if (failed != 0 && source_.waiting()) return waiting();
  if (failed != 0) {
    return damaged("expected the place of block " + text_of(index) +
                   " in the file: " + handle.take_message());
  }
  if (bytes <= 0 || offset <= 0) return false;
  if (offset >= source_.size() || bytes > source_.size() - offset) {
    return damaged("expected block " + text_of(index) + " at byte " + text_of(offset) + " with " +
                   text_of(bytes) + " bytes, received a file of " + text_of(source_.size()) +
                   " bytes; it is cut off: copy it again");
  }
  if (bytes > limits_.chunk_bytes) return too_large(megabytes(bytes));
  source_.want({offset, bytes});
  return true;
}

Error TiffFile::too_large(const std::string& received) const {
  return {ErrorCode::kLimit, "expected at most " + megabytes(limits_.chunk_bytes) +
                                 " (limit chunk_bytes) in one strip or tile, received " + received +
                                 "; write the image in tiles"};
}

// Decodes one strip or tile into scratch_, rows downwards.
Status TiffFile::decode_block(Handle& handle, const TiffPage& page, const Block& block,
                              std::int64_t row_bytes) {
  TIFF* file = handle.get();
  const std::int64_t rows =
      page.tiled ? page.block_height : std::min(page.block_height, page.height - block.y);
  scratch_.assign(static_cast<std::size_t>(page.block_height * row_bytes), std::byte{0});
  std::int64_t got = 0;
  if (page.path == PixelPath::kRgba) {
    auto* raster = reinterpret_cast<std::uint32_t*>(scratch_.data());
    const auto x = static_cast<std::uint32_t>(block.x);
    const auto y = static_cast<std::uint32_t>(block.y);
    const int done = page.tiled ? TIFFReadRGBATileExt(file, x, y, raster, 1)
                                : TIFFReadRGBAStripExt(file, y, raster, 1);
    got = done == 0 ? -1 : 0;
    // libtiff's rows go upwards here.
    for (std::int64_t row = 0; row < rows / 2; ++row) {
      std::byte* const at = scratch_.data() + row * row_bytes;
      std::swap_ranges(at, at + row_bytes, scratch_.data() + (rows - 1 - row) * row_bytes);
    }
  } else if (page.tiled) {
    got = TIFFReadEncodedTile(file, block.index, scratch_.data(),
                              static_cast<tmsize_t>(scratch_.size()));
  } else {
    got = TIFFReadEncodedStrip(file, block.index, scratch_.data(),
                               static_cast<tmsize_t>(rows * row_bytes));
  }
  if (source_.waiting()) return waiting();
  if (got >= 0) return Success{};
  return damaged("expected " + compression_name(page.compression) + " data in block " +
                 text_of(block.index) + "; decoding failed: " + handle.take_message());
}

// scratch_ with its samples made into bytes or words, or into the colours of a palette.
StoredBlock TiffFile::widen(const TiffPage& page, std::int64_t row_bytes, std::int64_t samples) {
  const std::int64_t count = page.block_width * samples;
  const std::int64_t wide = page.bits <= 8 ? 1 : 2;
  widened_.assign(static_cast<std::size_t>(page.block_height * count * wide), std::byte{0});
  for (std::int64_t row = 0; row < page.block_height; ++row) {
    const std::span<const std::byte> from(scratch_);
    const std::span<std::byte> to(widened_);
    unpack_bits(from.subspan(static_cast<std::size_t>(row * row_bytes),
                             static_cast<std::size_t>(row_bytes)),
                page.bits, count, to.subspan(static_cast<std::size_t>(row * count * wide)));
  }
  if (page.path != PixelPath::kPalette) return {widened_, count * wide, samples, wide};
  scratch_.resize(widened_.size() * 3);
  for (std::size_t i = 0; i < widened_.size(); ++i) {
    const auto index = std::to_integer<std::size_t>(widened_[i]);
    const Rgb& color = page.palette[std::min(index, page.palette.size() - 1)];
    for (std::size_t k = 0; k < 3; ++k) scratch_[3 * i + k] = static_cast<std::byte>(color[k]);
  }
  return {scratch_, count * 3, 3, 1};
}

Status TiffFile::decode_blocks(Handle& handle, const TiffPage& page, std::int64_t sample,
                               std::int64_t y, std::int64_t x, std::span<std::byte> out) {
  const bool rgba = page.path == PixelPath::kRgba;
  const bool packed = page.path == PixelPath::kBits || page.path == PixelPath::kPalette;
  const std::int64_t samples = rgba ? 4 : page.separate() ? 1 : page.samples;
  const std::int64_t row_bytes =
      rgba ? page.block_width * 4
           : static_cast<std::int64_t>(page.tiled ? TIFFTileRowSize(handle.get())
                                                  : TIFFScanlineSize(handle.get()));
  const auto size = checked_multiply(row_bytes, page.block_height);
  const std::int64_t least = (page.block_width * samples * (rgba ? 8 : page.bits) + 7) / 8;
  if (!size || row_bytes < least || *size > limits_.chunk_bytes) {
    return too_large("one of " + text_of(page.block_width) + " by " + text_of(page.block_height) +
                     " pixels");
  }
  std::vector<Block> blocks;
  if (auto found = find_blocks(handle, page, sample, y, x, blocks); !found) return found;
  const ElementPlanes to{out, page.chunk_channels(), page.chunk_height, page.chunk_width};
  for (const Block& block : blocks) {
    if (block.empty) continue;
    if (auto done = decode_block(handle, page, block, row_bytes); !done) return done;
    const StoredBlock stored =
        packed ? widen(page, row_bytes, samples)
               : StoredBlock{scratch_, row_bytes, samples, sample_bytes(page.type)};
    copy_block(stored, to, block.x - x, block.y - y,
               std::min(page.block_width, page.width - block.x),
               std::min(page.block_height, page.height - block.y));
  }
  return Success{};
}

Status TiffFile::decode(const TiffPlane& plane, std::int64_t sample, std::int64_t chunk_y,
                        std::int64_t chunk_x, std::span<std::byte> out) {
  std::fill(out.begin(), out.end(), std::byte{0});
  if (plane.page == 0) return Success{};
  auto found = page(plane.page);
  if (!found) return std::move(found).error();
  const TiffPage& page = **found;
  auto handle = open(plane.page);
  if (!handle) return std::move(handle).error();
  const std::int64_t y = chunk_y * page.chunk_height;
  const std::int64_t x = chunk_x * page.chunk_width;
  Status done = page.plain_rows() ? decode_rows(**handle, page, plane.skip, sample, y, out)
                                  : decode_blocks(**handle, page, sample, y, x, out);
  // A table of offsets that was read in part is not read again by libtiff.
  if (source_.waiting()) handles_.pop_front();
  return done;
}

}  // namespace mifa::formats
