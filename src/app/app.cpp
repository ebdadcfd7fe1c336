#include "app/app.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "ome/unit.h"

namespace mifa::app {
namespace {

// ImGui learns of a click in one frame, reacts in the next and shows it in the one after.
constexpr int kInterfaceFrames = 3;
// After the last move, the view counts as idle.
constexpr double kIdleAfterMs = 250;
// Wheel notches of 100 px zoom by this factor; track-pad pinches send smaller steps.
constexpr double kWheelZoom = 0.0018;
constexpr double kPinchZoom = 0.012;
constexpr double kKeyZoom = 1.3;
constexpr double kKeyPan = 0.12;  // of the canvas
constexpr int kMaximumFailures = 16;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

std::string rounded(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.5g", value);
  return text.data();
}

}  // namespace

App::App(const view::Limits& limits) : limits_(limits), chunks_(limits), tiles_(limits) {}

void App::open(const std::string& name) {
  name_ = name;
  opener_ = std::make_unique<ome::Opener>(name);
  metadata_ = std::make_unique<MetadataReader>(limits_, metadata_ ? metadata_->last_ticket() : 0);
  own_issues_.clear();
  chosen_entry_ = -1;
  image_started_ = false;
  start_image();
}

void App::open_entry(int index) {
  if (!opener_ || index < 0 || at(index) >= opener_->dataset().entries.size()) return;
  chosen_entry_ = index;
  opener_->open_entry(index);
  image_started_ = false;
  start_image();
}

// Clears what belonged to the last image and shows the new one if it is ready.
void App::start_image() {
  chunks_.clear();
  tiles_.clear();
  scene_ = {};
  contrast_base_ += static_cast<int>(contrast_.size());
  contrast_.clear();
  ++probe_request_;
  failures_.clear();
  arrays_.clear();
  probe_.clear();
  readout_ = {};
  scene_failure_.reset();
  labels_seen_ = 0;
  hovered_layer_ = -1;
  user_moved_ = false;
  prefetch_axis_ = -1;
  invalidate();
  state_changed();
}

void App::resize(int width, int height, double pixel_ratio) {
  camera_.resize(width, height);
  if (panels_.resize(width, height, pixel_ratio)) font_changed_ = true;
  if (!user_moved_) camera_.fit(panels_.margins());
  invalidate();
  interface_frames_ = kInterfaceFrames;
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

void App::pointer_down(int pointer, double x, double y, int button, bool touch) {
  panels_.pointer_moved(x, y, touch);
  interface_frames_ = kInterfaceFrames;
  pointer_ = {x, y};
  // The panels hear of every press: one beside an open popup closes it.
  panels_.button(button, true);
  if (!panels_.covers(x, y)) gestures_.down(pointer, x, y);
  invalidate();
}

void App::pointer_moved(int pointer, double x, double y, bool touch) {
  panels_.pointer_moved(x, y, touch);
  interface_frames_ = kInterfaceFrames;  // The inspector takes a frame to find its size.
  pointer_ = {x, y};
  if (const auto move = gestures_.moved(pointer, x, y)) {
    camera_.pan(move->dx, move->dy);
    if (move->factor != 1) camera_.zoom(move->x, move->y, move->factor);
    view_changed(true);
  }
  invalidate();
}

void App::pointer_up(int pointer, int button, bool touch) {
  panels_.button(button, false);
  gestures_.up(pointer);
  interface_frames_ = kInterfaceFrames;
  if (touch) {
    panels_.pointer_left();
    pointer_.reset();
  }
  invalidate();
}

void App::pointer_left() {
  panels_.pointer_left();
  pointer_.reset();
  interface_frames_ = std::max(interface_frames_, 1);
  invalidate();
}

void App::wheel(double x, double y, double dx, double dy, bool pinch) {
  interface_frames_ = kInterfaceFrames;
  invalidate();
  if (panels_.covers(x, y)) {
    panels_.wheel(-dx / 100, -dy / 100);
    return;
  }
  camera_.zoom(x, y, std::exp(-dy * (pinch ? kPinchZoom : kWheelZoom)));
  view_changed(true);
}

bool App::key(const std::string& name) {
  if (scene_.sources.empty()) return false;
  const double width = camera_.width();
  const double height = camera_.height();
  const ome::Multiscale& image = scene_.sources.front().image();
  const auto step = [&](int axis, int by) {
    if (axis >= 0) set_position(axis, scene_.position[at(axis)] + by);
    return axis >= 0;
  };
  const auto pan = [&](double x, double y) {
    camera_.pan(x * kKeyPan * width, y * kKeyPan * height);
    view_changed(true);
    return true;
  };
  const auto zoom = [&](double factor) {
    camera_.zoom(width / 2, height / 2, factor);
    view_changed(true);
    return true;
  };
  if (name == "ArrowLeft") return pan(1, 0);
  if (name == "ArrowRight") return pan(-1, 0);
  if (name == "ArrowUp") return pan(0, 1);
  if (name == "ArrowDown") return pan(0, -1);
  if (name == "+" || name == "=") return zoom(kKeyZoom);
  if (name == "-" || name == "_") return zoom(1 / kKeyZoom);
  if (name == "PageUp" || name == ".") return step(image.z_axis, 1);
  if (name == "PageDown" || name == ",") return step(image.z_axis, -1);
  if (name == "]") return step(image.t_axis, 1);
  if (name == "[") return step(image.t_axis, -1);
  if (name == "f" || name == "0" || name == "Home") {
    fit();
  } else if (name == "s") {
    set_smooth(!scene_.smooth);
  } else if (name == "l") {
    const bool on = std::none_of(scene_.labels.begin(), scene_.labels.end(),
                                 [](const view::LabelLayer& label) { return label.visible; });
    for (view::LabelLayer& label : scene_.labels) label.visible = on;
    invalidate();
  } else if (name == "p") {
    set_panel_open(!panels_.open());
  } else if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
    const auto index = static_cast<std::size_t>(name[0] - '1');
    if (index >= scene_.channels.size()) return false;
    scene_.channels[index].visible = !scene_.channels[index].visible;
    invalidate();
  } else {
    return false;
  }
  state_changed();
  return true;
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
  invalidate();
  state_changed();
}

void App::set_smooth(bool smooth) {
  scene_.smooth = smooth;
  invalidate();
  state_changed();
}

void App::set_panel_open(bool open) {
  panels_.set_open(open);
  interface_frames_ = kInterfaceFrames;
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
  for (ChunkFailure& failure : failures_) {
    if (failure.error.code != error.code) continue;
    ++failure.count;
    return;
  }
  if (failures_.size() < kMaximumFailures) failures_.push_back({error, path, 1});
}

void App::retry() {
  failures_.clear();
  chunks_.retry_failed();
  if (opener_ && opener_->stage() == ome::Opener::Stage::kFailed) {
    const int entry = chosen_entry_;
    open(name_);
    chosen_entry_ = entry;
  }
  invalidate();
  state_changed();
}

void App::context_lost() {
  tiles_.clear();
  font_changed_ = true;
  interface_frames_ = kInterfaceFrames;
  invalidate();
}

void App::uploads_took(double ms, std::int64_t bytes) {
  if (ms <= 0 || bytes <= 0) return;
  const double rate = static_cast<double>(bytes) / std::max(ms, 0.1);
  upload_rate_ = 0.7 * upload_rate_ + 0.3 * rate;
}

const std::map<std::uint64_t, ome::Rgba>* App::label_colors(int layer) const {
  if (!opener_ || at(layer) >= scene_.labels.size()) return nullptr;
  const int source = scene_.labels[at(layer)].source;
  const std::string& path = scene_.sources[at(source)].image().path;
  for (const ome::LabelImage& label : opener_->dataset().labels) {
    if (label.image.path == path) return &label.colors;
  }
  return nullptr;
}

void App::register_arrays(const view::Source& source) {
  arrays_.push_back({next_array_, source.levels()});
  for (int level = 0; level < source.levels(); ++level) {
    const ome::Level& info = source.image().levels[at(level)];
    const char* file = info.array.zarr_format == 3 ? "zarr.json" : ".zarray";
    commands_.push_back(RegisterArray{next_array_++, info.array.data_type,
                                      info.path.empty() ? file : info.path + "/" + file,
                                      info.metadata_text, source.decode_order(),
                                      source.shards(level) ? std::optional(*source.shards(level))
                                                           : std::nullopt});
  }
}

void App::pull_metadata(double now) {
  if (!opener_) return;
  // After a retry, as soon as the entry that was open is listed again.
  const ome::Dataset& dataset = opener_->dataset();
  if (chosen_entry_ >= 0 && dataset.entry != chosen_entry_ &&
      at(chosen_entry_) < dataset.entries.size()) {
    open_entry(chosen_entry_);
  }
  for (ReadMetadata& read : metadata_->update(*opener_, now)) commands_.push_back(std::move(read));
  const auto stage = opener_->stage();
  const bool ready =
      stage == ome::Opener::Stage::kImageReady || stage == ome::Opener::Stage::kComplete;
  if (!ready) return;
  if (!image_started_) {
    image_started_ = true;
    state_changed();
    auto scene = build_scene(opener_->dataset(), limits_);
    if (!scene) {
      scene_failure_ = std::move(scene).error();
      return;
    }
    scene_ = *std::move(scene);
    const view::Source& source = scene_.sources.front();
    register_arrays(source);
    const view::TileGrid& grid = source.grid(0);
    camera_.set_content(grid.world(), std::min(grid.scale[0], grid.scale[1]));
    camera_.fit(panels_.margins());
    contrast_ = contrast_tasks(scene_, limits_);
    interface_frames_ = kInterfaceFrames;
  }
  add_labels();
}

void App::add_labels() {
  const auto& labels = opener_->dataset().labels;
  if (scene_.sources.empty()) return;
  for (; labels_seen_ < labels.size(); ++labels_seen_) {
    const auto added = add_label(scene_, labels[labels_seen_], limits_);
    if (added) {
      register_arrays(scene_.sources.back());
      interface_frames_ = kInterfaceFrames;
    } else {
      Issue issue;
      issue.rule = "viewer/label-not-shown";
      issue.severity = Severity::kWarning;
      issue.message = added.error().message;
      issue.file = labels[labels_seen_].image.path;
      own_issues_.push_back(std::move(issue));
    }
    invalidate();
    state_changed();
  }
}

void App::want_contrast() {
  for (const ContrastTask& task : contrast_) {
    const view::ChannelLayer& channel = scene_.channels[at(task.channel)];
    if (task.done || !channel.visible || channel.window_fixed) continue;
    const auto tier = task.first ? view::Tier::kFirst : view::Tier::kContrast;
    plan_.wants.push_back({task.chunk, tier, 0});
  }
}

void App::ask_samples() {
  for (std::size_t i = 0; i < contrast_.size(); ++i) {
    ContrastTask& task = contrast_[i];
    if (task.done || task.asked) continue;
    const view::Scheduler::Chunk* chunk = chunks_.peek(task.chunk);
    if (!chunk) continue;
    const int request = contrast_base_ + static_cast<int>(i);
    if (chunk->state == view::ChunkState::kDecoded) {
      task.asked = true;
      commands_.push_back(TakeSamples{request, chunk->ticket, task.offset,
                                      task.row_length, task.extent});
    } else if (chunk->state == view::ChunkState::kEmpty) {
      const view::Source& source = scene_.sources.front();
      const double fill = zarr::to_double(source.array(task.chunk.level).fill_value,
                                          source.data_type(task.chunk.level));
      samples_taken(request, std::array<double, 1>{fill});
    } else if (chunk->state == view::ChunkState::kFailed && chunk->retry_at == 0) {
      samples_taken(request, {});
    }
  }
}

void App::samples_taken(int request, std::span<const double> samples) {
  const int index = request - contrast_base_;
  if (index < 0 || at(index) >= contrast_.size()) return;
  ContrastTask& task = contrast_[at(index)];
  if (task.done) return;
  task.done = true;
  view::ChunkStatistics statistics;
  for (const double value : samples) {
    if (!std::isfinite(value)) continue;
    const bool first = statistics.samples.empty();
    statistics.minimum = first ? value : std::min(statistics.minimum, value);
    statistics.maximum = first ? value : std::max(statistics.maximum, value);
    statistics.samples.push_back(value);
  }
  view::ChannelLayer& channel = scene_.channels[at(task.channel)];
  if (!statistics.samples.empty()) channel.estimate.add(statistics);
  const bool complete = std::all_of(contrast_.begin(), contrast_.end(), [&](const ContrastTask& t) {
    return t.channel != task.channel || t.done;
  });
  update_contrast(task.channel, complete);
}

void App::update_contrast(int index, bool complete) {
  view::ChannelLayer& channel = scene_.channels[at(index)];
  if (channel.estimate.has_data()) {
    const view::Range extremes = channel.estimate.extremes();
    if (!channel.window_fixed) {
      channel.window = channel.estimate.window();
      channel.window_known = true;
    }
    channel.slider = {std::min(extremes.low, channel.window.low),
                      std::max(extremes.high, channel.window.high)};
    channel.histogram = channel.estimate.histogram(channel.slider);
  } else if (complete && !channel.window_known) {
    channel.window = channel.slider = {0, 1};
    channel.window_known = true;
  }
  interface_frames_ = kInterfaceFrames;  // The panel grows by a slider.
  invalidate();
  state_changed();
}

void App::measure_progress() {
  const int left = chunks_.outstanding(view::Tier::kFallback) +
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
  options.upload_bytes =
      std::min(static_cast<std::int64_t>(allowed),
               moving ? limits_.upload_bytes_moving : limits_.upload_bytes_idle);
  options.prefetch_axis = prefetch_axis_;
  plan_ = view::plan_frame(scene_, camera_, tiles_, chunks_, limits_, options);
  for (const view::Upload& upload : plan_.uploads) commands_.push_back(upload);
  ask_samples();
  want_contrast();
  chunks_.want(plan_.wants, [this](const view::ChunkKey& key) {
    return scene_.sources[at(key.source)].chunk_bytes(key.level);
  });
}

void App::pull_chunks(double now) {
  view::Scheduler::Commands commands = chunks_.update(now);
  for (const std::uint32_t ticket : commands.cancel) commands_.push_back(CancelChunk{ticket});
  for (const auto& start : commands.start) {
    const view::Source& source = scene_.sources[at(start.key.source)];
    commands_.push_back(ReadChunk{start.ticket,
                                  arrays_[at(start.key.source)][0] + start.key.level,
                                  source.chunk_path(start.key),
                                  source.place_in_shard(start.key)});
  }
  for (const std::uint32_t ticket : commands.drop) commands_.push_back(DropChunk{ticket});
}

void App::update_readout() {
  const bool was_inside = readout_.inside;
  readout_.inside = false;
  if (!pointer_ || scene_.sources.empty() || panels_.covers((*pointer_)[0], (*pointer_)[1])) {
    hovered_layer_ = -1;
    if (was_inside) state_changed();
    return;
  }
  const auto world = camera_.to_world((*pointer_)[0], (*pointer_)[1]);
  const view::Source& image = scene_.sources.front();
  const view::Rect extent = image.grid(0).world();
  if (world[0] < extent.u0 || world[0] >= extent.u1 || world[1] < extent.v0 ||
      world[1] >= extent.v1) {
    hovered_layer_ = -1;
    if (was_inside) state_changed();
    return;
  }
  readout_.inside = true;
  const auto texel = [&](const view::Source& source, int level, int axis) {
    const view::TileGrid& grid = source.grid(level);
    const auto i = at(axis);
    const auto element = static_cast<std::int64_t>(
        std::floor((world[i] - grid.edge[i]) / grid.scale[i]));
    return element >= 0 && element < grid.size[i] ? element : -1;
  };
  readout_.pixel = "x " + std::to_string(texel(image, 0, 0)) + "   y " +
                   std::to_string(texel(image, 0, 1));
  const ome::Multiscale& info = image.image();
  const std::string& unit = info.axes[at(info.x_axis)].unit;
  readout_.physical = unit.empty() ? ""
                                   : rounded(world[0]) + ", " + rounded(world[1]) + " " +
                                         ome::unit_symbol(unit);

  ReadValues request;
  request.request = ++probe_request_;
  probe_.clear();
  const auto probe = [&](const view::Source& source, const view::Position& position,
                         ProbeTarget target) {
    // The level on the screen first; a finer or coarser one only if that is all there is.
    std::vector<int> levels = {std::min(plan_.level, source.levels() - 1)};
    for (int level = 0; level < source.levels(); ++level) levels.push_back(level);
    for (const int level : levels) {
      const std::int64_t u = texel(source, level, 0);
      const std::int64_t v = texel(source, level, 1);
      if (u < 0 || v < 0) {
        target.fixed = "0";  // A mask that does not reach here has no object here.
        break;
      }
      view::TileGrid::Tile tile;
      const view::TileGrid& grid = source.grid(level);
      tile.u = u / grid.chunk[0] * grid.parts[0];
      tile.v = v / grid.chunk[1] * grid.parts[1];
      const view::TileKey key = source.tile_key(level, tile, position);
      const view::Scheduler::Chunk* chunk = chunks_.peek(key.chunk);
      if (!chunk) continue;
      if (chunk->state == view::ChunkState::kDecoded) {
        target.place = static_cast<int>(request.places.size());
        request.places.push_back(
            {chunk->ticket, source.element_offset(level, u, v, position)});
      } else if (chunk->state == view::ChunkState::kEmpty) {
        target.fixed = zarr::to_text(source.array(level).fill_value, source.data_type(level));
      } else {
        continue;
      }
      break;
    }
    probe_.push_back(std::move(target));
  };
  for (int c = 0; c < static_cast<int>(scene_.channels.size()); ++c) {
    if (!scene_.channels[at(c)].visible) continue;
    view::Position position = scene_.position;
    if (info.c_axis >= 0) position[at(info.c_axis)] = c;
    probe(image, position, {c, -1, "", -1});
  }
  for (int i = 0; i < static_cast<int>(scene_.labels.size()); ++i) {
    const view::LabelLayer& label = scene_.labels[at(i)];
    if (!label.visible) continue;
    const view::Source& source = scene_.sources[at(label.source)];
    probe(source, view::position_in(source, image, scene_.position), {-1, i, "", -1});
  }
  const int asked = request.request;
  const bool ask = !request.places.empty();
  if (ask) commands_.push_back(std::move(request));
  if (!ask) values_read(asked, {});
  state_changed();
}

void App::values_read(int request, const std::vector<std::string>& values) {
  if (request != probe_request_) return;
  const std::vector<ui::Reading> before = std::exchange(readout_.values, {});
  const auto hovered_before = std::pair(hovered_layer_, hovered_id_);
  hovered_layer_ = -1;
  for (const ProbeTarget& target : probe_) {
    std::string value = target.fixed;
    if (target.place >= 0 && at(target.place) < values.size()) value = values[at(target.place)];
    ui::Reading reading;
    if (target.channel >= 0) {
      const view::ChannelLayer& channel = scene_.channels[at(target.channel)];
      reading = {channel.label, value.empty() ? "…" : value, channel.color, true};
    } else {
      const view::LabelLayer& label = scene_.labels[at(target.label)];
      const bool background = value == "0";
      reading = {label.name, value.empty() ? "…" : background ? "none" : "id " + value, {}, false};
      if (!background && !value.empty()) {
        hovered_layer_ = target.label;
        hovered_id_ = value[0] == '-' ? static_cast<std::uint64_t>(std::strtoll(value.c_str(), nullptr, 10))
                                      : std::strtoull(value.c_str(), nullptr, 10);
      }
    }
    readout_.values.push_back(std::move(reading));
  }
  const bool same =
      hovered_before == std::pair(hovered_layer_, hovered_id_) &&
      std::equal(before.begin(), before.end(), readout_.values.begin(), readout_.values.end(),
                 [](const ui::Reading& a, const ui::Reading& b) {
                   return a.name == b.name && a.value == b.value;
                 });
  if (same) return;
  invalidate();
  state_changed();
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
    model.camera = &camera_;
    model.readout = &readout_;
    const std::vector<ui::Edit> edits = panels_.build(model, (now - last_frame_) / 1000);
    last_frame_ = now;
    if (interface_frames_ > 0) --interface_frames_;
    for (const ui::Edit& edit : edits) apply(edit);
    if (!user_moved_ && image_started_) camera_.fit(panels_.margins());
    plan(now);
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
