#include "annotation/via_region.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "annotation/curves.h"
#include "annotation/text_values.h"

namespace mifa::annotation {

namespace {

using Element = simdjson::dom::element;

// How many numbers each figure has, in the order of their names.
struct Figure {
  const char* name;
  std::vector<const char*> members;
};
const std::vector<Figure>& figures() {
  static const std::vector<Figure> kFigures = {{"rect", {"x", "y", "width", "height"}},
                                               {"circle", {"cx", "cy", "r"}},
                                               {"ellipse", {"cx", "cy", "rx", "ry"}},
                                               {"point", {"cx", "cy"}}};
  return kFigures;
}

// Checkbox attributes are objects of choices: the first that is true.
std::string value_text(Element value) {
  simdjson::dom::object choices;
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(stripped(text));
  if (value.get(choices) == simdjson::SUCCESS) {
    for (const auto& [name, chosen] : choices) {
      bool truth = false;
      if (chosen.get(truth) == simdjson::SUCCESS && truth) return std::string(name);
    }
    return {};
  }
  return value.is_null() ? std::string() : json_described(value);
}

}  // namespace

bool is_class_name(std::string_view name) {
  for (const char* known :
       {"class", "label", "category", "type", "name", "object", "class_name", "classname"}) {
    if (equal_ignoring_case(name, known)) return true;
  }
  return false;
}

void ViaRegion::fail(std::string received) {
  builder_.issue(
      "annotation/via-shape", Severity::kError, "A region cannot be drawn.", pointer_, line_,
      "rect (x, y, width, height), circle (cx, cy, r), ellipse (cx, cy, rx, ry), point (cx, cy), "
      "polygon or polyline (all_points_x, all_points_y)",
      std::move(received), "draw the region again");
}

void ViaRegion::draw(Element shape) {
  std::string_view kind = json_text(shape, "name").value_or("");
  if (kind == "polygon" || kind == "polyline") {
    std::vector<double> numbers;
    simdjson::dom::array xs, ys;
    const auto x_member = json_member(shape, "all_points_x"),
               y_member = json_member(shape, "all_points_y");
    if (!x_member || !y_member || x_member->get(xs) != simdjson::SUCCESS ||
        y_member->get(ys) != simdjson::SUCCESS || xs.size() != ys.size()) {
      return fail(std::string(kind) +
                  " whose all_points_x and all_points_y are not as long as one another");
    }
    auto y = ys.begin();
    for (const Element x : xs) {
      const auto a = json_number(x), b = json_number(*y);
      ++y;
      if (!a || !b)
        return fail(std::string(kind) + " with " + json_described(a ? *y_member : x) +
                    " among its points");
      numbers.insert(numbers.end(), {*a, *b});
    }
    return draw_vertices(kind, numbers);
  }
  for (const Figure& figure : figures()) {
    if (kind != figure.name) continue;
    std::vector<double> numbers;
    for (const char* member : figure.members) {
      const auto number = json_number(shape, member);
      if (!number) return fail(std::string(kind) + " without a number as " + member);
      numbers.push_back(*number);
    }
    return draw_figure(kind, numbers, json_number(shape, "theta").value_or(0));
  }
  fail(kind.empty() ? "a region without a shape's name" : in_quotes(kind));
}

void ViaRegion::draw_numbers(Element xy) {
  simdjson::dom::array array;
  std::vector<double> numbers;
  if (xy.get(array) != simdjson::SUCCESS) return fail(json_described(xy));
  for (const Element item : array) {
    const auto number = json_number(item);
    if (!number) return fail(json_described(item) + " among the numbers");
    numbers.push_back(*number);
  }
  if (numbers.empty()) return;  // about a whole file, or a stretch of time
  const double shape = numbers.front();
  numbers.erase(numbers.begin());
  // _via_metadata.js of VIA 3.
  constexpr const char* kNames[] = {"",         "point",    "rect",    "circle", "ellipse",
                                    "polyline", "polyline", "polygon", "rect",   "circle"};
  constexpr std::size_t kNeeded[] = {0, 2, 4, 3, 4, 4, 4, 6, 4, 3};
  const auto index =
      shape >= 1 && shape <= 9 && shape == std::floor(shape) ? static_cast<std::size_t>(shape) : 0;
  if (index == 0 || numbers.size() < kNeeded[index]) {
    return fail("shape " + short_number(shape) + " with " + std::to_string(numbers.size()) +
                " numbers");
  }
  const std::string_view kind = kNames[index];
  if (kind == "polyline" || kind == "polygon")
    draw_vertices(kind, numbers);
  else
    draw_figure(kind, numbers, 0);
}

void ViaRegion::draw_figure(std::string_view kind, const std::vector<double>& numbers,
                            double theta) {
  const double x = numbers[0], y = numbers[1];
  std::array<double, 4> box = {x, y, x, y};
  if (kind == "rect") {
    box = {x, y, x + numbers[2], y + numbers[3]};
    builder_.box(box[0], box[1], box[2], box[3]);
  } else if (kind == "point") {
    builder_.point(x, y);
  } else {
    const double rx = numbers[2], ry = kind == "circle" ? rx : numbers[3];
    add_part(builder_, PartKind::kRing, ellipse_ring(x, y, rx, ry, theta));
    builder_.text("shape", kind);
    if (theta == 0) box = {x - rx, y - ry, x + rx, y + ry};
  }
  check_inside(builder_, "annotation/via-outside", box, frame_, pointer_, line_);
}

void ViaRegion::draw_vertices(std::string_view kind, const std::vector<double>& numbers) {
  builder_.part(kind == "polygon" ? PartKind::kRing : PartKind::kLine);
  std::array<double, 4> box = {1e300, 1e300, -1e300, -1e300};
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    const double x = numbers[i], y = numbers[i + 1];
    builder_.vertex(x, y);
    box = {std::min(box[0], x), std::min(box[1], y), std::max(box[2], x), std::max(box[3], y)};
  }
  if (numbers.size() > 1)
    check_inside(builder_, "annotation/via-outside", box, frame_, pointer_, line_);
}

void ViaRegion::classify(Element attributes, std::string_view class_attribute) {
  simdjson::dom::object object;
  if (attributes.get(object) != simdjson::SUCCESS) return;
  std::string_view chosen = class_attribute;
  if (chosen.empty() && object.size() == 1) chosen = (*object.begin()).key;
  for (const auto& [name, value] : object) {
    if (chosen.empty() && is_class_name(name)) chosen = name;
  }
  for (const auto& [name, value] : object) add_attribute(name, value_text(value), name == chosen);
}

void ViaRegion::add_attribute(std::string_view name, std::string_view value, bool is_class) {
  if (value.empty()) return;
  if (is_class)
    builder_.category(value);
  else
    add_value(builder_, name, value);
}

}  // namespace mifa::annotation
