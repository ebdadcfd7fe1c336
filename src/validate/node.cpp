// Groups: what their metadata says, and what it refers to.
#include <algorithm>

#include "ome/concat.h"
#include "ome/coordinate_map.h"
#include "ome/key_path.h"
#include "validate/edition.h"
#include "validate/runner_state.h"

namespace mifa::validate {

using ome::concat;
using ome::Content;

void Runner::State::run_rules(Kind kind, const Subject& subject) {
  for (const Rule* rule : rules_of(kind)) {
    if (findings.begin(*rule, subject.version.minor)) rule->check(subject, findings);
  }
}

void Runner::State::queue_node(Node node) {
  ++progress.nodes;
  stack.push_back(std::move(node));
}

void Runner::State::open_node(Node node) {
  node.id = next_node++;
  const int id = node.id;
  std::vector<const char*> wanted;
  if (tree.listed) {
    const int names = node_folders.contains(node.path) ? node_folders.at(node.path) : 0;
    for (int i = 0; i < static_cast<int>(std::size(kDocumentNames)); ++i) {
      if (names & 1 << i) wanted.push_back(kDocumentNames[i]);
    }
  } else {
    for (const char* name : kDocumentNames) {
      const bool v3 = name == kDocumentNames[0];
      if (node.parent_format == 0 || v3 == (node.parent_format == 3)) wanted.push_back(name);
    }
  }
  node.pending = wanted.size();
  for (const char* name : wanted) node.documents[name];
  const std::string path = node.path;
  nodes.emplace(id, std::move(node));
  for (const char* name : wanted) {
    Route route;
    route.node = id;
    ask(Request::Kind::kRead, in_folder(path, name), std::move(route));
  }
  if (wanted.empty()) finish_node(id);
}

void Runner::State::take_document(const Route& route, Reply reply) {
  Node& node = nodes.at(route.node);
  if (route.level) {
    node.level_documents[route.key] = std::move(reply);
    if (--node.pending == 0) levels_ready(node);
    return;
  }
  node.documents[std::string(file_name(route.key))] = std::move(reply);
  if (--node.pending == 0) documents_ready(node);
}

void Runner::State::documents_ready(Node& node) {
  const Reply& v3 = node.documents["zarr.json"];
  const Reply& attributes = node.documents[".zattrs"];
  const Reply& group = node.documents[".zgroup"];
  const Reply& array = node.documents[".zarray"];
  const auto found = [](const Reply& reply) { return reply.state == Reply::State::kFound; };
  if (!found(v3) && !found(attributes) && !found(group) && !found(array)) {
    const bool failed = v3.state == Reply::State::kFailed ||
                        attributes.state == Reply::State::kFailed ||
                        group.state == Reply::State::kFailed || array.state == Reply::State::kFailed;
    if (node.role == Role::kRoot && !failed && !failure) {
      failure = Error{ErrorCode::kMissing,
                      concat("expected zarr.json, .zattrs, .zgroup or .zarray at ", dataset,
                             ", received none of them; give the address of the dataset's folder")};
    } else if (!failed) {
      report_missing(node.role, node.group.zarr_format == 3 ? 5 : 4, node.path, node.reference);
    }
    finish_node(node.id);
    return;
  }
  check_documents(node);
  if (found(v3)) {
    node.group = ome::read_v3_group(v3.json);
  } else if (found(array) && !array.json.exists()) {
    node.group.content = Content::kArray;
  } else if (found(array)) {
    node.group = ome::read_v2_group(array.json);
  } else {
    node.group = ome::read_v2_group(attributes.json);
  }
  const bool readable = node.group.document.exists();
  if (node.role == Role::kRoot && top_nodes.size() <= 1) note_root(node);
  if (node.group.content == Content::kArray) {
    if (readable && !claimed.contains(node.path)) {
      add_array(node, node.path, node.group.document, node.role == Role::kRoot);
    }
    choose_chunks(node);
    return;
  }
  // Where nothing could be parsed, that has been said.
  if (readable) check_group(node);
  ask_levels(node);
}

void Runner::State::note_root(Node& node) {
  root_is_array = node.group.content == Content::kArray;
  const JsonView v3 = node.documents["zarr.json"].json;
  root = v3.exists() ? v3 : node.documents[".zattrs"].json;
  if (!root.exists()) root = node.documents[root_is_array ? ".zarray" : ".zgroup"].json;
  const JsonView attributes = v3.exists() ? v3["attributes"] : node.documents[".zattrs"].json;
  root_is_bare = attributes.size() == 0;
}

// How the files of the node go together.
void Runner::State::check_documents(Node& node) {
  const auto found = [&node](const char* name) {
    return node.documents[name].state == Reply::State::kFound;
  };
  const bool v2 = found(".zgroup") || found(".zarray");
  if (found("zarr.json") && v2) {
    findings.file("zarr/two-formats", 0, in_folder(node.path, "zarr.json"),
                  "The folder has metadata of Zarr v2 and of Zarr v3.", "one of the two",
                  found(".zgroup") ? "zarr.json and .zgroup" : "zarr.json and .zarray");
  }
  const JsonView attributes = node.documents[".zattrs"].json;
  if (!found("zarr.json") && !v2 && attributes.is_object() && !options.metadata_only &&
      ome::read_v2_group(attributes).content != Content::kNone) {
    findings.file("zarr/group", 4, in_folder(node.path, ".zattrs"),
                  "There is no .zgroup beside .zattrs.", ".zgroup", "nothing");
  }
}

void Runner::State::check_version(Node& node) {
  const bool namespaced = node.group.zarr_format == 3 && !node.group.misplaced;
  const JsonView place = node.group.ome["version"];
  const auto text = place.string();
  if (!namespaced || !text) return;
  // Drafts of a version are not told apart.
  const bool draft = is_draft_text(*text) || is_draft_text(node.hierarchy_version);
  const bool same = draft ? ome::minor_version(*text) == ome::minor_version(node.hierarchy_version)
                          : node.hierarchy_version == *text;
  if (!node.hierarchy_version.empty() && !same) {
    findings.place("ome-zarr/version-consistent", ome::minor_version(*text), place,
                   "The group follows another version than the groups above it.",
                   concat("\"", node.hierarchy_version.substr(0, 40), "\""));
  }
  if (node.hierarchy_version.empty()) node.hierarchy_version = *text;
}

void Runner::State::check_group(Node& node) {
  Subject subject;
  subject.path = node.path;
  subject.group = node.group;
  const JsonView& ome_view = node.group.ome;
  if (node.group.content == Content::kNone && !ome_view.is_object()) {
    subject.group.ome = JsonView();
  }
  // Attributes of other conventions may have a "version" too.
  if (node.group.zarr_format == 2 && node.group.content == Content::kNone) {
    subject.group.ome = JsonView();
  }
  JsonView block = ome_view["multiscales"][0];
  for (const char* key : {"plate", "well", "image-label", "scene"}) {
    if (!block.exists()) block = ome_view[key];
  }
  subject.version = edition_of(node.group, block);
  run_rules(Kind::kGroup, subject);
  check_role(node);
  note_other_group(node);
  if (node.group.content == Content::kNone) return;
  ++ome_groups;
  const std::string text = version_place(node.group, block).string().value_or("");
  if (is_published(text) || is_draft_text(text)) versions.insert(text);
  check_version(node);
  const auto run = [&](Kind kind, const char* key) {
    if (!ome_view[key].exists()) return false;
    subject.where = ome_view[key];
    subject.version = edition_of(node.group, ome_view[key]["version"].exists() ? ome_view[key] : block);
    subject.plate = node.plate.get();
    run_rules(kind, subject);
    return true;
  };
  if (run(Kind::kOmero, "omero")) {}
  if (run(Kind::kLabel, "image-label")) check_label_source(node);
  if (run(Kind::kPlate, "plate")) follow_plate(node);
  if (run(Kind::kWell, "well")) follow_well(node);
  if (run(Kind::kLabelsGroup, "labels")) follow_labels(node);
  if (ome_view["bioformats2raw.layout"].exists() || node.role == Role::kSeriesList) {
    subject.where = ome_view;
    run_rules(Kind::kSeries, subject);
  }
  follow_series(node);
  follow_number(node);
  if (ome_view["scene"].is_object()) check_scene(node, subject), follow_scene(node);
  check_images(node);
}

// A scene's coordinate systems and transformations.
void Runner::State::check_scene(Node& node, Subject subject) {
  const JsonView scene = node.group.ome["scene"];
  subject.version = edition_of(node.group, scene);
  const JsonView systems = scene["coordinateSystems"];
  for (std::int64_t i = 0; i < std::min<std::int64_t>(systems.size(), 256); ++i) {
    subject.where = systems[i];
    run_rules(Kind::kAxes, subject);
    if (const auto own = systems[i]["name"].string()) subject.systems.insert(*own);
  }
  subject.where = scene;
  subject.system_list = systems;
  subject.owner = Subject::Owner::kScene;
  run_rules(Kind::kTransforms06, subject);
}

// Whether the group is what it is named as.
void Runner::State::check_role(Node& node) {
  const JsonView& ome_view = node.group.ome;
  const std::string file = node.group.document.file();
  const int minor = node.group.zarr_format == 3 ? 5 : 4;
  const bool image = ome_view["multiscales"].exists();
  if (node.role == Role::kWell && !ome_view["well"].exists()) {
    findings.file("ome-zarr/well-metadata", minor, file, "The plate lists this group as a well, and it "
                  "has no \"well\" metadata.", "\"well\" with its images", "none");
  } else if (node.role == Role::kField && !image) {
    findings.file("ome-zarr/field-missing", minor, file,
                  "The well lists this group as a field, and it is no image.", "\"multiscales\"",
                  "none");
  } else if (node.role == Role::kSeries && !image && !ome_view["plate"].exists()) {
    findings.file("ome-zarr/series-missing", minor, file,
                  "The collection lists this group, and it is no image.", "\"multiscales\"", "none");
  } else if (node.role == Role::kSceneImage && !image) {
    findings.file("ome-zarr/scene-image", minor, file,
                  "The scene names this group, and it is no image.", "\"multiscales\"", "none");
  } else if (node.role == Role::kLabel && !image) {
    findings.file("ome-zarr/label-image", minor, file,
                  "The group is listed as a label image, and it is no image.", "\"multiscales\"",
                  "none");
  } else if (node.role == Role::kLabel && !ome_view["image-label"].exists()) {
    findings.file("ome-zarr/image-label-missing", minor, file,
                  "The label image has no \"image-label\".", "an object \"image-label\"", "nothing");
  }
}

// --- what a group refers to

void Runner::State::report_missing(Role role, int minor, const std::string& path,
                                   const JsonView& place) {
  const char* rule = nullptr;
  const char* what = "";
  switch (role) {
    case Role::kWell:
      rule = "ome-zarr/well-missing", what = "well";
      break;
    case Role::kField:
      rule = "ome-zarr/field-missing", what = "field";
      break;
    case Role::kLabel:
      rule = "ome-zarr/label-missing", what = "label image";
      break;
    case Role::kSeries:
      rule = "ome-zarr/series-missing", what = "image";
      break;
    case Role::kSceneImage:
      rule = "ome-zarr/scene-image", what = "image";
      break;
    default:
      return;
  }
  findings.place(rule, minor, place, concat("The ", what, " \"", path.substr(0, 200), "\" is not there."),
                 concat("a group at ", path.substr(0, 200), "/"), "nothing", "");
}

void Runner::State::refer(Node& node, const std::string& path, Role role, const JsonView& place) {
  if (!claimed.insert(path).second) return;
  const int minor = node.group.zarr_format == 3 ? 5 : 4;
  if (tree.listed && !is_node(path)) {
    if (!options.metadata_only) report_missing(role, minor, path, place);
    return;
  }
  Node child;
  child.path = path;
  child.role = role;
  child.reference = place;
  child.parent_format = node.group.zarr_format;
  child.hierarchy_version = node.hierarchy_version;
  child.under_labels = role == Role::kLabel || node.under_labels;
  child.labelled = node.labelled;
  child.plate = node.plate;
  child.numbered = role == Role::kSeries || (node.numbered && role == Role::kFound);
  queue_node(std::move(child));
}

void Runner::State::follow_plate(Node& node) {
  auto plate = std::make_shared<PlateFacts>();
  const JsonView view = node.group.ome["plate"];
  constexpr std::int64_t kMostItems = 100'000;
  const JsonView acquisitions = view["acquisitions"];
  for (std::int64_t i = 0; i < std::min(acquisitions.size(), kMostItems); ++i) {
    if (const auto id = acquisitions[i]["id"].integer()) plate->acquisitions.insert(*id);
  }
  node.plate = plate;
  ++inventory.plates;
  const JsonView wells = view["wells"];
  if (!wells.is_array()) return;
  // The stack is opened from its end.
  for (std::int64_t i = std::min(wells.size(), kMostItems); i-- > 0;) {
    const auto path = wells[i]["path"].string();
    // A path of more parts has been reported.
    if (!path || std::count(path->begin(), path->end(), '/') != 1) continue;
    const auto joined = ome::join_path(node.path, *path);
    if (joined) refer(node, *joined, Role::kWell, wells[i]["path"]);
  }
}

void Runner::State::follow_well(Node& node) {
  ++inventory.wells;
  const JsonView list = node.group.ome["well"]["images"];
  if (!list.is_array()) return;
  for (std::int64_t i = std::min<std::int64_t>(list.size(), 100'000); i-- > 0;) {
    const auto path = list[i]["path"].string();
    const auto joined = path ? ome::join_path(node.path, *path) : Result<std::string>(Error{});
    if (joined) refer(node, *joined, Role::kField, list[i]["path"]);
  }
}

void Runner::State::follow_labels(Node& node) {
  const JsonView list = node.group.ome["labels"];
  node.under_labels = true;
  if (node.labelled.empty() && node.role != Role::kRoot) node.labelled = parent_path(node.path);
  if (!list.is_array()) return;
  for (std::int64_t i = std::min<std::int64_t>(list.size(), 100'000); i-- > 0;) {
    const auto path = list[i].string();
    const auto joined = path ? ome::join_path(node.path, *path) : Result<std::string>(Error{});
    if (joined) refer(node, *joined, Role::kLabel, list[i]);
  }
}

// A bioformats2raw collection: the images in "series", or numbered from 0.
void Runner::State::follow_series(Node& node) {
  const JsonView& ome_view = node.group.ome;
  if (node.group.content == Content::kSeriesList) {
    const JsonView list = ome_view["series"];
    const std::string base = parent_path(node.path);
    for (std::int64_t i = std::min<std::int64_t>(list.size(), 100'000); i-- > 0 && list.is_array();) {
      const auto path = list[i].string();
      const auto joined = path ? ome::join_path(base, *path) : Result<std::string>(Error{});
      if (joined) refer(node, *joined, Role::kSeries, list[i]);
    }
    return;
  }
  if (!ome_view["bioformats2raw.layout"].exists() || ome_view["plate"].exists()) return;
  const std::string folder = in_folder(node.path, "OME");
  const std::string xml = in_folder(folder, "METADATA.ome.xml");
  if (tree.listed && !tree.has_file(xml) && !options.metadata_only) {
    findings.file("ome-zarr/series-xml-missing", 4, node.group.document.file(),
                  "The collection has no OME-XML.", xml, "nothing");
  }
  // Without "series", or where that cannot be known beforehand: what is there, from 0 without gaps.
  const std::string first = in_folder(node.path, "0");
  const bool list_there = tree.listed ? is_node(folder) : false;
  if (list_there) {
    refer(node, folder, Role::kSeriesList, ome_view);
  } else if (!tree.listed || !is_node(first)) {
    if (!tree.listed) refer(node, folder, Role::kFound, ome_view);
    refer(node, first, Role::kSeries, ome_view["bioformats2raw.layout"]);
  }
}

// Over the web, the image after a numbered one of a collection is asked for by its number.
void Runner::State::follow_number(Node& node) {
  if (tree.listed || !node.numbered) return;
  const std::string_view last = file_name(node.path);
  std::int64_t number = 0;
  for (const char c : last) {
    if (c < '0' || c > '9' || number > 1'000'000) return;
    number = number * 10 + (c - '0');
  }
  refer(node, in_folder(parent_path(node.path), std::to_string(number + 1)), Role::kFound, {});
}

void Runner::State::follow_scene(Node& node) {
  const JsonView list = node.group.ome["scene"]["coordinateTransformations"];
  for (std::int64_t i = std::min<std::int64_t>(list.size(), 100'000); i-- > 0 && list.is_array();) {
    for (const char* end : {"output", "input"}) {
      const JsonView place = list[i][end];
      const auto [path, system] = ome::system_of(place);
      if (path.empty()) continue;
      const auto joined = ome::join_path(node.path, path);
      if (!joined) {
        findings.place("ome-zarr/scene-image", 6, place,
                       concat("The path leads nowhere: ", joined.error().message, "."),
                       "the path of an image below this group");
        continue;
      }
      refer(node, *joined, Role::kSceneImage, place["path"]);
      if (!system.empty()) scene_ends.push_back({place["name"], *joined, system});
    }
  }
}

// What is below the group and was not referred to.
void Runner::State::open_children(Node& node) {
  if (!tree.listed) {
    // Of an image, label images may be in a group that nothing names.
    const std::string labels = in_folder(node.path, "labels");
    if (!node.images.empty() && !node.under_labels && claimed.insert(labels).second) {
      Node child;
      child.path = labels;
      child.role = Role::kLabelsGroup;
      child.parent_format = node.group.zarr_format;
      child.hierarchy_version = node.hierarchy_version;
      child.labelled = node.path;
      queue_node(std::move(child));
    }
    return;
  }
  const auto found = children.find(node.path);
  if (found == children.end()) return;
  for (auto path = found->second.rbegin(); path != found->second.rend(); ++path) {
    if (!claimed.insert(*path).second) continue;
    Node child;
    child.path = *path;
    child.role = Role::kFound;
    child.hierarchy_version = node.hierarchy_version;
    child.under_labels = node.under_labels;
    child.plate = node.plate;
    child.labelled = node.images.empty() ? node.labelled : node.path;
    queue_node(std::move(child));
  }
}

void Runner::State::finish_node(int id) {
  const auto found = nodes.find(id);
  for (const ArrayWork& array : found->second.arrays) array_places.erase(array.id);
  nodes.erase(found);
  ++progress.nodes_done;
}

}  // namespace mifa::validate
