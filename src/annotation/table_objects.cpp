#include "annotation/table_objects.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/json.h"

namespace mifa::annotation {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kEllipseVertices = 64;

Role role_of(Part part) {
  switch (part) {
    case Part::kId:
      return Role::kId;
    case Part::kScore:
      return Role::kScore;
    case Part::kTrack:
      return Role::kTrack;
    case Part::kParent:
      return Role::kParent;
    case Part::kInstance:
      return Role::kInstance;
    case Part::kImage:
      return Role::kImage;
    case Part::kSplit:
      return Role::kSplit;
    case Part::kCount:
      return Role::kCount;
    default:
      return Role::kNone;
  }
}

bool is_number(const Cell& cell) {
  return cell.value.kind == TextNumber::Kind::kInteger ||
         cell.value.kind == TextNumber::Kind::kNumber;
}

bool has_value(const Cell* cell) {
  return cell &&
         (is_number(*cell) || (cell->value.kind == TextNumber::Kind::kText && !cell->text.empty()));
}

}  // namespace

void TableObjects::start(TableScheme scheme,
                         const std::function<bool(std::size_t column)>& is_property) {
  scheme_ = std::move(scheme);
  Layer& layer = builder_.layer();
  layer.space = scheme_.space;
  // Of leading axes the slowest is time, the one next to y is depth; a single one is what the image
  // has.
  if (const auto& axes = scheme_.leading_axes; axes.size() == 1 && !scheme_.has(Part::kFrame) &&
                                               options_.image.frames > 1 &&
                                               options_.image.depth <= 1) {
    frame_axis_ = axes[0];
  } else if (!axes.empty()) {
    slice_axis_ = axes.back();
    if (axes.size() > 1) frame_axis_ = axes.front();
  }
  if (frame_axis_ >= 0 && !scheme_.has(Part::kFrame)) scheme_.set(Part::kFrame, frame_axis_);
  if (slice_axis_ >= 0 && !scheme_.has(Part::kZ)) scheme_.set(Part::kZ, slice_axis_);

  for (std::size_t i = 0; i < scheme_.columns.size(); ++i) {
    const ColumnHeader& header = scheme_.columns[i];
    layer.table_columns.push_back(header.name);
    const int index = static_cast<int>(i);
    Role role = Role::kNone;
    for (std::size_t part = 0; part < kParts; ++part) {
      if (scheme_.parts[part] != index) continue;
      layer.mapping.emplace_back(part_name(static_cast<Part>(part)), header.name);
      if (role == Role::kNone) role = role_of(static_cast<Part>(part));
    }
    const bool shown = !scheme_.is_consumed(index) && (!is_property || is_property(i));
    columns_.push_back(shown ? builder_.column(header.name, ColumnType::kInteger, role) : nullptr);
    if (columns_.back()) columns_.back()->unit = header.unit;
  }
}

const Cell* TableObjects::cell(std::span<const Cell> cells, Part part) const {
  const int column = scheme_.part(part);
  if (column < 0 || static_cast<std::size_t>(column) >= cells.size()) return nullptr;
  return &cells[static_cast<std::size_t>(column)];
}

std::string_view TableObjects::text(std::span<const Cell> cells, Part part) const {
  const Cell* found = cell(cells, part);
  if (!has_value(found)) return {};
  if (!found->text.empty()) return stripped(found->text);
  text_ = found->value.kind == TextNumber::Kind::kInteger ? std::to_string(found->value.integer)
                                                          : number_text(found->value.number);
  return text_;
}

double TableObjects::number(std::span<const Cell> cells, Part part) {
  const Cell* found = cell(cells, part);
  if (found && is_number(*found)) return found->value.number;
  if (!scheme_.has(part)) return kNone;
  const std::string& name = scheme_.columns[static_cast<std::size_t>(scheme_.part(part))].name;
  Issue issue;
  issue.rule = has_value(found) ? "table/not-a-number" : "table/missing-value";
  issue.severity = has_value(found) ? Severity::kError : Severity::kWarning;
  issue.message = "The column \"" + name + "\" has no number in row " + std::to_string(row_) +
                  ": the row is listed, not drawn.";
  issue.line = static_cast<int>(line_);
  issue.row = row_;
  issue.expected = "a number";
  issue.received =
      has_value(found) ? "\"" + std::string(found->text.substr(0, 80)) + "\"" : "nothing";
  issue.fix =
      "Write the number, or choose another column for \"" + std::string(part_name(part)) + "\".";
  builder_.issue(std::move(issue));
  return kNone;
}

