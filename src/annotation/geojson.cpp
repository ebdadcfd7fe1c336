#include "annotation/geojson.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "annotation/geojson_form.h"
#include "annotation/geojson_object.h"
#include "annotation/json_items.h"

namespace mifa::annotation {

namespace {

// Members of GeoJSON objects, each once and each in its place.
enum Member : unsigned {
  kType = 1,
  kCoordinates = 2,
  kGeometries = 4,
  kGeometry = 8,
  kProperties = 16,
  kId = 32,
  kFeatures = 64,
  kBbox = 128,
  kCrs = 256,
};
constexpr std::pair<std::string_view, Member> kMembers[] = {
    {"type", kType},         {"coordinates", kCoordinates}, {"geometries", kGeometries},
    {"geometry", kGeometry}, {"properties", kProperties},   {"id", kId},
    {"features", kFeatures}, {"bbox", kBbox},               {"crs", kCrs}};

unsigned out_of_place(GeoJsonType type) {
  // RFC 7946 section 7.1.
  if (type == GeoJsonType::kFeatureCollection) return kCoordinates | kGeometries | kGeometry | kProperties;
  if (type == GeoJsonType::kFeature) return kCoordinates | kGeometries | kFeatures;
  return kGeometry | kProperties | kFeatures;
}

std::string names_of(unsigned members) {
  std::string names;
  for (const auto& [name, member] : kMembers) {
    if (members & member) names += (names.empty() ? "\"" : ", \"") + std::string(name) + "\"";
  }
  return names;
}

// One object of the file, from its opening brace to its closing one.
class Item {
 public:
  // `plain`: the text's coordinates, read ahead. Then it is a trial, in which nothing is filed.
  Item(LayerBuilder& builder, ondemand::parser& parser, const GeoJsonPlace& place, std::string_view streamed,
       PlainCoordinates* plain)
      : builder_(builder),
        parser_(parser),
        place_(place),
        streamed_(streamed),
        plain_(plain),
        complaints_(builder, place, plain != nullptr),
        geometry_(complaints_, plain),
        properties_(complaints_, geometry_) {}

  // Precondition: the builder's object is begun; it is ended or abandoned. Nothing: the trial has
  // failed, and the object is to be read with all of its text.
  std::optional<JsonVerdict> read() {
    ondemand::document document;
    ondemand::object object;
    const std::string_view text = plain_ ? plain_->rest() : place_.text;
    auto error = parser_.iterate(text.data(), text.size(), text.size() + JsonItems::kSpareBytes).get(document);
    if (!error) error = document.get_object().get(object);
    bool good = false;
    if (error) {
      complaints_.syntax(error, nullptr);
    } else {
      good = members(object) && finish(object);
    }
    if (stream_) {
      builder_.abandon();
      return JsonVerdict::kStream;
    }
    if (plain_ && (complaints_.failed() || !good || !plain_->claimed())) {
      builder_.abandon();
      return std::nullopt;
    }
    if (complaints_.syntax_told() || !good || collection_) builder_.abandon();
    else builder_.end();
    return complaints_.syntax_told() ? JsonVerdict::kBroken : JsonVerdict::kGood;
  }

 private:
  bool members(ondemand::object& object) {
    for (auto field : object) {
      std::string_view key;
      ondemand::value value;
      if (auto error = field.unescaped_key().get(key)) return complaints_.syntax(error, nullptr), false;
      if (auto error = field.value().get(value)) return complaints_.syntax(error, nullptr), false;
      if (!member(key, value)) return false;
      if (complaints_.syntax_told()) return false;
    }
    return true;
  }

