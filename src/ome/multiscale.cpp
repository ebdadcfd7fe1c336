#include "ome/multiscale.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ome/axes.h"
#include "ome/concat.h"
#include "ome/coordinate_systems.h"
#include "ome/key_path.h"
#include "ome/order.h"

namespace mifa::ome {
namespace {

Error fail(const JsonView& place, IssueLog& log, const char* rule, const std::string& message,
           const std::string& expected, const std::string& fix) {
  log.at(place, {.rule = rule,
                 .severity = Severity::kError,
                 .message = message,
                 .expected = expected,
                 .fix = fix});
  return {ErrorCode::kFixData,
          concat(message, " Expected ", expected, ", received ", place.describe(), ", at ",
                 place.pointer(), " of ", place.file(), ". ", fix)};
}

// The dataset's path below the opened root, or nothing and an issue.
std::optional<std::string> parse_path(const JsonView& dataset, const std::string& group_path,
                                      IssueLog& log) {
  const JsonView path = dataset["path"];
  auto text = path.string();
  if (!text) {
    log.at(path.exists() ? path : dataset,
           {.rule = "ome-zarr/dataset-path",
            .severity = Severity::kError,
            .message =
                path.exists() ? "The dataset's path is not a string." : "The dataset has no path.",
            .expected = "a member \"path\", a string such as \"0\"",
            .fix = "Write the array's path as a string."});
    const auto number = path.integer();
    if (!number) return std::nullopt;
    text = std::to_string(*number);
  }
  auto joined = join_path(group_path, *text);
  if (joined) return *joined;
  log.at(path, {.rule = "ome-zarr/dataset-path",
                .severity = Severity::kError,
                .message = concat("The dataset is left out: ", joined.error().message, "."),
                .expected = "a path below this group, such as \"0\"",
                .fix = "Store the array inside the dataset and name it relative to its group."});
  return std::nullopt;
}

// Fills plan.datasets, and what 0.6 needs besides.
void plan_datasets(const JsonView& list, MultiscalePlan& plan, const CoordinateSystems& systems,
                   const ParameterArrays& parameters, const OpenerLimits& limits, IssueLog& log) {
  if (list.size() > limits.maximum_levels) {
    log.at(list, {.rule = "ome-zarr/datasets-count",
                  .severity = Severity::kWarning,
                  .message = concat("There are ", list.size(), " datasets; the first ",
                                    limits.maximum_levels, " are read."),
                  .expected = concat("at most ", limits.maximum_levels),
                  .fix = "List each resolution level once."});
  }
  std::vector<std::optional<AffineMap>> maps;
  for (std::int64_t i = 0; i < std::min(list.size(), limits.maximum_levels); ++i) {
    DatasetPlan dataset;
    dataset.where = list[i];
    std::optional<AffineMap> map;
    if (plan.version.minor >= 6) {
      map = parse_dataset_transform_06(list[i], plan.axes, systems.names, plan.version, parameters,
                                       log);
    } else if (plan.version.minor >= 4 || list[i]["coordinateTransformations"].exists()) {
      dataset.transform =
          parse_transforms(list[i], plan.axes.size(), TransformPlace::kDataset, log);
    }
    const auto path = parse_path(list[i], plan.path, log);
    if (!path) continue;
    dataset.path = *path;
    plan.datasets.push_back(std::move(dataset));
    maps.push_back(std::move(map));
  }
  if (plan.version.minor < 6) return;
  split_dataset_maps(plan, std::move(maps), log);
  add_placements(plan, systems, parameters, log);
}

std::string parse_name(const JsonView& multiscale, IssueLog& log) {
  const JsonView name = multiscale["name"];
  if (name.exists() && !name.is_null() && !name.is_string()) {
    log.at(name, {.rule = "ome-zarr/multiscale-name",
                  .severity = Severity::kError,
                  .message = "The image's name is not a string.",
                  .expected = "a string",
                  .fix = "Put the name in quotes."});
  }
  return name.string().value_or("");
}

// Which of plan.datasets' transforms have the array's rank: a wrong axis list makes them useless.
bool fits(const std::optional<AxisTransform>& transform, std::size_t rank) {
  return transform && transform->scale.size() == rank;
}

// Levels without a usable transform cover the same space as the reference, edge to edge.
AxisTransform from_shapes(const AxisTransform& reference, const std::vector<Axis>& axes,
                          const std::vector<std::int64_t>& reference_shape,
                          const std::vector<std::int64_t>& shape) {
  AxisTransform result = reference;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const double ratio = static_cast<double>(reference_shape[i]) / static_cast<double>(shape[i]);
    result.scale[i] = reference.scale[i] * ratio;
    if (axes[i].type == AxisType::kTime || axes[i].type == AxisType::kChannel) continue;
    result.translation[i] += (result.scale[i] - reference.scale[i]) / 2;
  }
  return result;
}

// Arrays that can be shown together: not empty, at least two axes, the first one's rank.
std::vector<LevelArray> fitting_arrays(std::vector<LevelArray> arrays, IssueLog& log) {
  std::vector<LevelArray> result;
  for (LevelArray& array : arrays) {
    const auto& shape = array.metadata.shape;
    const char* rule = nullptr;
    std::string why;
    if (shape.size() < 2) {
      rule = "ome-zarr/array-rank";
      why = "it has fewer than two axes";
    } else if (std::any_of(shape.begin(), shape.end(), [](auto n) { return n < 1; })) {
      rule = "ome-zarr/array-empty";
      why = "it has no elements";
    } else if (!result.empty() && result.front().metadata.rank() != array.metadata.rank()) {
      rule = "ome-zarr/array-rank";
      why = concat("it has ", array.metadata.rank(), " axes and the first level has ",
                   result.front().metadata.rank());
    }
    if (!rule) {
      result.push_back(std::move(array));
      continue;
    }
    log.at(array.where["shape"], {.rule = rule,
                                  .severity = Severity::kError,
                                  .message = concat("The level is left out: ", why, "."),
                                  .expected = "arrays of the same rank, two or more, none empty",
                                  .fix = "Write the level again from the full image."});
  }
  return result;
}

// The plan's axes if they fit the arrays, else the best guess.
std::vector<Axis> resolve_axes(const MultiscalePlan& plan, const LevelArray& array, IssueLog& log) {
  const std::size_t rank = array.metadata.shape.size();
  if (plan.axes.size() == rank) return plan.axes;
  if (plan.axes.empty()) {
    const bool five_needed = plan.version.minor == 1 || plan.version.minor == 2;
    if (five_needed && rank != 5) {
      log.at(array.where["shape"],
             {.rule = "ome-zarr/axes-rank",
              .severity = Severity::kError,
              .message = concat("OME-Zarr ", plan.version.text, " images have five axes."),
              .expected = "a shape of five numbers: t, c, z, y, x",
              .fix = "Write five axes, or name the axes as version 0.3 and later do."});
    }
    return implied_axes(rank);
  }
  log.at(array.where["shape"], {.rule = "ome-zarr/axes-rank",
                                .severity = Severity::kError,
                                .message = concat("The metadata describes ", plan.axes.size(),
                                                  " axes, and the arrays have ", rank, "."),
                                .expected = concat("a shape of ", plan.axes.size(), " numbers"),
                                .fix = "Describe exactly the arrays' axes, in their order."});
  std::vector<Axis> result = plan.axes;
  if (result.size() > rank) {
    result.erase(result.begin(), result.end() - static_cast<std::ptrdiff_t>(rank));
    return result;
  }
  std::vector<Axis> front;
  for (std::size_t i = 0; i < rank - result.size(); ++i) {
    front.push_back({concat("dim_", i), AxisType::kOther, ""});
  }
  result.insert(result.begin(), front.begin(), front.end());
  return result;
}

// One transform per array, from the plan or derived.
std::vector<AxisTransform> place_levels(const MultiscalePlan& plan,
                                        const std::vector<LevelArray>& arrays,
                                        const Multiscale& image) {
  const std::vector<Axis>& axes = image.axes;
  const std::size_t rank = axes.size();
  AxisTransform reference{std::vector<double>(rank, 1.0), std::vector<double>(rank, 0.0)};
  const std::vector<std::int64_t>* reference_shape = &arrays.front().metadata.shape;
  // Nothing tells how much coarser the first array is than one that was not read: by 2 each time,
  // as nearly everybody does.
  for (const int axis : {image.x_axis, image.y_axis}) {
    const auto at = static_cast<std::size_t>(axis);
    reference.scale[at] = std::ldexp(1.0, static_cast<int>(arrays.front().dataset));
    reference.translation[at] = (reference.scale[at] - 1) / 2;
  }
  for (const LevelArray& array : arrays) {
    const auto& transform = plan.datasets[array.dataset].transform;
    if (!fits(transform, rank)) continue;
    reference = *transform;
    reference_shape = &array.metadata.shape;
    break;
  }
  std::vector<AxisTransform> result;
  for (const LevelArray& array : arrays) {
    const auto& own = plan.datasets[array.dataset].transform;
    AxisTransform transform =
        fits(own, rank) ? *own
                        : from_shapes(reference, axes, *reference_shape, array.metadata.shape);
    if (fits(plan.outer, rank)) {
      const AxisTransform both = compose(*plan.outer, transform);
      const bool finite = std::all_of(both.scale.begin(), both.scale.end(),
                                      [](double s) { return std::isfinite(s) && s > 0; }) &&
                          std::all_of(both.translation.begin(), both.translation.end(),
                                      [](double t) { return std::isfinite(t); });
      if (finite) transform = both;
    }
    result.push_back(std::move(transform));
  }
  return result;
}

double pixels(const Multiscale& image, const Level& level) {
  return static_cast<double>(level.array.shape[static_cast<std::size_t>(image.x_axis)]) *
         static_cast<double>(level.array.shape[static_cast<std::size_t>(image.y_axis)]);
}

void order_levels(const MultiscalePlan& plan, Multiscale& image, IssueLog& log) {
  const auto order = sorted_order(image.levels.size(), [&image](std::size_t a, std::size_t b) {
    return pixels(image, image.levels[a]) > pixels(image, image.levels[b]);
  });
  if (std::is_sorted(order.begin(), order.end())) return;
  log.at(plan.where["datasets"],
         {.rule = "ome-zarr/datasets-order",
          .severity = Severity::kError,
          .message = "The datasets are not listed from the finest to the coarsest.",
          .expected = "the largest array first",
          .fix = "Reorder \"datasets\"."});
  std::vector<Level> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(image.levels[i]));
  image.levels = std::move(sorted);
}

