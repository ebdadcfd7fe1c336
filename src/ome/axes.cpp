#include "ome/axes.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ome/concat.h"

namespace mifa::ome {
namespace {

constexpr std::size_t kFewestAxes = 2;
constexpr std::size_t kMostAxes = 5;

// Units of 0.4 to 0.6, "axes" metadata (all in UDUNITS-2). "pixel" is what people write meanwhile,
// and harmless.
constexpr std::string_view kMetricPrefixes[] = {
    "",      "atto",  "centi", "deci", "exa",  "femto", "giga",  "hecto", "kilo",  "mega",
    "micro", "milli", "nano",  "peta", "pico", "tera",  "yocto", "yotta", "zepto", "zetta"};
constexpr std::string_view kLengths[] = {"angstrom", "foot", "inch", "mile", "parsec", "yard"};
constexpr std::string_view kTimes[] = {"day", "hour", "minute"};

bool is_metric(std::string_view unit, std::string_view base) {
  if (!unit.ends_with(base)) return false;
  unit.remove_suffix(base.size());
  return std::find(std::begin(kMetricPrefixes), std::end(kMetricPrefixes), unit) !=
         std::end(kMetricPrefixes);
}

bool is_known_unit(std::string_view unit) { return is_length_unit(unit) || is_time_unit(unit); }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The type of an axis of a well-known name.
std::optional<AxisType> type_of_name(const std::string& name) {
  const std::string plain = lower(name);
  if (plain == "x" || plain == "y" || plain == "z") return AxisType::kSpace;
  if (plain == "t" || plain == "time") return AxisType::kTime;
  if (plain == "c" || plain == "channel" || plain == "channels" || plain == "rgb") {
    return AxisType::kChannel;
  }
  return std::nullopt;
}

std::string dimension_name(std::size_t index) { return concat("dim_", index); }

void check_unit(const JsonView& unit, IssueLog& log) {
  if (!unit.exists()) return;
  const auto text = unit.string();
  if (text && is_known_unit(*text)) return;
  log.at(unit, {.rule = "ome-zarr/axis-unit",
                .severity = text ? Severity::kWarning : Severity::kError,
                .message = text ? "The unit is not one of the specification's."
                                : "The unit is not a string.",
                .expected = "a UDUNITS-2 name in full, such as \"micrometer\" or \"second\"",
                .fix = "Write the unit's full name; leave it out when there is none."});
}

Axis parse_axis_object(const JsonView& item, std::size_t index, IssueLog& log) {
  Axis axis;
  const auto name = item["name"].string();
  if (!name || name->empty()) {
    log.at(item["name"].exists() ? item["name"] : item,
           {.rule = "ome-zarr/axis-name",
            .severity = Severity::kError,
            .message = concat("Axis ", index, " has no name."),
            .expected = "a member \"name\", a string such as \"x\"",
            .fix = "Name every axis."});
  }
  axis.name = name && !name->empty() ? *name : dimension_name(index);
  const JsonView type = item["type"];
  const auto type_text = type.string();
  if (type_text == "space") {
    axis.type = AxisType::kSpace;
  } else if (type_text == "time") {
    axis.type = AxisType::kTime;
  } else if (type_text == "channel") {
    axis.type = AxisType::kChannel;
  } else if (type.exists() && !type.is_null() && !type_text) {
    log.at(type, {.rule = "ome-zarr/axis-type",
                  .severity = Severity::kError,
                  .message = concat("The type of axis \"", axis.name, "\" is not a string."),
                  .expected = "\"space\", \"time\", \"channel\" or another string",
                  .fix = "Correct the type."});
    axis.type = type_of_name(axis.name).value_or(AxisType::kOther);
  } else if (!type_text) {
    if (const auto known = type_of_name(axis.name)) {
      log.at(item, {.rule = "ome-zarr/axis-type",
                    .severity = Severity::kWarning,
                    .message = concat("Axis \"", axis.name, "\" has no type; its name tells it."),
                    .expected = "a member \"type\": \"space\", \"time\" or \"channel\"",
                    .fix = "Add the type."});
      axis.type = *known;
    }
  }
  check_unit(item["unit"], log);
  axis.unit = item["unit"].string().value_or("");
  return axis;
}

Axis parse_axis(const JsonView& item, std::size_t index, const Version& version, IssueLog& log) {
  const auto name = item.string();
  const bool strings_expected = version.minor == 3;
  if (!name && !item.is_object()) {
    log.at(item, {.rule = "ome-zarr/axis-form",
                  .severity = Severity::kError,
                  .message = concat("Axis ", index, " is neither an object nor a name."),
                  .expected = "{\"name\": \"x\", \"type\": \"space\"}",
                  .fix = "Describe each axis by an object with name, type and unit."});
    return {dimension_name(index), AxisType::kOther, ""};
  }
  // Without a version, either form tells the version.
  if (version.minor != 0 && name.has_value() != strings_expected && version.minor >= 3) {
    log.at(item, {.rule = "ome-zarr/axis-form",
                  .severity = Severity::kError,
                  .message = concat("OME-Zarr ", version.text, " writes axes differently."),
                  .expected = strings_expected ? "a name such as \"x\""
                                               : "an object such as {\"name\": \"x\", \"type\": "
                                                 "\"space\"}",
                  .fix = "Write the axes as this version wants them, or correct the version."});
  }
  if (!name) return parse_axis_object(item, index, log);
  const auto type = type_of_name(*name);
  if (!type || name->size() != 1) {
    log.at(item, {.rule = "ome-zarr/axis-name",
                  .severity = Severity::kError,
                  .message = "Version 0.3 knows no axis of this name.",
                  .expected = "one of \"t\", \"c\", \"z\", \"y\", \"x\"",
                  .fix = "Use these names, or version 0.4 or later for other axes."});
  }
  return {name->empty() ? dimension_name(index) : *name, type.value_or(AxisType::kOther), ""};
}

void check_types(const JsonView& place, const std::vector<Axis>& axes, const Version& version,
                 IssueLog& log) {
  const auto count = [&axes](AxisType type) {
    return std::count_if(axes.begin(), axes.end(),
                         [type](const Axis& a) { return a.type == type; });
  };
  const auto spaces = count(AxisType::kSpace);
  // 0.6 has systems of "array" axes, which have no types of this world.
  const bool arrays = version.minor == 6 && spaces == 0 &&
                      std::any_of(axes.begin(), axes.end(),
                                  [](const Axis& a) { return a.type == AxisType::kOther; });
  if (!arrays && (spaces < 2 || spaces > 3)) {
    log.at(place, {.rule = "ome-zarr/axes-space",
                   .severity = Severity::kError,
                   .message = concat("There are ", spaces, " axes of type space."),
                   .expected = "two or three",
                   .fix = "Give y and x, and z in a volume, the type \"space\"."});
  }
  if (version.minor >= 6) return;
  const auto others = count(AxisType::kChannel) + count(AxisType::kOther);
  if (count(AxisType::kTime) > 1 || others > 1) {
    log.at(place, {.rule = "ome-zarr/axes-types",
                   .severity = Severity::kError,
                   .message = "More than one time axis, or more than one channel or custom axis.",
                   .expected = "at most one \"time\" and at most one \"channel\" or custom axis",
                   .fix = "Split the image along the axis too many."});
  }
  const auto place_of = [](const Axis& axis) {
    return axis.type == AxisType::kTime ? 0 : axis.type == AxisType::kSpace ? 2 : 1;
  };
  const bool ordered = std::is_sorted(
      axes.begin(), axes.end(),
      [&place_of](const Axis& a, const Axis& b) { return place_of(a) < place_of(b); });
  if (!ordered) {
    log.at(place, {.rule = "ome-zarr/axes-order",
                   .severity = Severity::kError,
                   .message = "The axes are not in the specification's order. They are shown as "
                              "they are; other programs may fail.",
                   .expected = "time, then channel or custom, then space",
                   .fix = "Transpose the arrays and reorder the axes."});
  }
}

void check_axes(const JsonView& place, const std::vector<Axis>& axes, const Version& version,
                IssueLog& log) {
  if (axes.size() < kFewestAxes || axes.size() > kMostAxes) {
    log.at(place, {.rule = "ome-zarr/axes-count",
                   .severity = Severity::kError,
                   .message = concat("There are ", axes.size(), " axes."),
                   .expected = "two to five",
                   .fix = "Describe each dimension of the arrays by one axis."});
  }
  std::set<std::string> names;
  for (const Axis& axis : axes) {
    if (names.insert(axis.name).second) continue;
    log.at(place, {.rule = "ome-zarr/axes-unique",
                   .severity = Severity::kError,
                   .message = concat("Two axes are named \"", axis.name, "\"."),
                   .expected = "a name of its own for each axis",
                   .fix = "Rename one of them."});
    break;
  }
  if (!axes.empty()) check_types(place, axes, version, log);
}

}  // namespace

std::vector<Axis> parse_axes(const JsonView& owner, const JsonView& axes, const Version& version,
                             IssueLog& log) {
  const bool implied = version.minor == 1 || version.minor == 2 || version.minor == 0;
  if (!axes.exists() && implied) return {};
  if (!axes.is_array()) {
    log.at(axes.exists() ? axes : owner,
           {.rule = "ome-zarr/axes-missing",
            .severity = Severity::kError,
            .message = "The axes are not described; t, c, z, y, x is assumed from the back.",
            .expected = "an array \"axes\" with one item for each dimension",
            .fix = "Add the axes."});
    return {};
  }
  std::vector<Axis> result;
  // No array of more dimensions is read, so more axes cannot mean anything.
  constexpr std::int64_t kMostRead = 32;
  for (std::int64_t i = 0; i < std::min(axes.size(), kMostRead); ++i) {
    result.push_back(parse_axis(axes[i], static_cast<std::size_t>(i), version, log));
  }
  check_axes(axes, result, version, log);
  return result;
}

bool is_length_unit(std::string_view unit) {
  return is_metric(unit, "meter") ||
         std::find(std::begin(kLengths), std::end(kLengths), unit) != std::end(kLengths);
}

bool is_time_unit(std::string_view unit) {
  return is_metric(unit, "second") ||
         std::find(std::begin(kTimes), std::end(kTimes), unit) != std::end(kTimes);
}

std::vector<Axis> implied_axes(std::size_t rank) {
  static const Axis kFive[] = {{"t", AxisType::kTime, ""},
                               {"c", AxisType::kChannel, ""},
                               {"z", AxisType::kSpace, ""},
                               {"y", AxisType::kSpace, ""},
                               {"x", AxisType::kSpace, ""}};
  std::vector<Axis> result;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t from_back = rank - i;
    result.push_back(from_back <= kMostAxes ? kFive[kMostAxes - from_back]
                                            : Axis{dimension_name(i), AxisType::kOther, ""});
  }
  return result;
}

