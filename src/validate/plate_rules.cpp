// What holds for plates and wells.
#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <string>

#include "ome/concat.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kPlate = "https://ngff.openmicroscopy.org/0.5/#plate-md";
constexpr const char* kWell = "https://ngff.openmicroscopy.org/0.5/#well-md";
constexpr std::int64_t kMostItems = 100'000;  // of one list that are looked at

bool alphanumeric(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isalnum(c) != 0; });
}

JsonView array_of(const JsonView& owner, const char* key) {
  const JsonView list = owner[key];
  return list.is_array() ? list : JsonView();
}

// A number that may be absent; whole and at least `least` where it is there.
void check_number(const JsonView& value, std::int64_t least, Findings& findings) {
  const auto number = value.integer();
  if (!value.exists() || (number && *number >= least)) return;
  findings.at(value, "A number of the plate cannot be right.", concat("a whole number from ", least));
}

void check_rows_columns(const Subject& subject, Findings& findings) {
  for (const char* key : {"rows", "columns"}) {
    const JsonView list = subject.where[key];
    if (!list.is_array() || list.size() == 0) {
      findings.at(list.exists() ? list : subject.where, concat("The plate lists no ", key, "."),
                  concat("an array \"", key, "\" of objects with a name"));
      continue;
    }
    std::set<std::string> seen;
    for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
      const JsonView name = list[i]["name"];
      const auto text = name.string();
      // Letters and digits only since 0.4.
      if (!text || text->empty() || (subject.version.minor >= 4 && !alphanumeric(*text))) {
        findings.at(name.exists() ? name : list[i],
                    concat("One of the plate's ", key, " has no proper name."),
                    "a member \"name\" of letters and digits", "Name it, e.g. \"A\" or \"1\".");
      } else if (!seen.insert(*text).second) {
        findings.at(list[i], concat("Two of the plate's ", key, " have one name."),
                    "a name of its own for each", "Rename one of them.");
      }
    }
  }
}

void check_case(const Subject& subject, Findings& findings) {
  for (const char* key : {"rows", "columns"}) {
    const JsonView list = array_of(subject.where, key);
    std::set<std::string> exact, folded;
    for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
      const auto text = list[i]["name"].string();
      if (!text || !exact.insert(*text).second || folded.insert(lower(*text)).second) continue;
      findings.at(list[i], concat("Two of the plate's ", key, " differ in upper and lower case only."),
                  "names that differ otherwise");
    }
  }
}

void check_acquisitions(const Subject& subject, Findings& findings) {
  const JsonView list = subject.where["acquisitions"];
  if (list.exists() && !list.is_array()) {
    findings.at(list, "\"acquisitions\" is not a list.", "an array of objects with an id");
    return;
  }
  std::set<std::int64_t> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
    const JsonView id = list[i]["id"];
    if (!id.exists()) {
      findings.at(list[i], "An acquisition has no id.", "a member \"id\", a whole number from 0",
                  "Number the acquisitions.");
    }
    check_number(id, 0, findings);
    check_number(list[i]["maximumfieldcount"], 1, findings);
    check_number(list[i]["starttime"], 0, findings);
    check_number(list[i]["endtime"], 0, findings);
    for (const char* key : {"name", "description"}) {
      const JsonView text = list[i][key];
      if (text.exists() && !text.is_string()) {
        findings.at(text, concat("The acquisition's ", key, " is not a string."), "a string");
      }
    }
    const auto number = id.integer();
    if (number && !seen.insert(*number).second) {
      findings.at(id, concat("Two acquisitions have the id ", *number, "."), "an id of its own for each");
    }
  }
}

void check_field_count(const Subject& subject, Findings& findings) {
  // 0.1 does not say what it is; its suite refuses what is no number above 0.
  check_number(subject.where["field_count"], 1, findings);
}

void check_name(const Subject& subject, Findings& findings) {
  const JsonView name = subject.where["name"];
  if (name.exists() && !name.is_string()) {
    findings.at(name, "The plate's name is not a string.", "a string");
  }
}

