#include "ui/panels.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/widgets.h"

namespace mifa::ui {
namespace {

constexpr float kMargin = 12;        // CSS pixels between canvas edge and panel
constexpr float kPanelWidth = 232;   // CSS pixels
constexpr float kSmallCanvas = 560;  // CSS pixels; narrower canvases start with the panel folded
constexpr float kScaleBar = 140;     // CSS pixels, longest
constexpr float kNames = 26;         // CSS pixels for the names of a plate's rows and columns

constexpr ImGuiWindowFlags kFixed =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
    ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav |
    ImGuiWindowFlags_AlwaysAutoResize;

bool has_sliders(const Model& model) {
  const ome::Multiscale& image = model.scene->sources.front().image();
  for (int axis = 0; axis < static_cast<int>(image.axes.size()); ++axis) {
    const bool in_picture =
        axis == image.x_axis || axis == image.y_axis || axis == image.c_axis;
    if (!in_picture && image.extent(axis) > 1) return true;
  }
  return false;
}

// A checkbox that is the layer's colour when on.
bool swatch(const char* id, const ome::Rgb& color, bool on, float scale) {
  const float size = ImGui::GetFrameHeight() - 4 * scale;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton(id, {size, size});
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + size, at.y + size};
  if (on) draw->AddRectFilled(at, end, to_color(color), 4 * scale);
  const bool lit = ImGui::IsItemHovered();
  draw->AddRect(at, end, ImGui::GetColorU32(ImGuiCol_Text, lit ? 1.0F : 0.47F), 4 * scale, 0,
                1.2F * scale);
  return clicked;
}

}  // namespace

Panels::Panels() {
  IMGUI_CHECKVERSION();
  context_ = ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
}

Panels::~Panels() { ImGui::DestroyContext(context_); }

bool Panels::resize(int width, int height, double pixel_ratio) {
  ImGui::SetCurrentContext(context_);
  width_ = width;
  height_ = height;
  ImGui::GetIO().DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  const auto scale = static_cast<float>(pixel_ratio);
  if (!sized_ && width > 1) {
    open_ = static_cast<float>(width) / scale >= kSmallCanvas;
    sized_ = true;
  }
  if (scale == scale_ && ImGui::GetIO().Fonts->Fonts.Size > 0) return false;
  scale_ = scale;
  apply_theme(scale, light_);
  load_font(scale);
  return true;
}

void Panels::set_light(bool light) {
  ImGui::SetCurrentContext(context_);
  light_ = light;
  apply_theme(scale_, light);
}

void Panels::pointer_moved(double x, double y, bool touch) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(touch ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
  io.AddMousePosEvent(static_cast<float>(x), static_cast<float>(y));
}

void Panels::pointer_left() {
  ImGui::SetCurrentContext(context_);
  ImGui::GetIO().AddMousePosEvent(-1e9F, -1e9F);
}

void Panels::button(int index, bool down) {
  ImGui::SetCurrentContext(context_);
  if (index >= 0 && index < ImGuiMouseButton_COUNT) {
    ImGui::GetIO().AddMouseButtonEvent(index, down);
  }
}

void Panels::wheel(double dx, double dy) {
  ImGui::SetCurrentContext(context_);
  ImGui::GetIO().AddMouseWheelEvent(static_cast<float>(dx), static_cast<float>(dy));
}

bool Panels::covers(double x, double y) const {
  ImGui::SetCurrentContext(context_);
  if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId)) return true;
  return std::any_of(areas_.begin(), areas_.end(), [&](const Area& area) {
    return x >= area.x0 && x < area.x1 && y >= area.y0 && y < area.y1;
  });
}

void Panels::remember_area() {
  const ImVec2 at = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  areas_.push_back({at.x, at.y, at.x + size.x, at.y + size.y});
}

std::array<double, 4> Panels::margins() const {
  const double edge = kMargin * scale_;
  // On a small canvas the picture goes under the controls: it needs all the room there is.
  if (controls_ == Controls::kNone || static_cast<float>(width_) < kSmallCanvas * scale_) {
    return {0, 0, 0, 0};
  }
  const double below = bar_height_ > 0 ? bar_height_ + 2 * edge : edge;
  const double names = in_plate_ ? kNames * scale_ : 0;
  const bool panel = open_ && controls_ == Controls::kFull;
  return {edge + names, edge + names, panel ? panel_width_ + 2 * edge : edge, below};
}

