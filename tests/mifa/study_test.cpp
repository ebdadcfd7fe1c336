#include "mifa/study.h"

#include "documents.h"

namespace mifa::meta {
namespace {

SourceFile study(const std::string& folder, const std::string& title) {
  return {folder + "metadata.yaml", "study:\n  title: " + title + "\n  license: CC0\n", {}};
}

TEST(Studies, FilesThatMayBeMetadata) {
  for (const char* path :
       {"a.yaml", "b/c.JSON", "list.tsv", "x.xlsx", "i.ome.zarr/ro-crate-metadata.json"}) {
    EXPECT_TRUE(may_be_metadata(path)) << path;
  }
  for (const char* path :
       {"a.tif", "i.ome.zarr/zarr.json", "i.ome.zarr/0/zarr.json", "x/.zattrs", "README"}) {
    EXPECT_FALSE(may_be_metadata(path)) << path;
  }
}

TEST(Studies, EachInItsFolder) {
  const auto studies =
      check_studies({study("a/", "First study of all of them"),
                     study("b/", "Second study of all of them"),
                     {"a/lists/masks.tsv", "Files\tSource image\nm.tif\ti.tif\n", {}},
                     {"notes.json", "{\"x\": 1}", {}}},
                    nullptr);
  ASSERT_EQ(studies.size(), 2U);
  EXPECT_EQ(studies[0].root, "a");
  EXPECT_EQ(studies[0].record.file_lists.size(), 1U);
  EXPECT_EQ(studies[1].record.study.title.value, "Second study of all of them");
  for (const CheckedStudy& one : studies) EXPECT_TRUE(of_rule(one.issues, "mifa/conflict").empty());
}

TEST(Studies, PathsOfListsAreFromTheStudysFolder) {
  ActualFiles actual;
  actual.files = {{"d/metadata.yaml", 1}, {"d/list.tsv", 1}, {"d/i/a.tif", 1}, {"other.tif", 1}};
  const auto studies = check_studies(
      {study("d/", "A study in a folder of its own"), {"d/list.tsv", "Files\ni/a.tif\n", {}}},
      &actual);
  ASSERT_EQ(studies.size(), 1U);
  EXPECT_TRUE(of_rule(studies[0].issues, "mifa/file-listed-absent").empty());
  EXPECT_TRUE(of_rule(studies[0].issues, "mifa/file-unlisted").empty());
}

TEST(Studies, CratesOfImagesAreByThemselves) {
  const std::string crate = text_of("tests/vectors/rules/mifa__crate-root/valid-there.json");
  const auto studies = check_studies({study("", "A study with crates of its images"),
                                      {"a.ome.zarr/ro-crate-metadata.json", crate, {}},
                                      {"b.ome.zarr/ro-crate-metadata.json", crate, {}}},
                                     nullptr);
  ASSERT_EQ(studies.size(), 3U);
  EXPECT_TRUE(lines(studies[1].issues).empty());
  EXPECT_EQ(studies[0].root, "");
}

TEST(Studies, DocumentsMayLieBesideTheData) {
  ActualFiles actual;
  actual.files = {{"meta/metadata.yaml", 1}, {"meta/list.tsv", 1}, {"data/a.tif", 1}};
  const auto studies = check_studies({study("meta/", "A study with its data in a folder beside it"),
                                      {"meta/list.tsv", "Files\ndata/a.tif\ndata/b.tif\n", {}}},
                                     &actual);
  ASSERT_EQ(studies.size(), 1U);
  EXPECT_EQ(studies[0].root, "");
  EXPECT_EQ(of_rule(studies[0].issues, "mifa/file-listed-absent").size(), 1U);
  EXPECT_TRUE(of_rule(studies[0].issues, "mifa/file-unlisted").empty());
}

TEST(Studies, DocumentsOfOneStudyInSubfoldersAreOne) {
  const auto studies = check_studies(
      {study("meta/", "A study with lists elsewhere in it"), {"lists/l.tsv", "Files\na.tif\n", {}}},
      nullptr);
  ASSERT_EQ(studies.size(), 1U);
  EXPECT_EQ(studies[0].record.file_lists.size(), 1U);
}

}  // namespace
}  // namespace mifa::meta
