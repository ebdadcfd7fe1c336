#include "view/lookup_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace mifa::view {
namespace {

using Kind = LookupTable::Kind;

// 0xRRGGBB. The number before a name is where its colours start.
constexpr std::uint32_t kColors[] = {
    0x000000, 0xFFFFFF,  // 0: grays
    0x000000, 0xFF0000,  // 2: red
    0x000000, 0x00FF00,  // 4: green
    0x000000, 0x0000FF,  // 6: blue
    0x000000, 0x00FFFF,  // 8: cyan
    0x000000, 0xFF00FF,  // 10: magenta
    0x000000, 0xFFFF00,  // 12: yellow
    0x000000, 0xFF0000, 0xFFFF00, 0xFFFFFF,  // 14: red_hot
    0x000000, 0x00FF00, 0xFFFFFF,  // 18: green_hot
    0x000000, 0x0000FF, 0xFFFFFF,  // 21: blue_hot
    0x000000, 0x00FFFF, 0xFFFFFF,  // 24: cyan_hot
    0x000000, 0xFF00FF, 0xFFFFFF,  // 27: magenta_hot
    0x000000, 0xFFFF00, 0xFFFFFF,  // 30: yellow_hot
    0x000000, 0xFF8000, 0xFFFFFF,  // 33: orange_hot
    0x000000, 0x1B0085, 0x6700DD, 0xA500AC, 0xC80651, 0xEB4402, 0xFF7F00, 0xFFAB00, 0xFFD800,
    0xFFFE5C, 0xFFFFFF,  // 36: fire
    0x009C8C, 0x00BDAA, 0x2DAEE6, 0x7D72F8, 0xD15AF8, 0xFA5DD6, 0xFB4489, 0xFA215D, 0xE6001B,  // 47: ice
    0xFF0000, 0xFFFF00, 0x00FF00, 0x00FFFF, 0x0000FF, 0xFF00FF, 0xFF0000,  // 56: spectrum
    0x000000, 0x0101AB, 0x0101E0, 0x006EFF, 0x01ABFE, 0x01E0FE, 0x01FE01, 0xBEFF00, 0xFFFF00,
    0xFFE000, 0xFF8D00, 0xFA5E00, 0xF50000, 0xF500C5, 0xDEB4DE, 0xFFFFFF,  // 63: 16_colors
    0x000000, 0x00FFFF, 0xFF00FF,  // 79: cool
    0x000000, 0xFF0000, 0x000000, 0x00FF00,  // 82: red_green
    0x0000FF, 0xFF0000,  // 86: hilo
    0x0000FF, 0x00FFFF, 0x00FF00, 0xFFFF00, 0xFF0000,  // 88: rainbow
    0x000000, 0x2B0A7A, 0x8C0A96, 0xD93A5A, 0xF58A14, 0xFAD23C, 0xFFFFFF,  // 93: thermal
    0x000000, 0x704C2A, 0xC69C6D, 0xFFF0D8,  // 100: sepia
    0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151,
    0xBDDF26, 0xFDE725,  // 104: viridis
    0x000004, 0x140E36, 0x3B0F70, 0x641A80, 0x8C2981, 0xB73779, 0xDE4968, 0xF7705C, 0xFE9F6D,
    0xFECF92, 0xFCFDBF,  // 115: magma
    0x000004, 0x160B39, 0x420A68, 0x6A176E, 0x932667, 0xBC3754, 0xDD513A, 0xF37819, 0xFCA50A,
    0xF6D746, 0xFCFFA4,  // 126: inferno
    0x0D0887, 0x41049D, 0x6A00A8, 0x8F0DA4, 0xB12A90, 0xCC4778, 0xE16462, 0xF2844B, 0xFCA636,
    0xFCCE25, 0xF0F921,  // 137: plasma
    0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55,
    0xFEE838,  // 148: cividis
    0x30123B, 0x4145AB, 0x4675ED, 0x39A2FC, 0x1BCFD4, 0x24ECA6, 0x61FC6C, 0xA4FC3B, 0xD1E834,
    0xF3C63A, 0xFE9B2D, 0xF36315, 0xD93806, 0xB11901, 0x7A0402,  // 158: turbo
    0x000080, 0x0000FF, 0x0080FF, 0x00FFFF, 0x80FF80, 0xFFFF00, 0xFF8000, 0xFF0000, 0x800000,  // 173: jet
};

constexpr LookupTable kTables[] = {
    {"grays", Kind::kLines, 2, 0},
    {"gray", Kind::kLines, 2, 0},
    {"grey", Kind::kLines, 2, 0},
    {"greys", Kind::kLines, 2, 0},
    {"red", Kind::kLines, 2, 2},
    {"green", Kind::kLines, 2, 4},
    {"blue", Kind::kLines, 2, 6},
    {"cyan", Kind::kLines, 2, 8},
    {"magenta", Kind::kLines, 2, 10},
    {"yellow", Kind::kLines, 2, 12},
    {"red_hot", Kind::kLines, 4, 14},
    {"hot", Kind::kLines, 4, 14},
    {"green_hot", Kind::kLines, 3, 18},
    {"blue_hot", Kind::kLines, 3, 21},
    {"cyan_hot", Kind::kLines, 3, 24},
    {"magenta_hot", Kind::kLines, 3, 27},
    {"yellow_hot", Kind::kLines, 3, 30},
    {"orange_hot", Kind::kLines, 3, 33},
    {"fire", Kind::kLines, 11, 36},
    {"ice", Kind::kLines, 9, 47},
    {"spectrum", Kind::kLines, 7, 56},
    {"hsv", Kind::kLines, 7, 56},
    {"3_3_2_rgb", Kind::kBits, 0, 63},
    {"16_colors", Kind::kSteps, 16, 63},
    {"cool", Kind::kLines, 3, 79},
    {"red_green", Kind::kHalves, 4, 82},
    {"hilo", Kind::kHiLo, 2, 86},
    {"rainbow", Kind::kLines, 5, 88},
    {"rainbow_rgb", Kind::kLines, 5, 88},
    {"thermal", Kind::kLines, 7, 93},
    {"sepia", Kind::kLines, 4, 100},
    {"viridis", Kind::kLines, 11, 104},
    {"magma", Kind::kLines, 11, 115},
    {"inferno", Kind::kLines, 11, 126},
    {"plasma", Kind::kLines, 11, 137},
    {"cividis", Kind::kLines, 10, 148},
    {"turbo", Kind::kLines, 15, 158},
    {"jet", Kind::kLines, 9, 173},
};

ome::Rgb rgb(std::uint32_t color) {
  return {static_cast<std::uint8_t>(color >> 16U), static_cast<std::uint8_t>(color >> 8U),
          static_cast<std::uint8_t>(color)};
}

ome::Rgb between(const std::uint32_t* colors, double share) {
  const ome::Rgb low = rgb(colors[0]);
  const ome::Rgb high = rgb(colors[1]);
  ome::Rgb result{};
  for (std::size_t i = 0; i < 3; ++i) {
    result[i] = static_cast<std::uint8_t>(std::lround(low[i] + share * (high[i] - low[i])));
  }
  return result;
}

std::string normalised(std::string_view name) {
  if (name.size() > 4 && name[name.size() - 4] == '.') name.remove_suffix(4);
  std::string result(name);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (letter == '-' || letter == ' ') letter = '_';
  }
  return result;
}

}  // namespace

