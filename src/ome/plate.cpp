#include "ome/plate.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "ome/key_path.h"

namespace mifa::ome {
namespace {

void report(const JsonView& place, IssueLog& log, const char* rule, std::string message,
            std::string expected, std::string fix) {
  log.at(place, {.rule = rule,
                 .severity = Severity::kError,
                 .message = std::move(message),
                 .expected = std::move(expected),
                 .fix = std::move(fix)});
}

bool alphanumeric(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isalnum(c) != 0; });
}

// 0.6 allows more in the names of fields: letters, digits, ".", "_" and "-", not only dots, not
// "__" in front.
bool valid_node_name(const std::string& text, const Version& version) {
  if (version.minor < 6) return alphanumeric(text);
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
  return plain && !text.starts_with("__") && text.find_first_not_of('.') != std::string::npos;
}

// The names of "rows" or "columns".
std::vector<std::string> parse_names(const JsonView& plate, const char* key,
                                     const OpenerLimits& limits, IssueLog& log) {
  const char* rule = "ome-zarr/plate-rows-columns";
  const JsonView list = plate[key];
  std::vector<std::string> names;
  if (!list.is_array() || list.size() == 0) {
    report(list.exists() ? list : plate, log, rule,
           "The plate's " + std::string(key) + " are not listed.",
           "an array \"" + std::string(key) + "\" of objects with a name", "List them.");
    return names;
  }
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), limits.maximum_entries); ++i) {
    const auto name = list[i]["name"].string();
    if (!name || !alphanumeric(*name)) {
      report(list[i], log, rule, "One of the plate's " + std::string(key) + " has no proper name.",
             "a member \"name\" of letters and digits", "Name it, e.g. \"A\" or \"1\".");
    } else if (!seen.insert(*name).second) {
      report(list[i], log, rule, "Two of the plate's " + std::string(key) + " have one name.",
             "a name of its own for each", "Rename one of them.");
    }
    names.push_back(name.value_or(""));
  }
  return names;
}

void check_count(const JsonView& value, std::int64_t minimum, IssueLog& log) {
  if (!value.exists()) return;
  const auto count = value.integer();
  if (count && *count >= minimum) return;
  report(value, log, "ome-zarr/plate-numbers", "A number of the plate cannot be right.",
         "a whole number from " + std::to_string(minimum), "Correct or remove it.");
}

void check_acquisitions(const JsonView& plate, const OpenerLimits& limits, IssueLog& log) {
  const JsonView list = plate["acquisitions"];
  if (list.exists() && !list.is_array()) {
    report(list, log, "ome-zarr/plate-numbers", "\"acquisitions\" is not a list.",
           "an array of objects with an id", "Correct or remove it.");
  }
  for (std::int64_t i = 0; i < std::min(list.size(), limits.maximum_entries); ++i) {
    if (!list[i]["id"].exists()) {
      report(list[i], log, "ome-zarr/plate-numbers", "An acquisition has no id.",
             "a member \"id\", a whole number from 0", "Number the acquisitions.");
    }
    check_count(list[i]["id"], 0, log);
    check_count(list[i]["maximumfieldcount"], 1, log);
    check_count(list[i]["starttime"], 0, log);
    check_count(list[i]["endtime"], 0, log);
  }
  check_count(plate["field_count"], 1, log);
}

// rowIndex and columnIndex (0.4 and later), and whether they are those of the path.
void check_indices(const JsonView& well, const std::string& path, const Version& version,
                   const std::vector<std::string>& rows, const std::vector<std::string>& columns,
                   IssueLog& log) {
  const char* rule = "ome-zarr/plate-well";
  std::string wanted;
  for (const char* key : {"rowIndex", "columnIndex"}) {
    const bool is_row = std::string_view(key) == "rowIndex";
    const auto& names = is_row ? rows : columns;
    const auto index = well[key].integer();
    if (!well[key].exists() && version.minor > 0 && version.minor < 4) return;
    if (!index || *index < 0 || *index >= static_cast<std::int64_t>(names.size())) {
      report(
          well[key].exists() ? well[key] : well, log, rule,
          "The well's " + std::string(key) + " is missing or no row or column of the plate.",
          "a whole number from 0 to " + std::to_string(static_cast<std::int64_t>(names.size()) - 1),
          "Correct the index.");
      return;
    }
    wanted += (is_row ? "" : "/") + names[static_cast<std::size_t>(*index)];
  }
  if (wanted != path) {
    report(well, log, "ome-zarr/plate-well-path",
           "The well's path is not that of its row and column.", "\"path\": \"" + wanted + "\"",
           "Correct the path or the indices.");
  }
}

