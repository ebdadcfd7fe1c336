// Files outside Zarr hierarchies: what each is, by its beginning; then metadata and the headers of
// pictures are read. Annotations wait until it is known which images they are about (annotations.cpp).
#include <algorithm>

#include "formats/picture_size.h"
#include "ome/concat.h"
#include "validate/runner_state.h"
#include "validate/spreadsheet.h"

namespace mifa::validate {

using ome::concat;

namespace {

constexpr std::int64_t kHead = annotation::kHeadBytes;  // what meta::find_container() wants, too
constexpr std::string_view kCrate = "ro-crate-metadata.json";
constexpr std::string_view kTextEndings[] = {".geojson", ".geojsonl", ".geojsons", ".json", ".jsonld", ".csv", ".tsv",
                                             ".txt", ".xml", ".star", ".swc", ".roi", ".zip", ".yaml",
                                             ".yml", ".xlsx", ".names"};
constexpr std::string_view kTiffEndings[] = {".tif", ".tiff", ".btf", ".tf8"};
constexpr std::string_view kPictureEndings[] = {".png", ".jpg", ".jpeg"};

template <std::size_t N>
bool ends_in(std::string_view name, const std::string_view (&endings)[N]) {
  const std::string small = lower(name);
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view ending) { return small.ends_with(ending); });
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool begins_as_tiff(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == bytes[1] &&
         (bytes[0] == std::byte{'I'} || bytes[0] == std::byte{'M'});
}

}  // namespace

// What is looked at: metadata nearest to the root first, within limits, as there may be many files.
void Runner::State::start_loose_files() {
  if (options.metadata_only || !tree.listed) return;
  Subject zarr;
  zarr.zarr_roots = {top_nodes.begin(), top_nodes.end()};
  std::vector<std::string> metadata_files;
  std::size_t left_out = 0;
  for (const auto& [key, size] : tree.files) {
    const std::string_view name = file_name(key);
    if (name == kCrate) {
      metadata_files.push_back(key);
      continue;
    }
    if (size == 0 || zarr.in_zarr(key)) continue;
    if (wants_checksum_file(key, size)) {
      ask_part(key, ReadFor::kSums, 0, 0);
      continue;
    }
    const bool text = ends_in(name, kTextEndings);
    if (!text && !ends_in(name, kTiffEndings) && !ends_in(name, kPictureEndings)) continue;
    if (meta::may_be_metadata(key)) {
      metadata_files.push_back(key);
    } else if (loose_waiting.size() < options.limits.loose_files) {
      loose_waiting.push_back(key);
    } else {
      ++left_out;
    }
  }
  std::stable_sort(metadata_files.begin(), metadata_files.end(),
                   [](const std::string& a, const std::string& b) {
                     return std::count(a.begin(), a.end(), '/') < std::count(b.begin(), b.end(), '/');
                   });
  for (std::size_t i = 0; i < metadata_files.size(); ++i) {
    if (i < options.limits.study_files) metadata_candidates.insert(metadata_files[i]);
    if (loose_waiting.size() < options.limits.loose_files) {
      loose_waiting.push_back(metadata_files[i]);
    } else {
      ++left_out;
    }
  }
  if (left_out == 0) return;
  findings.file("annotation/not-looked-into", 0, "",
                concat(left_out, " files were not looked into: there are too many."),
                concat("at most ", options.limits.loose_files, " (limit loose_files)"));
}

// Asks for what is next; true once nothing is left to be done.
bool Runner::State::advance_loose_files() {
  if (loose_stage == LooseStage::kNone) {
    start_loose_files();
    loose_stage = LooseStage::kHeads;
  }
  while (loose_stage == LooseStage::kHeads && !loose_waiting.empty() &&
         ready.size() + handed_out < options.limits.outstanding) {
    const std::string key = std::move(loose_waiting.front());
    loose_waiting.pop_front();
    ask_part(key, ReadFor::kHead, 0, kHead);
  }
  if (loose_stage == LooseStage::kHeads && loose_waiting.empty() && loose_pending == 0) {
    start_studies();
    queue_annotations();
    queue_parquet();
    loose_stage = LooseStage::kAnnotations;
  }
  const bool reading = loose_stage == LooseStage::kAnnotations;
  const bool files_read = reading && advance_annotations(), groups_read = reading && advance_groups();
  if (reading && advance_parquet() && files_read && groups_read) {
    report_annotations();
    check_studies();
    queue_checksums();
    loose_stage = LooseStage::kChecksums;
  }
  if (loose_stage == LooseStage::kChecksums && advance_checksums()) {
    report_checksums();
    loose_stage = LooseStage::kDone;
  }
  return loose_stage == LooseStage::kDone;
}

// `length` 0: all of it.
void Runner::State::ask_part(const std::string& key, ReadFor purpose, std::int64_t offset,
                             std::int64_t length) {
  Route route;
  route.purpose = purpose;
  route.offset = offset;
  route.length = length;
  ++loose_pending;
  ask(Request::Kind::kRead, key, std::move(route));
}

