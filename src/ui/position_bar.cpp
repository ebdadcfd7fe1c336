#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "ome/unit.h"
#include "ui/widgets.h"

namespace mifa::ui {
namespace {

constexpr float kSlider = 220;      // CSS pixels
constexpr float kShortest = 48;     // CSS pixels
constexpr float kCaption = 200;     // CSS pixels an unabridged caption may need
constexpr float kBriefCaption = 92;

}  // namespace

std::string axis_caption(const view::Source& source, int axis, std::int64_t position, bool brief) {
  const ome::Multiscale& image = source.image();
  const ome::Axis& info = image.axes[static_cast<std::size_t>(axis)];
  std::string text = info.name + " " + std::to_string(position + 1) + " of " +
                     std::to_string(image.extent(axis));
  if (brief || info.unit.empty()) return text;
  std::array<char, 48> place{};
  std::snprintf(place.data(), place.size(), "%.4g", source.world_at(axis, position));
  return text + "   " + place.data() + " " + ome::unit_symbol(info.unit);
}

void position_bar(const Model& model, float width, float scale, std::vector<Edit>& edits) {
  const float buttons = 2 * ImGui::GetFrameHeight() + 40 * scale;
  const bool brief = width - buttons < (kSlider + kCaption) * scale;
  const float room = width - buttons - (brief ? kBriefCaption : kCaption) * scale;
  const float slider = std::clamp(room, kShortest * scale, kSlider * scale);
  const view::Source& source = model.scene->sources.front();
  const ome::Multiscale& image = source.image();
  for (int axis = 0; axis < static_cast<int>(image.axes.size()); ++axis) {
    const std::int64_t extent = image.extent(axis);
    if (axis == image.x_axis || axis == image.y_axis || axis == image.c_axis || extent < 2) {
      continue;
    }
    ImGui::PushID(axis);
    const auto current = static_cast<int>(model.scene->position[static_cast<std::size_t>(axis)]);
    int value = current;
    if (ImGui::ArrowButton("back", ImGuiDir_Left)) --value;
    ImGui::SameLine(0, 4 * scale);
    ImGui::SetNextItemWidth(slider);
    ImGui::SliderInt("##place", &value, 0, static_cast<int>(extent - 1), "",
                     ImGuiSliderFlags_NoInput | ImGuiSliderFlags_AlwaysClamp);
    ImGui::SameLine(0, 4 * scale);
    if (ImGui::ArrowButton("on", ImGuiDir_Right)) ++value;
    ImGui::SameLine();
    ImGui::TextUnformatted(axis_caption(source, axis, current, brief).c_str());
    value = std::clamp(value, 0, static_cast<int>(extent - 1));
    if (value != current) edits.push_back(PositionEdit{axis, value});
    ImGui::PopID();
  }
}

}  // namespace mifa::ui
