// What fails is said, and the rest is shown.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::app {
namespace {

Files image() {
  Files files;
  add_image(files, "", {.shape = {256, 256}, .chunk = {64, 64}, .levels = 1});
  return files;
}

TEST(Failure, OfOneChunkIsSaidWhileTheRestIsShown) {
  FakeHost host;
  host.files = image();
  host.failures["0/1/2"] = {{ErrorCode::kFixData, "the blosc frame is cut off"}, 1'000'000, true};
  host.open();
  const auto failures = host.state()["chunkFailures"];
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0]["code"], "fix-data");
  EXPECT_EQ(failures[0]["message"], "the blosc frame is cut off");
  EXPECT_EQ(failures[0]["example"], "0/1/2");
  EXPECT_EQ(failures[0]["count"], 1);
  EXPECT_EQ(picture(host.app).size(), 15U);
  EXPECT_EQ(host.chunk_reads["0/1/2"], 1) << "bad data is not read again";
}

TEST(Failure, ReasonsOfOneCodeAreToldApart) {
  FakeHost host;
  host.files = image();
  const auto damaged = [&](const std::string& key, const std::string& why) {
    host.failures[key] = {{ErrorCode::kFixData, key + ": " + why}, 1'000'000, true};
  };
  damaged("0/0/0", "the blosc frame is cut off");
  damaged("0/0/1", "the checksum is another");
  damaged("0/1/2", "the blosc frame is cut off");
  host.open();
  std::map<std::string, int> counts;
  const auto failures = host.state()["chunkFailures"];
  for (const auto& failure : failures) {
    const auto message = failure["message"].get<std::string>();
    counts[message.substr(message.find(": ") + 2)] = failure["count"];
  }
  EXPECT_EQ(counts, (std::map<std::string, int>{{"the blosc frame is cut off", 2}, {"the checksum is another", 1}}));
}

TEST(Failure, ManyReasonsAreFewEntriesAndAllCounted) {
  FakeHost host;
  host.files = image();
  for (int i = 0; i < 16; ++i) {
    const std::string key = "0/" + std::to_string(i / 4) + "/" + std::to_string(i % 4);
    host.failures[key] = {{ErrorCode::kFixData, "byte " + std::to_string(i) + " is odd"}, 1'000'000, true};
  }
  host.open();
  int count = 0;
  const auto failures = host.state()["chunkFailures"];
  for (const auto& failure : failures) count += failure["count"].get<int>();
  EXPECT_EQ(failures.size(), 3U);
  EXPECT_EQ(count, 16);
}

TEST(Failure, ServersRefusalIsOneEntryForAllChunks) {
  FakeHost host;
  host.files = image();
  host.failures["chunks"] = {{ErrorCode::kForbidden, "403"}};
  host.open();
  const auto failures = host.state()["chunkFailures"];
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0]["code"], "forbidden");
  EXPECT_EQ(failures[0]["count"], 16);
  EXPECT_TRUE(picture(host.app).empty()) << "an outage is not a black image";
}

TEST(Failure, ThatPassesIsTriedAgainAfterAPause) {
  FakeHost host;
  host.files = image();
  host.failures["chunks"] = {{ErrorCode::kRetry, "503"}, 20};
  const double before = host.now;
  host.open();
  EXPECT_GT(host.now, before + 400);
  EXPECT_TRUE(host.state()["chunkFailures"].empty());
  EXPECT_EQ(picture(host.app).size(), 16U);
}

TEST(Failure, ThatStaysIsGivenUpThenRetryHelps) {
  FakeHost host;
  host.files = image();
  host.failures["0/0/0"] = {{ErrorCode::kRetry, "503"}};
  host.open();
  EXPECT_EQ(host.chunk_reads["0/0/0"], view::Limits{}.attempts);
  ASSERT_EQ(host.state()["chunkFailures"].size(), 1U);
  EXPECT_EQ(host.state()["chunkFailures"][0]["code"], "retry");
  host.failures.clear();
  host.app.retry();
  EXPECT_TRUE(host.state()["chunkFailures"].empty());
  host.settle();
  EXPECT_EQ(picture(host.app).size(), 16U);
}

TEST(Failure, TheServersPauseIsKept) {
  FakeHost host;
  host.files = image();
  host.failures["0/0/0"] = {{ErrorCode::kRetry, "429"}, 1, false, 30000};
  const double before = host.now;
  host.open();
  EXPECT_GE(host.now, before + 30000);
  EXPECT_EQ(picture(host.app).size(), 16U);
}

TEST(Failure, OfMetadataIsTriedAgainThenSaid) {
  FakeHost host;
  host.files = image();
  host.failures[".zattrs"] = {{ErrorCode::kRetry, "503"}, 2};
  host.open();
  EXPECT_EQ(host.metadata_reads[".zattrs"], 3);
  EXPECT_EQ(host.state()["stage"], "showing");

  FakeHost refused;
  refused.files = image();
  refused.failures[".zattrs"] = {{ErrorCode::kForbidden, "403: the server refuses"}};
  refused.failures["zarr.json"] = refused.failures[".zmetadata"] = refused.failures[".zattrs"];
  refused.failures[".zarray"] = refused.failures[".zgroup"] = refused.failures[".zattrs"];
  refused.open();
  EXPECT_EQ(refused.state()["stage"], "failed");
  EXPECT_EQ(refused.state()["failure"]["code"], "forbidden");
  EXPECT_NE(refused.state()["failure"]["message"].get<std::string>().find("403"),
            std::string::npos);
  refused.failures.clear();
  refused.app.retry();
  refused.settle();
  EXPECT_EQ(refused.state()["stage"], "showing");
}

TEST(Failure, OfAnEntryIsRetriedWhereItWas) {
  FakeHost host;
  add_plate(host.files, 3, {.shape = {200, 200}, .levels = 1});
  host.failures["A/3/0/0/.zarray"] = {{ErrorCode::kForbidden, "403"}};
  host.failures["A/3/0/.zattrs"] = {{ErrorCode::kForbidden, "403"}};
  host.open();
  host.app.open_entry(2);
  host.settle();
  ASSERT_EQ(host.state()["stage"], "failed") << host.app.state_json();
  host.failures.clear();
  host.app.retry();
  host.settle();
  EXPECT_EQ(host.state()["stage"], "showing");
  EXPECT_EQ(host.state()["entry"], 2) << "not back at the first image";
}

TEST(Failure, OfALabelLeavesTheImage) {
  FakeHost host;
  host.files = image();
  add_label(host.files, "", "cells", {.shape = {256, 256}, .levels = 1, .dtype = "<u4"});
  host.files["labels/cells/0/.zarray"] = R"({"zarr_format": 2, "shape": "?"})";
  host.open();
  EXPECT_EQ(host.state()["stage"], "showing");
  EXPECT_EQ(host.state()["labels"].size(), 0U);
  EXPECT_FALSE(host.state()["issues"].empty());
  EXPECT_EQ(host.state()["missingTiles"], 0);
}

}  // namespace
}  // namespace mifa::app
