// Pascal VOC: one XML file an image, <annotation> with <object>s.
//
// Where (0, 0) is: in the VOC challenge's own files "the top-left pixel has coordinates (1,1)" and
// a box's corners are pixels, both included (VOC2007 development kit, section 8): pixel 1 begins at
// 0 and pixel n ends at n. Files of today's tools (LabelImg and what imitates it,
// <database>Unknown</database>) hold canvas coordinates, whose (0, 0) is the corner of the first
// pixel; they are taken as they are.

#include <algorithm>
#include <cmath>
#include <map>

#include "annotation/curves.h"
#include "annotation/image_choice.h"
#include "annotation/readers.h"
#include "annotation/text_values.h"
#include "annotation/xml_file.h"

namespace mifa::annotation {

namespace {

class VocReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view text) override;
  void read_image(pugi::xml_node root);
  void read_object(pugi::xml_node node, std::string_view part_of);
  bool read_box(pugi::xml_node box, int line);
  bool read_turned_box(pugi::xml_node box, int line);
  bool read_polygon(pugi::xml_node polygon, int line);

  XmlFile* xml_ = nullptr;
  Frame frame_;
  bool counts_from_one_ = false;
  std::uint32_t ordinal_ = 0;
};

Status VocReader::read(std::string_view text) {
  auto xml = XmlFile::parse(text, builder());
  if (!xml) return std::move(xml).error();
  xml_ = xml->get();
  const pugi::xml_node root = xml_->root();
  if (local_name(root) != "annotation") {
    return Error{ErrorCode::kFixData, "expected <annotation> as the outermost element of " +
                                          options().file + ", received <" + root.name() + ">"};
  }
  read_image(root);
  for (const pugi::xml_node object : root.children("object")) read_object(object, {});
  return Success{};
}

void VocReader::read_image(pugi::xml_node root) {
  const std::string database(child_text(root.child("source"), "database"));
  counts_from_one_ =
      database.find("VOC") != std::string::npos || database.find("PASCAL") != std::string::npos;
  const std::vector<std::string> names = {std::string(child_text(root, "filename"))};
  tell_choice(builder(), names, options().image, choose_image(names, options().image));
  const pugi::xml_node size = root.child("size");
  frame_ = {child_number(size, "width").value_or(0), child_number(size, "height").value_or(0)};
  check_image_size(builder(), options().image, frame_.width, frame_.height, {}, xml_->line(size));
  if (frame_.width <= 0 || frame_.height <= 0) {
    frame_ = {static_cast<double>(options().image.width),
              static_cast<double>(options().image.height)};
  }
}

// An <object>, or a <part> of one (heads, hands and feet in VOC's person layout).
void VocReader::read_object(pugi::xml_node node, std::string_view part_of) {
  const int line = xml_->line(node);
  const std::size_t issues = builder().layer().issues.size();
  if (child_text(node, "deleted") == "1") return;
  if (!builder().begin(ordinal_++, static_cast<std::uint32_t>(line))) return;
  const std::string_view name = child_text(node, "name");
  if (name.empty()) {
    builder().issue("annotation/voc-name", Severity::kWarning, "An object has no class.", {}, line,
                    "<name> with the class", "none", "name the object's class");
  }
  builder().category(name);
  bool drawn = false;
  if (const pugi::xml_node polygon = node.child("polygon")) drawn = read_polygon(polygon, line);
  if (const pugi::xml_node box = node.child("robndbox"); box && !drawn)
    drawn = read_turned_box(box, line);
  if (const pugi::xml_node box = node.child("bndbox"); box && !drawn) {
    read_box(box, line);
  } else if (!drawn) {
    builder().issue("annotation/voc-box", Severity::kError,
                    "An object has no box; it is not drawn.", {}, line,
                    "<bndbox> with xmin, ymin, xmax and ymax", "none", "add the object's box");
  }
  for (const char* column : {"pose", "truncated", "difficult", "occluded"}) {
    const std::string_view value = child_text(node, column);
    if (value != "Unspecified") add_value(builder(), column, value);
  }
  if (!part_of.empty()) builder().text("part of", part_of);
  for (const pugi::xml_node attribute : node.child("attributes").children("attribute")) {
    add_value(builder(), child_text(attribute, "name"), child_text(attribute, "value"));
  }
  if (xml_->forget_cut_off(node, builder(), issues)) return;
  builder().end();
  if (!part_of.empty()) return;
  for (const pugi::xml_node part : node.children("part"))
    read_object(part, name.empty() ? "object" : name);
}

