#include "ome/opener.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ome/collection.h"
#include "ome/failure.h"
#include "ome/group.h"
#include "ome/labels.h"
#include "ome/loaders.h"
#include "ome/omero.h"
#include "ome/plate.h"

namespace mifa::ome {

using Reply = KeyLedger::Reply;

struct Opener::State {
  State(std::string dataset_name, OpenerLimits opener_limits)
      : name(std::move(dataset_name)),
        limits(opener_limits),
        ledger(limits.maximum_document_bytes),
        log(limits.maximum_issues, limits.issues_per_rule),
        context{ledger, log, limits} {}

  void advance();
  void open_entry(int index);

  // The root.
  void decide_root();
  void decide_without_ome(const GroupMetadata& plain, const Reply& v3);
  bool start_group(const GroupMetadata& group);
  void start_array(const JsonView& document);
  void fail(Error error);

  // What is open.
  void load_entry(int index);
  void try_next_entry();
  bool advance_node();
  void read_labels_of_node();
  void show(Multiscale&& image);
  void drop_entry();
  void settle();

  std::string name;
  OpenerLimits limits;
  KeyLedger ledger;
  IssueLog log;
  LoadContext context;

  Stage stage = Stage::kReading;
  Error failure;
  Dataset dataset;
  bool decided = false;
  int zarr_format = 2;
  std::unique_ptr<EntryLister> lister;
  bool entries_complete = false;
  bool entry_chosen = false;  // By the user: then a failure is not skipped over.
  bool entry_failed = false;  // The open entry cannot be shown; the next is to be tried.
  int entries_tried = 0;
  std::unique_ptr<NodeLoader> node;
  std::unique_ptr<LabelsLoader> labels;
  bool image_ready = false;
  bool labels_complete = false;
};

namespace {

// Entries tried by itself before giving up: a plate may lack its first wells' images.
constexpr int kMostEntriesTried = 8;

// The dimension names xarray writes into a v2 array's .zattrs.
std::vector<std::string> xarray_names(const JsonView& zattrs) {
  std::vector<std::string> names;
  const JsonView list = zattrs["_ARRAY_DIMENSIONS"];
  for (std::int64_t i = 0; i < std::min<std::int64_t>(list.size(), 32); ++i) {
    names.push_back(list[i].string().value_or(""));
  }
  return names;
}

bool is_v3_document(const Reply& reply) {
  return reply.found() &&
         (reply.json["node_type"].is_string() || reply.json["zarr_format"].integer() == 3);
}

}  // namespace

void Opener::State::fail(Error error) {
  decided = true;
  stage = Stage::kFailed;
  failure = std::move(error);
}

// zarr.json decides as soon as it is there; .zattrs once .zmetadata has answered too.
void Opener::State::decide_root() {
  const Reply& v3 = ledger.need("zarr.json");
  const Reply& zattrs = ledger.need(".zattrs");
  const Reply& zmetadata = ledger.need(".zmetadata");
  GroupMetadata plain;
  if (is_v3_document(v3)) {
    zarr_format = 3;
    ledger.consolidate_v3("", v3.json);
    plain = read_v3_group(v3.json);
    if (plain.content == Content::kArray) return start_array(v3.json);
    if (start_group(plain)) return;
  }
  if (zattrs.waiting() || zmetadata.waiting()) return;
  if (zmetadata.found()) ledger.consolidate_v2(zmetadata.json);
  // Some servers do not serve hidden files singly: .zmetadata holds them all.
  const JsonView listed = zmetadata.json["metadata"][".zattrs"];
  const JsonView attributes = zattrs.found() ? zattrs.json : listed;
  if (attributes.exists()) {
    const GroupMetadata group = read_v2_group(attributes);
    zarr_format = 2;
    if (start_group(group)) return;
    if (!is_v3_document(v3)) plain = group;
  }
  if (v3.waiting()) return;
  decide_without_ome(plain, v3);
}

// All root keys answered, and none of them leads to something to show.
void Opener::State::decide_without_ome(const GroupMetadata& plain, const Reply& v3) {
  dataset.kind = NodeKind::kGroup;
  if (is_v3_document(v3)) return fail(not_an_image(name, plain));
  if (v3.found() && !plain.document.exists()) {
    return fail(v3.json.mismatch("an object with \"zarr_format\": 3 and \"node_type\""));
  }
  const Reply& zattrs = ledger.need(".zattrs");
  const Reply& zmetadata = ledger.need(".zmetadata");
  const auto failed_for = [](const Reply& reply, ErrorCode code) {
    return reply.state == KeyLedger::State::kFailed && reply.error.code == code;
  };
  const bool offline = failed_for(v3, ErrorCode::kRetry) && failed_for(zattrs, ErrorCode::kRetry) &&
                       failed_for(zmetadata, ErrorCode::kRetry);
  // More questions to a server that does not answer would only keep the user waiting.
  if (offline) return fail(nothing_readable(name, v3));
  const Reply& zarray = ledger.need(".zarray");
  const Reply& zgroup = ledger.need(".zgroup");
  if (zarray.found()) {
    zarr_format = 2;
    return start_array(zarray.json);
  }
  if (zarray.waiting() || zgroup.waiting()) return;
  // What says most: a file that is there but broken, then a refusal, then silence.
  const Reply* const replies[] = {&zattrs, &v3, &zmetadata, &zarray, &zgroup};
  for (const ErrorCode code : {ErrorCode::kLimit, ErrorCode::kFixData, ErrorCode::kUnsupported}) {
    for (const Reply* reply : replies) {
      if (!failed_for(*reply, code) || reply->web_page) continue;
      log.at_file(reply == &zattrs ? ".zattrs"
                  : reply == &v3   ? "zarr.json"
                                   : "",
                  {.rule = "ome-zarr/json",
                   .severity = Severity::kError,
                   .message = reply->error.message + ".",
                   .expected = "a JSON object",
                   .fix = "Write the file again."});
      return fail(nothing_readable(name, *reply));
    }
  }
  if (plain.document.exists() || zgroup.found()) return fail(not_an_image(name, plain));
  for (const ErrorCode code : {ErrorCode::kForbidden, ErrorCode::kRetry, ErrorCode::kFixData}) {
    for (const Reply* reply : replies) {
      if (failed_for(*reply, code)) return fail(nothing_readable(name, *reply));
    }
  }
  dataset.kind = NodeKind::kUnknown;
  fail(nothing_found(name));
}

// True if the group is something this program can start on (or knows it cannot show).
bool Opener::State::start_group(const GroupMetadata& group) {
  switch (group.content) {
    case Content::kNone:
    case Content::kArray:
      return false;
    case Content::kImage:
      dataset.kind = group.ome["image-label"].exists() ? NodeKind::kLabelImage : NodeKind::kImage;
      node = std::make_unique<NodeLoader>(context, "", group);
      break;
    case Content::kPlate:
      dataset.kind = NodeKind::kPlate;
      lister = list_plate(context, parse_plate(group, "", limits, log), group.zarr_format);
      break;
    case Content::kWell:
      dataset.kind = NodeKind::kWell;
      lister = list_known(parse_well(group, {"", "", {}}, limits, log));
      break;
    case Content::kSeries:
      dataset.kind = NodeKind::kCollection;
      lister = list_series(context, group.zarr_format);
      break;
    default:
      dataset.kind = NodeKind::kGroup;
      zarr_format = group.zarr_format;
      fail(not_an_image(name, group));
      return true;
  }
  zarr_format = group.zarr_format;
  decided = true;
  return true;
}

void Opener::State::start_array(const JsonView& document) {
  dataset.kind = NodeKind::kArray;
  auto metadata = zarr::parse_array(document);
  if (!metadata) {
    Error error = std::move(metadata).error();
    log.at(document, {.rule = "ome-zarr/array-metadata",
                      .severity = Severity::kError,
                      .message = error.message + ".",
                      .expected = "",
                      .fix = ""});
    return fail(std::move(error).within("while opening the array " + name));
  }
  const Reply& zattrs = ledger.need(".zattrs");
  auto image =
      build_array_image("", {0, std::move(metadata).value(), document.text(SIZE_MAX), document},
                        xarray_names(zattrs.json));
  if (!image) return fail(std::move(image).error().within("while opening the array " + name));
  log.at_file(document.file(),
              {.rule = "ome-zarr/bare-array",
               .severity = Severity::kInfo,
               .message = "This is a single Zarr array: it has no channel names, pixel sizes or "
                          "resolution levels. If it is a part of an OME-Zarr image, open the "
                          "folder above it.",
               .expected = "",
               .fix = ""});
  decided = true;
  labels_complete = true;
  apply_omero({}, *image, limits, log);
  show(std::move(image).value());
}

void Opener::State::show(Multiscale&& image) {
  dataset.image = std::move(image);
  image_ready = true;
  stage = Stage::kImageReady;
}

void Opener::State::load_entry(int index) {
  const Entry& entry = dataset.entries[static_cast<std::size_t>(index)];
  dataset.entry = index;
  dataset.image = {};
  dataset.labels.clear();
  entry_failed = false;
  image_ready = false;
  labels_complete = false;
  stage = Stage::kReading;
  node = std::make_unique<NodeLoader>(context, entry.path, zarr_format);
  labels.reset();
  ++entries_tried;
}

void Opener::State::open_entry(int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= dataset.entries.size()) return;
  ledger.forget_retryable();
  entry_chosen = true;
  load_entry(index);
}

