// What images lie below a group or folder that says nothing of them: told by consolidated metadata
// first, else by listing folders, where the store can.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ome/dataset.h"
#include "ome/loaders.h"

namespace mifa::ome {

// Which folders were asked to be listed, and what came back.
class ListingLedger {
 public:
  struct Reply {
    bool waiting = true;
    bool listed = false;
    std::vector<std::string> folders;  // In natural order: "2" before "10".
    std::set<std::string> files;
  };
  const Reply& need(const std::string& folder);
  bool asked(const std::string& folder) const { return replies_.contains(folder); }
  std::size_t count() const { return replies_.size(); }
  std::vector<std::string> take_requests();
  // False for folders that nobody asked for, and for second replies.
  bool deliver(const std::string& folder, const std::vector<Opener::ListedEntry>* entries);

 private:
  std::map<std::string, Reply> replies_;
  std::vector<std::string> queue_;
};

class ChildFinder {
 public:
  ChildFinder(LoadContext context, ListingLedger& listings, std::string base)
      : context_(context), listings_(listings), base_(std::move(base)) {}

  // True once children() is complete. At most OpenerLimits::maximum_listings folders are listed,
  // two levels deep, and as many documents read; beyond that, folders named *.zarr are taken for
  // images unseen.
  bool advance();
  // Images, plates, wells, collections and scenes: the outermost on each path. Bare arrays only
  // when there is nothing else.
  const std::vector<Entry>& children() const { return children_; }

 private:
  bool find_consolidated();
  bool find_listed();
  // False while replies are missing that tell what `folder` is, or its children are.
  bool visit(const std::string& folder, int depth);
  bool take(const std::string& path, Content content);

  LoadContext context_;
  ListingLedger& listings_;
  std::string base_;
  std::vector<Entry> children_, arrays_;
  bool complete_ = false;
};

// Paths of `_collections` or `collections` in a group's attributes, as early writers of OME-Zarr
// listed images: [{"images": {"path/to/image": {}}}].
std::vector<std::string> collection_paths(const JsonView& attributes, const std::string& base);

}  // namespace mifa::ome
