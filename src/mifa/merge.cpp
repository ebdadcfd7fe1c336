#include "mifa/merge.h"

#include <algorithm>
#include <map>

#include "mifa/containers/file_list.h"
#include "mifa/licence.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// One text in all its spellings: white space and case do not make a conflict.
std::string comparable(std::string_view text) {
  std::string result;
  bool space = false;
  for (const char c : lower(trimmed(text))) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      space = true;
      continue;
    }
    if (space) result += ' ';
    space = false;
    result += c;
  }
  while (result.ends_with('.')) result.pop_back();
  return result;
}

std::string licence_id(std::string_view text) {
  const auto licence = parse_licence(text);
  return licence ? licence->id : comparable(text);
}

class Merger {
 public:
  MergeResult merge(std::vector<Record> records) {
    for (Record& record : records) add(std::move(record));
    describe_tables();
    link_api_objects();
    return {std::move(into_), log_.take()};
  }

 private:
  void text(Text& own, const Text& other, const char* what) {
    if (!has_text(other)) return;
    if (!has_text(own)) {
      own = other;
      return;
    }
    if (comparable(own.value) == comparable(other.value)) return;
    conflict(own, other, what);
  }

  void conflict(const Text& own, const Text& other, const char* what) {
    Place place = other.place;
    log_.add_related(
        place, own.place,
        {.rule = "mifa/conflict",
         .severity = Severity::kWarning,
         .message = std::string(what) + " is stated twice and differently: here \"" +
                    shortened(other.value, 80) + "\", but \"" + shortened(own.value, 80) +
                    "\" in " + own.place.describe() + ", which counts.",
         .expected = own.value,
         .received = other.value,
         .fix = "Make the two agree."});
  }

  // Joins lists; items with the same key are taken once, and filled in from one another by `fill`.
  template <typename Item, typename Key, typename Fill>
  void list(std::vector<Item>& own, std::vector<Item>& other, Key key, Fill fill) {
    const std::size_t before = own.size();
    for (Item& item : other) {
      const std::string wanted = key(item);
      const auto end = own.begin() + static_cast<std::ptrdiff_t>(before);
      const auto found = std::find_if(
          own.begin(), end, [&](const Item& one) { return !wanted.empty() && key(one) == wanted; });
      if (found == end) {
        own.push_back(std::move(item));
      } else {
        fill(*found, item);
      }
    }
  }

  void texts(Texts& own, Texts& other) {
    list(
        own, other, [](const Text& one) { return comparable(one.value); },
        [](const Text&, const Text&) {});
  }

  void people(std::vector<Person>& own, std::vector<Person>& other) {
    list(
        own, other, [](const Person& one) { return folded(one.name()); },
        [this](Person& mine, Person& yours) {
          text(mine.email, yours.email, "An author's e-mail");
          if (!has_text(mine.orcid)) mine.orcid = yours.orcid;
          texts(mine.roles, yours.roles);
          if (mine.organisations.empty()) mine.organisations = std::move(yours.organisations);
        });
  }

  void study(Study& own, Study&& other) {
    if (!other.present()) return;
    if (!own.present()) {
      own = std::move(other);
      return;
    }
    text(own.title, other.title, "The title");
    text(own.description, other.description, "The description");
    if (has_text(own.licence) && has_text(other.licence) &&
        licence_id(own.licence.value) == licence_id(other.licence.value)) {
      other.licence = own.licence;
    }
    text(own.licence, other.licence, "The licence");
    text(own.release_date, other.release_date, "The release date");
    if (!own.accession.value.ends_with("XXX") && !other.accession.value.ends_with("XXX")) {
      text(own.accession, other.accession, "The accession number");
    }
    text(own.funding_statement, other.funding_statement, "The funding statement");
    text(own.acknowledgements, other.acknowledgements, "The acknowledgement");
    if (!has_text(own.doi)) own.doi = other.doi;
    if (!has_text(own.template_name)) own.template_name = other.template_name;
    texts(own.keywords, other.keywords);
    texts(own.ai_models_trained, other.ai_models_trained);
    people(own.authors, other.authors);
    list(
        own.publications, other.publications,
        [](const Publication& one) {
          return has_text(one.title) ? folded(one.title.value) : folded(one.doi.value);
        },
        [this](Publication& mine, Publication& yours) {
          text(mine.authors, yours.authors, "A publication's authors");
          if (!has_text(mine.doi)) mine.doi = yours.doi;
          text(mine.year, yours.year, "A publication's year");
        });
    list(
        own.grants, other.grants, [](const Grant& one) { return folded(one.id.value); },
        [this](Grant& mine, Grant& yours) { text(mine.funder, yours.funder, "A grant's funder"); });
    list(
        own.links, other.links, [](const Link& one) { return comparable(one.url.value); },
        [](const Link&, const Link&) {});
  }

