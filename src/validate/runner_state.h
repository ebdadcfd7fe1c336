// What a Runner knows: the files (scan.cpp), and the groups and arrays at work (node.cpp, image.cpp).
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "annotation/parquet_footer.h"
#include "formats/raster_reader.h"
#include "mifa/study.h"
#include "validate/annotation_file.h"
#include "validate/digest.h"
#include "validate/findings.h"
#include "validate/runner.h"
#include "validate/subject.h"
#include "validate/tree.h"
#include "validate/zarr_groups.h"

namespace mifa::validate {

// Why a group or array is looked at.
enum class Role { kRoot, kFound, kWell, kField, kSeries, kSeriesList, kLabelsGroup, kLabel, kSceneImage };

struct Reply {
  enum class State { kWaiting, kFound, kMissing, kFailed } state = State::kWaiting;
  JsonView json;  // of kFound; empty where it is no JSON, which is reported
};

// An array whose chunks are looked at.
struct ArrayWork {
  int id = 0;  // of Runner::array(); 0 where it cannot be read
  std::string path;
  JsonView document;
  std::optional<zarr::ArrayMetadata> metadata;
  ChunkFiles chunks;
  std::int64_t wanted = 0, decoded = 0, absent = 0;
  bool whole = false;  // all chunks that are there are wanted
  std::int64_t failures = 0;
  std::int64_t failed = 0;  // the first that cannot be decoded, by its place in the grid
  std::string failed_key, failed_message;

  // Of the grid of stored chunks. Preconditions: metadata.
  std::int64_t cells() const;
  std::vector<std::int64_t> index_of(std::int64_t linear) const;
};

struct ImageWork {
  Subject subject;  // with its levels
  PixelFacts pixels;
  std::vector<std::size_t> arrays;  // into Node::arrays, by level; kNoArray where there is none
  std::ptrdiff_t channel_axis = -1;
  bool ids_dropped = false;  // there were too many
};
inline constexpr std::size_t kNoArray = static_cast<std::size_t>(-1);

struct Node {
  int id = 0;
  std::string path;
  Role role = Role::kFound;
  JsonView reference;         // where it is named; empty where it was found
  int parent_format = 0;      // Zarr format of what names it; 0 where not known
  std::string hierarchy_version;  // of the nearest group above that has one (0.5 and later)
  bool under_labels = false;
  bool numbered = false;      // an image of a collection that lists none
  std::string labelled;       // path of the image that a label image is for
  std::shared_ptr<const PlateFacts> plate;
  std::set<std::string> listed_labels;  // of a labels group: paths it lists

  std::map<std::string, Reply> documents;  // by file name
  std::size_t pending = 0;                 // requests under way
  enum class Stage { kDocuments, kLevels, kChunks } stage = Stage::kDocuments;
  ome::GroupMetadata group;
  std::map<std::string, Reply> level_documents;  // by key
  std::vector<ImageWork> images;
  std::vector<ArrayWork> arrays;
};

// What a file is read for: a group or array, or what lies outside Zarr hierarchies.
enum class ReadFor { kNode, kHead, kMetadata, kRaster, kAnnotation, kSums, kChecksum, kParquet, kGroup };

// A file outside Zarr hierarchies, as far as its beginning tells what it is.
struct LooseFile {
  const annotation::Format* format = nullptr;
  int sure = 0;        // how sure it is of that format
  std::string text;    // all of a small file, until it is checked
  bool whole = false;  // `text` is all of it
};

// A TIFF whose header is read, range by range.
struct RasterWork {
  std::unique_ptr<formats::RasterFile> file;
  std::size_t pending = 0;  // ranges under way
  std::int64_t rounds = 0;
  bool tiff = false;  // by its first bytes
};

struct AnnotationWork {
  std::unique_ptr<AnnotationFile> file;
};

// A checksum that is stated of a file.
struct ChecksumWork {
  DigestKind kind = DigestKind::kMd5;
  std::string expected;       // hexadecimal digits
  IssuePlace place;           // where it is stated
  std::int64_t offset = 0;    // bytes read so far
  std::optional<Digest> digest;
  std::string found;          // empty while it is not known; "nothing" where the file is not there
};

// What metadata says of an annotation file.
struct Declared {
  std::string source;  // path of its image; empty where it is not clear
};

struct Runner::State {
  State(std::string dataset_name, RunOptions run_options)
      : dataset(std::move(dataset_name)),
        options(std::move(run_options)),
        findings(options.configuration) {}

