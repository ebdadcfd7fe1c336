// Draws what Dear ImGui has laid out, in place of the library's own backend: that one waits for its
// shaders while a page loads.
#pragma once

#include <cstdint>
#include <string>

struct ImDrawData;
struct ImFontAtlas;

namespace mifa::render {

class InterfaceRenderer {
 public:
  InterfaceRenderer() = default;
  // GL objects die with their context; the owner of the context deletes it.
  InterfaceRenderer(const InterfaceRenderer&) = delete;
  InterfaceRenderer& operator=(const InterfaceRenderer&) = delete;

  // In a new context: starts the program, which compiles while the image arrives. What was made in the
  // context before is forgotten.
  void prepare();
  // Whether the program is known to be compiled, or there is nothing to draw.
  bool checked(const ImDrawData& data) const;
  // Waits for the program. Before the picture is drawn, for which it would wait, too.
  void check();
  // Draws the glyphs of an atlas and puts them where draw() finds them; an atlas that has no font is
  // left alone. Call it when the fonts have changed, and before the first frame.
  void set_font(ImFontAtlas& fonts);
  // Over the picture in the bound framebuffer, which has the size of the data's display. Text has the
  // font that was set last.
  void draw(const ImDrawData& data);
  // GL's log, where the shaders failed to compile; empty if all is well.
  const std::string& failure() const { return failure_; }

 private:
  std::uint32_t program_ = 0;
  bool checked_ = false;
  int canvas_ = -1;  // uniform
  std::uint32_t font_ = 0;
  std::uint32_t vertex_array_ = 0;
  std::uint32_t vertices_ = 0;
  std::uint32_t indices_ = 0;
  std::string failure_;
};

}  // namespace mifa::render
