#include "render/program.h"

#include <GLES3/gl3.h>

#include <array>

namespace mifa::render {
namespace {

GLuint compile_shader(GLenum kind, const std::string& text, std::string& failure) {
  const GLuint shader = glCreateShader(kind);
  const std::array<const char*, 2> source = {"#version 300 es\n", text.c_str()};
  glShaderSource(shader, 2, source.data(), nullptr);
  glCompileShader(shader);
  GLint ok = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &ok);
  if (!ok && failure.empty()) {
    std::array<char, 1024> log{};
    glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size() - 1), nullptr, log.data());
    failure = log.data();
  }
  return shader;
}

}  // namespace

std::uint32_t compile_program(const std::string& vertex, const std::string& fragment,
                              std::string& failure) {
  const GLuint program = glCreateProgram();
  const auto attach = [&](GLenum kind, const std::string& text) {
    const GLuint shader = compile_shader(kind, text, failure);
    glAttachShader(program, shader);
    glDeleteShader(shader);
  };
  attach(GL_VERTEX_SHADER, vertex);
  attach(GL_FRAGMENT_SHADER, fragment);
  glLinkProgram(program);
  GLint ok = 0;
  glGetProgramiv(program, GL_LINK_STATUS, &ok);
  if (!ok && failure.empty()) {
    std::array<char, 1024> log{};
    glGetProgramInfoLog(program, static_cast<GLsizei>(log.size() - 1), nullptr, log.data());
    failure = std::string("link: ") + log.data();
  }
  return program;
}

}  // namespace mifa::render
