// The runner: answers in any order, stores that cannot list, what fails, what is cancelled.
#include <gtest/gtest.h>

#include "fake_host.h"

namespace mifa::validate {
namespace {

const std::filesystem::path kVectors = "tests/vectors/rules";

FakeHost plate() { return read_vector(kVectors / "ome-zarr__plate-wells/valid-path.json"); }
FakeHost labelled() { return read_vector(kVectors / "ome-zarr__label-missing/invalid-not-there.json"); }

TEST(Runner, TheOrderOfAnswersDoesNotMatter) {
  for (FakeHost host : {plate(), labelled()}) {
    const std::string expected = json_report(host.run());
    for (unsigned seed = 1; seed <= 20; ++seed) {
      host.seed = seed;
      EXPECT_EQ(json_report(host.run()), expected) << seed;
    }
  }
}

TEST(Runner, FollowsReferencesWhereNothingCanBeListed) {
  FakeHost host = plate();
  host.lists = false;
  const Report report = host.run();
  EXPECT_EQ(report.inventory.plates, 1);
  EXPECT_EQ(report.inventory.wells, 1);
  EXPECT_EQ(report.inventory.images, 1);
  EXPECT_FALSE(report.inventory.listed);
  EXPECT_EQ(report.inventory.chunks_decoded, 2);
  EXPECT_EQ(report.errors, 0) << summary(report);
}

TEST(Runner, FindsLabelsWhereNothingCanBeListed) {
  FakeHost host = labelled();
  host.lists = false;
  const Report report = host.run();
  EXPECT_EQ(report.inventory.labels, 1);
  EXPECT_EQ(count_of(report, "ome-zarr/label-missing"), 1) << summary(report);
}

TEST(Runner, NothingThereIsAFailure) {
  FakeHost host;
  host.lists = false;
  Runner runner("https://server/nothing");
  host.run(runner);
  ASSERT_TRUE(runner.failure().has_value());
  EXPECT_EQ(runner.failure()->code, ErrorCode::kMissing);
  EXPECT_EQ(runner.failure()->message,
            "expected zarr.json, .zattrs, .zgroup or .zarray at https://server/nothing, received none "
            "of them; give the address of the dataset's folder");
}

TEST(Runner, AFolderThatCannotBeListedIsAFailure) {
  FakeHost host;
  host.errors["/"] = {ErrorCode::kForbidden, "permission denied"};
  Runner runner("folder");
  host.run(runner);
  ASSERT_TRUE(runner.failure().has_value());
  EXPECT_EQ(runner.failure()->message, "permission denied");
}

TEST(Runner, ACancelledRunSaysSo) {
  const FakeHost host = plate();
  Runner runner("plate");
  EXPECT_FALSE(runner.take_requests().empty());
  const Report report = runner.take_report();
  EXPECT_FALSE(report.complete);
  EXPECT_STREQ(report.verdict(), "incomplete");
}

TEST(Runner, RequestsAreBoundedAndMemoryWithThem) {
  FakeHost host;
  for (int i = 0; i < 500; ++i) {
    host.files["image" + std::to_string(i) + ".zarr/zarr.json"] =
        R"({"zarr_format":3,"node_type":"group","attributes":{}})";
  }
  RunOptions options;
  options.limits.outstanding = 8;
  Runner runner("many", options);
  std::size_t most = 0;
  std::vector<Request> pending = runner.take_requests();
  while (!pending.empty()) {
    most = std::max(most, pending.size());
    const Request request = pending.back();
    pending.pop_back();
    if (request.kind == Request::Kind::kList) {
      std::vector<ListedEntry> entries;
      if (request.key.empty()) {
        for (int i = 0; i < 500; ++i) entries.push_back({"image" + std::to_string(i) + ".zarr", true, -1});
      } else {
        entries.push_back({"zarr.json", false, 10});
      }
      runner.deliver_listing(request.id, entries);
    } else {
      const std::string& text = host.files.at(request.key);
      runner.deliver_found(request.id, std::as_bytes(std::span(text)));
    }
    for (Request& next : runner.take_requests()) pending.push_back(std::move(next));
  }
  EXPECT_TRUE(runner.done());
  EXPECT_LE(most, 8U);
  EXPECT_EQ(runner.take_report().inventory.files, 500);
}

TEST(Runner, AChunkThatCannotBeReadIsNoDamage) {
  FakeHost host = read_vector(kVectors / "zarr__chunk-decode/valid-16-bytes.json");
  host.errors["0/c/0/0"] = {ErrorCode::kRetry, "the disk does not answer"};
  const Report report = host.run();
  EXPECT_EQ(count_of(report, "files/unreadable"), 1) << summary(report);
  EXPECT_EQ(report.errors, 0);
}

TEST(Runner, ManyFaultsOfOneRuleAreCounted) {
  FakeHost host = plate();
  std::string wells;
  for (int i = 0; i < 100; ++i) wells += R"(,{"path":"A/1","rowIndex":0,"columnIndex":0})";
  std::string& text = host.files["zarr.json"];
  const std::size_t end = text.find("}]", text.find("\"wells\""));
  ASSERT_NE(end, std::string::npos);
  text.insert(end + 1, wells);
  const Report report = host.run();
  EXPECT_EQ(count_of(report, "ome-zarr/plate-wells"), 100);
  EXPECT_EQ(report.issues.size(), 20U);
  EXPECT_EQ(report.errors, 100);
}

}  // namespace
}  // namespace mifa::validate
