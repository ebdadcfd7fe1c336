// Annotation files: their images, types, transformations and times, against the lists and the
// files.
#include <algorithm>
#include <unordered_map>

#include "mifa/annotation_type.h"
#include "mifa/checks/modules.h"
#include "mifa/timestamp.h"
#include "mifa/transformation.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Annotation = FileIndex::Annotation;

std::string name_of(const FileEntry& entry) {
  return has_text(entry.path) ? entry.path.value : "an annotation without a path";
}

void source_missing(const Checked& c, Report& report) {
  if (c.failed) return;
  for (const Annotation& annotation : c.index.annotations()) {
    const FileEntry& entry = *annotation.entry;
    if (has_text(entry.source_images) || entry.kind.value == "directory") continue;
    // A set that says how its images are found needs no column.
    const bool by_name =
        annotation.set >= 0 &&
        has_text(c.record.annotations[static_cast<std::size_t>(annotation.set)].source_indicator);
    if (by_name) continue;
    report.once(
        entry.source_images.empty() ? entry.place : entry.source_images.front().place,
        "set" + std::to_string(annotation.set),
        {.message = "It is not said which image " + name_of(entry) + " annotates.",
         .expected = "the path of its source image",
         .received = "nothing",
         .fix = "Add a column \"source image\" (or source_image_id) with the image's path."});
  }
}

void source_unresolved(const Checked& c, Report& report) {
  if (!c.index.knows_images() || c.elsewhere) return;
  // Lists by themselves may not be all of them.
  const Severity severity =
      c.record.only_file_lists() && !c.actual ? Severity::kWarning : Severity::kError;
  std::string path;
  for (const Annotation& annotation : c.index.annotations()) {
    for (const Text& source : annotation.entry->source_images) {
      if (!has_text(source)) continue;
      if (c.index.find_image(source.value, path) != FileIndex::Match::kNone) continue;
      report.at(source.place, severity,
                {.message = "The source image of " + name_of(*annotation.entry) + " is not there.",
                 .expected = "a path of one of the images",
                 .received = source.value,
                 .fix = "Correct the path, or add the image."});
    }
  }
}

void source_ambiguous(const Checked& c, Report& report) {
  std::string path;
  for (const Annotation& annotation : c.index.annotations()) {
    for (const Text& source : annotation.entry->source_images) {
      if (!has_text(source)) continue;
      if (c.index.find_image(source.value, path) != FileIndex::Match::kSeveral) continue;
      report.at(source.place,
                {.message = "The source image of " + name_of(*annotation.entry) +
                            " may be one of several with this name, " + path + " for instance.",
                 .expected = "the image's whole path",
                 .received = source.value,
                 .fix = "Write the path from the data set's root."});
    }
  }
}

void source_several(const Checked& c, Report& report) {
  for (const Annotation& annotation : c.index.annotations()) {
    const Texts& sources = annotation.entry->source_images;
    if (sources.size() < 2 || !has_text(sources[1])) continue;
    report.once(sources[1].place, "several",
                {.message = name_of(*annotation.entry) + " annotates several images.",
                 .expected = "one source image",
                 .received = joined(sources),
                 .fix = "Nothing, if one annotation is meant for all of them."});
  }
}

template <typename Visit>
void each_transformation(const Checked& c, Visit visit) {
  for (const AnnotationSet& set : c.record.annotations) {
    if (has_text(set.transformation)) visit(set.transformation);
    for (const FileEntry& entry : set.files) {
      if (has_text(entry.transformation)) visit(entry.transformation);
    }
  }
  for (const FileList& list : c.record.file_lists) {
    for (const FileEntry& entry : list.entries) {
      if (has_text(entry.transformation)) visit(entry.transformation);
    }
  }
}

void transformation_unreadable(const Checked& c, Report& report) {
  each_transformation(c, [&](const Text& text) {
    const auto reading = read_transformation(text.value);
    if (reading.state != TransformationReading::State::kUnreadable) return;
    report.at(text.place,
              {.message = "The transformation cannot be read as a matrix: " + reading.problem + ".",
               .expected = "numbers in rows, as in [[1, 0, 0], [0, 1, 0]]",
               .received = text.value,
               .fix = "Write two by three or three by four numbers in brackets."});
  });
}

void transformation_singular(const Checked& c, Report& report) {
  each_transformation(c, [&](const Text& text) {
    const auto reading = read_transformation(text.value);
    if (reading.state != TransformationReading::State::kSingular) return;
    report.at(text.place,
              {.message = "The transformation cannot be undone: " + reading.problem + ".",
               .expected = "a matrix with a determinant other than 0",
               .received = text.value,
               .fix = "Check the numbers; a row may stand twice."});
  });
}