std::vector<Edit> Panels::build(const Model& model, double seconds) {
  ImGui::SetCurrentContext(context_);
  ImGui::GetIO().DeltaTime = static_cast<float>(std::clamp(seconds, 1e-4, 0.5));
  ImGui::NewFrame();
  areas_.clear();
  bar_height_ = 0;
  std::vector<Edit> edits;
  if (controls_ != Controls::kNone && model.scene && !model.scene->sources.empty()) {
    const bool full = controls_ == Controls::kFull;
    const float edge = kMargin * scale_;
    const auto width = static_cast<float>(width_);
    const auto height = static_cast<float>(height_);
    in_plate_ = model.plate != nullptr;
    if (model.plate) plate_overlay(*model.plate, *model.camera, scale_);
    if (full) toolbar(model, edits);
    if (full && open_) layer_panel(model, edits);
    if (has_sliders(model)) {
      const bool narrow = width < kSmallCanvas * scale_;
      ImGui::SetNextWindowPos({width / 2, height - edge - (narrow ? 26 * scale_ : 0)}, 0,
                              {0.5F, 1});
      ImGui::Begin("Position", nullptr, kFixed);
      position_bar(model, width - 2 * edge, scale_, edits);
      bar_height_ = ImGui::GetWindowHeight();
      remember_area();
      ImGui::End();
    }
    if (full && model.readout->inside && width >= kSmallCanvas * scale_) {
      ImGui::SetNextWindowPos({edge, height - edge}, 0, {0, 1});
      ImGui::Begin("Inspector", nullptr, kFixed | ImGuiWindowFlags_NoInputs);
      inspector(*model.readout, scale_);
      ImGui::End();
    }
    const ScaleBar bar = fitting_scale_bar(
        model.camera->world_per_pixel(), std::min(kScaleBar * scale_, width / 3),
        model.spatial_unit);
    draw_scale_bar(bar, width - edge - 2 * scale_, height - edge - 2 * scale_, scale_);
  }
  ImGui::Render();
  return edits;
}

void Panels::toolbar(const Model& model, std::vector<Edit>& edits) {
  const float edge = kMargin * scale_;
  ImGui::SetNextWindowPos({static_cast<float>(width_) - edge, edge}, 0, {1, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(5 * scale_, 5 * scale_));
  ImGui::Begin("Tools", nullptr, kFixed);
  ImGui::PopStyleVar();
  if (ImGui::Button("Fit")) edits.push_back(FitEdit{});
  ImGui::SameLine(0, 4 * scale_);
  if (ImGui::Button(" − ")) edits.push_back(ZoomEdit{1 / 1.5});
  ImGui::SameLine(0, 4 * scale_);
  if (ImGui::Button(" + ")) edits.push_back(ZoomEdit{1.5});
  ImGui::SameLine(0, 4 * scale_);
  const bool smooth = model.scene->smooth;
  if (smooth) ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_CheckMark));
  if (ImGui::Button("Smooth")) edits.push_back(SmoothEdit{!smooth});
  if (smooth) ImGui::PopStyleColor();
  ImGui::SameLine(0, 4 * scale_);
  if (ImGui::Button(open_ ? "Hide layers" : "Layers")) open_ = !open_;
  remember_area();
  ImGui::End();
}

void Panels::layer_panel(const Model& model, std::vector<Edit>& edits) {
  const float edge = kMargin * scale_;
  const float top = areas_.back().y1 + 8 * scale_;
  panel_width_ = kPanelWidth * scale_;
  const float tallest = std::max(static_cast<float>(height_) - top - edge - 44 * scale_,
                                 60 * scale_);
  ImGui::SetNextWindowPos({static_cast<float>(width_) - edge, top}, 0, {1, 0});
  ImGui::SetNextWindowSizeConstraints({panel_width_, 0}, {panel_width_, tallest});
  ImGui::Begin("Layers", nullptr,
               kFixed & ~(ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoNav));
  const auto& scene = *model.scene;
  if (!scene.channels.empty()) {
    ImGui::TextDisabled("%s", model.rgb ? "Colour" : scene.channels.size() > 1 ? "Channels" : "Channel");
    for (int i = 0; i < static_cast<int>(scene.channels.size()); ++i) {
      ImGui::PushID(i);
      channel_row(model, i, edits);
      ImGui::PopID();
    }
  }
  if (!scene.labels.empty()) {
    if (!scene.channels.empty()) ImGui::Separator();
    ImGui::TextDisabled("Labels");
    for (int i = 0; i < static_cast<int>(scene.labels.size()); ++i) {
      ImGui::PushID(1000 + i);
      label_row(model, i, edits);
      ImGui::PopID();
    }
  }
  remember_area();
  ImGui::End();
}