void check_recommended(const Subject& subject, Findings& findings) {
  if (!subject.where["name"].exists()) {
    findings.at(subject.where, "The plate has no name.", "a member \"name\"");
  }
  const JsonView list = array_of(subject.where, "acquisitions");
  for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
    for (const char* key : {"name", "maximumfieldcount"}) {
      if (list[i].is_object() && !list[i][key].exists()) {
        findings.at(list[i], concat("The acquisition has no ", key, "."),
                    concat("a member \"", key, "\""));
      }
    }
  }
}

void check_wells(const Subject& subject, Findings& findings) {
  const JsonView list = subject.where["wells"];
  if (!list.is_array() || list.size() == 0) {
    findings.at(list.exists() ? list : subject.where, "The plate lists no wells.",
                "an array \"wells\" of at least one object");
    return;
  }
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
    const JsonView path = list[i]["path"];
    const auto text = path.string();
    const std::size_t slash = text ? text->find('/') : std::string::npos;
    const bool two = slash != std::string::npos && text->find('/', slash + 1) == std::string::npos;
    const bool plain = two && slash > 0 && slash + 1 < text->size() &&
                       (subject.version.minor < 4 || (alphanumeric(text->substr(0, slash)) &&
                                                      alphanumeric(text->substr(slash + 1))));
    if (!text || !(plain || (subject.version.minor < 4 && !text->empty()))) {
      findings.at(path.exists() ? path : list[i], "The well has no proper path.",
                  "a member \"path\" such as \"A/1\": the row's and the column's name",
                  "Store the well there and name it so.");
    } else if (!seen.insert(*text).second) {
      findings.at(list[i], "The well is listed twice.", "each well once", "Remove one of them.");
    }
  }
}

std::optional<std::string> name_at(const JsonView& names, const JsonView& index) {
  const auto number = index.integer();
  if (!number || *number < 0 || *number >= names.size()) return std::nullopt;
  return names[*number]["name"].string();
}

void check_well_indices(const Subject& subject, Findings& findings) {
  if (subject.version.minor < 4) return;
  const JsonView list = array_of(subject.where, "wells");
  for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
    if (!list[i].is_object()) continue;
    for (const char* key : {"rowIndex", "columnIndex"}) {
      const JsonView names = array_of(subject.where, key[0] == 'r' ? "rows" : "columns");
      const JsonView value = list[i][key];
      const auto index = value.integer();
      const bool fits = names.size() == 0 || (index && *index < names.size());
      if (index && *index >= 0 && fits) continue;
      findings.at(value.exists() ? value : list[i],
                  concat("The well's ", key, " is missing or no row or column of the plate."),
                  names.size() > 0 ? concat("a whole number from 0 to ", names.size() - 1)
                                   : std::string("a whole number from 0"));
    }
  }
}

// Published examples of 0.4 and 0.6 have rows and columns the other way round, so that it is an error
// in 0.5 only, whose suite tells it.
enum class PathFault { kError, kDoubt };

void check_paths(const Subject& subject, Findings& findings, PathFault wanted) {
  const JsonView list = array_of(subject.where, "wells");
  const JsonView rows = array_of(subject.where, "rows");
  const JsonView columns = array_of(subject.where, "columns");
  for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
    const auto path = list[i]["path"].string();
    const auto row = name_at(rows, list[i]["rowIndex"]);
    const auto column = name_at(columns, list[i]["columnIndex"]);
    if (!path || !row || !column || path->find('/') == std::string::npos) continue;
    const std::string name = concat(*row, "/", *column);
    // A name that is no proper one, or a path of three parts, has been reported.
    const bool proper = alphanumeric(*row) && alphanumeric(*column) &&
                        std::count(path->begin(), path->end(), '/') == 1;
    if (!proper || *path == name) continue;
    const bool swapped = *path == concat(*column, "/", *row);
    const int minor = subject.version.minor;
    const PathFault fault = minor == 5 || (minor >= 6 && !swapped) ? PathFault::kError : PathFault::kDoubt;
    if (fault != wanted) continue;
    findings.at(list[i], "The well's path is not that of its row and column.",
                concat("\"path\": \"", name, "\""), concat("\"", *path, "\""), "");
  }
}

