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

// A key like any other, of which the host delivers a digest that it made with its own XML parser:
// {"images":[{"id":"Image:0","name":"…"},…]} in document order; missing when it is too large or not
// XML.
inline constexpr const char* kOmeXmlKey = "OME/METADATA.ome.xml";

struct OpenerLimits {
  std::int64_t maximum_levels = 64;        // datasets of one multiscale; real ones have < 20
  std::int64_t maximum_labels = 256;       // label images followed in one group
  std::int64_t maximum_entries = 100'000;  // images listed from a plate or collection
  std::int64_t maximum_channels = 4'096;   // described one by one; real ones have < 500
  std::int64_t maximum_wells = 1'536;  // tried for the first that can be shown: of a large plate
  std::int64_t wells_at_once = 16;     // well and series metadata asked for together
  std::int64_t maximum_listings = 64;  // folders listed where nothing tells what is inside
  std::int64_t maximum_issues =
      256;  // per dataset; each costs a walk through its file for the line
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
  // Opens another of dataset().fields / dataset().multiscales, as open_entry does for entries.
  void open_field(int index);
  void open_multiscale(int index);

  // Plates and scenes show many images at once, beside the open one. Asks for the metadata of an
  // entry's image (of a plate: of the well's first field). `level`: the one dataset whose array is
  // read, an index in the file's order of datasets, cut to what there is; -1 for all. May be asked
  // again for other levels: -1 reads the rest.
  void want_member(int entry, int level);
  // Null before want_member(entry). Stays valid until the next call that changes the opener.
  const Member* member(int entry) const;

  // Lays what is at `path` over the open image, and over each that is opened later: a multiscale of
  // any version, or a bare array, which becomes one more of dataset().labels. Floats are allowed.
  void add_labels(const std::string& path, const std::string& label_name);

  // Folders whose children are to be listed, where no index tells them, relative to the root (""
  // is the root). The host answers each by one of the two below; a store that cannot list answers
  // at once with deliver_unlisted.
  struct ListedEntry {
    std::string name;
    bool folder = false;
  };
  std::vector<std::string> take_listings();
  void deliver_listing(const std::string& folder, const std::vector<ListedEntry>& entries);
  void deliver_unlisted(const std::string& folder);

  Stage stage() const;
  const Dataset& dataset() const;
  const Error& failure() const;  // Precondition: stage() == kFailed.
  const Issues& issues() const;  // All that was found wrong so far; grows.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mifa::ome
