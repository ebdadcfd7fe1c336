#include "validate/annotation_file.h"

#include <algorithm>
#include <utility>

#include "annotation/quality.h"
#include "annotation/spatial_order.h"
#include "ome/concat.h"
#include "validate/tree.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr std::size_t kPlacesTold = 5;
constexpr std::size_t kLabelsKept = std::size_t{1} << 20;

// What readers say about the choice of an image for a viewer; here each image has its turn.
constexpr std::string_view kAboutChoice[] = {"annotation/image-unknown", "annotation/image-ambiguous",
                                             "table/no-rows-of-the-image", "table/other-image"};
// What is no fault of the data, or said by the rules of this module.
constexpr std::string_view kOfViewers[] = {"annotation/not-filled", "annotation/no-properties",
                                           "annotation/too-many-objects"};
// What people look at in a viewer, and is mostly as intended: tables of all kinds lie beside images, cells lie
// above one another.
constexpr std::string_view kWorthKnowing[] = {"table/no-known-column", "table/edges-alone",
                                              "annotation/overlapping-boxes"};
// What compares objects with one another, which are on one image then.
constexpr std::string_view kOfOneImage[] = {"annotation/duplicate-id", "annotation/duplicate-geometry",
                                            "annotation/overlap", "annotation/overlapping-boxes"};

template <std::size_t N>
bool is_one_of(const std::string_view (&list)[N], const std::string& rule) {
  return std::find(std::begin(list), std::end(list), rule) != std::end(list);
}

std::string place_of(const Issue& issue) {
  if (!issue.pointer.empty()) return issue.pointer;
  if (issue.row > 0) return concat("row ", issue.row);
  return issue.line > 0 ? concat("line ", issue.line) : std::string();
}

// MIFA's words for the content: a file may be several things, boxes around outlines of classes.
std::vector<std::string> types_of(const annotation::Layer& layer) {
  std::vector<std::string> types;
  if (layer.size() == 0 || layer.issue_counts.contains("table/no-known-column")) return types;
  using annotation::LayerKind;
  const auto add = [&](LayerKind kind) { types.emplace_back(annotation::layer_kind_name(kind)); };
  add(layer.kind);
  if (layer.kind == LayerKind::kTracks) add(LayerKind::kPoints);
  if (!layer.links.empty()) add(LayerKind::kGraph);
  if (!layer.categories.empty() || layer.with_role(annotation::Role::kLabel)) add(LayerKind::kClassLabels);
  // Outlines are how vector formats write masks, and come with boxes around them.
  if (layer.kind == LayerKind::kShapes || layer.kind == LayerKind::kMasks) {
    for (const LayerKind kind : {LayerKind::kShapes, LayerKind::kMasks, LayerKind::kBoxes}) add(kind);
  }
  return types;
}

}  // namespace

// All issues of one rule, as one.
struct AnnotationFile::Tally {
  Issue first;
  std::int64_t count = 0;
  std::vector<std::string> places;  // of the further ones
  std::set<std::string> seen;       // the same, found while reading for another image
};

AnnotationFile::AnnotationFile(std::string path, const annotation::Format& format,
                               std::map<std::string, std::string> companions,
                               const KnownImage* image, const ImageBook& book,
                               AnnotationLimits limits)
    : path_(std::move(path)),
      format_(format),
      companions_(std::move(companions)),
      image_(image),
      book_(book),
      limits_(limits) {
  start(image ? image->context : annotation::ImageContext{}, true);
}

AnnotationFile::~AnnotationFile() = default;

void AnnotationFile::start(const annotation::ImageContext& context, bool first) {
  first_ = first;
  context_ = context;
  offset_ = 0;
  annotation::ReadOptions options;
  options.file = path_;
  options.image = context;
  options.companions = companions_;
  builder_ = std::make_unique<annotation::LayerBuilder>(path_, options.limits);
  builder_->layer().format = format_.id;
  reader_ = format_.make(options, *builder_);
}

