// A TIFF or BigTIFF file over a ByteSource: the chain of its pages, and the pixels of a page.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/byte_source.h"
#include "formats/samples.h"
#include "formats/tiff_page.h"

namespace mifa::formats {

// Where a plane's pixels are.
struct TiffPlane {
  std::int64_t page = 0;  // offset of the page's IFD; 0: nowhere, the plane is missing
  // For pages that ImageJ leaves out: bytes after the page's first strip.
  std::int64_t skip = 0;
};

// Every call that fails may do so for lack of bytes: then source.waiting(), and it is to be made
// again when they are there.
class TiffFile {
 public:
  TiffFile(ByteSource& source, bool keep_indices, const RasterLimits& limits);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  // Whether bytes (at least 4) start like a TIFF.
  static bool sniff(std::span<const std::byte> bytes);

  // The offset of the chain's page `index` (from 0), or 0 where there is none. Follows the chain
  // only as far as that.
  Result<std::int64_t> page_offset(std::int64_t index);
  // What the page at an offset is. Precondition: the offset is above 0.
  Result<const TiffPage*> page(std::int64_t offset);
  // Where the first strip of a page begins.
  Result<std::int64_t> first_strip(const TiffPage& page);

  // One chunk of a plane: elements [page.chunk_channels()][chunk_height][chunk_width],
  // little-endian, zero beyond the page's edge. `sample`: which plane of samples, where they lie
  // apart; else 0. `out` has exactly the chunk's bytes.
  Status decode(const TiffPlane& plane, std::int64_t sample, std::int64_t chunk_y,
                std::int64_t chunk_x, std::span<std::byte> out);

 private:
  class Handle;

  Result<Handle*> open(std::int64_t offset);
  Status read_header();
  void want_next_pages();
  Result<std::uint64_t> read_number(std::int64_t offset, int bytes);
  Status decode_rows(Handle& handle, const TiffPage& page, std::int64_t skip, std::int64_t sample,
                     std::int64_t y, std::span<std::byte> out);
  struct Block {
    std::uint32_t index = 0;    // of the strip or tile
    std::int64_t x = 0, y = 0;  // its upper left in the page
    bool empty = false;         // left out by its writer: zeros
  };
  Status find_blocks(Handle& handle, const TiffPage& page, std::int64_t sample, std::int64_t y,
                     std::int64_t x, std::vector<Block>& blocks);
  Result<bool> want_block(Handle& handle, std::uint32_t index);
  Error too_large(const std::string& received) const;
  Status decode_block(Handle& handle, const TiffPage& page, const Block& block,
                      std::int64_t row_bytes);
  StoredBlock widen(const TiffPage& page, std::int64_t row_bytes, std::int64_t samples);
  Status decode_blocks(Handle& handle, const TiffPage& page, std::int64_t sample, std::int64_t y,
                       std::int64_t x, std::span<std::byte> out);

  ByteSource& source_;
  bool keep_indices_;
  RasterLimits limits_;
  bool known_ = false, big_endian_ = false, big_ = false;
  std::vector<std::int64_t> chain_;
  bool chain_complete_ = false;
  std::list<std::unique_ptr<Handle>> handles_;  // most recently used first
  std::map<std::int64_t, TiffPage> pages_;
  std::vector<std::byte> scratch_, widened_;
};

}  // namespace mifa::formats
