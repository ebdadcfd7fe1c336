#include <algorithm>
#include <cctype>
#include <cmath>

#include "annotation/geojson_object.h"

namespace mifa::annotation {

namespace {

// Collections within collections beyond this can only be an attack.
constexpr int kNestedCollections = 8;

constexpr std::pair<std::string_view, GeoJsonType> kTypes[] = {
    {"Feature", GeoJsonType::kFeature},
    {"Polygon", GeoJsonType::kPolygon},
    {"MultiPolygon", GeoJsonType::kMultiPolygon},
    {"Point", GeoJsonType::kPoint},
    {"MultiPoint", GeoJsonType::kMultiPoint},
    {"LineString", GeoJsonType::kLineString},
    {"MultiLineString", GeoJsonType::kMultiLineString},
    {"GeometryCollection", GeoJsonType::kGeometryCollection},
    {"FeatureCollection", GeoJsonType::kFeatureCollection},
};

bool same_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

}  // namespace

std::string describe_json(ondemand::value value) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back()))) token.remove_suffix(1);
  const std::string text(token.substr(0, 40));
  if (text.starts_with("[")) return "an array";
  if (text.starts_with("{")) return "an object";
  if (text.starts_with("\"")) return "the string " + text;
  return text;
}

void GeoJsonComplaints::file(const char* rule, Severity severity, std::string message, const char* at,
                             std::string more, std::string expected, std::string received,
                             std::string fix) {
  failed_ = true;
  if (trial_) return;
  std::uint32_t line = place_.line;
  const char* begin = place_.text.data();
  if (at && at >= begin && at <= begin + place_.text.size()) {
    line += static_cast<std::uint32_t>(std::count(begin, at, '\n'));
  }
  builder_.issue(rule, severity, std::move(message), place_.pointer() + path_ + std::move(more),
                 static_cast<int>(line), std::move(expected), std::move(received), std::move(fix));
}

void GeoJsonComplaints::syntax(simdjson::error_code error, const char* at) {
  failed_ = true;
  if (syntax_told_) return;
  syntax_told_ = true;
  if (trial_) return;
  std::string received(at ? std::string_view(at, std::min<std::size_t>(
                                                     24, static_cast<std::size_t>(
                                                             place_.text.data() + place_.text.size() - at)))
                          : place_.text.substr(0, 24));
  for (char& c : received) c = c >= ' ' ? c : ' ';
  file("annotation/geojson-syntax", Severity::kError, "An object is not written as JSON; it is left out.", at,
       {}, "JSON (RFC 8259)", "\"" + received + "\": " + simdjson::error_message(error),
       "write the file with a JSON library");
}

GeoJsonType GeoJsonGeometry::type_named(std::string_view name) {
  for (const auto& [known, type] : kTypes) {
    if (name == known) return type;
  }
  return GeoJsonType::kUnknown;
}

GeoJsonType GeoJsonGeometry::type_of(std::string_view name, GeoJsonComplaints& complaints) {
  if (const GeoJsonType type = type_named(name); type != GeoJsonType::kUnknown) return type;
  for (const auto& [known, type] : kTypes) {
    if (!same_without_case(name, known)) continue;
    complaints.file("annotation/geojson-type", Severity::kError, "A type is written in the wrong case.",
                    nullptr, "/type", "\"" + std::string(known) + "\"", "\"" + std::string(name) + "\"",
                    "write types as RFC 7946 does: other programs refuse this");
    return type;
  }
  return GeoJsonType::kUnknown;
}

