// What every annotation format is read into: objects with geometry in flat arrays, a category, typed
// properties, and the place in the file that each came from.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "annotation/column.h"
#include "annotation/paged.h"
#include "core/issue.h"

namespace mifa::annotation {

// How the vertices of a part are meant.
enum class PartKind : std::uint8_t {
  kPoints,  // each vertex a point
  kLine,    // an open line of two or more vertices
  kRing,    // the outside of a polygon; not repeated at the end
  kHole,    // a hole in the last kRing before it
  kBox,     // two vertices: the least and the greatest corner
  kInner,   // a closed line within a polygon (a cell's nucleus): outlined, neither filled nor measured
};

// What an object mainly is; it decides the layer's kind and how the object is counted.
enum class Shape : std::uint8_t { kNone, kPoint, kBox, kLine, kPolygon, kMixed };
const char* shape_name(Shape shape);  // "none", "point", "box", "line", "polygon", "mixed"

// MIFA's annotation types, as far as a layer of vectors can be one.
enum class LayerKind {
  kPoints,       // point_annotations
  kBoxes,        // bounding_boxes
  kShapes,       // geometrical_annotations: lines, polygons, mixtures
  kMasks,        // segmentation_mask: polygons that were made from run lengths
  kTracks,       // tracks
  kGraph,        // graphs
  kClassLabels,  // class_labels: rows without geometry
  kCounts,       // counts
};
const char* layer_kind_name(LayerKind kind);  // MIFA's word for it, e.g. "bounding_boxes"

// What layer coordinates are relative to the image.
struct Space {
  enum class Unit {
    kPixel,       // pixels of the image's finest level
    kPhysical,    // `unit_name`
    kNormalized,  // 0 to 1 over the image's width and height
  };
  Unit unit = Unit::kPixel;
  std::string unit_name;  // "micrometer"; kPhysical only
  // Whether (0, 0) is the upper left corner of the first pixel, or its centre.
  bool corner = true;
  // Row by row [xx, xy, x0, yx, yy, y0]: applied to the coordinates before unit and corner.
  std::array<double, 6> affine = {1, 0, 0, 0, 1, 0};
  bool depth_is_physical = false;  // z in `unit_name` rather than slice numbers
};

using Color = std::array<std::uint8_t, 3>;

struct Category {
  std::string name;
  std::string id;              // as the file has it; may be empty
  std::optional<Color> color;  // given by the file
  std::int64_t count = 0;      // of objects
};

// A link from an earlier object to a later one (tracks: the same cell, or its daughter) or an edge.
struct Link {
  std::uint32_t from = 0, to = 0;
};

// Columnar and append-only. Objects are numbered in the order of the file.
struct Layer {
  std::string name;    // shown to people: the file's name
  std::string file;    // relative to where it was opened, for issues
  std::string format;  // id of the Format
  LayerKind kind = LayerKind::kShapes;
  Space space;

  // Of each object.
  Paged<Shape> shapes;
  Paged<std::uint32_t> part_begin;     // size() + 1 entries
  Paged<std::int32_t> category;        // index into `categories`, -1 for none
  Paged<std::uint32_t> place_ordinal;  // its number in the file, from 0: see place_pointer
  Paged<std::uint32_t> place_line;     // 1-based, 0 when unknown
  // Of each object, or empty when no object has any: first and last frame or slice it is on, both
  // included; NaN for all.
  Paged<float> t_begin, t_end, z_begin, z_end;

  // Of each part.
  Paged<std::uint32_t> vertex_begin;  // parts() + 1 entries
  Paged<PartKind> part_kind;

  // x, y of each vertex, minus `origin`.
  Paged<float> xy;
  std::array<double, 2> origin = {0, 0};  // nonzero where coordinates are far from 0

  std::vector<Category> categories;
  std::vector<std::unique_ptr<Column>> columns;
  Paged<Link> links;

  // How to write an object's place: pointer_before + ordinal + pointer_after ("/features/", "");
  // empty `pointer_before`: by line only.
  std::string pointer_before, pointer_after;

  // Tables: the part that each recognised column plays ("x" → "Centroid X µm"; ReadOptions::mapping
  // corrects it), and all columns of the table.
  std::vector<std::pair<std::string, std::string>> mapping;
  std::vector<std::string> table_columns;

  // What this file has besides the objects kept here: objects of other images (COCO), for instance.
  std::int64_t elsewhere = 0;
  // Names of all images that the file speaks of, at most LayerLimits::image_names; empty: one image.
  std::vector<std::string> images;

  Issues issues;
  std::int64_t issues_untold = 0;  // beyond LayerLimits::issues_per_rule
  std::map<std::string, std::int64_t, std::less<>> issue_counts;  // by rule, told or not

  std::size_t size() const { return shapes.size(); }
  std::size_t parts() const { return part_kind.size(); }
  std::size_t vertices() const { return xy.size() / 2; }
  // The column with a role, or null.
  const Column* with_role(Role role) const;
  Column* find(std::string_view column_name) const;
  // Smallest box around an object's vertices [x0, y0, x1, y1] in layer coordinates with origin;
  // nothing for an object without vertices.
  std::optional<std::array<double, 4>> bounds(std::size_t object) const;
  // "/features/12", or empty.
  std::string pointer(std::size_t object) const;
};

struct LayerLimits {
  std::int64_t objects = 20'000'000;         // of one layer; beyond, the rest is counted and told
  std::int64_t vertices = 120'000'000;       // 960 MB: what a 32-bit heap can hold with the rest
  std::int64_t columns = 512;                // properties of objects; more are told, not kept
  std::int64_t categories = 100'000;         // more: it was no category
  std::int64_t issues_per_rule = 16;         // of one rule in one file; the rest is counted
  std::int64_t image_names = 100'000;        // listed of one file
  std::int64_t whole_file = 1'000'000'000;   // bytes of a format that is read in one piece
};

}  // namespace mifa::annotation
