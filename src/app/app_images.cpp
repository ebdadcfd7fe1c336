// App: which images of the dataset are shown, and how they come into the scene.
#include <algorithm>
#include <utility>

#include "app/app.h"
#include "app/label_fit.h"

namespace mifa::app {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

bool within(int index, std::size_t count) { return index >= 0 && at(index) < count; }

}  // namespace

void App::open(const std::string& name) {
  name_ = name;
  opener_ = std::make_unique<ome::Opener>(name);
  metadata_ = std::make_unique<MetadataReader>(limits_, metadata_ ? metadata_->last_ticket() : 0);
  own_issues_.clear();
  colorings_.clear();
  chosen_entry_ = -1;
  overview_ = true;
  start_image();
}

void App::open_entry(int index) {
  if (!opener_ || !within(index, opener_->dataset().entries.size())) return;
  chosen_entry_ = index;
  overview_ = false;
  opener_->open_entry(index);
  start_image();
}

void App::open_field(int index) {
  if (!opener_ || !within(index, opener_->dataset().fields.size())) return;
  overview_ = false;
  opener_->open_field(index);
  start_image();
}

void App::open_multiscale(int index) {
  if (!opener_ || !within(index, opener_->dataset().multiscales.size())) return;
  opener_->open_multiscale(index);
  start_image();
}

void App::lay_over(const std::string& path, const std::string& name) {
  if (!opener_) return;
  opener_->add_labels(path, name);
  invalidate();
  state_changed();
}

void App::show_overview() {
  if (!opener_ || !has_overview() || (overview_ && !scene_failure_)) return;
  // What failed by itself is not in the way of the others.
  if (opener_->stage() == ome::Opener::Stage::kFailed) {
    open(name_);
    return;
  }
  overview_ = true;
  chosen_entry_ = -1;
  start_image();
}

void App::set_system(int index) {
  if (!opener_ || !within(index, systems().size()) || index == system_) return;
  start_image();
  system_ = index;
}

bool App::has_overview() const {
  if (!opener_) return false;
  const ome::Dataset& dataset = opener_->dataset();
  return (dataset.plate && dataset.plate->wells.size() > 1) || !dataset.scenes.empty();
}

std::vector<std::string> App::systems() const {
  std::vector<std::string> names;
  if (!opener_) return names;
  const ome::Dataset& dataset = opener_->dataset();
  if (overview_ && dataset.plate) return names;
  if (overview_ && !dataset.scenes.empty()) {
    for (const ome::SceneView& scene : dataset.scenes) names.push_back(scene.system);
    return names;
  }
  if (dataset.image.placements.empty()) return names;
  names.push_back(dataset.image.system.empty() ? "its own" : dataset.image.system);
  for (const ome::Placement& placement : dataset.image.placements)
    names.push_back(placement.system);
  return names;
}

// Clears what belonged to the last image; the next one is shown when it is ready.
void App::start_image() {
  image_started_ = false;
  std::erase_if(commands_, [](const Command& command) {
    return !std::holds_alternative<ReadMetadata>(command) &&
           !std::holds_alternative<ListFolder>(command) &&
           !std::holds_alternative<RequestShapes>(command) &&
           !std::holds_alternative<DropShapes>(command);
  });
  commands_.push_back(ForgetChunks{});
  chunks_.clear();
  tiles_.clear();
  scene_ = {};
  plan_ = {};
  arrangement_.reset();
  placement_.reset();
  system_ = -1;
  contrast_base_ += static_cast<int>(contrast_.size());
  contrast_.clear();
  ++probe_request_;
  failures_.clear();
  arrays_.clear();
  probe_.clear();
  readout_ = {};
  scene_failure_.reset();
  labels_seen_ = 0;
  hovered_layer_ = hovered_cell_ = -1;
  user_moved_ = false;
  prefetch_axis_ = -1;
  invalidate();
  state_changed();
}

void App::note(const char* rule, Severity severity, std::string message, std::string file) {
  Issue issue;
  issue.rule = rule;
  issue.severity = severity;
  issue.message = std::move(message);
  issue.file = std::move(file);
  const bool known = std::any_of(own_issues_.begin(), own_issues_.end(), [&](const Issue& each) {
    return each.rule == issue.rule && each.file == issue.file && each.message == issue.message;
  });
  if (known) return;
  own_issues_.push_back(std::move(issue));
  state_changed();
}

// The open image as it lies in the plane that is shown.
SourcePlace App::place_open_image() {
  const ome::Dataset& dataset = opener_->dataset();
  const SourcePlace as_it_is{dataset.image, {}};
  if (overview_ && dataset.plate && has_overview()) {
    arrangement_ = Arrangement::of_plate(dataset, own_rect(dataset.image));
    return *arrangement_->place_of(dataset, dataset.entry, dataset.image);
  }
  const bool joined = overview_ && !dataset.scenes.empty();
  if (system_ < 0) system_ = joined ? 0 : dataset.image.placement + 1;
  Result<SourcePlace> place = as_it_is;
  if (joined) {
    arrangement_ = Arrangement::of_scene(dataset, system_);
    place = arrangement_->place_of(dataset, dataset.entry, dataset.image);
    if (const auto* found = arrangement_->placement_of(dataset, dataset.entry)) placement_ = *found;
  } else if (system_ > 0 && at(system_) <= dataset.image.placements.size()) {
    placement_ = dataset.image.placements[at(system_ - 1)];
    place = place_image(dataset.image, *placement_);
  }
  if (place) return *std::move(place);
  note("viewer/system-not-shown", Severity::kWarning,
       "The image is shown in its own coordinate system: " + place.error().message + ".",
       dataset.image.path);
  arrangement_.reset();
  placement_.reset();
  system_ = -1;
  return as_it_is;
}