void check_types(const std::vector<LevelArray>& arrays, IssueLog& log) {
  for (const LevelArray& array : arrays) {
    if (array.metadata.data_type == arrays.front().metadata.data_type) continue;
    log.at(array.where,
           {.rule = "ome-zarr/levels-data-type",
            .severity = Severity::kError,
            .message =
                concat("This level holds ", zarr::name(array.metadata.data_type),
                       " and the first one ", zarr::name(arrays.front().metadata.data_type), "."),
            .expected = "the same data type in all levels",
            .fix = "Write the level again with the first level's type."});
  }
}

}  // namespace

std::vector<std::string> multiscale_names(const GroupMetadata& group) {
  constexpr std::int64_t kMostNamed = 256;
  const JsonView list = group.ome["multiscales"];
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostNamed); ++i) {
    const auto name = list[i]["name"].string();
    names.push_back(name && !name->empty() ? *name : concat("Image ", i + 1));
  }
  return names;
}

Result<MultiscalePlan> plan_multiscale(const GroupMetadata& group, const std::string& path,
                                       const OpenerLimits& limits, IssueLog& log,
                                       std::int64_t index, const ParameterArrays& parameters) {
  const JsonView list = group.ome["multiscales"];
  if (!list.is_array() || list.size() == 0 || !list[index].is_object()) {
    const JsonView place = list[index].exists() ? list[index] : list.exists() ? list : group.ome;
    return fail(place, log, "ome-zarr/multiscales", "\"multiscales\" does not describe an image.",
                "an array \"multiscales\" of at least one object",
                "Describe the image's axes and datasets there.");
  }
  MultiscalePlan plan;
  plan.path = path;
  plan.where = list[index];
  plan.version = version_of(group, plan.where, log);
  plan.name = parse_name(plan.where, log);
  // What 0.6 brought tells it where no version does.
  if (plan.version.minor == 0 && plan.where["coordinateSystems"].exists()) plan.version.minor = 6;
  const bool systems_expected = plan.version.minor >= 6;
  CoordinateSystems systems;
  if (systems_expected) {
    systems = parse_systems(plan.where, log);
    plan.system = systems.own["name"].string().value_or("");
    const JsonView given = plan.where["coordinateSystems"];
    if (!systems.own.exists()) {
      log.at(given.exists() ? given : plan.where,
             {.rule = "ome-zarr/coordinate-systems",
              .severity = Severity::kError,
              .message = "There are no coordinate systems.",
              .expected = "an array \"coordinateSystems\" of objects with name and axes",
              .fix = "Describe the axes in a coordinate system."});
    }
  }
  if (!systems_expected || systems.own.exists()) {
    const JsonView owner = systems_expected ? systems.own : plan.where;
    plan.axes = parse_axes(owner, owner["axes"], plan.version, log);
  }
  const JsonView datasets = plan.where["datasets"];
  if (!datasets.is_array() || datasets.size() == 0) {
    return fail(datasets.exists() ? datasets : plan.where, log, "ome-zarr/datasets",
                "The image has no datasets.", "an array \"datasets\" of at least one object",
                "List the image's arrays there, the finest first.");
  }
  plan_datasets(datasets, plan, systems, parameters, limits, log);
  if (!systems_expected) {
    plan.outer = parse_transforms(plan.where, plan.axes.size(), TransformPlace::kMultiscale, log);
  }
  if (plan.datasets.empty()) {
    return Error{ErrorCode::kFixData,
                 concat("expected datasets with a path below their group, received "
                        "none, at ",
                        datasets.pointer(), " of ", datasets.file())};
  }
  return plan;
}