// Opens the first entry, or the one after an entry that cannot be shown, as soon as it is listed.
void Opener::State::try_next_entry() {
  if (!lister || stage != Stage::kReading || (dataset.entry >= 0 && !entry_failed)) return;
  const auto next = static_cast<std::size_t>(dataset.entry + 1);
  if (next < dataset.entries.size() && entries_tried < kMostEntriesTried) {
    load_entry(static_cast<int>(next));
  } else if (dataset.entry >= 0 && (entries_complete || entries_tried >= kMostEntriesTried)) {
    Error error = node->error();
    fail(std::move(error).within("none of the first " + std::to_string(entries_tried) +
                                 " images of " + name + " can be shown"));
  } else if (entries_complete) {
    fail({ErrorCode::kFixData, "expected at least one image in the plate, well or collection " +
                                   name + ", received none that can be listed; see the issues"});
  }
}

void Opener::State::drop_entry() {
  const Entry& entry = dataset.entries[static_cast<std::size_t>(dataset.entry)];
  log.at_file(entry.path,
              {.rule = "ome-zarr/entry-unreadable",
               .severity = Severity::kError,
               .message = entry.name + " cannot be shown: " + node->error().message + ".",
               .expected = "an image at " + entry.path,
               .fix = "Upload the image, or take it off the list."},
              error_code_name(node->error().code));
  if (!entry_chosen) {
    entry_failed = true;
    return;
  }
  Error error = node->error();
  fail(std::move(error).within("while opening " + entry.name + " of " + name));
}

