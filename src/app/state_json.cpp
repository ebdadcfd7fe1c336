// App::state_json: what the page shows as text.

#include <nlohmann/json.hpp>

#include "app/app.h"
#include "core/message_json.h"
#include "ome/unit.h"

namespace mifa::app {
namespace {

using Json = nlohmann::json;

const char* stage_name(const ome::Opener* opener, bool image_started) {
  if (!opener) return "idle";
  switch (opener->stage()) {
    case ome::Opener::Stage::kReading:
      return "opening";
    case ome::Opener::Stage::kImageReady:
    case ome::Opener::Stage::kComplete:
      return image_started ? "showing" : "opening";
    case ome::Opener::Stage::kFailed:
      return "failed";
  }
  return "idle";
}

const char* kind_name(ome::NodeKind kind) {
  switch (kind) {
    case ome::NodeKind::kUnknown:
      return "unknown";
    case ome::NodeKind::kImage:
      return "image";
    case ome::NodeKind::kLabelImage:
      return "label image";
    case ome::NodeKind::kPlate:
      return "plate";
    case ome::NodeKind::kWell:
      return "well";
    case ome::NodeKind::kCollection:
      return "collection";
    case ome::NodeKind::kScene:
      return "scene";
    case ome::NodeKind::kArray:
      return "array";
    case ome::NodeKind::kGroup:
      return "group";
  }
  return "unknown";
}

std::string color_text(const ome::Rgb& color) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", color[0], color[1], color[2]);
  return text;
}

Json axes_json(const view::Scene& scene) {
  Json axes = Json::array();
  const view::Source& source = scene.sources.front();
  const ome::Multiscale& image = source.image();
  for (int i = 0; i < static_cast<int>(image.axes.size()); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const bool slider =
        i != image.x_axis && i != image.y_axis && i != image.c_axis && image.extent(i) > 1;
    const char* role = i == image.x_axis   ? "x"
                       : i == image.y_axis ? "y"
                       : i == image.z_axis ? "z"
                       : i == image.t_axis ? "t"
                       : i == image.c_axis ? "c"
                                           : "";
    axes.push_back({{"name", image.axes[index].name},
                    {"role", role},
                    {"unit", ome::unit_symbol(image.axes[index].unit)},
                    {"size", image.extent(i)},
                    {"position", scene.position[index]},
                    {"world", source.world_at(i, scene.position[index])},
                    {"step", image.levels.front().scale[index]},
                    {"slider", slider}});
  }
  return axes;
}

// The image that annotations are laid over, in its own system wherever it is shown: ImageContext of
// web/annotations/layer.ts, with the position of the first pixel's centre.
Json image_json(const ome::Multiscale& image) {
  const ome::Level& finest = image.levels.front();
  const auto length = [&](int axis) {
    if (axis < 0) return 0.0;
    const double scale = finest.scale[static_cast<std::size_t>(axis)];
    // Nobody says so: then it is 1 by default.
    return scale == 1 && image.axes[static_cast<std::size_t>(axis)].unit.empty() ? 0 : scale;
  };
  const auto start = [&](int axis) {
    return axis < 0 ? 0.0 : finest.translation[static_cast<std::size_t>(axis)];
  };
  return {{"names", {image.name, image.path}},
          {"width", image.extent(image.x_axis)},
          {"height", image.extent(image.y_axis)},
          {"depth", image.extent(image.z_axis)},
          {"frames", image.extent(image.t_axis)},
          {"pixelWidth", length(image.x_axis)},
          {"pixelHeight", length(image.y_axis)},
          {"sliceDistance", length(image.z_axis)},
          {"unit", image.axes[static_cast<std::size_t>(image.x_axis)].unit},
          {"start", {start(image.x_axis), start(image.y_axis), start(image.z_axis)}}};
}

Json channels_json(const view::Scene& scene) {
  Json channels = Json::array();
  for (const view::ChannelLayer& channel : scene.channels) {
    channels.push_back({{"label", channel.label},
                        {"visible", channel.visible},
                        {"color", color_text(channel.color)},
                        {"swatch", color_text(channel.swatch())},
                        {"lut", channel.lut},
                        {"window", {channel.window.low, channel.window.high}},
                        {"opacity", channel.opacity}});
  }
  return channels;
}

const char* kind_name(view::LabelKind kind) {
  switch (kind) {
    case view::LabelKind::kInstance:
      return "instance";
    case view::LabelKind::kSemantic:
      return "semantic";
    case view::LabelKind::kProbability:
      return "probability";
  }
  return "";
}

Json labels_json(const view::Scene& scene) {
  Json labels = Json::array();
  for (const view::LabelLayer& label : scene.labels) {
    labels.push_back({{"name", label.name},
                      {"visible", label.visible},
                      {"outline", label.outline},
                      {"opacity", label.opacity},
                      {"kind", kind_name(label.kind)},
                      {"threshold", label.threshold},
                      {"range", {label.range.low, label.range.high}},
                      {"source", label.origin},
                      {"channel", label.channel}});
  }
  return labels;
}

Json readout_json(const ui::Readout& readout) {
  if (!readout.inside) return nullptr;
  Json values = Json::array();
  for (const ui::Reading& reading : readout.values) {
    values.push_back({{"name", reading.name}, {"value", reading.value}});
  }
  return {{"well", readout.well},
          {"pixel", readout.pixel},
          {"physical", readout.physical},
          {"values", values}};
}

// Changes when a name does: series get theirs later than their numbers. FNV-1a.
std::uint32_t entries_version(const std::vector<ome::Entry>& entries) {
  std::uint32_t hash = 2166136261U;
  for (const ome::Entry& entry : entries) {
    for (const char c : entry.name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    hash = (hash ^ 10U) * 16777619U;
  }
  return hash;
}

Json plate_json(const ome::Plate& plate, const std::optional<Arrangement>& arrangement) {
  return {{"name", plate.name},
          {"rows", plate.rows.size()},
          {"columns", plate.columns.size()},
          {"wells", plate.wells.size()},
          {"missing", arrangement ? arrangement->missing() : 0},
          {"waiting", arrangement ? arrangement->waiting() : 0}};
}

}  // namespace

std::string App::entries_json() const {
  Json entries = Json::array();
  if (opener_) {
    for (const ome::Entry& entry : opener_->dataset().entries) entries.push_back(entry.name);
  }
  return json_text(entries);
}

std::string App::levels_json() const {
  Json levels = Json::array();
  if (scene_.sources.empty() || arrays_.empty()) return "[]";
  const view::Source& source = scene_.sources.front();
  for (int i = 0; i < source.levels(); ++i) {
    const ome::Level& level = source.image().levels[static_cast<std::size_t>(i)];
    levels.push_back({{"array", arrays_.front() + i},
                      {"path", level.path},
                      {"dataType", zarr::name(level.array.data_type)},
                      {"shape", level.array.shape},
                      {"chunk", source.chunk_shape(i)},
                      {"order", source.decode_order()},
                      {"scale", level.scale},
                      {"translation", level.translation},
                      {"fill", zarr::exact_text(level.array.fill_value, level.array.data_type)}});
  }
  return json_text(levels);
}

std::string App::chunk_json(int level, std::span<const double> index) const {
  if (scene_.sources.empty()) return {};
  const view::Source& source = scene_.sources.front();
  if (level < 0 || level >= source.levels()) return {};
  const std::vector<std::int64_t>& shape = source.array(level).shape;
  const std::vector<std::int64_t>& chunk = source.chunk_shape(level);
  view::ChunkKey key;
  key.level = level;
  if (index.size() != shape.size()) return {};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    // Also refuses NaN.
    const bool inside = index[i] >= 0 && index[i] * static_cast<double>(chunk[i]) < static_cast<double>(shape[i]);
    if (!inside) return {};
    key.index[i] = static_cast<std::int32_t>(index[i]);
  }
  const Json json{{"key", source.chunk_path(key)}, {"place", source.place_in_shard(key)}};
  return json_text(json);
}

