#include <imgui.h>

#include "inter.h"
#include "ui/widgets.h"

namespace mifa::ui {
namespace {

constexpr float kFontPixels = 13;  // CSS pixels

ImVec4 gray(float value, float alpha = 1) { return {value, value, value + 0.01F, alpha}; }

constexpr ImVec4 kAccent{0.30F, 0.62F, 0.95F, 1};

}  // namespace

ImU32 to_color(const ome::Rgb& color, float alpha) {
  return IM_COL32(color[0], color[1], color[2], static_cast<int>(alpha * 255));
}

void apply_theme(float scale) {
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
  colors[ImGuiCol_Text] = gray(0.94F);
  colors[ImGuiCol_TextDisabled] = gray(0.66F);
  colors[ImGuiCol_WindowBg] = gray(0.09F, 0.86F);
  colors[ImGuiCol_PopupBg] = gray(0.11F, 0.97F);
  colors[ImGuiCol_Border] = gray(1.0F, 0.10F);
  colors[ImGuiCol_FrameBg] = gray(1.0F, 0.09F);
  colors[ImGuiCol_FrameBgHovered] = gray(1.0F, 0.15F);
  colors[ImGuiCol_FrameBgActive] = gray(1.0F, 0.20F);
  colors[ImGuiCol_SliderGrab] = kAccent;
  colors[ImGuiCol_SliderGrabActive] = kAccent;
  colors[ImGuiCol_CheckMark] = kAccent;
  colors[ImGuiCol_Button] = gray(1.0F, 0.08F);
  colors[ImGuiCol_ButtonHovered] = gray(1.0F, 0.17F);
  colors[ImGuiCol_ButtonActive] = gray(1.0F, 0.24F);
  colors[ImGuiCol_Separator] = gray(1.0F, 0.10F);
  colors[ImGuiCol_ScrollbarBg] = gray(0, 0);
  colors[ImGuiCol_ScrollbarGrab] = gray(1.0F, 0.22F);
  colors[ImGuiCol_Header] = gray(1.0F, 0.08F);
  colors[ImGuiCol_HeaderHovered] = gray(1.0F, 0.14F);
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
