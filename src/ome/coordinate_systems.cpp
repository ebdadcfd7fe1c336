#include "ome/coordinate_systems.h"

#include <algorithm>
#include <cmath>

#include "ome/axes.h"
#include "ome/concat.h"

namespace mifa::ome {
namespace {

constexpr std::int64_t kMostSystems = 256;
constexpr std::int64_t kMostTransforms = 64;

bool has_space(const std::vector<Axis>& axes) {
  return std::count_if(axes.begin(), axes.end(),
                       [](const Axis& axis) { return axis.type == AxisType::kSpace; }) >= 2;
}

// The part of a dataset's map that is no scale: its columns have the length 1.
AffineMap without_scale(const AffineMap& map, std::vector<double>& scale) {
  AffineMap rest = map;
  scale.assign(map.inputs, 1.0);
  for (std::size_t i = 0; i < map.inputs; ++i) {
    double length = 0;
    for (std::size_t row = 0; row < map.outputs(); ++row) {
      length = std::hypot(length, map.at(row, i));
    }
    if (length > 0) scale[i] = length;
    for (std::size_t row = 0; row < map.outputs(); ++row) rest.at(row, i) /= scale[i];
  }
  return rest;
}

// Zero for what is only rounding beside the larger numbers of the diagonal.
AffineMap rounded(AffineMap map) {
  for (std::size_t row = 0; row < map.outputs(); ++row) {
    for (std::size_t i = 0; i < map.inputs; ++i) {
      const double large = std::max(std::abs(map.at(row, row)), std::abs(map.at(i, i)));
      if (i != row && std::abs(map.at(row, i)) <= large * 1e-6) map.at(row, i) = 0;
    }
  }
  return map;
}

// The image's own axes, each named like the one of the system along which it mostly runs.
std::vector<Axis> axes_before(const AffineMap& rest, const std::vector<Axis>& axes) {
  std::vector<Axis> result;
  std::set<std::size_t> taken;
  for (std::size_t i = 0; i < rest.inputs; ++i) {
    std::size_t best = 0;
    for (std::size_t row = 1; row < rest.outputs(); ++row) {
      if (std::abs(rest.at(row, i)) > std::abs(rest.at(best, i))) best = row;
    }
    if (!taken.insert(best).second) return axes;
    result.push_back(axes[best]);
  }
  return result;
}

}  // namespace

const std::vector<Axis>* CoordinateSystems::axes(const std::string& name) const {
  for (const CoordinateSystem& system : all) {
    if (system.name == name) return &system.axes;
  }
  return nullptr;
}

// The own system is the output of the first dataset.
CoordinateSystems parse_systems(const JsonView& owner, IssueLog& log) {
  CoordinateSystems result;
  const JsonView list = owner["coordinateSystems"];
  const auto wanted =
      system_of(owner["datasets"][0]["coordinateTransformations"][0]["output"]).second;
  IssueLog quiet(0, 0);
  for (std::int64_t i = 0; i < std::min(list.size(), kMostSystems); ++i) {
    const auto name = list[i]["name"].string();
    if (!name || name->empty() || !result.names.insert(*name).second) {
      log.at(list[i], {.rule = "ome-zarr/coordinate-system-name",
                       .severity = Severity::kError,
                       .message = "A coordinate system has no name of its own.",
                       .expected = "a member \"name\", a string no other system has",
                       .fix = "Name every coordinate system differently."});
    } else {
      result.all.push_back({*name, parse_axes(list[i], list[i]["axes"], {"0.6", 6}, quiet)});
    }
    if (i == 0 || (name && name == wanted)) result.own = list[i];
  }
  return result;
}

void split_dataset_maps(MultiscalePlan& plan, std::vector<std::optional<AffineMap>> maps,
                        IssueLog& log) {
  const auto first = std::find_if(maps.begin(), maps.end(), [](const auto& m) { return !!m; });
  if (first == maps.end()) return;
  std::optional<AffineMap> rest, inverse;
  if (!axis_transform(**first)) {
    std::vector<double> scale;
    rest = without_scale(**first, scale);
    inverse = invert(*rest);
    if (!inverse) {
      report_unusable(plan.datasets[static_cast<std::size_t>(first - maps.begin())].where,
                      {ErrorCode::kFixData, "The transformation loses a dimension"},
                      "the level is placed by the ratio of the levels' sizes", log);
      return;
    }
    plan.placements = {{plan.system, plan.axes, rest->numbers}};
    plan.placement = 0;
    plan.axes = axes_before(*rest, plan.axes);
    plan.system = plan.datasets.front().where["path"].string().value_or("");
  }
  std::vector<DatasetPlan> kept;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    DatasetPlan& dataset = plan.datasets[i];
    if (maps[i]) {
      dataset.transform = axis_transform(inverse ? rounded(compose(*inverse, *maps[i])) : *maps[i]);
      if (!dataset.transform) {
        log.at(dataset.where,
               {.rule = "ome-zarr/transform-levels",
                .severity = Severity::kError,
                .message = "The level is left out: it is turned or sheared otherwise than the "
                           "first one.",
                .expected = "levels that differ in scale and translation only",
                .fix = "Write one transformation for all levels under "
                       "multiscales.coordinateTransformations."});
        continue;
      }
    }
    kept.push_back(std::move(dataset));
  }
  plan.datasets = std::move(kept);
}

