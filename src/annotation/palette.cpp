#include "annotation/palette.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

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

// Björn Ottosson's OKLab (2020): distances in it are how different colours look.
std::array<double, 3> oklab(const Color& color) {
  std::array<double, 3> linear;
  for (std::size_t i = 0; i < 3; ++i) {
    const double c = color[i] / 255.0;
    linear[i] = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  }
  const auto [r, g, b] = linear;
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

// In OKLab: nearer ones are taken for one another in thin lines.
constexpr double kApart = 0.1;
// Names that are held against all others; of more, colours only differ.
constexpr std::size_t kComparedNames = 64;
// Colours of the many that a name tries.
constexpr std::uint32_t kTries = 24;

// Which colours of a list are taken.
class Allotment {
 public:
  explicit Allotment(std::size_t names) : compares_(names <= kComparedNames), colors_(names) {}

  void give(std::size_t name, const Color& color) {
    colors_[name] = color;
    if (compares_) {
      taken_.push_back(oklab(color));
    } else {
      known_.insert(color);
    }
  }

  bool is_free(const Color& color) const { return compares_ ? distance(color) >= kApart : !known_.contains(color); }

  // Another of Okabe–Ito's, else one of the many: the first that is far enough from all, or the farthest.
  Color other_color(std::uint32_t hash) const {
    const std::size_t slots = kOkabeIto.size();
    const std::size_t step = 1 + (hash >> 8) % (slots - 1);
    for (std::size_t i = 1; i < slots; ++i) {
      const Color& color = kOkabeIto[(hash + i * step) % slots];
      if (is_free(color)) return color;
    }
    Color best = hash_color(hash);
    double farthest = -1;
    for (std::uint32_t i = 0; i < kTries; ++i) {
      const Color color = hash_color(i == 0 ? hash : mix(hash + i));
      if (is_free(color)) return color;
      const double apart = compares_ ? distance(color) : 0;
      if (apart > farthest) best = color;
      farthest = std::max(farthest, apart);
    }
    return best;
  }

  std::vector<Color> take() { return std::move(colors_); }

 private:
  double distance(const Color& color) const {
    const auto [l, a, b] = oklab(color);
    double least = 1;
    for (const auto& other : taken_) least = std::min(least, std::hypot(l - other[0], a - other[1], b - other[2]));
    return least;
  }

  bool compares_;
  std::vector<Color> colors_;
  std::vector<std::array<double, 3>> taken_;
  std::set<Color> known_;
};

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

std::vector<Color> name_colors(std::span<const std::string> names, std::span<const std::optional<Color>> given) {
  Allotment allotment(names.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i]) allotment.give(i, *given[i]);
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i >= given.size() || !given[i]) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return names[a] != names[b] ? names[a] < names[b] : a < b;
  });
  // First everyone's first choice: one more name moves only those that want the same.
  std::vector<std::size_t> later;
  for (const std::size_t i : order) {
    const Color first = kOkabeIto[stable_hash(names[i]) % kOkabeIto.size()];
    if (allotment.is_free(first)) {
      allotment.give(i, first);
    } else {
      later.push_back(i);
    }
  }
  for (const std::size_t i : later) allotment.give(i, allotment.other_color(stable_hash(names[i])));
  return allotment.take();
}

std::vector<Color> category_colors(const Layer& layer) {
  std::vector<std::string> names;
  std::vector<std::optional<Color>> given;
  for (const Category& category : layer.categories) {
    names.push_back(category.name);
    given.push_back(category.color);
  }
  return name_colors(names, given);
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
