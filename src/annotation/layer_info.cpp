#include "annotation/layer_info.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "annotation/format.h"
#include "annotation/mask_rows.h"
#include "annotation/measure.h"
#include "annotation/palette.h"
#include "annotation/spatial_order.h"

namespace mifa::annotation {

namespace {

using Range = std::optional<std::pair<double, double>>;

void extend(Range& range, double value) {
  if (!std::isfinite(value)) return;
  range = range ? std::pair(std::min(range->first, value), std::max(range->second, value)) : std::pair(value, value);
}

void write_range(JsonText& json, const char* name, const Range& range) {
  json.key(name);
  if (!range) {
    json.null();
    return;
  }
  json.begin_array().value(range->first).value(range->second).end_array();
}

const char* unit_name(Space::Unit unit) {
  switch (unit) {
    case Space::Unit::kPixel: return "pixel";
    case Space::Unit::kPhysical: return "physical";
    case Space::Unit::kNormalized: return "normalized";
  }
  return "pixel";
}

void write_space(JsonText& json, const Space& space) {
  json.key("space").begin_object();
  json.member("unit", unit_name(space.unit)).member("unitName", space.unit_name).member("corner", space.corner);
  json.key("affine").begin_array();
  for (const double value : space.affine) json.value(value);
  json.end_array().member("depthIsPhysical", space.depth_is_physical).end_object();
}

void write_texts(JsonText& json, const Layer& layer, const Column& column) {
  const TextPool& pool = column.pool();
  struct Count {
    std::uint32_t index;
    std::int64_t count = 0;
  };
  std::vector<Count> counts(std::min(pool.size(), kDistinctTexts));
  for (std::uint32_t i = 0; i < counts.size(); ++i) counts[i].index = i;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const std::uint32_t index = column.text_index(i);
    if (index < counts.size()) ++counts[index].count;
  }
  json.member("distinct", counts.size());
  // Where there are more, the most frequent ones are not known: names of single objects, mostly.
  if (pool.size() > kDistinctTexts) return;
  std::stable_sort(counts.begin(), counts.end(), [](const Count& a, const Count& b) { return a.count > b.count; });
  json.key("values").begin_array();
  for (std::size_t i = 0; i < std::min(counts.size(), kListedTexts); ++i) {
    json.begin_object().member("text", pool.text(counts[i].index)).member("count", counts[i].count).end_object();
  }
  json.end_array();
}

void write_column(JsonText& json, const Layer& layer, const Column& column) {
  json.begin_object();
  json.member("name", column.name()).member("type", column_type_name(column.type()));
  json.member("role", role_name(column.role)).member("unit", column.unit);
  std::int64_t present = 0;
  Range range;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (!column.has(i)) continue;
    ++present;
    if (column.type() != ColumnType::kText) extend(range, column.number(i));
  }
  json.member("present", present);
  if (range) json.member("min", range->first).member("max", range->second);
  if (column.type() == ColumnType::kText) write_texts(json, layer, column);
  json.end_object();
}

void write_shapes(JsonText& json, const Layer& layer) {
  std::int64_t counts[6] = {};
  for (std::size_t i = 0; i < layer.size(); ++i) ++counts[static_cast<std::size_t>(layer.shapes[i])];
  json.key("shapes").begin_object();
  for (std::size_t i = 0; i < 6; ++i) {
    if (counts[i] > 0) json.member(shape_name(static_cast<Shape>(i)), counts[i]);
  }
  json.end_object();
}

void write_bounds(JsonText& json, const Layer& layer) {
  Range x, y;
  for (std::size_t i = 0; i < layer.vertices(); ++i) {
    extend(x, layer.xy[2 * i]);
    extend(y, layer.xy[2 * i + 1]);
  }
  json.key("bounds");
  if (!x || !y) {
    json.null();
    return;
  }
  json.begin_array();
  json.value(x->first + layer.origin[0]).value(y->first + layer.origin[1]);
  json.value(x->second + layer.origin[0]).value(y->second + layer.origin[1]);
  json.end_array();
}

void write_extents(JsonText& json, const Layer& layer) {
  Range frames, slices;
  for (std::size_t i = 0; i < layer.t_begin.size(); ++i) {
    extend(frames, layer.t_begin[i]);
    extend(frames, layer.t_end[i]);
  }
  for (std::size_t i = 0; i < layer.z_begin.size(); ++i) {
    extend(slices, layer.z_begin[i]);
    extend(slices, layer.z_end[i]);
  }
  write_range(json, "frames", frames);
  write_range(json, "slices", slices);
}

std::int64_t divisions(const Layer& layer) {
  std::vector<std::uint8_t> later(layer.links.empty() ? 0 : layer.size());
  std::int64_t count = 0;
  for (std::size_t i = 0; i < layer.links.size(); ++i) {
    const std::uint32_t from = layer.links[i].from;
    if (from < later.size() && later[from] < 2 && ++later[from] == 2) ++count;
  }
  return count;
}