std::string_view TableObjects::key(std::span<const Cell> cells, Part part) {
  const Cell* found = cell(cells, part);
  if (!has_value(found)) return {};
  if (found->value.kind == TextNumber::Kind::kText) return stripped(found->text);
  // pandas writes whole numbers beside missing ones with a fraction.
  const double value = found->value.number;
  key_ = found->value.kind == TextNumber::Kind::kInteger ? std::to_string(found->value.integer)
                                                         : number_text(value);
  return key_;
}

TableObjects::Image TableObjects::image_of(std::span<const Cell> cells) {
  if (!scheme_.has(Part::kImage)) return Image::kHere;
  const std::string_view name = text(cells, Part::kImage);
  const bool again = !images_.empty() && name == last_image_;
  if (!again) {
    auto found = images_.find(name);
    if (found == images_.end()) {
      const auto limit = static_cast<std::size_t>(options_.limits.image_names);
      Layer& layer = builder_.layer();
      if (!name.empty() && layer.images.size() < limit) layer.images.emplace_back(name);
      const bool open = names_.unknown() || name.empty() || names_.match(name);
      if (images_.size() > limit) {
        last_image_ = name;
        return last_verdict_ = open ? Image::kHere : Image::kElsewhere;
      }
      found = images_.emplace(std::string(name), open).first;
    }
    last_image_ = name;
    last_verdict_ =
        found->second ? Image::kHere : (images_.size() == 1 ? Image::kPerhaps : Image::kElsewhere);
  }
  return last_verdict_;
}

void TableObjects::hold(std::span<const Cell> cells, std::uint32_t ordinal, std::uint32_t line) {
  HeldRow& row = held_.emplace_back();
  row.cells.assign(cells.begin(), cells.end());
  for (const Cell& one : cells) row.texts.emplace_back(one.text);
  row.ordinal = ordinal;
  row.line = line;
}

void TableObjects::row(std::span<const Cell> cells, std::uint32_t ordinal, std::uint32_t line) {
  ++rows_;
  row_ = ordinal + 1;
  line_ = line;
  switch (image_of(cells)) {
    case Image::kHere:
      ++here_;
      add(cells, ordinal, line);
      return;
    case Image::kPerhaps:
      if (held_.size() < kHeldRows) return hold(cells, ordinal, line);
      break;
    case Image::kElsewhere:
      break;
  }
  ++elsewhere_;
}

void TableObjects::add(std::span<const Cell> cells, std::uint32_t ordinal, std::uint32_t line) {
  if (scheme_.has(Part::kGroup) && scheme_.has_points()) return add_vertex(cells, ordinal, line);
  if (!builder_.begin(ordinal, line)) return;
  if (draw_)
    draw_(ordinal);
  else if (scheme_.has_geometry())
    add_shape(cells);
  add_extent(cells);
  builder_.category(text(cells, Part::kLabel));
  add_properties(cells);
  const bool edge = scheme_.has(Part::kSource);  // a link itself
  if (!edge && (scheme_.has(Part::kTrack) || scheme_.has(Part::kParent))) add_lineage(cells, line);
  builder_.end();
}

