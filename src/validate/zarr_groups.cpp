// Annotations in Zarr groups: GEFF, AnnData, points and shapes of SpatialData. src/annotation reads them
// from what is there, and again when what they asked for has come.
#include "validate/zarr_groups.h"

#include <algorithm>
#include <cstring>

#include "core/checked.h"
#include "ome/concat.h"
#include "validate/runner_state.h"
#include "zarr/chunk_grid.h"

namespace mifa::validate {

using annotation::ZarrNode;
using annotation::ZarrValues;
using ome::concat;

// What a reader sees of the dataset while it runs; what is not there is asked for.
class Runner::State::GroupView : public annotation::ZarrGroup {
 public:
  GroupView(State& state, std::string group, GroupWork& work) : state_(state), group_(std::move(group)), work_(work) {}

  ZarrNode node(const std::string& path) override {
    if (!work_.nodes.contains(path)) ask_node(path);
    const GroupWork::Node& found = work_.nodes.at(path);
    ZarrNode node;
    if (found.pending > 0) {
      waiting_ = true;
      return node;
    }
    const auto document = [&](const char* name) {
      const auto at = found.documents.find(name);
      return at == found.documents.end() ? JsonView() : at->second;
    };
    const JsonView v3 = document("zarr.json"), array = document(".zarray");
    if (v3.exists()) {
      node.kind = v3["node_type"].string() == "array" ? ZarrNode::Kind::kArray : ZarrNode::Kind::kGroup;
      node.attributes = v3["attributes"];
      node.document = v3;
    } else if (array.exists() || document(".zgroup").exists() || document(".zattrs").exists()) {
      node.kind = array.exists() ? ZarrNode::Kind::kArray : ZarrNode::Kind::kGroup;
      node.attributes = document(".zattrs");
      node.document = array;
    }
    return node;
  }

  const ZarrValues* values(const std::string& path) override {
    const ZarrNode found = node(path);
    if (!found.is_array()) return nullptr;
    if (!work_.arrays.contains(path)) ask_array(path, found.document);
    const GroupArray& array = work_.arrays.at(path);
    if (array.pending > 0) waiting_ = true;
    return array.pending == 0 && array.usable ? &array.values : nullptr;
  }

  std::optional<bool> has_file(const std::string& path) const override {
    if (!state_.tree.listed) return std::nullopt;
    const auto below = state_.tree.first_below(path);
    return state_.tree.has_file(path) || (below != state_.tree.files.end() && below->first.starts_with(path + "/"));
  }

  std::vector<std::string> children(const std::string& path) const override {
    std::vector<std::string> names;
    const std::string below = path + "/";
    for (auto at = state_.tree.folders.lower_bound(below); at != state_.tree.folders.end() && at->starts_with(below); ++at) {
      const std::string name = at->substr(below.size());
      if (name.find('/') == std::string::npos && state_.is_node(*at)) names.push_back(name);
    }
    return names;
  }

  bool waiting() const override { return waiting_; }

 private:
  void ask_node(const std::string& path) {
    GroupWork::Node& node = work_.nodes[path];
    const auto known = state_.node_folders.find(path);
    for (int i = 0; i < static_cast<int>(std::size(kDocumentNames)); ++i) {
      const bool there = state_.tree.listed ? known != state_.node_folders.end() && (known->second & 1 << i) : true;
      if (!there) continue;
      ++node.pending;
      ++work_.pending;
      ++state_.loose_pending;
      Route route;
      route.purpose = ReadFor::kGroup;
      route.group = group_;
      state_.ask(Request::Kind::kRead, in_folder(path, kDocumentNames[i]), std::move(route));
    }
  }

