// The table of annotation formats. The README's table "annotation formats" has a row for each.

#include "annotation/format.h"
#include "annotation/geojson.h"
#include "annotation/table_formats.h"

namespace mifa::annotation {

std::span<const Format> formats() {
  static const std::vector<Format> kFormats = {
      // {id, title, extensions, sniff, make}
      {"table", "table of points, boxes, tracks, classes or counts", ".csv, .tsv, .txt", sniff_table,
       make_table_reader},
      {"geojson", "GeoJSON", ".geojson, .json, .geojsonl, .geojsons", sniff_geojson, make_geojson_reader},
  };
  return kFormats;
}

}  // namespace mifa::annotation