  bool member(std::string_view key, ondemand::value value) {
    for (const auto& [name, bit] : kMembers) {
      if (key != name) continue;
      if (seen_ & bit) {
        complaints_.file("annotation/geojson-duplicate-member", Severity::kError,
                         "An object has a member twice; which one counts is not defined.", nullptr,
                         "/" + std::string(name), "each member once", "\"" + std::string(name) + "\" twice",
                         "remove one of them");
        if (bit != kType) return true;
      }
      seen_ |= bit;
      return known(bit, key, value);
    }
    if (key == "nucleusGeometry") {
      const GeoJsonComplaints::Step step(complaints_, key);
      return geometry_.read_inner(value);
    }
    if (key == "plane") return geometry_.read_plane(value);
    return true;
  }

  bool known(Member bit, std::string_view key, ondemand::value value) {
    std::optional<GeoJsonComplaints::Step> step;
    if (bit & (kCoordinates | kGeometries | kGeometry)) step.emplace(complaints_, key);
    switch (bit) {
      case kType: return read_type(value);
      case kCoordinates:
        if (type_ == GeoJsonType::kUnknown) return deferred_ = true;
        if (type_ >= GeoJsonType::kGeometryCollection) return true;
        return geometry_.read_coordinates(type_, value);
      case kGeometries:
        if (streamed_ == key) return true;
        if (type_ >= GeoJsonType::kFeature) return true;
        return geometry_.read_geometries(value, place_.array == "/geometries/" ? 2 : 1);
      case kGeometry:
        if (type_ != GeoJsonType::kFeature && type_ != GeoJsonType::kUnknown) return true;
        return geometry_.read(value);
      case kProperties:
        if (type_ == GeoJsonType::kFeature || type_ == GeoJsonType::kUnknown) properties_.read(value);
        return true;
      case kId:
        if (type_ != GeoJsonType::kFeatureCollection) properties_.read_id(value);
        return true;
      case kFeatures: return features(value);
      case kBbox: GeoJsonGeometry::check_bbox(value, complaints_); return true;
      case kCrs: return crs(value);
    }
    return true;
  }

  bool read_type(ondemand::value value) {
    std::string_view name;
    if (value.get_string().get(name)) {
      type_text_ = describe_json(value);
    } else {
      type_ = GeoJsonGeometry::type_of(name, complaints_);
      type_name_ = name;
    }
    return true;
  }

  // For messages.
  std::string type_text() const {
    return type_text_.empty() ? "\"" + std::string(type_name_.substr(0, 60)) + "\"" : type_text_;
  }

  bool features(ondemand::value value) {
    // A collection inside another is told of when all of it is known.
    if (streamed_ == "features" || !place_.array.empty()) return true;
    ondemand::json_type kind;
    if (auto error = value.type().get(kind)) return complaints_.syntax(error, nullptr), false;
    if (kind == ondemand::json_type::array) {
      stream_ = true;
      return false;
    }
    complaints_.file("annotation/geojson-type", Severity::kError, "The features are no list.", nullptr,
                     "/features", "an array of features", describe_json(value), "write [feature, feature, …]");
    return true;
  }

  bool crs(ondemand::value value) {
    ondemand::json_type kind;
    if (auto error = value.type().get(kind)) return complaints_.syntax(error, nullptr), false;
    if (kind == ondemand::json_type::null) return true;
    std::string_view text;
    ondemand::object object;
    std::string received = describe_json(value);
    if (kind == ondemand::json_type::object && !value.get_object().get(object) && !object.raw_json().get(text)) {
      received = std::string(text.substr(0, 120));
    }
    complaints_.file("annotation/geojson-crs", Severity::kInfo,
                     "The file names a coordinate reference system, which RFC 7946 has no more; coordinates are "
                     "taken as pixels of the image.",
                     nullptr, "/crs", "no member \"crs\"", received,
                     "remove it, and set the layer's unit where coordinates are not pixels");
    return true;
  }

