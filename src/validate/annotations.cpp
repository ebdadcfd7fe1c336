// Annotation files: which of them are read, a few at a time, and what is said of them all.
#include <algorithm>

#include "annotation/image_names.h"
#include "ome/concat.h"
#include "validate/runner_state.h"

namespace mifa::validate {

using ome::concat;

namespace {

// Formats whose content alone does not tell that it is an annotation: any table, any list.
constexpr std::string_view kOfAnyText[] = {"table", "json-rows", "yolo", "ctc", "ome-roi"};
constexpr std::size_t kNamesTold = 10;
constexpr int kCertain = 90, kSure = 80, kPerhaps = 40;
// Files of nothing but annotations, of one format.
struct OwnEnding {
  std::string_view ending, format;
};
constexpr OwnEnding kOwnEndings[] = {{".geojson", "geojson"},  {".geojsonl", "geojson"}, {".geojsons", "geojson"},
                                     {".roi", "imagej-roi"},   {".swc", "swc"},          {".star", "star"}};
constexpr std::string_view kPlaceWords[] = {"annot", "label", "mask", "roi", "segment", "ground_truth",
                                            "groundtruth", "track", "bbox", "points", "outline", "coco", "yolo"};
// What nothing here looks into.
struct Other {
  std::string_view ending, what;
  const char* instead;
};
constexpr const char* kFromHdf5 =
    "Convert images and masks to OME-Zarr, tables to CSV, outlines to GeoJSON; or upload the file as it is.";
constexpr Other kOthers[] = {
    {".h5ad", "AnnData in HDF5", "Write it as Zarr: anndata.read_h5ad(…).write_zarr(…); or upload the file as it is."},
    {".h5", "HDF5", kFromHdf5},
    {".hdf5", "HDF5", kFromHdf5},
    {".h5mu", "MuData in HDF5", "Write it as Zarr: mudata.read_h5mu(…).write_zarr(…); or upload the file as it is."},
    {".ilp", "an ilastik project (HDF5)", kFromHdf5},
    {".ims", "Imaris (HDF5)", "Convert it to OME-Zarr with bioformats2raw; or upload the file as it is."},
    {".hff", "EMDB-SFF in HDF5", "Write it as JSON with sfftk; or upload the file as it is."},
    {".sff", "EMDB-SFF", "Nothing: it is a format for segmentations in 3D that MIFA recommends."},
    {".obj", "a mesh", "Nothing; no format of meshes is checked here."},
    {".ply", "a mesh", "Nothing; no format of meshes is checked here."},
    {".stl", "a mesh", "Nothing; no format of meshes is checked here."}};

bool has_place_word(std::string_view path) {
  const std::string small = lower(path);
  return std::any_of(std::begin(kPlaceWords), std::end(kPlaceWords),
                     [&](std::string_view word) { return small.find(word) != std::string::npos; });
}

// The format that a file's ending promises; null for one that promises none.
const OwnEnding* own_ending(std::string_view path) {
  const std::string small = lower(path);
  for (const OwnEnding& own : kOwnEndings) {
    if (small.ends_with(own.ending)) return &own;
  }
  return nullptr;
}

bool is_of_another_format(const std::string& path, const LooseFile& file) {
  const OwnEnding* own = own_ending(path);
  return own && (!file.format || file.format->id != own->format);
}

bool is_companion(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".names") ||
         name == "classes.txt" || name == "labels.txt";
}

}  // namespace

// Whether a file is an annotation: metadata says so, or its ending, its content, its place.
bool Runner::State::wants(const std::string& key, const LooseFile& file) const {
  if (!file.format || is_of_another_format(key, file)) return false;
  if (declared.contains(key) || own_ending(key)) return true;
  const bool any_text = std::find(std::begin(kOfAnyText), std::end(kOfAnyText),
                                  std::string_view(file.format->id)) != std::end(kOfAnyText);
  if (!any_text) return file.sure >= kCertain || (file.sure >= kPerhaps && has_place_word(key));
  if (file.sure < kPerhaps || is_companion(file_name(key))) return false;
  if (file.format->id == std::string_view("ctc")) return file.sure >= kSure;
  return has_place_word(key) && (book.empty() || file.sure >= kSure || book.beside(key));
}