void Runner::State::take_part(const Route& route, std::span<const std::byte> bytes) {
  --loose_pending;
  switch (route.purpose) {
    case ReadFor::kHead:
      // A host that cannot read a part gives all.
      if (ends_in(route.key, kTiffEndings)) return take_raster(route, bytes);
      return take_head(route.key, text_of(bytes.first(std::min<std::size_t>(bytes.size(), kHead))));
    case ReadFor::kMetadata:
      return take_metadata(route.key, text_of(bytes));
    case ReadFor::kRaster:
      return take_raster(route, bytes);
    case ReadFor::kAnnotation:
      return take_window(route, text_of(bytes));
    case ReadFor::kSums:
      return take_checksum_file(route.key, text_of(bytes));
    case ReadFor::kChecksum:
      return take_checksum_part(route, bytes);
    case ReadFor::kParquet:
      return take_parquet(route, text_of(bytes));
    case ReadFor::kGroup:
      return take_group_document(route, bytes);
    case ReadFor::kNode:
      return;
  }
}

// It was listed a moment ago; what could not be read has been reported.
void Runner::State::miss_part(const Route& route) {
  --loose_pending;
  if (route.purpose == ReadFor::kRaster) {
    // The other ranges of the header are of no use; their answers find nothing.
    rasters.erase(route.key);
  } else if (route.purpose == ReadFor::kAnnotation) {
    annotations_open.erase(route.key);
  } else if (route.purpose == ReadFor::kParquet) {
    parquet_open.erase(route.key);
  } else if (route.purpose == ReadFor::kGroup) {
    miss_group_document(route);
  } else if (route.purpose == ReadFor::kChecksum) {
    checksums_open.erase(static_cast<std::size_t>(route.linear));
  }
}

void Runner::State::take_head(const std::string& key, std::string text) {
  const std::int64_t size = tree.size_of(key);
  const auto have = static_cast<std::int64_t>(text.size());
  const bool whole = have < kHead || have == size;
  if (ends_in(key, kPictureEndings)) {
    const auto picture = formats::picture_size(std::as_bytes(std::span(text)), whole);
    if (picture) {
      KnownImage image;
      image.path = key;
      image.extent = {picture->width, picture->height, 1};
      image.context.names = {key};
      image.context.width = picture->width;
      image.context.height = picture->height;
      pictures.push_back(std::move(image));
    } else if (picture.error().code != ErrorCode::kRetry) {
      unreadable_pictures.emplace(key, Error{ErrorCode::kFixData, picture.error().message});
    }
    return;
  }
  if (metadata_candidates.contains(key) && meta::find_container(text, key)) {
    if (whole && !key.ends_with(".xlsx")) return take_metadata(key, std::move(text));
    if (size <= options.limits.study_file_bytes) return ask_part(key, ReadFor::kMetadata, 0, 0);
  }
  LooseFile file;
  const auto format = annotation::detect_format({key, text, whole});
  if (format && std::string_view((*format)->id) != "columns") {
    file.format = *format;
    file.sure = (*format)->sniff({key, text, whole});
  }
  if (whole && kept_bytes + have <= options.limits.kept_heads) {
    kept_bytes += have;
    file.text = std::move(text);
    file.whole = true;
  }
  loose_files.emplace(key, std::move(file));
}

void Runner::State::take_metadata(const std::string& key, std::string text) {
  meta::ReadResult result = meta::read_metadata(source_file(key, std::move(text)));
  if (result.container) documents.emplace(key, std::move(result));
}

void Runner::State::take_raster(const Route& route, std::span<const std::byte> bytes) {
  const std::string key = route.key;
  if (route.purpose == ReadFor::kHead) {
    formats::RasterOptions raster;
    raster.name = std::string(file_name(key));
    RasterWork work;
    work.file = std::make_unique<formats::RasterFile>(std::move(raster));
    work.file->set_size(tree.size_of(key));
    work.tiff = begins_as_tiff(bytes);
    rasters.emplace(key, std::move(work));
  }
  const auto found = rasters.find(key);
  if (found == rasters.end()) return;
  RasterWork& work = found->second;
  const std::int64_t asked = std::min<std::int64_t>(route.length, static_cast<std::int64_t>(bytes.size()));
  work.file->supply(route.offset, {bytes.begin(), bytes.begin() + asked}, route.length);
  if (route.purpose == ReadFor::kRaster) --work.pending;
  if (work.pending == 0) describe_raster(key, work);
}

void Runner::State::describe_raster(const std::string& key, RasterWork& work) {
  const auto raster = work.file->describe();
  const auto missing = work.file->take_missing();
  if (!missing.empty() && ++work.rounds <= options.limits.raster_rounds) {
    for (const formats::ByteRange& range : missing) {
      ++work.pending;
      ask_part(key, ReadFor::kRaster, range.offset, range.length);
    }
    return;
  }
  if (!missing.empty()) {
    unreadable_pictures.emplace(key, Error{ErrorCode::kLimit, "the header lies in too many parts of the file"});
  } else if (!raster) {
    Error error = raster.error();
    // By its name it is a TIFF.
    if (!work.tiff) error.code = ErrorCode::kFixData;
    unreadable_pictures.emplace(key, std::move(error));
  } else {
    const formats::RasterImage& first = (*raster)->images.front();
    KnownImage image;
    image.path = key;
    const formats::RasterLevel& finest = first.levels.front();
    image.extent = {finest.width, finest.height, first.size_z};
    annotation::ImageContext& context = image.context;
    context.names = {key};
    context.width = finest.width;
    context.height = finest.height;
    context.depth = first.size_z;
    context.frames = first.size_t;
    if (first.step_x.unit == first.step_y.unit) {
      context.pixel_width = first.step_x.size;
      context.pixel_height = first.step_y.size;
      context.unit = first.step_x.unit;
    }
    if (first.step_z.unit == context.unit) context.slice_distance = first.step_z.size;
    pictures.push_back(std::move(image));
  }
  rasters.erase(key);
}

}  // namespace mifa::validate
