#include <gtest/gtest.h>

#include "annotation/table_formats.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

const std::string kVectors = "tests/vectors/annotation/ctc/";

Reading read(const std::string& file, ReadOptions options = {}, std::size_t window = 1 << 16) {
  return read_with(make_ctc_reader, file_text(kVectors + file), std::move(options), window);
}

TEST(Ctc, ReadsTracksWithoutPositions) {
  for (const std::size_t window : {std::size_t{1}, std::size_t{100}}) {
    const Reading tracks = read("division.txt", {}, window);
    EXPECT_EQ(tracks.issues(), "");
    ASSERT_EQ(tracks->size(), 3u);
    EXPECT_EQ(tracks->kind, LayerKind::kTracks);
    EXPECT_EQ(tracks->shapes[0], Shape::kNone);
    EXPECT_EQ(tracks->t_begin[1], 6);
    EXPECT_EQ(tracks->t_end[1], 9);
    EXPECT_EQ(tracks->with_role(Role::kInstance)->integer(2), 3);
    EXPECT_EQ(tracks.property("parent", 0), "");
    EXPECT_EQ(tracks.property("parent", 2), "1");
    ASSERT_EQ(tracks->links.size(), 2u);
    EXPECT_EQ(tracks->links[1].from, 0u);
    EXPECT_EQ(tracks->links[1].to, 2u);
  }
}

TEST(Ctc, TakesPositionsFromMasks) {
  ReadOptions options;
  options.image.frames = 10;
  options.image.depth = 4;
  // Track 1 on frames 0 to 5, then 2 to 9 and 3 to 8: see division.txt.
  std::string positions = "no line\n7 0 1 1 1\n";
  for (int t = 0; t < 10; ++t) {
    for (const int label : t < 6 ? std::vector{1} : std::vector{2, 3}) {
      if (label == 3 && t == 7) continue;
      positions += std::to_string(label) + " " + std::to_string(t) + " " + std::to_string(10 * label) + ".5 " + std::to_string(t) + " 2.4\n";
    }
  }
  options.companions["mask-positions"] = positions;
  const Reading tracks = read("division.txt", options);
  EXPECT_EQ(tracks.issues(), "ctc/label-not-in-mask, 3: Label 3 is not in the masks of all its frames.\n");
  ASSERT_EQ(tracks->size(), 6u + 4 + 2);
  EXPECT_EQ(tracks->kind, LayerKind::kTracks);
  EXPECT_EQ(tracks->shapes[0], Shape::kPoint);
  EXPECT_EQ(tracks->t_begin[7], 7);
  EXPECT_EQ(tracks->t_end[7], 7);
  EXPECT_EQ(tracks->z_begin[7], 2);
  EXPECT_EQ(tracks->bounds(7)->at(0), 20.5);
  EXPECT_EQ(tracks->place_line[7], 2u);
  // Along each track, and from the mother's last frame to the daughters' first.
  EXPECT_EQ(tracks->links.size(), 5u + 3 + 1 + 2);
  ReadOptions none;
  none.companions["mask-positions"] = "9 0 1 1 1\n";
  const Reading without = read("division.txt", none);
  EXPECT_EQ(without->size(), 3u);
  EXPECT_EQ(without->shapes[0], Shape::kNone);
}

TEST(Ctc, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> kAll[] = {
      {"frame-is-a-word.txt", "ctc/not-four-numbers, 2: The line is no track; it is left out.\n"},
      {"label-twice.txt",
       "ctc/label-twice, 2: Label 1 is in line 1 already; the second is left out.\n"},
      {"ends-before-it-begins.txt",
       "ctc/frames, 1: Track 1 begins on frame 5 and ends on frame 0.\n"},
      {"child-before-its-parent-ends.txt",
       "tracks/parent-lasts, 2: The parent of track 2, track 1, lasts until frame 5, and its child "
       "begins "
       "on frame 3.\n"},
      {"parent-missing.txt",
       "tracks/parent-missing, 1: The parent of track 2, track 1, is not in the file.\n"},
      {"parents-in-a-circle.txt",
       "tracks/cycle, 1: Parents go round in a circle: 1 from 2 from 1; none of these is drawn as "
       "a "
       "descent.\n"},
      {"label-of-the-background.txt",
       "ctc/label-background, 1: Label 0 cannot be a track: 0 is the background.\n"},
  };
  for (const auto& [file, issues] : kAll) EXPECT_EQ(read(file).issues(), issues) << file;
  EXPECT_EQ(read("frame-is-a-word.txt")->size(), 2u);
  ReadOptions options;
  options.image.frames = 5;
  EXPECT_EQ(read("division.txt", options).issues(),
            "ctc/frames-of-the-image, 1: Track 1 lasts until frame 5; the image ends before.\n");
}

TEST(Ctc, IsRecognised) {
  const auto sniff = [](const char* name, const char* text) {
    return sniff_ctc({name, text, true});
  };
  EXPECT_GT(sniff("01_GT/TRA/man_track.txt", "1 0 5 0\n2 x 3 1\n3 4 5 1\n"), 90);
  EXPECT_GT(sniff("tracks.txt", "1 0 5 0\n"), 40);
  EXPECT_EQ(sniff("tracks.txt", "1 5 0 0\n"), 0);
  EXPECT_EQ(sniff("tracks.txt", "0 0.5 0.5 0.1\n"), 0);
}

TEST(Ctc, ReadsTheChallengesTracks) {
  REQUIRE_FIXTURE("ctc/Fluo-N2DH-GOWT1");
  ReadOptions options;
  options.image.frames = 92;
  const Reading tracks = read_with(
      make_ctc_reader, file_text(fixture("ctc/Fluo-N2DH-GOWT1/01_GT/TRA/man_track.txt")), options);
  EXPECT_EQ(tracks.issues(), "");
  EXPECT_EQ(tracks->size(), 27u);
  EXPECT_EQ(tracks->links.size(), 4u);
}

}  // namespace
}  // namespace mifa::annotation
