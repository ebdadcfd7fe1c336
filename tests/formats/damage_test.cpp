// Files that are cut off, damaged, or made to mislead: each says what is wrong with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "file_host.h"

namespace mifa::formats {
namespace {

using Bytes = std::vector<std::byte>;

Bytes vector_file(const std::string& name) { return read_file("tests/vectors/formats/" + name); }

// The first message that describing and decoding everything gives; empty if there is none.
std::string complaint(Bytes bytes, const std::string& name = "image.tif",
                      RasterLimits limits = {}) {
  RasterOptions options;
  options.name = name;
  options.limits = limits;
  FileHost host(std::move(bytes), options);
  auto raster = host.describe();
  if (!raster) return raster.error().message;
  for (std::size_t i = 0; i < (*raster)->images.size(); ++i) {
    for (std::size_t level = 0; level < (*raster)->images[i].levels.size(); ++level) {
      auto pixels = host.decode_all(static_cast<std::int64_t>(i), static_cast<std::int64_t>(level));
      if (!pixels) return pixels.error().message;
    }
  }
  return "";
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

Bytes cut(Bytes bytes, std::size_t length) {
  bytes.resize(length);
  return bytes;
}

Bytes bytes_of(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

TEST(Damage, EmptyFile) {
  EXPECT_EQ(complaint({}),
            "expected an image, received a file of 0 bytes; it was not written or copied "
            "completely: copy it again");
}

TEST(Damage, AnotherFormat) {
  EXPECT_EQ(complaint(bytes_of("{\"type\": \"FeatureCollection\"}")),
            "expected a TIFF (II*, MM*), PNG or JPEG, received a file that begins with the bytes "
            "7b 22 74 79 70 65 22 3a");
}

TEST(Damage, TiffCutInItsPixels) {
  // Written by tifffile: the directory comes first.
  const std::string said = complaint(cut(vector_file("uint16_tiles_deflate.tif"), 3000));
  EXPECT_SAYS(said, "received a file of 3000 bytes; it is cut off: copy it again");
}

TEST(Damage, PlainRowsCutOff) {
  const std::string said = complaint(cut(vector_file("uint64_strips.tif"), 4000));
  EXPECT_SAYS(said, "expected rows from");
  EXPECT_SAYS(said, "received a file of 4000 bytes; it is cut off: copy it again");
}

TEST(Damage, DirectoryCutOff) {
  EXPECT_SAYS(complaint(cut(vector_file("rgb_tiff_lzw.tif"), 100)),
              "it is cut off or damaged: copy it again");
}

TEST(Damage, HeaderOnly) {
  EXPECT_SAYS(complaint(cut(vector_file("uint8_strips.tif"), 6)),
              "received a file of 6 bytes; it is cut off: copy it again");
}

TEST(Damage, DamagedData) {
  Bytes bytes = vector_file("uint16_tiles_deflate.tif");
  for (std::size_t i = 2000; i < 2100; ++i) bytes[i] = std::byte{0xAA};
  EXPECT_SAYS(complaint(std::move(bytes)), "expected deflate data in block");
}

// A directory of one strip whose tags are given.
Bytes tiff_of(std::vector<std::array<std::uint32_t, 2>> tags) {
  Bytes bytes = bytes_of(std::string("II*\0\x08\0\0\0", 8));
  const auto put = [&](std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i)
      bytes.push_back(static_cast<std::byte>(value >> (8U * static_cast<unsigned>(i))));
  };
  put(static_cast<std::uint32_t>(tags.size()), 2);
  for (const auto& [tag, value] : tags) {
    put(tag, 2);
    put(4, 2);
    put(1, 4);
    put(value, 4);
  }
  put(0, 4);
  bytes.resize(512);
  return bytes;
}

TEST(Damage, HugeDeclaredSize) {
  const std::string said = complaint(tiff_of({{256, 2000000000},
                                              {257, 2000000000},
                                              {258, 8},
                                              {259, 5},
                                              {262, 1},
                                              {273, 200},
                                              {277, 1},
                                              {278, 2000000000},
                                              {279, 100}}));
  EXPECT_SAYS(said, "expected at most 256 MiB (limit chunk_bytes)");
  EXPECT_SAYS(said, "write the image in tiles");
}

TEST(Damage, NoPixels) {
  EXPECT_SAYS(complaint(tiff_of({{256, 0}, {257, 10}, {273, 200}, {279, 100}})),
              "Computed scanline size is zero");
}

TEST(Damage, UnknownCompression) {
  const auto with = [](std::uint32_t compression) {
    return complaint(tiff_of({{256, 10},
                              {257, 10},
                              {258, 8},
                              {259, compression},
                              {262, 1},
                              {273, 200},
                              {277, 1},
                              {279, 100}}));
  };
  EXPECT_EQ(with(33003),
            "page 1: expected TIFF compression none, LZW, deflate, PackBits, zstd, JPEG or CCITT, "
            "received JPEG 2000; save the image with one of these");
  EXPECT_SAYS(with(6), "received old-style JPEG (6)");
  EXPECT_SAYS(with(50001), "received WebP");
  EXPECT_SAYS(with(34925), "received LZMA");
  EXPECT_SAYS(with(12345), "received number 12345");
}

TEST(Damage, ComplexAndOddSamples) {
  const auto with = [](std::uint32_t bits, std::uint32_t format) {
    return complaint(tiff_of({{256, 10},
                              {257, 10},
                              {258, bits},
                              {259, 1},
                              {262, 1},
                              {273, 200},
                              {277, 1},
                              {279, 100},
                              {339, format}}));
  };
  EXPECT_SAYS(with(64, 6), "expected real numbers as samples, received complex ones");
  EXPECT_SAYS(with(24, 1), "received 24 bits; save the image with 16 or 32 bits");
  EXPECT_SAYS(with(24, 3),
              "expected floating-point samples of 16, 32 or 64 bits, received 24 bits");
}

TEST(Damage, ChainThatGoesInCircles) {
  Bytes bytes = vector_file("stack_pages.tif");
  RasterOptions options;
  options.name = "loop.tif";
  // The last page's pointer to the next one leads back to the first.
  const std::uint32_t first = std::to_integer<std::uint32_t>(bytes[4]);
  ASSERT_EQ(first, 8U);
  bool changed = false;
  std::uint32_t at = first;
  for (;;) {
    std::uint16_t count = 0;
    std::memcpy(&count, bytes.data() + at, 2);
    const std::size_t next_at = at + 2 + 12U * count;
    std::uint32_t next = 0;
    std::memcpy(&next, bytes.data() + next_at, 4);
    if (next == 0) {
      std::memcpy(bytes.data() + next_at, &first, 4);
      changed = true;
      break;
    }
    at = next;
  }
  ASSERT_TRUE(changed);
  FileHost host(std::move(bytes), options);
  auto raster = host.describe();
  ASSERT_TRUE(raster.ok()) << raster.error().message;
  EXPECT_EQ((*raster)->images[0].size_z, 5);
}

TEST(Damage, PngCutOff) {
  const Bytes whole = vector_file("grey16.png");
  const std::string said = complaint(cut(whole, whole.size() / 2), "grey16.png");
  EXPECT_SAYS(said, "expected the pixels of a PNG; decoding failed:");
  EXPECT_SAYS(said, "the file is cut off or damaged: copy it again");
}

TEST(Damage, PngOfTooManyPixels) {
  RasterLimits limits;
  limits.whole_bytes = 3000;
  EXPECT_SAYS(complaint(vector_file("rgb.png"), "rgb.png", limits), "(limit whole_bytes)");
}

TEST(Damage, JpegCutOffIsShownAndSaid) {
  const Bytes whole = vector_file("rgb.jpg");
  RasterOptions options;
  options.name = "rgb.jpg";
  FileHost host(cut(whole, whole.size() - 200), options);
  auto raster = host.describe();
  ASSERT_TRUE(raster.ok()) << raster.error().message;
  ASSERT_EQ((*raster)->issues.size(), 1U);
  EXPECT_EQ((*raster)->issues[0].message,
            "The JPEG is damaged or cut off; what could be decoded of it is shown.");
}

TEST(Damage, JpegOfNothing) {
  EXPECT_SAYS(complaint(bytes_of("\xFF\xD8\xFF\xE0 no"), "x.jpg"),
              "expected the pixels of a JPEG; decoding failed:");
}

// An OME-TIFF of one page with this XML, and how describing it ends.
std::pair<std::string, Issues> with_xml(const std::string& xml) {
  Bytes bytes = tiff_of({{256, 4},
                         {257, 4},
                         {258, 8},
                         {259, 1},
                         {262, 1},
                         {270, 0},
                         {273, 200},
                         {277, 1},
                         {279, 16}});
  // ImageDescription: ASCII, its length and place.
  const std::size_t entry = 8 + 2 + 5 * 12;
  const std::uint16_t type = 2;
  const auto count = static_cast<std::uint32_t>(xml.size() + 1),
             place = static_cast<std::uint32_t>(bytes.size());
  std::memcpy(bytes.data() + entry + 2, &type, 2);
  std::memcpy(bytes.data() + entry + 4, &count, 4);
  std::memcpy(bytes.data() + entry + 8, &place, 4);
  const Bytes text = bytes_of(xml + '\0');
  bytes.insert(bytes.end(), text.begin(), text.end());
  RasterOptions options;
  options.name = "image.ome.tif";
  FileHost host(std::move(bytes), options);
  auto raster = host.describe();
  if (!raster) return {raster.error().message, {}};
  return {"", (*raster)->issues};
}

std::string ome(const std::string& inside,
                const std::string& pixels =
                    R"(SizeX="4" SizeY="4" SizeZ="2" SizeC="1" SizeT="1" DimensionOrder="XYZCT")") {
  return R"(<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:1"><Image ID="Image:0"><Pixels Type="uint8" )" +
         pixels + ">" + inside + "</Pixels></Image></OME>";
}

TEST(Damage, OmeXml) {
  auto [broken, broken_issues] = with_xml("<OME><Image></OME>");
  EXPECT_EQ(broken, "");
  ASSERT_EQ(broken_issues.size(), 1U);
  EXPECT_SAYS(broken_issues[0].message,
              "The OME-XML of this file cannot be read, and its pages are shown without it");
  EXPECT_SAYS(broken_issues[0].message, "line 1 (character");

  auto [others, other_issues] = with_xml(ome(
      R"(<Channel/><TiffData FirstZ="0" IFD="0" PlaneCount="1"><UUID FileName="image.ome.tif">urn:uuid:1</UUID></TiffData>)"
      R"(<TiffData FirstZ="1" IFD="0" PlaneCount="1"><UUID FileName="second.ome.tif">urn:uuid:2</UUID></TiffData>)"));
  EXPECT_EQ(others, "");
  ASSERT_EQ(other_issues.size(), 1U);
  EXPECT_EQ(other_issues[0].message,
            "Planes of this image are in 1 other file(s), which are not read: second.ome.tif. "
            "Their planes are black. Write the image into one file to see all of it.");

  auto [size, size_issues] =
      with_xml(ome("<TiffData/>", R"(SizeX="5" SizeY="4" SizeZ="1" SizeC="1" SizeT="1")"));
  ASSERT_EQ(size_issues.size(), 1U);
  EXPECT_EQ(
      size_issues[0].message,
      "The OME-XML says 5 by 4 pixels, the TIFF has 4 by 4. The TIFF is right about its pixels.");

  auto [many, many_issues] = with_xml(
      ome("<TiffData/>", R"(SizeX="4" SizeY="4" SizeZ="1000000" SizeC="1000" SizeT="1000")"));
  ASSERT_EQ(many_issues.size(), 1U);
  EXPECT_SAYS(many_issues[0].message, "(limit planes)");

  auto [only, only_issues] =
      with_xml(R"(<OME><BinaryOnly MetadataFile="set.companion.ome" UUID="urn:uuid:3"/></OME>)");
  ASSERT_EQ(only_issues.size(), 1U);
  EXPECT_SAYS(only_issues[0].message,
              "received a reference to the file set.companion.ome; open that one");
}

// Every file cut at many places, and with single bytes changed: an answer, and no crash.
TEST(Damage, NothingCrashes) {
  for (const char* name :
       {"order_TCZYX.ome.tif", "sub_ifds.ome.tif", "rgb_jpeg.tif", "palette.tif",
        "float32_tiff_lzw_predictor3.tif", "bilevel_group4.tif", "imagej_hyperstack.tif",
        "uint12_packed.tif", "palette_4bit.png", "grey_progressive.jpg"}) {
    const Bytes whole = vector_file(name);
    for (std::size_t i = 0; i < 60; ++i) (void)complaint(cut(whole, whole.size() * i / 60), name);
    for (std::size_t i = 0; i < 200; ++i) {
      Bytes changed = whole;
      changed[(i * 7919) % std::min<std::size_t>(changed.size(), 1000)] ^=
          static_cast<std::byte>(1U << (i % 8));
      (void)complaint(std::move(changed), name);
    }
  }
}

}  // namespace
}  // namespace mifa::formats
