// Draws annotation layers (view::VectorDraw) with WebGL2, over what is in the framebuffer. Owns the GL
// buffers and textures; their contents come from the host, which fills them by name: they are never
// in this program's heap.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "view/vector_layers.h"

namespace mifa::render {

class VectorRenderer {
 public:
  VectorRenderer() = default;
  // GL objects die with their context; the owner of the context deletes it.
  VectorRenderer(const VectorRenderer&) = delete;
  VectorRenderer& operator=(const VectorRenderer&) = delete;

  // What is seen of an object or of a block of them, in the layouts of web/annotations/layer.ts.
  enum Part { kLines, kFill, kMarkers, kPartCount };
  struct Filled {
    std::uint32_t buffer = 0;  // 0: nothing
    int count = 0;             // of segments, corners or markers
  };
  using Parts = std::array<Filled, kPartCount>;

  // What belongs to a layer as a whole. Of textures, object n is texel (n % 4096, n / 4096).
  enum Piece {
    kPoints,   // buffer: x, y, half, object
    kLinks,    // buffer: x0, y0, x1, y1, frame, frame, object
    kStyle,    // texture, RGBA8; nothing is drawn of a layer without it
    kExtents,  // texture, RGBA32F
    kPieceCount
  };

  enum Highlight { kHovered, kSelected, kHighlightCount };

  // Starts the programs, which compile while the first layer arrives. Once a context is enough.
  void prepare();
  // Whether those that were started are known to be compiled.
  bool checked() const;
  // Waits for them. Before the picture is drawn, for which it would wait, too.
  void check();

  // Empty ones for the host to fill and give back below; from then on they are owned here.
  std::uint32_t make_buffer();
  std::uint32_t make_texture();

  // Replaces the piece; name 0 removes it. `count`: links of the buffer.
  void set_piece(int layer, Piece piece, std::uint32_t name, int count);
  void set_shapes(const view::VectorKey& key, const Parts& parts);
  void drop_shapes(const view::VectorKey& key);
  // One object drawn on top; `place`: a buffer with its point, for a ring around what is small.
  // layer 0: none.
  void set_highlight(Highlight which, int layer, double half, const Parts& parts,
                     std::uint32_t place);
  // Frees all of a layer.
  void remove(int layer);

  void draw(const std::vector<view::VectorDraw>& draws, int width, int height, double pixel_ratio);
  // The context is gone and with it everything in it: forgets all names without deleting.
  void forget();
  // The first shader that failed to compile, with GL's log; empty if all is well.
  const std::string& failure() const { return failure_; }

 private:
  enum Kind { kLine, kLink, kTriangle, kPoint, kKindCount };
  // In the order of kUniformNames.
  enum Uniform {
    kCanvas, kCenter, kTurn, kShift, kScale, kMoment, kStyleUnit, kExtentsUnit, kTimed, kSize, kInk,
    kOpacity, kUniformCount
  };
  struct Program {
    std::uint32_t name = 0;
    bool checked = false;
    std::array<int, kUniformCount> uniforms{};
  };
  // A buffer and how it is read.
  struct Geometry {
    std::uint32_t buffer = 0;
    std::uint32_t array = 0;
    int count = 0;
  };
  using Shapes = std::array<Geometry, kPartCount>;
  struct Layer {
    std::array<Geometry, kPieceCount> pieces;  // of textures only the name, as buffer
    std::map<int, Shapes> blocks;
  };
  struct Marked {
    int layer = 0;
    float half = 0;
    Shapes shapes;
    Geometry place;
  };

  void start(Kind kind);
  const Program& use(Kind kind, const view::VectorDraw& draw, const Layer& layer);
  Geometry geometry(Kind kind, const Filled& filled, int stride);
  Shapes shapes_of(const Parts& parts);
  static void free(Geometry& geometry);
  static void free(Shapes& shapes);
  void draw_layer(const view::VectorDraw& draw, const Layer& layer);
  void draw_lines(const view::VectorDraw& draw, const Layer& layer, bool halo);
  void draw_marked(const view::VectorDraw& draw, const Layer& layer, const Marked& marked,
                   bool selected);

  std::map<int, Layer> layers_;
  std::array<Marked, kHighlightCount> marked_;
  std::array<Program, kKindCount> programs_;
  std::array<float, 2> canvas_{};
  float pixel_ratio_ = 1;
  std::string failure_;
};

}  // namespace mifa::render
