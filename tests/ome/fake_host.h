// A host that reads keys from memory or from a folder, and delivers them in any order.
#pragma once

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ome/opener.h"

namespace mifa::ome {

class FakeHost {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, Error> errors;  // Keys that answer with an error; "*" for all others.
  std::filesystem::path folder;         // Read when a key is not in `files`; may be empty.
  bool lists = false;                   // Whether the store can list folders.

  // All keys asked for, in order.
  std::vector<std::string> asked;
  std::vector<std::string> listed;  // All folders asked for.
  int rounds = 0;                   // Of requests that could leave at the same time.
  int rounds_to_image = 0;          // Of these, until the image was ready.

  // Answers everything, round by round.
  void run(Opener& opener);
  // Answers one pending request after the other, in an order drawn from `seed`.
  void run_shuffled(Opener& opener, unsigned seed);

 private:
  void answer(Opener& opener, const std::string& key);
  bool answer_listings(Opener& opener);
};

// Where the shared fixtures are, or an empty path: $MIFASCOPE_FIXTURES, or ../shared/fixtures
// beside the source root (the tests' working directory).
std::filesystem::path fixtures();

// The whole file.
std::string read_text(const std::filesystem::path& path);

// "rule at pointer" of each issue of at least this severity, for messages.
std::string summary(const Issues& issues);
int count_rule(const Issues& issues, const std::string& rule);
int count_errors(const Issues& issues);

// .zarray / zarr.json of an array, as text.
std::string zarray(const std::vector<int>& shape, const std::string& dtype = "|u1");
std::string v3_array(const std::vector<int>& shape, const std::string& type = "uint8");
// A zarr.json of a group with these attributes.ome.
std::string v3_group(const std::string& ome);

}  // namespace mifa::ome

// Use at the top of a test that needs fixtures.
#define REQUIRE_FIXTURES()                                                               \
  if (mifa::ome::fixtures().empty()) {                                                   \
    GTEST_SKIP() << "needs the shared fixtures: set MIFASCOPE_FIXTURES to their folder"; \
  }
