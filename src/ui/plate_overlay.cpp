// The grid of a plate over the pictures of its wells: names of rows and columns, and a mark for
// each well without a picture. The page has the same as text (its list of wells).
#include <algorithm>
#include <cmath>
#include <string>

#include "ui/widgets.h"

namespace mifa::ui {
namespace {

constexpr ImU32 kName = IM_COL32(226, 229, 235, 255);
constexpr ImU32 kBehindName = IM_COL32(24, 25, 28, 190);
constexpr ImU32 kNotImaged = IM_COL32(255, 255, 255, 46);
constexpr ImU32 kWaiting = IM_COL32(255, 255, 255, 26);
constexpr ImU32 kFault = IM_COL32(255, 176, 66, 230);
constexpr ImU32 kHovered = IM_COL32(255, 255, 255, 255);

ImVec2 pixel(const view::Camera& camera, double u, double v) {
  const auto at = camera.to_pixel(u, v);
  return {static_cast<float>(at[0]), static_cast<float>(at[1])};
}

void well(ImDrawList* draw, const ImVec2& low, const ImVec2& high, PlateModel::Well state,
          float scale) {
  using Well = PlateModel::Well;
  const ImVec2 middle{(low.x + high.x) / 2, (low.y + high.y) / 2};
  switch (state) {
    case Well::kNone:
      draw->AddCircleFilled(middle, std::clamp((high.x - low.x) / 10, 1.0F, 4 * scale), kNotImaged,
                            12);
      break;
    case Well::kWaiting:
      draw->AddRectFilled(low, high, kWaiting, 2 * scale);
      break;
    case Well::kMissing:
    case Well::kFailed:
      draw->AddRect(low, high, kFault, 2 * scale, 0, scale);
      draw->AddLine(low, high, kFault, scale);
      if (state == Well::kFailed) draw->AddLine({low.x, high.y}, {high.x, low.y}, kFault, scale);
      break;
    case Well::kShown:
      break;
  }
}

// One row's or column's name, with its middle at `middle` along its axis.
void name(ImDrawList* draw, const std::string& text, const ImVec2& at, float scale) {
  const ImVec2 size = ImGui::CalcTextSize(text.c_str());
  const float pad = 3 * scale;
  draw->AddRectFilled({at.x - pad, at.y - pad / 2}, {at.x + size.x + pad, at.y + size.y + pad / 2},
                      kBehindName, 3 * scale);
  draw->AddText(at, kName, text.c_str());
}

}  // namespace

void plate_overlay(const PlateModel& plate, const view::Camera& camera, float scale) {
  ImDrawList* draw = ImGui::GetBackgroundDrawList();
  const auto rows = static_cast<int>(plate.plate->rows.size());
  const auto columns = static_cast<int>(plate.plate->columns.size());
  const view::Rect seen = camera.visible();
  const auto first = [](double low, double pitch) {
    return std::max(0, static_cast<int>(std::floor(low / pitch)));
  };
  const auto end = [](double high, double pitch, int count) {
    return std::clamp(static_cast<int>(std::ceil(high / pitch)), 0, count);
  };
  const int c0 = first(seen.u0, plate.pitch[0]);
  const int c1 = end(seen.u1, plate.pitch[0], columns);
  const int r0 = first(seen.v0, plate.pitch[1]);
  const int r1 = end(seen.v1, plate.pitch[1], rows);
  const auto cell = [&](int row, int column) {
    return static_cast<std::size_t>(row * columns + column);
  };
  for (int row = r0; row < r1; ++row) {
    for (int column = c0; column < c1; ++column) {
      const double u = column * plate.pitch[0];
      const double v = row * plate.pitch[1];
      const ImVec2 low = pixel(camera, u, v);
      const ImVec2 high = pixel(camera, u + plate.cell[0], v + plate.cell[1]);
      well(draw, low, high, plate.wells[cell(row, column)], scale);
      if (static_cast<int>(cell(row, column)) == plate.hovered) {
        draw->AddRect(low, high, kHovered, 2 * scale, 0, 2 * scale);
      }
    }
  }
  // Names stay in sight when the plate's edge is not; where they would touch, every n-th is
  // written.
  const float line = ImGui::GetTextLineHeight();
  const double wpp = camera.world_per_pixel();
  const float widest = columns > 0 ? ImGui::CalcTextSize(plate.plate->columns.back().c_str()).x : 0;
  const int column_step =
      std::max(1, static_cast<int>(std::ceil((widest + 10 * scale) * wpp / plate.pitch[0])));
  const int row_step =
      std::max(1, static_cast<int>(std::ceil((line + 4 * scale) * wpp / plate.pitch[1])));
  for (int column = c0; column < c1; ++column) {
    if (column % column_step != 0) continue;
    const std::string& text = plate.plate->columns[static_cast<std::size_t>(column)];
    const ImVec2 top = pixel(camera, column * plate.pitch[0] + plate.cell[0] / 2, 0);
    name(draw, text,
         {top.x - ImGui::CalcTextSize(text.c_str()).x / 2,
          std::max(top.y - line - 6 * scale, 4 * scale)},
         scale);
  }
  for (int row = r0; row < r1; ++row) {
    if (row % row_step != 0) continue;
    const std::string& text = plate.plate->rows[static_cast<std::size_t>(row)];
    const ImVec2 left = pixel(camera, 0, row * plate.pitch[1] + plate.cell[1] / 2);
    name(draw, text,
         {std::max(left.x - ImGui::CalcTextSize(text.c_str()).x - 8 * scale, 6 * scale),
          left.y - line / 2},
         scale);
  }
}

}  // namespace mifa::ui
