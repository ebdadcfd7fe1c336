#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "ui/widgets.h"

namespace mifa::ui {
namespace {

constexpr float kHeight = 30;  // CSS pixels
constexpr float kHandle = 4;   // half the width of what can be taken hold of

std::string value_text(double value, bool integers) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), integers ? "%.0f" : "%.4g", value);
  return text.data();
}

void draw_histogram(const view::ChannelLayer& channel, ImVec2 low, ImVec2 high) {
  if (channel.histogram.empty()) return;
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const float tallest = *std::max_element(channel.histogram.begin(), channel.histogram.end());
  if (!(tallest > 0)) return;
  const float step = (high.x - low.x) / static_cast<float>(channel.histogram.size());
  const ImU32 color = to_color(channel.color, 0.55F);
  for (std::size_t i = 0; i < channel.histogram.size(); ++i) {
    // Square root: the background's peak must not flatten the cells.
    const float share = std::sqrt(channel.histogram[i] / tallest);
    if (share <= 0) continue;
    const float x = low.x + step * static_cast<float>(i);
    draw->AddRectFilled({x, high.y - share * (high.y - low.y)}, {x + step, high.y}, color);
  }
}

}  // namespace

std::optional<view::Range> window_slider(const char* id, const view::ChannelLayer& channel,
                                         bool integers, float width, float scale,
                                         bool& automatic) {
  const float height = kHeight * scale;
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const ImVec2 high{low.x + width, low.y + height};
  ImGui::InvisibleButton(id, {width, height});
  const bool active = ImGui::IsItemActive();
  const bool hovered = ImGui::IsItemHovered();
  const view::Range& range = channel.slider;
  const double span = std::max(range.high - range.low, 1e-30);
  const auto to_x = [&](double value) {
    const double share = std::clamp((value - range.low) / span, 0.0, 1.0);
    return low.x + static_cast<float>(share) * width;
  };
  const float x0 = to_x(channel.window.low);
  const float x1 = to_x(channel.window.high);

  std::optional<view::Range> changed;
  ImGuiStorage* storage = ImGui::GetStateStorage();
  const ImGuiID held_id = ImGui::GetID(id) + 1;
  const float mouse = ImGui::GetIO().MousePos.x;
  if (ImGui::IsItemActivated()) {
    storage->SetInt(held_id, std::fabs(mouse - x0) <= std::fabs(mouse - x1) ? 0 : 1);
  }
  if (hovered && ImGui::IsMouseDoubleClicked(0)) automatic = true;
  if (active && ImGui::GetIO().MouseDelta.x != 0) {
    double value = range.low + span * std::clamp((mouse - low.x) / width, 0.0F, 1.0F);
    if (integers) value = std::round(value);
    view::Range window = channel.window;
    const double least = integers ? 1 : span * 1e-4;
    if (storage->GetInt(held_id) == 0) {
      window.low = std::min(value, window.high - least);
    } else {
      window.high = std::max(value, window.low + least);
    }
    changed = window;
  }

  ImDrawList* draw = ImGui::GetWindowDrawList();
  draw->AddRectFilled(low, high, IM_COL32(255, 255, 255, 14), 3 * scale);
  draw_histogram(channel, low, high);
  const ImU32 shade = IM_COL32(10, 10, 12, 150);
  draw->AddRectFilled(low, {x0, high.y}, shade);
  draw->AddRectFilled({x1, low.y}, high, shade);
  draw->AddLine({x0, high.y}, {x1, low.y}, to_color(channel.color, 0.9F), 1.2F * scale);
  for (const float x : {x0, x1}) {
    const bool near = active || (hovered && std::fabs(mouse - x) < 2 * kHandle * scale);
    draw->AddRectFilled({x - 1.5F * scale, low.y}, {x + 1.5F * scale, high.y},
                        near ? IM_COL32_WHITE : IM_COL32(220, 220, 225, 220), 1.5F * scale);
  }
  const std::string left = value_text(channel.window.low, integers);
  const std::string right = value_text(channel.window.high, integers);
  ImGui::TextDisabled("%s", left.c_str());
  ImGui::SameLine(width - ImGui::CalcTextSize(right.c_str()).x + ImGui::GetCursorStartPos().x);
  ImGui::TextDisabled("%s", right.c_str());
  return changed;
}

}  // namespace mifa::ui
