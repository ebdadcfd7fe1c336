// The readers of annotation tools' files over others' real data, against another reading of the
// same files (oracle.py); and what vectors cannot say.

#include "annotation/readers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "annotation/curves.h"
#include "annotation/image_choice.h"
#include "annotation/yolo_names.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, std::pair<int, double>>;  // objects and area of each class

std::map<std::string, Counts> ask_oracle(const std::string& arguments) {
  std::string output;
  FILE* pipe = popen(("python3 tests/annotation/oracle.py " + arguments).c_str(), "r");
  if (!pipe) return {};
  char buffer[4096];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, n);
  pclose(pipe);
  std::map<std::string, Counts> images;
  const auto json = nlohmann::json::parse(output, nullptr, false);
  for (const auto& [image, classes] : json.items()) {
    for (const auto& [name, entry] : classes.items()) images[image][name] = {entry[0], entry[1]};
    images[image];
  }
  return images;
}

double area_of(const Layer& layer, std::size_t object) {
  double area = 0;
  for (std::size_t part = layer.part_begin[object]; part < layer.part_begin[object + 1]; ++part) {
    std::vector<Vertex> ring;
    for (std::size_t i = layer.vertex_begin[part]; i < layer.vertex_begin[part + 1]; ++i) {
      ring.push_back({layer.xy[2 * i] + layer.origin[0], layer.xy[2 * i + 1] + layer.origin[1]});
    }
    switch (layer.part_kind[part]) {
      case PartKind::kRing:
        area += ring_area(ring);
        break;
      case PartKind::kHole:
        area -= ring_area(ring);
        break;
      case PartKind::kBox:
        area += (ring[1].x - ring[0].x) * (ring[1].y - ring[0].y);
        break;
      default:
        break;
    }
  }
  return area;
}

Counts counts_of(const Reading& reading) {
  Counts counts;
  for (std::size_t i = 0; i < reading->size(); ++i) {
    auto& [objects, area] = counts[reading.category(i)];
    ++objects;
    area += area_of(*reading.layer, i);
  }
  return counts;
}

void expect_equal(const Counts& read, const Counts& expected) {
  EXPECT_EQ(read.size(), expected.size());
  for (const auto& [name, entry] : expected) {
    const auto found = read.find(name);
    ASSERT_NE(found, read.end()) << name;
    EXPECT_EQ(found->second.first, entry.first) << name;
    EXPECT_NEAR(found->second.second, entry.second, 1e-4 * std::max(1.0, entry.second)) << name;
  }
}

ReadOptions over(const std::string& name) {
  ReadOptions options;
  if (!name.empty()) options.image.names = {name};
  return options;
}

// Every image of a COCO file, asked for by its name.
void compare_coco(const std::string& file) {
  SCOPED_TRACE(file);
  const std::string text = file_text(fixture(file));
  const auto images = ask_oracle("coco '" + fixture(file).string() + "'");
  ASSERT_FALSE(images.empty());
  int all = 0;
  for (const auto& [image, expected] : images) {
    for (const auto& [name, entry] : expected) all += entry.first;
  }
  for (const auto& [image, expected] : images) {
    SCOPED_TRACE(image);
    const Reading reading = read_with(make_coco, text, over(image));
    ASSERT_TRUE(reading.status);
    EXPECT_EQ(reading->images.size(), images.size());
    expect_equal(counts_of(reading), expected);
    EXPECT_EQ(static_cast<int>(reading->size()) + reading->elsewhere, all);
  }
}

TEST(Coco, BloodCellsAreThoseThatPythonReads) {
  REQUIRE_FIXTURE("coco/rbc-test/_annotations.coco.json");
  compare_coco("coco/rbc-test/_annotations.coco.json");
}

TEST(Coco, NucleiInRunLengthsHaveTheAreasOfTheFile) {
  REQUIRE_FIXTURE("coco/dsb2018_compressed.json");
  compare_coco("coco/dsb2018_compressed.json");
  const auto oracle = nlohmann::json::parse(file_text(fixture("coco/dsb2018_compressed.json")));
  const Reading reading = read_with(make_coco, file_text(fixture("coco/dsb2018_compressed.json")),
                                    over(oracle["images"][0]["file_name"]));
  EXPECT_EQ(reading->kind, LayerKind::kMasks);
  EXPECT_EQ(reading.issues(), "");
}