void write_categories(JsonText& json, const Layer& layer) {
  const std::vector<Color> colors = category_colors(layer);
  json.key("categories").begin_array();
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const Category& category = layer.categories[i];
    json.begin_object().member("name", category.name).member("id", category.id).member("count", category.count);
    json.key("color");
    write_color(json, colors[i]);
    json.end_object();
  }
  json.end_array();
}

void write_object_range(JsonText& json, const char* name, const Paged<float>& begins, const Paged<float>& ends,
                        std::size_t object) {
  Range range;
  if (object < begins.size()) {
    extend(range, begins[object]);
    extend(range, ends[object]);
  }
  write_range(json, name, range);
}

void write_relatives(JsonText& json, const Layer& layer, std::size_t object) {
  for (const bool parents : {true, false}) {
    json.key(parents ? "parents" : "children").begin_array();
    for (std::size_t i = 0; i < layer.links.size(); ++i) {
      const Link link = layer.links[i];
      if ((parents ? link.to : link.from) == object) json.value(parents ? link.from : link.to);
    }
    json.end_array();
  }
}

}  // namespace

void write_color(JsonText& json, const Color& color) {
  json.begin_array();
  for (const std::uint8_t part : color) json.value(int{part});
  json.end_array();
}

void write_issue(JsonText& json, const Issue& issue) {
  json.begin_object();
  json.member("rule", issue.rule).member("severity", severity_name(issue.severity));
  json.member("message", issue.message).member("file", issue.file).member("pointer", issue.pointer);
  json.member("line", issue.line).member("expected", issue.expected).member("received", issue.received);
  json.member("fix", issue.fix);
  if (issue.row > 0) json.member("row", issue.row);
  if (!issue.related.empty()) {
    json.key("related").begin_array();
    for (const IssuePlace& place : issue.related) {
      json.begin_object().member("file", place.file).member("pointer", place.pointer).member("line", place.line);
      if (place.row > 0) json.member("row", place.row);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

std::string layer_info(const Layer& layer) {
  JsonText json;
  json.begin_object();
  const Format* format = find_format(layer.format);
  json.member("name", layer.name).member("file", layer.file).member("format", layer.format);
  json.member("formatTitle", format ? format->title : layer.format.c_str());
  json.member("kind", layer_kind_name(layer.kind)).member("count", layer.size());
  write_shapes(json, layer);
  write_bounds(json, layer);
  write_space(json, layer.space);
  write_categories(json, layer);
  json.key("columns").begin_array();
  for (const auto& column : layer.columns) write_column(json, layer, *column);
  json.end_array();
  write_extents(json, layer);
  const Column* mask_ids = mask_id_column(layer);
  json.member("maskIds", mask_ids ? mask_ids->name() : "");
  json.member("links", layer.links.size()).member("divisions", divisions(layer));
  json.key("mapping").begin_object();
  for (const auto& [part, column] : layer.mapping) json.member(part, column);
  json.end_object().key("tableColumns").begin_array();
  for (const std::string& column : layer.table_columns) json.value(column);
  json.end_array().member("elsewhere", layer.elsewhere).key("images").begin_array();
  for (const std::string& image : layer.images) json.value(image);
  json.end_array().key("issues").begin_array();
  for (const Issue& issue : layer.issues) write_issue(json, issue);
  json.end_array().member("issuesUntold", layer.issues_untold);
  json.key("origin").begin_array().value(layer.origin[0]).value(layer.origin[1]).end_array();
  return json.end_object().take();
}

std::string object_details(const Layer& layer, std::size_t object) {
  JsonText json;
  json.begin_object().member("object", object).member("shape", shape_name(layer.shapes[object]));
  const std::int32_t category = layer.category[object];
  json.member("category", category < 0 ? std::string() : layer.categories[static_cast<std::size_t>(category)].name);
  json.key("bounds");
  if (const auto bounds = layer.bounds(object)) {
    json.begin_array();
    for (const double value : *bounds) json.value(value);
    json.end_array();
  } else {
    json.null();
  }
  write_object_range(json, "frames", layer.t_begin, layer.t_end, object);
  write_object_range(json, "slices", layer.z_begin, layer.z_end, object);
  json.member("area", area_of(layer, object)).member("length", length_of(layer, object));
  json.key("properties").begin_array();
  for (const auto& column : layer.columns) {
    if (!column->has(object)) continue;
    json.begin_object().member("name", column->name()).member("value", column->text(object));
    json.member("unit", column->unit).end_object();
  }
  json.end_array().key("place").begin_object().member("file", layer.file);
  json.member("line", layer.place_line[object]).member("pointer", layer.pointer(object)).end_object();
  write_relatives(json, layer, object);
  return json.end_object().take();
}

}  // namespace mifa::annotation
