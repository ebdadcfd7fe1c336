// Finds out what is at a URL by asking for metadata keys, without doing any I/O itself: the host
// takes the keys, reads them in any order, and delivers what it got.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/issue.h"
#include "core/json.h"
#include "core/result.h"
#include "ome/dataset.h"

namespace mifa::ome {

// The keys every opening starts with. The page asks for them while the program still loads.
inline constexpr const char* kRootKeys[] = {"zarr.json", ".zattrs", ".zmetadata"};

struct OpenerLimits {
  std::int64_t maximum_levels = 64;        // datasets of one multiscale; real ones have < 20
  std::int64_t maximum_labels = 256;       // label images followed in one group
  std::int64_t maximum_entries = 100'000;  // images listed from a plate or collection
  std::int64_t maximum_channels = 4'096;   // described one by one; real ones have < 500
  // Wells whose metadata is read to list their fields: a 1536-well plate. Later wells are listed
  // as one entry each, and read when opened.
  std::int64_t maximum_wells = 1'536;
  std::int64_t wells_at_once = 16;    // well and series metadata asked for together, after the image
  std::int64_t maximum_issues = 256;  // per dataset; each costs a walk through its file for the line
  std::int64_t issues_per_rule = 16;  // of one rule in one file; the rest is counted in one more
  std::int64_t maximum_document_bytes = std::int64_t{256} << 20;  // of one metadata file
};

class Opener {
 public:
  enum class Stage {
    kReading,     // Metadata is being asked for.
    kImageReady,  // dataset().image can be shown; labels may still follow.
    kComplete,    // Nothing more will be asked for.
    kFailed,      // There is nothing to show; failure() says why.
  };

  // `name` names the dataset in messages (its URL without query, or a folder's name).
  explicit Opener(std::string name, OpenerLimits limits = {});
  ~Opener();

  // Keys wanted now and not yet asked for, most urgent first, relative to the root.
  std::vector<std::string> take_requests();

  // What a key held. Bytes are copied. Unasked keys are ignored.
  void deliver_found(const std::string& key, std::span<const std::byte> bytes);
  // The key is not there (404, or a missing file).
  void deliver_missing(const std::string& key);
  // It could not be read for good (retries are the host's). The error's code is kept in failure().
  void deliver_error(const std::string& key, const Error& error);

  // Opens another of dataset().entries; the image is ready again after its keys were delivered.
  // Also the way out of kFailed: keys that failed with kRetry are asked for again.
  void open_entry(int index);

  Stage stage() const;
  const Dataset& dataset() const;
  const Error& failure() const;   // Precondition: stage() == kFailed.
  const Issues& issues() const;   // All that was found wrong so far; grows.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mifa::ome
