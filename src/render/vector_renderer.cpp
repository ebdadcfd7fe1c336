#include "render/vector_renderer.h"

#include <GLES3/gl3.h>

#include <algorithm>

#include "render/program.h"
#include "shaders.h"

namespace mifa::render {
namespace {

using view::VectorDraw;

constexpr std::array<const char*, 4> kDefines = {"LINE", "LINK", "FILL", "POINT"};
constexpr std::array<const char*, 12> kUniformNames = {
    "u_canvas", "u_center", "u_turn", "u_shift", "u_scale", "u_moment",
    "u_style",  "u_extents", "u_timed", "u_size",  "u_ink",   "u_opacity"};

// Texture units that no other sampler of the program uses: see Renderer::draw_group.
constexpr int kStyleUnit3 = 3;
constexpr int kExtentsUnit4 = 4;

// Bytes of a record, as in web/annotations/layer.ts.
constexpr int kLineBytes = 20;
constexpr int kCornerBytes = 12;
constexpr int kPointBytes = 16;
constexpr int kLinkBytes = 28;

// A dark rim that makes lines readable on bright ground, CSS pixels on either side. Objects below
// kPlainSize device pixels have none; from kFullSize on it is as strong as it gets.
constexpr float kHaloWidth = 1;
constexpr float kHaloStrength = 0.55F;
constexpr float kPlainSize = 8;
constexpr float kFullSize = 24;
// Lines are at most this share of the median object wide.
constexpr float kWidthShare = 0.2F;
// Where objects are small, their inside is as good as an outline, and a third of the work: below
// kBlobSize device pixels it becomes less transparent, below kNoLineSize the lines are left out.
constexpr float kBlobSize = 8;
constexpr float kNoLineSize = 5;
constexpr float kBlobOpacity = 0.8F;
// What is highlighted gets a ring where it is smaller than this, CSS pixels, with so much room.
constexpr float kRingSize = 14;
constexpr float kRingRoom = 4;

void attribute(GLuint index, GLint count, int stride, int offset, bool instanced) {
  glEnableVertexAttribArray(index);
  glVertexAttribPointer(index, count, GL_FLOAT, GL_FALSE, stride,
                        reinterpret_cast<const void*>(static_cast<std::uintptr_t>(offset)));
  if (instanced) glVertexAttribDivisor(index, 1);
}

void object_attribute(int stride, int offset, bool instanced) {
  glEnableVertexAttribArray(1);
  glVertexAttribIPointer(1, 1, GL_UNSIGNED_INT, stride,
                         reinterpret_cast<const void*>(static_cast<std::uintptr_t>(offset)));
  if (instanced) glVertexAttribDivisor(1, 1);
}

// How far a block's objects are drawn by their inside alone: 0 not, 1 without lines.
float blob_share(const view::VectorShape& shape) {
  if (shape.largest > static_cast<float>(view::VectorLayers::kLargePixels)) return 0;
  return std::clamp((kBlobSize - shape.size) / (kBlobSize - kNoLineSize), 0.F, 1.F);
}

// One line a record, as a quad made in the vertex shader.
void draw_quads(std::uint32_t array, int count) {
  glBindVertexArray(array);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, count);
}

}  // namespace

std::uint32_t VectorRenderer::make_buffer() {
  GLuint name = 0;
  glGenBuffers(1, &name);
  return name;
}

std::uint32_t VectorRenderer::make_texture() {
  GLuint name = 0;
  glGenTextures(1, &name);
  return name;
}

void VectorRenderer::free(Geometry& geometry) {
  if (geometry.array != 0) glDeleteVertexArrays(1, &geometry.array);
  if (geometry.buffer != 0) glDeleteBuffers(1, &geometry.buffer);
  geometry = {};
}

void VectorRenderer::free(Shapes& shapes) {
  for (Geometry& geometry : shapes) free(geometry);
}

