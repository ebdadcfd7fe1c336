// The main thread's program `viewer`: the App with its renderer. JavaScript calls frame(), carries
// out the packed commands, calls draw(), and feeds events. One instance a canvas.
//
// Bytes cross in a block of the heap: _reserve(n), HEAPU8.set(bytes, pointer), then the event.
// Commands are doubles at _commandsPointer: op, count of operands, operands; strings among them are
// (pointer, bytes) of UTF-8. web/wasm/commands.ts is the other half of this table.

#include <emscripten/bind.h>
#include <imgui.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "app/app.h"
#include "render/interface_renderer.h"
#include "render/program.h"
#include "render/renderer.h"
#include "render/vector_renderer.h"

namespace mifa::bind {
namespace {

enum Op {
  kReadMetadata = 1,  // ticket, key
  kRegisterArray,     // array, data type's v3 name, name, metadata, chunks of a shard (0: not sharded),
                      // bytes of its index, index at start, axes…
  kReadChunk,         // ticket, array, key, place in the shard or -1
  kCancelChunk,       // ticket
  kDropChunk,         // ticket
  kUploadTile,        // ticket, texture, layer, format, from double, offset, row length, width, height
  kTakeSamples,       // request, ticket, offset, row length, width, height, most
  kReadValues,        // request, (ticket, offset)…
  kListFolder,        // folder
  kForgetChunks,      //
  kRequestShapes,     // layer, block
};

ErrorCode error_code(const std::string& name) {
  for (const ErrorCode code : {ErrorCode::kRetry, ErrorCode::kFixData, ErrorCode::kUnsupported,
                               ErrorCode::kMissing, ErrorCode::kForbidden, ErrorCode::kLimit}) {
    if (name == error_code_name(code)) return code;
  }
  return ErrorCode::kFixData;
}

class Viewer {
 public:
  explicit Viewer(bool small_device) : app_(limits(small_device)) {}
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  void open(std::string name) { app_.open(name); }
  void open_entry(int index) { app_.open_entry(index); }
  void open_field(int index) { app_.open_field(index); }
  void open_multiscale(int index) { app_.open_multiscale(index); }
  void show_overview() { app_.show_overview(); }
  void set_system(int index) { app_.set_system(index); }
  void resize(int width, int height, double pixel_ratio) {
    width_ = width;
    height_ = height;
    pixel_ratio_ = pixel_ratio;
    app_.resize(width, height, pixel_ratio);
    take_font();
  }

  std::uint32_t reserve(int bytes) {
    input_.resize(static_cast<std::size_t>(bytes));
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(input_.data()));
  }

  void metadata_found(std::uint32_t ticket) {
    app_.metadata_found(ticket, input_);
    input_.clear();
    input_.shrink_to_fit();
  }
  void metadata_missing(std::uint32_t ticket) { app_.metadata_missing(ticket); }
  void metadata_failed(std::uint32_t ticket, std::string code, std::string message, double now,
                       double retry_after) {
    app_.metadata_failed(ticket, {error_code(code), message}, now, retry_after);
  }
  void chunk_fetched(std::uint32_t ticket) { app_.chunk_fetched(ticket); }
  void chunk_decoded(std::uint32_t ticket) { app_.chunk_decoded(ticket); }
  void chunk_empty(std::uint32_t ticket) { app_.chunk_empty(ticket); }
  void chunk_failed(std::uint32_t ticket, std::string code, std::string message, double now,
                    double retry_after) {
    app_.chunk_failed(ticket, {error_code(code), message}, now, retry_after);
  }
  // The samples are doubles in the reserved block.
  void samples_taken(int request) {
    app_.samples_taken(request, {reinterpret_cast<const double*>(input_.data()),
                                 input_.size() / sizeof(double)});
  }
  // The values are in the reserved block as text, one a line.
  void values_read(int request) { app_.values_read(request, lines()); }
  // The children's names are in the reserved block as text, one a line; folders end with a slash.
  void folder_listed(std::string folder) {
    std::vector<ome::Opener::ListedEntry> entries;
    for (std::string& name : lines()) {
      const bool is_folder = name.ends_with('/');
      if (is_folder) name.pop_back();
      if (!name.empty()) entries.push_back({std::move(name), is_folder});
    }
    app_.folder_listed(folder, entries);
  }
  void folder_unlisted(std::string folder) { app_.folder_unlisted(folder); }
  void uploads_took(double ms, double bytes) {
    app_.uploads_took(ms, static_cast<std::int64_t>(bytes));
  }

