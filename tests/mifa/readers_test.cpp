// Each reader, on what its container has of its own.
#include "documents.h"

namespace mifa::meta {
namespace {

const std::vector<std::pair<const char*, const char*>> kFixtureContainers = {
    {"bia-agent/mifa-metadata.yaml", "bia-agent"},
    {"bia-agent/rembi-metadata.json", "bia-agent"},
    {"bia-agent/broken_specimens.yaml", "bia-agent"},
    {"bia-agent/rembi-mifa-metadata-template.yaml", "bia-agent"},
    {"bia-agent/output/mifa-metadata_rembi-mifa-to-pagetab.tsv", "pagetab-tsv"},
    {"bia-agent/output/rembi-metadata_rembi-to-pagetab.json", "pagetab-json"},
    {"bia-agent/giga-em/giga-em_annotations.csv", "file-list-tsv"},
    {"bia-mifa-models/Study_S-BIAD634.yaml", "mifa-linkml"},
    {"bia-mifa-models/Study_template.yaml", "mifa-linkml"},
    {"bia-mifa-models/Annotations_S-BIAD634.yaml", "mifa-linkml"},
    {"bia-mifa-models/Version_S-BIAD634.yaml", "mifa-linkml"},
    {"pagetab/S-BIAD1492.json", "pagetab-json"},
    {"filelist/S-BIAD1492_bbc024_masks.json", "file-list-json"},
    {"rocrate/bia_submission_profile_valid_derived/ro-crate-metadata.json", "ro-crate"},
    {"rocrate/bia_submission_profile_valid_derived/file_list.tsv", "file-list-tsv"},
    {"rocrate/integrator_S-BIADTEST_ANNOTATION_METHOD/combined_file_list.tsv", "file-list-tsv"},
    {"rocrate/gide/idr0001-ro-crate-metadata.json", "ro-crate"},
    {"S-BIAD843-ro-crate.json", "ro-crate"},
    {"ome-zarr-ro-crate/invalid/missing_root.json", "ro-crate"},
    {"bia-api/bia-search/bia-study-metadata.json", "bia-api"},
    {"bia-api/bia-search/bia-image-metadata.json", "bia-api"},
    {"other/croissant/coco2014_metadata.json", "croissant"},
    // Not metadata of a data set, though it has the words.
    {"schemas/bia_mifa_models.linkml.yaml", ""},
    {"schemas/bia_mifa_models.schema.json", ""},
    {"schemas/rembi_Study.schema.json", ""},
    {"schemas/REMBIStudy.multimeric.schema.json", ""},
    {"schemas/bia_mifa_models.context.jsonld", ""},
    {"schemas/bia_api_v2_openapi.json", ""},
    {"schemas/bia-submission-ro-crate-profile.json", ""},
    {"schemas/biostudies_template_BioImages.MIFA.v1.json", ""},
    {"rocrate/gide/gide-search-context.jsonld", ""},
    {"rocrate/integrator_modification/MODIFY-ROC-ANNOTATIONS/modification_config.yaml", ""},
    {"other/bioimageio_dataset_covid_if.yaml", ""},
    {"other/idr0001-study.txt", ""},
    {"bia-api/bia-search/S-BIAD634_otherspecimen_3_neuroglancer_state.json", ""}};

TEST(Containers, AreToldByTheirFirstBytes) {
  REQUIRE_FIXTURES();
  for (const auto& [path, expected] : kFixtureContainers) {
    const std::string text = text_of(fixtures() / path);
    ASSERT_FALSE(text.empty()) << path;
    const Container* found = find_container(std::string_view(text).substr(0, 64U << 10), path);
    EXPECT_STREQ(found ? found->id : "", expected) << path;
  }
}

TEST(BiaAgent, EveryValueKnowsItsPlace) {
  const Checks checks =
      check_document("m.yaml",
                     "study:\n"
                     "  title: A title of some length\n"
                     "  authors:\n"
                     "  - {first_name: A, last_name: B, role: \"x, data annotation\"}\n"
                     "annotations:\n"
                     "  Masks:\n"
                     "    annotation_type: [segmentation_mask]\n");
  const Record& record = checks.record;
  EXPECT_EQ(record.study.title.place.describe(), "m.yaml line 2");
  EXPECT_EQ(record.study.title.place.pointer, "/study/title");
  EXPECT_EQ(record.study.authors[0].roles[1].value, "data annotation");
  EXPECT_EQ(record.annotations[0].types[0].place.pointer, "/annotations/Masks/annotation_type/0");
  const Issues overview = of_rule(checks.issues, "mifa/overview-missing");
  ASSERT_EQ(overview.size(), 1U);
  EXPECT_EQ(overview[0].line, 7);
  EXPECT_EQ(overview[0].pointer, "/annotations/Masks");
  EXPECT_EQ(overview[0].message, "The annotations \"Masks\" have no overview.");
}

TEST(BiaAgent, AMisplacedSectionIsReadAndSaid) {
  REQUIRE_FIXTURES();
  const Checks checks =
      check_document("b.yaml", text_of(fixtures() / "bia-agent/broken_specimens.yaml"));
  EXPECT_EQ(checks.record.acquisitions.size(), 1U);
  const Issues found = of_rule(checks.issues, "mifa/misplaced-section");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].message, "The section \"acquisitions\" stands inside \"Specimen-1\".");
  EXPECT_EQ(found[0].line, 44);
}

