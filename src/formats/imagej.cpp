#include "formats/imagej.h"

#include <cmath>
#include <cstdlib>
#include <map>
#include <string_view>

#include "formats/ome_xml.h"

namespace mifa::formats {
namespace {

std::map<std::string, std::string> read_lines(const std::string& text) {
  std::map<std::string, std::string> values;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) values[line.substr(0, equals)] = line.substr(equals + 1);
    at = end + 1;
  }
  return values;
}

}  // namespace

bool is_imagej(const std::string& description) {
  return std::string_view(description).substr(0, 7) == "ImageJ=";
}

ImageJStack parse_imagej(const std::string& description, const RasterLimits& limits) {
  const auto values = read_lines(description);
  const auto number = [&](const char* key) {
    const auto found = values.find(key);
    const double value = found == values.end() ? 0 : std::strtod(found->second.c_str(), nullptr);
    return std::isfinite(value) ? value : 0;
  };
  const auto count = [&](const char* key) {
    const double value = number(key);
    return value >= 1 && value <= static_cast<double>(limits.planes)
               ? static_cast<std::int64_t>(value)
               : 1;
  };
  ImageJStack stack;
  stack.images = count("images");
  stack.channels = count("channels");
  stack.slices = count("slices");
  stack.frames = count("frames");
  const double product = static_cast<double>(stack.channels) * static_cast<double>(stack.slices) *
                         static_cast<double>(stack.frames);
  if (stack.images == 1 && product <= static_cast<double>(limits.planes)) {
    stack.images = static_cast<std::int64_t>(product);  // Some writers leave it out.
  } else if (product != static_cast<double>(stack.images)) {
    stack.channels = stack.frames = 1;
    stack.slices = stack.images;
  }
  if (const auto unit = values.find("unit"); unit != values.end())
    stack.unit = unit_name(unit->second);
  stack.z_step = std::fabs(number("spacing"));
  stack.frame_step = number("finterval");
  if (stack.frame_step < 0) stack.frame_step = 0;
  stack.minimum = number("min");
  stack.maximum = number("max");
  stack.has_range = stack.maximum > stack.minimum;
  return stack;
}

}  // namespace mifa::formats
