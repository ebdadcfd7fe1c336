// ROIs of OME-XML (schema 2016-06, namespaces of 2010 to 2016), in a file of their own or in the
// text of an OME-TIFF's description. A ROI is a union of shapes, each on one plane or on all.
//
// Where (0, 0) is: the schema says "[units pixels]" and "the X value of the left edge of the
// rectangle"; OMERO's viewers draw on a canvas whose (0, 0) is the corner of the first pixel. So it
// is taken here, for points too: a point on the first pixel's centre is (0.5, 0.5).

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "annotation/curves.h"
#include "annotation/image_choice.h"
#include "annotation/inline_mask.h"
#include "annotation/readers.h"
#include "annotation/text_values.h"
#include "annotation/xml_file.h"

namespace mifa::annotation {

namespace {

using Plane = std::array<std::optional<double>, 3>;  // z, t, c; none: on all

struct Affine {
  double xx = 1, xy = 0, x0 = 0, yx = 0, yy = 1, y0 = 0;
  bool identity() const { return xx == 1 && xy == 0 && x0 == 0 && yx == 0 && yy == 1 && y0 == 0; }
  Vertex operator()(Vertex v) const { return {xx * v.x + xy * v.y + x0, yx * v.x + yy * v.y + y0}; }
};

// A shape as it is drawn, before the builder has it.
struct Figure {
  PartKind kind = PartKind::kRing;
  std::vector<Vertex> vertices;
  const char* told = nullptr;  // for the column "shape"
};

pugi::xml_node child_named(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_node child : node.children()) {
    if (local_name(child) == name) return child;
  }
  return {};
}

// The first of several names that an attribute had over the years.
std::optional<double> number_of(pugi::xml_node node, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto number = attribute_number(node, name)) return number;
  }
  return std::nullopt;
}

class OmeRoiReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view text) override;
  void read_images(pugi::xml_node root);
  void read_tags(pugi::xml_node root);
  void read_roi(pugi::xml_node roi);
  void read_planes(pugi::xml_node roi, const std::vector<pugi::xml_node>& shapes);
  void add_shape(pugi::xml_node shape);
  std::optional<Figure> figure_of(pugi::xml_node body, int line);
  std::optional<Outline> mask_of(pugi::xml_node body, int line);
  std::optional<Figure> points_of(pugi::xml_node body, int line);
  Affine transform_of(pugi::xml_node shape, int line);
  void read_color(pugi::xml_node shape);
  void tell_missing(std::string_view kind, const char* expected, int line);

  XmlFile* xml_ = nullptr;
  Frame frame_;
  std::set<std::string, std::less<>> referenced_, of_image_;
  std::map<std::string, std::string, std::less<>> tags_;
  std::uint32_t ordinal_ = 0;
};

Status OmeRoiReader::read(std::string_view text) {
  auto xml = XmlFile::parse(text, builder());
  if (!xml) return std::move(xml).error();
  xml_ = xml->get();
  const pugi::xml_node root = xml_->root();
  if (local_name(root) != "OME" && local_name(root) != "ROI") {
    return Error{ErrorCode::kFixData, "expected <OME> as the outermost element of " +
                                          options().file + ", received <" + root.name() + ">"};
  }
  read_images(root);
  read_tags(root);
  if (local_name(root) == "ROI") read_roi(root);
  for (const pugi::xml_node child : root.children()) {
    if (local_name(child) == "ROI") read_roi(child);
  }
  return Success{};
}

// An image names its ROIs; ROIs that no image names are for any.
void OmeRoiReader::read_images(pugi::xml_node root) {
  std::vector<pugi::xml_node> images;
  std::vector<std::string> names;
  for (const pugi::xml_node image : root.children()) {
    if (local_name(image) != "Image") continue;
    images.push_back(image);
    names.emplace_back(image.attribute("Name").value());
    for (const pugi::xml_node reference : image.children()) {
      if (local_name(reference) == "ROIRef") referenced_.insert(reference.attribute("ID").value());
    }
  }
  const ImageChoice choice = choose_image(names, options().image);
  if (!referenced_.empty()) tell_choice(builder(), names, options().image, choice);
  if (!choice.index) return;
  const pugi::xml_node image = images[*choice.index];
  for (const pugi::xml_node reference : image.children()) {
    if (local_name(reference) == "ROIRef") of_image_.insert(reference.attribute("ID").value());
  }
  const pugi::xml_node pixels = child_named(image, "Pixels");
  frame_ = {attribute_number(pixels, "SizeX").value_or(0),
            attribute_number(pixels, "SizeY").value_or(0)};
  check_image_size(builder(), options().image, frame_.width, frame_.height, {}, xml_->line(pixels));
}

