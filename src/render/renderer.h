// Draws a view::DrawList with WebGL2 (OpenGL ES 3.0). The one module that calls GL.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "ome/dataset.h"
#include "view/planner.h"
#include "view/scene.h"
#include "view/tile_store.h"

namespace mifa::render {

// Explicit colours of one label layer.
struct LabelColors {
  const std::map<std::uint64_t, ome::Rgba>* colors = nullptr;  // null for none
  std::uint32_t version = 0;  // another one: the colours may be others, though where they are is the same
  ome::Rgba others{};         // of ids without one; alpha 0: each its own
};

struct FrameStyle {
  int width = 0, height = 0;  // device pixels
  ome::Rgb background{};
  std::vector<LabelColors> label_colors;  // per label layer of the scene
  // Per label layer: below this, values of floats are not drawn.
  std::vector<float> label_thresholds;
  int hovered_layer = -1;  // label layer of the id below
  std::uint64_t hovered_id = 0;
};

class Renderer {
 public:
  Renderer() = default;
  // GL objects die with their context; the owner of the context deletes it.
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  // Makes and deletes textures to match the store's blocks. Call before uploads and drawing.
  void sync(const view::TileStore& tiles);
  // GL name of a block's texture array; 0 if there is none.
  std::uint32_t texture(int block) const;
  // Draws the frame into the bound framebuffer. Needs a current context.
  void draw(const view::DrawList& list, const FrameStyle& style);
  // In a new context: starts the programs that most images need, which compile while these arrive.
  void prepare();
  // Starts those that the layers of a scene need.
  void prepare(const view::Scene& scene);
  // Whether all programs for a frame are known to be compiled; starts those that are missing.
  bool checked(const view::DrawList& list);
  // The context is gone and with it everything in it: forgets all names without deleting.
  void forget();
  // The first shader that failed to compile, with GL's log; empty if all is well.
  const std::string& failure() const { return failure_; }

 private:
  using DrawKind = view::DrawGroup::Kind;
  struct Program {
    std::uint32_t name = 0;
    bool checked = false;
    std::map<std::string, int> uniforms;
  };
  struct ColorTable {
    std::uint32_t texture = 0;
    int size = 0;
    const void* source = nullptr;
    std::size_t count = 0;
    std::uint32_t version = 0;
  };
  struct Texture {
    std::uint32_t name = 0;
    view::Block block;
  };

  Program& start(view::DrawGroup::Kind kind, view::TexelFormat format);
  // Waits for what was started, and asks where the uniforms are.
  void check();
  int uniform(Program& program, const char* name) const;
  void draw_group(const view::DrawGroup& group, const view::DrawFrame& frame,
                  const FrameStyle& style);
  void bind_lookup_tables();
  void bind_instances(int first);
  ColorTable& color_table(int layer, const FrameStyle& style);
  std::uint32_t dummy(view::TexelFormat format);

  std::map<std::pair<DrawKind, std::string>, Program> programs_;
  std::vector<Texture> textures_;
  std::map<int, std::uint32_t> dummies_;
  std::map<int, ColorTable> tables_;
  std::uint32_t lookup_tables_ = 0;  // texture, a table a row
  std::uint32_t instances_ = 0;      // buffer
  std::uint32_t vertex_array_ = 0;
  std::uint32_t revision_ = 0;
  std::string failure_;
};

}  // namespace mifa::render