void transformation_free_text(const Checked& c, Report& report) {
  each_transformation(c, [&](const Text& text) {
    const auto reading = read_transformation(text.value);
    if (reading.state != TransformationReading::State::kFreeText) return;
    report.once(text.place, "free text",
                {.message = "The transformation is given in words; programs cannot apply it.",
                 .expected = "a matrix, or \"identity\"",
                 .received = text.value,
                 .fix = "Add the matrix if there is one."});
  });
}

const ActualFiles::Image* actual_image(const Checked& c, const FileEntry& entry) {
  std::string path;
  for (const Text& source : entry.source_images) {
    if (c.index.find_image(source.value, path) != FileIndex::Match::kOne) continue;
    const auto found = c.actual_images.find(path);
    if (found != c.actual_images.end()) return found->second;
  }
  return nullptr;
}

std::string extent_text(const std::vector<std::int64_t>& extent) {
  std::string result;
  for (const std::int64_t size : extent) {
    if (!result.empty()) result += " × ";
    result += std::to_string(size);
  }
  return result;
}

// Visits the annotations of the record that are really there.
template <typename Visit>
void each_actual(const Checked& c, Visit visit) {
  if (!c.actual) return;
  std::unordered_map<std::string, const ActualFiles::Annotation*> by_path;
  for (const ActualFiles::Annotation& one : c.actual->annotations) by_path.emplace(one.path, &one);
  for (const Annotation& annotation : c.index.annotations()) {
    const auto found = by_path.find(std::string(trimmed(annotation.entry->path.value)));
    if (found != by_path.end()) visit(annotation, *found->second);
  }
}

const AnnotationSet* set_of(const Checked& c, const Annotation& annotation) {
  return annotation.set < 0 ? nullptr
                            : &c.record.annotations[static_cast<std::size_t>(annotation.set)];
}

void transformation_missing(const Checked& c, Report& report) {
  each_actual(c, [&](const Annotation& annotation, const ActualFiles::Annotation& actual) {
    const FileEntry& entry = *annotation.entry;
    const AnnotationSet* set = set_of(c, annotation);
    if (has_text(entry.transformation) || (set && has_text(set->transformation))) return;
    const ActualFiles::Image* image = actual_image(c, entry);
    if (!image || image->extent.empty() || actual.extent.empty()) return;
    if (image->extent == actual.extent) return;
    report.at(entry.place,
              {.message = "The mask " + actual.path + " is not as large as its image " +
                          image->path + ", and no transformation says where it lies.",
               .expected = extent_text(image->extent),
               .received = extent_text(actual.extent),
               .fix = "State the transformation from the mask to the image."});
  });
}

void spatial_missing(const Checked& c, Report& report) {
  each_actual(c, [&](const Annotation& annotation, const ActualFiles::Annotation& actual) {
    const AnnotationSet* set = set_of(c, annotation);
    if (actual.in_pixels || has_text(annotation.entry->spatial_information) ||
        (set && has_text(set->spatial_information))) {
      return;
    }
    report.once(annotation.entry->place, "set" + std::to_string(annotation.set),
                {.message = "The coordinates in " + actual.path +
                            " are not pixels, and their unit and origin are not stated.",
                 .expected = "spatial information: unit, origin, order of axes",
                 .received = "nothing",
                 .fix = "State the spatial information."});
  });
}

void coordinates_outside(const Checked& c, Report& report) {
  each_actual(c, [&](const Annotation& annotation, const ActualFiles::Annotation& actual) {
    if (actual.outside <= 0) return;
    report.at(annotation.entry->place,
              {.message = std::to_string(actual.outside) + " objects in " + actual.path +
                          " lie outside their image.",
               .expected = "objects inside the image",
               .received = std::to_string(actual.outside) + " outside",
               .fix = "Check the order of axes, the unit and the source image."});
  });
}

void type_differs(const Checked& c, Report& report) {
  each_actual(c, [&](const Annotation& annotation, const ActualFiles::Annotation& actual) {
    const AnnotationSet* set = set_of(c, annotation);
    const Texts& stated = has_text(annotation.entry->annotation_types) || !set
                              ? annotation.entry->annotation_types
                              : set->types;
    if (actual.types.empty() || !has_text(stated)) return;
    for (const Text& type : stated) {
      const TypeReading reading = read_annotation_type(type.value);
      // Weak and derived annotations come as any of the others.
      const bool fits = std::find(actual.types.begin(), actual.types.end(), reading.type) != actual.types.end();
      if (fits || reading.type == "weak_annotations" ||
          reading.type == "derived_annotations" || reading.type == "other" ||
          reading.type.empty()) {
        return;
      }
    }
    report.once(stated.front().place, actual.types.front(),
                {.message = "The declared type is not what " + actual.path + " holds.",
                 .expected = actual.types.front(),
                 .received = joined(stated),
                 .fix = "Correct the type, or the path."});
  });
}

