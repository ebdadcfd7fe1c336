// What holds for axes: of an image in 0.3 to 0.5, of a coordinate system in 0.6.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "ome/axes.h"
#include "ome/concat.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kAxes = "https://ngff.openmicroscopy.org/0.5/#axes-md";
constexpr const char* kOrientation = "https://ngff.openmicroscopy.org/rfc/4/";
constexpr std::int64_t kMostAxes = 5;

bool has_axes(const Subject& subject) { return subject.version.minor >= 3; }
JsonView axes_of(const Subject& subject) { return subject.where["axes"]; }

// Whether every axis has the form of the version, so that more can be said.
bool well_formed(const Subject& subject) {
  const JsonView axes = axes_of(subject);
  if (!axes.is_array() || axes.size() == 0) return false;
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    if (subject.version.minor == 3 ? !axes[i].is_string() : !axes[i].is_object()) return false;
  }
  return true;
}

std::string type_of(const JsonView& axis) { return axis["type"].string().value_or(""); }

int count_type(const JsonView& axes, std::string_view type) {
  int count = 0;
  for (std::int64_t i = 0; i < axes.size(); ++i) count += type_of(axes[i]) == type ? 1 : 0;
  return count;
}

// A system of array indices, which 0.6 allows beside those of the world.
bool is_array_system(const Subject& subject) {
  return subject.version.minor >= 6 && count_type(axes_of(subject), "array") > 0;
}

void check_missing(const Subject& subject, Findings& findings) {
  if (!has_axes(subject)) return;
  const JsonView axes = axes_of(subject);
  if (axes.is_array() && axes.size() > 0) return;
  findings.at(axes.exists() ? axes : subject.where, "The axes are not described.",
              "an array \"axes\" with one item for each dimension of the arrays");
}

void check_form(const Subject& subject, Findings& findings) {
  const JsonView axes = axes_of(subject);
  if (!has_axes(subject) || !axes.is_array()) return;
  const bool strings = subject.version.minor == 3;
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    if (strings ? axes[i].is_string() : axes[i].is_object()) continue;
    findings.at(axes[i], concat("OME-Zarr 0.", subject.version.minor, " writes axes differently."),
                strings ? "a name such as \"x\""
                        : "an object such as {\"name\": \"x\", \"type\": \"space\"}");
    return;
  }
}

void check_name(const Subject& subject, Findings& findings) {
  if (!has_axes(subject) || !well_formed(subject)) return;
  const JsonView axes = axes_of(subject);
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    if (subject.version.minor == 3) {
      const std::string name = axes[i].string().value_or("");
      if (name.size() == 1 && std::string_view("tczyx").find(name) != std::string_view::npos) {
        continue;
      }
      findings.at(axes[i], "Version 0.3 knows no axis of this name.",
                  "\"t\", \"c\", \"z\", \"y\" or \"x\"",
                  "Use these names, or version 0.4 or later for other axes.");
      continue;
    }
    const JsonView name = axes[i]["name"];
    if (name.is_string() && !name.string()->empty()) continue;
    findings.at(name.exists() ? name : axes[i], concat("Axis ", i, " has no name."),
                "a member \"name\", a string such as \"x\"");
  }
}

void check_unique(const Subject& subject, Findings& findings) {
  if (!has_axes(subject) || !well_formed(subject)) return;
  const JsonView axes = axes_of(subject);
  std::set<std::string> names;
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    const JsonView name = subject.version.minor == 3 ? axes[i] : axes[i]["name"];
    const auto text = name.string();
    if (text && !names.insert(*text).second) {
      findings.at(name, concat("Two axes are named \"", text->substr(0, 40), "\"."),
                  "a name of its own for each axis");
    }
  }
}

void check_count(const Subject& subject, Findings& findings) {
  const JsonView axes = axes_of(subject);
  if (!has_axes(subject) || !well_formed(subject)) return;
  if (axes.size() >= 2 && axes.size() <= kMostAxes) return;
  findings.at(axes, concat("There are ", axes.size(), " axes."), "two to five");
}

void check_space(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 4 || !well_formed(subject) || is_array_system(subject)) return;
  const JsonView axes = axes_of(subject);
  if (axes.size() < 2 || axes.size() > kMostAxes) return;  // axes-count
  const int spaces = count_type(axes, "space");
  if (spaces >= 2 && spaces <= 3) return;
  findings.at(axes, concat("There are ", spaces, " axes of type \"space\"."), "two or three");
}

