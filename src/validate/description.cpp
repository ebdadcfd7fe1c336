#include "validate/description.h"

#include <nlohmann/json.hpp>

#include "core/json.h"
#include "ome/concat.h"
#include "ome/unit.h"
#include "zarr/data_type.h"

namespace mifa::validate {
namespace {

using Json = nlohmann::ordered_json;
using ome::concat;

const char* kind_name(ome::NodeKind kind) {
  switch (kind) {
    case ome::NodeKind::kImage:
      return "image";
    case ome::NodeKind::kLabelImage:
      return "label image";
    case ome::NodeKind::kPlate:
      return "plate";
    case ome::NodeKind::kWell:
      return "well";
    case ome::NodeKind::kCollection:
      return "collection of images";
    case ome::NodeKind::kScene:
      return "scene";
    case ome::NodeKind::kArray:
      return "bare Zarr array";
    case ome::NodeKind::kGroup:
      return "group of images";
    case ome::NodeKind::kUnknown:
      break;
  }
  return "unknown";
}

Json image_json(const ome::Multiscale& image) {
  Json json;
  json["path"] = image.path;
  if (!image.name.empty()) json["name"] = image.name;
  if (!image.version.empty()) json["version"] = image.version;
  json["axes"] = Json::array();
  for (const ome::Axis& axis : image.axes) {
    Json one;
    one["name"] = axis.name;
    if (!axis.unit.empty()) one["unit"] = axis.unit;
    json["axes"].push_back(std::move(one));
  }
  json["dataType"] = zarr::name(image.levels.front().array.data_type);
  json["levels"] = Json::array();
  for (const ome::Level& level : image.levels) {
    Json one;
    one["path"] = level.path;
    one["shape"] = level.array.shape;
    one["chunks"] = level.array.chunk_shape;
    one["scale"] = level.scale;
    json["levels"].push_back(std::move(one));
  }
  json["channels"] = Json::array();
  for (const ome::Channel& channel : image.channels) json["channels"].push_back(channel.label);
  return json;
}

Json dataset_json(const std::string& place, const ome::Dataset& dataset) {
  Json json;
  json["place"] = place;
  json["kind"] = kind_name(dataset.kind);
  if (!dataset.entries.empty()) json["entries"] = dataset.entries.size();
  if (dataset.plate) {
    json["rows"] = dataset.plate->rows.size();
    json["columns"] = dataset.plate->columns.size();
  }
  json["image"] = image_json(dataset.image);
  json["labels"] = Json::array();
  for (const ome::LabelImage& label : dataset.labels) json["labels"].push_back(label.image.path);
  return json;
}

std::string joined(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (const std::int64_t number : numbers) text += concat(text.empty() ? "" : " × ", number);
  return text;
}

std::string image_text(const ome::Multiscale& image) {
  std::string axes;
  for (const ome::Axis& axis : image.axes) axes += concat(axes.empty() ? "" : ", ", axis.name);
  std::string text = concat("image    ", image.path.empty() ? "." : image.path, image.name.empty() ? "" : "  ",
                            image.name, "\nversion  ", image.version.empty() ? "not said" : image.version,
                            "\naxes     ", axes, "\ntype     ",
                            zarr::name(image.levels.front().array.data_type), "\n");
  for (const ome::Level& level : image.levels) {
    text += concat("level    ", level.path, "  ", joined(level.array.shape), "  in chunks of ",
                   joined(level.array.chunk_shape), "\n");
  }
  std::string size;
  for (std::size_t i = 0; i < image.axes.size(); ++i) {
    if (image.axes[i].type != ome::AxisType::kSpace) continue;
    size += concat(size.empty() ? "" : " × ", number_text(image.levels.front().scale[i]),
                   image.axes[i].unit.empty() ? "" : " ", ome::unit_symbol(image.axes[i].unit));
  }
  text += concat("pixel    ", size, "\n");
  for (const ome::Channel& channel : image.channels) text += concat("channel  ", channel.label, "\n");
  return text;
}

}  // namespace

std::string describe_json(const std::string& place, const ome::Dataset& dataset) {
  return dataset_json(place, dataset).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string describe_text(const std::string& place, const ome::Dataset& dataset) {
  std::string text = concat("place    ", place, "\nkind     ", kind_name(dataset.kind), "\n");
  if (dataset.plate) {
    text += concat("plate    ", dataset.plate->rows.size(), " rows, ", dataset.plate->columns.size(),
                   " columns, ", dataset.entries.size(), " wells\n");
  } else if (!dataset.entries.empty()) {
    text += concat("images   ", dataset.entries.size(), "\n");
  }
  text += image_text(dataset.image);
  for (const ome::LabelImage& label : dataset.labels) {
    text += concat("labels   ", label.image.path, "\n");
  }
  return text;
}

}  // namespace mifa::validate