void Runner::State::queue_annotations() {
  for (auto& [key, file] : loose_files) {
    if (documents.contains(key)) continue;
    if (wants(key, file)) {
      annotations_waiting.push_back(key);
      if (file.format->id == std::string_view("yolo")) label_folders.insert(parent_path(key));
    } else if (!is_companion(file_name(key))) {
      file.text = {};
    }
  }
}

bool Runner::State::advance_annotations() {
  while (!annotations_waiting.empty() && annotations_open.size() < options.limits.open_annotations) {
    const std::string key = std::move(annotations_waiting.front());
    annotations_waiting.pop_front();
    open_annotation(key);
  }
  return annotations_waiting.empty() && annotations_open.empty();
}

// Texts of small files in the folder, or the nearest above it, that say what classes are called.
std::map<std::string, std::string> Runner::State::companions_of(const std::string& key) const {
  std::map<std::string, std::string> texts;
  for (std::string folder = parent_path(key);; folder = parent_path(folder)) {
    const std::string below = folder.empty() ? "" : folder + "/";
    for (auto at = loose_files.lower_bound(below); at != loose_files.end() && at->first.starts_with(below); ++at) {
      const std::string_view name = std::string_view(at->first).substr(below.size());
      if (name.find('/') == std::string_view::npos && at->second.whole && is_companion(name)) {
        texts.emplace(name, at->second.text);
      }
    }
    if (!texts.empty() || folder.empty()) return texts;
  }
}

void Runner::State::open_annotation(const std::string& key) {
  LooseFile& file = loose_files.at(key);
  const auto said = declared.find(key);
  const KnownImage* image = nullptr;
  if (said != declared.end() && !said->second.source.empty()) image = book.at(said->second.source);
  if (!image) image = book.beside(key);
  const bool yolo = file.format->id == std::string_view("yolo");
  AnnotationWork& work = annotations_open[key];
  work.file = std::make_unique<AnnotationFile>(
      key, *file.format, yolo ? companions_of(key) : std::map<std::string, std::string>{}, image, book);
  if (!file.whole) return read_on(key, work);
  do {
    work.file->feed(file.text);
  } while (work.file->finish());
  file.text = {};
  end_annotation(key);
}

void Runner::State::read_on(const std::string& key, AnnotationWork& work) {
  ask_part(key, ReadFor::kAnnotation, work.file->offset(), options.limits.window_bytes);
}

void Runner::State::take_window(const Route& route, std::string_view window) {
  const auto found = annotations_open.find(route.key);
  if (found == annotations_open.end()) return;
  AnnotationFile& file = *found->second.file;
  // A host that cannot read a part gives all.
  const bool all = route.offset == 0 && static_cast<std::int64_t>(window.size()) > route.length;
  const bool more = file.feed(window);
  const bool ended = all || static_cast<std::int64_t>(window.size()) < route.length ||
                     file.offset() == tree.size_of(route.key);
  if (more && !ended) return read_on(route.key, found->second);
  if (file.finish()) return read_on(route.key, found->second);
  end_annotation(route.key);
}

void Runner::State::end_annotation(const std::string& key) {
  const auto found = annotations_open.find(key);
  AnnotationOutcome outcome = found->second.file->take();
  annotations_open.erase(found);
  if (outcome.read) {
    ++inventory.annotation_files;
    inventory.annotation_objects += outcome.objects;
  }
  annotations_done.emplace(key, std::move(outcome));
}

