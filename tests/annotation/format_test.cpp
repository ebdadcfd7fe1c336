#include "annotation/format.h"

#include <gtest/gtest.h>

namespace mifa::annotation {
namespace {

class Collected final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;
  std::string text;

 private:
  Status read(std::string_view whole) override {
    text = whole;
    return Success{};
  }
};

TEST(WholeFileReader, JoinsTheWindows) {
  LayerBuilder builder("a");
  Collected reader({}, builder);
  ASSERT_TRUE(reader.feed("ab"));
  ASSERT_TRUE(reader.feed("c"));
  ASSERT_TRUE(reader.finish());
  EXPECT_EQ(reader.text, "abc");
}

TEST(WholeFileReader, RefusesAFileBeyondTheLimit) {
  LayerBuilder builder("a");
  ReadOptions options;
  options.file = "big.xml";
  options.limits.whole_file = 4;
  Collected reader(options, builder);
  ASSERT_TRUE(reader.feed("abcd"));
  const Status status = reader.feed("e");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kLimit);
  EXPECT_NE(status.error().message.find("Expected at most 4 bytes in big.xml"), std::string::npos);
}

TEST(DetectFormat, ListsTheKnownFormatsForAnUnknownFile) {
  const auto found = detect_format({"x.bin", "\x01\x02PK", true});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(found.error().message.find("Expected annotations in x.bin, received a file that begins "
                                       "with \"..PK\". Known formats: "),
            std::string::npos)
      << found.error().message;
}

TEST(DetectFormat, NamesHdf5) {
  const auto found = detect_format({"tracks.h5", "\x89HDF\r\n\x1a\n____", false});
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("received an HDF5 file (btrack, AnnData's .h5ad and others), which has to "
                                       "be exported as CSV or Zarr."),
            std::string::npos)
      << found.error().message;
}

}  // namespace
}  // namespace mifa::annotation
