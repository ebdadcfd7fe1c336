// Images that are shown beside the open one: wells of a plate, images of a scene.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ome/loaders.h"

namespace mifa::ome {

class Members {
 public:
  // Issues of members are not kept: many wells say the same, and the open image says it once.
  explicit Members(const LoadContext& context)
      : quiet_(0, 0), context_{context.ledger, quiet_, context.limits} {}

  // As Opener::want_member. One that failed with kRetry is tried again.
  void want(int entry, const std::string& path, int zarr_format, int level);
  // Goes on with the members that wait for `key`, and with new ones.
  void advance(const std::string& key);
  const Member* find(int entry) const;

  // Members that were ready or failed since the last call.
  std::vector<int> take_finished();

 private:
  struct Slot {
    Member member;
    std::unique_ptr<NodeLoader> loader;
  };
  void advance_one(int entry, Slot& slot);

  IssueLog quiet_;
  LoadContext context_;
  std::map<int, Slot> slots_;
  // A delivered key concerns few of a plate's wells: each waits for one key at a time.
  std::map<std::string, std::vector<int>> waiting_;
  std::vector<int> fresh_;
  std::vector<int> finished_;
};

}  // namespace mifa::ome
