// Licences, identifiers, times, types and transformations, in the forms in use.
#include <gtest/gtest.h>

#include "mifa/annotation_type.h"
#include "mifa/identifiers.h"
#include "mifa/licence.h"
#include "mifa/timestamp.h"
#include "mifa/transformation.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

std::string licence(const char* text) {
  const auto parsed = parse_licence(text);
  return parsed ? parsed->id : "-";
}

TEST(Licences, InAllForms) {
  for (const char* text :
       {"CC0", "CC0-1.0", "cc0 1.0", "CC0 1.0 Universal", "Creative Commons Zero v1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "http://creativecommons.org/publicdomain/zero/1.0/legalcode",
        "https://creativecommons.org/public-domain/cc0/", "https://spdx.org/licenses/CC0-1.0"}) {
    EXPECT_EQ(licence(text), "CC0-1.0") << text;
  }
  for (const char* text :
       {"CC BY 4.0", "CC-BY-4.0", "cc-by-4.0", "CC_BY_4.0",
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/", "creativecommons.org/licenses/by/4.0",
        "https://creativecommons.org/licenses/by/4.0/deed.en", "CC BY 4.0 (https://x.org)",
        "Attribution 4.0 International (CC BY 4.0)", "License: CC BY 4.0",
        "https://spdx.org/licenses/CC-BY-4.0.html"}) {
    EXPECT_EQ(licence(text), "CC-BY-4.0") << text;
  }
  EXPECT_EQ(licence("CC_BY"), "CC-BY");
  EXPECT_EQ(licence("CC BY 3.0"), "CC-BY-3.0");
  EXPECT_EQ(licence("https://creativecommons.org/licenses/by-nc-sa/2.5/"), "CC-BY-NC-SA-2.5");
  EXPECT_EQ(licence("https://creativecommons.org/licenses/by-sa/2.1/jp/"), "CC-BY-SA-2.1");
  EXPECT_EQ(licence("CC BY-NC-ND 4.0"), "CC-BY-NC-ND-4.0");
  EXPECT_EQ(licence("mit"), "MIT");
  EXPECT_EQ(licence("Apache License 2.0"), "Apache-2.0");
  EXPECT_EQ(licence("https://opensource.org/licenses/MIT"), "MIT");
  EXPECT_EQ(licence("ODbL-1.0"), "ODbL-1.0");
  for (const char* text :
       {"", "free", "CC", "CC BY 9.0", "proprietary", "https://example.org/licence",
        "CC BY 4.0 but ask us", "all rights reserved"}) {
    EXPECT_EQ(licence(text), "-") << text;
  }
}

TEST(Licences, SayWhatTheyAllow) {
  EXPECT_EQ(parse_licence("CC0")->allows(),
            "Anyone may use, change and share the data for any purpose, without asking.");
  EXPECT_EQ(parse_licence("CC BY 4.0")->allows(),
            "Anyone may use, change and share the data, also commercially, with credit.");
  EXPECT_EQ(
      parse_licence("CC BY-NC-ND 4.0")->allows(),
      "Anyone may use and share the data, but not commercially, with credit; changed versions may "
      "not be shared.");
  EXPECT_TRUE(parse_licence("CC BY 3.0")->recommended());
  EXPECT_FALSE(parse_licence("CC BY-SA 4.0")->recommended());
  EXPECT_FALSE(parse_licence("MIT")->recommended());
}

TEST(Licences, SpdxExpressions) {
  const auto choice = parse_licence_expression("(MIT OR cc0-1.0) AND CC-BY-4.0");
  ASSERT_TRUE(choice.has_value());
  EXPECT_EQ(choice->normalised, "(MIT OR CC0-1.0) AND CC-BY-4.0");
  EXPECT_EQ(choice->licences.size(), 3U);
  EXPECT_EQ(parse_licence_expression("GPL-3.0-or-later WITH GCC-exception-3.1")->normalised,
            "GPL-3.0-or-later WITH GCC-exception-3.1");
  for (const char* text :
       {"MIT OR", "OR MIT", "(MIT", "MIT)", "MIT AND nonsense", "", "AND", "()"}) {
    EXPECT_FALSE(parse_licence_expression(text).has_value()) << text;
  }
}

