// What an Opener knows: the root (root.cpp), and what is open below it (opener.cpp).
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ome/collection.h"
#include "ome/discovery.h"
#include "ome/group.h"
#include "ome/loaders.h"
#include "ome/members.h"
#include "ome/opener.h"
#include "ome/scene.h"

namespace mifa::ome {

struct Opener::State {
  State(std::string dataset_name, OpenerLimits opener_limits)
      : name(std::move(dataset_name)),
        limits(opener_limits),
        ledger(limits.maximum_document_bytes),
        log(limits.maximum_issues, limits.issues_per_rule),
        context{ledger, log, limits},
        members(context) {}

  // Goes on until nothing more can be done without a reply. `key` is what was just delivered.
  void advance(const std::string& key);

  // The root, or the group at `base` below it that is opened in its place.
  void decide_root();
  void decide_without_ome(const GroupMetadata& plain, const KeyLedger::Reply& v3);
  bool start_group(const GroupMetadata& group);
  void start_array(const JsonView& document);
  // Looks for images below a group or folder that tells of none. True if some were found, or may
  // still be.
  bool explore(const GroupMetadata& plain);
  bool find_collections(const GroupMetadata& plain, std::vector<Entry>& found, bool& waiting);
  bool probe_first(const GroupMetadata& plain);
  void redirect(const Entry& child);
  void fail(Error error);

  // What is open.
  void load();
  void load_entry(int index);
  void open_entry(int index);
  void open_field(int index);
  void open_multiscale(int index);
  bool try_next_field();
  void try_next_entry();
  bool advance_node();
  void read_labels_of_node();
  void show(Multiscale&& image);
  void drop_open();
  void add_labels(const std::string& path, const std::string& label_name);
  bool advance_laid_over();
  void name_entry(std::size_t index);
  bool name_entries();
  void settle();

  // What is beside it.
  void want_member(int entry, int level);
  void advance_members(const std::string& key);
  void report_unreadable(int entry, const Error& error);

  std::string name;
  OpenerLimits limits;
  KeyLedger ledger;
  ListingLedger listings;
  IssueLog log;
  LoadContext context;
  Members members;

  Stage stage = Stage::kReading;
  Error failure;
  Dataset dataset;

  bool decided = false;
  bool redirected = false;
  int redirects = 0;
  std::string base;
  int zarr_format = 2;       // of entries; 0 where each may have its own
  GroupMetadata root_group;  // at `base`
  std::optional<ChildFinder> finder;

  std::unique_ptr<SeriesLister> lister;
  std::unique_ptr<SceneLoader> scene;
  bool scene_complete = false;
  std::vector<JsonView> well_places;
  std::set<int> unreadable;   // entries that have been reported
  std::vector<int> to_learn;  // entries whose images were read, not yet told to the scene
  bool entries_complete = false;
  std::size_t entries_named = 0;
  bool xml_read = false;
  bool chosen = false;        // by the user: then a failure is not skipped over
  bool entry_failed = false;  // The open entry cannot be shown; the next is to be tried.
  int images_tried = 0;
  int wells_tried = 0;

  std::string open_path;
  NodeChoice choice;
  std::unique_ptr<NodeLoader> node;
  std::unique_ptr<LabelsLoader> labels;
  bool image_ready = false;
  bool labels_complete = false;

  struct LaidOver {
    std::string path, name;
    std::unique_ptr<NodeLoader> loader;  // null: not begun for the open image
    bool complete = false;
  };
  std::vector<LaidOver> laid_over;
};

}  // namespace mifa::ome
