// What holds in 0.6 for coordinate systems and for the transformations between them.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ome/concat.h"
#include "ome/coordinate_map.h"
#include "ome/key_path.h"
#include "validate/edition.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;
using Owner = Subject::Owner;

constexpr const char* kSystems = "https://ngff.openmicroscopy.org/specifications/dev/index.html#coordinatesystems-metadata";
constexpr const char* kTransforms = "https://ngff.openmicroscopy.org/specifications/dev/index.html#coordinatetransformations-metadata";
constexpr std::int64_t kMostTransforms = 1'000;  // of one list that are looked at

bool is_draft(const Subject& subject) { return is_draft_text(subject.version.text); }

JsonView transforms_of(const Subject& subject) {
  return subject.where["coordinateTransformations"];
}

// --- systems

void check_systems(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 6) return;
  const JsonView list = subject.where["coordinateSystems"];
  if (list.is_array() && list.size() > 0) return;
  findings.at(list.exists() ? list : subject.where, "The image has no coordinate systems.",
              "an array \"coordinateSystems\" of objects with name and axes");
}

void each_system(const Subject& subject, const std::function<void(const JsonView&)>& visit) {
  const JsonView list = subject.where["coordinateSystems"];
  for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms); ++i) visit(list[i]);
}

void check_system_name(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 6) return;
  std::set<std::string> seen;
  each_system(subject, [&](const JsonView& system) {
    const JsonView name = system["name"];
    const auto text = name.string();
    if (!text || text->empty()) {
      findings.at(name.exists() ? name : system, "A coordinate system has no name.",
                  "a member \"name\", a string");
    } else if (!seen.insert(*text).second) {
      findings.at(name, concat("Two coordinate systems are named \"", text->substr(0, 40), "\"."),
                  "a name of its own for each");
    }
  });
}

// --- the form of a transformation

struct Form {
  JsonView where;
  std::string message;
  std::string expected;
};

bool is_number_list(const JsonView& list, bool positive) {
  for (std::int64_t i = 0; i < list.size(); ++i) {
    const auto number = list[i].number();
    if (!number || (positive && *number <= 0)) return false;
  }
  return list.is_array();
}

// Whole numbers from 0 to 4, each once.
bool is_index_list(const JsonView& list, std::int64_t least, std::int64_t most) {
  std::set<std::int64_t> seen;
  if (!list.is_array() || list.size() < least || list.size() > most) return false;
  for (std::int64_t i = 0; i < list.size(); ++i) {
    const auto index = list[i].integer();
    if (!index || *index < 0 || *index > 4 || !seen.insert(*index).second) return false;
  }
  return true;
}

bool is_matrix(const JsonView& rows, bool square) {
  if (!rows.is_array() || (square && (rows.size() < 2 || rows.size() > 5))) return false;
  for (std::int64_t i = 0; i < rows.size(); ++i) {
    if (!is_number_list(rows[i], false) || (square && rows[i].size() != rows.size()) ||
        rows[i].size() != rows[0].size()) {
      return false;
    }
  }
  return true;
}

constexpr const char* kTypes[] = {"identity",  "mapAxis",  "projectAxis", "scale",
                                  "translation", "affine", "rotation",    "bijection",
                                  "sequence",  "byDimension", "displacements", "coordinates"};

class FormChecker {
 public:
  explicit FormChecker(bool draft) : draft_(draft) {}
  // Faults of the parameters, depth first.
  std::vector<Form> faults;
  std::vector<JsonView> unknown_types;

  void check(const JsonView& transform, int depth = 0) {
    constexpr int kDeepest = 16;
    const auto type = transform["type"].string();
    const bool known = type && std::any_of(std::begin(kTypes), std::end(kTypes),
                                           [&](const char* t) { return *type == t; });
    if (!known) {
      // inverseOf was part of the drafts.
      if (!(draft_ && type == "inverseOf")) unknown_types.push_back(transform);
      return;
    }
    if (depth > kDeepest) {
      add(transform, "Transformations are nested too deeply.", "at most 16 in one another");
      return;
    }
    const JsonView name = transform["name"];
    if (name.exists() && !name.is_string()) add(name, "The name is not a string.", "a string");
    parameters(transform, *type, depth);
  }

