// What is said when there is nothing to show.
#include <gtest/gtest.h>

#include "fake_host.h"
#include "ome/opener.h"

namespace mifa::ome {
namespace {

struct Failed {
  Error error;
  Issues issues;
  FakeHost host;
};

Failed open(std::map<std::string, std::string> files, std::map<std::string, Error> errors = {}) {
  Failed result;
  result.host.files = std::move(files);
  result.host.errors = std::move(errors);
  Opener opener("https://host/x.zarr");
  result.host.run(opener);
  EXPECT_EQ(opener.stage(), Opener::Stage::kFailed);
  if (opener.stage() == Opener::Stage::kFailed) result.error = opener.failure();
  result.issues = opener.issues();
  return result;
}

TEST(Failure, NothingThere) {
  const auto failed = open({});
  EXPECT_EQ(failed.error.code, ErrorCode::kMissing);
  EXPECT_EQ(failed.host.rounds, 2);
  EXPECT_EQ(failed.host.asked.size(), 5U);
  EXPECT_EQ(failed.error.message,
            "expected OME-Zarr metadata at https://host/x.zarr, received nothing: zarr.json, "
            ".zattrs, .zmetadata, .zarray and .zgroup are not there. An OME-Zarr root is a folder "
            "with zarr.json (0.5 and later) or .zattrs (0.4 and before) in it, often named *.zarr "
            "or *.ome.zarr. Check that the address is that of the image itself: not of the folder "
            "above it, nor of a chunk or a file inside it, and that no part is missing at its "
            "end.");
}

TEST(Failure, Forbidden) {
  const auto failed = open({}, {{"*", {ErrorCode::kForbidden, "HTTP 403"}}});
  EXPECT_EQ(failed.error.code, ErrorCode::kForbidden);
  EXPECT_NE(failed.error.message.find("received a refusal: HTTP 403."), std::string::npos);
  EXPECT_NE(failed.error.message.find("s3:GetObject"), std::string::npos);
  EXPECT_NE(failed.error.message.find("Access-Control-Allow-Origin"), std::string::npos);
}

TEST(Failure, ABareArrayOnAServerThatRefusesWhatIsNotThere) {
  Opener opener("test");
  FakeHost host;
  host.files = {{".zarray", zarray({8, 8})}};
  host.errors = {{"*", {ErrorCode::kForbidden, "HTTP 403"}}};
  host.run(opener);
  EXPECT_EQ(opener.stage(), Opener::Stage::kComplete);
}

TEST(Failure, NoAnswer) {
  const auto failed = open({}, {{"*", {ErrorCode::kRetry, "the request failed"}}});
  EXPECT_EQ(failed.error.code, ErrorCode::kRetry);
  EXPECT_EQ(failed.host.rounds, 1);  // No more questions to a server that does not answer.
  EXPECT_NE(failed.error.message.find("received no answer: the request failed."),
            std::string::npos);
  EXPECT_NE(failed.error.message.find("CORS"), std::string::npos);
}

TEST(Failure, APage) {
  const std::string page = "<!DOCTYPE html>";
  const auto failed = open({{"zarr.json", page},
                            {".zattrs", page},
                            {".zmetadata", page},
                            {".zarray", page},
                            {".zgroup", page}});
  EXPECT_EQ(failed.error.code, ErrorCode::kFixData);
  EXPECT_NE(failed.error.message.find("received a web page"), std::string::npos);
}

TEST(Failure, WhatTheStoreRefusesIsNoFaultOfAFile) {
  const auto failed = open({}, {{"*", {ErrorCode::kFixData, "expected a known address"}}});
  EXPECT_EQ(failed.error.code, ErrorCode::kFixData);
  EXPECT_NE(failed.error.message.find("expected a known address"), std::string::npos);
  EXPECT_EQ(count_rule(failed.issues, "ome-zarr/json"), 0);
}

TEST(Failure, BrokenJson) {
  const auto failed = open({{".zattrs", "{\"multiscales\": [\n"}});
  EXPECT_EQ(failed.error.code, ErrorCode::kFixData);
  EXPECT_NE(failed.error.message.find("expected valid JSON in .zattrs"), std::string::npos)
      << failed.error.message;
  EXPECT_EQ(count_rule(failed.issues, "ome-zarr/json"), 1);
}

TEST(Failure, PlainGroups) {
  const auto v2 = open({{".zgroup", R"({"zarr_format":2})"}, {".zattrs", R"({"author":"me"})"}});
  EXPECT_EQ(v2.error.message,
            "expected an OME-Zarr image, plate or collection at https://host/x.zarr, received a "
            "plain Zarr group (.zattrs has \"author\"), without \"multiscales\", \"plate\", "
            "\"well\" or \"bioformats2raw.layout\". Open an image inside it, or the folder above "
            "if this is a part of an image.");
  const auto bare = open({{".zgroup", R"({"zarr_format":2})"}});
  EXPECT_NE(bare.error.message.find("a plain Zarr group, without"), std::string::npos);
  const auto v3 = open({{"zarr.json", R"({"zarr_format":3,"node_type":"group"})"}});
  EXPECT_NE(v3.error.message.find("(zarr.json has no members)"), std::string::npos);
}

TEST(Failure, AGroupsExtensionThatMustBeUnderstood) {
  const auto group = [](const std::string& member) {
    return "{\"zarr_format\":3,\"node_type\":\"group\",\"attributes\":{\"ome\":{\"version\":\"0.5\",\"plate\":{}}}," + member + "}";
  };
  const auto named = open({{"zarr.json", group(R"("encrypted":{"name":"aes"})")}});
  EXPECT_EQ(named.error.code, ErrorCode::kUnsupported);
  EXPECT_EQ(named.error.message,
            "while opening https://host/x.zarr: unknown extension at /encrypted of zarr.json; it is "
            "not marked \"must_understand\": false, so the group cannot be read safely. Write it "
            "without the extension");
  for (const char* harmless : {R"("note":{"must_understand":false})", R"("note":"by me")"}) {
    const auto plate = open({{"zarr.json", group(harmless)}});
    EXPECT_NE(plate.error.message.find("at least one image in the plate"), std::string::npos)
        << plate.error.message;
  }
}

TEST(Failure, PartsOfADataset) {
  EXPECT_NE(open({{".zattrs", R"({"labels":["cells"]})"}})
                .error.message.find("the list of an image's labels: open the folder above it"),
            std::string::npos);
  EXPECT_NE(open({{".zattrs", R"({"series":["0"]})"}})
                .error.message.find("the OME folder of a collection: open the folder above it"),
            std::string::npos);
  const auto scene = open({{"zarr.json", v3_group(R"({"version":"0.6","scene":{}})")}});
  EXPECT_EQ(scene.error.code, ErrorCode::kFixData);
  EXPECT_EQ(count_rule(scene.issues, "ome-zarr/scene"), 1);
}

TEST(Failure, BrokenArray) {
  const auto failed =
      open({{"zarr.json", R"({"zarr_format":3,"node_type":"array","shape":"big"})"}});
  EXPECT_TRUE(failed.error.message.starts_with("while opening the array https://host/x.zarr: "))
      << failed.error.message;
  EXPECT_EQ(count_rule(failed.issues, "ome-zarr/array-metadata"), 1);
}

TEST(Failure, EmptyMultiscales) {
  const auto failed = open({{".zattrs", R"({"multiscales":[]})"}});
  EXPECT_EQ(failed.error.message,
            "while opening https://host/x.zarr: \"multiscales\" does not describe an image. "
            "Expected an array \"multiscales\" of at least one object, received an empty array, at "
            "/multiscales of .zattrs. Describe the image's axes and datasets there.");
  EXPECT_EQ(count_rule(failed.issues, "ome-zarr/multiscales"), 1);
}

TEST(Failure, OddDocumentsAreNoCrash) {
  for (const char* text : {"null", "[]", "7", "\"x\"", "true", "{}"}) {
    open({{"zarr.json", text}, {".zattrs", text}, {".zmetadata", text}, {".zgroup", text}});
    open({{".zattrs", std::string(R"({"multiscales":)") + text + "}"}});
    open({{".zattrs", std::string(R"({"plate":)") + text + "}"}});
    open({{".zattrs", std::string(R"({"well":)") + text + "}"}});
    open({{".zattrs", std::string(R"({"bioformats2raw.layout":)") + text + "}"}});
    open({{"zarr.json", v3_group(text)}});
  }
}

}  // namespace
}  // namespace mifa::ome
