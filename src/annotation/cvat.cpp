// CVAT XML 1.1 (docs.cvat.ai, "XML annotation format"): <image>s with shapes, or <track>s with a
// shape a frame ("CVAT for video"). COCO's run lengths go along columns, CVAT's along rows of a
// mask's box.
//
// Where (0, 0) is: coordinates are the canvas', a box over the whole image goes from (0, 0) to
// (width, height): the corner of the first pixel. `left` and `top` of a mask are pixels.

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "annotation/curves.h"
#include "annotation/image_choice.h"
#include "annotation/readers.h"
#include "annotation/rle.h"
#include "annotation/text_values.h"
#include "annotation/xml_file.h"

namespace mifa::annotation {

namespace {

constexpr const char* kShapes[] = {"box",    "polygon",  "polyline", "points", "ellipse",
                                   "cuboid", "skeleton", "mask",     "tag"};

// What an object has from the element around it.
struct Where {
  std::string_view label;
  std::optional<double> frame, slice;
  std::optional<std::int64_t> track;
};

class CvatReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view text) override;
  void read_labels(pugi::xml_node meta);
  void read_images(const std::vector<pugi::xml_node>& images);
  void read_track(pugi::xml_node track);
  // Reads one shape as an object; false when it was none.
  bool read_shape(pugi::xml_node shape, const Where& where);
  void read_geometry(pugi::xml_node shape, std::string_view kind, int line);
  void read_box(pugi::xml_node shape, int line);
  void read_ellipse(pugi::xml_node shape, int line);
  void read_points(pugi::xml_node shape, PartKind kind, int line);
  void read_skeleton(pugi::xml_node shape, int line);
  void read_cuboid(pugi::xml_node shape, int line);
  void read_mask(pugi::xml_node shape, int line);
  void read_properties(pugi::xml_node shape);
  bool numbers(pugi::xml_node shape, std::span<const char* const> names, std::span<double> values,
               int line);

  XmlFile* xml_ = nullptr;
  Frame frame_;
  std::set<std::string, std::less<>> labels_, unknown_labels_;
  std::uint32_t ordinal_ = 0;
  bool masks_ = false, others_ = false;
};

Status CvatReader::read(std::string_view text) {
  auto xml = XmlFile::parse(text, builder());
  if (!xml) return std::move(xml).error();
  xml_ = xml->get();
  const pugi::xml_node root = xml_->root();
  if (local_name(root) != "annotations") {
    return Error{ErrorCode::kFixData, "expected <annotations> as the outermost element of " +
                                          options().file + ", received <" + root.name() + ">"};
  }
  const pugi::xml_node meta = root.child("meta");
  read_labels(meta);
  std::vector<pugi::xml_node> images;
  for (const pugi::xml_node image : root.children("image")) images.push_back(image);
  if (!images.empty()) read_images(images);
  if (root.child("track")) {
    for (const pugi::xml_node job : meta.children()) {
      const pugi::xml_node size = job.child("original_size");
      if (!size) continue;
      frame_ = {child_number(size, "width").value_or(0), child_number(size, "height").value_or(0)};
      check_image_size(builder(), options().image, frame_.width, frame_.height, {},
                       xml_->line(size));
    }
    for (const pugi::xml_node track : root.children("track")) read_track(track);
    builder().set_kind(LayerKind::kTracks);
  } else if (masks_ && !others_) {
    builder().set_kind(LayerKind::kMasks);
  }
  return Success{};
}

// <meta> holds a <task>, <job> or <project> with the labels; a project's may hold tasks' too.
void CvatReader::read_labels(pugi::xml_node meta) {
  for (const pugi::xml_node job : meta.children()) {
    for (const pugi::xml_node label : job.child("labels").children("label")) {
      const std::string name(child_text(label, "name"));
      if (name.empty()) continue;
      labels_.insert(name);
      builder().define_category(name, {}, parse_color(child_text(label, "color")));
    }
  }
}

