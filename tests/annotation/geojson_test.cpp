#include "annotation/geojson.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "annotation/geojson_form.h"
#include "annotation/layer_text.h"
#include "annotation/read_layer.h"

namespace mifa::annotation {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtures = "../shared/fixtures/geojson";

std::unique_ptr<Layer> read(const std::string& text, std::size_t window = 1 << 20) {
  ReadOptions options;
  options.file = "cells.geojson";
  return read_layer(text, options, "geojson", window);
}

std::string square(int x, const std::string& properties = "{}") {
  const auto position = [&](int dx, int dy) {
    return "[" + std::to_string(x + dx) + ", " + std::to_string(dy) + "]";
  };
  return R"({"type": "Feature", "properties": )" + properties +
         R"(, "geometry": {"type": "Polygon", "coordinates": [[)" + position(0, 0) + "," + position(4, 0) +
         "," + position(4, 4) + "," + position(0, 4) + "," + position(0, 0) + "]]}}";
}

std::string collection(const std::string& features) {
  return "{\"type\": \"FeatureCollection\", \"features\": [\n" + features + "\n]}\n";
}

TEST(GeoJson, ReadsTheSameInWindowsOfAnyLength) {
  const std::string text =
      collection(square(0, R"({"name": "first \"{[", "classification": {"name": "Tumor", "color": [1, 2, 3]}})") +
                 ",\n" + square(10, R"({"area": 16, "nested": {"a": 1.5, "list": [1, 2]}})") + ",\n" + square(20));
  for (const std::size_t window : {1UL, 2UL, 3UL, 7UL, 64UL, 100'000UL}) {
    const auto layer = read(text, window);
    SCOPED_TRACE(window);
    ASSERT_EQ(issue_text(*layer), "");
    ASSERT_EQ(layer->size(), 3U);
    EXPECT_EQ(layer->vertices(), 12U);
    EXPECT_EQ(layer->bounds(2), (std::array<double, 4>{20, 0, 24, 4}));
    EXPECT_EQ(layer->pointer(1), "/features/1");
    EXPECT_EQ(layer->place_line[1], 3U);
    EXPECT_EQ(layer->find("name")->text(0), "first \"{[");
    EXPECT_EQ(layer->find("nested.a")->number(1), 1.5);
    EXPECT_EQ(layer->find("nested.list")->text(1), "[1, 2]");
    EXPECT_EQ(layer->find("area")->integer(1), 16);
    ASSERT_EQ(layer->categories.size(), 1U);
    EXPECT_EQ(layer->categories[0].name, "Tumor");
    EXPECT_EQ(layer->categories[0].color, (Color{1, 2, 3}));
    EXPECT_EQ(layer->category[1], -1);
  }
}

TEST(GeoJson, ReadsEveryGeometry) {
  const auto layer = read(R"([
    {"type": "Point", "coordinates": [1, 2, 5]},
    {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
    {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
    {"coordinates": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "type": "MultiLineString"},
    {"type": "MultiPolygon", "coordinates": [[[[0,0],[9,0],[9,9],[0,0]],[[5,1],[6,1],[6,2],[5,1]]],[[[20,0],[29,0],[29,9],[20,0]]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}, {"coordinates": [[1, 2], [3, 4]], "type": "LineString"}]},
    {"type": "Feature", "geometry": null, "properties": null}
  ])");
  ASSERT_EQ(issue_text(*layer), "");
  ASSERT_EQ(layer->size(), 7U);
  const Shape shapes[] = {Shape::kPoint, Shape::kPoint,   Shape::kLine, Shape::kLine,
                          Shape::kPolygon, Shape::kMixed, Shape::kNone};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(layer->shapes[i], shapes[i]) << i;
  EXPECT_EQ(layer->z_begin[0], 5);
  EXPECT_TRUE(std::isnan(layer->z_begin[1]));
  EXPECT_EQ(layer->part_begin[5] - layer->part_begin[4], 3U);
  EXPECT_EQ(layer->part_kind[layer->part_begin[4] + 1], PartKind::kHole);
  EXPECT_EQ(layer->pointer(4), "/4");
  EXPECT_EQ(layer->place_line[4], 6U);
}

TEST(GeoJson, ReadsWhatQuPathWrites) {
  const auto layer = read(R"({"type":"FeatureCollection","features":[{"type":"Feature","id":"a-1",
    "geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]]],"plane":{"c":-1,"z":3,"t":2}},
    "nucleusGeometry":{"type":"Polygon","coordinates":[[[2,2],[5,2],[5,5],[2,2]]]},
    "properties":{"objectType":"cell","isLocked":false,"name":"A","classification":{"names":["Tumor","Positive"],"colorRGB":-3670016},
      "measurements":{"Nucleus: Area µm^2":12.5,"DAB":NaN,"Max":Infinity,"Min":-Infinity}}},
   {"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]},
    "properties":{"classification":"Stroma","measurements":[{"name":"DAB","value":2.5},{"value":3,"name":"Count"}]}}]})");
  EXPECT_EQ(layer->issues.size(), 3U) << issue_text(*layer);
  EXPECT_EQ(layer->issues[0].rule, "annotation/geojson-number");
  EXPECT_EQ(layer->issues[0].severity, Severity::kInfo);
  EXPECT_EQ(layer->issues[0].received, "NaN");
  ASSERT_EQ(layer->size(), 2U);
  EXPECT_EQ(layer->t_begin[0], 2);
  EXPECT_EQ(layer->z_end[0], 3);
  EXPECT_EQ(layer->part_kind[1], PartKind::kInner);
  EXPECT_EQ(layer->shapes[0], Shape::kPolygon);
  EXPECT_EQ(layer->categories[0].name, "Tumor: Positive");
  EXPECT_EQ(layer->categories[0].color, (Color{200, 0, 0}));
  EXPECT_EQ(layer->categories[1].name, "Stroma");
  EXPECT_EQ(layer->with_role(Role::kId)->text(0), "a-1");
  EXPECT_EQ(layer->with_role(Role::kLabel)->text(0), "A");
  EXPECT_EQ(layer->find("Nucleus: Area µm^2")->unit, "µm^2");
  EXPECT_EQ(layer->find("Nucleus: Area µm^2")->number(0), 12.5);
  EXPECT_EQ(layer->find("DAB")->number(1), 2.5);
  EXPECT_FALSE(layer->find("DAB")->has(0));
  EXPECT_EQ(layer->find("Count")->number(1), 3);
  EXPECT_EQ(layer->find("isLocked")->text(0), "false");
  EXPECT_EQ(layer->find("objectType")->text(0), "cell");
}