  // What can be told when all members are known.
  bool finish(ondemand::object& object) {
    collection_ = type_ == GeoJsonType::kFeatureCollection || !streamed_.empty();
    if (type_ == GeoJsonType::kUnknown) return no_type();
    if (const unsigned wrong = seen_ & out_of_place(type_)) {
      complaints_.file("annotation/geojson-member", Severity::kWarning,
                       "An object has members that its type gives another meaning to; they are left out.",
                       nullptr, {}, "no such members in " + type_text(), names_of(wrong),
                       "rename them: RFC 7946 section 7.1 forbids them here");
    }
    if (type_ == GeoJsonType::kFeatureCollection) return finish_collection();
    if (type_ == GeoJsonType::kGeometryCollection) {
      if (seen_ & kGeometries) return true;
      return missing("geometries", Severity::kError);
    }
    if (type_ == GeoJsonType::kFeature) {
      if (!(seen_ & kGeometry)) missing("geometry", Severity::kWarning);
      if (!(seen_ & kProperties)) missing("properties", Severity::kInfo);
    } else if (!(seen_ & kCoordinates)) {
      return missing("coordinates", Severity::kError);
    }
    if (deferred_ && type_ != GeoJsonType::kFeature) {
      bool any = false;
      ondemand::value value;
      if (auto error = object.reset().get(any)) return complaints_.syntax(error, nullptr), false;
      if (auto error = object.find_field_unordered("coordinates").get(value)) {
        return complaints_.syntax(error, nullptr), false;
      }
      const GeoJsonComplaints::Step step(complaints_, "coordinates");
      if (!geometry_.read_coordinates(type_, value)) return false;
    }
    geometry_.place_object();
    properties_.categorize();
    return true;
  }

  bool finish_collection() {
    if (!place_.array.empty()) {
      complaints_.file("annotation/geojson-type", Severity::kError,
                       "A FeatureCollection is inside another; it is left out.", nullptr, "/type", "\"Feature\"",
                       type_text(), "put its features into the outer one");
      return false;
    }
    if (seen_ & kFeatures) return true;
    return missing("features", Severity::kError);
  }

  bool no_type() {
    complaints_.file("annotation/geojson-type", Severity::kError,
                     collection_ ? "The file does not say of which type it is; its items are read."
                                 : "An object has no type that is known; it is left out.",
                     nullptr, seen_ & kType ? "/type" : "",
                     "Feature, FeatureCollection, Point, MultiPoint, LineString, MultiLineString, Polygon, "
                     "MultiPolygon or GeometryCollection",
                     seen_ & kType ? type_text() : "no member \"type\"", "name the type as RFC 7946 does");
    return false;
  }

  bool missing(const char* name, Severity severity) {
    complaints_.file("annotation/geojson-missing-member", severity,
                     severity == Severity::kError ? "An object lacks what its type needs; it is left out."
                                                  : "An object lacks a member that its type should have.",
                     nullptr, {}, "a member \"" + std::string(name) + "\" in " + type_text(), "none",
                     "add it; null where there is nothing");
    return false;
  }

  LayerBuilder& builder_;
  ondemand::parser& parser_;
  const GeoJsonPlace& place_;
  std::string_view streamed_;
  PlainCoordinates* plain_;
  GeoJsonComplaints complaints_;
  GeoJsonGeometry geometry_;
  GeoJsonProperties properties_;
  GeoJsonType type_ = GeoJsonType::kUnknown;
  std::string type_text_;       // of a type that is no text
  std::string_view type_name_;  // in the parser's memory
  unsigned seen_ = 0;
  bool deferred_ = false;
  bool stream_ = false;
  bool collection_ = false;
};

class GeoJsonReader final : public Reader, private JsonItemSink {
 public:
  GeoJsonReader(const ReadOptions& options, LayerBuilder& builder) : file_(options.file), builder_(builder) {}

  Status feed(std::string_view window) override {
    items_.feed(window);
    return Success{};
  }

  Status finish() override {
    items_.finish();
    if (items_.documents() == 0 && ordinal_ == 0 && !broken_) {
      builder_.issue("annotation/empty-file", Severity::kError, "The file is empty.", {}, 0,
                     "GeoJSON (RFC 7946)", "nothing", "write the annotations again");
    }
    return Success{};
  }

