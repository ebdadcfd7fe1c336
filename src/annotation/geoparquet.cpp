// The key "geo" of a Parquet file: geoparquet.org/releases/v1.1.0 (and v1.0.0).
#include <algorithm>

#include "annotation/parquet_footer.h"
#include "core/json.h"

namespace mifa::annotation {
namespace {

constexpr std::string_view kEncodings[] = {"WKB", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"};
constexpr std::string_view kGeometries[] = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"};

template <std::size_t N>
bool is_one_of(const std::string_view (&list)[N], std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

class GeoReader {
 public:
  GeoReader(const ParquetFooter& footer, std::string file, Issues& issues)
      : footer_(footer), file_(std::move(file)), issues_(issues) {}

  GeoParquetFacts read() {
    GeoParquetFacts facts;
    const auto text = footer_.properties.find("geo");
    if (text == footer_.properties.end()) return facts;
    facts.stated = true;
    const auto document = JsonDocument::parse(text->second, file_);
    if (!document || !document->is_object()) {
      Issue issue;
      issue.rule = "geoparquet/metadata";
      issue.message = "The metadata of the geometries is no JSON object.";
      issue.file = file_;
      issue.expected = "an object under the key \"geo\"";
      issue.received = document ? document->describe() : "no JSON";
      issue.fix = kFix;
      issues_.push_back(std::move(issue));
      return facts;
    }
    root_ = *document;
    if (!root_["version"].string()) tell(root_["version"], "The version of GeoParquet is not stated.", "a text \"version\", such as \"1.1.0\"");
    // Drafts before 1.0 had other members.
    if (root_["version"].string().value_or("").starts_with("0.")) return facts;
    const JsonView columns = root_["columns"];
    if (!columns.is_object() || columns.size() == 0) {
      tell(columns, "The geometry columns are not described.", "an object \"columns\"");
      return facts;
    }
    const auto primary = root_["primary_column"].string();
    if (!primary || !columns[*primary].exists()) {
      tell(root_["primary_column"], "The primary geometry column is not one of those that are described.", "the name of a described column");
    }
    for (const std::string& name : columns.keys()) read_column(name, columns[name]);
    if (primary) note(columns[*primary], facts);
    return facts;
  }

 private:
  static constexpr const char* kFix = "Write the file again with a current version of GeoPandas, GDAL or DuckDB.";

  void tell(const JsonView& place, std::string message, std::string expected) {
    Issue issue = (place.exists() ? place : root_).issue("geoparquet/metadata", Severity::kError, std::move(message));
    if (!place.exists()) issue.received = "nothing";
    // Lines of the JSON in the footer are nothing that anybody sees.
    issue.line = 0;
    issue.pointer = "/geo" + issue.pointer;
    issue.expected = std::move(expected);
    issue.fix = kFix;
    issues_.push_back(std::move(issue));
  }

  void read_column(const std::string& name, const JsonView& about) {
    const ParquetField* field = footer_.field(name);
    if (!field) return tell(about, "A geometry column is described that the table does not have.", "the name of a column");
    const auto encoding = about["encoding"].string();
    if (!encoding || !is_one_of(kEncodings, *encoding)) {
      return tell(about["encoding"], "The encoding of the geometries is not a known one.", "WKB, point, linestring, polygon, multipoint, multilinestring or multipolygon");
    }
    const bool bytes = field->type == ParquetField::Type::kBytes;
    const bool nested = field->type == ParquetField::Type::kGroup;
    if (field->repeated || (*encoding == "WKB" ? !bytes : !nested)) {
      tell(about["encoding"], "The column of geometries is not stored as its encoding asks.",
           *encoding == "WKB" ? "a column of bytes" : "a column of coordinates");
    }
    read_types(about["geometry_types"]);
    const JsonView crs = about["crs"];
    if (crs.exists() && !crs.is_null() && !crs.is_object()) tell(crs, "The coordinate reference system is not given as PROJJSON.", "an object, or null");
    const JsonView edges = about["edges"], orientation = about["orientation"];
    if (edges.exists() && edges.string() != "planar" && edges.string() != "spherical") tell(edges, "The edges are of no known kind.", "\"planar\" or \"spherical\"");
    if (orientation.exists() && orientation.string() != "counterclockwise") tell(orientation, "The orientation of rings is not a known one.", "\"counterclockwise\"");
    read_box(about["bbox"]);
    read_covering(about["covering"]);
  }

  void read_types(const JsonView& types) {
    if (!types.is_array()) return tell(types, "The types of the geometries are not listed.", "a list \"geometry_types\", which may be empty");
    for (std::int64_t i = 0; i < types.size(); ++i) {
      std::string name = types[i].string().value_or("");
      for (const std::string_view end : {" ZM", " Z", " M"}) {
        if (name.ends_with(end)) name.resize(name.size() - end.size());
      }
      if (!is_one_of(kGeometries, name)) return tell(types[i], "A type of geometries is not a known one.", "\"Polygon\", \"Point Z\" and the like");
    }
  }

  void read_box(const JsonView& box) {
    if (!box.exists()) return;
    bool numbers = box.is_array() && (box.size() == 4 || box.size() == 6 || box.size() == 8);
    for (std::int64_t i = 0; i < box.size() && numbers; ++i) numbers = box[i].is_number();
    if (!numbers) tell(box, "The bounding box is not one.", "four or six numbers");
  }

  void read_covering(const JsonView& covering) {
    if (!covering.exists()) return;
    for (const char* side : {"xmin", "ymin", "xmax", "ymax"}) {
      const JsonView path = covering["bbox"][side];
      const auto column = path[0].string();
      const ParquetField* field = column ? footer_.field(*column) : nullptr;
      const auto member = path[1].string();
      const bool known = field && member && std::find(field->members.begin(), field->members.end(), *member) != field->members.end();
      if (known) continue;
      return tell(path.exists() ? path : covering, "The column of bounding boxes that is named is not there.", "the names of a column and of its member");
    }
  }

  void note(const JsonView& about, GeoParquetFacts& facts) const {
    for (std::int64_t i = 0; i < about["geometry_types"].size(); ++i) facts.types.push_back(about["geometry_types"][i].string().value_or(""));
    const JsonView box = about["bbox"];
    const std::int64_t half = box.size() / 2;
    if (half >= 2 && box[0].number() && box[1].number() && box[half].number() && box[half + 1].number()) {
      facts.box = {*box[0].number(), *box[1].number(), *box[half].number(), *box[half + 1].number()};
    }
    facts.on_earth = !about["crs"].exists() || about["crs"].is_object();
  }

  const ParquetFooter& footer_;
  const std::string file_;
  Issues& issues_;
  JsonView root_;
};

}  // namespace

GeoParquetFacts check_geoparquet(const ParquetFooter& footer, const std::string& file, Issues& issues) {
  return GeoReader(footer, file, issues).read();
}

}  // namespace mifa::annotation
