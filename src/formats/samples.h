// Rows of samples as they are stored, into planes of elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "formats/raster.h"

namespace mifa::formats {

// A rectangle of pixels stored row by row, each with `samples` samples of `bytes` bytes.
struct StoredBlock {
  std::span<const std::byte> bytes;
  std::int64_t row_bytes = 0;
  std::int64_t samples = 1;       // a pixel
  std::int64_t sample_bytes = 1;  // 1, 2, 4 or 8
};

// Planes of elements, one after the other: [channels][height][width].
struct ElementPlanes {
  std::span<std::byte> bytes;
  std::int64_t channels = 1, height = 0, width = 0;
};

// Copies `width` by `height` pixels from the block's upper left to (x, y) of every plane; sample i
// of a pixel goes to plane i. Precondition: both have room for them.
void copy_block(const StoredBlock& from, const ElementPlanes& to, std::int64_t x, std::int64_t y,
                std::int64_t width, std::int64_t height);

// Unpacks `count` samples of 1 to 16 bits, most significant bit first, to uint8 (up to 8 bits) or
// uint16. Precondition: `row` has the bits, `out` the room.
void unpack_bits(std::span<const std::byte> row, int bits, std::int64_t count,
                 std::span<std::byte> out);

// Swaps the bytes of each sample of 2, 4 or 8 bytes.
void swap_bytes(std::span<std::byte> samples, std::int64_t sample_bytes);

}  // namespace mifa::formats