bool GeoJsonGeometry::read(ondemand::value value, int depth) {
  ondemand::json_type kind;
  if (auto error = value.type().get(kind)) return complaints_.syntax(error, nullptr), false;
  if (kind == ondemand::json_type::null) return true;  // RFC 7946 section 3.2: an unlocated feature
  ondemand::object object;
  if (value.get_object().get(object)) {
    complaints_.file("annotation/geojson-geometry", Severity::kError,
                     "A geometry is no object; the object is left out.", nullptr, {},
                     "a geometry object or null", describe_json(value),
                     "write {\"type\": …, \"coordinates\": …}");
    return false;
  }
  GeoJsonType type = GeoJsonType::kUnknown;
  std::string type_name;
  std::string_view name;
  bool has_type = false, deferred = false, has_coordinates = false;
  for (auto field : object) {
    std::string_view key;
    ondemand::value member;
    if (auto error = field.unescaped_key().get(key)) return complaints_.syntax(error, nullptr), false;
    if (auto error = field.value().get(member)) return complaints_.syntax(error, nullptr), false;
    if (key == "type") {
      has_type = true;
      if (member.get_string().get(name)) type_name = describe_json(member);
      else type = type_of(name, complaints_);
      if (type == GeoJsonType::kUnknown && type_name.empty()) {
        type_name = "\"" + std::string(name.substr(0, 60)) + "\"";
      }
    } else if (key == "coordinates") {
      has_coordinates = true;
      if (type == GeoJsonType::kUnknown) {
        deferred = true;
        continue;
      }
      const GeoJsonComplaints::Step step(complaints_, key);
      if (!read_coordinates(type, member)) return false;
    } else if (key == "geometries") {
      has_coordinates = true;
      const GeoJsonComplaints::Step step(complaints_, key);
      if (!read_geometries(member, depth + 1)) return false;
    } else if (key == "plane") {
      if (!read_plane(member)) return false;
    } else if (key == "bbox") {
      check_bbox(member, complaints_);
    }
  }
  if (type == GeoJsonType::kUnknown || type >= GeoJsonType::kFeature) {
    complaints_.file("annotation/geojson-type", Severity::kError,
                     "A geometry has no type that is known; the object is left out.", nullptr,
                     has_type ? "/type" : "",
                     "Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon or "
                     "GeometryCollection",
                     has_type ? (type_name.empty() ? "\"" + std::string(name) + "\"" : type_name) : "no member \"type\"", "name the geometry's type");
    return false;
  }
  if (!has_coordinates) {
    complaints_.file("annotation/geojson-geometry", Severity::kError,
                     "A geometry has no coordinates; the object is left out.", nullptr, {},
                     type == GeoJsonType::kGeometryCollection ? "a member \"geometries\""
                                                              : "a member \"coordinates\"",
                     "none", "add it, or write null for the geometry");
    return false;
  }
  if (!deferred) return true;
  bool any = false;
  ondemand::value member;
  if (auto error = object.reset().get(any)) return complaints_.syntax(error, nullptr), false;
  if (auto error = object.find_field_unordered("coordinates").get(member)) {
    return complaints_.syntax(error, nullptr), false;
  }
  const GeoJsonComplaints::Step step(complaints_, "coordinates");
  return read_coordinates(type, member);
}

bool GeoJsonGeometry::read_inner(ondemand::value value) {
  inner_ = true;
  const bool good = read(value);
  inner_ = false;
  return good;
}

bool GeoJsonGeometry::not_coordinates(ondemand::value value, const char* expected, std::string more) {
  const char* at = value.raw_json_token().data();
  complaints_.file("annotation/geojson-coordinates", Severity::kError,
                   "Coordinates are not written as the geometry's type asks; the object is left out.", at,
                   std::move(more), expected, describe_json(value),
                   "nest the coordinates as RFC 7946 section 3.1 says");
  return false;
}

// Calls read(item, index) of each item of an array.
template <typename Read>
bool GeoJsonGeometry::each(ondemand::value value, const char* expected, Read read) {
  ondemand::array array;
  if (auto error = value.get_array().get(array)) {
    if (error != simdjson::INCORRECT_TYPE) return complaints_.syntax(error, nullptr), false;
    return not_coordinates(value, expected, {});
  }
  std::int64_t index = 0;
  for (auto result : array) {
    ondemand::value item;
    if (auto error = result.get(item)) return complaints_.syntax(error, nullptr), false;
    if (!read(item, index++)) return false;
  }
  return true;
}

