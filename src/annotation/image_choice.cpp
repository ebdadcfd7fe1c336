#include "annotation/image_choice.h"

#include <algorithm>

#include "annotation/image_names.h"
#include "annotation/text_values.h"

namespace mifa::annotation {

namespace {

std::string_view without_slashes(std::string_view path) {
  while (!path.empty() && (path.back() == '/' || path.back() == '\\')) path.remove_suffix(1);
  while (path.starts_with("./") || path.starts_with(".\\")) path.remove_prefix(2);
  return path;
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// "cells-3_png.rf.0d9…" is Roboflow's copy of "cells-3.png".
std::string first_name(std::string name) {
  const std::size_t mark = name.rfind(".rf.");
  if (mark == std::string::npos) return name;
  name.resize(mark);
  const std::size_t bar = name.rfind('_');
  if (bar != std::string::npos && name.size() - bar <= 5) name.resize(bar);
  return name;
}

bool is_path_end(std::string_view path, std::string_view end) {
  if (path.size() <= end.size() || !path.ends_with(end)) return false;
  const char before = path[path.size() - end.size() - 1];
  return before == '/' || before == '\\';
}

std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t kListed = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) {
    text += (i == 0 ? "" : ", ") + in_quotes(names[i]);
  }
  if (names.size() > kListed) text += " and " + std::to_string(names.size() - kListed) + " more";
  return text;
}

}  // namespace

int name_agreement(std::string_view a, std::string_view b) {
  a = without_slashes(a);
  b = without_slashes(b);
  if (a.empty() || b.empty()) return 0;
  if (a == b) return 5;
  const std::string_view base_a = base_name(a), base_b = base_name(b);
  if (base_a == base_b) return is_path_end(a, b) || is_path_end(b, a) ? 4 : 3;
  const std::string stem_a = image_stem(a), stem_b = image_stem(b);
  if (stem_a.empty() || stem_b.empty()) return 0;
  if (stem_a == stem_b) return 2;
  return first_name(stem_a) == first_name(stem_b) ? 1 : 0;
}

ImageChoice choose_image(const std::vector<std::string>& names, const ImageContext& image) {
  ImageChoice choice;
  for (const std::string& wanted : image.names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const int agreement = name_agreement(names[i], wanted);
      if (agreement > choice.agreement)
        choice = {i, agreement, false};
      else if (agreement > 0 && agreement == choice.agreement && names[i] != names[*choice.index]) {
        choice.ambiguous = true;
      }
    }
  }
  if (!choice.index && names.size() == 1) choice.index = 0;
  return choice;
}

void tell_choice(LayerBuilder& builder, const std::vector<std::string>& names,
                 const ImageContext& image, const ImageChoice& choice) {
  Layer& layer = builder.layer();
  const std::size_t listed =
      std::min(names.size(), static_cast<std::size_t>(builder.limits().image_names));
  layer.images.assign(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(listed));
  if (names.size() == 1 && names[0].empty()) layer.images.clear();
  const std::string open = image.names.empty() ? "" : in_quotes(image.names.front());
  if (choice.ambiguous) {
    builder.issue("annotation/image-ambiguous", Severity::kWarning,
                  "Several images of the file may be the open one; the first of them was taken.",
                  {}, 0, "one image that agrees with " + open, list_of(names),
                  "choose the image by its whole path");
  }
  if (names.empty() || (choice.index && choice.agreement > 0)) return;
  if (!choice.index) {
    builder.issue(
        "annotation/image-unknown", Severity::kWarning,
        "The file has annotations of several images, none of them known to be the open one; "
        "nothing is drawn.",
        {}, 0, open.empty() ? "the name of the open image" : "an image named " + open,
        list_of(names), "choose the image by its name, or rename it in the file");
  } else if (!open.empty() && !names[*choice.index].empty()) {
    builder.issue(
        "annotation/image-other-name", Severity::kInfo,
        "The file describes an image of another name; it is the only one, and taken to be the "
        "open one.",
        {}, 0, open, in_quotes(names[*choice.index]),
        "check that the file belongs to this image, or rename the image in it");
  }
}

bool check_image_size(LayerBuilder& builder, const ImageContext& image, double width, double height,
                      std::string pointer, int line) {
  if (image.width <= 0 || image.height <= 0 || !(width > 0) || !(height > 0)) return false;
  if (static_cast<double>(image.width) == width && static_cast<double>(image.height) == height)
    return false;
  builder.issue("annotation/image-size", Severity::kWarning,
                "The file was made for an image of another size; its shapes may lie elsewhere.",
                std::move(pointer), line,
                std::to_string(image.width) + " × " + std::to_string(image.height) + " pixels",
                short_number(width) + " × " + short_number(height),
                "annotate the full image, or scale the layer to it");
  return true;
}

void check_inside(LayerBuilder& builder, const char* rule, const std::array<double, 4>& box,
                  const Frame& frame, std::string pointer, int line) {
  constexpr double kRounding = 1;
  if (!(frame.width > 0 && frame.height > 0)) return;
  if (box[0] >= -kRounding && box[1] >= -kRounding && box[2] <= frame.width + kRounding &&
      box[3] <= frame.height + kRounding) {
    return;
  }
  builder.issue(
      rule, Severity::kWarning, "An object lies partly or wholly outside of its image.",
      std::move(pointer), line,
      "x from 0 to " + short_number(frame.width) + ", y from 0 to " + short_number(frame.height),
      "x from " + short_number(box[0]) + " to " + short_number(box[2]) + ", y from " +
          short_number(box[1]) + " to " + short_number(box[3]),
      "cut the shape at the image's edge, or correct it");
}

}  // namespace mifa::annotation
