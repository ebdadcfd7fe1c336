#include "app/app.h"

#include <algorithm>
#include <cmath>

#include "ome/unit.h"

namespace mifa::app {
namespace {

// After the last move, the view counts as idle.
constexpr double kIdleAfterMs = 250;
// Different reasons of one code that are told; the chunks of others are counted with the first.
constexpr int kReasonsOfCode = 3;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

// What a message says whatever chunk it is about.
std::string reason(std::string message, const std::string& path) {
  const std::size_t found = path.empty() ? std::string::npos : message.find(path);
  if (found != std::string::npos) message.erase(found, path.size());
  return message;
}

}  // namespace

App::App(const view::Limits& limits) : limits_(limits), chunks_(limits), tiles_(limits), vectors_(limits) {}

void App::resize(int width, int height, double pixel_ratio) {
  camera_.resize(width, height);
  pixel_ratio_ = pixel_ratio;
  if (panels_.resize(width, height, pixel_ratio)) font_changed_ = true;
  if (!user_moved_) camera_.fit(panels_.margins());
  invalidate();
  rebuild_interface();
}

void App::view_changed(bool by_user) {
  user_moved_ = user_moved_ || by_user;
  moved_ = true;
  invalidate();
  state_changed();
}

void App::fit() {
  camera_.fit(panels_.margins());
  user_moved_ = false;
  view_changed(false);
}

void App::look_at(double u, double v, double world_per_pixel) {
  camera_.look_at(u, v, world_per_pixel);
  view_changed(true);
}

void App::set_position(int axis, std::int64_t value) {
  if (scene_.sources.empty() || axis < 0 || at(axis) >= scene_.position.size()) return;
  const std::int64_t last = scene_.sources.front().image().extent(axis) - 1;
  scene_.position[at(axis)] = std::clamp<std::int64_t>(value, 0, std::max<std::int64_t>(last, 0));
  prefetch_axis_ = axis;
  moved_ = true;
  interface_frames_ = std::max(interface_frames_, 1);
  invalidate();
  state_changed();
}

void App::set_channel(const ui::ChannelEdit& edit) {
  if (edit.index < 0 || at(edit.index) >= scene_.channels.size()) return;
  view::ChannelLayer& channel = scene_.channels[at(edit.index)];
  channel.visible = edit.visible;
  channel.color = edit.color;
  channel.opacity = std::clamp(edit.opacity, 0.0, 1.0);
  if (edit.window_changed && edit.window.high > edit.window.low) {
    channel.window = edit.window;
    channel.window_known = channel.window_fixed = true;
  }
  invalidate();
  state_changed();
}

void App::set_label(const ui::LabelEdit& edit) {
  if (edit.index < 0 || at(edit.index) >= scene_.labels.size()) return;
  view::LabelLayer& label = scene_.labels[at(edit.index)];
  label.visible = edit.visible;
  label.outline = edit.outline;
  label.opacity = std::clamp(edit.opacity, 0.0, 1.0);
  if (edit.threshold) label.threshold = *edit.threshold;
  invalidate();
  state_changed();
}

void App::set_label_threshold(int index, double threshold) {
  if (index < 0 || at(index) >= scene_.labels.size()) return;
  const view::LabelLayer& label = scene_.labels[at(index)];
  set_label({index, label.visible, label.outline, label.opacity, threshold});
}

void App::set_smooth(bool smooth) {
  scene_.smooth = smooth;
  invalidate();
  state_changed();
}

void App::set_light(bool light) {
  panels_.set_light(light);
  rebuild_interface();
  invalidate();
}

void App::set_controls(ui::Controls controls) {
  panels_.set_controls(controls);
  if (!user_moved_) camera_.fit(panels_.margins());
  rebuild_interface();
  invalidate();
}

void App::set_panel_open(bool open) {
  panels_.set_open(open);
  rebuild_interface();
  invalidate();
}

void App::apply(const ui::Edit& edit) {
  interface_frames_ = std::max(interface_frames_, 2);
  if (const auto* channel = std::get_if<ui::ChannelEdit>(&edit)) {
    set_channel(*channel);
  } else if (const auto* automatic = std::get_if<ui::AutoContrastEdit>(&edit)) {
    scene_.channels[at(automatic->index)].window_fixed = false;
    update_contrast(automatic->index, true);
  } else if (const auto* label = std::get_if<ui::LabelEdit>(&edit)) {
    set_label(*label);
  } else if (const auto* position = std::get_if<ui::PositionEdit>(&edit)) {
    set_position(position->axis, position->value);
  } else if (const auto* smooth = std::get_if<ui::SmoothEdit>(&edit)) {
    set_smooth(smooth->smooth);
  } else if (std::holds_alternative<ui::FitEdit>(edit)) {
    fit();
  } else if (const auto* zoom = std::get_if<ui::ZoomEdit>(&edit)) {
    camera_.zoom(camera_.width() / 2, camera_.height() / 2, zoom->factor);
    view_changed(true);
  }
}

void App::metadata_found(std::uint32_t ticket, std::span<const std::byte> bytes) {
  if (opener_) metadata_->found(*opener_, ticket, bytes);
  invalidate();
  state_changed();
}

void App::metadata_missing(std::uint32_t ticket) {
  if (opener_) metadata_->missing(*opener_, ticket);
  invalidate();
  state_changed();
}

void App::metadata_failed(std::uint32_t ticket, Error error, double now, double retry_after_ms) {
  if (opener_) metadata_->failed(*opener_, ticket, std::move(error), now, retry_after_ms);
  invalidate();
  state_changed();
}

void App::chunk_fetched(std::uint32_t ticket) {
  if (chunks_.fetched(ticket)) invalidate();
}

void App::chunk_decoded(std::uint32_t ticket) {
  if (chunks_.decoded(ticket)) {
    invalidate();
  } else {
    commands_.push_back(DropChunk{ticket});  // Came too late: nobody else would free it.
  }
}

void App::chunk_empty(std::uint32_t ticket) {
  if (chunks_.empty(ticket)) invalidate();
}

void App::chunk_failed(std::uint32_t ticket, Error error, double now, double retry_after_ms) {
  const view::ChunkKey* found = chunks_.key_of(ticket);
  if (!found) return;
  const view::ChunkKey key = *found;
  if (!chunks_.failed(ticket, error, now, retry_after_ms)) return;
  const view::Scheduler::Chunk* chunk = chunks_.peek(key);
  if (chunk && chunk->retry_at == 0) note_chunk_failure(key, error);
  invalidate();
  state_changed();
}

void App::note_chunk_failure(const view::ChunkKey& key, const Error& error) {
  const std::string path = scene_.sources[at(key.source)].chunk_path(key);
  const std::string why = reason(error.message, path);
  ChunkFailure* first = nullptr;
  int reasons = 0;
  for (ChunkFailure& failure : failures_) {
    if (failure.error.code != error.code) continue;
    if (!first) first = &failure;
    ++reasons;
    if (reason(failure.error.message, failure.example) != why) continue;
    ++failure.count;
    return;
  }
  if (reasons < kReasonsOfCode) failures_.push_back({error, path, 1});
  else ++first->count;
}

void App::retry() {
  failures_.clear();
  chunks_.retry_failed();
  if (arrangement_) arrangement_->retry();
  if (opener_ && opener_->stage() == ome::Opener::Stage::kFailed) {
    const int entry = chosen_entry_;
    open(name_);
    chosen_entry_ = entry;
    overview_ = entry < 0;
  }
  invalidate();
  state_changed();
}

void App::trim(std::int64_t bytes) {
  chunks_.trim(bytes);
  invalidate();
}

void App::context_lost() {
  tiles_.clear();
  vectors_.forget();
  font_changed_ = true;
  rebuild_interface();
  invalidate();
}

void App::uploads_took(double ms, std::int64_t bytes) {
  if (ms <= 0 || bytes <= 0) return;
  const double rate = static_cast<double>(bytes) / std::max(ms, 0.1);
  upload_rate_ = 0.7 * upload_rate_ + 0.3 * rate;
}

const LabelColoring* App::label_coloring(int layer) const {
  if (colorings_.empty() || at(layer) >= scene_.labels.size()) return nullptr;
  const auto found = colorings_.find(scene_.sources[at(scene_.labels[at(layer)].source)].image().path);
  return found == colorings_.end() ? nullptr : &found->second;
}

void App::set_label_coloring(int index, std::optional<LabelColoring> coloring) {
  if (index < 0 || at(index) >= scene_.labels.size()) return;
  const std::string& path = scene_.sources[at(scene_.labels[at(index)].source)].image().path;
  if (coloring) {
    coloring->version = ++coloring_version_;
    colorings_.insert_or_assign(path, *std::move(coloring));
  } else {
    colorings_.erase(path);
  }
  invalidate();
}

const std::map<std::uint64_t, ome::Rgba>* App::label_colors(int layer) const {
  if (const LabelColoring* coloring = label_coloring(layer)) return &coloring->colors;
  if (!opener_ || at(layer) >= scene_.labels.size()) return nullptr;
  const int source = scene_.labels[at(layer)].source;
  const std::string& path = scene_.sources[at(source)].image().path;
  for (const ome::LabelImage& label : opener_->dataset().labels) {
    if (label.image.path == path) return &label.colors;
  }
  return nullptr;
}

void App::measure_progress() {
  const int left = chunks_.outstanding(view::Tier::kFallback) +
                   (arrangement_ ? arrangement_->waiting() : 0) +
                   (image_started_ || !metadata_ ? 0 : metadata_->outstanding());
  batch_ = left == 0 ? 0 : std::max(batch_, left);
  if (left != outstanding_) state_changed();
  outstanding_ = left;
}

void App::plan(double now) {
  const bool moving = now - last_move_ < kIdleAfterMs;
  const double allowed =
      upload_rate_ * (moving ? limits_.upload_ms_moving : limits_.upload_ms_idle);
  view::PlanOptions options;
  options.upload_bytes = std::min(static_cast<std::int64_t>(allowed),
                                  moving ? limits_.upload_bytes_moving : limits_.upload_bytes_idle);
  options.prefetch_axis = prefetch_axis_;
  plan_ = view::plan_frame(scene_, camera_, tiles_, chunks_, limits_, options);
  for (const view::Upload& upload : plan_.uploads) commands_.push_back(upload);
  ask_samples();
  want_contrast();
  chunks_.want(
      plan_.wants,
      [this](const view::ChunkKey& key) {
        return scene_.sources[at(key.source)].chunk_bytes(key.level);
      },
      [this](const view::ChunkKey& key) {
        return scene_.sources[at(key.source)].shard_number(key);
      });
}

void App::pull_chunks(double now) {
  view::Scheduler::Commands commands = chunks_.update(now);
  for (const std::uint32_t ticket : commands.cancel) commands_.push_back(CancelChunk{ticket});
  for (const auto& start : commands.start) {
    const view::Source& source = scene_.sources[at(start.key.source)];
    commands_.push_back(ReadChunk{start.ticket, arrays_[at(start.key.source)] + start.key.level,
                                  source.chunk_path(start.key), source.place_in_shard(start.key)});
  }
  for (const std::uint32_t ticket : commands.drop) commands_.push_back(DropChunk{ticket});
}

ui::PlateModel App::plate_model() const {
  using Well = ui::PlateModel::Well;
  using State = Arrangement::CellState;
  ui::PlateModel model;
  model.plate = &*opener_->dataset().plate;
  model.cell = arrangement_->cell_size();
  model.pitch = arrangement_->pitch();
  const std::size_t columns = model.plate->columns.size();
  model.wells.assign(model.plate->rows.size() * columns, Well::kNone);
  const auto& cells = arrangement_->cells();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const ome::Well& well = model.plate->wells[at(cells[i].entry)];
    const auto place =
        static_cast<std::size_t>(well.row) * columns + static_cast<std::size_t>(well.column);
    const State state = cells[i].state;
    model.wells[place] = state == State::kShown     ? Well::kShown
                         : state == State::kMissing ? Well::kMissing
                         : state == State::kFailed  ? Well::kFailed
                                                    : Well::kWaiting;
    if (static_cast<int>(i) == hovered_cell_) model.hovered = static_cast<int>(place);
  }
  return model;
}

