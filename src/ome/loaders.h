// Reading one node of a dataset, step by step: each loader asks for the keys it needs through the
// ledger, and advance() goes as far as the replies allow. Order of replies does not matter.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ome/dataset.h"
#include "ome/group.h"
#include "ome/issue_log.h"
#include "ome/key_ledger.h"
#include "ome/multiscale.h"
#include "ome/opener.h"

namespace mifa::ome {

// What all loaders of one Opener share; it outlives them.
struct LoadContext {
  KeyLedger& ledger;
  IssueLog& log;
  const OpenerLimits& limits;
};

enum class Progress {
  kWaiting,  // Replies are missing.
  kReady,
  kFailed,
};

// The key of a group's metadata.
std::string group_key(const std::string& path, int zarr_format);
GroupMetadata read_group_document(const JsonView& document, int zarr_format);

// The dimension names xarray writes into a v2 array's .zattrs.
std::vector<std::string> xarray_names(const JsonView& zattrs);

// Which image of a node, and how much of it.
struct NodeChoice {
  int field = 0;       // of a well
  int multiscale = 0;  // of an image group
  int level = -1;      // The one dataset to read, cut to what there is; -1 for all.
};

// A multiscale group whose metadata is known: asks for all its arrays at once.
class ImageLoader {
 public:
  ImageLoader(LoadContext context, std::string path, GroupMetadata group, NodeChoice choice)
      : context_(context), path_(std::move(path)), group_(std::move(group)), choice_(choice) {}

  Progress advance();
  // One more dataset is wanted, or all with -1. The image of before stays until the next kReady.
  void want_level(int level);
  Multiscale& image() { return image_; }         // Precondition: kReady.
  const Error& error() const { return error_; }  // Precondition: kFailed.

 private:
  Progress fail(Error error);
  Progress finish();
  bool wanted(std::size_t dataset) const;
  std::string array_key(const DatasetPlan& dataset) const;
  // The array of a dataset whose reply is there, or nothing and an issue.
  std::optional<LevelArray> read_array(std::size_t dataset);
  Error no_arrays() const;

  LoadContext context_;
  std::string path_;
  GroupMetadata group_;
  NodeChoice choice_;
  std::set<int> levels_;  // wanted besides choice_.level
  ParameterArrays parameters_;
  std::optional<MultiscalePlan> plan_;
  std::optional<Error> first_trouble_;
  Progress progress_ = Progress::kWaiting;
  Multiscale image_;
  Error error_;
};

// A group of which only the path is known: an entry, or a label image. Follows a well to one of its
// fields, a plate to its first well and a collection to its first image.
class NodeLoader {
 public:
  // zarr_format 0: not known. `plate`, if not null, names the acquisitions of a well's fields; it
  // is used until the fields are known.
  NodeLoader(LoadContext context, std::string path, int zarr_format, NodeChoice choice = {},
             const Plate* plate = nullptr)
      : context_(context),
        path_(std::move(path)),
        zarr_format_(zarr_format),
        choice_(choice),
        plate_(plate) {}
  // The same of a group that was read already.
  NodeLoader(LoadContext context, std::string path, GroupMetadata group, NodeChoice choice = {});

  Progress advance();
  void want_level(int level);
  Multiscale& image();                           // Precondition: kReady.
  const Error& error() const { return error_; }  // Precondition: kFailed.
  bool ready() const { return progress_ == Progress::kReady; }
  const std::string& path() const { return path_; }  // Of the image, once group() is known.
  const GroupMetadata& group() const { return group_; }
  int zarr_format() const { return zarr_format_; }
  bool is_label_image() const { return group_.ome["image-label"].exists(); }
  const std::vector<Field>& fields() const { return fields_; }  // Of the well on the way.

 private:
  Progress fail(Error error);
  // The reply that tells what the group is, or null while it is not known which of them will.
  const KeyLedger::Reply* read_reply(std::string& key);
  const KeyLedger::Reply* array_beside(const KeyLedger::Reply& zattrs, std::string& key);
  Progress read_group();
  Progress take_group();
  Progress read_array(const JsonView& document);

  LoadContext context_;
  std::string path_;
  int zarr_format_;
  NodeChoice choice_;
  const Plate* plate_ = nullptr;
  GroupMetadata group_;
  std::optional<ImageLoader> loader_;
  std::vector<Field> fields_;
  int followed_ = 0;
  Progress progress_ = Progress::kWaiting;
  Multiscale array_image_;
  bool is_array_ = false;
  Error error_;
};

// The label images beside an image: its labels group, and then each of them.
class LabelsLoader {
 public:
  LabelsLoader(LoadContext context, const std::string& image_path, int zarr_format);

  // Asks for the list; to be called together with the image's arrays.
  void ask_for_list();
  // Appends to `labels` in the list's order; true once there is nothing left to wait for.
  bool advance(std::vector<LabelImage>& labels);

 private:
  void read_list();

  LoadContext context_;
  std::string path_;
  int zarr_format_;
  bool listed_ = false;
  std::vector<std::unique_ptr<NodeLoader>> loaders_;
  std::size_t next_ = 0;
};

}  // namespace mifa::ome
