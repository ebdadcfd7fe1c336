// The annotations module, as far as the sets themselves go.
#include <cctype>
#include <cstdio>
#include <map>
#include <set>

#include "mifa/annotation_type.h"
#include "mifa/checks/modules.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using State = TypeReading::State;

template <typename Visit>
void each_set(const Checked& c, Visit visit) {
  for (std::size_t i = 0; i < c.record.annotations.size(); ++i) {
    visit(c.record.annotations[i], static_cast<int>(i));
  }
}

void set_title(const Checked& c, Report& report) {
  if (!c.record.from("pagetab")) return;
  each_set(c, [&](const AnnotationSet& set, int) {
    if (has_text(set.name)) return;
    report.at(place_of(set.name, set.place), {.message = "A section of annotations has no title.",
                                              .expected = "the attribute Title",
                                              .received = "nothing",
                                              .fix = "Name the set of annotations."});
  });
}

void overview(const Checked& c, Report& report) {
  if (!c.annotations()) return;
  each_set(c, [&](const AnnotationSet& set, int) {
    if (has_text(set.overview)) return;
    report.at(
        place_of(set.overview, set.place),
        {.message = "The annotations \"" + set.title() + "\" have no overview.",
         .expected = "what kind of annotations they are and how they were made, in a sentence",
         .received = "nothing",
         .fix = "Write the annotation overview."});
  });
}

void method_missing(const Checked& c, Report& report) {
  if (!c.annotations()) return;
  each_set(c, [&](const AnnotationSet& set, int) {
    if (has_text(set.method)) return;
    if (set.declared_mifa && set.method_ids.empty()) return;  // mifa/annotation-dataset-present
    report.at(
        place_of(set.method, set.place),
        {.message = "It is not described how the annotations \"" + set.title() + "\" were made.",
         .expected = "an annotation method: by whom or what, with which protocol for consensus "
                     "and quality",
         .received = "nothing",
         .fix = "Describe the annotation method."});
  });
}

void dataset_method(const Checked& c, Report& report) {
  if (!c.annotations()) return;
  each_set(c, [&](const AnnotationSet& set, int) {
    if (!set.declared_mifa || !set.method_ids.empty()) return;
    report.at(set.place, {.message = "The annotation dataset \"" + set.title() +
                                     "\" is linked to no annotation method.",
                          .expected = "associatedAnnotationMethod with the @id of a "
                                      "bia:AnnotationMethod",
                          .received = "no such method",
                          .fix = "Add the method and refer to it."});
  });
}

void method_vague(const Checked& c, Report& report) {
  static const std::vector<std::string_view> kMaker = {
      // People.
      "manual", "hand", "expert", "student", "annotator", "curat", "biolog", "patholog", "human",
      "crowd", "volunteer", "scientist", "researcher", "person", "author", "visual", "specialist",
      "radiolog", "clinic", "technician", "drawn", "user", "we ", "labell", "trained",
      // Programs.
      "software", "cellpose", "stardist", "napari", "ilastik", "imagej", "fiji", "algorithm",
      "model", "network", "automat", "computer", "machine", "deep", "unet", "u-net", "sam",
      "script", "program", "pipeline", "simulat", "synthe", "python", "matlab", "qupath", "tool",
      "semi", "phantom", "threshold", "watershed", "tracker", "classifier", "webknossos", "imaris",
      "amira", "cvat"};
  if (!c.annotations()) return;
  each_set(c, [&](const AnnotationSet& set, int) {
    if (!has_text(set.method) || set.method.value.find("://") != std::string::npos) return;
    const std::string text = lower(set.method.value + " " + set.overview.value);
    if (has_word(text, kMaker)) return;
    report.at(
        set.method.place,
        {.message = "The method of \"" + set.title() +
                    "\" says neither who nor which software made the annotations.",
         .expected = "people (experts, crowd) or software by name, and how quality was assured",
         .received = shortened(set.method.value, 100),
         .fix = "Name the annotators or the software."});
  });
}