TEST(Coco, DatumarosFilesAreReadWhateverTheyHold) {
  REQUIRE_FIXTURE("coco/datumaro");
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fixture("coco/datumaro"))) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = fs::relative(entry.path(), fixture("")).string();
    const std::string text = file_text(entry.path());
    SCOPED_TRACE(name);
    const auto found = detect_format({entry.path().filename(), text, true});
    ASSERT_TRUE(found);
    EXPECT_STREQ((*found)->id, "coco");
    if (name.find("panoptic") != std::string::npos) {
      const Reading reading = read_with(make_coco, text);
      ASSERT_FALSE(reading.status);
      EXPECT_EQ(reading.status.error().code, ErrorCode::kUnsupported);
      EXPECT_NE(reading.status.error().message.find("panoptic"), std::string::npos);
    } else if (name.find("image_info") != std::string::npos) {
      EXPECT_TRUE(read_with(make_coco, text).status);
    } else {
      compare_coco(name);
    }
    ++files;
  }
  EXPECT_GE(files, 20);
}

TEST(Coco, CocoapisResultsAreReadImageByImage) {
  REQUIRE_FIXTURE("coco/cocoapi");
  for (const char* file : {"instances_val2014_fakebbox100_results.json",
                           "person_keypoints_val2014_fakekeypoints100_results.json",
                           "captions_val2014_fakecap_results.json"}) {
    SCOPED_TRACE(file);
    const std::string text = file_text(fixture("coco/cocoapi") / file);
    const auto images = ask_oracle("coco '" + (fixture("coco/cocoapi") / file).string() + "'");
    ASSERT_GT(images.size(), 40U);
    int asked = 0;
    for (const auto& [image, expected] : images) {
      if (asked++ % 10 != 0) continue;
      // By the number at the end of the name, as the images of 2014 are called.
      const std::string name =
          "COCO_val2014_" + std::string(12 - image.size(), '0') + image + ".jpg";
      expect_equal(counts_of(read_with(make_coco, text, over(name))), expected);
      expect_equal(counts_of(read_with(make_coco, text, over(image))), expected);
    }
  }
}

// 100,000 masks over 1,000 images; half of the masks cannot be decoded, and nobody notices.
TEST(Coco, MasksOfOtherImagesAreNotDecoded) {
  std::string text = R"({"images":[)";
  for (int i = 0; i < 1000; ++i) {
    text += (i ? "," : "") + (R"({"id":)" + std::to_string(i)) + R"(,"file_name":")" +
            std::to_string(i) + R"(.png","width":512,"height":512})";
  }
  text += R"(],"categories":[{"id":1,"name":"nucleus"}],"annotations":[)";
  for (int i = 0; i < 100'000; ++i) {
    // A disc, as columns of 512; only those of image 7 are whole.
    std::string counts = "[100000";
    for (int x = 0; x < 40; ++x) counts += ",20,492";
    if (i % 1000 != 7) counts += ",-1";
    text += (i ? "," : "") + (R"({"id":)" + std::to_string(i)) + R"(,"image_id":)" +
            std::to_string(i % 1000) +
            R"(,"category_id":1,"segmentation":{"size":[512,512],"counts":)" + counts + "]}}";
  }
  text += "]}";
  const auto begin = std::chrono::steady_clock::now();
  const Reading reading = read_with(make_coco, text, over("7.png"), 1 << 20);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  RecordProperty("seconds", std::to_string(seconds));
  ASSERT_TRUE(reading.status);
  EXPECT_EQ(reading.issues(), "");
  EXPECT_EQ(reading->size(), 100U);
  EXPECT_EQ(reading->elsewhere, 99'900);
  EXPECT_EQ(area_of(*reading.layer, 0), 800);
  EXPECT_LT(seconds, 30) << "with sanitizers";
}

TEST(Voc, BloodCellsAreThoseThatPythonReads) {
  REQUIRE_FIXTURE("voc/bccd/Annotations");
  int files = 0;
  for (const auto& entry : fs::directory_iterator(fixture("voc/bccd/Annotations"))) {
    SCOPED_TRACE(entry.path().filename());
    const std::string text = file_text(entry.path());
    EXPECT_STREQ((*detect_format({entry.path().filename(), text, true}))->id, "voc");
    const auto images = ask_oracle("voc '" + entry.path().string() + "'");
    ASSERT_EQ(images.size(), 1U);
    const Reading reading = read_with(make_voc, text, over(images.begin()->first));
    expect_equal(counts_of(reading), images.begin()->second);
    EXPECT_EQ(reading->kind, LayerKind::kBoxes);
    ++files;
  }
  EXPECT_EQ(files, 20);
}

