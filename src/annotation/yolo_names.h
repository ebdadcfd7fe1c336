// What the files beside YOLO labels say: the names of the classes, and the shape of keypoints.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mifa::annotation {

struct YoloNames {
  std::map<std::int64_t, std::string> names;  // by class index
  std::string file;                           // that they are from; empty: there was none
  int keypoints = 0, keypoint_values = 0;     // "kpt_shape: [17, 3]" of a data.yaml; 0 when absent
};

// One name a line (classes.txt, obj.names). Lines may be blank at the end.
std::map<std::int64_t, std::string> names_by_line(std::string_view text);

// The `names` and `kpt_shape` of a data.yaml: a list or a map, in flow or block style. It is no
// YAML parser: anchors, tags, folded texts and nesting are not known.
YoloNames names_of_yaml(std::string_view text);

// From the companions of a label file, the first there is of: a .yaml or .yml with names,
// classes.txt, obj.names, another .names, labels.txt.
YoloNames find_names(const std::map<std::string, std::string>& companions);

}  // namespace mifa::annotation
