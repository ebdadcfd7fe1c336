// The table of annotation formats. The README's table "annotation formats" has a row for each.

#include "annotation/columnar.h"
#include "annotation/format.h"
#include "annotation/geojson.h"
#include "annotation/table_formats.h"

namespace mifa::annotation {

std::span<const Format> formats() {
  static const std::vector<Format> kFormats = {
      // {id, title, extensions, sniff, make}
      {"columns", "columns of a GeoParquet, GEFF, SpatialData or AnnData source", "read by the page",
       sniff_columnar, make_columnar_reader},
      {"ctc", "Cell Tracking Challenge tracks", "man_track.txt, res_track.txt", sniff_ctc, make_ctc_reader},
      {"star", "STAR particles (RELION)", ".star", sniff_star, make_star_reader},
      {"swc", "SWC skeletons", ".swc", sniff_swc, make_swc_reader},
      {"json-rows", "classes or counts in JSON", ".json", sniff_json_rows, make_json_rows_reader},
      {"trackmate", "TrackMate", ".xml", sniff_trackmate, make_trackmate_reader},
      {"table", "table of points, boxes, tracks, classes or counts", ".csv, .tsv, .txt", sniff_table,
       make_table_reader},
      {"geojson", "GeoJSON", ".geojson, .json, .geojsonl, .geojsons", sniff_geojson, make_geojson_reader},
  };
  return kFormats;
}

}  // namespace mifa::annotation
