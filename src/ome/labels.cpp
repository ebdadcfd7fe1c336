#include "ome/labels.h"

#include <algorithm>
#include <set>

#include "ome/concat.h"
#include "ome/key_path.h"

namespace mifa::ome {
namespace {

// Colours beyond this many are not kept: they would cost more memory than they can show.
constexpr std::int64_t kMostColors = std::int64_t{1} << 20;

void report(const JsonView& place, IssueLog& log, const char* rule, std::string_view message,
            std::string_view expected, std::string_view fix) {
  log.at(place, {.rule = rule,
                 .severity = Severity::kError,
                 .message = message,
                 .expected = expected,
                 .fix = fix});
}

// A "colors" or "properties" list that is there but empty or no list.
bool check_list(const JsonView& list, const char* rule, IssueLog& log) {
  if (!list.exists()) return false;
  if (list.is_array() && list.size() > 0) return true;
  report(list, log, rule, "The list is empty or no list.", "an array of at least one object",
         "Leave it out when there is nothing to list.");
  return false;
}

std::optional<Rgba> read_rgba(const JsonView& value) {
  Rgba color{};
  if (value.size() != 4 || !value.is_array()) return std::nullopt;
  for (int i = 0; i < 4; ++i) {
    const auto part = value[i].integer();
    if (!part || *part < 0 || *part > 255) return std::nullopt;
    color[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(*part);
  }
  return color;
}

void read_color(const JsonView& item, LabelImage& label, std::set<std::uint64_t>& seen,
                IssueLog& log) {
  constexpr const char* kRule = "ome-zarr/label-colors";
  const JsonView value = item["label-value"];
  const auto id = value.unsigned_integer();
  if (!id) {
    report(value.exists() ? value : item, log, kRule, "A colour does not say whose it is.",
           "\"label-value\", a whole number from 0", "Add the label's value.");
    return;
  }
  if (!seen.insert(*id).second) {
    report(item, log, kRule, concat("Label ", *id, " has two colours."),
           "one colour for each label", "Remove one of them.");
    return;
  }
  const JsonView rgba = item["rgba"];
  if (!rgba.exists()) return;  // Optional: a label may be listed without a colour.
  const auto color = read_rgba(rgba);
  if (!color) {
    report(rgba, log, kRule, concat("The colour of label ", *id, " cannot be read."),
           "four whole numbers from 0 to 255", "Write red, green, blue and alpha.");
    return;
  }
  label.colors[*id] = *color;
}

void read_properties(const JsonView& list, LabelImage& label, IssueLog& log) {
  label.property_count = list.size();
  for (std::int64_t i = 0; i < std::min(list.size(), kMostColors); ++i) {
    const JsonView id = list[i]["label-value"];
    if (id.integer() || id.unsigned_integer()) continue;  // Ids of uint64 masks pass 2^63.
    report(list[i], log, "ome-zarr/label-properties", "A property does not say whose it is.",
           "\"label-value\", a whole number", "Add the label's value.");
  }
}

}  // namespace

std::vector<std::string> parse_label_list(const GroupMetadata& group, const std::string& path,
                                          const OpenerLimits& limits, IssueLog& log) {
  constexpr const char* kRule = "ome-zarr/labels-list";
  const JsonView list = group.ome["labels"];
  std::vector<std::string> result;
  if (!list.exists()) return result;
  if (!list.is_array()) {
    report(list, log, kRule, "\"labels\" is not a list.", "an array of paths",
           "List the label images' paths.");
    return result;
  }
  if (list.size() > limits.maximum_labels) {
    report(list, log, kRule,
           concat("Only the first ", limits.maximum_labels, " label images are opened."),
           concat("at most ", limits.maximum_labels), "Open the others by themselves.");
  }
  for (std::int64_t i = 0; i < std::min(list.size(), limits.maximum_labels); ++i) {
    const auto text = list[i].string();
    if (!text) {
      report(list[i], log, kRule, "A label image's path is not a string.", "a string",
             "Write the path as a string.");
      continue;
    }
    auto joined = join_path(path, *text);
    if (!joined) {
      report(list[i], log, kRule,
             concat("A label image is left out: ", joined.error().message, "."),
             "a path below the labels group", "Correct the path.");
    } else if (std::find(result.begin(), result.end(), *joined) == result.end()) {
      result.push_back(*joined);
    }
  }
  return result;
}

LabelImage parse_image_label(const GroupMetadata& group, IssueLog& log) {
  LabelImage label;
  const JsonView value = group.ome["image-label"];
  if (!value.is_object()) {
    log.at(value.exists() ? value : group.ome,
           {.rule = "ome-zarr/image-label",
            .severity = value.exists() ? Severity::kError : Severity::kWarning,
            .message = "A label image without \"image-label\".",
            .expected = "an object \"image-label\"",
            .fix = "Add \"image-label\": {}, so that programs know that the values are ids."});
    return label;
  }
  std::set<std::uint64_t> seen;
  const JsonView colors = value["colors"];
  if (check_list(colors, "ome-zarr/label-colors", log)) {
    for (std::int64_t i = 0; i < std::min(colors.size(), kMostColors); ++i) {
      read_color(colors[i], label, seen, log);
    }
  }
  if (check_list(value["properties"], "ome-zarr/label-properties", log)) {
    read_properties(value["properties"], label, log);
  }
  const JsonView source = value["source"];
  const JsonView image = source["image"];
  label.source = image.string().value_or("");
  if ((source.exists() && !source.is_object()) || (image.exists() && !image.is_string())) {
    report(source, log, "ome-zarr/label-source", "The source of the label image cannot be read.",
           "an object with \"image\", a string such as \"../../\"", "Correct or remove it.");
  }
  return label;
}

bool check_label_type(const Multiscale& image, const JsonView& place, IssueLog& log) {
  const zarr::DataType type = image.levels.front().array.data_type;
  if (!zarr::is_float(type)) return true;
  report(place, log, "ome-zarr/label-data-type",
         concat("The label image at \"", image.path, "\" holds ", zarr::name(type),
                ", which cannot be object ids, and is left out."),
         "an integer data type", "Write the labels as integers, such as uint32.");
  return false;
}

}  // namespace mifa::ome