void CvatReader::read_images(const std::vector<pugi::xml_node>& images) {
  std::vector<std::string> names;
  for (const pugi::xml_node image : images) names.emplace_back(image.attribute("name").value());
  const ImageContext& open = options().image;
  const ImageChoice choice = choose_image(names, open);
  // A video's frames exported as images: none bears the open image's name, and there is one a
  // frame.
  const auto count = static_cast<std::int64_t>(images.size());
  const bool frames = !choice.index && count > 1 && open.frames == count;
  const bool slices = !choice.index && count > 1 && !frames && open.depth == count;
  if (!frames && !slices) tell_choice(builder(), names, open, choice);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const pugi::xml_node image = images[i];
    if (!frames && !slices && choice.index != i) {
      const auto shapes = image.children();
      builder().layer().elsewhere += std::distance(shapes.begin(), shapes.end());
      continue;
    }
    frame_ = {attribute_number(image, "width").value_or(0),
              attribute_number(image, "height").value_or(0)};
    check_image_size(builder(), open, frame_.width, frame_.height, {}, xml_->line(image));
    const double number = attribute_number(image, "id").value_or(static_cast<double>(i));
    for (const pugi::xml_node shape : image.children()) {
      Where where;
      where.label = shape.attribute("label").value();
      if (frames) where.frame = number;
      if (slices) where.slice = number;
      read_shape(shape, where);
    }
  }
}

void CvatReader::read_track(pugi::xml_node track) {
  Where where;
  where.label = track.attribute("label").value();
  where.track = parse_integer(track.attribute("id").value());
  std::optional<std::uint32_t> before;
  for (const pugi::xml_node shape : track.children()) {
    const auto last = where.frame;
    where.frame = attribute_number(shape, "frame");
    if (!where.frame || *where.frame < 0 || (last && *where.frame <= *last)) {
      builder().issue(
          "annotation/cvat-frame", Severity::kError,
          "A shape of a track has no frame after the one before it; it is not drawn.", {},
          xml_->line(shape), "frame=\"" + short_number(last ? *last + 1 : 0) + "\" or more",
          in_quotes(shape.attribute("frame").value()), "number the frames in their order");
      where.frame = last;
      continue;
    }
    if (attribute_number(shape, "outside").value_or(0) != 0) {
      before.reset();
      continue;
    }
    const auto object = static_cast<std::uint32_t>(builder().layer().size());
    if (!read_shape(shape, where)) continue;
    if (before) builder().link(*before, object);
    before = object;
  }
}

bool CvatReader::read_shape(pugi::xml_node shape, const Where& where) {
  const std::string_view kind = local_name(shape);
  const int line = xml_->line(shape);
  if (std::find(std::begin(kShapes), std::end(kShapes), kind) == std::end(kShapes)) {
    if (shape.type() != pugi::node_element) return false;
    builder().issue("annotation/cvat-shape", Severity::kWarning,
                    "A shape of an unknown kind is not drawn.", {}, line,
                    "box, polygon, polyline, points, ellipse, cuboid, skeleton, mask or tag",
                    "<" + std::string(kind) + ">", "export the shape as one of these");
    return false;
  }
  const std::size_t issues = builder().layer().issues.size();
  if (!builder().begin(ordinal_++, static_cast<std::uint32_t>(line))) return false;
  if (where.label.empty() || (!labels_.empty() && !labels_.contains(where.label))) {
    if (unknown_labels_.insert(std::string(where.label)).second) {
      builder().issue("annotation/cvat-label", Severity::kWarning,
                      "A shape has a label that the file does not list.", {}, line,
                      "a label of <meta>", in_quotes(where.label),
                      "add the label to the task, or correct the shape's");
    }
  }
  builder().category(where.label);
  if (where.frame) builder().frames(*where.frame, *where.frame);
  if (where.slice) builder().slices(*where.slice, *where.slice);
  if (where.track) {
    builder().column("track", ColumnType::kInteger, Role::kTrack);
    builder().integer("track", *where.track);
  }
  read_geometry(shape, kind, line);
  read_properties(shape);
  if (xml_->forget_cut_off(shape, builder(), issues)) return false;
  builder().end();
  (kind == "mask" ? masks_ : others_) |= kind != "tag";
  return true;
}