void check_types(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 4 || !well_formed(subject) || is_array_system(subject)) return;
  const JsonView axes = axes_of(subject);
  if (axes.size() > kMostAxes) return;
  const int times = count_type(axes, "time");
  const auto others = axes.size() - times - count_type(axes, "space");
  // With too few axes of space the others are too many for that reason alone.
  if (count_type(axes, "space") < 2 || (times <= 1 && others <= 1)) return;
  findings.at(axes,
              times > 1 ? "There is more than one axis of time."
                        : "There is more than one channel axis or axis of another type.",
              "at most one axis of time, and at most one for channels or anything else");
}

void check_order(const Subject& subject, Findings& findings) {
  if (!has_axes(subject) || !well_formed(subject) || is_array_system(subject)) return;
  const JsonView axes = axes_of(subject);
  std::vector<std::size_t> places;
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    if (subject.version.minor == 3) {
      places.push_back(std::string_view("tczyx").find(axes[i].string().value_or("?")));
    } else {
      const std::string type = type_of(axes[i]);
      places.push_back(type == "time" ? 0 : type == "space" ? 2 : 1);
    }
  }
  const bool known = std::count(places.begin(), places.end(), std::string_view::npos) == 0;
  if (!known || std::is_sorted(places.begin(), places.end())) return;
  findings.at(axes, "The axes are not in the order of the specification.",
              subject.version.minor == 3 ? "t, c, z, y, x, as far as they are there"
                                         : "time, then channel or custom, then space");
}

void check_spatial_order(const Subject& subject, Findings& findings) {
  if (!has_axes(subject) || !well_formed(subject) || subject.version.minor == 3) return;
  const JsonView axes = axes_of(subject);
  std::string names;
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    const std::string name = axes[i]["name"].string().value_or("");
    if (type_of(axes[i]) == "space") names += name.size() == 1 ? name : "?";
  }
  std::string sorted = names;
  std::sort(sorted.rbegin(), sorted.rend());
  if ((sorted == "zyx" || sorted == "yx") && names != sorted) {
    findings.at(axes, concat("The spatial axes are in the order ", names, "."), concat(sorted));
  }
}

void check_type(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 4 || !well_formed(subject)) return;
  const JsonView axes = axes_of(subject);
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    const JsonView type = axes[i]["type"];
    if (type.exists() && !type.is_string() && !(type.is_null() && subject.version.minor < 6)) {
      findings.at(type, concat("The type of axis ", i, " is not a string."),
                  "\"space\", \"time\", \"channel\" or another string");
    }
  }
}

void check_type_recommended(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 4 || !well_formed(subject)) return;
  const JsonView axes = axes_of(subject);
  if (count_type(axes, "space") < 2 && !is_array_system(subject)) return;  // axes-space
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    const JsonView type = axes[i]["type"];
    if (type.exists() && !type.is_null()) continue;
    findings.at(axes[i], concat("Axis ", i, " has no type."),
                "a member \"type\": \"space\", \"time\", \"channel\" or another string");
  }
}

void check_members(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 4 || !well_formed(subject)) return;
  const JsonView axes = axes_of(subject);
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    const JsonView unit = axes[i]["unit"];
    if (unit.exists() && !unit.is_null() && !unit.is_string()) {
      findings.at(unit, "The unit is not a string.", "a name such as \"micrometer\"");
    }
    if (subject.version.minor < 6) continue;
    const JsonView discrete = axes[i]["discrete"];
    if (discrete.exists() && !discrete.is_boolean()) {
      findings.at(discrete, "\"discrete\" is neither true nor false.", "true or false");
    }
    const JsonView name = axes[i]["longName"];
    if (name.exists() && !name.is_string()) {
      findings.at(name, "\"longName\" is not a string.", "a string");
    }
  }
}

// One issue for all axes: they are written by one program.
void check_unit(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 4 || !well_formed(subject)) return;
  const JsonView axes = axes_of(subject);
  JsonView first;
  std::string names;
  bool length = true;
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    const JsonView unit = axes[i]["unit"];
    const auto text = unit.string();
    const std::string type = type_of(axes[i]);
    const bool good = !text || (type == "space" ? ome::is_length_unit(*text)
                                                : type != "time" || ome::is_time_unit(*text));
    if (good) continue;
    if (!first.exists()) first = unit, length = type == "space";
    names += concat(names.empty() ? "" : ", ", axes[i]["name"].string().value_or("?"), " (\"",
                    text->substr(0, 40), "\")");
  }
  if (!first.exists()) return;
  findings.at(first, concat("Units that the specification does not have, or not for such axes: ", names, "."),
              length ? "a unit of length by its UDUNITS-2 name, such as \"micrometer\""
                     : "a unit of time by its UDUNITS-2 name, such as \"second\"");
}