  void pointer_down(int pointer, double x, double y, int button, bool touch) {
    app_.pointer_down(pointer, x, y, button, touch);
  }
  void pointer_moved(int pointer, double x, double y, bool touch) {
    app_.pointer_moved(pointer, x, y, touch);
  }
  void pointer_up(int pointer, int button, bool touch) { app_.pointer_up(pointer, button, touch); }
  void pointer_left() { app_.pointer_left(); }
  void wheel(double x, double y, double dx, double dy, bool pinch) {
    app_.wheel(x, y, dx, dy, pinch);
  }
  bool key(std::string name) { return app_.key(name); }

  // The GL context is current and new: everything in it has to be made.
  void context_ready() {
    render::forget_programs();
    renderer_.forget();
    vector_renderer_.forget();
    renderer_.prepare();
    renderer_.prepare(app_.scene());
    interface_renderer_.prepare();
    app_.context_lost();
    take_font();
  }

  // Bits: 1 draw, 2 again, 4 state changed. Then commandsPointer/Length and wakeAt.
  int frame(double now) {
    const app::Frame frame = app_.frame(now);
    wake_at_ = frame.wake;
    if (frame.state_changed) renderer_.prepare(app_.scene());
    renderer_.sync(app_.tiles());
    pack(app_.take_commands());
    return (frame.draw ? 1 : 0) | (frame.again ? 2 : 0) | (frame.state_changed ? 4 : 0);
  }

  // Whether draw() would not wait for the driver.
  bool ready() {
    const ImDrawData* data = ImGui::GetDrawData();
    // All are asked: each starts what it lacks.
    const bool picture = renderer_.checked(app_.draw_list());
    const bool vectors = vector_renderer_.checked();
    const bool controls = !data || interface_renderer_.checked(*data);
    return (picture && vectors && controls) || render::programs_compiled();
  }

  void draw() {
    render::FrameStyle style;
    style.width = width_;
    style.height = height_;
    style.background = background_;
    for (int i = 0; i < static_cast<int>(app_.scene().labels.size()); ++i) {
      const app::LabelColoring* given = app_.label_coloring(i);
      style.label_colors.push_back({app_.label_colors(i), given ? given->version : 0,
                                    given ? given->others : ome::Rgba{}});
      style.label_thresholds.push_back(
          static_cast<float>(app_.scene().labels[static_cast<std::size_t>(i)].threshold));
    }
    style.hovered_layer = app_.hovered_layer();
    style.hovered_id = app_.hovered_id();
    const ImDrawData* data = ImGui::GetDrawData();
    if (data && !interface_renderer_.checked(*data)) interface_renderer_.check();
    vector_renderer_.check();
    renderer_.draw(app_.draw_list(), style);
    vector_renderer_.draw(app_.vectors().draws(), width_, height_, pixel_ratio_);
    if (data) interface_renderer_.draw(*data);
  }

  void set_background(int red, int green, int blue) {
    background_ = {static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green),
                   static_cast<std::uint8_t>(blue)};
  }
  void fit() { app_.fit(); }
  void look_at(double u, double v, double world_per_pixel) { app_.look_at(u, v, world_per_pixel); }
  void set_position(int axis, double value) {
    app_.set_position(axis, static_cast<std::int64_t>(value));
  }
  void set_panel_open(bool open) { app_.set_panel_open(open); }
  void set_light(bool light) { app_.set_light(light); }
  void set_controls(int controls) { app_.set_controls(static_cast<ui::Controls>(controls)); }
  void set_smooth(bool smooth) { app_.set_smooth(smooth); }
  void set_channel(int index, bool visible, int rgb, double low, double high, double opacity) {
    app_.set_channel({index,
                      visible,
                      {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
                       static_cast<std::uint8_t>(rgb)},
                      {low, high},
                      high > low,
                      opacity});
  }
  void set_label(int index, bool visible, bool outline, double opacity) {
    app_.set_label({index, visible, outline, opacity, std::nullopt});
  }
  void set_label_threshold(int index, double threshold) {
    app_.set_label_threshold(index, threshold);
  }
  // Of each id three words in the reserved block: low, high, red | green << 8 | blue << 16 | alpha << 24.
  // `others`: of all other ids, the same way.
  void set_label_colors(int index, std::uint32_t others) {
    const auto rgba = [](std::uint32_t word) {
      ome::Rgba color;
      for (auto& part : color) {
        part = static_cast<std::uint8_t>(word);
        word >>= 8U;
      }
      return color;
    };
    app::LabelColoring coloring;
    coloring.others = rgba(others);
    const std::span words(reinterpret_cast<const std::uint32_t*>(input_.data()), input_.size() / sizeof(std::uint32_t));
    for (std::size_t i = 0; i + 2 < words.size(); i += 3) {
      coloring.colors.emplace_hint(coloring.colors.end(), std::uint64_t{words[i + 1]} << 32U | words[i],
                                   rgba(words[i + 2]));
    }
    app_.set_label_coloring(index, std::move(coloring));
  }
  void reset_label_colors(int index) { app_.set_label_coloring(index, std::nullopt); }
  // "layer id" of the mask's pixel under the pointer; empty: none.
  std::string hovered_label() const {
    if (app_.hovered_layer() < 0) return {};
    return std::to_string(app_.hovered_layer()) + ' ' + std::to_string(app_.hovered_id());
  }
  void add_labels(const std::string& path, const std::string& name) {
    app_.lay_over(path, name);
  }
  void retry() { app_.retry(); }
  void trim(double bytes) { app_.trim(static_cast<std::int64_t>(bytes)); }