void CvatReader::read_geometry(pugi::xml_node shape, std::string_view kind, int line) {
  if (kind == "box")
    read_box(shape, line);
  else if (kind == "polygon")
    read_points(shape, PartKind::kRing, line);
  else if (kind == "polyline")
    read_points(shape, PartKind::kLine, line);
  else if (kind == "points")
    read_points(shape, PartKind::kPoints, line);
  else if (kind == "ellipse")
    read_ellipse(shape, line);
  else if (kind == "cuboid")
    read_cuboid(shape, line);
  else if (kind == "skeleton")
    read_skeleton(shape, line);
  else if (kind == "mask")
    read_mask(shape, line);
  // A tag is about the whole image: an object without geometry.
}

// Reads attributes that must all be numbers; files an issue for the first that is not.
bool CvatReader::numbers(pugi::xml_node shape, std::span<const char* const> names,
                         std::span<double> values, int line) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto number = attribute_number(shape, names[i]);
    if (!number) {
      const pugi::xml_attribute given = shape.attribute(names[i]);
      builder().issue("annotation/cvat-coordinate", Severity::kError,
                      "A shape lacks a coordinate; it is not drawn.", {}, line,
                      std::string("a number as \"") + names[i] + "\"",
                      given ? in_quotes(given.value()) : "none",
                      "write all coordinates as numbers");
      return false;
    }
    values[i] = *number;
  }
  return true;
}

