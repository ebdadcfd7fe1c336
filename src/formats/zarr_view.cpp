#include "formats/zarr_view.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "core/message_json.h"

namespace mifa::formats {
namespace {

using Json = nlohmann::json;

enum class AxisKind { kTime, kChannel, kZ, kY, kX };

// The axes that are shown: of extent 1 only x and y are.
std::vector<AxisKind> axes_of(const RasterImage& image) {
  std::vector<AxisKind> axes;
  if (image.size_t > 1) axes.push_back(AxisKind::kTime);
  if (image.size_c > 1) axes.push_back(AxisKind::kChannel);
  if (image.size_z > 1) axes.push_back(AxisKind::kZ);
  axes.push_back(AxisKind::kY);
  axes.push_back(AxisKind::kX);
  return axes;
}

const char* axis_name(AxisKind axis) {
  constexpr const char* kNames[] = {"t", "c", "z", "y", "x"};
  return kNames[static_cast<int>(axis)];
}

Step step_of(const RasterImage& image, AxisKind axis) {
  switch (axis) {
    case AxisKind::kTime:
      return image.step_t;
    case AxisKind::kChannel:
      return {};
    case AxisKind::kZ:
      return image.step_z;
    case AxisKind::kY:
      return image.step_y;
    case AxisKind::kX:
      return image.step_x;
  }
  return {};
}

Json axes_json(const RasterImage& image) {
  Json axes = Json::array();
  for (const AxisKind kind : axes_of(image)) {
    Json axis = {{"name", axis_name(kind)},
                 {"type", kind == AxisKind::kTime      ? "time"
                          : kind == AxisKind::kChannel ? "channel"
                                                       : "space"}};
    if (const Step step = step_of(image, kind); !step.unit.empty()) axis["unit"] = step.unit;
    axes.push_back(std::move(axis));
  }
  return axes;
}

Json dataset_json(const RasterImage& image, std::size_t index) {
  const RasterLevel& level = image.levels[index];
  const RasterLevel& finest = image.levels.front();
  Json scale = Json::array(), translation = Json::array();
  for (const AxisKind kind : axes_of(image)) {
    double factor = 1;
    if (kind == AxisKind::kY)
      factor = static_cast<double>(finest.height) / static_cast<double>(level.height);
    if (kind == AxisKind::kX)
      factor = static_cast<double>(finest.width) / static_cast<double>(level.width);
    // Positions are those of centres; the first pixel of a coarser level covers `factor` finer
    // ones, and that of a made level is one of them.
    double start = (factor - 1) / 2;
    if (factor > 1 && level.factor > 0) {
      factor = static_cast<double>(level.factor);
      start = static_cast<double>(level.start);
    }
    const double size = step_of(image, kind).size;
    const double step = size > 0 ? size : 1;
    scale.push_back(step * factor);
    translation.push_back(step * start);
  }
  Json transformations = {{{"type", "scale"}, {"scale", std::move(scale)}}};
  if (index > 0)
    transformations.push_back({{"type", "translation"}, {"translation", std::move(translation)}});
  return {{"path", std::to_string(index)},
          {"coordinateTransformations", std::move(transformations)}};
}

std::string hex(const Rgb& color) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t part : color) text += {kDigits[part >> 4U], kDigits[part & 15U]};
  return text;
}

constexpr Rgb kRed{255, 0, 0}, kGreen{0, 255, 0}, kBlue{0, 0, 255};