  std::uint32_t commands_pointer() const {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(packed_.data()));
  }
  int commands_length() const { return static_cast<int>(packed_.size()); }
  double wake_at() const { return wake_at_; }
  std::string state() const { return app_.state_json(); }
  std::string entries() const { return app_.entries_json(); }
  std::string levels() const { return app_.levels_json(); }
  // The chunk's index is in the reserved block, as doubles.
  std::string chunk(int level) const { return app_.chunk_json(level, doubles()); }
  std::string failure() const {
    const std::string& others =
        vector_renderer_.failure().empty() ? interface_renderer_.failure() : vector_renderer_.failure();
    return renderer_.failure().empty() ? others : renderer_.failure();
  }

  // Annotation layers; web/annotations/layers.ts is the other half. Numbers come in the reserved
  // block: of a table kBlockFloats floats a block, else doubles.
  int add_vectors(double spread) {
    vector_renderer_.prepare();
    return app_.change_vectors().add(
        {reinterpret_cast<const float*>(input_.data()), input_.size() / sizeof(float)}, spread);
  }
  void remove_vectors(int layer) {
    app_.change_vectors().remove(layer);
    vector_renderer_.remove(layer);
  }
  void set_vector_settings(int layer, bool visible) {
    const auto at = doubles();
    app_.change_vectors().set_settings(layer, {visible, at[0], at[1], at[2], at[3], at[4]});
  }
  void set_vector_placement(int layer) {
    const auto at = doubles();
    app_.change_vectors().set_placement(layer,
                                        {{at[0], at[1], at[2], at[3], at[4], at[5]}, at[6], at[7]});
  }
  // The layers' ids.
  void set_vector_order() {
    const std::span<const double> ids = doubles();
    app_.change_vectors().set_order(std::vector<int>(ids.begin(), ids.end()));
  }
  std::uint32_t make_buffer() { return vector_renderer_.make_buffer(); }
  std::uint32_t make_texture() { return vector_renderer_.make_texture(); }
  void set_vector_piece(int layer, int piece, std::uint32_t name, int count) {
    app_.change_vectors();
    vector_renderer_.set_piece(layer, static_cast<render::VectorRenderer::Piece>(piece), name,
                               count);
  }
  // Whether anybody still asks; then buffers and counts of lines, fill and markers are in the
  // reserved block when shapes_filled is called.
  bool shapes_ready(int layer, int block, double bytes) {
    return app_.change_vectors().shapes_ready(layer, block, static_cast<std::int64_t>(bytes));
  }
  void shapes_filled(int layer, int block) {
    vector_renderer_.set_shapes({layer, block}, parts());
  }
  void shapes_failed(int layer, int block) { app_.change_vectors().shapes_failed(layer, block); }
  void set_highlight(int which, int layer, double half, std::uint32_t place) {
    app_.change_vectors();
    vector_renderer_.set_highlight(static_cast<render::VectorRenderer::Highlight>(which), layer,
                                   half, parts(), place);
  }
  // Pointer to 8 doubles: the map from the image's pixels to device pixels (row by row), frame and
  // slice; 0 while no single image is shown.
  std::uint32_t image_map() {
    const auto view = app_.vector_view();
    if (!view) return 0;
    const view::PlaneMap& map = view->to_device;
    map_ = {map.uu, map.uv, map.u0, map.vu, map.vv, map.v0, view->frame, view->slice};
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(map_.data()));
  }
  bool covered(double x, double y) { return app_.panels().covers(x, y); }

 private:
  void take_font() {
    if (app_.take_font_changed()) interface_renderer_.set_font(*ImGui::GetIO().Fonts);
  }

  std::span<const double> doubles() const {
    return {reinterpret_cast<const double*>(input_.data()), input_.size() / sizeof(double)};
  }

  // Buffer and count of each part, from the reserved block; none if it is empty.
  render::VectorRenderer::Parts parts() const {
    render::VectorRenderer::Parts parts;
    const auto at = doubles();
    for (std::size_t i = 0; i < parts.size() && 2 * i + 1 < at.size(); ++i) {
      parts[i] = {static_cast<std::uint32_t>(at[2 * i]), static_cast<int>(at[2 * i + 1])};
    }
    return parts;
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines(1);
    for (const std::byte byte : input_) {
      if (static_cast<char>(byte) == '\n') {
        lines.emplace_back();
      } else {
        lines.back() += static_cast<char>(byte);
      }
    }
    return lines;
  }

  static view::Limits limits(bool small_device) {
    view::Limits limits;
    if (small_device) {
      limits.decoded_bytes /= 2;
      limits.gpu_bytes /= 2;
      limits.vector_bytes /= 2;
    }
    return limits;
  }

  void begin(Op op) {
    packed_.push_back(op);
    start_ = packed_.size();
    packed_.push_back(0);
  }
  void add(double value) { packed_.push_back(value); }
  void add(std::string_view text) {
    add(static_cast<double>(reinterpret_cast<std::uintptr_t>(text.data())));
    add(static_cast<double>(text.size()));
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const char* text) { add(std::string_view(text)); }
  void end() { packed_[start_] = static_cast<double>(packed_.size() - start_ - 1); }

  // `held_` keeps the strings that the packed list points at until the next frame.
  void pack(std::vector<app::Command> commands) {
    held_ = std::move(commands);
    packed_.clear();
    for (const app::Command& command : held_) {
      // The one command that is carried out here, where the buffers are.
      if (const auto* drop = std::get_if<app::DropShapes>(&command)) {
        vector_renderer_.drop_shapes({drop->layer, drop->block});
        continue;
      }
      std::visit([this](const auto& each) { pack_one(each); }, command);
      end();
    }
  }
  void pack_one(const app::ReadMetadata& read) {
    begin(kReadMetadata);
    add(read.ticket);
    add(read.key);
  }
  void pack_one(const app::ListFolder& list) {
    begin(kListFolder);
    add(list.folder);
  }
  void pack_one(const app::RequestShapes& request) {
    begin(kRequestShapes);
    add(request.layer);
    add(request.block);
  }
  void pack_one(const app::ForgetChunks&) { begin(kForgetChunks); }
  void pack_one(const app::RegisterArray& array) {
    begin(kRegisterArray);
    add(array.array);
    add(zarr::name(array.data_type));
    add(array.name);
    add(array.metadata);
    add(array.shards ? static_cast<double>(array.shards->count) : 0);
    add(array.shards ? static_cast<double>(array.shards->index_bytes) : 0);
    add(array.shards && array.shards->index_at_start ? 1 : 0);
    for (const int axis : array.order) add(axis);
  }
  void pack_one(const app::ReadChunk& read) {
    begin(kReadChunk);
    add(read.ticket);
    add(read.array);
    add(read.key);
    add(static_cast<double>(read.place));
  }
  void pack_one(const app::DropShapes&) {}
  void pack_one(const app::CancelChunk& cancel) {
    begin(kCancelChunk);
    add(cancel.ticket);
  }
  void pack_one(const app::DropChunk& drop) {
    begin(kDropChunk);
    add(drop.ticket);
  }
  void pack_one(const app::UploadTile& upload) {
    begin(kUploadTile);
    add(upload.ticket);
    add(renderer_.texture(upload.slot.block));
    add(upload.slot.layer);
    add(static_cast<int>(upload.format));
    add(upload.from_double ? 1 : 0);
    add(static_cast<double>(upload.offset));
    add(static_cast<double>(upload.row_length));
    add(static_cast<double>(upload.extent[0]));
    add(static_cast<double>(upload.extent[1]));
  }
  void pack_one(const app::TakeSamples& take) {
    begin(kTakeSamples);
    add(take.request);
    add(take.ticket);
    add(static_cast<double>(take.offset));
    add(static_cast<double>(take.row_length));
    add(static_cast<double>(take.extent[0]));
    add(static_cast<double>(take.extent[1]));
    add(app::TakeSamples::kSamples);
  }
  void pack_one(const app::ReadValues& read) {
    begin(kReadValues);
    add(read.request);
    for (const auto& place : read.places) {
      add(place.ticket);
      add(static_cast<double>(place.offset));
    }
  }

  app::App app_;
  render::Renderer renderer_;
  render::VectorRenderer vector_renderer_;
  render::InterfaceRenderer interface_renderer_;
  int width_ = 1, height_ = 1;
  double pixel_ratio_ = 1;
  ome::Rgb background_{24, 25, 28};
  double wake_at_ = -1;
  std::vector<std::byte> input_;
  std::vector<app::Command> held_;
  std::vector<double> packed_;
  std::array<double, 8> map_{};
  std::size_t start_ = 0;
};

