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

// Reads metadata files of one study and writes them together in another container ("bia-agent", "pagetab",
// "ro-crate", "croissant"): into a folder that is there, or without one the document alone to `out`. What
// cannot be read or held is told on `err`; the exit code.
int convert_metadata(const std::vector<std::string>& files, const std::string& target,
                     const std::string& folder, std::FILE* out, std::FILE* err);

}  // namespace mifa::cli
