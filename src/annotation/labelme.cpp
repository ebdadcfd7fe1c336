// LabelMe (github.com/wkentaro/labelme, label_file.py) and what writes the same, X-AnyLabeling for
// one: a JSON file an image, "shapes" with "points". The picture in "imageData" is passed over.
//
// Where (0, 0) is: points are the mouse's on the drawn picture, from its edge: the corner of the
// first pixel. (labelme/utils/shape.py fills masks from them without a shift.)

#include <cmath>

#include "annotation/curves.h"
#include "annotation/image_choice.h"
#include "annotation/inline_mask.h"
#include "annotation/json_walk.h"
#include "annotation/readers.h"
#include "annotation/text_values.h"

namespace mifa::annotation {

namespace {

using Element = simdjson::dom::element;

class LabelmeReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view text) override;
  void tell_image();
  void read_shapes(JsonPieces& pieces, std::size_t begin);
  void read_shape(Element shape, const std::string& pointer, int line);
  std::optional<std::vector<Vertex>> vertices_of(Element shape, const std::string& pointer,
                                                 int line);
  void read_mask(Element shape, const std::vector<Vertex>& corners, const std::string& pointer,
                 int line);
  bool draw(std::string_view type, const std::vector<Vertex>& vertices);
  void read_properties(Element shape);

  std::string image_;
  Frame frame_;
};

Status LabelmeReader::read(std::string_view text) {
  JsonPieces pieces(text, builder());
  const std::size_t begin = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  JsonWalk root(text, begin);
  if (!root.is_object()) {
    return Error{ErrorCode::kFixData,
                 "expected a JSON object with \"shapes\" in " + options().file + ", received " +
                     (text.empty() ? "an empty file" : in_quotes(text.substr(0, 20)))};
  }
  builder().layer().pointer_before = "/shapes/";
  std::size_t shapes = std::string_view::npos;
  while (root.next(true)) {
    const bool nested = root.first() == '[' || root.first() == '{';
    if (nested) {
      if (root.key() == "shapes") shapes = root.begin();
      JsonWalk inner(text, root.begin());
      while (inner.next()) {
      }
      root.resume(inner);
    } else if (root.key() == "imagePath" || root.key() == "imageWidth" ||
               root.key() == "imageHeight") {
      const auto value = pieces.parse(root.begin(), root.end(), "/" + std::string(root.key()));
      std::string_view path;
      if (!value) continue;
      if (root.key() == "imageWidth")
        frame_.width = json_number(*value).value_or(0);
      else if (root.key() == "imageHeight")
        frame_.height = json_number(*value).value_or(0);
      else if (value->get(path) == simdjson::SUCCESS)
        image_ = path;
    }
  }
  pieces.tell_fault(root, {});
  tell_image();
  if (shapes == std::string_view::npos) {
    builder().issue("annotation/labelme-no-shapes", Severity::kError, "The file has no shapes.", {},
                    0, "\"shapes\": […]", "none", "save the file again from LabelMe");
    return Success{};
  }
  read_shapes(pieces, shapes);
  return Success{};
}

void LabelmeReader::tell_image() {
  const std::vector<std::string> names = {image_};
  tell_choice(builder(), names, options().image, choose_image(names, options().image));
  check_image_size(builder(), options().image, frame_.width, frame_.height, "/imageWidth", 0);
  if (frame_.width <= 0 || frame_.height <= 0) {
    frame_ = {static_cast<double>(options().image.width),
              static_cast<double>(options().image.height)};
  }
}

void LabelmeReader::read_shapes(JsonPieces& pieces, std::size_t begin) {
  JsonWalk list(pieces.text(), begin);
  while (list.next()) {
    const std::string pointer = "/shapes/" + std::to_string(list.ordinal());
    pieces.tell_fault(list, "/shapes");
    const auto shape = pieces.parse(list.begin(), list.end(), pointer);
    if (!shape) continue;
    const int line = pieces.line(list.begin());
    if (!builder().begin(list.ordinal(), static_cast<std::uint32_t>(line))) continue;
    read_shape(*shape, pointer, line);
    builder().end();
  }
  pieces.tell_fault(list, "/shapes");
}

void LabelmeReader::read_shape(Element shape, const std::string& pointer, int line) {
  const auto label = json_text(shape, "label");
  if (!label || label->empty()) {
    builder().issue("annotation/labelme-label", Severity::kWarning, "A shape has no label.",
                    pointer, line, "\"label\" with the class", "none", "label the shape");
  } else {
    builder().category(*label);
  }
  read_properties(shape);
  const auto vertices = vertices_of(shape, pointer, line);
  if (!vertices) return;
  const std::string_view type = json_text(shape, "shape_type").value_or("polygon");
  if (type == "mask" && vertices->size() == 2) {
    read_mask(shape, *vertices, pointer, line);
  } else if (!draw(type, *vertices)) {
    builder().issue("annotation/labelme-shape", Severity::kError, "A shape cannot be drawn.",
                    pointer, line,
                    "polygon, rectangle, circle, line, linestrip, point, points, mask or "
                    "oriented_rectangle, with "
                    "the points it needs",
                    in_quotes(type) + " with " + std::to_string(vertices->size()) +
                        (vertices->size() == 1 ? " point" : " points"),
                    "draw the shape again");
    return;
  }
  std::array<double, 4> box = {1e300, 1e300, -1e300, -1e300};
  for (const Vertex& v : *vertices) {
    box = {std::min(box[0], v.x), std::min(box[1], v.y), std::max(box[2], v.x),
           std::max(box[3], v.y)};
  }
  check_inside(builder(), "annotation/labelme-outside", box, frame_, pointer, line);
}

