// One region of the VGG Image Annotator, read into an object of the builder. Only via*.cpp include
// this.
//
// Where (0, 0) is: coordinates are the canvas', whose (0, 0) is the corner of the first pixel; a
// rectangle of the whole image is x 0, y 0, width and height.
#pragma once

#include <string>
#include <string_view>

#include "annotation/builder.h"
#include "annotation/image_choice.h"
#include "annotation/json_walk.h"

namespace mifa::annotation {

class ViaRegion {
 public:
  ViaRegion(LayerBuilder& builder, const Frame& frame, std::string pointer, int line)
      : builder_(builder), frame_(frame), pointer_(std::move(pointer)), line_(line) {}

  // "shape_attributes" of versions 1 and 2: {"name": "polygon", "all_points_x": […], …}.
  void draw(simdjson::dom::element shape);
  // "xy" of version 3: [shape, numbers…].
  void draw_numbers(simdjson::dom::element xy);
  // "region_attributes": the class is `class_attribute`, or else one called class, label, type, …
  // or the only one. All others become properties.
  void classify(simdjson::dom::element attributes, std::string_view class_attribute);
  void add_attribute(std::string_view name, std::string_view value, bool is_class);

 private:
  void fail(std::string received);
  void draw_figure(std::string_view kind, const std::vector<double>& numbers, double theta);
  void draw_vertices(std::string_view kind, const std::vector<double>& numbers);

  LayerBuilder& builder_;
  Frame frame_;
  std::string pointer_;
  int line_;
};

// Whether an attribute's name says that it holds the class.
bool is_class_name(std::string_view name);

}  // namespace mifa::annotation
