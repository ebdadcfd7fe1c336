#include "ome/plate.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "ome/concat.h"
#include "ome/key_path.h"
#include "ome/order.h"

namespace mifa::ome {
namespace {

void report(const JsonView& place, IssueLog& log, const char* rule, std::string_view message,
            std::string_view expected, std::string_view fix) {
  log.at(place, {.rule = rule,
                 .severity = Severity::kError,
                 .message = message,
                 .expected = expected,
                 .fix = fix});
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
    report(list.exists() ? list : plate, log, rule, concat("The plate's ", key, " are not listed."),
           concat("an array \"", key, "\" of objects with a name"), "List them.");
    return names;
  }
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < std::min(list.size(), limits.maximum_entries); ++i) {
    const auto name = list[i]["name"].string();
    if (!name || !alphanumeric(*name)) {
      report(list[i], log, rule, concat("One of the plate's ", key, " has no proper name."),
             "a member \"name\" of letters and digits", "Name it, e.g. \"A\" or \"1\".");
    } else if (!seen.insert(*name).second) {
      report(list[i], log, rule, concat("Two of the plate's ", key, " have one name."),
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
         concat("a whole number from ", minimum), "Correct or remove it.");
}

void read_acquisitions(const JsonView& plate, Plate& result, const OpenerLimits& limits,
                       IssueLog& log) {
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
    const auto id = list[i]["id"].integer();
    if (!id) continue;
    const auto name = list[i]["name"].string();
    result.acquisitions.push_back(
        {*id, name && !name->empty() ? *name : concat("acquisition ", *id)});
  }
  check_count(plate["field_count"], 1, log);
  result.field_count = std::max<std::int64_t>(0, plate["field_count"].integer().value_or(0));
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
      report(well[key].exists() ? well[key] : well, log, rule,
             concat("The well's ", key, " is missing or no row or column of the plate."),
             concat("a whole number from 0 to ", static_cast<std::int64_t>(names.size()) - 1),
             "Correct the index.");
      return;
    }
    wanted += (is_row ? "" : "/") + names[static_cast<std::size_t>(*index)];
  }
  if (wanted != path) {
    report(well, log, "ome-zarr/plate-well-path",
           "The well's path is not that of its row and column.",
           concat("\"path\": \"", wanted, "\""), "Correct the path or the indices.");
  }
}

bool valid_well_path(const std::string& path) {
  const std::size_t slash = path.find('/');
  return slash != std::string::npos && alphanumeric(path.substr(0, slash)) &&
         alphanumeric(path.substr(slash + 1));
}

// The index of `name`; else what the file says; else it is added.
std::int64_t index_of(std::vector<std::string>& names, std::map<std::string, std::int64_t>& known,
                      const std::string& name, const JsonView& written) {
  const auto count = static_cast<std::int64_t>(names.size());
  const auto index = written.integer();
  if (!known.contains(name) && index && *index >= 0 && *index < count) return *index;
  const auto [found, added] = known.emplace(name, count);
  if (added) names.push_back(name);
  return found->second;
}

std::map<std::string, std::int64_t> indices_of(const std::vector<std::string>& names) {
  std::map<std::string, std::int64_t> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    result.emplace(names[i], static_cast<std::int64_t>(i));
  }
  return result;
}

// By row, then by column: files list wells in the order in which they were written.
void sort_wells(PlatePlan& plan) {
  const auto order = sorted_order(plan.entries.size(), [&plan](std::size_t a, std::size_t b) {
    const Well &left = plan.plate.wells[a], &right = plan.plate.wells[b];
    return left.row != right.row ? left.row < right.row : left.column < right.column;
  });
  PlatePlan sorted;
  for (const std::size_t i : order) {
    sorted.entries.push_back(std::move(plan.entries[i]));
    sorted.where.push_back(std::move(plan.where[i]));
    sorted.plate.wells.push_back(std::move(plan.plate.wells[i]));
  }
  plan.entries = std::move(sorted.entries);
  plan.where = std::move(sorted.where);
  plan.plate.wells = std::move(sorted.plate.wells);
}

}  // namespace

PlatePlan parse_plate(const GroupMetadata& group, const std::string& path,
                      const OpenerLimits& limits, IssueLog& log) {
  const char* rule = "ome-zarr/plate-well";
  const JsonView plate = group.ome["plate"];
  const Version version = version_of(group, plate, log);
  PlatePlan plan;
  plan.plate.name = plate["name"].string().value_or("");
  plan.plate.rows = parse_names(plate, "rows", limits, log);
  plan.plate.columns = parse_names(plate, "columns", limits, log);
  read_acquisitions(plate, plan.plate, limits, log);
  auto rows = indices_of(plan.plate.rows);
  auto columns = indices_of(plan.plate.columns);
  const JsonView list = plate["wells"];
  if (!list.is_array() || list.size() == 0) {
    report(list.exists() ? list : plate, log, rule, "The plate has no wells.",
           "an array \"wells\" of at least one object", "List the wells that have images.");
    return plan;
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
    check_indices(list[i], *text, version, plan.plate.rows, plan.plate.columns, log);
    // The path is what 0.1 to 0.3 have, and what images are found by in all versions.
    const std::size_t slash = text->find('/');
    const std::string row = text->substr(0, slash);
    const std::string column = slash == std::string::npos ? "" : text->substr(slash + 1);
    plan.plate.wells.push_back(
        {*joined, index_of(plan.plate.rows, rows, row, list[i]["rowIndex"]),
         index_of(plan.plate.columns, columns, column, list[i]["columnIndex"])});
    plan.entries.push_back({*joined, *text});
    plan.where.push_back(list[i]);
  }
  sort_wells(plan);
  return plan;
}

std::vector<Field> parse_well(const GroupMetadata& group, const std::string& path,
                              const Plate* plate, const OpenerLimits& limits, IssueLog& log) {
  const char* rule = "ome-zarr/well-images";
  const JsonView value = group.ome["well"];
  const Version version = version_of(group, value, log);
  const JsonView list = value["images"];
  std::vector<Field> fields;
  if (!list.is_array() || list.size() == 0) {
    report(list.exists() ? list : value, log, rule, "The well has no images.",
           "an array \"images\" of at least one object", "List the well's fields.");
    return fields;
  }
  std::set<std::string> seen;
  std::set<std::int64_t> acquisitions;
  const std::int64_t count = std::min(list.size(), limits.maximum_entries);
  for (std::int64_t i = 0; i < count; ++i) {
    if (const auto id = list[i]["acquisition"].integer()) acquisitions.insert(*id);
  }
  const bool several = acquisitions.size() > 1 || (plate && plate->acquisitions.size() > 1);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto text = list[i]["path"].string();
    auto joined = text ? join_path(path, *text) : Result<std::string>(Error{});
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
    Field field = {*joined, "Field " + *text, acquisition.integer()};
    if (field.acquisition && several) {
      std::string name = concat("acquisition ", *field.acquisition);
      for (std::size_t k = 0; plate && k < plate->acquisitions.size(); ++k) {
        if (plate->acquisitions[k].id == *field.acquisition) name = plate->acquisitions[k].name;
      }
      field.name += concat(", ", name);
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace mifa::ome