 private:
  void add(const JsonView& where, std::string message, std::string expected) {
    faults.push_back({where, std::move(message), std::move(expected)});
  }
  void require(bool good, const JsonView& value, const JsonView& owner, std::string expected) {
    if (good) return;
    add(value.exists() ? value : owner,
        value.exists() ? "A parameter of the transformation cannot be right."
                       : "A parameter of the transformation is missing.",
        std::move(expected));
  }

  void parameters(const JsonView& transform, const std::string& type, int depth) {
    const JsonView own = transform[type];
    const JsonView path = transform["path"];
    if (type == "scale" || type == "translation") {
      if (draft_ && path.is_string()) return;
      require(is_number_list(own, type == "scale"), own, transform,
              concat("an array \"", type, "\" of numbers", type == "scale" ? " above 0" : "",
                     ", one per axis"));
    } else if (type == "affine" || type == "rotation") {
      matrix(transform, type);
    } else if (type == "mapAxis") {
      if (draft_ && own.is_object()) return;
      require(is_index_list(own, 2, 5), own, transform,
              "an array \"mapAxis\" of axis indices from 0, each once");
    } else if (type == "projectAxis") {
      projection(transform);
    } else if (type == "displacements" || type == "coordinates") {
      require(path.is_string(), path, transform, "\"path\", of the array with the field");
      const JsonView interpolation = transform["interpolation"];
      const auto text = interpolation.string();
      require(!interpolation.exists() || text == "nearest" || text == "linear" || text == "cubic",
              interpolation, transform, "\"nearest\", \"linear\" or \"cubic\"");
    } else if (type == "bijection") {
      for (const char* key : {"forward", "inverse"}) {
        require(transform[key].is_object(), transform[key], transform,
                concat("an object \"", key, "\""));
        if (transform[key].is_object()) check(transform[key], depth + 1);
      }
    } else if (type == "sequence" || type == "byDimension") {
      steps(transform, type == "byDimension", depth);
    }
  }

  void matrix(const JsonView& transform, const std::string& type) {
    const JsonView own = transform[type];
    const JsonView path = transform["path"];
    if (own.exists() && path.exists()) {
      add(transform, concat("The ", type, " is written twice: as numbers, and in an array."),
          concat("either \"", type, "\" or \"path\""));
    } else if (path.exists()) {
      require(path.is_string(), path, transform, "\"path\", of the array with the matrix");
    } else {
      // The first drafts wrote the rows one after the other.
      const bool flat = draft_ && is_number_list(own, false) && own.size() > 0;
      require(flat || is_matrix(own, type == "rotation"), own, transform,
              type == "rotation" ? "\"rotation\", a square matrix as an array of rows"
                                 : "\"affine\", a matrix as an array of rows, or \"path\"");
    }
  }

  void projection(const JsonView& transform) {
    const JsonView dropped = transform["droppedInputs"];
    const JsonView created = transform["createdOutputs"];
    require(dropped.exists() || created.exists(), dropped, transform,
            "\"droppedInputs\" or \"createdOutputs\"");
    for (const JsonView& list : {dropped, created}) {
      require(!list.exists() || is_index_list(list, 1, 3), list, transform,
              "one to three axis indices from 0 to 4, each once");
    }
  }

