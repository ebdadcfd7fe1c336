#include "formats/ome_xml.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstring>
#include <pugixml.hpp>
#include <set>

namespace mifa::formats {
namespace {

// Names with or without a prefix: "OME:Image" is an Image.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node node : parent.children()) {
    if (local_name(node) == name) return node;
  }
  return {};
}

template <typename Visit>
void each_child(const pugi::xml_node& parent, std::string_view name, Visit visit) {
  for (const pugi::xml_node node : parent.children()) {
    if (local_name(node) == name) visit(node);
  }
}

std::int64_t integer(const pugi::xml_node& node, const char* name, std::int64_t fallback) {
  return node.attribute(name).as_llong(fallback);
}

Step step(const pugi::xml_node& pixels, const char* size, const char* unit, const char* usual) {
  const double value = pixels.attribute(size).as_double(0);
  if (!(value > 0) || !std::isfinite(value)) return {};
  // "pixel" and "reference frame" are no lengths.
  const std::string name = unit_name(pixels.attribute(unit).as_string(usual));
  return name.empty() ? Step{} : Step{value, name};
}

void read_channel(const pugi::xml_node& node, OmeImage& image) {
  RasterChannel channel;
  channel.name = node.attribute("Name").as_string();
  if (const auto color = node.attribute("Color")) {
    const auto rgba = static_cast<std::uint32_t>(color.as_llong(-1));
    channel.color =
        Rgb{static_cast<std::uint8_t>(rgba >> 24U), static_cast<std::uint8_t>(rgba >> 16U),
            static_cast<std::uint8_t>(rgba >> 8U)};
  }
  image.channels.push_back(std::move(channel));
  image.samples.push_back(std::clamp<std::int64_t>(integer(node, "SamplesPerPixel", 1), 1, 1000));
}

// Where the planes of one image are.
class PlaneTable {
 public:
  // `order`: "XYCZT"; the position of z, c and t in it says which varies fastest.
  PlaneTable(OmeImage& image, std::string order) : image_(image), order_(std::move(order)) {
    image_.planes.assign(static_cast<std::size_t>(image_.size_t * image_.planes_c * image_.size_z),
                         {});
  }

  void set(std::int64_t z, std::int64_t c, std::int64_t t, std::int64_t page) {
    if (z < 0 || c < 0 || t < 0 || z >= image_.size_z || c >= image_.planes_c || t >= image_.size_t)
      return;
    image_.planes[static_cast<std::size_t>((t * image_.planes_c + c) * image_.size_z + z)].page =
        page;
  }

  // From (z, c, t) on, `count` planes from page `first` on; beyond the last plane nothing.
  void fill(std::int64_t z, std::int64_t c, std::int64_t t, std::int64_t first,
            std::int64_t count) {
    std::array<std::int64_t, 3> at{}, size{};
    for (std::size_t i = 0; i < 3; ++i) {
      at[i] = order_[i] == 'Z' ? z : order_[i] == 'C' ? c : t;
      size[i] = order_[i] == 'Z'   ? image_.size_z
                : order_[i] == 'C' ? image_.planes_c
                                   : image_.size_t;
    }
    for (std::int64_t i = 0; i < count && at[2] < size[2]; ++i) {
      std::array<std::int64_t, 3> zct{};
      for (std::size_t k = 0; k < 3; ++k)
        zct[order_[k] == 'Z' ? 0 : order_[k] == 'C' ? 1 : 2] = at[k];
      set(zct[0], zct[1], zct[2], first + i);
      for (std::size_t k = 0; k < 3; ++k) {
        if (++at[k] < size[k] || k == 2) break;
        at[k] = 0;
      }
    }
  }

 private:
  OmeImage& image_;
  std::string order_;
};

class Reader {
 public:
  Reader(const std::string& file, const RasterLimits& limits) : file_(file), limits_(limits) {}

