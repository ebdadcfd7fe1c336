#include "render/interface_renderer.h"

#include <GLES3/gl3.h>
#include <imgui.h>

#include <cstddef>

#include "render/program.h"
#include "shaders.h"

namespace mifa::render {
namespace {

const void* offset(std::size_t bytes) { return reinterpret_cast<const void*>(bytes); }

void fill(GLenum target, const void* data, std::size_t bytes) {
  glBufferData(target, static_cast<GLsizeiptr>(bytes), data, GL_STREAM_DRAW);
}

}  // namespace

void InterfaceRenderer::prepare() {
  program_ = start_program(shaders::kInterfaceVert, shaders::kInterfaceFrag);
  checked_ = false;
  font_ = 0;
  glGenVertexArrays(1, &vertex_array_);
  glGenBuffers(1, &vertices_);
  glGenBuffers(1, &indices_);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  constexpr GLsizei kStride = sizeof(ImDrawVert);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, pos)));
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, uv)));
  glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride, offset(offsetof(ImDrawVert, col)));
  for (GLuint i = 0; i < 3; ++i) glEnableVertexAttribArray(i);
  glBindVertexArray(0);
}

bool InterfaceRenderer::checked(const ImDrawData& data) const {
  return checked_ || data.CmdListsCount == 0;
}

void InterfaceRenderer::check() {
  if (checked_) return;
  check_program(program_, failure_);
  canvas_ = glGetUniformLocation(program_, "u_canvas");
  checked_ = true;
}

void InterfaceRenderer::set_font(ImFontAtlas& fonts) {
  if (fonts.Fonts.Size == 0) return;
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  fonts.GetTexDataAsAlpha8(&pixels, &width, &height);
  if (font_ == 0) glGenTextures(1, &font_);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, font_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, width, height, 0, GL_RED, GL_UNSIGNED_BYTE, pixels);
}

void InterfaceRenderer::draw(const ImDrawData& data) {
  if (data.CmdListsCount == 0 || data.DisplaySize.x <= 0 || data.DisplaySize.y <= 0) return;
  check();
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glEnable(GL_SCISSOR_TEST);
  glUseProgram(program_);
  glUniform2f(canvas_, data.DisplaySize.x, data.DisplaySize.y);
  // The one sampler of the program, at unit 0 unless it is told otherwise.
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, font_);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    fill(GL_ARRAY_BUFFER, list.VtxBuffer.Data, static_cast<std::size_t>(list.VtxBuffer.size_in_bytes()));
    fill(GL_ELEMENT_ARRAY_BUFFER, list.IdxBuffer.Data,
         static_cast<std::size_t>(list.IdxBuffer.size_in_bytes()));
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const ImVec4& clip = command.ClipRect;
      if (command.ElemCount == 0 || clip.z <= clip.x || clip.w <= clip.y) continue;
      glScissor(static_cast<GLint>(clip.x), static_cast<GLint>(data.DisplaySize.y - clip.w),
                static_cast<GLsizei>(clip.z - clip.x), static_cast<GLsizei>(clip.w - clip.y));
      static_assert(sizeof(ImDrawIdx) == 2);
      glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount), GL_UNSIGNED_SHORT,
                     offset(command.IdxOffset * sizeof(ImDrawIdx)));
    }
  }
  glBindVertexArray(0);
  glDisable(GL_SCISSOR_TEST);
}

}  // namespace mifa::render