Frame App::frame(double now) {
  Frame result;
  pull_metadata(now);
  if (moved_) last_move_ = now;
  moved_ = false;
  const bool draw = dirty_ || interface_frames_ > 0;
  if (draw) {
    dirty_ = false;
    ui::Model model;
    if (!scene_.sources.empty()) {
      const ome::Multiscale& image = scene_.sources.front().image();
      model.scene = &scene_;
      model.rgb = image.rgb;
      const std::string& unit = image.axes[at(image.x_axis)].unit;
      model.spatial_unit = unit.empty() ? "px" : ome::unit_symbol(unit);
    }
    ui::PlateModel plate;
    if (arrangement_ && arrangement_->is_plate()) {
      plate = plate_model();
      model.plate = &plate;
    }
    model.camera = &camera_;
    model.readout = &readout_;
    const std::vector<ui::Edit> edits = panels_.build(model, (now - last_frame_) / 1000);
    last_frame_ = now;
    if (interface_frames_ > 0) --interface_frames_;
    for (const ui::Edit& edit : edits) apply(edit);
    if (!user_moved_ && image_started_) camera_.fit(panels_.margins());
    plan(now);
    plan_vectors();
    const std::string shown = readout_.inside ? readout_.pixel : "";
    update_readout();
    // The panels were built before it: they show the place in the next frame.
    if (shown != (readout_.inside ? readout_.pixel : "")) {
      interface_frames_ = std::max(interface_frames_, 1);
    }
  }
  pull_chunks(now);
  measure_progress();
  result.draw = draw;
  result.again = dirty_ || interface_frames_ > 0 || plan_.more_uploads;
  if (plan_.more_uploads) invalidate();
  for (const double due : {chunks_.next_due(), metadata_ ? metadata_->next_due() : -1.0}) {
    if (due >= 0) result.wake = result.wake < 0 ? due : std::min(result.wake, due);
  }
  result.state_changed = std::exchange(state_dirty_, false);
  return result;
}

}  // namespace mifa::app
