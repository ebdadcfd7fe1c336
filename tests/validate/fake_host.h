// A host that keeps files in memory or reads them from a folder, and answers in any order.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "validate/runner.h"

namespace mifa::validate {

struct FakeHost {
  std::map<std::string, std::string> files;
  std::map<std::string, Error> errors;  // keys (or folders with "/" at the end) that answer with one
  std::filesystem::path folder;         // read when a key is not in `files`; may be empty
  bool lists = true;
  unsigned seed = 0;  // 0: in the order asked; else drawn from it

  // Answers everything; the report.
  Report run(Runner& runner) const;
  Report run(RunOptions options = {}, const std::string& name = "dataset") const;
};

// Where the shared fixtures are, or an empty path.
std::filesystem::path fixtures();
std::string read_text(const std::filesystem::path& path);
// The tree that a vector describes: {"files": {"zarr.json": {…}, "0/c/0": "hex:00ff", "a.txt": "text"}};
// a value that is no string is written as JSON, "hex:" strings as bytes, others as they are.
FakeHost read_vector(const std::filesystem::path& path);
// "severity rule at file pointer: message", a line each, of at least this severity.
std::string summary(const Report& report, Severity least = Severity::kInfo);
std::int64_t count_of(const Report& report, const std::string& rule);

}  // namespace mifa::validate

// Use at the top of a test that needs fixtures.
#define REQUIRE_FIXTURES()                                                               \
  if (mifa::validate::fixtures().empty()) {                                              \
    GTEST_SKIP() << "needs the shared fixtures: set MIFASCOPE_FIXTURES to their folder"; \
  }