 private:
  void begin_array(std::string_view key) override {
    array_ = key.empty() ? "/" : "/" + std::string(key) + "/";
    // Of several documents a pointer would not say which: lines do.
    builder_.layer().pointer_before = items_.documents() == 0 ? array_ : std::string();
  }

  JsonVerdict item(const JsonItem& item) override {
    return read({item.text, array_, item.ordinal, item.line}, {});
  }

  std::size_t take_item(const JsonItem& item) override {
    const std::size_t length = forms_.read(builder_, item.text, item.ordinal, item.line);
    if (length > 0) ++ordinal_;
    return length;
  }

  JsonVerdict document(const JsonItem& item, std::string_view streamed) override {
    if (streamed.empty()) builder_.layer().pointer_before.clear();
    return read({item.text, {}, ordinal_, item.line}, streamed);
  }

  JsonVerdict read(const GeoJsonPlace& place, std::string_view streamed) {
    if (place.text.empty() || place.text[0] != '{') {
      builder_.issue("annotation/geojson-type", Severity::kError,
                     "There is something else in the place of an object; it is left out.", place.pointer(),
                     static_cast<int>(place.line), "a JSON object", std::string(place.text.substr(0, 40)),
                     "write a Feature or a geometry");
      return JsonVerdict::kGood;
    }
    ++ordinal_;
    // A full layer has told so.
    if (!builder_.begin(place.ordinal, place.line)) return JsonVerdict::kGood;
    if (plain_.take(place.text)) {
      if (const auto verdict = Item(builder_, parser_, place, streamed, &plain_).read()) {
        if (*verdict == JsonVerdict::kGood && !place.array.empty()) forms_.learn(place.text);
        return *verdict;
      }
      builder_.begin(place.ordinal, place.line);
    }
    return *Item(builder_, parser_, place, streamed, nullptr).read();
  }

  std::size_t next_beginning(std::string_view text, std::size_t from) const override {
    for (std::size_t at = from; (at = text.find("\"Feature\"", at)) != std::string_view::npos; ++at) {
      // Back over {"type": with any blanks.
      std::size_t back = at;
      const auto blanks = [&] {
        while (back > from && std::strchr(" \t\r\n", text[back - 1])) --back;
      };
      const auto take = [&](std::string_view token) {
        blanks();
        if (back < from + token.size() || text.substr(back - token.size(), token.size()) != token) return false;
        back -= token.size();
        return true;
      };
      if (take(":") && take("\"type\"") && take("{")) return back;
    }
    return std::string_view::npos;
  }

  void broken(std::uint32_t line, std::string expected, std::string received) override {
    broken_ = true;
    builder_.issue("annotation/geojson-syntax", Severity::kError, "The file is not JSON here.", {},
                   static_cast<int>(line), std::move(expected), std::move(received),
                   "write the file with a JSON library; a download may have been cut off");
  }

  std::string file_;
  LayerBuilder& builder_;
  JsonItems items_{*this};
  ondemand::parser parser_;
  PlainCoordinates plain_;
  GeoJsonForms forms_;
  std::string array_;  // pointer of the array whose items are read
  bool broken_ = false;
  std::uint32_t ordinal_ = 0;
};

}  // namespace

int sniff_geojson(const Head& head) {
  const std::string_view text = head.bytes;
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (at < text.size() && std::strchr(" \t\r\n\x1e", text[at])) ++at;
  const bool named = head.name.find(".geojson") != std::string::npos;
  if (at >= text.size() || (text[at] != '{' && text[at] != '[')) return 0;
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  if (has("\"FeatureCollection\"")) return 95;
  if (has("\"Feature\"")) return 90;
  const bool geometry = has("Point\"") || has("LineString\"") || has("Polygon\"") || has("GeometryCollection\"");
  if (geometry && (has("\"coordinates\"") || has("\"geometries\""))) return 85;
  return named ? 40 : 0;
}

std::unique_ptr<Reader> make_geojson_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<GeoJsonReader>(options, builder);
}

}  // namespace mifa::annotation
