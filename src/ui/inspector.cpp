#include "ui/widgets.h"

namespace mifa::ui {

void inspector(const Readout& readout, float scale) {
  if (!readout.well.empty()) ImGui::TextUnformatted(readout.well.c_str());
  if (readout.pixel.empty()) return;
  ImGui::TextUnformatted(readout.pixel.c_str());
  if (!readout.physical.empty()) {
    ImGui::SameLine();
    ImGui::TextDisabled("%s", readout.physical.c_str());
  }
  for (const Reading& reading : readout.values) {
    if (reading.swatch) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const float size = 8 * scale;
      const float top = at.y + (ImGui::GetTextLineHeight() - size) / 2;
      ImGui::GetWindowDrawList()->AddRectFilled({at.x, top}, {at.x + size, top + size},
                                                to_color(reading.color), 2 * scale);
      ImGui::Dummy({size, ImGui::GetTextLineHeight()});
      ImGui::SameLine();
    }
    ImGui::TextDisabled("%s", reading.name.c_str());
    ImGui::SameLine();
    ImGui::TextUnformatted(reading.value.c_str());
  }
}

}  // namespace mifa::ui