std::vector<Axis> axes_from_names(const std::vector<std::string>& names, std::size_t rank) {
  std::vector<Axis> result;
  const bool named = names.size() == rank && std::any_of(names.begin(), names.end(),
                                                         [](const auto& n) { return !n.empty(); });
  for (std::size_t i = 0; i < rank; ++i) {
    std::string name = named ? names[i] : i + 2 == rank ? "y" : i + 1 == rank ? "x" : "";
    if (name.empty()) name = dimension_name(i);
    const AxisType type = type_of_name(name).value_or(AxisType::kOther);
    result.push_back({std::move(name), type, ""});
  }
  return result;
}

void assign_axis_roles(Multiscale& image) {
  const int count = static_cast<int>(image.axes.size());
  const auto axis = [&image](int i) -> const Axis& {
    return image.axes[static_cast<std::size_t>(i)];
  };
  const auto named = [&](std::string_view name) {
    for (int i = count - 1; i >= 0; --i) {
      if (lower(axis(i).name) == name && axis(i).type != AxisType::kTime &&
          axis(i).type != AxisType::kChannel) {
        return i;
      }
    }
    return -1;
  };
  const auto typed = [&](AxisType type) {
    for (int i = 0; i < count; ++i) {
      if (axis(i).type == type) return i;
    }
    return -1;
  };
  image.t_axis = typed(AxisType::kTime);
  image.c_axis = typed(AxisType::kChannel);
  image.x_axis = named("x");
  image.y_axis = named("y");
  image.z_axis = named("z");
  const auto taken = [&image](int i) {
    return i == image.x_axis || i == image.y_axis || i == image.z_axis || i == image.t_axis ||
           i == image.c_axis;
  };
  // The last free axis: of type space first, then any, and at last what another role held.
  const auto last_free = [&](bool space_only) {
    for (int i = count - 1; i >= 0; --i) {
      if (!taken(i) && (!space_only || axis(i).type == AxisType::kSpace)) return i;
    }
    return -1;
  };
  for (int* role : {&image.x_axis, &image.y_axis}) {
    if (*role < 0) *role = last_free(true);
    if (*role < 0) *role = last_free(false);
    for (int i = count - 1; *role < 0 && i >= 0; --i) {
      if (i == image.x_axis || i == image.y_axis) continue;
      *role = i;
      for (int* other : {&image.z_axis, &image.t_axis, &image.c_axis}) {
        if (*other == i) *other = -1;
      }
    }
  }
  if (image.z_axis < 0) image.z_axis = last_free(true);
}

}  // namespace mifa::ome
