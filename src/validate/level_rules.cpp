// What the arrays of an image tell: whether they agree with each other and with the metadata.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <string>

#include "ome/concat.h"
#include "ome/unit.h"
#include "validate/findings.h"
#include "validate/levels.h"
#include "validate/subject.h"
#include "zarr/data_type.h"

namespace mifa::validate {

std::optional<std::vector<double>> scale_of(const JsonView& owner) {
  const JsonView list = owner["coordinateTransformations"];
  JsonView numbers;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(list.size(), 8) && !numbers.exists(); ++i) {
    const auto type = list[i]["type"].string();
    if (type == "scale") numbers = list[i]["scale"];
    if (type == "sequence") numbers = list[i]["transformations"][0]["scale"];
  }
  std::vector<double> scale;
  for (std::int64_t i = 0; i < numbers.size(); ++i) {
    const auto number = numbers[i].number();
    if (!number || !std::isfinite(*number) || *number <= 0 || i > 32) return std::nullopt;
    scale.push_back(*number);
  }
  if (scale.empty()) return std::nullopt;
  return scale;
}

namespace {

using ome::concat;

constexpr const char* kImage = "https://ngff.openmicroscopy.org/0.5/#multiscale-md";

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += concat(text.empty() ? "" : " × ", extent);
  return text;
}

// The first level whose array was read; null if there is none.
const Level* first_of(const Subject& subject) {
  for (const Level& level : subject.levels) {
    if (level.array) return &level;
  }
  return nullptr;
}

std::int64_t axis_count(const Subject& subject) {
  if (subject.version.minor <= 2) return 5;
  return subject.axes_known ? static_cast<std::int64_t>(subject.axes.size()) : 0;
}

// Whether the arrays have the axes that the metadata describes, so that more can be said.
bool ranks_agree(const Subject& subject, const Level& level) {
  const std::int64_t wanted = axis_count(subject);
  return wanted > 0 && level.array && level.array->rank() == wanted;
}

void check_rank(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  const std::int64_t wanted = axis_count(subject);
  if (!first || wanted == 0 || first->array->rank() == wanted) return;
  const JsonView place = first->document["shape"];
  findings.at(place,
              subject.version.minor <= 2
                  ? concat("Images of OME-Zarr 0.", subject.version.minor, " have five axes.")
                  : concat("The metadata describes ", wanted, " axes, and the array has ",
                           first->array->rank(), "."),
              subject.version.minor <= 2 ? std::string("a shape of five numbers: t, c, z, y, x")
                                         : concat("a shape of ", wanted, " numbers"));
}

void check_levels_rank(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  for (const Level& level : subject.levels) {
    if (!level.array || level.array->rank() == first->array->rank()) continue;
    findings.at(level.document["shape"],
                concat("The level has ", level.array->rank(), " axes and the first one ",
                       first->array->rank(), "."),
                concat("a shape of ", first->array->rank(), " numbers"));
  }
}

void check_data_type(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  for (const Level& level : subject.levels) {
    if (!level.array || level.array->data_type == first->array->data_type) continue;
    const JsonView v3 = level.document["data_type"];
    findings.at(v3.exists() ? v3 : level.document["dtype"],
                concat("The level holds ", zarr::name(level.array->data_type),
                       " and the first one ", zarr::name(first->array->data_type), "."),
                zarr::name(first->array->data_type));
  }
}

void check_empty(const Subject& subject, Findings& findings) {
  for (const Level& level : subject.levels) {
    if (!level.array) continue;
    const auto& shape = level.array->shape;
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t n) { return n < 1; })) {
      findings.at(level.document["shape"], "The array has no elements.", "extents of at least 1");
    }
  }
}

// Compares each level with the one before it that was read.
template <typename Visit>
void each_pair(const Subject& subject, Visit visit) {
  const Level* before = nullptr;
  for (const Level& level : subject.levels) {
    if (!level.array) continue;
    const bool repeated = before && before->path == level.path;  // dataset-path-unique
    if (before && !repeated && before->array->rank() == level.array->rank()) visit(*before, level);
    before = &level;
  }
}

