#include "mifa/gallery.h"

#include <nlohmann/json.hpp>

#include "documents.h"

namespace mifa::meta {
namespace {

using Json = nlohmann::json;

Json gallery(const std::vector<SourceFile>& files) {
  const auto studies = check_studies(files, nullptr);
  EXPECT_EQ(studies.size(), 1U);
  if (studies.empty()) return {};
  return Json::parse(gallery_json(studies.front()), nullptr, false);
}

const SourceFile kList = {"list.tsv",
                          "Files\tAnnotation\tSource image\tAnnotation type\tSplit\n"
                          "./i/a.zarr/\t\t\t\ttrain\n"
                          "i/b.zarr\t\t\t\ttest\n"
                          "m/a.tif\tMasks\ti/a.zarr\tsegmentation mask\t\n"
                          "m/c.tif\tMasks\ti/c.zarr\tmade by hand\t\n",
                          {}};

TEST(Gallery, PairsByTheSourceImageAssociation) {
  const Json json = gallery({kList});
  ASSERT_EQ(json["images"].size(), 2U);
  EXPECT_EQ(json["images"][0]["path"], "i/a.zarr");
  EXPECT_EQ(json["images"][0]["fields"]["Split"], "train");
  EXPECT_EQ(json["images"][0]["place"], "list.tsv row 2");
  ASSERT_EQ(json["annotations"].size(), 2U);
  EXPECT_EQ(json["annotations"][0]["images"], Json::array({0}));
  EXPECT_EQ(json["annotations"][0]["types"], Json::array({"segmentation_mask"}));
  // No image of the list is the other's: it is said rather than guessed.
  EXPECT_EQ(json["annotations"][1]["images"], Json::array());
  EXPECT_EQ(json["annotations"][1]["unknown"], Json::array({"i/c.zarr"}));
  EXPECT_EQ(json["annotations"][1]["types"], Json::array());
  EXPECT_EQ(json["containers"][0]["file"], "list.tsv");
  EXPECT_TRUE(json["card"].is_object());
}

TEST(Gallery, SaysThatACrateIsOfOneImage) {
  const auto crate = [](const std::string& more) {
    return SourceFile{"ro-crate-metadata.json",
                      R"({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [
      {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}},
      {"@id": "./", "@type": "Dataset", "name": "Cells")" + more + "}]}",
                      {}};
  };
  EXPECT_EQ(gallery({crate("")})["single"], false);
  EXPECT_EQ(gallery({crate(R"(, "resultOf": {"@id": "#acquisition"})")})["single"], true);
}

TEST(Gallery, WhatIsAnnotatedIsAnImageWhereNoneAreListed) {
  const Json json = gallery({{"mifa.yaml",
                              "study:\n  title: A study of two annotation files\n"
                              "annotations:\n  Nuclei:\n    annotation_type: [segmentation_mask]\n"
                              "    file_metadata:\n"
                              "    - annotation_id: m/a.tif\n      source_image_id: i/a.zarr\n"
                              "    - annotation_id: m/a.csv\n      source_image_id: i/a.zarr\n",
                              {}}});
  ASSERT_EQ(json["images"].size(), 1U);
  EXPECT_EQ(json["images"][0]["place"], "mifa.yaml line 8");
  ASSERT_EQ(json["annotations"].size(), 2U);
  EXPECT_EQ(json["annotations"][1]["images"], Json::array({0}));
  EXPECT_EQ(json["annotations"][1]["set"], 0);
  EXPECT_EQ(json["annotations"][1]["types"], Json::array({"segmentation_mask"}));
  EXPECT_EQ(json["sets"][0]["name"], "Nuclei");
}

TEST(Gallery, ListsThatAreReferredToAndNotReadAreWanted) {
  const SourceFile document = {
      "study.tsv",
      "Submission\tS-BIAD1\nTitle\tA study with a list of its files\n\n"
      "Study\t\nDescription\tOf a list\n\nStudy Component\tSC1\tStudy\n"
      "Name\tImages\nDescription\tAll\nFile List\tlist.tsv\n",
      {}};
  EXPECT_EQ(gallery({document})["wanted"], Json::array({"list.tsv"}));
  EXPECT_EQ(gallery({document, kList})["wanted"], Json::array());
}

TEST(Gallery, TheApisRepresentationsSayWhereAnImageIs) {
  const Json json = gallery(
      {{"api.json",
        R"([{"uuid": "f1", "model": {"type_name": "FileReference"}, "file_path": "a.tif"},
            {"uuid": "i1", "model": {"type_name": "Image"}, "original_file_reference_uuid": ["f1"],
             "creation_process_uuid": "p0"},
            {"uuid": "r1", "model": {"type_name": "ImageRepresentation"},
             "representation_of_uuid": "i1", "file_uri": ["https://host/i1.ome.zarr"]}])",
        {}}});
  ASSERT_EQ(json["images"].size(), 1U);
  EXPECT_EQ(json["images"][0]["path"], "a.tif");
  EXPECT_EQ(json["images"][0]["uris"], Json::array({"https://host/i1.ome.zarr"}));
}

TEST(Gallery, CroissantsFilesAreOffered) {
  const Json json = gallery({{"croissant.json",
                              R"({"@context": {"@vocab": "https://schema.org/",
                                   "cr": "http://mlcommons.org/croissant/",
                                   "sc": "https://schema.org/"},
                                  "@type": "sc:Dataset", "name": "Cells",
                                  "distribution": [{"@type": "cr:FileObject", "@id": "a",
                                    "name": "a", "contentUrl": "data/a.ome.zarr"}]})",
                              {}}});
  ASSERT_EQ(json["offered"].size(), 1U);
  EXPECT_EQ(json["offered"][0]["path"], "data/a.ome.zarr");
}

}  // namespace
}  // namespace mifa::meta
