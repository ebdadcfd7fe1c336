// A plate's grid: wells beside one another, asked for as they come into view.
#include <gtest/gtest.h>

#include <algorithm>

#include "fake_host.h"

namespace mifa::app {
namespace {

const ImageShape kWell{.shape = {128, 128}, .chunk = {64, 64}, .levels = 2};

// Distance between wells, see Arrangement: the well and 6 % of it.
constexpr double kPitch = 128 * 1.06;

FakeHost::Failure server_error() { return {{ErrorCode::kRetry, "expected an answer"}}; }

// The wells ("B/3") of which a chunk or metadata was asked for.
std::set<std::string> wells_of(const std::map<std::string, int>& reads) {
  std::set<std::string> wells;
  for (const auto& [key, count] : reads) {
    const auto first = key.find('/');
    if (first == std::string::npos) continue;
    const auto second = key.find('/', first + 1);
    if (second != std::string::npos) wells.insert(key.substr(0, second));
  }
  return wells;
}

std::array<double, 2> pixel_of(const FakeHost& host, int row, int column) {
  return host.app.camera().to_pixel(column * kPitch + 64, row * kPitch + 64);
}

void click(FakeHost& host, const std::array<double, 2>& at) {
  host.app.pointer_moved(1, at[0], at[1], false);
  host.frame();
  host.app.pointer_down(1, at[0], at[1], 0, false);
  host.app.pointer_up(1, 0, false);
  host.settle();
}

TEST(Plate, ShowsItsWellsSideBySide) {
  FakeHost host;
  add_plate_grid(host.files, 4, 6, kWell);
  host.open();
  const auto state = host.state();
  EXPECT_EQ(state["stage"], "showing");
  EXPECT_EQ(state["kind"], "plate");
  EXPECT_TRUE(state["overview"]);
  EXPECT_EQ(state["entryCount"], 24);
  EXPECT_EQ(state["images"], 24);
  EXPECT_EQ(state["plate"]["missing"], 0);
  EXPECT_EQ(wells_of(host.chunk_reads).size(), 24U);
  EXPECT_EQ(state["missingTiles"], 0);
}

TEST(Plate, ReadsOneLevelOfAWellThatIsSmallOnTheScreen) {
  FakeHost host;
  add_plate_grid(host.files, 8, 12, kWell);
  host.open();
  EXPECT_TRUE(host.metadata_reads.contains("C/4/0/1/.zarray"));
  EXPECT_FALSE(host.metadata_reads.contains("C/4/0/0/.zarray"));
  // well, image, one level; and no more.
  int reads = 0;
  for (const auto& [key, count] : host.metadata_reads) reads += key.starts_with("C/4/") ? count : 0;
  EXPECT_LE(reads, 4);
}

TEST(Plate, FirstPictureCostsWhatOneImageCosts) {
  FakeHost image;
  add_image(image.files, "", kWell);
  image.open();
  FakeHost host;
  add_plate_grid(host.files, 16, 24, kWell);
  host.open();
  // One round trip more for the plate and one for the well.
  EXPECT_LE(host.round_trips_to_first_chunk, image.round_trips_to_first_chunk + 2);
}

TEST(Plate, AsksOnlyForWellsInView) {
  FakeHost host;
  add_plate_grid(host.files, 16, 24, kWell);
  // Zoomed in before anything but the first well is there.
  host.app.open("made");
  for (int i = 0; i < 200 && host.state()["stage"] != "showing"; ++i) {
    host.frame();
    host.answer();
  }
  ASSERT_EQ(host.state()["stage"], "showing");
  host.app.look_at(1.5 * kPitch, 1.5 * kPitch, 3 * kPitch / 600);
  host.settle();
  const auto wells = wells_of(host.chunk_reads);
  EXPECT_TRUE(wells.contains("B/2"));
  EXPECT_FALSE(wells.contains("P/24"));
  EXPECT_LE(wells.size(), 35U);
  EXPECT_EQ(host.state()["missingTiles"], 0);
}

TEST(Plate, TellsWellsThatAreMissingFromThoseNotImaged) {
  FakeHost host;
  add_plate_grid(host.files, 2, 3, kWell, {"A/2"}, {"B/3"});
  host.open();
  EXPECT_EQ(host.state()["plate"]["wells"], 5);
  EXPECT_EQ(host.state()["plate"]["missing"], 1);
  const auto lost = pixel_of(host, 1, 2);
  host.app.pointer_moved(1, lost[0], lost[1], false);
  host.settle();
  EXPECT_EQ(host.state()["readout"]["well"], "B/3: listed, but its image is not there");
  const auto empty = pixel_of(host, 0, 1);
  host.app.pointer_moved(1, empty[0], empty[1], false);
  host.settle();
  EXPECT_EQ(host.state()["readout"], nullptr);
}

TEST(Plate, AClickEntersAWellAndEscapeLeavesIt) {
  FakeHost host;
  add_plate_grid(host.files, 4, 6, kWell);
  host.open();
  click(host, pixel_of(host, 2, 3));
  auto state = host.state();
  EXPECT_FALSE(state["overview"]);
  EXPECT_EQ(state["entry"], 2 * 6 + 3);
  EXPECT_EQ(state["images"], 1);
  EXPECT_EQ(state["stage"], "showing");
  EXPECT_EQ(state["missingTiles"], 0);
  EXPECT_TRUE(host.app.key("Escape"));
  host.settle();
  state = host.state();
  EXPECT_TRUE(state["overview"]);
  EXPECT_EQ(state["images"], 24);
  EXPECT_EQ(state["missingTiles"], 0);
}

TEST(Plate, ADragIsNoClick) {
  FakeHost host;
  add_plate_grid(host.files, 4, 6, kWell);
  host.open();
  const auto at = pixel_of(host, 2, 3);
  host.app.pointer_down(1, at[0], at[1], 0, false);
  host.app.pointer_moved(1, at[0] + 40, at[1], false);
  host.app.pointer_up(1, 0, false);
  host.settle();
  EXPECT_TRUE(host.state()["overview"]);
}

TEST(Plate, AWellThatFailsDoesNotTakeTheOthersAlong) {
  FakeHost host;
  add_plate_grid(host.files, 2, 2, kWell);
  host.files["B/2/0/.zattrs"] = "{\"multiscales\": 3}";
  host.open();
  EXPECT_EQ(host.state()["stage"], "showing");
  EXPECT_EQ(host.state()["images"], 3);
  const auto at = pixel_of(host, 1, 1);
  host.app.pointer_moved(1, at[0], at[1], false);
  host.settle();
  EXPECT_EQ(host.state()["readout"]["well"], "B/2: cannot be shown");
}

TEST(Plate, FinerLevelsFollowWhenAWellGrowsOnTheScreen) {
  FakeHost host;
  add_plate_grid(host.files, 8, 12, {.shape = {1024, 1024}, .chunk = {256, 256}, .levels = 4});
  host.open();
  EXPECT_FALSE(host.metadata_reads.contains("C/4/0/0/.zarray"));
  const double pitch = 1024 * 1.06;
  host.app.look_at(3 * pitch + 512, 2 * pitch + 512, 1);
  host.settle();
  EXPECT_TRUE(host.metadata_reads.contains("C/4/0/0/.zarray"));
  EXPECT_EQ(host.state()["missingTiles"], 0);
  bool finest = false;
  for (const auto& [key, count] : host.chunk_reads) finest = finest || key.starts_with("C/4/0/0/");
  EXPECT_TRUE(finest);
}

TEST(Plate, RetryAsksOnceMoreForWellsThatDidNotAnswer) {
  FakeHost host;
  add_plate_grid(host.files, 2, 2, kWell);
  host.failures["B/2/.zattrs"] = server_error();
  host.open();
  EXPECT_EQ(host.state()["images"], 3);
  host.failures.clear();
  host.app.retry();
  host.settle();
  EXPECT_EQ(host.state()["images"], 4);
}

}  // namespace
}  // namespace mifa::app
