#include <algorithm>
#include <cmath>
#include <iterator>

#include "annotation/geojson_object.h"

namespace mifa::annotation {

namespace {

// Objects within objects beyond this are kept as their JSON text.
constexpr int kNestedProperties = 6;
// An array as a property: so much of its JSON text is kept.
constexpr std::size_t kArrayText = 1000;

// Members of `properties` that name the category, best first, when their value is a text.
constexpr std::string_view kCategoryNames[] = {"classification", "class",  "category", "class_name",
                                               "cell_type",      "label", "Class",    "Label"};

// What a property's name says of it.
constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"name", Role::kLabel},         {"score", Role::kScore},       {"confidence", Role::kScore},
    {"probability", Role::kScore},  {"track_id", Role::kTrack},    {"trackId", Role::kTrack},
    {"parent_id", Role::kParent},   {"id", Role::kId},             {"instance_id", Role::kInstance},
    {"cell_id", Role::kInstance},   {"object_id", Role::kInstance}};

Role role_of(std::string_view name) {
  for (const auto& [known, role] : kRoles) {
    if (name == known) return role;
  }
  return Role::kNone;
}

// The unit that QuPath puts at the end of a measurement's name: "Area µm^2".
std::string unit_of(std::string_view name) {
  for (const std::string_view unit : {"µm^2", "px^2", "µm", "px"}) {
    if (name.size() > unit.size() + 1 && name.ends_with(unit) && name[name.size() - unit.size() - 1] == ' ') {
      return std::string(unit);
    }
  }
  return {};
}

Color color_of_rgb(std::int64_t packed) {
  return {static_cast<std::uint8_t>(packed >> 16 & 255), static_cast<std::uint8_t>(packed >> 8 & 255),
          static_cast<std::uint8_t>(packed & 255)};
}

std::optional<Color> color_of_array(ondemand::value value) {
  ondemand::array array;
  if (value.get_array().get(array)) return std::nullopt;
  Color color = {};
  std::size_t count = 0;
  for (auto result : array) {
    double number = 0;
    if (result.get_double().get(number) || count >= 4 || !(number >= 0 && number <= 255)) return std::nullopt;
    if (count < 3) color[count] = static_cast<std::uint8_t>(number);
    ++count;
  }
  return count < 3 ? std::nullopt : std::optional<Color>(color);
}

}  // namespace

bool GeoJsonProperties::check(simdjson::error_code error) {
  if (error) complaints_.syntax(error, nullptr);
  return !error;
}

void GeoJsonProperties::read(ondemand::value value) {
  ondemand::json_type kind;
  if (!check(value.type().get(kind)) || kind == ondemand::json_type::null) return;
  ondemand::object object;
  if (value.get_object().get(object)) {
    complaints_.file("annotation/geojson-properties", Severity::kError,
                     "An object's properties are no JSON object; it is shown without.", nullptr, "/properties",
                     "an object or null", describe_json(value), "write {\"name\": value, …}");
    return;
  }
  flatten(object, {}, 0);
}

void GeoJsonProperties::flatten(ondemand::object object, const std::string& prefix, int depth) {
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (!check(field.unescaped_key().get(key)) || !check(field.value().get(value))) return;
    if (depth == 0) member(key, key, value, depth);
    else member(key, prefix + std::string(key), value, depth);
    if (complaints_.syntax_told()) return;
  }
}

void GeoJsonProperties::member(std::string_view key, std::string_view name, ondemand::value value,
                               int depth) {
  if (depth == 0) {
    if (key == "classification") return classification(value);
    if (key == "measurements") return measurements(value);
    if (key == "plane") return static_cast<void>(geometry_.read_plane(value));
  }
  ondemand::json_type kind;
  if (value.type().get(kind)) return not_a_number(value);
  ondemand::object object;
  ondemand::array array;
  std::string_view text;
  switch (kind) {
    case ondemand::json_type::null:
      return;
    case ondemand::json_type::object:
      if (!check(value.get_object().get(object))) return;
      if (depth < kNestedProperties) return flatten(object, std::string(name) + ".", depth + 1);
      if (!check(object.raw_json().get(text))) return;
      break;
    case ondemand::json_type::array:
      if (!check(value.get_array().get(array)) || !check(array.raw_json().get(text))) return;
      break;
    default:
      return scalar(name, value, depth);
  }
  complaints_.builder().text(name, text.size() > kArrayText ? std::string(text.substr(0, kArrayText)) + "…"
                                                            : std::string(text));
}