void add_placements(MultiscalePlan& plan, const CoordinateSystems& systems,
                    const ParameterArrays& parameters, IssueLog& log) {
  const JsonView list = plan.where["coordinateTransformations"];
  const bool draft = is_draft(plan.version);
  const std::string own = systems.own["name"].string().value_or("");
  const auto* own_axes = systems.axes(own);
  SystemGraph graph;
  bool complete = true;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms); ++i) {
    MapEnds ends;
    SystemId ids[2];
    for (const bool is_input : {true, false}) {
      const JsonView end = list[i][is_input ? "input" : "output"];
      SystemId& id = ids[is_input ? 0 : 1];
      id = {"", system_of(end).second};
      (is_input ? ends.input : ends.output) = systems.axes(id.second);
      if (systems.names.contains(id.second) && (draft || !end.is_string())) continue;
      log.at(end.exists() ? end : list[i],
             {.rule = is_input ? "ome-zarr/transform-input" : "ome-zarr/transform-output",
              .severity = Severity::kError,
              .message = concat("The transformation's ", (is_input ? "input" : "output"),
                                " does not name a coordinate system."),
              .expected = "{\"name\": …} with the name of a coordinate system",
              .fix = "Name the coordinate system."});
    }
    auto map = parse_map(list[i], ends, parameters);
    if (!map) {
      complete = false;
      report_unusable(list[i], map.error(), "the image is shown without it", log);
    } else if (ends.input && ends.output) {
      convert_units(*map, *ends.input, *ends.output, list[i], log);
      graph.add(ids[0], ids[1], std::move(map).value());
    }
  }
  const bool turned = !plan.placements.empty();
  const AffineMap rest = turned ? AffineMap{plan.axes.size(), plan.placements[0].matrix}
                                : identity_map(plan.axes.size());
  for (const CoordinateSystem& system : systems.all) {
    if (system.name == own || !own_axes) continue;
    const auto maps = graph.into({"", system.name}, system.axes.size());
    const auto found = maps.find({"", own});
    if (found != maps.end() && found->second.inputs == rest.outputs()) {
      plan.placements.push_back({system.name, system.axes, compose(found->second, rest).numbers});
    } else if (complete) {
      log.at(plan.where["coordinateSystems"],
             {.rule = "ome-zarr/coordinate-system-apart",
              .severity = Severity::kWarning,
              .message = concat("No transformation that can be used joins the coordinate system \"",
                                system.name.substr(0, 40), "\" to the image's own."),
              .expected =
                  concat("a transformation between \"", own.substr(0, 40), "\" and this system"),
              .fix = "Add the transformation, or remove the system."});
    }
  }
  // The own system "should be used for viewing" (0.6, multiscales), but indices of an array have no
  // place in the world where another system gives them one.
  if (turned || has_space(plan.axes)) return;
  for (std::size_t i = 0; i < plan.placements.size() && plan.placement < 0; ++i) {
    if (has_space(plan.placements[i].axes)) plan.placement = static_cast<int>(i);
  }
}

}  // namespace mifa::ome