TEST(PageTab, JsonAndTsvOfOneSubmissionAreTheSame) {
  REQUIRE_FIXTURES();
  const std::string stem = "bia-agent/output/rembi-metadata-with-mifa_rembi-mifa-to-pagetab";
  const Record json = check_document("a.json", text_of(fixtures() / (stem + ".json"))).record;
  const Record tsv = check_document("a.tsv", text_of(fixtures() / (stem + ".tsv"))).record;
  for (const Record* record : {&json, &tsv}) {
    EXPECT_EQ(record->study.title.value,
              "An annotated fluorescence image dataset for training nuclear segmentation methods");
    ASSERT_EQ(record->study.authors.size(), 2U);
    EXPECT_EQ(record->study.authors[1].roles.size(), 4U);
    EXPECT_EQ(record->study.authors[1].organisations[0].name.value,
              "Children's Cancer Research Institute");
    ASSERT_EQ(record->annotations.size(), 1U);
    EXPECT_EQ(record->annotations[0].name.value, "Segmentation masks");
    ASSERT_EQ(record->versions.size(), 1U);
    EXPECT_EQ(record->versions[0].timestamp.value, "2015-03-22 01:49:21");
    ASSERT_EQ(record->components.size(), 2U);
    EXPECT_EQ(record->components[1].associations[0].acquisitions[0].value, "Second acquisition");
    EXPECT_EQ(record->biosamples[0].organisms[0].ncbi_taxon.value, "NCBI:txid9606");
    EXPECT_EQ(record->study.ai_models_trained.size(), 1U);
  }
  EXPECT_EQ(tsv.annotations[0].overview.place.line, 85);
}

TEST(PageTab, TextsWithLineBreaks) {
  const Checks checks =
      check_document("a.tsv",
                     "Submission\tS-BIAD1\nTitle\tT\n\nStudy\nDescription\tone\ntwo\nKeyword\tk\n\n"
                     "Annotation\tA-1\nTitle\t\"quoted\n\nwith a \"\"blank\"\" line\"\nAnnotation "
                     "type\ttracks, counts\n");
  EXPECT_EQ(checks.record.study.description.value, "one\ntwo");
  ASSERT_EQ(checks.record.annotations.size(), 1U);
  EXPECT_EQ(checks.record.annotations[0].name.value, "quoted\n\nwith a \"blank\" line");
  EXPECT_EQ(checks.record.annotations[0].types.size(), 2U);
}

TEST(FileLists, AnyHeadingInUse) {
  for (const char* heading : {"source image", "source_image", "source image association",
                              "source_image_association", "sourceImage", "Source Image"}) {
    const Checks checks = check_document(
        "l.tsv", std::string("Files\t") + heading + "\tStain\nm/a.tif\ti/a.tif\tDAPI\n");
    const FileEntry& entry = checks.record.file_lists[0].entries[0];
    ASSERT_EQ(entry.source_images.size(), 1U) << heading;
    EXPECT_EQ(entry.source_images[0].value, "i/a.tif");
    EXPECT_EQ(entry.source_images[0].place.row, 2);
    EXPECT_EQ(entry.source_images[0].place.column, heading);
    EXPECT_EQ(entry.other[0].second, "DAPI");
  }
}

