// Images shown beside the open one: the wells of a plate.
#include "ome/members.h"

#include <gtest/gtest.h>

#include <chrono>

#include "fake_host.h"

namespace mifa::ome {
namespace {

constexpr const char* kImage =
    R"({"multiscales":[{"version":"0.4","axes":[{"name":"y","type":"space"},)"
    R"({"name":"x","type":"space"}],"datasets":[{"path":"0","coordinateTransformations":)"
    R"([{"type":"scale","scale":[1,1]}]},{"path":"1","coordinateTransformations":)"
    R"([{"type":"scale","scale":[2,2]}]},{"path":"2","coordinateTransformations":)"
    R"([{"type":"scale","scale":[4,4]}]}]}]})";

std::map<std::string, std::string> plate(int rows, int columns) {
  std::string row_names, column_names, wells;
  std::map<std::string, std::string> files;
  for (int c = 0; c < columns; ++c) {
    column_names += (c ? "," : "") + std::string(R"({"name":")") + std::to_string(c + 1) + R"("})";
  }
  for (int r = 0; r < rows; ++r) {
    const std::string row = "R" + std::to_string(r);
    row_names += (r ? "," : "") + std::string(R"({"name":")") + row + R"("})";
    for (int c = 0; c < columns; ++c) {
      const std::string well = row + "/" + std::to_string(c + 1);
      wells += (wells.empty() ? "" : ",") + std::string(R"({"path":")") + well +
               R"(","rowIndex":)" + std::to_string(r) + R"(,"columnIndex":)" + std::to_string(c) +
               "}";
      files[well + "/.zattrs"] = R"({"well":{"version":"0.4","images":[{"path":"0"}]}})";
      files[well + "/0/.zattrs"] = kImage;
      for (const int level : {0, 1, 2}) {
        files[well + "/0/" + std::to_string(level) + "/.zarray"] =
            zarray({64 >> level, 64 >> level});
      }
    }
  }
  files[".zattrs"] = R"({"plate":{"version":"0.4","rows":[)" + row_names + R"(],"columns":[)" +
                     column_names + R"(],"wells":[)" + wells + "]}}";
  return files;
}

TEST(Members, OneLevelThenTheRest) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(1, 3);
  host.run(opener);
  EXPECT_EQ(opener.member(2), nullptr);
  const auto asked = host.asked.size();
  opener.want_member(2, 9);  // Cut to the coarsest there is.
  host.run(opener);
  ASSERT_NE(opener.member(2), nullptr);
  ASSERT_EQ(opener.member(2)->state, Member::State::kReady);
  const Multiscale& image = opener.member(2)->image;
  EXPECT_EQ(image.path, "R0/3/0");
  ASSERT_EQ(image.levels.size(), 1U);
  EXPECT_EQ(image.levels[0].path, "R0/3/0/2");
  EXPECT_EQ(image.levels[0].scale, (std::vector<double>{4, 4}));
  EXPECT_EQ(image.channels.size(), 1U);
  EXPECT_EQ(host.asked.size(), asked + 3);  // Well, image, array.
  opener.want_member(2, 2);
  EXPECT_TRUE(opener.take_requests().empty());
  opener.want_member(2, -1);
  EXPECT_EQ(opener.member(2)->state, Member::State::kReady);  // What is there stays meanwhile.
  host.run(opener);
  EXPECT_EQ(opener.member(2)->image.levels.size(), 3U);
  EXPECT_EQ(host.asked.size(), asked + 5);
  opener.want_member(99, 0);
  opener.want_member(-1, 0);
  EXPECT_EQ(opener.member(99), nullptr);
  EXPECT_EQ(opener.stage(), Opener::Stage::kComplete);
}

TEST(Members, WithoutTransformsALevelIsTakenForAPowerOfTwo) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(1, 1);
  host.files["R0/1/0/.zattrs"] = R"({"multiscales":[{"version":"0.3","axes":["y","x"],)"
                                 R"("datasets":[{"path":"0"},{"path":"1"},{"path":"2"}]}]})";
  host.run(opener);
  EXPECT_EQ(opener.dataset().image.levels[2].scale, (std::vector<double>{4, 4}));
  opener.want_member(0, 2);
  host.run(opener);
  EXPECT_EQ(opener.member(0)->image.levels[0].scale, (std::vector<double>{4, 4}));
  EXPECT_EQ(opener.member(0)->image.levels[0].translation, (std::vector<double>{1.5, 1.5}));
}

TEST(Members, ThoseThatCannotBeReadAreOneIssue) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(4, 24);
  for (int i = 1; i <= 24; ++i) host.files.erase("R2/" + std::to_string(i) + "/.zattrs");
  host.files["R3/1/0/.zattrs"] = "<html>";
  host.errors["R3/2/0/0/.zarray"] = {ErrorCode::kForbidden, "HTTP 403"};
  host.run(opener);
  for (int i = 0; i < 96; ++i) opener.want_member(i, 0);
  host.run(opener);
  EXPECT_EQ(opener.member(48)->state, Member::State::kFailed);
  EXPECT_EQ(opener.member(48)->error.code, ErrorCode::kMissing);
  EXPECT_EQ(opener.member(72)->error.message,
            "expected JSON in R3/1/0/.zattrs, received a web page");
  EXPECT_EQ(opener.member(73)->error.code, ErrorCode::kForbidden);
  EXPECT_EQ(opener.member(74)->state, Member::State::kReady);
  ASSERT_EQ(opener.issues().size(), 1U) << summary(opener.issues());
  EXPECT_TRUE(opener.issues()[0].message.ends_with("R2/8 and 18 more."))
      << opener.issues()[0].message;
  // Only what may come another time is asked for again.
  host.errors["R3/4/0/2/.zarray"] = {ErrorCode::kRetry, "the network is down"};
  opener.want_member(75, -1);
  opener.want_member(48, 0);
  host.run(opener);
  EXPECT_EQ(opener.member(75)->state, Member::State::kReady);
}

TEST(Members, RetriedWhenAskedForAgain) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(1, 2);
  host.run(opener);
  host.errors["R0/2/.zattrs"] = {ErrorCode::kRetry, "the network is down"};
  opener.want_member(1, 0);
  host.run(opener);
  ASSERT_EQ(opener.member(1)->state, Member::State::kFailed);
  host.errors.clear();
  opener.want_member(1, 0);
  host.run(opener);
  EXPECT_EQ(opener.member(1)->state, Member::State::kReady);
}

TEST(Members, A1536WellPlateIsCheap) {
  Opener opener("test");
  FakeHost host;
  host.files = plate(32, 48);
  const auto start = std::chrono::steady_clock::now();
  host.run(opener);
  EXPECT_EQ(opener.dataset().entries.size(), 1536U);
  EXPECT_LE(host.asked.size(), 12U);
  for (int i = 0; i < 1536; ++i) opener.want_member(i, 2);
  host.run_shuffled(opener, 1);
  for (int i = 0; i < 1536; ++i) {
    ASSERT_EQ(opener.member(i)->state, Member::State::kReady) << i;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::cout << "1536 wells in " << seconds.count() << " s, with sanitizers\n";
  EXPECT_LT(seconds.count(), 20);
}

}  // namespace
}  // namespace mifa::ome
