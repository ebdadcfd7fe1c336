// Images: their metadata, their arrays, and the chunks that are decoded.
#include <algorithm>
#include <cmath>

#include "core/checked.h"
#include "ome/concat.h"
#include "ome/coordinate_map.h"
#include "ome/key_path.h"
#include "validate/edition.h"
#include "validate/levels.h"
#include "validate/runner_state.h"
#include "zarr/chunk_grid.h"

namespace mifa::validate {
namespace {

using ome::concat;

// The coordinate system that the datasets lead to, in 0.6; else the entry itself.
JsonView axes_owner(const JsonView& image, int minor) {
  if (minor < 6) return image;
  const JsonView systems = image["coordinateSystems"];
  const std::string own =
      ome::system_of(image["datasets"][0]["coordinateTransformations"][0]["output"]).second;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(systems.size(), 256); ++i) {
    if (systems[i]["name"].string() == own) return systems[i];
  }
  return systems[0];
}

std::vector<AxisFacts> axes_of(const JsonView& owner, int minor) {
  std::vector<AxisFacts> result;
  if (minor < 3) return result;
  const JsonView axes = owner["axes"];
  for (std::int64_t i = 0; i < std::min<std::int64_t>(axes.size(), 32) && axes.is_array(); ++i) {
    AxisFacts axis;
    axis.where = axes[i];
    axis.name = axes[i].is_string() ? *axes[i].string() : axes[i]["name"].string().value_or("");
    axis.type = axes[i]["type"].string().value_or("");
    axis.unit = axes[i]["unit"].string().value_or("");
    result.push_back(std::move(axis));
  }
  return result;
}

std::ptrdiff_t channel_axis(const Subject& subject) {
  if (subject.version.minor <= 2) return 1;
  for (std::size_t i = 0; i < subject.axes.size(); ++i) {
    const AxisFacts& axis = subject.axes[i];
    if (axis.type == "channel" || (subject.version.minor == 3 && axis.name == "c")) {
      return static_cast<std::ptrdiff_t>(i);
    }
  }
  return -1;
}

}  // namespace

void Runner::State::check_images(Node& node) {
  const JsonView list = node.group.ome["multiscales"];
  const std::int64_t count = std::min(list.size(), options.limits.maximum_images);
  for (std::int64_t i = 0; i < count && list.is_array(); ++i) {
    if (!list[i].is_object()) continue;
    ImageWork image;
    image.subject.path = node.path;
    image.subject.group = node.group;
    image.subject.where = list[i];
    image.subject.version = edition_of(node.group, list[i]);
    image.subject.is_label =
        node.group.ome["image-label"].exists() || node.role == Role::kLabel;
    check_image(node, image);
    node.images.push_back(std::move(image));
  }
  if (node.images.empty()) return;
  ++(node.images[0].subject.is_label ? inventory.labels : inventory.images);
  if (node.role == Role::kFound && node.under_labels && node.images[0].subject.is_label &&
      !options.metadata_only) {
    findings.file("ome-zarr/label-unlisted", 5, node.group.document.file(),
                  "The label image is in no list of \"labels\".",
                  "its path in the metadata of the group \"labels\"", "nothing");
  }
}

void Runner::State::check_image(Node&, ImageWork& image) {
  Subject& subject = image.subject;
  const JsonView where = subject.where;
  const int minor = subject.version.minor;
  run_rules(Kind::kImage, subject);
  const JsonView systems = where["coordinateSystems"];
  if (minor >= 6) {
    for (std::int64_t i = 0; i < std::min<std::int64_t>(systems.size(), 256); ++i) {
      subject.where = systems[i];
      run_rules(Kind::kAxes, subject);
      if (const auto own = systems[i]["name"].string()) subject.systems.insert(*own);
    }
    subject.system_list = systems;
  } else {
    run_rules(Kind::kAxes, subject);
  }
  const JsonView owner = axes_owner(where, minor);
  subject.axes = axes_of(owner, minor);
  subject.axes_known = !subject.axes.empty() && subject.axes.size() <= 5;
  image.channel_axis = channel_axis(subject);
  const JsonView datasets = where["datasets"];
  if (minor >= 4) {
    const Kind kind = minor >= 6 ? Kind::kTransforms06 : Kind::kTransforms;
    subject.owner = Subject::Owner::kDataset;
    const std::int64_t count = std::min(datasets.size(), options.limits.maximum_levels);
    for (std::int64_t i = 0; i < count && datasets.is_array(); ++i) {
      subject.where = datasets[i];
      if (datasets[i].is_object()) run_rules(kind, subject);
    }
    subject.owner = Subject::Owner::kMultiscale;
    subject.where = where;
    run_rules(kind, subject);
  }
  subject.where = where;
}