TEST(GeoJson, ReadsOneDocumentALineAndTextSequences) {
  for (const std::string before : {"", "\x1e"}) {
    std::string text;
    for (int i = 0; i < 5; ++i) text += before + square(10 * i) + "\n";
    for (const std::size_t window : {1UL, 50UL, 100'000UL}) {
      const auto layer = read(text, window);
      ASSERT_EQ(issue_text(*layer), "");
      ASSERT_EQ(layer->size(), 5U);
      EXPECT_EQ(layer->pointer(3), "");
      EXPECT_EQ(layer->place_line[3], 4U);
      EXPECT_EQ(layer->place_ordinal[3], 3U);
    }
  }
}

TEST(GeoJson, ReadsCollectionsThatFollowOneAnother) {
  const auto layer = read(square(0) + "\n" + square(5) + "\n" + collection(square(10) + "," + square(20)));
  EXPECT_EQ(issue_text(*layer), "");
  EXPECT_EQ(layer->size(), 4U);
}

TEST(GeoJson, ReadsOnAfterABrokenFeature) {
  struct Case {
    const char* what;
    std::string broken;
    std::size_t kept;
    const char* rule;
  };
  const Case cases[] = {
      {"a comma too few", R"({"type": "Feature" "properties": {}, "geometry": null})", 3, "annotation/geojson-syntax"},
      {"a bracket too few", R"({"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2}})", 3, "annotation/geojson-syntax"},
      {"a brace too few", R"({"type": "Feature", "properties": {"a": 1, "geometry": null})", 3, "annotation/geojson-syntax"},
      {"a brace too many", R"({"type": "Feature", "properties": {}}, "geometry": null})", 4, "annotation/geojson-missing-member"},
      {"a quote too few", R"({"type": "Feature", "properties": {"name": "x}, "geometry": null})", 3, "annotation/geojson-syntax"},
      {"no object", "17", 3, "annotation/geojson-type"},
      {"nothing", "", 3, "annotation/geojson-syntax"},
      {"a word as coordinate", R"({"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, "2"]}})", 3, "annotation/geojson-coordinates"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    const std::string text = collection(square(0) + ",\n" + one.broken + ",\n" + square(10) + ",\n" + square(20));
    for (const std::size_t window : {1UL, 100UL, 100'000UL}) {
      const auto layer = read(text, window);
      EXPECT_EQ(layer->size(), one.kept) << issue_text(*layer);
      ASSERT_FALSE(layer->issues.empty());
      EXPECT_EQ(layer->issues[0].rule, one.rule) << issue_text(*layer);
      EXPECT_EQ(layer->issues[0].line, 3) << issue_text(*layer);
      EXPECT_EQ(layer->bounds(layer->size() - 1)->at(0), 20);
    }
  }
}