void method_quality(const Checked& c, Report& report) {
  static const std::vector<std::string_view> kQuality = {
      "quality",  "consensus", "review",      "verif",        "validat", "proofread", "proof-read",
      "curat",    "agree",     "check",       "inspect",      "control", "correct",   "refin",
      "majority", "inter-",    "independent", "ground truth", "perfect"};
  if (!c.annotations()) return;
  each_set(c, [&](const AnnotationSet& set, int) {
    if (!has_text(set.method)) return;
    const std::string text =
        lower(set.method.value + " " + set.overview.value + " " + set.confidence.value);
    if (has_word(text, kQuality)) return;
    report.at(set.method.place, {.message = "The method of \"" + set.title() +
                                            "\" does not say how the annotations were checked.",
                                 .expected = "protocols of consensus and quality assurance",
                                 .received = shortened(set.method.value, 100),
                                 .fix = "Say who reviewed the annotations, or that nobody did."});
  });
}

// The types stated for a set: its own, else those of its files.
Texts types_of(const Checked& c, const AnnotationSet& set, int index) {
  if (has_text(set.types)) return set.types;
  for (const FileEntry* entry : c.index.of_set(index)) {
    if (has_text(entry->annotation_types)) return entry->annotation_types;
  }
  return {};
}

void type_missing(const Checked& c, Report& report) {
  if (!c.annotations()) return;
  each_set(c, [&](const AnnotationSet& set, int index) {
    if (has_text(types_of(c, set, index))) return;
    if (set.declared_mifa && set.method_ids.empty()) return;
    // Older forms have the type in the file list, which may not be at hand.
    bool elsewhere = false;
    for (const Text& list : set.file_lists) {
      elsewhere = elsewhere || (has_text(list) && !FileIndex::find_list(c.record, list.value));
    }
    const bool asked = c.record.study.template_name.value == "BioImages.MIFA.v1";
    const Place& place = set.types.empty() ? set.place : set.types.front().place;
    report.at(place, elsewhere && !asked ? Severity::kWarning : Severity::kError,
              {.message = "The annotations \"" + set.title() + "\" have no type" +
                          (elsewhere ? ", unless the file list states it, which is not here."
                                     : "; the archive would make it \"other\"."),
               .expected = "one or more of segmentation_mask, class_labels, bounding_boxes, …",
               .received = "nothing",
               .fix = "State the annotation type."});
  });
}

struct TypeUse {
  Text text;
  std::size_t count = 0;
};

// Every spelling of a type in the record, with its first place.
std::map<std::string, TypeUse> type_uses(const Checked& c) {
  std::map<std::string, TypeUse> uses;
  const auto add = [&](const Texts& texts) {
    for (const Text& text : texts) {
      if (!has_text(text)) continue;
      TypeUse& use = uses[std::string(trimmed(text.value))];
      if (use.count++ == 0) use.text = text;
    }
  };
  for (const AnnotationSet& set : c.record.annotations) add(set.types);
  for (const FileIndex::Annotation& annotation : c.index.annotations()) {
    add(annotation.entry->annotation_types);
  }
  return uses;
}

std::string times(std::size_t count) {
  return count > 1 ? " (" + std::to_string(count) + " times)" : "";
}

std::string all_types() {
  std::vector<std::string> names;
  for (const std::string_view type : annotation_types()) names.emplace_back(type);
  return listing(names, names.size());
}

void type_unknown(const Checked& c, Report& report) {
  for (const auto& [word, use] : type_uses(c)) {
    if (read_annotation_type(word).state != State::kUnknown) continue;
    report.at(use.text.place,
              {.message = "\"" + word + "\" is no annotation type" + times(use.count) + ".",
               .expected = all_types(),
               .received = word,
               .fix = "Use one of MIFA's types; \"other\" if none fits, with an explanation in the "
                      "overview."});
  }
}

void type_alias(const Checked& c, Report& report) {
  for (const auto& [word, use] : type_uses(c)) {
    const TypeReading reading = read_annotation_type(word);
    if (reading.state != State::kAlias) continue;
    report.at(use.text.place,
              {.message = "\"" + word + "\" is read as " + reading.type + times(use.count) +
                          "; programs that compare words do not find it.",
               .expected = reading.type,
               .received = word,
               .fix = "Write " + reading.type + "."});
  }
}

void type_is_method(const Checked& c, Report& report) {
  for (const auto& [word, use] : type_uses(c)) {
    if (read_annotation_type(word).state != State::kMethod) continue;
    report.at(
        use.text.place,
        {.message = "\"" + word + "\" says how it was annotated, not what the annotations are.",
         .expected = all_types(),
         .received = word,
         .fix = "State the type; the method belongs into the annotation method."});
  }
}