void check_well_path(const Subject& subject, Findings& findings) {
  check_paths(subject, findings, PathFault::kError);
}
void check_well_place(const Subject& subject, Findings& findings) {
  check_paths(subject, findings, PathFault::kDoubt);
}

// 0.1 to 0.3 require it; such plates are told by the indices that they lack.
void check_version(const Subject& subject, Findings& findings) {
  if (subject.version.minor >= 4 || subject.group.zarr_format != 2) return;
  const bool said = subject.where["version"].exists() || subject.group.ome["version"].exists();
  if (!said) findings.at(subject.where, "The plate has no version.", "a member \"version\"");
}

// --- wells

bool node_name(const std::string& text, int minor) {
  if (minor < 6) return alphanumeric(text);
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
  return plain && !text.starts_with("__") && text.find_first_not_of('.') != std::string::npos;
}

void check_images(const Subject& subject, Findings& findings) {
  const JsonView list = subject.where["images"];
  if (!list.is_array() || list.size() == 0) {
    findings.at(list.exists() ? list : subject.where, "The well lists no images.",
                "an array \"images\" of at least one object");
    return;
  }
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
    const JsonView path = list[i]["path"];
    const auto text = path.string();
    if (!text || !node_name(*text, subject.version.minor)) {
      findings.at(path.exists() ? path : list[i], "The field has no proper path.",
                  subject.version.minor < 6
                      ? "a member \"path\" such as \"0\", a string of letters and digits"
                      : "a member \"path\" of letters, digits, \".\", \"_\" and \"-\"",
                  "Store the field there and name it so.");
    } else if (!seen.insert(*text).second) {
      findings.at(list[i], "The field is listed twice.", "each field once", "Remove one of them.");
    }
  }
}

