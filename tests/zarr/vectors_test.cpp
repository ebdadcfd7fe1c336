// tests/vectors/zarr/{valid,invalid}-*.json, named by what they show. The first line of an invalid
// one's .txt is the message.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "zarr/array_metadata.h"

namespace mifa::zarr {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(ZarrVectors, ValidAreReadAndInvalidRefusedWithTheirMessage) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("tests/vectors/zarr")) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    ++count;
    auto document = JsonDocument::parse(read(entry.path()), name);
    std::string message;
    if (!document) {
      message = document.error().message;
    } else if (auto array = parse_array(*document); !array) {
      message = array.error().message;
    }
    if (name.starts_with("valid-")) {
      EXPECT_EQ(message, "");
    } else {
      std::string expected = read(fs::path(entry.path()).replace_extension(".txt"));
      while (expected.ends_with('\n')) expected.pop_back();
      EXPECT_EQ(message, expected);
    }
  }
  EXPECT_GE(count, 8);
}

}  // namespace
}  // namespace mifa::zarr