void GeoJsonProperties::scalar(std::string_view name, ondemand::value value, int depth) {
  LayerBuilder& builder = complaints_.builder();
  const Role role = depth == 0 ? role_of(name) : Role::kNone;
  ondemand::json_type kind;
  if (!check(value.type().get(kind))) return;
  if (kind == ondemand::json_type::boolean) {
    bool flag = false;
    if (check(value.get_bool().get(flag))) builder.text(name, flag ? "true" : "false");
    return;
  }
  if (kind == ondemand::json_type::string) {
    std::string_view text;
    if (!check(value.get_string().get(text))) return;
    if (role != Role::kNone) builder.column(name, ColumnType::kText, role);
    builder.text(name, text);
    for (int rank = 0; depth == 0 && rank < static_cast<int>(std::size(kCategoryNames)); ++rank) {
      if (name != kCategoryNames[rank] || rank >= rank_ || text.empty()) continue;
      rank_ = rank;
      category_ = text;
    }
    return;
  }
  ondemand::number number;
  if (value.get_number().get(number)) return not_a_number(value);
  const bool integer = number.is_int64();
  if (role != Role::kNone) builder.column(name, integer ? ColumnType::kInteger : ColumnType::kNumber, role);
  if (integer) builder.integer(name, number.get_int64());
  else builder.number(name, number.as_double());
  if (depth > 0) return;
  if (name == "frame" || name == "t" || name == "timepoint") geometry_.set_frame(number.as_double());
  if (name == "z" || name == "slice") geometry_.set_slice(number.as_double());
}

void GeoJsonProperties::classification(ondemand::value value) {
  ondemand::json_type kind;
  if (!check(value.type().get(kind)) || kind == ondemand::json_type::null) return;
  std::string_view text;
  ondemand::object object;
  if (!value.get_string().get(text)) {
    rank_ = 0;
    category_ = text;
    return;
  }
  if (value.get_object().get(object)) return;
  std::string names;
  for (auto field : object) {
    std::string_view key;
    ondemand::value member;
    if (!check(field.unescaped_key().get(key)) || !check(field.value().get(member))) return;
    if (key == "name" && !member.get_string().get(text)) names = text;
    if (key == "color") color_ = color_of_array(member);
    std::int64_t packed = 0;
    if (key == "colorRGB" && !member.get_int64().get(packed)) color_ = color_of_rgb(packed);
    ondemand::array array;
    if (key != "names" || member.get_array().get(array)) continue;
    names.clear();
    // QuPath's derived classes: "Tumor: Positive".
    for (auto result : array) {
      if (result.get_string().get(text)) continue;
      names += (names.empty() ? "" : ": ") + std::string(text);
    }
  }
  if (names.empty()) return;
  rank_ = 0;
  category_ = names;
}

void GeoJsonProperties::measurements(ondemand::value value) {
  ondemand::object object;
  if (!value.get_object().get(object)) {
    for (auto field : object) {
      std::string_view name;
      ondemand::value member;
      if (!check(field.unescaped_key().get(name)) || !check(field.value().get(member))) return;
      measurement(name, member);
    }
    return;
  }
  ondemand::array array;
  if (value.get_array().get(array)) return;
  // The older list of {"name": …, "value": …}.
  for (auto result : array) {
    ondemand::object pair;
    if (result.get_object().get(pair)) continue;
    std::string_view name;
    ondemand::value number;
    if (pair.find_field_unordered("name").get_string().get(name)) continue;
    if (!pair.find_field_unordered("value").get(number)) measurement(name, number);
  }
}

void GeoJsonProperties::measurement(std::string_view name, ondemand::value value) {
  double number = 0;
  if (value.get_double().get(number)) {
    ondemand::json_type kind;
    if (value.type().get(kind) || kind == ondemand::json_type::number) not_a_number(value);
    return;
  }
  Column* column = complaints_.builder().column(name, ColumnType::kNumber);
  if (column && column->unit.empty()) column->unit = unit_of(name);
  complaints_.builder().number(name, number);
}

// QuPath writes bare NaN and Infinity, which JSON has not: no value.
void GeoJsonProperties::not_a_number(ondemand::value value) {
  const std::string text = describe_json(value);
  const bool known = text.starts_with("NaN") || text.starts_with("Infinity") || text.starts_with("-Infinity");
  complaints_.file("annotation/geojson-number", known ? Severity::kInfo : Severity::kError,
                   "A property is no number that JSON can hold; it is taken as no value.", nullptr,
                   "/properties", "a number or null", text, "write null: many programs refuse the whole file");
}

void GeoJsonProperties::read_id(ondemand::value value) {
  LayerBuilder& builder = complaints_.builder();
  std::string_view text;
  std::int64_t integer = 0;
  double number = 0;
  if (!value.get_string().get(text)) {
    builder.column("id", ColumnType::kText, Role::kId);
    builder.text("id", text);
  } else if (!value.get_int64().get(integer)) {
    builder.column("id", ColumnType::kInteger, Role::kId);
    builder.integer("id", integer);
  } else if (!value.get_double().get(number)) {
    builder.column("id", ColumnType::kNumber, Role::kId);
    builder.number("id", number);
  } else {
    complaints_.file("annotation/geojson-id", Severity::kError, "An id is neither text nor number; it is left out.",
                     nullptr, "/id", "a string or a number", describe_json(value),
                     "write the id as a string or a number");
  }
}

bool GeoJsonProperties::is_only_value(std::string_view name) {
  for (const std::string_view other : {"classification", "measurements", "plane", "frame", "t", "timepoint", "z", "slice"}) {
    if (name == other) return false;
  }
  return std::find(std::begin(kCategoryNames), std::end(kCategoryNames), name) == std::end(kCategoryNames);
}

void GeoJsonProperties::categorize() {
  if (category_.empty()) return;
  LayerBuilder& builder = complaints_.builder();
  builder.category(builder.define_category(category_, {}, color_));
}

}  // namespace mifa::annotation