  Result<OmeXml> read(const pugi::xml_node& root) {
    own_uuid_ = root.attribute("UUID").as_string();
    if (const auto only = child(root, "BinaryOnly")) {
      xml_.metadata_file = only.attribute("MetadataFile").as_string();
      return std::move(xml_);
    }
    Status status = Success{};
    each_child(root, "Image", [&](const pugi::xml_node& node) {
      if (status && static_cast<std::int64_t>(xml_.images.size()) < limits_.images)
        status = read_image(node);
    });
    if (!status) return std::move(status).error();
    if (xml_.images.empty()) {
      return Error{ErrorCode::kFixData,
                   "expected an <Image> with <Pixels> in the OME-XML, received none"};
    }
    xml_.other_files.assign(others_.begin(), others_.end());
    return std::move(xml_);
  }

 private:
  Status read_image(const pugi::xml_node& node) {
    const pugi::xml_node pixels = child(node, "Pixels");
    if (!pixels) return Success{};
    OmeImage image;
    image.name = node.attribute("Name").as_string();
    image.size_x = integer(pixels, "SizeX", 0);
    image.size_y = integer(pixels, "SizeY", 0);
    image.size_z = integer(pixels, "SizeZ", 1);
    image.size_c = integer(pixels, "SizeC", 1);
    image.size_t = integer(pixels, "SizeT", 1);
    for (const std::int64_t size : {image.size_z, image.size_c, image.size_t}) {
      if (size >= 1 && size <= limits_.planes) continue;
      return Error{ErrorCode::kFixData, "expected SizeZ, SizeC and SizeT from 1 to " +
                                            std::to_string(limits_.planes) +
                                            " in the OME-XML, received " + std::to_string(size)};
    }
    each_child(pixels, "Channel", [&](const pugi::xml_node& channel) {
      if (static_cast<std::int64_t>(image.channels.size()) < limits_.channels)
        read_channel(channel, image);
    });
    image.planes_c = image.size_c;
    std::int64_t samples = 0;
    for (const std::int64_t count : image.samples) samples += count;
    if (samples == image.size_c) image.planes_c = static_cast<std::int64_t>(image.samples.size());
    if (image.size_z * image.planes_c > limits_.planes ||
        image.size_z * image.planes_c * image.size_t > limits_.planes) {
      return Error{ErrorCode::kLimit, "expected at most " + std::to_string(limits_.planes) +
                                          " planes (limit planes) in the OME-XML, received more"};
    }
    image.step_x = step(pixels, "PhysicalSizeX", "PhysicalSizeXUnit", "µm");
    image.step_y = step(pixels, "PhysicalSizeY", "PhysicalSizeYUnit", "µm");
    image.step_z = step(pixels, "PhysicalSizeZ", "PhysicalSizeZUnit", "µm");
    image.step_t = step(pixels, "TimeIncrement", "TimeIncrementUnit", "s");
    read_planes(pixels, image);
    xml_.images.push_back(std::move(image));
    return Success{};
  }

  void read_planes(const pugi::xml_node& pixels, OmeImage& image) {
    std::string order = pixels.attribute("DimensionOrder").as_string("XYCZT");
    order = order.size() == 5 ? order.substr(2) : "CZT";
    std::string sorted = order;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != "CTZ") order = "CZT";
    PlaneTable table(image, order);
    const auto planes = static_cast<std::int64_t>(image.planes.size());
    bool told = false;
    each_child(pixels, "TiffData", [&](const pugi::xml_node& data) {
      told = true;
      if (elsewhere(data)) return;
      const std::int64_t first = integer(data, "IFD", 0);
      const std::int64_t count = integer(data, "PlaneCount", data.attribute("IFD") ? 1 : planes);
      if (first < 0 || first > limits_.planes) return;
      table.fill(integer(data, "FirstZ", 0), integer(data, "FirstC", 0), integer(data, "FirstT", 0),
                 first, std::clamp<std::int64_t>(count, 0, planes));
    });
    if (!told) table.fill(0, 0, 0, next_page_, planes);
    next_page_ += planes;
  }

  bool elsewhere(const pugi::xml_node& data) {
    const pugi::xml_node uuid = child(data, "UUID");
    if (!uuid) return false;
    const std::string name = uuid.attribute("FileName").as_string();
    const std::string_view id = uuid.text().get();
    if (!own_uuid_.empty() && id == own_uuid_) return false;
    const std::string base = name.substr(name.find_last_of("/\\") + 1);
    // A file that was renamed still is the only one, if the XML names one.
    if (base == file_ || name.empty()) return false;
    others_.insert(base);
    return true;
  }

  const std::string& file_;
  const RasterLimits& limits_;
  OmeXml xml_;
  std::set<std::string> others_;
  std::string own_uuid_;
  std::int64_t next_page_ = 0;
};

