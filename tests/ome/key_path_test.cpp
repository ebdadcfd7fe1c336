#include "ome/key_path.h"

#include <gtest/gtest.h>

namespace mifa::ome {
namespace {

TEST(KeyPath, JoinsAndNormalises) {
  EXPECT_EQ(join_path("", "0").value(), "0");
  EXPECT_EQ(join_path("A/1", "0").value(), "A/1/0");
  EXPECT_EQ(join_path("A/1", "./x//y/").value(), "A/1/x/y");
  EXPECT_EQ(join_path("labels/cells", "../../0").value(), "0");
  EXPECT_EQ(join_path("", "a b/ä:1").value(), "a b/ä:1");
}

TEST(KeyPath, RefusesWhatLeavesTheDataset) {
  for (const char* path : {"../0", "a/../../b", "/0", "https://host/0", "s3://bucket/0",
                           "file:///etc/passwd", "a\\b", "a\nb", "", ".", "a/.."}) {
    const auto joined = join_path("", path);
    EXPECT_FALSE(joined.ok()) << path;
  }
  EXPECT_EQ(join_path("", "../x").error().message,
            "expected a path relative to its group, received \"../x\", which leads out of the "
            "dataset that was opened");
}

TEST(KeyPath, KeysOfTheRootHaveNoSlash) {
  EXPECT_EQ(key_in("", ".zattrs"), ".zattrs");
  EXPECT_EQ(key_in("0", ".zarray"), "0/.zarray");
}

}  // namespace
}  // namespace mifa::ome