// Asks for the metadata of the arrays of all images of the group.
void Runner::State::ask_levels(Node& node) {
  node.stage = Node::Stage::kLevels;
  std::set<std::string> keys;
  for (ImageWork& image : node.images) {
    const JsonView datasets = image.subject.where["datasets"];
    const std::int64_t count = std::min(datasets.size(), options.limits.maximum_levels);
    for (std::int64_t i = 0; i < count && datasets.is_array(); ++i) {
      const auto path = datasets[i]["path"].string();
      const auto joined = path ? ome::join_path(node.path, *path) : Result<std::string>(Error{});
      if (!joined) continue;
      Level level;
      level.where = datasets[i];
      level.path = *joined;
      claimed.insert(*joined);
      image.subject.levels.push_back(std::move(level));
      const char* file = node.group.zarr_format == 3 ? "zarr.json" : ".zarray";
      const std::string key = in_folder(*joined, file);
      if (!tree.listed || tree.has_file(key)) keys.insert(key);
    }
  }
  node.pending = keys.size();
  for (const std::string& key : keys) {
    Route route;
    route.node = node.id;
    route.level = true;
    ask(Request::Kind::kRead, key, std::move(route));
  }
  if (keys.empty()) levels_ready(node);
}

void Runner::State::levels_ready(Node& node) {
  for (ImageWork& image : node.images) {
    for (Level& level : image.subject.levels) add_level(node, image, level);
    if (const auto source = images.find(node.labelled); image.subject.is_label && source != images.end()) {
      image.subject.source = &source->second;
    }
    run_rules(Kind::kLevels, image.subject);
    note_image(node, image);
  }
  open_children(node);
  choose_chunks(node);
}

void Runner::State::add_level(Node& node, ImageWork& image, Level& level) {
  const char* file = node.group.zarr_format == 3 ? "zarr.json" : ".zarray";
  const std::string key = in_folder(level.path, file);
  const auto reply = node.level_documents.find(key);
  image.arrays.push_back(kNoArray);
  if (reply == node.level_documents.end() || reply->second.state == Reply::State::kMissing) {
    if (options.metadata_only) return;
    const std::size_t more = level.path.size();
    findings.place("ome-zarr/array-missing", image.subject.version.minor, level.where,
                   concat("The array \"", level.path.substr(0, 200), more > 200 ? "…" : "",
                          "\" is not there."),
                   key, "nothing", "");
    return;
  }
  if (!reply->second.json.exists()) return;  // It has been reported.
  for (std::size_t i = 0; i < node.arrays.size(); ++i) {
    if (node.arrays[i].path == level.path) image.arrays.back() = i;
  }
  if (image.arrays.back() == kNoArray) {
    image.arrays.back() = add_array(node, level.path, reply->second.json, true);
  }
  level.document = reply->second.json;
  level.array = node.arrays[image.arrays.back()].metadata;
}

// `strict`: an array of an image, or the dataset itself; others may hold tables or texts, of whose
// types nobody is to be warned.
std::size_t Runner::State::add_array(Node& node, const std::string& path, const JsonView& document,
                                     bool strict) {
  ArrayWork work;
  work.path = path;
  work.document = document;
  auto metadata = zarr::parse_array(document);
  if (metadata) {
    work.metadata = *std::move(metadata);
  } else if (metadata.error().code == ErrorCode::kFixData) {
    // Types of tables' and texts' columns are no mistakes.
    if (strict) findings.place("ome-zarr/array-metadata", 0, document, metadata.error().message);
  } else if (strict) {
    findings.place("zarr/unsupported", 0, document, metadata.error().message);
  }
  ++inventory.arrays;
  Subject subject;
  subject.path = path;
  subject.document = document;
  subject.group = node.group;
  if (work.metadata) {
    work.id = next_array++;
    array_places[work.id] = {node.id, node.arrays.size()};
    subject.array = &*work.metadata;
    if (tree.listed && !options.metadata_only) {
      work.chunks = find_chunks(tree, path, *work.metadata);
      subject.chunks = &work.chunks;
      inventory.chunks_present += static_cast<std::int64_t>(work.chunks.present.size());
      inventory.chunks_expected += std::max<std::int64_t>(0, work.chunks.expected);
    }
    run_rules(Kind::kArray, subject);
  }
  node.arrays.push_back(std::move(work));
  return node.arrays.size() - 1;
}

