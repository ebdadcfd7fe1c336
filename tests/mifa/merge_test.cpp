#include "mifa/merge.h"

#include "documents.h"

namespace mifa::meta {
namespace {

const std::string kAgent =
    "study:\n  title: Nuclei of mouse embryos\n  license: CC BY 4.0\n  keywords: [a]\n"
    "annotations:\n  Masks:\n    annotation_overview: One\n    annotation_method: By hand\n"
    "version:\n  Masks: {version: 1.0, timestamp: 2024-01-02}\n";
const std::string kPageTab =
    "Submission\tS-BIAD1\nTitle\tnuclei of  Mouse embryos.\n\nStudy\nLicense\tCC BY "
    "3.0\nKeyword\tA\n"
    "Keyword\tb\n\nAnnotations\tA-1\nTitle\tmasks\nAnnotation Overview\tAnother\nAnnotation "
    "Type\ttracks\n\n"
    "Version\t\tA-1\nAnnotation version\t1.0\nVersion timestamp\t2024-01-03\n";

TEST(Merge, FillsInAndNamesConflictsWithBothPlaces) {
  const Checks checks = check_documents({{"m.yaml", kAgent, {}}, {"s.tsv", kPageTab, {}}});
  const Record& record = checks.record;
  EXPECT_EQ(record.study.accession.value, "S-BIAD1");
  EXPECT_EQ(record.study.keywords.size(), 2U);
  ASSERT_EQ(record.annotations.size(), 1U);
  EXPECT_EQ(record.annotations[0].types[0].value, "tracks");
  EXPECT_EQ(record.versions.size(), 1U);
  const Issues conflicts = of_rule(checks.issues, "mifa/conflict");
  ASSERT_EQ(conflicts.size(),
            3U);  // Licence, overview, timestamp; not title, which differs in spelling.
  EXPECT_EQ(conflicts[0].message,
            "The licence is stated twice and differently: here \"CC BY 3.0\", but \"CC BY 4.0\" in "
            "m.yaml line 3, which counts.");
  EXPECT_EQ(conflicts[0].file, "s.tsv");
  EXPECT_EQ(conflicts[0].line, 5);
  ASSERT_EQ(conflicts[0].related.size(), 1U);
  EXPECT_EQ(conflicts[0].related[0].file, "m.yaml");
  EXPECT_EQ(conflicts[0].related[0].line, 3);
  EXPECT_EQ(conflicts[0].related[0].pointer, "/study/license");
}

TEST(Merge, ListsAreFoundByTheirNameOrItsBase) {
  REQUIRE_FIXTURES();
  std::vector<SourceFile> files;
  for (const char* path : {"pagetab/S-BIAD1492.json", "filelist/S-BIAD1492_bbc024_images.json",
                           "filelist/S-BIAD1492_bbc024_masks.json"}) {
    files.push_back({path, text_of(fixtures() / path), {}});
  }
  const Checks checks = check_documents(files);
  const FileIndex index(checks.record, nullptr);
  EXPECT_EQ(index.annotations().size(), 6U);
  EXPECT_EQ(index.annotations()[0].set, 0);
  EXPECT_EQ(index.images().size(), 7U);
}

TEST(Merge, NothingIsNothing) {
  const MergeResult merged = merge({});
  EXPECT_FALSE(merged.record.study.present());
  EXPECT_TRUE(check_record({.record = merged.record}).empty());
}

TEST(FileIndex, FindsImagesByPathLabelAndName) {
  const Checks checks = check_document(
      "l.tsv",
      "file_path\ttype\tlabel\nd/i/a.tif\thttp://bia/Image\tFirst\nd/i/b.tif\thttp://bia/Image\t\n"
      "e/i/b.tif\thttp://bia/Image\t\n");
  const FileIndex index(checks.record, nullptr);
  std::string path;
  using Match = FileIndex::Match;
  EXPECT_EQ(index.find_image("./d/i/a.tif", path), Match::kOne);
  EXPECT_EQ(index.find_image("First", path), Match::kOne);
  EXPECT_EQ(path, "d/i/a.tif");
  EXPECT_EQ(index.find_image("a.tif", path), Match::kOne);
  EXPECT_EQ(index.find_image("i/a.tif", path), Match::kOne);
  EXPECT_EQ(index.find_image("root/d/i/a.tif", path), Match::kOne);
  EXPECT_EQ(index.find_image("b.tif", path), Match::kSeveral);
  EXPECT_EQ(index.find_image("x/a.tif", path), Match::kNone);
  EXPECT_EQ(index.find_image("", path), Match::kNone);
}

}  // namespace
}  // namespace mifa::meta
