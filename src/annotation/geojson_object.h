// One Feature or geometry of a GeoJSON file, read into an object of a LayerBuilder. Only geojson*.cpp
// include this.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/builder.h"
#include "annotation/geojson_coordinates.h"

namespace mifa::annotation {

namespace ondemand = simdjson::ondemand;

// How a value is called in a message: `the string "abc"`, `an array`, `nothing`.
std::string describe_json(ondemand::value value);

// Where a text stands in its file.
struct GeoJsonPlace {
  std::string_view text;   // of the whole item
  std::string_view array;  // pointer of the array it is in ("/features/"), or empty
  std::uint32_t ordinal = 0;
  std::uint32_t line = 0;

  std::string pointer() const { return array.empty() ? std::string() : std::string(array) + std::to_string(ordinal); }
};

// Files issues about one item, with pointer and line, whatever it is nested in.
class GeoJsonComplaints {
 public:
  // `trial`: nothing is filed, only failed() turns true.
  GeoJsonComplaints(LayerBuilder& builder, const GeoJsonPlace& place, bool trial)
      : builder_(builder), place_(place), trial_(trial) {}

  // A step down into the item, taken back by its end.
  class Step {
   public:
    Step(GeoJsonComplaints& complaints, std::string_view name) : path_(complaints.path_), size_(path_.size()) {
      path_ += '/';
      path_ += name;
    }
    Step(GeoJsonComplaints& complaints, std::int64_t index)
        : Step(complaints, std::string_view(std::to_string(index))) {}
    ~Step() { path_.resize(size_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    std::string& path_;
    std::size_t size_;
  };

  // `more`: further steps, as pointer text. `at`: where in the item's text, for the line; or null.
  void file(const char* rule, Severity severity, std::string message, const char* at, std::string more,
            std::string expected, std::string received, std::string fix);
  // A simdjson error: the item is not JSON.
  void syntax(simdjson::error_code error, const char* at);
  bool syntax_told() const { return syntax_told_; }
  // Something would have been filed.
  bool failed() const { return failed_; }
  LayerBuilder& builder() { return builder_; }

 private:
  LayerBuilder& builder_;
  const GeoJsonPlace& place_;
  std::string path_;
  bool syntax_told_ = false;
  bool trial_ = false;
  bool failed_ = false;
};

// Reads geometries into parts of the builder's open object. Functions are false when the object
// cannot be read; that is told.
class GeoJsonGeometry {
 public:
  // `plain`: coordinates that were read ahead, or null.
  GeoJsonGeometry(GeoJsonComplaints& complaints, PlainCoordinates* plain)
      : complaints_(complaints), plain_(plain) {}

  // A geometry object, or null.
  bool read(ondemand::value value, int depth = 0);
  // QuPath's nucleusGeometry: rings become kInner.
  bool read_inner(ondemand::value value);
  bool read_coordinates(GeoJsonType type, ondemand::value value);
  bool read_geometries(ondemand::value value, int depth);
  bool read_plane(ondemand::value value);
  // Tells the builder of frames and slices.
  void place_object();
  void set_frame(double frame) { if (!frame_) frame_ = frame; }
  void set_slice(double slice) { if (!slice_) slice_ = slice; }
  // A bbox member of any object.
  static void check_bbox(ondemand::value value, GeoJsonComplaints& complaints);
  // The type by its name; a name in other case is taken and told.
  static GeoJsonType type_of(std::string_view name, GeoJsonComplaints& complaints);
  // The type by its exact name, or kUnknown.
  static GeoJsonType type_named(std::string_view name);

 private:
  struct Position {
    double x = 0, y = 0, z = 0;
    int size = 0;
  };
  bool position(ondemand::value value, std::int64_t index, Position& out);
  bool positions(ondemand::value value, PartKind kind);
  bool polygon(ondemand::value value);
  template <typename Read>
  bool each(ondemand::value value, const char* expected, Read read);
  bool not_coordinates(ondemand::value value, const char* expected, std::string more);

  GeoJsonComplaints& complaints_;
  PlainCoordinates* plain_;
  bool inner_ = false;
  std::optional<double> frame_, slice_;
  std::optional<std::pair<double, double>> heights_;  // of third coordinates
};

// Reads properties into columns, and the category out of them.
class GeoJsonProperties {
 public:
  GeoJsonProperties(GeoJsonComplaints& complaints, GeoJsonGeometry& geometry)
      : complaints_(complaints), geometry_(geometry) {}

  void read(ondemand::value value);
  void read_id(ondemand::value value);
  // Tells the builder of the category found.
  void categorize();
  // Whether a scalar of this name is a value in a column of that name, and nothing else.
  static bool is_only_value(std::string_view name);

 private:
  void flatten(ondemand::object object, const std::string& prefix, int depth);
  void member(std::string_view key, std::string_view name, ondemand::value value, int depth);
  void scalar(std::string_view name, ondemand::value value, int depth);
  void classification(ondemand::value value);
  void measurements(ondemand::value value);
  void measurement(std::string_view name, ondemand::value value);
  void not_a_number(ondemand::value value);
  bool check(simdjson::error_code error);

  GeoJsonComplaints& complaints_;
  GeoJsonGeometry& geometry_;
  int rank_ = 100;  // of the member that the category is taken from
  std::string category_;
  std::optional<Color> color_;
};

}  // namespace mifa::annotation
