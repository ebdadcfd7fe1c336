// 0.6 scenes: images joined in coordinate systems.
#include "ome/scene.h"

#include <gtest/gtest.h>

#include <chrono>

#include "fake_host.h"

namespace mifa::ome {
namespace {

using Doubles = std::vector<double>;

std::string axes(const std::string& unit = "micrometer") {
  return R"("axes":[{"type":"space","name":"y","unit":")" + unit +
         R"("},{"type":"space","name":"x","unit":")" + unit + R"("}])";
}

// An image whose own system is "physical", and "turned" one that is twice as large.
std::string image(const std::string& unit = "micrometer") {
  return v3_group(
      R"({"version":"0.6","multiscales":[{"coordinateSystems":[{"name":"physical",)" + axes(unit) +
      R"(},{"name":"turned",)" + axes(unit) +
      R"(}],"datasets":[{"path":"0","coordinateTransformations":[{"type":"scale","scale":[1,1],)"
      R"("input":{"path":"0"},"output":{"name":"physical"}}]}],"coordinateTransformations":[)"
      R"({"type":"scale","scale":[2,2],"input":{"name":"physical"},"output":{"name":"turned"}}]}]})");
}

std::string edge(const std::string& from, const std::string& to, const std::string& transform) {
  return R"({"input":{)" + from + R"(},"output":{)" + to + "}," + transform + "}";
}

std::string tile(const std::string& path, const std::string& name = "physical") {
  return R"("path":")" + path + R"(","name":")" + name + "\"";
}

std::string move(int y, int x) {
  return R"("type":"translation","translation":[)" + std::to_string(y) + "," + std::to_string(x) +
         "]";
}

std::string scene(const std::string& edges, const std::string& more = "") {
  return v3_group(R"({"version":"0.6","scene":{"coordinateSystems":[{"name":"world",)" + axes() +
                  "}" + more + R"(],"coordinateTransformations":[)" + edges + "]}}");
}

constexpr const char* kWorld = R"("name":"world")";

struct Opened {
  std::unique_ptr<Opener> opener = std::make_unique<Opener>("test");
  FakeHost host;
  const Dataset& dataset() const { return opener->dataset(); }
};

Opened open(const std::string& root, std::map<std::string, std::string> images) {
  Opened result;
  result.host.files["zarr.json"] = root;
  for (auto& [path, text] : images) {
    result.host.files[path + "/zarr.json"] = text;
    result.host.files[path + "/0/zarr.json"] = v3_array({8, 8});
  }
  result.host.run(*result.opener);
  return result;
}

TEST(Scene, TilesInOneWorld) {
  std::string edges;
  std::map<std::string, std::string> images;
  for (int i = 0; i < 40; ++i) {
    const std::string path = "tile_" + std::to_string(i);
    edges += (i ? "," : "") + edge(tile(path), kWorld, move(0, 10 * i));
    images[path] = image();
  }
  auto opened = open(scene(edges), images);
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete) << opened.opener->failure().message;
  EXPECT_TRUE(opened.opener->issues().empty()) << summary(opened.opener->issues());
  const Dataset& dataset = opened.dataset();
  EXPECT_EQ(dataset.kind, NodeKind::kScene);
  ASSERT_EQ(dataset.entries.size(), 40U);
  EXPECT_EQ(dataset.entries[2].path, "tile_2");
  EXPECT_EQ(dataset.entry, 0);
  ASSERT_EQ(dataset.scenes.size(), 1U);
  ASSERT_EQ(dataset.scenes[0].items.size(), 40U);
  EXPECT_EQ(dataset.scenes[0].system, "world");
  EXPECT_EQ(dataset.scenes[0].items[3].entry, 3);
  EXPECT_EQ(dataset.scenes[0].items[3].placement.matrix, (Doubles{1, 0, 0, 0, 1, 30}));
  // Only the first image was read: the viewer asks for what it shows.
  EXPECT_LE(opened.host.asked.size(), 8U);
  opened.opener->want_member(3, 0);
  ASSERT_NE(opened.opener->member(3), nullptr);
  EXPECT_EQ(opened.opener->member(3)->state, Member::State::kReading);
  opened.host.run(*opened.opener);
  EXPECT_EQ(opened.opener->member(3)->state, Member::State::kReady);
}

