// What TiffWriter writes, as our own reader reads it; tests/web has the same against Python's tifffile.
#include "formats/tiff_writer.h"

#include <gtest/gtest.h>

#include <cstring>

#include "file_host.h"

namespace mifa::formats {
namespace {

const char* const kXml =
    R"(<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0" Name="µ &amp; co"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="300" SizeY="200" SizeZ="3" SizeC="2" SizeT="1" PhysicalSizeX="0.5" PhysicalSizeXUnit="µm" PhysicalSizeY="0.25" PhysicalSizeYUnit="µm"><Channel ID="Channel:0:0" Name="red" SamplesPerPixel="1"/><Channel ID="Channel:0:1" Name="green" SamplesPerPixel="1"/><TiffData/></Pixels></Image></OME>)";

std::vector<std::byte> plane(int number) {
  std::vector<std::byte> bytes(300 * 200 * 2);
  for (std::uint32_t i = 0; i < 300 * 200; ++i) {
    const auto value = static_cast<std::uint16_t>(i + 1000U * static_cast<unsigned>(number));
    std::memcpy(&bytes[2 * i], &value, 2);
  }
  return bytes;
}

TiffLayout layout() { return {kXml, 300, 200, 6, SampleType::kUint16}; }

TEST(TiffWriter, WhatIsWrittenIsReadBack) {
  auto writer = TiffWriter::make(layout());
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  std::vector<std::byte> all;
  for (int i = 0; i < 6; ++i) {
    const auto samples = plane(i);
    const Status done = (*writer)->add_plane(samples);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  auto file = (*writer)->finish();
  ASSERT_TRUE(file.ok()) << file.error().message;
  FileHost host(std::move(*file), {"region.ome.tif", false, false, {}});
  auto raster = host.describe();
  ASSERT_TRUE(raster.ok()) << raster.error().message;
  ASSERT_EQ((*raster)->images.size(), 1U);
  const RasterImage& image = (*raster)->images[0];
  EXPECT_EQ((std::vector<std::int64_t>{image.size_t, image.size_c, image.size_z,
                                       image.levels[0].height, image.levels[0].width}),
            (std::vector<std::int64_t>{1, 2, 3, 200, 300}));
  EXPECT_EQ((*raster)->format, "OME-TIFF");
  EXPECT_TRUE((*raster)->issues.empty());
  // Pages in the order XYZCT are the planes of c and z, as they were written.
  for (int i = 0; i < 6; ++i) {
    const auto samples = plane(i);
    all.insert(all.end(), samples.begin(), samples.end());
  }
  auto pixels = host.decode_all(0, 0);
  ASSERT_TRUE(pixels.ok()) << pixels.error().message;
  EXPECT_EQ(*pixels, all);
}

TEST(TiffWriter, RowsLongerThanAStripAreStripsOfTheirOwn) {
  auto writer = TiffWriter::make({"", 400'000, 3, 1, SampleType::kUint8});
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  ASSERT_TRUE((*writer)->add_plane(std::vector<std::byte>(1'200'000, std::byte{7})).ok());
  auto file = (*writer)->finish();
  ASSERT_TRUE(file.ok()) << file.error().message;
  FileHost host(std::move(*file), {"wide.tif", false, false, {}});
  ASSERT_TRUE(host.describe().ok());
}

TEST(TiffWriter, RefusesWhatItCannotWrite) {
  auto of = [](TiffLayout asked) { return TiffWriter::make(std::move(asked)).error().message; };
  EXPECT_EQ(of({"", 10, 10, 1, SampleType::kUint64}),
            "expected samples of 8 to 32 bits or floats, as OME-TIFF has them, received uint64");
  EXPECT_EQ(of({"", 0, 10, 1, SampleType::kUint8}),
            "expected at least one pixel and one plane, received none");
  EXPECT_EQ(of({"", 40'000, 40'000, 1, SampleType::kUint8}),
            "expected a file of at most 1024 MiB, received 1 planes of 40000 x 40000 uint8");
  EXPECT_EQ(of({"", std::int64_t{1} << 62, 40'000, 8, SampleType::kFloat64}).substr(0, 40),
            "expected a file of at most 1024 MiB, rec");
}

TEST(TiffWriter, PlanesHaveToBeAllAndWhole) {
  auto writer = TiffWriter::make(layout());
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ((*writer)->add_plane(std::vector<std::byte>(10)).error().message,
            "expected plane 1 of 6 with 120000 bytes, received 10");
  EXPECT_EQ((*writer)->finish().error().message,
            "expected 6 planes before the end of the file, received 0");
}

}  // namespace
}  // namespace mifa::formats