Json omero_json(const RasterImage& image) {
  std::vector<RasterChannel> channels = image.channels;
  if (image.color && image.size_c == 3) {
    channels = {{"Red", kRed, {}, false}, {"Green", kGreen, {}, false}, {"Blue", kBlue, {}, false}};
    if (image.type == SampleType::kUint8) {
      for (RasterChannel& channel : channels) channel.window = {0, 255};
    }
  }
  Json list = Json::array();
  for (const RasterChannel& channel : channels) {
    Json json = {{"active", true}};
    if (!channel.name.empty()) json["label"] = channel.name;
    if (channel.color) json["color"] = hex(*channel.color);
    if (channel.inverted) json["inverted"] = true;
    if (channel.window) {
      const auto [low, high] = *channel.window;
      json["window"] = {{"min", low}, {"max", high}, {"start", low}, {"end", high}};
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json group_json(Json ome) {
  return {{"zarr_format", 3}, {"node_type", "group"}, {"attributes", {{"ome", std::move(ome)}}}};
}

Json image_json(const RasterImage& image, bool labels) {
  Json datasets = Json::array();
  for (std::size_t i = 0; i < image.levels.size(); ++i) datasets.push_back(dataset_json(image, i));
  Json ome = {
      {"version", "0.5"},
      {"multiscales",
       {{{"name", image.name}, {"axes", axes_json(image)}, {"datasets", std::move(datasets)}}}}};
  if (labels) {
    ome["image-label"] = Json::object();
    Json colors = Json::array();
    for (std::size_t i = 1; i < image.palette.size(); ++i) {
      const auto& [red, green, blue] = image.palette[i];
      colors.push_back({{"label-value", i}, {"rgba", {red, green, blue, 255}}});
    }
    if (!colors.empty()) ome["image-label"]["colors"] = std::move(colors);
  } else if (Json channels = omero_json(image); !channels.empty()) {
    // Nobody wrote this: what it lacks is nobody's fault.
    ome["omero"] = {{"channels", std::move(channels)}, {"_made_up", true}};
  }
  return group_json(std::move(ome));
}

Json array_json(const RasterImage& image, const RasterLevel& level) {
  Json shape = Json::array(), chunk = Json::array(), names = Json::array();
  const auto add = [&](AxisKind kind, std::int64_t extent, std::int64_t chunk_extent) {
    shape.push_back(extent);
    chunk.push_back(chunk_extent);
    names.push_back(axis_name(kind));
  };
  for (const AxisKind kind : axes_of(image)) {
    switch (kind) {
      case AxisKind::kTime:
        add(kind, image.size_t, 1);
        break;
      case AxisKind::kChannel:
        add(kind, image.size_c, image.chunk_channels);
        break;
      case AxisKind::kZ:
        add(kind, image.size_z, 1);
        break;
      case AxisKind::kY:
        add(kind, level.height, level.chunk_height);
        break;
      case AxisKind::kX:
        add(kind, level.width, level.chunk_width);
        break;
    }
  }
  Json codecs = Json::array();
  codecs.push_back({{"name", "bytes"}, {"configuration", {{"endian", "little"}}}});
  return {
      {"zarr_format", 3},
      {"node_type", "array"},
      {"shape", std::move(shape)},
      {"data_type", zarr_name(image.type)},
      {"chunk_grid", {{"name", "regular"}, {"configuration", {{"chunk_shape", std::move(chunk)}}}}},
      {"chunk_key_encoding", {{"name", "default"}, {"configuration", {{"separator", "/"}}}}},
      {"fill_value", 0},
      {"codecs", std::move(codecs)},
      {"dimension_names", std::move(names)},
      {"attributes", Json::object()}};
}

std::string dumped(const Json& json) {
  // Names may hold anything; what is no UTF-8 is replaced.
  return json_text(json);
}

std::optional<std::vector<std::int64_t>> numbers(std::string_view text) {
  std::vector<std::int64_t> values;
  while (true) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [next, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || value < 0) return std::nullopt;
    values.push_back(value);
    if (next == end) return values;
    if (*next != '/') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(next - text.data()) + 1);
  }
}

}  // namespace

std::map<std::string, std::string> zarr_files(const Raster& raster, bool labels) {
  std::map<std::string, std::string> files;
  const bool several = raster.images.size() > 1;
  Json series = Json::array();
  for (std::size_t i = 0; i < raster.images.size(); ++i) {
    const RasterImage& image = raster.images[i];
    const std::string folder = several ? std::to_string(i) + "/" : "";
    series.push_back(std::to_string(i));
    files[folder + "zarr.json"] = dumped(image_json(image, labels));
    for (std::size_t level = 0; level < image.levels.size(); ++level) {
      files[folder + std::to_string(level) + "/zarr.json"] =
          dumped(array_json(image, image.levels[level]));
    }
  }
  if (several) {
    files["zarr.json"] = dumped(group_json({{"version", "0.5"}, {"bioformats2raw.layout", 3}}));
    files["OME/zarr.json"] =
        dumped(group_json({{"version", "0.5"}, {"series", std::move(series)}}));
  }
  return files;
}

std::optional<ChunkPlace> chunk_of_key(const Raster& raster, const std::string& key) {
  const std::size_t mark = key.find("/c/");
  if (mark == std::string::npos) return std::nullopt;
  const auto folders = numbers(std::string_view(key).substr(0, mark));
  const auto indices = numbers(std::string_view(key).substr(mark + 3));
  const std::size_t depth = raster.images.size() > 1 ? 2 : 1;
  if (!folders || !indices || folders->size() != depth) return std::nullopt;
  ChunkPlace place;
  place.image = depth == 2 ? folders->front() : 0;
  place.level = folders->back();
  if (place.image >= static_cast<std::int64_t>(raster.images.size())) return std::nullopt;
  const RasterImage& image = raster.images[static_cast<std::size_t>(place.image)];
  const std::vector<AxisKind> axes = axes_of(image);
  if (place.level >= static_cast<std::int64_t>(image.levels.size()) ||
      indices->size() != axes.size())
    return std::nullopt;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    std::int64_t* const at[] = {&place.t, &place.c, &place.z, &place.y, &place.x};
    *at[static_cast<int>(axes[i])] = (*indices)[i];
  }
  return place;
}

}  // namespace mifa::formats