  void steps(const JsonView& transform, bool by_dimension, int depth) {
    const JsonView list = transform["transformations"];
    require(list.is_array() && list.size() > 0, list, transform,
            "an array \"transformations\" of at least one");
    for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms) && list.is_array(); ++i) {
      if (!by_dimension) {
        check(list[i], depth + 1);
        continue;
      }
      const JsonView inner = list[i]["transformation"];
      if (draft_ && !inner.exists()) {
        check(list[i], depth + 1);
        continue;
      }
      require(inner.is_object(), inner, list[i], "an object \"transformation\"");
      for (const char* key : {"inputAxes", "outputAxes"}) {
        const JsonView axes = list[i][key];
        if (draft_) continue;
        require(is_number_list(axes, false), axes, list[i],
                concat("an array \"", key, "\" of axis indices"));
      }
      if (inner.is_object()) check(inner, depth + 1);
    }
  }

  bool draft_;
};

void each_transform(const Subject& subject, const std::function<void(const JsonView&)>& visit) {
  const JsonView list = transforms_of(subject);
  for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms) && list.is_array(); ++i) {
    visit(list[i]);
  }
}

void check_list(const Subject& subject, Findings& findings) {
  const JsonView list = transforms_of(subject);
  const bool dataset = subject.owner == Owner::kDataset;
  if (!list.exists() && subject.owner == Owner::kMultiscale) return;
  const bool one = list.size() == 1;
  if (list.is_array() && (dataset ? one : list.size() > 0)) return;
  findings.at(list.exists() ? list : subject.where,
              dataset ? list.size() > 1 ? "The dataset has more than one transformation."
                                        : "The dataset has no transformation: the size of its "
                                          "pixels is not known."
                      : "There are no transformations.",
              dataset ? "an array \"coordinateTransformations\" of exactly one"
                      : "an array \"coordinateTransformations\" of at least one");
}

void check_type(const Subject& subject, Findings& findings) {
  FormChecker checker(is_draft(subject));
  each_transform(subject, [&](const JsonView& transform) { checker.check(transform); });
  for (const JsonView& transform : checker.unknown_types) {
    const JsonView type = transform["type"];
    findings.at(type.exists() ? type : transform, "There is no transformation of this type.",
                "\"scale\", \"translation\", \"sequence\", \"affine\" or another of 0.6");
  }
}

void check_form(const Subject& subject, Findings& findings) {
  FormChecker checker(is_draft(subject));
  each_transform(subject, [&](const JsonView& transform) { checker.check(transform); });
  for (const Form& fault : checker.faults) findings.at(fault.where, fault.message, fault.expected);
}

// A dataset's: scale, identity, or a scale and then a translation.
void check_dataset_type(const Subject& subject, Findings& findings) {
  if (subject.owner != Owner::kDataset || is_draft(subject)) return;
  each_transform(subject, [&](const JsonView& transform) {
    const auto type = transform["type"].string();
    if (!type || type == "scale" || type == "identity") return;
    FormChecker known(false);
    known.check(transform);
    if (!known.unknown_types.empty()) return;  // transform-type
    const JsonView steps = transform["transformations"];
    if (type == "sequence" && steps.size() == 2 && steps[0]["type"].string() == "scale" &&
        steps[1]["type"].string() == "translation") {
      return;
    }
    findings.at(transform, "A dataset cannot be placed by this transformation.",
                "a scale, an identity, or a sequence of a scale and a translation", *type,
                "Keep what differs from level to level here; put the rest under "
                "multiscales.coordinateTransformations.");
  });
}

std::set<std::string> system_names(const Subject& subject) {
  std::set<std::string> names;
  each_system(subject, [&](const JsonView& system) {
    if (const auto name = system["name"].string()) names.insert(*name);
  });
  return names;
}

// Whether an end is written as drafts of 0.6 had it, as the dataset's bare path or a bare name.
bool is_plain_name(const Subject& subject, const JsonView& end, bool input) {
  if (subject.owner == Owner::kScene || !end.is_string()) return false;
  return !input || subject.owner != Owner::kDataset || subject.where["path"].string() == end.string();
}