TEST(Yolo, BloodCellsAreThoseThatPythonReads) {
  REQUIRE_FIXTURE("yolo/txl-pbc/labels/test");
  const fs::path folder = fixture("yolo/txl-pbc/labels/test");
  ReadOptions options;
  options.companions["labels/classes.txt"] = file_text(folder / "classes.txt");
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() == "classes.txt") continue;
    SCOPED_TRACE(entry.path().filename());
    const std::string text = file_text(entry.path());
    EXPECT_STREQ((*detect_format({entry.path().filename(), text, true}))->id, "yolo");
    const auto images = ask_oracle("yolo '" + entry.path().string() + "' '" +
                                   (folder / "classes.txt").string() + "'");
    const Reading reading = read_with(make_yolo, text, options);
    expect_equal(counts_of(reading), images.begin()->second);
    EXPECT_EQ(reading->space.unit, Space::Unit::kNormalized);
    EXPECT_EQ(reading.issues(), "");
    ++files;
  }
  EXPECT_GE(files, 30);
}

TEST(Yolo, DatumarosFilesAreRead) {
  REQUIRE_FIXTURE("yolo/datumaro");
  ReadOptions options;
  options.companions["obj.names"] = file_text(fixture("yolo/datumaro/strict/obj.names"));
  const Reading reading = read_with(
      make_yolo, file_text(fixture("yolo/datumaro/strict/obj_train_data/1.txt")), options);
  EXPECT_EQ(reading->size(), 2U);
  EXPECT_EQ(reading.category(0), "label_2");
  EXPECT_EQ(reading.issues(), "");
}

// Half a pixel apart: where each format puts the first pixel's corner and centre.
TEST(Conventions, TheFirstPixelIsWhereEachFormatPutsIt) {
  using Box = std::array<double, 4>;
  const auto bounds = [](const Reading& reading) { return reading->bounds(0).value_or(Box{}); };
  const Box pixel = {0, 0, 1, 1};
  const ReadOptions options = over("a");
  const auto coco = [&](const std::string& shape) {
    return bounds(read_with(
        make_coco,
        R"({"images":[{"id":1,"file_name":"a","width":10,"height":10}],"annotations":[{"image_id":1,"category_id":1,)" +
            shape + "}],\"categories\":[{\"id\":1,\"name\":\"c\"}]}",
        options));
  };
  EXPECT_EQ(coco(R"("bbox":[0,0,1,1])"), pixel);
  EXPECT_EQ(coco(R"("segmentation":[[0,0,1,0,1,1,0,1]])"), pixel);
  EXPECT_EQ(coco(R"("segmentation":{"size":[10,10],"counts":[0,1,99]})"), pixel);
  EXPECT_EQ(coco(R"("keypoints":[0,0,2])"), (Box{0.5, 0.5, 0.5, 0.5}))
      << "a keypoint names a pixel";
  EXPECT_EQ(bounds(read_with(make_yolo, "0 0.5 0.5 1 1\n")), (Box{0, 0, 1, 1}))
      << "of the whole image";
  const auto voc = [&](const char* database, const char* box) {
    return bounds(read_with(make_voc,
                            std::string("<annotation><filename>a</filename><source><database>") +
                                database + "</database></source><object><name>c</name><bndbox>" +
                                box + "</bndbox></object></annotation>",
                            options));
  };
  EXPECT_EQ(voc("The VOC2012 Database", "<xmin>1</xmin><ymin>1</ymin><xmax>1</xmax><ymax>1</ymax>"),
            pixel);
  EXPECT_EQ(voc("Unknown", "<xmin>0</xmin><ymin>0</ymin><xmax>1</xmax><ymax>1</ymax>"), pixel);
  EXPECT_EQ(
      bounds(read_with(
          make_labelme,
          R"({"shapes":[{"label":"c","shape_type":"rectangle","points":[[0,0],[1,1]]}],"imagePath":"a"})",
          options)),
      pixel);
  const auto cvat = [&](const std::string& shape) {
    return bounds(read_with(
        make_cvat,
        R"(<annotations><image name="a" width="9" height="9">)" + shape + "</image></annotations>",
        options));
  };
  EXPECT_EQ(cvat(R"(<box label="c" xtl="0" ytl="0" xbr="1" ybr="1"/>)"), pixel);
  EXPECT_EQ(cvat(R"(<mask label="c" rle="0,1" left="0" top="0" width="1" height="1"/>)"), pixel);
  EXPECT_EQ(
      bounds(read_with(
          make_via,
          R"({"a1":{"filename":"a","regions":[{"shape_attributes":{"name":"rect","x":0,"y":0,"width":1,"height":1}}]}})",
          options)),
      pixel);
  EXPECT_EQ(
      bounds(read_with(
          make_ome_roi,
          R"(<OME><ROI ID="r"><Union><Rectangle X="0" Y="0" Width="1" Height="1"/></Union></ROI></OME>)",
          options)),
      pixel);
  const fs::path rois = "tests/vectors/annotation/imagej-roi/valid";
  EXPECT_EQ(bounds(read_with(make_imagej_roi, file_text(rois / "rectangle.roi"))),
            (Box{2, 1, 22, 11}))
      << "areas: corners";
  EXPECT_EQ(bounds(read_with(make_imagej_roi, file_text(rois / "point.roi"))),
            (Box{3.5, 7.5, 3.5, 7.5}))
      << "points: centres";
  EXPECT_EQ(bounds(read_with(make_imagej_roi, file_text(rois / "polyline.roi"))),
            (Box{0.5, 0.5, 10.5, 5.5}))
      << "lines: centres";
}

