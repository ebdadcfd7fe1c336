#include "ome/opener.h"

#include <algorithm>
#include <utility>

#include "ome/concat.h"
#include "ome/key_path.h"
#include "ome/labels.h"
#include "ome/multiscale.h"
#include "ome/opener_state.h"

namespace mifa::ome {
namespace {

// Images tried by itself before giving up: a plate may lack its first wells' images.
constexpr int kMostImagesTried = 8;

}  // namespace

void Opener::State::show(Multiscale&& image) {
  dataset.image = std::move(image);
  image_ready = true;
  stage = Stage::kImageReady;
  if (scene && dataset.entry >= 0) to_learn.push_back(dataset.entry);
  if (lister && dataset.entry >= 0) name_entry(static_cast<std::size_t>(dataset.entry));
  auto names = node ? multiscale_names(node->group()) : std::vector<std::string>();
  if (names.size() < 2) names.clear();
  dataset.multiscales = std::move(names);
  dataset.multiscale = dataset.multiscales.empty() ? 0 : choice.multiscale;
}

// Reads what open_path and choice say.
void Opener::State::load() {
  dataset.image = {};
  dataset.labels.clear();
  entry_failed = false;
  image_ready = false;
  labels_complete = false;
  stage = Stage::kReading;
  const Plate* plate = dataset.plate ? &*dataset.plate : nullptr;
  node = open_path == base && root_group.document.exists()
             ? std::make_unique<NodeLoader>(context, base, root_group, choice)
             : std::make_unique<NodeLoader>(context, open_path, zarr_format, choice, plate);
  labels.reset();
  for (LaidOver& each : laid_over) {
    each.loader.reset();
    each.complete = false;
  }
}

void Opener::State::load_entry(int index) {
  dataset.entry = index;
  dataset.fields.clear();
  dataset.field = -1;
  open_path = dataset.entries[static_cast<std::size_t>(index)].path;
  choice = {};
  load();
}

void Opener::State::open_entry(int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= dataset.entries.size()) return;
  ledger.forget_retryable();
  chosen = true;
  images_tried = 0;
  load_entry(index);
}

void Opener::State::open_field(int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= dataset.fields.size()) return;
  ledger.forget_retryable();
  chosen = true;
  images_tried = kMostImagesTried;  // This one, and no other in its place.
  choice = {};
  choice.field = index;
  dataset.field = index;
  load();
}

void Opener::State::open_multiscale(int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= dataset.multiscales.size()) return;
  ledger.forget_retryable();
  chosen = true;
  images_tried = kMostImagesTried;
  choice.multiscale = index;
  dataset.multiscale = index;
  load();
}

// The next field of a well whose first ones cannot be shown.
bool Opener::State::try_next_field() {
  const auto next = static_cast<std::size_t>(choice.field) + 1;
  if (next >= dataset.fields.size() || images_tried >= kMostImagesTried) return false;
  choice.field = static_cast<int>(next);
  dataset.field = choice.field;
  load();
  return true;
}

// Opens the first entry, or the one after an entry that cannot be shown, as soon as it is listed.
void Opener::State::try_next_entry() {
  if (!decided || stage != Stage::kReading || (node && !entry_failed)) return;
  const auto next = static_cast<std::size_t>(dataset.entry + 1);
  const bool more = images_tried < kMostImagesTried && wells_tried < limits.maximum_wells;
  if (next < dataset.entries.size() && more) {
    if (dataset.plate && wells_tried > 0) {
      // Usually the first well is there; where wells are missing, more are asked for each time.
      const auto ahead = std::min<std::int64_t>(wells_tried + 1, limits.wells_at_once);
      const auto end = std::min(dataset.entries.size(), next + static_cast<std::size_t>(ahead));
      for (std::size_t i = next; i < end; ++i) {
        ledger.need(group_key(dataset.entries[i].path, zarr_format));
      }
    }
    load_entry(static_cast<int>(next));
  } else if (dataset.entry >= 0 && (entries_complete || !more)) {
    Error error = node->error();
    fail(std::move(error).within(
        concat("none of the first ", std::to_string(images_tried > 0 ? images_tried : wells_tried),
               (images_tried > 0 ? " images of " : " wells of "), name, " can be shown")));
  } else if (entries_complete) {
    fail({ErrorCode::kFixData,
          concat("expected at least one image in the plate, well or collection ", name,
                 ", received none that can be listed; see the issues")});
  }
}

