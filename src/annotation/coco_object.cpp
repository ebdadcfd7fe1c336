#include "annotation/coco_object.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "annotation/curves.h"
#include "annotation/rle.h"
#include "annotation/text_values.h"

namespace mifa::annotation {

namespace {

using Element = simdjson::dom::element;

// All numbers of an array; nothing if it is none or has others. Null, as NaN is read, counts as
// NaN, which the builder drops and tells.
std::optional<std::vector<double>> numbers_of(Element value) {
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return std::nullopt;
  std::vector<double> numbers;
  numbers.reserve(array.size());
  for (const Element item : array) {
    const auto number = json_number(item);
    if (!number && !item.is_null()) return std::nullopt;
    numbers.push_back(number.value_or(std::nan("")));
  }
  return numbers;
}

bool all_finite(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double v) { return std::isfinite(v); });
}

}  // namespace

void CocoObject::tell(const char* rule, Severity severity, const char* message,
                      std::string expected, std::string received, const char* fix,
                      const char* member) {
  builder_.issue(rule, severity, message, pointer_ + member, line_, std::move(expected),
                 std::move(received), fix);
}

CocoShape CocoObject::read(const CocoCategory* category) {
  if (category) {
    builder_.category(category->index);
    if (!category->supercategory.empty()) builder_.text("supercategory", category->supercategory);
  }
  const bool segmented = read_segmentation();
  read_box(!segmented);
  read_keypoints(category);
  check_area();
  read_properties();
  return shape_;
}

bool CocoObject::read_segmentation() {
  const auto segmentation = json_member(value_, "segmentation");
  if (!segmentation) return false;
  simdjson::dom::array polygons;
  if (segmentation->is_object()) return read_runs(*segmentation);
  if (segmentation->get(polygons) == simdjson::SUCCESS) return read_polygons(polygons);
  tell("annotation/coco-segmentation", Severity::kError,
       "A segmentation cannot be read; the box is drawn.",
       "a list of polygons, or an object with size and counts", json_described(*segmentation),
       "write the object's outline as polygons or run lengths", "/segmentation");
  return false;
}

bool CocoObject::read_polygons(simdjson::dom::array polygons) {
  bool drawn = false;
  double area = 0;
  for (const Element polygon : polygons) {
    const auto numbers = numbers_of(polygon);
    if (!numbers || numbers->size() % 2 != 0 || numbers->size() < 6) {
      tell("annotation/coco-polygon", Severity::kError, "A polygon cannot be drawn.",
           "x and y of 3 or more vertices in one list: [x1, y1, x2, y2, x3, y3, …]",
           numbers ? std::to_string(numbers->size()) + " numbers" : json_described(polygon),
           "write both coordinates of every vertex", "/segmentation");
      if (polygon.is_number()) break;  // A polygon that is not in a list.
      continue;
    }
    std::vector<Vertex> ring;
    for (std::size_t i = 0; i < numbers->size(); i += 2)
      ring.push_back({(*numbers)[i], (*numbers)[i + 1]});
    add_part(builder_, PartKind::kRing, ring);
    drawn = true;
    if (!all_finite(*numbers)) continue;
    area += ring_area(ring);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vertex& next = ring[i + 1 == ring.size() ? 0 : i + 1];
      outline_ += std::hypot(next.x - ring[i].x, next.y - ring[i].y);
    }
  }
  if (!drawn) return false;
  shape_ = CocoShape::kPolygons;
  drawn_area_ = area;
  return true;
}

bool CocoObject::read_runs(Element value) {
  const auto fail_by = [&](const Error& error) {
    const auto [expected, received] = mismatch_of(error);
    tell("annotation/coco-rle", Severity::kError, "Run lengths cannot be drawn; the box is.",
         expected, received, "encode the mask again, with pycocotools for instance",
         "/segmentation");
    return false;
  };
  const auto fail = [&](const std::string& received) {
    return fail_by(
        {ErrorCode::kFixData,
         "expected \"size\": [height, width] and \"counts\", as a text or a list of whole numbers"
         ", received " +
             received});
  };
  const auto size_member = json_member(value, "size");
  const auto size = size_member ? numbers_of(*size_member) : std::nullopt;
  if (!size || size->size() != 2)
    return fail(size_member ? json_described(*size_member) + " as size" : "no size");
  RunLengths runs;
  constexpr double kMost = 1e9;  // of a side: exact as an integer
  runs.height = static_cast<std::int64_t>(
      std::clamp(std::isfinite((*size)[0]) ? (*size)[0] : -1, -1.0, kMost));
  runs.width = static_cast<std::int64_t>(
      std::clamp(std::isfinite((*size)[1]) ? (*size)[1] : -1, -1.0, kMost));
  const auto counts = json_member(value, "counts");
  std::string_view text;
  if (counts && counts->get(text) == simdjson::SUCCESS) {
    auto decoded = decode_counts(text);
    if (!decoded) return fail_by(decoded.error());
    runs.counts = std::move(*decoded);
  } else {
    const auto numbers = counts ? numbers_of(*counts) : std::nullopt;
    if (!numbers) return fail(counts ? json_described(*counts) + " as counts" : "no counts");
    for (const double number : *numbers) {
      if (number != std::floor(number)) return fail(short_number(number) + " among the counts");
      runs.counts.push_back(static_cast<std::int64_t>(std::clamp(number, -1.0, 1e15)));
    }
  }
  if (const Status sound = check_runs(runs); !sound) return fail_by(sound.error());
  if (image_.size.width > 0 && image_.size.height > 0 &&
      (static_cast<double>(runs.width) != image_.size.width ||
       static_cast<double>(runs.height) != image_.size.height)) {
    tell("annotation/coco-rle-size", Severity::kError, "A mask has not the size of its image.",
         "[" + short_number(image_.size.height) + ", " + short_number(image_.size.width) +
             "] (height, width)",
         "[" + std::to_string(runs.height) + ", " + std::to_string(runs.width) + "]",
         "encode the mask of the whole image, height first", "/segmentation/size");
  }
  add_outline(builder_, trace_outline(runs));
  shape_ = CocoShape::kRuns;
  drawn_area_ = static_cast<double>(runs.area());
  return true;
}