void OmeRoiReader::read_tags(pugi::xml_node root) {
  for (const pugi::xml_node tag : child_named(root, "StructuredAnnotations").children()) {
    if (local_name(tag) != "TagAnnotation") continue;
    tags_[tag.attribute("ID").value()] = stripped(child_named(tag, "Value").child_value());
  }
}

void OmeRoiReader::read_roi(pugi::xml_node roi) {
  const std::string_view id = roi.attribute("ID").value();
  if (referenced_.contains(id) && !of_image_.contains(id)) {
    ++builder().layer().elsewhere;
    return;
  }
  std::vector<pugi::xml_node> shapes;
  for (const pugi::xml_node shape : child_named(roi, "Union").children()) {
    if (shape.type() == pugi::node_element) shapes.push_back(shape);
  }
  if (shapes.empty()) {
    const std::size_t issues = builder().layer().issues.size();
    const int line = xml_->line(roi);
    if (!builder().begin(ordinal_++, static_cast<std::uint32_t>(line))) return;
    builder().issue("annotation/ome-roi-empty", Severity::kWarning, "A ROI has no shapes.", {},
                    line, "<Union> with one or more shapes", "none",
                    "remove the ROI, or give it its shapes");
    if (xml_->forget_cut_off(roi, builder(), issues)) return;
    builder().end();
    return;
  }
  read_planes(roi, shapes);
}

// One object for each plane that the ROI has shapes on: a ROI in 3D is such a pile.
void OmeRoiReader::read_planes(pugi::xml_node roi, const std::vector<pugi::xml_node>& shapes) {
  std::map<Plane, std::vector<pugi::xml_node>> planes;
  std::vector<Plane> order;
  for (const pugi::xml_node shape : shapes) {
    const Plane plane = {attribute_number(shape, "TheZ"), attribute_number(shape, "TheT"),
                         attribute_number(shape, "TheC")};
    std::vector<pugi::xml_node>& on_plane = planes[plane];
    if (on_plane.empty()) order.push_back(plane);
    on_plane.push_back(shape);
  }
  for (const Plane& plane : order) {
    const std::size_t issues = builder().layer().issues.size();
    const std::vector<pugi::xml_node>& on_plane = planes[plane];
    const int line = xml_->line(on_plane.size() == shapes.size() ? roi : on_plane.front());
    if (!builder().begin(ordinal_++, static_cast<std::uint32_t>(line))) return;
    if (plane[0]) builder().slices(*plane[0], *plane[0]);
    if (plane[1]) builder().frames(*plane[1], *plane[1]);
    if (plane[2]) builder().number("TheC", *plane[2]);
    builder().column("ROI", ColumnType::kText, Role::kId);
    builder().text("ROI", roi.attribute("ID").value());
    if (*roi.attribute("Name").value() != '\0')
      builder().text("Name", roi.attribute("Name").value());
    const std::string_view description = stripped(child_named(roi, "Description").child_value());
    if (!description.empty()) builder().text("Description", description);
    bool tagged = false;
    for (const pugi::xml_node reference : roi.children()) {
      if (local_name(reference) != "AnnotationRef" || tagged) continue;
      const auto tag = tags_.find(reference.attribute("ID").value());
      if (tag != tags_.end()) builder().category(tag->second), tagged = true;
    }
    if (!tagged) read_color(on_plane.front());
    for (const pugi::xml_node shape : on_plane) add_shape(shape);
    if (xml_->forget_cut_off(roi, builder(), issues)) return;
    builder().end();
  }
}

void OmeRoiReader::add_shape(pugi::xml_node shape) {
  const int line = xml_->line(shape);
  // Before 2012: <Shape TheZ …><Rectangle …/></Shape>.
  pugi::xml_node body = shape;
  if (local_name(shape) == "Shape") {
    for (const pugi::xml_node child : shape.children()) {
      const std::string_view name = local_name(child);
      if (child.type() == pugi::node_element && name != "Transform" && name != "Description")
        body = child;
    }
  }
  for (const pugi::xml_node& holder : {shape, body}) {
    const std::string_view text = holder.attribute("Text").value();
    if (text.empty()) continue;
    builder().column("Text", ColumnType::kText, Role::kLabel);
    builder().text("Text", text);
    break;
  }
  std::optional<Figure> figure = figure_of(body, line);
  if (!figure) return;
  const Affine transform = transform_of(shape, line);
  const auto mask = local_name(body) == "Mask" ? mask_of(body, line) : std::nullopt;
  const Vertex corner = figure->vertices.front();
  if (figure->kind == PartKind::kBox && !transform.identity()) {
    const Vertex a = figure->vertices[0], b = figure->vertices[1];
    *figure = {
        PartKind::kRing, {a, {b.x, a.y}, b, {a.x, b.y}}, figure->told ? figure->told : "rectangle"};
  }
  for (Vertex& vertex : figure->vertices) vertex = transform(vertex);
  std::array<double, 4> box = {1e300, 1e300, -1e300, -1e300};
  for (const Vertex& v : figure->vertices) {
    box = {std::min(box[0], v.x), std::min(box[1], v.y), std::max(box[2], v.x),
           std::max(box[3], v.y)};
  }
  if (mask) {
    for (const Outline::Ring& ring : mask->rings) {
      builder().part(ring.hole ? PartKind::kHole : PartKind::kRing);
      for (const auto& [x, y] : ring.corners) {
        const Vertex vertex =
            transform({corner.x + static_cast<double>(x), corner.y + static_cast<double>(y)});
        builder().vertex(vertex.x, vertex.y);
      }
    }
  } else if (figure->kind == PartKind::kBox)
    builder().box(box[0], box[1], box[2], box[3]);
  else
    add_part(builder(), figure->kind, figure->vertices);
  check_inside(builder(), "annotation/ome-roi-outside", box, frame_, {}, line);
  if (figure->told) builder().text("shape", figure->told);
}

