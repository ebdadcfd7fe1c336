// Compiles and links GLSL.
#pragma once

#include <cstdint>
#include <string>

namespace mifa::render {

// GL name of a program of two GLSL ES 3.00 texts without their version line. The first failure's log
// is put into `failure` if that is empty; the program is then of no use.
std::uint32_t compile_program(const std::string& vertex, const std::string& fragment,
                              std::string& failure);

}  // namespace mifa::render