void check_end_object(const Subject& subject, Findings& findings) {
  if (is_draft(subject)) return;
  each_transform(subject, [&](const JsonView& transform) {
    for (const bool input : {true, false}) {
      const JsonView end = transform[input ? "input" : "output"];
      if (!is_plain_name(subject, end, input)) continue;
      findings.at(end, concat("The ", input ? "input" : "output", " is written as drafts of 0.6 had it."),
                  input && subject.owner == Owner::kDataset ? "{\"path\": …}" : "{\"name\": …}");
      return;  // Who writes one so writes all so.
    }
  });
}

// The ends of one transformation, by its place.
void check_end(const Subject& subject, const JsonView& transform, bool input, Findings& findings) {
  const JsonView end = transform[input ? "input" : "output"];
  const char* what = input ? "input" : "output";
  const bool by_path = input && subject.owner == Owner::kDataset;
  if (end.is_string() && (is_draft(subject) || is_plain_name(subject, end, input))) return;
  // Who writes one as a string writes both so: once is enough.
  if (!input && end.is_string() && transform["input"].is_string()) return;
  const std::string expected =
      by_path ? std::string("{\"path\": …}, the path of the dataset")
              : subject.owner == Owner::kScene
                    ? std::string("{\"name\": …}, with \"path\" where it is a system of an image")
                    : std::string("{\"name\": …}, the name of a coordinate system");
  const JsonView place = end.exists() ? end : transform;
  if (!end.is_object() || !end[by_path ? "path" : "name"].is_string()) {
    findings.at(place, concat("The transformation's ", what, " is not named."), expected);
    return;
  }
  const JsonView path = end["path"];
  if (path.exists() && !path.is_null() && !path.is_string()) {
    findings.at(path, concat("The path of the ", what, " is not a string."), "a string");
    return;
  }
  if (subject.owner == Owner::kScene) {
    for (const std::string& key : end.keys()) {
      if (key == "name" || key == "path") continue;
      findings.at(end[key], concat("The ", what, " has a member that scenes do not know."),
                  "\"name\" and \"path\" only");
    }
  }
}

// Published examples have names and paths that lead nowhere, so that these are warnings.
void check_own_input(const Subject& subject, Findings& findings) {
  if (subject.owner != Owner::kDataset || is_draft(subject)) return;
  const auto dataset = subject.where["path"].string();
  each_transform(subject, [&](const JsonView& transform) {
    const JsonView path = transform["input"]["path"];
    if (dataset && path.is_string() && path.string() != dataset) {
      findings.at(path, "The input is not the dataset's own array.",
                  concat("\"", dataset->substr(0, 80), "\""));
    }
  });
}

void check_system_unknown(const Subject& subject, Findings& findings) {
  if (subject.systems.empty() && subject.owner != Owner::kScene) return;  // coordinate-systems
  each_transform(subject, [&](const JsonView& transform) {
    for (const char* key : {"input", "output"}) {
      const JsonView end = transform[key];
      const auto name = end["name"].string();
      // Systems of other groups are looked up when their metadata was read.
      if (!name || !end["path"].string().value_or("").empty() || subject.systems.contains(*name)) {
        continue;
      }
      findings.at(end["name"],
                  concat("There is no coordinate system named \"", name->substr(0, 40), "\" here."),
                  "the name of one of \"coordinateSystems\"");
    }
  });
}

void check_ends(const Subject& subject, Findings& findings, bool input) {
  each_transform(subject, [&](const JsonView& transform) {
    check_end(subject, transform, input, findings);
  });
}

void check_input(const Subject& subject, Findings& findings) { check_ends(subject, findings, true); }
void check_output(const Subject& subject, Findings& findings) {
  check_ends(subject, findings, false);
}

void check_names(const Subject& subject, Findings& findings) {
  std::set<std::string> seen;
  each_transform(subject, [&](const JsonView& transform) {
    const auto name = transform["name"].string();
    if (name && !seen.insert(*name).second) {
      findings.at(transform["name"], "Two transformations of the list have one name.",
                  "a name of its own for each");
    }
  });
}

