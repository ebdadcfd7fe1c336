// The table of annotation formats. The README's table "annotation formats" has a row for each.

#include "annotation/columnar.h"
#include "annotation/format.h"
#include "annotation/geojson.h"
#include "annotation/readers.h"
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
      {"coco", "COCO", ".json", sniff_coco, make_coco},
      {"cvat", "CVAT", ".xml", sniff_cvat, make_cvat},
      {"imagej-roi", "ImageJ ROI", ".roi", sniff_imagej_roi, make_imagej_roi},
      {"imagej-roi-zip", "ImageJ ROI set", ".zip", sniff_imagej_roi_zip, make_imagej_roi_zip},
      {"labelme", "LabelMe", ".json", sniff_labelme, make_labelme},
      {"ome-roi", "OME-XML ROIs", ".ome.xml, .xml", sniff_ome_roi, make_ome_roi},
      {"via", "VGG Image Annotator", ".json", sniff_via, make_via},
      {"via-csv", "VGG Image Annotator table", ".csv", sniff_via_csv, make_via_csv},
      {"voc", "Pascal VOC", ".xml", sniff_voc, make_voc},
      {"yolo", "YOLO", ".txt", sniff_yolo, make_yolo},
  };
  return kFormats;
}

}  // namespace mifa::annotation