void App::show_image() {
  const ome::Dataset& dataset = opener_->dataset();
  image_started_ = true;
  scenes_known_ = !dataset.scenes.empty();
  state_changed();
  const SourcePlace place = place_open_image();
  auto scene = build_scene(place, dataset.kind == ome::NodeKind::kLabelImage, limits_);
  if (!scene) {
    scene_failure_ = std::move(scene).error();
    arrangement_.reset();
    return;
  }
  scene_ = *std::move(scene);
  if (arrangement_) {
    arrangement_->start(dataset.entry);
    scene_.apart = arrangement_->is_plate();
  }
  register_arrays();
  set_content();
  camera_.fit(panels_.margins());
  contrast_ = contrast_tasks(scene_, limits_);
  rebuild_interface();
}

void App::set_content() {
  const view::Source& first = scene_.sources.front();
  const view::TileGrid& grid = first.grid(0);
  const view::Rect bounds = arrangement_ ? arrangement_->bounds(scene_) : first.bounds();
  camera_.set_content(bounds, std::min(grid.scale[0], grid.scale[1]) / first.own_per_world());
}

// Images of a plate or scene that have come into view, or whose metadata has come.
void App::update_arrangement() {
  if (!arrangement_ || scene_.sources.empty()) return;
  std::vector<std::string> failures;
  const auto added = arrangement_->update(*opener_, scene_, camera_, limits_, failures);
  for (const std::string& failure : failures) {
    note("viewer/image-not-shown", Severity::kWarning, failure, "");
  }
  if (added.empty() && failures.empty()) return;
  register_arrays();
  if (!arrangement_->is_plate()) set_content();
  invalidate();
  state_changed();
}

void App::add_labels() {
  const auto& labels = opener_->dataset().labels;
  // The labels of one well say little about the others.
  if (scene_.sources.empty() || (arrangement_ && arrangement_->is_plate())) return;
  for (; labels_seen_ < labels.size(); ++labels_seen_) {
    std::optional<Placed> placed;
    const ome::Multiscale& image = opener_->dataset().image;
    if (placement_) placed.emplace(Placed{image, *placement_});
    ome::LabelImage label = labels[labels_seen_];
    if (label.laid_over) {
      for (const std::string& sentence : fit_label(label, image)) {
        note("viewer/labels-fit", Severity::kWarning,
             "The mask \"" + label.name + "\" " + sentence + ".", label.name);
      }
    }
    const std::size_t before = scene_.labels.size();
    const auto added = add_label(scene_, label, placed ? &*placed : nullptr, limits_);
    if (added) {
      for (std::size_t i = before; i < scene_.labels.size(); ++i) {
        if (scene_.labels[i].kind == view::LabelKind::kProbability) {
          contrast_.push_back(range_task(scene_, static_cast<int>(i)));
        }
      }
      register_arrays();
      rebuild_interface();
    } else {
      note("viewer/label-not-shown", Severity::kWarning, added.error().message,
           labels[labels_seen_].image.path);
    }
    invalidate();
    state_changed();
  }
}

// Tells the host of the arrays of sources that are new.
void App::register_arrays() {
  while (arrays_.size() < scene_.sources.size()) {
    const view::Source& source = scene_.sources[arrays_.size()];
    arrays_.push_back(next_array_);
    for (int level = 0; level < source.levels(); ++level) {
      const ome::Level& info = source.image().levels[at(level)];
      const char* file = info.array.zarr_format == 3 ? "zarr.json" : ".zarray";
      commands_.push_back(RegisterArray{
          next_array_++, info.array.data_type, info.path.empty() ? file : info.path + "/" + file,
          info.metadata_text, source.decode_order(),
          source.shards(level) ? std::optional(*source.shards(level)) : std::nullopt});
    }
  }
}

void App::pull_metadata(double now) {
  if (!opener_) return;
  // After a retry, as soon as the entry that was open is listed again.
  const ome::Dataset& dataset = opener_->dataset();
  if (chosen_entry_ >= 0 && dataset.entry != chosen_entry_ &&
      within(chosen_entry_, dataset.entries.size())) {
    open_entry(chosen_entry_);
  }
  const auto stage = opener_->stage();
  const bool ready =
      stage == ome::Opener::Stage::kImageReady || stage == ome::Opener::Stage::kComplete;
  // The other images of a scene may be known later than its first one.
  if (ready && image_started_ && overview_ && !scenes_known_ && !dataset.scenes.empty()) {
    start_image();
  }
  if (ready && !image_started_) show_image();
  if (ready) {
    update_arrangement();
    add_labels();
  }
  for (ReadMetadata& read : metadata_->update(*opener_, now)) commands_.push_back(std::move(read));
  for (std::string& folder : opener_->take_listings()) {
    commands_.push_back(ListFolder{std::move(folder)});
  }
}

void App::folder_listed(const std::string& folder,
                        const std::vector<ome::Opener::ListedEntry>& entries) {
  if (opener_) opener_->deliver_listing(folder, entries);
  invalidate();
  state_changed();
}

void App::folder_unlisted(const std::string& folder) {
  if (opener_) opener_->deliver_unlisted(folder);
  invalidate();
  state_changed();
}

}  // namespace mifa::app