TEST(FileLists, IssuesNameRowAndColumn) {
  const Checks checks =
      check_document("l.tsv",
                     "Files\tSource image\tAnnotation "
                     "type\na.tif\tb.tif\ttracks\nc.tif\tb.tif\tdoodles\nb.tif\t\t\n");
  const Issues found = of_rule(checks.issues, "mifa/annotation-type-unknown");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 3);
  EXPECT_EQ(found[0].row, 2);  // The heading is not counted.
  EXPECT_EQ(found[0].message, "\"doodles\" is no annotation type. (column \"Annotation type\")");
}

TEST(FileLists, ListsInCells) {
  const Checks checks = check_document(
      "l.tsv",
      "file_path\ttype\tassociated_source_image\nx\thttp://bia/AnnotationData\t['a', \"b\"]\n");
  ASSERT_EQ(checks.record.file_lists[0].entries[0].source_images.size(), 2U);
  EXPECT_EQ(checks.record.file_lists[0].entries[0].source_images[1].value, "b");
}

TEST(FileLists, Spreadsheets) {
  SourceFile file{"list.xlsx", "", {}};
  file.members.push_back({"xl/sharedStrings.xml",
                          "<sst><si><t>Files</t></si><si><t>Source image</t></si>"
                          "<si><r><t>m/</t></r><r><t>a.tif</t></r></si></sst>"});
  file.members.push_back(
      {"xl/worksheets/sheet1.xml",
       "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" "
       "t=\"s\"><v>1</v></c>"
       "<c r=\"B1\" t=\"inlineStr\"><is><t>size</t></is></c></row>"
       "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c><c r=\"B3\"><v>12</v></c>"
       "<c r=\"C3\" t=\"str\"><v>i/a.tif</v></c></row></sheetData></worksheet>"});
  const Checks checks = check_documents({file});
  const FileList& list = checks.record.file_lists[0];
  ASSERT_EQ(list.entries.size(), 1U);
  EXPECT_EQ(list.entries[0].path.value, "m/a.tif");
  EXPECT_EQ(list.entries[0].size.value, "12");
  EXPECT_EQ(list.entries[0].source_images[0].place.column, "C3");
  EXPECT_EQ(of_rule(checks.issues, "mifa/file-blank-line").size(), 1U);
  file.members[1].text = "<worksheet><sheetData><row>";
  const Checks damaged = check_documents({file});
  ASSERT_EQ(of_rule(damaged.issues, "mifa/container-syntax").size(), 1U);
  EXPECT_EQ(of_rule(damaged.issues, "mifa/container-syntax")[0].message.substr(0, 64),
            "The spreadsheet's part xl/worksheets/sheet1.xml cannot be read: ");
}

TEST(LinkMl, ThreeDocumentsAreOneRecord) {
  REQUIRE_FIXTURES();
  std::vector<SourceFile> files;
  for (const char* name : {"Study", "Annotations", "Version"}) {
    const std::string path = std::string("bia-mifa-models/") + name + "_S-BIAD634.yaml";
    files.push_back({path, text_of(fixtures() / path), {}});
  }
  const Checks checks = check_documents(files);
  EXPECT_EQ(checks.record.study.authors.size(), 12U);
  ASSERT_EQ(checks.record.annotations.size(), 1U);
  EXPECT_EQ(checks.record.annotations[0].files.size(), 79U);
  EXPECT_EQ(checks.record.annotations[0].authors.size(), 5U);
  EXPECT_EQ(checks.record.versions[0].version.value, "1.1");
  EXPECT_EQ(checks.record.study.licence.value, "CC0");
  // BIA's own examples have scalars for lists: six attributes, each said once.
  EXPECT_EQ(lines(checks.issues), std::vector<std::string>(6, "W mifa/scalar-for-list"));
}

