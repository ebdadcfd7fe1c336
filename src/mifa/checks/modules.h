// The rules of each module, put together by checks.cpp.
#pragma once

#include <span>

#include "mifa/checks.h"

namespace mifa::meta {

inline constexpr const char* kMifaPaper = "https://doi.org/10.1038/s41592-025-02835-8";
inline constexpr const char* kMifaModel = "https://bioimage-archive.github.io/bia-mifa-models/";
inline constexpr const char* kRembi = "https://doi.org/10.1038/s41592-021-01166-8";
inline constexpr const char* kProfile = "https://w3id.org/bia/ro-crate/profile/bia-submission";
inline constexpr const char* kFileListHelp =
    "https://www.ebi.ac.uk/bioimage-archive/help-file-list/";
inline constexpr const char* kRoCrateSpec = "https://w3id.org/ro/crate/1.1";

std::span<const Rule> container_rules();
std::span<const Rule> study_rules();
std::span<const Rule> licence_rules();
std::span<const Rule> annotation_rules();
std::span<const Rule> annotation_file_rules();
std::span<const Rule> version_rules();
std::span<const Rule> rembi_rules();
std::span<const Rule> file_list_rules();

// Where to point for a value that is missing: at its empty mention, else at its section.
inline const Place& place_of(const Text& text, const Place& section) {
  return text.mentioned() ? text.place : section;
}

}  // namespace mifa::meta