void Runner::State::note_image(const Node& node, const ImageWork& image) {
  ImageFacts facts;
  facts.path = node.path;
  for (const AxisFacts& axis : image.subject.axes) facts.axis_names.push_back(axis.name);
  facts.level_count = static_cast<std::int64_t>(image.subject.levels.size());
  facts.systems = image.subject.systems;
  for (const Level& level : image.subject.levels) {
    if (!level.array) continue;
    facts.shape = level.array->shape;
    break;
  }
  if (facts.shape.size() != facts.axis_names.size()) facts.axis_names.clear();
  facts.is_label = image.subject.is_label;
  for (const AxisFacts& axis : image.subject.axes) facts.units.push_back(axis.unit);
  if (!image.subject.levels.empty()) {
    const auto scale = scale_of(image.subject.levels.front().where);
    if (scale && scale->size() == facts.axis_names.size()) facts.scale = *scale;
  }
  images.emplace(node.path, std::move(facts));
}

// image-label.source.image: the group of the labelled image, relative to the label image's.
void Runner::State::check_label_source(Node& node) {
  const JsonView place = node.group.ome["image-label"]["source"]["image"];
  const auto text = place.string();
  if (!text) return;
  const auto joined = ome::join_path(node.path, *text);
  if (!joined) return;  // The default of a label image that was taken out of its image.
  if (images.contains(*joined)) {
    node.labelled = *joined;
  } else if (tree.listed && !is_node(*joined) && !options.metadata_only) {
    findings.place("ome-zarr/label-source-missing", 4, place,
                   concat("There is no image at \"", joined->substr(0, 200), "\"."),
                   "the path of the labelled image, such as \"../../\"");
  }
}

// --- pixels

namespace {

// The first, the last and those between, spread evenly: `count` of [0, size).
std::vector<std::size_t> spread(std::size_t size, std::size_t count) {
  std::vector<std::size_t> result;
  if (count >= size) {
    for (std::size_t i = 0; i < size; ++i) result.push_back(i);
  } else {
    // From the middle of each part: chunks at the corners are mostly background.
    for (std::size_t i = 0; i < count; ++i) result.push_back((2 * i + 1) * size / (2 * count));
  }
  return result;
}

std::int64_t linear_of(const std::vector<std::int64_t>& index,
                       const std::vector<std::int64_t>& grid) {
  std::int64_t linear = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) linear = linear * grid[i] + index[i];
  return linear;
}

constexpr std::size_t kSampledFinest = 2;
constexpr std::size_t kSampledCoarser = 1;
constexpr std::size_t kSampledAlone = 4;  // of an array that has no coarser level to tell for it

}  // namespace

// Which chunks of an array are decoded: all, or a few of each level and the whole coarsest one.
std::vector<std::int64_t> Runner::State::sample(const Node& node, std::size_t index) {
  const ArrayWork& array = node.arrays[index];
  std::vector<std::int64_t> result;
  if (!array.metadata || options.metadata_only) return result;
  const auto grid = zarr::grid_shape(array.metadata->shape, array.metadata->chunk_shape);
  const std::int64_t cells = checked_product(grid).value_or(-1);
  if (cells <= 0) return result;
  std::vector<std::int64_t> candidates;
  const std::int64_t most =
      options.all_chunks ? options.limits.maximum_chunks : options.limits.sampled_bytes;
  for (const ChunkFile& chunk : array.chunks.present) {
    if (chunk.size == 0 || (!options.all_chunks && chunk.size > most)) continue;
    candidates.push_back(linear_of(chunk.index, grid));
  }
  const std::size_t size =
      tree.listed ? candidates.size()
                  : static_cast<std::size_t>(std::min(cells, options.limits.maximum_chunks));
  bool first = true, last = true;
  for (const ImageWork& image : node.images) {
    for (std::size_t i = 0; i < image.arrays.size(); ++i) {
      if (image.arrays[i] != index) continue;
      first = i == 0;
      last = i + 1 == image.arrays.size();
    }
  }
  std::size_t count = first ? (last ? kSampledAlone : kSampledFinest) : kSampledCoarser;
  const auto whole = static_cast<std::size_t>(options.limits.whole_level_chunks);
  if (options.all_chunks || (last && size <= whole)) count = size;
  for (const std::size_t i : spread(size, count)) {
    result.push_back(tree.listed ? candidates[i] : static_cast<std::int64_t>(i));
  }
  return result;
}

