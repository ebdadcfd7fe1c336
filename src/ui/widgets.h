// The parts the panels are made of. Sizes in device pixels; `scale` is device pixels a CSS pixel.
#pragma once

#include <imgui.h>

#include <optional>
#include <string>
#include <vector>

#include "ui/model.h"

namespace mifa::ui {

// Light: dark text on light panels, for pages that are so.
void apply_theme(float scale, bool light);
// The atlas font at `scale`; replaces what was there.
void load_font(float scale);

ImU32 to_color(const ome::Rgb& color, float alpha = 1);

// A histogram with two handles. Returns the new window while it is dragged. A double click asks for
// automatic contrast through `automatic`.
std::optional<view::Range> window_slider(const char* id, const view::ChannelLayer& channel,
                                         bool integers, float width, float scale,
                                         bool& automatic);

// Sliders of the axes that are not in the picture, along the lower edge, at most `width` wide. Adds
// its edits; the caller is inside a window.
void position_bar(const Model& model, float width, float scale, std::vector<Edit>& edits);

void inspector(const Readout& readout, float scale);

// A length of 1, 2 or 5 times a power of ten in the unit, and its width on screen.
struct ScaleBar {
  double length = 0;   // in `unit`
  double pixels = 0;
  std::string text;    // "20 µm"
};
// `world_per_pixel` in `unit`; the bar is at most `maximum_pixels` long. Metric units are changed
// to a neighbouring one where that makes a shorter number (5000 µm is 5 mm).
ScaleBar fitting_scale_bar(double world_per_pixel, double maximum_pixels, const std::string& unit);

void draw_scale_bar(const ScaleBar& bar, float right, float bottom, float scale);

// Names of rows and columns, and a mark for each well without a picture, behind the panels.
void plate_overlay(const PlateModel& plate, const view::Camera& camera, float scale);

// Names an axis for people: "z 12 of 24" and, unless it has to be `brief`, the place in its unit.
std::string axis_caption(const view::Source& source, int axis, std::int64_t position, bool brief);

}  // namespace mifa::ui