// Nothing, which was told, if its bits cannot be drawn.
std::optional<Outline> OmeRoiReader::mask_of(pugi::xml_node body, int line) {
  const pugi::xml_node data = child_named(body, "BinData");
  constexpr double kMost = 1e9;  // of a side: exact as an integer
  const auto side = [&](const char* name) {
    return static_cast<std::int64_t>(
        std::clamp(attribute_number(body, name).value_or(0), 0.0, kMost));
  };
  const auto runs = data
                        ? runs_of_bits(data.text().get(), data.attribute("Compression").value(),
                                       side("Width"), side("Height"))
                        : Error{ErrorCode::kFixData, "expected <BinData> in <Mask>, received none"};
  if (runs && runs->area() > 0) return trace_outline(*runs);
  const Mismatch mismatch = runs ? Mismatch{"a bit that is 1", "none"} : mismatch_of(runs.error());
  builder().issue("annotation/ome-roi-mask", Severity::kWarning,
                  "A mask cannot be drawn; its box is.", {}, line, mismatch.expected,
                  mismatch.received, "write Width by Height bits, row by row, in base64");
  return std::nullopt;
}

void OmeRoiReader::tell_missing(std::string_view kind, const char* expected, int line) {
  builder().issue("annotation/ome-roi-coordinate", Severity::kError,
                  "A shape lacks coordinates; it is not drawn.", {}, line,
                  "<" + std::string(kind) + "> with numbers in " + expected, "fewer",
                  "write all coordinates of the shape");
}

std::optional<Figure> OmeRoiReader::figure_of(pugi::xml_node body, int line) {
  const std::string_view kind = local_name(body);
  const auto x = number_of(body, {"X", "Cx"}), y = number_of(body, {"Y", "Cy"});
  if (kind == "Rectangle" || kind == "Mask") {
    const auto width = attribute_number(body, "Width"), height = attribute_number(body, "Height");
    if (!x || !y || !width || !height)
      return tell_missing(kind, "X, Y, Width and Height", line), std::nullopt;
    return Figure{
        PartKind::kBox, {{*x, *y}, {*x + *width, *y + *height}}, kind == "Mask" ? "mask" : nullptr};
  }
  if (kind == "Ellipse") {
    const auto rx = number_of(body, {"RadiusX", "Rx"}), ry = number_of(body, {"RadiusY", "Ry"});
    if (!x || !y || !rx || !ry)
      return tell_missing(kind, "X, Y, RadiusX and RadiusY", line), std::nullopt;
    return Figure{PartKind::kRing, ellipse_ring(*x, *y, *rx, *ry), "ellipse"};
  }
  if (kind == "Point" || kind == "Label" || kind == "Text") {
    if (!x || !y) return tell_missing(kind, "X and Y", line), std::nullopt;
    return Figure{PartKind::kPoints, {{*x, *y}}, kind == "Point" ? nullptr : "label"};
  }
  if (kind == "Line") {
    const auto x1 = attribute_number(body, "X1"), y1 = attribute_number(body, "Y1"),
               x2 = attribute_number(body, "X2"), y2 = attribute_number(body, "Y2");
    if (!x1 || !y1 || !x2 || !y2)
      return tell_missing(kind, "X1, Y1, X2 and Y2", line), std::nullopt;
    return Figure{PartKind::kLine, {{*x1, *y1}, {*x2, *y2}}, nullptr};
  }
  if (kind == "Polygon" || kind == "Polyline") return points_of(body, line);
  builder().issue("annotation/ome-roi-shape", Severity::kWarning,
                  "A shape of an unknown kind is not drawn.", {}, line,
                  "Rectangle, Ellipse, Polygon, Polyline, Line, Point, Label or Mask",
                  "<" + std::string(kind) + ">", "draw the shape as one of these");
  return std::nullopt;
}

