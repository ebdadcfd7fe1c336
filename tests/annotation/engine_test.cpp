#include "annotation/engine.h"

#include <gtest/gtest.h>

#include <cstring>

#include "annotation/read_layer.h"

namespace mifa::annotation {
namespace {

const char* const kText = R"({"type": "FeatureCollection", "features": [
{"type": "Feature", "id": 7, "properties": {"classification": {"name": "Tumor", "color": [200, 0, 0]}, "score": 0.5},
 "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]]}},
{"type": "Feature", "properties": {"name": "A \"b\""}, "geometry": {"type": "Point", "coordinates": [30, 5]}}
]})";

std::unique_ptr<Engine> opened(const std::string& text = kText, std::size_t window = 100) {
  ReadOptions options;
  options.file = "cells.geojson";
  auto engine = Engine::open(options, "");
  EXPECT_TRUE(engine);
  for (std::size_t at = 0; at < text.size(); at += window) EXPECT_TRUE((*engine)->feed(text.substr(at, window)));
  EXPECT_TRUE((*engine)->finish());
  return std::move(engine).value();
}

JsonView json_of(const Result<Answer>& answer) {
  EXPECT_TRUE(answer) << answer.error().message;
  auto view = JsonDocument::parse(answer->json, "answer");
  EXPECT_TRUE(view) << answer->json;
  return *view;
}

TEST(Engine, TellsOfALayer) {
  const auto engine = opened();
  EXPECT_EQ(engine->objects(), 2U);
  EXPECT_EQ(engine->call(R"({"call": "info"})")->json,
            R"({"name":"cells.geojson","file":"cells.geojson","format":"geojson","formatTitle":"GeoJSON",)"
            R"("kind":"geometrical_annotations","count":2,"shapes":{"point":1,"polygon":1},"bounds":[0,0,30,10],)"
            R"("space":{"unit":"pixel","unitName":"","corner":true,"affine":[1,0,0,0,1,0],"depthIsPhysical":false},)"
            R"("categories":[{"name":"Tumor","id":"","count":1,"color":[200,0,0]}],)"
            R"("columns":[{"name":"id","type":"integer","role":"id","unit":"","present":1,"min":7,"max":7},)"
            R"({"name":"score","type":"number","role":"score","unit":"","present":1,"min":0.5,"max":0.5},)"
            R"({"name":"name","type":"text","role":"label","unit":"","present":1,"distinct":1,"values":[{"text":"A \"b\"","count":1}]}],)"
            R"("frames":null,"slices":null,"maskIds":"id","links":0,"divisions":0,"mapping":{},"tableColumns":[],"elsewhere":0,"images":[],)"
            R"("issues":[],"issuesUntold":0,"origin":[0,0]})");
}

TEST(Engine, AnswersEveryCall) {
  const auto engine = opened();
  EXPECT_EQ(json_of(engine->call(R"({"call": "blocks"})"))["count"].integer(), 1);
  const auto points = engine->call(R"({"call": "points"})");
  EXPECT_EQ(json_of(points)["count"].integer(), 2);
  EXPECT_EQ(points->parts.at(0).bytes(), 32U);
  const auto shapes = engine->call(R"({"call": "shapes", "block": 0})");
  EXPECT_EQ(json_of(shapes)["lineCount"].integer(), 4);
  EXPECT_EQ(json_of(shapes)["fillCount"].integer(), 6);
  EXPECT_EQ(json_of(shapes)["markerCount"].integer(), 1);
  EXPECT_EQ(shapes->parts.at(0).bytes(), 80U);
  EXPECT_EQ(json_of(engine->call(R"({"call": "links"})"))["count"].integer(), 0);
  EXPECT_EQ(json_of(engine->call(R"({"call": "extents"})"))["count"].integer(), 0);
  EXPECT_EQ(json_of(engine->call(R"({"call": "outline", "object": 1})"))["markerCount"].integer(), 1);
  EXPECT_EQ(engine->call(R"({"call": "pick", "query": {"x": 5, "y": 5, "radius": 1}})")->json, R"({"objects":[0]})");
  EXPECT_EQ(engine->call(R"({"call": "details", "object": 0})")->json,
            R"({"object":0,"shape":"polygon","category":"Tumor","bounds":[0,0,10,10],"frames":null,"slices":null,"area":100,"length":0,)"
            R"("properties":[{"name":"id","value":"7","unit":""},{"name":"score","value":"0.5","unit":""}],)"
            R"("place":{"file":"cells.geojson","line":2,"pointer":"/features/0"},"parents":[],"children":[]})");
  EXPECT_EQ(engine->call(R"({"call": "table", "query": {"sort": "score", "descending": true}, "from": 0, "count": 1, "find": 1})")->json,
            R"({"total":2,"columns":["#","category","shape","area","id","score","name"],)"
            R"("rows":[{"object":0,"cells":["0","Tumor","polygon","100","7","0.5",""]}],"found":1})");
  EXPECT_EQ(json_of(engine->call(R"({"call": "quality", "image": {"width": 20, "height": 20}})"))["entries"][0]["rule"].string(),
            "annotation/outside-image");
}

TEST(Engine, FiltersWhatIsPickedAndListed) {
  const auto engine = opened();
  const auto style = engine->call(R"({"call": "style", "colorBy": {"kind": "category"}, "filter": {"hidden": [0]}})");
  EXPECT_EQ(json_of(style)["visible"].integer(), 1);
  ASSERT_EQ(style->parts.at(0).bytes(), 8U);
  EXPECT_EQ(static_cast<const std::uint8_t*>(style->parts[0].data())[3], 0);
  EXPECT_EQ(engine->call(R"({"call": "pick", "query": {"x": 5, "y": 5, "radius": 1}})")->json, R"({"objects":[]})");
  EXPECT_EQ(json_of(engine->call(R"({"call": "table", "from": 0, "count": 9})"))["total"].integer(), 1);
  EXPECT_EQ(json_of(engine->call(R"({"call": "table", "query": {"filtered": false}, "from": 0, "count": 9})"))["total"].integer(), 2);
  const auto ranges = engine->call(R"({"call": "style", "colorBy": {"kind": "column", "column": "score"}, "filter": {"ranges": [{"column": "score", "min": 0, "max": null}]}})");
  EXPECT_EQ(json_of(ranges)["visible"].integer(), 1);
  EXPECT_EQ(json_of(ranges)["legend"]["ramp"]["colors"].size(), 9);
}

TEST(Engine, RefusesWhatItDoesNotKnow) {
  const auto engine = opened();
  const auto said = [&](const char* request) { return engine->call(request).error().message; };
  EXPECT_NE(said(R"({"call": "dance"})").find("received \"dance\""), std::string::npos);
  EXPECT_NE(said(R"({"call": "shapes", "block": 1})").find("/block"), std::string::npos);
  EXPECT_NE(said(R"({"call": "details", "object": -1})").find("/object"), std::string::npos);
  EXPECT_NE(said("nonsense").find("request"), std::string::npos);
  EXPECT_EQ(Engine::open({}, "dxf").error().code, ErrorCode::kUnsupported);
  auto unknown = Engine::open({}, "");
  ASSERT_TRUE((*unknown)->feed("%PDF-1.4"));
  const Status status = (*unknown)->finish();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("Known formats:"), std::string::npos);
}

}  // namespace
}  // namespace mifa::annotation