TEST(Identifiers, Orcid) {
  using State = OrcidCheck::State;
  EXPECT_EQ(check_orcid("0000-0002-1825-0097").state, State::kGood);
  EXPECT_EQ(check_orcid("https://orcid.org/0000-0002-1694-233X").id, "0000-0002-1694-233X");
  EXPECT_EQ(check_orcid("0000-0002-1694-233x/").state, State::kGood);
  EXPECT_EQ(check_orcid("ORCID: 0000 0002 1825 0097").state, State::kGood);
  const OrcidCheck wrong = check_orcid("0000-0002-1825-0098");
  EXPECT_EQ(wrong.state, State::kWrongCheckDigit);
  EXPECT_EQ(wrong.expected_check, '7');
  for (const char* text :
       {"", "0000-0002-1825-009", "X000-0002-1825-0097", "josiah", "0000-0002-1825-00977"}) {
    EXPECT_EQ(check_orcid(text).state, State::kWrongShape) << text;
  }
}

TEST(Identifiers, Doi) {
  using State = DoiCheck::State;
  EXPECT_EQ(check_doi("10.1038/s41592-025-02835-8").state, State::kGood);
  EXPECT_EQ(check_doi("10.1000.10/123").state, State::kGood);
  EXPECT_EQ(check_doi("https://dx.doi.org/10.5281/zenodo.1").id, "10.5281/zenodo.1");
  EXPECT_EQ(check_doi("doi: 10.5281/zenodo.1").state, State::kPrefixed);
  EXPECT_EQ(check_doi("10.5281/zenodo.1.").problem, "a punctuation mark at the end");
  EXPECT_EQ(check_doi("TBD").problem, "no \"10.\" with four digits or more and a slash");
  EXPECT_EQ(check_doi("10.1/x").state, State::kMalformed);
  EXPECT_EQ(check_doi("10.1000/").problem, "nothing after the slash");
  EXPECT_EQ(check_doi("10.10a0/x").problem, "letters in the registrant's number");
}

TEST(Identifiers, Others) {
  EXPECT_EQ(parse_ror("https://ror.org/02catss52"), "02catss52");
  EXPECT_EQ(parse_ror("00fv61j67"), "00fv61j67");
  EXPECT_FALSE(parse_ror("https://ror.org/02catss53"));
  EXPECT_FALSE(parse_ror("02catsS5"));
  EXPECT_TRUE(is_email("a.b@c.org"));
  for (const char* text : {"a", "@c.org", "a@c", "a b@c.org", "a@b@c.org", "a@c.org, d@e.org"}) {
    EXPECT_FALSE(is_email(text)) << text;
  }
  for (const char* text : {"NCBI:txid7227", "NCBITaxon_7227", "7227", "ncbitaxon:7227",
                           "http://purl.obolibrary.org/obo/NCBITaxon_7227",
                           "https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=7227"}) {
    EXPECT_EQ(parse_taxon(text), "7227") << text;
  }
  EXPECT_FALSE(parse_taxon("mouse"));
  EXPECT_FALSE(parse_taxon("txid"));
  EXPECT_TRUE(is_url("https://example.org/x"));
  EXPECT_FALSE(is_url("example.org"));
  EXPECT_FALSE(is_url("https://a b"));
}

TEST(Timestamps, InTheFormsInUse) {
  EXPECT_EQ(parse_timestamp("1970-01-02")->seconds, 86400);
  EXPECT_EQ(parse_timestamp("2000-02-29T12:00:00Z")->seconds, 951825600);
  EXPECT_EQ(parse_timestamp("2000-02-29T13:00:00+01:00")->seconds, 951825600);
  EXPECT_FALSE(parse_timestamp("2015-03-22 01:49:21")->has_zone);
  EXPECT_TRUE(parse_timestamp("2023-03-07T14:37:00-00:00")->has_zone);
  EXPECT_TRUE(parse_timestamp("2023-03-07 14:37 UTC")->has_zone);
  EXPECT_TRUE(parse_timestamp("2024-03-06T16:30:00.123456Z")->has_time);
  EXPECT_FALSE(parse_timestamp("2024")->has_time);
  EXPECT_TRUE(parse_timestamp("2024/03/06").has_value());
  for (const char* text :
       {"", "yesterday", "22/03/2015", "2015-13-01", "2015-02-29", "2015-03-22T25:00",
        "2015-03-22T01:60", "2015-03-22 x", "15-03-22", "2015-03-22T01:00:00+1"}) {
    EXPECT_FALSE(parse_timestamp(text).has_value()) << text;
  }
}

