// What the panels show and what a person asked for through them. The panels change nothing: they
// read a Model and return Edits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ome/dataset.h"
#include "view/camera.h"
#include "view/scene.h"

namespace mifa::ui {

// One line of the inspector.
struct Reading {
  std::string name;
  std::string value;
  ome::Rgb color{};
  bool swatch = false;  // show the colour
};

struct Readout {
  bool inside = false;   // the pointer is over an image, or over a well
  std::string well;      // "B/7"; empty outside plates
  std::string pixel;     // "x 120  y 88"
  std::string physical;  // "39.0, 28.6 µm"; empty without a unit
  std::vector<Reading> values;
};

// A plate's grid, in world units of the scene.
struct PlateModel {
  const ome::Plate* plate = nullptr;
  std::array<double, 2> cell{}, pitch{};
  // One byte per row and column, row by row.
  enum class Well : std::uint8_t { kNone, kWaiting, kShown, kMissing, kFailed };
  std::vector<Well> wells;
  int hovered = -1;  // index into `wells`
};

struct Model {
  const view::Scene* scene = nullptr;  // null until an image is open
  const view::Camera* camera = nullptr;
  const Readout* readout = nullptr;
  const PlateModel* plate = nullptr;  // null where no plate's grid is shown
  bool rgb = false;
  std::string spatial_unit;  // symbol ("µm"), or "px"
};

struct ChannelEdit {
  int index = 0;
  bool visible = true;
  ome::Rgb color{};
  view::Range window;
  bool window_changed = false;
  double opacity = 1;
};
// Back to the window found from the data (or given by the file, if that is all there is).
struct AutoContrastEdit {
  int index = 0;
};
struct LabelEdit {
  int index = 0;
  bool visible = true;
  bool outline = false;
  double opacity = 0.5;
  std::optional<double> threshold = std::nullopt;  // of probabilities; nothing: as it is
};
struct PositionEdit {
  int axis = 0;
  std::int64_t value = 0;
};
struct SmoothEdit {
  bool smooth = false;
};
struct FitEdit {};
struct ZoomEdit {
  double factor = 1;  // about the middle of the view
};

using Edit = std::variant<ChannelEdit, AutoContrastEdit, LabelEdit, PositionEdit, SmoothEdit,
                          FitEdit, ZoomEdit>;

}  // namespace mifa::ui
