// Every image of tests/vectors/formats against what its independent writer put into it.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "file_host.h"
#include "formats/zarr_view.h"
#include "ome/opener.h"

namespace mifa::formats {
namespace {

constexpr const char* kFolder = "tests/vectors/formats/";

struct Vector {
  std::string file;
  std::int64_t image = 0;
  bool labels = false;
};

Vector parse_key(const std::string& key) {
  const auto hash = key.find('#');
  return {key.substr(0, hash), key[hash + 1] - '0', key.find("#labels") != std::string::npos};
}

FileHost open(const std::string& file, bool labels = false, bool tell_size = true) {
  RasterOptions options;
  options.name = file;
  options.labels = labels;
  return FileHost(read_file(kFolder + file), options, tell_size);
}

nlohmann::json expected() {
  std::ifstream file(std::string(kFolder) + "expected.json");
  return nlohmann::json::parse(file);
}

TEST(Vectors, HoldWhatWasWritten) {
  const auto all = expected();
  ASSERT_GT(all.size(), 60U);
  for (const auto& [key, want] : all.items()) {
    SCOPED_TRACE(key);
    const Vector vector = parse_key(key);
    FileHost host = open(vector.file, vector.labels);
    auto raster = host.describe();
    ASSERT_TRUE(raster.ok()) << raster.error().message;
    ASSERT_LT(vector.image, static_cast<std::int64_t>((*raster)->images.size()));
    const RasterImage& image = (*raster)->images[static_cast<std::size_t>(vector.image)];
    const std::vector<std::int64_t> shape{image.size_t, image.size_c, image.size_z,
                                          image.levels[0].height, image.levels[0].width};
    EXPECT_EQ(shape, want["shape"].get<std::vector<std::int64_t>>());
    EXPECT_EQ(zarr_name(image.type), want["type"].get<std::string>());
    auto pixels = host.decode_all(vector.image, 0);
    ASSERT_TRUE(pixels.ok()) << pixels.error().message;
    EXPECT_EQ(fnv(*pixels), want["fnv"].get<std::string>());
  }
}

TEST(Vectors, AreReadWithoutTheFilesSizeToo) {
  for (const char* name : {"uint16_tiles_deflate.tif", "order_TCZYX.ome.tif", "grey16.png",
                           "rgb.jpg", "uint64_strips.tif"}) {
    SCOPED_TRACE(name);
    FileHost known = open(name), unknown = open(name, false, false);
    auto a = known.decode_all(0, 0), b = unknown.decode_all(0, 0);
    ASSERT_TRUE(b.ok()) << b.error().message;
    EXPECT_EQ(*a, *b);
  }
}

// The hierarchy that a raster pretends to be is valid to the reader of OME-Zarr.
TEST(Vectors, OpenAsOmeZarr) {
  const auto all = expected();
  for (const auto& item : all.items()) {
    const std::string& key = item.key();
    SCOPED_TRACE(key);
    const Vector vector = parse_key(key);
    FileHost host = open(vector.file, vector.labels);
    auto raster = host.describe();
    ASSERT_TRUE(raster.ok());
    const auto files = zarr_files(**raster, vector.labels);
    ome::Opener opener(vector.file);
    for (auto keys = opener.take_requests(); !keys.empty(); keys = opener.take_requests()) {
      for (const std::string& asked : keys) {
        const auto found = files.find(asked);
        if (found == files.end()) {
          opener.deliver_missing(asked);
        } else {
          opener.deliver_found(asked, std::as_bytes(std::span(found->second)));
        }
      }
    }
    ASSERT_EQ(opener.stage(), ome::Opener::Stage::kComplete) << opener.failure().message;
    for (const Issue& issue : opener.issues()) ADD_FAILURE() << issue.rule << ": " << issue.message;
    const ome::Multiscale& image = opener.dataset().image;
    EXPECT_EQ(image.levels.size(), (*raster)->images[0].levels.size());
    EXPECT_EQ(image.rgb, (*raster)->images[0].color &&
                             (*raster)->images[0].type == SampleType::kUint8 && !vector.labels);
  }
}

TEST(Vectors, PyramidsKeepTheirLevels) {
  for (const char* name : {"sub_ifds.ome.tif", "reduced_pages.tif"}) {
    SCOPED_TRACE(name);
    FileHost host = open(name);
    auto raster = host.describe();
    ASSERT_TRUE(raster.ok()) << raster.error().message;
    ASSERT_EQ((*raster)->images.size(), 1U);
    const RasterImage& image = (*raster)->images[0];
    ASSERT_EQ(image.levels.size(), 3U);
    EXPECT_EQ(image.levels[2].width, 20);
    auto fine = host.decode_all(0, 0), coarse = host.decode_all(0, 2);
    ASSERT_TRUE(coarse.ok()) << coarse.error().message;
    const auto bytes = static_cast<std::size_t>(sample_bytes(image.type));
    for (std::size_t c = 0; c < static_cast<std::size_t>(image.size_c); ++c) {
      for (std::size_t y = 0; y < 24; ++y) {
        for (std::size_t x = 0; x < 20 * bytes; ++x) {
          const std::size_t element = x / bytes, part = x % bytes;
          ASSERT_EQ((*coarse)[((c * 24 + y) * 20 + element) * bytes + part],
                    (*fine)[((c * 96 + 4 * y) * 80 + 4 * element) * bytes + part]);
        }
      }
    }
  }
}

TEST(Vectors, LargeImagesWithoutLevelsGetSome) {
  for (const char* name : {"uint8_tiles.tif", "rgb_uint8_contig.tif", "uint32_one_strip.tif"}) {
    SCOPED_TRACE(name);
    RasterOptions options;
    options.name = name;
    options.limits.large_pixels = 300;
    options.limits.made_pixels = 250;
    FileHost host(read_file(std::string(kFolder) + name), options);
    auto raster = host.describe();
    ASSERT_TRUE(raster.ok()) << raster.error().message;
    const RasterImage& image = (*raster)->images[0];
    ASSERT_EQ(image.levels.size(), 2U);
    const RasterLevel& fine = image.levels[0];
    const RasterLevel& coarse = image.levels[1];
    EXPECT_EQ(coarse.width, fine.width / coarse.factor);
    auto all = host.decode_all(0, 0), made = host.decode_all(0, 1);
    ASSERT_TRUE(made.ok()) << made.error().message;
    const std::int64_t size = sample_bytes(image.type);
    for (std::int64_t c = 0; c < image.size_c; ++c) {
      for (std::int64_t y = 0; y < coarse.height; ++y) {
        for (std::int64_t x = 0; x < coarse.width; ++x) {
          const std::int64_t fine_y = y * coarse.factor + coarse.factor / 2;
          const std::int64_t fine_x = x * coarse.factor + coarse.factor / 2;
          const auto a = ((c * fine.height + fine_y) * fine.width + fine_x) * size;
          const auto b = ((c * coarse.height + y) * coarse.width + x) * size;
          ASSERT_EQ((*all)[static_cast<std::size_t>(a)], (*made)[static_cast<std::size_t>(b)]);
        }
      }
    }
  }
}

TEST(Vectors, PhysicalSizesAndNames) {
  FileHost ome = open("order_TCZYX.ome.tif");
  const RasterImage image = (*ome.describe())->images[0];
  EXPECT_EQ(image.step_x.size, 0.25);
  EXPECT_EQ(image.step_x.unit, "micrometer");
  EXPECT_EQ(image.step_y.size, 0.25);  // written as 250 nm
  EXPECT_EQ(image.step_y.unit, "micrometer");
  EXPECT_EQ(image.step_z.size, 2);
  EXPECT_EQ(image.step_t.size, 1.5);
  EXPECT_EQ(image.step_t.unit, "second");
  ASSERT_EQ(image.channels.size(), 3U);
  EXPECT_EQ(image.channels[1].name, "GFP");

  FileHost imagej = open("imagej_hyperstack.tif");
  const RasterImage stack = (*imagej.describe())->images[0];
  EXPECT_EQ(stack.step_x.size, 0.2);
  EXPECT_EQ(stack.step_y.size, 0.25);
  EXPECT_EQ(stack.step_x.unit, "micrometer");
  EXPECT_EQ(stack.step_z.size, 0.5);
  EXPECT_EQ(stack.step_t.size, 2);
}

TEST(Vectors, PlainPagesMayBeTimes) {
  RasterOptions options;
  options.name = "stack_pages.tif";
  options.pages_are_times = true;
  FileHost host(read_file(std::string(kFolder) + options.name), options);
  EXPECT_EQ((*host.describe())->images[0].size_t, 5);
  EXPECT_EQ((*host.describe())->images[0].size_z, 1);
}

TEST(Vectors, ColoursOfAMaskAreClasses) {
  FileHost picture = open("rgb.png"), mask = open("rgb.png", true);
  auto raster = mask.describe();
  ASSERT_TRUE(raster.ok()) << raster.error().message;
  EXPECT_EQ((*raster)->images[0].type, SampleType::kUint32);
  EXPECT_EQ((*raster)->images[0].size_c, 1);
  ASSERT_EQ((*raster)->issues.size(), 1U);
  EXPECT_EQ((*raster)->issues[0].rule, "labels/colours");
  const auto colors = *picture.decode_all(0, 0), ids = *mask.decode_all(0, 0);
  const std::size_t plane = ids.size() / 4;
  for (std::size_t i = 0; i < plane; ++i) {
    ASSERT_EQ(ids[4 * i + 2], colors[i]);
    ASSERT_EQ(ids[4 * i + 1], colors[plane + i]);
    ASSERT_EQ(ids[4 * i], colors[2 * plane + i]);
    ASSERT_EQ(ids[4 * i + 3], std::byte{0});
  }
}

TEST(Vectors, ColoursOfAPaletteStayBesideLabels) {
  FileHost host = open("palette.png", true);
  auto raster = host.describe();
  const std::string group = zarr_files(**raster, true)["zarr.json"];
  EXPECT_NE(group.find(R"("label-value":3,"rgba":[128,128,0,255])"), std::string::npos) << group;
}

}  // namespace
}  // namespace mifa::formats