bool GeoJsonGeometry::position(ondemand::value value, std::int64_t index, Position& out) {
  ondemand::array array;
  const auto place = [index](int component) {
    std::string text = index < 0 ? std::string() : "/" + std::to_string(index);
    return component < 0 ? text : text + "/" + std::to_string(component);
  };
  if (auto error = value.get_array().get(array)) {
    if (error != simdjson::INCORRECT_TYPE) return complaints_.syntax(error, nullptr), false;
    return not_coordinates(value, "a position: an array of 2 or 3 numbers", place(-1));
  }
  out = {};
  for (auto result : array) {
    ondemand::value item;
    double number = 0;
    if (auto error = result.get(item)) return complaints_.syntax(error, nullptr), false;
    if (item.get_double().get(number)) return not_coordinates(item, "a number", place(out.size));
    if (out.size == 0) out.x = number;
    else if (out.size == 1) out.y = number;
    else if (out.size == 2) out.z = number;
    ++out.size;
  }
  if (out.size < 2) {
    complaints_.file("annotation/geojson-coordinates", Severity::kError,
                     "A position has too few numbers; the object is left out.", nullptr, place(-1),
                     "2 or 3 numbers", out.size == 0 ? "none" : "1", "write x and y of each position");
    return false;
  }
  if (out.size >= 3 && std::isfinite(out.z)) {
    heights_ = heights_ ? std::pair(std::min(heights_->first, out.z), std::max(heights_->second, out.z))
                        : std::pair(out.z, out.z);
  }
  if (out.size > 3) {
    complaints_.file("annotation/geojson-coordinates", Severity::kInfo,
                     "A position has more than three numbers; the others are left out.", nullptr, place(-1),
                     "x, y and perhaps z", std::to_string(out.size) + " numbers",
                     "keep further values as properties");
  }
  return true;
}

// Positions into one part. Rings: the first is repeated at the end.
bool GeoJsonGeometry::positions(ondemand::value value, PartKind kind) {
  LayerBuilder& builder = complaints_.builder();
  const bool ring = kind != PartKind::kLine && kind != PartKind::kPoints;
  builder.part(ring && inner_ ? PartKind::kInner : kind);
  Position first, last;
  std::int64_t count = 0;
  const bool good = each(value, "an array of positions", [&](ondemand::value item, std::int64_t index) {
    if (!position(item, index, last)) return false;
    if (count++ == 0) first = last;
    builder.vertex(last.x, last.y);
    return true;
  });
  if (!good) return false;
  const bool same = first.x == last.x && first.y == last.y && first.z == last.z && first.size == last.size;
  if (ring && count > 1 && !same) {
    complaints_.file("annotation/geojson-ring-open", Severity::kWarning,
                     "A ring does not end where it begins; it is closed by a straight line.", nullptr, {},
                     "the first position again as the last one", "another position",
                     "repeat the first position at the end of the ring");
  }
  return true;
}

bool GeoJsonGeometry::polygon(ondemand::value value) {
  return each(value, "an array of rings", [&](ondemand::value ring, std::int64_t index) {
    const GeoJsonComplaints::Step step(complaints_, index);
    return positions(ring, index == 0 ? PartKind::kRing : PartKind::kHole);
  });
}

