// Which objects of a layer are shown, and in which colours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "annotation/layer.h"
#include "annotation/palette.h"

namespace mifa::annotation {

// LayerFilter of web/annotations/layer.ts. Columns that the layer has not are passed over.
struct Filter {
  struct Range {
    std::string column;
    double minimum = 0, maximum = 0;
  };
  struct HiddenTexts {
    std::string column;
    std::vector<std::string> texts;
  };
  std::vector<int> hidden;  // categories; -1: objects without one
  std::vector<Range> ranges;
  std::vector<HiddenTexts> hidden_texts;
};

// Of each object 1 where it is shown. Empty: all are.
using Mask = std::vector<std::uint8_t>;
Mask filter_mask(const Layer& layer, const Filter& filter);

struct ColorBy {
  enum class Kind { kCategory, kInstance, kTrack, kSingle, kColumn };
  Kind kind = Kind::kCategory;
  Color color = kNeutral;  // kSingle
  std::string column;      // kColumn
};

struct LegendEntry {
  std::string label;
  Color color;
  std::int64_t count = 0;  // of all objects, shown or not
};

struct Legend {
  std::string title;
  std::vector<LegendEntry> entries;
  bool is_ramp = false;
  double minimum = 0, maximum = 0;  // of the ramp
};

struct Style {
  std::vector<std::uint8_t> colors;  // RGBA an object; alpha 0 where it is filtered out
  Legend legend;
  std::int64_t visible = 0;
};

// Columns with at most so many different values are coloured by value, with a legend of them.
inline constexpr std::size_t kLegendValues = 24;

Style style_of(const Layer& layer, const ColorBy& by, const Mask& mask);

}  // namespace mifa::annotation
