// Which of a file's images is the one on the screen. Files that speak of many images (COCO, CVAT,
// VIA) are read for one of them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/builder.h"
#include "annotation/format.h"

namespace mifa::annotation {

// How well two names or paths of an image agree: 0 not at all; 1 by their first name without what
// Roboflow adds; 2 by name without extensions; 3 by base name; 4 by the ends of their paths; 5 all.
int name_agreement(std::string_view a, std::string_view b);

struct ImageChoice {
  std::optional<std::size_t> index;
  int agreement = 0;       // of the best name; 0 when there was no other image to choose
  bool ambiguous = false;  // Another image's name agrees as well.
};

// The image whose name agrees best with any of the context's; the only one there is, whatever its
// name; otherwise none.
ImageChoice choose_image(const std::vector<std::string>& names, const ImageContext& image);

// Lists the names in the layer, and files what is to be said about the choice:
// "annotation/image-unknown" (warning: nothing is drawn), "annotation/image-ambiguous" (warning:
// the first of several was taken) or "annotation/image-other-name" (information: the only image was
// taken).
void tell_choice(LayerBuilder& builder, const std::vector<std::string>& names,
                 const ImageContext& image, const ImageChoice& choice);

// Files "annotation/image-size" when the file says that the image has another size than the open
// one. True when it did.
bool check_image_size(LayerBuilder& builder, const ImageContext& image, double width, double height,
                      std::string pointer, int line);

// Size of the image that shapes are checked against; 0 when unknown.
struct Frame {
  double width = 0, height = 0;
};

// Files an issue of `rule` when a box lies outside of the frame by more than a pixel.
void check_inside(LayerBuilder& builder, const char* rule, const std::array<double, 4>& box,
                  const Frame& frame, std::string pointer, int line);

}  // namespace mifa::annotation