std::string place_in(const std::string& text, std::ptrdiff_t offset) {
  const auto end =
      text.begin() + std::min<std::ptrdiff_t>(offset, static_cast<std::ptrdiff_t>(text.size()));
  const auto line = 1 + std::count(text.begin(), end, '\n');
  return "line " + std::to_string(line) + " (character " + std::to_string(offset) + ")";
}

}  // namespace

bool is_ome_xml(const std::string& description) {
  const auto start = description.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string::npos || description[start] != '<') return false;
  return description.substr(start, 4096).find("OME") != std::string::npos;
}

Result<OmeXml> parse_ome_xml(const std::string& text, const std::string& file,
                             const RasterLimits& limits) {
  if (static_cast<std::int64_t>(text.size()) > limits.text_bytes) {
    return Error{ErrorCode::kLimit,
                 "expected OME-XML of at most " + std::to_string(limits.text_bytes >> 20) +
                     " MiB (limit text_bytes), received " + std::to_string(text.size() >> 20)};
  }
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) {
    return Error{
        ErrorCode::kFixData,
        std::string("expected OME-XML in the first page's description, received broken XML: ") +
            parsed.description() + ", " + place_in(text, parsed.offset)};
  }
  const pugi::xml_node root = child(document, "OME");
  if (!root)
    return Error{ErrorCode::kFixData,
                 "expected <OME> in the first page's description, received other XML"};
  return Reader(file, limits).read(root);
}

Step in_unit(const Step& step, const std::string& unit) {
  const auto metres = [](const std::string& name) {
    struct Length {
      const char* name;
      double metres;
    };
    static constexpr Length kLengths[] = {
        {"femtometer", 1e-15}, {"picometer", 1e-12}, {"angstrom", 1e-10},  {"nanometer", 1e-9},
        {"micrometer", 1e-6},  {"millimeter", 1e-3}, {"centimeter", 1e-2}, {"decimeter", 1e-1},
        {"meter", 1},          {"kilometer", 1e3},   {"inch", 0.0254},     {"foot", 0.3048},
        {"yard", 0.9144},      {"mile", 1609.344},
    };
    for (const Length& length : kLengths) {
      if (name == length.name) return length.metres;
    }
    return 0.0;
  };
  const double from = metres(step.unit), to = metres(unit);
  if (from == 0 || to == 0 || from == to) return step;
  // Powers of ten one way or the other, so that 250 nm are 0.25 µm and nothing near it.
  const double size = from < to ? step.size / std::round(to / from * 1e6) * 1e6
                                : step.size * std::round(from / to * 1e6) / 1e6;
  return {size, unit};
}

std::string unit_name(const std::string& unit) {
  struct Unit {
    const char* written;
    const char* name;
  };
  static constexpr Unit kUnits[] = {
      {"µm", "micrometer"},
      {"μm", "micrometer"},
      {"um", "micrometer"},
      {"micron", "micrometer"},
      {"microns", "micrometer"},
      {"\\u00B5m", "micrometer"},
      {"micrometer", "micrometer"},
      {"nm", "nanometer"},
      {"nanometer", "nanometer"},
      {"mm", "millimeter"},
      {"millimeter", "millimeter"},
      {"cm", "centimeter"},
      {"m", "meter"},
      {"pm", "picometer"},
      {"fm", "femtometer"},
      {"dm", "decimeter"},
      {"km", "kilometer"},
      {"Å", "angstrom"},
      {"A", "angstrom"},
      {"in", "inch"},
      {"inch", "inch"},
      {"ft", "foot"},
      {"yd", "yard"},
      {"mi", "mile"},
      {"s", "second"},
      {"sec", "second"},
      {"ms", "millisecond"},
      {"µs", "microsecond"},
      {"μs", "microsecond"},
      {"us", "microsecond"},
      {"ns", "nanosecond"},
      {"min", "minute"},
      {"h", "hour"},
      {"d", "day"},
  };
  for (const Unit& known : kUnits) {
    if (unit == known.written) return known.name;
  }
  return {};
}

}  // namespace mifa::formats
