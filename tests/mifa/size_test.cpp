// Metadata of many files: time and hostile sizes.
#include <ctime>

#include "documents.h"
#include "mifa/card.h"
#include "mifa/exporter.h"

namespace mifa::meta {
namespace {

// Of the processor: a busy machine is no fault of ours.
double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

std::string number(int i) { return std::to_string(i); }

// A submission with file lists of `count` images and as many masks.
std::vector<SourceFile> submission(int count) {
  std::string images = "Files\tSize\n";
  std::string masks = "Files\tSource image\tAnnotation type\tCreation time\n";
  for (int i = 0; i < count; ++i) {
    images += "images/plate_1/well_" + number(i) + ".ome.zarr\t123456\n";
    masks += "masks/plate_1/well_" + number(i) + ".tif\timages/plate_1/well_" + number(i) +
             ".ome.zarr\tsegmentation_mask\t2024-01-02T03:04:05Z\n";
  }
  const std::string study =
      "Submission\tS-BIAD1\nTitle\tMasks of the nuclei of many "
      "cells\nReleaseDate\t2026-03-01\n\nStudy\nDescription\tMany cells\n"
      "License\tCC0\nKeyword\tcell\nFunding statement\tNone\n\nauthor\nName\tA B\nE-mail\ta@b.org\n"
      "Role\tdata annotation\n\nAnnotations\tAnnotations-1\nTitle\tMasks\nAnnotation "
      "Overview\tMasks of nuclei\n"
      "Annotation Type\tsegmentation_mask\nAnnotation Method\tBy hand, reviewed\nFile "
      "List\tmasks.tsv\n\n"
      "Version\t\tAnnotations-1\nAnnotation version\t1.0\nVersion "
      "timestamp\t2024-01-02T03:04:05Z\n\n"
      "Study Component\tC-1\nName\tImages\nDescription\tImages\nFile List\timages.tsv\n";
  return {{"submission.tsv", study, {}}, {"images.tsv", images, {}}, {"masks.tsv", masks, {}}};
}

TEST(Sizes, TenThousandImagesAndAnnotations) {
  const auto files = submission(10000);
  ActualFiles actual;
  for (int i = 0; i < 10000; ++i) {
    actual.files.push_back({"images/plate_1/well_" + number(i) + ".ome.zarr/zarr.json", 100});
    actual.files.push_back({"masks/plate_1/well_" + number(i) + ".tif", 100});
    actual.images.push_back({"images/plate_1/well_" + number(i) + ".ome.zarr", {64, 64, 1}, 1e-7});
    actual.annotations.push_back(
        {"masks/plate_1/well_" + number(i) + ".tif", {"segmentation_mask"}, 3, {64, 64, 1}, 0, true});
  }
  const std::clock_t start = std::clock();
  const Checks checks = check_documents(files, &actual);
  const std::string card = card_json(checks.record, checks.issues);
  const double seconds = seconds_since(start);
  std::printf("10,000 images and 10,000 annotations: read, merged, checked, card in %.2f s\n",
              seconds);
  for (const Issue& issue : checks.issues) {
    EXPECT_TRUE(issue.severity == Severity::kInfo || issue.rule.starts_with("rembi/"))
        << issue.message;
  }
  // With sanitizers; without, it is a fifth of a second.
  EXPECT_LT(seconds, 10);
  EXPECT_EQ(export_ro_crate(checks.record).files[1].text.size() > 1000000, true);
}

TEST(Sizes, FaultsInEveryRowAreNotAReportOfThousands) {
  auto files = submission(10000);
  std::string& masks = files[2].text;
  for (std::size_t at = masks.find("images/"); at != std::string::npos;
       at = masks.find("images/", at)) {
    masks.replace(at, 7, "imagez/");
  }
  const Checks checks = check_documents(files);
  const Issues found = of_rule(checks.issues, "mifa/source-image-unresolved");
  ASSERT_EQ(found.size(), 50U);
  EXPECT_TRUE(found.back().message.ends_with("(9950 more like this)")) << found.back().message;
}

TEST(Sizes, ManyKeysAndColumns) {
  std::string yaml = "study:\n";
  for (int i = 0; i < 20000; ++i) yaml += "  key" + number(i) + ": 1\n";
  const std::clock_t start = std::clock();
  const Checks checks = check_document("m.yaml", yaml);
  EXPECT_LE(of_rule(checks.issues, "mifa/unknown-attribute").size(), 50U);
  std::string row;
  for (int i = 0; i < 100000; ++i) row += "\tx";
  check_document("l.tsv", "Files" + row + "\na" + row + "\n");
  EXPECT_LT(seconds_since(start), 10);
}

}  // namespace
}  // namespace mifa::meta
