// Real images of others, against what independent readers found in them (make_fixture_hashes.py).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "file_host.h"

namespace mifa::formats {
namespace {

std::filesystem::path fixtures() {
  const char* given = std::getenv("MIFASCOPE_FIXTURES");
  const std::filesystem::path path = given ? given : "../shared/fixtures";
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

// Libraries differ in how they convert these colours (YCbCr, palettes of 16 bits): looked at, not
// compared.
bool converted(const std::string& name) {
  for (const char* part : {"ycbcr", "quad-jpeg", "zackthecat", "smallliz", "dscf0013", "pc260001",
                           "off_", "minisblack-02", "minisblack-04", "fax2d", "g3test", "strike"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(Fixtures, HoldWhatOthersFind) {
  if (fixtures().empty())
    GTEST_SKIP() << "needs the shared fixtures: set MIFASCOPE_FIXTURES to their folder";
  std::ifstream file("tests/formats/fixtures.json");
  const auto all = nlohmann::json::parse(file);
  ASSERT_GT(all.size(), 20U);
  for (const auto& [name, want] : all.items()) {
    SCOPED_TRACE(name);
    RasterOptions options;
    options.name = std::filesystem::path(name).filename().string();
    FileHost host(read_file(fixtures() / name), options);
    auto raster = host.describe();
    if (!raster && converted(name)) continue;  // old-style JPEG
    ASSERT_TRUE(raster.ok()) << raster.error().message;
    const RasterImage& image = (*raster)->images[0];
    const std::vector<std::int64_t> shape{image.size_t, image.size_c, image.size_z,
                                          image.levels[0].height, image.levels[0].width};
    EXPECT_EQ(shape, want["shape"].get<std::vector<std::int64_t>>());
    auto pixels = host.decode_all(0, 0);
    ASSERT_TRUE(pixels.ok()) << pixels.error().message;
    if (converted(name)) continue;
    EXPECT_EQ(zarr_name(image.type), want["type"].get<std::string>());
    EXPECT_EQ(fnv(*pixels), want["fnv"].get<std::string>());
  }
}

// libtiff's own pictures, and all other images there: shown, or refused by a sentence.
TEST(Fixtures, EverythingIsReadOrRefusedByName) {
  if (fixtures().empty())
    GTEST_SKIP() << "needs the shared fixtures: set MIFASCOPE_FIXTURES to their folder";
  int read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(fixtures() / "tiff")) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".tif" && extension != ".tiff") continue;
    SCOPED_TRACE(entry.path().string());
    RasterOptions options;
    options.name = entry.path().filename().string();
    FileHost host(read_file(entry.path()), options);
    auto raster = host.describe();
    if (!raster) {
      std::printf("%s: %s\n", options.name.c_str(), raster.error().message.c_str());
      EXPECT_EQ(raster.error().code, ErrorCode::kUnsupported) << raster.error().message;
      continue;
    }
    for (const Issue& issue : (*raster)->issues)
      std::printf("%s: %s\n", options.name.c_str(), issue.message.c_str());
    for (std::size_t i = 0; i < (*raster)->images.size(); ++i) {
      auto pixels = host.decode_all(static_cast<std::int64_t>(i), 0);
      // Its last strip is cut off.
      if (options.name == "text.tif") continue;
      EXPECT_TRUE(pixels.ok()) << pixels.error().message;
    }
    ++read;
  }
  EXPECT_GT(read, 20);
}

}  // namespace
}  // namespace mifa::formats