void check_order(const Subject& subject, Findings& findings) {
  each_pair(subject, [&](const Level& before, const Level& level) {
    for (int i = 0; i < level.array->rank(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (level.array->shape[at] <= before.array->shape[at]) continue;
      findings.at(level.where, "The level is larger than the one listed before it.",
                  concat("at most ", shape_text(before.array->shape), ", the size of \"",
                         before.path, "\""),
                  shape_text(level.array->shape), "");
      return;
    }
  });
}

void check_shrink(const Subject& subject, Findings& findings) {
  each_pair(subject, [&](const Level& before, const Level& level) {
    if (level.array->shape != before.array->shape) return;
    findings.at(level.where, "The level is as large as the one listed before it.",
                concat("less than ", shape_text(before.array->shape)),
                shape_text(level.array->shape), "");
  });
}

std::string number_list(const std::vector<double>& numbers) {
  std::string text;
  for (const double number : numbers) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.4g", number);
    text += concat(text.empty() ? "" : ", ", digits);
  }
  return text;
}

// One issue an image: levels that are wrong are mostly wrong in one way.
void check_scales(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  if (!first || subject.version.minor < 4 || !ranks_agree(subject, *first)) return;
  const auto finest = scale_of(first->where);
  if (!finest || finest->size() != subject.axes.size()) return;
  const Level* worst = nullptr;
  std::int64_t count = 0;
  std::vector<double> expected, received;
  for (const Level& level : subject.levels) {
    const auto scale = scale_of(level.where);
    if (!ranks_agree(subject, level) || !scale || scale->size() != finest->size()) continue;
    bool wrong = false;
    std::vector<double> wanted;
    for (std::size_t i = 0; i < scale->size(); ++i) {
      const auto large = static_cast<double>(first->array->shape[i]);
      const auto small = static_cast<double>(level.array->shape[i]);
      const double ratio = (*scale)[i] / (*finest)[i];
      // A level may be cut or padded by less than a pixel each time it is made.
      const double rounding = 1.5 * std::max(1.0, ratio);
      const bool off = std::abs(small * ratio - large) > rounding + large * 0.01;
      wrong = wrong || (off && small >= 1 && large >= 1);
      wanted.push_back(off ? (*finest)[i] * large / std::max(1.0, small) : (*scale)[i]);
    }
    if (!wrong) continue;
    ++count;
    if (!worst) {
      worst = &level;
      expected = wanted;
      received = *scale;
    }
  }
  if (!worst) return;
  findings.at(worst->where["coordinateTransformations"],
              count > 1 ? concat("The scales of ", count, " levels do not match the sizes of their "
                                                          "arrays.")
                        : std::string("The level's scale does not match the size of its array."),
              concat("about ", number_list(expected), " for ", shape_text(worst->array->shape),
                     " pixels, where the first level has ", shape_text(first->array->shape)),
              number_list(received), "");
}

// One number for each axis of space, and none for the others. Published documents without arrays have
// it, so that it is told of whole images only.
void check_transform_axes(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  if (!first || subject.version.minor < 4 || !ranks_agree(subject, *first)) return;
  std::size_t spaces = 0;
  for (const AxisFacts& axis : subject.axes) spaces += axis.type == "space" ? 1 : 0;
  for (const Level& level : subject.levels) {
    const auto scale = scale_of(level.where);
    if (!scale || scale->size() != spaces || spaces == subject.axes.size()) continue;
    findings.at(level.where["coordinateTransformations"],
                concat("There are ", spaces, " numbers for ", subject.axes.size(), " axes."),
                "one number for each axis, 1 for channels", number_list(*scale), "");
    return;  // All levels are written by one program.
  }
}

// `missing`: arrays that have none; else arrays that have others.
void check_names(const Subject& subject, Findings& findings, bool missing) {
  if (subject.version.minor != 5 || subject.group.zarr_format != 3 || !subject.axes_known) return;
  std::string wanted;
  std::set<std::string> distinct;
  for (const AxisFacts& axis : subject.axes) {
    wanted += concat(wanted.empty() ? "" : ", ", "\"", axis.name, "\"");
    if (axis.name.empty() || !distinct.insert(axis.name).second) return;  // axis-name, axes-unique
  }
  const Level* worst = nullptr;
  std::int64_t count = 0;
  for (const Level& level : subject.levels) {
    if (!ranks_agree(subject, level)) continue;
    const auto& names = level.array->dimension_names;
    bool same = names.size() == subject.axes.size();
    for (std::size_t i = 0; same && i < names.size(); ++i) same = names[i] == subject.axes[i].name;
    const JsonView written = level.document["dimension_names"];
    if (same || missing == (written.exists() && !written.is_null())) continue;
    ++count;
    if (!worst) worst = &level;
  }
  if (!worst) return;
  const JsonView names = worst->document["dimension_names"];
  const std::string others = count > 1 ? concat(" The same holds for ", count - 1,
                                                count > 2 ? " other levels." : " other level.")
                                       : std::string();
  findings.at(names.exists() ? names : worst->document,
              concat(names.exists() ? "The array's \"dimension_names\" are not those of the axes."
                                    : "The array has no \"dimension_names\".",
                     others),
              concat("[", wanted, "]"), names.exists() ? names.text(80) : std::string("nothing"), "");
}

