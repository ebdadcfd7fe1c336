// App: the windows of channels for which the file gives none.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/app.h"

namespace mifa::app {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

void App::want_contrast() {
  for (const ContrastTask& task : contrast_) {
    if (task.label >= 0) {
      if (!task.done) plan_.wants.push_back({task.chunk, view::Tier::kContrast, 0});
      continue;
    }
    const view::ChannelLayer& channel = scene_.channels[at(task.channel)];
    if (task.done || !channel.visible) continue;
    // A single image's histogram comes with its first picture; among many, it has to be asked for.
    if (channel.window_fixed && !(task.first && arrangement_)) continue;
    const bool first = task.first && !channel.window_fixed;
    const auto tier = first ? view::Tier::kFirst : view::Tier::kContrast;
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
      commands_.push_back(
          TakeSamples{request, chunk->ticket, task.offset, task.row_length, task.extent});
    } else if (chunk->state == view::ChunkState::kEmpty) {
      const view::Source& source = scene_.sources[at(task.chunk.source)];
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
  statistics.samples.resize(samples.size());
  const auto end = std::copy_if(samples.begin(), samples.end(), statistics.samples.begin(),
                                [](double value) { return std::isfinite(value); });
  statistics.samples.erase(end, statistics.samples.end());
  if (!statistics.samples.empty()) {
    const auto [low, high] = std::minmax_element(statistics.samples.begin(), statistics.samples.end());
    statistics.minimum = *low;
    statistics.maximum = *high;
  }
  if (task.label >= 0) {
    set_label_values(task.label, statistics);
    return;
  }
  view::ChannelLayer& channel = scene_.channels[at(task.channel)];
  if (!statistics.samples.empty()) channel.estimate.add(statistics);
  const bool complete = std::all_of(contrast_.begin(), contrast_.end(), [&](const ContrastTask& t) {
    return t.channel != task.channel || t.done;
  });
  update_contrast(task.channel, complete);
}

// Probabilities go from 0 to 1; what goes beyond (255, percent, logits) has the range that it has.
// Whole numbers beyond 1 are no probabilities but ids, which some programs store as floats.
void App::set_label_values(int index, const view::ChunkStatistics& found) {
  view::LabelLayer& label = scene_.labels[at(index)];
  if (found.minimum >= 0 && found.maximum <= 1) return;
  const bool whole = std::all_of(found.samples.begin(), found.samples.end(),
                                 [](double value) { return value == std::floor(value); });
  if (whole && found.minimum >= 0) {
    label.kind = view::LabelKind::kInstance;
    label.whole_floats = true;
    note(
        "viewer/labels-float", Severity::kInfo,
        "The mask \"" + label.name +
            "\" holds floating-point numbers, all of them whole: they are taken for ids. Save them "
            "as integers, so that no program takes them for anything else.",
        label.origin);
  } else {
    label.range = {std::min(found.minimum, 0.0), std::max(found.maximum, 1.0)};
    label.threshold = (label.range.low + label.range.high) / 2;
  }
  rebuild_interface();
  invalidate();
  state_changed();
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
  rebuild_interface();  // The panel grows by a slider.
  invalidate();
  state_changed();
}

}  // namespace mifa::app
