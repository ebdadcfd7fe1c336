// Parquet files: their footers, which say what columns there are, where they lie and what range their
// values have. The values themselves are not read.
#include <algorithm>
#include <cmath>

#include "ome/concat.h"
#include "validate/runner_state.h"

namespace mifa::validate {

using ome::concat;

namespace {

constexpr std::int64_t kFirstRead = 65'536;                     // bytes; most footers are shorter
constexpr std::int64_t kLargestFooter = std::int64_t{64} << 20;  // bytes

std::vector<std::string> types_of(const annotation::ParquetFooter& footer, const annotation::GeoParquetFacts& geo) {
  const bool points = std::any_of(geo.types.begin(), geo.types.end(), [](const std::string& one) { return one.starts_with("Point") || one.starts_with("MultiPoint"); });
  if (geo.stated && !geo.types.empty()) {
    if (points) return {"point_annotations", "geometrical_annotations", "class_labels"};
    return {"geometrical_annotations", "segmentation_mask", "bounding_boxes", "class_labels"};
  }
  if (footer.field("x") && footer.field("y")) return {"point_annotations", "tracks", "class_labels"};
  return {};
}

// Least x, least y, greatest x, greatest y of all objects; empty where the file does not say.
std::vector<double> box_of(const annotation::ParquetFooter& footer, const annotation::GeoParquetFacts& geo) {
  if (!geo.box.empty()) return geo.box;
  const annotation::ParquetField *x = footer.field("x"), *y = footer.field("y");
  if (!x || !y || !x->least || !y->least) return {};
  return {*x->least, *y->least, *x->greatest, *y->greatest};
}

}  // namespace

void Runner::State::queue_parquet() {
  if (options.metadata_only) return;
  for (const auto& [key, size] : tree.files) {
    const std::string small = lower(key);
    if (size > 0 && (small.ends_with(".parquet") || small.ends_with(".geoparquet"))) parquet_waiting.push_back(key);
  }
}

bool Runner::State::advance_parquet() {
  while (!parquet_waiting.empty() && ready.size() + handed_out < options.limits.outstanding) {
    const std::string key = std::move(parquet_waiting.front());
    parquet_waiting.pop_front();
    const std::int64_t length = std::min(tree.size_of(key), kFirstRead);
    parquet_open.insert(key);
    ask_part(key, ReadFor::kParquet, tree.size_of(key) - length, length);
  }
  return parquet_waiting.empty() && parquet_open.empty();
}

void Runner::State::take_parquet(const Route& route, std::string_view bytes) {
  const std::string key = route.key;
  const std::int64_t size = tree.size_of(key);
  // A host that cannot read a part gives all.
  const std::size_t tail = annotation::kParquetTail;
  const auto length = annotation::parquet_footer_bytes(bytes.substr(bytes.size() - std::min(bytes.size(), tail)), size);
  if (!length || *length > kLargestFooter) {
    const Error error = length ? Error{ErrorCode::kLimit, concat("The file's footer has ", *length, " bytes, which is too much to be read here.")} : length.error();
    return fail_parquet(key, error);
  }
  if (static_cast<std::int64_t>(bytes.size()) < *length + annotation::kParquetTail) {
    const std::int64_t wanted = *length + annotation::kParquetTail;
    if (route.length >= wanted) return fail_parquet(key, {ErrorCode::kFixData, "The file is shorter than it was listed."});
    return ask_part(key, ReadFor::kParquet, size - wanted, wanted);
  }
  const auto footer = annotation::parse_parquet_footer(bytes.substr(bytes.size() - tail - static_cast<std::size_t>(*length), static_cast<std::size_t>(*length)));
  if (!footer) return fail_parquet(key, footer.error());
  if (footer->end > size) {
    return fail_parquet(key, {ErrorCode::kFixData, concat("Columns are said to lie up to byte ", footer->end, ", and the file has ", size, " bytes.")});
  }
  parquet_open.erase(key);
  describe_parquet(key, *footer);
}

void Runner::State::fail_parquet(const std::string& key, const Error& error) {
  parquet_open.erase(key);
  const bool fault = error.code == ErrorCode::kFixData;
  findings.file(fault ? "parquet/broken" : "annotation/not-looked-into", 0, key, error.message, fault ? "a whole Parquet file" : "");
}

void Runner::State::describe_parquet(const std::string& key, const annotation::ParquetFooter& footer) {
  Subject zarr;
  zarr.zarr_roots = {top_nodes.begin(), top_nodes.end()};
  AnnotationOutcome outcome;
  const annotation::GeoParquetFacts geo = annotation::check_geoparquet(footer, key, outcome.issues);
  if (zarr.in_zarr(key)) {
    // A part of its element, which has its own metadata.
    for (Issue& issue : outcome.issues) findings.adopt(std::move(issue));
    return;
  }
  if (!geo.stated && lower(key).ends_with(".geoparquet")) {
    findings.file("geoparquet/absent", 0, key, "The file is no GeoParquet: it does not say which column has the geometries, and how.",
                  "metadata under the key \"geo\"", "none");
  }
  if (geo.on_earth) {
    findings.file("geoparquet/on-earth", 0, key, "The coordinates are said to be longitudes and latitudes, or of another system on the Earth.",
                  "\"crs\": null for coordinates of an image", "another, or none, which means longitude and latitude",
                  "Nothing where that is so; else write the file with \"crs\": null.");
  }
  const auto said = declared.find(key);
  const KnownImage* image = said != declared.end() ? book.at(said->second.source) : nullptr;
  if (!image) image = book.beside(key);
  outcome.read = true;
  outcome.objects = footer.rows;
  outcome.types = types_of(footer, geo);
  const std::vector<double> box = box_of(footer, geo);
  if (image && image->context.width > 0 && !box.empty() && !geo.on_earth) {
    const auto width = static_cast<double>(image->context.width), height = static_cast<double>(image->context.height);
    outcome.image = image->path;
    // Coordinates of the middle of a pixel or of its corner, both are in use.
    if (box[0] < -0.5 || box[1] < -0.5 || box[2] > width + 0.5 || box[3] > height + 0.5) {
      Issue issue;
      issue.rule = "annotation/outside-image";
      issue.severity = Severity::kWarning;
      issue.file = key;
      issue.message = "Objects lie outside the image, by the range that the file states of its coordinates.";
      issue.expected = concat("x from 0 to ", image->context.width, ", y from 0 to ", image->context.height);
      issue.received = concat("x from ", number_text(box[0]), " to ", number_text(box[2]), ", y from ", number_text(box[1]), " to ", number_text(box[3]));
      issue.fix = "State the unit or the transformation of the coordinates, or correct them.";
      outcome.issues.push_back(std::move(issue));
    }
  }
  ++inventory.annotation_files;
  inventory.annotation_objects += outcome.objects;
  annotations_done.emplace(key, std::move(outcome));
}

}  // namespace mifa::validate