  void ask_array(const std::string& path, const JsonView& document) {
    GroupArray& array = work_.arrays[path];
    auto metadata = zarr::parse_array(document);
    if (!metadata) return;  // Texts, or what the array's own rules have told.
    const auto elements = checked_product(metadata->shape);
    const auto cells = checked_product(zarr::grid_shape(metadata->shape, metadata->chunk_shape));
    const std::int64_t size = zarr::byte_size(metadata->data_type);
    if (!elements || !cells || *elements > state_.options.limits.group_array_bytes / size ||
        *cells > state_.options.limits.group_array_chunks) {
      return;
    }
    array.metadata = *std::move(metadata);
    array.usable = true;
    array.values.type = array.metadata.data_type;
    array.values.shape = array.metadata.shape;
    array.values.bytes.resize(static_cast<std::size_t>(*elements * size));
    for (std::int64_t i = 0; i < *elements; ++i) {
      std::memcpy(array.values.bytes.data() + i * size, array.metadata.fill_value.data(), static_cast<std::size_t>(size));
    }
    const int id = state_.next_array++;
    state_.group_array_places[id] = {group_, path};
    array.pending = static_cast<std::size_t>(*cells);
    work_.pending += array.pending;
    for (std::int64_t linear = 0; linear < *cells; ++linear) state_.ask_group_chunk(id, group_, path, linear);
  }