VectorRenderer::Geometry VectorRenderer::geometry(Kind kind, const Filled& filled, int stride) {
  Geometry result{filled.buffer, 0, filled.count};
  if (filled.buffer == 0) return result;
  glGenVertexArrays(1, &result.array);
  glBindVertexArray(result.array);
  glBindBuffer(GL_ARRAY_BUFFER, result.buffer);
  const bool instanced = kind == kLine || kind == kLink;
  attribute(0, instanced ? 4 : 2, stride, 0, instanced);
  object_attribute(stride, stride - 4, instanced);  // The object comes last in every record.
  if (kind == kLink) attribute(2, 2, stride, 16, true);
  if (kind == kPoint && stride == kPointBytes) attribute(2, 1, stride, 8, false);
  glBindVertexArray(0);
  return result;
}

VectorRenderer::Shapes VectorRenderer::shapes_of(const Parts& parts) {
  return {geometry(kLine, parts[kLines], kLineBytes),
          geometry(kTriangle, parts[kFill], kCornerBytes),
          geometry(kPoint, parts[kMarkers], kCornerBytes)};
}

void VectorRenderer::set_piece(int layer, Piece piece, std::uint32_t name, int count) {
  Geometry& place = layers_[layer].pieces[piece];
  if (piece == kPoints || piece == kLinks) {
    free(place);
    place = geometry(piece == kPoints ? kPoint : kLink, {name, count},
                     piece == kPoints ? kPointBytes : kLinkBytes);
    return;
  }
  if (place.buffer != 0 && place.buffer != name) glDeleteTextures(1, &place.buffer);
  place.buffer = name;
}

void VectorRenderer::set_shapes(const view::VectorKey& key, const Parts& parts) {
  Shapes& shapes = layers_[key.layer].blocks[key.block];
  free(shapes);
  shapes = shapes_of(parts);
}

void VectorRenderer::drop_shapes(const view::VectorKey& key) {
  const auto layer = layers_.find(key.layer);
  if (layer == layers_.end()) return;
  const auto block = layer->second.blocks.find(key.block);
  if (block == layer->second.blocks.end()) return;
  free(block->second);
  layer->second.blocks.erase(block);
}

void VectorRenderer::set_highlight(Highlight which, int layer, double half, const Parts& parts,
                                   std::uint32_t place) {
  Marked& marked = marked_[which];
  free(marked.shapes);
  free(marked.place);
  marked = {layer, static_cast<float>(half), shapes_of(parts),
            geometry(kPoint, {place, 1}, kPointBytes)};
}

void VectorRenderer::remove(int layer) {
  const auto found = layers_.find(layer);
  if (found == layers_.end()) return;
  for (auto& [block, shapes] : found->second.blocks) free(shapes);
  for (const Piece piece : {kPoints, kLinks}) free(found->second.pieces[piece]);
  for (const Piece piece : {kStyle, kExtents}) set_piece(layer, piece, 0, 0);
  layers_.erase(found);
  for (int i = 0; i < kHighlightCount; ++i) {
    const auto which = static_cast<Highlight>(i);
    if (marked_[which].layer == layer) set_highlight(which, 0, 0, {}, 0);
  }
}

void VectorRenderer::forget() {
  layers_.clear();
  marked_ = {};
  programs_ = {};
}

void VectorRenderer::start(Kind kind) {
  if (programs_[kind].name != 0) return;
  const std::string define = std::string("#define ") + kDefines[kind] + " 1\n";
  programs_[kind].name = start_program(define + shaders::kVectorVert, define + shaders::kVectorFrag);
}

void VectorRenderer::prepare() {
  for (const Kind kind : {kLine, kTriangle, kPoint}) start(kind);
}

bool VectorRenderer::checked() const {
  return std::all_of(programs_.begin(), programs_.end(),
                     [](const Program& program) { return program.name == 0 || program.checked; });
}

void VectorRenderer::check() {
  for (Program& program : programs_) {
    if (program.name == 0 || program.checked) continue;
    check_program(program.name, failure_);
    program.checked = true;
    for (std::size_t i = 0; i < kUniformNames.size(); ++i) {
      program.uniforms[i] = glGetUniformLocation(program.name, kUniformNames[i]);
    }
  }
}

