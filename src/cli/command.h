// The command `mifascope`.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace mifa::cli {

enum ExitCode {
  kClean = 0,     // no errors
  kErrors = 1,    // errors were found
  kNotRun = 2,    // wrong arguments, or nothing that can be read
};

// Runs the command with its arguments (without the program's name). The report goes to `out`,
// progress and complaints to `err`.
int run_command(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err);

// What `mifascope info` prints of a place; the exit code.
int print_info(const std::string& place, bool json, std::FILE* out, std::FILE* err);

}  // namespace mifa::cli
