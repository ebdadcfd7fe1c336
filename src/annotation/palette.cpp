#include "annotation/palette.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mifa::annotation {

namespace {

constexpr std::array<Color, kRampStops> kViridis = {{{68, 1, 84},
                                                     {71, 44, 122},
                                                     {59, 81, 139},
                                                     {44, 113, 142},
                                                     {33, 144, 141},
                                                     {39, 173, 129},
                                                     {92, 200, 99},
                                                     {170, 220, 50},
                                                     {253, 231, 37}}};

std::uint32_t mix(std::uint32_t hash) {
  hash ^= hash >> 16;
  hash *= 0x7feb352dU;
  hash ^= hash >> 15;
  hash *= 0x846ca68bU;
  return hash ^ hash >> 16;
}

// One component of a colour of HSL (hue in sixths, the others 0 to 1), by the usual formula.
std::uint8_t component(double hue, double saturation, double lightness, double shift) {
  const double k = std::fmod(shift + 2 * hue, 12.0);
  const double reach = saturation * std::min(lightness, 1 - lightness);
  const double value = lightness - reach * std::max(-1.0, std::min({k - 3, 9 - k, 1.0}));
  return static_cast<std::uint8_t>(std::lround(255 * value));
}

}  // namespace

std::uint32_t stable_hash(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
  return mix(hash);
}

std::uint32_t stable_hash(std::uint64_t number) {
  return mix(static_cast<std::uint32_t>(number) ^ mix(static_cast<std::uint32_t>(number >> 32) + 0x9e3779b9U));
}

Color hash_color(std::uint32_t hash) {
  // Lightness tells colours apart where hues cannot be told: four steps of it.
  const double hue = 6.0 * (hash & 0xff) / 256;
  const double lightness = 0.42 + 0.12 * (hash >> 8 & 3);
  const double saturation = 0.65 + 0.1 * (hash >> 10 & 3);
  return {component(hue, saturation, lightness, 0), component(hue, saturation, lightness, 8),
          component(hue, saturation, lightness, 4)};
}

std::vector<Color> name_colors(std::span<const std::string> names) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return names[a] != names[b] ? names[a] < names[b] : a < b;
  });
  std::vector<Color> colors(names.size());
  std::array<bool, kOkabeIto.size()> taken = {};
  for (const std::size_t i : order) {
    const std::uint32_t hash = stable_hash(names[i]);
    const std::size_t slot = hash % kOkabeIto.size();
    colors[i] = taken[slot] ? hash_color(hash) : kOkabeIto[slot];
    taken[slot] = true;
  }
  return colors;
}

std::vector<Color> category_colors(const Layer& layer) {
  std::vector<std::string> names;
  for (const Category& category : layer.categories) names.push_back(category.name);
  std::vector<Color> colors = name_colors(names);
  for (std::size_t i = 0; i < colors.size(); ++i) {
    if (layer.categories[i].color) colors[i] = *layer.categories[i].color;
  }
  return colors;
}

Color ramp_color(double share) {
  const double at = std::clamp(share, 0.0, 1.0) * (kRampStops - 1);
  const auto stop = static_cast<std::size_t>(std::min(at, kRampStops - 2.0));
  Color color;
  for (std::size_t i = 0; i < 3; ++i) {
    color[i] = static_cast<std::uint8_t>(
        std::lround(std::lerp(kViridis[stop][i], kViridis[stop + 1][i], at - static_cast<double>(stop))));
  }
  return color;
}

std::span<const Color, kRampStops> ramp() { return kViridis; }

}  // namespace mifa::annotation
