// YOLO labels (docs.ultralytics.com, "Datasets"; Darknet): a text file an image, a line an object,
// its class and then numbers from 0 to 1 over the image's width and height:
//   class x y width height [confidence]        a box by its middle
//   class x1 y1 x2 y2 x3 y3 x4 y4 [confidence] an oriented box (or a segment of four vertices: the
//   same) class x1 y1 x2 y2 x3 y3 …     [confidence] a segment class x y width height px py
//   [visibility] … a box with keypoints
//
// Where (0, 0) is: a box over the whole image has its middle at 0.5 and the width 1, so 0 and 1 are
// the image's edges: the corner of the first pixel.

#include <algorithm>
#include <cmath>
#include <set>

#include "annotation/image_choice.h"
#include "annotation/readers.h"
#include "annotation/text_values.h"
#include "annotation/yolo_names.h"

namespace mifa::annotation {

namespace {

constexpr double kRounding = 1e-3;  // beyond 0 and 1: written with three digits

class YoloReader final : public WholeFileReader {
 public:
  YoloReader(const ReadOptions& options, LayerBuilder& builder)
      : WholeFileReader(options, builder), names_(find_names(options.companions)) {}

 private:
  Status read(std::string_view text) override;
  void read_line(std::string_view line);
  std::optional<std::int64_t> read_class(std::string_view text);
  void read_numbers(std::vector<double> numbers);
  bool has_keypoints(const std::vector<double>& numbers);
  void read_keypoints(const std::vector<double>& numbers);
  void check_range(const std::vector<double>& numbers, std::size_t count);
  void tell(const char* rule, Severity severity, const char* message, std::string expected,
            std::string received, const char* fix);

