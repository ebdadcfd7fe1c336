// What is checked, as data: one row a rule. The rows stand beside their checks, in the *_rules.cpp
// files; all_rules() is the one table of them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/issue.h"

namespace mifa::validate {

class Findings;
struct Subject;

// What a rule is checked on.
enum class Kind {
  kGroup,         // the metadata of any group that has OME-Zarr in it
  kImage,         // one entry of "multiscales"
  kAxes,          // an object with "axes": an entry of "multiscales", or a coordinate system (0.6)
  kTransforms,    // an object with "coordinateTransformations", in 0.4 and 0.5
  kTransforms06,  // the same in 0.6: a dataset, an entry of "multiscales", or a scene
  kOmero,         // "omero"
  kLevels,        // an entry of "multiscales" whose arrays' metadata was read
  kLabelsGroup,   // "labels", the list
  kLabel,         // "image-label"
  kPlate,         // "plate"
  kWell,          // "well"
  kSeries,        // "bioformats2raw.layout", and "series" of its OME group
  kScene,         // "scene"
  kArray,         // a Zarr array
  kPixels,        // an image of which chunks were decoded
  kFiles,         // the names and sizes of all files
  kStudy,         // MIFA and REMBI metadata of a study: the rules of src/mifa
  kAnnotation,    // an annotation file: the rules of src/annotation, and against its image
};

struct Rule {
  const char* id;                  // Stable: configuration files and other programs name it.
  Severity severity;               // Unless a configuration says otherwise.
  Kind kind;
  const char* applies_to;          // In words, with versions.
  const char* spec;                // URL of the section that says so.
  const char* title;               // What holds where the rule is kept: a short sentence.
  const char* why;                 // What goes wrong where it is not.
  const char* fix;                 // What to do, unless the check says it better.
  // Finds what is wrong. Null where the runner itself finds it (a file that is not there).
  void (*check)(const Subject& subject, Findings& findings);
};

// All rules, by id.
const std::vector<const Rule*>& all_rules();
// Null for an id that is not in the table.
const Rule* find_rule(std::string_view id);
// Rules with a check, of one kind.
const std::vector<const Rule*>& rules_of(Kind kind);
// The rule's section in the edition of the specification that the data follows ("0.4" → minor 4).
std::string spec_url(const Rule& rule, int minor);

// The tables that all_rules() puts together.
std::span<const Rule> group_rules();
std::span<const Rule> image_rules();
std::span<const Rule> axes_rules();
std::span<const Rule> transform_rules();
std::span<const Rule> coordinate_system_rules();
std::span<const Rule> omero_rules();
std::span<const Rule> level_rules();
std::span<const Rule> label_rules();
std::span<const Rule> plate_rules();
std::span<const Rule> collection_rules();
std::span<const Rule> array_rules();
std::span<const Rule> pixel_rules();
std::span<const Rule> file_rules();
std::span<const Rule> study_rules();
std::span<const Rule> annotation_rules();

}  // namespace mifa::validate