std::optional<std::vector<Vertex>> LabelmeReader::vertices_of(Element shape,
                                                              const std::string& pointer,
                                                              int line) {
  const auto fail = [&](std::string received) {
    builder().issue("annotation/labelme-points", Severity::kError,
                    "A shape's points cannot be read.", pointer + "/points", line, "[[x, y], …]",
                    std::move(received), "draw the shape again");
    return std::nullopt;
  };
  const auto member = json_member(shape, "points");
  simdjson::dom::array points;
  if (!member || member->get(points) != simdjson::SUCCESS)
    return fail(member ? json_described(*member) : "none");
  std::vector<Vertex> vertices;
  for (const Element point : points) {
    simdjson::dom::array pair;
    Element x, y;
    if (point.get(pair) != simdjson::SUCCESS || pair.size() < 2 ||
        pair.at(0).get(x) != simdjson::SUCCESS || pair.at(1).get(y) != simdjson::SUCCESS ||
        !json_number(x) || !json_number(y)) {
      return fail(json_described(point) + " as point " + std::to_string(vertices.size()));
    }
    vertices.push_back({*json_number(x), *json_number(y)});
  }
  return vertices;
}

// The points are the first and the last pixel of the mask (labelme/utils/shape.py,
// shapes_to_label).
void LabelmeReader::read_mask(Element shape, const std::vector<Vertex>& corners,
                              const std::string& pointer, int line) {
  const double left = std::floor(std::min(corners[0].x, corners[1].x));
  const double top = std::floor(std::min(corners[0].y, corners[1].y));
  const double width = std::floor(std::max(corners[0].x, corners[1].x)) - left + 1;
  const double height = std::floor(std::max(corners[0].y, corners[1].y)) - top + 1;
  const auto tell = [&](const std::string& message, std::string expected, std::string received) {
    builder().issue("annotation/labelme-mask", Severity::kWarning, message, pointer + "/mask", line,
                    std::move(expected), std::move(received), "draw the mask again in LabelMe");
  };
  const auto text = json_text(shape, "mask");
  const auto runs = text ? runs_of_png(*text)
                         : Error{ErrorCode::kFixData, "expected a PNG in base64, received none"};
  if (!runs || runs->area() == 0) {
    const Mismatch mismatch =
        runs ? Mismatch{"a pixel that is not 0", "none"} : mismatch_of(runs.error());
    tell("A mask cannot be drawn; its box is.", mismatch.expected, mismatch.received);
    builder().box(left, top, left + width, top + height);
    return;
  }
  if (static_cast<double>(runs->width) != width || static_cast<double>(runs->height) != height) {
    tell("A mask has not the size of its box; it is drawn from its upper left corner.",
         short_number(width) + " by " + short_number(height) + " pixels",
         std::to_string(runs->width) + " by " + std::to_string(runs->height));
  }
  add_outline(builder(), trace_outline(*runs), left, top);
}

// False when the type is unknown or the points do not suffice.
bool LabelmeReader::draw(std::string_view type, const std::vector<Vertex>& vertices) {
  const std::size_t count = vertices.size();
  if (type == "rectangle" && count == 2) {
    builder().box(vertices[0].x, vertices[0].y, vertices[1].x, vertices[1].y);
  } else if (type == "circle" && count == 2) {
    // The middle, and a point on the edge.
    const double radius = std::hypot(vertices[1].x - vertices[0].x, vertices[1].y - vertices[0].y);
    add_part(builder(), PartKind::kRing,
             ellipse_ring(vertices[0].x, vertices[0].y, radius, radius));
    builder().text("shape", "circle");
  } else if ((type == "line" && count == 2) || (type == "linestrip" && count >= 2)) {
    add_part(builder(), PartKind::kLine, vertices);
  } else if ((type == "point" && count == 1) || (type == "points" && count >= 1)) {
    add_part(builder(), PartKind::kPoints, vertices);
  } else if (type == "polygon" && count >= 3) {
    add_part(builder(), PartKind::kRing, vertices);
  } else if ((type == "rectangle" || type == "oriented_rectangle" || type == "rotation" ||
              type == "quadrilateral") &&
             count == 4) {
    add_part(builder(), PartKind::kRing, vertices);
    if (type != "rectangle") builder().text("shape", type == "quadrilateral" ? type : "turned box");
  } else {
    return false;
  }
  return true;
}

void LabelmeReader::read_properties(Element shape) {
  simdjson::dom::object object;
  if (shape.get(object) != simdjson::SUCCESS) return;
  for (const auto& [key, value] : object) {
    if (key == "label" || key == "points" || key == "shape_type" || key == "mask") continue;
    if (key == "score") builder().column("score", ColumnType::kNumber, Role::kScore);
    if (key == "description") builder().column("description", ColumnType::kText, Role::kLabel);
    simdjson::dom::object nested;
    if ((key == "flags" || key == "attributes") && value.get(nested) == simdjson::SUCCESS) {
      for (const auto& [name, flag] : nested) {
        add_json_value(builder(), std::string(key) + "." + std::string(name), flag);
      }
      continue;
    }
    add_json_value(builder(), key, value);
  }
}

}  // namespace

int sniff_labelme(const Head& head) {
  if (!begins_as_json(head.bytes, '{')) return 0;
  const auto has = [&](std::string_view key) { return has_json_key(head.bytes, key); };
  if (has("shapes") && (has("points") || has("imagePath") || has("shape_type"))) return 95;
  if (has("shapes") || (has("shape_type") && has("points"))) return 70;
  return has("imageData") || has("imagePath") ? 60 : 0;
}

std::unique_ptr<Reader> make_labelme(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<LabelmeReader>(options, builder);
}

}  // namespace mifa::annotation
