#include "formats/samples.h"

#include <algorithm>
#include <cstring>

namespace mifa::formats {
namespace {

template <typename T>
void copy_rows(const StoredBlock& from, const ElementPlanes& to, std::int64_t x, std::int64_t y,
               std::int64_t width, std::int64_t height) {
  const std::int64_t step = from.samples;
  for (std::int64_t channel = 0; channel < to.channels; ++channel) {
    for (std::int64_t row = 0; row < height; ++row) {
      const std::byte* in =
          from.bytes.data() + row * from.row_bytes + channel * static_cast<std::int64_t>(sizeof(T));
      std::byte* out = to.bytes.data() + ((channel * to.height + y + row) * to.width + x) *
                                             static_cast<std::int64_t>(sizeof(T));
      if (step == 1) {
        std::memcpy(out, in, static_cast<std::size_t>(width) * sizeof(T));
        continue;
      }
      for (std::int64_t i = 0; i < width; ++i) {
        std::memcpy(out + i * static_cast<std::int64_t>(sizeof(T)),
                    in + i * step * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
      }
    }
  }
}

}  // namespace

void copy_block(const StoredBlock& from, const ElementPlanes& to, std::int64_t x, std::int64_t y,
                std::int64_t width, std::int64_t height) {
  switch (from.sample_bytes) {
    case 1:
      return copy_rows<std::uint8_t>(from, to, x, y, width, height);
    case 2:
      return copy_rows<std::uint16_t>(from, to, x, y, width, height);
    case 4:
      return copy_rows<std::uint32_t>(from, to, x, y, width, height);
    default:
      return copy_rows<std::uint64_t>(from, to, x, y, width, height);
  }
}

void unpack_bits(std::span<const std::byte> row, int bits, std::int64_t count,
                 std::span<std::byte> out) {
  std::uint32_t held = 0;
  int have = 0;
  std::size_t next = 0;
  const std::uint32_t mask = (1U << static_cast<unsigned>(bits)) - 1U;
  for (std::int64_t i = 0; i < count; ++i) {
    while (have < bits) {
      held = (held << 8U) | std::to_integer<std::uint32_t>(row[next++]);
      have += 8;
    }
    have -= bits;
    const std::uint32_t value = (held >> static_cast<unsigned>(have)) & mask;
    if (bits <= 8) {
      out[static_cast<std::size_t>(i)] = static_cast<std::byte>(value);
    } else {
      const auto wide = static_cast<std::uint16_t>(value);
      std::memcpy(out.data() + 2 * i, &wide, sizeof wide);
    }
  }
}

void swap_bytes(std::span<std::byte> samples, std::int64_t sample_bytes) {
  if (sample_bytes < 2) return;
  for (std::size_t at = 0; at + static_cast<std::size_t>(sample_bytes) <= samples.size();
       at += static_cast<std::size_t>(sample_bytes)) {
    std::reverse(samples.begin() + static_cast<std::ptrdiff_t>(at),
                 samples.begin() + static_cast<std::ptrdiff_t>(at) + sample_bytes);
  }
}

}  // namespace mifa::formats
