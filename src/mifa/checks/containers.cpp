// What the readers and merge() file, and which modules there are at all.
#include "mifa/checks/modules.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

Place first_place(const Record& record) {
  Place place;
  if (!record.containers.empty()) {
    place.file = std::make_shared<const std::string>(record.containers.front().file);
  }
  return place;
}

void study_module(const Checked& c, Report& report) {
  if (c.failed || c.foreign || c.record.study.present() || c.record.containers.empty()) return;
  if (!c.form && !c.record.only_file_lists()) return;  // Single objects of the API, image crates.
  // One document by itself may be one of several; next to the data it is all there is.
  const bool all = c.actual && !c.actual->files.empty();
  report.at(first_place(c.record), all ? Severity::kWarning : Severity::kInfo,
            {.message = "No metadata of the study itself was found: title, description, authors, "
                        "licence and keywords are not stated.",
             .expected = "a study module",
             .received =
                 "only " + std::string(c.record.only_file_lists() ? "file lists" : "other modules"),
             .fix = "Give the study's document together with this one, or add its study section."});
}

void annotation_module(const Checked& c, Report& report) {
  if (c.failed || c.foreign || c.image_only || !c.record.study.present() ||
      !c.record.annotations.empty()) {
    return;
  }
  report.at(c.record.study.place,
            {.message = "No annotations are described; without them the data set has no MIFA "
                        "metadata of its own.",
             .expected = "an annotations module",
             .received = "none",
             .fix = "Describe each set of annotations if there are any."});
}

void foreign(const Checked& c, Report& report) {
  if (!c.foreign || c.image_only || c.failed) return;
  const Record& record = c.record;
  std::vector<std::string> missing;
  if (!has_text(record.study.title)) missing.emplace_back("title");
  if (!has_text(record.study.description)) missing.emplace_back("description");
  if (!has_text(record.study.licence)) missing.emplace_back("licence");
  if (!has_text(record.study.keywords)) missing.emplace_back("keywords");
  if (record.study.authors.empty()) missing.emplace_back("authors");
  if (record.annotations.empty()) missing.emplace_back("annotation overview, type and method");
  if (record.versions.empty()) missing.emplace_back("version");
  if (missing.empty()) return;
  report.at(
      record.study.place,
      {.message =
           "This metadata was not made for MIFA. It does not state " + listing(missing, 10) + ".",
       .expected = "MIFA's study, annotations and version modules",
       .received = record.containers.front().id,
       .fix = "Export it to one of MIFA's containers and fill in what is missing, if the data "
              "set is to follow MIFA."});
}

constexpr Rule kRules[] = {
    {"mifa/container-syntax", Severity::kError, kMifaModel, "A metadata file can be parsed.",
     nullptr},
    {"mifa/encoding", Severity::kWarning, kFileListHelp, "Metadata files are UTF-8.", nullptr},
    {"mifa/limit", Severity::kError, kMifaModel, "A metadata file is within this program's limits.",
     nullptr},
    {"mifa/value-type", Severity::kError, kMifaModel,
     "Values have the shape that their attribute has: text, list, group.", nullptr},
    {"mifa/scalar-for-list", Severity::kWarning, kMifaModel, "MIFA's lists are written as lists.",
     nullptr},
    {"mifa/duplicate-key", Severity::kWarning, "https://yaml.org/spec/1.2.2/#3213-node-comparison",
     "A name stands once in its group.", nullptr},
    {"mifa/unknown-attribute", Severity::kInfo, kMifaModel,
     "Attributes that are not known are kept and named.", nullptr},
    {"mifa/misplaced-section", Severity::kError, kMifaModel,
     "A section stands at the margin, not inside another one.", nullptr},
    {"mifa/several-studies", Severity::kInfo, kMifaModel, "A document describes one study.",
     nullptr},
    {"mifa/unknown-context", Severity::kInfo, "https://www.w3.org/TR/json-ld11/#the-context",
     "A crate's contexts are known here.", nullptr},
    {"mifa/undefined-term", Severity::kError, "https://www.w3.org/TR/json-ld11/#the-context",
     "A crate's terms are defined in its context.", nullptr},
    {"mifa/dangling-reference", Severity::kWarning, kRoCrateSpec,
     "What is referred to is described.", nullptr},
    {"mifa/crate-descriptor", Severity::kError, kRoCrateSpec, "A crate describes itself.", nullptr},
    {"mifa/crate-root", Severity::kError, kRoCrateSpec, "A crate has a root.", nullptr},
    {"mifa/image-crate-chain", Severity::kError, "https://github.com/lubianat/ome-zarr-ro-crate",
     "An image's crate leads from the image to its organism.", nullptr},
    {"bia-submission/root-study", Severity::kError, kProfile,
     "The root of a BIA crate is a study with what the archive needs.", nullptr},
    {"mifa/conflict", Severity::kWarning, kMifaPaper, "Containers of one study agree.", nullptr},
    {"mifa/study-module-absent", Severity::kWarning, kMifaPaper, "There is a study module.",
     study_module},
    {"mifa/annotations-module-absent", Severity::kInfo, kMifaPaper,
     "There is an annotations module.", annotation_module},
    {"mifa/foreign-container", Severity::kInfo, kMifaPaper,
     "What MIFA needs and a container of another purpose does not state.", foreign},
};

}  // namespace

std::span<const Rule> container_rules() { return kRules; }

}  // namespace mifa::meta