// --- RFC 4: anatomical orientation of spatial axes

constexpr const char* kDirections[][2] = {
    {"left-to-right", "right-to-left"},
    {"anterior-to-posterior", "posterior-to-anterior"},
    {"inferior-to-superior", "superior-to-inferior"},
    {"dorsal-to-ventral", "ventral-to-dorsal"},
    {"dorsal-to-palmar", "palmar-to-dorsal"},
    {"dorsal-to-plantar", "plantar-to-dorsal"},
    {"rostral-to-caudal", "caudal-to-rostral"},
    {"cranial-to-caudal", "caudal-to-cranial"},
    {"proximal-to-distal", "distal-to-proximal"},
    {"apex-to-base", "base-to-apex"},
    {"superficial-to-deep", "deep-to-superficial"},
    {"apical-to-basal", "basal-to-apical"},
};

int anatomical_axis(const std::string& value) {
  for (std::size_t i = 0; i < std::size(kDirections); ++i) {
    if (value == kDirections[i][0] || value == kDirections[i][1]) return static_cast<int>(i);
  }
  return -1;
}

template <typename Visit>
void each_orientation(const Subject& subject, Visit visit) {
  if (subject.version.minor < 4 || !well_formed(subject)) return;
  const JsonView axes = axes_of(subject);
  for (std::int64_t i = 0; i < axes.size(); ++i) {
    if (axes[i]["orientation"].exists()) visit(axes[i], axes[i]["orientation"]);
  }
}

void check_orientation_axis(const Subject& subject, Findings& findings) {
  each_orientation(subject, [&](const JsonView& axis, const JsonView& orientation) {
    if (type_of(axis) == "space" || orientation.is_null()) return;
    findings.at(orientation, "An axis that is not one of space has an orientation.",
                "orientations on axes of type \"space\" only");
  });
}

void check_orientation_form(const Subject& subject, Findings& findings) {
  each_orientation(subject, [&](const JsonView& axis, const JsonView& orientation) {
    if (type_of(axis) != "space" || orientation.is_null()) return;
    if (!orientation["type"].exists() || !orientation["value"].exists()) {
      findings.at(orientation, "The orientation lacks its type or its value.",
                  "{\"type\": \"anatomical\", \"value\": \"left-to-right\"}");
    } else if (orientation["type"].string() != "anatomical") {
      findings.at(orientation["type"], "There is no orientation of this type.", "\"anatomical\"");
    } else if (anatomical_axis(orientation["value"].string().value_or("")) < 0) {
      findings.at(orientation["value"], "There is no such anatomical direction.",
                  "a direction of RFC 4 such as \"left-to-right\" or \"posterior-to-anterior\"");
    }
  });
}

void check_orientation_unique(const Subject& subject, Findings& findings) {
  std::set<int> seen;
  each_orientation(subject, [&](const JsonView& axis, const JsonView& orientation) {
    const int direction = anatomical_axis(orientation["value"].string().value_or(""));
    if (type_of(axis) != "space" || direction < 0 || seen.insert(direction).second) return;
    findings.at(orientation, "Two axes run along the same anatomical axis.",
                "one axis from left to right, one from front to back, one from below to above");
  });
}