// True if the open entry was just found to be no good.
bool Opener::State::advance_node() {
  if (!node || image_ready || entry_failed || stage == Stage::kFailed) return false;
  const Progress progress = node->advance();
  if (progress == Progress::kFailed) {
    if (dataset.entry >= 0) {
      drop_entry();
      return true;
    }
    Error error = node->error();
    fail(std::move(error).within("while opening " + name));
    return false;
  }
  read_labels_of_node();
  if (progress == Progress::kReady) show(std::move(node->image()));
  return false;
}

// The list of labels is asked for together with the arrays, after them.
void Opener::State::read_labels_of_node() {
  if (node->group().content != Content::kImage) return;
  if (!node->is_label_image()) {
    if (labels) return;
    labels = std::make_unique<LabelsLoader>(context, node->path(), zarr_format);
    labels->ask_for_list();
  } else if (node->ready()) {
    LabelImage label = parse_image_label(node->group(), log);
    label.image = node->image();
    dataset.labels.push_back(std::move(label));
  }
}

// Goes on until nothing more can be done without a reply.
void Opener::State::advance() {
  if (!decided) decide_root();
  if (!decided) return;
  bool again = true;
  while (again) {
    if (lister && !entries_complete) {
      // The image's own keys go first; the rest of the list follows once it is ready.
      const bool first_only = stage == Stage::kReading && !entry_failed;
      entries_complete = lister->advance(dataset.entries, first_only);
    }
    try_next_entry();
    again = advance_node() && stage == Stage::kReading;
  }
  settle();
}

void Opener::State::settle() {
  if (!image_ready) return;
  // The list goes on growing after the first image was ready.
  if (lister && !entries_complete) entries_complete = lister->advance(dataset.entries, false);
  if (!labels_complete) labels_complete = !labels || labels->advance(dataset.labels);
  const bool complete = labels_complete && (!lister || entries_complete);
  stage = complete ? Stage::kComplete : Stage::kImageReady;
}

Opener::Opener(std::string name, OpenerLimits limits)
    : state_(std::make_unique<State>(std::move(name), limits)) {
  for (const char* key : kRootKeys) state_->ledger.need(key);
}

Opener::~Opener() = default;

std::vector<std::string> Opener::take_requests() { return state_->ledger.take_requests(); }

void Opener::deliver_found(const std::string& key, std::span<const std::byte> bytes) {
  if (state_->ledger.found(key, bytes)) state_->advance();
}

void Opener::deliver_missing(const std::string& key) {
  if (state_->ledger.missing(key)) state_->advance();
}

void Opener::deliver_error(const std::string& key, const Error& error) {
  if (state_->ledger.failed(key, error)) state_->advance();
}

void Opener::open_entry(int index) {
  state_->open_entry(index);
  state_->advance();
}

// To be filled in.
void Opener::open_field(int) {}
void Opener::open_multiscale(int) {}
void Opener::want_member(int, int) {}
const Member* Opener::member(int) const { return nullptr; }
std::vector<std::string> Opener::take_listings() { return {}; }
void Opener::deliver_listing(const std::string&, const std::vector<ListedEntry>&) {}
void Opener::deliver_unlisted(const std::string&) {}

Opener::Stage Opener::stage() const { return state_->stage; }
const Dataset& Opener::dataset() const { return state_->dataset; }
const Error& Opener::failure() const { return state_->failure; }
const Issues& Opener::issues() const { return state_->log.issues(); }

}  // namespace mifa::ome
