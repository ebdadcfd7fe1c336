// COCO (cocodataset.org, "Data format" and "Results format"): many images' annotations in one file.
// Only those of the open image become objects; of the others nothing but the image's id is looked
// at.
//
// Where (0, 0) is: "measured from the top left image corner"; cocoapi's rleFrPoly() fills pixel (0,
// 0) for a polygon from 0 to 1. So boxes and polygons are from the corner of the first pixel, run
// lengths fill whole pixels, and keypoints are pixels: see coco_object.cpp.

#include <set>
#include <unordered_map>
#include <unordered_set>

#include "annotation/coco_object.h"
#include "annotation/readers.h"
#include "annotation/text_values.h"

namespace mifa::annotation {

namespace {

using Element = simdjson::dom::element;

// Whether a name ends in an id: "COCO_val2014_000000000042.jpg" in 42.
bool ends_in_id(std::string_view name, std::string_view id) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  name = name.substr(0, name.find('.'));
  const std::size_t last = name.find_last_not_of("0123456789");
  std::string_view digits = last == std::string_view::npos ? name : name.substr(last + 1);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return !digits.empty() && digits == id;
}

class CocoReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view text) override;
  Status read_lists(JsonPieces& pieces, JsonWalk root);
  void read_images(JsonPieces& pieces, JsonWalk& list);
  void read_categories(JsonPieces& pieces, JsonWalk& list);
  void read_keypoint_names(Element value, CocoCategory& category, const std::string& pointer,
                           int line);
  void find_image_ids(JsonPieces& pieces, std::size_t begin);
  void choose();
  bool is_here(std::size_t index) const;
  Status read_annotations(JsonPieces& pieces, std::size_t begin);
  void read_annotation(JsonPieces& pieces, const JsonWalk& item);
  const CocoCategory* category_of(Element value, const std::string& pointer, int line);
  void check_id(Element value, const std::string& pointer, int line);

  std::vector<CocoImage> images_;
  std::unordered_map<std::string, std::size_t> image_index_;
  std::optional<std::size_t> chosen_;
  CocoCategories categories_;
  std::unordered_set<std::int64_t> ids_;
  std::size_t annotations_begin_ = std::string_view::npos;
  bool results_ = false;
  bool runs_ = false, others_ = false;  // what was drawn
  bool panoptic_ = false;
};

Status CocoReader::read(std::string_view text) {
  JsonPieces pieces(text, builder());
  std::size_t begin = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  const JsonWalk root(text, begin);
  if (!root.is_array() && !root.is_object()) {
    return Error{ErrorCode::kFixData,
                 "expected a JSON object or array in " + options().file + ", received " +
                     (text.empty() ? "an empty file" : in_quotes(text.substr(0, 20)))};
  }
  results_ = root.is_array();
  builder().layer().pointer_before = results_ ? "/" : "/annotations/";
  if (results_) {
    annotations_begin_ = begin;
    find_image_ids(pieces, begin);
  } else if (Status status = read_lists(pieces, root); !status) {
    return status;
  }
  choose();
  if (annotations_begin_ == std::string_view::npos) {
    builder().issue("annotation/coco-no-annotations", Severity::kWarning,
                    "The file has no annotations.", {}, 0, "\"annotations\": […]", "none",
                    "export the annotations along with the images");
    return Success{};
  }
  const Status status = read_annotations(pieces, annotations_begin_);
  if (runs_ && !others_) builder().set_kind(LayerKind::kMasks);
  return status;
}

// The lists may stand in any order: annotations are only passed over here.
Status CocoReader::read_lists(JsonPieces& pieces, JsonWalk root) {
  while (root.next(true)) {
    JsonWalk list(pieces.text(), root.begin());
    const bool known = list.is_array();
    if (known && root.key() == "images") {
      read_images(pieces, list);
    } else if (known && root.key() == "categories") {
      read_categories(pieces, list);
    } else if (list.is_array() || list.is_object()) {
      if (known && root.key() == "annotations") annotations_begin_ = root.begin();
      while (list.next()) {
      }
    } else {
      continue;  // a scalar: next() has passed it
    }
    root.resume(list);
  }
  pieces.tell_fault(root, {});
  return Success{};
}

void CocoReader::read_images(JsonPieces& pieces, JsonWalk& list) {
  while (list.next()) {
    const std::string pointer = "/images/" + std::to_string(list.ordinal());
    pieces.tell_fault(list, "/images");
    const auto value = pieces.parse(list.begin(), list.end(), pointer);
    if (!value) continue;
    CocoImage image;
    image.id = json_id(*value, "id");
    image.name = json_text(*value, "file_name").value_or("");
    image.size = {json_number(*value, "width").value_or(0),
                  json_number(*value, "height").value_or(0)};
    for (const char* member : {"frame_index", "frame_id"}) {
      if (!image.frame) image.frame = json_number(*value, member);
    }
    if (image.id.empty() || !image_index_.emplace(image.id, images_.size()).second) {
      builder().issue("annotation/coco-image-id", Severity::kError,
                      "An image has no id of its own.", pointer, pieces.line(list.begin()),
                      "an id that no other image has", image.id.empty() ? "none" : image.id,
                      "number the images");
    }
    images_.push_back(std::move(image));
  }
  pieces.tell_fault(list, "/images");
}

