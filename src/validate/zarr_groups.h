// Annotations in Zarr groups, at work: what src/annotation's readers asked for of a hierarchy, and
// what of it is there.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotation/zarr_group.h"
#include "zarr/array_metadata.h"

namespace mifa::validate {

enum class GroupKind { kGeff, kAnnData, kSpatialElement };

struct GroupArray {
  zarr::ArrayMetadata metadata;
  annotation::ZarrValues values;
  std::size_t pending = 0;  // chunks under way
  bool usable = false;      // false: it cannot be read, or is too large
};

// Of one group: documents and arrays below it and beside it, by path.
struct GroupWork {
  GroupKind kind = GroupKind::kGeff;
  struct Node {
    std::size_t pending = 0;  // documents under way
    std::map<std::string, JsonView> documents;
  };
  std::map<std::string, Node> nodes;
  std::map<std::string, GroupArray> arrays;
  std::size_t pending = 0;  // requests under way
};

}  // namespace mifa::validate