void type_other(const Checked& c, Report& report) {
  each_set(c, [&](const AnnotationSet& set, int) {
    for (const Text& type : set.types) {
      if (read_annotation_type(type.value).type != "other") continue;
      // A sentence says something; "other" alone, or a word or two, does not.
      if (split(set.overview.value, ' ').size() >= 4) continue;
      report.at(type.place,
                {.message = "The type \"other\" is not explained in the overview.",
                 .expected = "an overview that says what the annotations are",
                 .received = has_text(set.overview) ? set.overview.value : "no overview",
                 .fix = "Explain the type in the annotation overview."});
    }
  });
}

void attribute_missing(const Checked& c, Report& report, Text AnnotationSet::*attribute,
                       const std::string& what, const std::string& fix) {
  if (!c.annotations()) return;
  each_set(c, [&](const AnnotationSet& set, int) {
    const Text& text = set.*attribute;
    if (has_text(text)) return;
    report.at(place_of(text, set.place),
              {.message = "The annotations \"" + set.title() + "\" state no " + what + ".",
               .expected = what,
               .received = "nothing",
               .fix = fix});
  });
}

void confidence(const Checked& c, Report& report) {
  attribute_missing(c, report, &AnnotationSet::confidence, "confidence level",
                    "Say how sure the annotators are: their experience, their agreement, a score.");
}

void criteria(const Checked& c, Report& report) {
  attribute_missing(c, report, &AnnotationSet::criteria, "criteria",
                    "Say by which rules objects were annotated or left out.");
}

void coverage(const Checked& c, Report& report) {
  attribute_missing(c, report, &AnnotationSet::coverage, "coverage",
                    "Say which images were annotated, and what share of them.");
}

// The one percentage that is stated; -1 when there is none, or several.
double stated_share(const std::string& text) {
  const std::string small = lower(text);
  const std::size_t percent = small.find('%');
  if (percent != std::string::npos) {
    std::size_t start = percent;
    while (start > 0 && small[start - 1] == ' ') --start;
    const std::size_t end = start;
    while (start > 0 && (std::isdigit(static_cast<unsigned char>(small[start - 1])) != 0 ||
                         small[start - 1] == '.')) {
      --start;
    }
    double value = -1;
    if (small.find('%', percent + 1) != std::string::npos) return -1;
    return parse_number(small.substr(start, end - start), value) && value <= 100 ? value : -1;
  }
  return -1;
}

struct CoverageCount {
  std::size_t annotated = 0;
  std::size_t images = 0;
};

CoverageCount count_coverage(const Checked& c, int set) {
  CoverageCount count;
  std::set<std::string> sources;
  std::string path;
  for (const FileEntry* entry : c.index.of_set(set)) {
    for (const Text& source : entry->source_images) {
      if (c.index.find_image(source.value, path) == FileIndex::Match::kOne) sources.insert(path);
    }
  }
  count.annotated = sources.size();
  std::set<std::string> images;
  for (const FileEntry* image : c.index.images()) images.insert(image->path.value);
  if (images.empty() && c.actual) {
    for (const ActualFiles::Image& image : c.actual->images) images.insert(image.path);
    for (const FileIndex::Annotation& annotation : c.index.annotations()) {
      images.erase(annotation.entry->path.value);
    }
  }
  count.images = images.size();
  return count;
}

void coverage_contradicted(const Checked& c, Report& report) {
  each_set(c, [&](const AnnotationSet& set, int index) {
    const double share = stated_share(set.coverage.value);
    const CoverageCount count = count_coverage(c, index);
    if (share < 0 || count.images == 0 || count.annotated == 0) return;
    const double actual =
        100.0 * static_cast<double>(count.annotated) / static_cast<double>(count.images);
    if (actual >= share - 5 && actual <= share + 5) return;
    char text[32];
    std::snprintf(text, sizeof text, "%.0f %%", actual);
    report.at(set.coverage.place,
              {.message = "The stated coverage does not agree with the files: " +
                          std::to_string(count.annotated) + " of " + std::to_string(count.images) +
                          " images have annotations.",
               .expected = text,
               .received = set.coverage.value,
               .fix = "Correct the coverage, or add what is missing to the file lists."});
  });
}

void coverage_counts(const Checked& c, Report& report) {
  each_set(c, [&](const AnnotationSet& set, int index) {
    const CoverageCount count = count_coverage(c, index);
    if (count.images == 0 || count.annotated == 0) return;
    report.at(set.place,
              {.message = std::to_string(count.annotated) + " of " + std::to_string(count.images) +
                          " images are annotated in \"" + set.title() + "\".",
               .received = std::to_string(count.annotated) + "/" + std::to_string(count.images)});
  });
}