void CvatReader::read_box(pugi::xml_node shape, int line) {
  constexpr const char* kNames[] = {"xtl", "ytl", "xbr", "ybr"};
  std::array<double, 4> corners{};
  if (!numbers(shape, kNames, corners, line)) return;
  const double rotation = attribute_number(shape, "rotation").value_or(0);
  if (rotation == 0) {
    builder().box(corners[0], corners[1], corners[2], corners[3]);
    check_inside(builder(), "annotation/cvat-outside", corners, frame_, {}, line);
    return;
  }
  // Degrees, clockwise on the screen, about the middle.
  add_part(builder(), PartKind::kRing,
           turned_box((corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2,
                      corners[2] - corners[0], corners[3] - corners[1],
                      rotation * std::numbers::pi / 180));
  builder().text("shape", "turned box");
}

void CvatReader::read_ellipse(pugi::xml_node shape, int line) {
  constexpr const char* kNames[] = {"cx", "cy", "rx", "ry"};
  std::array<double, 4> values{};
  if (!numbers(shape, kNames, values, line)) return;
  const double rotation = attribute_number(shape, "rotation").value_or(0);
  add_part(
      builder(), PartKind::kRing,
      ellipse_ring(values[0], values[1], values[2], values[3], rotation * std::numbers::pi / 180));
  builder().text("shape", "ellipse");
}

void CvatReader::read_points(pugi::xml_node shape, PartKind kind, int line) {
  const NumberList list = parse_numbers(shape.attribute("points").value(), ",;");
  if (!list.bad.empty() || list.numbers.empty() || list.numbers.size() % 2 != 0) {
    builder().issue("annotation/cvat-points", Severity::kError,
                    "The vertices of a shape cannot be read; it is not drawn.", {}, line,
                    "points=\"x0,y0;x1,y1;…\"",
                    !list.bad.empty() ? in_quotes(list.bad) + " among them"
                                      : std::to_string(list.numbers.size()) + " numbers",
                    "write x and y of every vertex");
    return;
  }
  builder().part(kind);
  std::array<double, 4> box = {list.numbers[0], list.numbers[1], list.numbers[0], list.numbers[1]};
  for (std::size_t i = 0; i < list.numbers.size(); i += 2) {
    const double x = list.numbers[i], y = list.numbers[i + 1];
    builder().vertex(x, y);
    box = {std::min(box[0], x), std::min(box[1], y), std::max(box[2], x), std::max(box[3], y)};
  }
  check_inside(builder(), "annotation/cvat-outside", box, frame_, {}, line);
}

// Named points; the lines between them are drawn by the label's SVG, which exports do not hold.
void CvatReader::read_skeleton(pugi::xml_node shape, int line) {
  for (const pugi::xml_node joint : shape.children("points")) {
    if (attribute_number(joint, "outside").value_or(0) != 0) continue;
    read_points(joint, PartKind::kPoints, line);
  }
  builder().text("shape", "skeleton");
}

// The front and the back face and the four edges between them.
void CvatReader::read_cuboid(pugi::xml_node shape, int line) {
  constexpr const char* kNames[] = {"xtl1", "ytl1", "xtr1", "ytr1", "xbr1", "ybr1", "xbl1", "ybl1",
                                    "xtl2", "ytl2", "xtr2", "ytr2", "xbr2", "ybr2", "xbl2", "ybl2"};
  std::array<double, 16> values{};
  if (!numbers(shape, kNames, values, line)) return;
  const auto corner = [&](std::size_t i) { return Vertex{values[2 * i], values[2 * i + 1]}; };
  for (const std::size_t face : {std::size_t{0}, std::size_t{4}}) {
    const Vertex outline[] = {corner(face), corner(face + 1), corner(face + 2), corner(face + 3),
                              corner(face)};
    add_part(builder(), PartKind::kLine, outline);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const Vertex edge[] = {corner(i), corner(i + 4)};
    add_part(builder(), PartKind::kLine, edge);
  }
  builder().text("shape", "cuboid");
}

void CvatReader::read_mask(pugi::xml_node shape, int line) {
  constexpr const char* kNames[] = {"left", "top", "width", "height"};
  std::array<double, 4> values{};
  if (!numbers(shape, kNames, values, line)) return;
  const NumberList list = parse_numbers(shape.attribute("rle").value(), ",");
  RunLengths runs;
  runs.by_rows = true;
  constexpr double kMost = 1e9;  // of a side; exact as an integer
  runs.width = static_cast<std::int64_t>(std::clamp(values[2], -1.0, kMost));
  runs.height = static_cast<std::int64_t>(std::clamp(values[3], -1.0, kMost));
  bool whole = list.bad.empty();
  for (const double number : list.numbers) {
    whole = whole && number == std::floor(number);
    runs.counts.push_back(static_cast<std::int64_t>(std::clamp(number, -1.0, 1e15)));
  }
  const Status sound = check_runs(runs);
  if (!whole || !sound) {
    const Mismatch mismatch = sound ? Mismatch{} : mismatch_of(sound.error());
    builder().issue(
        "annotation/cvat-mask", Severity::kError,
        "The run lengths of a mask do not fit its box; it is not drawn.", {}, line,
        whole ? mismatch.expected : std::string("whole numbers with commas between them"),
        !list.bad.empty() ? in_quotes(list.bad) + " among them"
        : !whole          ? "fractions"
                          : mismatch.received,
        "export the mask again");
    return;
  }
  add_outline(builder(), trace_outline(runs), values[0], values[1]);
  check_inside(builder(), "annotation/cvat-outside",
               {values[0], values[1], values[0] + values[2], values[1] + values[3]}, frame_, {},
               line);
}

void CvatReader::read_properties(pugi::xml_node shape) {
  for (const char* name : {"occluded", "keyframe", "z_order", "group_id", "source"}) {
    add_value(builder(), name, shape.attribute(name).value());
  }
  for (const pugi::xml_node attribute : shape.children("attribute")) {
    add_value(builder(), attribute.attribute("name").value(), attribute.child_value());
  }
}

}  // namespace

int sniff_cvat(const Head& head) {
  if (!begins_with_element(head.bytes, "annotations")) return 0;
  const auto has = [&](std::string_view text) {
    return head.bytes.find(text) != std::string_view::npos;
  };
  return has("<image ") || has("<track ") || has("<meta>") ? 95 : 60;
}

std::unique_ptr<Reader> make_cvat(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<CvatReader>(options, builder);
}

}  // namespace mifa::annotation