bool AnnotationFile::feed(std::string_view window) {
  if (failed_) return false;
  offset_ += static_cast<std::int64_t>(window.size());
  if (auto status = reader_->feed(window); !status) fail(status.error());
  return !failed_;
}

void AnnotationFile::fail(const Error& error) {
  failed_ = true;
  Issue issue;
  issue.file = path_;
  issue.message = error.message;
  const bool fault = error.code == ErrorCode::kFixData;
  issue.rule = fault ? "annotation/unreadable" : "annotation/not-looked-into";
  issue.severity = fault ? Severity::kError : Severity::kInfo;
  // What the reader found on the way is the cause, mostly.
  const auto layer = builder_->take();
  const bool told = std::any_of(layer->issues.begin(), layer->issues.end(),
                                [](const Issue& one) { return one.severity == Severity::kError; });
  for (const Issue& one : layer->issues) add(one, 1, {});
  if (!told) add(std::move(issue), 1, {});
}

bool AnnotationFile::finish() {
  if (!failed_) {
    if (auto status = reader_->finish(); !status) fail(status.error());
  }
  reader_.reset();
  if (failed_) return false;
  const auto layer = builder_->take();
  builder_.reset();
  size_ = offset_;
  outcome_.read = true;
  if (first_) {
    note_facts(*layer);
    find_images(*layer);
  }
  note(*layer, context_, !first_ || layer->images.size() < 2);
  const auto again = static_cast<std::int64_t>(next_wanted_ + 1) * std::max<std::int64_t>(size_, 1);
  if (next_wanted_ >= wanted_.size()) return false;
  if (next_wanted_ >= limits_.images || again > limits_.again_bytes) {
    Issue issue;
    issue.rule = "annotation/not-looked-into";
    issue.severity = Severity::kInfo;
    issue.file = path_;
    issue.message = concat("Only the first ", next_wanted_, " of the ", wanted_.size(),
                           " images of the file were compared with it.");
    add(std::move(issue), 1, {});
    return false;
  }
  const Wanted& wanted = wanted_[next_wanted_++];
  annotation::ImageContext context = wanted.image->context;
  context.names = {wanted.name};
  start(context, false);
  return true;
}

// The images that the file names, and which of them are here.
void AnnotationFile::find_images(const annotation::Layer& layer) {
  const std::string folder = parent_path(path_);
  if (book_.empty() || (layer.images.size() == 1 && image_)) return;
  std::vector<std::string> absent;
  std::set<const KnownImage*> found;
  for (const std::string& name : layer.images) {
    // COCO's results name images by their ids in another file.
    const bool id = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
    const KnownImage* known = name.empty() ? nullptr : book_.named(name, folder);
    if (!known && id) continue;
    if (!known) {
      absent.push_back(name);
    } else if (found.insert(known).second) {
      wanted_.push_back({name, known});
    }
  }
  if (wanted_.size() == 1 && layer.images.size() == 1) outcome_.image = wanted_[0].image->path;
  if (absent.empty()) return;
  Issue issue;
  issue.rule = "annotation/image-not-here";
  issue.severity = Severity::kWarning;
  issue.file = path_;
  issue.message = layer.images.size() == 1
                      ? "The image that the file names is not among the files."
                      : concat(absent.size(), " of the ", layer.images.size(),
                               " images that the file names are not among the files.");
  issue.expected = "names or paths of images of this dataset";
  for (std::size_t i = 0; i < std::min(absent.size(), kPlacesTold); ++i) {
    issue.received += concat(i == 0 ? "\"" : ", \"", absent[i].substr(0, 100), "\"");
  }
  if (absent.size() > kPlacesTold) issue.received += " …";
  add(std::move(issue), 1, {});
}

void AnnotationFile::note_facts(const annotation::Layer& layer) {
  outcome_.types = types_of(layer);
  outcome_.objects = static_cast<std::int64_t>(layer.size()) + layer.elsewhere;
  outcome_.in_pixels = layer.space.unit != annotation::Space::Unit::kPhysical;
  if (image_) outcome_.image = image_->path;
  const annotation::Column* label = layer.with_role(annotation::Role::kInstance);
  if (!label || layer.images.size() > 1) return;
  for (std::size_t i = 0; i < layer.size() && outcome_.labels.size() < kLabelsKept; ++i) {
    if (const auto id = label->integer(i); id && *id > 0) {
      outcome_.labels.insert(static_cast<std::uint64_t>(*id));
    }
  }
}