  YoloNames names_;
  std::set<std::int64_t> unnamed_;
  std::uint32_t ordinal_ = 0;
  int line_ = 0;
  int first_box_ = 0, first_polygon_ = 0;  // lines
  bool pose_told_ = false;
};

Status YoloReader::read(std::string_view text) {
  builder().layer().space.unit = Space::Unit::kNormalized;
  for (const auto& [index, name] : names_.names)
    builder().define_category(name, std::to_string(index));
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++line_;
    if (const std::string_view line = stripped(text.substr(0, end)); !line.empty()) read_line(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (first_box_ > 0 && first_polygon_ > 0) {
    line_ = std::max(first_box_, first_polygon_);
    tell("annotation/yolo-mixed", Severity::kWarning,
         "The file has boxes and polygons; trainers take one of them only.", "lines of one kind",
         "a box in line " + std::to_string(first_box_) + ", a polygon in line " +
             std::to_string(first_polygon_),
         "keep boxes and segments in files of their own");
  }
  return Success{};
}

void YoloReader::tell(const char* rule, Severity severity, const char* message,
                      std::string expected, std::string received, const char* fix) {
  builder().issue(rule, severity, message, {}, line_, std::move(expected), std::move(received),
                  fix);
}

void YoloReader::read_line(std::string_view line) {
  const std::size_t space = std::min(line.find_first_of(" \t"), line.size());
  const auto index = read_class(line.substr(0, space));
  if (!index) return;
  const NumberList list = parse_numbers(line.substr(space), "");
  if (!list.bad.empty() || list.numbers.size() < 4) {
    tell("annotation/yolo-line", Severity::kError, "A line is no object; it is left out.",
         "a class and 4 or more numbers",
         !list.bad.empty() ? in_quotes(list.bad) + " among them"
                           : std::to_string(list.numbers.size()) + " numbers after the class",
         "write: class x y width height");
    return;
  }
  if (!builder().begin(ordinal_++, static_cast<std::uint32_t>(line_))) return;
  const std::string id = std::to_string(*index);
  const auto known = builder().category_with_id(id);
  builder().category(known ? *known : builder().define_category(id, id));
  read_numbers(list.numbers);
  builder().end();
}

std::optional<std::int64_t> YoloReader::read_class(std::string_view text) {
  // Some tools write every number as a fraction: "3.0".
  const auto number = parse_number(text);
  if (!number || *number < 0 || *number != std::floor(*number) || *number > 1e9) {
    tell("annotation/yolo-class", Severity::kError,
         "A line does not begin with a class; it is left out.", "a whole number of 0 or more",
         in_quotes(text), "write: class x y width height");
    return std::nullopt;
  }
  const auto index = static_cast<std::int64_t>(*number);
  if (!names_.names.contains(index) && unnamed_.insert(index).second) {
    if (!names_.file.empty()) {
      tell("annotation/yolo-class-unnamed", Severity::kWarning, "A class has no name.",
           "a name for class " + std::to_string(index) + " in " + names_.file,
           std::to_string(names_.names.size()) + " names", "name the class, or correct its number");
    } else if (unnamed_.size() == 1) {
      tell("annotation/yolo-no-names", Severity::kInfo, "The classes have numbers, but no names.",
           "classes.txt, obj.names or data.yaml beside the labels", "none",
           "give the file with the names along with the labels");
    }
  }
  return index;
}

void YoloReader::read_numbers(std::vector<double> numbers) {
  const auto confidence = [&] {
    builder().column("confidence", ColumnType::kNumber, Role::kScore);
    builder().number("confidence", numbers.back());
    numbers.pop_back();
  };
  if (numbers.size() == 5) confidence();
  const bool keypoints = has_keypoints(numbers);
  if (numbers.size() == 4 || keypoints) {
    check_range(numbers, 4);
    if (numbers[2] <= 0 || numbers[3] <= 0) {
      tell("annotation/yolo-size", Severity::kError, "A box has no size.",
           "a width and a height above 0",
           short_number(numbers[2]) + " × " + short_number(numbers[3]),
           "remove the box, or correct it");
    }
    const double x = numbers[0], y = numbers[1], w = std::abs(numbers[2]) / 2,
                 h = std::abs(numbers[3]) / 2;
    builder().box(x - w, y - h, x + w, y + h);
    if (keypoints) read_keypoints(numbers);
    if (first_box_ == 0) first_box_ = line_;
    return;
  }
  const bool whole = numbers.size() % 2 == 0;
  if (!whole) confidence();
  check_range(numbers, numbers.size());
  builder().part(PartKind::kRing);
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
    builder().vertex(numbers[i], numbers[i + 1]);
  if (numbers.size() == 8) builder().text("shape", "oriented box");
  if (first_polygon_ == 0) first_polygon_ = line_;
}

// By data.yaml if it says so; otherwise a line whose every third number, and no other, is 0, 1 or 2
// and whose keypoints lie in its box.
bool YoloReader::has_keypoints(const std::vector<double>& numbers) {
  if (names_.keypoints > 0) {
    const auto expected = static_cast<std::size_t>(4 + names_.keypoints * names_.keypoint_values);
    return numbers.size() == expected || numbers.size() == expected + 1;
  }
  if (numbers.size() < 7 || (numbers.size() - 4) % 3 != 0) return false;
  const double w = numbers[2] / 2 + kRounding, h = numbers[3] / 2 + kRounding;
  bool seen = false;
  for (std::size_t i = 4; i < numbers.size(); i += 3) {
    const double visibility = numbers[i + 2];
    if (visibility != 0 && visibility != 1 && visibility != 2) return false;
    if (visibility == 0) continue;
    seen = true;
    if (std::abs(numbers[i] - numbers[0]) > w || std::abs(numbers[i + 1] - numbers[1]) > h)
      return false;
  }
  return seen;
}

void YoloReader::read_keypoints(const std::vector<double>& numbers) {
  const std::size_t values =
      names_.keypoints > 0 ? static_cast<std::size_t>(names_.keypoint_values) : 3;
  std::int64_t labelled = 0;
  for (std::size_t i = 4; i + values <= numbers.size(); i += values) {
    if (values == 3 && numbers[i + 2] == 0) continue;
    builder().point(numbers[i], numbers[i + 1]);
    ++labelled;
  }
  builder().integer("keypoints", labelled);
  if (pose_told_ || names_.keypoints > 0) return;
  pose_told_ = true;
  tell("annotation/yolo-keypoints", Severity::kInfo,
       "Lines are taken for boxes with keypoints, by their visibilities.",
       "kpt_shape in a data.yaml", "none", "give data.yaml along with the labels");
}

void YoloReader::check_range(const std::vector<double>& numbers, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (numbers[i] >= -kRounding && numbers[i] <= 1 + kRounding) continue;
    tell("annotation/yolo-range", Severity::kError, "A coordinate is not relative to the image.",
         "numbers from 0 to 1 over the image's width and height", short_number(numbers[i]),
         "divide x by the image's width and y by its height");
    return;
  }
}

}  // namespace

int sniff_yolo(const Head& head) {
  std::string_view text = head.bytes;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const bool named = ends_with_word(head.name, ".txt");
  if (stripped(text).empty()) return head.complete && named ? 10 : 0;  // an image without objects
  int lines = 0, relative = 0;
  while (!text.empty() && lines < 50) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && !head.complete && lines > 0)
      break;  // cut by the head's end
    const std::string_view line = stripped(text.substr(0, std::min(end, text.size())));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    ++lines;
    const NumberList list = parse_numbers(line, "");
    if (!list.bad.empty() || list.numbers.size() < 5) return 0;
    const double index = list.numbers[0];
    if (index < 0 || index != std::floor(index)) return 0;
    relative += std::all_of(list.numbers.begin() + 1, list.numbers.end(),
                            [](double v) { return v >= -0.5 && v <= 2; });
  }
  if (lines == 0 || relative * 2 < lines) return lines > 0 && named ? 15 : 0;
  return named ? 85 : 60;
}

std::unique_ptr<Reader> make_yolo(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<YoloReader>(options, builder);
}

}  // namespace mifa::annotation