Result<Multiscale> build_multiscale(const MultiscalePlan& plan, std::vector<LevelArray> arrays,
                                    IssueLog& log) {
  arrays = fitting_arrays(std::move(arrays), log);
  if (arrays.empty()) {
    return Error{ErrorCode::kFixData,
                 concat("expected at least one array with two or more axes and no "
                        "empty axis, received none, for the image at \"",
                        plan.path, "\"")};
  }
  Multiscale image;
  image.path = plan.path;
  image.name = plan.name;
  image.version = plan.version.text;
  image.axes = resolve_axes(plan, arrays.front(), log);
  image.system = plan.system;
  if (image.axes.size() == plan.axes.size()) {
    image.placements = plan.placements;
    image.placement = plan.placement;
  }
  assign_axis_roles(image);
  check_types(arrays, log);
  std::vector<AxisTransform> places = place_levels(plan, arrays, image);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    Level level;
    level.path = plan.datasets[arrays[i].dataset].path;
    level.metadata_text = std::move(arrays[i].text);
    level.array = std::move(arrays[i].metadata);
    level.scale = std::move(places[i].scale);
    level.translation = std::move(places[i].translation);
    image.levels.push_back(std::move(level));
  }
  order_levels(plan, image, log);
  return image;
}

Result<Multiscale> build_array_image(const std::string& path, LevelArray array,
                                     const std::vector<std::string>& dimension_names) {
  const auto& shape = array.metadata.shape;
  const std::size_t rank = shape.size();
  if (rank < 2 || std::any_of(shape.begin(), shape.end(), [](auto n) { return n < 1; })) {
    return Error{
        ErrorCode::kUnsupported,
        concat("expected an array with at least two axes and no empty one, received the shape ",
               array.where["shape"].text(80), ", at ", array.where.file())};
  }
  Multiscale image;
  image.path = path;
  image.axes = axes_from_names(
      dimension_names.empty() ? array.metadata.dimension_names : dimension_names, rank);
  assign_axis_roles(image);
  Level level;
  level.path = path;
  level.metadata_text = std::move(array.text);
  level.scale.assign(rank, 1.0);
  level.translation.assign(rank, 0.0);
  level.array = std::move(array.metadata);
  image.levels.push_back(std::move(level));
  return image;
}

}  // namespace mifa::ome
