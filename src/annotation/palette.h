// Colours that people with any colour vision can tell apart as far as they go, and that follow from
// names alone, so that they are the same at every visit and in every file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/layer.h"

namespace mifa::annotation {

// Okabe and Ito's colours (2008), without black, which does not show on dark images.
inline constexpr std::array<Color, 7> kOkabeIto = {{{230, 159, 0},
                                                    {86, 180, 233},
                                                    {0, 158, 115},
                                                    {240, 228, 66},
                                                    {0, 114, 178},
                                                    {213, 94, 0},
                                                    {204, 121, 167}}};
// Of what has no category or value.
inline constexpr Color kNeutral = {170, 170, 170};

// A stable hash of bytes (FNV-1a, mixed), the same on every machine.
std::uint32_t stable_hash(std::string_view text);
std::uint32_t stable_hash(std::uint64_t number);

// One of some thousand colours: hues and lightnesses.
Color hash_color(std::uint32_t hash);
// A colour for each name, no two of a list alike: of Okabe–Ito's the one that its hash says, where it is
// free; else another of them; beyond seven names one of the many. Where two want the same, the earlier in
// the alphabet has it. `given`: colours that a file decided, of the first names; nobody else gets near them.
std::vector<Color> name_colors(std::span<const std::string> names, std::span<const std::optional<Color>> given = {});
// Of each category: the file's own, or by its name.
std::vector<Color> category_colors(const Layer& layer);

// Viridis at 0 to 1, by straight lines between nine of its colours.
Color ramp_color(double share);
inline constexpr int kRampStops = 9;
std::span<const Color, kRampStops> ramp();

}  // namespace mifa::annotation
