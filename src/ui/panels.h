// The controls on the image, drawn with Dear ImGui. Owns the ImGui context.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "ui/model.h"

struct ImGuiContext;

namespace mifa::ui {

// How much lies on the picture: nothing at all, sliders and scale bar, or everything.
enum class Controls { kNone, kMinimal, kFull };

class Panels {
 public:
  Panels();
  ~Panels();
  Panels(const Panels&) = delete;
  Panels& operator=(const Panels&) = delete;

  // Canvas size in device pixels and device pixels a CSS pixel. Rebuilds the font atlas when the
  // ratio changed; returns whether it did (the font texture has to be made again).
  bool resize(int width, int height, double pixel_ratio);

  // Pointer and key events, in device pixels; button 0 is the main one.
  void pointer_moved(double x, double y, bool touch);
  void pointer_left();
  void button(int index, bool down);
  void wheel(double dx, double dy);

  // Whether the point lies on a panel (as of the last build), so that a drag there is not a pan.
  bool covers(double x, double y) const;

  // Builds one frame of controls; `seconds` since the last. What to draw is then in ImGui's draw
  // data, for the host's backend.
  std::vector<Edit> build(const Model& model, double seconds);

  // Free space the panels leave, in device pixels from the left, top, right, bottom edges.
  std::array<double, 4> margins() const;
  // The panel of channels and labels can be folded away; small canvases start folded.
  void set_open(bool open) { open_ = open; }
  bool open() const { return open_; }
  // Light panels or dark ones.
  void set_light(bool light);
  void set_controls(Controls controls) { controls_ = controls; }

 private:
  struct Area {
    float x0, y0, x1, y1;
  };
  void layer_panel(const Model& model, std::vector<Edit>& edits);
  void channel_row(const Model& model, int index, std::vector<Edit>& edits);
  void label_row(const Model& model, int index, std::vector<Edit>& edits);
  void toolbar(const Model& model, std::vector<Edit>& edits);
  void remember_area();

  ImGuiContext* context_ = nullptr;
  float scale_ = 1;  // device pixels a CSS pixel
  int width_ = 0, height_ = 0;
  bool open_ = true;
  bool light_ = false;
  Controls controls_ = Controls::kFull;
  bool sized_ = false;
  bool in_plate_ = false;
  float panel_width_ = 0;
  float bar_height_ = 0;  // of the position bar in the last frame
  std::vector<Area> areas_;
};

}  // namespace mifa::ui