// --- numbers against the axes of both ends

const std::vector<ome::Axis>* find_axes(const Subject& subject, const JsonView& end,
                                        std::map<std::string, std::vector<ome::Axis>>& cache) {
  if (!end.is_object() && !end.is_string()) return nullptr;
  if (!end["path"].string().value_or("").empty()) return nullptr;
  const auto name = end.is_string() ? end.string() : end["name"].string();
  if (!name) return nullptr;
  if (const auto found = cache.find(*name); found != cache.end()) return &found->second;
  const JsonView list = subject.system_list;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms); ++i) {
    if (list[i]["name"].string() != name || !list[i]["axes"].is_array()) continue;
    std::vector<ome::Axis> axes;
    for (std::int64_t k = 0; k < std::min<std::int64_t>(list[i]["axes"].size(), 32); ++k) {
      const JsonView axis = list[i]["axes"][k];
      axes.push_back({axis["name"].string().value_or(""), ome::AxisType::kOther,
                      axis["unit"].string().value_or("")});
    }
    return &(cache[*name] = std::move(axes));
  }
  return nullptr;
}

void check_fit(const Subject& subject, Findings& findings) {
  std::map<std::string, std::vector<ome::Axis>> cache;
  each_transform(subject, [&](const JsonView& transform) {
    FormChecker checker(is_draft(subject));
    checker.check(transform);
    if (!checker.faults.empty() || !checker.unknown_types.empty()) return;
    ome::MapEnds ends{find_axes(subject, transform["input"], cache),
                      find_axes(subject, transform["output"], cache)};
    if (subject.owner == Owner::kDataset) {
      ends.input = ends.output;
      // transform-axes tells where the arrays are there.
      std::size_t spaces = 0;
      for (const AxisFacts& axis : subject.axes) spaces += axis.type == "space" ? 1 : 0;
      const JsonView scale = transform["scale"];
      if (scale.size() == static_cast<std::int64_t>(spaces) && spaces < subject.axes.size()) return;
    }
    if (!ends.input && !ends.output) return;
    const auto map = ome::parse_map(transform, ends, {});
    // Parameters in arrays, and ends that only other groups describe, are not known here.
    if (map || map.error().code != ErrorCode::kFixData || !ome::parameter_paths(transform).empty() ||
        !ends.input || !ends.output) {
      return;
    }
    findings.at(transform, "The transformation does not fit the axes of its ends.",
                concat("a transformation of ", ends.input->size(), " to ", ends.output->size(),
                       " axes"),
                map.error().message, "");
  });
}

void check_rotation(const Subject& subject, Findings& findings) {
  const std::function<void(const JsonView&, int)> visit = [&](const JsonView& transform, int depth) {
    const JsonView rows = transform["rotation"];
    if (transform["type"].string() == "rotation" && is_matrix(rows, true)) {
      double worst = 0;
      for (std::int64_t a = 0; a < rows.size(); ++a) {
        for (std::int64_t b = 0; b <= a; ++b) {
          double product = 0;
          for (std::int64_t i = 0; i < rows.size(); ++i) {
            product += *rows[a][i].number() * *rows[b][i].number();
          }
          worst = std::max(worst, std::abs(product - (a == b ? 1 : 0)));
        }
      }
      constexpr double kRounding = 1e-3;  // matrices are often written with few digits
      if (!(worst <= kRounding)) {
        findings.at(rows, "The matrix is no rotation.",
                    "rows of length 1, at right angles to one another");
      }
    }
    if (depth > 16) return;
    for (const char* key : {"forward", "inverse", "transformation"}) {
      if (transform[key].is_object()) visit(transform[key], depth + 1);
    }
    const JsonView steps = transform["transformations"];
    for (std::int64_t i = 0; i < std::min(steps.size(), kMostTransforms) && steps.is_array(); ++i) {
      visit(steps[i], depth + 1);
    }
  };
  each_transform(subject, [&](const JsonView& transform) { visit(transform, 0); });
}

