#include "annotation/rules.h"

#include <algorithm>


namespace mifa::annotation {
namespace {

constexpr Severity kE = Severity::kError, kW = Severity::kWarning, kI = Severity::kInfo;

constexpr const char* kAll = "all annotation files";
constexpr const char* kMifa = "https://doi.org/10.1038/s41592-025-02835-8";
constexpr const char* kJson = "https://www.rfc-editor.org/rfc/rfc8259";
constexpr const char* kXml = "https://www.w3.org/TR/xml/";
constexpr const char* kGeojson = "https://www.rfc-editor.org/rfc/rfc7946";
constexpr const char* kCoco = "https://cocodataset.org/#format-data";
constexpr const char* kCvat = "https://docs.cvat.ai/docs/manual/advanced/xml_format/";
constexpr const char* kLabelme = "https://github.com/wkentaro/labelme";
constexpr const char* kOme = "https://www.openmicroscopy.org/Schemas/Documentation/Generated/OME-2016-06/ome.html";
constexpr const char* kVia = "https://www.robots.ox.ac.uk/~vgg/software/via/";
constexpr const char* kVoc = "https://doi.org/10.1007/s11263-009-0275-4";
constexpr const char* kYolo = "https://docs.ultralytics.com/datasets/";
constexpr const char* kImagej = "https://imagej.net/ij/developer/api/ij/ij/io/RoiDecoder.html";
constexpr const char* kCtc = "https://public.celltrackingchallenge.net/documents/Naming%20and%20file%20content%20conventions.pdf";
constexpr const char* kTable = "https://www.rfc-editor.org/rfc/rfc4180";
constexpr const char* kTrackmate = "https://imagej.net/plugins/trackmate/";
constexpr const char* kStar = "https://relion.readthedocs.io/en/latest/Reference/Conventions.html";
constexpr const char* kSwc = "https://swc-specification.readthedocs.io/en/latest/swc.html";
constexpr const char* kGeff = "https://liveimagetrackingtools.org/geff/latest/specification/";
constexpr const char* kAnndata = "https://anndata.readthedocs.io/en/stable/fileformat-prose.html";
constexpr const char* kGeoparquet = "https://geoparquet.org/releases/v1.1.0/";
constexpr const char* kParquet = "https://parquet.apache.org/docs/file-format/";
constexpr const char* kSpatialdata = "https://spatialdata.scverse.org/en/stable/design_doc.html";

// By id.
constexpr AnnotationRule kRules[] = {
    {"anndata/categories", kE, "Codes lead to categories that are listed", "AnnData", kAnndata},
    {"anndata/coordinates", kE, "Places have a row for every observation", "AnnData", kAnndata},
    {"anndata/dataframe", kE, "Data frames have the columns that they list", "AnnData", kAnndata},
    {"anndata/element", kE, "The table has its parts", "AnnData", kAnndata},
    {"anndata/encoding", kE, "Parts of the table say how they are encoded", "AnnData", kAnndata},
    {"anndata/shape", kE, "Parts of the table fit its observations and variables", "AnnData", kAnndata},
    {"annotation/across-image-edge", kI, "Objects end at the image's edge", kAll, kMifa},
    {"annotation/coco-annotation", kE, "Annotations are objects", "COCO", kCoco},
    {"annotation/coco-area", kW, "An area is that of its shape", "COCO", kCoco},
    {"annotation/coco-bbox", kE, "A box is four numbers", "COCO", kCoco},
    {"annotation/coco-bbox-outside", kW, "Boxes lie in their image", "COCO", kCoco},
    {"annotation/coco-bbox-size", kW, "Boxes have a size", "COCO", kCoco},
    {"annotation/coco-category", kE, "Categories have ids of their own and names", "COCO", kCoco},
    {"annotation/coco-category-unknown", kE, "Categories of annotations are listed", "COCO", kCoco},
    {"annotation/coco-duplicate-id", kW, "Annotations have ids of their own", "COCO", kCoco},
    {"annotation/coco-image-id", kE, "Images have ids of their own", "COCO", kCoco},
    {"annotation/coco-image-unknown", kE, "Images of annotations are listed", "COCO", kCoco},
    {"annotation/coco-keypoints", kE, "Keypoints fit their category", "COCO", kCoco},
    {"annotation/coco-no-annotations", kW, "The file has annotations", "COCO", kCoco},
    {"annotation/coco-polygon", kE, "Polygons are pairs of numbers", "COCO", kCoco},
    {"annotation/coco-rle", kE, "Run lengths can be decoded", "COCO", kCoco},
    {"annotation/coco-rle-size", kE, "Masks have the size of their image", "COCO", kCoco},
    {"annotation/coco-segmentation", kE, "Segmentations are polygons or run lengths", "COCO", kCoco},
    {"annotation/coco-skeleton", kW, "Skeletons join keypoints", "COCO", kCoco},
    {"annotation/coordinate-not-finite", kE, "Coordinates are finite numbers", kAll, kMifa},
    {"annotation/cvat-coordinate", kE, "Shapes have their coordinates", "CVAT", kCvat},
    {"annotation/cvat-frame", kE, "Frames of a track follow one another", "CVAT", kCvat},
    {"annotation/cvat-label", kW, "Labels are listed", "CVAT", kCvat},
    {"annotation/cvat-mask", kE, "Masks fit their boxes", "CVAT", kCvat},
    {"annotation/cvat-outside", kW, "Shapes lie in their image", "CVAT", kCvat},
    {"annotation/cvat-points", kE, "Vertices are numbers", "CVAT", kCvat},
    {"annotation/cvat-shape", kW, "Shapes are of a known kind", "CVAT", kCvat},
    {"annotation/degenerate-shape", kW, "Shapes have an area or a length", kAll, kMifa},
    {"annotation/duplicate-geometry", kW, "No object is there twice", kAll, kMifa},
    {"annotation/duplicate-id", kW, "Objects have ids of their own", kAll, kMifa},
    {"annotation/empty-file", kE, "The file has content", kAll, kMifa},
    {"annotation/empty-object", kW, "Objects have geometry", kAll, kMifa},
    {"annotation/geojson-bbox", kW, "Bounding boxes are four or six numbers", "GeoJSON", kGeojson},
    {"annotation/geojson-coordinates", kE, "Coordinates are nested as their type asks", "GeoJSON", kGeojson},
    {"annotation/geojson-crs", kI, "No coordinate reference system is named", "GeoJSON", kGeojson},
    {"annotation/geojson-duplicate-member", kE, "No member is there twice", "GeoJSON", kGeojson},
    {"annotation/geojson-geometry", kE, "Geometries are geometries", "GeoJSON", kGeojson},
    {"annotation/geojson-id", kE, "Ids are texts or numbers", "GeoJSON", kGeojson},
    {"annotation/geojson-member", kW, "Members mean what their type defines", "GeoJSON", kGeojson},
    {"annotation/geojson-missing-member", kE, "Objects have what their type needs", "GeoJSON", kGeojson},
    {"annotation/geojson-nested-collection", kE, "Collections of geometries are not nested", "GeoJSON", kGeojson},
    {"annotation/geojson-number", kI, "Properties are numbers that JSON can hold", "GeoJSON", kGeojson},
    {"annotation/geojson-properties", kE, "Properties are an object", "GeoJSON", kGeojson},
    {"annotation/geojson-ring-open", kW, "Rings are closed", "GeoJSON", kGeojson},
    {"annotation/geojson-syntax", kE, "The file is JSON", "GeoJSON", kGeojson},
    {"annotation/geojson-type", kE, "Types are those of RFC 7946", "GeoJSON", kGeojson},
    {"annotation/image-ambiguous", kW, "The image is meant unambiguously", kAll, kMifa},
    {"annotation/image-other-name", kI, "The file names its image as it is called", kAll, kMifa},
    {"annotation/image-size", kW, "The file was made for an image of this size", kAll, kMifa},
    {"annotation/image-unknown", kW, "The file says which image is annotated", kAll, kMifa},
    {"annotation/imagej-roi", kE, "ROIs can be read", "ImageJ ROI", kImagej},
    {"annotation/json-broken", kE, "The file is JSON", "annotations in JSON", kJson},
    {"annotation/json-mended", kW, "The file is JSON", "annotations in JSON", kJson},
    {"annotation/labelme-label", kW, "Shapes have a label", "LabelMe", kLabelme},
    {"annotation/labelme-mask", kW, "Masks are PNGs in base64", "LabelMe", kLabelme},
    {"annotation/labelme-no-shapes", kE, "The file has shapes", "LabelMe", kLabelme},
    {"annotation/labelme-outside", kW, "Shapes lie in their image", "LabelMe", kLabelme},
    {"annotation/labelme-points", kE, "Points are pairs of numbers", "LabelMe", kLabelme},
    {"annotation/labelme-shape", kE, "Shapes have the points of their kind", "LabelMe", kLabelme},
    {"annotation/no-category", kW, "All objects have a category, or none", kAll, kMifa},
    {"annotation/no-id", kW, "All objects have an id, or none", kAll, kMifa},
    {"annotation/no-properties", kI, "All objects have properties, or none", kAll, kMifa},
    {"annotation/not-filled", kI, "Polygons are simple enough to be filled", kAll, kMifa},
    {"annotation/ome-roi-coordinate", kE, "Shapes have their coordinates", "OME-XML", kOme},
    {"annotation/ome-roi-empty", kW, "ROIs have shapes", "OME-XML", kOme},
    {"annotation/ome-roi-mask", kW, "Masks have a bit for each pixel", "OME-XML", kOme},
    {"annotation/ome-roi-outside", kW, "Shapes lie in their image", "OME-XML", kOme},
    {"annotation/ome-roi-points", kE, "Vertices are numbers", "OME-XML", kOme},
    {"annotation/ome-roi-shape", kW, "Shapes are of a known kind", "OME-XML", kOme},
    {"annotation/ome-roi-transform", kE, "Transforms are six numbers", "OME-XML", kOme},
    {"annotation/outside-image", kW, "Objects lie in the image", kAll, kMifa},
    {"annotation/outside-planes", kW, "Frames and slices are the image's", kAll, kMifa},
    {"annotation/overlap", kI, "Outlines do not overlap", kAll, kMifa},
    {"annotation/overlapping-boxes", kW, "Boxes do not coincide", kAll, kMifa},
    {"annotation/self-intersection", kW, "Outlines do not cross themselves", kAll, kMifa},
    {"annotation/too-many-categories", kW, "The categories are few enough to be shown", kAll, kMifa},
    {"annotation/too-many-objects", kW, "The objects are few enough to be held", kAll, kMifa},
    {"annotation/too-many-properties", kW, "The properties are few enough to be held", kAll, kMifa},
    {"annotation/via-csv-cells", kE, "Lines have the heading's cells", "VGG Image Annotator", kVia},
    {"annotation/via-csv-json", kE, "Shapes in cells are JSON", "VGG Image Annotator", kVia},
    {"annotation/via-image", kE, "Images can be read", "VGG Image Annotator", kVia},
    {"annotation/via-no-images", kW, "The file has images", "VGG Image Annotator", kVia},
    {"annotation/via-outside", kW, "Shapes lie in their image", "VGG Image Annotator", kVia},
    {"annotation/via-shape", kE, "Regions have the numbers of their kind", "VGG Image Annotator", kVia},
    {"annotation/voc-box", kE, "Objects have a box", "Pascal VOC", kVoc},
    {"annotation/voc-box-order", kW, "A box's least corner comes first", "Pascal VOC", kVoc},
    {"annotation/voc-box-outside", kW, "Boxes lie in their image", "Pascal VOC", kVoc},
    {"annotation/voc-name", kW, "Objects have a class", "Pascal VOC", kVoc},
    {"annotation/voc-polygon", kE, "Polygons have three vertices or more", "Pascal VOC", kVoc},
    {"annotation/xml-broken", kE, "The file is XML", "annotations in XML", kXml},
    {"annotation/yolo-class", kE, "Lines begin with a class", "YOLO", kYolo},
    {"annotation/yolo-class-unnamed", kW, "Classes have names", "YOLO", kYolo},
    {"annotation/yolo-keypoints", kI, "The shape of keypoints is stated", "YOLO", kYolo},
    {"annotation/yolo-line", kE, "Lines are objects", "YOLO", kYolo},
    {"annotation/yolo-mixed", kW, "The objects are all boxes or all polygons", "YOLO", kYolo},
    {"annotation/yolo-no-names", kI, "The classes have names", "YOLO", kYolo},
    {"annotation/yolo-range", kE, "Coordinates are shares of the image, 0 to 1", "YOLO", kYolo},
    {"annotation/yolo-size", kE, "Boxes have a size", "YOLO", kYolo},
    {"annotation/zip-broken", kE, "The archive is whole", "ImageJ ROI sets", kImagej},
    {"annotation/zip-member", kE, "Members of the archive can be read", "ImageJ ROI sets", kImagej},
    {"columns/geometry", kE, "Geometries are well-known binary", "GeoParquet, SpatialData", "https://geoparquet.org/releases/v1.1.0/"},
    {"ctc/frames", kE, "Tracks end after they begin", "Cell Tracking Challenge", kCtc},
    {"ctc/frames-of-the-image", kE, "Tracks lie within the movie", "Cell Tracking Challenge", kCtc},
    {"ctc/label-background", kE, "Labels are above 0", "Cell Tracking Challenge", kCtc},
    {"ctc/label-not-in-mask", kE, "Tracks are in the masks of their frames", "Cell Tracking Challenge", kCtc},
    {"ctc/label-twice", kE, "Each track has one line", "Cell Tracking Challenge", kCtc},
    {"ctc/not-four-numbers", kE, "Lines are four whole numbers", "Cell Tracking Challenge", kCtc},
    {"geff/array", kE, "Nodes and edges are arrays of ids", "GEFF", kGeff},
    {"geff/axes", kE, "Axes are described as GEFF asks", "GEFF", kGeff},
    {"geff/id-type", kW, "Ids are integers", "GEFF", kGeff},
    {"geff/metadata", kE, "The metadata has what GEFF requires", "GEFF", kGeff},
    {"geff/property", kE, "Properties have one value a node", "GEFF", kGeff},
    {"geff/property-type", kW, "Properties have the type that is stated", "GEFF", kGeff},
    {"geff/property-undescribed", kW, "Properties are described", "GEFF 1.0 and later", kGeff},
    {"geff/range", kW, "Nodes lie in the range of their axes", "GEFF", kGeff},
    {"geff/related-object", kW, "Objects that belong to the graph are there", "GEFF", kGeff},
    {"geff/version", kE, "The version of GEFF is stated", "GEFF", kGeff},
    {"geoparquet/absent", kE, "GeoParquet files say where their geometries are", "files that end in .geoparquet", kGeoparquet},
    {"geoparquet/metadata", kE, "Geometry columns are described as GeoParquet asks", "GeoParquet 1.0 and later", kGeoparquet},
    {"geoparquet/on-earth", kI, "Coordinates are pixels or lengths", "GeoParquet", kGeoparquet},
    {"graph/edge-backwards", kW, "Edges lead forwards in time", "graphs", kGeff},
    {"graph/edge-to-itself", kW, "Edges join two nodes", "graphs", kGeff},
    {"graph/edge-without-node", kE, "Edges join nodes that are there", "graphs", kGeff},
    {"graph/id-twice", kE, "Nodes have ids of their own", "graphs", kGeff},
    {"json-rows/not-a-record", kE, "Items are records", "classes and counts in JSON", kJson},
    {"parquet/broken", kE, "Parquet files are whole", "Parquet", kParquet},
    {"spatialdata/element", kE, "Points and shapes say what and where they are", "SpatialData", kSpatialdata},
    {"spatialdata/region", kW, "Elements that a table is about are there", "SpatialData", kSpatialdata},
    {"spatialdata/table", kE, "Tables say which objects they are about", "SpatialData", kSpatialdata},
    {"star/middle-unknown", kW, "Coordinates can be placed", "STAR", kStar},
    {"star/no-rows", kW, "The loop has rows", "STAR", kStar},
    {"star/pixel-size", kW, "The pixel size is stated", "STAR", kStar},
    {"star/row-length", kE, "Rows have the loop's columns", "STAR", kStar},
    {"swc/not-a-node", kE, "Lines are nodes", "SWC", kSwc},
    {"swc/number-twice", kE, "Nodes have numbers of their own", "SWC", kSwc},
    {"table/counts-from-one", kI, "Frames and slices count from 0", "tables", kTable},
    {"table/edges-alone", kW, "Positions stand with the edges", "tables", kTable},
    {"table/missing-value", kE, "Needed cells have a value", "tables", kTable},
    {"table/no-header", kI, "Columns have names", "tables", kTable},
    {"table/no-known-column", kW, "A column's meaning is known", "tables", kTable},
    {"table/no-rows", kW, "The table has rows", "tables", kTable},
    {"table/no-rows-of-the-image", kW, "Rows are of the image", "tables", kTable},
    {"table/normalized", kI, "Coordinates are pixels", "tables", kTable},
    {"table/not-a-number", kE, "Numbers are numbers", "tables", kTable},
    {"table/not-utf-8", kI, "The text is UTF-8", "tables", kTable},
    {"table/other-image", kW, "Rows are of the image", "tables", kTable},
    {"table/quote", kW, "Quotes are closed", "tables", kTable},
    {"table/row-length", kW, "Rows have the heading's cells", "tables", kTable},
    {"table/same-name", kW, "Columns have names of their own", "tables", kTable},
    {"trackmate/edge-in-a-frame", kE, "Edges join spots of two frames", "TrackMate", kTrackmate},
    {"trackmate/edge-without-spot", kE, "Edges join spots that are there", "TrackMate", kTrackmate},
    {"trackmate/frames", kW, "The tracks are of this movie", "TrackMate", kTrackmate},
    {"trackmate/hidden", kI, "No spots are hidden by filters", "TrackMate", kTrackmate},
    {"trackmate/no-position", kE, "Spots have a position", "TrackMate", kTrackmate},
    {"trackmate/spot-twice", kE, "Spots have ids of their own", "TrackMate", kTrackmate},
    {"trackmate/track-id", kE, "Tracks have a number", "TrackMate", kTrackmate},
    {"tracks/child-missing", kE, "Daughters are there", "tracks", kMifa},
    {"tracks/cycle", kE, "No track is its own ancestor", "tracks", kMifa},
    {"tracks/parent-lasts", kW, "A parent ends before its daughters begin", "tracks", kMifa},
    {"tracks/parent-later", kE, "A parent begins before its daughters", "tracks", kMifa},
    {"tracks/parent-missing", kE, "Parents are there", "tracks", kMifa},
    {"tracks/twice-in-a-frame", kW, "A track has one object in each frame", "tracks", kMifa},
};

}  // namespace

std::span<const AnnotationRule> annotation_rules() { return kRules; }

const AnnotationRule* find_annotation_rule(std::string_view id) {
  const auto found = std::lower_bound(
      std::begin(kRules), std::end(kRules), id,
      [](const AnnotationRule& rule, std::string_view wanted) { return std::string_view(rule.id) < wanted; });
  return found != std::end(kRules) && id == found->id ? found : nullptr;
}

}  // namespace mifa::annotation
