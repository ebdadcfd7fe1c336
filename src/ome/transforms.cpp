#include "ome/transforms.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace mifa::ome {
namespace {

constexpr const char* kRule = "ome-zarr/transforms";
constexpr std::int64_t kMostTransforms = 64;

// 0.6 transformations that are more than a scale and a translation per axis.
constexpr std::string_view kLater[] = {"affine",      "rotation",      "mapAxis",
                                       "projectAxis", "byDimension",   "bijection",
                                       "coordinates", "displacements", "inverseOf"};

void report(const JsonView& place, IssueLog& log, std::string message, std::string expected) {
  log.at(place, {.rule = kRule,
                 .severity = Severity::kError,
                 .message = std::move(message),
                 .expected = std::move(expected),
                 .fix = "Correct the transformation; until then the level is placed by the ratio "
                        "of the levels' sizes."});
}

// The numbers of a "scale" or "translation", or nothing and an issue. rank 0: any length.
std::optional<std::vector<double>> parse_numbers(const JsonView& transform, const char* key,
                                                 std::size_t rank, IssueLog& log) {
  const JsonView list = transform[key];
  const bool positive = std::string_view(key) == "scale";
  const std::string expected = "an array \"" + std::string(key) + "\" of " +
                               (rank > 0 ? std::to_string(rank) + " " : "") +
                               (positive ? "numbers above 0" : "numbers") + ", one per axis";
  if (!list.is_array()) {
    report(list.exists() ? list : transform, log,
           transform["path"].exists() && !list.exists()
               ? "The " + std::string(key) + " is kept in a Zarr array, which is not read yet."
               : "The " + std::string(key) + " has no numbers.",
           expected);
    return std::nullopt;
  }
  if (rank > 0 ? list.size() != static_cast<std::int64_t>(rank)
               : list.size() == 0 || list.size() > 32) {
    report(list, log,
           "The " + std::string(key) + " has " + std::to_string(list.size()) + " numbers for " +
               std::to_string(rank) + " axes.",
           expected);
    return std::nullopt;
  }
  std::vector<double> numbers;
  for (std::int64_t i = 0; i < list.size(); ++i) {
    const auto number = list[i].number();
    if (!number || !std::isfinite(*number) || (positive && *number <= 0)) {
      report(list[i], log, "A number of the " + std::string(key) + " cannot be used.", expected);
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
    report(list, log,
           "There are " + std::to_string(scales) + " scales and " + std::to_string(translations) +
               " translations.",
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

bool is_later_type(const std::string& type) {
  return std::find(std::begin(kLater), std::end(kLater), type) != std::end(kLater);
}

Error not_yet(const JsonView& place, const std::string& type, IssueLog& log) {
  const std::string message = "This program does not show images placed by the transformation \"" +
                              type.substr(0, 40) + "\" yet.";
  log.at(place, {.rule = "ome-zarr/transform-unsupported",
                 .severity = Severity::kError,
                 .message = message,
                 .expected = "scale, identity, or a sequence of a scale and a translation",
                 .fix = "If the image can be placed by a scale and a translation, write these."});
  return {ErrorCode::kUnsupported,
          message +
              " Expected scale, identity, or a sequence of a scale and a translation, "
              "received \"" +
              type.substr(0, 40) + "\", at " + place.pointer() + " of " + place.file()};
}

void check_ends_06(const JsonView& transform, const JsonView& dataset,
                   const std::set<std::string>& systems, IssueLog& log) {
  const JsonView input = transform["input"];
  const auto from = input["path"].string();
  if (!from || (dataset["path"].string() && from != dataset["path"].string())) {
    log.at(input.exists() ? input : transform,
           {.rule = "ome-zarr/transform-input",
            .severity = Severity::kError,
            .message = "The transformation's input is not this dataset.",
            .expected = "\"input\": {\"path\": " + dataset["path"].text(80) + "}",
            .fix = "Name the dataset's own path as the input."});
  }
  const JsonView output = transform["output"];
  const auto to = output["name"].string();
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

Result<std::optional<AxisTransform>> parse_dataset_transform_06(
    const JsonView& dataset, std::size_t rank, const std::set<std::string>& systems,
    IssueLog& log) {
  const std::optional<AxisTransform> nothing;
  const std::string expected =
      "exactly one transformation: a scale, an identity, or a sequence of both a scale and a "
      "translation";
  const JsonView list = dataset["coordinateTransformations"];
  if (!list.is_array() || list.size() != 1) {
    report(list.exists() ? list : dataset, log,
           "There are " + std::to_string(list.size()) + " coordinateTransformations.", expected);
    if (list.size() == 0) return nothing;
  }
  AxisTransform result;
  result.scale.assign(rank, 1.0);
  result.translation.assign(rank, 0.0);
  const JsonView transform = list[0];
  check_ends_06(transform, dataset, systems, log);
  const std::string type = transform["type"].string().value_or("");
  if (is_later_type(type)) return not_yet(transform, type, log);
  if (type == "scale" || type == "identity") {
    if (list.size() != 1 || !append_simple(transform, rank, result, log)) return nothing;
    return std::optional<AxisTransform>(result);
  }
  const JsonView steps = transform["transformations"];
  if (type != "sequence" || !steps.is_array()) {
    report(transform, log, "A dataset cannot be placed by this transformation.", expected);
    return nothing;
  }
  bool ordered = steps.size() == 2 && steps[0]["type"].string() == "scale" &&
                 steps[1]["type"].string() == "translation";
  if (!ordered) report(steps, log, "The sequence is not a scale and a translation.", expected);
  if (steps.size() > kMostTransforms) return nothing;
  for (std::int64_t i = 0; i < steps.size(); ++i) {
    const std::string step = steps[i]["type"].string().value_or("");
    if (is_later_type(step) || step == "sequence") return not_yet(steps[i], step, log);
    if (!append_simple(steps[i], rank, result, log)) return nothing;
  }
  if (list.size() != 1 || !usable(result)) return nothing;
  return std::optional<AxisTransform>(result);
}

void check_multiscale_transforms_06(const JsonView& multiscale, IssueLog& log) {
  const JsonView list = multiscale["coordinateTransformations"];
  if (!list.exists()) return;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms); ++i) {
    for (const char* end : {"input", "output"}) {
      const bool is_input = std::string_view(end) == "input";
      if (list[i][end]["name"].is_string()) continue;
      log.at(list[i][end].exists() ? list[i][end] : list[i],
             {.rule = is_input ? "ome-zarr/transform-input" : "ome-zarr/transform-output",
              .severity = Severity::kError,
              .message = "The transformation's " + std::string(end) +
                         " does not name a coordinate system.",
              .expected = "{\"name\": …} with the name of a coordinate system",
              .fix = "Name the coordinate system."});
    }
  }
  log.at(list, {.rule = "ome-zarr/transforms-not-shown",
                .severity = Severity::kInfo,
                .message = "The image is shown in the coordinate system of its datasets. "
                           "Transformations to further systems are not applied yet.",
                .expected = "",
                .fix = ""});
}

}  // namespace mifa::ome