std::optional<Figure> OmeRoiReader::points_of(pugi::xml_node body, int line) {
  std::string_view text = body.attribute("Points").value();
  // ImageJ's and old OMERO's exports: points[1,2, 3,4] points1[…] points2[…] mask[…].
  if (const std::size_t open = text.find('['); open != std::string_view::npos) {
    const std::size_t close = text.find(']', open);
    text = text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
  }
  const NumberList list = parse_numbers(text, ",");
  if (!list.bad.empty() || list.numbers.empty() || list.numbers.size() % 2 != 0) {
    builder().issue("annotation/ome-roi-points", Severity::kError,
                    "The vertices of a shape cannot be read; it is not drawn.", {}, line,
                    "Points=\"x,y x,y …\"",
                    !list.bad.empty() ? in_quotes(list.bad) + " among them"
                                      : std::to_string(list.numbers.size()) + " numbers",
                    "write x and y of every vertex");
    return std::nullopt;
  }
  const bool closed =
      local_name(body) == "Polygon" || std::string_view(body.attribute("Closed").value()) == "true";
  Figure figure{closed ? PartKind::kRing : PartKind::kLine, {}, nullptr};
  for (std::size_t i = 0; i < list.numbers.size(); i += 2) {
    figure.vertices.push_back({list.numbers[i], list.numbers[i + 1]});
  }
  return figure;
}

// <Transform A00 A10 A01 A11 A02 A12/>, or the attribute Transform="matrix(a b c d e f)" before
// 2012.
Affine OmeRoiReader::transform_of(pugi::xml_node shape, int line) {
  Affine affine;
  if (const pugi::xml_node child = child_named(shape, "Transform")) {
    double* const parts[] = {&affine.xx, &affine.yx, &affine.xy,
                             &affine.yy, &affine.x0, &affine.y0};
    constexpr const char* kNames[] = {"A00", "A10", "A01", "A11", "A02", "A12"};
    for (std::size_t i = 0; i < 6; ++i) {
      const auto number = attribute_number(child, kNames[i]);
      if (number)
        *parts[i] = *number;
      else {
        builder().issue(
            "annotation/ome-roi-transform", Severity::kError,
            "A shape's transform cannot be read; the shape is drawn without.", {}, line,
            "<Transform> with numbers in A00, A10, A01, A11, A02 and A12",
            std::string(kNames[i]) + "=" + in_quotes(child.attribute(kNames[i]).value()),
            "write all six of them");
        return {};
      }
    }
    return affine;
  }
  std::string_view text = shape.attribute("Transform").value();
  if (text.empty() || text == "none") return affine;
  if (text.starts_with("matrix(") && text.ends_with(')')) {
    const NumberList list = parse_numbers(text.substr(7, text.size() - 8), ",");
    if (list.bad.empty() && list.numbers.size() == 6) {
      const auto& n = list.numbers;
      return {n[0], n[2], n[4], n[1], n[3], n[5]};
    }
  }
  builder().issue("annotation/ome-roi-transform", Severity::kError,
                  "A shape's transform cannot be read; the shape is drawn without.", {}, line,
                  "\"matrix(a b c d e f)\"", in_quotes(text), "write the transform as a matrix");
  return affine;
}

// Colours are one integer, red in the highest byte, alpha in the lowest; signed or not. ROIs have
// no classes: those of one colour are taken for one.
void OmeRoiReader::read_color(pugi::xml_node shape) {
  for (const char* name : {"StrokeColor", "FillColor", "Stroke"}) {
    const auto value = parse_integer(shape.attribute(name).value());
    if (!value) continue;
    const auto rgba = static_cast<std::uint32_t>(*value);
    const Color color = {static_cast<std::uint8_t>(rgba >> 24),
                         static_cast<std::uint8_t>(rgba >> 16),
                         static_cast<std::uint8_t>(rgba >> 8)};
    const std::string text = color_text(color);
    builder().category(builder().define_category(text, {}, color));
    return;
  }
}

}  // namespace

int sniff_ome_roi(const Head& head) {
  if (!begins_with_element(head.bytes, "OME")) return 0;
  const auto has = [&](std::string_view text) {
    return head.bytes.find(text) != std::string_view::npos;
  };
  if (has("<ROIRef") || has("<ROI ") || has(":ROI ") || has("<Union")) return 95;
  return head.complete ? 20 : 50;
}

std::unique_ptr<Reader> make_ome_roi(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<OmeRoiReader>(options, builder);
}

}  // namespace mifa::annotation
