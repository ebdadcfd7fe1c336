#include "annotation/style.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace mifa::annotation {

namespace {

constexpr const char* kNone = "none";

// The colour of each object by `of`.
template <typename Of>
void paint(Style& style, const Layer& layer, const Mask& mask, Of of) {
  style.colors.resize(4 * layer.size());
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const bool shown = mask.empty() || mask[i] != 0;
    const Color color = of(i);
    std::uint8_t* rgba = &style.colors[4 * i];
    rgba[0] = color[0];
    rgba[1] = color[1];
    rgba[2] = color[2];
    rgba[3] = shown ? 255 : 0;
    style.visible += shown ? 1 : 0;
  }
}

void by_category(Style& style, const Layer& layer, const Mask& mask) {
  const std::vector<Color> colors = category_colors(layer);
  style.legend.title = "category";
  std::int64_t without = static_cast<std::int64_t>(layer.size());
  for (std::size_t i = 0; i < colors.size(); ++i) {
    style.legend.entries.push_back({layer.categories[i].name, colors[i], layer.categories[i].count});
    without -= layer.categories[i].count;
  }
  if (without > 0) style.legend.entries.push_back({kNone, kNeutral, without});
  paint(style, layer, mask, [&](std::size_t i) {
    const std::int32_t category = layer.category[i];
    return category < 0 ? kNeutral : colors[static_cast<std::size_t>(category)];
  });
}

// Each value of the column its own colour; each object its own where there is no column.
void by_identity(Style& style, const Layer& layer, const Mask& mask, const Column* column, bool objects) {
  paint(style, layer, mask, [&](std::size_t i) {
    if (!column) return objects ? hash_color(stable_hash(std::uint64_t{i})) : kNeutral;
    if (!column->has(i)) return kNeutral;
    if (const auto id = column->integer(i)) return hash_color(stable_hash(static_cast<std::uint64_t>(*id)));
    return hash_color(stable_hash(column->text(i)));
  });
}

void by_number(Style& style, const Layer& layer, const Mask& mask, const Column& column) {
  double least = 0, greatest = 0;
  bool any = false;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const double value = column.number(i);
    if (!std::isfinite(value)) continue;
    least = any ? std::min(least, value) : value;
    greatest = any ? std::max(greatest, value) : value;
    any = true;
  }
  style.legend.is_ramp = any;
  style.legend.minimum = least;
  style.legend.maximum = greatest;
  const double range = greatest - least;
  paint(style, layer, mask, [&](std::size_t i) {
    const double value = column.number(i);
    if (std::isnan(value)) return kNeutral;
    return ramp_color(range > 0 ? (value - least) / range : 0.5);
  });
}

// The different values of a column and how often each is there; empty where there are too many.
std::map<std::string, std::int64_t> values_of(const Layer& layer, const Column& column) {
  std::map<std::string, std::int64_t> counts;
  if (column.type() == ColumnType::kText) {
    std::unordered_map<std::uint32_t, std::int64_t> by_index;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (!column.has(i)) continue;
      ++by_index[column.text_index(i)];
      if (by_index.size() > 100 * kLegendValues) return {};
    }
    for (const auto& [index, count] : by_index) counts[std::string(column.pool().text(index))] += count;
    return counts;
  }
  std::unordered_map<std::int64_t, std::int64_t> by_value;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const auto value = column.integer(i);
    if (!value) continue;
    ++by_value[*value];
    if (by_value.size() > kLegendValues) return {};
  }
  for (const auto& [value, count] : by_value) counts[std::to_string(value)] = count;
  return counts;
}

void by_column(Style& style, const Layer& layer, const Mask& mask, const Column& column) {
  style.legend.title = column.name();
  if (column.type() == ColumnType::kNumber) return by_number(style, layer, mask, column);
  const auto counts = values_of(layer, column);
  if (counts.empty()) {
    if (column.type() == ColumnType::kInteger) return by_number(style, layer, mask, column);
    return by_identity(style, layer, mask, &column, false);
  }
  std::vector<std::string> names;
  for (const auto& [name, count] : counts) names.push_back(name);
  const std::vector<Color> colors = name_colors(names);
  std::unordered_map<std::string, Color> known;
  for (std::size_t i = 0; i < names.size(); ++i) {
    known.emplace(names[i], colors[i]);
    style.legend.entries.push_back({names[i], colors[i], counts.at(names[i])});
  }
  std::stable_sort(style.legend.entries.begin(), style.legend.entries.end(),
                   [](const LegendEntry& a, const LegendEntry& b) { return a.count > b.count; });
  paint(style, layer, mask, [&](std::size_t i) { return column.has(i) ? known.at(column.text(i)) : kNeutral; });
}

void apply(Mask& mask, const Layer& layer, const Filter::HiddenTexts& filter) {
  const Column* column = layer.find(filter.column);
  if (!column || filter.texts.empty()) return;
  const std::unordered_set<std::string> hidden(filter.texts.begin(), filter.texts.end());
  if (column->type() != ColumnType::kText) {
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (column->has(i) && hidden.contains(column->text(i))) mask[i] = 0;
    }
    return;
  }
  std::vector<std::uint8_t> hides(column->pool().size());
  for (std::uint32_t i = 0; i < hides.size(); ++i) hides[i] = hidden.contains(std::string(column->pool().text(i)));
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (column->has(i) && hides[column->text_index(i)]) mask[i] = 0;
  }
}

}  // namespace

Mask filter_mask(const Layer& layer, const Filter& filter) {
  if (filter.hidden.empty() && filter.ranges.empty() && filter.hidden_texts.empty()) return {};
  Mask mask(layer.size(), 1);
  std::vector<std::uint8_t> hidden(layer.categories.size() + 1);
  for (const int category : filter.hidden) {
    if (category >= -1 && category < static_cast<int>(layer.categories.size())) {
      hidden[static_cast<std::size_t>(category + 1)] = 1;
    }
  }
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (hidden[static_cast<std::size_t>(layer.category[i] + 1)]) mask[i] = 0;
  }
  for (const Filter::Range& range : filter.ranges) {
    const Column* column = layer.find(range.column);
    if (!column) continue;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const double value = column->number(i);
      if (!(value >= range.minimum && value <= range.maximum)) mask[i] = 0;
    }
  }
  for (const Filter::HiddenTexts& texts : filter.hidden_texts) apply(mask, layer, texts);
  return mask;
}

Style style_of(const Layer& layer, const ColorBy& by, const Mask& mask) {
  Style style;
  const Column* column = layer.find(by.column);
  switch (by.kind) {
    case ColorBy::Kind::kCategory:
      by_category(style, layer, mask);
      return style;
    case ColorBy::Kind::kSingle:
      style.legend.title = layer.name;
      style.legend.entries.push_back({layer.name, by.color, static_cast<std::int64_t>(layer.size())});
      paint(style, layer, mask, [&](std::size_t) { return by.color; });
      return style;
    case ColorBy::Kind::kInstance:
      style.legend.title = "instance";
      by_identity(style, layer, mask, layer.with_role(Role::kInstance), true);
      return style;
    case ColorBy::Kind::kTrack:
      style.legend.title = "track";
      by_identity(style, layer, mask, layer.with_role(Role::kTrack), false);
      return style;
    case ColorBy::Kind::kColumn:
      if (column) {
        by_column(style, layer, mask, *column);
      } else {
        style.legend.title = by.column;
        by_identity(style, layer, mask, nullptr, false);
      }
      return style;
  }
  return style;
}

}  // namespace mifa::annotation