  void annotations(std::vector<AnnotationSet>& own, std::vector<AnnotationSet>& other) {
    const auto name = [](const AnnotationSet& set) { return folded(set.title()); };
    // A document that names no set speaks of the only one there is.
    const bool only = own.size() == 1 && other.size() == 1 &&
                      (!has_text(own.front().name) || !has_text(other.front().name));
    if (only) {
      fill_set(own.front(), other.front());
      return;
    }
    list(own, other, name,
         [this](AnnotationSet& mine, AnnotationSet& yours) { fill_set(mine, yours); });
  }

  void fill_set(AnnotationSet& mine, AnnotationSet& yours) {
    if (!has_text(mine.name)) mine.name = yours.name;
    text(mine.overview, yours.overview, "The annotation overview");
    text(mine.method, yours.method, "The annotation method");
    text(mine.criteria, yours.criteria, "The annotation criteria");
    text(mine.coverage, yours.coverage, "The annotation coverage");
    text(mine.confidence, yours.confidence, "The annotation confidence level");
    text(mine.transformation, yours.transformation, "The transformation");
    text(mine.spatial_information, yours.spatial_information, "The spatial information");
    text(mine.creation_time, yours.creation_time, "The creation time");
    texts(mine.types, yours.types);
    texts(mine.file_lists, yours.file_lists);
    texts(mine.method_ids, yours.method_ids);
    people(mine.authors, yours.authors);
    if (mine.files.empty()) mine.files = std::move(yours.files);
    mine.declared_mifa = mine.declared_mifa || yours.declared_mifa;
    other_ids_[yours.id] = mine.id;
  }

  void versions(std::vector<Version>& own, std::vector<Version>& other) {
    for (Version& version : other) {
      const auto id = other_ids_.find(version.set);
      if (id != other_ids_.end()) version.set = id->second;
    }
    list(
        own, other, [](const Version& one) { return comparable(one.version.value); },
        [this](Version& mine, Version& yours) {
          text(mine.timestamp, yours.timestamp, "The version's timestamp");
          text(mine.changes, yours.changes, "The version's changes");
          text(mine.previous_version, yours.previous_version, "The previous version");
        });
  }

  template <typename Section>
  void sections(std::vector<Section>& own, std::vector<Section>& other) {
    list(
        own, other,
        [](const Section& one) {
          return has_text(one.name) ? folded(one.name.value) : folded(one.id);
        },
        [](const Section&, const Section&) {});
  }