void check_dimension_names(const Subject& subject, Findings& findings) {
  check_names(subject, findings, false);
}
void check_dimension_names_missing(const Subject& subject, Findings& findings) {
  check_names(subject, findings, true);
}

// Where an axis has one element only, its unit hardly matters.
void check_unit_missing(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  if (!first || subject.version.minor < 4 || !ranks_agree(subject, *first)) return;
  std::string names;
  for (std::size_t i = 0; i < subject.axes.size(); ++i) {
    const AxisFacts& axis = subject.axes[i];
    const JsonView unit = axis.where["unit"];
    const bool written = unit.exists() && !unit.is_null();
    if (axis.type != "space" || written || first->array->shape[i] == 1) continue;
    names += concat(names.empty() ? "" : ", ", axis.name);
  }
  if (names.empty() || subject.axes.empty()) return;
  findings.at(subject.axes.front().where,
              names.find(',') == std::string::npos
                  ? concat("The axis ", names, " has no unit: the size of a pixel is not known.")
                  : concat("The axes ", names, " have no unit: the size of a pixel is not known."),
              "\"unit\": \"micrometer\" or another unit of length", "no unit", "");
}

void check_separator(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 2 || subject.group.zarr_format != 2) return;
  for (const Level& level : subject.levels) {
    if (!level.array || level.array->key_encoding.separator == '/' || level.array->rank() < 2) {
      continue;
    }
    const JsonView separator = level.document["dimension_separator"];
    findings.at(separator.exists() ? separator : level.document,
                "The chunks' names are not nested in folders.", "\"dimension_separator\": \"/\"",
                separator.exists() ? separator.text(20) : std::string("\".\", which is the default"),
                "");
    return;  // All levels are written by one program.
  }
}

// The index of the channel axis, or -1.
std::ptrdiff_t channel_axis(const Subject& subject) {
  if (subject.version.minor <= 2) return 1;
  for (std::size_t i = 0; i < subject.axes.size(); ++i) {
    if (subject.axes[i].type == "channel" ||
        (subject.version.minor == 3 && subject.axes[i].name == "c")) {
      return static_cast<std::ptrdiff_t>(i);
    }
  }
  return -1;
}

void check_channel_count(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  const JsonView channels = subject.group.ome["omero"]["channels"];
  if (!first || !channels.is_array() || !ranks_agree(subject, *first)) return;
  const std::ptrdiff_t axis = channel_axis(subject);
  const std::int64_t count = axis < 0 ? 1 : first->array->shape[static_cast<std::size_t>(axis)];
  if (channels.size() == count) return;
  findings.at(channels,
              concat("\"omero\" lists ", channels.size(), " channels, and the array has ", count, "."),
              concat(count, " channels"));
}

void check_default_planes(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  if (!first || !ranks_agree(subject, *first)) return;
  for (std::size_t i = 0; i < first->array->shape.size(); ++i) {
    const std::string name = subject.version.minor <= 2 ? std::string(1, "tczyx"[i])
                                                        : subject.axes[i].name;
    if (name != "z" && name != "t") continue;
    const JsonView value = subject.group.ome["omero"]["rdefs"][name == "z" ? "defaultZ" : "defaultT"];
    const auto index = value.integer();
    const std::int64_t last = first->array->shape[i] - 1;
    if (index && *index > last) {
      findings.at(value, "The plane to show first is not in the image.",
                  concat("an index from 0 to ", last));
    }
  }
}

// Sizes of a pixel beyond which nobody's microscope sees: atoms are resolved at 20 pm, and a light
// sheet's coarsest step through an organ is a few mm.
constexpr double kSmallestPixel = 1e-12;  // metres
constexpr double kLargestPixel = 1e-2;    // metres
constexpr double kLargestRatio = 20;      // of x to y

