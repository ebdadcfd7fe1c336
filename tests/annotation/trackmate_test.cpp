#include <gtest/gtest.h>

#include "annotation/table_formats.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

Reading read(const std::string& text, ReadOptions options = {}) {
  return read_with(make_trackmate_reader, text, std::move(options));
}
Reading read_vector(const std::string& file) {
  return read(file_text("tests/vectors/annotation/trackmate/" + file));
}

using Box = std::array<double, 4>;

TEST(TrackMate, ReadsSpotsContoursAndTracks) {
  const Reading tracks = read_vector("contours-and-filters.xml");
  EXPECT_EQ(tracks.issues(),
            "trackmate/hidden, 0: TrackMate's filters hide 1 spots and 1 tracks; they are not "
            "shown here, "
            "either.\n");
  ASSERT_EQ(tracks->size(), 3u);
  EXPECT_EQ(tracks->kind, LayerKind::kTracks);
  EXPECT_EQ(tracks->bounds(0), (Box{10, 20, 10, 20}));
  EXPECT_EQ(tracks->bounds(1), (Box{10, 20, 12, 22.5}));
  EXPECT_EQ(tracks->space.unit, Space::Unit::kPixel);
  EXPECT_EQ(tracks->space.affine[0], 2);
  EXPECT_FALSE(tracks->space.corner);
  EXPECT_EQ(tracks->z_begin[0], 2);
  EXPECT_EQ(tracks->t_begin[2], 2);
  EXPECT_EQ(tracks.property("Quality", 0), "5.5");
  EXPECT_EQ(tracks->find("Radius")->unit, "micrometer");
  EXPECT_EQ(tracks->with_role(Role::kTrack)->integer(2), 0);
  ASSERT_EQ(tracks->links.size(), 2u);
  EXPECT_EQ(tracks->links[1].from, 1u);  // turned round
  EXPECT_EQ(tracks->links[1].to, 2u);
  EXPECT_EQ(tracks->place_line[0], 13u);
}

TEST(TrackMate, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> kAll[] = {
      {"edge-without-spot.xml",
       "trackmate/edge-without-spot, 26: An edge leads to the spot 99, which is not there; it is "
       "left out.\n"},
      {"spot-without-position.xml",
       "trackmate/no-position, 13: A spot has no position; it is listed, not drawn.\n"},
      {"spot-twice.xml",
       "trackmate/spot-twice, 17: Two spots have the ID 2; the second is left out.\n"},
      {"edge-within-a-frame.xml",
       "trackmate/edge-in-a-frame, 26: An edge joins two spots of one frame; it is left out.\n"},
      {"truncated.xml",
       "annotation/xml-broken, 30: The file is no whole XML document; what stands before the fault "
       "is read.\n"},
  };
  for (const auto& [file, issues] : kAll) EXPECT_EQ(read_vector(file).issues(), issues) << file;
  EXPECT_EQ(read_vector("truncated.xml")->links.size(), 2u);
  EXPECT_EQ(read_vector("no-spots.xml").status.error().message,
            "Expected Model/AllSpots in TrackMate's file test, received a model without spots. "
            "Save the session "
            "again in TrackMate.");
}

// Spots, edges and the sum of x are those of Python's ElementTree.
TEST(TrackMate, ReadsRealSessions) {
  REQUIRE_FIXTURE("tracks/trackmate-csv-xml");
  struct Real {
    const char* name;
    std::size_t spots, links;
    double sum;
  };
  const Real kAll[] = {
      {"with_gap_closing", 134, 128, 10381.95415},
      {"with_merging", 134, 129, 10381.95415},
      {"with_splitting", 134, 130, 10381.95415},
      {"with_splitting_merging", 183, 180, 15491.54507},
      {"without_gap_closing", 134, 127, 10381.95415},
  };
  for (const Real& real : kAll) {
    const std::string text = file_text(
        fixture(std::string("tracks/trackmate-csv-xml/trackmate_tracks_") + real.name + ".xml"));
    EXPECT_GT(sniff_trackmate({"a.xml", std::string_view(text).substr(0, kHeadBytes), false}), 90);
    const Reading tracks = read(text);
    EXPECT_EQ(tracks.issues(), "") << real.name;
    EXPECT_EQ(tracks->size(), real.spots) << real.name;
    EXPECT_EQ(tracks->links.size(), real.links) << real.name;
    double sum = 0;
    for (std::size_t i = 0; i < tracks->xy.size(); i += 2)
      sum += static_cast<double>(tracks->xy[i]);
    EXPECT_NEAR(sum, real.sum, 1e-2) << real.name;
  }
}

}  // namespace
}  // namespace mifa::annotation