// --- the image as a whole

std::string output_of(const JsonView& dataset) {
  return ome::system_of(dataset["coordinateTransformations"][0]["output"]).second;
}

// All datasets lead to one system.
void check_intrinsic(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 6) return;
  const JsonView datasets = subject.where["datasets"];
  std::string first;
  for (std::int64_t i = 0; i < datasets.size(); ++i) {
    const std::string name = output_of(datasets[i]);
    if (name.empty()) continue;
    if (first.empty()) first = name;
    if (name == first) continue;
    findings.at(datasets[i]["coordinateTransformations"][0]["output"],
                "The levels of the image lead to different coordinate systems.",
                concat("\"", first.substr(0, 40), "\", as the first level"));
  }
}

// The image's transformations start at the system of its datasets.
void check_starts(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 6 || is_draft(subject)) return;
  const std::string own = output_of(subject.where["datasets"][0]);
  const JsonView list = transforms_of(subject);
  for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms) && list.is_array(); ++i) {
    const JsonView input = list[i]["input"];
    const auto name = input["name"].string();
    if (own.empty() || !name || *name == own || !system_names(subject).contains(*name)) continue;
    // A system of a label image may be the input: then its path is written.
    if (!input["path"].string().value_or("").empty()) continue;
    findings.at(input, "The transformation does not start at the image's own coordinate system.",
                concat("{\"name\": \"", own.substr(0, 40), "\"}"));
  }
}