std::string App::state_json() const {
  Json state;
  state["name"] = name_;
  state["stage"] = scene_failure_ ? "failed" : stage_name(opener_.get(), image_started_);
  state["failure"] = nullptr;
  if (scene_failure_) state["failure"] = error_json(*scene_failure_);
  Json issues = Json::array();
  if (opener_) {
    const ome::Dataset& dataset = opener_->dataset();
    state["kind"] = kind_name(dataset.kind);
    state["entry"] = dataset.entry;
    state["entryCount"] = dataset.entries.size();
    state["entriesVersion"] = entries_version(dataset.entries);
    state["field"] = dataset.field;
    Json fields = Json::array();
    for (const ome::Field& field : dataset.fields) fields.push_back(field.name);
    state["fields"] = std::move(fields);
    state["multiscales"] = dataset.multiscales;
    state["multiscale"] = dataset.multiscale;
    state["systems"] = systems();
    state["system"] = system_;
    state["hasOverview"] = has_overview();
    state["overview"] = arrangement_.has_value();
    if (dataset.plate) state["plate"] = plate_json(*dataset.plate, arrangement_);
    if (opener_->stage() == ome::Opener::Stage::kFailed) {
      state["failure"] = error_json(opener_->failure());
    }
    for (const Issue& issue : opener_->issues()) issues.push_back(issue_json(issue));
  }
  for (const Issue& issue : own_issues_) issues.push_back(issue_json(issue));
  state["issues"] = std::move(issues);
  Json failures = Json::array();
  for (const ChunkFailure& failure : failures_) {
    Json entry = error_json(failure.error);
    entry["count"] = failure.count;
    entry["example"] = failure.example;
    failures.push_back(std::move(entry));
  }
  state["chunkFailures"] = std::move(failures);
  state["outstanding"] = outstanding_;
  state["batch"] = batch_;
  if (!scene_.sources.empty()) {
    const view::Source& source = scene_.sources.front();
    const ome::Multiscale& image = source.image();
    state["title"] = image.name;
    state["images"] = scene_.images.size();
    state["version"] = image.version;
    state["zarrFormat"] = source.array(0).zarr_format;
    state["dataType"] = zarr::name(source.data_type(0));
    state["levels"] = source.levels();
    state["level"] = plan_.level;
    state["rgb"] = image.rgb;
    state["axes"] = axes_json(scene_);
    state["channels"] = channels_json(scene_);
    state["labels"] = labels_json(scene_);
    state["smooth"] = scene_.smooth;
    state["view"] = {{"center", {camera_.center()[0], camera_.center()[1]}},
                     {"worldPerPixel", camera_.world_per_pixel()}};
    state["fitted"] = !user_moved_;
    state["memory"] = {{"decodedBytes", chunks_.counts().decoded_bytes},
                       {"gpuBytes", tiles_.gpu_bytes()},
                       {"tiles", tiles_.resident()}};
    state["image"] = image_json(opener_->dataset().image);
    state["vectors"] = {{"waiting", vectors_.waiting()}, {"bytes", vectors_.bytes()}};
    state["missingTiles"] = plan_.missing_tiles;
    state["cut"] = plan_.cut;
    state["readout"] = readout_json(readout_);
  }
  return json_text(state);
}

}  // namespace mifa::app