void TableObjects::add_shape(std::span<const Cell> cells) {
  std::array<double, 4> v = {};
  std::array<Part, 4> parts = {Part::kXMin, Part::kYMin, Part::kXMax, Part::kYMax};
  const bool centered = scheme_.has(Part::kXCenter) && scheme_.has(Part::kWidth);
  const bool sized = centered || !scheme_.has(Part::kXMax);
  if (!scheme_.has_boxes())
    parts = {Part::kX, Part::kY, Part::kX, Part::kY};
  else if (centered)
    parts = {Part::kXCenter, Part::kYCenter, Part::kWidth, Part::kHeight};
  else if (sized)
    parts = {Part::kXMin, Part::kYMin, Part::kWidth, Part::kHeight};
  for (std::size_t i = 0; i < 4; ++i) {
    // One fault, one issue: the first that is no number speaks for the row.
    v[i] = i >= 2 && parts[i] == parts[i - 2] ? v[i - 2] : number(cells, parts[i]);
    if (std::isnan(v[i])) return;
  }
  if (scheme_.has_boxes() && centered) {
    v = {v[0] - v[2] / 2, v[1] - v[3] / 2, v[0] + v[2] / 2, v[1] + v[3] / 2};
  } else if (scheme_.has_boxes() && sized) {
    v[2] += v[0];
    v[3] += v[1];
  }
  for (const double value : v) {
    least_ = std::min(least_, value);
    greatest_ = std::max(greatest_, value);
    fractions_ = fractions_ || value != std::floor(value);
  }
  if (!scheme_.has_boxes()) return builder_.point(v[0], v[1]);
  if (!scheme_.has(Part::kSource)) return builder_.box(v[0], v[1], v[2], v[3]);
  builder_.part(PartKind::kLine);
  builder_.vertex(v[0], v[1]);
  builder_.vertex(v[2], v[3]);
}

void TableObjects::add_extent(std::span<const Cell> cells) {
  if (const Cell* frame = cell(cells, Part::kFrame); frame && is_number(*frame)) {
    builder_.frames(frame->value.number, frame->value.number);
  }
  if (const Cell* slice = cell(cells, Part::kZ); slice && is_number(*slice)) {
    builder_.slices(slice->value.number, slice->value.number);
  }
}

void TableObjects::add_properties(std::span<const Cell> cells) {
  const std::size_t object = builder_.layer().size();
  for (std::size_t i = 0; i < columns_.size() && i < cells.size(); ++i) {
    if (!columns_[i]) continue;
    const Cell& one = cells[i];
    switch (one.value.kind) {
      case TextNumber::Kind::kMissing:
        break;
      case TextNumber::Kind::kInteger:
        if (one.value.canonical)
          columns_[i]->set_integer(object, one.value.integer);
        else
          columns_[i]->set_text(object, stripped(one.text));
        break;
      case TextNumber::Kind::kNumber:
        columns_[i]->set_number(object, one.value.number);
        break;
      case TextNumber::Kind::kText:
        columns_[i]->set_text(object, stripped(one.text));
        break;
    }
  }
}

void TableObjects::add_lineage(std::span<const Cell> cells, std::uint32_t line) {
  const Part own = scheme_.has(Part::kTrack) ? Part::kTrack : Part::kId;
  const std::string_view name = key(cells, own);
  if (name.empty()) return;
  const std::uint32_t track = lineage_.track(name);
  const Cell* frame = cell(cells, Part::kFrame);
  const auto object = static_cast<std::uint32_t>(builder_.layer().size());
  lineage_.detect(track, object, frame && is_number(*frame) ? frame->value.number : kNone, line);
  const std::string_view parent = key(cells, Part::kParent);
  if (parent.empty()) return;
  const std::uint32_t from = lineage_.track(parent);
  // btrack says so of a track without a parent.
  if (from != track) lineage_.descend(track, from, line);
}

void TableObjects::descend(std::string_view track, std::string_view parent, std::uint32_t line) {
  lineage_.descend(lineage_.track(track), lineage_.track(parent), line);
}

void TableObjects::add_vertex(std::span<const Cell> cells, std::uint32_t ordinal,
                              std::uint32_t line) {
  const std::string_view group = key(cells, Part::kGroup);
  if (!group_open_ || group != group_) {
    end_group();
    if (!builder_.begin(ordinal, line)) return;
    group_open_ = true;
    group_ = group;
    group_shape_ = text(cells, Part::kShape);
    group_vertices_.clear();
    group_extent_ = {kNone, kNone, kNone, kNone};
    builder_.category(text(cells, Part::kLabel));
    add_properties(cells);
  }
  const double x = number(cells, Part::kX);
  const double y = std::isnan(x) ? kNone : number(cells, Part::kY);
  if (!std::isnan(y)) group_vertices_.push_back({x, y});
  const Cell* frame = cell(cells, Part::kFrame);
  const Cell* slice = cell(cells, Part::kZ);
  keep_extent(frame && is_number(*frame) ? frame->value.number : kNone,
              slice && is_number(*slice) ? slice->value.number : kNone);
}