void Runner::State::choose_chunks(Node& node) {
  node.stage = Node::Stage::kChunks;
  node.pending = 0;
  for (std::size_t i = 0; i < node.arrays.size(); ++i) {
    ChunkBatch batch;
    batch.node = node.id;
    batch.array = i;
    batch.linear = sample(node, i);
    ArrayWork& array = node.arrays[i];
    array.wanted = static_cast<std::int64_t>(batch.linear.size());
    std::int64_t there = static_cast<std::int64_t>(array.chunks.present.size());
    if (!tree.listed) there = array.metadata ? array.cells() : 0;
    array.whole = array.wanted > 0 && array.wanted == there;
    node.pending += batch.linear.size();
    progress.chunks += array.wanted;
    if (array.wanted > 0) batches.push_back(std::move(batch));
  }
  if (node.pending == 0) chunks_ready(node);
}

void Runner::State::take_chunk(const Route& route, ChunkFacts facts) {
  Node& node = nodes.at(route.node);
  ArrayWork& array = node.arrays[route.array];
  ++array.decoded;
  ++inventory.chunks_decoded;
  ++progress.chunks_done;
  for (ImageWork& image : node.images) {
    const auto level = std::find(image.arrays.begin(), image.arrays.end(), route.array);
    if (level == image.arrays.end()) continue;
    PixelFacts& pixels = image.pixels;
    if (level == image.arrays.begin()) {
      pixels.ids.insert(facts.ids.begin(), facts.ids.end());
      if (pixels.ids.size() > options.limits.maximum_ids) pixels.ids.clear(), image.ids_dropped = true;
    }
    if (!facts.has_finite) continue;
    pixels.all.include(facts.minimum, facts.maximum);
    std::int64_t channel = image.channel_axis < 0 ? 0 : -1;
    const auto axis = static_cast<std::size_t>(image.channel_axis);
    if (image.channel_axis >= 0 && axis < array.metadata->chunk_shape.size() &&
        array.metadata->chunk_shape[axis] == 1) {
      channel = array.index_of(route.linear)[axis];
    }
    if (channel >= 0) pixels.channels[channel].include(facts.minimum, facts.maximum);
  }
  if (--node.pending == 0) chunks_ready(node);
}

void Runner::State::fail_chunk(const Route& route, const Error& error) {
  Node& node = nodes.at(route.node);
  ArrayWork& array = node.arrays[route.array];
  ++progress.chunks_done;
  if (error.code != ErrorCode::kFixData) {
    ++array.absent;
    findings.file(error.code == ErrorCode::kUnsupported || error.code == ErrorCode::kLimit
                      ? "zarr/unsupported"
                      : "files/unreadable",
                  0, route.key, error.message, "a file that can be read", error_code_name(error.code));
  } else if (array.failures++ == 0 || route.linear < array.failed) {
    array.failed = route.linear;
    array.failed_key = route.key;
    array.failed_message = error.message;
  }
  if (--node.pending == 0) chunks_ready(node);
}

// One issue an array: what damages chunks mostly damages many of them.
void Runner::State::report_failures(const ArrayWork& array) {
  if (array.failures == 0) return;
  const std::string others =
      array.failures == 1
          ? std::string()
          : concat(" The same holds for ", array.failures - 1,
                   array.failures == 2 ? " other chunk" : " other chunks", " of the ", array.wanted,
                   " that were decoded.");
  findings.file("zarr/chunk-decode", 0, array.failed_key,
                concat("The chunk cannot be decoded: ", array.failed_message, ".", others),
                "bytes that the array's codecs can decode", "others");
}

void Runner::State::chunks_ready(Node& node) {
  for (const ArrayWork& array : node.arrays) report_failures(array);
  for (ImageWork& image : node.images) {
    PixelFacts& pixels = image.pixels;
    for (std::size_t i = 0; i < image.arrays.size(); ++i) {
      if (image.arrays[i] == kNoArray) continue;
      const ArrayWork& array = node.arrays[image.arrays[i]];
      if (!array.whole || array.failures > 0 || !array.metadata || array.decoded == 0) continue;
      pixels.whole_level = true;
      if (i == 0) pixels.finest_level = true;
      if (i == 0 && options.all_chunks && image.subject.is_label) {
        pixels.ids_complete = !image.ids_dropped && !zarr::is_float(array.metadata->data_type);
        const auto known = images.find(node.path);
        if (pixels.ids_complete && known != images.end()) known->second.ids = pixels.ids;
      }
      // Chunks that are not there hold the fill value.
      if (array.decoded == array.cells()) continue;
      const double fill = zarr::to_double(array.metadata->fill_value, array.metadata->data_type);
      if (!std::isfinite(fill)) continue;
      pixels.all.include(fill, fill);
      for (auto& [channel, range] : pixels.channels) range.include(fill, fill);
    }
    image.subject.pixels = &pixels;
    run_rules(Kind::kPixels, image.subject);
  }
  finish_node(node.id);
}

}  // namespace mifa::validate
