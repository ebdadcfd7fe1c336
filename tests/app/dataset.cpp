#include "dataset.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace mifa::app {
namespace {

using Json = nlohmann::json;

std::string under(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "/" + name;
}

Json axes_json(const ImageShape& shape) {
  Json axes = Json::array();
  for (const char letter : shape.axes) {
    Json axis = {{"name", std::string(1, letter)},
                 {"type", letter == 't'   ? "time"
                          : letter == 'c' ? "channel"
                                          : "space"}};
    if (letter != 'c' && letter != 't' && !shape.unit.empty()) axis["unit"] = shape.unit;
    axes.push_back(axis);
  }
  return axes;
}

Json sharded_array(const ImageShape& shape, const std::vector<int>& extents) {
  const Json bytes = {{"name", "bytes"}, {"configuration", {{"endian", "little"}}}};
  const Json sharding = {{"name", "sharding_indexed"},
                         {"configuration",
                          {{"chunk_shape", shape.chunk},
                           {"codecs", Json::array({bytes})},
                           {"index_codecs", Json::array({bytes, {{"name", "crc32c"}}})}}}};
  Json array = {{"zarr_format", 3},
                {"node_type", "array"},
                {"shape", extents},
                {"data_type", "uint16"},
                {"fill_value", 0}};
  array["chunk_grid"] = {{"name", "regular"}, {"configuration", {{"chunk_shape", shape.shard}}}};
  array["chunk_key_encoding"] = {{"name", "default"}};
  array["codecs"] = Json::array({sharding});
  return array;
}

Json attributes(Files& files, const std::string& path, const ImageShape& shape) {
  Json datasets = Json::array();
  for (int level = 0; level < shape.levels; ++level) {
    Json scale = Json::array();
    Json translation = Json::array();
    std::vector<int> extents = shape.shape;
    std::vector<int> chunk = shape.chunk;
    const double factor = std::pow(2, level);
    for (std::size_t i = 0; i < shape.axes.size(); ++i) {
      const bool plane = shape.axes[i] == 'x' || shape.axes[i] == 'y';
      scale.push_back(plane ? shape.scale * factor : 1);
      translation.push_back(plane ? shape.scale * (factor - 1) / 2 : 0);
      if (plane) extents[i] = (extents[i] + (1 << level) - 1) >> level;
    }
    const std::string name = std::to_string(level);
    datasets.push_back({{"path", name},
                        {"coordinateTransformations",
                         {{{"type", "scale"}, {"scale", scale}},
                          {{"type", "translation"}, {"translation", translation}}}}});
    if (!shape.shard.empty()) {
      files[under(path, name + "/zarr.json")] = sharded_array(shape, extents).dump();
      continue;
    }
    const Json array = {
        {"zarr_format", 2},     {"shape", extents},      {"chunks", chunk},
        {"dtype", shape.dtype}, {"fill_value", 0},       {"order", "C"},
        {"filters", nullptr},   {"compressor", nullptr}, {"dimension_separator", "/"}};
    files[under(path, name + "/.zarray")] = array.dump();
  }
  Json result;
  result["multiscales"] = Json::array(
      {{{"version", "0.4"}, {"name", "made"}, {"axes", axes_json(shape)}, {"datasets", datasets}}});
  if (!shape.omero.empty()) result["omero"] = Json::parse(shape.omero);
  return result;
}

}  // namespace

void add_image(Files& files, const std::string& path, const ImageShape& shape) {
  const Json ome = attributes(files, path, shape);
  if (!shape.shard.empty()) {
    Json group = {{"zarr_format", 3}, {"node_type", "group"}};
    group["attributes"]["ome"] = ome;
    group["attributes"]["ome"]["version"] = "0.5";
    files[under(path, "zarr.json")] = group.dump();
    return;
  }
  files[under(path, ".zattrs")] = ome.dump();
  files[under(path, ".zgroup")] = R"({"zarr_format": 2})";
}

void add_label(Files& files, const std::string& path, const std::string& name,
               const ImageShape& shape) {
  const std::string list = under(path, "labels/.zattrs");
  Json labels = files.contains(list) ? Json::parse(files[list]) : Json{{"labels", Json::array()}};
  labels["labels"].push_back(name);
  files[list] = labels.dump();
  const std::string own = under(path, "labels/" + name);
  Json json = attributes(files, own, shape);
  json["image-label"] = {{"version", "0.4"}};
  files[under(own, ".zattrs")] = json.dump();
}

void add_plate(Files& files, int wells, const ImageShape& shape) {
  add_plate_grid(files, 1, wells, shape);
}

void add_plate_grid(Files& files, int rows, int columns, const ImageShape& shape,
                    const std::vector<std::string>& not_imaged,
                    const std::vector<std::string>& lost) {
  const auto in = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  Json plate = {{"version", "0.4"}, {"rows", Json::array()}, {"columns", Json::array()}};
  plate["wells"] = Json::array();
  const Json images = Json::array({{{"path", "0"}}});
  for (int column = 0; column < columns; ++column) {
    plate["columns"].push_back({{"name", std::to_string(column + 1)}});
  }
  for (int row = 0; row < rows; ++row) {
    const std::string row_name(1, static_cast<char>('A' + row));
    plate["rows"].push_back({{"name", row_name}});
    for (int column = 0; column < columns; ++column) {
      const std::string path = row_name + "/" + std::to_string(column + 1);
      if (in(not_imaged, path)) continue;
      plate["wells"].push_back({{"path", path}, {"rowIndex", row}, {"columnIndex", column}});
      if (in(lost, path)) continue;
      files[path + "/.zattrs"] = Json{{"well", {{"version", "0.4"}, {"images", images}}}}.dump();
      add_image(files, path + "/0", shape);
    }
  }
  files[".zattrs"] = Json{{"plate", plate}}.dump();
}

}  // namespace mifa::app