void TableObjects::keep_extent(double frame, double slice) {
  // fmin and fmax leave NaN out.
  group_extent_ = {std::fmin(group_extent_[0], frame), std::fmax(group_extent_[1], frame),
                   std::fmin(group_extent_[2], slice), std::fmax(group_extent_[3], slice)};
}

void TableObjects::end_group() {
  if (!group_open_) return;
  group_open_ = false;
  builder_.frames(group_extent_[0], group_extent_[1]);
  builder_.slices(group_extent_[2], group_extent_[3]);
  const auto& vertices = group_vertices_;
  if (group_shape_ == "ellipse" && vertices.size() == 4) {
    // Its four vertices are the corners of the box around it, which may be turned.
    const auto middle = [&](int axis) {
      const auto a = static_cast<std::size_t>(axis);
      return (vertices[0][a] + vertices[2][a]) / 2;
    };
    builder_.part(PartKind::kRing);
    for (int i = 0; i < kEllipseVertices; ++i) {
      const double angle = 6.283185307179586 * i / kEllipseVertices;
      const auto at = [&](std::size_t axis) {
        const double u = (vertices[1][axis] - vertices[0][axis]) / 2;
        const double v = (vertices[3][axis] - vertices[0][axis]) / 2;
        return middle(static_cast<int>(axis)) + u * std::cos(angle) + v * std::sin(angle);
      };
      builder_.vertex(at(0), at(1));
    }
  } else if (group_shape_ == "line" || group_shape_ == "path") {
    builder_.part(PartKind::kLine);
    for (const auto& vertex : vertices) builder_.vertex(vertex[0], vertex[1]);
  } else {
    builder_.part(vertices.size() == 1 ? PartKind::kPoints : PartKind::kRing);
    for (const auto& vertex : vertices) builder_.vertex(vertex[0], vertex[1]);
  }
  builder_.end();
}

void TableObjects::finish() {
  if (!held_.empty()) {
    const bool only = images_.size() == 1 && elsewhere_ == 0;
    for (const HeldRow& held : held_) {
      if (!only) break;
      std::vector<Cell> cells = held.cells;
      for (std::size_t i = 0; i < cells.size(); ++i) cells[i].text = held.texts[i];
      row_ = held.ordinal + 1;
      line_ = held.line;
      add(cells, held.ordinal, held.line);
    }
    if (only) {
      here_ += static_cast<std::int64_t>(held_.size());
      builder_.issue("table/other-image", Severity::kWarning,
                     "All rows are of the image \"" + last_image_.substr(0, 200) +
                         "\", which is not what the open image is called; they are shown over it.",
                     {}, 0, "\"" + options_.image.names[0] + "\"",
                     "\"" + last_image_.substr(0, 200) + "\"",
                     "Check that the table belongs to this image.");
    } else {
      elsewhere_ += static_cast<std::int64_t>(held_.size());
    }
    held_.clear();
  }
  end_group();
  builder_.layer().elsewhere = elsewhere_;
  if (here_ == 0 && elsewhere_ > 0) tell_images();
  tell_unknown();
  if (!lineage_.empty()) lineage_.finish(scheme_.has(Part::kTrack) ? "track" : "object");
  count_from_zero();
  find_normalized();
  choose_kind();
}

void TableObjects::tell_images() {
  const Layer& layer = builder_.layer();
  std::string some;
  for (std::size_t i = 0; i < layer.images.size() && i < 3; ++i) {
    some += (i == 0 ? "\"" : ", \"") + layer.images[i].substr(0, 100) + "\"";
  }
  builder_.issue(
      "table/no-rows-of-the-image", Severity::kWarning,
      "None of the " + std::to_string(elsewhere_) + " rows is of the open image.", {}, 0,
      "rows of \"" + (options_.image.names.empty() ? "" : options_.image.names[0]) + "\"",
      "rows of " + std::to_string(layer.images.size()) + " images: " + some,
      "Open one of these images, or name it in the table as its file is named.");
}

