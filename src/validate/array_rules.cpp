// What holds for every Zarr array: its metadata can be read, its chunks are there and can be decoded.
#include <cstdio>
#include <string>

#include "ome/concat.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kZarr3 = "https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html";


void check_none(const Subject& subject, Findings& findings) {
  const ChunkFiles* chunks = subject.chunks;
  if (!chunks || chunks->expected <= 0 || !chunks->present.empty()) return;
  findings.at(subject.document,
              concat("None of the array's ", chunks->expected,
                     " chunks is there: all pixels have the fill value."),
              concat(chunks->expected, chunks->expected == 1 ? " chunk" : " chunks"), "none", "");
}

void check_missing(const Subject& subject, Findings& findings) {
  const ChunkFiles* chunks = subject.chunks;
  if (!chunks || chunks->expected <= 0 || chunks->present.empty()) return;
  const auto present = static_cast<std::int64_t>(chunks->present.size());
  if (present == chunks->expected) return;
  const double share = 100.0 * static_cast<double>(chunks->expected - present) /
                       static_cast<double>(chunks->expected);
  char text[16];
  std::snprintf(text, sizeof text, "%.3g", share);
  findings.at(subject.document,
              concat(chunks->expected - present, " of ", chunks->expected, " chunks (", text,
                     " %) are not there: their pixels have the fill value."),
              concat(chunks->expected, " chunks"), concat(present), "");
}

void check_empty(const Subject& subject, Findings& findings) {
  if (!subject.chunks) return;
  for (const ChunkFile& chunk : subject.chunks->present) {
    if (chunk.size != 0) continue;
    findings.in_file(chunk.key, "The chunk's file is empty.", "the bytes of a chunk", "no bytes");
  }
}

void check_outside(const Subject& subject, Findings& findings) {
  if (!subject.chunks || subject.chunks->outside.empty()) return;
  const auto& outside = subject.chunks->outside;
  findings.in_file(outside.front(),
                   outside.size() == 1
                       ? std::string("The chunk lies outside the array.")
                       : concat("This and ", static_cast<std::int64_t>(outside.size()) - 1,
                                " other chunks lie outside the array."),
                   concat("chunks within the shape ", subject.document["shape"].text(80)),
                   std::string(file_name(outside.front())));
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/array-metadata",
     .severity = Severity::kError,
     .kind = Kind::kArray,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "Metadata of arrays follow the Zarr specification",
     .why = "The array cannot be read.",
     .fix = "Correct the metadata, or write the array again.",
     .check = nullptr},
    {.id = "zarr/unsupported",
     .severity = Severity::kWarning,
     .kind = Kind::kArray,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "Arrays use codecs and types that are widely known",
     .why = "Programs without the codec or type cannot read the array; Mifascope cannot check it.",
     .fix = "Write the array with a common codec such as zstd or blosc, and a number type.",
     .check = nullptr},
    {.id = "zarr/chunks-none",
     .severity = Severity::kWarning,
     .kind = Kind::kArray,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "Arrays have chunks",
     .why = "The image is blank; mostly the chunks were not copied.",
     .fix = "Copy the chunks, or write the array again.",
     .check = check_none},
    {.id = "zarr/chunks-missing",
     .severity = Severity::kInfo,
     .kind = Kind::kArray,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "All chunks of an array are there",
     .why = "Writers leave out chunks that hold nothing but the fill value; a copy that broke off "
            "looks the same.",
     .fix = "Compare the number of files with the original.",
     .check = check_missing},
    {.id = "zarr/chunk-empty",
     .severity = Severity::kError,
     .kind = Kind::kArray,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "Files of chunks have bytes in them",
     .why = "The chunk cannot be decoded: it was cut off while being written or copied.",
     .fix = "Copy the file again.",
     .check = check_empty},
    {.id = "zarr/chunk-outside",
     .severity = Severity::kWarning,
     .kind = Kind::kArray,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "Chunks lie inside their array",
     .why = "The shape was changed, or the files are another array's.",
     .fix = "Remove the files, or correct the shape.",
     .check = check_outside},
    {.id = "zarr/chunk-decode",
     .severity = Severity::kError,
     .kind = Kind::kArray,
     .applies_to = "Zarr v2 and v3",
     .spec = kZarr3,
     .title = "Chunks can be decoded",
     .why = "A part of the image cannot be shown.",
     .fix = "Copy the chunk again from the original, or write the array again.",
     .check = nullptr},
};

}  // namespace

std::span<const Rule> array_rules() { return kRules; }

}  // namespace mifa::validate
