// One annotation of a COCO file, read into an object of the builder. Only coco*.cpp include this.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "annotation/builder.h"
#include "annotation/image_choice.h"
#include "annotation/json_walk.h"

namespace mifa::annotation {

struct CocoImage {
  std::string id, name;
  Frame size;
  std::optional<double> frame;  // of a film, from 0 (TAO's and CVAT's "frame_index", mmtracking's "frame_id")
};

struct CocoCategory {
  int index = -1;  // of the builder's
  std::string supercategory;
  std::vector<std::string> keypoints;
  std::vector<std::pair<int, int>> skeleton;  // from 0
};

using CocoCategories = std::unordered_map<std::string, CocoCategory>;

// What an annotation was drawn as.
enum class CocoShape { kNone, kBox, kPolygons, kRuns };

class CocoObject {
 public:
  CocoObject(LayerBuilder& builder, simdjson::dom::element value, const CocoImage& image,
             std::string pointer, int line)
      : builder_(builder),
        value_(value),
        image_(image),
        pointer_(std::move(pointer)),
        line_(line) {}

  // Precondition: the builder's object has begun. The caller ends it. `category` may be null.
  CocoShape read(const CocoCategory* category);

 private:
  bool read_segmentation();
  bool read_polygons(simdjson::dom::array polygons);
  bool read_runs(simdjson::dom::element runs);
  void read_box(bool draw);
  void read_keypoints(const CocoCategory* category);
  void read_properties();
  void check_area();
  void tell(const char* rule, Severity severity, const char* message, std::string expected,
            std::string received, const char* fix, const char* member);

  LayerBuilder& builder_;
  simdjson::dom::element value_;
  const CocoImage& image_;
  std::string pointer_;
  int line_;
  CocoShape shape_ = CocoShape::kNone;
  std::optional<double> drawn_area_;
  double outline_ = 0;  // length of the polygons'
};

}  // namespace mifa::annotation