void TableObjects::tell_unknown() {
  if (scheme_.has(Part::kSource) && !scheme_.has_boxes()) {
    builder_.issue("table/edges-alone", Severity::kWarning,
                   "The table lists edges between spots, and not where the spots are.", {}, 1,
                   "columns with positions", "edges by the spots' ids",
                   "Open TrackMate's XML file, which has both, or the table of spots.");
    return;
  }
  const bool known = draw_ || scheme_.has_geometry() || scheme_.has(Part::kLabel) ||
                     scheme_.has(Part::kCount) || scheme_.has(Part::kInstance) ||
                     scheme_.has(Part::kTrack);
  if (known || rows_ == 0) return;
  std::string names;
  for (std::size_t i = 0; i < scheme_.columns.size() && i < 8; ++i) {
    names += (i == 0 ? "\"" : ", \"") + scheme_.columns[i].name.substr(0, 60) + "\"";
  }
  builder_.issue(
      "table/no-known-column", Severity::kWarning,
      "No column is known as a position, a box, a class or a count: the rows are listed, "
      "not drawn.",
      {}, 1, "columns such as x, y; xmin, ymin, xmax, ymax; class; count", names,
      "Choose the columns in the layer's settings, or rename them in the table.");
}

void TableObjects::choose_kind() {
  if (scheme_.has(Part::kSource) || (lineage_.has_links() && scheme_.has(Part::kFrame))) {
    builder_.set_kind(scheme_.has(Part::kFrame) ? LayerKind::kTracks : LayerKind::kGraph);
  } else if (lineage_.has_links()) {
    builder_.set_kind(LayerKind::kGraph);
  } else if (draw_) {
    return;  // The shapes tell it.
  } else if (scheme_.has_boxes()) {
    builder_.set_kind(LayerKind::kBoxes);
  } else if (scheme_.has(Part::kGroup) && scheme_.has_points()) {
    builder_.set_kind(LayerKind::kShapes);
  } else if (scheme_.has_points()) {
    builder_.set_kind(LayerKind::kPoints);
  } else {
    builder_.set_kind(scheme_.has(Part::kCount) ? LayerKind::kCounts : LayerKind::kClassLabels);
  }
}

// Whether numbers count from 1 shows where the last is one more than there are.
void TableObjects::count_from_zero() {
  const auto shift = [&](Paged<float>& begins, Paged<float>& ends, std::int64_t size,
                         const char* what) {
    if (size < 2 || begins.empty()) return;
    float least = std::numeric_limits<float>::infinity(), greatest = -least;
    for (std::size_t i = 0; i < begins.size(); ++i) {
      least = std::fmin(least, begins[i]);
      greatest = std::fmax(greatest, ends[i]);
    }
    if (least < 1 || greatest != static_cast<float>(size)) return;
    for (std::size_t i = 0; i < begins.size(); ++i) {
      begins[i] -= 1;
      ends[i] -= 1;
    }
    builder_.issue("table/counts-from-one", Severity::kInfo,
                   std::string("The table counts ") + what + " from 1: the last of the image's " +
                       std::to_string(size) + " is used.",
                   {}, 0, "numbers from 0", "numbers from " + number_text(least),
                   "Nothing needs to be done.");
  };
  Layer& layer = builder_.layer();
  shift(layer.t_begin, layer.t_end, options_.image.frames, "frames");
  if (!layer.space.depth_is_physical) {
    shift(layer.z_begin, layer.z_end, options_.image.depth, "slices");
  }
}

void TableObjects::find_normalized() {
  Layer& layer = builder_.layer();
  if (layer.space.unit != Space::Unit::kPixel || !fractions_ || least_ < 0 || greatest_ > 1) return;
  if (layer.vertices() < 8 || options_.image.width < 4) return;
  layer.space.unit = Space::Unit::kNormalized;
  builder_.issue(
      "table/normalized", Severity::kInfo,
      "All coordinates lie between 0 and 1: they are taken as shares of the image's width "
      "and height.",
      {}, 0, "pixels, or a unit in the column's name", "numbers from 0 to 1",
      "If they are something else, choose the unit in the layer's settings.");
}

}  // namespace mifa::annotation
