#include "render/program.h"

#include <GLES3/gl3.h>

#include <array>

namespace mifa::render {
namespace {

// Behind the last program that was started. One context a program instance.
GLsync last_started = nullptr;

void attach(GLuint program, GLenum kind, const std::string& text) {
  const GLuint shader = glCreateShader(kind);
  const std::array<const char*, 2> source = {"#version 300 es\n", text.c_str()};
  glShaderSource(shader, 2, source.data(), nullptr);
  glCompileShader(shader);
  glAttachShader(program, shader);
  glDeleteShader(shader);  // It lives as long as its program.
}

}  // namespace

std::uint32_t start_program(const std::string& vertex, const std::string& fragment) {
  const GLuint program = glCreateProgram();
  attach(program, GL_VERTEX_SHADER, vertex);
  attach(program, GL_FRAGMENT_SHADER, fragment);
  glLinkProgram(program);
  if (last_started) glDeleteSync(last_started);
  last_started = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
  glFlush();  // Browsers hold commands back until something is drawn.
  return program;
}

bool programs_compiled() {
  if (!last_started) return true;
  const GLenum state = glClientWaitSync(last_started, 0, 0);
  if (state == GL_TIMEOUT_EXPIRED) return false;
  glDeleteSync(last_started);
  last_started = nullptr;
  return true;
}

void forget_programs() { last_started = nullptr; }

void check_program(std::uint32_t program, std::string& failure) {
  GLint ok = 0;
  glGetProgramiv(program, GL_LINK_STATUS, &ok);
  if (ok || !failure.empty()) return;
  std::array<char, 1024> log{};
  std::array<GLuint, 2> shaders{};
  GLsizei count = 0;
  glGetAttachedShaders(program, static_cast<GLsizei>(shaders.size()), &count, shaders.data());
  for (GLsizei i = 0; i < count; ++i) {
    const GLuint shader = shaders[static_cast<std::size_t>(i)];
    glGetShaderiv(shader, GL_COMPILE_STATUS, &ok);
    if (ok) continue;
    glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size() - 1), nullptr, log.data());
    failure = log.data();
    return;
  }
  glGetProgramInfoLog(program, static_cast<GLsizei>(log.size() - 1), nullptr, log.data());
  failure = std::string("link: ") + log.data();
}

}  // namespace mifa::render