void AnnotationFile::note(const annotation::Layer& layer, const annotation::ImageContext& context,
                          bool one_image) {
  const bool taken_for_one = one_image && (image_ || !first_ || layer.images.size() < 2);
  std::map<std::string, std::int64_t> told;
  for (const Issue& issue : layer.issues) ++told[issue.rule];
  for (const Issue& issue : layer.issues) {
    // The readers keep some of each rule, and count the others.
    std::int64_t count = 1;
    const auto all = layer.issue_counts.find(issue.rule);
    auto& left = told[issue.rule];
    if (all != layer.issue_counts.end() && left > 0) {
      count += all->second - left;
      left = 0;
    }
    add(issue, count, {});
  }
  const annotation::SpatialOrder order(layer);
  const annotation::QualityReport quality = annotation::quality_of(layer, order, context);
  Issues issues = annotation::quality_issues(layer, quality);
  for (std::size_t i = 0; i < issues.size(); ++i) {
    const annotation::QualityEntry& entry = quality.entries[i];
    if (!taken_for_one && is_one_of(kOfOneImage, entry.rule)) continue;
    // Nodes of a skeleton may meet; rows of measurements speak of one object again and again.
    if (layer.kind == annotation::LayerKind::kGraph && entry.rule == "annotation/duplicate-geometry") continue;
    if (order.objects().empty() && entry.rule == "annotation/duplicate-id") continue;
    std::vector<std::string> places;
    for (std::size_t k = 1; k < entry.objects.size() && places.size() < kPlacesTold; ++k) {
      const std::string pointer = layer.pointer(entry.objects[k]);
      const auto line = layer.place_line[entry.objects[k]];
      places.push_back(!pointer.empty() ? pointer : line > 0 ? concat("line ", line) : std::string());
    }
    issues[i].received.clear();
    add(std::move(issues[i]), entry.count, places);
  }
}

void AnnotationFile::add(Issue issue, std::int64_t count, const std::vector<std::string>& places) {
  if (is_one_of(kAboutChoice, issue.rule) || is_one_of(kOfViewers, issue.rule)) return;
  if (is_one_of(kWorthKnowing, issue.rule)) issue.severity = Severity::kInfo;
  Tally& tally = tallies_[issue.rule];
  const std::string key = concat(place_of(issue), "\n", issue.message, "\n", issue.received);
  if (!tally.seen.insert(key).second) return;
  const std::string place = place_of(issue);
  if (tally.count == 0) {
    issue.file = path_;
    tally.first = std::move(issue);
  } else {
    // The worst stands for all.
    if (static_cast<int>(issue.severity) < static_cast<int>(tally.first.severity)) {
      issue.file = path_;
      std::swap(tally.first, issue);
    }
    if (!place.empty()) tally.places.push_back(place_of(issue));
  }
  tally.count += count;
  tally.places.insert(tally.places.end(), places.begin(), places.end());
}

AnnotationOutcome AnnotationFile::take() {
  for (auto& [rule, tally] : tallies_) {
    Issue& issue = tally.first;
    if (tally.count > 1) {
      issue.message += concat(" This is so ", tally.count, " times in the file");
      std::string names;
      std::size_t told = 0;
      for (const std::string& place : tally.places) {
        if (place.empty() || told == kPlacesTold) continue;
        names += concat(told++ == 0 ? "" : ", ", place);
      }
      if (told > 0) issue.message += concat(", also at ", names);
      if (told > 0 && static_cast<std::int64_t>(told) + 1 < tally.count) issue.message += " …";
      issue.message += ".";
    }
    outcome_.issues.push_back(std::move(issue));
  }
  tallies_.clear();
  return std::move(outcome_);
}

}  // namespace mifa::validate