TEST(GeoJson, SaysWhereACoordinateIsWrong) {
  const auto layer = read(R"({"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {},
   "geometry": {"type": "MultiPolygon", "coordinates": [[[[0, 0],
     [1, "x"]]]]}}]})");
  EXPECT_EQ(issue_text(*layer),
            "annotation/geojson-coordinates 4 /features/0/geometry/coordinates/0/0/1/1: Coordinates are not "
            "written as the geometry's type asks; the object is left out. Expected a number, received the "
            "string \"x\". nest the coordinates as RFC 7946 section 3.1 says\n");
}

TEST(GeoJson, KeepsWhatATruncatedFileHas) {
  std::string text = collection(square(0) + ",\n" + square(10) + ",\n" + square(20));
  const auto layer = read(text.substr(0, text.size() - 30));
  EXPECT_EQ(layer->size(), 2U);
  ASSERT_EQ(layer->issues.size(), 1U) << issue_text(*layer);
  EXPECT_EQ(layer->issues[0].line, 4);
  EXPECT_EQ(layer->issues[0].received, "the end of the file");
}

// As QuPath writes one, with what is in the place of each value.
std::string cell(const std::string& ring, const std::string& classification, const std::string& measurement,
                 const std::string& more = "") {
  return R"({"type":"Feature","id":"a-1","geometry":{"type":"Polygon","coordinates":[)" + ring +
         R"(]},"properties":{"objectType":"cell")" + more + R"(,"classification":)" + classification +
         R"(,"measurements":{"Area µm^2": )" + measurement + "}}}";
}

const std::string kRing = "[[0, 0], [4.25, 0], [4, -4], [0, 0]]";
const std::string kTumor = R"({"name":"Tumor","color":[200,0,0]})";

// Windows of one byte never hold a feature: each is read by the JSON parser.
TEST(GeoJson, ReadsAFeatureByItsFormAsTheParserDoes) {
  const std::string usual = cell(kRing, kTumor, "12.5");
  const std::pair<const char*, std::string> others[] = {
      {"the same", usual},
      {"a class of before", cell(kRing, R"({"name":"Tumor","color":[1,2,3]})", "1")},
      {"a new class", cell(kRing, R"({"name":"Stroma","color":[1,2,3]})", "1")},
      {"an empty class", cell(kRing, R"({"name":"","color":[1,2,3]})", "1")},
      {"a class with escapes", cell(kRing, R"({"name":"Tu\u006dor","color":[1,2,3]})", "1")},
      {"a class beyond ASCII", cell(kRing, R"({"name":"Tumör","color":[1,2,3]})", "1")},
      {"no class", cell(kRing, "null", "1")},
      {"a color that is none", cell(kRing, R"({"name":"Tumor","color":["red"]})", "1")},
      {"no number", cell(kRing, kTumor, "NaN")},
      {"null for a number", cell(kRing, kTumor, "null")},
      {"an exponent", cell(kRing, kTumor, "1e3")},
      {"a leading zero", cell(kRing, kTumor, "012")},
      {"a number too long to be exact", cell(kRing, kTumor, "0.1234567890123456789")},
      {"a ring that is open", cell("[[0, 0], [4, 0], [4, 4]]", kTumor, "1")},
      {"a ring too short", cell("[[0, 0], [4, 0], [0, 0]]", kTumor, "1")},
      {"a hole", cell(kRing + ", [[1, -1], [2, -1], [2, -2], [1, -1]]", kTumor, "1")},
      {"heights", cell("[[0, 0, 3], [4, 0, 3], [4, 4, 5], [0, 0, 3]]", kTumor, "1")},
      {"numbers too few", cell("[[0], [4], [4], [0]]", kTumor, "1")},
      {"no coordinates", cell("", kTumor, "1")},
      {"coordinates too deep", cell("[" + kRing + "]", kTumor, "1")},
      {"a bracket too many", cell(kRing + "]", kTumor, "1")},
      {"more members", cell(kRing, kTumor, "1", R"(,"isLocked":true,"name":null,"Score":0.5,"n":3)")},
      {"a bracket missing", usual.substr(0, usual.size() - 1)},
      {"a quote missing", cell(kRing, R"({"name":"Tumor,"color":[1,2,3]})", "1")},
      {"another class's member", cell(kRing, R"({"name":"Tumor","colorRGB":-3670016})", "1")},
  };
  for (const auto& [name, other] : others) {
    SCOPED_TRACE(name);
    // Between others, twice: it may be learned from, and what follows must come out as well.
    const std::string text = collection(usual + ",\n" + usual + ",\n" + other + ",\n" + other + ",\n" + usual);
    EXPECT_EQ(layer_text(*read(text)), layer_text(*read(text, 1)));
  }
}

