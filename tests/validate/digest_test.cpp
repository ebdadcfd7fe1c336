// Checksums of the standards' own examples, in pieces of any length.
#include "validate/digest.h"

#include <gtest/gtest.h>

namespace mifa::validate {
namespace {

std::string digest(DigestKind kind, const std::string& text, std::size_t piece) {
  Digest one(kind);
  const auto bytes = std::as_bytes(std::span(text));
  for (std::size_t at = 0; at < bytes.size(); at += piece) one.add(bytes.subspan(at, std::min(piece, bytes.size() - at)));
  return one.finish();
}

TEST(Digest, OfTheStandardsExamples) {
  const std::string long_text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  for (const std::size_t piece : {1U, 7U, 64U, 1000U}) {
    EXPECT_EQ(digest(DigestKind::kMd5, "", piece), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(digest(DigestKind::kMd5, "abc", piece), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(digest(DigestKind::kMd5, "12345678901234567890123456789012345678901234567890123456789012345678901234567890", piece),
              "57edf4a22be3c955ac49da2e2107b67a");
    EXPECT_EQ(digest(DigestKind::kSha1, "abc", piece), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(digest(DigestKind::kSha1, long_text, piece), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(digest(DigestKind::kSha256, "abc", piece), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(digest(DigestKind::kSha256, long_text, piece), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(digest(DigestKind::kCrc32, "123456789", piece), "cbf43926");
  }
}

TEST(Digest, KnowsHeadingsAndDigits) {
  EXPECT_EQ(digest_kind_of("Checksum SHA-256"), DigestKind::kSha256);
  EXPECT_EQ(digest_kind_of("md5"), DigestKind::kMd5);
  EXPECT_EQ(digest_kind_of("crc32c"), std::nullopt);
  EXPECT_EQ(digest_kind_of("size"), std::nullopt);
  EXPECT_EQ(digest_text(DigestKind::kCrc32, " CBF43926 "), "cbf43926");
  EXPECT_EQ(digest_text(DigestKind::kMd5, "md5:900150983cd24fb0d6963f7d28e17f72"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest_text(DigestKind::kMd5, "not one"), std::nullopt);
}

}  // namespace
}  // namespace mifa::validate