bool valid_well_path(const std::string& path) {
  const std::size_t slash = path.find('/');
  return slash != std::string::npos && alphanumeric(path.substr(0, slash)) &&
         alphanumeric(path.substr(slash + 1));
}

// By row, then by column: files list wells in the order in which they were written.
void sort_wells(std::vector<WellPlace>& wells) {
  const auto position = [](const WellPlace& well) {
    return std::pair(well.where["rowIndex"].integer().value_or(0),
                     well.where["columnIndex"].integer().value_or(0));
  };
  std::stable_sort(wells.begin(), wells.end(),
                   [&](const WellPlace& a, const WellPlace& b) { return position(a) < position(b); });
}

}  // namespace

std::vector<WellPlace> parse_plate(const GroupMetadata& group, const std::string& path,
                              const OpenerLimits& limits, IssueLog& log) {
  const char* rule = "ome-zarr/plate-well";
  const JsonView plate = group.ome["plate"];
  const Version version = version_of(group, plate, log);
  const auto rows = parse_names(plate, "rows", limits, log);
  const auto columns = parse_names(plate, "columns", limits, log);
  check_acquisitions(plate, limits, log);
  const JsonView list = plate["wells"];
  std::vector<WellPlace> wells;
  if (!list.is_array() || list.size() == 0) {
    report(list.exists() ? list : plate, log, rule, "The plate has no wells.",
           "an array \"wells\" of at least one object", "List the wells that have images.");
    return wells;
  }
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), limits.maximum_entries); ++i) {
    const auto text = list[i]["path"].string();
    auto joined = text ? join_path(path, *text) : Result<std::string>(Error{});
    if (!joined || !valid_well_path(*text)) {
      report(list[i], log, rule, "The well has no proper path.",
             "a member \"path\" such as \"A/1\": the row's and the column's name",
             "Store the well there and name it so.");
    }
    if (!joined) continue;
    if (!seen.insert(*joined).second) {
      report(list[i], log, rule, "The well is listed twice.", "each well once",
             "Remove one of them.");
      continue;
    }
    check_indices(list[i], *text, version, rows, columns, log);
    wells.push_back({*joined, *text, list[i]});
  }
  sort_wells(wells);
  return wells;
}

std::vector<Entry> parse_well(const GroupMetadata& group, const WellPlace& well,
                              const OpenerLimits& limits, IssueLog& log) {
  const char* rule = "ome-zarr/well-images";
  const JsonView value = group.ome["well"];
  const Version version = version_of(group, value, log);
  const JsonView list = value["images"];
  std::vector<Entry> entries;
  if (!list.is_array() || list.size() == 0) {
    report(list.exists() ? list : value, log, rule, "The well has no images.",
           "an array \"images\" of at least one object", "List the well's fields.");
    return entries;
  }
  std::set<std::string> seen;
  std::set<std::int64_t> acquisitions;
  const std::int64_t count = std::min(list.size(), limits.maximum_entries);
  for (std::int64_t i = 0; i < count; ++i) {
    if (const auto id = list[i]["acquisition"].integer()) acquisitions.insert(*id);
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const auto text = list[i]["path"].string();
    auto joined = text ? join_path(well.path, *text) : Result<std::string>(Error{});
    if (!joined || !valid_node_name(*text, version)) {
      report(list[i], log, rule, "The field has no proper path.",
             "a member \"path\" such as \"0\", a string of letters and digits",
             "Store the field there and name it so.");
    }
    if (!joined) continue;
    if (!seen.insert(*joined).second) {
      report(list[i], log, rule, "The field is listed twice.", "each field once",
             "Remove one of them.");
      continue;
    }
    const JsonView acquisition = list[i]["acquisition"];
    if (acquisition.exists() && !acquisition.integer()) {
      report(acquisition, log, rule, "The field's acquisition is not a number.",
             "the id of one of the plate's acquisitions", "Write the id as a number.");
    }
    std::string name = (well.name.empty() ? "Field " : well.name + ", field ") + *text;
    if (acquisitions.size() > 1 && acquisition.integer()) {
      name += " (acquisition " + std::to_string(*acquisition.integer()) + ")";
    }
    entries.push_back({*joined, std::move(name)});
  }
  return entries;
}

}  // namespace mifa::ome
