#include "mifa/card.h"

#include "core/json.h"
#include "documents.h"
#include "mifa/completeness.h"

namespace mifa::meta {
namespace {

Checks s634() {
  std::vector<SourceFile> files;
  for (const char* name : {"Study", "Annotations", "Version"}) {
    const std::string path = std::string("bia-mifa-models/") + name + "_S-BIAD634.yaml";
    files.push_back({path, text_of(fixtures() / path), {}});
  }
  return check_documents(files);
}

TEST(Card, ShowsWhatIsStatedAndWhatIsMissing) {
  REQUIRE_FIXTURES();
  const Checks checks = s634();
  const auto parsed = JsonDocument::parse(card_json(checks.record, checks.issues), "card");
  ASSERT_TRUE(parsed.ok());
  const JsonView card = *parsed;
  EXPECT_EQ(card["licence"]["id"].string(), "CC0-1.0");
  EXPECT_EQ(card["licence"]["recommended"].boolean(), true);
  EXPECT_EQ(card["authors"][0]["orcid_url"].string(), "https://orcid.org/0000-0002-1439-5301");
  EXPECT_EQ(card["authors"][1]["orcid_url"].is_null(), true);
  EXPECT_EQ(card["publications"][0]["doi_url"].string(),
            "https://doi.org/10.1038/s41597-020-00608-w");
  EXPECT_EQ(card["models"].size(), 1);
  const JsonView set = card["annotation_sets"][0];
  EXPECT_EQ(set["types"][0].string(), "segmentation_mask");
  EXPECT_EQ(set["files"].integer(), 79);
  EXPECT_EQ(set["annotators"].size(), 5);
  EXPECT_TRUE(set["coverage"].is_null());
  EXPECT_EQ(set["versions"][0]["version"].string(), "1.1");
  EXPECT_EQ(card["organisms"].size(), 0);
  EXPECT_EQ(card["completeness"][0]["module"].string(), "study");
  EXPECT_EQ(card["completeness"][0]["percent"].integer(), 90);
  EXPECT_EQ(card["completeness"][1]["percent"].integer(), 0);
  EXPECT_EQ(card["completeness"][3]["percent"].integer(), 100);
  bool coverage = false;
  for (int i = 0; i < card["missing"].size(); ++i) {
    coverage = coverage || card["missing"][i]["attribute"].string() == "annotation_coverage";
  }
  EXPECT_TRUE(coverage);
  EXPECT_EQ(card["verdict"]["errors"].integer(), 0);
  EXPECT_EQ(card["licence"]["terms"]["attribution"].boolean(), false);
  EXPECT_EQ(card["licence"]["terms"]["commercial"].boolean(), true);
}

TEST(Card, KnowsWhereEachValueIsWritten) {
  REQUIRE_FIXTURES();
  const Checks checks = s634();
  const auto parsed = JsonDocument::parse(card_json(checks.record, checks.issues), "card");
  ASSERT_TRUE(parsed.ok());
  const JsonView places = (*parsed)["places"];
  EXPECT_EQ(places["/title"]["file"].string(), "bia-mifa-models/Study_S-BIAD634.yaml");
  EXPECT_EQ(places["/title"]["pointer"].string(), "/title");
  EXPECT_EQ(places["/title"]["line"].integer(), 1);
  EXPECT_EQ(places["/authors/1"]["pointer"].string(), "/authors/1");
  EXPECT_EQ(places["/annotation_sets/0/method"]["file"].string(),
            "bia-mifa-models/Annotations_S-BIAD634.yaml");
  EXPECT_EQ(places["/annotation_sets/0/versions/0"]["file"].string(),
            "bia-mifa-models/Version_S-BIAD634.yaml");
  EXPECT_FALSE(places["/annotation_sets/0/coverage"].exists());
}

TEST(Card, OfNothingIsAllMissing) {
  const auto parsed = JsonDocument::parse(card_json(Record(), {}), "card");
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE((*parsed)["title"].is_null());
  EXPECT_TRUE((*parsed)["licence"].is_null());
  EXPECT_EQ((*parsed)["missing"].size(), 31);
}

TEST(Badge, IsNeverGreenOverAnError) {
  Record record;
  record.containers.emplace_back();
  Issue error;
  EXPECT_EQ(make_badge(record, {error}).colour, BadgeColour::kRed);
  EXPECT_EQ(make_badge(record, {error}).text, "1 error");
  EXPECT_EQ(make_badge(record, {error, error}).alternative, "MIFA metadata: 2 errors.");
  EXPECT_EQ(make_badge(record, {}).colour, BadgeColour::kAmber);  // Nothing is stated.
  EXPECT_EQ(make_badge(Record(), {}).colour, BadgeColour::kGrey);
  EXPECT_EQ(make_badge(Record(), {error}).colour, BadgeColour::kRed);
}

TEST(Badge, IsGreenWhenAllThatIsRequiredIsThere) {
  const Checks checks =
      check_document("m.json", text_of("tests/vectors/rules/rembi__taxon-id-blank/valid-id.json"));
  ASSERT_TRUE(lines(checks.issues).empty()) << lines(checks.issues).front();
  const Badge badge = make_badge(checks.record, checks.issues);
  EXPECT_EQ(badge.colour, BadgeColour::kGreen);
  EXPECT_EQ(badge.text, "78 %");
  EXPECT_EQ(badge.alternative,
            "MIFA metadata: no errors, 0 warnings, 78 % of the attributes stated.");
  EXPECT_EQ(badge.svg, make_badge(checks.record, checks.issues).svg);
  EXPECT_TRUE(
      badge.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"20\" "
                            "role=\"img\" aria-label=\"MIFA metadata: no errors"))
      << badge.svg;
  Issue warning;
  warning.severity = Severity::kWarning;
  EXPECT_EQ(make_badge(checks.record, {warning}).text, "78 %, 1 warning");
  EXPECT_EQ(make_badge(checks.record, {warning}).colour, BadgeColour::kAmber);
}

}  // namespace
}  // namespace mifa::meta