void CocoReader::read_categories(JsonPieces& pieces, JsonWalk& list) {
  while (list.next()) {
    const std::string pointer = "/categories/" + std::to_string(list.ordinal());
    pieces.tell_fault(list, "/categories");
    const auto value = pieces.parse(list.begin(), list.end(), pointer);
    if (!value) continue;
    const std::string id = json_id(*value, "id");
    const std::string name(json_text(*value, "name").value_or(""));
    if (id.empty() || name.empty() || categories_.contains(id)) {
      builder().issue("annotation/coco-category", Severity::kError,
                      "A category lacks a name, or an id of its own.", pointer,
                      pieces.line(list.begin()), "a name and an id that no other category has",
                      "id " + (id.empty() ? "none" : id) + ", name " + in_quotes(name),
                      "number and name the categories");
      if (id.empty() || categories_.contains(id)) continue;
    }
    CocoCategory category;
    category.index = builder().define_category(name.empty() ? id : name, id);
    category.supercategory = json_text(*value, "supercategory").value_or("");
    if (category.supercategory == name || category.supercategory == "none")
      category.supercategory.clear();
    read_keypoint_names(*value, category, pointer, pieces.line(list.begin()));
    categories_.emplace(id, std::move(category));
  }
  pieces.tell_fault(list, "/categories");
}

void CocoReader::read_keypoint_names(Element value, CocoCategory& category,
                                     const std::string& pointer, int line) {
  simdjson::dom::array names, edges;
  if (const auto member = json_member(value, "keypoints");
      member && member->get(names) == simdjson::SUCCESS) {
    for (const Element name : names) {
      std::string_view text;
      if (name.get(text) == simdjson::SUCCESS) category.keypoints.emplace_back(text);
    }
  }
  const auto member = json_member(value, "skeleton");
  if (!member || member->get(edges) != simdjson::SUCCESS) return;
  // The specification counts keypoints from 1; some tools count from 0.
  std::int64_t least = 1;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const Element edge : edges) {
    std::int64_t from = 0, to = 0;
    if (edge.at(0).get(from) != simdjson::SUCCESS || edge.at(1).get(to) != simdjson::SUCCESS) {
      builder().issue("annotation/coco-skeleton", Severity::kWarning,
                      "A line of a skeleton cannot be read.", pointer + "/skeleton", line,
                      "two numbers of keypoints", json_described(edge),
                      "write each line as [from, to]");
      continue;
    }
    least = std::min({least, from, to});
    pairs.emplace_back(from, to);
  }
  for (const auto& [from, to] : pairs) {
    if (std::min(from, to) - least < 0 || std::max(from, to) - least > 1'000'000) continue;
    category.skeleton.emplace_back(static_cast<int>(from - least), static_cast<int>(to - least));
  }
}

// A results file lists no images. What is wrong is told when the annotations are read.
void CocoReader::find_image_ids(JsonPieces& pieces, std::size_t begin) {
  JsonWalk list(pieces.text(), begin);
  while (list.next()) {
    const auto value = pieces.parse_quietly(list.begin(), list.end());
    if (!value || !value->is_object()) continue;
    const std::string id = json_id(*value, "image_id");
    if (id.empty() || !image_index_.emplace(id, images_.size()).second) continue;
    images_.push_back({id, id, {}, std::nullopt});
  }
}

void CocoReader::choose() {
  std::vector<std::string> names;
  for (const CocoImage& image : images_)
    names.push_back(image.name.empty() ? image.id : image.name);
  ImageChoice choice = choose_image(names, options().image);
  if (!choice.index || choice.agreement == 0) {
    for (std::size_t i = 0; i < images_.size() && choice.agreement == 0; ++i) {
      for (const std::string& open : options().image.names) {
        if (open == images_[i].id || (results_ && ends_in_id(open, images_[i].id)))
          choice = {i, 1, false};
      }
    }
  }
  tell_choice(builder(), names, options().image, choice);
  chosen_ = choice.index;
  if (!chosen_) return;
  Frame& size = images_[*chosen_].size;
  check_image_size(builder(), options().image, size.width, size.height,
                   "/images/" + std::to_string(*chosen_), 0);
  if (size.width <= 0 || size.height <= 0) {
    size = {static_cast<double>(options().image.width),
            static_cast<double>(options().image.height)};
  }
}

// The chosen image, or another frame of it: a film's frames may have one file and a number each.
bool CocoReader::is_here(std::size_t index) const {
  if (!chosen_ || index == *chosen_) return chosen_.has_value();
  const CocoImage &image = images_[index], &chosen = images_[*chosen_];
  return image.frame && chosen.frame && !chosen.name.empty() && image.name == chosen.name;
}

