#include "render/renderer.h"

#include <GLES3/gl3.h>

#include <cstddef>

#include "render/color_table.h"
#include "render/program.h"
#include "shaders.h"
#include "view/lookup_table.h"

namespace mifa::render {
namespace {

using view::DrawGroup;
using view::TexelFormat;
using view::TileInstance;

struct GlFormat {
  GLenum internal;
  GLenum format;
  GLenum type;
  const char* define;
  const char* sampler;
};

GlFormat gl_format(TexelFormat format) {
  switch (format) {
    case TexelFormat::kU8:
      return {GL_R8UI, GL_RED_INTEGER, GL_UNSIGNED_BYTE, "FORMAT_U", "usampler2DArray"};
    case TexelFormat::kI8:
      return {GL_R8I, GL_RED_INTEGER, GL_BYTE, "FORMAT_I", "isampler2DArray"};
    case TexelFormat::kU16:
      return {GL_R16UI, GL_RED_INTEGER, GL_UNSIGNED_SHORT, "FORMAT_U", "usampler2DArray"};
    case TexelFormat::kI16:
      return {GL_R16I, GL_RED_INTEGER, GL_SHORT, "FORMAT_I", "isampler2DArray"};
    case TexelFormat::kU32:
      return {GL_R32UI, GL_RED_INTEGER, GL_UNSIGNED_INT, "FORMAT_U", "usampler2DArray"};
    case TexelFormat::kI32:
      return {GL_R32I, GL_RED_INTEGER, GL_INT, "FORMAT_I", "isampler2DArray"};
    case TexelFormat::kF16:
      return {GL_R16F, GL_RED, GL_HALF_FLOAT, "FORMAT_F", "sampler2DArray"};
    case TexelFormat::kF32:
      return {GL_R32F, GL_RED, GL_FLOAT, "FORMAT_F", "sampler2DArray"};
    case TexelFormat::kU64:
      return {GL_RG32UI, GL_RG_INTEGER, GL_UNSIGNED_INT, "FORMAT_U64", "usampler2DArray"};
    case TexelFormat::kI64:
      return {GL_RG32UI, GL_RG_INTEGER, GL_UNSIGNED_INT, "FORMAT_I64", "usampler2DArray"};
  }
  return {};
}

// Integer and 32-bit float textures have no filtering; all lookups are texelFetch.
void set_nearest(GLenum target) {
  glTexParameteri(target, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(target, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(target, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(target, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

std::uint32_t make_array(TexelFormat format, int width, int height, int layers) {
  GLuint name = 0;
  glGenTextures(1, &name);
  glBindTexture(GL_TEXTURE_2D_ARRAY, name);
  glTexStorage3D(GL_TEXTURE_2D_ARRAY, 1, gl_format(format).internal, width, height, layers);
  set_nearest(GL_TEXTURE_2D_ARRAY);
  return name;
}

const void* offset(std::size_t bytes) { return reinterpret_cast<const void*>(bytes); }

bool same(const view::Block& a, const view::Block& b) {
  return a.format == b.format && a.tile == b.tile && a.layers == b.layers;
}

}  // namespace

void Renderer::sync(const view::TileStore& tiles) {
  if (revision_ == tiles.revision()) return;
  revision_ = tiles.revision();
  const auto& blocks = tiles.blocks();
  for (std::size_t i = 0; i < textures_.size(); ++i) {
    if (i < blocks.size() && same(textures_[i].block, blocks[i])) continue;
    glDeleteTextures(1, &textures_[i].name);
    textures_[i] = {};
  }
  textures_.resize(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (textures_[i].name != 0 || blocks[i].layers == 0) continue;
    textures_[i] = {make_array(blocks[i].format, blocks[i].tile[0], blocks[i].tile[1],
                               blocks[i].layers),
                    blocks[i]};
  }
}

std::uint32_t Renderer::texture(int block) const {
  const auto i = static_cast<std::size_t>(block);
  return block >= 0 && i < textures_.size() ? textures_[i].name : 0;
}

std::uint32_t Renderer::dummy(TexelFormat format) {
  std::uint32_t& name = dummies_[static_cast<int>(format)];
  if (name == 0) name = make_array(format, 1, 1, 1);
  return name;
}

void Renderer::prepare() {
  start(DrawGroup::Kind::kBackdrop, TexelFormat::kU8);
  start(DrawGroup::Kind::kIntensity, TexelFormat::kU8);
}

void Renderer::prepare(const view::Scene& scene) {
  const auto start_for = [&](DrawGroup::Kind kind, int source) {
    const view::Source& from = scene.sources[static_cast<std::size_t>(source)];
    start(kind, view::texel_format(from.data_type(0)));
  };
  if (!scene.channels.empty()) start_for(DrawGroup::Kind::kIntensity, 0);
  for (const view::LabelLayer& label : scene.labels) start_for(DrawGroup::Kind::kLabel, label.source);
}

Renderer::Program& Renderer::start(DrawGroup::Kind kind, TexelFormat format) {
  const GlFormat gl = gl_format(format);
  // u8, u16 and u32 share a program: what they sample is the same to GLSL.
  Program& found = programs_[{kind, gl.define}];
  if (found.name != 0) return found;
  const std::string defines =
      std::string("#define ") + gl.define + "\n#define SAMPLER " + gl.sampler + "\n";
  const std::string tile = defines + shaders::kTileFrag;
  found.name = start_program(shaders::kTileVert,
                             kind == DrawGroup::Kind::kBackdrop ? shaders::kFillFrag
                             : kind == DrawGroup::Kind::kLabel  ? tile + shaders::kLabelFrag
                                                                : tile + shaders::kIntensityFrag);
  return found;
}

bool Renderer::checked(const view::DrawList& list) {
  bool all = true;
  for (const DrawGroup& group : list.groups) {
    if (!start(group.kind, group.format).checked) all = false;
  }
  return all;
}

void Renderer::check() {
  for (auto& [key, program] : programs_) {
    if (program.checked) continue;
    check_program(program.name, failure_);
    uniform(program, "u_canvas");  // The first of a program fetches where all are.
    program.checked = true;
  }
}

int Renderer::uniform(Program& program, const char* name) const {
  const auto [found, fresh] = program.uniforms.try_emplace(name, -1);
  if (fresh) found->second = glGetUniformLocation(program.name, name);
  return found->second;
}

void Renderer::bind_instances(int first) {
  const auto base = static_cast<std::size_t>(first) * sizeof(TileInstance);
  constexpr GLsizei kStride = sizeof(TileInstance);
  const auto floats = [&](GLuint index, GLint count, std::size_t member) {
    glVertexAttribPointer(index, count, GL_FLOAT, GL_FALSE, kStride, offset(base + member));
  };
  const auto shorts = [&](GLuint index, GLint count, std::size_t member) {
    glVertexAttribIPointer(index, count, GL_SHORT, kStride, offset(base + member));
  };
  floats(0, 4, offsetof(TileInstance, rect));
  floats(1, 4, offsetof(TileInstance, texel));
  floats(2, 2, offsetof(TileInstance, window));
  glVertexAttribIPointer(3, 2, GL_UNSIGNED_INT, kStride,
                         offset(base + offsetof(TileInstance, constant)));
  shorts(4, 4, offsetof(TileInstance, extent));
  shorts(5, 2, offsetof(TileInstance, layer));
  shorts(6, 4, offsetof(TileInstance, neighbours));
  shorts(7, 4, offsetof(TileInstance, neighbours) + 8);
  glVertexAttribPointer(8, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride,
                        offset(base + offsetof(TileInstance, color)));
  for (GLuint i = 0; i <= 8; ++i) {
    glEnableVertexAttribArray(i);
    glVertexAttribDivisor(i, 1);
  }
}

Renderer::ColorTable& Renderer::color_table(int layer, const FrameStyle& style) {
  ColorTable& table = tables_[layer];
  const auto& [colors, version, others] = style.label_colors[static_cast<std::size_t>(layer)];
  const std::size_t count = colors ? colors->size() : 0;
  if (table.texture != 0 && table.source == colors && table.count == count &&
      table.version == version) {
    return table;
  }
  if (table.texture == 0) glGenTextures(1, &table.texture);
  const ColorTableTexels texels = build_color_table(colors);
  table.source = colors;
  table.count = count;
  table.version = version;
  table.size = texels.size;
  glBindTexture(GL_TEXTURE_2D, table.texture);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA32UI, texels.width, texels.height, 0, GL_RGBA_INTEGER,
               GL_UNSIGNED_INT, texels.words.data());
  set_nearest(GL_TEXTURE_2D);
  return table;
}

void Renderer::bind_lookup_tables() {
  glActiveTexture(GL_TEXTURE2);
  if (lookup_tables_ == 0) {
    constexpr int kWidth = 256;
    std::vector<std::uint8_t> texels;
    for (int row = 0; row < view::lookup_tables(); ++row) {
      for (int i = 0; i < kWidth; ++i) {
        const ome::Rgb color = view::lookup_table(row).at(i / (kWidth - 1.0));
        texels.insert(texels.end(), {color[0], color[1], color[2], 255});
      }
    }
    glGenTextures(1, &lookup_tables_);
    glBindTexture(GL_TEXTURE_2D, lookup_tables_);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, kWidth, view::lookup_tables(), 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, texels.data());
    set_nearest(GL_TEXTURE_2D);
  }
  glBindTexture(GL_TEXTURE_2D, lookup_tables_);
}

void Renderer::draw_group(const DrawGroup& group, const view::DrawFrame& frame,
                          const FrameStyle& style) {
  Program& shader = start(group.kind, group.format);
  glUseProgram(shader.name);
  glUniform2f(uniform(shader, "u_canvas"), static_cast<float>(style.width),
              static_cast<float>(style.height));
  glUniform4fv(uniform(shader, "u_turn"), 1, frame.turn.data());
  glUniform2fv(uniform(shader, "u_shift"), 1, frame.shift.data());
  if (group.kind == DrawGroup::Kind::kBackdrop) {
    glBlendFunc(GL_ONE, GL_ZERO);
  } else if (group.kind == DrawGroup::Kind::kIntensity) {
    // Channels add up like light; alpha stays at 1.
    glBlendFuncSeparate(GL_ONE, GL_ONE, GL_ZERO, GL_ONE);
    glUniform1i(uniform(shader, "u_linear"), group.linear ? 1 : 0);
    glUniform1i(uniform(shader, "u_tables"), 2);  // No other kind of sampler may share its unit.
  } else {
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE);
    glActiveTexture(GL_TEXTURE1);
    const ColorTable& table = color_table(group.label, style);
    glBindTexture(GL_TEXTURE_2D, table.texture);
    glUniform1i(uniform(shader, "u_table"), 1);
    glUniform1i(uniform(shader, "u_table_size"), table.size);
    const ome::Rgba& others = style.label_colors[static_cast<std::size_t>(group.label)].others;
    glUniform4f(uniform(shader, "u_others"), others[0] / 255.0F, others[1] / 255.0F, others[2] / 255.0F,
                others[3] / 255.0F);
    glUniform1f(uniform(shader, "u_threshold"),
                style.label_thresholds[static_cast<std::size_t>(group.label)]);
    const std::uint64_t hovered = group.label == style.hovered_layer ? style.hovered_id : 0;
    glUniform2ui(uniform(shader, "u_hovered"), static_cast<GLuint>(hovered & 0xFFFFFFFFU),
                 static_cast<GLuint>(hovered >> 32U));
  }
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D_ARRAY, group.block >= 0 ? texture(group.block) : dummy(group.format));
  glUniform1i(uniform(shader, "u_tiles"), 0);
  bind_instances(group.first);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, group.count);
}

void Renderer::draw(const view::DrawList& list, const FrameStyle& style) {
  if (!checked(list)) check();
  glViewport(0, 0, style.width, style.height);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_CULL_FACE);
  glDisable(GL_BLEND);
  const auto part = [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; };
  glClearColor(part(style.background[0]), part(style.background[1]), part(style.background[2]), 1);
  glClear(GL_COLOR_BUFFER_BIT);
  if (instances_ == 0) {
    glGenBuffers(1, &instances_);
    glGenVertexArrays(1, &vertex_array_);
  }
  glBindVertexArray(vertex_array_);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBindBuffer(GL_ARRAY_BUFFER, instances_);
  glBufferData(GL_ARRAY_BUFFER,
               static_cast<GLsizeiptr>(list.instances.size() * sizeof(TileInstance)),
               list.instances.data(), GL_STREAM_DRAW);
  if (list.tables) bind_lookup_tables();
  for (const DrawGroup& group : list.groups) {
    draw_group(group, list.frames[static_cast<std::size_t>(group.frame)], style);
  }
  glBindVertexArray(0);
}

void Renderer::forget() {
  programs_.clear();
  textures_.clear();
  dummies_.clear();
  tables_.clear();
  lookup_tables_ = 0;
  instances_ = 0;
  vertex_array_ = 0;
  revision_ = 0;
}

}  // namespace mifa::render