ome::Rgb LookupTable::at(double value) const {
  value = value > 0 ? std::min(value, 1.0) : 0;
  const std::uint32_t* colors = kColors + first;
  const auto byte = static_cast<std::uint32_t>(std::lround(value * 255));
  switch (kind) {
    case Kind::kBits:
      return rgb((byte & 0xE0U) << 16U | (byte << 11U & 0xE000U) | (byte << 6U & 0xC0U));
    case Kind::kHiLo:
      if (byte == 0 || byte == 255) return rgb(colors[byte & 1U]);
      return rgb(byte * 0x10101U);
    case Kind::kSteps:
      return rgb(colors[byte * count / 256]);
    case Kind::kHalves:
      if (byte < 128) return between(colors, byte / 127.0);
      return between(colors + 2, (byte - 128) / 127.0);
    case Kind::kLines:
      break;
  }
  const double at = value * (count - 1);
  const int line = std::min(static_cast<int>(at), count - 2);
  return between(colors + line, at - line);
}

int LookupTable::row() const { return static_cast<int>(this - kTables); }

const LookupTable* find_lookup_table(std::string_view name) {
  if (name.empty()) return nullptr;
  const std::string wanted = normalised(name);
  for (const LookupTable& table : kTables) {
    if (wanted == table.name) return &table;
  }
  return nullptr;
}

int lookup_tables() { return static_cast<int>(std::size(kTables)); }

const LookupTable& lookup_table(int row) { return kTables[row]; }

}  // namespace mifa::view