void annotators(const Checked& c, Report& report) {
  if (!c.study() || c.record.annotations.empty() || c.record.study.authors.empty()) return;
  for (const AnnotationSet& set : c.record.annotations) {
    if (!set.authors.empty()) return;
  }
  for (const Person& person : c.record.study.authors) {
    for (const Text& role : person.roles) {
      const std::string small = lower(role.value);
      // Of simulated data, the creator is who annotated.
      if (has_word(small, {"annot", "label", "curat", "segment", "dataset creator"})) return;
    }
  }
  report.at(c.record.study.authors.front().place,
            {.message = "Nobody is credited for the annotations.",
             .expected = "authors of the annotations, or authors with the role \"data annotation\"",
             .received = "no such author",
             .fix = "Name who annotated, or give the role to those who did."});
}

void archive_loses(const Checked& c, Report& report) {
  if (!c.form || c.record.annotations.empty()) return;
  std::set<std::string> lost;
  for (const AnnotationSet& set : c.record.annotations) {
    if (has_text(set.criteria)) lost.insert("annotation criteria");
    if (has_text(set.coverage)) lost.insert("coverage");
    if (has_text(set.confidence)) lost.insert("confidence level");
    if (!set.authors.empty()) lost.insert("annotation authors");
    for (const FileEntry& entry : set.files) {
      if (has_text(entry.creation_time)) lost.insert("creation time");
    }
  }
  if (!c.record.versions.empty()) lost.insert("version and changes");
  if (lost.empty()) return;
  report.at(c.record.annotations.front().place,
            {.message = "On the archive's way from PageTab to its pages (RO-Crate, API), these are "
                        "dropped: " +
                        listing({lost.begin(), lost.end()}, 10) + ".",
             .expected = "nothing to change",
             .received = std::to_string(lost.size()) + " kinds of statements",
             .fix = "Keep this document with the data, so that readers find them."});
}

constexpr Rule kRules[] = {
    {"mifa/annotation-title-missing", Severity::kError, kMifaModel,
     "Sections of annotations have a title (PageTab).", set_title},
    {"mifa/overview-missing", Severity::kError, kMifaModel, "Annotations have an overview.",
     overview},
    {"mifa/annotation-method-present", Severity::kError, kProfile, "Annotations have a method.",
     method_missing},
    {"mifa/annotation-dataset-present", Severity::kError, kProfile,
     "An annotation dataset is linked to its method.", dataset_method},
    {"mifa/method-vague", Severity::kWarning, kMifaPaper, "The method names people or software.",
     method_vague},
    {"mifa/method-quality", Severity::kInfo, kMifaPaper, "The method says how quality was assured.",
     method_quality},
    {"mifa/annotation-type-missing", Severity::kError, kMifaModel, "Annotations have a type.",
     type_missing},
    {"mifa/annotation-type-unknown", Severity::kError, kMifaModel, "Annotation types are MIFA's.",
     type_unknown},
    {"mifa/annotation-type-alias", Severity::kWarning, kMifaModel,
     "Annotation types are spelt as in MIFA.", type_alias},
    {"mifa/annotation-type-is-method", Severity::kWarning, kMifaModel,
     "An annotation type says what, not how.", type_is_method},
    {"mifa/annotation-type-other", Severity::kWarning, kMifaModel,
     "The type \"other\" is explained.", type_other},
    {"mifa/confidence-missing", Severity::kInfo, kMifaModel, "Confidence is stated.", confidence},
    {"mifa/criteria-missing", Severity::kInfo, kMifaModel, "Criteria are stated.", criteria},
    {"mifa/coverage-missing", Severity::kInfo, kMifaModel, "Coverage is stated.", coverage},
    {"mifa/coverage-contradicted", Severity::kWarning, kMifaPaper,
     "Stated coverage agrees with the files.", coverage_contradicted},
    {"mifa/coverage-counts", Severity::kInfo, kMifaPaper, "How many images are annotated.",
     coverage_counts},
    {"mifa/annotators-uncredited", Severity::kWarning, kMifaPaper, "Annotators get credit.",
     annotators},
    {"mifa/archive-loses", Severity::kInfo, kMifaPaper,
     "What does not survive the archive's own conversions.", archive_loses},
};

}  // namespace

std::span<const Rule> annotation_rules() { return kRules; }

}  // namespace mifa::meta
