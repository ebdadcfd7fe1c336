// The files of the dataset: listed folder by folder, where the store can list.
#include <algorithm>

#include "ome/concat.h"
#include "validate/runner_state.h"

namespace mifa::validate {

using ome::concat;

void Runner::State::start_scan() {
  ++listings;
  ask(Request::Kind::kList, "", {});
}

void Runner::State::take_listing(const std::string& folder,
                                 const std::vector<ListedEntry>& entries) {
  tree.listed = true;
  tree.folders.insert(folder);
  for (const ListedEntry& entry : entries) {
    // Names that are no names would lead elsewhere.
    if (entry.name.empty() || entry.name == "." || entry.name == ".." ||
        entry.name.find('/') != std::string::npos) {
      continue;
    }
    const auto known = static_cast<std::int64_t>(tree.files.size() + tree.folders.size());
    if (known >= options.limits.maximum_files) break;
    std::string path = in_folder(folder, entry.name);
    if (!entry.folder) {
      tree.files.emplace(std::move(path), entry.size);
    } else if (tree.folders.insert(path).second) {
      ++listings;
      ask(Request::Kind::kList, std::move(path), {});
    }
  }
  if (--listings == 0) finish_scan();
}

void Runner::State::take_unlisted(const std::string& folder) {
  if (!folder.empty()) {
    // It was there a moment ago.
    findings.file("files/unreadable", 0, folder + "/", "The folder could not be listed.");
  }
  if (--listings == 0) finish_scan();
}

// Whether the dataset is one group's metadata and nothing else, as the documents of suites and of
// repositories' indexes are. What they name cannot be looked for then.
bool Runner::State::is_metadata_alone() const {
  if (tree.files.size() == 1) return tree.has_file("zarr.json");
  return tree.files.size() == 2 && tree.has_file(".zattrs") && tree.has_file(".zgroup");
}

// Which folders are Zarr nodes, and which is inside which.
void Runner::State::finish_scan() {
  scanning = false;
  if (!tree.listed) {
    Node node;
    node.role = Role::kRoot;
    queue_node(std::move(node));
    return;
  }
  for (const auto& [key, size] : tree.files) {
    const std::string_view name = file_name(key);
    for (int i = 0; i < static_cast<int>(std::size(kDocumentNames)); ++i) {
      if (name == kDocumentNames[i]) node_folders[parent_path(key)] |= 1 << i;
    }
  }
  if (!options.metadata_only && is_metadata_alone()) {
    options.metadata_only = metadata_alone = true;
  }
  for (const auto& [path, names] : node_folders) {
    std::string above = path;
    bool found = false;
    while (!above.empty() && !found) {
      above = parent_path(above);
      found = node_folders.contains(above);
    }
    if (found) {
      children[above].push_back(path);
    } else {
      top_nodes.push_back(path);
    }
  }
  for (auto path = top_nodes.rbegin(); path != top_nodes.rend(); ++path) {
    Node node;
    node.path = *path;
    node.role = Role::kRoot;
    queue_node(std::move(node));
  }
}

// Once everything else is done: what holds for all files, and for the dataset as a whole.
void Runner::State::check_files() {
  files_checked = true;
  for (const SceneEnd& end : scene_ends) {
    const auto found = images.find(end.image);
    // What is not there, or no image, has been reported.
    if (found == images.end() || found->second.systems.contains(end.system)) continue;
    findings.place("ome-zarr/scene-image", 6, end.place,
                   concat("The image \"", end.image, "\" has no coordinate system \"",
                          end.system.substr(0, 40), "\"."),
                   "the name of one of the image's coordinate systems");
  }
  // A group of other conventions has attributes of its own.
  if (metadata_alone && ome_groups > 0) {
    findings.file("ome-zarr/metadata-alone", 0, tree.files.rbegin()->first,
                  "There is nothing beside the metadata of this group: neither arrays nor other groups.",
                  "the files of the dataset", "a metadata file alone");
  }
  if ((!options.metadata_only || metadata_alone) && ome_groups == 0 && root.exists() && findings.counts().empty() && documents.empty()) {
    if (root_is_array) {
      findings.place("ome-zarr/bare-array", 0, root, "The dataset is an array without OME-Zarr metadata.",
                     "a group with \"multiscales\"");
    } else if (root_is_bare) {
      findings.place("ome-zarr/content", 0, root, "The group has no metadata at all.",
                     "\"multiscales\", \"plate\" or the like");
    }
  }
  if (!tree.listed) return;
  Subject subject;
  subject.tree = &tree;
  subject.zarr_roots = {top_nodes.begin(), top_nodes.end()};
  subject.label_folders = label_folders;
  run_rules(Kind::kFiles, subject);
}

}  // namespace mifa::validate