bool GeoJsonGeometry::read_coordinates(GeoJsonType type, ondemand::value value) {
  if (plain_ && plain_->claim(value.raw_json_token().data())) {
    return add_plain_parts(complaints_.builder(), type, *plain_, inner_, heights_);
  }
  switch (type) {
    case GeoJsonType::kPoint: {
      Position point;
      if (!position(value, -1, point)) return false;
      complaints_.builder().point(point.x, point.y);
      return true;
    }
    case GeoJsonType::kMultiPoint:
      return positions(value, PartKind::kPoints);
    case GeoJsonType::kLineString:
      return positions(value, PartKind::kLine);
    case GeoJsonType::kPolygon:
      return polygon(value);
    case GeoJsonType::kMultiLineString:
      return each(value, "an array of lines", [&](ondemand::value line, std::int64_t index) {
        const GeoJsonComplaints::Step step(complaints_, index);
        return positions(line, PartKind::kLine);
      });
    case GeoJsonType::kMultiPolygon:
      return each(value, "an array of polygons", [&](ondemand::value item, std::int64_t index) {
        const GeoJsonComplaints::Step step(complaints_, index);
        return polygon(item);
      });
    default:
      return true;  // Other types have none: told as members out of place.
  }
}

bool GeoJsonGeometry::read_geometries(ondemand::value value, int depth) {
  if (depth > kNestedCollections) {
    complaints_.file("annotation/geojson-nested-collection", Severity::kError,
                     "Geometry collections are nested too deeply; the object is left out.", nullptr, {},
                     "at most " + std::to_string(kNestedCollections) + " levels", "more",
                     "write the geometries in one collection");
    return false;
  }
  if (depth > 1) {
    complaints_.file("annotation/geojson-nested-collection", Severity::kInfo,
                     "A geometry collection is inside another.", nullptr, {}, "one collection",
                     "one inside another", "write the geometries in one collection (RFC 7946 section 3.1.8)");
  }
  return each(value, "an array of geometries", [&](ondemand::value item, std::int64_t index) {
    const GeoJsonComplaints::Step step(complaints_, index);
    ondemand::json_type kind;
    if (item.type().get(kind) || kind != ondemand::json_type::object) {
      complaints_.file("annotation/geojson-geometry", Severity::kError,
                       "A collection holds something else than geometries; the object is left out.", nullptr,
                       {}, "a geometry object", describe_json(item), "remove it from the collection");
      return false;
    }
    return read(item, depth);
  });
}

bool GeoJsonGeometry::read_plane(ondemand::value value) {
  ondemand::object plane;
  if (auto error = value.get_object().get(plane)) return error == simdjson::INCORRECT_TYPE;
  for (auto field : plane) {
    std::string_view key;
    ondemand::value member;
    double number = 0;
    if (auto error = field.unescaped_key().get(key)) return complaints_.syntax(error, nullptr), false;
    if (auto error = field.value().get(member)) return complaints_.syntax(error, nullptr), false;
    if (member.get_double().get(number)) continue;
    if (key == "z") slice_ = number;
    if (key == "t") frame_ = number;
    // -1: all channels.
    if (key == "c" && number >= 0) complaints_.builder().number("plane.c", number);
  }
  return true;
}

void GeoJsonGeometry::place_object() {
  LayerBuilder& builder = complaints_.builder();
  if (frame_) builder.frames(*frame_, *frame_);
  if (slice_) builder.slices(*slice_, *slice_);
  else if (heights_) builder.slices(heights_->first, heights_->second);
}

void GeoJsonGeometry::check_bbox(ondemand::value value, GeoJsonComplaints& complaints) {
  const auto tell = [&](std::string received) {
    complaints.file("annotation/geojson-bbox", Severity::kWarning, "A bounding box is not usable.", nullptr,
                    "/bbox", "an array of 4 or 6 numbers", std::move(received),
                    "write it as RFC 7946 section 5 says, or remove it");
  };
  ondemand::array array;
  if (value.get_array().get(array)) return tell(describe_json(value));
  int count = 0;
  for (auto result : array) {
    ondemand::value item;
    double number = 0;
    if (auto error = result.get(item)) return complaints.syntax(error, nullptr);
    if (item.get_double().get(number)) return tell(describe_json(item) + " in it");
    ++count;
  }
  if (count != 4 && count != 6) tell(std::to_string(count) + " numbers");
}

}  // namespace mifa::annotation
