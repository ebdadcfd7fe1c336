// Good real data gives no error, and of warnings only those that a curator would give.
#include <gtest/gtest.h>

#include <iostream>

#include "fake_host.h"

namespace mifa::validate {
namespace {

namespace fs = std::filesystem;

Report check(const std::string& path, bool all_chunks = false) {
  FakeHost host;
  host.folder = fixtures() / path;
  RunOptions options;
  options.all_chunks = all_chunks;
  return host.run(std::move(options));
}

TEST(RealData, GoodImagesGiveNoError) {
  REQUIRE_FIXTURES();
  for (const auto& folder : fs::directory_iterator(fixtures() / "omezarr")) {
    const std::string name = folder.path().filename().string();
    if (!folder.is_directory() || name.starts_with("BAD")) continue;
    const Report report = check("omezarr/" + name);
    // Its windows lack min and max, which 0.3 requires.
    if (name == "v0.3_spacem.zarr") {
      EXPECT_EQ(count_of(report, "ome-zarr/omero-window"), 4);
      EXPECT_EQ(report.errors, 4) << summary(report);
      continue;
    }
    std::cout << name << "\n" << summary(report, Severity::kWarning);
    EXPECT_EQ(report.errors, 0) << name << "\n" << summary(report, Severity::kError);
  }
}

}  // namespace
}  // namespace mifa::validate