const VectorRenderer::Program& VectorRenderer::use(Kind kind, const VectorDraw& draw,
                                                   const Layer& layer) {
  Program& program = programs_[kind];
  if (!program.checked) {
    start(kind);
    check();
  }
  const auto& at = program.uniforms;
  glUseProgram(program.name);
  glUniform2fv(at[kCanvas], 1, canvas_.data());
  glUniform2fv(at[kCenter], 1, draw.center.data());
  glUniform4fv(at[kTurn], 1, draw.turn.data());
  glUniform2fv(at[kShift], 1, draw.shift.data());
  glUniform1f(at[kScale], draw.scale);
  glUniform4f(at[kMoment], draw.frame, draw.slice, draw.slice_tolerance,
              static_cast<float>(draw.settings.tail));
  glUniform1i(at[kStyleUnit], kStyleUnit3);
  glUniform1i(at[kExtentsUnit], kExtentsUnit4);
  glUniform1i(at[kTimed], layer.pieces[kExtents].buffer != 0 ? 1 : 0);
  glUniform4f(at[kInk], 0, 0, 0, 0);
  glUniform1f(at[kOpacity], static_cast<float>(draw.settings.opacity));
  return program;
}

void VectorRenderer::draw_lines(const VectorDraw& draw, const Layer& layer, bool halo) {
  const auto& at = use(kLine, draw, layer).uniforms;
  for (const view::VectorShape& shape : draw.shapes) {
    const auto block = layer.blocks.find(shape.block);
    if (block == layer.blocks.end() || block->second[kLines].count == 0) continue;
    const bool filled = draw.settings.fill_opacity > 0 && block->second[kFill].count > 0;
    if (filled && blob_share(shape) == 1) continue;
    const float strength =
        kHaloStrength * std::clamp((shape.size - kPlainSize) / (kFullSize - kPlainSize), 0.F, 1.F);
    float width = std::clamp(shape.size * kWidthShare, std::min(1.F, draw.line_width), draw.line_width);
    if (halo) {
      if (strength <= 0) continue;
      width += 2 * kHaloWidth * pixel_ratio_;
      glUniform4f(at[kInk], 0, 0, 0, strength);
    }
    glUniform2f(at[kSize], width, 0);
    draw_quads(block->second[kLines].array, block->second[kLines].count);
  }
}

void VectorRenderer::draw_layer(const VectorDraw& draw, const Layer& layer) {
  const view::VectorSettings& settings = draw.settings;
  const auto each = [&](Part part, auto&& with) {
    for (const view::VectorShape& shape : draw.shapes) {
      const auto block = layer.blocks.find(shape.block);
      if (block != layer.blocks.end() && block->second[part].count > 0) {
        with(block->second[part], shape);
      }
    }
  };
  if (settings.fill_opacity > 0 && !draw.shapes.empty()) {
    const auto& at = use(kTriangle, draw, layer).uniforms;
    const auto opacity = static_cast<float>(settings.opacity);
    const auto inside = static_cast<float>(settings.fill_opacity);
    each(kFill, [&](const Geometry& fill, const view::VectorShape& shape) {
      const float blob = std::max(kBlobOpacity - inside, 0.F) * blob_share(shape);
      glUniform1f(at[kOpacity], opacity * (inside + blob));
      glBindVertexArray(fill.array);
      glDrawArrays(GL_TRIANGLES, 0, fill.count);
    });
  }
  if (const Geometry& links = layer.pieces[kLinks]; links.count > 0 && draw.line_width > 0) {
    const auto& at = use(kLink, draw, layer).uniforms;
    glUniform2f(at[kSize], draw.line_width, 0);
    draw_quads(links.array, links.count);
  }
  if (draw.line_width > 0 && !draw.shapes.empty()) {
    draw_lines(draw, layer, true);
    draw_lines(draw, layer, false);
  }
  const Geometry& points = layer.pieces[kPoints];
  const auto& at = use(kPoint, draw, layer).uniforms;
  glUniform2f(at[kSize], draw.point_size, 0);
  if (points.buffer != 0) {
    glBindVertexArray(points.array);
    for (const view::VectorRun& run : draw.runs) {
      glDrawArrays(GL_POINTS, static_cast<GLint>(run.first), static_cast<GLsizei>(run.count));
    }
  }
  glVertexAttrib1f(2, 0);  // Markers have no `half`.
  each(kMarkers, [](const Geometry& markers, const view::VectorShape&) {
    glBindVertexArray(markers.array);
    glDrawArrays(GL_POINTS, 0, markers.count);
  });
}