TEST(Scene, ThousandsOfTilesAreNoWork) {
  std::string edges;
  std::map<std::string, std::string> images;
  for (int i = 0; i < 2000; ++i) {
    const std::string path = "t" + std::to_string(i);
    edges += (i ? "," : "") + edge(tile(path, "turned"), kWorld, move(0, 10 * i));
    images[path] = image();
  }
  const auto start = std::chrono::steady_clock::now();
  auto opened = open(scene(edges), images);
  for (int i = 0; i < 2000; ++i) opened.opener->want_member(i, 0);
  opened.host.run(*opened.opener);
  EXPECT_EQ(opened.dataset().scenes[0].items[1999].placement.matrix,
            (Doubles{2, 0, 0, 0, 2, 19990}));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::cout << "2000 tiles in " << seconds.count() << " s, with sanitizers\n";
  EXPECT_LT(seconds.count(), 20);
}

TEST(Scene, AnImagesOwnMetadataCorrectsItsPlace) {
  // Placed by its further system, which is twice as large as its own.
  auto opened = open(scene(edge(tile("a"), kWorld, move(0, 0)) + "," +
                           edge(tile("b", "turned"), kWorld, move(1, 2))),
                     {{"a", image()}, {"b", image()}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(opened.dataset().scenes[0].items[1].placement.matrix, (Doubles{1, 0, 1, 0, 1, 2}));
  opened.opener->want_member(1, -1);
  opened.host.run(*opened.opener);
  EXPECT_EQ(opened.dataset().scenes[0].items[1].placement.matrix, (Doubles{2, 0, 1, 0, 2, 2}));
}

TEST(Scene, ImagesThatOthersArePlacedByAreReadFirst) {
  // b → a.turned: a's own metadata joins its two systems. And a second, smaller system.
  auto opened = open(scene(edge(tile("a"), kWorld, move(0, 100)) + "," +
                               edge(tile("b"), tile("a", "turned"), move(10, 0)),
                           R"(,{"name":"alone",)" + axes() + "}"),
                     {{"a", image()}, {"b", image()}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  const auto& scenes = opened.dataset().scenes;
  ASSERT_EQ(scenes.size(), 2U);
  EXPECT_EQ(scenes[0].system, "world");
  // b's y + 10, halved into a's own, then moved to the world.
  EXPECT_EQ(scenes[0].items[1].placement.matrix, (Doubles{0.5, 0, 5, 0, 0.5, 100}));
  EXPECT_EQ(scenes[1].system, "turned");
  EXPECT_EQ(scenes[1].items[0].placement.matrix, (Doubles{2, 0, 0, 0, 2, 0}));
  EXPECT_EQ(scenes[1].items[1].placement.matrix, (Doubles{1, 0, 10, 0, 1, 0}));
}

TEST(Scene, CyclesAndBrokenEdges) {
  auto opened =
      open(scene(edge(tile("a"), kWorld, move(0, 0)) + "," + edge(kWorld, tile("a"), move(0, 0)) +
                 "," + edge(tile("../../x"), kWorld, move(0, 0)) + "," +
                 edge(tile("b"), kWorld, R"("type":"coordinates","path":"c")") + "," +
                 edge(tile("c"), R"("name":"nowhere")", move(0, 0)) + ",7,null"),
           {{"a", image()}, {"b", image()}, {"c", image()}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  ASSERT_EQ(opened.dataset().entries.size(), 3U);
  ASSERT_FALSE(opened.dataset().scenes.empty());
  EXPECT_EQ(opened.dataset().scenes[0].items.size(), 1U);
  EXPECT_EQ(count_rule(opened.opener->issues(), "ome-zarr/transform-unsupported"), 1);
  EXPECT_GE(count_rule(opened.opener->issues(), "ome-zarr/scene"), 2);
}

TEST(Scene, UnitsAndRanksThatDoNotFit) {
  auto opened =
      open(scene(edge(tile("a"), kWorld, move(0, 7)) + "," +
                 edge(tile("b"), kWorld, R"("type":"translation","translation":[1,2,3])")),
           {{"a", image("millimeter")}, {"b", image()}});
  ASSERT_EQ(opened.opener->stage(), Opener::Stage::kComplete);
  EXPECT_EQ(count_rule(opened.opener->issues(), "ome-zarr/transform-units"), 1);
  const auto& item = opened.dataset().scenes[0].items[0];
  EXPECT_NEAR(item.placement.matrix[0], 1000, 1e-9);
  EXPECT_EQ(item.placement.matrix[5], 7);
}

}  // namespace
}  // namespace mifa::ome
