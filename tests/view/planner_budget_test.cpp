// Uploads a frame, the GPU's memory, and what an instance carries.
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "viewer.h"

namespace mifa::view {
namespace {

std::int64_t upload_bytes(const Plan& plan) {
  std::int64_t bytes = 0;
  for (const Upload& upload : plan.uploads) {
    bytes += upload.extent[0] * upload.extent[1] * texel_bytes(upload.format);
  }
  return bytes;
}

TEST(PlannerBudget, UploadsOfAFrameStayWithinTheBudget) {
  Limits limits;
  limits.fetches = 100;
  Viewer viewer(limits);
  viewer.camera.resize(512, 512);
  viewer.show(make_pyramid(512, 512, 64, 1, 2, true));
  viewer.step();
  ASSERT_EQ(viewer.requests.size(), 64U);
  while (!viewer.requests.empty()) viewer.answer(0);
  const std::int64_t tile = 64 * 64 * 2;
  int frames = 0;
  int uploads = 0;
  do {
    const Plan& plan = viewer.step(3 * tile + 5);
    EXPECT_LE(upload_bytes(plan), 3 * tile);
    uploads += static_cast<int>(plan.uploads.size());
    EXPECT_EQ(plan.more_uploads, uploads < 64);
    ++frames;
  } while (viewer.plan.more_uploads && frames < 100);
  EXPECT_EQ(frames, 22);
  EXPECT_EQ(viewer.step().missing_tiles, 0);
}

TEST(PlannerBudget, OneUploadAlwaysHappens) {
  Viewer viewer;
  viewer.camera.resize(64, 64);
  viewer.show(make_pyramid(64, 64, 64, 1, 2, true));
  viewer.step();
  viewer.answer(0);
  EXPECT_EQ(viewer.step(0).uploads.size(), 1U);
}

TEST(PlannerBudget, UploadsSayWhereTheElementsAre) {
  Limits limits;
  limits.tile_edge = 32;
  Viewer viewer(limits);
  viewer.camera.resize(128, 128);
  viewer.show(make_image("zyx", {{{4, 50, 50}, {4, 40, 40}, {}, {}}}, zarr::DataType::kFloat64));
  viewer.scene.position[0] = 2;
  viewer.step();
  while (!viewer.requests.empty()) viewer.answer(0);
  std::set<std::int64_t> offsets;
  for (const Upload& upload : viewer.step().uploads) {
    EXPECT_TRUE(upload.from_double);
    EXPECT_EQ(upload.format, TexelFormat::kF32);
    EXPECT_EQ(upload.row_length, 40);
    ASSERT_NE(viewer.chunks.key_of(upload.ticket), nullptr);
    if (*viewer.chunks.key_of(upload.ticket) == ChunkKey{0, 0, {}}) offsets.insert(upload.offset);
  }
  const std::int64_t plane = 2 * 40 * 40;
  EXPECT_EQ(offsets, (std::set<std::int64_t>{plane, plane + 20, plane + 800, plane + 820}));
}

// Many images have no pyramid. A view that cannot fit on the GPU must not be fetched for ever.
TEST(PlannerBudget, AViewLargerThanTheGpuSettles) {
  Limits limits;
  limits.gpu_block_bytes = 4 * 16 * 16 * 2;
  limits.gpu_bytes = 4 * limits.gpu_block_bytes;  // 16 tiles
  limits.decoded_bytes = 20 * 16 * 16 * 2;
  Viewer viewer(limits);
  viewer.camera.resize(256, 256);
  viewer.show(make_image("yx", {{{256, 256}, {16, 16}, {}, {}}}));
  const Plan& plan = viewer.load(50);
  EXPECT_LE(viewer.started, 256);
  EXPECT_EQ(plan.missing_tiles, 0);
  EXPECT_GE(plan.draw.instances.size(), 5U) << "the middle is shown";
  EXPECT_TRUE(plan.cut);
  EXPECT_LE(viewer.tiles.gpu_bytes(), limits.gpu_bytes);
  viewer.camera.look_at(128, 128, 0.1);
  viewer.load(50);
  EXPECT_FALSE(viewer.plan.cut);
}

// One texel a chunk: neither the frame nor the request list may grow with the image.
TEST(PlannerBudget, AViewOfMillionsOfChunksIsCut) {
  Viewer viewer;
  viewer.camera.resize(512, 512);
  viewer.show(make_image("yx", {{{1 << 20, 1 << 20}, {1, 1}, {}, {}}}));
  const Plan& plan = viewer.step();
  EXPECT_LE(static_cast<std::int64_t>(plan.wants.size()), viewer.limits.view_tiles);
  EXPECT_GE(plan.wants.size(), 100U);
  EXPECT_TRUE(plan.cut);
}

TEST(PlannerBudget, ManyChannelsTakeACoarserLevelRatherThanTooMuchMemory) {
  Limits limits;
  limits.gpu_block_bytes = 16 * 64 * 64 * 2;
  limits.gpu_bytes = 10 * limits.gpu_block_bytes;
  Viewer viewer(limits);
  viewer.camera.resize(512, 512);
  viewer.show(make_image("cyx", {{{4, 512, 512}, {1, 64, 64}, {1, 1, 1}, {0, 0, 0}},
                                 {{4, 256, 256}, {1, 64, 64}, {1, 2, 2}, {0, 0.5, 0.5}}}));
  EXPECT_EQ(viewer.step().level, 1);
  for (int c = 1; c < 4; ++c) viewer.scene.channels[static_cast<std::size_t>(c)].visible = false;
  EXPECT_EQ(viewer.step().level, 0);
}

TEST(PlannerBudget, ConstantsCarryTheFillValueToTheBit) {
  const auto constant = [](zarr::DataType type, const char* fill) {
    ome::Multiscale image = make_image("yx", {{{8, 8}, {8, 8}, {}, {}}}, type);
    auto view = JsonDocument::parse(fill, "f");
    image.levels[0].array.fill_value = *zarr::parse_fill_value(*view, type);
    Viewer viewer;
    viewer.camera.resize(8, 8);
    viewer.show(image);
    viewer.step();
    viewer.answer(0, /*missing=*/true);
    const Plan& plan = viewer.step();
    EXPECT_EQ(plan.draw.instances.size(), 2U) << "the backdrop and the constant";
    EXPECT_EQ(plan.draw.instances.back().layer, -1);
    return plan.draw.instances.back().constant;
  };
  using Words = std::array<std::uint32_t, 2>;
  using zarr::DataType;
  EXPECT_EQ(constant(DataType::kUInt8, "200"), (Words{200, 0}));
  EXPECT_EQ(constant(DataType::kUInt64, "18446744073709551615"), (Words{~0U, ~0U}));
  EXPECT_EQ(constant(DataType::kUInt64, "9007199254740993"), (Words{1, 0x200000U}));
  EXPECT_EQ(constant(DataType::kInt8, "-1"), (Words{~0U, ~0U}));
  EXPECT_EQ(constant(DataType::kInt16, "-2"), (Words{~1U, ~0U}));
  EXPECT_EQ(constant(DataType::kInt32, "-2147483648"), (Words{0x80000000U, ~0U}));
  EXPECT_EQ(constant(DataType::kInt64, "9223372036854775807"), (Words{~0U, 0x7FFFFFFFU}));
  EXPECT_EQ(constant(DataType::kInt64, "-9007199254740993"), (Words{~0U, 0xFFDFFFFFU}));
  for (const DataType type : {DataType::kFloat16, DataType::kFloat32, DataType::kFloat64}) {
    EXPECT_EQ(constant(type, "-1.5"), (Words{0xBFC00000U, 0})) << zarr::name(type);
  }
}

TEST(PlannerBudget, NeighboursAreTheTilesAround) {
  Viewer viewer;
  viewer.camera.resize(96, 96);
  viewer.show(make_pyramid(40, 40, 16, 1, 2, true));
  viewer.scene.smooth = true;
  const Plan& plan = viewer.load();
  ASSERT_EQ(plan.draw.instances.size(), 10U) << "the backdrop and nine tiles";
  const Source& source = viewer.scene.sources.front();
  for (std::int64_t v = 0; v < 3; ++v) {
    for (std::int64_t u = 0; u < 3; ++u) {
      const auto layer_at = [&](std::int64_t i, std::int64_t j) {
        if (i < 0 || j < 0 || i > 2 || j > 2) return std::int16_t{-1};
        const auto slot =
            viewer.tiles.find(source.tile_key(0, source.grid(0).tile_at(i, j), {0, 0}));
        return static_cast<std::int16_t>(slot ? slot->layer : -2);
      };
      const auto found =
          std::find_if(plan.draw.instances.begin() + 1, plan.draw.instances.end(),
                       [&](const TileInstance& each) { return each.layer == layer_at(u, v); });
      ASSERT_NE(found, plan.draw.instances.end());
      const std::array<std::int16_t, 8> expected = {
          layer_at(u - 1, v - 1), layer_at(u, v - 1), layer_at(u + 1, v - 1), layer_at(u - 1, v),
          layer_at(u + 1, v),     layer_at(u - 1, v + 1), layer_at(u, v + 1), layer_at(u + 1, v + 1)};
      EXPECT_EQ(found->neighbours, expected);
      EXPECT_EQ(found->extent[0], u == 2 ? 8 : 16);
      EXPECT_EQ(found->before[0], u == 0 ? 0 : 16);
      EXPECT_EQ(found->before[1], v == 0 ? 0 : 16);
    }
  }
}

}  // namespace
}  // namespace mifa::view
