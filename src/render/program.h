// Compiles and links GLSL.
#pragma once

#include <cstdint>
#include <string>

namespace mifa::render {

// GL name of a program of two GLSL ES 3.00 texts without their version line. The driver compiles it
// meanwhile: what asks for its state waits for it, and for all that the GPU was told to draw before.
std::uint32_t start_program(const std::string& vertex, const std::string& fragment);
// Whether the driver has come to the last program that was started, so that check_program() of any
// hardly waits.
bool programs_compiled();
// The context is gone, and what was started in it.
void forget_programs();
// Waits for a program. The first failure's log is put into `failure` if that is empty; the program is
// then of no use.
void check_program(std::uint32_t program, std::string& failure);

}  // namespace mifa::render
