#include "ome/group.h"

#include <gtest/gtest.h>

#include "fake_host.h"
#include "ome/key_ledger.h"

namespace mifa::ome {
namespace {

JsonView parse(const std::string& text, const char* file = ".zattrs") {
  return JsonDocument::parse(text, file).value();
}

TEST(Version, MinorNumber) {
  EXPECT_EQ(minor_version("0.1"), 1);
  EXPECT_EQ(minor_version("0.4.1"), 4);
  EXPECT_EQ(minor_version("0.6.dev3"), 6);
  EXPECT_EQ(minor_version("0.6rc0"), 6);
  for (const char* text : {"", "0.", "0.0", "0.7", "0.45", "1.0", "latest"}) {
    EXPECT_EQ(minor_version(text), 0) << text;
  }
}

TEST(Group, ContentByPrecedence) {
  EXPECT_EQ(read_v2_group(parse(R"({"bioformats2raw.layout":3})")).content, Content::kSeries);
  EXPECT_EQ(read_v2_group(parse(R"({"bioformats2raw.layout":3,"plate":{}})")).content,
            Content::kPlate);
  EXPECT_EQ(read_v2_group(parse(R"({"multiscales":[],"labels":[]})")).content, Content::kImage);
  EXPECT_EQ(read_v2_group(parse(R"({"other":1})")).content, Content::kNone);
  EXPECT_EQ(read_v2_group(parse("[1]")).content, Content::kNone);
  EXPECT_EQ(read_v3_group(parse(v3_array({4, 4}))).content, Content::kArray);
}

TEST(Group, VersionTypesAndFormats) {
  IssueLog log(100, 100);
  const auto v2 = read_v2_group(parse(R"({"multiscales":[{"version":0.4}]})"));
  EXPECT_EQ(version_of(v2, v2.ome["multiscales"][0], log).minor, 4);
  ASSERT_EQ(log.issues().size(), 1U);
  EXPECT_EQ(log.issues()[0].rule, "ome-zarr/version-type");
  EXPECT_EQ(log.issues()[0].pointer, "/multiscales/0/version");
  EXPECT_EQ(log.issues()[0].line, 1);
  EXPECT_EQ(log.issues()[0].received, "the number 0.4");

  IssueLog other(100, 100);
  const auto v3 = read_v3_group(parse(v3_group(R"({"version":"0.4","multiscales":[{}]})")));
  EXPECT_EQ(version_of(v3, v3.ome["multiscales"][0], other).minor, 4);
  EXPECT_EQ(count_rule(other.issues(), "ome-zarr/version-zarr-format"), 1);
}

TEST(Version, AnUnknownOneIsReadAsTheNearest) {
  const auto read = [](const std::string& text, bool v3, int minor) {
    IssueLog log(10, 10);
    const auto group = v3 ? read_v3_group(parse(v3_group(text))) : read_v2_group(parse(text));
    EXPECT_EQ(version_of(group, group.ome["multiscales"][0], log).minor, minor) << text;
    EXPECT_EQ(count_rule(log.issues(), "ome-zarr/version-unknown"), 1);
    return log.issues()[0].message;
  };
  const std::string axes = R"("axes":[{"name":"y"},{"name":"x"}])";
  EXPECT_EQ(read(R"({"version":"0.9","multiscales":[{)" + axes + "}]}", true, 5),
            "The OME-Zarr version \"0.9\" is not known: the rest is read as 0.5.");
  read(R"({"version":"1.0","multiscales":[{"coordinateSystems":[]}]})", true, 6);
  read(R"({"multiscales":[{"version":"0.45",)" + axes + "}]}", false, 4);
  read(R"({"multiscales":[{"version":"latest"}]})", false, 0);
}

TEST(IssueLog, StopsAtItsLimits) {
  IssueLog log(10, 3);
  const JsonView place = parse("{}");
  for (int i = 0; i < 50; ++i) log.at(place, {.rule = "a", .message = "x" + std::to_string(i)});
  log.at(place, {.rule = "a", .message = "x0"});
  EXPECT_EQ(log.issues().size(), 4U);  // Three, and one that says that there are more.
  EXPECT_EQ(log.issues()[3].severity, Severity::kInfo);
  for (int i = 0; i < 50; ++i) {
    log.at_file("file" + std::to_string(i), {.rule = "b", .message = "x"});
  }
  EXPECT_EQ(log.issues().size(), 10U);
  EXPECT_EQ(log.issues().back().rule, "ome-zarr/more-issues");
}

TEST(IssueLog, WhatIsReadTwiceIsWrongOnce) {
  IssueLog log(10, 3);
  for (int i = 0; i < 2; ++i) log.at(parse("{}"), {.rule = "a", .message = "x"});
  EXPECT_EQ(log.issues().size(), 1U);
}

TEST(IssueLog, ManyItemsAreOneIssue) {
  IssueLog log(10, 3);
  for (int i = 0; i < 20; ++i) {
    log.tally(parse("{}"), {.rule = "a", .message = "Missing:"}, std::to_string(i));
    EXPECT_EQ(log.issues().size(), 1U);
    if (i == 1) {
      EXPECT_EQ(log.issues()[0].message, "Missing: 0, 1.");
    }
  }
  EXPECT_EQ(log.issues()[0].message, "Missing: 0, 1, 2, 3, 4, 5, 6, 7 and 12 more.");
}

TEST(KeyLedger, AsksOnceAndIgnoresWhatNobodyAskedFor) {
  KeyLedger ledger(1000);
  EXPECT_TRUE(ledger.need("a").waiting());
  EXPECT_TRUE(ledger.need("a").waiting());
  EXPECT_EQ(ledger.take_requests(), std::vector<std::string>{"a"});
  EXPECT_TRUE(ledger.take_requests().empty());
  EXPECT_FALSE(ledger.missing("b"));
  EXPECT_TRUE(ledger.missing("a"));
  EXPECT_FALSE(ledger.failed("a", {}));
  EXPECT_EQ(ledger.need("a").state, KeyLedger::State::kMissing);
}

TEST(KeyLedger, RefusesDocumentsBeyondTheLimit) {
  KeyLedger ledger(4);
  ledger.need("a");
  const std::string text = "[1,2,3]";
  ledger.found("a", std::as_bytes(std::span(text)));
  EXPECT_EQ(ledger.need("a").error.code, ErrorCode::kLimit);
}

TEST(KeyLedger, ConsolidatedMetadataAnswers) {
  KeyLedger ledger(1000);
  ledger.consolidate_v2("", parse(R"({"metadata":{"0/.zarray":{"shape":[1]}}})", ".zmetadata"));
  EXPECT_TRUE(ledger.need("0/.zarray").found());
  EXPECT_EQ(ledger.need("labels/.zattrs", KeyLedger::Absence::kTrust).state,
            KeyLedger::State::kMissing);
  EXPECT_TRUE(ledger.take_requests().empty());
  EXPECT_TRUE(ledger.need("1/.zarray").waiting());
  EXPECT_EQ(ledger.take_requests(), std::vector<std::string>{"1/.zarray"});
}

}  // namespace
}  // namespace mifa::ome
