// Annotation files in a dataset: which image each is about, what is said against it, and how often.
#include <gtest/gtest.h>

#include "fake_host.h"
#include "validate/image_book.h"

namespace mifa::validate {
namespace {

// An image of 4 × 4 pixels at a path, as the vectors have it.
void add_image(FakeHost& host, const std::string& path) {
  const FakeHost vector = read_vector("tests/vectors/rules/files__empty/valid-content.json");
  for (const auto& [key, text] : vector.files) {
    if (key.starts_with("image.zarr/")) host.files[path + key.substr(10)] = text;
  }
}

std::string square(int x, int y, int edge) {
  const auto corner = [&](int dx, int dy) {
    return "[" + std::to_string(x + dx * edge) + "," + std::to_string(y + dy * edge) + "]";
  };
  return R"({"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[)" + corner(0, 0) + "," +
         corner(1, 0) + "," + corner(1, 1) + "," + corner(0, 1) + "," + corner(0, 0) + "]]}}";
}

std::string collection(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

std::string coco_image(int id, const std::string& name, int edge) {
  return R"({"id":)" + std::to_string(id) + R"(,"file_name":")" + name + R"(","width":)" + std::to_string(edge) +
         R"(,"height":)" + std::to_string(edge) + "}";
}

std::string coco_box(int id, int image, int x, int edge) {
  return R"({"id":)" + std::to_string(id) + R"(,"image_id":)" + std::to_string(image) +
         R"(,"category_id":1,"area":)" + std::to_string(edge * edge) + R"(,"iscrowd":0,"bbox":[)" + std::to_string(x) +
         ",0," + std::to_string(edge) + "," + std::to_string(edge) + "]}";
}

std::string coco(const std::string& images, const std::string& annotations) {
  return R"({"images":[)" + images + R"(],"categories":[{"id":1,"name":"cell"}],"annotations":[)" + annotations + "]}";
}

TEST(ImageBook, FindsImagesByTheNamesInUse) {
  ImageBook book;
  for (const char* path : {"images/a/cells.ome.zarr", "images/b/cells.ome.zarr", "images/a/nuclei.tif", "plate.zarr/A/1/0"}) {
    book.add({.path = path, .extent = {4, 4, 1}, .context = {}});
  }
  const auto path = [](const KnownImage* image) { return image ? image->path : std::string("none"); };
  EXPECT_EQ(path(book.named("nuclei.tif", "")), "images/a/nuclei.tif");
  EXPECT_EQ(path(book.named("C:\\data\\nuclei.png", "")), "images/a/nuclei.tif");
  EXPECT_EQ(path(book.named("cells", "images/b")), "images/b/cells.ome.zarr");
  EXPECT_EQ(path(book.named("cells", "")), "none") << "there are two";
  EXPECT_EQ(path(book.named("b/cells.ome.zarr", "")), "images/b/cells.ome.zarr");
  EXPECT_EQ(path(book.named("other.tif", "")), "none");
  EXPECT_EQ(path(book.beside("images/a/nuclei_mask.png")), "images/a/nuclei.tif");
  EXPECT_EQ(path(book.beside("annotations/nuclei.geojson")), "images/a/nuclei.tif");
  EXPECT_EQ(path(book.beside("annotations/nuclei/outlines.csv")), "images/a/nuclei.tif");
  EXPECT_EQ(path(book.beside("annotations/outlines.csv")), "none");
  EXPECT_EQ(path(book.masked_by("masks/nuclei.png")), "images/a/nuclei.tif");
  EXPECT_EQ(path(book.masked_by("images/a/nuclei.tif")), "none");
}

TEST(Annotations, AreHeldAgainstTheirImage) {
  FakeHost host;
  add_image(host, "images/cells.ome.zarr");
  host.files["annotations/cells.geojson"] = collection(square(0, 0, 2) + "," + square(40, 40, 2));
  const Report report = host.run();
  EXPECT_EQ(count_of(report, "annotation/outside-image"), 1) << summary(report);
  EXPECT_EQ(report.inventory.annotation_files, 1);
  EXPECT_EQ(report.inventory.annotation_objects, 2);
  for (const Issue& issue : report.issues) {
    if (issue.rule != "annotation/outside-image") continue;
    ASSERT_EQ(issue.related.size(), 1U);
    EXPECT_TRUE(issue.related[0].file.ends_with(".zarr")) << issue.related[0].file;
    EXPECT_EQ(issue.file, "annotations/cells.geojson");
    EXPECT_EQ(issue.pointer, "/features/1");
  }
}

TEST(Annotations, OneFaultManyTimesIsOneIssue) {
  FakeHost host;
  add_image(host, "cells.ome.zarr");
  std::string features;
  for (int i = 0; i < 50; ++i) features += (i == 0 ? "" : ",") + square(100 + 3 * i, 40, 2);
  host.files["cells.geojson"] = collection(features);
  const Report report = host.run();
  EXPECT_EQ(count_of(report, "annotation/outside-image"), 1) << summary(report);
  EXPECT_NE(summary(report).find("This is so 50 times in the file, also at /features/1, /features/2"), std::string::npos)
      << summary(report);
}

TEST(Annotations, EachImageOfAFileHasItsTurn) {
  FakeHost host;
  add_image(host, "images/one.ome.zarr");
  add_image(host, "images/two.ome.zarr");
  host.files["coco.json"] = coco(coco_image(1, "one.png", 4) + "," + coco_image(2, "two.png", 8),
                                 coco_box(1, 1, 0, 2) + "," + coco_box(2, 2, 60, 2));
  const Report report = host.run();
  // Another size than the image has, and a box outside of it, both of the second image.
  EXPECT_EQ(count_of(report, "annotation/image-size"), 1) << summary(report);
  EXPECT_EQ(count_of(report, "annotation/coco-bbox-outside") + count_of(report, "annotation/outside-image"), 2)
      << summary(report);
  EXPECT_EQ(count_of(report, "annotation/image-unknown"), 0);
  EXPECT_EQ(count_of(report, "annotation/image-not-here"), 0);
}

TEST(Annotations, NamesOfAbsentImagesAreCounted) {
  FakeHost host;
  add_image(host, "images/one.ome.zarr");
  host.files["coco.json"] = coco(coco_image(1, "one.png", 4) + "," + coco_image(2, "gone.png", 4) + "," + coco_image(3, "lost.png", 4),
                                 coco_box(1, 1, 0, 2));
  const Report report = host.run();
  EXPECT_NE(summary(report).find("2 of the 3 images that the file names are not among the files."), std::string::npos)
      << summary(report);
}

TEST(Annotations, AFileOfManyWindowsIsReadLikeOneOfOne) {
  FakeHost host;
  add_image(host, "cells.ome.zarr");
  std::string features;
  for (int i = 0; i < 3000; ++i) features += (i == 0 ? "" : ",") + square(i % 3, i % 2, 1);
  host.files["cells.geojson"] = collection(features);
  RunOptions options;
  options.limits.kept_heads = 0;
  const std::string whole = json_report(host.run(options));
  options.limits.window_bytes = 10'000;
  EXPECT_EQ(json_report(host.run(options)), whole);
  EXPECT_NE(whole.find("\"annotationObjects\": 3000"), std::string::npos);
}

TEST(Annotations, TheOrderOfAnswersDoesNotMatter) {
  FakeHost host;
  add_image(host, "images/one.ome.zarr");
  for (int i = 0; i < 12; ++i) {
    host.files["annotations/" + std::to_string(i) + "/one.geojson"] = collection(square(0, 0, 1) + "," + square(9, 9, i + 1));
  }
  host.files["labels/data.yaml"] = "names: [cell]\n";
  host.files["labels/one.txt"] = "0 0.5 0.5 0.2 0.2\n1 0.5 0.5 1.5 0.2\n";
  const std::string expected = json_report(host.run());
  for (unsigned seed = 1; seed <= 10; ++seed) {
    host.seed = seed;
    EXPECT_EQ(json_report(host.run()), expected) << seed;
  }
}

TEST(Annotations, OfYoloTheCompanionsAreRead) {
  FakeHost host;
  add_image(host, "images/one.ome.zarr");
  host.files["labels/one.txt"] = "0 0.5 0.5 0.2 0.2\n";
  host.files["labels/two.txt"] = "";  // an image without objects
  EXPECT_EQ(count_of(host.run(), "annotation/yolo-no-names"), 1) << summary(host.run());
  EXPECT_EQ(count_of(host.run(), "files/empty"), 0) << summary(host.run());
  host.files["data.yaml"] = "names: [cell]\n";
  EXPECT_EQ(count_of(host.run(), "annotation/yolo-no-names"), 0) << summary(host.run());
}

TEST(Annotations, OtherTextIsLeftAlone) {
  FakeHost host;
  add_image(host, "images/one.ome.zarr");
  host.files["results/measurements.csv"] = "object,area,mean\n1,5,7\n2,6,8\n";
  host.files["package.json"] = R"({"name":"x","version":"1","files":["a"]})";
  host.files["notes.txt"] = "1 2 3\nThe second line.\n";
  host.files["README.md"] = "# Read me";
  const Report report = host.run();
  EXPECT_EQ(report.issues.size(), 0U) << summary(report);
  EXPECT_EQ(report.inventory.annotation_files, 0);
}

TEST(Annotations, TheSameInManyFilesIsOneIssue) {
  FakeHost host;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "cells" + std::to_string(i);
    add_image(host, "images/" + name + ".ome.zarr");
    host.files["annotations/" + name + ".geojson"] =
        R"({"type":"FeatureCollection","crs":{"type":"name"},"features":[)" + square(0, 0, 2) + "]}";
  }
  const Report report = host.run();
  std::size_t issues = 0;
  for (const Issue& issue : report.issues) issues += issue.rule == "annotation/geojson-crs";
  EXPECT_EQ(issues, 1U) << summary(report);
  EXPECT_EQ(count_of(report, "annotation/geojson-crs"), 60);
  EXPECT_NE(summary(report).find("The same holds in 59 other places."), std::string::npos) << summary(report);
}

TEST(Annotations, AnUnreadableFileStopsNothing) {
  FakeHost host;
  add_image(host, "images/one.ome.zarr");
  host.files["one.geojson"] = collection(square(0, 0, 2));
  host.files["two.geojson"] = collection(square(0, 0, 2));
  host.errors["one.geojson"] = {ErrorCode::kForbidden, "permission denied"};
  const Report report = host.run();
  EXPECT_EQ(count_of(report, "files/unreadable"), 1) << summary(report);
  EXPECT_EQ(report.inventory.annotation_files, 1);
}

TEST(Studies, EachFolderHasItsOwn) {
  FakeHost host;
  const auto study = [](const std::string& title) {
    return "study:\n  title: " + title + "\n  description: Confocal images of fixed HeLa cells with outlines of nuclei\n"
           "  license: CC0\n  keywords: [nuclei]\n  funding_statement: none\n"
           "annotations:\n  Nuclei:\n    annotation_overview: Outlines of nuclei\n    annotation_type: [geometrical_annotations]\n"
           "    annotation_method: Two experts drew outlines by hand, a third checked them\n";
  };
  for (const char* folder : {"first", "second"}) {
    const std::string at = folder;
    add_image(host, at + "/images/cells.ome.zarr");
    host.files[at + "/mifa.yaml"] = study("Nuclei of HeLa cells, the " + at + " series");
    host.files[at + "/file_list.tsv"] =
        "Files\tsource image\tAnnotation type\nimages/cells.ome.zarr\t\t\nannotations/a.geojson\timages/cells.ome.zarr\tgeometrical_annotations\n";
    host.files[at + "/annotations/a.geojson"] = collection(square(0, 0, 2));
  }
  host.files["second/annotations/a.geojson"] = collection(square(70, 0, 2));
  const Report report = host.run();
  EXPECT_EQ(count_of(report, "mifa/conflict"), 0) << summary(report);
  EXPECT_EQ(count_of(report, "mifa/file-listed-absent"), 0) << summary(report);
  EXPECT_EQ(count_of(report, "annotation/outside-image"), 1) << summary(report);
  EXPECT_EQ(summary(report).find("mifa/source-image-unresolved"), std::string::npos) << summary(report);
}

TEST(Studies, DatesInTheFutureNeedAClock) {
  FakeHost host;
  host.files["mifa.yaml"] =
      "study:\n  title: Nuclei of HeLa cells, the first series\n  description: Confocal images of fixed HeLa cells\n"
      "  license: CC0\n  keywords: [nuclei]\nannotations:\n  Nuclei:\n    annotation_overview: Outlines of nuclei\n"
      "    annotation_type: [counts]\n    annotation_method: Experts counted\n    file_metadata:\n"
      "      - annotation_id: a.csv\n        source_image_id: a.tif\n        annotation_type: [counts]\n"
      "        annotation_creation_time: 2030-01-01T00:00:00Z\n";
  RunOptions options;
  EXPECT_EQ(count_of(host.run(options), "mifa/creation-time-future"), 0);
  options.now = 1'750'000'000;  // June 2025
  EXPECT_EQ(count_of(host.run(options), "mifa/creation-time-future"), 1) << summary(host.run(options));
}

}  // namespace
}  // namespace mifa::validate
