// Reading one node of a dataset, step by step: each loader asks for the keys it needs through the
// ledger, and advance() goes as far as the replies allow. Order of replies does not matter.
#pragma once

#include <memory>
#include <optional>
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

// A multiscale group whose metadata is known: asks for all its arrays at once.
class ImageLoader {
 public:
  ImageLoader(LoadContext context, std::string path, GroupMetadata group)
      : context_(context), path_(std::move(path)), group_(std::move(group)) {}

  Progress advance();
  Multiscale& image() { return image_; }         // Precondition: kReady.
  const Error& error() const { return error_; }  // Precondition: kFailed.
  const GroupMetadata& group() const { return group_; }

 private:
  Progress fail(Error error);
  Progress finish();
  std::string array_key(const DatasetPlan& dataset) const;
  // The array of a dataset whose reply is there, or nothing and an issue.
  std::optional<LevelArray> read_array(std::size_t dataset);
  Error no_arrays() const;

  LoadContext context_;
  std::string path_;
  GroupMetadata group_;
  std::optional<MultiscalePlan> plan_;
  std::optional<Error> first_trouble_;
  Progress progress_ = Progress::kWaiting;
  Multiscale image_;
  Error error_;
};

// A group of which only the path is known: an entry, or a label image. Follows a well to its first
// field.
class NodeLoader {
 public:
  NodeLoader(LoadContext context, std::string path, int zarr_format)
      : context_(context), path_(std::move(path)), zarr_format_(zarr_format) {}
  // The same of a group that was read already.
  NodeLoader(LoadContext context, std::string path, GroupMetadata group);

  Progress advance();
  Multiscale& image();                           // Precondition: kReady.
  const Error& error() const { return error_; }  // Precondition: kFailed.
  bool ready() const { return progress_ == Progress::kReady; }
  const std::string& path() const { return path_; }  // Of the image, once group() is known.
  const GroupMetadata& group() const { return group_; }
  bool is_label_image() const { return group_.ome["image-label"].exists(); }

 private:
  Progress fail(Error error);
  Progress read_group();
  Progress follow_well();

  LoadContext context_;
  std::string path_;
  int zarr_format_;
  GroupMetadata group_;
  std::optional<ImageLoader> loader_;
  bool followed_ = false;
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