void check_acquisition(const Subject& subject, Findings& findings) {
  const JsonView list = array_of(subject.where, "images");
  for (std::int64_t i = 0; i < std::min(list.size(), kMostItems); ++i) {
    const JsonView acquisition = list[i]["acquisition"];
    const auto id = acquisition.integer();
    if (acquisition.exists() && !id) {
      findings.at(acquisition, "The field's acquisition is not a number.",
                  "the id of one of the plate's acquisitions");
    } else if (id && subject.plate && !subject.plate->acquisitions.contains(*id) &&
               !subject.plate->acquisitions.empty()) {
      findings.at(acquisition, "The plate has no acquisition of this id.",
                  "the id of one of the plate's acquisitions");
    } else if (!acquisition.exists() && subject.plate && subject.plate->acquisitions.size() > 1) {
      findings.at(list[i], "The plate has several acquisitions, and the field does not say whose it is.",
                  "a member \"acquisition\"");
    }
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/plate-rows-columns",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "all versions",
     .spec = kPlate,
     .title = "Rows and columns are listed, each with a name of its own",
     .why = "Programs cannot lay the wells out.",
     .fix = "List all rows and columns of the plate.",
     .check = check_rows_columns},
    {.id = "ome-zarr/plate-case",
     .severity = Severity::kWarning,
     .kind = Kind::kPlate,
     .applies_to = "0.4 and later",
     .spec = kPlate,
     .title = "Names of rows and columns differ not only in case",
     .why = "On Windows and macOS the two are one folder.",
     .fix = "Rename one of them.",
     .check = check_case},
    {.id = "ome-zarr/plate-acquisitions",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "all versions",
     .spec = kPlate,
     .title = "Acquisitions have an id, and whole numbers for counts and times",
     .why = "Fields cannot name their acquisition.",
     .fix = "Correct the number, or leave out what is optional.",
     .check = check_acquisitions},
    {.id = "ome-zarr/plate-field-count",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "all versions",
     .spec = kPlate,
     .title = "The number of fields is a whole number above 0",
     .why = "Programs use it to lay the fields out.",
     .fix = "Write the largest number of fields of a well, or leave it out.",
     .check = check_field_count},
    {.id = "ome-zarr/plate-name",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "all versions",
     .spec = kPlate,
     .title = "The plate's name is a string",
     .why = "Programs cannot show it.",
     .fix = "Put the name in quotes.",
     .check = check_name},
    {.id = "ome-zarr/plate-description",
     .severity = Severity::kWarning,
     .kind = Kind::kPlate,
     .applies_to = "all versions",
     .spec = kPlate,
     .title = "Plates have names, and acquisitions a name and their number of fields",
     .why = "Readers cannot tell plates and acquisitions apart.",
     .fix = "Add it.",
     .check = check_recommended},
    {.id = "ome-zarr/plate-version",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "0.1 to 0.3",
     .spec = kPlate,
     .title = "Plates say their version",
     .why = "It is required, and without row and column indices this is no plate of 0.4.",
     .fix = "Add \"version\".",
     .check = check_version},
    {.id = "ome-zarr/plate-wells",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "all versions",
     .spec = kPlate,
     .title = "Wells are listed, each once, by the path of their row and column",
     .why = "Programs cannot find the wells.",
     .fix = "List the wells that have images.",
     .check = check_wells},
    {.id = "ome-zarr/plate-well-index",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "0.4 and later",
     .spec = kPlate,
     .title = "Wells name a row and a column of the plate",
     .why = "Programs cannot lay the wells out.",
     .fix = "Correct the index; it counts from 0.",
     .check = check_well_indices},
    {.id = "ome-zarr/plate-well-path",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "0.5 and later",
     .spec = kPlate,
     .title = "A well's path is that of its row and column",
     .why = "Some programs go by the path and some by the indices, and show different wells.",
     .fix = "Correct the path or the indices.",
     .check = check_well_path},
    {.id = "ome-zarr/plate-well-place",
     .severity = Severity::kWarning,
     .kind = Kind::kPlate,
     .applies_to = "0.4, and 0.6 where rows and columns are exchanged",
     .spec = kPlate,
     .title = "A well's path is that of its row and column",
     .why = "Some programs go by the path and some by the indices, and show different wells.",
     .fix = "Correct the path or the indices.",
     .check = check_well_place},
    {.id = "ome-zarr/well-missing",
     .severity = Severity::kError,
     .kind = Kind::kPlate,
     .applies_to = "all versions",
     .spec = kPlate,
     .title = "Listed wells are there",
     .why = "Programs show an empty place where the plate promises an image.",
     .fix = "Add the well, or remove it from the plate's list.",
     .check = nullptr},
    {.id = "ome-zarr/well-metadata",
     .severity = Severity::kError,
     .kind = Kind::kWell,
     .applies_to = "all versions",
     .spec = kWell,
     .title = "Wells have \"well\" metadata",
     .why = "Nothing tells which images are in the well.",
     .fix = "Add \"well\" with its images.",
     .check = nullptr},
    {.id = "ome-zarr/well-images",
     .severity = Severity::kError,
     .kind = Kind::kWell,
     .applies_to = "all versions",
     .spec = kWell,
     .title = "Fields are listed, each once, by the name of their group",
     .why = "Programs cannot find the images of the well.",
     .fix = "List the well's fields.",
     .check = check_images},
    {.id = "ome-zarr/well-acquisition",
     .severity = Severity::kError,
     .kind = Kind::kWell,
     .applies_to = "all versions",
     .spec = kWell,
     .title = "Fields name an acquisition of the plate, where there are several",
     .why = "Fields of different acquisitions are mixed up.",
     .fix = "Write the id of the acquisition as a number.",
     .check = check_acquisition},
    {.id = "ome-zarr/field-missing",
     .severity = Severity::kError,
     .kind = Kind::kWell,
     .applies_to = "all versions",
     .spec = kWell,
     .title = "Listed fields are there, and images",
     .why = "Programs offer a field that cannot be opened.",
     .fix = "Add the image, or remove it from the well's list.",
     .check = nullptr},
};

}  // namespace

std::span<const Rule> plate_rules() { return kRules; }

}  // namespace mifa::validate