EMSCRIPTEN_BINDINGS(viewer) {
  emscripten::class_<Viewer>("Viewer")
      .constructor<bool>()
      .function("_open", &Viewer::open)
      .function("_openEntry", &Viewer::open_entry)
      .function("_openField", &Viewer::open_field)
      .function("_openMultiscale", &Viewer::open_multiscale)
      .function("_showOverview", &Viewer::show_overview)
      .function("_setSystem", &Viewer::set_system)
      .function("_folderListed", &Viewer::folder_listed)
      .function("_folderUnlisted", &Viewer::folder_unlisted)
      .function("_resize", &Viewer::resize)
      .function("_reserve", &Viewer::reserve)
      .function("_metadataFound", &Viewer::metadata_found)
      .function("_metadataMissing", &Viewer::metadata_missing)
      .function("_metadataFailed", &Viewer::metadata_failed)
      .function("_chunkFetched", &Viewer::chunk_fetched)
      .function("_chunkDecoded", &Viewer::chunk_decoded)
      .function("_chunkEmpty", &Viewer::chunk_empty)
      .function("_chunkFailed", &Viewer::chunk_failed)
      .function("_samplesTaken", &Viewer::samples_taken)
      .function("_valuesRead", &Viewer::values_read)
      .function("_uploadsTook", &Viewer::uploads_took)
      .function("_pointerDown", &Viewer::pointer_down)
      .function("_pointerMoved", &Viewer::pointer_moved)
      .function("_pointerUp", &Viewer::pointer_up)
      .function("_pointerLeft", &Viewer::pointer_left)
      .function("_wheel", &Viewer::wheel)
      .function("_key", &Viewer::key)
      .function("_contextReady", &Viewer::context_ready)
      .function("_frame", &Viewer::frame)
      .function("_ready", &Viewer::ready)
      .function("_draw", &Viewer::draw)
      .function("_setBackground", &Viewer::set_background)
      .function("_fit", &Viewer::fit)
      .function("_lookAt", &Viewer::look_at)
      .function("_setPosition", &Viewer::set_position)
      .function("_setPanelOpen", &Viewer::set_panel_open)
      .function("_setLight", &Viewer::set_light)
      .function("_setControls", &Viewer::set_controls)
      .function("_setSmooth", &Viewer::set_smooth)
      .function("_setChannel", &Viewer::set_channel)
      .function("_setLabel", &Viewer::set_label)
      .function("_setLabelThreshold", &Viewer::set_label_threshold)
      .function("_setLabelColors", &Viewer::set_label_colors)
      .function("_resetLabelColors", &Viewer::reset_label_colors)
      .function("_hoveredLabel", &Viewer::hovered_label)
      .function("_addLabels", &Viewer::add_labels)
      .function("_retry", &Viewer::retry)
      .function("_trim", &Viewer::trim)
      .function("_commandsPointer", &Viewer::commands_pointer)
      .function("_commandsLength", &Viewer::commands_length)
      .function("_wakeAt", &Viewer::wake_at)
      .function("_state", &Viewer::state)
      .function("_entries", &Viewer::entries)
      .function("_levels", &Viewer::levels)
      .function("_chunk", &Viewer::chunk)
      .function("_failure", &Viewer::failure)
      .function("_addVectors", &Viewer::add_vectors)
      .function("_removeVectors", &Viewer::remove_vectors)
      .function("_setVectorSettings", &Viewer::set_vector_settings)
      .function("_setVectorPlacement", &Viewer::set_vector_placement)
      .function("_setVectorOrder", &Viewer::set_vector_order)
      .function("_setVectorPiece", &Viewer::set_vector_piece)
      .function("_makeBuffer", &Viewer::make_buffer)
      .function("_makeTexture", &Viewer::make_texture)
      .function("_shapesReady", &Viewer::shapes_ready)
      .function("_shapesFilled", &Viewer::shapes_filled)
      .function("_shapesFailed", &Viewer::shapes_failed)
      .function("_setHighlight", &Viewer::set_highlight)
      .function("_imageMap", &Viewer::image_map)
      .function("_covered", &Viewer::covered);
}

}  // namespace
}  // namespace mifa::bind