template <typename Visit>
void each_time(const Checked& c, Visit visit) {
  for (const AnnotationSet& set : c.record.annotations) {
    if (has_text(set.creation_time)) visit(set.creation_time);
  }
  for (const Annotation& annotation : c.index.annotations()) {
    if (has_text(annotation.entry->creation_time)) visit(annotation.entry->creation_time);
  }
}

void time_unreadable(const Checked& c, Report& report) {
  each_time(c, [&](const Text& text) {
    if (parse_timestamp(text.value)) return;
    report.at(text.place, {.message = "The creation time is no date.",
                           .expected = "a time as in 2026-01-31T14:30:00Z",
                           .received = text.value,
                           .fix = "Write date and time with their zone."});
  });
}

void time_missing(const Checked& c, Report& report) {
  if (!c.annotations()) return;
  for (std::size_t i = 0; i < c.record.annotations.size(); ++i) {
    const AnnotationSet& set = c.record.annotations[i];
    // Only where files are described one by one is there a place for it.
    if (has_text(set.creation_time) || set.files.empty()) continue;
    bool any = false;
    for (const FileEntry& entry : set.files) any = any || has_text(entry.creation_time);
    if (any) continue;
    report.at(set.files.front().place,
              {.message = "When the annotations \"" + set.title() + "\" were made is not stated.",
               .expected = "annotation_creation_time",
               .received = "nothing",
               .fix = "State the time if it is known."});
  }
}

void time_zone(const Checked& c, Report& report) {
  each_time(c, [&](const Text& text) {
    const auto time = parse_timestamp(text.value);
    if (!time || !time->has_time || time->has_zone) return;
    report.once(text.place, "zone",
                {.message = "A creation time has no time zone; it is taken as UTC.",
                 .expected = "a time as in 2026-01-31T14:30:00Z",
                 .received = text.value,
                 .fix = "Add the zone."});
  });
}

void time_future(const Checked& c, Report& report) {
  if (c.now == 0) return;
  each_time(c, [&](const Text& text) {
    const auto time = parse_timestamp(text.value);
    if (!time || time->seconds <= c.now + 86400) return;
    report.at(text.place, {.message = "The annotation was made in the future.",
                           .expected = "a time before now",
                           .received = text.value,
                           .fix = "Correct the year."});
  });
}

constexpr Rule kRules[] = {
    {"mifa/source-image-missing", Severity::kError, kMifaModel,
     "Each annotation file names its image.", source_missing},
    {"mifa/source-image-unresolved", Severity::kError, kMifaModel, "Each source image is there.",
     source_unresolved},
    {"mifa/source-image-ambiguous", Severity::kWarning, kMifaModel, "Each source image is one.",
     source_ambiguous},
    {"mifa/source-image-several", Severity::kInfo, kMifaModel,
     "An annotation has one source image.", source_several},
    {"mifa/annotation-type-differs", Severity::kWarning, kMifaPaper,
     "Files hold what their type declares.", type_differs},
    {"mifa/transformation-unreadable", Severity::kError, kMifaModel,
     "A transformation in numbers is a matrix.", transformation_unreadable},
    {"mifa/transformation-singular", Severity::kError, kMifaModel,
     "A transformation can be undone.", transformation_singular},
    {"mifa/transformation-free-text", Severity::kInfo, kMifaModel, "Transformations are numbers.",
     transformation_free_text},
    {"mifa/transformation-missing", Severity::kWarning, kMifaPaper,
     "A mask of another size than its image has a transformation.", transformation_missing},
    {"mifa/spatial-information-missing", Severity::kWarning, kMifaModel,
     "Coordinates that are not pixels are explained.", spatial_missing},
    {"mifa/coordinates-outside", Severity::kWarning, kMifaPaper, "Objects lie inside their image.",
     coordinates_outside},
    {"mifa/creation-time-unreadable", Severity::kError, kMifaModel, "Creation times are times.",
     time_unreadable},
    {"mifa/creation-time-missing", Severity::kInfo, kMifaModel, "Creation times are stated.",
     time_missing},
    {"mifa/creation-time-zone", Severity::kInfo, "https://www.rfc-editor.org/rfc/rfc3339",
     "Creation times have a zone.", time_zone},
    {"mifa/creation-time-future", Severity::kWarning, kMifaModel, "Creation times are in the past.",
     time_future},
};

}  // namespace

std::span<const Rule> annotation_file_rules() { return kRules; }

}  // namespace mifa::meta
