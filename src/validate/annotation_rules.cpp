// Rules on annotation files: those of src/annotation as rows of this table, and what only the dataset
// as a whole tells.
#include "annotation/rules.h"
#include "validate/rule.h"

namespace mifa::validate {
namespace {

constexpr const char* kMifa = "https://doi.org/10.1038/s41592-025-02835-8";

constexpr Rule kOwn[] = {
    {.id = "annotation/unreadable",
     .severity = Severity::kError,
     .kind = Kind::kAnnotation,
     .applies_to = "all annotation files",
     .spec = kMifa,
     .title = "Annotation files can be read",
     .why = "Nobody can use annotations that cannot be read.",
     .fix = "Export the annotations again.",
     .check = nullptr},
    {.id = "annotation/format-unknown",
     .severity = Severity::kWarning,
     .kind = Kind::kAnnotation,
     .applies_to = "all annotation files",
     .spec = kMifa,
     .title = "Annotation files are of a known format",
     .why = "Readers have to guess how the annotations are meant.",
     .fix = "Export the annotations in one of the formats of the README, GeoJSON or COCO for instance.",
     .check = nullptr},
    {.id = "annotation/not-looked-into",
     .severity = Severity::kInfo,
     .kind = Kind::kAnnotation,
     .applies_to = "all annotation files",
     .spec = kMifa,
     .title = "Annotation files are checked",
     .why = "What is in the file is not known here; it may well be right.",
     .fix = "Nothing, or convert it to a format that is checked.",
     .check = nullptr},
    {.id = "annotation/image-not-here",
     .severity = Severity::kWarning,
     .kind = Kind::kAnnotation,
     .applies_to = "annotation files that name their images",
     .spec = kMifa,
     .title = "Annotated images are there",
     .why = "The annotations cannot be laid over an image that is not there, or is called otherwise.",
     .fix = "Add the images, or name them in the file as they are called.",
     .check = nullptr},
    {.id = "annotation/label-not-in-mask",
     .severity = Severity::kWarning,
     .kind = Kind::kAnnotation,
     .applies_to = "tables of a label image's objects, with --all-chunks",
     .spec = kMifa,
     .title = "Objects of a table are in the label image",
     .why = "The rows speak of objects that are not there: the table belongs to another image, mostly.",
     .fix = "Check that table and label image belong together.",
     .check = nullptr},
    {.id = "annotation/mask-size",
     .severity = Severity::kWarning,
     .kind = Kind::kAnnotation,
     .applies_to = "masks that are called after their image",
     .spec = kMifa,
     .title = "Masks are as large as their images",
     .why = "Nobody knows where on the image the mask lies.",
     .fix = "Save the mask in the image's size, or state the transformation in the metadata.",
     .check = nullptr},
    {.id = "files/image-unreadable",
     .severity = Severity::kError,
     .kind = Kind::kFiles,
     .applies_to = "TIFF, PNG and JPEG files",
     .spec = "https://www.ebi.ac.uk/bioimage-archive/",
     .title = "Images can be opened",
     .why = "The file is damaged, or its name tells another format than it has.",
     .fix = "Copy the file again from where it came, or export it again.",
     .check = nullptr},
};

}  // namespace

std::span<const Rule> annotation_rules() {
  static const std::vector<Rule> kRules = [] {
    std::vector<Rule> rules(std::begin(kOwn), std::end(kOwn));
    for (const annotation::AnnotationRule& rule : annotation::annotation_rules()) {
      Rule row{};
      row.id = rule.id;
      row.severity = rule.severity;
      row.kind = Kind::kAnnotation;
      row.applies_to = rule.applies_to;
      row.spec = rule.spec_url;
      row.title = rule.title;
      row.why = "Readers draw the annotations wrongly, in part, or not at all.";
      row.fix = "Correct the file at the place that is named, or export it again.";
      rules.push_back(row);
    }
    return rules;
  }();
  return kRules;
}

}  // namespace mifa::validate
