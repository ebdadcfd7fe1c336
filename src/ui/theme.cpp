#include <imgui.h>

#include "inter.h"
#include "ui/widgets.h"

namespace mifa::ui {
namespace {

constexpr float kFontPixels = 13;  // CSS pixels

ImVec4 gray(float value, float alpha = 1) { return {value, value, value + 0.01F, alpha}; }

constexpr ImVec4 kAccent{0.30F, 0.62F, 0.95F, 1};
constexpr ImVec4 kAccentOnLight{0.25F, 0.58F, 0.92F, 1};

}  // namespace

ImU32 to_color(const ome::Rgb& color, float alpha) {
  return IM_COL32(color[0], color[1], color[2], static_cast<int>(alpha * 255));
}

void apply_theme(float scale, bool light) {
  ImGuiStyle style;
  style.WindowRounding = 8;
  style.WindowBorderSize = 1;
  style.WindowPadding = {10, 9};
  style.FrameRounding = 4;
  style.GrabRounding = 4;
  style.PopupRounding = 6;
  style.FramePadding = {6, 3};
  style.ItemSpacing = {7, 6};
  style.ItemInnerSpacing = {6, 4};
  style.GrabMinSize = 10;
  style.ScrollbarSize = 9;
  style.ScrollbarRounding = 5;
  style.ScaleAllSizes(scale);
  // Borders stay one device pixel.
  style.WindowBorderSize = 1;
  ImVec4* colors = style.Colors;
  const ImVec4& accent = light ? kAccentOnLight : kAccent;
  // What lies on a panel is the panel's opposite, more or less of it.
  const float ground = light ? 0.985F : 0.09F;
  const float ink = light ? 0.0F : 1.0F;
  colors[ImGuiCol_Text] = gray(light ? 0.10F : 0.94F);
  colors[ImGuiCol_TextDisabled] = gray(light ? 0.36F : 0.66F);
  colors[ImGuiCol_WindowBg] = gray(ground, light ? 0.93F : 0.86F);
  colors[ImGuiCol_PopupBg] = gray(light ? 0.985F : 0.11F, 0.97F);
  colors[ImGuiCol_Border] = gray(ink, light ? 0.18F : 0.10F);
  colors[ImGuiCol_FrameBg] = gray(ink, 0.09F);
  colors[ImGuiCol_FrameBgHovered] = gray(ink, 0.15F);
  colors[ImGuiCol_FrameBgActive] = gray(ink, 0.20F);
  colors[ImGuiCol_SliderGrab] = accent;
  colors[ImGuiCol_SliderGrabActive] = accent;
  colors[ImGuiCol_CheckMark] = accent;
  colors[ImGuiCol_Button] = gray(ink, 0.08F);
  colors[ImGuiCol_ButtonHovered] = gray(ink, 0.17F);
  colors[ImGuiCol_ButtonActive] = gray(ink, 0.24F);
  colors[ImGuiCol_Separator] = gray(ink, 0.10F);
  colors[ImGuiCol_ScrollbarBg] = gray(0, 0);
  colors[ImGuiCol_ScrollbarGrab] = gray(ink, 0.22F);
  colors[ImGuiCol_Header] = gray(ink, 0.08F);
  colors[ImGuiCol_HeaderHovered] = gray(ink, 0.14F);
  ImGui::GetStyle() = style;
}

void load_font(float scale) {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = 2;
  static constexpr ImWchar kRanges[] = {0x20,   0xFF,   0x394,  0x394,  0x3B1,  0x3C9, 0x2013,
                                        0x2026, 0x2032, 0x2032, 0x2212, 0x2212, 0};
  // ImGui takes a mutable pointer and only reads it.
  io.Fonts->AddFontFromMemoryTTF(const_cast<unsigned char*>(kInter), sizeof kInter,
                                 kFontPixels * scale, &config, kRanges);
  io.Fonts->Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
}

}  // namespace mifa::ui