  // --- requests
  struct Route {
    Request::Kind kind = Request::Kind::kRead;
    std::string key;
    int node = 0;
    bool level = false;        // of a kRead: a level's metadata
    ReadFor purpose = ReadFor::kNode;  // of a kRead
    std::int64_t offset = 0, length = 0;
    std::size_t array = 0;     // of a kChunk: in Node::arrays
    std::int64_t linear = 0;   // of a kChunk: in the grid
    // Of a group of annotations: its path; of a kChunk of it, the array's path and the place in the grid.
    std::string group, group_array;
    std::vector<std::int64_t> index;
  };
  void ask(Request::Kind kind, std::string key, Route route);
  std::optional<Route> take_route(int id);
  void advance();

  // --- scan.cpp: the files
  void start_scan();
  void take_listing(const std::string& folder, const std::vector<ListedEntry>& entries);
  void take_unlisted(const std::string& folder);
  void finish_scan();
  bool is_metadata_alone() const;
  void check_files();

  // --- loose_files.cpp: files outside Zarr hierarchies: metadata, annotations, pictures
  void start_loose_files();
  bool advance_loose_files();
  void ask_part(const std::string& key, ReadFor purpose, std::int64_t offset,
                std::int64_t length);
  void take_part(const Route& route, std::span<const std::byte> bytes);
  void miss_part(const Route& route);
  void take_head(const std::string& key, std::string text);
  void take_metadata(const std::string& key, std::string text);
  void take_raster(const Route& route, std::span<const std::byte> bytes);
  void describe_raster(const std::string& key, RasterWork& work);

  // --- study.cpp: studies, their images and annotation files
  void start_studies();
  meta::ActualFiles actual_files() const;
  void fill_book();
  void declare_annotations(const meta::MergedStudy& merged);
  void check_studies();

  // --- checksums.cpp
  bool wants_checksum_file(const std::string& key, std::int64_t size) const;
  void take_checksum_file(const std::string& key, std::string_view text);
  void queue_checksums();
  bool advance_checksums();
  void ask_checksum(std::size_t index);
  void take_checksum_part(const Route& route, std::span<const std::byte> bytes);
  void report_checksums();

  // --- annotations.cpp
  void queue_annotations();
  bool advance_annotations();
  bool wants(const std::string& key, const LooseFile& file) const;
  void open_annotation(const std::string& key);
  void take_window(const Route& route, std::string_view window);
  void read_on(const std::string& key, AnnotationWork& work);
  std::map<std::string, std::string> companions_of(const std::string& key) const;
  void end_annotation(const std::string& key);

  // --- parquet_files.cpp
  void queue_parquet();
  bool advance_parquet();
  void take_parquet(const Route& route, std::string_view bytes);
  void fail_parquet(const std::string& key, const Error& error);
  void describe_parquet(const std::string& key, const annotation::ParquetFooter& footer);

  // --- zarr_groups.cpp: annotations in Zarr groups
  class GroupView;
  void note_other_group(const Node& node);
  bool advance_groups();
  void read_group(const std::string& path);
  void finish_group(const std::string& path, annotation::GroupFindings found);
  void ask_group_chunk(int array, const std::string& group, const std::string& path, std::int64_t linear);
  const zarr::ArrayMetadata& group_array(int id) const;
  void take_group_document(const Route& route, std::span<const std::byte> bytes);
  void miss_group_document(const Route& route);
  void take_group_chunk(const Route& route, const ChunkFacts* facts, bool damaged);

  void report_unread();
  void report_pictures();
  void report_labels();
  void report_annotations();

  // --- node.cpp: groups and arrays
  void queue_node(Node node);
  void open_node(Node node);
  void take_document(const Route& route, Reply reply);
  void documents_ready(Node& node);
  void note_root(Node& node);
  void check_documents(Node& node);
  void check_group(Node& node);
  void check_scene(Node& node, Subject subject);
  void check_role(Node& node);
  void check_version(Node& node);
  void refer(Node& node, const std::string& path, Role role, const JsonView& place);
  void report_missing(Role role, int minor, const std::string& path, const JsonView& place);
  void follow_plate(Node& node);
  void follow_well(Node& node);
  void follow_labels(Node& node);
  void follow_series(Node& node);
  void follow_number(Node& node);
  void follow_scene(Node& node);
  void open_children(Node& node);
  void finish_node(int id);
  bool is_node(const std::string& path) const { return node_folders.contains(path); }