TEST(GeoJson, ReadsValuesOfAForm) {
  const auto form = [&](const std::string& feature) { return GeoJsonForm::of(feature).has_value(); };
  const std::string more = R"(,"isLocked":true,"name":null,"score":-0.5,"n":30)";
  EXPECT_TRUE(form(cell(kRing, kTumor, "1", more)));
  EXPECT_FALSE(form(cell(kRing, kTumor, "1", R"(,"frame":3)")));
  EXPECT_FALSE(form(cell(kRing, kTumor, "1", R"(,"plane":{"z":3})")));
  EXPECT_FALSE(form(cell(kRing, kTumor, "1", R"(,"nested":{"z":3})")));
  EXPECT_FALSE(form(cell(kRing, R"({"names":["Tumor","Positive"]})", "1")));
  LayerBuilder builder("cells");
  GeoJsonForms forms;
  forms.learn(cell(kRing, kTumor, "1", more));
  const std::string next = cell("[[1, 2, 7], [3, 2, 7], [3, 4, 9], [1, 2, 7]]", R"({"name":"Immune","color":[0,0,0]})", "2",
                                R"(,"isLocked":false,"name":null,"score":8,"n":0.25)");
  EXPECT_EQ(forms.read(builder, next, 5, 6), 0U);  // a new category
  builder.define_category("Immune", {}, Color{1, 1, 1});
  EXPECT_EQ(forms.read(builder, next + "more", 5, 6), next.size());
  EXPECT_EQ(layer_text(*builder.take()),
            " line 6 polygon Immune |   7 9 | 2:1,2 3,2 3,4 | id=a-1| objectType=cell| isLocked=false| score=8| n=0.25| Area "
            "µm^2=2\nid text  \nobjectType text  \nisLocked text  \nscore integer  \nn number  \nArea µm^2 number  \nImmune 1 "
            "1 1 1\n");
}

TEST(GeoJson, TellsOfAnEmptyFile) {
  EXPECT_EQ(read("  ")->issues.at(0).rule, "annotation/empty-file");
  EXPECT_EQ(read("")->issues.at(0).rule, "annotation/empty-file");
}

TEST(GeoJson, TellsOfACoordinateReferenceSystem) {
  const auto layer = read(R"({"type": "FeatureCollection", "crs": {"type": "name"}, "features": []})");
  ASSERT_EQ(layer->issues.size(), 1U);
  EXPECT_EQ(layer->issues[0].rule, "annotation/geojson-crs");
  EXPECT_EQ(layer->issues[0].received, R"({"type": "name"})");
  EXPECT_EQ(layer->issues[0].pointer, "/crs");
}