void check_connected(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 6) return;
  // Where names are wrong, that is what to mend.
  const std::set<std::string> names = system_names(subject);
  std::set<std::string> joined = {output_of(subject.where["datasets"][0])};
  if (joined.contains("")) return;
  const JsonView list = transforms_of(subject);
  bool grew = true;
  while (grew) {
    grew = false;
    for (std::int64_t i = 0; i < std::min(list.size(), kMostTransforms) && list.is_array(); ++i) {
      const std::string from = ome::system_of(list[i]["input"]).second;
      const std::string to = ome::system_of(list[i]["output"]).second;
      if (!names.contains(from) || !names.contains(to)) return;
      if (joined.contains(from) != joined.contains(to)) {
        joined.insert(from);
        joined.insert(to);
        grew = true;
      }
    }
  }
  each_system(subject, [&](const JsonView& system) {
    const auto name = system["name"].string();
    if (name && !joined.contains(*name)) {
      findings.at(system["name"],
                  concat("No transformation joins the coordinate system \"", name->substr(0, 40),
                         "\" to the image's own."),
                  "a transformation between the two");
    }
  });
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/coordinate-systems",
     .severity = Severity::kError,
     .kind = Kind::kImage,
     .applies_to = "0.6",
     .spec = kSystems,
     .title = "An image has coordinate systems",
     .why = "Nothing tells what the axes are.",
     .fix = "Describe the axes in a coordinate system.",
     .check = check_systems},
    {.id = "ome-zarr/coordinate-system-name",
     .severity = Severity::kError,
     .kind = Kind::kImage,
     .applies_to = "0.6",
     .spec = kSystems,
     .title = "Every coordinate system has a name of its own",
     .why = "Transformations name the systems that they join.",
     .fix = "Name every coordinate system differently.",
     .check = check_system_name},
    {.id = "ome-zarr/coordinate-system-intrinsic",
     .severity = Severity::kError,
     .kind = Kind::kImage,
     .applies_to = "0.6",
     .spec = kSystems,
     .title = "All levels of an image lead to one coordinate system",
     .why = "Levels could not be drawn in one another's place.",
     .fix = "Write the same output for all datasets.",
     .check = check_intrinsic},
    {.id = "ome-zarr/coordinate-system-start",
     .severity = Severity::kWarning,
     .kind = Kind::kImage,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "An image's transformations start at its own coordinate system",
     .why = "Programs follow them from the image's own system only.",
     .fix = "Write the output of the datasets as the input.",
     .check = check_starts},
    {.id = "ome-zarr/coordinate-system-apart",
     .severity = Severity::kWarning,
     .kind = Kind::kImage,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Transformations join all coordinate systems of an image",
     .why = "The image cannot be shown in a system that nothing leads to.",
     .fix = "Add the transformation, or remove the system.",
     .check = check_connected},
    {.id = "ome-zarr/transform-list",
     .severity = Severity::kError,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "A dataset has one transformation, an image or a scene at least one where it has any",
     .why = "The place of the level or image is not known.",
     .fix = "Add the transformation.",
     .check = check_list},
    {.id = "ome-zarr/transform-kind",
     .severity = Severity::kError,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Transformations are of types that 0.6 knows",
     .why = "No program can follow them.",
     .fix = "Write a type of the specification.",
     .check = check_type},
    {.id = "ome-zarr/transform-parameters",
     .severity = Severity::kError,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Transformations have the parameters of their type",
     .why = "No program can follow them.",
     .fix = "Write the parameters as the specification has them.",
     .check = check_form},
    {.id = "ome-zarr/transform-dataset",
     .severity = Severity::kError,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Datasets are placed by a scale and a translation at most",
     .why = "Programs read pixel sizes there and understand nothing else.",
     .fix = "Keep scale and translation here.",
     .check = check_dataset_type},
    {.id = "ome-zarr/transform-end-object",
     .severity = Severity::kWarning,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Inputs and outputs are objects with \"path\" or \"name\"",
     .why = "Programs that follow 0.6 as it was published do not find what is meant.",
     .fix = "Write an object in the place of the string.",
     .check = check_end_object},
    {.id = "ome-zarr/transform-input",
     .severity = Severity::kError,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Every transformation names what it starts from",
     .why = "Programs cannot tell what it maps.",
     .fix = "Name the dataset or the coordinate system.",
     .check = check_input},
    {.id = "ome-zarr/transform-output",
     .severity = Severity::kError,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Every transformation names where it leads",
     .why = "Programs cannot tell what it maps to.",
     .fix = "Name the coordinate system.",
     .check = check_output},
    {.id = "ome-zarr/transform-own-input",
     .severity = Severity::kWarning,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "A dataset's transformation starts at its own array",
     .why = "Programs that go by the input place another level.",
     .fix = "Write the dataset's path.",
     .check = check_own_input},
    {.id = "ome-zarr/transform-system",
     .severity = Severity::kWarning,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Transformations name coordinate systems that are there",
     .why = "Programs cannot follow the transformation.",
     .fix = "Correct the name, or add the coordinate system.",
     .check = check_system_unknown},
    {.id = "ome-zarr/transform-name",
     .severity = Severity::kWarning,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Named transformations of a list have names of their own",
     .why = "A name would mean two transformations.",
     .fix = "Rename one of them.",
     .check = check_names},
    {.id = "ome-zarr/transform-fit",
     .severity = Severity::kWarning,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Transformations fit the number of axes of their ends",
     .why = "Nothing tells which number belongs to which axis.",
     .fix = "Write one number, row or index for each axis of the coordinate systems.",
     .check = check_fit},
    {.id = "ome-zarr/transform-rotation",
     .severity = Severity::kError,
     .kind = Kind::kTransforms06,
     .applies_to = "0.6",
     .spec = kTransforms,
     .title = "Rotations are rotations",
     .why = "The image would be stretched or sheared.",
     .fix = "Correct the matrix, or write it as \"affine\".",
     .check = check_rotation},
};

}  // namespace

std::span<const Rule> coordinate_system_rules() { return kRules; }

}  // namespace mifa::validate