void Opener::State::report_unreadable(int entry, const Error& error) {
  if (!unreadable.insert(entry).second) return;
  const auto index = static_cast<std::size_t>(entry);
  const bool well = index < well_places.size();
  log.tally(well ? well_places[index] : root_group.ome,
            {.rule = well ? "ome-zarr/well-missing" : "ome-zarr/entry-unreadable",
             .severity = Severity::kError,
             .message = concat(well ? "Wells" : "Images",
                               " that cannot be shown (the first: ", error.message, "):"),
             .expected = well ? "the well's metadata, and the images that it lists"
                              : "the image's metadata",
             .fix = "Upload what is missing, or take it off the list."},
            dataset.entries[index].name);
}

// The open entry or field is no good: the next is tried, unless a person chose this one.
void Opener::State::drop_open() {
  const Error& error = node->error();
  const bool in_well = !dataset.fields.empty();
  const bool read = in_well || node->group().document.exists();
  ++(read || !dataset.plate ? images_tried : wells_tried);
  const bool has_entry = dataset.entry >= 0;
  const std::string entry =
      has_entry ? dataset.entries[static_cast<std::size_t>(dataset.entry)].name : "";
  std::string what = entry;
  if (in_well && dataset.field >= 0) {
    what +=
        (what.empty() ? "" : ", ") + dataset.fields[static_cast<std::size_t>(dataset.field)].name;
  }
  if (has_entry && dataset.plate && !read) {
    report_unreadable(dataset.entry, error);
  } else if (!what.empty()) {
    log.at_file(node->path(),
                {.rule = "ome-zarr/entry-unreadable",
                 .severity = Severity::kError,
                 .message = concat(what, " cannot be shown: ", error.message, "."),
                 .expected = concat("an image at ", node->path()),
                 .fix = "Upload the image, or take it off the list."},
                error_code_name(error.code));
  }
  if (try_next_field()) return;
  if (has_entry && !chosen) {
    entry_failed = true;
    return;
  }
  Error last = error;
  fail(std::move(last).within(
      concat("while opening ", (what.empty() ? name : what + " of " + name))));
}

// True if there is something else to go on with at once.
bool Opener::State::advance_node() {
  if (!node || image_ready || entry_failed || stage == Stage::kFailed) return false;
  const Progress progress = node->advance();
  if (dataset.fields.empty() && !node->fields().empty()) {
    dataset.fields = node->fields();
    dataset.field = choice.field;
  }
  if (progress == Progress::kFailed) {
    drop_open();
    return stage == Stage::kReading;
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
    labels = std::make_unique<LabelsLoader>(context, node->path(), node->zarr_format());
    labels->ask_for_list();
  } else if (node->ready()) {
    LabelImage label = parse_image_label(node->group(), log);
    label.image = node->image();
    dataset.labels.push_back(std::move(label));
  }
}

void Opener::State::advance(const std::string& key) {
  while (!decided) {
    redirected = false;
    decide_root();
    if (!redirected) break;
  }
  bool again = decided;
  while (again) {
    if (lister && !entries_complete) {
      // The image's own keys go first; the rest of the list follows once it is ready.
      const bool first_only = stage == Stage::kReading && !entry_failed;
      entries_complete = lister->advance(dataset.entries, first_only);
    }
    try_next_entry();
    again = advance_node();
  }
  settle();
  advance_members(key);
}

// From the OME-XML, in its order, else from what is known of the image.
void Opener::State::name_entry(std::size_t index) {
  Entry& entry = dataset.entries[index];
  const JsonView images = ledger.need(key_in(base, kOmeXmlKey)).json["images"];
  auto text = images[static_cast<std::int64_t>(index)]["name"].string();
  if (!text || text->empty()) {
    const auto* reply = ledger.known(group_key(entry.path, zarr_format));
    if (!reply || !reply->found()) return;
    const GroupMetadata group = read_group_document(reply->json, zarr_format);
    text = group.ome["multiscales"][0]["name"].string();
  }
  if (text && !text->empty()) entry.name = *text;
}

// Names a collection's images. True once nothing can change the names any more.
bool Opener::State::name_entries() {
  if (!lister) return true;
  const bool waiting = ledger.need(key_in(base, kOmeXmlKey)).waiting();
  if (!waiting && !std::exchange(xml_read, true)) entries_named = 0;
  while (entries_named < dataset.entries.size()) name_entry(entries_named++);
  return !waiting;
}

void Opener::State::add_labels(const std::string& path, const std::string& label_name) {
  LaidOver added;
  added.path = path;
  added.name = label_name;
  laid_over.push_back(std::move(added));
  if (image_ready) settle();
}

