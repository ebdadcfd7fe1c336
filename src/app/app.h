// The viewer without a window: events in, commands and a draw list out. No I/O, no clock, no GL, so
// the same code runs in a page and in a test whose host delays, reorders and corrupts the replies.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/arrangement.h"
#include "app/commands.h"
#include "app/gestures.h"
#include "app/metadata_reader.h"
#include "app/scene_builder.h"
#include "ome/opener.h"
#include "ui/model.h"
#include "ui/panels.h"
#include "view/camera.h"
#include "view/planner.h"
#include "view/scheduler.h"
#include "view/tile_store.h"
#include "view/vector_layers.h"

namespace mifa::app {

struct Frame {
  bool draw = false;   // The picture changed: carry out the commands, then draw.
  bool again = false;  // Call frame() again as soon as the next animation frame.
  double wake = -1;    // ms on the host's clock at which to call frame() if nothing else happens
  bool state_changed = false;  // state_json() says something new
};

// Colours of ids that a host decides.
struct LabelColoring {
  std::map<std::uint64_t, ome::Rgba> colors;
  ome::Rgba others{};         // of all other ids; alpha 0: each its own
  std::uint32_t version = 0;  // App's: never the same twice
};

class App {
 public:
  explicit App(const view::Limits& limits = {});

  // Opens what is at a root the host knows; `name` names it in messages. Forgets what was open.
  void open(const std::string& name);
  // Opens another of the dataset's images: an entry, a field of the open well, one of several
  // "multiscales".
  void open_entry(int index);
  void open_field(int index);
  void open_multiscale(int index);
  // Lays the image or array at a path of the open dataset over its image, as labels: see
  // ome::Opener::add_labels.
  void lay_over(const std::string& path, const std::string& name);
  // Back to the plate's grid, or to all images of a scene.
  void show_overview();
  // The coordinate system to show it in: an index into the state's `systems`.
  void set_system(int index);

  // Canvas in device pixels; device pixels a CSS pixel.
  void resize(int width, int height, double pixel_ratio);

  // Input. Positions in device pixels. `pointer` tells fingers apart.
  void pointer_down(int pointer, double x, double y, int button, bool touch);
  void pointer_moved(int pointer, double x, double y, bool touch);
  void pointer_up(int pointer, int button, bool touch);
  void pointer_left();
  // dy > 0 scrolls down. `pinch`: the gesture of a track pad. Returns whether it was used.
  void wheel(double x, double y, double dx, double dy, bool pinch);
  // A key by its DOM name ("ArrowLeft", "f"). Returns whether it means anything here.
  bool key(const std::string& name);

  // Answers to commands. `now` in ms on the host's clock.
  void metadata_found(std::uint32_t ticket, std::span<const std::byte> bytes);
  void metadata_missing(std::uint32_t ticket);
  void metadata_failed(std::uint32_t ticket, Error error, double now, double retry_after_ms);
  void folder_listed(const std::string& folder,
                     const std::vector<ome::Opener::ListedEntry>& entries);
  void folder_unlisted(const std::string& folder);
  void chunk_fetched(std::uint32_t ticket);
  void chunk_decoded(std::uint32_t ticket);
  void chunk_empty(std::uint32_t ticket);
  void chunk_failed(std::uint32_t ticket, Error error, double now, double retry_after_ms);
  void samples_taken(int request, std::span<const double> samples);
  void values_read(int request, const std::vector<std::string>& values);
  void uploads_took(double ms, std::int64_t bytes);

  // Annotation layers: what is drawn of them, and the same to be changed, which draws anew.
  const view::VectorLayers& vectors() const { return vectors_; }
  view::VectorLayers& change_vectors();
  // How the image that annotations lie on is seen; nothing while none is shown, or a whole plate.
  std::optional<view::VectorView> vector_view() const;

  // All tiles are gone with the GPU's memory.
  void context_lost();
  // Tries everything that failed once more.
  void retry();
  // Keeps at most so many bytes of decoded chunks for now: the viewer is out of sight.
  void trim(std::int64_t bytes);

  // One step. Afterwards take_commands(), carry them out, and draw draw_list() if told to.
  Frame frame(double now);
  std::vector<Command> take_commands() { return std::exchange(commands_, {}); }
  const view::DrawList& draw_list() const { return plan_.draw; }

  const view::TileStore& tiles() const { return tiles_; }
  const view::Scheduler& chunks() const { return chunks_; }
  const view::Scene& scene() const { return scene_; }
  const view::Camera& camera() const { return camera_; }
  ui::Panels& panels() { return panels_; }
  // Explicit colours of a label layer, null for none: what the host gave it, else its metadata.
  const std::map<std::uint64_t, ome::Rgba>* label_colors(int layer) const;
  // What the host gave it, null if it gave none.
  const LabelColoring* label_coloring(int layer) const;
  int hovered_layer() const { return hovered_layer_; }
  std::uint64_t hovered_id() const { return hovered_id_; }
  // The font atlas must be made again (pixel ratio changed).
  bool take_font_changed() { return std::exchange(font_changed_, false); }

