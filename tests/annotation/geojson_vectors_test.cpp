// The vectors of tests/vectors/annotation/geojson, whose expected.json says what each is read into. Its
// other half, through annotation.wasm, is tests/node/annotations.test.mjs.

#include <gtest/gtest.h>

#include <filesystem>

#include "annotation/engine.h"
#include "annotation/read_layer.h"

namespace mifa::annotation {
namespace {

namespace fs = std::filesystem;

const fs::path kVectors = "tests/vectors/annotation/geojson";

TEST(GeoJsonVectors, AreReadAsExpected) {
  const auto expected = JsonDocument::parse(file_text(kVectors / "expected.json"), "expected.json");
  ASSERT_TRUE(expected) << expected.error().message;
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(kVectors)) {
    const std::string name = entry.path().filename();
    if (name == "expected.json") continue;
    ++files;
    const JsonView want = (*expected)[name];
    for (const std::size_t window : {7UL, 1UL << 20}) {
      ReadOptions options;
      options.file = name;
      const auto layer = read_layer(file_text(entry.path()), options, "geojson", window);
      EXPECT_EQ(static_cast<std::int64_t>(layer->size()), want["objects"].integer().value_or(-1)) << name;
      std::string told;
      for (const Issue& issue : layer->issues) {
        told += std::string(severity_name(issue.severity)) + " " + issue.rule + " " + std::to_string(issue.line) +
                " " + issue.pointer + "\n";
      }
      std::string wanted;
      for (std::int64_t i = 0; i < want["issues"].size(); ++i) wanted += *want["issues"][i].string() + "\n";
      EXPECT_EQ(told, wanted) << name << " in windows of " << window;
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(files), expected->size());
}

}  // namespace
}  // namespace mifa::annotation