// Light on dark, so that it is seen on any ground.
void VectorRenderer::draw_marked(const VectorDraw& draw, const Layer& layer, const Marked& marked,
                                 bool selected) {
  const float width = std::max(draw.line_width, pixel_ratio_) + (selected ? pixel_ratio_ : 0);
  const float halo = 2 * 1.5F * pixel_ratio_;
  const bool small = 2 * marked.half * draw.scale < kRingSize * pixel_ratio_;
  for (const bool dark : {true, false}) {
    const auto ink = [&](const auto& at) {
      // Above 1: whatever the filter says.
      if (dark) glUniform4f(at[kInk], 0, 0, 0, 1.75F);
      else if (selected) glUniform4f(at[kInk], 1, 0.92F, 0.35F, 2);
      else glUniform4f(at[kInk], 1, 1, 1, 2);
      glUniform1f(at[kOpacity], 1);
    };
    if (small && marked.place.buffer != 0) {
      const auto& at = use(kPoint, draw, layer).uniforms;
      ink(at);
      const float room = 2 * kRingRoom * pixel_ratio_;
      // The ring is as thick as half the room around it.
      glUniform2f(at[kSize], draw.point_size - (dark ? 0 : pixel_ratio_), dark ? room + pixel_ratio_ : room - pixel_ratio_);
      glBindVertexArray(marked.place.array);
      glDrawArrays(GL_POINTS, 0, 1);
      continue;
    }
    const auto& at = use(kLine, draw, layer).uniforms;
    ink(at);
    glUniform2f(at[kSize], width + (dark ? halo : 0), 0);
    if (marked.shapes[kLines].count > 0) {
      draw_quads(marked.shapes[kLines].array, marked.shapes[kLines].count);
    }
    if (marked.shapes[kMarkers].count == 0) continue;
    const auto& points = use(kPoint, draw, layer).uniforms;
    ink(points);
    glUniform2f(points[kSize], draw.point_size, 2 * kRingRoom * pixel_ratio_ + (dark ? pixel_ratio_ : 0));
    glVertexAttrib1f(2, 0);
    glBindVertexArray(marked.shapes[kMarkers].array);
    glDrawArrays(GL_POINTS, 0, marked.shapes[kMarkers].count);
  }
}

void VectorRenderer::draw(const std::vector<VectorDraw>& draws, int width, int height,
                          double pixel_ratio) {
  if (draws.empty()) return;
  canvas_ = {static_cast<float>(width), static_cast<float>(height)};
  pixel_ratio_ = static_cast<float>(pixel_ratio);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE);
  const auto bind = [](const Layer& layer) {
    const std::uint32_t style = layer.pieces[kStyle].buffer;
    const std::uint32_t extents = layer.pieces[kExtents].buffer;
    glActiveTexture(GL_TEXTURE0 + kStyleUnit3);
    glBindTexture(GL_TEXTURE_2D, style);
    glActiveTexture(GL_TEXTURE0 + kExtentsUnit4);
    glBindTexture(GL_TEXTURE_2D, extents != 0 ? extents : style);
  };
  for (const VectorDraw& draw : draws) {
    const auto layer = layers_.find(draw.layer);
    if (layer == layers_.end() || layer->second.pieces[kStyle].buffer == 0) continue;
    bind(layer->second);
    draw_layer(draw, layer->second);
  }
  for (int i = 0; i < kHighlightCount; ++i) {
    const Marked& marked = marked_[static_cast<std::size_t>(i)];
    const auto layer = layers_.find(marked.layer);
    const auto draw = std::find_if(draws.begin(), draws.end(), [&](const VectorDraw& each) {
      return each.layer == marked.layer;
    });
    if (layer == layers_.end() || draw == draws.end()) continue;
    if (layer->second.pieces[kStyle].buffer == 0) continue;
    bind(layer->second);
    draw_marked(*draw, layer->second, marked, i == kSelected);
  }
  glBindVertexArray(0);
  glActiveTexture(GL_TEXTURE0);
}

}  // namespace mifa::render