  // What the page shows as text: stage, failure, issues, progress, axes, channels, readout.
  std::string state_json() const;
  // The names of the dataset's entries, a JSON array: too long to be said with every state.
  std::string entries_json() const;
  // The levels of the first image shown, finest first: where each lies and how its array is cut, for
  // hosts that read elements themselves. "[]" while none is shown.
  std::string levels_json() const;
  // Where a chunk of such a level is: {"key", "place"}, as in ReadChunk. `index` counts what is decoded
  // at once, along the array's axes; nothing if there is no such chunk.
  std::string chunk_json(int level, std::span<const double> index) const;

  // The host's requests; each is what the matching control does.
  void fit();
  void look_at(double u, double v, double world_per_pixel);
  void set_position(int axis, std::int64_t value);
  void set_channel(const ui::ChannelEdit& edit);
  void set_label(const ui::LabelEdit& edit);
  void set_label_threshold(int index, double threshold);
  // Colours of a label layer's ids, in the place of its own: of a table's rows. Nothing: its own again.
  void set_label_coloring(int index, std::optional<LabelColoring> coloring);
  void set_smooth(bool smooth);
  void set_panel_open(bool open);
  void set_light(bool light);
  void set_controls(ui::Controls controls);

 private:
  struct ChunkFailure {
    Error error;
    std::string example;
    int count = 0;
  };
  struct ProbeTarget {
    int channel = -1;
    int label = -1;
    std::string fixed;  // known without asking
    int place = -1;     // index into the request's places
  };

  // ImGui learns of a click in one frame, reacts in the next and shows it in the one after.
  static constexpr int kInterfaceFrames = 3;

  // What is shown (app_images.cpp).
  void start_image();
  void show_image();
  SourcePlace place_open_image();
  void set_content();
  void update_arrangement();
  void add_labels();
  void register_arrays();
  bool has_overview() const;
  std::vector<std::string> systems() const;
  void note(const char* rule, Severity severity, std::string message, std::string file);
  void click(double x, double y);
  void apply(const ui::Edit& edit);
  void pull_metadata(double now);
  void pull_chunks(double now);
  void plan(double now);
  void plan_vectors();
  void ask_samples();
  void want_contrast();
  void update_contrast(int channel, bool complete);
  void set_label_values(int index, const view::ChunkStatistics& found);
  // What lies under the pointer (app_readout.cpp). `world`: its place in the scene.
  void update_readout();
  bool find_place(const std::array<double, 2>& world);
  const view::Source* image_at(double u, double v) const;
  std::string cell_text(int cell) const;
  ui::PlateModel plate_model() const;
  void probe_values(const view::Source& image, const std::array<double, 2>& world);
  void probe(const view::Source& source, const view::Position& position,
             const std::array<double, 2>& world, ProbeTarget target, ReadValues& request);
  void note_chunk_failure(const view::ChunkKey& key, const Error& error);
  void view_changed(bool by_user);
  void invalidate() { dirty_ = true; }
  void rebuild_interface() { interface_frames_ = kInterfaceFrames; }
  void state_changed() { state_dirty_ = true; }
  void measure_progress();

  view::Limits limits_;
  std::string name_;
  std::unique_ptr<ome::Opener> opener_;
  std::unique_ptr<MetadataReader> metadata_;
  ui::Panels panels_;
  Gestures gestures_;
  view::Camera camera_;
  view::Scene scene_;
  view::Scheduler chunks_;
  view::TileStore tiles_;
  view::Plan plan_;
  view::VectorLayers vectors_;
  int vectors_waiting_ = 0;
  double pixel_ratio_ = 1;
  std::vector<Command> commands_;

  bool image_started_ = false;
  int chosen_entry_ = -1;      // by a person, of the dataset's entries
  bool overview_ = true;       // a plate's grid or a scene's images, rather than one of them
  bool scenes_known_ = false;  // when the image was shown
  int system_ = -1;            // index into systems(); -1: not decided
  std::optional<Arrangement> arrangement_;   // several images side by side
  std::optional<ome::Placement> placement_;  // of the open image, unless it is shown as it is
  std::optional<Error> scene_failure_;
  std::size_t labels_seen_ = 0;
  std::map<std::string, LabelColoring> colorings_;  // by the label image's path
  std::uint32_t coloring_version_ = 0;
  Issues own_issues_;
  std::vector<ChunkFailure> failures_;
  std::vector<ContrastTask> contrast_;
  int contrast_base_ = 0;    // request number of the first task; late answers are below it
  std::vector<int> arrays_;  // [source]: id of its finest level's array; the others follow
  int next_array_ = 0;

  ui::Readout readout_;
  std::optional<std::array<double, 2>> pointer_;  // device pixels, when over the canvas
  int probe_request_ = 0;
  std::vector<ProbeTarget> probe_;
  int hovered_cell_ = -1;  // of the arrangement
  int hovered_layer_ = -1;
  std::uint64_t hovered_id_ = 0;

  bool dirty_ = true;  // the plan must be made again
  bool state_dirty_ = true;
  bool font_changed_ = false;
  bool user_moved_ = false;   // the camera is where a person put it
  int interface_frames_ = 0;  // frames ImGui still needs to settle
  int prefetch_axis_ = -1;
  double last_frame_ = 0;
  double last_move_ = -1e9;
  bool moved_ = false;
  double upload_rate_ = 4.0 * 1024 * 1024;  // bytes a ms, measured
  int batch_ = 0;                           // chunks of the view being loaded, for progress
  int outstanding_ = 0;
};

}  // namespace mifa::app