void CocoObject::read_box(bool draw) {
  const auto member = json_member(value_, "bbox");
  if (!member) return;
  const auto box = numbers_of(*member);
  if (box && box->empty()) return;  // as cocoapi writes captions' and labels'
  if (!box || box->size() != 4 || !all_finite(*box)) {
    tell("annotation/coco-bbox", Severity::kError, "A box cannot be drawn.",
         "[x, y, width, height]",
         box ? std::to_string(box->size()) + " numbers"
             : json_described(*member) + " that are no numbers",
         "write the box's upper left corner and its size", "/bbox");
    return;
  }
  const double x = (*box)[0], y = (*box)[1], width = (*box)[2], height = (*box)[3];
  if (width <= 0 || height <= 0) {
    tell("annotation/coco-bbox-size", Severity::kWarning, "A box has no size.",
         "a width and a height above 0", short_number(width) + " × " + short_number(height),
         "write [x, y, width, height], not the corners; remove boxes of nothing", "/bbox");
  }
  check_inside(builder_, "annotation/coco-bbox-outside",
               {std::min(x, x + width), std::min(y, y + height), std::max(x, x + width),
                std::max(y, y + height)},
               image_.size, pointer_ + "/bbox", line_);
  if (!draw) return;
  builder_.box(x, y, x + width, y + height);
  shape_ = CocoShape::kBox;
}

// x, y and visibility of each: 0 not labelled, 1 labelled but hidden, 2 visible.
void CocoObject::read_keypoints(const CocoCategory* category) {
  const auto member = json_member(value_, "keypoints");
  if (!member) return;
  const auto numbers = numbers_of(*member);
  const std::size_t named = category ? category->keypoints.size() : 0;
  if (!numbers || numbers->size() % 3 != 0 || (named > 0 && numbers->size() != 3 * named)) {
    tell("annotation/coco-keypoints", Severity::kError, "Keypoints do not fit their category.",
         named > 0 ? "x, y and visibility of " + std::to_string(named) + " keypoints"
                   : std::string("x, y and visibility of each keypoint"),
         numbers ? std::to_string(numbers->size()) + " numbers" : json_described(*member),
         "write three numbers a keypoint, zeros for those not labelled", "/keypoints");
    if (!numbers) return;
  }
  // Boxes and outlines are measured from the first pixel's corner, keypoints name pixels, from 0:
  // their centres are half a pixel further (detectron2, data/datasets/coco.py, adds the same half).
  const auto count = static_cast<int>(numbers->size() / 3);
  const auto at = [&](int i, int part) {
    return (*numbers)[static_cast<std::size_t>(3 * i + part)];
  };
  const auto labelled = [&](int i) { return i >= 0 && i < count && at(i, 2) > 0; };
  if (category) {
    for (const auto& [from, to] : category->skeleton) {
      if (!labelled(from) || !labelled(to)) continue;
      builder_.part(PartKind::kLine);
      builder_.vertex(at(from, 0) + 0.5, at(from, 1) + 0.5);
      builder_.vertex(at(to, 0) + 0.5, at(to, 1) + 0.5);
    }
  }
  std::string names;
  for (int i = 0; i < count; ++i) {
    if (!labelled(i)) continue;
    builder_.point(at(i, 0) + 0.5, at(i, 1) + 0.5);
    if (static_cast<std::size_t>(i) >= named) continue;
    names += (names.empty() ? "" : ", ") + category->keypoints[static_cast<std::size_t>(i)];
    if (at(i, 2) == 1) names += " (hidden)";
  }
  if (!names.empty()) builder_.text("keypoints", names);
}

void CocoObject::check_area() {
  const auto area = json_number(value_, "area");
  if (!area || !drawn_area_) return;
  // A polygon's pixels differ from its area by half of its outline at most.
  const double slack = 1 + 0.5 * outline_ + 0.05 * std::max(*area, *drawn_area_);
  if (std::abs(*area - *drawn_area_) <= slack) return;
  tell("annotation/coco-area", Severity::kWarning, "The area said is not that of the shape.",
       short_number(*drawn_area_) + ", the shape's", short_number(*area),
       "write the segmentation's area in pixels, not the box's", "/area");
}

void CocoObject::read_properties() {
  simdjson::dom::object object;
  if (value_.get(object) != simdjson::SUCCESS) return;
  for (const auto& [key, value] : object) {
    if (key == "segmentation" || key == "bbox" || key == "keypoints" || key == "image_id" ||
        key == "category_id") {
      continue;
    }
    if (key == "id") builder_.column("id", ColumnType::kInteger, Role::kId);
    if (key == "score") builder_.column("score", ColumnType::kNumber, Role::kScore);
    if (key == "caption") builder_.column("caption", ColumnType::kText, Role::kLabel);
    simdjson::dom::object nested;
    if (key == "attributes" && value.get(nested) == simdjson::SUCCESS) {
      for (const auto& [name, attribute] : nested) {
        add_json_value(builder_, "attributes." + std::string(name), attribute);
      }
      continue;
    }
    add_json_value(builder_, key, value);
  }
}

}  // namespace mifa::annotation
