// Documents that others made: good ones give no error, and a warning only where a curator would
// agree. Each warning here has been looked at; what it is about stands beside it.
#include "documents.h"

namespace mifa::meta {
namespace {

struct Expected {
  std::vector<const char*> files;
  std::vector<std::string> lines;
};

const std::vector<Expected> kGood = {
    // bia-agent's template has no field for the licence.
    {{"bia-agent/mifa-metadata.yaml"}, {"W mifa/licence-missing"}},
    {{"bia-agent/mifa-metadata.json"}, {"W mifa/licence-missing"}},
    {{"bia-agent/rembi-metadata-with-mifa.yaml"}, {"W mifa/licence-missing"}},
    // Neither funding nor a way to ask its authors.
    {{"bia-agent/rembi-metadata.yaml"},
     {"W mifa/author-contact", "W mifa/funding-missing", "W mifa/licence-missing"}},
    // Drafts: the file lists are still to be made.
    {{"bia-agent/output/mifa-metadata_rembi-mifa-to-pagetab.tsv"},
     {"W bia-submission/file-list-present", "W mifa/licence-missing"}},
    {{"bia-agent/output/rembi-metadata_rembi-to-pagetab.json"},
     {"W bia-submission/file-list-present", "W mifa/author-contact", "W mifa/funding-missing",
      "W mifa/licence-missing"}},
    // As submitted: a variable was cut at its commas. As corrected: no longer.
    {{"pagetab/S-BIAD1076_original.json"},
     {"W mifa/annotators-uncredited", "W mifa/licence-missing", "W rembi/variable-cut-at-comma"}},
    {{"pagetab/S-BIAD1076_override.json"},
     {"W mifa/annotators-uncredited", "W mifa/licence-missing"}},
    // Simulated: no organism has a taxon id, no method a term. The type is in the file list, by
    // another word.
    {{"pagetab/S-BIAD1492.json"},
     {"W mifa/annotation-type-missing", "W mifa/funding-missing", "W mifa/version-module-absent",
      "W rembi/ontology-id-blank", "W rembi/taxon-id-blank"}},
    {{"pagetab/S-BIAD1492.json", "filelist/S-BIAD1492_bbc024_images.json",
      "filelist/S-BIAD1492_bbc024_masks.json"},
     {"W mifa/annotation-type-alias", "W mifa/funding-missing", "W mifa/version-module-absent",
      "W rembi/ontology-id-blank", "W rembi/taxon-id-blank"}},
    {{"filelist/S-BIAD1492_bbc024_images.json"}, {}},
    {{"filelist/S-BIAD1492_bbc024_masks.json"}, {"W mifa/annotation-type-alias"}},
    // Known to have scalars where the model has lists.
    {{"bia-mifa-models/Version_S-BIAD634.yaml"}, {}},
    {{"bia-mifa-models/Annotations_S-BIAD634.yaml"},
     {"W mifa/scalar-for-list", "W mifa/scalar-for-list"}},
    // "licence" is not in its context; one author has lost the @id; no keywords, no funding.
    {{"S-BIAD843-ro-crate.json"},
     {"W mifa/annotation-type-alias", "W mifa/dangling-reference", "W mifa/funding-missing",
      "W mifa/keywords-missing", "W mifa/undefined-term"}},
    // A test crate with a made-up ORCID and "manual" for a type.
    {{"rocrate/bia_submission_profile_valid_derived/ro-crate-metadata.json",
      "rocrate/bia_submission_profile_valid_derived/file_list.tsv"},
     {"W mifa/annotation-type-is-method", "W mifa/annotators-uncredited", "W mifa/funding-missing",
      "W mifa/keywords-missing", "W rembi/ontology-id-blank", "W rembi/taxon-id-blank"}},
    // Its conversion has dropped the keywords.
    {{"rocrate/integrator_S-BIADTEST_ANNOTATION_METHOD/ro-crate-metadata.json",
      "rocrate/integrator_S-BIADTEST_ANNOTATION_METHOD/combined_file_list.tsv"},
     {"W mifa/funding-missing", "W mifa/keywords-missing", "W mifa/method-vague"}},
    // Other archives' crates were not made for MIFA. Its organisation's ROR is made up.
    {{"rocrate/gide/idr0001-ro-crate-metadata.json"}, {}},
    {{"rocrate/gide/EXAMPLE-001-ro-crate-metadata.json"}, {"W mifa/ror-invalid"}},
    {{"ome-zarr-ro-crate/valid/example_1.2_crate.json"}, {}},
    {{"ome-zarr-ro-crate/valid/example_production_crate.json"}, {}},
    {{"ome-zarr-ro-crate/valid/example_with_extra_context.json"}, {}},
    {{"other/croissant/coco2014_metadata.json"}, {}},
    {{"other/croissant/coco2014-mini_metadata.json"}, {}},
    {{"bia-api/bia-search/bia-study-metadata.json"},
     {"W rembi/ontology-id-blank", "W rembi/taxon-id-blank"}},
    // The pixel size of S-BIAD634's conversion is a TIFF's default.
    {{"bia-api/bia-search/bia-image-metadata.json"},
     {"W rembi/ontology-id-blank", "W rembi/pixel-size-implausible", "W rembi/taxon-id-blank"}},
};

std::vector<SourceFile> load(const std::vector<const char*>& paths) {
  std::vector<SourceFile> files;
  for (const char* path : paths) {
    files.push_back(
        {std::filesystem::path(path).filename().string(), text_of(fixtures() / path), {}});
  }
  return files;
}

TEST(RealData, GoodDocumentsGiveNoErrorAndOnlyAgreedWarnings) {
  REQUIRE_FIXTURES();
  for (const Expected& expected : kGood) {
    const Checks checks = check_documents(load(expected.files));
    EXPECT_EQ(lines(checks.issues), expected.lines) << expected.files.front();
  }
}

TEST(RealData, FaultyDocumentsGiveAnErrorThatNamesTheFault) {
  REQUIRE_FIXTURES();
  const std::vector<std::pair<const char*, const char*>> kFaulty = {
      {"ome-zarr-ro-crate/invalid/broken_chain.json", "mifa/image-crate-chain"},
      {"ome-zarr-ro-crate/invalid/missing_context_terms.json", "mifa/undefined-term"},
      {"ome-zarr-ro-crate/invalid/missing_metadata.json", "mifa/crate-descriptor"},
      {"ome-zarr-ro-crate/invalid/missing_root.json", "mifa/crate-root"},
      {"bia-agent/broken_specimens.yaml", "mifa/misplaced-section"},
      {"bia-agent/broken_specimens.yaml", "rembi/taxon-required-properties"},
      {"bia-mifa-models/Study_template.yaml", "mifa/title-missing"},
      {"bia-agent/rembi-mifa-metadata-template.yaml", "mifa/overview-missing"}};
  for (const auto& [path, rule] : kFaulty) {
    const Checks checks = check_documents(load({path}));
    const Issues found = of_rule(checks.issues, rule);
    ASSERT_FALSE(found.empty()) << path << " " << rule;
    EXPECT_EQ(found[0].severity, Severity::kError) << path;
  }
}

}  // namespace
}  // namespace mifa::meta