void Panels::channel_row(const Model& model, int index, std::vector<Edit>& edits) {
  const view::ChannelLayer& channel = model.scene->channels[static_cast<std::size_t>(index)];
  ChannelEdit edit{index, channel.visible, channel.color, channel.window, false, channel.opacity};
  bool changed = false;
  if (swatch("visible", channel.swatch(), channel.visible, scale_)) {
    edit.visible = !channel.visible;
    changed = true;
  }
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  if (channel.visible) {
    ImGui::TextUnformatted(channel.label.c_str());
  } else {
    ImGui::TextDisabled("%s", channel.label.c_str());
  }
  const float button = ImGui::GetFrameHeight();
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - button);
  if (ImGui::Button("…", {button, 0})) ImGui::OpenPopup("channel");
  if (ImGui::BeginPopup("channel")) {
    ImGui::TextDisabled("%s", channel.label.c_str());
    std::array<float, 3> rgb{};
    for (std::size_t i = 0; i < 3; ++i) rgb[i] = static_cast<float>(channel.color[i]) / 255.0F;
    ImGui::SetNextItemWidth(170 * scale_);
    if (ImGui::ColorPicker3("##color", rgb.data(),
                            ImGuiColorEditFlags_NoInputs | ImGuiColorEditFlags_NoSidePreview |
                                ImGuiColorEditFlags_NoSmallPreview)) {
      for (std::size_t i = 0; i < 3; ++i) {
        edit.color[i] = static_cast<std::uint8_t>(std::lround(rgb[i] * 255.0F));
      }
      changed = true;
    }
    auto percent = static_cast<int>(std::lround(channel.opacity * 100));
    ImGui::SetNextItemWidth(170 * scale_);
    if (ImGui::SliderInt("##opacity", &percent, 0, 100, "Opacity %d %%",
                         ImGuiSliderFlags_NoInput)) {
      edit.opacity = percent / 100.0;
      changed = true;
    }
    if (ImGui::Button("Automatic contrast", {170 * scale_, 0})) {
      edits.push_back(AutoContrastEdit{index});
    }
    ImGui::EndPopup();
  }
  if (channel.visible && channel.window_known) {
    const bool integers =
        !zarr::is_float(model.scene->sources.front().data_type(0));
    bool automatic = false;
    if (const auto window =
            window_slider("window", channel, integers,
                          ImGui::GetContentRegionAvail().x, scale_, automatic)) {
      edit.window = *window;
      edit.window_changed = true;
      changed = true;
    }
    if (automatic) edits.push_back(AutoContrastEdit{index});
  }
  if (changed) edits.push_back(edit);
}

void Panels::label_row(const Model& model, int index, std::vector<Edit>& edits) {
  const view::LabelLayer& label = model.scene->labels[static_cast<std::size_t>(index)];
  LabelEdit edit{index, label.visible, label.outline, label.opacity, std::nullopt};
  bool changed = false;
  if (swatch("visible", {77, 158, 242}, label.visible, scale_)) {
    edit.visible = !label.visible;
    changed = true;
  }
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  if (label.visible) {
    ImGui::TextUnformatted(label.name.c_str());
  } else {
    ImGui::TextDisabled("%s", label.name.c_str());
  }
  if (label.visible) {
    auto percent = static_cast<int>(std::lround(label.opacity * 100));
    const float button = 62 * scale_;
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - button -
                            ImGui::GetStyle().ItemSpacing.x);
    if (ImGui::SliderInt("##opacity", &percent, 0, 100, "%d %%", ImGuiSliderFlags_NoInput)) {
      edit.opacity = percent / 100.0;
      changed = true;
    }
    ImGui::SameLine();
    if (label.kind == view::LabelKind::kProbability) {
      auto threshold = static_cast<float>(label.threshold);
      ImGui::SetNextItemWidth(button);
      if (ImGui::SliderFloat("##threshold", &threshold, static_cast<float>(label.range.low),
                             static_cast<float>(label.range.high), "from %.2g",
                             ImGuiSliderFlags_NoInput)) {
        edit.threshold = static_cast<double>(threshold);
        changed = true;
      }
    } else if (ImGui::Button(label.outline ? "Outline" : "Filled", {button, 0})) {
      edit.outline = !label.outline;
      changed = true;
    }
  }
  if (changed) edits.push_back(edit);
}

}  // namespace mifa::ui