TEST(RoCrate, ThreeGenerationsOfTerms) {
  REQUIRE_FIXTURES();
  const auto read = [](const std::string& path) {
    return check_document("ro-crate-metadata.json", text_of(fixtures() / path)).record;
  };
  const Record first = read("S-BIAD843-ro-crate.json");
  EXPECT_EQ(first.study.title.value, "3D cell shape of Drosophila Wing Disc");
  EXPECT_EQ(first.study.accession.value, "S-BIAD843");
  EXPECT_EQ(first.study.authors[0].orcid.value, "https://orcid.org/0000-0003-0565-4356");
  EXPECT_EQ(first.study.authors[0].organisations[0].ror_id.value, "https://ror.org/00fv61j67");
  ASSERT_EQ(first.annotations.size(), 1U);
  EXPECT_EQ(first.annotations[0].name.value, "Segmentation masks");
  EXPECT_EQ(first.annotations[0].criteria.value, "Individual cells were labelled in 3D");
  EXPECT_EQ(first.annotations[0].types[0].value, "segmentation mask");
  // Two terms of its context share an IRI; what they refer to tells them apart.
  EXPECT_EQ(first.components[0].associations[0].specimens[0].value, "Wing disk culture");
  EXPECT_EQ(first.components[0].associations[0].acquisitions[0].value, "Confocal imaging");
  EXPECT_EQ(first.biosamples[0].organisms[0].scientific_name.value, "Drosophila melanogaster");
  EXPECT_EQ(first.file_lists[0].entries.size(), 4U);
  EXPECT_EQ(first.file_lists[0].entries[0].source_images[0].value,
            "data/images/confocal/WD1_15-02_WT_confocalonly.ome.zarr.zip");

  const Record second =
      read("rocrate/integrator_S-BIADTEST_ANNOTATION_METHOD/ro-crate-metadata.json");
  ASSERT_EQ(second.annotations.size(), 1U);
  EXPECT_EQ(second.annotations[0].types[0].value, "segmentation_mask");
  EXPECT_EQ(second.study.authors[0].display_name.value, "User with affiliaition and orcid");
  EXPECT_EQ(second.study.authors[0].email.value, "user1@ebi.ac.uk");
  EXPECT_EQ(second.acquisitions[0].methods[0].ontology_id.value,
            "http://purl.obolibrary.org/obo/FBbi_00000251");

  const Record third = read("rocrate/bia_submission_profile_valid_derived/ro-crate-metadata.json");
  EXPECT_TRUE(third.annotations[0].declared_mifa);
  EXPECT_TRUE(third.components[0].declared_rembi);
  EXPECT_EQ(third.annotations[0].method.value, "Hand annotated");
  EXPECT_EQ(third.study.doi.value, "doi:10.0000/S-TEST123");
}

TEST(RoCrate, AliasesAndPrefixesAreResolved) {
  const Checks checks = check_document("ro-crate-metadata.json", R"({
    "@context": ["https://w3id.org/ro/crate/1.1/context",
                 {"b": "http://bia/", "id": "@id", "type": "@type", "what": "b:annotationMethodType",
                  "how": {"@id": "https://schema.org/description"}, "by": "b:associatedAnnotationMethod"}],
    "@graph": [
      {"id": "ro-crate-metadata.json", "type": "CreativeWork", "about": {"id": "./"}},
      {"id": "./", "type": ["Dataset", "b:Study"], "name": {"@value": "T", "@language": "en"}},
      {"id": "#d", "type": "b:Dataset", "name": "Set", "by": {"id": "#m"}},
      {"id": "#m", "type": "b:AnnotationMethod", "what": "tracks", "how": "By hand."}]})");
  EXPECT_EQ(checks.record.study.title.value, "T");
  ASSERT_EQ(checks.record.annotations.size(), 1U);
  EXPECT_EQ(checks.record.annotations[0].types[0].value, "tracks");
  EXPECT_EQ(checks.record.annotations[0].method.value, "By hand.");
}

