// The reports: the same bytes each time, valid in their formats, and safe with hostile names.
#include "validate/report.h"

#include <gtest/gtest.h>

#include <functional>

#include "fake_host.h"

namespace mifa::validate {
namespace {

Report hostile() {
  FakeHost host = read_vector("tests/vectors/rules/ome-zarr__array-missing/invalid-not-there.json");
  std::string& text = host.files["zarr.json"];
  const std::string path = R"("path":"1")";
  const std::size_t at = text.find(path);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, path.size(), R"("path":"<script>alert(1)</script>&\"'\u0007")");
  host.files["=cmd|' /C calc'!A0.txt"] = "";
  return host.run({}, "a <b>bold</b> & \"quoted\" name");
}

TEST(Report, IsTheSameEachTime) {
  for (const Format format : {Format::kText, Format::kJson, Format::kHtml, Format::kCsv, Format::kJunit}) {
    EXPECT_EQ(write_report(hostile(), format), write_report(hostile(), format));
  }
}

TEST(Report, HtmlEscapesWhatFilesSay) {
  const std::string html = html_report(hostile());
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<b>bold"), std::string::npos);
  EXPECT_NE(html.find("&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot; name"), std::string::npos);
  EXPECT_NE(html.find("<html lang=\"en\">"), std::string::npos);
}

TEST(Report, JunitEscapesWhatFilesSay) {
  const std::string xml = junit_report(hostile());
  EXPECT_EQ(xml.find("<script"), std::string::npos);
  EXPECT_NE(xml.find("<failure "), std::string::npos);
  EXPECT_NE(xml.find("classname=\"a &lt;b&gt;bold"), std::string::npos);
}

TEST(Report, CsvIsNoFormula) {
  const std::string csv = csv_report(hostile());
  EXPECT_EQ(csv.find(",\"=cmd"), std::string::npos);
  EXPECT_NE(csv.find("\"'=cmd"), std::string::npos);
  EXPECT_TRUE(csv.starts_with("severity,rule,title,file,line,row,pointer,message,expected,received,fix\r\n"));
}

// What of JSON Schema docs/report.schema.json uses: type, const, enum, required, properties,
// additionalProperties, items, minimum.
std::string violation(const JsonView& schema, const JsonView& value, const JsonView& root) {
  if (const auto reference = schema["$ref"].string()) {
    return violation(root["$defs"][reference->substr(std::string("#/$defs/").size())], value, root);
  }
  const auto type = schema["type"].string();
  const bool right = !type || (*type == "object" && value.is_object()) ||
                     (*type == "array" && value.is_array()) || (*type == "string" && value.is_string()) ||
                     (*type == "boolean" && value.is_boolean()) ||
                     (*type == "integer" && value.integer().has_value());
  if (!right) return value.pointer() + " is no " + *type;
  if (schema["const"].exists() && schema["const"].text() != value.text()) return value.pointer() + ": const";
  const JsonView allowed = schema["enum"];
  bool listed = !allowed.exists();
  for (std::int64_t i = 0; i < allowed.size(); ++i) listed = listed || allowed[i].text() == value.text();
  if (!listed) return value.pointer() + " is " + value.text(80);
  for (std::int64_t i = 0; i < schema["required"].size(); ++i) {
    const std::string key = *schema["required"][i].string();
    if (!value[key].exists()) return value.pointer() + " lacks " + key;
  }
  if (value.is_object()) {
    for (const std::string& key : value.keys()) {
      const JsonView member = schema["properties"][key];
      if (!member.exists()) return value.pointer() + " has " + key;
      const std::string found = violation(member, value[key], root);
      if (!found.empty()) return found;
    }
  }
  for (std::int64_t i = 0; value.is_array() && i < value.size(); ++i) {
    const std::string found = violation(schema["items"], value[i], root);
    if (!found.empty()) return found;
  }
  return "";
}

TEST(Report, JsonFollowsItsSchema) {
  const auto schema = JsonDocument::parse(read_text("docs/report.schema.json"), "docs/report.schema.json");
  ASSERT_TRUE(schema.ok()) << (schema.ok() ? "" : schema.error().message);
  for (const char* vector : {"ome-zarr__array-missing/invalid-not-there.json", "ome-zarr__axes-count/valid-five.json",
                             "files__format/invalid-czi.json", "ome-zarr__plate-wells/valid-path.json"}) {
    RunOptions options;
    options.configuration = *parse_configuration(
        R"({"rules":{"ome-zarr/axis-unit":{"severity":"off","reason":"x"},)"
        R"("ome-zarr/array-missing":{"severity":"warning","reason":"y"}}})",
        "c");
    const Report report =
        read_vector(std::filesystem::path("tests/vectors/rules") / vector).run(std::move(options));
    const auto json = JsonDocument::parse(json_report(report), "report");
    ASSERT_TRUE(json.ok());
    EXPECT_EQ(violation(*schema, *json, *schema), "") << vector;
  }
  const auto json = JsonDocument::parse(json_report(hostile()), "report");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(violation(*schema, *json, *schema), "");
}

TEST(Report, TextSaysWhatWhereAndHowToMend) {
  const Report report =
      read_vector("tests/vectors/rules/ome-zarr__array-missing/invalid-not-there.json").run({}, "image");
  const std::string text = text_report(report, false);
  EXPECT_NE(text.find("error  The arrays of an image are there  ome-zarr/array-missing\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    The array \"1\" is not there.\n    expected 1/zarr.json\n    received nothing\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  Fix: Add the array, or remove the dataset from the list.\n"), std::string::npos);
  EXPECT_NE(text.find("\ninvalid: 1 error\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace mifa::validate