void check_orientation_null(const Subject& subject, Findings& findings) {
  each_orientation(subject, [&](const JsonView&, const JsonView& orientation) {
    if (!orientation.is_null()) return;
    findings.at(orientation, "The orientation is null, which means the same as none.",
                "no member \"orientation\"");
  });
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/axes-missing",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.3 and later",
     .spec = kAxes,
     .title = "The axes are described",
     .why = "Nothing tells which dimension is x, y, z, time or channel.",
     .fix = "Add one axis for each dimension of the arrays, in their order.",
     .check = check_missing},
    {.id = "ome-zarr/axis-form",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.3 and later",
     .spec = kAxes,
     .title = "Axes are written as the version wants them",
     .why = "Programs that follow the version cannot read the axes.",
     .fix = "Write the axes as this version wants them, or correct the version.",
     .check = check_form},
    {.id = "ome-zarr/axis-name",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.3 and later",
     .spec = kAxes,
     .title = "Every axis has a name",
     .why = "Names are how programs tell axes apart.",
     .fix = "Name every axis.",
     .check = check_name},
    {.id = "ome-zarr/axes-unique",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.3 and later",
     .spec = kAxes,
     .title = "No two axes have one name",
     .why = "Programs that look for an axis by name find the wrong one.",
     .fix = "Rename one of them.",
     .check = check_unique},
    {.id = "ome-zarr/axes-count",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.3 and later",
     .spec = kAxes,
     .title = "Images have two to five axes",
     .why = "OME-Zarr knows no images of fewer or more dimensions.",
     .fix = "Describe each dimension of the arrays by one axis; split images of more dimensions.",
     .check = check_count},
    {.id = "ome-zarr/axes-space",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.4 and later",
     .spec = kAxes,
     .title = "Two or three axes are of type \"space\"",
     .why = "Programs find the plane of the image by it.",
     .fix = "Give y and x, and z in a volume, the type \"space\", and no other axis.",
     .check = check_space},
    {.id = "ome-zarr/axes-types",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.4 and later",
     .spec = kAxes,
     .title = "At most one axis of time, and one of channels or another type",
     .why = "Programs have one slider for each.",
     .fix = "Split the image along the axis too many.",
     .check = check_types},
    {.id = "ome-zarr/axes-order",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.3 and later",
     .spec = kAxes,
     .title = "Axes come in the order time, channel, space",
     .why = "Many programs rely on the order and mix the axes up.",
     .fix = "Transpose the arrays and reorder the axes.",
     .check = check_order},
    {.id = "ome-zarr/axes-spatial-order",
     .severity = Severity::kWarning,
     .kind = Kind::kAxes,
     .applies_to = "0.4 and later",
     .spec = kAxes,
     .title = "Spatial axes come in the order z, y, x",
     .why = "Programs that go by the order show the image mirrored along its diagonal.",
     .fix = "Transpose the arrays and reorder the axes.",
     .check = check_spatial_order},
    {.id = "ome-zarr/axis-type",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.4 and later",
     .spec = kAxes,
     .title = "Types of axes are strings",
     .why = "Programs cannot tell what the axis is.",
     .fix = "Correct the type.",
     .check = check_type},
    {.id = "ome-zarr/axis-type-missing",
     .severity = Severity::kWarning,
     .kind = Kind::kAxes,
     .applies_to = "0.4 and later",
     .spec = kAxes,
     .title = "Every axis has a type",
     .why = "Programs cannot tell what the axis is; the specification recommends a type.",
     .fix = "Add the type.",
     .check = check_type_recommended},
    {.id = "ome-zarr/axis-members",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "0.4 and later",
     .spec = kAxes,
     .title = "Units, \"discrete\" and \"longName\" of axes have the right types",
     .why = "Programs cannot use them.",
     .fix = "Correct the value, or leave it out.",
     .check = check_members},
    {.id = "ome-zarr/axis-unit",
     .severity = Severity::kWarning,
     .kind = Kind::kAxes,
     .applies_to = "0.4 and later",
     .spec = kAxes,
     .title = "Units are names of the specification's list",
     .why = "Programs do not know the unit, and show no scale bar or a wrong one.",
     .fix = "Write the unit's full name; leave it out when there is none.",
     .check = check_unit},
    {.id = "ome-zarr/orientation-axis",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "RFC 4",
     .spec = kOrientation,
     .title = "Only spatial axes have an orientation",
     .why = "Time and channels do not run through a body.",
     .fix = "Remove the orientation.",
     .check = check_orientation_axis},
    {.id = "ome-zarr/orientation",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "RFC 4",
     .spec = kOrientation,
     .title = "Orientations are anatomical directions of RFC 4",
     .why = "Left and right may be exchanged by programs that guess.",
     .fix = "Write type and value as RFC 4 has them.",
     .check = check_orientation_form},
    {.id = "ome-zarr/orientation-unique",
     .severity = Severity::kError,
     .kind = Kind::kAxes,
     .applies_to = "RFC 4",
     .spec = kOrientation,
     .title = "No two axes run along one anatomical axis",
     .why = "The orientation contradicts itself.",
     .fix = "Correct one of them.",
     .check = check_orientation_unique},
    {.id = "ome-zarr/orientation-null",
     .severity = Severity::kWarning,
     .kind = Kind::kAxes,
     .applies_to = "RFC 4",
     .spec = kOrientation,
     .title = "No orientation is written by leaving it out",
     .why = "Programs that expect an object may stop.",
     .fix = "Leave the member out.",
     .check = check_orientation_null},
};

}  // namespace

std::span<const Rule> axes_rules() { return kRules; }

}  // namespace mifa::validate