void check_pixel_size(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  if (!first || subject.version.minor < 4 || !ranks_agree(subject, *first)) return;
  auto scale = scale_of(first->where);
  if (!scale || scale->size() != subject.axes.size()) return;
  if (subject.version.minor < 6) {
    const auto outer = scale_of(subject.where);
    for (std::size_t i = 0; outer && outer->size() == scale->size() && i < scale->size(); ++i) {
      (*scale)[i] *= (*outer)[i];
    }
  }
  double x = 0, y = 0;
  for (std::size_t i = 0; i < scale->size(); ++i) {
    const AxisFacts& axis = subject.axes[i];
    const double metres = (*scale)[i] * ome::unit_meters(axis.unit);
    if (axis.type != "space") continue;
    if (axis.name == "x") x = metres;
    if (axis.name == "y") y = metres;
    if (ome::unit_meters(axis.unit) <= 0 || (metres >= kSmallestPixel && metres <= kLargestPixel)) {
      continue;
    }
    findings.at(first->where["coordinateTransformations"],
                concat("Along ", axis.name, ", a pixel is ", number_list({(*scale)[i]}), " ",
                       ome::unit_symbol(axis.unit), ", which no microscope has."),
                "between 1 pm and 1 cm", number_list(*scale), "");
    return;
  }
  if (x > 0 && y > 0 && std::max(x / y, y / x) > kLargestRatio) {
    findings.at(first->where["coordinateTransformations"],
                "Pixels are far longer along one of x and y than along the other.",
                "about the same size along x and y", number_list(*scale), "");
  }
}

// --- label images

void check_label_type(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  if (!subject.is_label || !first) return;
  const zarr::DataType type = first->array->data_type;
  if (!zarr::is_float(type) && type != zarr::DataType::kBool) return;
  const JsonView v3 = first->document["data_type"];
  findings.at(v3.exists() ? v3 : first->document["dtype"],
              concat("The label image holds ", zarr::name(type), ", which cannot be ids."),
              "an integer data type");
}

void check_label_levels(const Subject& subject, Findings& findings) {
  if (!subject.is_label || !subject.source || subject.version.minor < 4) return;
  const auto own = static_cast<std::int64_t>(subject.levels.size());
  if (own == subject.source->level_count) return;
  findings.at(subject.where["datasets"],
              concat("The label image has ", own, own == 1 ? " level" : " levels",
                     ", and the image it labels ", subject.source->level_count, "."),
              concat(subject.source->level_count, " levels"), concat(own), "");
}

