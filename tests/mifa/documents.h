// What the tests of mifa share: fixtures, reading a document, and issues as lines.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "mifa/checks.h"
#include "mifa/merge.h"

namespace mifa::meta {

// The shared fixtures of MIFA documents; empty when they are not there.
std::filesystem::path fixtures();

#define REQUIRE_FIXTURES() \
  if (fixtures().empty()) GTEST_SKIP() << "../shared/fixtures/mifa is not there"

std::string text_of(const std::filesystem::path& path);

// A moment for rules about the future: 2026-11-26T00:00:00Z.
inline constexpr std::int64_t kNow = 1795651200;

struct Checks {
  Record record;
  Issues issues;  // Of readers, merge and rules.
};

// Reads, merges and checks documents, by name and text. Documents of no container fail the test.
Checks check_documents(const std::vector<SourceFile>& files, const ActualFiles* actual = nullptr,
                       const Record* previous = nullptr);
// The same for one document.
Checks check_document(const std::string& name, const std::string& text);

// "E mifa/title-missing file:3" lines, sorted, without information unless asked for.
std::vector<std::string> lines(const Issues& issues, bool infos = false);
// The issues of one rule.
Issues of_rule(const Issues& issues, const std::string& rule);

}  // namespace mifa::meta
