// Arrays that others wrote: each is read, or refused for a reason that is stated here.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "zarr/array_metadata.h"

namespace mifa::zarr {
namespace {

namespace fs = std::filesystem;

fs::path fixtures() {
  const char* given = std::getenv("MIFASCOPE_FIXTURES");
  const fs::path path = given ? given : "../shared/fixtures";
  return fs::is_directory(path) ? path : fs::path();
}

// Part of a path → part of the message. Everything else has to be read.
const std::map<std::string, std::string> kRefused = {
    {".U7/", "expected a data type among"},
    {".U13.", "expected a data type among"},
    {".S7/", "expected a data type among"},
    {".O/", "expected a data type among"},
    {".string.", "expected a data type among"},
    {"array_optional", "expected a data type among"},
    {"_bz2", "unknown codec \""},
    {"_pcodec", "unknown codec \""},
    {"_zfpy", "unknown codec \""},
};

TEST(Fixtures, AreReadOrRefusedForAStatedReason) {
  if (fixtures().empty()) {
    GTEST_SKIP() << "needs the shared fixtures: set MIFASCOPE_FIXTURES to their folder";
  }
  int read = 0;
  std::map<std::string, int> met;
  for (const char* folder : {"zarrs-v2", "zarrs-v3", "zarrita", "zarr"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fixtures() / folder)) {
      const std::string file = entry.path().filename().string();
      if (file != ".zarray" && file != "zarr.json") continue;
      const std::string path = fs::relative(entry.path(), fixtures()).string();
      SCOPED_TRACE(path);
      std::ifstream stream(entry.path(), std::ios::binary);
      auto document =
          JsonDocument::parse(std::string(std::istreambuf_iterator<char>(stream), {}), path);
      ASSERT_TRUE(document.ok()) << document.error().message;
      if (file == "zarr.json" && (*document)["node_type"].string() == "group") continue;
      const auto array = parse_array(*document);
      std::string reason;
      for (const auto& [part, message] : kRefused) {
        if (path.find(part) == std::string::npos) continue;
        reason = message;
        ++met[part];
      }
      if (reason.empty()) {
        EXPECT_TRUE(array.ok()) << array.error().message;
        ++read;
      } else {
        ASSERT_FALSE(array.ok());
        EXPECT_NE(array.error().message.find(reason), std::string::npos) << array.error().message;
        EXPECT_EQ(array.error().code, ErrorCode::kUnsupported);
      }
    }
  }
  EXPECT_GE(read, 70);
  for (const auto& [part, message] : kRefused) EXPECT_GT(met[part], 0) << part << " is stale";
}

}  // namespace
}  // namespace mifa::zarr