  // --- image.cpp: images and their pixels
  void check_images(Node& node);
  void check_image(Node& node, ImageWork& image);
  void ask_levels(Node& node);
  void levels_ready(Node& node);
  void add_level(Node& node, ImageWork& image, Level& level);
  void note_image(const Node& node, const ImageWork& image);
  void check_label_source(Node& node);
  std::size_t add_array(Node& node, const std::string& path, const JsonView& document, bool strict);
  void choose_chunks(Node& node);
  std::vector<std::int64_t> sample(const Node& node, std::size_t index);
  void take_chunk(const Route& route, ChunkFacts facts);
  void fail_chunk(const Route& route, const Error& error);
  void report_failures(const ArrayWork& array);
  void chunks_ready(Node& node);
  void run_rules(Kind kind, const Subject& subject);

  std::string dataset;
  RunOptions options;
  Findings findings;
  std::optional<Error> failure;

  Tree tree;
  std::map<std::string, int> node_folders;  // folders with Zarr metadata: bits of kDocumentNames
  std::map<std::string, std::vector<std::string>> children;  // of such folders, the nearest below
  std::vector<std::string> top_nodes;
  std::set<std::string> claimed;  // arrays that are levels, and groups that were referred to
  bool scanning = true;
  bool metadata_alone = false;  // nothing but one group's metadata is there
  bool files_checked = false;
  // Files outside Zarr hierarchies: their beginnings, then metadata and pictures, then annotations.
  enum class LooseStage { kNone, kHeads, kAnnotations, kChecksums, kDone } loose_stage = LooseStage::kNone;
  std::deque<std::string> loose_waiting;  // to be looked at
  std::set<std::string> metadata_candidates;
  std::size_t loose_pending = 0;  // reads under way
  std::int64_t kept_bytes = 0;    // of LooseFile::text
  std::map<std::string, LooseFile> loose_files;  // those that may be annotations, by key
  std::map<std::string, RasterWork> rasters;     // at work
  std::map<std::string, meta::ReadResult> documents;  // metadata of studies, by file
  std::vector<meta::MergedStudy> studies;
  std::map<std::string, Declared> declared;  // annotation files that metadata names, by path
  ImageBook book;
  std::vector<KnownImage> pictures;  // outside Zarr hierarchies, in the order of answers
  std::map<std::string, Error> unreadable_pictures;
  std::deque<std::string> annotations_waiting;
  std::map<std::string, AnnotationWork> annotations_open;
  std::map<std::string, AnnotationOutcome> annotations_done;
  std::vector<std::pair<std::string, ChecksumWork>> checksums;  // by the file's path, as they were stated
  std::deque<std::size_t> checksums_waiting;
  std::set<std::size_t> checksums_open;
  std::map<std::string, GroupKind> groups_waiting;  // of annotations, by path
  std::map<std::string, GroupWork> groups_open;
  std::map<int, std::pair<std::string, std::string>> group_array_places;  // array id → group, array
  std::deque<std::string> parquet_waiting;
  std::set<std::string> parquet_open;
  std::set<std::string> label_folders;  // of YOLO files: an empty one there is an image without objects
  std::size_t listings = 0;  // under way

  std::map<int, Node> nodes;  // at work
  std::vector<Node> stack;    // to be opened, the last first
  int next_node = 1;
  std::map<std::string, ImageFacts> images;  // by path, of those that were read
  // Names of systems that scenes refer to in images, checked at the end.
  struct SceneEnd {
    JsonView place;
    std::string image, system;
  };
  std::vector<SceneEnd> scene_ends;

  std::deque<Request> ready;
  std::map<int, Route> routes;  // handed out or ready
  std::size_t handed_out = 0;
  int next_id = 1;
  std::map<int, std::pair<int, std::size_t>> array_places;  // array id → node, index
  int next_array = 1;
  // Chunks that wait for their turn: the requests themselves would cost too much memory.
  struct ChunkBatch {
    int node = 0;
    std::size_t array = 0;
    std::vector<std::int64_t> linear;
    std::size_t next = 0;
  };
  std::deque<ChunkBatch> batches;

  Progress progress;
  Inventory inventory;
  std::set<std::string> versions;
  std::int64_t ome_groups = 0;
  // The first document of a dataset that is one Zarr node: is it an array, is it without attributes?
  JsonView root;
  bool root_is_array = false, root_is_bare = false;
};

// The files that make a folder a Zarr node.
inline constexpr const char* kDocumentNames[] = {"zarr.json", ".zattrs", ".zgroup", ".zarray"};

std::string in_folder(const std::string& folder, std::string_view file);

}  // namespace mifa::validate
