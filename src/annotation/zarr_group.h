// Annotations kept as Zarr groups (GEFF, AnnData, SpatialData): what a reader of one asks of its
// hierarchy, and what it finds. Such a reader does no I/O: it runs over what the host has supplied
// so far, and again from its beginning when more is there (as src/formats does with ranges).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/issue.h"
#include "core/json.h"
#include "zarr/data_type.h"

namespace mifa::annotation {

struct ZarrNode {
  enum class Kind { kMissing, kGroup, kArray };
  Kind kind = Kind::kMissing;
  JsonView attributes;
  JsonView document;  // of an array: .zarray or zarr.json

  bool is_array() const { return kind == Kind::kArray; }
  bool is_group() const { return kind == Kind::kGroup; }
  // Of an array; empty where it has no readable "shape".
  std::vector<std::int64_t> shape() const;
};

// All elements of an array in C order, little-endian.
struct ZarrValues {
  zarr::DataType type = zarr::DataType::kUInt8;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  std::size_t size() const { return bytes.size() / static_cast<std::size_t>(zarr::byte_size(type)); }
  double number(std::size_t index) const;
  // Exact up to 63 bits; of a float, nothing.
  std::optional<std::int64_t> integer(std::size_t index) const;
};

// Paths are from the root of the dataset. While something that was asked for is under way it looks as if
// it were missing, and waiting() is true: then what a reader has found is to be dropped.
class ZarrGroup {
 public:
  virtual ~ZarrGroup() = default;
  virtual ZarrNode node(const std::string& path) = 0;
  // Null where the array is not there, cannot be read (the host has said so) or is too large.
  virtual const ZarrValues* values(const std::string& path) = 0;
  // Whether a file is there, or a folder with files. Nothing where the store cannot list.
  virtual std::optional<bool> has_file(const std::string& path) const = 0;
  // Names of folders below a path; empty where the store cannot list.
  virtual std::vector<std::string> children(const std::string& path) const = 0;
  virtual bool waiting() const = 0;
};

struct GroupFindings {
  Issues issues;
  // Objects with places, packed for the format "columns"; empty where there are none.
  std::string columns;
  std::string image;           // path that the group itself names as its image; may be empty
  std::string labels_image;    // path of the label image that `labels` speak of; may be empty
  std::set<std::uint64_t> labels;
  std::int64_t objects = 0;
  std::vector<std::string> types;  // MIFA's words, where `columns` does not tell

  // About an array or a group at `place` that is not what it should be.
  void tell(const char* rule, Severity severity, const std::string& place, std::string message,
            std::string expected, std::string received, std::string fix);
};

// Precondition of each: the group at `path` is one of that kind.
void read_geff(ZarrGroup& zarr, const std::string& path, GroupFindings& findings);
void read_anndata(ZarrGroup& zarr, const std::string& path, GroupFindings& findings);
// Points or shapes of SpatialData.
void read_spatial_element(ZarrGroup& zarr, const std::string& path, GroupFindings& findings);

}  // namespace mifa::annotation