  void add(Record&& other) {
    study(into_.study, std::move(other.study));
    annotations(into_.annotations, other.annotations);
    versions(into_.versions, other.versions);
    sections(into_.biosamples, other.biosamples);
    sections(into_.specimens, other.specimens);
    sections(into_.acquisitions, other.acquisitions);
    sections(into_.correlations, other.correlations);
    sections(into_.analyses, other.analyses);
    sections(into_.components, other.components);
    const auto append = [](auto& own, auto& more) {
      own.insert(own.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
    };
    append(into_.file_lists, other.file_lists);
    append(into_.image_sizes, other.image_sizes);
    append(into_.api_objects, other.api_objects);
    append(into_.offered, other.offered);
    append(into_.others, other.others);
    append(into_.containers, other.containers);
  }

  // A table and its description in a crate are one list.
  void describe_tables() {
    std::vector<FileList>& lists = into_.file_lists;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (!lists[i].entries.empty() || lists[i].column_properties.empty()) continue;
      for (FileList& table : lists) {
        if (table.entries.empty() || !table.column_properties.empty() ||
            base_name(table.name.value) != base_name(lists[i].name.value)) {
          continue;
        }
        table.style = FileList::Style::kCrate;
        // By heading: the order of the description is not that of the table.
        for (const Text& heading : table.columns) {
          Text property;
          for (std::size_t c = 0; c < lists[i].columns.size(); ++c) {
            if (lists[i].columns[c].value == heading.value) {
              property = lists[i].column_properties[c];
            }
          }
          table.column_properties.push_back(property);
        }
        apply_column_properties(table);
        lists.erase(lists.begin() + static_cast<std::ptrdiff_t>(i));
        --i;
        break;
      }
    }
  }

  static std::vector<std::string> targets(const ApiObject& object, std::string_view role) {
    std::vector<std::string> result;
    for (const auto& [name, uuid] : object.references) {
      if (name == role && !uuid.empty()) result.push_back(uuid);
    }
    return result;
  }

  // The path of an image or annotation: its own, or that of its first file.
  Text path_of(const ApiObject& object) const {
    for (const std::string& uuid : targets(object, "original_file_reference_uuid")) {
      const auto found = by_uuid_.find(uuid);
      if (found != by_uuid_.end() && has_text(found->second->path)) return found->second->path;
    }
    return object.path;
  }

  void link_api_objects() {
    if (into_.api_objects.empty()) return;
    for (const ApiObject& object : into_.api_objects) by_uuid_.emplace(object.uuid, &object);
    std::map<std::string, Texts> uris;  // Of an image's representations, by its uuid.
    for (const ApiObject& object : into_.api_objects) {
      for (const std::string& id : targets(object, "representation_of_uuid")) {
        uris[id].insert(uris[id].end(), object.uris.begin(), object.uris.end());
      }
    }
    FileList list;
    list.style = FileList::Style::kEmbedded;
    list.place.file = into_.api_objects.front().place.file;
    for (const ApiObject& object : into_.api_objects) {
      if (object.type != "Image" && object.type != "AnnotationData") continue;
      FileEntry entry;
      entry.path = path_of(object);
      entry.label = object.label;
      entry.place = object.place;
      entry.uris = uris[object.uuid];
      if (!has_text(entry.path)) entry.path = {object.uuid, object.place};
      entry.kind = {"http://bia/" + object.type, object.place};
      bool process_known = false;
      for (const std::string& process_id : targets(object, "creation_process_uuid")) {
        const auto process = by_uuid_.find(process_id);
        if (process == by_uuid_.end()) continue;
        process_known = true;
        for (const std::string& id : targets(*process->second, "input_image_uuid")) {
          const auto image = by_uuid_.find(id);
          if (image == by_uuid_.end()) continue;
          Text source = path_of(*image->second);
          if (!has_text(source)) source = {id, image->second->place};
          source.place = process->second->place;
          entry.source_images.push_back(std::move(source));
        }
        for (const std::string& id : targets(*process->second, "annotation_method_uuid")) {
          entry.annotation_methods.push_back({id, process->second->place});
          entry.kind.value = "http://bia/AnnotationData";
        }
      }
      // Without its process, nobody can say of what it is the annotation.
      if (object.type == "AnnotationData" && !process_known) continue;
      list.entries.push_back(std::move(entry));
    }
    if (!list.entries.empty()) into_.file_lists.push_back(std::move(list));
  }

  Record into_;
  Log log_;
  std::map<std::string, std::string> other_ids_;
  std::map<std::string, const ApiObject*> by_uuid_;
};

}  // namespace

MergeResult merge(std::vector<Record> records) { return Merger().merge(std::move(records)); }

}  // namespace mifa::meta
