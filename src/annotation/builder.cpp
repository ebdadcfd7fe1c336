#include "annotation/builder.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mifa::annotation {

namespace {

constexpr float kEverywhere = std::numeric_limits<float>::quiet_NaN();
// Coordinates from here on lose more than 1/128 as floats: the first vertex becomes the origin.
constexpr double kFar = 131072;

using Extent = std::optional<std::pair<double, double>>;

// Keeps an object's extent; the columns stay empty until one has any.
void keep(const Extent& extent, std::size_t object, Paged<float>& begins, Paged<float>& ends) {
  if (!extent && begins.empty()) return;
  begins.resize(object + 1, kEverywhere);
  ends.resize(object + 1, kEverywhere);
  if (!extent) return;
  begins[object] = static_cast<float>(std::min(extent->first, extent->second));
  ends[object] = static_cast<float>(std::max(extent->first, extent->second));
}

std::size_t least_vertices(PartKind kind) {
  switch (kind) {
    case PartKind::kPoints: return 1;
    case PartKind::kLine:
    case PartKind::kBox: return 2;
    case PartKind::kRing:
    case PartKind::kHole:
    case PartKind::kInner: return 3;
  }
  return 1;
}

Shape shape_of(PartKind kind) {
  switch (kind) {
    case PartKind::kPoints: return Shape::kPoint;
    case PartKind::kLine: return Shape::kLine;
    case PartKind::kBox: return Shape::kBox;
    case PartKind::kRing:
    case PartKind::kHole:
    case PartKind::kInner: return Shape::kPolygon;
  }
  return Shape::kNone;
}

std::string base_name(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

LayerBuilder::LayerBuilder(std::string file, LayerLimits limits)
    : layer_(std::make_unique<Layer>()), limits_(limits) {
  layer_->name = base_name(file);
  layer_->file = std::move(file);
  layer_->part_begin.push_back(0);
  layer_->vertex_begin.push_back(0);
}

std::unique_ptr<Layer> LayerBuilder::take() {
  if (open_) end();
  Layer& layer = *layer_;
  if (!has_kind_) {
    bool points = true, boxes = true, none = true;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const Shape shape = layer.shapes[i];
      points = points && (shape == Shape::kPoint || shape == Shape::kNone);
      boxes = boxes && (shape == Shape::kBox || shape == Shape::kNone);
      none = none && shape == Shape::kNone;
    }
    if (!layer.links.empty()) layer.kind = LayerKind::kTracks;
    else if (layer.size() == 0) layer.kind = LayerKind::kShapes;
    else if (none) layer.kind = LayerKind::kClassLabels;
    else if (points) layer.kind = LayerKind::kPoints;
    else if (boxes) layer.kind = LayerKind::kBoxes;
    else layer.kind = LayerKind::kShapes;
  }
  return std::move(layer_);
}

bool LayerBuilder::begin(std::uint32_t ordinal, std::uint32_t line) {
  if (open_) end();
  const bool full = static_cast<std::int64_t>(layer_->size()) >= limits_.objects ||
                    static_cast<std::int64_t>(layer_->vertices()) >= limits_.vertices;
  if (full) {
    if (!full_told_) {
      issue("annotation/too-many-objects", Severity::kWarning,
            "The layer is full: objects from here on are not shown.", {}, static_cast<int>(line),
            "at most " + std::to_string(limits_.objects) + " objects with " +
                std::to_string(limits_.vertices) + " vertices",
            "more", "split the file, one a region or a kind of object");
    }
    full_told_ = true;
    return false;
  }
  open_ = true;
  part_open_ = ring_dropped_ = false;
  dropped_vertices_ = dropped_parts_ = 0;
  ordinal_ = ordinal;
  line_ = line;
  category_ = -1;
  first_part_ = layer_->parts();
  frames_.reset();
  slices_.reset();
  return true;
}

void LayerBuilder::part(PartKind kind) {
  if (!open_) return;
  close_part();
  layer_->part_kind.push_back(kind);
  part_open_ = true;
}

void LayerBuilder::vertex(double x, double y) {
  if (!open_ || !part_open_) return;
  Layer& layer = *layer_;
  // Beyond a float's range a coordinate would become infinite.
  if (!(std::abs(x) < 1e30 && std::abs(y) < 1e30)) {
    ++dropped_vertices_;
    return;
  }
  if (static_cast<std::int64_t>(layer.vertices()) >= limits_.vertices) return;
  if (!has_origin_) {
    has_origin_ = true;
    if (std::abs(x) >= kFar || std::abs(y) >= kFar) layer.origin = {std::floor(x), std::floor(y)};
  }
  layer.xy.push_back(static_cast<float>(x - layer.origin[0]));
  layer.xy.push_back(static_cast<float>(y - layer.origin[1]));
}

void LayerBuilder::vertices(const double* numbers, std::size_t count, std::size_t size) {
  if (count == 0) return;
  vertex(numbers[0], numbers[1]);  // which settles the origin
  Layer& layer = *layer_;
  const double* const end = numbers + count * size;
  const bool plain = open_ && part_open_ &&
                     static_cast<std::int64_t>(layer.vertices() + count) <= limits_.vertices &&
                     [&] {
                       for (const double* at = numbers; at < end; at += size) {
                         if (!(std::abs(at[0]) < 1e30 && std::abs(at[1]) < 1e30)) return false;
                       }
                       return true;
                     }();
  for (const double* at = numbers + size; at < end; at += size) {
    if (!plain) {
      vertex(at[0], at[1]);
      continue;
    }
    layer.xy.push_back(static_cast<float>(at[0] - layer.origin[0]));
    layer.xy.push_back(static_cast<float>(at[1] - layer.origin[1]));
  }
}

void LayerBuilder::box(double x0, double y0, double x1, double y1) {
  part(PartKind::kBox);
  vertex(std::min(x0, x1), std::min(y0, y1));
  vertex(std::max(x0, x1), std::max(y0, y1));
}

void LayerBuilder::point(double x, double y) {
  part(PartKind::kPoints);
  vertex(x, y);
}

void LayerBuilder::frames(double first, double last) {
  if (open_ && std::isfinite(first) && std::isfinite(last)) frames_ = {first, last};
}

void LayerBuilder::slices(double first, double last) {
  if (open_ && std::isfinite(first) && std::isfinite(last)) slices_ = {first, last};
}

void LayerBuilder::category(std::string_view name) {
  if (!open_ || name.empty()) return;
  const auto found = categories_.find(name);
  category_ = found != categories_.end() ? found->second : define_category(std::string(name));
}

void LayerBuilder::category(int index) {
  if (!open_ || index < 0 || static_cast<std::size_t>(index) >= layer_->categories.size()) return;
  category_ = index;
}

void LayerBuilder::number(std::string_view name, double value) {
  if (!open_ || std::isnan(value)) return;
  if (Column* found = column(name, ColumnType::kNumber)) found->set_number(object(), value);
}

void LayerBuilder::integer(std::string_view name, std::int64_t value) {
  if (!open_) return;
  if (Column* found = column(name, ColumnType::kInteger)) found->set_integer(object(), value);
}

void LayerBuilder::text(std::string_view name, std::string_view value) {
  if (!open_) return;
  if (Column* found = column(name, ColumnType::kText)) found->set_text(object(), value);
}

void LayerBuilder::end() {
  if (!open_) return;
  close_part();
  Layer& layer = *layer_;
  const std::size_t index = object();
  layer.place_ordinal.push_back(ordinal_);
  layer.place_line.push_back(line_);
  tell_dropped();
  layer.shapes.push_back(shape_of_parts());
  layer.part_begin.push_back(static_cast<std::uint32_t>(layer.parts()));
  layer.category.push_back(category_);
  if (category_ >= 0) ++layer.categories[static_cast<std::size_t>(category_)].count;
  keep(frames_, index, layer.t_begin, layer.t_end);
  keep(slices_, index, layer.z_begin, layer.z_end);
  open_ = false;
}

void LayerBuilder::abandon() {
  if (!open_) return;
  Layer& layer = *layer_;
  layer.part_kind.resize(first_part_);
  layer.vertex_begin.resize(first_part_ + 1);
  layer.xy.resize(std::size_t{2} * layer.vertex_begin.back());
  for (const auto& one : layer.columns) one->truncate(object());
  open_ = part_open_ = false;
}

// Ends the part begun, and drops it if it is degenerate.
void LayerBuilder::close_part() {
  if (!part_open_) return;
  part_open_ = false;
  Layer& layer = *layer_;
  const PartKind kind = layer.part_kind.back();
  const std::size_t begin = layer.vertex_begin.back();
  std::size_t end = layer.vertices();
  const bool ring = shape_of(kind) == Shape::kPolygon;
  // "Not repeated at the end."
  while (ring && end - begin > 1 && layer.xy[2 * begin] == layer.xy[2 * (end - 1)] &&
         layer.xy[2 * begin + 1] == layer.xy[2 * (end - 1) + 1]) {
    --end;
  }
  const bool orphan = kind == PartKind::kHole && ring_dropped_;
  const bool dropped = orphan || end - begin < least_vertices(kind);
  if (kind != PartKind::kHole) ring_dropped_ = dropped && kind == PartKind::kRing;
  if (dropped) {
    ++dropped_parts_;
    layer.part_kind.resize(layer.parts() - 1);
    layer.xy.resize(2 * begin);
    return;
  }
  layer.xy.resize(2 * end);
  layer.vertex_begin.push_back(static_cast<std::uint32_t>(end));
}

void LayerBuilder::tell_dropped() {
  if (dropped_vertices_ + dropped_parts_ == 0) return;
  const std::string place = layer_->pointer(object());
  if (dropped_vertices_ > 0) {
    issue("annotation/coordinate-not-finite", Severity::kError,
          "An object has coordinates that are no finite numbers; they are left out.", place,
          static_cast<int>(line_), "finite numbers below 1e30",
          std::to_string(dropped_vertices_) + " vertices with others",
          "write every coordinate as a number");
  }
  // A part whose vertices were left out has too few for that reason.
  if (dropped_parts_ > 0 && dropped_vertices_ == 0) {
    issue("annotation/degenerate-shape", Severity::kWarning,
          "An object has parts with too few vertices to be a shape; they are left out.", place,
          static_cast<int>(line_), "3 or more different vertices in a ring, 2 or more in a line",
          std::to_string(dropped_parts_) + (dropped_parts_ == 1 ? " part" : " parts") + " with fewer",
          "remove the part, or give it all of its vertices");
  }
}

Shape LayerBuilder::shape_of_parts() const {
  Shape shape = Shape::kNone;
  for (std::size_t i = first_part_; i < layer_->parts(); ++i) {
    const Shape next = shape_of(layer_->part_kind[i]);
    if (shape != Shape::kNone && shape != next) return Shape::kMixed;
    shape = next;
  }
  return shape;
}

int LayerBuilder::define_category(std::string name, std::string id, std::optional<Color> color) {
  auto& categories = layer_->categories;
  if (const auto found = categories_.find(name); found != categories_.end()) {
    Category& known = categories[static_cast<std::size_t>(found->second)];
    if (id.empty() || known.id.empty() || known.id == id) {
      if (!id.empty()) {
        known.id = id;
        category_ids_.emplace(std::move(id), found->second);
      }
      if (!known.color) known.color = color;
      return found->second;
    }
    if (const auto same = category_ids_.find(id); same != category_ids_.end()) return same->second;
  }
  if (static_cast<std::int64_t>(categories.size()) >= limits_.categories) {
    if (!categories_told_) {
      issue("annotation/too-many-categories", Severity::kWarning,
            "There are too many categories; objects of later ones are shown without.", {}, 0,
            "at most " + std::to_string(limits_.categories) + " categories", "more",
            "choose another column or property as the category: this one names single objects");
    }
    categories_told_ = true;
    return -1;
  }
  const int index = static_cast<int>(categories.size());
  categories_.emplace(name, index);
  if (!id.empty()) category_ids_.emplace(id, index);
  categories.push_back({std::move(name), std::move(id), color, 0});
  return index;
}

std::optional<int> LayerBuilder::category_named(std::string_view name) const {
  const auto found = categories_.find(name);
  return found == categories_.end() ? std::nullopt : std::optional<int>(found->second);
}

std::optional<int> LayerBuilder::category_with_id(std::string_view id) const {
  const auto found = category_ids_.find(id);
  return found == category_ids_.end() ? std::nullopt : std::optional<int>(found->second);
}

Column* LayerBuilder::column(std::string_view name, ColumnType type, Role role) {
  const auto give_role = [&](Column* column) {
    if (role != Role::kNone && column->role == Role::kNone && !layer_->with_role(role)) {
      column->role = role;
    }
    return column;
  };
  // Objects have their properties in the same order, mostly: the next column is looked at first.
  auto& columns = layer_->columns;
  if (next_column_ >= columns.size()) next_column_ = 0;
  if (next_column_ < columns.size() && columns[next_column_]->name() == name) {
    return give_role(columns[next_column_++].get());
  }
  if (const auto found = columns_.find(name); found != columns_.end()) {
    next_column_ = found->second + 1;
    return give_role(columns[found->second].get());
  }
  if (static_cast<std::int64_t>(columns.size()) >= limits_.columns) {
    if (!columns_told_) {
      issue("annotation/too-many-properties", Severity::kWarning,
            "Objects have too many different properties; later ones are left out.", {},
            static_cast<int>(open_ ? line_ : 0),
            "at most " + std::to_string(limits_.columns) + " names of properties",
            "another: " + std::string(name.substr(0, 80)),
            "move values that few objects have to a file of their own");
    }
    columns_told_ = true;
    return nullptr;
  }
  columns_.emplace(name, columns.size());
  columns.push_back(std::make_unique<Column>(std::string(name), type));
  return give_role(columns.back().get());
}

void LayerBuilder::link(std::uint32_t from, std::uint32_t to) { layer_->links.push_back({from, to}); }

void LayerBuilder::set_kind(LayerKind kind) {
  layer_->kind = kind;
  has_kind_ = true;
}

void LayerBuilder::issue(Issue issue) {
  if (++layer_->issue_counts[issue.rule] > limits_.issues_per_rule) {
    ++layer_->issues_untold;
    return;
  }
  if (issue.file.empty()) issue.file = layer_->file;
  layer_->issues.push_back(std::move(issue));
}

void LayerBuilder::issue(const char* rule, Severity severity, std::string message, std::string pointer,
                         int line, std::string expected, std::string received, std::string fix) {
  Issue told;
  told.rule = rule;
  told.severity = severity;
  told.message = std::move(message);
  told.pointer = std::move(pointer);
  told.line = line;
  told.expected = std::move(expected);
  told.received = std::move(received);
  told.fix = std::move(fix);
  issue(std::move(told));
}

}  // namespace mifa::annotation
