// Fills a Layer. Readers call begin(), parts and properties, end(); what is wrong is filed as issues
// and the object is left out or mended, never thrown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "annotation/layer.h"

namespace mifa::annotation {

class LayerBuilder {
 public:
  explicit LayerBuilder(std::string file, LayerLimits limits = {});

  Layer& layer() { return *layer_; }
  const LayerLimits& limits() const { return limits_; }
  // Ends building: derives `kind` if no reader called set_kind(), shapes and counts.
  std::unique_ptr<Layer> take();

  // Starts an object; false (and nothing is kept until end()) when the layer is full. `ordinal`: its
  // number in the file, `line`: 1-based or 0.
  bool begin(std::uint32_t ordinal, std::uint32_t line = 0);
  void part(PartKind kind);         // Starts a part of the object.
  void vertex(double x, double y);  // Of the part. Not finite: dropped, and end() files one issue.
  // `count` of them, each the first two of `size` numbers.
  void vertices(const double* numbers, std::size_t count, std::size_t size);
  void box(double x0, double y0, double x1, double y1);  // A whole kBox part, corners in any order.
  void point(double x, double y);                        // A whole kPoints part.
  // First and last frame or slice of the object, both included.
  void frames(double first, double last);
  void slices(double first, double last);
  // Category by its name (made when new). `id`: as the file has it.
  void category(std::string_view name);
  void category(int index);
  // Properties of the object. Names are the file's; nested ones joined by a dot.
  void number(std::string_view column, double value);
  void integer(std::string_view column, std::int64_t value);
  void text(std::string_view column, std::string_view value);
  // Ends the object. Degenerate parts (a ring of < 3 vertices, a line of < 2) are dropped with an
  // issue; an object whose parts were all dropped is kept as Shape::kNone, so that nothing is lost.
  void end();
  // Forgets the object begun: it is told by an issue of the caller's.
  void abandon();

  // Makes a category known before objects use it; returns its index.
  int define_category(std::string name, std::string id = {}, std::optional<Color> color = {});
  std::optional<int> category_named(std::string_view name) const;
  std::optional<int> category_with_id(std::string_view id) const;
  // The column, made when new. Null beyond LayerLimits::columns (told once).
  Column* column(std::string_view name, ColumnType type, Role role = Role::kNone);
  void link(std::uint32_t from, std::uint32_t to);
  void set_kind(LayerKind kind);

  // Files an issue; more than LayerLimits::issues_per_rule of one rule are only counted.
  void issue(Issue issue);
  // The same, short: `place` is a pointer ("/features/3") or empty.
  void issue(const char* rule, Severity severity, std::string message, std::string pointer, int line,
             std::string expected, std::string received, std::string fix);

 private:
  template <typename Value>
  using Named = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

  std::size_t object() const { return layer_->shapes.size(); }  // of the one being built
  void close_part();
  void tell_dropped();
  Shape shape_of_parts() const;

  std::unique_ptr<Layer> layer_;
  LayerLimits limits_;
  bool open_ = false;
  bool part_open_ = false;
  bool ring_dropped_ = false;  // so are its holes
  bool full_told_ = false;
  bool columns_told_ = false;
  bool categories_told_ = false;
  bool has_kind_ = false;
  bool has_origin_ = false;
  std::uint32_t dropped_vertices_ = 0, dropped_parts_ = 0;
  std::uint32_t ordinal_ = 0, line_ = 0;
  std::int32_t category_ = -1;
  std::size_t first_part_ = 0;
  std::optional<std::pair<double, double>> frames_, slices_;
  Named<int> categories_, category_ids_;
  Named<std::size_t> columns_;  // places in Layer::columns
  std::size_t next_column_ = 0;
};

}  // namespace mifa::annotation
