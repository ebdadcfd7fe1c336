#include "core/base64.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace mifa {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  const auto bytes = decode_base64(text);
  if (!bytes) return std::nullopt;
  std::string result;
  for (const std::byte byte : *bytes) result += static_cast<char>(byte);
  return result;
}

// RFC 4648, section 10.
TEST(Base64, VectorsOfTheRfc) {
  EXPECT_EQ(decoded(""), "");
  EXPECT_EQ(decoded("Zg=="), "f");
  EXPECT_EQ(decoded("Zm8="), "fo");
  EXPECT_EQ(decoded("Zm9v"), "foo");
  EXPECT_EQ(decoded("Zm9vYg=="), "foob");
  EXPECT_EQ(decoded("Zm9vYmE="), "fooba");
  EXPECT_EQ(decoded("Zm9vYmFy"), "foobar");
}

TEST(Base64, EveryCharacterOfTheAlphabet) {
  EXPECT_EQ(decoded("AAECAwQF+/8="), std::string("\0\1\2\3\4\5\xfb\xff", 8));
}

TEST(Base64, PaddingMayBeMissing) {
  EXPECT_EQ(decoded("Zg"), "f");
  EXPECT_EQ(decoded("Zm8"), "fo");
}

TEST(Base64, WhatIsNoBase64) {
  for (const char* text : {"Z", "Zm9vY", "Zm 9v", "Zm9-", "Zg=", "Z===", "=",
                           "====", "Zh==", "Zm9=v", "\xff\xff\xff\xff"}) {
    EXPECT_EQ(decoded(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mifa