// The masks that were laid over the image; true once all have come or failed.
bool Opener::State::advance_laid_over() {
  bool complete = true;
  for (LaidOver& each : laid_over) {
    if (each.complete) continue;
    if (!each.loader) each.loader = std::make_unique<NodeLoader>(context, each.path, 0);
    const Progress progress = each.loader->advance();
    if (progress == Progress::kWaiting) {
      complete = false;
      continue;
    }
    each.complete = true;
    if (progress == Progress::kFailed) {
      log.at_file(each.path,
                  {.rule = "viewer/labels-not-read",
                   .severity = Severity::kError,
                   .message = concat("The labels \"", each.name,
                                     "\" are not shown: ", each.loader->error().message, "."),
                   .expected = "a label image",
                   .fix = "Correct the address, or the file."},
                  error_code_name(each.loader->error().code));
      continue;
    }
    LabelImage label;
    if (each.loader->is_label_image()) label = parse_image_label(each.loader->group(), log);
    // The loader keeps its own: the same labels may be laid over the next image.
    label.image = each.loader->image();
    label.name = each.name;
    label.laid_over = true;
    dataset.labels.push_back(std::move(label));
  }
  return complete;
}

void Opener::State::settle() {
  if (scene && !scene_complete && scene->advance()) {
    scene_complete = true;
    dataset.scenes = scene->take_scenes();
  }
  if (!image_ready) return;
  // The list goes on growing after the first image was ready.
  if (lister && !entries_complete) entries_complete = lister->advance(dataset.entries, false);
  const bool named = name_entries();
  if (!labels_complete) labels_complete = !labels || labels->advance(dataset.labels);
  const bool laid = advance_laid_over();
  const bool complete =
      labels_complete && laid && entries_complete && named && (!scene || scene_complete);
  stage = complete ? Stage::kComplete : Stage::kImageReady;
}

void Opener::State::want_member(int entry, int level) {
  if (entry < 0 || static_cast<std::size_t>(entry) >= dataset.entries.size()) return;
  const Member* before = members.find(entry);
  if (before && before->state == Member::State::kFailed) ledger.forget_retryable();
  members.want(entry, dataset.entries[static_cast<std::size_t>(entry)].path, zarr_format, level);
  advance_members("");
}

void Opener::State::advance_members(const std::string& key) {
  members.advance(key);
  for (const int entry : members.take_finished()) {
    const Member& member = *members.find(entry);
    if (member.state == Member::State::kFailed) {
      report_unreadable(entry, member.error);
    } else if (scene) {
      to_learn.push_back(entry);
    }
  }
  if (!scene_complete) return;
  for (const int entry : std::exchange(to_learn, {})) {
    const Member* member = members.find(entry);
    const bool ready = member && member->state == Member::State::kReady;
    scene->learn(entry, ready ? member->image : dataset.image, dataset.scenes);
  }
}

Opener::Opener(std::string name, OpenerLimits limits)
    : state_(std::make_unique<State>(std::move(name), limits)) {
  for (const char* key : kRootKeys) state_->ledger.need(key);
}

Opener::~Opener() = default;

std::vector<std::string> Opener::take_requests() { return state_->ledger.take_requests(); }

void Opener::deliver_found(const std::string& key, std::span<const std::byte> bytes) {
  if (state_->ledger.found(key, bytes)) state_->advance(key);
}

void Opener::deliver_missing(const std::string& key) {
  if (state_->ledger.missing(key)) state_->advance(key);
}

void Opener::deliver_error(const std::string& key, const Error& error) {
  if (state_->ledger.failed(key, error)) state_->advance(key);
}

void Opener::open_entry(int index) {
  state_->open_entry(index);
  state_->advance("");
}

void Opener::open_field(int index) {
  state_->open_field(index);
  state_->advance("");
}

void Opener::open_multiscale(int index) {
  state_->open_multiscale(index);
  state_->advance("");
}

void Opener::add_labels(const std::string& path, const std::string& label_name) {
  state_->add_labels(path, label_name);
}

void Opener::want_member(int entry, int level) { state_->want_member(entry, level); }

const Member* Opener::member(int entry) const { return state_->members.find(entry); }

std::vector<std::string> Opener::take_listings() { return state_->listings.take_requests(); }

void Opener::deliver_listing(const std::string& folder, const std::vector<ListedEntry>& entries) {
  if (state_->listings.deliver(folder, &entries)) state_->advance("");
}

void Opener::deliver_unlisted(const std::string& folder) {
  if (state_->listings.deliver(folder, nullptr)) state_->advance("");
}

Opener::Stage Opener::stage() const { return state_->stage; }
const Dataset& Opener::dataset() const { return state_->dataset; }
const Error& Opener::failure() const { return state_->failure; }
const Issues& Opener::issues() const { return state_->log.issues(); }

}  // namespace mifa::ome
