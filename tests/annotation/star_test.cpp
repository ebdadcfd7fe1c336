#include <gtest/gtest.h>

#include "annotation/table_formats.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

const std::string kVectors = "tests/vectors/annotation/star/";

Reading read(const std::string& file, ReadOptions options = {}, std::size_t window = 1 << 16) {
  options.file = file;
  return read_with(make_star_reader, file_text(kVectors + file), std::move(options), window);
}

using Box = std::array<double, 4>;

TEST(Star, ReadsParticlesShiftedByTheirOrigins) {
  for (const std::size_t window : {std::size_t{1}, std::size_t{7}, std::size_t{4096}}) {
    const Reading particles = read("relion-3.1.star", {}, window);
    EXPECT_TRUE(particles.status);
    EXPECT_EQ(particles.issues(), "");
    ASSERT_EQ(particles->size(), 3u);
    EXPECT_EQ(particles->kind, LayerKind::kPoints);
    // 100 - 10 Å / 2 Å; 200 + 4 Å / 2 Å.
    EXPECT_EQ(particles->bounds(0), (Box{95, 202, 95, 202}));
    EXPECT_EQ(particles->bounds(1), (Box{290, 404, 290, 404}));
    EXPECT_EQ(particles.category(1), "2");
    EXPECT_EQ(particles->with_role(Role::kScore)->number(1), 0.75);
    EXPECT_EQ(particles->images[1], "MotionCorr/with blank.mrc");
    EXPECT_EQ(particles->place_line[0], 27u);
  }
}

TEST(Star, ShowsTheOpenMicrographsParticles) {
  ReadOptions options;
  options.image.names = {"A.ome.zarr"};
  const Reading particles = read("relion-3.1.star", options);
  EXPECT_EQ(particles->size(), 2u);
  EXPECT_EQ(particles->elsewhere, 1);
}

TEST(Star, ReadsOlderFilesInThreeDimensions) {
  const Reading particles = read("relion-3.0-no-optics.star");
  EXPECT_EQ(particles.issues(), "");
  EXPECT_EQ(particles->bounds(0), (Box{8.5, 20, 8.5, 20}));
  EXPECT_EQ(particles->z_begin[1], 6);
}

TEST(Star, PlacesCentredCoordinatesByTheImagesSize) {
  ReadOptions options;
  options.image.width = options.image.height = 100;
  options.image.depth = 50;
  options.image.pixel_width = options.image.pixel_height = options.image.slice_distance = 1;
  options.image.unit = "nanometer";
  const Reading particles = read("relion-5-centered.star", options);
  EXPECT_EQ(particles.issues(), "");
  EXPECT_EQ(particles->space.unit_name, "angstrom");
  EXPECT_EQ(particles->bounds(0), (Box{400, 550, 400, 550}));
  EXPECT_EQ(particles->z_begin[0], 250);
  EXPECT_EQ(read("relion-5-centered.star").issues(),
            "star/middle-unknown, 3: Coordinates are given from the middle of the tomogram, whose "
            "size in Å "
            "is not known here; they are shown from its corner.\n");
}

TEST(Star, SaysWhatIsWrong) {
  EXPECT_EQ(read("row-too-short.star").issues(),
            "star/row-length, 7: Row 2 has 1 values for 2 labels; it is left out.\n");
  EXPECT_EQ(read("row-too-short.star")->size(), 2u);
  EXPECT_EQ(
      read("coordinate-is-a-word.star").issues(),
      "table/not-a-number, 7: The column \"rlnCoordinateX\" has no number in row 2: the row is "
      "listed, not drawn.\n");
  EXPECT_EQ(
      read("origin-without-pixel-size.star").issues(),
      "star/pixel-size, 7: Origins are in Å and the pixel size is not in the file; particles are "
      "shown where they were picked.\n");
  EXPECT_EQ(read("no-coordinates.star").status.error().message,
            "Expected a loop with _rlnCoordinateX and _rlnCoordinateY in no-coordinates.star, "
            "received the "
            "blocks data_micrographs. Choose the STAR file of particles (particles.star, "
            "run_data.star).");
  EXPECT_FALSE(read("truncated-in-the-labels.star").status);
}

TEST(Star, IsRecognised) {
  const auto sniff = [](const std::string& text) { return sniff_star({"a", text, true}); };
  EXPECT_GT(sniff(file_text(kVectors + "relion-3.1.star")), 90);
  EXPECT_GT(sniff("data_general\n_rlnTomoSize 5\n"), 90);
  EXPECT_EQ(sniff("data_,x\n1,2\n"), 0);
  EXPECT_EQ(sniff("x,y\n1,2\n"), 0);
}

}  // namespace
}  // namespace mifa::annotation