TEST(AnnotationTypes, EnumAliasesAndOtherWords) {
  using State = TypeReading::State;
  EXPECT_EQ(annotation_types().size(), 11U);
  for (const std::string_view type : annotation_types()) {
    EXPECT_EQ(read_annotation_type(type).state, State::kExact);
  }
  EXPECT_EQ(read_annotation_type("Segmentation masks").type, "segmentation_mask");
  EXPECT_EQ(read_annotation_type("segmetation_mask").type, "segmentation_mask");
  EXPECT_EQ(read_annotation_type("Bounding Boxes").state, State::kAlias);
  EXPECT_EQ(read_annotation_type("manual").state, State::kMethod);
  EXPECT_EQ(read_annotation_type("doodles").state, State::kUnknown);
}

TEST(Transformations, MatricesAndWords) {
  using State = TransformationReading::State;
  const auto state = [](const char* text) { return read_transformation(text).state; };
  EXPECT_EQ(state("[[1, 0, 5], [0, 1, 7]]"), State::kMatrix);
  EXPECT_EQ(read_transformation("[1,0,0,0, 0,1,0,0, 0,0,1,0]").rows.size(), 3U);
  EXPECT_EQ(state("1 0 0; 0 1 0; 0 0 1"), State::kMatrix);
  EXPECT_EQ(state("(0.5, 0), (0, 0.5)"), State::kMatrix);
  EXPECT_EQ(state("[1 0 5; 0 1 7]"), State::kMatrix);
  EXPECT_EQ(state("identity"), State::kNone);
  EXPECT_EQ(state("None"), State::kNone);
  EXPECT_EQ(state("Matrix is provided as a table."), State::kFreeText);
  EXPECT_EQ(state("scaled by 0.5 in x and y"), State::kFreeText);
  EXPECT_EQ(state("[[1, 0], [0, 0]]"), State::kSingular);
  EXPECT_EQ(read_transformation("[[1, 0, x], [0, 1, 7]]").problem, "\"x\" is not a number");
  EXPECT_EQ(read_transformation("[[1, 0, 5], [0, 1, 7]").problem, "the brackets do not match");
  EXPECT_EQ(read_transformation("[[1, 0], [0, 1, 7]]").problem, "the rows differ in length");
  EXPECT_EQ(read_transformation("[1, 2, 3, 4, 5]").problem, "5 numbers are no matrix");
  EXPECT_EQ(read_transformation("[[1, 2, 3, 4, 5], [1, 2, 3, 4, 6]]").problem, "it is 2 by 5");
}

TEST(Words, OtherEncodings) {
  EXPECT_EQ(decode("a\n\xE9\x80").text, "a\né€");
  EXPECT_EQ(decode("a\n\xE9").line, 2);
  EXPECT_STREQ(decode("a\n\xE9").encoding, "Windows-1252");
  EXPECT_EQ(decode(std::string_view("\xFF\xFE"
                                    "a\0\x3D\xD8\x00\xDE",
                                    8))
                .text,
            "a😀");
  EXPECT_EQ(decode(std::string_view("\xFE\xFF"
                                    "\0a",
                                    4))
                .text,
            "a");
  EXPECT_EQ(decode("é").encoding, nullptr);
}

TEST(Words, Plain) {
  EXPECT_EQ(trimmed("\xC2\xA0 a b \t\r\n"), "a b");
  EXPECT_EQ(folded("Source_Image-path"), "sourceimagepath");
  EXPECT_EQ(listing({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(listing({"a", "b", "c"}, 2), "a, b and 1 more");
  EXPECT_EQ(mended_utf8("a\xFF"
                        "b\xC3"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(mended_utf8("ü€😀"), "ü€😀");
  EXPECT_EQ(characters("ü€😀"), 3U);
  double value = 0;
  EXPECT_TRUE(parse_number(" -1.5e3 ", value));
  EXPECT_EQ(value, -1500);
  for (const char* text : {"", "nan", "0x10", "1,5", "1 2", "inf"}) {
    EXPECT_FALSE(parse_number(text, value)) << text;
  }
}

}  // namespace
}  // namespace mifa::meta
