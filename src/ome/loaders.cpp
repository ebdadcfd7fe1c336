#include "ome/loaders.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "ome/concat.h"
#include "ome/key_path.h"
#include "ome/labels.h"
#include "ome/omero.h"
#include "ome/parameter_array.h"
#include "ome/plate.h"

namespace mifa::ome {
std::string group_key(const std::string& path, int zarr_format) {
  return key_in(path, zarr_format == 3 ? "zarr.json" : ".zattrs");
}

std::vector<std::string> xarray_names(const JsonView& zattrs) {
  std::vector<std::string> names;
  const JsonView list = zattrs["_ARRAY_DIMENSIONS"];
  for (std::int64_t i = 0; i < std::min<std::int64_t>(list.size(), 32); ++i) {
    names.push_back(list[i].string().value_or(""));
  }
  return names;
}

GroupMetadata read_group_document(const JsonView& document, int zarr_format) {
  return zarr_format == 3 ? read_v3_group(document) : read_v2_group(document);
}

// --- ImageLoader ---

Progress ImageLoader::fail(Error error) {
  error_ = std::move(error);
  return progress_ = Progress::kFailed;
}

std::string ImageLoader::array_key(const DatasetPlan& dataset) const {
  return key_in(dataset.path, group_.zarr_format == 3 ? "zarr.json" : ".zarray");
}

bool ImageLoader::wanted(std::size_t dataset) const {
  const int last = static_cast<int>(plan_->datasets.size()) - 1;
  const auto is = [&](int level) { return std::min(level, last) == static_cast<int>(dataset); };
  return choice_.level < 0 || is(choice_.level) || std::any_of(levels_.begin(), levels_.end(), is);
}

void ImageLoader::want_level(int level) {
  if (choice_.level < 0) return;
  if (level < 0) {
    choice_.level = -1;
  } else if (!levels_.insert(level).second) {
    return;
  }
  if (progress_ == Progress::kReady) progress_ = Progress::kWaiting;
}

Progress ImageLoader::advance() {
  if (progress_ != Progress::kWaiting) return progress_;
  if (!plan_) {
    const JsonView where = group_.ome["multiscales"][choice_.multiscale];
    if (where["coordinateSystems"].exists() &&
        !read_parameters(context_.ledger, path_, group_.zarr_format, parameter_paths(where),
                         parameters_)) {
      return Progress::kWaiting;
    }
    auto plan = plan_multiscale(group_, path_, context_.limits, context_.log, choice_.multiscale,
                                parameters_);
    if (!plan) return fail(std::move(plan).error());
    plan_ = std::move(plan).value();
  }
  bool waiting = false;
  for (std::size_t i = 0; i < plan_->datasets.size(); ++i) {
    if (!wanted(i)) continue;
    waiting = context_.ledger.need(array_key(plan_->datasets[i])).waiting() || waiting;
  }
  return waiting ? Progress::kWaiting : finish();
}

std::optional<LevelArray> ImageLoader::read_array(std::size_t dataset) {
  const DatasetPlan& plan = plan_->datasets[dataset];
  const std::string key = array_key(plan);
  const KeyLedger::Reply& reply = context_.ledger.need(key);
  if (!reply.found()) {
    const bool missing = reply.state == KeyLedger::State::kMissing;
    Error trouble = context_.ledger.unreadable(key);
    context_.log.at(plan.where["path"],
                    {.rule = missing ? "ome-zarr/array-missing" : "ome-zarr/array-unreadable",
                     .severity = Severity::kError,
                     .message = concat("A level is left out: ", trouble.message, "."),
                     .expected = concat("a Zarr array with its metadata in ", key),
                     .fix = missing ? "Upload the array, or remove it from \"datasets\"."
                                    : "Make this file readable, or mend it."});
    if (!first_trouble_) first_trouble_ = std::move(trouble);
    return std::nullopt;
  }
  auto metadata = zarr::parse_array(reply.json);
  if (!metadata) {
    Error trouble = std::move(metadata).error();
    context_.log.at(reply.json, {.rule = "ome-zarr/array-metadata",
                                 .severity = Severity::kError,
                                 .message = concat("A level is left out: ", trouble.message, "."),
                                 .expected = "",
                                 .fix = ""});
    if (!first_trouble_) first_trouble_ = std::move(trouble);
    return std::nullopt;
  }
  LevelArray array;
  array.dataset = dataset;
  array.metadata = std::move(metadata).value();
  array.text = reply.json.text(SIZE_MAX);
  array.where = reply.json;
  return array;
}

Error ImageLoader::no_arrays() const {
  std::size_t first = 0;
  while (first + 1 < plan_->datasets.size() && !wanted(first)) ++first;
  const std::string key = array_key(plan_->datasets[first]);
  Error error = first_trouble_.value_or(Error{});
  if (error.code != ErrorCode::kMissing) {
    return std::move(error).within("none of the image's arrays can be shown");
  }
  error.message = concat(
      "expected the image's arrays (", key,
      (plan_->datasets.size() > 1 ? " and " + std::to_string(plan_->datasets.size() - 1) + " more"
                                  : ""),
      "), received none of them: they are not there; upload the arrays that "
      "\"datasets\" in ",
      plan_->where.file(), " lists");
  return error;
}

Progress ImageLoader::finish() {
  std::vector<LevelArray> arrays;
  for (std::size_t i = 0; i < plan_->datasets.size(); ++i) {
    if (!wanted(i)) continue;
    if (auto array = read_array(i)) arrays.push_back(std::move(array).value());
  }
  if (arrays.empty()) return fail(no_arrays());
  auto image = build_multiscale(*plan_, std::move(arrays), context_.log);
  if (!image) return fail(std::move(image).error());
  image_ = std::move(image).value();
  const Omero omero = parse_omero(group_, plan_->version.minor, context_.limits, context_.log);
  apply_omero(omero, image_, context_.limits, context_.log);
  return progress_ = Progress::kReady;
}

// --- NodeLoader ---

NodeLoader::NodeLoader(LoadContext context, std::string path, GroupMetadata group,
                       NodeChoice choice)
    : context_(context),
      path_(std::move(path)),
      zarr_format_(group.zarr_format),
      choice_(choice),
      group_(std::move(group)) {}

Progress NodeLoader::fail(Error error) {
  error_ = std::move(error);
  return progress_ = Progress::kFailed;
}

Multiscale& NodeLoader::image() { return is_array_ ? array_image_ : loader_->image(); }

void NodeLoader::want_level(int level) {
  if (loader_) {
    loader_->want_level(level);
    if (progress_ == Progress::kReady) progress_ = Progress::kWaiting;
  } else if (choice_.level != level) {
    choice_.level = -1;
  }
}

Progress NodeLoader::advance() {
  if (is_array_) return progress_ = Progress::kReady;
  if (progress_ != Progress::kWaiting) return progress_;
  if (!loader_) {
    const Progress progress = group_.document.exists() ? take_group() : read_group();
    if (!loader_) return progress;
  }
  progress_ = loader_->advance();
  if (progress_ == Progress::kFailed) error_ = loader_->error();
  return progress_;
}

const KeyLedger::Reply* NodeLoader::read_reply(std::string& key) {
  if (zarr_format_ != 0) {
    key = group_key(path_, zarr_format_);
    const KeyLedger::Reply& reply = context_.ledger.need(key);
    return reply.waiting() ? nullptr : &reply;
  }
  // Consolidated metadata, or a listing's reader, knows one of the two already.
  for (const int format : {3, 2}) {
    key = group_key(path_, format);
    const KeyLedger::Reply* known = context_.ledger.known(key);
    if (!known || !known->found()) continue;
    if (format == 2) return array_beside(*known, key);
    zarr_format_ = format;
    return known;
  }
  const KeyLedger::Reply& v3 = context_.ledger.need(group_key(path_, 3));
  const KeyLedger::Reply& v2 = context_.ledger.need(group_key(path_, 2));
  if (v3.waiting() || v2.waiting()) return nullptr;
  if (v2.found()) return array_beside(v2, key);
  const std::string array_key = key_in(path_, ".zarray");
  const KeyLedger::Reply& array = context_.ledger.need(array_key);
  if (array.waiting()) return nullptr;
  zarr_format_ = 2;
  if (array.found()) key = array_key;
  return array.found() ? &array : &v2;
}

// Attributes alone say nothing: they may be those of an array.
const KeyLedger::Reply* NodeLoader::array_beside(const KeyLedger::Reply& zattrs, std::string& key) {
  if (read_v2_group(zattrs.json).content == Content::kNone) {
    const std::string array_key = key_in(path_, ".zarray");
    const KeyLedger::Reply& array = context_.ledger.need(array_key);
    if (array.waiting()) return nullptr;
    if (array.found()) {
      zarr_format_ = 2;
      key = array_key;
      return &array;
    }
  }
  zarr_format_ = 2;
  return &zattrs;
}

Progress NodeLoader::read_group() {
  std::string key;
  const KeyLedger::Reply* reply = read_reply(key);
  if (!reply) return Progress::kWaiting;
  if (!reply->found()) return fail(context_.ledger.unreadable(key));
  if (zarr_format_ == 3) {
    context_.ledger.consolidate_v3(path_, reply->json);
    if (auto known = zarr::check_extensions(reply->json); !known) {
      return fail(std::move(known).error());
    }
  }
  group_ = read_group_document(reply->json, zarr_format_);
  return take_group();
}

Progress NodeLoader::take_group() {
  std::string next;
  constexpr int kDeepest = 3;  // a plate, a well, a field
  switch (followed_++ < kDeepest ? group_.content : Content::kNone) {
    case Content::kArray:
      return read_array(group_.document);
    case Content::kImage:
      loader_.emplace(context_, path_, group_, choice_);
      return Progress::kWaiting;
    case Content::kPlate: {
      const auto plan = parse_plate(group_, path_, context_.limits, context_.log);
      if (!plan.entries.empty()) next = plan.entries.front().path;
      break;
    }
    case Content::kWell: {
      fields_ = parse_well(group_, path_, plate_, context_.limits, context_.log);
      const auto field = static_cast<std::size_t>(choice_.field);
      if (!fields_.empty()) next = fields_[std::min(field, fields_.size() - 1)].path;
      break;
    }
    case Content::kSeries:
      next = key_in(path_, "0");
      break;
    default:
      return fail(
          {ErrorCode::kFixData, concat("expected \"multiscales\" in ", group_.document.file(),
                                       ", received ", group_.ome.describe(), " without it")});
  }
  if (next.empty()) {
    return fail({ErrorCode::kFixData, concat("expected a well with images in ",
                                             group_.document.file(), ", received none")});
  }
  path_ = next;
  group_ = {};
  return read_group();
}

Progress NodeLoader::read_array(const JsonView& document) {
  auto metadata = zarr::parse_array(document);
  if (!metadata) return fail(std::move(metadata).error());
  const KeyLedger::Reply* zattrs = context_.ledger.known(key_in(path_, ".zattrs"));
  auto image =
      build_array_image(path_, {0, std::move(metadata).value(), document.text(SIZE_MAX), document},
                        xarray_names(zattrs ? zattrs->json : JsonView()));
  if (!image) return fail(std::move(image).error());
  array_image_ = std::move(image).value();
  apply_omero({}, array_image_, context_.limits, context_.log);
  is_array_ = true;
  return progress_ = Progress::kReady;
}

// --- LabelsLoader ---

LabelsLoader::LabelsLoader(LoadContext context, const std::string& image_path, int zarr_format)
    : context_(context), path_(key_in(image_path, "labels")), zarr_format_(zarr_format) {}

void LabelsLoader::ask_for_list() {
  // Labels are often added after the metadata was consolidated: what it says is not trusted here.
  context_.ledger.need(group_key(path_, zarr_format_));
}

void LabelsLoader::read_list() {
  const std::string key = group_key(path_, zarr_format_);
  const KeyLedger::Reply& reply = context_.ledger.need(key);
  if (reply.waiting()) return;
  listed_ = true;
  if (reply.found()) {
    if (zarr_format_ == 3) context_.ledger.consolidate_v3(path_, reply.json);
    const GroupMetadata group = read_group_document(reply.json, zarr_format_);
    // Misplaced like the image's own metadata, which has its issue already.
    const bool misplaced = zarr_format_ == 3 && !group.ome["labels"].exists();
    GroupMetadata list = group;
    if (misplaced) list.ome = group.document["attributes"];
    for (const std::string& path : parse_label_list(list, path_, context_.limits, context_.log)) {
      loaders_.push_back(std::make_unique<NodeLoader>(context_, path, zarr_format_));
    }
    return;
  }
  // Most images have no labels; some servers refuse instead of saying so, or answer with a page.
  if (reply.state == KeyLedger::State::kMissing || reply.web_page) return;
  const bool refused = reply.error.code == ErrorCode::kForbidden;
  context_.log.at_file(
      key,
      {.rule = "ome-zarr/labels-unreadable",
       .severity = refused ? Severity::kInfo : Severity::kWarning,
       .message = refused ? "Whether there are labels is not known: the server refuses to "
                            "say. (It may answer so for files that are not there.)"
                          : concat("Labels are not shown: ", reply.error.message, "."),
       .expected = "the list of label images, or the answer 404",
       .fix = refused ? "Let the server answer 404 for what is not there (for S3: allow "
                        "s3:ListBucket)."
                      : "Mend the file, or try again."},
      error_code_name(reply.error.code));
}

bool LabelsLoader::advance(std::vector<LabelImage>& labels) {
  if (!listed_) read_list();
  if (!listed_) return false;
  for (const auto& loader : loaders_) loader->advance();
  while (next_ < loaders_.size()) {
    NodeLoader& loader = *loaders_[next_];
    const Progress progress = loader.advance();
    if (progress == Progress::kWaiting) return false;
    ++next_;
    const JsonView place = loader.group().ome;
    if (progress == Progress::kFailed) {
      const std::string message =
          concat("A label image is not shown: ", loader.error().message, ".");
      context_.log.at_file(group_key(path_, zarr_format_),
                           {.rule = "ome-zarr/label-image",
                            .severity = Severity::kError,
                            .message = message,
                            .expected = "a multiscale image at each listed path",
                            .fix = "Upload the label image, or take it off the list."},
                           error_code_name(loader.error().code));
      continue;
    }
    if (!check_label_type(loader.image(), place, context_.log)) continue;
    LabelImage label = parse_image_label(loader.group(), context_.log);
    label.image = std::move(loader.image());
    labels.push_back(std::move(label));
  }
  return true;
}

}  // namespace mifa::ome
