#include "ome/transforms.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "ome/concat.h"

namespace mifa::ome {
namespace {

constexpr const char* kRule = "ome-zarr/transforms";
constexpr std::int64_t kMostTransforms = 64;

void report(const JsonView& place, IssueLog& log, std::string_view message,
            std::string_view expected) {
  log.at(place, {.rule = kRule,
                 .severity = Severity::kError,
                 .message = message,
                 .expected = expected,
                 .fix = "Correct the transformation; until then the level is placed by the ratio "
                        "of the levels' sizes."});
}

// The numbers of a "scale" or "translation", or nothing and an issue. rank 0: any length.
std::optional<std::vector<double>> parse_numbers(const JsonView& transform, const char* key,
                                                 std::size_t rank, IssueLog& log) {
  const JsonView list = transform[key];
  const bool positive = std::string_view(key) == "scale";
  const std::string expected =
      concat("an array \"", key, "\" of ", (rank > 0 ? std::to_string(rank) + " " : ""),
             (positive ? "numbers above 0" : "numbers"), ", one per axis");
  if (!list.is_array()) {
    report(list.exists() ? list : transform, log,
           transform["path"].exists() && !list.exists()
               ? concat("The ", key, " is kept in a Zarr array, which is not read yet.")
               : concat("The ", key, " has no numbers."),
           expected);
    return std::nullopt;
  }
  if (rank > 0 ? list.size() != static_cast<std::int64_t>(rank)
               : list.size() == 0 || list.size() > 32) {
    report(list, log, concat("The ", key, " has ", list.size(), " numbers for ", rank, " axes."),
           expected);
    return std::nullopt;
  }
  std::vector<double> numbers;
  for (std::int64_t i = 0; i < list.size(); ++i) {
    const auto number = list[i].number();
    if (!number || !std::isfinite(*number) || (positive && *number <= 0)) {
      report(list[i], log, concat("A number of the ", key, " cannot be used."), expected);
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  return numbers;
}

// One scale, translation or identity put after `so_far`, whose vectors are empty at first.
bool append_simple(const JsonView& transform, std::size_t rank, AxisTransform& so_far,
                   IssueLog& log) {
  const auto type = transform["type"].string();
  if (type == "identity") return true;
  if (type != "scale" && type != "translation") {
    const JsonView place = transform["type"].exists() ? transform["type"] : transform;
    report(place, log, "A transformation of this type cannot be used here.",
           "\"type\": \"scale\" or \"translation\"");
    return false;
  }
  const bool is_scale = type == "scale";
  const std::size_t wanted = so_far.scale.empty() ? rank : so_far.scale.size();
  const auto numbers = parse_numbers(transform, is_scale ? "scale" : "translation", wanted, log);
  if (!numbers) return false;
  if (so_far.scale.empty()) {
    so_far.scale.assign(numbers->size(), 1.0);
    so_far.translation.assign(numbers->size(), 0.0);
  }
  for (std::size_t i = 0; i < numbers->size(); ++i) {
    if (is_scale) {
      so_far.scale[i] *= (*numbers)[i];
      so_far.translation[i] *= (*numbers)[i];
    } else {
      so_far.translation[i] += (*numbers)[i];
    }
  }
  return true;
}

// Products of extreme numbers can overflow: such a picture has no place in the world.
bool usable(const AxisTransform& transform) {
  return std::all_of(transform.scale.begin(), transform.scale.end(),
                     [](double s) { return std::isfinite(s) && s > 0; }) &&
         std::all_of(transform.translation.begin(), transform.translation.end(),
                     [](double t) { return std::isfinite(t); });
}

// Whether the list has exactly one scale, followed by at most one translation (0.4, 0.5).
bool check_order(const JsonView& list, TransformPlace place, IssueLog& log) {
  int scales = 0;
  int translations = 0;
  bool scale_late = false;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms); ++i) {
    const auto type = list[i]["type"].string();
    if (type == "scale") {
      ++scales;
      scale_late = scale_late || translations > 0;
    } else if (type == "translation") {
      ++translations;
    }
  }
  const std::string expected = "one scale, then at most one translation";
  const bool dataset = place == TransformPlace::kDataset;
  if (scales == 0) {
    report(list, log, "There is no scale.", expected);
    return !dataset;  // A translation of the whole image means the same without a scale.
  }
  if (scales > 1 || translations > 1 || list.size() > kMostTransforms) {
    report(list, log, concat("There are ", scales, " scales and ", translations, " translations."),
           expected);
    return false;
  }
  if (scale_late) {
    log.at(list, {.rule = kRule,
                  .severity = Severity::kError,
                  .message = "The translation comes before the scale, and so is scaled too.",
                  .expected = expected,
                  .fix = "Put the scale first and multiply the translation by it."});
  }
  return true;
}

void check_ends_06(const JsonView& transform, const JsonView& dataset,
                   const std::set<std::string>& systems, bool draft, IssueLog& log) {
  const JsonView input = transform["input"];
  const auto from = draft && input.is_string() ? input.string() : input["path"].string();
  if (!from || (dataset["path"].string() && from != dataset["path"].string())) {
    log.at(input.exists() ? input : transform,
           {.rule = "ome-zarr/transform-input",
            .severity = Severity::kError,
            .message = "The transformation's input is not this dataset.",
            .expected = concat("\"input\": {\"path\": ", dataset["path"].text(80), "}"),
            .fix = "Name the dataset's own path as the input."});
  }
  const JsonView output = transform["output"];
  const auto to = draft && output.is_string() ? output.string() : output["name"].string();
  if (!to || !systems.contains(*to)) {
    log.at(output.exists() ? output : transform,
           {.rule = "ome-zarr/transform-output",
            .severity = Severity::kError,
            .message = "The transformation's output is not one of the coordinate systems.",
            .expected = "\"output\": {\"name\": …} with the name of a coordinate system",
            .fix = "Name the coordinate system the dataset is placed in."});
  }
}

}  // namespace

AxisTransform compose(const AxisTransform& outer, const AxisTransform& inner) {
  AxisTransform result = inner;
  for (std::size_t i = 0; i < result.scale.size(); ++i) {
    result.scale[i] *= outer.scale[i];
    result.translation[i] = outer.scale[i] * result.translation[i] + outer.translation[i];
  }
  return result;
}

std::optional<AxisTransform> parse_transforms(const JsonView& owner, std::size_t rank,
                                              TransformPlace place, IssueLog& log) {
  const JsonView list = owner["coordinateTransformations"];
  if (!list.exists() && place == TransformPlace::kMultiscale) return std::nullopt;
  if (!list.is_array() || list.size() == 0) {
    report(list.exists() ? list : owner, log, "There are no coordinateTransformations.",
           "an array \"coordinateTransformations\" with one scale, then at most one translation");
    return std::nullopt;
  }
  if (!check_order(list, place, log)) return std::nullopt;
  AxisTransform result;
  for (std::int64_t i = 0; i < list.size(); ++i) {
    if (!append_simple(list[i], rank, result, log)) return std::nullopt;
  }
  if (result.scale.empty() || !usable(result)) return std::nullopt;
  return result;
}

bool is_draft(const Version& version) { return version.text.starts_with("0.6.dev"); }

void report_unusable(const JsonView& place, const Error& error, const char* consequence,
                     IssueLog& log) {
  const bool unsupported = error.code == ErrorCode::kUnsupported;
  log.at(place, {.rule = unsupported ? "ome-zarr/transform-unsupported" : kRule,
                 .severity = unsupported ? Severity::kWarning : Severity::kError,
                 .message = concat(error.message, "; ", consequence, "."),
                 .expected = unsupported ? "a transformation that is an affine map" : "",
                 .fix = "Correct the transformation, or write it as an affine map if it is one."});
}

std::optional<AxisTransform> axis_transform(const AffineMap& map) {
  if (map.outputs() != map.inputs) return std::nullopt;
  AxisTransform result;
  for (std::size_t row = 0; row < map.inputs; ++row) {
    for (std::size_t i = 0; i < map.inputs; ++i) {
      if (i != row && map.at(row, i) != 0) return std::nullopt;
    }
    result.scale.push_back(map.at(row, row));
    result.translation.push_back(map.at(row, map.inputs));
  }
  if (!usable(result)) return std::nullopt;
  return result;
}

std::optional<AffineMap> parse_dataset_transform_06(
    const JsonView& dataset, const std::vector<Axis>& axes, const std::set<std::string>& systems,
    const Version& version, const ParameterArrays& parameters, IssueLog& log) {
  const std::string expected =
      "exactly one transformation: a scale, an identity, or a sequence of both a scale and a "
      "translation";
  const JsonView list = dataset["coordinateTransformations"];
  if (!list.is_array() || list.size() != 1) {
    report(list.exists() ? list : dataset, log,
           concat("There are ", list.size(), " coordinateTransformations."), expected);
    return std::nullopt;
  }
  const JsonView transform = list[0];
  const bool draft = is_draft(version);
  check_ends_06(transform, dataset, systems, draft, log);
  const std::string type = transform["type"].string().value_or("");
  const JsonView steps = transform["transformations"];
  const bool pair = type == "sequence" && steps.size() == 2 &&
                    steps[0]["type"].string() == "scale" &&
                    steps[1]["type"].string() == "translation";
  if (!pair && type != "scale" && type != "identity" && !draft) {
    report(transform, log, "A dataset cannot be placed by this transformation.", expected);
  }
  const std::vector<Axis>* ends = axes.empty() ? nullptr : &axes;
  auto map = parse_map(transform, {ends, ends}, parameters);
  if (map) return *std::move(map);
  report_unusable(transform, map.error(), "the level is placed by the ratio of the levels' sizes",
                  log);
  return std::nullopt;
}

}  // namespace mifa::ome
