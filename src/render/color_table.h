// Explicit label colours as a hash table the fragment shader can search (shaders/label.frag).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "ome/dataset.h"

namespace mifa::render {

struct ColorTableTexels {
  int size = 0;  // Entries, a power of two; 0 when there are no colours.
  int width = 1, height = 1;
  std::vector<std::uint32_t> words;  // RGBA32UI, width * height texels
};

// Longest run of occupied entries a lookup follows.
inline constexpr int kMaximumProbes = 16;

// The hash the shader uses.
std::uint32_t label_hash(std::uint64_t id);

// Null or empty: one unused texel. Colours that find no place within kMaximumProbes although the
// table was grown four times fall back to the id's own stable colour.
ColorTableTexels build_color_table(const std::map<std::uint64_t, ome::Rgba>* colors);

}  // namespace mifa::render