TEST(GeoJson, DoesNotHangOnHostileText) {
  const std::string nested(2'000'000, '[');
  EXPECT_FALSE(read(nested)->issues.empty());
  std::string braces;
  for (int i = 0; i < 300'000; ++i) braces += "{\"a\":";
  EXPECT_FALSE(read(braces)->issues.empty());
  EXPECT_FALSE(read("[" + std::string(1'000'000, ','))->issues.empty());
  EXPECT_FALSE(read("[" + std::string(1'000'000, '}'))->issues.empty());
  std::string collections;
  for (int i = 0; i < 2000; ++i) collections += R"({"type":"GeometryCollection","geometries":[)";
  EXPECT_FALSE(read(collections)->issues.empty());
  // Each looks like the beginning of a feature that never ends.
  std::string beginnings = "[";
  for (int i = 0; i < 100'000; ++i) beginnings += R"({"type":"Feature",)";
  EXPECT_FALSE(read(beginnings)->issues.empty());
}

TEST(GeoJson, IsRecognisedByItsContent) {
  const auto sniff = [](const char* name, const char* text) { return sniff_geojson({name, text, true}); };
  EXPECT_GE(sniff("a.json", R"({"type":"FeatureCollection","features":[]})"), 90);
  EXPECT_GE(sniff("a", "\x1e{\"type\": \"Feature\""), 90);
  EXPECT_GE(sniff("a", "\n[{\"type\": \"Feature\""), 90);
  EXPECT_GE(sniff("a", R"({"coordinates": [[1, 2]], "type":"LineString"})"), 80);
  EXPECT_EQ(sniff("a.json", R"({"images": [], "annotations": []})"), 0);
  EXPECT_EQ(sniff("a.geojson", "<xml>"), 0);
}

// Rules of map makers that say nothing of an image: the right-hand rule needs y to point up; and
// precision and single-geometry collections are matters of taste.
const std::set<std::string> kOfMapsOnly = {"polygon_winding_order", "bad-polygon-interiorring-rhr",
                                           "excessive_precision_truncated", "geometrycollection_single"};

TEST(GeoJson, AgreesWithTheSuitesOfGeojsonhintAndCheckGeojson) {
  if (!fs::exists(kFixtures)) GTEST_SKIP() << kFixtures << " is not there: the suites are not part of this repository";
  int good = 0, bad = 0;
  for (const char* suite : {"geojsonhint", "check-geojson"}) {
    for (const char* kind : {"good", "bad"}) {
      for (const auto& entry : fs::directory_iterator(kFixtures / suite / kind)) {
        if (entry.path().extension() != ".geojson") continue;
        const std::string name = entry.path().stem();
        const auto layer = read(file_text(entry.path()));
        SCOPED_TRACE(entry.path().string() + "\n" + issue_text(*layer));
        if (std::string(kind) == "good") {
          ++good;
          for (const Issue& issue : layer->issues) EXPECT_EQ(issue.severity, Severity::kInfo);
          EXPECT_GT(layer->size(), 0U);
        } else if (!kOfMapsOnly.contains(name)) {
          ++bad;
          EXPECT_FALSE(layer->issues.empty());
        }
      }
    }
  }
  EXPECT_GE(good, 30);
  EXPECT_GE(bad, 70);
}

TEST(GeoJson, NamesTheFaultOfTheSuites) {
  if (!fs::exists(kFixtures)) GTEST_SKIP() << kFixtures << " is not there: the suites are not part of this repository";
  const std::map<std::string, const char*> rules = {
      {"bad-duplicate-properties", "annotation/geojson-duplicate-member"},
      {"bad-featurelist", "annotation/geojson-coordinates"},
      {"bad-json", "annotation/geojson-syntax"},
      {"bad-object-type", "annotation/geojson-type"},
      {"bad-polygonloop", "annotation/geojson-coordinates"},
      {"bad-properties-as-array", "annotation/geojson-properties"},
      {"badcoord", "annotation/geojson-coordinates"},
      {"badfeature", "annotation/geojson-type"},
      {"badfeatureid", "annotation/geojson-id"},
      {"bbox-4or6elements", "annotation/geojson-bbox"},
      {"different-first-last", "annotation/geojson-ring-open"},
      {"different-first-size", "annotation/geojson-ring-open"},
      {"false", "annotation/geojson-type"},
      {"feature_changed_semantics", "annotation/geojson-member"},
      {"featurecollection", "annotation/geojson-missing-member"},
      {"featurecollection-obj", "annotation/geojson-type"},
      {"featurecollection-type-case", "annotation/geojson-type"},
      {"geometrycollection_nested", "annotation/geojson-nested-collection"},
      {"point-labeled-as-a-multipolygon", "annotation/geojson-coordinates"},
      {"point", "annotation/geojson-missing-member"},
      {"rootstring", "annotation/geojson-type"},
      {"short-line", "annotation/degenerate-shape"},
      {"short-linearring", "annotation/geojson-ring-open"},
      {"unknowntype", "annotation/geojson-type"},
  };
  for (const auto& [name, rule] : rules) {
    const auto layer = read(file_text(kFixtures / "check-geojson" / "bad" / (name + ".geojson")));
    SCOPED_TRACE(name + "\n" + issue_text(*layer));
    EXPECT_TRUE(std::any_of(layer->issues.begin(), layer->issues.end(),
                            [wanted = std::string(rule)](const Issue& issue) { return issue.rule == wanted; }));
  }
}

TEST(GeoJson, ReadsRealFilesOfQuPath) {
  if (!fs::exists(kFixtures)) GTEST_SKIP() << kFixtures << " is not there: QuPath's files are not part of this repository";
  const auto cells = read(file_text(kFixtures / "qupath_TD_01.geojson"), 1000);
  EXPECT_EQ(issue_text(*cells), "");
  EXPECT_EQ(cells->size(), 9U);
  const auto polygon = read(file_text(kFixtures / "qupath_polygon.geojson"), 1000);
  EXPECT_EQ(issue_text(*polygon), "");
  EXPECT_EQ(polygon->size(), 1U);
}

}  // namespace
}  // namespace mifa::annotation
