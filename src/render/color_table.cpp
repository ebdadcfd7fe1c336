#include "render/color_table.h"

namespace mifa::render {
namespace {

constexpr int kWidth = 1024;  // texels a row
constexpr int kGrowths = 4;

std::uint32_t mixed(std::uint32_t x) {
  x ^= x >> 16U;
  x *= 0x7FEB352DU;
  x ^= x >> 15U;
  x *= 0x846CA68BU;
  x ^= x >> 16U;
  return x;
}

// Whether all colours found a place.
bool fill(const std::map<std::uint64_t, ome::Rgba>& colors, int size,
          std::vector<std::uint32_t>& words) {
  bool complete = true;
  for (const auto& [id, color] : colors) {
    const std::uint32_t start = label_hash(id) & 0x7FFFFFFFU;
    bool placed = false;
    for (int probe = 0; probe < kMaximumProbes && !placed; ++probe) {
      const std::size_t at =
          (start + static_cast<std::uint32_t>(probe)) & static_cast<std::uint32_t>(size - 1);
      if (words[at * 4 + 3] != 0) continue;
      words[at * 4] = static_cast<std::uint32_t>(id);
      words[at * 4 + 1] = static_cast<std::uint32_t>(id >> 32U);
      words[at * 4 + 2] = static_cast<std::uint32_t>(color[0]) |
                          static_cast<std::uint32_t>(color[1]) << 8U |
                          static_cast<std::uint32_t>(color[2]) << 16U |
                          static_cast<std::uint32_t>(color[3]) << 24U;
      words[at * 4 + 3] = 1;
      placed = true;
    }
    complete = complete && placed;
  }
  return complete;
}

}  // namespace

std::uint32_t label_hash(std::uint64_t id) {
  const auto high = static_cast<std::uint32_t>(id >> 32U);
  return mixed(static_cast<std::uint32_t>(id) ^ mixed(high ^ 0x9E3779B9U));
}

ColorTableTexels build_color_table(const std::map<std::uint64_t, ome::Rgba>* colors) {
  ColorTableTexels table;
  table.words.assign(4, 0);
  if (!colors || colors->empty()) return table;
  int size = 16;
  while (static_cast<std::size_t>(size) < colors->size() * 2) size *= 2;
  for (int growth = 0; growth < kGrowths; ++growth, size *= 2) {
    table.size = size;
    table.width = std::min(size, kWidth);
    table.height = size / table.width;
    table.words.assign(static_cast<std::size_t>(size) * 4, 0);
    if (fill(*colors, size, table.words)) break;
  }
  return table;
}

}  // namespace mifa::render