// Files that are annotations, and that nobody here can read.
void Runner::State::report_unread() {
  struct Found {
    std::vector<std::string> files;
    const char* instead = "";
  };
  std::map<std::string_view, Found> others;
  Subject zarr;
  zarr.zarr_roots = {top_nodes.begin(), top_nodes.end()};
  for (const auto& [key, size] : tree.files) {
    const std::string small = lower(key);
    for (const Other& other : kOthers) {
      if (!small.ends_with(other.ending) || zarr.in_zarr(key)) continue;
      Found& found = others[other.what];
      found.files.push_back(key);
      found.instead = other.instead;
      break;
    }
  }
  for (const auto& [what, found] : others) {
    std::string message = concat("The file is ", what, ", whose content is not checked here.");
    if (found.files.size() > 1) {
      message = concat("This and ", found.files.size() - 1, " other files are ", what, ", whose content is not checked here");
      for (std::size_t i = 1; i < std::min(found.files.size(), kNamesTold); ++i) message += concat(i == 1 ? ": " : ", ", found.files[i]);
      message += found.files.size() > kNamesTold ? " …" : ".";
    }
    findings.file("annotation/not-looked-into", 0, found.files.front(), std::move(message), std::string(), std::string(), found.instead);
  }
  for (const auto& [key, file] : loose_files) {
    if (documents.contains(key) || !is_of_another_format(key, file)) continue;
    findings.file("annotation/format-unknown", 0, key,
                  "The content of the file is not of the format that its name tells.",
                  "annotations", concat("a file of ", tree.size_of(key), " bytes in another format"));
  }
}

void Runner::State::report_pictures() {
  for (const auto& [key, error] : unreadable_pictures) {
    const bool fault = error.code == ErrorCode::kFixData;
    findings.file(fault ? "files/image-unreadable" : "annotation/not-looked-into", 0, key, error.message);
  }
  for (const KnownImage& mask : pictures) {
    if (declared.contains(mask.path)) continue;  // mifa/transformation-missing
    const KnownImage* image = book.masked_by(mask.path);
    if (!image || image->extent.empty()) continue;
    if (image->extent[0] == mask.extent[0] && image->extent[1] == mask.extent[1]) continue;
    findings.file("annotation/mask-size", 0, mask.path,
                  concat("The mask is not as large as the image ", image->path, "."),
                  concat(image->extent[0], " × ", image->extent[1]),
                  concat(mask.extent[0], " × ", mask.extent[1]));
  }
}

// Rows of tables that speak of objects which no label image of their image has.
void Runner::State::report_labels() {
  for (const auto& [key, outcome] : annotations_done) {
    if (outcome.labels.empty() || outcome.image.empty()) continue;
    const std::string below = in_folder(outcome.image, "labels/");
    std::int64_t least = -1;
    std::uint64_t example = 0;
    std::string mask;
    for (auto at = images.lower_bound(below); at != images.end() && at->first.starts_with(below); ++at) {
      if (at->second.ids.empty()) continue;
      std::int64_t absent = 0;
      std::uint64_t first = 0;
      for (const std::uint64_t id : outcome.labels) {
        if (!at->second.ids.contains(id) && ++absent == 1) first = id;
      }
      if (least < 0 || absent < least) least = absent, example = first, mask = at->first;
    }
    if (least <= 0) continue;
    findings.file("annotation/label-not-in-mask", 0, key,
                  concat(least, " of the ", outcome.labels.size(), " objects of the file are not in the label image ",
                         mask, ", ", std::to_string(example), " for instance."),
                  "ids of the label image", std::to_string(example));
  }
}

void Runner::State::report_annotations() {
  report_unread();
  report_pictures();
  report_labels();
  for (const auto& [key, outcome] : annotations_done) {
    for (Issue issue : outcome.issues) {
      // The image to look at it on.
      if (!outcome.image.empty() && issue.related.empty()) issue.related.push_back({.file = outcome.image});
      findings.adopt(std::move(issue));
    }
  }
}

}  // namespace mifa::validate