bool VocReader::read_box(pugi::xml_node box, int line) {
  std::array<double, 4> corners{};
  constexpr const char* kNames[] = {"xmin", "ymin", "xmax", "ymax"};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto number = child_number(box, kNames[i]);
    if (!number) {
      builder().issue("annotation/voc-box", Severity::kError,
                      "A box lacks a corner; it is not drawn.", {}, xml_->line(box),
                      std::string("a number in <") + kNames[i] + ">",
                      box.child(kNames[i]) ? in_quotes(child_text(box, kNames[i])) : "none",
                      "write all four of xmin, ymin, xmax and ymax");
      return false;
    }
    corners[i] = *number;
  }
  if (corners[0] > corners[2] || corners[1] > corners[3]) {
    builder().issue(
        "annotation/voc-box-order", Severity::kWarning,
        "A box's least corner is beyond its greatest; they are taken the other way round.", {},
        xml_->line(box), "xmin ≤ xmax and ymin ≤ ymax",
        "x from " + short_number(corners[0]) + " to " + short_number(corners[2]) + ", y from " +
            short_number(corners[1]) + " to " + short_number(corners[3]),
        "swap the values");
    if (corners[0] > corners[2]) std::swap(corners[0], corners[2]);
    if (corners[1] > corners[3]) std::swap(corners[1], corners[3]);
  }
  if (counts_from_one_) corners[0] -= 1, corners[1] -= 1;
  builder().box(corners[0], corners[1], corners[2], corners[3]);
  check_inside(builder(), "annotation/voc-box-outside", corners, frame_, {}, line);
  return true;
}

// roLabelImg: <robndbox> with cx, cy, w, h and an angle in radians, clockwise on the screen.
bool VocReader::read_turned_box(pugi::xml_node box, int line) {
  const auto x = child_number(box, "cx"), y = child_number(box, "cy"),
             width = child_number(box, "w"), height = child_number(box, "h"),
             angle = child_number(box, "angle");
  if (!x || !y || !width || !height || !angle) {
    builder().issue("annotation/voc-box", Severity::kError,
                    "A turned box is not whole; it is not drawn.", {}, line,
                    "<robndbox> with numbers in cx, cy, w, h and angle", "fewer",
                    "write all five of them");
    return true;  // Told: there is no need to miss another box.
  }
  add_part(builder(), PartKind::kRing, turned_box(*x, *y, *width, *height, *angle));
  builder().text("shape", "turned box");
  return true;
}

// Two ways to write one: <x1> <y1> <x2> … (Roboflow), and <pt><x/><y/></pt> … (LabelMe's web tool).
bool VocReader::read_polygon(pugi::xml_node polygon, int line) {
  struct Pair {
    std::optional<double> x, y;
  };
  std::map<std::int64_t, Pair> pairs;
  std::int64_t order = 0;
  for (const pugi::xml_node child : polygon.children()) {
    const std::string_view name = child.name();
    if (name == "pt") pairs[order++] = {child_number(child, "x"), child_number(child, "y")};
    if (name.empty() || (name[0] != 'x' && name[0] != 'y')) continue;
    const auto number = parse_integer(name.substr(1));
    if (number)
      (name[0] == 'x' ? pairs[*number].x : pairs[*number].y) = parse_number(child.child_value());
  }
  std::vector<Vertex> ring;
  for (const auto& [number, pair] : pairs) {
    if (pair.x && pair.y) ring.push_back({*pair.x, *pair.y});
  }
  if (ring.size() < 3) {
    builder().issue("annotation/voc-polygon", Severity::kError,
                    "A polygon has too few vertices; the box is drawn in its place.", {}, line,
                    "<polygon> with 3 or more of x1, y1, x2, y2, …",
                    std::to_string(ring.size()) + " whole vertices",
                    "write the polygon's vertices");
    return false;
  }
  add_part(builder(), PartKind::kRing, ring);
  return true;
}

}  // namespace

int sniff_voc(const Head& head) {
  if (!begins_with_element(head.bytes, "annotation")) return 0;
  const bool boxes = head.bytes.find("<bndbox") != std::string_view::npos ||
                     head.bytes.find("<robndbox") != std::string_view::npos;
  return boxes ? 95 : 70;
}

std::unique_ptr<Reader> make_voc(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<VocReader>(options, builder);
}

}  // namespace mifa::annotation