TEST(RoCrate, ATableIsReadByTheCratesColumns) {
  const std::string crate = R"({
    "@context": ["https://w3id.org/ro/crate/1.1/context",
      {"bia": "http://bia/", "csvw": "http://www.w3.org/ns/csvw#", "t": "csvw:tableSchema",
       "c": "csvw:column", "n": "csvw:name", "u": "csvw:propertyUrl"}],
    "@graph": [
      {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}},
      {"@id": "./", "@type": ["Dataset", "bia:Study"], "name": "T"},
      {"@id": "l.tsv", "@type": "bia:FileList", "t": {"@id": "#s"}},
      {"@id": "#s", "c": [{"@id": "#1"}, {"@id": "#2"}]},
      {"@id": "#1", "n": "file_path", "u": "http://bia/filePath"},
      {"@id": "#2", "n": "parent", "u": "bia:associatedSourceImage"}]})";
  const Checks checks = check_documents(
      {{"ro-crate-metadata.json", crate, {}}, {"l.tsv", "file_path\tparent\ttype\na\tb\t\n", {}}});
  ASSERT_EQ(checks.record.file_lists.size(), 1U);
  // A compact IRI as a literal is not expanded: it is a text.
  EXPECT_EQ(checks.record.file_lists[0].entries[0].source_images.size(), 0U);
  std::string full = crate;
  full.replace(full.find("bia:associatedSourceImage"), 25, "http://bia/associatedSourceImage");
  const Checks again = check_documents(
      {{"ro-crate-metadata.json", full, {}}, {"l.tsv", "file_path\tparent\ttype\na\tb\t\n", {}}});
  ASSERT_EQ(again.record.file_lists[0].entries[0].source_images.size(), 1U);
  EXPECT_EQ(again.record.file_lists[0].entries[0].source_images[0].value, "b");
}

TEST(BiaApi, SearchAnswers) {
  REQUIRE_FIXTURES();
  const Checks images =
      check_document("i.json", text_of(fixtures() / "bia-api/bia-search/bia-image-metadata.json"));
  ASSERT_EQ(images.record.annotations.size(), 1U);
  EXPECT_EQ(images.record.annotations[0].name.value, "Segmentation masks");
  bool found = false;
  for (const FileEntry& entry : images.record.file_lists[0].entries) {
    if (entry.path.value != "dataset/groundtruth/otherspecimen_3.tif") continue;
    found = true;
    ASSERT_EQ(entry.source_images.size(), 1U);
    EXPECT_EQ(entry.source_images[0].value, "dataset/rawimages/otherspecimen_3.tif");
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(of_rule(images.issues, "rembi/pixel-size-implausible")[0].received, "0.0003528 m");
  const Checks study =
      check_document("s.json", text_of(fixtures() / "bia-api/bia-search/bia-study-metadata.json"));
  EXPECT_EQ(study.record.study.accession.value, "S-BIAD1556");
  EXPECT_EQ(study.record.study.authors.size(), 6U);
  EXPECT_EQ(study.record.components[0].associations[0].biosamples.size(), 1U);
}

TEST(BiaApi, ObjectsOfSeveralFilesFindOneAnother) {
  REQUIRE_FIXTURES();
  std::vector<SourceFile> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           fixtures() / "bia-api/annotation-data-converter")) {
    if (entry.is_regular_file()) {
      files.push_back({entry.path().filename().string(), text_of(entry.path()), {}});
    }
  }
  const Checks checks = check_documents(files);
  int annotations = 0;
  for (const FileEntry& entry : checks.record.file_lists[0].entries) {
    if (!entry.kind.value.ends_with("AnnotationData")) continue;
    ++annotations;
    EXPECT_NE(entry.path.value.find("_point_data."), std::string::npos) << entry.path.value;
    EXPECT_EQ(entry.source_images.size(), 1U);
  }
  EXPECT_EQ(annotations, 3);
}

TEST(Croissant, ResponsibleAiTerms) {
  const Checks checks = check_document("c.json", R"({
    "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/",
                 "rai": "http://mlcommons.org/croissant/RAI/", "citeAs": "cr:citeAs"},
    "@type": "Dataset", "name": "Cells", "description": "Cells of mice", "license": "CC0-1.0",
    "creator": {"@type": "Person", "name": "A B"}, "version": "1.2", "citeAs": "A B, 2025",
    "rai:dataAnnotationProtocol": "Outlined by experts", "rai:dataAnnotationPlatform": ["napari"],
    "rai:machineAnnotationTools": "Cellpose", "rai:dataAnnotationAnalysis": "kappa 0.9"})");
  const Record& record = checks.record;
  ASSERT_EQ(record.annotations.size(), 1U);
  EXPECT_EQ(record.annotations[0].method.value,
            "Outlined by experts Platform: napari. Tools: Cellpose.");
  EXPECT_EQ(record.annotations[0].confidence.value, "kappa 0.9");
  EXPECT_EQ(record.study.authors[0].name(), "A B");
  EXPECT_EQ(record.versions[0].version.value, "1.2");
  EXPECT_TRUE(lines(checks.issues).empty());
}

}  // namespace
}  // namespace mifa::meta