TEST(ImagejRoi, ReadsMoreThan65535Vertices) {
  std::string bytes(64 + 4 * 70'000, '\0');
  bytes.replace(0, 8, std::string("Iout\0\xe4\0\0", 8));
  bytes.replace(18, 4, std::string("\0\x01\x11\x70", 4));
  for (std::size_t i = 0; i < 70'000; ++i) {
    bytes[64 + 2 * i + 1] = static_cast<char>(i % 100);
    bytes[64 + 2 * (70'000 + i) + 1] = static_cast<char>(i / 700);
  }
  const Reading reading = read_with(make_imagej_roi, bytes);
  EXPECT_EQ(reading.issues(), "");
  EXPECT_EQ(reading->vertices(), 70'000U);
  EXPECT_EQ(reading->bounds(0), (std::array<double, 4>{0, 0, 99, 99}));
}

TEST(NameAgreement, PrefersPathsOverNamesOverStems) {
  EXPECT_EQ(name_agreement("a/b.png", "a/b.png"), 5);
  EXPECT_EQ(name_agreement("x/a/b.png", "a/b.png"), 4);
  EXPECT_EQ(name_agreement("x\\b.png", "b.png"), 4);
  EXPECT_EQ(name_agreement("x/b.png", "y/b.png"), 3);
  EXPECT_EQ(name_agreement("b.png", "B.ome.zarr/"), 2);
  EXPECT_EQ(name_agreement("b_png.rf.0a1b2c.jpg", "b.png"), 1);
  EXPECT_EQ(name_agreement("b.png", "c.png"), 0);
  EXPECT_EQ(name_agreement("", "c.png"), 0);
  EXPECT_EQ(name_agreement(".png", ".tif"), 0);
}

TEST(YoloNames, AreReadInEveryStyle) {
  using Names = std::map<std::int64_t, std::string>;
  EXPECT_EQ(names_of_yaml("names: [a, 'b, c', \"d\"]\n").names,
            (Names{{0, "a"}, {1, "b, c"}, {2, "d"}}));
  EXPECT_EQ(names_of_yaml("names: {0: a, 2: 'b'}\nnc: 3\n").names, (Names{{0, "a"}, {2, "b"}}));
  EXPECT_EQ(names_of_yaml("path: x\nnames:\n- a\n- b # second\nval: y\n").names,
            (Names{{0, "a"}, {1, "b"}}));
  EXPECT_EQ(names_of_yaml("names:\r\n  0: a\r\n  1: b\r\n").names, (Names{{0, "a"}, {1, "b"}}));
  EXPECT_EQ(names_of_yaml("names:\n  - [\n").names.size(), 1U) << "no YAML, no crash";
  EXPECT_TRUE(names_of_yaml("").names.empty());
  EXPECT_TRUE(names_of_yaml("names: [").names.empty());
  EXPECT_EQ(names_of_yaml("kpt_shape:\n  - 17\n  - 3\n").keypoints, 17);
  EXPECT_EQ(names_by_line("a\n\nc\n"), (Names{{0, "a"}, {2, "c"}}));
}

// Windows of any length give the same.
TEST(Readers, DoNotDependOnTheWindows) {
  const std::string text = file_text("tests/vectors/annotation/coco/valid/keypoints.json");
  for (const std::size_t window : {std::size_t{1}, std::size_t{7}, text.size()}) {
    const Reading reading = read_with(make_coco, text, over("a.png"), window);
    EXPECT_EQ(reading->size(), 2U);
    EXPECT_EQ(reading->place_line[1], 12U);
  }
}

}  // namespace
}  // namespace mifa::annotation