Status CocoReader::read_annotations(JsonPieces& pieces, std::size_t begin) {
  JsonWalk list(pieces.text(), begin);
  const std::string pointer = results_ ? "" : "/annotations";
  while (list.next() && !panoptic_) {
    pieces.tell_fault(list, pointer);
    read_annotation(pieces, list);
  }
  if (panoptic_) {
    return Error{ErrorCode::kUnsupported,
                 "expected COCO objects, captions or results in " + options().file +
                     ", received COCO panoptic segments (\"segments_info\"), whose shapes are in "
                     "PNG files beside "
                     "it; open those PNGs as masks"};
  }
  pieces.tell_fault(list, pointer);
  return Success{};
}

void CocoReader::read_annotation(JsonPieces& pieces, const JsonWalk& item) {
  const std::string pointer = builder().layer().pointer_before + std::to_string(item.ordinal());
  const auto value = pieces.parse(item.begin(), item.end(), pointer);
  if (!value) return;
  const int line = pieces.line(item.begin());
  if (!value->is_object()) {
    builder().issue("annotation/coco-annotation", Severity::kError, "An annotation is no object.",
                    pointer, line, "an object with image_id and category_id",
                    json_described(*value), "remove it");
    return;
  }
  panoptic_ = panoptic_ || json_member(*value, "segments_info").has_value();
  if (panoptic_) return;
  check_id(*value, pointer, line);
  const std::string image_id = json_id(*value, "image_id");
  const auto image = image_index_.find(image_id);
  if (image == image_index_.end() && (!images_.empty() || image_id.empty())) {
    builder().issue("annotation/coco-image-unknown", Severity::kError,
                    "An annotation is of an image that the file does not list.",
                    pointer + "/image_id", line,
                    "the id of one of " + std::to_string(images_.size()) + " images",
                    image_id.empty() ? "none" : image_id, "list the image, or correct the id");
  }
  // A file with one image means it, whatever the id; one that lists none speaks of one.
  const bool here = image != image_index_.end() ? is_here(image->second) : images_.size() <= 1;
  if (!here) {
    ++builder().layer().elsewhere;
    return;
  }
  if (!builder().begin(item.ordinal(), static_cast<std::uint32_t>(line))) return;
  static const CocoImage kNoImage;
  const bool listed = image != image_index_.end();
  if (listed && images_[image->second].frame) {
    builder().frames(*images_[image->second].frame, *images_[image->second].frame);
  }
  CocoObject object(builder(), *value, chosen_ ? images_[*chosen_] : kNoImage, pointer, line);
  const CocoShape shape = object.read(category_of(*value, pointer, line));
  builder().end();
  runs_ = runs_ || shape == CocoShape::kRuns;
  others_ = others_ || shape == CocoShape::kPolygons || shape == CocoShape::kBox;
}

const CocoCategory* CocoReader::category_of(Element value, const std::string& pointer, int line) {
  const std::string id = json_id(value, "category_id");
  const bool caption = json_member(value, "caption").has_value();
  if (id.empty() && caption) return nullptr;
  if (const auto found = categories_.find(id); found != categories_.end()) return &found->second;
  if (caption) return nullptr;  // Datumaro gives captions a category_id of 0.
  if (id.empty()) {
    builder().issue("annotation/coco-category-unknown", Severity::kError,
                    "An annotation has no category.", pointer, line,
                    "category_id with the id of a category", "none", "give it a category");
    return nullptr;
  }
  if (!results_) {
    builder().issue(
        "annotation/coco-category-unknown", Severity::kError,
        "An annotation is of a category that the file does not list.", pointer + "/category_id",
        line,
        "the id of one of " + std::to_string(builder().layer().categories.size()) + " categories",
        id, "list the category, or correct the id");
  }
  // Told once; later ones are of a category by now.
  CocoCategory category;
  category.index = builder().define_category(id, id);
  return &categories_.emplace(id, std::move(category)).first->second;
}

void CocoReader::check_id(Element value, const std::string& pointer, int line) {
  std::int64_t id = 0;
  const auto member = json_member(value, "id");
  if (!member || member->get(id) != simdjson::SUCCESS || ids_.insert(id).second) return;
  builder().issue("annotation/coco-duplicate-id", Severity::kWarning,
                  "Two annotations have one id.", pointer + "/id", line,
                  "an id that no other annotation has", std::to_string(id),
                  "number the annotations");
}

}  // namespace

int sniff_coco(const Head& head) {
  const auto has = [&](std::string_view key) { return has_json_key(head.bytes, key); };
  if (begins_as_json(head.bytes, '[')) {
    return has("image_id") && (has("category_id") || has("caption")) ? 90 : 0;
  }
  if (!begins_as_json(head.bytes, '{')) return 0;
  const int lists = has("images") + has("annotations") + has("categories");
  if (has("image_id") && (lists > 0 || has("category_id"))) return 95;
  if (has("images") && has("file_name")) return 90;
  return lists >= 2 ? 85 : 0;
}

std::unique_ptr<Reader> make_coco(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<CocoReader>(options, builder);
}

}  // namespace mifa::annotation
