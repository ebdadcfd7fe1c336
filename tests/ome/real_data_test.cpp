// Datasets that others made, from the shared fixtures.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::ome {
namespace {

struct Expected {
  const char* path;
  NodeKind kind;
  const char* axes;
  std::vector<std::int64_t> shape;
  int levels;
  int labels;
  int entries;
};

std::string names(const std::vector<Axis>& axes) {
  std::string result;
  for (const Axis& axis : axes) result += (result.empty() ? "" : ",") + axis.name;
  return result;
}

TEST(RealData, OpensAsExpected) {
  REQUIRE_FIXTURES();
  const Expected kAll[] = {
      {"omezarr/BAD_v0.4_metadata_on_zarr3.ome.zarr", NodeKind::kImage, "y,x", {682, 682}, 3, 0, 0},
      {"omezarr/v0.3_spacem.zarr/w1/ion_images", NodeKind::kImage, "t,c,z,y,x", {}, 1, 0, 0},
      {"omezarr/v0.3_spacem.zarr/w1/pre_maldi",
       NodeKind::kImage,
       "t,c,z,y,x",
       {1, 3, 1, 750, 900},
       2,
       2,
       0},
      {"omezarr/v0.4_2dt_image+labels/image.ome.zarr",
       NodeKind::kImage,
       "t,y,x",
       {10, 592, 1280},
       3,
       0,
       0},
      {"omezarr/v0.4_2dt_image+labels/segmentation.ome.zarr",
       NodeKind::kImage,
       "t,y,x",
       {10, 592, 1280},
       3,
       0,
       0},
      {"omezarr/v0.4_hcs.zarr", NodeKind::kPlate, "c,y,x", {3, 256, 512}, 3, 0, 2},
      {"omezarr/v0.4_nuclei_control.ome.zarr",
       NodeKind::kImage,
       "t,c,z,y,x",
       {1, 1, 1, 682, 682},
       3,
       0,
       0},
      {"omezarr/v0.5_coins_labels.ome.zarr", NodeKind::kImage, "y,x", {1624, 2272}, 4, 1, 0},
      {"omezarr/v0.5_nuclei.ome.zarr", NodeKind::kImage, "y,x", {682, 682}, 3, 0, 0},
      {"omezarr/v0.5_nuclei_shard_zstd.ome.zarr", NodeKind::kImage, "y,x", {682, 682}, 3, 0, 0},
      {"zarr/hoa_heart.zarr", NodeKind::kArray, "dim_0,y,x", {120, 120, 139}, 1, 0, 0},
      {"neuroglancer-zarr/ome_zarr/simple_0.4", NodeKind::kImage, "y,x", {10, 10}, 3, 0, 0},
      {"neuroglancer-zarr/ome_zarr/simple_0.5", NodeKind::kImage, "y,x", {10, 10}, 3, 0, 0},
      {"neuroglancer-zarr/ome_zarr/all_0.6/basic/sequenceScaleTranslation.zarr",
       NodeKind::kImage,
       "z,y,x",
       {27, 226, 186},
       1,
       0,
       0},
  };
  for (const Expected& expected : kAll) {
    for (unsigned seed = 0; seed < 5; ++seed) {
      SCOPED_TRACE(expected.path);
      FakeHost host;
      host.folder = fixtures() / expected.path;
      Opener opener(expected.path);
      host.run_shuffled(opener, seed);
      ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << opener.failure().message;
      const Dataset& dataset = opener.dataset();
      if (seed == 0) std::cout << expected.path << "\n" << summary(opener.issues());
      EXPECT_EQ(dataset.kind, expected.kind);
      EXPECT_EQ(names(dataset.image.axes), expected.axes);
      if (!expected.shape.empty()) {
        EXPECT_EQ(dataset.image.levels.front().array.shape, expected.shape);
      }
      EXPECT_EQ(static_cast<int>(dataset.image.levels.size()), expected.levels);
      EXPECT_EQ(static_cast<int>(dataset.labels.size()), expected.labels);
      EXPECT_EQ(static_cast<int>(dataset.entries.size()), expected.entries);
    }
  }
}

// Its root says in a way of its own which images there are, and one of them is not there.
TEST(RealData, CollectionsOfAnEarlyWriter) {
  REQUIRE_FIXTURES();
  for (const bool lists : {false, true}) {
    FakeHost host;
    host.folder = fixtures() / "omezarr/v0.3_spacem.zarr";
    host.lists = lists;
    Opener opener("spacem");
    host.run(opener);
    ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << opener.failure().message;
    ASSERT_EQ(opener.dataset().entries.size(), 2U);
    EXPECT_EQ(opener.dataset().entries[0].path, "w1/ion_images");
    opener.open_entry(1);
    host.run(opener);
    EXPECT_EQ(opener.dataset().image.path, "w1/pre_maldi");
    EXPECT_EQ(opener.dataset().labels.size(), 2U);
    EXPECT_LE(host.asked.size(), 40U);
  }
}

// A folder of datasets, as it is dropped onto the page.
TEST(RealData, AFolderOfDatasets) {
  REQUIRE_FIXTURES();
  FakeHost host;
  host.folder = fixtures() / "omezarr";
  host.lists = true;
  Opener opener("omezarr");
  host.run(opener);
  ASSERT_EQ(opener.stage(), Opener::Stage::kComplete) << opener.failure().message;
  EXPECT_EQ(opener.dataset().entries.size(), 8U);  // spacem's images lie too deep.
  for (int i = 0; i < static_cast<int>(opener.dataset().entries.size()); ++i) {
    opener.open_entry(i);
    host.run(opener);
    EXPECT_EQ(opener.stage(), Opener::Stage::kComplete)
        << opener.dataset().entries[static_cast<std::size_t>(i)].path << ": "
        << opener.failure().message;
  }
}

}  // namespace
}  // namespace mifa::ome
