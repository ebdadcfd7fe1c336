#include "mifa/gallery.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "core/message_json.h"
#include "mifa/annotation_type.h"
#include "mifa/file_index.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Json = nlohmann::json;

std::string clean(const Text& text) { return std::string(trimmed(text.value)); }

Json texts_json(const Texts& texts) {
  Json list = Json::array();
  for (const Text& text : texts) {
    if (has_text(text)) list.push_back(clean(text));
  }
  return list;
}

Json fields_json(const FileEntry& entry) {
  Json fields = Json::object();
  for (const auto& [heading, value] : entry.other) {
    if (!trimmed(value).empty()) fields[heading] = std::string(trimmed(value));
  }
  return fields;
}

// MIFA's words for the types; those of the set where the file itself has none.
Json types_json(const Texts& own, const Texts& of_set) {
  Json types = Json::array();
  const Texts& stated = has_text(own) ? own : of_set;
  for (const Text& text : stated) {
    for (const std::string& word : split(text.value, ',')) {
      const TypeReading reading = read_annotation_type(word);
      if (reading.type.empty()) continue;
      if (std::find(types.begin(), types.end(), reading.type) == types.end()) {
        types.push_back(reading.type);
      }
    }
  }
  return types;
}

class Gallery {
 public:
  explicit Gallery(const Record& record) : record_(record), index_(record, nullptr) {}

  void write(Json& json) {
    for (const FileEntry* entry : index_.images()) add_image(*entry);
    const bool listed = !images_.empty();
    for (const FileIndex::Annotation& one : index_.annotations()) add_annotation(one, listed);
    json["images"] = std::move(images_);
    json["annotations"] = std::move(annotations_);
    json["sets"] = Json::array();
    for (const AnnotationSet& set : record_.annotations) {
      json["sets"].push_back({{"name", set.title()},
                              {"overview", clean(set.overview)},
                              {"types", types_json(set.types, {})}});
    }
    json["offered"] = Json::array();
    for (const FileEntry& entry : record_.offered) {
      json["offered"].push_back(
          {{"path", clean(entry.path)}, {"label", clean(entry.label)}, {"size", clean(entry.size)}});
    }
  }

 private:
  int add_image(const FileEntry& entry) {
    const std::string path(plain_path(entry.path.value));
    if (path.empty()) return -1;
    const auto [found, fresh] = by_path_.emplace(path, static_cast<int>(images_.size()));
    if (fresh) {
      images_.push_back({{"path", path},
                         {"label", clean(entry.label)},
                         {"size", clean(entry.size)},
                         {"uris", texts_json(entry.uris)},
                         {"fields", fields_json(entry)},
                         {"place", entry.place.describe()}});
    }
    return found->second;
  }

  // The image that a reference means; -1 when nobody knows it. Where no document lists images, a
  // source image is one by being named.
  int image_of(const Text& reference, bool listed) {
    if (!listed) {
      FileEntry entry;
      entry.path = reference;
      entry.place = reference.place;
      return add_image(entry);
    }
    std::string path;
    if (index_.find_image(reference.value, path) == FileIndex::Match::kNone) return -1;
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? -1 : found->second;
  }

  void add_annotation(const FileIndex::Annotation& one, bool listed) {
    const FileEntry& entry = *one.entry;
    // The document and its file list often name the same file: what both say is put together.
    const std::string path(plain_path(entry.path.value));
    const auto [found, fresh] = annotation_by_path_.emplace(path, annotations_.size());
    if (fresh) {
      annotations_.push_back({{"path", path},
                              {"label", ""},
                              {"set", -1},
                              {"types", Json::array()},
                              {"images", Json::array()},
                              {"unknown", Json::array()},
                              {"spatial", ""},
                              {"uris", Json::array()},
                              {"fields", Json::object()},
                              {"place", entry.place.describe()}});
    }
    Json& json = annotations_[found->second];
    const auto fill = [&json](const char* key, Json value) {
      if (json[key].empty() || json[key] == "") json[key] = std::move(value);
    };
    const AnnotationSet* set =
        one.set >= 0 ? &record_.annotations[static_cast<std::size_t>(one.set)] : nullptr;
    if (json["set"] == -1) json["set"] = one.set;
    fill("label", clean(entry.label));
    fill("types", types_json(entry.annotation_types, set ? set->types : Texts()));
    fill("spatial", clean(entry.spatial_information));
    fill("uris", texts_json(entry.uris));
    fill("fields", fields_json(entry));
    for (const Text& reference : entry.source_images) {
      if (!has_text(reference)) continue;
      const int image = image_of(reference, listed);
      Json& list = image >= 0 ? json["images"] : json["unknown"];
      const Json value = image >= 0 ? Json(image) : Json(clean(reference));
      if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
    }
  }

  const Record& record_;
  const FileIndex index_;
  std::unordered_map<std::string, int> by_path_;
  std::unordered_map<std::string, std::size_t> annotation_by_path_;
  Json images_ = Json::array();
  Json annotations_ = Json::array();
};

// File lists that are referred to and of which no row is there.
Json wanted_lists(const Record& record) {
  std::set<std::string> names;
  const auto ask = [&](const Text& name) {
    if (!has_text(name)) return;
    const FileList* list = FileIndex::find_list(record, name.value);
    if (!list || list->entries.empty()) names.insert(clean(name));
  };
  for (const StudyComponent& component : record.components) {
    for (const Text& name : component.file_lists) ask(name);
  }
  for (const AnnotationSet& set : record.annotations) {
    for (const Text& name : set.file_lists) ask(name);
  }
  for (const FileList& list : record.file_lists) {
    if (list.style == FileList::Style::kCrate) ask(list.name);
  }
  return Json(names);
}

}  // namespace

std::string gallery_json(const CheckedStudy& study) {
  const std::vector<ContainerUse>& uses = study.record.containers;
  Json json = {{"root", study.root}, {"wanted", wanted_lists(study.record)}};
  json["single"] = !uses.empty() && std::all_of(uses.begin(), uses.end(), [](const ContainerUse& use) {
    return use.image_only;
  });
  json["containers"] = Json::array();
  for (const ContainerUse& use : uses) {
    const Container* known = nullptr;
    for (const Container& one : containers()) {
      if (use.id == one.id) known = &one;
    }
    json["containers"].push_back(
        {{"id", use.id}, {"name", known ? known->name : use.id.c_str()}, {"file", use.file}});
  }
  json["issues"] = Json::array();
  for (const Issue& issue : study.issues) json["issues"].push_back(issue_json(issue));
  Gallery(study.record).write(json);
  // The card and the badge are JSON already.
  std::string text = json_text(json);
  text.back() = ',';
  return text + "\"badge\":" + badge_json(make_badge(study.record, study.issues)) +
         ",\"card\":" + card_json(study.record, study.issues) + "}";
}

}  // namespace mifa::meta
