// The VGG Image Annotator's JSON (robots.ox.ac.uk/~vgg/software/via): projects and exports of
// versions 1 and 2, {"_via_img_metadata": {"a.png1234": {"filename": …, "regions": […]}}} or the
// inner object alone, and projects of version 3.

#include <map>

#include "annotation/readers.h"
#include "annotation/text_values.h"
#include "annotation/via_region.h"

namespace mifa::annotation {

namespace {

using Element = simdjson::dom::element;

std::string escaped(std::string_view token) {
  std::string out;
  for (const char c : token) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

// Where an image's entry stands in the text.
struct Entry {
  std::size_t begin = 0, end = 0;
  std::string key, name;
  std::int64_t regions = 0;
};

class ViaReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view text) override;
  void list_images(JsonPieces& pieces, std::size_t begin, bool skip_settings);
  void find_class_attribute(JsonPieces& pieces, std::size_t begin, std::size_t end);
  void read_image(JsonPieces& pieces, const Entry& entry, const std::string& before);
  void read_region(Element region, std::uint32_t ordinal, int line);
  void read_version_3(JsonPieces& pieces);
  void list_version_3(JsonPieces& pieces);
  void read_attributes_3(Element attribute);

  std::vector<Entry> entries_;
  std::string class_attribute_;
  std::map<std::string, std::size_t, std::less<>> members_,
      ends_;  // of the root, where they begin and end
  // Version 3: the file of each view, the name of each attribute, and of each of its choices.
  std::map<std::string, std::string, std::less<>> view_files_, attribute_names_;
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> choices_;
};

Status ViaReader::read(std::string_view text) {
  JsonPieces pieces(text, builder());
  const std::size_t begin = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  JsonWalk root(text, begin);
  if (!root.is_object()) {
    return Error{ErrorCode::kFixData,
                 "expected a JSON object in " + options().file + ", received " +
                     (text.empty() ? "an empty file" : in_quotes(text.substr(0, 20)))};
  }
  while (root.next(true)) {
    const std::string key(root.key());
    members_.emplace(key, root.begin());
    if (root.first() != '{' && root.first() != '[') continue;
    JsonWalk inner(text, root.begin());
    while (inner.next()) {
    }
    root.resume(inner);
    ends_.emplace(key, inner.position());
  }
  pieces.tell_fault(root, {});
  if (members_.contains("metadata") && members_.contains("view") && members_.contains("file")) {
    read_version_3(pieces);
    return Success{};
  }
  const bool project = members_.contains("_via_img_metadata");
  if (ends_.contains("_via_attributes")) {
    find_class_attribute(pieces, members_["_via_attributes"], ends_["_via_attributes"]);
  }
  list_images(pieces, project ? members_["_via_img_metadata"] : begin, !project);
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  const ImageChoice choice = choose_image(names, options().image);
  tell_choice(builder(), names, options().image, choice);
  if (entries_.empty()) {
    builder().issue("annotation/via-no-images", Severity::kWarning, "The file has no images.", {},
                    0, "an object with \"filename\" and \"regions\" for each image", "none",
                    "export the annotations again");
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (choice.index == i)
      read_image(pieces, entries_[i], project ? "/_via_img_metadata/" : "/");
    else
      builder().layer().elsewhere += entries_[i].regions;
  }
  return Success{};
}

// Of "region" attributes, the first that is chosen from a list is the class.
void ViaReader::find_class_attribute(JsonPieces& pieces, std::size_t begin, std::size_t end) {
  const auto attributes = pieces.parse(begin, end, "/_via_attributes");
  const auto regions = attributes ? json_member(*attributes, "region") : std::nullopt;
  simdjson::dom::object object;
  if (!regions || regions->get(object) != simdjson::SUCCESS) return;
  for (const auto& [name, attribute] : object) {
    if (is_class_name(name)) {
      class_attribute_ = name;
      return;
    }
    const auto type = json_text(attribute, "type").value_or("");
    if (class_attribute_.empty() && (type == "dropdown" || type == "radio" || type == "checkbox")) {
      class_attribute_ = name;
    }
  }
}

void ViaReader::list_images(JsonPieces& pieces, std::size_t begin, bool skip_settings) {
  JsonWalk list(pieces.text(), begin);
  while (list.next()) {
    if (skip_settings && list.key().starts_with("_via_")) continue;
    Entry entry{list.begin(), list.end(), std::string(list.key()), {}, 0};
    const auto value = pieces.parse(entry.begin, entry.end, "/" + escaped(entry.key));
    if (!value) continue;
    const auto regions = json_member(*value, "regions");
    simdjson::dom::array array;
    simdjson::dom::object object;
    if (regions && regions->get(array) == simdjson::SUCCESS)
      entry.regions = static_cast<std::int64_t>(array.size());
    if (regions && regions->get(object) == simdjson::SUCCESS)
      entry.regions = static_cast<std::int64_t>(object.size());
    entry.name = json_text(*value, "filename").value_or("");
    if (entry.name.empty() || !regions) {
      builder().issue("annotation/via-image", Severity::kError, "An image cannot be read.",
                      "/" + escaped(entry.key), pieces.line(entry.begin),
                      "an object with \"filename\" and \"regions\"",
                      json_described(*value) +
                          (entry.name.empty() ? " without a filename" : " without regions"),
                      "export the annotations again");
      continue;
    }
    entries_.push_back(std::move(entry));
  }
}

void ViaReader::read_image(JsonPieces& pieces, const Entry& entry, const std::string& before) {
  builder().layer().pointer_before = before + escaped(entry.key) + "/regions/";
  const auto value = pieces.parse_quietly(entry.begin, entry.end);
  const auto regions = value ? json_member(*value, "regions") : std::nullopt;
  if (!regions) return;
  // For lines: the regions are looked for once more in the text.
  std::vector<std::size_t> begins;
  for (JsonWalk image(pieces.text(), entry.begin); image.next();) {
    if (image.key() != "regions") continue;
    for (JsonWalk list(pieces.text(), image.begin()); list.next();) begins.push_back(list.begin());
  }
  std::uint32_t ordinal = 0;
  const auto read_next = [&](Element region) {
    const int line = ordinal < begins.size() ? pieces.line(begins[ordinal]) : 0;
    read_region(region, ordinal++, line);
  };
  simdjson::dom::array array;
  simdjson::dom::object object;
  if (regions->get(array) == simdjson::SUCCESS) {
    for (const Element region : array) read_next(region);
  } else if (regions->get(object) == simdjson::SUCCESS) {
    for (const auto& [key, region] : object) read_next(region);
  }
}

void ViaReader::read_region(Element region, std::uint32_t ordinal, int line) {
  if (!builder().begin(ordinal, static_cast<std::uint32_t>(line))) return;
  const Frame frame{static_cast<double>(options().image.width),
                    static_cast<double>(options().image.height)};
  ViaRegion reader(builder(), frame, builder().layer().pointer_before + std::to_string(ordinal),
                   line);
  if (const auto attributes = json_member(region, "region_attributes")) {
    reader.classify(*attributes, class_attribute_);
  }
  reader.draw(json_member(region, "shape_attributes").value_or(region));
  builder().end();
}

// {"file": {"1": {"fname": …}}, "view": {"1": {"fid_list": [1]}}, "metadata": {"1_ab": {"vid": "1",
// …}}}
void ViaReader::list_version_3(JsonPieces& pieces) {
  std::map<std::string, std::string, std::less<>> files;
  const auto member = [&](const char* key) {
    return ends_.contains(key) ? pieces.parse(members_[key], ends_[key], std::string("/") + key)
                               : std::nullopt;
  };
  simdjson::dom::object object;
  if (const auto file = member("file"); file && file->get(object) == simdjson::SUCCESS) {
    for (const auto& [id, entry] : object)
      files.emplace(id, json_text(entry, "fname").value_or(""));
  }
  if (const auto view = member("view"); view && view->get(object) == simdjson::SUCCESS) {
    for (const auto& [id, entry] : object) {
      const auto list = json_member(entry, "fid_list");
      simdjson::dom::array ids;
      if (!list || list->get(ids) != simdjson::SUCCESS || ids.size() == 0) continue;
      const Element first = *ids.begin();
      std::string_view text;
      const std::string key =
          first.get(text) == simdjson::SUCCESS ? std::string(text) : json_described(first);
      const auto found = files.find(key);
      view_files_.emplace(id, found == files.end() ? key : found->second);
    }
  }
  if (const auto attribute = member("attribute")) read_attributes_3(*attribute);
}

void ViaReader::read_attributes_3(Element attribute) {
  simdjson::dom::object object, options_object;
  if (attribute.get(object) != simdjson::SUCCESS) return;
  for (const auto& [id, entry] : object) {
    const std::string name(json_text(entry, "aname").value_or(id));
    attribute_names_.emplace(id, name);
    const auto choices = json_member(entry, "options");
    if (!choices || choices->get(options_object) != simdjson::SUCCESS) continue;
    for (const auto& [choice, text] : options_object) {
      std::string_view shown;
      if (text.get(shown) == simdjson::SUCCESS) choices_[std::string(id)].emplace(choice, shown);
    }
    if (class_attribute_.empty() && options_object.size() > 0) class_attribute_ = name;
  }
  for (const auto& [id, name] : attribute_names_) {
    if (is_class_name(name)) class_attribute_ = name;
  }
  if (class_attribute_.empty() && attribute_names_.size() == 1)
    class_attribute_ = attribute_names_.begin()->second;
}

void ViaReader::read_version_3(JsonPieces& pieces) {
  list_version_3(pieces);
  std::vector<std::string> views, names;
  for (const auto& [view, name] : view_files_) {
    views.push_back(view);
    names.push_back(name);
  }
  const ImageChoice choice = choose_image(names, options().image);
  tell_choice(builder(), names, options().image, choice);
  const Frame frame{static_cast<double>(options().image.width),
                    static_cast<double>(options().image.height)};
  JsonWalk list(pieces.text(), members_["metadata"]);
  while (list.next()) {
    const std::string pointer = "/metadata/" + escaped(list.key());
    pieces.tell_fault(list, "/metadata");
    const auto value = pieces.parse(list.begin(), list.end(), pointer);
    if (!value) continue;
    if (!choice.index || json_id(*value, "vid") != views[*choice.index]) {
      ++builder().layer().elsewhere;
      continue;
    }
    const int line = pieces.line(list.begin());
    if (!builder().begin(list.ordinal(), static_cast<std::uint32_t>(line))) continue;
    ViaRegion region(builder(), frame, pointer, line);
    if (const auto xy = json_member(*value, "xy")) region.draw_numbers(*xy);
    const auto attributes = json_member(*value, "av");
    simdjson::dom::object object;
    if (attributes && attributes->get(object) == simdjson::SUCCESS) {
      for (const auto& [id, given] : object) {
        std::string_view text;
        if (given.get(text) != simdjson::SUCCESS) continue;
        const auto known = attribute_names_.find(id);
        const std::string_view name =
            known == attribute_names_.end() ? id : std::string_view(known->second);
        const auto choices = choices_.find(id);
        if (choices != choices_.end() && choices->second.contains(text))
          text = choices->second.find(text)->second;
        region.add_attribute(name, text, name == class_attribute_);
      }
    }
    builder().end();
  }
  pieces.tell_fault(list, "/metadata");
}

}  // namespace

int sniff_via(const Head& head) {
  if (!begins_as_json(head.bytes, '{')) return 0;
  const auto has = [&](std::string_view key) { return has_json_key(head.bytes, key); };
  if (has("_via_settings") || has("_via_img_metadata")) return 100;
  if (has("regions") && (has("shape_attributes") || has("filename"))) return 95;
  if (has("filename") && has("regions")) return 90;
  return (has("vid_list") || has("fid_list") || has("via_version")) &&
                 (has("project") || has("config"))
             ? 90
             : 0;
}

std::unique_ptr<Reader> make_via(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<ViaReader>(options, builder);
}

}  // namespace mifa::annotation
