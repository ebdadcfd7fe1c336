#include <gtest/gtest.h>

#include "annotation/table_formats.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

Reading read(const std::string& text, std::vector<std::string> names = {}) {
  ReadOptions options;
  options.image.names = std::move(names);
  return read_with(make_json_rows_reader, text, options);
}

TEST(JsonRows, ReadsClassesOfImages) {
  const Reading one = read(R"({"a.png": "mitotic", "b.png": "interphase"})", {"b.ome.tif"});
  EXPECT_EQ(one.issues(), "");
  EXPECT_EQ(one->kind, LayerKind::kClassLabels);
  ASSERT_EQ(one->size(), 1u);
  EXPECT_EQ(one.category(0), "interphase");
  EXPECT_EQ(one->elsewhere, 1);
  EXPECT_EQ(read(R"({"a.png": ["x", "y"], "b.png": ["z"]})")->size(), 3u);
  const Reading scored = read(R"({"labels": {"a.png": {"class": "x", "score": 0.5}}})");
  EXPECT_EQ(scored.category(0), "x");
  EXPECT_EQ(scored->with_role(Role::kScore)->number(0), 0.5);
}

TEST(JsonRows, ReadsClassesOfAMasksValues) {
  const Reading cells = read(R"({"1": "neuron", "2": "glia", "10": "neuron"})");
  EXPECT_EQ(cells->size(), 3u);
  EXPECT_EQ(cells->with_role(Role::kInstance)->name(), "label_id");
  EXPECT_EQ(cells->categories.size(), 2u);
}

TEST(JsonRows, ReadsCounts) {
  const Reading total = read(R"({"a.png": 12, "b.png": 7})", {"a"});
  EXPECT_EQ(total->kind, LayerKind::kCounts);
  EXPECT_EQ(total->with_role(Role::kCount)->integer(0), 12);
  const Reading by_class = read(R"({"a.png": {"nuclei": 12, "debris": 3}})");
  EXPECT_EQ(by_class->kind, LayerKind::kCounts);
  EXPECT_EQ(by_class->size(), 2u);
  EXPECT_EQ(by_class.category(1), "nuclei");
  EXPECT_EQ(by_class->with_role(Role::kCount)->integer(1), 12);
}

TEST(JsonRows, ReadsRecordsAsATable) {
  const Reading points =
      read(R"([{"x": 1.5, "y": 2, "class": "a"}, {"x": 3, "y": 4, "class": "b", "note": "n"}])");
  EXPECT_EQ(points->kind, LayerKind::kPoints);
  EXPECT_EQ(points->bounds(0), (std::array<double, 4>{1.5, 2, 1.5, 2}));
  EXPECT_EQ(points.property("note", 1), "n");
  EXPECT_EQ(points->pointer(1), "/1");
}

TEST(JsonRows, SaysWhatIsWrong) {
  const auto vector = [](const char* file) {
    return read(file_text(std::string("tests/vectors/annotation/json_rows/") + file));
  };
  const Reading item = vector("item-is-no-record.json");
  EXPECT_EQ(item->size(), 2u);
  EXPECT_EQ(item->pointer(1), "/2");
  EXPECT_EQ(item.issues(), "json-rows/not-a-record, 1: An item is no record; it is left out.\n");
  EXPECT_EQ(item->issues[0].pointer, "/1");
  EXPECT_FALSE(vector("truncated.json").status);
  EXPECT_EQ(vector("mixed.json").status.error().message,
            "expected classes or counts by image or by a mask's value, or a list of flat records, received an "
            "object with 2 members, at the top of test");
}

TEST(JsonRows, IsNotWhatOthersRead) {
  const auto sniff = [](const std::string& text, bool complete = true) {
    return sniff_json_rows({"a.json", text, complete});
  };
  EXPECT_GT(sniff(R"({"a.png": "x"})"), 0);
  EXPECT_GT(sniff(R"([{"file": "a.png", "class": "x"}, {"file": "b.pn)", false), 0);
  EXPECT_EQ(sniff(R"({"type": "FeatureCollection", "features": []})"), 0);
  EXPECT_EQ(sniff(R"({"images": [{"id": 1}], "annotations": [{"id": 1}]})"), 0);
  EXPECT_EQ(sniff(R"({"name": "settings", "version": "1"})"), 0);
  EXPECT_EQ(sniff(R"([{"image_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}])"), 0);
  EXPECT_EQ(sniff("a,b\n1,2\n"), 0);
}

}  // namespace
}  // namespace mifa::annotation