// Each dimension is that of the image, or 1. Label images may leave out axes.
void check_label_shape(const Subject& subject, Findings& findings) {
  const Level* first = first_of(subject);
  if (!subject.is_label || !subject.source || !first || !ranks_agree(subject, *first)) return;
  for (std::size_t i = 0; i < subject.axes.size(); ++i) {
    const auto& names = subject.source->axis_names;
    const auto found = std::find(names.begin(), names.end(), subject.axes[i].name);
    const std::int64_t own = first->array->shape[i];
    if (found == names.end() || own == 1 || subject.axes[i].type == "channel") continue;
    const std::int64_t wanted =
        subject.source->shape[static_cast<std::size_t>(found - names.begin())];
    if (own == wanted) continue;
    findings.at(first->document["shape"],
                concat("Along ", subject.axes[i].name, ", the label image has ", own,
                       " pixels and the image ", wanted, "."),
                concat(wanted, " or 1"), first->document["shape"].text(80), "");
    return;
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/array-missing",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "The arrays of an image are there",
     .why = "The level, or the whole image, cannot be shown.",
     .fix = "Add the array, or remove the dataset from the list.",
     .check = nullptr},
    {.id = "ome-zarr/array-rank",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Arrays have as many dimensions as there are axes",
     .why = "Nothing tells which dimension is which axis.",
     .fix = "Describe exactly the arrays' dimensions, in their order.",
     .check = check_rank},
    {.id = "ome-zarr/levels-rank",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "All levels have the same number of dimensions",
     .why = "The level cannot be shown in place of the first one.",
     .fix = "Write the level again from the full image.",
     .check = check_levels_rank},
    {.id = "ome-zarr/levels-data-type",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "All levels have the same data type",
     .why = "Brightness jumps when a viewer goes from one level to the next.",
     .fix = "Write the level again with the first level's type.",
     .check = check_data_type},
    {.id = "ome-zarr/array-empty",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Arrays have elements",
     .why = "There is nothing to show.",
     .fix = "Write the array again.",
     .check = check_empty},
    {.id = "ome-zarr/levels-order",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Levels are listed from the largest to the smallest",
     .why = "Programs take the first level for the full image.",
     .fix = "Reorder \"datasets\".",
     .check = check_order},
    {.id = "ome-zarr/levels-shrink",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = kImage,
     .title = "Levels become smaller",
     .why = "The level costs storage and makes nothing faster.",
     .fix = "Leave the level out, or write it at half the size.",
     .check = check_shrink},
    {.id = "ome-zarr/levels-scale",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "0.4 and later",
     .spec = kImage,
     .title = "Scales of levels match the sizes of their arrays",
     .why = "Coarse levels are drawn in another size than fine ones: the image jumps while zooming.",
     .fix = "Multiply the first level's scale by the factor by which the level is smaller.",
     .check = check_scales},
    {.id = "ome-zarr/dimension-names",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "0.5",
     .spec = kImage,
     .title = "\"dimension_names\" of arrays are the names of the axes",
     .why = "Programs that go by one of the two mix the axes up.",
     .fix = "Write the axes' names into each array's zarr.json.",
     .check = check_dimension_names},
    {.id = "ome-zarr/dimension-names-missing",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "0.5",
     .spec = kImage,
     .title = "Arrays have \"dimension_names\"",
     .why = "The specification demands it; xarray and others name dimensions by it.",
     .fix = "Write the axes' names into each array's zarr.json.",
     .check = check_dimension_names_missing},
    {.id = "ome-zarr/axis-unit-missing",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "0.4 and later",
     .spec = "https://ngff.openmicroscopy.org/0.5/#axes-md",
     .title = "Spatial axes have a unit",
     .why = "Nothing can be measured in the image.",
     .fix = "Add the unit in which the scales are written.",
     .check = check_unit_missing},
    {.id = "ome-zarr/transform-axes",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "0.4 and later",
     .spec = "https://ngff.openmicroscopy.org/0.5/#trafo-md",
     .title = "Scales have a number for time and channels too",
     .why = "Programs give the numbers to the wrong axes, or stop.",
     .fix = "Write one number for each axis, in their order; 1 for channels.",
     .check = check_transform_axes},
    {.id = "ome-zarr/dimension-separator",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "0.2 to 0.4",
     .spec = "https://ngff.openmicroscopy.org/0.4/#image-layout",
     .title = "Chunks are nested in folders",
     .why = "Since 0.2 names of chunks are separated by \"/\"; some programs find no chunks otherwise.",
     .fix = "Write the arrays with dimension_separator \"/\".",
     .check = check_separator},
    {.id = "ome-zarr/omero-channel-count",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#omero-md",
     .title = "\"omero\" describes each channel once",
     .why = "Channels get another's name and colour, or none.",
     .fix = "Describe each channel of the arrays once, in their order.",
     .check = check_channel_count},
    {.id = "ome-zarr/omero-default-plane",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#omero-md",
     .title = "The plane to show first is in the image",
     .why = "Programs start at another plane.",
     .fix = "Correct the index.",
     .check = check_default_planes},
    {.id = "ome-zarr/pixel-size",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "0.4 and later",
     .spec = kImage,
     .title = "Pixels have a size that a microscope can have",
     .why = "Everything measured in the image is wrong; mostly the unit is.",
     .fix = "Correct the scale or the unit.",
     .check = check_pixel_size},
    {.id = "ome-zarr/label-data-type",
     .severity = Severity::kError,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#labels-md",
     .title = "Label images hold integers",
     .why = "Ids that are not whole numbers cannot be told apart.",
     .fix = "Write the labels as integers, such as uint32.",
     .check = check_label_type},
    {.id = "ome-zarr/label-levels",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "0.4 and later",
     .spec = "https://ngff.openmicroscopy.org/0.5/#labels-md",
     .title = "Label images have as many levels as their image",
     .why = "The specification demands it: programs pair the levels by their number.",
     .fix = "Write the missing levels, picking values rather than averaging them.",
     .check = check_label_levels},
    {.id = "ome-zarr/label-shape",
     .severity = Severity::kWarning,
     .kind = Kind::kLevels,
     .applies_to = "all versions",
     .spec = "https://ngff.openmicroscopy.org/0.5/#image-layout",
     .title = "Label images are as large as their image, or 1 along an axis",
     .why = "Labels do not lie on what they label.",
     .fix = "Write the labels at the size of the image.",
     .check = check_label_shape},
};

}  // namespace

std::span<const Rule> level_rules() { return kRules; }

}  // namespace mifa::validate
