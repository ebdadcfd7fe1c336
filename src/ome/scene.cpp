#include "ome/scene.h"

#include <algorithm>
#include <utility>

#include "ome/axes.h"
#include "ome/concat.h"
#include "ome/key_path.h"
#include "ome/parameter_array.h"

namespace mifa::ome {
namespace {

constexpr std::size_t kMostViews = 16;
constexpr std::size_t kMostHubs = 64;

void report(const JsonView& place, IssueLog& log, std::string_view message,
            std::string_view expected) {
  log.at(place, {.rule = "ome-zarr/scene",
                 .severity = Severity::kError,
                 .message = message,
                 .expected = expected,
                 .fix = "Correct the scene."});
}

template <typename T>
void add_once(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

}  // namespace

SceneLoader::SceneLoader(LoadContext context, std::string base, GroupMetadata group)
    : context_(context), base_(std::move(base)), group_(std::move(group)) {
  // Drafts had no "scene" around it.
  const JsonView scene = group_.ome["scene"].exists() ? group_.ome["scene"] : group_.ome;
  version_of(group_, scene, context_.log);
  systems_ = parse_systems(scene, context_.log);
  for (const CoordinateSystem& system : systems_.all) candidates_.push_back({"", system.name});
  const JsonView list = scene["coordinateTransformations"];
  if (!list.is_array() || list.size() == 0) {
    report(list.exists() ? list : scene, context_.log, "The scene has no transformations.",
           "an array \"coordinateTransformations\" that places the images");
  }
  for (std::int64_t i = 0; i < std::min(list.size(), context_.limits.maximum_entries); ++i) {
    Edge edge;
    edge.where = list[i];
    edge.from = read_end(list[i], "input");
    edge.to = read_end(list[i], "output");
    if (!edge.to.first.empty() && candidates_.size() < kMostViews) {
      add_once(candidates_, edge.to);
      images_[edge.to.first].hub = true;
    }
    edges_.push_back(std::move(edge));
  }
  parameter_paths_ = parameter_paths(scene);
  std::size_t hubs = 0;
  for (auto& [path, image] : images_) {
    image.hub = (image.hub || image.names.size() > 1) && hubs < kMostHubs;
    if (image.hub) ++hubs;
  }
}

// A system of the scene ({"", name}), or of an image, whose entry is made when it is met first.
SystemId SceneLoader::read_end(const JsonView& transform, const char* end) {
  const JsonView value = transform[end];
  SystemId id = system_of(value);
  const bool draft = value.is_string();
  if (draft && !systems_.names.contains(id.second)) std::swap(id.first, id.second);
  if (draft || (id.first.empty() && !systems_.names.contains(id.second))) {
    report(value.exists() ? value : transform, context_.log,
           concat("The transformation's ", end, " names no coordinate system properly."),
           R"({"name": …} of the scene, or {"path": …, "name": …} of an image)");
  }
  if (id.first.empty()) return {"", id.second};
  const auto path = join_path(base_, id.first);
  if (!path) {
    report(value, context_.log, concat(path.error().message, "."),
           "the path of an image in this group");
    return {"", ""};
  }
  const auto [found, added] = images_.try_emplace(*path);
  if (added) {
    found->second.entry = static_cast<int>(entries_.size());
    entries_.push_back({*path, path->substr(base_.empty() ? 0 : base_.size() + 1)});
  }
  add_once(found->second.names, id.second);
  return {*path, id.second};
}

bool SceneLoader::read_hubs() {
  bool complete = true;
  IssueLog quiet(0, 0);
  for (auto& [path, image] : images_) {
    if (!image.hub || image.planned) continue;
    const std::string key = group_key(path, group_.zarr_format);
    const KeyLedger::Reply& reply = context_.ledger.need(key);
    complete = complete && !reply.waiting();
    if (!reply.found()) continue;
    const GroupMetadata group = read_group_document(reply.json, group_.zarr_format);
    // Parameters in arrays are read here too, as the image itself would.
    ParameterArrays parameters;
    if (!read_parameters(context_.ledger, path, group.zarr_format,
                         parameter_paths(group.ome["multiscales"][0]), parameters)) {
      complete = false;
      continue;
    }
    auto plan = plan_multiscale(group, path, context_.limits, quiet, 0, parameters);
    image.planned = true;
    if (plan) image.plan = *std::move(plan);
  }
  return complete;
}

bool SceneLoader::advance() {
  if (complete_) return true;
  const bool parameters =
      read_parameters(context_.ledger, base_, group_.zarr_format, parameter_paths_, parameters_);
  if (!read_hubs() || !parameters) return false;
  build();
  return complete_ = true;
}

// Null where it is not known.
const std::vector<Axis>* SceneLoader::axes_of(const SystemId& id) const {
  if (id.first.empty()) return systems_.axes(id.second);
  const auto found = images_.find(id.first);
  if (found == images_.end() || found->second.plan.axes.empty()) return nullptr;
  const MultiscalePlan& plan = found->second.plan;
  if (id.second.empty() || id.second == plan.system) return &plan.axes;
  for (const Placement& placement : plan.placements) {
    if (placement.system == id.second) return &placement.axes;
  }
  return nullptr;
}

void SceneLoader::build() {
  SystemGraph graph;
  for (const Edge& edge : edges_) {
    const SystemId nowhere;
    if (edge.from == nowhere || edge.to == nowhere) continue;
    const MapEnds ends = {axes_of(edge.from), axes_of(edge.to)};
    auto map = parse_map(edge.where, ends, parameters_);
    if (!map) {
      report_unusable(edge.where, map.error(), "images are shown without it", context_.log);
      continue;
    }
    if (ends.input && ends.output) {
      convert_units(*map, *ends.input, *ends.output, edge.where, context_.log);
    }
    graph.add(edge.from, edge.to, std::move(map).value());
  }
  for (const auto& [path, image] : images_) {
    if (image.plan.axes.empty()) continue;
    const SystemId own = {path, ""};
    graph.add(own, {path, image.plan.system}, identity_map(image.plan.axes.size()));
    for (const Placement& placement : image.plan.placements) {
      graph.add(own, {path, placement.system}, {image.plan.axes.size(), placement.matrix});
    }
  }
  for (const SystemId& system : candidates_) add_view(system, graph);
}

void SceneLoader::add_view(const SystemId& system, const SystemGraph& graph) {
  const std::vector<Axis>* axes = axes_of(system);
  if (!axes || axes->empty()) return;
  const auto maps = graph.into(system, axes->size());
  SceneView view;
  view.system = system.second.empty() ? system.first : system.second;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const std::string& path = entries_[i].path;
    const Image& image = images_.at(path);
    const auto map = maps.find({path, image.plan.axes.empty() ? image.names.front() : ""});
    if (map == maps.end()) continue;
    view.items.push_back({static_cast<int>(i), {view.system, *axes, map->second.numbers}});
  }
  if (view.items.empty()) return;
  // Those with the most images first.
  auto place = scenes_.begin();
  while (place != scenes_.end() && place->items.size() >= view.items.size()) ++place;
  scenes_.insert(place, std::move(view));
}

void SceneLoader::learn(int entry, const Multiscale& image, std::vector<SceneView>& scenes) {
  const auto found = images_.find(entries_[static_cast<std::size_t>(entry)].path);
  if (found == images_.end() || std::exchange(found->second.learned, true)) return;
  if (!found->second.plan.axes.empty()) return;
  const std::string& name = found->second.names.front();
  const auto other = std::find_if(image.placements.begin(), image.placements.end(),
                                  [&](const Placement& p) { return p.system == name; });
  const bool own = name.empty() || name == image.system || other == image.placements.end();
  const std::vector<Axis>& axes = own ? image.axes : other->axes;
  for (SceneView& view : scenes) {
    for (SceneView::Item& item : view.items) {
      if (item.entry != entry) continue;
      AffineMap map = {axes.size(), item.placement.matrix};
      if (map.numbers.size() != item.placement.axes.size() * (axes.size() + 1)) {
        report(group_.ome, context_.log,
               concat("The image ", entries_[static_cast<std::size_t>(entry)].name, " has ",
                      axes.size(), " axes, and its place in the scene is for another number."),
               "transformations of as many axes as the image's coordinate system has");
        continue;
      }
      convert_units(map, axes, item.placement.axes, group_.ome, context_.log);
      if (!own) map = compose(map, {image.axes.size(), other->matrix});
      item.placement.matrix = std::move(map.numbers);
    }
  }
}

}  // namespace mifa::ome