  State& state_;
  const std::string group_;
  GroupWork& work_;
  bool waiting_ = false;
};

// Copies the elements of a chunk that lie inside the array.
static void place_chunk(GroupArray& array, const std::vector<std::int64_t>& index, const std::vector<std::byte>& elements) {
  const auto& shape = array.metadata.shape;
  const auto& chunk = array.metadata.chunk_shape;
  const auto size = static_cast<std::size_t>(zarr::byte_size(array.metadata.data_type));
  const std::size_t rank = shape.size();
  if (rank == 0) {
    if (elements.size() >= size) std::memcpy(array.values.bytes.data(), elements.data(), size);
    return;
  }
  const auto valid = zarr::valid_extent(shape, chunk, index);
  if (std::any_of(valid.begin(), valid.end(), [](std::int64_t n) { return n <= 0; })) return;
  const std::size_t row = static_cast<std::size_t>(valid[rank - 1]) * size;
  std::vector<std::int64_t> at(rank, 0);
  while (true) {
    std::int64_t from = 0, to = 0;
    for (std::size_t i = 0; i < rank; ++i) {
      from = from * chunk[i] + at[i];
      to = to * shape[i] + index[i] * chunk[i] + at[i];
    }
    const std::size_t begin = static_cast<std::size_t>(from) * size;
    if (begin + row > elements.size()) return;
    std::memcpy(array.values.bytes.data() + static_cast<std::size_t>(to) * size, elements.data() + begin, row);
    std::size_t axis = rank - 1;
    while (axis > 0 && ++at[axis - 1] == valid[axis - 1]) at[--axis] = 0;
    if (axis == 0) return;
  }
}

void Runner::State::note_other_group(const Node& node) {
  const JsonView& document = node.group.document;
  const JsonView attributes = node.group.zarr_format == 3 ? document["attributes"] : document;
  const auto encoding = attributes["encoding-type"].string();
  if (attributes["geff"].is_object()) {
    groups_waiting.emplace(node.path, GroupKind::kGeff);
  } else if (encoding == "anndata") {
    groups_waiting.emplace(node.path, GroupKind::kAnnData);
  } else if (encoding == "ngff:shapes" || encoding == "ngff:points") {
    groups_waiting.emplace(node.path, GroupKind::kSpatialElement);
  }
}

bool Runner::State::advance_groups() {
  if (options.metadata_only) return true;
  while (!groups_waiting.empty() && groups_open.size() < options.limits.open_annotations) {
    const auto first = groups_waiting.begin();
    const std::string path = first->first;
    groups_open[path].kind = first->second;
    groups_waiting.erase(first);
    read_group(path);
  }
  return groups_waiting.empty() && groups_open.empty();
}

void Runner::State::read_group(const std::string& path) {
  GroupWork& work = groups_open.at(path);
  GroupView view(*this, path, work);
  annotation::GroupFindings found;
  switch (work.kind) {
    case GroupKind::kGeff: annotation::read_geff(view, path, found); break;
    case GroupKind::kAnnData: annotation::read_anndata(view, path, found); break;
    case GroupKind::kSpatialElement: annotation::read_spatial_element(view, path, found); break;
  }
  if (!view.waiting()) finish_group(path, std::move(found));
}

void Runner::State::finish_group(const std::string& path, annotation::GroupFindings found) {
  groups_open.erase(path);
  std::erase_if(group_array_places, [&](const auto& one) { return one.second.first == path; });
  AnnotationOutcome outcome;
  if (!found.columns.empty()) {
    const auto said = declared.find(path);
    const KnownImage* image = nullptr;
    if (said != declared.end()) image = book.at(said->second.source);
    if (!image) image = book.at(found.image);
    if (!image) image = book.beside(path);
    AnnotationFile file(path + "/", *annotation::find_format("columns"), {}, image, book);
    file.feed(found.columns);
    file.finish();
    outcome = file.take();
  }
  outcome.read = true;
  if (outcome.types.empty()) outcome.types = std::move(found.types);
  outcome.objects = found.objects;
  for (Issue& issue : found.issues) outcome.issues.push_back(std::move(issue));
  const auto mask = images.find(found.labels_image);
  if (mask != images.end() && !mask->second.ids.empty()) {
    std::int64_t absent = 0;
    std::uint64_t first = 0;
    for (const std::uint64_t id : found.labels) {
      if (!mask->second.ids.contains(id) && ++absent == 1) first = id;
    }
    if (absent > 0) {
      findings.file("annotation/label-not-in-mask", 0, path + "/",
                    concat(absent, " of the ", found.labels.size(), " objects of the group are not in the label image ", mask->first,
                           ", ", std::to_string(first), " for instance."),
                    "ids of the label image", std::to_string(first));
    }
  }
  ++inventory.annotation_files;
  inventory.annotation_objects += outcome.objects;
  annotations_done.emplace(path, std::move(outcome));
}

// --- requests and answers

void Runner::State::ask_group_chunk(int array, const std::string& group, const std::string& path, std::int64_t linear) {
  const zarr::ArrayMetadata& metadata = groups_open.at(group).arrays.at(path).metadata;
  Request request;
  request.kind = Request::Kind::kChunk;
  request.id = next_id++;
  request.array = array;
  request.want_elements = true;
  const auto grid = zarr::grid_shape(metadata.shape, metadata.chunk_shape);
  request.index.resize(grid.size());
  std::int64_t rest = linear;
  for (std::size_t i = grid.size(); i-- > 0;) {
    request.index[i] = rest % grid[i];
    rest /= grid[i];
  }
  request.key = in_folder(path, zarr::chunk_key(metadata.key_encoding, request.index));
  Route route;
  route.kind = Request::Kind::kChunk;
  route.key = request.key;
  route.group = group;
  route.group_array = path;
  route.index = request.index;
  routes.emplace(request.id, std::move(route));
  ready.push_back(std::move(request));
}

const zarr::ArrayMetadata& Runner::State::group_array(int id) const {
  const auto& [group, path] = group_array_places.at(id);
  return groups_open.at(group).arrays.at(path).metadata;
}

void Runner::State::take_group_document(const Route& route, std::span<const std::byte> bytes) {
  GroupWork& work = groups_open.at(route.group);
  GroupWork::Node& node = work.nodes.at(parent_path(route.key));
  // What is no JSON has been told where the node was opened.
  auto json = JsonDocument::parse(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), route.key);
  if (json) node.documents.emplace(file_name(route.key), *std::move(json));
  --node.pending;
  if (--work.pending == 0) read_group(route.group);
}

void Runner::State::miss_group_document(const Route& route) {
  GroupWork& work = groups_open.at(route.group);
  --work.nodes.at(parent_path(route.key)).pending;
  if (--work.pending == 0) read_group(route.group);
}

// `facts`: null where the chunk is not there or cannot be decoded.
void Runner::State::take_group_chunk(const Route& route, const ChunkFacts* facts, bool damaged) {
  GroupWork& work = groups_open.at(route.group);
  GroupArray& array = work.arrays.at(route.group_array);
  // Damage has been told where the array was sampled, or is told with --all-chunks.
  if (damaged) array.usable = false;
  if (facts && !facts->elements.empty()) place_chunk(array, route.index, facts->elements);
  --array.pending;
  if (--work.pending == 0) read_group(route.group);
}

}  // namespace mifa::validate
