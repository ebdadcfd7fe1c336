#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "ui/widgets.h"

namespace mifa::ui {
namespace {

struct Metric {
  const char* symbol;
  double meters;
};

constexpr Metric kMetrics[] = {{"pm", 1e-12}, {"Å", 1e-10}, {"nm", 1e-9}, {"µm", 1e-6},
                               {"mm", 1e-3},  {"cm", 1e-2}, {"m", 1},     {"km", 1e3}};

double round_length(double longest) {
  const double power = std::pow(10, std::floor(std::log10(longest)));
  const double share = longest / power;
  return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
}

}  // namespace

ScaleBar fitting_scale_bar(double world_per_pixel, double maximum_pixels,
                           const std::string& unit) {
  ScaleBar bar;
  const double longest = world_per_pixel * maximum_pixels;
  if (!(longest > 0) || !std::isfinite(longest)) return bar;
  bar.length = round_length(longest);
  bar.pixels = bar.length / world_per_pixel;
  double shown = bar.length;
  std::string symbol = unit;
  for (const Metric& own : kMetrics) {
    if (unit != own.symbol) continue;
    for (const Metric& other : kMetrics) {
      // Ångström and centimetre only when the file itself uses them.
      if (std::strcmp(other.symbol, "Å") == 0 || std::strcmp(other.symbol, "cm") == 0) continue;
      const double length = bar.length * own.meters / other.meters;
      if (length < 0.999 || length >= 999.5) continue;
      shown = length;
      symbol = other.symbol;
      break;
    }
  }
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%g %s", std::round(shown * 1e6) / 1e6, symbol.c_str());
  bar.text = text.data();
  return bar;
}

void draw_scale_bar(const ScaleBar& bar, float right, float bottom, float scale) {
  if (bar.pixels <= 0) return;
  // In front of the image and behind the panels, with an edge that shows on any ground.
  ImDrawList* draw = ImGui::GetBackgroundDrawList();
  const float left = right - static_cast<float>(bar.pixels);
  const float height = 4 * scale;
  const float edge = 1.5F * scale;
  const ImVec2 size = ImGui::CalcTextSize(bar.text.c_str());
  const ImVec2 at{left + (static_cast<float>(bar.pixels) - size.x) / 2,
                  bottom - height - size.y - 4 * scale};
  draw->AddRectFilled({left - edge, bottom - height - edge}, {right + edge, bottom + edge},
                      IM_COL32(0, 0, 0, 170));
  draw->AddRectFilled({left, bottom - height}, {right, bottom}, IM_COL32_WHITE);
  draw->AddRectFilled({at.x - 5 * scale, at.y - 1 * scale},
                      {at.x + size.x + 5 * scale, at.y + size.y + 1 * scale},
                      IM_COL32(0, 0, 0, 130), 4 * scale);
  draw->AddText(at, IM_COL32_WHITE, bar.text.c_str());
}

}  // namespace mifa::ui
